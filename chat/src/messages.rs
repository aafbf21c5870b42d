//! Saying something, and reading what was said.

use crate::access::{RoomReader, RoomWriter};
use crate::before_send::Wish;
use crate::export::ExportedRoom;
use crate::moderation::Verdict;
use crate::spans::{self, People};
use crate::store::events::find_standing;
use crate::store::passages::{self, From};
use crate::store::posts;
use crate::store::posts::NewPost;
use crate::store::{held, messages as rows};
use crate::{Chat, Error, Problem, Result, RoomState, Rule, Thing};
use domain::attachment::parse_alt;
use domain::message::{History, Message, PAGE, parse_text};
use domain::time::Millis;
use domain::wall::Wall;
use domain::{BlobId, ClientId, MessageId, PersonId, RoomId};

/// What became of a post.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Posted {
    pub message: Message,
    /// `false` for a resend: this is what the first time led to.
    pub was_new: bool,
}

/// Files that somebody sends, in this order, and what they show; less is said of them than there are, or nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct Enclosed<'a> {
    pub files: &'a [BlobId],
    pub alts: &'a [String],
}

impl Chat {
    /// Says something in a room. When it returns, the message is on disk and on its way to
    /// everybody who listens. A client id that its author used before in this room answers
    /// with the first result and changes nothing, so an unknown outcome can be retried.
    ///
    /// # Errors
    /// `TooFast`; `Invalid { field: "text", .. }`; `Taken(Message)` if the author used the
    /// client id in another room. Where the room is moderated `Slow`, `Filtered`, `Declined`, and
    /// `Held` for what waits for approval. Where the operator's site is asked, `Objected` and
    /// `Unavailable`. In private `Unanswered`, `Unreachable` and `Blocked`.
    pub async fn post(&self, writer: &RoomWriter, client_id: &ClientId, text: &str) -> Result<Posted> {
        self.post_with(writer, client_id, text, &[]).await
    }

    /// The same with files that its author uploaded to the room, in this order. With files the
    /// text may be empty.
    ///
    /// # Errors
    /// As [`Chat::post`]; `NotFound(File)` for a file that is not ready or not the author's;
    /// `Invalid { field: "files", .. }` for too many.
    pub async fn post_with(
        &self,
        writer: &RoomWriter,
        client_id: &ClientId,
        text: &str,
        files: &[BlobId],
    ) -> Result<Posted> {
        self.reply(writer, client_id, text, files, None).await
    }

    /// The same in answer to another message of the room.
    ///
    /// # Errors
    /// As [`Chat::post_with`]; [`Problem::NotFound`] if there is no such message.
    pub async fn reply(
        &self,
        writer: &RoomWriter,
        client_id: &ClientId,
        text: &str,
        files: &[BlobId],
        to: Option<MessageId>,
    ) -> Result<Posted> {
        self.reply_with(writer, client_id, text, Enclosed { files, alts: &[] }, to).await
    }

    /// The same with words about the files, for those who cannot see them.
    ///
    /// # Errors
    /// Also `Invalid { field: "alt", .. }`.
    pub async fn reply_with(
        &self,
        writer: &RoomWriter,
        client_id: &ClientId,
        text: &str,
        Enclosed { files, alts }: Enclosed<'_>,
        to: Option<MessageId>,
    ) -> Result<Posted> {
        let author = writer.who().person.clone();
        let room = writer.room().id;
        self.limits().post(author.id, room)?;
        let text = words(text, !files.is_empty())?;
        let mut files = match self.ready_files(writer, files).await {
            Err(missing) if !files.is_empty() => return self.posted_before(writer, client_id, missing).await,
            files => files?,
        };
        for (file, alt) in files.iter_mut().zip(alts) {
            file.alt = parse_alt(alt)?;
        }
        let spans = spans::parse(&text, &self.mentionable(room, &text, writer.moderates()).await?);
        if let Some(to) = to {
            let there = rows::find_written(self.store().read(), room, to).await?;
            there.ok_or(Problem::not_found(Thing::Message))?;
        }
        let client_id = client_id.clone();
        self.say(writer, NewPost { room, author, client_id, text, spans, files, reply: to, origin: None }).await
    }

    /// Says what is ready to be said, as far as the room's rules let it.
    pub(crate) async fn say(&self, writer: &RoomWriter, new: NewPost) -> Result<Posted> {
        let ruling = self.verdict(writer, &new, Wish::Say).await?;
        let (message, was_new) = match ruling.verdict {
            Verdict::Say if !new.files.is_empty() => self.post_now(new).await?,
            Verdict::Say => self.store().post(new).await?,
            Verdict::Slowly => self.post_slowly(writer, new).await?,
            Verdict::Hold => self.hold(writer, new).await?,
            Verdict::Privately => self.post_privately(writer, new).await?,
        };
        Ok(Posted { message, was_new })
    }

    /// A message with files, which it takes in the same step.
    async fn post_now(&self, new: NewPost) -> Result<(Message, bool)> {
        let write = self.store().write_in(new.room, move |tx| Box::pin(async move { posts::keep_now(tx, new).await }));
        write.await
    }

    /// Files that are used already: by this very message, if it is a resend.
    async fn posted_before(&self, writer: &RoomWriter, client_id: &ClientId, missing: Error) -> Result<Posted> {
        self.find_posted(writer, client_id).await?.ok_or(missing)
    }

    /// What became of what its author called so; `None` for what is new.
    pub(crate) async fn find_posted(&self, writer: &RoomWriter, client_id: &ClientId) -> Result<Option<Posted>> {
        let (db, author) = (self.store().read(), writer.who().person.id);
        if let Some((room, message)) = rows::find_by_client_id(db, author, client_id).await? {
            let is_here = room == writer.room().id;
            return match is_here {
                true => Ok(Some(Posted { message, was_new: false })),
                false => Err(Problem::Taken { thing: Thing::Message }.into()),
            };
        }
        match held::find_by_client_id(db, author, client_id).await? {
            Some(row) if row.declined => Err(Problem::Declined.into()),
            Some(_) => Err(Problem::Held.into()),
            None => Ok(None),
        }
    }

    /// A page of history, oldest first: the last messages, or the last before a place.
    pub async fn history(&self, reader: &RoomReader, before: Option<i64>) -> Result<History> {
        let db = self.store().read();
        let rows = rows::list_seen_before(db, reader.room().id, reader.hiding(), before, PAGE + 1).await?;
        let mut history = page(rows);
        self.mark_own(reader, &mut history.messages).await?;
        Ok(history)
    }

    /// Messages by how many come before them: `limit` after the first `skip`, counted from the oldest,
    /// oldest first, or from the newest, newest first. What was taken back is not counted.
    pub async fn passage(&self, reader: &RoomReader, from: From, skip: u32, limit: u32) -> Result<Vec<Message>> {
        let (db, room) = (self.store().read(), reader.room().id);
        Ok(passages::list_passage(db, room, reader.hiding(), from, (skip, limit)).await?)
    }

    /// What the reader said in a room last, newest first; nothing for guests.
    pub async fn own_passage(&self, reader: &RoomReader, limit: u32) -> Result<Vec<Message>> {
        let Some(who) = reader.who() else { return Ok(Vec::new()) };
        Ok(passages::list_own_passage(self.store().read(), reader.room().id, who.person.id, limit).await?)
    }

    /// The place of the first message that is not older than a time; `None` if all are.
    pub async fn first_since(&self, reader: &RoomReader, since: Millis) -> Result<Option<i64>> {
        Ok(rows::find_first_since(self.store().read(), reader.room().id, since).await?)
    }

    /// How much was said in the room up to now, for a copy of the conversation.
    pub async fn conversation(&self, reader: &RoomReader) -> Result<ExportedRoom> {
        let (read, room) = (self.store().read(), reader.room());
        let standing = find_standing(read, room.id).await?.ok_or(Problem::not_found(Thing::Room))?;
        let last_seq = standing.position.seq;
        let messages = rows::count_up_to(read, room.id, last_seq).await?;
        Ok(ExportedRoom { room: standing.room, wall: Wall::default(), messages, last_seq })
    }

    /// The next messages of a conversation after a place, at most `limit`, oldest first.
    pub async fn conversation_after(
        &self,
        reader: &RoomReader,
        of: &ExportedRoom,
        after: i64,
        limit: usize,
    ) -> Result<Vec<Message>> {
        let (db, room) = (self.store().read(), reader.room().id);
        let mut messages = rows::list_seen_after(db, room, reader.hiding(), after, limit).await?;
        messages.retain(|message| message.seq <= of.last_seq);
        Ok(messages)
    }

    /// One message.
    ///
    /// # Errors
    /// [`Problem::NotFound`].
    pub async fn message(&self, reader: &RoomReader, id: MessageId) -> Result<Message> {
        let found = rows::find_message(self.store().read(), reader.room().id, id).await?;
        let mut message = [found.ok_or(Problem::not_found(Thing::Message))?];
        self.mark_own(reader, &mut message).await?;
        let [message] = message;
        Ok(message)
    }

    /// A page of history with a place in its middle; further down where the room begins.
    pub async fn history_around(&self, reader: &RoomReader, seq: i64) -> Result<History> {
        let (room, hiding) = (reader.room().id, reader.hiding());
        let commits = self.commits();
        let read = self.find_around(room, hiding, seq);
        let mut history = match hiding {
            None if self.may_share() => self.0.scenes.passages.get((room, seq), commits, read).await?.as_ref().clone(),
            _ => read.await?,
        };
        self.mark_own(reader, &mut history.messages).await?;
        Ok(history)
    }

    async fn find_around(&self, room: RoomId, hiding: Option<PersonId>, seq: i64) -> Result<History> {
        let half = PAGE / 2;
        let mut messages = passages::list_seen_around(self.store().read(), room, hiding, seq, (half + 1, PAGE)).await?;
        let earlier = messages.partition_point(|message| message.seq <= seq);
        let has_more = earlier > half;
        messages.drain(..earlier.saturating_sub(half));
        messages.truncate(PAGE);
        Ok(History { messages, has_more })
    }

    /// Turns the page of a member who has not read on for long to the first message they have not seen:
    /// the last page stays if it reaches back to it. Whether the end of the conversation is out of view.
    pub async fn turn_to_unread(&self, reader: &RoomReader, state: &mut RoomState) -> Result<bool> {
        let (Some(unread), Some(first)) = (state.first_news, state.history.messages.first()) else { return Ok(false) };
        let is_there = !state.history.has_more || first.seq <= state.last_read;
        if state.unread == 0 || is_there {
            return Ok(false);
        }
        // What is in between is their own, or ignored by them.
        state.last_read = unread - 1;
        let last = |history: &History| history.messages.last().map_or(0, |message| message.seq);
        let end = last(&state.history);
        state.history = self.history_around(reader, state.last_read).await?;
        Ok(last(&state.history) < end)
    }

    /// Those members whom a text may mention; with `everyone` all at once as well.
    pub(crate) async fn mentionable(&self, room: RoomId, text: &str, everyone: bool) -> Result<People> {
        let keys = spans::candidates(text);
        if keys.is_empty() {
            return Ok(People::default());
        }
        let mut people: People = rows::find_mentioned(self.store().read(), room, keys).await?.into_iter().collect();
        people.everyone = everyone;
        Ok(people)
    }
}

/// The text of a message, which may be empty beside files.
pub(crate) fn words(text: &str, has_files: bool) -> Result<String> {
    match parse_text(text) {
        Err(Problem::Invalid { rule: Rule::Empty, .. }) if has_files => Ok(String::new()),
        text => Ok(text?),
    }
}

/// From newest first, with one more than a page holds if there are more.
pub(crate) fn page(mut messages: Vec<Message>) -> History {
    let has_more = messages.len() > PAGE;
    messages.truncate(PAGE);
    messages.reverse();
    History { messages, has_more }
}

//! Changing what one said. The new text is held to the same rules as a new message; nobody is shown
//! the old one again.

use crate::access::RoomWriter;
use crate::before_send::Wish;
use crate::contacts::let_through;
use crate::messages::words;
use crate::moderation::{Verdict, keep_pause, pause_of};
use crate::search::terms;
use crate::store::messages::{self, Written};
use crate::store::posts::NewPost;
use crate::store::search::{self, Kind};
use crate::store::{Tx, held, members, mentions, outside};
use crate::{Chat, Problem, Result, RoomReader, Rule, Thing, spans};
use domain::event::What;
use domain::moderation::MAX_HELD;
use domain::{ClientId, MessageId};

/// How long somebody waits whose changes fill the queue.
const FULL_MS: u64 = 60_000;

impl Chat {
    /// Puts another text in the place of what its author said. Nothing if it is the same.
    ///
    /// # Errors
    /// [`Problem::NotFound`]; [`Problem::NotAllowed`] for what somebody else said, also if it was only
    /// forwarded; [`Problem::Gone`] once it was taken back; [`Rule::Past`] when it is too late; and
    /// those of [`Chat::post`].
    pub async fn edit(&self, writer: &RoomWriter, id: MessageId, text: &str) -> Result<()> {
        let (author, room) = (writer.who().person.clone(), writer.room().id);
        self.limits().post(author.id, room)?;
        // With files the words may be taken away.
        let there = messages::find_written(self.store().read(), room, id).await?;
        let row = there.ok_or(Problem::not_found(Thing::Message))?;
        let limits = Limits::of(writer);
        limits.check(&row, author.id, self.now())?;
        let text = words(text, row.has_files)?;
        let spans = spans::parse(&text, &self.mentionable(room, &text, writer.moderates()).await?);
        // One at a time waits for approval.
        let client_id = ClientId::parse(&format!("edit-{id}"))?;
        let new = NewPost { room, author, client_id, text, spans, files: Vec::new(), reply: None, origin: None };
        let ruling = self.verdict(writer, &new, Wish::Change(id)).await?;
        let (verdict, pause) = (ruling.verdict, pause_of(writer));
        let write = self.store().write_in(room, move |tx| {
            Box::pin(async move {
                members::lock_room(tx.db(), room).await?;
                let row = messages::find_written(tx.db(), room, id).await?;
                let row = row.ok_or(Problem::not_found(Thing::Message))?;
                limits.check(&row, new.author.id, tx.now())?;
                if row.text == new.text {
                    return Ok(false);
                }
                if verdict == Verdict::Privately {
                    let_through(tx, room, new.author.id).await?;
                } else if verdict != Verdict::Say {
                    keep_pause(tx, room, new.author.id, &pause).await?;
                    members::change_said_at(tx.db(), room, new.author.id, tx.now()).await?;
                }
                if verdict == Verdict::Hold {
                    held::remove_edits(tx.db(), &[id]).await?;
                    if held::count_held_of(tx.db(), room, new.author.id).await? >= MAX_HELD {
                        return Err(Problem::TooFast { wait_ms: FULL_MS }.into());
                    }
                    held::create_held(tx.db(), &new, tx.now(), Some(id)).await?;
                    return Ok(true);
                }
                change(tx, id, new).await?;
                Ok(false)
            })
        });
        let waits = write.await?;
        if verdict == Verdict::Privately {
            self.hub().note_contact(room);
        }
        if waits {
            self.tell_held(room);
            return Err(Problem::Held.into());
        }
        Ok(())
    }

    /// What its author typed, for changing it; `None` if they may not any more.
    pub async fn typed(&self, reader: &RoomReader, id: MessageId) -> Result<Option<String>> {
        let Some(who) = reader.who() else { return Ok(None) };
        let row = messages::find_written(self.store().read(), reader.room().id, id).await?;
        let mine = row.filter(|row| Limits::of(reader).check(row, who.person.id, self.now()).is_ok());
        Ok(mine.map(|row| row.text))
    }
}

/// Until when an author may change something.
struct Limits {
    /// Milliseconds; `None` for those who moderate the room.
    window: Option<i64>,
}

impl Limits {
    fn of(reader: &RoomReader) -> Self {
        Self { window: (!reader.moderates()).then(|| i64::from(reader.policy().edit) * 1_000) }
    }

    fn check(&self, row: &Written, who: domain::PersonId, now: i64) -> std::result::Result<(), Problem> {
        if row.author != who || row.origin.is_some() {
            return Err(Problem::NotAllowed);
        }
        if row.recalled {
            return Err(Problem::Gone);
        }
        if self.window.is_some_and(|window| now - row.at > window) {
            return Err(Problem::invalid("message", Rule::Past));
        }
        Ok(())
    }
}

/// Changes a message for good, and tells everybody.
///
/// # Errors
/// [`Problem::Gone`] once it was taken back.
pub(crate) async fn change(tx: &mut Tx, id: MessageId, new: NewPost) -> Result<()> {
    let NewPost { room, author, text, spans, .. } = new;
    let row = messages::find_written(tx.db(), room, id).await?.filter(|row| !row.recalled).ok_or(Problem::Gone)?;
    tx.record(room, What::Edited { message: id, spans: spans.clone() }).await?;
    messages::change_text(tx.db(), id, &text, &spans, tx.now()).await?;
    mentions::remove_mentions(tx.db(), &[id]).await?;
    mentions::create_mentions(tx.db(), room, row.seq, author.id, &spans).await?;
    outside::remove_originals(tx.db(), &[id]).await?;
    held::remove_edits(tx.db(), &[id]).await?;
    Ok(search::renew(tx.db(), Kind::Message, id.0, &terms::index(&text)).await?)
}

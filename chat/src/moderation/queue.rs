//! What waits for a host's approval. It has no place in its room before that.

use crate::access::RoomWriter;
use crate::audit::{self, Entry};
use crate::store::held::{self as rows};
use crate::store::posts::{self, NewPost};
use crate::store::{Tx, join_requests, members, uploads};
use crate::{Chat, Problem, Result, RoomHost, Thing, edits, spans};
use domain::audit::Act;
use domain::live::Frame;
use domain::message::Message;
use domain::moderation::{HeldMessage, MAX_HELD, Policy};
use domain::person::SiteRole;
use domain::{ClientId, MessageId, PersonId, RoomId};
use std::collections::HashSet;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// Messages that a host is shown at once.
const LISTED: u64 = 100;
/// So long after something came into a queue, or somebody asked to join, a room's hosts are told how many
/// wait; together with what comes meanwhile.
const TELL_AFTER: Duration = Duration::from_millis(200);
/// How long somebody waits whose messages fill the queue.
const FULL_MS: u64 = 60_000;

/// Rooms whose hosts are about to be told.
#[derive(Default)]
pub(crate) struct Tellings(Mutex<HashSet<RoomId>>);

impl Tellings {
    /// Whether nobody is about to.
    fn begin(&self, room: RoomId) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(room)
    }

    fn end(&self, room: RoomId) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&room);
    }
}

impl Chat {
    /// Keeps a message at its place unless its author said something a moment ago.
    ///
    /// # Errors
    /// [`Problem::Slow`].
    pub(crate) async fn post_slowly(&self, writer: &RoomWriter, new: NewPost) -> Result<(Message, bool)> {
        let (room, policy) = (writer.room().id, *writer.policy());
        self.store()
            .write_in(room, move |tx| {
                Box::pin(async move {
                    let is_resend = posts::is_known(tx.db(), &new).await?;
                    if !is_resend {
                        keep_pause(tx, room, new.author.id, &policy).await?;
                    }
                    posts::keep_now(tx, new).await
                })
            })
            .await
    }

    /// Lets a message wait for approval; answers with the first result if it was said already.
    ///
    /// # Errors
    /// [`Problem::Held`] when it waits; [`Problem::Declined`] if a host refused it before;
    /// [`Problem::Slow`]; [`Problem::TooFast`] when too many of its author's wait.
    pub(crate) async fn hold(&self, writer: &RoomWriter, new: NewPost) -> Result<(Message, bool)> {
        let (room, policy) = (writer.room().id, pause_of(writer));
        let write = self.store().write_in(room, move |tx| {
            Box::pin(async move {
                if posts::is_known(tx.db(), &new).await? {
                    return posts::keep_now(tx, new).await.map(Some);
                }
                match rows::find_by_client_id(tx.db(), new.author.id, &new.client_id).await? {
                    Some(row) if row.declined => return Err(Problem::Declined.into()),
                    Some(_) => return Ok(None),
                    None => {}
                }
                keep_pause(tx, room, new.author.id, &policy).await?;
                if rows::count_held_of(tx.db(), room, new.author.id).await? >= MAX_HELD {
                    return Err(Problem::TooFast { wait_ms: FULL_MS }.into());
                }
                members::change_said_at(tx.db(), room, new.author.id, tx.now()).await?;
                let (author, id) = (new.author.id, rows::create_held(tx.db(), &new, tx.now(), None).await?);
                let is_given =
                    new.files.is_empty() || uploads::change_held(tx.db(), (room, author), &new.files, id).await?;
                if !is_given {
                    return Err(Problem::not_found(Thing::File).into());
                }
                Ok(None)
            })
        });
        match write.await? {
            Some(said) => Ok(said),
            None => {
                self.tell_held(room);
                Err(Problem::Held.into())
            }
        }
    }

    /// What waits in a room, oldest first; at most 100.
    pub async fn held(&self, host: &RoomHost) -> Result<Vec<HeldMessage>> {
        Ok(rows::list_held(self.store().read(), host.room().id, LISTED).await?)
    }

    pub async fn count_held(&self, host: &RoomHost) -> Result<u32> {
        let count = rows::count_held(self.store().read(), host.room().id).await?;
        Ok(u32::try_from(count).unwrap_or(u32::MAX))
    }

    /// Says a message that waited, in its author's name, once; or puts it in the place of what it
    /// changes.
    ///
    /// # Errors
    /// [`Problem::Gone`] if it does not wait any more, or what it changes was taken back.
    pub async fn approve(&self, host: &RoomHost, id: i64) -> Result<MessageId> {
        let room = host.not_archived()?.room().id;
        let (row, author) = rows::find_held(self.store().read(), room, id).await?.ok_or(Problem::Gone)?;
        let mut spans = spans::parse(&row.text, &self.mentionable(room, &row.text, false).await?);
        let client_id = ClientId::parse(&row.client_id)?;
        let line = Entry::new(Act::Approved, host.who()).in_room(room).to(author.id);
        let (reply, origin) = (row.reply_to.map(MessageId), row.origin.map(MessageId));
        if let Some(origin) = origin {
            spans = self.forwarded(origin, room, &row.text).await?;
        }
        let (edits, files) = (row.edits.map(MessageId), uploads::read(&row.files)?);
        let new = NewPost { room, author, client_id, text: row.text, spans, files, reply, origin };
        let write = self.store().write_in(room, move |tx| {
            Box::pin(async move {
                members::lock_room(tx.db(), room).await?;
                if !rows::remove_held(tx.db(), id).await? {
                    return Err(Problem::Gone.into());
                }
                uploads::release_held(tx.db(), id).await?;
                let said = match edits {
                    Some(message) => {
                        edits::change(tx, message, new).await?;
                        message
                    }
                    None => say_as_before(tx, new).await?,
                };
                audit::note(tx, line.on(said.0)).await?;
                Ok(said)
            })
        });
        let said = write.await?;
        self.tell_held(room);
        Ok(said)
    }

    /// Has the room's hosts told soon how much waits for them.
    pub(crate) fn tell_held(&self, room: RoomId) {
        if !self.0.tellings.begin(room) {
            return;
        }
        let chat = self.clone();
        tokio::spawn(async move {
            tokio::time::sleep(TELL_AFTER).await;
            chat.0.tellings.end(room);
            if let Err(cause) = chat.tell_held_now(room).await {
                tracing::warn!(%cause, %room, "hosts were not told what waits for them");
            }
        });
    }

    async fn tell_held_now(&self, room: RoomId) -> Result<()> {
        let read = self.store().read();
        let hosts = members::list_host_ids(read, room).await?;
        let count = u32::try_from(rows::count_held(read, room).await?).unwrap_or(u32::MAX);
        let asking = u32::try_from(join_requests::count_open(read, room).await?).unwrap_or(u32::MAX);
        self.hub().tell_people(room, &Frame::Held { room, count, asking }, |who| {
            who.role == SiteRole::Admin || hosts.contains(&who.person.id)
        });
        Ok(())
    }
}

/// Says what waited. Its author paused when they wrote it, not when it was approved.
async fn say_as_before(tx: &mut Tx, new: NewPost) -> Result<MessageId> {
    let (room, author) = (new.room, new.author.id);
    let said_at = members::find_said_at(tx.db(), room, author).await?;
    let (message, _) = posts::keep_now(tx, new).await?;
    members::change_said_at(tx.db(), room, author, said_at).await?;
    Ok(message.id)
}

/// The policy as it holds for somebody: hosts and administrators do not have to pause.
pub(crate) fn pause_of(writer: &RoomWriter) -> Policy {
    let policy = *writer.policy();
    if writer.moderates() { Policy { slow: 0, ..policy } } else { policy }
}

/// # Errors
/// [`Problem::Slow`] if this person said something a moment ago.
pub(crate) async fn keep_pause(tx: &Tx, room: RoomId, author: PersonId, policy: &Policy) -> Result<()> {
    // Whatever they say at the same time waits for this.
    members::lock_room(tx.db(), room).await?;
    let said_at = members::find_said_at(tx.db(), room, author).await?;
    match policy.wait(said_at, tx.now()) {
        Some(wait_ms) => Err(Problem::Slow { wait_ms }.into()),
        None => Ok(()),
    }
}

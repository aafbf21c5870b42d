//! Messages on their way into the store: all that wait together are kept by one statement
//! for their rooms and one for their rows, not by some for each; a lone one by one errand.

mod lone;
mod places;
mod rows;
#[cfg(test)]
mod tests;

use super::mentions::create_mentions;
use super::messages::{change_files, find_by_client_id, list_quotes};
use super::uploads;
use super::writer::{self, answer};
use super::{DatabaseConnection, DatabaseTransaction, DbErr, Tx};
use crate::clock::Clock;
use crate::{Problem, Result, Thing};
use domain::attachment::Attachment;
use domain::event::{Event, What};
use domain::message::Message;
use domain::person::Person;
use domain::span::Span;
use domain::{ClientId, MessageId, PersonId, RoomId};
use sea_orm::{SqlErr, TransactionTrait};
use std::collections::{HashMap, HashSet};
use tokio::sync::oneshot;

/// A message that is to be kept.
pub struct NewPost {
    pub room: RoomId,
    pub author: Person,
    pub client_id: ClientId,
    pub text: String,
    pub spans: Vec<Span>,
    /// What was uploaded for it. A message with files is kept by [`keep_now`] only.
    pub files: Vec<Attachment>,
    /// The message of the same room that it answers.
    pub reply: Option<MessageId>,
    /// The message that it forwards.
    pub origin: Option<MessageId>,
}

/// The message as it was kept; `false` if that was earlier, under the same client id.
pub type Kept = (Message, bool);

/// A message, and where the answer goes.
pub(super) struct Post {
    new: NewPost,
    result: Result<Kept>,
    to: oneshot::Sender<Result<Kept>>,
}

impl Post {
    pub fn new(new: NewPost, to: oneshot::Sender<Result<Kept>>) -> Self {
        Self { new, result: Err(Problem::Unavailable.into()), to }
    }

    pub fn room(&self) -> RoomId {
        self.new.room
    }

    /// Answers: with what came of it, or with why the commit failed.
    pub fn finish(self, commit: std::result::Result<(), DbErr>) {
        answer(self.to, self.result, commit);
    }
}

/// Whether its author used its client id before.
pub async fn is_known(db: &DatabaseTransaction, new: &NewPost) -> std::result::Result<bool, DbErr> {
    Ok(find_by_client_id(db, new.author.id, &new.client_id).await?.is_some())
}

/// Keeps one within another change, so that what was decided there holds for it.
///
/// # Errors
/// As `Store::post`.
pub async fn keep_now(tx: &mut Tx, new: NewPost) -> Result<Kept> {
    let (to, _) = oneshot::channel();
    let mut post = Post::new(new, to);
    let events = keep_one(tx.db(), &mut post, tx.now()).await?;
    if let Ok((message, true)) = &post.result
        && !message.files.is_empty()
    {
        give_files(tx.db(), post.new.room, message).await?;
    }
    tx.announce(events);
    post.result
}

/// # Errors
/// `NotFound(File)` if one of them was used meanwhile.
async fn give_files(db: &DatabaseTransaction, room: RoomId, message: &Message) -> Result<()> {
    change_files(db, message.id, &message.files).await?;
    if !uploads::change_message(db, (room, message.author.id), &message.files, message.id).await? {
        return Err(Problem::not_found(Thing::File).into());
    }
    Ok(())
}

/// Keeps all of them within `all`, each at the next place of its room, in their order.
pub(super) async fn keep(
    all: &DatabaseTransaction,
    posts: &mut [Post],
    clock: &Clock,
) -> std::result::Result<Vec<Event>, DbErr> {
    if are_different(posts) {
        let together = all.begin().await?;
        match keep_together(&together, posts, clock.now()).await {
            Ok(events) => {
                together.commit().await?;
                return Ok(events);
            }
            Err(cause) => {
                together.rollback().await?;
                if !was_there(&cause) {
                    return Err(cause);
                }
            }
        }
    }
    // Some were sent before: one after the other, each with a look at what is there.
    let mut events = Vec::new();
    for post in posts {
        let one = all.begin().await?;
        match keep_one(&one, post, clock.now()).await {
            Ok(mut kept) => {
                one.commit().await?;
                events.append(&mut kept);
            }
            Err(cause) => {
                one.rollback().await?;
                post.result = Err(cause);
            }
        }
    }
    Ok(events)
}

/// The same in a transaction of their own, for messages that nothing else waits with: in
/// nearly all cases without a savepoint.
pub(super) async fn keep_alone(
    db: &DatabaseConnection,
    posts: &mut [Post],
    clock: &Clock,
) -> std::result::Result<Vec<Event>, DbErr> {
    if let [post] = posts
        && lone::is_plain(db, &post.new)
    {
        let now = clock.now();
        match lone::keep(db, &post.new, now).await {
            Ok(place) => return Ok(lone_event(post, place, now).into_iter().collect()),
            Err(cause) if was_there(&cause) => {}
            Err(cause) => return Err(cause),
        }
    }
    if are_different(posts) {
        let all = writer::begin(db).await?;
        match keep_together(&all, posts, clock.now()).await {
            Ok(events) => {
                all.commit().await?;
                return Ok(events);
            }
            Err(cause) if was_there(&cause) => all.rollback().await?,
            Err(cause) => return Err(cause),
        }
    }
    let all = writer::begin(db).await?;
    let events = keep(&all, posts, clock).await?;
    all.commit().await?;
    Ok(events)
}

fn lone_event(post: &mut Post, place: Option<(i64, i64)>, now: i64) -> Option<Event> {
    let Some((id, seq)) = place else {
        post.result = Err(Problem::not_found(Thing::Room).into());
        return None;
    };
    let message = message_of(&post.new, id, seq, now);
    let event = said(post.new.room, &message);
    post.result = Ok((message, true));
    Some(event)
}

fn are_different(posts: &[Post]) -> bool {
    let names: HashSet<(PersonId, &ClientId)> = posts.iter().map(|p| (p.new.author.id, &p.new.client_id)).collect();
    names.len() == posts.len()
}

fn was_there(cause: &DbErr) -> bool {
    matches!(cause.sql_err(), Some(SqlErr::UniqueConstraintViolation(_)))
}

async fn keep_one(db: &DatabaseTransaction, post: &mut Post, now: i64) -> Result<Vec<Event>> {
    let NewPost { room, author, client_id, .. } = &post.new;
    match find_by_client_id(db, author.id, client_id).await? {
        Some((first_room, message)) if first_room == *room => {
            post.result = Ok((message, false));
            Ok(Vec::new())
        }
        Some(_) => Err(Problem::Taken { thing: Thing::Message }.into()),
        None => Ok(keep_together(db, std::slice::from_mut(post), now).await?),
    }
}

/// # Errors
/// A unique violation if one of them was kept before.
async fn keep_together(
    db: &DatabaseTransaction,
    posts: &mut [Post],
    now: i64,
) -> std::result::Result<Vec<Event>, DbErr> {
    let mut places = places::take_places(db, posts, now).await?;
    let mut rows: Vec<(&mut Post, i64)> = Vec::with_capacity(posts.len());
    for post in posts {
        match places.get_mut(&post.new.room) {
            Some(next) => {
                rows.push((post, *next));
                *next += 1;
            }
            None => post.result = Err(Problem::not_found(Thing::Room).into()),
        }
    }
    let ids = rows::insert(db, &rows, now).await?;
    // Read here, so that nothing is quoted that was taken back a moment ago.
    let answered: Vec<MessageId> = rows.iter().filter_map(|(post, _)| post.new.reply).collect();
    let quotes = match answered.is_empty() {
        true => HashMap::new(),
        false => list_quotes(db, &answered).await?,
    };
    let mut events = Vec::with_capacity(rows.len());
    for (post, seq) in rows {
        let id = ids.get(&(post.new.room.0, seq)).copied();
        let mut message = message_of(&post.new, id.ok_or(DbErr::RecordNotInserted)?, seq, now);
        message.reply = post.new.reply.and_then(|id| quotes.get(&id).cloned()).map(Box::new);
        create_mentions(db, post.new.room, seq, post.new.author.id, &message.spans).await?;
        events.push(said(post.new.room, &message));
        post.result = Ok((message, true));
    }
    Ok(events)
}

fn message_of(new: &NewPost, id: i64, seq: i64, at: i64) -> Message {
    Message {
        id: MessageId(id),
        seq,
        client_id: new.client_id.clone(),
        author: new.author.clone(),
        spans: new.spans.clone(),
        files: new.files.clone(),
        at,
        edited: None,
        reply: None,
        reactions: Vec::new(),
    }
}

fn said(room: RoomId, message: &Message) -> Event {
    Event { room, seq: message.seq, at: message.at, what: What::Said { message: message.clone() }, by: None }
}

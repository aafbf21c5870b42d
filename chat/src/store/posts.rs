//! Messages on their way into the store: all that wait together are kept by one statement
//! for their rooms and one for their rows, not by some for each.

use super::messages::{NewMessage, create_message, find_by_client_id};
use super::writer::{self, answer};
use super::{DatabaseConnection, DatabaseTransaction, DbErr, Tx};
use crate::clock::Clock;
use crate::{Problem, Result, Thing};
use domain::event::{Event, What};
use domain::message::Message;
use domain::person::Person;
use domain::span::Span;
use domain::{ClientId, MessageId, PersonId, RoomId};
use sea_orm::{ConnectionTrait, DbBackend, SqlErr, Statement, TransactionTrait, Value};
use std::collections::{BTreeMap, HashMap, HashSet};
use std::fmt::Write;
use tokio::sync::oneshot;

/// Rows of one statement: few sizes, so that the statements stay prepared.
const SIZES: [usize; 4] = [64, 16, 4, 1];

/// A message that is to be kept.
pub struct NewPost {
    pub room: RoomId,
    pub author: Person,
    pub client_id: ClientId,
    pub text: String,
    pub spans: Vec<Span>,
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
        let mut tx = Tx::new(all.begin().await?, clock.now());
        post.result = keep_one(&mut tx, &post.new).await;
        match post.result {
            Ok(_) => events.append(&mut tx.commit().await?),
            Err(_) => tx.rollback().await?,
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

fn are_different(posts: &[Post]) -> bool {
    let names: HashSet<(PersonId, &ClientId)> = posts.iter().map(|p| (p.new.author.id, &p.new.client_id)).collect();
    names.len() == posts.len()
}

fn was_there(cause: &DbErr) -> bool {
    matches!(cause.sql_err(), Some(SqlErr::UniqueConstraintViolation(_)))
}

async fn keep_one(tx: &mut Tx, new: &NewPost) -> Result<Kept> {
    let NewPost { room, author, client_id, text, spans } = new;
    if let Some((first_room, message)) = find_by_client_id(tx.db(), author.id, client_id).await? {
        let taken = Problem::Taken { thing: Thing::Message };
        return if first_room == *room { Ok((message, false)) } else { Err(taken.into()) };
    }
    let (seq, at) = (tx.next_seq(*room).await?, tx.now());
    let message = create_message(tx.db(), NewMessage { room: *room, seq, author, client_id, text, spans, at }).await?;
    tx.publish(said(*room, &message));
    Ok((message, true))
}

/// # Errors
/// A unique violation if one of them was kept before.
async fn keep_together(
    db: &DatabaseTransaction,
    posts: &mut [Post],
    now: i64,
) -> std::result::Result<Vec<Event>, DbErr> {
    let mut places = take_places(db, posts, now).await?;
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
    let mut events = Vec::with_capacity(rows.len());
    let mut rest = rows.as_mut_slice();
    while let Some(size) = SIZES.into_iter().find(|size| *size <= rest.len()) {
        let (some, after) = rest.split_at_mut(size);
        let ids = insert(db, some, now).await?;
        for (post, seq) in some {
            let id = ids.get(&(post.new.room.0, *seq)).copied();
            let message = message_of(&post.new, id.ok_or(DbErr::RecordNotInserted)?, *seq, now);
            events.push(said(post.new.room, &message));
            post.result = Ok((message, true));
        }
        rest = after;
    }
    Ok(events)
}

/// The first of the places that each room gives to its messages; rooms that do not exist
/// are missing.
async fn take_places(
    db: &DatabaseTransaction,
    posts: &[Post],
    now: i64,
) -> std::result::Result<HashMap<RoomId, i64>, DbErr> {
    // In order of their ids, as every process locks them.
    let mut wanted: BTreeMap<RoomId, i64> = BTreeMap::new();
    posts.iter().for_each(|post| *wanted.entry(post.new.room).or_default() += 1);
    let wanted: Vec<(RoomId, i64)> = wanted.into_iter().collect();
    lock(db, &wanted).await?;
    let mut places = HashMap::with_capacity(wanted.len());
    let mut rest = wanted.as_slice();
    while let Some(size) = SIZES.into_iter().find(|size| *size <= rest.len()) {
        let (some, after) = rest.split_at(size);
        let mut sql = String::from("UPDATE room SET last_seq = last_seq + v.column2, last_at = $1 FROM (VALUES ");
        rows(&mut sql, size, 2, 2, |n| format!("CAST(${n} AS BIGINT)"));
        sql.push_str(") AS v WHERE room.id = v.column1 RETURNING room.id AS id, room.last_seq AS last_seq");
        let pairs = some.iter().flat_map(|(room, count)| [Value::from(room.0), Value::from(*count)]);
        let values: Vec<Value> = std::iter::once(Value::from(now)).chain(pairs).collect();
        for row in db.query_all_raw(Statement::from_sql_and_values(db.get_database_backend(), sql, values)).await? {
            let room = RoomId(row.try_get("", "id")?);
            let count = some.iter().find(|(other, _)| *other == room).map_or(0, |(_, count)| *count);
            let last: i64 = row.try_get("", "last_seq")?;
            places.insert(room, last - count + 1);
        }
        rest = after;
    }
    Ok(places)
}

/// PostgreSQL would lock the rows in any order, and two processes could wait for each other.
async fn lock(db: &DatabaseTransaction, rooms: &[(RoomId, i64)]) -> std::result::Result<(), DbErr> {
    if db.get_database_backend() != DbBackend::Postgres || rooms.len() < 2 {
        return Ok(());
    }
    let ids: Vec<String> = rooms.iter().map(|(room, _)| room.0.to_string()).collect();
    let sql = format!("SELECT id FROM room WHERE id IN ({}) ORDER BY id FOR UPDATE", ids.join(", "));
    db.execute_unprepared(&sql).await.map(drop)
}

/// The ids by room and place.
async fn insert(
    db: &DatabaseTransaction,
    posts: &[(&mut Post, i64)],
    now: i64,
) -> std::result::Result<HashMap<(i64, i64), i64>, DbErr> {
    let mut sql = String::from("INSERT INTO message (room_id, seq, author_id, client_id, text, spans, at) VALUES ");
    rows(&mut sql, posts.len(), 7, 1, |n| format!("${n}"));
    sql.push_str(" RETURNING id, room_id, seq");
    let mut values: Vec<Value> = Vec::with_capacity(posts.len() * 7);
    for (Post { new, .. }, seq) in posts {
        let spans = serde_json::to_string(&new.spans).map_err(|cause| DbErr::Json(cause.to_string()))?;
        values.extend([new.room.0.into(), (*seq).into(), new.author.id.0.into()]);
        values.extend([new.client_id.as_str().into(), new.text.as_str().into(), spans.into(), now.into()]);
    }
    let inserted = db.query_all_raw(Statement::from_sql_and_values(db.get_database_backend(), sql, values)).await?;
    let place = |row: &sea_orm::QueryResult| {
        Ok(((row.try_get("", "room_id")?, row.try_get("", "seq")?), row.try_get("", "id")?))
    };
    inserted.iter().map(place).collect()
}

/// `count` rows of `columns` placeholders, numbered from `first`.
fn rows(sql: &mut String, count: usize, columns: usize, first: usize, placeholder: impl Fn(usize) -> String) {
    for row in 0..count {
        let begin = first + row * columns;
        let cells: Vec<String> = (begin..begin + columns).map(&placeholder).collect();
        let comma = if row == 0 { "" } else { ", " };
        // A String takes everything.
        let _ = write!(sql, "{comma}({})", cells.join(", "));
    }
}

fn message_of(new: &NewPost, id: i64, seq: i64, at: i64) -> Message {
    Message {
        id: MessageId(id),
        seq,
        client_id: new.client_id.clone(),
        author: new.author.clone(),
        spans: new.spans.clone(),
        at,
    }
}

fn said(room: RoomId, message: &Message) -> Event {
    Event { room, seq: message.seq, at: message.at, what: What::Said { message: message.clone() } }
}

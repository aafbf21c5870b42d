//! Queries about what is unread.

use super::entities::member::{level_of, role_of};
use super::ignored::is_mention_heard;
use super::members::lock_room;
use super::{DbErr, rows};
use domain::member::Role;
use domain::unread::{Level, UnreadRoom};
use domain::{PersonId, RoomId};
use sea_orm::{ConnectionTrait, Statement, Value};
use serde::Deserialize;
use std::collections::HashMap;

type Found<T> = Result<T, DbErr>;

/// What one member has not seen of one room, what they ignore included. Mentions are not counted yet.
pub struct UnreadLine {
    pub person: PersonId,
    pub role: Role,
    pub line: UnreadRoom,
}

/// A person's rooms with something unread.
pub async fn list_unread(db: &impl ConnectionTrait, person: PersonId) -> Found<Vec<UnreadLine>> {
    list(db, &format!("b.person_id = {person} AND r.said > b.heard")).await
}

/// What these people have not seen of these rooms, those with nothing included.
pub async fn list_unread_of(
    db: &impl ConnectionTrait,
    rooms: impl IntoIterator<Item = RoomId>,
    people: impl IntoIterator<Item = PersonId>,
) -> Found<Vec<UnreadLine>> {
    let (rooms, people) = (ids(rooms.into_iter().map(|id| id.0)), ids(people.into_iter().map(|id| id.0)));
    if rooms.is_empty() || people.is_empty() {
        return Ok(Vec::new());
    }
    list(db, &format!("b.room_id IN ({rooms}) AND b.person_id IN ({people})")).await
}

async fn list(db: &impl ConnectionTrait, which: &str) -> Found<Vec<UnreadLine>> {
    #[derive(Deserialize)]
    struct Row(i64, i64, String, i64, String, String);
    let query = format!(
        "SELECT b.person_id, b.room_id, r.slug, r.said - b.heard AS unread, b.level, b.role \
         FROM member b JOIN room r ON r.id = b.room_id WHERE {which}"
    );
    let columns = ["person_id", "room_id", "slug", "unread", "level", "role"];
    let found: Vec<Row> = rows::list(db, &columns, &query, []).await?;
    found
        .into_iter()
        .map(|Row(person, room, slug, unread, level, role)| {
            let level = level_of(&level)?;
            let unread = if level == Level::Hidden { 0 } else { u32::try_from(unread).unwrap_or_default() };
            let line = UnreadRoom { room: RoomId(room), slug, unread, mentions: 0, level };
            Ok(UnreadLine { person: PersonId(person), role: role_of(&role)?, line })
        })
        .collect()
}

/// How many unread messages of these rooms mention a person, without what they ignore; rooms without are
/// left out.
pub async fn count_mentions(
    db: &impl ConnectionTrait,
    person: PersonId,
    in_rooms: impl IntoIterator<Item = RoomId>,
) -> Found<HashMap<RoomId, u32>> {
    let rooms_of = ids(in_rooms.into_iter().map(|id| id.0));
    if rooms_of.is_empty() {
        return Ok(HashMap::new());
    }
    let query = format!(
        "SELECT b.room_id, COUNT(*) AS mentions FROM member b JOIN mention n ON n.person_id = b.person_id \
         AND n.room_id = b.room_id AND n.seq > b.last_read_seq \
         WHERE b.person_id = {person} AND b.room_id IN ({rooms_of}) AND {} GROUP BY b.room_id",
        is_mention_heard(person)
    );
    let counted: Vec<(i64, u32)> = rows::list(db, &["room_id", "mentions"], &query, []).await?;
    Ok(counted.into_iter().map(|(room, n)| (RoomId(room), n)).collect())
}

/// Says what a member wants to hear of a room; whether there is such a member.
pub async fn change_level(db: &impl ConnectionTrait, room: RoomId, person: PersonId, level: Level) -> Found<bool> {
    let sql = "UPDATE member SET level = $3 WHERE room_id = $1 AND person_id = $2";
    let changed = execute(db, sql, [room.0.into(), person.0.into(), level.as_str().into()]).await?;
    Ok(changed > 0)
}

/// Keeps a room at the top of a member's list, or no longer; whether there is such a member.
pub async fn change_pinned(db: &impl ConnectionTrait, room: RoomId, person: PersonId, on: bool) -> Found<bool> {
    let sql = "UPDATE member SET pinned = $3 WHERE room_id = $1 AND person_id = $2";
    Ok(execute(db, sql, [room.0.into(), person.0.into(), on.into()]).await? > 0)
}

/// Makes the last message by somebody else unread; whether anything changed.
pub async fn change_to_unread(db: &impl ConnectionTrait, room: RoomId, person: PersonId) -> Found<bool> {
    lock_room(db, room).await?;
    let sql = format!(
        "UPDATE member SET undo_seq = NULL, last_read_seq = (SELECT MAX(seq) - 1 {OTHERS}), \
         heard = (SELECT r.said FROM room r WHERE r.id = $1) - 1 \
         WHERE room_id = $1 AND person_id = $2 AND last_read_seq >= (SELECT MAX(seq) {OTHERS})"
    );
    Ok(execute(db, &sql, [room.0.into(), person.0.into()]).await? > 0)
}

/// Marks everything in a room as seen, and remembers what was seen before.
pub async fn change_to_read(db: &impl ConnectionTrait, room: RoomId, person: PersonId) -> Found<()> {
    lock_room(db, room).await?;
    let sql = "UPDATE member SET undo_seq = last_read_seq, \
               last_read_seq = (SELECT r.last_seq FROM room r WHERE r.id = $1), \
               heard = (SELECT r.said FROM room r WHERE r.id = $1) WHERE room_id = $1 AND person_id = $2";
    execute(db, sql, [room.0.into(), person.0.into()]).await.map(drop)
}

/// Takes back what [`change_to_read`] did, unless something was seen since.
pub async fn undo_read(db: &impl ConnectionTrait, room: RoomId, person: PersonId) -> Found<()> {
    lock_room(db, room).await?;
    let sql = format!(
        "UPDATE member SET last_read_seq = undo_seq, undo_seq = NULL, \
         heard = (SELECT r.said FROM room r WHERE r.id = $1) \
         - (SELECT COUNT(*) {OTHERS} AND m.seq > member.undo_seq) \
         WHERE room_id = $1 AND person_id = $2 AND undo_seq IS NOT NULL"
    );
    execute(db, &sql, [room.0.into(), person.0.into()]).await.map(drop)
}

/// The rooms of a person that [`undo_read`] would change.
pub async fn list_undoable(db: &impl ConnectionTrait, person: PersonId) -> Found<Vec<RoomId>> {
    let query = format!("SELECT room_id FROM member WHERE person_id = {person} AND undo_seq IS NOT NULL");
    let found: Vec<(i64,)> = rows::list(db, &["room_id"], &query, []).await?;
    Ok(found.into_iter().map(|(room,)| RoomId(room)).collect())
}

/// Forgets what could be undone.
pub async fn forget_undo(db: &impl ConnectionTrait, person: PersonId) -> Found<()> {
    let sql = "UPDATE member SET undo_seq = NULL WHERE person_id = $1 AND undo_seq IS NOT NULL";
    execute(db, sql, [person.0.into()]).await.map(drop)
}

/// Messages of the room `$1` that are not by `$2`.
const OTHERS: &str = "FROM message m WHERE m.room_id = $1 AND m.author_id <> $2";

async fn execute<const N: usize>(db: &impl ConnectionTrait, sql: &str, values: [Value; N]) -> Found<u64> {
    let done = db.execute_raw(Statement::from_sql_and_values(db.get_database_backend(), sql, values)).await?;
    Ok(done.rows_affected())
}

fn ids(ids: impl Iterator<Item = i64>) -> String {
    ids.map(|id| id.to_string()).collect::<Vec<_>>().join(", ")
}

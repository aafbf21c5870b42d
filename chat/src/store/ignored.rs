//! Queries about what is new in a room and yet no news to a member: what they have hidden from
//! themselves, and what people say whom they have blocked.

use super::entities::member::{level_of, role_of};
use super::{DbErr, rows};
use domain::member::Role;
use domain::unread::Level;
use domain::{MessageId, PersonId, RoomId};
use sea_orm::ConnectionTrait;
use serde::Deserialize;
use std::collections::{HashMap, HashSet};
use std::fmt::Display;

type Found<T> = Result<T, DbErr>;

/// Whether `{person}`, a number or a value's place, ignores the message `m`.
fn ignored_by(person: impl Display) -> String {
    format!(
        "(EXISTS (SELECT 1 FROM hidden h WHERE h.person_id = {person} AND h.message_id = m.id) \
         OR EXISTS (SELECT 1 FROM block k WHERE k.person_id = {person} AND k.blocked_id = m.author_id))"
    )
}

/// The mentions `n` of somebody that they do not ignore, as a condition.
pub(super) fn is_mention_heard(person: PersonId) -> String {
    let ignored = ignored_by(person);
    format!("NOT EXISTS (SELECT 1 FROM message m WHERE m.room_id = n.room_id AND m.seq = n.seq AND {ignored})")
}

/// The unread messages of each room of `b` that a member ignores. Found from what they ignore, which is
/// little: most people ignore nothing, however much is unread.
fn ignored_news(person: impl Display, which: &str) -> String {
    let unread = format!("m.seq > b.last_read_seq AND m.author_id <> {person} AND b.person_id = {person}{which}");
    format!(
        "SELECT m.room_id, m.id FROM hidden h JOIN message m ON m.id = h.message_id \
         JOIN member b ON b.room_id = m.room_id WHERE h.person_id = {person} AND {unread} UNION \
         SELECT m.room_id, m.id FROM block k JOIN message m ON m.author_id = k.blocked_id \
         JOIN member b ON b.room_id = m.room_id WHERE k.person_id = {person} AND {unread}"
    )
}

/// How many unread messages of these rooms a member ignores; rooms without are left out.
pub async fn count_ignored(
    db: &impl ConnectionTrait,
    person: PersonId,
    in_rooms: impl IntoIterator<Item = RoomId>,
) -> Found<HashMap<RoomId, u32>> {
    let rooms: Vec<String> = in_rooms.into_iter().map(|room| room.to_string()).collect();
    if rooms.is_empty() {
        return Ok(HashMap::new());
    }
    let query = counted(person, &format!(" AND b.room_id IN ({})", rooms.join(", ")));
    let counted: Vec<(i64, u32)> = rows::list(db, &["room_id", "ignored"], &query, []).await?;
    Ok(counted.into_iter().map(|(room, n)| (RoomId(room), n)).collect())
}

/// The rooms where all that is unread to a member is what they ignore.
pub async fn list_hushed(db: &impl ConnectionTrait, person: PersonId) -> Found<Vec<RoomId>> {
    let query = format!(
        "SELECT i.room_id FROM ({}) i JOIN room r ON r.id = i.room_id \
         JOIN member b ON b.room_id = r.id AND b.person_id = {person} WHERE r.said - b.heard <= i.ignored",
        counted(person, "")
    );
    let found: Vec<(i64,)> = rows::list(db, &["room_id"], &query, []).await?;
    Ok(found.into_iter().map(|(room,)| RoomId(room)).collect())
}

/// How many unread messages of each room of `b` a member ignores.
fn counted(person: PersonId, which: &str) -> String {
    format!("SELECT x.room_id, COUNT(*) AS ignored FROM ({}) x GROUP BY x.room_id", ignored_news(person, which))
}

/// Who of these people ignores which of these messages.
pub async fn list_ignored(
    db: &impl ConnectionTrait,
    people: impl IntoIterator<Item = PersonId>,
    messages: &[MessageId],
) -> Found<HashSet<(PersonId, MessageId)>> {
    let ids = |ids: Vec<String>| ids.join(", ");
    let people = ids(people.into_iter().map(|person| person.to_string()).collect());
    let messages = ids(messages.iter().map(MessageId::to_string).collect());
    if people.is_empty() || messages.is_empty() {
        return Ok(HashSet::new());
    }
    let query = format!(
        "SELECT h.person_id, h.message_id FROM hidden h \
         WHERE h.message_id IN ({messages}) AND h.person_id IN ({people}) UNION \
         SELECT k.person_id, m.id AS message_id FROM message m JOIN block k ON k.blocked_id = m.author_id \
         WHERE m.id IN ({messages}) AND k.person_id IN ({people})"
    );
    let found: Vec<(i64, i64)> = rows::list(db, &["person_id", "message_id"], &query, []).await?;
    Ok(found.into_iter().map(|(person, message)| (PersonId(person), MessageId(message))).collect())
}

/// What a room is to one of its members.
pub struct Own {
    pub role: Role,
    /// The place up to which they have seen everything.
    pub last_read: i64,
    /// How many messages are news to them; 0 in rooms that they hide.
    pub unread: u32,
    /// The place of the first of these, or of what would be if they did not hide the room.
    pub first_news: Option<i64>,
}

/// In one statement, since every page of the room asks for it; `None` for those who are no members.
pub async fn find_own(db: &impl ConnectionTrait, room: RoomId, me: PersonId) -> Found<Option<Own>> {
    #[derive(Deserialize)]
    struct Row(String, i64, String, i64, i64, Option<i64>);
    // The same words for everybody: SQLite need not read them anew for each.
    let (this_room, reader) = ("$1", "$2");
    let query = format!(
        "SELECT b.role, b.last_read_seq, b.level, r.said - b.heard AS unread, \
         CASE WHEN r.said > b.heard THEN (SELECT COUNT(*) FROM ({}) x) ELSE 0 END AS ignored, \
         CASE WHEN r.said > b.heard THEN (SELECT m.seq FROM message m WHERE m.room_id = b.room_id \
         AND m.seq > b.last_read_seq AND m.author_id <> {reader} AND NOT {} ORDER BY m.seq LIMIT 1) END AS first_news \
         FROM member b JOIN room r ON r.id = b.room_id WHERE b.room_id = {this_room} AND b.person_id = {reader}",
        ignored_news(reader, &format!(" AND b.room_id = {this_room}")),
        ignored_by(reader)
    );
    let columns = ["role", "last_read_seq", "level", "unread", "ignored", "first_news"];
    let found: Option<Row> = rows::list(db, &columns, &query, [room.0.into(), me.0.into()]).await?.pop();
    let own = |Row(role, last_read, level, unread, ignored, first_news)| {
        let unread = u32::try_from(unread - ignored).unwrap_or_default();
        let unread = if level_of(&level)? == Level::Hidden { 0 } else { unread };
        Ok(Own { role: role_of(&role)?, last_read, unread, first_news })
    };
    found.map(own).transpose()
}

//! Queries about what is new in a room and yet no news to a member: what they have hidden from
//! themselves, and what people say whom they have blocked.

use super::{DbErr, rows};
use domain::{MessageId, PersonId, RoomId};
use sea_orm::ConnectionTrait;
use std::collections::{HashMap, HashSet};

type Found<T> = Result<T, DbErr>;

/// Whether `{person}` ignores the message `m`.
fn ignored_by(person: PersonId) -> String {
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

/// How many unread messages of these rooms a member ignores; rooms without are left out. Found from what
/// they ignore, which is little: most people ignore nothing, however much is unread.
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
    let unread = format!("m.seq > b.last_read_seq AND m.author_id <> {person} AND b.person_id = {person}{which}");
    format!(
        "SELECT x.room_id, COUNT(*) AS ignored FROM (\
         SELECT m.room_id, m.id FROM hidden h JOIN message m ON m.id = h.message_id \
         JOIN member b ON b.room_id = m.room_id WHERE h.person_id = {person} AND {unread} UNION \
         SELECT m.room_id, m.id FROM block k JOIN message m ON m.author_id = k.blocked_id \
         JOIN member b ON b.room_id = m.room_id WHERE k.person_id = {person} AND {unread}) x GROUP BY x.room_id"
    )
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

/// The place of the first message behind another that is not by `me` and that they do not ignore.
pub async fn find_first_news(db: &impl ConnectionTrait, room: RoomId, me: PersonId, after: i64) -> Found<Option<i64>> {
    let query = format!(
        "SELECT m.seq FROM message m WHERE m.room_id = {room} AND m.seq > {after} AND m.author_id <> {me} \
         AND NOT {} ORDER BY m.seq LIMIT 1",
        ignored_by(me)
    );
    let found: Vec<(i64,)> = rows::list(db, &["seq"], &query, []).await?;
    Ok(found.first().map(|(seq,)| *seq))
}

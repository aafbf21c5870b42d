//! Queries about what the people of another system take part in.

use super::DbErr;
use super::rows;
use crate::Conversation;
use domain::live::Position;
use domain::{MessageId, PersonId, RoomId};
use sea_orm::ConnectionTrait;
use serde::Deserialize;

type Found<T> = Result<T, DbErr>;

/// The system ($1) and the person ($2): rooms it has a name for, and private chats with its people.
const BELONGS: &str = "FROM member b JOIN room r ON r.id = b.room_id \
     LEFT JOIN alias a ON a.room_id = r.id AND a.system = $1 \
     LEFT JOIN contact c ON c.room_id = r.id AND c.person_id = $2 \
     LEFT JOIN identity i ON i.person_id = c.other_id AND i.system = $1";

const IS_THEIRS: &str = "b.person_id = $2 AND (a.name IS NOT NULL OR i.name IS NOT NULL)";

#[rustfmt::skip]
const COLUMNS: [&str; 9] = [
    "room", "name", "archived", "created_at", "host", "first_by", "last", "last_by", "last_at",
];

/// In the order of `COLUMNS`.
#[derive(Deserialize)]
struct Row {
    room: i64,
    name: Option<String>,
    archived: i64,
    created_at: i64,
    host: Option<i64>,
    first_by: i64,
    last: i64,
    last_by: i64,
    last_at: i64,
}

impl From<Row> for Conversation {
    fn from(row: Row) -> Self {
        let host = if row.name.is_none() { Some(row.first_by) } else { row.host };
        Self {
            room: RoomId(row.room),
            name: row.name,
            archived: row.archived != 0,
            created_at: row.created_at,
            host: host.map(PersonId),
            last: MessageId(row.last),
            last_by: PersonId(row.last_by),
            last_at: row.last_at,
        }
    }
}

/// Those in which something was said, newest last message first.
pub async fn list_conversations(
    db: &impl ConnectionTrait,
    (system, person): (&str, PersonId),
    private: Option<bool>,
    offset: u64,
    limit: u64,
) -> Found<Vec<Conversation>> {
    let kind = match private {
        None => "",
        Some(true) => "AND a.name IS NULL",
        Some(false) => "AND a.name IS NOT NULL",
    };
    let query = format!(
        "SELECT r.id AS room, a.name AS name, CASE WHEN r.archived THEN 1 ELSE 0 END AS archived, r.created_at, \
         (SELECT h.person_id FROM member h WHERE h.room_id = r.id AND h.role = 'host' \
         ORDER BY h.joined_at, h.person_id LIMIT 1) AS host, \
         (SELECT f.author_id FROM message f WHERE f.room_id = r.id ORDER BY f.seq LIMIT 1) AS first_by, \
         m.id AS last, m.author_id AS last_by, m.at AS last_at {BELONGS} \
         JOIN message m ON m.room_id = r.id \
         AND m.seq = (SELECT n.seq FROM message n WHERE n.room_id = r.id ORDER BY n.seq DESC LIMIT 1) \
         WHERE {IS_THEIRS} {kind} ORDER BY m.at DESC, m.id DESC LIMIT $3 OFFSET $4"
    );
    let values = [system.into(), person.0.into(), number(limit).into(), number(offset).into()];
    let mut rows: Vec<Row> = rows::list(db, &COLUMNS, &query, values).await?;
    rows.sort_by_key(|row| std::cmp::Reverse((row.last_at, row.last)));
    Ok(rows.into_iter().map(Conversation::from).collect())
}

/// All of them, those first where something happened last.
pub async fn list_rooms(
    db: &impl ConnectionTrait,
    (system, person): (&str, PersonId),
    limit: u64,
) -> Found<Vec<(RoomId, Position)>> {
    let query = format!(
        "SELECT r.id AS room, r.epoch, r.last_seq AS seq {BELONGS} WHERE {IS_THEIRS} \
         ORDER BY r.last_at DESC, r.id DESC LIMIT $3"
    );
    let values = [system.into(), person.0.into(), number(limit).into()];
    let rows: Vec<(i64, i64, i64)> = rows::list(db, &["room", "epoch", "seq"], &query, values).await?;
    Ok(rows.into_iter().map(|(room, epoch, seq)| (RoomId(room), Position { epoch, seq })).collect())
}

fn number(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

//! Queries about who is mentioned where, and who can be.

use super::rows;
use super::{DatabaseTransaction, DbErr};
use domain::person::Person;
use domain::span::Span;
use domain::{MessageId, PersonId, RoomId};
use sea_orm::{ConnectionTrait, Statement};
use std::collections::BTreeSet;

type Found<T> = Result<T, DbErr>;

/// Whom these spans mean.
#[derive(Default)]
struct Meant {
    people: BTreeSet<PersonId>,
    everyone: bool,
}

impl Meant {
    fn by(spans: &[Span]) -> Self {
        let mut meant = Self::default();
        meant.look(spans);
        meant
    }

    fn look(&mut self, spans: &[Span]) {
        for span in spans {
            match span {
                Span::Mention { person, .. } => drop(self.people.insert(*person)),
                Span::Everyone => self.everyone = true,
                Span::Strong(inner) | Span::Emphasis(inner) => self.look(inner),
                Span::Text(_)
                | Span::Break
                | Span::Link { .. }
                | Span::Code(_)
                | Span::Block(_)
                | Span::Recalled { .. }
                | Span::Forwarded { .. } => {}
            }
        }
    }
}

/// Whether these spans mean nobody, as most do.
pub fn means_nobody(spans: &[Span]) -> bool {
    let meant = Meant::by(spans);
    !meant.everyone && meant.people.is_empty()
}

/// Notes whom the message at a place means, but for its author; nothing for most messages.
pub async fn create_mentions(
    db: &DatabaseTransaction,
    room: RoomId,
    seq: i64,
    author: PersonId,
    spans: &[Span],
) -> Found<()> {
    let meant = Meant::by(spans);
    let which = match (meant.everyone, meant.people.len()) {
        (true, _) => String::new(),
        (false, 0) => return Ok(()),
        (false, _) => {
            let ids: Vec<String> = meant.people.iter().map(ToString::to_string).collect();
            format!("AND person_id IN ({})", ids.join(", "))
        }
    };
    let sql = format!(
        "INSERT INTO mention (room_id, seq, person_id) \
         SELECT room_id, CAST($1 AS BIGINT), person_id FROM member WHERE room_id = $2 AND person_id <> $3 {which}"
    );
    let values = [seq.into(), room.0.into(), author.0.into()];
    db.execute_raw(Statement::from_sql_and_values(db.get_database_backend(), sql, values)).await.map(drop)
}

/// Forgets whom these messages meant.
pub async fn remove_mentions(db: &impl ConnectionTrait, of: &[MessageId]) -> Found<()> {
    let ids: Vec<String> = of.iter().map(ToString::to_string).collect();
    let sql = format!(
        "DELETE FROM mention WHERE EXISTS (SELECT 1 FROM message m WHERE m.id IN ({}) \
         AND m.room_id = mention.room_id AND m.seq = mention.seq)",
        ids.join(", ")
    );
    db.execute_unprepared(&sql).await.map(drop)
}

/// The members of a room, those first who said something last; at most `limit`.
pub async fn list_lately(db: &impl ConnectionTrait, room: RoomId, limit: i64) -> Found<Vec<Person>> {
    let query = "SELECT p.id, p.name, p.display, m.said_at FROM member m JOIN person p ON p.id = m.person_id \
                 WHERE m.room_id = $1 AND NOT p.disabled ORDER BY m.said_at DESC, p.id LIMIT $2";
    let columns = ["id", "name", "display", "said_at"];
    let mut people: Vec<(i64, String, String, i64)> =
        rows::list(db, &columns, query, [room.0.into(), limit.into()]).await?;
    people.sort_by_key(|(id, _, _, said_at)| (std::cmp::Reverse(*said_at), *id));
    Ok(people.into_iter().map(|(id, name, display, _)| Person::named(PersonId(id), name, display)).collect())
}

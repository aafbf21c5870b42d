//! Queries about private chats: who has one with whom, and how far it has come.

use super::DbErr;
use super::entities::{contact, first_contact, privacy};
use super::rows;
use domain::contact::{FirstContact, Privacy, Tally};
use domain::person::Person;
use domain::{PersonId, RoomId};
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter,
    QuerySelect, Statement,
};
use serde::Deserialize;
use std::collections::HashMap;

type Found<T> = Result<T, DbErr>;

/// One of the two in a private chat, with all that decides what the other one may do and know.
#[derive(Clone, Debug, Deserialize)]
pub struct Side {
    pub id: i64,
    pub name: String,
    pub display: String,
    pub portrait: String,
    /// When they were here last.
    pub here_at: i64,
    pub disabled: i64,
    pub accepted: i64,
    pub sent: u32,
    pub until: i64,
    pub tally: u32,
    pub tally_until: i64,
    pub delivered: i64,
    pub delivered_at: i64,
    pub seen: i64,
    pub seen_at: i64,
    /// Everything up to this place was looked at.
    pub last_read: i64,
    /// The room's last place.
    pub last_seq: i64,
    pub shows_presence: i64,
    pub shows_receipts: i64,
    /// Whether they have blocked the other one.
    pub blocks: i64,
}

/// In the order of [`Side`].
#[rustfmt::skip]
const COLUMNS: [&str; 20] = [
    "id", "name", "display", "portrait", "here_at", "disabled", "accepted", "sent", "until", "tally", "tally_until", "delivered",
    "delivered_at", "seen", "seen_at", "last_read", "last_seq", "shows_presence", "shows_receipts", "blocks",
];

impl Side {
    /// What they said here, where that is counted.
    pub fn tally(&self) -> Tally {
        Tally { count: self.tally, until: self.tally_until }
    }

    pub fn person(&self) -> Person {
        let Self { id, name, display, portrait, .. } = self.clone();
        Person { id: PersonId(id), name, display, portrait }
    }
}

/// Both sides of a chat, `me` first; `None` if it is none, or not theirs.
pub async fn find_sides(db: &impl ConnectionTrait, room: RoomId, me: PersonId) -> Found<Option<[Side; 2]>> {
    let mut sides = list_sides(db, room).await?;
    sides.sort_by_key(|side| side.id != me.0);
    let sides: Option<[Side; 2]> = sides.try_into().ok();
    Ok(sides.filter(|[mine, _]| mine.id == me.0))
}

/// Both sides of a chat; none of what is none.
pub async fn list_sides(db: &impl ConnectionTrait, room: RoomId) -> Found<Vec<Side>> {
    let flag = |column: &str| format!("CASE WHEN {column} THEN 1 ELSE 0 END");
    // Whoever has changed nothing lets others know.
    let shown = |column: &str| format!("CASE WHEN NOT v.{column} THEN 0 ELSE 1 END");
    let query = format!(
        "SELECT p.id, p.name, p.display, p.portrait, p.seen_at AS here_at, {} AS disabled, {} AS accepted, c.sent, c.until, \
         c.tally, c.tally_until, c.delivered, c.delivered_at, c.seen, c.seen_at, COALESCE(m.last_read_seq, 0) AS last_read, r.last_seq, \
         {} AS shows_presence, {} AS shows_receipts, {} AS blocks \
         FROM contact c JOIN person p ON p.id = c.person_id JOIN room r ON r.id = c.room_id \
         LEFT JOIN member m ON m.room_id = c.room_id AND m.person_id = c.person_id \
         LEFT JOIN privacy v ON v.person_id = c.person_id \
         LEFT JOIN block b ON b.person_id = c.person_id AND b.blocked_id = c.other_id \
         WHERE c.room_id = $1",
        flag("p.disabled"),
        flag("c.accepted"),
        shown("presence"),
        shown("receipts"),
        flag("b.at IS NOT NULL"),
    );
    rows::list(db, &COLUMNS, &query, [room.0.into()]).await
}

/// The chat of two people.
pub async fn find_pair(db: &impl ConnectionTrait, one: PersonId, other: PersonId) -> Found<Option<RoomId>> {
    let pair = contact::Entity::find()
        .filter(contact::Column::PersonId.eq(one.0))
        .filter(contact::Column::OtherId.eq(other.0));
    Ok(pair.one(db).await?.map(|row| RoomId(row.room_id)))
}

/// # Errors
/// A unique violation of `contact_person_id_other_id`.
pub async fn create_pair(db: &impl ConnectionTrait, room: RoomId, pair: [PersonId; 2]) -> Found<()> {
    let side = |one: PersonId, other: PersonId| contact::Model {
        room_id: room.0,
        person_id: one.0,
        other_id: other.0,
        accepted: false,
        sent: 0,
        until: 0,
        tally: 0,
        tally_until: 0,
        delivered: 0,
        delivered_at: 0,
        seen: 0,
        seen_at: 0,
    };
    let sides = [side(pair[0], pair[1]), side(pair[1], pair[0])].map(|row| row.into_active_model().reset_all());
    contact::Entity::insert_many(sides).exec_without_returning(db).await.map(drop)
}

/// With whom somebody has these chats; those that are none are missing.
pub async fn list_faces(db: &impl ConnectionTrait, me: PersonId, rooms: &[RoomId]) -> Found<HashMap<RoomId, Person>> {
    if rooms.is_empty() {
        return Ok(HashMap::new());
    }
    // Numbers stand in the statement itself: a database takes only so many values beside it.
    let rooms: Vec<String> = rooms.iter().map(|room| room.0.to_string()).collect();
    let query = format!(
        "SELECT c.room_id, p.id, p.name, p.display, p.portrait FROM contact c JOIN person p ON p.id = c.other_id \
         WHERE c.person_id = $1 AND c.room_id IN ({})",
        rooms.join(",")
    );
    let columns = ["room_id", "id", "name", "display", "portrait"];
    let rows: Vec<(i64, i64, String, String, String)> = rows::list(db, &columns, &query, [me.0.into()]).await?;
    let face =
        |(room, id, name, display, portrait)| (RoomId(room), Person { id: PersonId(id), name, display, portrait });
    Ok(rows.into_iter().map(face).collect())
}

/// The two people of a chat.
pub async fn list_pair(db: &impl ConnectionTrait, room: RoomId) -> Found<Vec<Person>> {
    let query = "SELECT p.id, p.name, p.display, p.portrait FROM contact c JOIN person p ON p.id = c.person_id WHERE c.room_id = $1";
    rows::list(db, &["id", "name", "display", "portrait"], query, [room.0.into()]).await.map(rows::people)
}

/// Lets the other one write.
pub async fn accept(db: &impl ConnectionTrait, room: RoomId, person: PersonId) -> Found<()> {
    let change = contact::ActiveModel { accepted: Set(true), ..Default::default() };
    change_side(db, room, person, change).await
}

/// Counts messages that are not answered yet.
pub async fn change_sent(
    db: &impl ConnectionTrait,
    room: RoomId,
    person: PersonId,
    sent: u32,
    until: i64,
) -> Found<()> {
    let change = contact::ActiveModel { sent: Set(sent.into()), until: Set(until), ..Default::default() };
    change_side(db, room, person, change).await
}

/// Counts a message where all are counted.
pub async fn change_tally(db: &impl ConnectionTrait, room: RoomId, person: PersonId, tally: Tally) -> Found<()> {
    let Tally { count, until } = tally;
    let change = contact::ActiveModel { tally: Set(count.into()), tally_until: Set(until), ..Default::default() };
    change_side(db, room, person, change).await
}

async fn change_side(
    db: &impl ConnectionTrait,
    room: RoomId,
    person: PersonId,
    change: contact::ActiveModel,
) -> Found<()> {
    let side = contact::Entity::update_many()
        .set(change)
        .filter(contact::Column::RoomId.eq(room.0))
        .filter(contact::Column::PersonId.eq(person.0));
    side.exec(db).await.map(drop)
}

/// Notes that everything up to a place has reached somebody; never less than before.
pub async fn change_delivered(
    db: &impl ConnectionTrait,
    room: RoomId,
    person: PersonId,
    seq: i64,
    at: i64,
) -> Found<()> {
    use contact::Column::{Delivered, DeliveredAt};
    raise(db, room, person, (Delivered, seq), (DeliveredAt, at)).await
}

/// Notes how far somebody has looked; never less than before.
pub async fn change_seen(db: &impl ConnectionTrait, room: RoomId, person: PersonId, seq: i64, at: i64) -> Found<()> {
    use contact::Column::{Seen, SeenAt};
    raise(db, room, person, (Seen, seq), (SeenAt, at)).await
}

async fn raise(
    db: &impl ConnectionTrait,
    room: RoomId,
    person: PersonId,
    (place, seq): (contact::Column, i64),
    (time, at): (contact::Column, i64),
) -> Found<()> {
    contact::Entity::update_many()
        .col_expr(place, Expr::value(seq))
        .col_expr(time, Expr::value(at))
        .filter(contact::Column::RoomId.eq(room.0))
        .filter(contact::Column::PersonId.eq(person.0))
        .filter(place.lt(seq))
        .exec(db)
        .await
        .map(drop)
}

/// Who has not been reached by what the other one said, and where.
pub async fn list_undelivered(db: &impl ConnectionTrait) -> Found<Vec<(PersonId, RoomId)>> {
    let sql = "SELECT c.person_id, c.room_id FROM contact c WHERE EXISTS (SELECT 1 FROM message m \
               WHERE m.room_id = c.room_id AND m.author_id = c.other_id AND m.seq > c.delivered)";
    let found = db.query_all_raw(Statement::from_string(db.get_database_backend(), sql)).await?;
    found.iter().map(|row| Ok((PersonId(row.try_get_by_index(0)?), RoomId(row.try_get_by_index(1)?)))).collect()
}

pub async fn find_first_contact(db: &impl ConnectionTrait) -> Found<FirstContact> {
    let row = first_contact::Entity::find_by_id(1).one(db).await?;
    row.map_or_else(|| Ok(FirstContact::default()), FirstContact::try_from)
}

pub async fn change_first_contact(db: &impl ConnectionTrait, rule: FirstContact) -> Found<()> {
    use first_contact::Column::{Hours, Id, Most};
    let row = first_contact::Model { id: 1, most: rule.most.into(), hours: rule.hours.into() };
    let mut anew = OnConflict::column(Id);
    anew.update_columns([Most, Hours]);
    let insert = first_contact::Entity::insert(row.into_active_model().reset_all()).on_conflict(anew);
    insert.exec_without_returning(db).await.map(drop)
}

pub async fn find_privacy(db: &impl ConnectionTrait, person: PersonId) -> Found<Privacy> {
    let row = privacy::Entity::find_by_id(person.0).one(db).await?;
    Ok(row.map(Privacy::from).unwrap_or_default())
}

pub async fn change_privacy(db: &impl ConnectionTrait, person: PersonId, privacy: Privacy) -> Found<()> {
    use privacy::Column::{Listed, PersonId, Presence, Receipts};
    let Privacy { presence, receipts, listed } = privacy;
    let row = privacy::Model { person_id: person.0, presence, receipts, listed };
    let mut anew = OnConflict::column(PersonId);
    anew.update_columns([Presence, Receipts, Listed]);
    let insert = privacy::Entity::insert(row.into_active_model().reset_all()).on_conflict(anew);
    insert.exec_without_returning(db).await.map(drop)
}

/// The chats of somebody.
pub async fn list_rooms_of(db: &impl ConnectionTrait, person: PersonId) -> Found<Vec<RoomId>> {
    let rooms: Vec<i64> = contact::Entity::find()
        .filter(contact::Column::PersonId.eq(person.0))
        .select_only()
        .column(contact::Column::RoomId)
        .into_tuple()
        .all(db)
        .await?;
    Ok(rooms.into_iter().map(RoomId).collect())
}

//! Queries about what happened in a room, messages included, and where the room stands.

use super::DbErr;
use super::entities::{event, room};
use super::messages::{list_after, list_spans};
use super::people::{find_person, holds, list_named};
use super::pictures::list_hanging;
use domain::event::{Event, What};
use domain::live::Position;
use domain::person::Person;
use domain::room::Room;
use domain::{BlobId, MessageId, PersonId, PictureId, RoomId};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

/// How many places of a room are looked through for who did something.
const READ_THROUGH: i64 = 1_000;

/// A room and how far it has come.
pub struct Standing {
    pub room: Room,
    pub position: Position,
    pub wall_rev: i64,
}

pub async fn find_standing(db: &impl ConnectionTrait, room: RoomId) -> Result<Option<Standing>, DbErr> {
    let Some(row) = room::Entity::find_by_id(room.0).one(db).await? else { return Ok(None) };
    let position = Position { epoch: row.epoch, seq: row.last_seq };
    Ok(Some(Standing { room: (&row).try_into()?, position, wall_rev: row.wall_rev }))
}

/// The first `limit` events after a place, in order.
pub async fn list_events_after(
    db: &impl ConnectionTrait,
    room: RoomId,
    after: i64,
    limit: usize,
) -> Result<Vec<Event>, DbErr> {
    let said = list_after(db, room, after, limit).await?;
    let rows = event::Entity::find()
        .filter(event::Column::RoomId.eq(room.0))
        .filter(event::Column::Seq.gt(after))
        .order_by_asc(event::Column::Seq)
        .limit(limit as u64)
        .all(db)
        .await?;
    let mut events = Vec::with_capacity(said.len() + rows.len());
    for message in said {
        events.push(Event { room, seq: message.seq, at: message.at, what: What::Said { message }, by: None });
    }
    let doers = list_named(db, rows.iter().filter_map(|row| row.by_id)).await?;
    let mut read = Vec::with_capacity(rows.len());
    for row in &rows {
        read.push(serde_json::from_str(&row.body).map_err(|cause| DbErr::Json(cause.to_string()))?);
    }
    forget_hidden(db, room, &mut read).await?;
    tell_as_it_is(db, &mut read).await?;
    for (row, what) in rows.into_iter().zip(read) {
        let by = row.by_id.and_then(|id| doers.get(&id).cloned().map(Box::new));
        events.push(Event { room, seq: row.seq, at: row.at, what, by });
    }
    events.sort_by_key(|event| event.seq);
    events.truncate(limit);
    Ok(events)
}

/// Who gave a picture of the room the file that it has now, if that was among the last that happened there
/// and everybody could see it.
pub async fn find_doer(db: &impl ConnectionTrait, room: RoomId, blob: &BlobId) -> Result<Option<Person>, DbErr> {
    let Some(row) = room::Entity::find_by_id(room.0).one(db).await? else { return Ok(None) };
    let first = event::Entity::find()
        .filter(event::Column::RoomId.eq(room.0))
        .filter(event::Column::Seq.gt(row.last_seq - READ_THROUGH))
        .filter(Expr::col(event::Column::Body).like(holds(blob.as_str())))
        .order_by_asc(event::Column::Seq);
    let Some(by) = first.one(db).await?.and_then(|event| event.by_id) else { return Ok(None) };
    Ok(find_person(db, PersonId(by)).await?.map(Person::from))
}

/// What was changed is told as it is now: nobody hears what it said in between.
async fn tell_as_it_is(db: &impl ConnectionTrait, events: &mut [What]) -> Result<(), DbErr> {
    let edited = |what: &What| match what {
        What::Edited { message, .. } => Some(*message),
        _ => None,
    };
    let ids: Vec<MessageId> = events.iter().filter_map(edited).collect();
    if ids.is_empty() {
        return Ok(());
    }
    let now = list_spans(db, &ids).await?;
    for what in events {
        if let What::Edited { message, spans } = what {
            *spans = now.get(message).cloned().unwrap_or_default();
        }
    }
    Ok(())
}

/// Of a picture that does not hang any more, or is held back, nothing is told again: its coming
/// is told as its going, which leaves every wall the same.
async fn forget_hidden(db: &impl ConnectionTrait, room: RoomId, events: &mut [What]) -> Result<(), DbErr> {
    let picture = |what: &What| match what {
        What::PictureAdded { picture, .. } | What::PictureChanged { picture, .. } => Some(picture.id),
        _ => None,
    };
    let told: Vec<PictureId> = events.iter().filter_map(picture).collect();
    if told.is_empty() {
        return Ok(());
    }
    let hanging = list_hanging(db, room, &told).await?;
    for what in events {
        if let (Some(picture), Some(rev)) = (picture(what), what.wall_rev())
            && !hanging.contains(&picture)
        {
            *what = What::PictureRemoved { rev, picture, others: Vec::new() };
        }
    }
    Ok(())
}

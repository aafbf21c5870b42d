//! Queries about what happened in a room, messages included, and where the room stands.

use super::DbErr;
use super::entities::{event, room};
use super::messages::list_after;
use domain::RoomId;
use domain::event::{Event, What};
use domain::live::Position;
use domain::room::Room;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

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
        events.push(Event { room, seq: message.seq, at: message.at, what: What::Said { message } });
    }
    for row in rows {
        let what = serde_json::from_str(&row.body).map_err(|cause| DbErr::Json(cause.to_string()))?;
        events.push(Event { room, seq: row.seq, at: row.at, what });
    }
    events.sort_by_key(|event| event.seq);
    events.truncate(limit);
    Ok(events)
}

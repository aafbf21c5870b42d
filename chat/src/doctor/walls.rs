//! Whether a page that follows a room's events sees the wall that is stored.

use super::{RESTORE, Report};
use crate::store::entities::event;
use crate::store::events::find_standing;
use crate::store::pictures::list_pictures;
use crate::store::{Connection, DbErr, whole};
use domain::event::What;
use domain::wall::{Applied, Wall};
use domain::{BlobId, PictureId, RoomId};
use std::collections::BTreeMap;

/// Follows all walls from the beginning.
pub(super) async fn examine(db: &impl Connection, report: &mut Report) -> Result<(), DbErr> {
    let mut walls = BTreeMap::<i64, Wall>::new();
    let events = whole::each_row::<event::Entity>(db, |row| match serde_json::from_str::<What>(&row.body) {
        Ok(what) => {
            if walls.entry(row.room_id).or_default().apply(&what) == Applied::Gap {
                report.damage(
                    format!("room {}: at place {} a change of the wall is missing", row.room_id, row.seq),
                    RESTORE,
                );
            }
        }
        Err(_) => {
            report.damage(format!("room {}: the event at place {} cannot be read", row.room_id, row.seq), RESTORE)
        }
    });
    events.await?;
    for (room, followed) in walls {
        let Some(standing) = find_standing(db, RoomId(room)).await? else { continue };
        let stored = Wall::new(standing.wall_rev, list_pictures(db, RoomId(room)).await?);
        if order_of(&stored) != order_of(&followed) {
            let slug = standing.room.slug;
            report.damage(format!("room {slug}: its wall is not what its events tell"), RESTORE);
        }
    }
    Ok(())
}

/// The revision, and what hangs where.
fn order_of(wall: &Wall) -> (i64, Vec<(PictureId, &BlobId, i64)>) {
    (wall.rev, wall.pictures.iter().map(|picture| (picture.id, &picture.blob, picture.order)).collect())
}

//! What a room shows to everybody: one of its pictures, its video, or nothing. Hosts decide;
//! every change is one event, so whoever follows, comes late or comes back sees the same.

use crate::access::RoomHost;
use crate::hub::Outbox;
use crate::store::Tx;
use crate::store::members::list_host_ids;
use crate::store::stage::{Standing, find_standing, put_stage};
use crate::wall::{no_picture, wall_for_change};
use crate::{Chat, Problem, Result, Thing};
use domain::event::What;
use domain::person::Person;
use domain::stage::{Cue, Show, Stage};
use domain::{PictureId, RoomId};
use std::sync::Arc;
use std::time::Duration;

/// Hosts are told at most so often how soon their followers see what they show.
const TELL_EVERY: Duration = Duration::from_secs(1);

impl Chat {
    /// Shows something to everybody in the room.
    ///
    /// # Errors
    /// `NotAllowed` in an archived room; `NotFound(Picture)` for one that does not hang there;
    /// `NotFound(Video)` if the room has none.
    pub async fn show(&self, host: &RoomHost, cue: Cue) -> Result<Stage> {
        let room = host.not_archived()?.room().id;
        let (host, by) = (host.clone(), host.who().person.clone());
        let change = self.store().write_in(room, move |tx| {
            Box::pin(async move {
                let wall = wall_for_change(tx, &host).await?;
                let Standing { stage, position } = find_standing(tx.db(), room).await?;
                match cue {
                    Cue::Picture(picture) if wall.position(picture).is_none() => return Err(no_picture().into()),
                    Cue::Play(_) | Cue::Pause(_) if stage.video.is_none() => return Err(no_video().into()),
                    Cue::Nothing | Cue::Picture(_) | Cue::Play(_) | Cue::Pause(_) => {}
                }
                let show = stage.after(cue, tx.now(), position);
                if show == stage.show {
                    return Ok(stage);
                }
                change_show(tx, room, Standing { stage, position }, show, by).await
            })
        });
        change.await
    }

    /// Notes that a page has what the event at `seq` put on the stage on its screen. Nothing if it
    /// does not listen there, said so already, or the stage changed long ago or since.
    pub fn painted(&self, outbox: &Outbox, room: RoomId, seq: i64) {
        if self.hub().painted(outbox, room, seq) {
            let house = Arc::downgrade(&self.0);
            tokio::spawn(async move {
                loop {
                    tokio::time::sleep(TELL_EVERY).await;
                    let Some(house) = house.upgrade() else { return };
                    if !Chat(house).tell_followers(room).await {
                        return;
                    }
                }
            });
        }
    }

    /// Tells the room's hosts how soon the others see what they show. `false` when that is told.
    async fn tell_followers(&self, room: RoomId) -> bool {
        match list_host_ids(self.store().read(), room).await {
            Ok(hosts) => self.hub().tell_followers(room, &hosts),
            Err(cause) => {
                tracing::debug!(%cause, %room, "hosts are not told how soon others see what they show");
                self.hub().tell_followers(room, &[])
            }
        }
    }
}

/// Takes a picture off the stage that is taken off the wall in the same transaction.
pub(crate) async fn take_off(tx: &mut Tx, room: RoomId, picture: PictureId, by: Person) -> Result<()> {
    let standing = find_standing(tx.db(), room).await?;
    if standing.stage.picture() == Some(picture) {
        change_show(tx, room, standing, Show::Nothing, by).await?;
    }
    Ok(())
}

/// Writes down and tells what is shown now. Where a video was stays, for when it goes on.
pub(crate) async fn change_show(tx: &mut Tx, room: RoomId, old: Standing, show: Show, by: Person) -> Result<Stage> {
    let position = match (show, old.stage.show) {
        (Show::Video { position, .. }, _) => position,
        (Show::Nothing | Show::Picture(_), Show::Video { .. }) => old.stage.position(tx.now()),
        (Show::Nothing | Show::Picture(_), Show::Nothing | Show::Picture(_)) => old.position,
    };
    let stage = Stage { show, at: tx.now(), by: Some(by), video: old.stage.video };
    put_stage(tx.db(), room, &stage, position).await?;
    tx.record(room, What::StageChanged { stage: stage.clone() }).await?;
    Ok(stage)
}

pub(crate) fn no_video() -> Problem {
    Problem::not_found(Thing::Video)
}

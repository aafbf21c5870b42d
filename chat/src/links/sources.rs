//! Where a wall's pictures come from, for its hosts: which ones other systems named, and which of
//! those could not be had.

use super::no_link;
use crate::access::RoomHost;
use crate::store::entities::link;
use crate::store::{links as rows, outside};
use crate::{Chat, Problem, Result};
use domain::source::{Lost, Named, Sources};
use domain::{LinkId, PictureId, RoomId};
use std::collections::HashSet;

impl Chat {
    pub async fn sources(&self, host: &RoomHost) -> Result<Sources> {
        let (db, room) = (self.store().read(), host.room().id);
        let names = rows::list_names(db, room).await?.into_iter();
        let named = names.map(|(picture, system, name)| Named { picture: PictureId(picture), system, name });
        let named = named.collect();
        let hung: HashSet<i64> = rows::list_hung_in(db, room).await?.iter().map(|row| row.link_id).collect();
        let mut lost = Vec::new();
        for link in rows::list_with_problem(db, room).await?.into_iter().filter(|link| !hung.contains(&link.id)) {
            if self.is_for(&link, room).await? {
                lost.extend(lost_of(link));
            }
        }
        Ok(Sources { named, lost })
    }

    /// Tries once more to get a picture that could not be had, and hangs it.
    ///
    /// # Errors
    /// `NotFound(Picture)` if the room has no such link; why it cannot be had; `TooFast`.
    pub async fn refetch_link(&self, host: &RoomHost, id: LinkId) -> Result<()> {
        let room = host.not_archived()?.room().id;
        let hosts = [host.clone()];
        self.limits().link(&hosts)?;
        let link = rows::find_link(self.store().read(), id.0).await?.ok_or_else(no_link)?;
        if !self.is_for(&link, room).await? {
            return Err(no_link().into());
        }
        self.bring_in_line(link.id, &link.system, &hosts).await
    }

    /// Whether a link belongs to a room, alone or among all of its system.
    async fn is_for(&self, link: &link::Model, room: RoomId) -> Result<bool> {
        Ok(match link.room_id {
            Some(own) => own == room.0,
            None => outside::list_rooms(self.store().read(), &link.system).await?.contains(&room),
        })
    }
}

fn lost_of(link: link::Model) -> Option<Lost> {
    let why: Problem = serde_json::from_str(&link.problem?).ok()?;
    Some(Lost { link: LinkId(link.id), system: link.system, name: link.name, url: link.url, why })
}

//! Pictures that another system names by their address, under a name of its own. What the system
//! says counts at once; behind that the house fetches the picture and hangs it on its own wall
//! (`hanging`), and a host there may move it, hold it back or take it down like any other.

mod hanging;
mod own;
mod shared;
mod sources;

pub(crate) use hanging::Turns;
pub use own::{OwnPicture, OwnPut};

use crate::access::{RoomHost, RoomReader};
use crate::passes::API;
use crate::store::Tx;
use crate::store::entities::link;
use crate::store::{links as rows, outside, pictures};
use crate::{Chat, MAX_ORDER, Problem, Result, Rule, Thing};
use domain::picture::Picture;
use domain::wall::MAX;
use domain::{PictureId, RoomId};
use std::collections::{HashMap, HashSet};

/// Longest address, and longest text that a system puts beside a room; bytes.
pub(crate) const MAX_TEXT: usize = 64 * 1024;

/// A picture as a system names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    pub id: i64,
    /// What the system calls it; several may have one name.
    pub name: String,
    /// `None`: every room of the system.
    pub room: Option<RoomId>,
    /// Byte for byte.
    pub url: String,
    /// The larger, the nearer to the front.
    pub order: i64,
    pub created_at: i64,
    pub updated_at: i64,
}

/// What a system says of a picture.
#[derive(Clone, Debug, Default)]
pub struct LinkWords {
    pub room: Option<RoomId>,
    pub url: String,
    pub order: i64,
}

/// A picture of a room's wall, as its system sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shown {
    /// With the order that it has on our wall.
    Link(Link),
    /// One that a host has hung here.
    Ours(Picture),
}

impl Shown {
    fn place(&self) -> (i64, i64, i64) {
        match self {
            Self::Link(link) => (link.order, link.created_at, link.id),
            Self::Ours(picture) => (picture.order, picture.at, picture.id.0),
        }
    }
}

impl Chat {
    /// Links a picture. `hosts`: of every room that it shall be seen in.
    ///
    /// # Errors
    /// [`Problem::NotAllowed`] if a host is missing; `Invalid` for an address that is too long, and
    /// if the system has linked as many as a wall can have; `TooFast`.
    pub async fn link_picture(&self, hosts: &[RoomHost], system: &str, name: &str, words: LinkWords) -> Result<Link> {
        let words = self.check_words(hosts, system, words).await?;
        let (system_name, name) = (system.to_owned(), name.to_owned());
        let write = self.store().write(move |tx| {
            Box::pin(async move {
                if rows::count(tx.db(), &system_name).await? >= MAX as u64 {
                    return Err(Problem::invalid("wall", Rule::TooMany { max: MAX as u32 }).into());
                }
                Ok(rows::create_link(tx.db(), row(&system_name, &name, words, tx.now())).await?)
            })
        });
        let link = write.await?;
        self.hang_soon(vec![link.id], system, hosts);
        Ok(link.into())
    }

    /// Puts other words in the place of all that a system calls so; newest first. What a host has
    /// taken down meanwhile is hung again.
    ///
    /// # Errors
    /// As [`Chat::link_picture`], also for the rooms where they were; `NotFound(Picture)`.
    pub async fn change_links(
        &self,
        hosts: &[RoomHost],
        system: &str,
        name: &str,
        words: LinkWords,
    ) -> Result<Vec<Link>> {
        let words = self.check_words(hosts, system, words).await?;
        let before = self.links_named(hosts, system, name).await?;
        let (system_name, name) = (system.to_owned(), name.to_owned());
        let write = self.store().write(move |tx| {
            Box::pin(async move {
                for link in &before {
                    forget_taken_down(tx, link.id).await?;
                }
                rows::change_named(tx.db(), &row(&system_name, &name, words, tx.now())).await?;
                Ok(rows::list_named(tx.db(), &system_name, &name).await?)
            })
        });
        let links = write.await?;
        self.hang_soon(links.iter().map(|link| link.id).collect(), system, hosts);
        if links.is_empty() { Err(no_link().into()) } else { Ok(links.into_iter().map(Link::from).collect()) }
    }

    /// Removes all that a system calls so; answers what they were.
    ///
    /// # Errors
    /// As [`Chat::change_links`].
    pub async fn remove_links(&self, hosts: &[RoomHost], system: &str, name: &str) -> Result<Vec<Link>> {
        self.limits().link(hosts)?;
        let before = self.links_named(hosts, system, name).await?;
        let (system_name, name) = (system.to_owned(), name.to_owned());
        let write = self
            .store()
            .write(move |tx| Box::pin(async move { Ok(rows::remove_named(tx.db(), &system_name, &name).await?) }));
        write.await?;
        self.hang_soon(before.iter().map(|link| link.id).collect(), system, hosts);
        Ok(before)
    }

    /// All that a system calls so, newest first.
    ///
    /// # Errors
    /// [`Problem::NotAllowed`] unless `hosts` run every room of theirs; `NotFound(Picture)`.
    pub async fn links_named(&self, hosts: &[RoomHost], system: &str, name: &str) -> Result<Vec<Link>> {
        let links = rows::list_named(self.store().read(), system, name).await?;
        if links.is_empty() {
            return Err(no_link().into());
        }
        for link in &links {
            self.check_hosts(hosts, system, link.room_id.map(RoomId)).await?;
        }
        Ok(links.into_iter().map(Link::from).collect())
    }

    /// A room's wall as its system sees it, front first: what it has linked, and what was hung here.
    pub async fn linked_wall(&self, reader: &RoomReader, system: &str) -> Result<Vec<Shown>> {
        let room = reader.room().id;
        let links = rows::list_in(self.store().read(), system, room).await?;
        let mut hung = rows::list_hung_in(self.store().read(), room).await?;
        // What programs name themselves is nothing of this system's.
        let own = rows::list_own_names(self.store().read(), API, room).await?;
        hung.retain(|row| !own.contains_key(&PictureId(row.picture_id)));
        let wall = self.wall_of(room).await?.pictures;
        let here: HashMap<i64, &Picture> = wall.iter().map(|picture| (picture.id.0, picture)).collect();
        let linked: HashSet<i64> = hung.iter().map(|row| row.picture_id).collect();
        let by_link: HashMap<i64, i64> = hung.iter().map(|row| (row.link_id, row.picture_id)).collect();
        let mut shown: Vec<Shown> = links
            .into_iter()
            .filter_map(|link| match by_link.get(&link.id) {
                None => Some(Shown::Link(link.into())),
                // Held back or taken down by a host.
                Some(picture) => here.get(picture).map(|picture| Shown::Link(as_hung(link.into(), picture))),
            })
            .collect();
        shown.extend(wall.iter().filter(|picture| !linked.contains(&picture.id.0)).cloned().map(Shown::Ours));
        shown.sort_by_key(|picture| std::cmp::Reverse(picture.place()));
        Ok(shown)
    }

    async fn check_words(&self, hosts: &[RoomHost], system: &str, words: LinkWords) -> Result<LinkWords> {
        self.limits().link(hosts)?;
        if words.url.len() > MAX_TEXT || words.url.contains('\0') {
            return Err(Problem::invalid("url", Rule::TooLong { max: MAX_TEXT as u32 }).into());
        }
        self.check_hosts(hosts, system, words.room).await?;
        Ok(words)
    }

    /// Whether `hosts` run this room of a system's; with `None` all of them.
    pub(crate) async fn check_hosts(&self, hosts: &[RoomHost], system: &str, room: Option<RoomId>) -> Result<()> {
        let rooms = outside::list_rooms(self.store().read(), system).await?;
        let wanted: Vec<RoomId> = rooms.into_iter().filter(|of_it| room.is_none_or(|room| room == *of_it)).collect();
        if wanted.is_empty() {
            return Err(Problem::not_found(Thing::Room).into());
        }
        for of_it in wanted {
            let host = hosts.iter().find(|host| host.room().id == of_it).ok_or(Problem::NotAllowed)?;
            // One that is archived does not keep anything from the others.
            if room.is_some() {
                host.not_archived()?;
            }
        }
        Ok(())
    }
}

/// A picture that a host has taken down has to be hung anew.
async fn forget_taken_down(tx: &Tx, link: i64) -> Result<()> {
    for row in rows::list_hung(tx.db(), link).await? {
        let hung = pictures::find_picture(tx.db(), RoomId(row.room_id), PictureId(row.picture_id)).await?;
        if hung.is_none_or(|hung| hung.removed_at.is_some()) {
            rows::remove_hung(tx.db(), link, row.room_id).await?;
        }
    }
    Ok(())
}

/// A link whose picture a host may have moved.
fn as_hung(link: Link, picture: &Picture) -> Link {
    if picture.order == on_wall(link.order) { link } else { Link { order: picture.order, ..link } }
}

/// The order of a link's picture on our wall.
fn on_wall(order: i64) -> i64 {
    order.clamp(-MAX_ORDER, MAX_ORDER)
}

fn row(system: &str, name: &str, words: LinkWords, now: i64) -> link::Model {
    let LinkWords { room, url, order } = words;
    link::Model {
        id: 0,
        system: system.to_owned(),
        name: name.to_owned(),
        room_id: room.map(|room| room.0),
        url,
        order_no: order,
        created_at: now,
        updated_at: now,
        problem: None,
    }
}

impl From<link::Model> for Link {
    fn from(row: link::Model) -> Self {
        Self {
            id: row.id,
            name: row.name,
            room: row.room_id.map(RoomId),
            url: row.url,
            order: row.order_no,
            created_at: row.created_at,
            updated_at: row.updated_at,
        }
    }
}

fn no_link() -> Problem {
    Problem::not_found(Thing::Picture)
}

//! What a host does to several pictures at once: holding them back and showing them, taking
//! them down and hanging them again. Each act is one step for everybody who looks on: all of it
//! or nothing. Moving them to another room is `transfers`' business.

use crate::access::{RoomHost, Who};
use crate::audit::{self, Entry};
use crate::deeds::{Undoing, keep};
use crate::pictures::record_hung;
use crate::stage::take_off;
use crate::store::Tx;
use crate::store::pictures::{self as rows, Hung};
use crate::wall::{check_space, no_picture, record_change, wall_for_change};
use crate::{Chat, Problem, Result, Rule};
use domain::audit::Act;
use domain::event::What;
use domain::person::Person;
use domain::picture::Picture;
use domain::wall::{MAX, Wall};
use domain::{DeedId, PictureId, RoomId};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::time::Duration;

/// A picture that was taken down can be hung again for so long.
pub const UNDO: Duration = Duration::from_secs(3_600);

/// What is done to pictures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ShelfAct {
    /// Viewers see it no more, hosts do.
    Hold,
    Show,
    /// For an hour it can be hung again; then its files go.
    Remove,
    /// Hangs again what was taken down, where it was.
    Restore,
}

impl ShelfAct {
    fn reverse(self) -> Self {
        match self {
            Self::Hold => Self::Show,
            Self::Show => Self::Hold,
            Self::Remove => Self::Restore,
            Self::Restore => Self::Remove,
        }
    }

    /// How it is called in the trail.
    fn noted(self) -> Act {
        match self {
            Self::Hold => Act::PictureHeld,
            Self::Show => Act::PictureShown,
            Self::Remove => Act::PictureRemoved,
            Self::Restore => Act::PictureRestored,
        }
    }
}

/// A line of the trail for what was done to somebody else's picture. One's own is one's own business.
pub(crate) async fn note_picture(tx: &Tx, (room, who): (RoomId, &Who), act: Act, picture: &Picture) -> Result<()> {
    if picture.by.id == who.person.id {
        return Ok(());
    }
    audit::note(tx, Entry::new(act, who).in_room(room).to(picture.by.id).on(picture.id.0)).await
}

impl Chat {
    /// The pictures that are held back, in the order in which they would hang.
    pub async fn held_pictures(&self, host: &RoomHost) -> Result<Vec<Picture>> {
        let held = rows::list_held(self.store().read(), host.room().id).await?;
        Ok(Wall::new(0, held).pictures)
    }

    /// These pictures of the room in their order, held back or not; the whole wall if none is
    /// named.
    pub async fn album(&self, host: &RoomHost, ids: &[PictureId]) -> Result<Vec<Picture>> {
        let mut pictures = self.wall(host.reader()).await?.pictures;
        if !ids.is_empty() {
            let ids = distinct(ids)?;
            pictures.extend(rows::list_held(self.store().read(), host.room().id).await?);
            pictures.retain(|picture| ids.binary_search(&picture.id).is_ok());
        }
        Ok(Wall::new(0, pictures).pictures)
    }

    /// Does the same to several pictures. Those that are so already, or were taken down by
    /// somebody else meanwhile, are passed over. Answers what [`Chat::undo_deed`] undoes; `None`
    /// if all were passed over.
    ///
    /// # Errors
    /// `NotFound(Picture)` if the room has none of them; `Gone` for one that was taken down
    /// more than an hour ago; `Invalid { field: "wall", .. }` if the room is full, or more
    /// are named than it can have.
    pub async fn change_pictures(&self, host: &RoomHost, act: ShelfAct, ids: &[PictureId]) -> Result<Option<DeedId>> {
        let room = host.not_archived()?.room().id;
        let (host, who, ids) = (host.clone(), host.who().clone(), distinct(ids)?);
        let change = self.store().write_in(room, move |tx| {
            Box::pin(async move {
                wall_for_change(tx, &host).await?;
                let found = find_all(tx, room, &ids).await?;
                let pictures = act_on(tx, (room, &who), act, found).await?;
                if pictures.is_empty() {
                    return Ok(None);
                }
                let undoing = Undoing::Act { act: act.reverse(), pictures };
                keep(tx, (room, &who), &undoing).await.map(Some)
            })
        });
        change.await
    }

    /// Takes a picture down.
    pub async fn remove_picture(&self, host: &RoomHost, id: PictureId) -> Result<()> {
        self.change_pictures(host, ShelfAct::Remove, &[id]).await.map(drop)
    }

    /// Hangs a picture again.
    pub async fn restore_picture(&self, host: &RoomHost, id: PictureId) -> Result<()> {
        self.change_pictures(host, ShelfAct::Restore, &[id]).await.map(drop)
    }
}

/// Each once, and not more than a room can have.
pub(crate) fn distinct(ids: &[PictureId]) -> Result<Vec<PictureId>> {
    let ids: BTreeSet<PictureId> = ids.iter().copied().collect();
    if ids.len() > MAX {
        return Err(Problem::invalid("wall", Rule::TooMany { max: MAX as u32 }).into());
    }
    Ok(ids.into_iter().collect())
}

pub(crate) async fn find_all(tx: &Tx, room: RoomId, ids: &[PictureId]) -> Result<Vec<Hung>> {
    let mut found = Vec::with_capacity(ids.len());
    for id in ids {
        found.extend(rows::find_picture(tx.db(), room, *id).await?);
    }
    if found.is_empty() { Err(no_picture().into()) } else { Ok(found) }
}

/// Does it, and tells whoever may see it. Answers those that it changed.
pub(crate) async fn act_on(
    tx: &mut Tx,
    (room, who): (RoomId, &Who),
    act: ShelfAct,
    mut found: Vec<Hung>,
) -> Result<Vec<PictureId>> {
    found.retain(|hung| match act {
        ShelfAct::Hold => hung.is_shown(),
        ShelfAct::Show => hung.held && hung.removed_at.is_none(),
        ShelfAct::Remove => hung.removed_at.is_none(),
        ShelfAct::Restore => hung.removed_at.is_some(),
    });
    let ids: Vec<PictureId> = found.iter().map(|hung| hung.picture.id).collect();
    for hung in &found {
        note_picture(tx, (room, who), act.noted(), &hung.picture).await?;
    }
    let now = tx.now();
    match act {
        ShelfAct::Hold => rows::change_held(tx.db(), &ids, Some(now)).await?,
        ShelfAct::Show => rows::change_held(tx.db(), &ids, None).await?,
        ShelfAct::Remove => rows::change_removed(tx.db(), &ids, Some(now)).await?,
        ShelfAct::Restore => {
            check_undo(tx, room, &found).await?;
            rows::change_removed(tx.db(), &ids, None).await?;
        }
    }
    tell(tx, (room, &who.person), act, found).await?;
    if matches!(act, ShelfAct::Hold | ShelfAct::Remove) {
        for id in &ids {
            take_off(tx, room, *id, who.person.clone()).await?;
        }
    }
    Ok(ids)
}

/// What was taken down comes back for a while, and if there is still room for it.
async fn check_undo(tx: &Tx, room: RoomId, found: &[Hung]) -> Result<()> {
    let before = tx.now() - UNDO.as_millis() as i64;
    if found.iter().any(|hung| hung.removed_at.is_some_and(|at| at < before)) {
        return Err(Problem::Gone.into());
    }
    check_space(tx, room, found.len()).await.map(drop)
}

/// One event for what goes; one each for what comes, which is shown to everybody.
async fn tell(tx: &mut Tx, at: (RoomId, &Person), act: ShelfAct, found: Vec<Hung>) -> Result<()> {
    // What was held back never was on the wall, unless it is shown now.
    let (held, seen): (Vec<Hung>, Vec<Hung>) = found.into_iter().partition(|hung| hung.held && act != ShelfAct::Show);
    if !held.is_empty() {
        tx.record_by(at.1, at.0, What::HeldChanged).await?;
    }
    if matches!(act, ShelfAct::Show | ShelfAct::Restore) {
        for hung in &seen {
            record_hung(tx, at, &hung.picture, false).await?;
        }
        return Ok(());
    }
    let mut gone = seen.iter().map(|hung| hung.picture.id);
    let Some(picture) = gone.next() else { return Ok(()) };
    let others = gone.collect();
    record_change(tx, at, |rev| What::PictureRemoved { rev, picture, others }).await
}

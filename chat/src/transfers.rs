//! Pictures on their way to another room, and back: one step in both, for everybody who looks on.

use crate::access::RoomHost;
use crate::deeds::{Undoing, keep};
use crate::pictures::record_hung;
use crate::shelf::{ShelfAct, act_on, distinct};
use crate::store::Tx;
use crate::store::pictures::{self as rows, Blob, Hung};
use crate::wall::{check_space, no_picture, wall_for_change};
use crate::{Chat, Problem, Result, Rule};
use domain::picture::Picture;
use domain::wall::STEP;
use domain::{DeedId, PictureId, RoomId};

/// Most pictures moved to another room at once: each is copied, down to the disk.
pub const MAX_TRANSFER: usize = 200;

impl Chat {
    /// Moves pictures to another room: they hang in front there, in the same sequence, and
    /// what was held back stays so. They are new pictures there; here they are taken down, and
    /// for an hour the deed can be undone.
    ///
    /// # Errors
    /// As [`Chat::change_pictures`], also about the other room.
    pub async fn transfer_pictures(&self, from: &RoomHost, to: &RoomHost, ids: &[PictureId]) -> Result<DeedId> {
        let (old, new) = (from.not_archived()?.room().id, to.not_archived()?.room().id);
        if old == new {
            return Err(Problem::invalid("to", Rule::Shape).into());
        }
        let ids = distinct(ids)?;
        if ids.len() > MAX_TRANSFER {
            return Err(Problem::invalid("pictures", Rule::TooMany { max: MAX_TRANSFER as u32 }).into());
        }
        let mut found = Vec::with_capacity(ids.len());
        for id in &ids {
            let hung = rows::find_picture(self.store().read(), old, *id).await?;
            found.extend(hung.filter(|hung| hung.removed_at.is_none()));
        }
        if found.is_empty() {
            return Err(no_picture().into());
        }
        found.sort_by_key(|hung| (-hung.picture.order, -hung.picture.id.0));
        let blobs = self.copy_files(old, new, &found).await?;
        let (hosts, who, copied) = ([from.clone(), to.clone()], from.who().clone(), blobs.clone());
        let change = self.store().write_in_both([old, new], move |tx| {
            Box::pin(async move {
                lock(tx, &hosts).await?;
                let pairs = still_there(tx, old, found.into_iter().zip(copied)).await?;
                let (gone, moved) = hang_copies(tx, (new, &who.person), pairs).await?;
                act_on(tx, (old, &who), ShelfAct::Remove, gone).await?;
                keep(tx, (old, &who), &Undoing::Return { to: new, moved }).await
            })
        });
        let moved = change.await;
        self.unless_kept(new, &blobs, moved).await
    }

    /// Brings moved pictures back to where they hung in the room `to_old`; what they were in the
    /// other one is taken down there.
    ///
    /// # Errors
    /// `Gone` if one was taken down there, or moved on; `Changed` if one was changed there.
    pub(crate) async fn return_pictures(
        &self,
        to_old: &RoomHost,
        from_new: &RoomHost,
        moved: Vec<(PictureId, PictureId)>,
    ) -> Result<()> {
        let (old, new) = (to_old.not_archived()?.room().id, from_new.not_archived()?.room().id);
        let (hosts, who) = ([to_old.clone(), from_new.clone()], to_old.who().clone());
        let change = self.store().write_in_both([old, new], move |tx| {
            Box::pin(async move {
                let rev = lock(tx, &hosts).await?;
                let (mut back, mut copies) = (Vec::new(), Vec::new());
                for (id, copy) in moved {
                    let original = rows::find_picture(tx.db(), old, id).await?.ok_or(Problem::Gone)?;
                    if original.removed_at.is_none() {
                        continue;
                    }
                    let copy = rows::find_picture(tx.db(), new, copy).await?;
                    let copy = copy.filter(|copy| copy.removed_at.is_none()).ok_or(Problem::Gone)?;
                    if !is_same(&original, &copy) {
                        return Err(Problem::changed(rev).into());
                    }
                    back.push(original);
                    copies.push(copy);
                }
                act_on(tx, (old, &who), ShelfAct::Restore, back).await?;
                act_on(tx, (new, &who), ShelfAct::Remove, copies).await.map(drop)
            })
        });
        change.await
    }

    async fn copy_files(&self, from: RoomId, to: RoomId, found: &[Hung]) -> Result<Vec<Blob>> {
        let mut blobs: Vec<Blob> = Vec::with_capacity(found.len());
        for Hung { picture, digest, file_name, .. } in found {
            match self.files().copy_picture(from, to, picture, digest).await {
                Ok(blob) => blobs.push(Blob { file_name: file_name.clone(), ..blob }),
                Err(failed) => {
                    for blob in &blobs {
                        self.files().remove(to, &blob.id).await;
                    }
                    return Err(failed);
                }
            }
        }
        Ok(blobs)
    }
}

/// Nobody else changes either wall before the transaction ends. Answers the second one's revision.
///
/// # Errors
/// As [`RoomHost::still_may`], in both rooms.
async fn lock(tx: &Tx, [old, new]: &[RoomHost; 2]) -> Result<i64> {
    // Always the same one first, so that nobody waits for somebody who waits for them.
    let (first, second) = if old.room().id < new.room().id { (old, new) } else { (new, old) };
    wall_for_change(tx, first).await?;
    wall_for_change(tx, second).await?;
    Ok(wall_for_change(tx, new).await?.rev)
}

/// As they are now, without those that somebody took down or gave another file while theirs was
/// copied; the files of these copies are found by [`Chat::tidy_files`].
async fn still_there(tx: &Tx, room: RoomId, pairs: impl Iterator<Item = (Hung, Blob)>) -> Result<Vec<(Hung, Blob)>> {
    let mut there = Vec::new();
    for (before, blob) in pairs {
        let now = rows::find_picture(tx.db(), room, before.picture.id).await?;
        let now = now.filter(|now| now.removed_at.is_none() && now.picture.blob == before.picture.blob);
        there.extend(now.map(|now| (now, blob)));
    }
    if there.is_empty() { Err(no_picture().into()) } else { Ok(there) }
}

/// Answers what goes from the other room, and each one's number with that of its copy.
async fn hang_copies(
    tx: &mut Tx,
    at: (RoomId, &domain::person::Person),
    pairs: Vec<(Hung, Blob)>,
) -> Result<(Vec<Hung>, Vec<(PictureId, PictureId)>)> {
    let front = check_space(tx, at.0, pairs.len()).await?;
    let last = pairs.len() as i64 - 1;
    let (mut gone, mut moved) = (Vec::new(), Vec::new());
    for (i, (hung, blob)) in (0i64..).zip(pairs) {
        let order = front.saturating_add((last - i) * STEP);
        let picture = Picture { blob: blob.id.clone(), order, ..hung.picture.clone() };
        let picture = rows::create_picture(tx.db(), at.0, &blob, picture, hung.held).await?;
        record_hung(tx, at, &picture, hung.held).await?;
        moved.push((hung.picture.id, picture.id));
        gone.push(hung);
    }
    Ok((gone, moved))
}

/// Whether nobody has changed the copy. Where it hangs is nobody's loss.
fn is_same(original: &Hung, copy: &Hung) -> bool {
    let (a, b) = (&original.picture, &copy.picture);
    (&a.caption, &a.alt, &original.digest, original.held) == (&b.caption, &b.alt, &copy.digest, copy.held)
}

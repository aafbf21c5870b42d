//! Hanging pictures, describing and replacing them, taking them down and hanging them again.

use crate::access::{RoomHost, RoomReader};
use crate::audit::{self, Entry};
use crate::stage::take_off;
use crate::store::Tx;
use crate::store::pictures::{self as rows, Blob, Hung};
use crate::store::stage as video_rows;
use crate::wall::{check_space, no_picture, record_change, wall_for_change};
use crate::{Chat, Error, Problem, Result};
use bytes::Bytes;
use domain::audit::Act;
use domain::event::What;
use domain::person::Person;
use domain::picture::{Picture, Size, parse_alt, parse_caption};
use domain::wall::STEP;
use domain::{BlobId, PictureId, RoomId};
use std::time::{Duration, SystemTime};

/// A picture that was taken down can be hung again for so long.
pub const UNDO: Duration = Duration::from_secs(3_600);
const UNDO_MS: i64 = UNDO.as_millis() as i64;

/// A file that should become a picture.
#[derive(Clone, Debug)]
pub struct NewPicture {
    pub bytes: Bytes,
    /// What the sender's machine calls it: for telling it which file was refused. Never a path.
    pub file_name: Option<String>,
    pub caption: String,
    pub alt: String,
}

impl Chat {
    /// Checks a file, keeps it, and hangs it in front of all others.
    ///
    /// # Errors
    /// `Invalid` for what is no picture, too large, or wrongly described, and for a full
    /// wall; `TooFast`; `Unavailable` when too many are being worked on.
    pub async fn add_picture(&self, host: &RoomHost, new: NewPicture) -> Result<Picture> {
        let room = host.not_archived()?.room().id;
        let words = (parse_caption(&new.caption)?, parse_alt(&new.alt)?);
        let by = host.who().person.clone();
        self.limits().upload(by.id)?;
        self.hang(room, new.bytes, words, by).await
    }

    /// Fetches a picture once from a public address of the web; then like [`Chat::add_picture`].
    ///
    /// # Errors
    /// Also `Invalid { field: "url", .. }` for what is wrong with the address.
    pub async fn add_picture_from(&self, host: &RoomHost, url: &str, caption: &str, alt: &str) -> Result<Picture> {
        let room = host.not_archived()?.room().id;
        let words = (parse_caption(caption)?, parse_alt(alt)?);
        let by = host.who().person.clone();
        self.limits().upload(by.id)?;
        let bytes = self.files().fetch(url).await?;
        self.hang(room, bytes, words, by).await
    }

    /// Gives a picture another caption and alternative text.
    pub async fn describe_picture(&self, host: &RoomHost, id: PictureId, caption: &str, alt: &str) -> Result<Picture> {
        let room = host.not_archived()?.room().id;
        let (caption, alt) = (parse_caption(caption)?, parse_alt(alt)?);
        let change = self.store().write_in(room, move |tx| {
            Box::pin(async move {
                let picture = hanging(tx, room, id).await?;
                if picture.caption == caption && picture.alt == alt {
                    return Ok(picture);
                }
                rows::change_words(tx.db(), id, &caption, &alt).await?;
                changed(tx, room, Picture { caption, alt, ..picture }).await
            })
        });
        change.await
    }

    /// Puts another file in a picture's place; what it is called and where it hangs stays,
    /// and so do caption and alternative text unless new ones come with the file.
    pub async fn replace_picture(&self, host: &RoomHost, id: PictureId, new: NewPicture) -> Result<Picture> {
        let room = host.not_archived()?.room().id;
        let (caption, alt) = (parse_caption(&new.caption)?, parse_alt(&new.alt)?);
        self.limits().upload(host.who().person.id)?;
        let blob = self.files().keep_picture(room, new.bytes).await?;
        let hung = blob.clone();
        let change = self.store().write_in(room, move |tx| {
            Box::pin(async move {
                wall_for_change(tx, room).await?;
                let old = hanging(tx, room, id).await?;
                let or = |new: String, old: &str| if new.is_empty() { old.to_owned() } else { new };
                let (caption, alt) = (or(caption, &old.caption), or(alt, &old.alt));
                rows::change_words(tx.db(), id, &caption, &alt).await?;
                rows::change_blob(tx.db(), id, &hung).await?;
                let old_blob = old.blob.clone();
                let (width, height) = (hung.width, hung.height);
                let picture = Picture { blob: hung.id, width, height, caption, alt, ..old };
                Ok((changed(tx, room, picture).await?, old_blob))
            })
        });
        let result = change.await;
        let (picture, old_blob) = self.unless_kept(room, &blob, result).await?;
        self.files().remove(room, &old_blob).await;
        Ok(picture)
    }

    /// Takes a picture down. For an hour it can be hung again; then its files go.
    pub async fn remove_picture(&self, host: &RoomHost, id: PictureId) -> Result<()> {
        let room = host.not_archived()?.room().id;
        let who = host.who().clone();
        let change = self.store().write_in(room, move |tx| {
            Box::pin(async move {
                wall_for_change(tx, room).await?;
                let Hung { picture, removed_at } = find(tx, room, id).await?;
                if removed_at.is_some() {
                    return Ok(());
                }
                if picture.by.id != who.person.id {
                    let line = Entry::new(Act::PictureRemoved, &who).in_room(room).to(picture.by.id).on(id.0);
                    audit::note(tx, line).await?;
                }
                rows::change_removed(tx.db(), id, Some(tx.now())).await?;
                record_change(tx, room, |rev| What::PictureRemoved { rev, picture: id }).await?;
                take_off(tx, room, id, who.person).await
            })
        });
        change.await
    }

    /// Hangs a picture again where it was.
    ///
    /// # Errors
    /// `Gone` after an hour; `Invalid { field: "wall", .. }` if the wall is full meanwhile.
    pub async fn restore_picture(&self, host: &RoomHost, id: PictureId) -> Result<Picture> {
        let room = host.not_archived()?.room().id;
        let change = self.store().write_in(room, move |tx| {
            Box::pin(async move {
                let wall = wall_for_change(tx, room).await?;
                let Hung { picture, removed_at } = find(tx, room, id).await?;
                let Some(removed_at) = removed_at else { return Ok(picture) };
                if tx.now() - removed_at > UNDO_MS {
                    return Err(Problem::Gone.into());
                }
                check_space(&wall)?;
                rows::change_removed(tx.db(), id, None).await?;
                let event = picture.clone();
                record_change(tx, room, |rev| What::PictureAdded { rev, picture: event }).await?;
                Ok(picture)
            })
        });
        change.await
    }

    /// One size of a picture that hangs in the reader's room, with its media type.
    pub async fn picture_bytes(&self, reader: &RoomReader, blob: &BlobId, size: Size) -> Result<(Bytes, &'static str)> {
        let room = reader.room().id;
        if !rows::find_blob(self.store().read(), room, blob).await? {
            return Err(no_picture().into());
        }
        self.files().get(room, blob, size).await
    }

    /// Removes the files of pictures that were taken down more than an hour ago, and files
    /// that a change which never came about left behind. Returns how many pictures, and files
    /// never finished, went.
    pub async fn tidy_files(&self) -> Result<usize> {
        let before = self.now() - UNDO_MS;
        let old = self
            .store()
            .write(move |tx| Box::pin(async move { Ok(rows::remove_taken_down_before(tx.db(), before).await?) }));
        let old = old.await?;
        for (room, blob) in &old {
            self.files().remove(*room, blob).await;
        }
        let mut count = old.len();
        for (room, blob) in self.files().older_than(an_hour_ago()).await? {
            let db = self.store().read();
            if !rows::is_needed(db, &blob).await? && !video_rows::is_needed(db, &blob).await? {
                self.files().remove(room, &blob).await;
                count += 1;
            }
        }
        count += self.files().remove_unfinished(an_hour_ago()).await;
        Ok(count)
    }

    async fn hang(&self, room: RoomId, bytes: Bytes, (caption, alt): (String, String), by: Person) -> Result<Picture> {
        let blob = self.files().keep_picture(room, bytes).await?;
        let hung = blob.clone();
        let change = self.store().write_in(room, move |tx| {
            Box::pin(async move {
                let wall = wall_for_change(tx, room).await?;
                check_space(&wall)?;
                let picture = Picture {
                    id: PictureId(0),
                    blob: hung.id.clone(),
                    order: wall.pictures.first().map_or(STEP, |first| first.order.saturating_add(STEP)),
                    width: hung.width,
                    height: hung.height,
                    caption,
                    alt,
                    by,
                    at: tx.now(),
                };
                let picture = rows::create_picture(tx.db(), room, &hung, picture).await?;
                let event = picture.clone();
                record_change(tx, room, |rev| What::PictureAdded { rev, picture: event }).await?;
                Ok(picture)
            })
        });
        let result = change.await;
        self.unless_kept(room, &blob, result).await
    }

    /// Removes the files of a change that was refused. After any other failure they stay
    /// until [`Chat::tidy_files`]: the change may have come about in spite of it.
    async fn unless_kept<T>(&self, room: RoomId, blob: &Blob, result: Result<T>) -> Result<T> {
        if let Err(Error::Problem(problem)) = &result
            && *problem != Problem::Unavailable
        {
            self.files().remove(room, &blob.id).await;
        }
        result
    }
}

async fn find(tx: &Tx, room: RoomId, id: PictureId) -> Result<Hung> {
    Ok(rows::find_picture(tx.db(), room, id).await?.ok_or_else(no_picture)?)
}

async fn hanging(tx: &Tx, room: RoomId, id: PictureId) -> Result<Picture> {
    match find(tx, room, id).await? {
        Hung { picture, removed_at: None } => Ok(picture),
        Hung { .. } => Err(no_picture().into()),
    }
}

async fn changed(tx: &mut Tx, room: RoomId, picture: Picture) -> Result<Picture> {
    let event = picture.clone();
    record_change(tx, room, |rev| What::PictureChanged { rev, picture: event }).await?;
    Ok(picture)
}

#[expect(clippy::disallowed_methods, reason = "compared with the dates of files, which the machine's clock gives")]
fn an_hour_ago() -> i64 {
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    now.saturating_sub(UNDO).as_millis() as i64
}

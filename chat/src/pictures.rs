//! Pictures: adding, describing and replacing them, and their bytes. Where they hang is
//! `wall`'s business, what is held back or taken down `shelf`'s.

use crate::access::{RoomHost, RoomReader};
use crate::shelf::{UNDO, note_picture};
use crate::store::Tx;
use crate::store::events::find_doer;
use crate::store::links;
use crate::store::pictures::{self as rows, Blob, Hung};
use crate::store::stage as video_rows;
use crate::store::uploads;
use crate::wall::{check_order, check_space, no_picture, record_change, wall_for_change};
use crate::{Chat, Error, Problem, Result};
use bytes::Bytes;
use domain::attachment::file_name as file_name_of;
use domain::audit::Act;
use domain::event::What;
use domain::person::Person;
use domain::picture::{Picture, Size, parse_alt, parse_caption};
use domain::role::Action;
use domain::{BlobId, PictureId, RoomId};
use std::time::SystemTime;

/// A file that should become a picture.
#[derive(Clone, Debug, Default)]
pub struct NewPicture {
    pub bytes: Bytes,
    /// What the sender's machine calls it: pictures are found by it. Never a path.
    pub file_name: Option<String>,
    pub caption: String,
    pub alt: String,
    /// Kept from viewers until a host shows it.
    pub held: bool,
    /// Where it hangs, for files that were chosen together and travel side by side; by
    /// default in front of all others.
    pub order: Option<i64>,
}

/// A picture without its bytes.
struct Plan {
    caption: String,
    alt: String,
    by: Person,
    held: bool,
    order: Option<i64>,
    /// Made harmless; empty if nobody said.
    file_name: String,
    /// The link that it is, and its address.
    link: Option<(i64, String)>,
}

impl Chat {
    /// Checks a file, keeps it, and hangs it.
    ///
    /// # Errors
    /// `Invalid` for what is no picture, too large, or wrongly described, and for a full
    /// wall; `TooFast`; `Unavailable` when too many are being worked on.
    pub async fn add_picture(&self, host: &RoomHost, new: NewPicture) -> Result<Picture> {
        host.not_archived()?;
        let plan = Plan::of(host, &new)?;
        self.limits().upload(plan.by.id)?;
        self.hang(host, new.bytes, plan).await
    }

    /// The same for what is at the address of a link, which is noted in the same step.
    pub(crate) async fn add_linked_picture(
        &self,
        host: &RoomHost,
        new: NewPicture,
        link: (i64, String),
    ) -> Result<Picture> {
        host.not_archived()?;
        let plan = Plan { link: Some(link), ..Plan::of(host, &new)? };
        self.limits().upload(plan.by.id)?;
        self.hang(host, new.bytes, plan).await
    }

    /// Fetches a picture once from a public address of the web; then like [`Chat::add_picture`],
    /// with what else is said in `new`.
    ///
    /// # Errors
    /// Also `Invalid { field: "url", .. }` for what is wrong with the address.
    pub async fn add_picture_from(&self, host: &RoomHost, url: &str, new: NewPicture) -> Result<Picture> {
        host.not_archived()?;
        let file_name = new.file_name.clone().or_else(|| name_at(url));
        let plan = Plan::of(host, &NewPicture { file_name, ..new })?;
        self.limits().upload(plan.by.id)?;
        let bytes = self.files().fetch(url).await?;
        self.hang(host, bytes, plan).await
    }

    /// Gives a picture another caption and alternative text.
    pub async fn describe_picture(&self, host: &RoomHost, id: PictureId, caption: &str, alt: &str) -> Result<Picture> {
        self.describe(host, id, (caption, alt), None).await
    }

    /// The same, only if it is still described as in `was`: caption, alternative text.
    ///
    /// # Errors
    /// `Changed { now }` with the wall's revision if somebody else was quicker.
    pub async fn describe_picture_anew(
        &self,
        host: &RoomHost,
        id: PictureId,
        words: (&str, &str),
        was: (&str, &str),
    ) -> Result<Picture> {
        self.describe(host, id, words, Some((was.0.to_owned(), was.1.to_owned()))).await
    }

    async fn describe(
        &self,
        host: &RoomHost,
        id: PictureId,
        (caption, alt): (&str, &str),
        was: Option<(String, String)>,
    ) -> Result<Picture> {
        let room = host.not_archived()?.room().id;
        let (caption, alt) = (parse_caption(caption)?, parse_alt(alt)?);
        let (host, by) = (host.clone(), host.who().person.clone());
        let change = self.store().write_in(room, move |tx| {
            Box::pin(async move {
                let wall = wall_for_change(tx, &host).await?;
                let Hung { picture, held, .. } = there(tx, room, id).await?;
                if picture.caption == caption && picture.alt == alt {
                    return Ok(picture);
                }
                if was.is_some_and(|(caption, alt)| picture.caption != caption || picture.alt != alt) {
                    return Err(Problem::changed(wall.rev).into());
                }
                rows::change_words(tx.db(), id, &caption, &alt).await?;
                changed(tx, (room, &by), Picture { caption, alt, ..picture }, held).await
            })
        });
        change.await
    }

    /// Puts another file in a picture's place; what it is called and where it hangs stays,
    /// and so do caption and alternative text unless new ones come with the file. With `was`, only if
    /// that file still hangs there.
    ///
    /// # Errors
    /// `Changed` with the wall's revision and their name if somebody else was quicker; else as of
    /// [`Chat::add_picture`].
    pub async fn replace_picture(
        &self,
        host: &RoomHost,
        id: PictureId,
        new: NewPicture,
        was: Option<&BlobId>,
    ) -> Result<Picture> {
        let room = host.not_archived()?.room().id;
        let (caption, alt) = (parse_caption(&new.caption)?, parse_alt(&new.alt)?);
        let (host, who, was) = (host.clone(), host.who().clone(), was.cloned());
        self.limits().upload(who.person.id)?;
        let kept = self.files().keep_picture(room, new.bytes).await?;
        let blob = Blob { file_name: named(new.file_name.as_deref()), ..kept };
        let hung = blob.clone();
        let change = self.store().write_in(room, move |tx| {
            Box::pin(async move {
                let wall = wall_for_change(tx, &host).await?;
                let Hung { picture: old, held, .. } = there(tx, room, id).await?;
                if was.is_some_and(|was| was != old.blob) {
                    let by = find_doer(tx.db(), room, &old.blob).await?.map_or_else(String::new, |by| by.display);
                    return Err(Problem::Changed { now: wall.rev, by }.into());
                }
                note_picture(tx, (room, &who), Act::PictureReplaced, &old).await?;
                let or = |new: String, old: &str| if new.is_empty() { old.to_owned() } else { new };
                let (caption, alt) = (or(caption, &old.caption), or(alt, &old.alt));
                rows::change_words(tx.db(), id, &caption, &alt).await?;
                rows::change_blob(tx.db(), id, &hung).await?;
                let old_blob = old.blob.clone();
                let (width, height, tint) = (hung.width, hung.height, hung.tint);
                let picture = Picture { blob: hung.id, width, height, caption, alt, tint, ..old };
                Ok((changed(tx, (room, &who.person), picture, held).await?, old_blob))
            })
        });
        let result = change.await;
        let (picture, old_blob) = self.unless_kept(room, &[blob], result).await?;
        self.files().remove(room, &old_blob).await;
        Ok(picture)
    }

    /// Whether a picture is the reader's to see: on the wall, or held back and they run the room.
    ///
    /// # Errors
    /// `NotFound(Picture)`, also for what is held back.
    pub async fn check_picture(&self, reader: &RoomReader, blob: &BlobId) -> Result<()> {
        let is_seen = rows::find_blob(self.store().read(), reader.room().id, blob, reader.runs_it()).await?;
        if is_seen { Ok(()) } else { Err(no_picture().into()) }
    }

    /// One size of a picture of the reader's room, with its media type.
    ///
    /// # Errors
    /// As [`Chat::check_picture`].
    pub async fn picture_bytes(&self, reader: &RoomReader, blob: &BlobId, size: Size) -> Result<(Bytes, &'static str)> {
        self.check_picture(reader, blob).await?;
        self.files().get(reader.room().id, blob, size).await
    }

    /// Removes the files of pictures that were taken down more than an hour ago, and files
    /// that a change which never came about left behind. Returns how many pictures, and files
    /// never finished, went.
    pub async fn tidy_files(&self) -> Result<usize> {
        let before = self.now() - UNDO.as_millis() as i64;
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
            let is_needed = rows::is_needed(db, &blob).await?
                || video_rows::is_needed(db, &blob).await?
                || uploads::is_needed(db, &blob).await?;
            if !is_needed {
                self.files().remove(room, &blob).await;
                count += 1;
            }
        }
        count += self.tidy_uploads(an_hour_ago()).await?;
        count += self.files().remove_unfinished(an_hour_ago()).await;
        Ok(count)
    }

    async fn hang(&self, host: &RoomHost, bytes: Bytes, plan: Plan) -> Result<Picture> {
        let (host, room) = (host.clone(), host.room().id);
        let kept = self.files().keep_picture(room, bytes).await?;
        let blob = Blob { file_name: plan.file_name.clone(), ..kept };
        let hung = blob.clone();
        let change = self.store().write_in(room, move |tx| {
            Box::pin(async move {
                host.still_may(tx, Action::ArrangeWall).await?;
                let front = check_space(tx, room, 1).await?;
                let Plan { caption, alt, by, held, order, link, .. } = plan;
                let picture = Picture {
                    id: PictureId(0),
                    blob: hung.id.clone(),
                    order: order.unwrap_or(front),
                    width: hung.width,
                    height: hung.height,
                    caption,
                    alt,
                    tint: hung.tint.clone(),
                    by,
                    at: tx.now(),
                };
                let picture = rows::create_picture(tx.db(), room, &hung, picture, held).await?;
                if let Some((link, url)) = link {
                    links::put_hung(tx.db(), link, room, picture.id, &url).await?;
                }
                record_hung(tx, (room, &picture.by), &picture, held).await?;
                Ok(picture)
            })
        });
        let result = change.await;
        self.unless_kept(room, &[blob], result).await
    }

    /// Removes the files of a change that was refused. After any other failure they stay
    /// until [`Chat::tidy_files`]: the change may have come about in spite of it.
    pub(crate) async fn unless_kept<T>(&self, room: RoomId, blobs: &[Blob], result: Result<T>) -> Result<T> {
        if let Err(Error::Problem(problem)) = &result
            && *problem != Problem::Unavailable
        {
            for blob in blobs {
                self.files().remove(room, &blob.id).await;
            }
        }
        result
    }
}

impl Plan {
    fn of(host: &RoomHost, new: &NewPicture) -> Result<Self> {
        check_order(new.order)?;
        Ok(Self {
            caption: parse_caption(&new.caption)?,
            alt: parse_alt(&new.alt)?,
            by: host.who().person.clone(),
            held: new.held,
            order: new.order,
            file_name: named(new.file_name.as_deref()),
            link: None,
        })
    }
}

/// What a file is called, made harmless.
fn named(file_name: Option<&str>) -> String {
    file_name.filter(|name| !name.is_empty()).map(file_name_of).unwrap_or_default()
}

/// What the file behind an address is called.
fn name_at(url: &str) -> Option<String> {
    let path = url.split(['?', '#']).next()?;
    let (_, name) = path.split_once("://")?.1.rsplit_once('/')?;
    Some(domain::address::decode(name)).filter(|name| !name.is_empty())
}

/// A picture of the room, shown or held back.
pub(crate) async fn there(tx: &Tx, room: RoomId, id: PictureId) -> Result<Hung> {
    let found = rows::find_picture(tx.db(), room, id).await?;
    Ok(found.filter(|hung| hung.removed_at.is_none()).ok_or_else(no_picture)?)
}

/// Tells of a picture that came: everybody, or that something is held back.
pub(crate) async fn record_hung(tx: &mut Tx, at: (RoomId, &Person), picture: &Picture, held: bool) -> Result<()> {
    if held {
        return tx.record_by(at.1, at.0, What::HeldChanged).await.map(drop);
    }
    record_change(tx, at, |rev| What::PictureAdded { rev, picture: picture.clone() }).await
}

/// Tells of a picture that is another now: everybody, or that something is held back.
pub(crate) async fn changed(tx: &mut Tx, at: (RoomId, &Person), picture: Picture, held: bool) -> Result<Picture> {
    if held {
        tx.record_by(at.1, at.0, What::HeldChanged).await?;
        return Ok(picture);
    }
    let event = picture.clone();
    record_change(tx, at, |rev| What::PictureChanged { rev, picture: event }).await?;
    Ok(picture)
}

#[expect(clippy::disallowed_methods, reason = "compared with the dates of files, which the machine's clock gives")]
fn an_hour_ago() -> i64 {
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    now.saturating_sub(UNDO).as_millis() as i64
}

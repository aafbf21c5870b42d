//! Pictures that a program names itself: put under the same name, it is the same picture. Unlike what
//! other systems link, they hang when the answer is given, one to a name and room.

use crate::access::{RoomHost, RoomReader, Who};
use crate::files::Sum;
use crate::passes::API;
use crate::pictures::{changed, record_hung};
use crate::shelf::{ShelfAct, act_on, note_picture};
use crate::store::entities::{link, link_picture};
use crate::store::pictures::{self, Blob, Hung};
use crate::store::{Connection, DbErr, Tx, links as rows};
use crate::wall::{check_order, check_space, no_picture, wall_for_change};
use crate::{Chat, Error, Problem, Result, Rule};
use bytes::Bytes;
use domain::audit::Act;
use domain::picture::{Picture, parse_alt, parse_caption};
use domain::problem::PictureFault;
use domain::text;
use domain::{BlobId, PictureId, RoomId};
use std::collections::HashMap;

/// Longest name, in characters.
const MAX_NAME: usize = 100;

/// What a program says of a picture. Of one that hangs, what is left out stays.
#[derive(Clone, Debug, Default)]
pub struct OwnPicture {
    /// Its file, unless it is to be fetched; empty: the one that hangs.
    pub bytes: Bytes,
    /// Where to fetch it instead.
    pub url: Option<String>,
    pub caption: Option<String>,
    pub alt: Option<String>,
    pub order: Option<i64>,
    /// Whether a new one is kept from viewers until a host shows it.
    pub held: bool,
}

/// A picture as it was put.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnPut {
    pub picture: Picture,
    pub is_new: bool,
    /// The wall's revision with it.
    pub rev: i64,
}

/// A file that came: stored, if it is another than the one that hangs.
struct Came {
    sum: String,
    blob: Option<Blob>,
}

/// What is left to do when a picture was put.
struct Done {
    put: OwnPut,
    /// Files that no picture needs any more.
    leftover: Option<BlobId>,
}

/// The picture of a name, and what is known of its file.
struct There {
    link: link::Model,
    row: link_picture::Model,
    hung: Hung,
}

impl There {
    fn has(&self, sum: &str) -> bool {
        self.row.url == mark(sum, &self.hung.picture.blob)
    }
}

impl Chat {
    /// Hangs a picture under a program's own name for it, or changes the one that has this name:
    /// one event, and none if nothing is new. The same file is not stored again. What a host has taken
    /// down meanwhile is hung anew. With `rev`, only if the wall is still at that revision.
    ///
    /// # Errors
    /// As [`Chat::add_picture`] and [`Chat::add_picture_from`]; `Changed { now }`.
    pub async fn put_own_picture(
        &self,
        host: &RoomHost,
        name: &str,
        new: OwnPicture,
        rev: Option<i64>,
    ) -> Result<OwnPut> {
        let room = host.not_archived()?.room().id;
        let (host, who, name) = (host.clone(), host.who().clone(), parse_name(name)?);
        let words = (new.caption.as_deref().map(parse_caption), new.alt.as_deref().map(parse_alt));
        let words = (words.0.transpose()?, words.1.transpose()?);
        check_order(new.order)?;
        self.limits().upload(who.person.id)?;
        let came = self.take_file(room, &name, &new).await?;
        let stored: Vec<Blob> = came.iter().filter_map(|came| came.blob.clone()).collect();
        let (order, held) = (new.order, new.held);
        let write = self.store().write_in(room, move |tx| {
            Box::pin(async move {
                let wall = wall_for_change(tx, &host).await?.rev;
                check_rev(wall, rev)?;
                match find(tx.db(), room, &name).await? {
                    Some(there) => change(tx, (room, &who, wall), there, (words, order), came).await,
                    None => {
                        let came = came.and_then(|came| Some((came.sum, came.blob?)));
                        // The one that it was compared with is gone.
                        let (sum, blob) = came.ok_or(Problem::changed(wall))?;
                        let (caption, alt) = (words.0.unwrap_or_default(), words.1.unwrap_or_default());
                        let front = check_space(tx, room, 1).await?;
                        let (id, order, at) = (PictureId(0), order.unwrap_or(front), tx.now());
                        let (Blob { width, height, tint, .. }, by) = (blob.clone(), who.person);
                        let picture =
                            Picture { id, blob: blob.id.clone(), order, width, height, caption, alt, tint, by, at };
                        hang(tx, (room, wall), &name, (picture, blob, sum), held).await
                    }
                }
            })
        });
        let done = self.unless_kept(room, &stored, write.await).await?;
        if let Some(blob) = done.leftover {
            self.files().remove(room, &blob).await;
        }
        Ok(done.put)
    }

    /// The file that is to hang; `None` if the one that hangs is to stay.
    async fn take_file(&self, room: RoomId, name: &str, new: &OwnPicture) -> Result<Option<Came>> {
        let there = find(self.store().read(), room, name).await?;
        let bytes = match &new.url {
            Some(url) => self.files().fetch(url).await?,
            None if new.bytes.is_empty() && there.is_some() => return Ok(None),
            None => new.bytes.clone(),
        };
        if bytes.is_empty() {
            return Err(Problem::invalid("picture", Rule::Picture { fault: PictureFault::Empty }).into());
        }
        let whole = bytes.clone();
        let sum = tokio::task::spawn_blocking(move || Sum::of(&whole)).await.map_err(|_| Error::Panicked)?;
        let sum = sum.as_str().to_owned();
        let is_there = there.is_some_and(|there| there.has(&sum));
        let blob = if is_there { None } else { Some(self.files().keep_picture(room, bytes).await?) };
        Ok(Some(Came { sum, blob }))
    }

    /// Takes down the picture of this name and forgets the name. With `rev` as for putting.
    ///
    /// # Errors
    /// `NotFound(Picture)`; `Changed { now }`.
    pub async fn remove_own_picture(&self, host: &RoomHost, name: &str, rev: Option<i64>) -> Result<()> {
        let room = host.not_archived()?.room().id;
        let (host, who, name) = (host.clone(), host.who().clone(), parse_name(name)?);
        let write = self.store().write_in(room, move |tx| {
            Box::pin(async move {
                check_rev(wall_for_change(tx, &host).await?.rev, rev)?;
                let There { link, hung, .. } = find(tx.db(), room, &name).await?.ok_or_else(no_picture)?;
                act_on(tx, (room, &who), ShelfAct::Remove, vec![hung]).await?;
                rows::remove_hung(tx.db(), link.id, room.0).await?;
                Ok(rows::remove_link(tx.db(), link.id).await?)
            })
        });
        write.await
    }

    /// The picture of this name.
    ///
    /// # Errors
    /// `NotFound(Picture)`, also for what is held back from the reader.
    pub async fn own_picture(&self, reader: &RoomReader, name: &str) -> Result<Picture> {
        let found = find(self.store().read(), reader.room().id, &parse_name(name)?).await?;
        let hung = found.map(|there| there.hung).filter(|hung| !hung.held || reader.runs_it());
        Ok(hung.ok_or_else(no_picture)?.picture)
    }

    /// The names of a room's pictures that programs gave them.
    pub async fn own_names(&self, reader: &RoomReader) -> Result<HashMap<PictureId, String>> {
        Ok(rows::list_own_names(self.store().read(), API, reader.room().id).await?)
    }
}

async fn hang(
    tx: &mut Tx,
    (room, rev): (RoomId, i64),
    name: &str,
    (picture, blob, sum): (Picture, Blob, String),
    held: bool,
) -> Result<Done> {
    rows::remove_lost(tx.db(), API, room).await?;
    let picture = pictures::create_picture(tx.db(), room, &blob, picture, held).await?;
    let link = match rows::find_in(tx.db(), API, room, name).await? {
        Some(link) => link,
        None => {
            let words = super::LinkWords { room: Some(room), url: String::new(), order: 0 };
            rows::create_link(tx.db(), super::row(API, name, words, tx.now())).await?
        }
    };
    rows::put_hung(tx.db(), link.id, room, picture.id, &mark(&sum, &picture.blob)).await?;
    record_hung(tx, (room, &picture.by), &picture, held).await?;
    Ok(Done { put: OwnPut { rev: rev + i64::from(!held), picture, is_new: true }, leftover: None })
}

async fn change(
    tx: &mut Tx,
    (room, who, rev): (RoomId, &Who, i64),
    there: There,
    ((caption, alt), order): ((Option<String>, Option<String>), Option<i64>),
    came: Option<Came>,
) -> Result<Done> {
    let There { link, hung: Hung { picture: old, held, .. }, .. } = &there;
    let (mut picture, mut leftover) = (old.clone(), None);
    match came {
        None => {}
        // Perhaps somebody has put the same a moment ago.
        Some(Came { sum, blob }) if there.has(&sum) => leftover = blob.map(|blob| blob.id),
        Some(Came { sum, blob: Some(blob) }) => {
            pictures::change_blob(tx.db(), old.id, &blob).await?;
            note_picture(tx, (room, who), Act::PictureReplaced, old).await?;
            rows::put_hung(tx.db(), link.id, room, old.id, &mark(&sum, &blob.id)).await?;
            leftover = Some(old.blob.clone());
            picture = Picture { blob: blob.id, width: blob.width, height: blob.height, tint: blob.tint, ..picture };
        }
        // A host has put another one in its place meanwhile.
        Some(Came { blob: None, .. }) => return Err(Problem::changed(rev).into()),
    }
    picture.caption = caption.unwrap_or(picture.caption);
    picture.alt = alt.unwrap_or(picture.alt);
    picture.order = order.unwrap_or(picture.order);
    if (&picture.caption, &picture.alt) != (&old.caption, &old.alt) {
        pictures::change_words(tx.db(), old.id, &picture.caption, &picture.alt).await?;
    }
    if picture.order != old.order {
        pictures::change_order(tx.db(), old.id, picture.order).await?;
    }
    if picture == *old {
        return Ok(Done { put: OwnPut { picture, is_new: false, rev }, leftover });
    }
    let picture = changed(tx, (room, &who.person), picture, *held).await?;
    Ok(Done { put: OwnPut { picture, is_new: false, rev: rev + i64::from(!held) }, leftover })
}

async fn find(db: &impl Connection, room: RoomId, name: &str) -> std::result::Result<Option<There>, DbErr> {
    let Some(link) = rows::find_in(db, API, room, name).await? else { return Ok(None) };
    let Some(row) = rows::list_hung(db, link.id).await?.pop() else { return Ok(None) };
    let hung = pictures::find_picture(db, room, PictureId(row.picture_id)).await?;
    Ok(hung.filter(|hung| hung.removed_at.is_none()).map(|hung| There { link, row, hung }))
}

/// Which file hangs where; another once a host puts another one in its place.
fn mark(sum: &str, blob: &BlobId) -> String {
    format!("sha256:{sum} {blob}")
}

fn check_rev(now: i64, expected: Option<i64>) -> Result<()> {
    if expected.is_some_and(|rev| rev != now) { Err(Problem::changed(now).into()) } else { Ok(()) }
}

fn parse_name(name: &str) -> Result<String> {
    Ok(text::line("own_id", name, 1, MAX_NAME)?)
}

//! The video of a room: a file or a stream at an address, or a file of our own. Its hosts choose
//! it; who may read the room may see it.

use crate::access::{RoomHost, RoomReader};
use crate::audit::{Entry, note};
use crate::files::{Incoming, Media, Stored};
use crate::stage::no_video;
use crate::store::Tx;
use crate::store::entities::video;
use crate::store::stage::{Standing, find_standing, find_video, put_stage, put_video};
use crate::wall::{no_picture, wall_for_change};
use crate::{Chat, Error, Problem, Result};
use bytes::Bytes;
use domain::audit::Act;
use domain::event::What;
use domain::person::Person;
use domain::stage::{Show, Stage, parse_language, parse_title};
use domain::{BlobId, PictureId, RoomId};

/// What a room's video shall be.
#[derive(Debug)]
pub struct NewVideo {
    pub source: VideoSource,
    pub title: String,
    /// Of the room's wall; what is seen until it plays.
    pub poster: Option<PictureId>,
    /// WebVTT; without them those of the same source stay.
    pub captions: Option<Bytes>,
    /// Of the captions.
    pub language: String,
}

#[derive(Debug)]
pub enum VideoSource {
    /// What it is already.
    Same,
    Address(String),
    File(VideoFile),
}

/// A video that was taken in and belongs to no room yet.
#[derive(Debug)]
pub struct VideoFile(Stored);

/// A video that is arriving, for one room.
pub struct VideoUpload {
    room: RoomId,
    incoming: Incoming,
}

impl VideoUpload {
    /// Takes the next bytes.
    ///
    /// # Errors
    /// `Invalid { field: "file", .. }` for what is no video, or too large.
    pub async fn push(&mut self, bytes: &[u8]) -> Result<()> {
        self.incoming.push(bytes).await
    }

    /// # Errors
    /// As [`VideoUpload::push`].
    pub async fn finish(self) -> Result<VideoFile> {
        self.incoming.finish().await.map(VideoFile)
    }

    /// Forgets what came.
    pub async fn give_up(self) {
        tracing::debug!(room = %self.room, "a video did not come to its end");
        self.incoming.give_up().await;
    }
}

/// A stored file of a room's video, open for reading.
#[derive(Clone, Debug)]
pub struct VideoBytes {
    room: RoomId,
    blob: BlobId,
    pub media_type: String,
    /// In bytes.
    pub length: u64,
}

impl Chat {
    /// Begins to take a video.
    ///
    /// # Errors
    /// `NotAllowed` in an archived room; `TooFast`.
    pub async fn begin_video(&self, host: &RoomHost) -> Result<VideoUpload> {
        let room = host.not_archived()?.room().id;
        self.limits().upload(host.who().person.id)?;
        Ok(VideoUpload { room, incoming: self.files().begin_video(room).await? })
    }

    /// Sets the room's video, and shows it to nobody yet; if it is on the stage, it begins anew.
    ///
    /// # Errors
    /// `Invalid` for `url`, `title`, `language` and `captions`; `NotFound(Picture)` for a poster
    /// that does not hang there; `NotFound(Video)` if it shall stay the same and there is none.
    pub async fn set_video(&self, host: &RoomHost, new: NewVideo) -> Result<Stage> {
        let room = host.not_archived()?.room().id;
        let mut kept = Vec::new();
        let set = self.keep_video(host, new, &mut kept).await;
        if let Err(Error::Problem(problem)) = &set
            && *problem != Problem::Unavailable
        {
            for blob in kept {
                self.files().remove(room, &blob).await;
            }
        }
        let (stage, old) = set?;
        for blob in old {
            self.files().remove(room, &blob).await;
        }
        Ok(stage)
    }

    /// Takes the room's video away, and off the stage.
    pub async fn remove_video(&self, host: &RoomHost) -> Result<()> {
        let room = host.not_archived()?.room().id;
        let (host, by) = (host.clone(), host.who().person.clone());
        let entry = Entry::new(Act::VideoRemoved, host.who()).in_room(room);
        let change = self.store().write_in(room, move |tx| {
            Box::pin(async move {
                wall_for_change(tx, &host).await?;
                let old = find_video(tx.db(), room).await?.ok_or_else(no_video)?;
                put_video(tx.db(), room, None).await?;
                note(tx, entry.saying(old.title.clone())).await?;
                restage(tx, room, by, true).await?;
                Ok(blobs(&old))
            })
        });
        for blob in change.await? {
            self.files().remove(room, &blob).await;
        }
        Ok(())
    }

    /// A stored file of the room's video: the video itself or its captions.
    ///
    /// # Errors
    /// `NotFound(Video)` for any other.
    pub async fn video_bytes(&self, reader: &RoomReader, blob: &BlobId) -> Result<VideoBytes> {
        let room = reader.room().id;
        let row = find_video(self.store().read(), room).await?.ok_or_else(no_video)?;
        let media_type = match blob.as_str() {
            name if row.kind == STORED && row.src == name => row.media_type,
            name if row.captions == name => "text/vtt".to_owned(),
            _ => return Err(no_video().into()),
        };
        self.stored_video(room, blob, media_type).await
    }

    pub(crate) async fn stored_video(&self, room: RoomId, blob: &BlobId, media_type: String) -> Result<VideoBytes> {
        let length = self.files().length(room, blob).await?;
        Ok(VideoBytes { room, blob: blob.clone(), media_type, length })
    }

    /// Some of its bytes, from `from` on; fewer than up to `to` perhaps, but some.
    pub async fn video_piece(&self, video: &VideoBytes, from: u64, to: u64) -> Result<Bytes> {
        self.files().piece(video.room, &video.blob, from, to).await
    }

    /// Names in `kept` what was stored on the way.
    async fn keep_video(&self, host: &RoomHost, new: NewVideo, kept: &mut Vec<BlobId>) -> Result<(Stage, Vec<BlobId>)> {
        let (room, by, still) = (host.room().id, host.who().person.clone(), host.clone());
        let source = match new.source {
            VideoSource::File(VideoFile(stored)) => {
                kept.push(stored.id.clone());
                Some((STORED, stored.id.to_string(), stored.media_type, stored.digest))
            }
            VideoSource::Address(url) => {
                self.limits().upload(by.id)?;
                let (src, media) = self.files().examine_address(&url).await?;
                let kind = if media == Media::Stream { "stream" } else { "file" };
                Some((kind, src, media.media_type(), String::new()))
            }
            VideoSource::Same => None,
        };
        let (title, language) = (parse_title(&new.title)?, parse_language(&new.language)?);
        let captions = match new.captions {
            Some(bytes) => Some(self.files().keep_captions(room, bytes).await?),
            None => None,
        };
        kept.extend(captions.iter().map(|stored| stored.id.clone()));
        let poster = new.poster;
        let entry = Entry::new(Act::VideoChanged, host.who()).in_room(room).saying(title.clone());
        let change = self.store().write_in(room, move |tx| {
            Box::pin(async move {
                let wall = wall_for_change(tx, &still).await?;
                if poster.is_some_and(|poster| wall.position(poster).is_none()) {
                    return Err(no_picture().into());
                }
                let old = find_video(tx.db(), room).await?;
                let mut row = match (&old, source) {
                    (Some(old), None) => old.clone(),
                    (None, None) => return Err(no_video().into()),
                    (_, Some((kind, src, media_type, digest))) => row(room, kind, src, media_type, digest),
                };
                let is_same = old.as_ref().is_some_and(|old| old.src == row.src);
                if let (true, Some(old)) = (is_same, &old) {
                    (row.captions, row.captions_digest) = (old.captions.clone(), old.captions_digest.clone());
                }
                if let Some(stored) = captions {
                    (row.captions, row.captions_digest) = (stored.id.to_string(), stored.digest);
                }
                (row.title, row.language, row.poster_id) = (title, language, poster.map(|poster| poster.0));
                let needed = blobs(&row);
                put_video(tx.db(), room, Some(row)).await?;
                note(tx, entry).await?;
                let stage = restage(tx, room, by, !is_same).await?;
                let unneeded = old.iter().flat_map(blobs).filter(|blob| !needed.contains(blob)).collect();
                Ok((stage, unneeded))
            })
        });
        change.await
    }
}

/// The kind of a file of ours.
pub(crate) const STORED: &str = "stored";

fn row(room: RoomId, kind: &str, src: String, media_type: &str, digest: String) -> video::Model {
    video::Model {
        room_id: room.0,
        kind: kind.to_owned(),
        src,
        media_type: media_type.to_owned(),
        digest,
        title: String::new(),
        poster_id: None,
        captions: String::new(),
        captions_digest: String::new(),
        language: String::new(),
    }
}

fn blobs(row: &video::Model) -> Vec<BlobId> {
    row.files().map(|(blob, _, _)| blob).collect()
}

/// Tells of a video that is another one now, or has other words. One that `is_new` stands at its
/// beginning; without a video, nothing of it is shown.
async fn restage(tx: &mut Tx, room: RoomId, by: Person, is_new: bool) -> Result<Stage> {
    let Standing { mut stage, position } = find_standing(tx.db(), room).await?;
    let is_shown = matches!(stage.show, Show::Video { .. });
    if is_shown && is_new {
        let begin = Show::Video { position: 0, playing: false };
        stage.show = if stage.video.is_some() { begin } else { Show::Nothing };
        (stage.at, stage.by) = (tx.now(), Some(by));
    }
    put_stage(tx.db(), room, &stage, if is_new { 0 } else { position }).await?;
    tx.record(room, What::StageChanged { stage: stage.clone() }).await?;
    Ok(stage)
}

//! Videos and captions: what bytes are, and keeping them as they are, piece by piece.

use super::digest::Summing;
use super::{Files, Sum, digest, new_blob_id, path};
use crate::{Error, Result};
use bytes::{Bytes, BytesMut};
use domain::picture::Size;
use domain::problem::VideoFault;
use domain::stage::{MAX_CAPTIONS, MAX_VIDEO};
use domain::{BlobId, Problem, RoomId, Rule, Thing};
use object_store::{MultipartUpload, ObjectStoreExt, PutPayload};

/// Bytes that tell what a file is.
pub const HEAD: usize = 4_096;
/// Written at once, and read at once.
const PIECE: usize = 1024 * 1024;

/// What can be played.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Media {
    Mp4,
    WebM,
    /// A playlist of HLS.
    Stream,
}

impl Media {
    /// By the beginning of a file; what its sender calls it says nothing.
    pub fn of(head: &[u8]) -> Option<Self> {
        let text = head.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(head);
        if text.starts_with(b"#EXTM3U") {
            return Some(Self::Stream);
        }
        if head.get(4..8) == Some(b"ftyp") {
            return Some(Self::Mp4);
        }
        // Matroska says which kind it is soon after its first bytes.
        let is_webm = head.starts_with(b"\x1A\x45\xDF\xA3") && head.windows(4).take(64).any(|word| word == b"webm");
        is_webm.then_some(Self::WebM)
    }

    pub fn media_type(self) -> &'static str {
        match self {
            Self::Mp4 => "video/mp4",
            Self::WebM => "video/webm",
            Self::Stream => "application/vnd.apple.mpegurl",
        }
    }
}

/// A stored file that is served as it is.
#[derive(Clone, Debug)]
pub struct Stored {
    pub id: BlobId,
    pub media_type: &'static str,
    /// See `files::digest`.
    pub digest: String,
}

/// A video that is arriving. Dropped before its end it leaves nothing that counts.
pub struct Incoming {
    upload: Box<dyn MultipartUpload>,
    id: BlobId,
    media: Option<Media>,
    piece: BytesMut,
    sum: Summing,
    length: u64,
}

impl Incoming {
    /// Takes the next bytes.
    ///
    /// # Errors
    /// `Invalid { field: "file", .. }` for what is no video, as soon as that is known, or too large.
    pub async fn push(&mut self, bytes: &[u8]) -> Result<()> {
        self.length += bytes.len() as u64;
        if self.length > MAX_VIDEO {
            return Err(fault("file", VideoFault::TooManyBytes));
        }
        self.sum.add(bytes);
        self.piece.extend_from_slice(bytes);
        if self.media.is_none() && self.piece.len() >= HEAD {
            self.look()?;
        }
        if self.piece.len() >= PIECE {
            self.flush().await?;
        }
        Ok(())
    }

    /// Keeps it.
    pub async fn finish(mut self) -> Result<Stored> {
        if self.length == 0 {
            return Err(Problem::invalid("file", Rule::Empty).into());
        }
        let media = self.look()?;
        self.flush().await?;
        self.upload.complete().await?;
        let digest = digest(vec![(Size::Full, self.sum.end())]);
        Ok(Stored { id: self.id, media_type: media.media_type(), digest })
    }

    /// Forgets what came.
    pub async fn give_up(mut self) {
        if let Err(cause) = self.upload.abort().await {
            tracing::debug!(%cause, "the beginning of a video stays until it is tidied away");
        }
    }

    fn look(&mut self) -> Result<Media> {
        let media = self.media.or_else(|| Media::of(&self.piece));
        // A playlist alone plays nothing.
        let media = media.filter(|media| *media != Media::Stream).ok_or_else(|| fault("file", VideoFault::NotMedia))?;
        self.media = Some(media);
        Ok(media)
    }

    async fn flush(&mut self) -> Result<()> {
        if !self.piece.is_empty() {
            self.upload.put_part(PutPayload::from_bytes(self.piece.split().freeze())).await?;
        }
        Ok(())
    }
}

impl Files {
    /// Begins to take a video.
    pub async fn begin_video(&self, room: RoomId) -> Result<Incoming> {
        let id = new_blob_id()?;
        let upload = self.store.put_multipart(&path(room, &id, Size::Full)).await?;
        Ok(Incoming { upload, id, media: None, piece: BytesMut::new(), sum: Summing::default(), length: 0 })
    }

    /// What is behind an address, and where that is after redirects.
    ///
    /// # Errors
    /// `Invalid { field: "url", .. }` with what is wrong with the address, or for what is no media.
    pub async fn examine_address(&self, url: &str) -> Result<(String, Media)> {
        let (url, head) = self.fetch.head(url, HEAD).await?;
        let media = Media::of(&head).ok_or_else(|| fault("url", VideoFault::NotMedia))?;
        Ok((url, media))
    }

    /// Keeps captions.
    ///
    /// # Errors
    /// `Invalid { field: "captions", .. }` for what is no WebVTT or too large.
    pub async fn keep_captions(&self, room: RoomId, bytes: Bytes) -> Result<Stored> {
        if bytes.len() > MAX_CAPTIONS {
            return Err(fault("captions", VideoFault::TooManyBytes));
        }
        let text = std::str::from_utf8(&bytes).map_err(|_| fault("captions", VideoFault::NotCaptions))?;
        let rest = text.trim_start_matches('\u{FEFF}').strip_prefix("WEBVTT");
        if !rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(char::is_whitespace)) {
            return Err(fault("captions", VideoFault::NotCaptions));
        }
        let id = new_blob_id()?;
        let digest = digest(vec![(Size::Full, Sum::of(&bytes))]);
        self.store.put(&path(room, &id, Size::Full), bytes.into()).await?;
        Ok(Stored { id, media_type: "text/vtt", digest })
    }

    /// How long a stored file is, in bytes.
    pub async fn length(&self, room: RoomId, blob: &BlobId) -> Result<u64> {
        let length = self.length_of(room, blob, Size::Full).await?;
        Ok(length.ok_or_else(|| Problem::not_found(Thing::Video))?)
    }

    /// The same of any size; `None` if there is no such file.
    pub async fn length_of(&self, room: RoomId, blob: &BlobId, size: Size) -> Result<Option<u64>> {
        match self.store.head(&path(room, blob, size)).await {
            Ok(found) => Ok(Some(found.size)),
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(cause) => Err(Error::from(cause)),
        }
    }

    /// Some bytes of a stored file, from `from` on: a piece, or less at its end.
    pub async fn piece(&self, room: RoomId, blob: &BlobId, from: u64, to: u64) -> Result<Bytes> {
        self.piece_of((room, blob, Size::Full), from, to).await
    }

    /// The same of any size.
    pub async fn piece_of(&self, (room, blob, size): (RoomId, &BlobId, Size), from: u64, to: u64) -> Result<Bytes> {
        let to = to.min(from.saturating_add(PIECE as u64));
        Ok(self.store.get_range(&path(room, blob, size), from..to).await?)
    }
}

fn fault(field: &str, fault: VideoFault) -> Error {
    Problem::invalid(field, Rule::Video { fault }).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_what_it_begins_with() {
        for (head, media) in [
            (&b"\0\0\0\x20ftypisom"[..], Some(Media::Mp4)),
            (b"\x1A\x45\xDF\xA3\x9FB\x86\x81\x01B\x82\x84webm", Some(Media::WebM)),
            (b"#EXTM3U\n#EXT-X-VERSION:3\n", Some(Media::Stream)),
            (b"\xEF\xBB\xBF#EXTM3U\r\n", Some(Media::Stream)),
            (b"\x1A\x45\xDF\xA3\x9FB\x86\x81\x01B\x82\x88matroska", None),
            (b"<!doctype html><title>movie.mp4</title>", None),
            (b"\x89PNG\r\n\x1a\n", None),
            (b"ftyp", None),
            (b"", None),
        ] {
            assert_eq!(Media::of(head), media, "{head:?}");
        }
    }
}

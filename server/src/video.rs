//! A room's video: `/upload/video/{room}` sets it, `/video/{room}/{blob}` serves what is stored of
//! it, in the ranges that players ask for.

use crate::answer::{self, Refusal};
use crate::house::House;
use crate::media::is_known;
use crate::range::{self, Served, dressed};
use crate::sent::{Right, reads, while_allowed};
use crate::upload::{broken, form, host, manners, refuse};
use app::calls::Visitor;
use axum::Extension;
use axum::body::Body;
use axum::extract::multipart::Field;
use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use chat::{NewVideo, VideoBytes, VideoFile, VideoSource};
use domain::problem::VideoFault;
use domain::stage::{MAX_CAPTIONS, MAX_VIDEO, Stage};
use domain::{BlobId, Problem, RoomId, Rule, Thing};
use futures::stream::try_unfold;

/// Largest upload: the video, its captions, and room for their envelopes; bytes.
pub const BYTES: usize = MAX_VIDEO as usize + MAX_CAPTIONS + 1024 * 1024;
/// Longest text beside the files, in bytes.
const TEXT_BYTES: usize = 16 * 1024;
/// For refusals that a form brings back.
const CALL: &str = "set-video";

/// Sets the room's video: a `file`, or what is at `url`, else the same with other words.
pub async fn set(
    State(house): State<House>,
    Extension(visitor): Extension<Visitor>,
    Path(room): Path<String>,
    request: Request,
) -> Response {
    let (for_page, landing) = manners(&request);
    match take(&house, &visitor, &room, request).await {
        Ok(_) if for_page => answer::see(&landing),
        Ok(stage) => axum::Json(stage).into_response(),
        Err(problem) => refuse(for_page, &landing, CALL, &problem),
    }
}

/// What the form said.
#[derive(Default)]
struct Said {
    url: String,
    title: String,
    language: String,
    poster: String,
    captions: Option<Bytes>,
    file: Option<VideoFile>,
}

async fn take(house: &House, visitor: &Visitor, room: &str, request: Request) -> Result<Stage, Problem> {
    // Before the first byte is read.
    host(house, visitor, room).await?;
    let mut form = form(request).await?;
    let mut said = Said::default();
    while let Some(mut field) = form.next_field().await.map_err(|cause| broken(&cause, BYTES))? {
        let name = field.name().unwrap_or_default().to_owned();
        let is_chosen = field.file_name().is_some_and(|name| !name.is_empty());
        match name.as_str() {
            "file" if is_chosen => said.file = Some(file(house, visitor, room, &mut field).await?),
            "captions" if is_chosen => said.captions = Some(all(&mut field, &name, MAX_CAPTIONS).await?),
            "file" | "captions" => {}
            _ => said.note(&name, text(&mut field, &name).await?),
        }
    }
    let host = host(house, visitor, room).await?;
    house.chat.set_video(&host, said.video()?).await.map_err(chat::Error::into_problem)
}

/// Takes the video in as it comes; only a piece of it is in memory.
async fn file(house: &House, visitor: &Visitor, room: &str, field: &mut Field<'_>) -> Result<VideoFile, Problem> {
    let host = host(house, visitor, room).await?;
    let mut upload = house.chat.begin_video(&host).await.map_err(chat::Error::into_problem)?;
    loop {
        let pushed = match field.chunk().await {
            Ok(None) => return upload.finish().await.map_err(chat::Error::into_problem),
            Ok(Some(bytes)) => upload.push(&bytes).await.map_err(chat::Error::into_problem),
            Err(cause) => Err(broken(&cause, BYTES)),
        };
        if let Err(problem) = pushed {
            upload.give_up().await;
            return Err(problem);
        }
    }
}

async fn all(field: &mut Field<'_>, name: &str, limit: usize) -> Result<Bytes, Problem> {
    let mut whole = Vec::new();
    while let Some(piece) = field.chunk().await.map_err(|cause| broken(&cause, BYTES))? {
        if whole.len() + piece.len() > limit {
            return Err(Problem::invalid(name, Rule::Video { fault: VideoFault::TooManyBytes }));
        }
        whole.extend_from_slice(&piece);
    }
    Ok(whole.into())
}

async fn text(field: &mut Field<'_>, name: &str) -> Result<String, Problem> {
    let bytes = all(field, name, TEXT_BYTES).await?;
    String::from_utf8(bytes.into()).map_err(|_| Problem::invalid(name, Rule::Characters))
}

impl Said {
    fn note(&mut self, name: &str, text: String) {
        match name {
            "url" => self.url = text,
            "title" => self.title = text,
            "language" => self.language = text,
            "poster" => self.poster = text,
            _ => {}
        }
    }

    fn video(self) -> Result<NewVideo, Problem> {
        let url = self.url.trim();
        let source = match self.file {
            Some(file) => VideoSource::File(file),
            None if url.is_empty() => VideoSource::Same,
            None => VideoSource::Address(url.to_owned()),
        };
        let poster = match self.poster.trim() {
            "" => None,
            id => Some(id.parse().map_err(|_| Problem::not_found(Thing::Picture))?),
        };
        Ok(NewVideo { source, title: self.title, poster, captions: self.captions, language: self.language })
    }
}

/// A stored file of a room's video, whole or the range that was asked for.
pub async fn serve(
    State(house): State<House>,
    Extension(visitor): Extension<Visitor>,
    Path((room, blob)): Path<(String, String)>,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    let missing = || Problem::not_found(Thing::Video);
    let room: RoomId = room.parse().map_err(|_| missing())?;
    let blob = BlobId::parse(&blob).map_err(|_| missing())?;
    let reader = house.chat.reader(visitor.who.as_ref(), room).await?;
    let video = house.chat.video_bytes(&reader, &blob).await?;
    let right = reads(&house.chat, visitor.who.as_ref(), room);
    Ok(stream(&house, &video, &format!("\"{blob}\""), &headers, right))
}

/// The bytes of a stored video that were asked for, while there is a `right` to them. `tag`: with its
/// quotes.
pub fn stream(house: &House, video: &VideoBytes, tag: &str, headers: &HeaderMap, right: Right) -> Response {
    let served = Served { tag, media_type: &video.media_type, length: video.length };
    if is_known(headers, tag) {
        return dressed(StatusCode::NOT_MODIFIED, Body::empty(), served);
    }
    range::answer(headers, served, |from, to| body(house, video, (from, to), right))
}

/// One piece after the other, as fast as they are read.
fn body(house: &House, video: &VideoBytes, (from, to): (u64, u64), right: Right) -> Body {
    let (video, chat) = (video.clone(), house.chat.clone());
    let pieces = try_unfold(from, move |at| {
        let (video, chat) = (video.clone(), chat.clone());
        async move {
            if at >= to {
                return Ok::<_, chat::Error>(None);
            }
            let piece = chat.video_piece(&video, at, to).await?;
            let next = if piece.is_empty() { to } else { at + piece.len() as u64 };
            Ok(Some((piece, next)))
        }
    });
    Body::from_stream(while_allowed(right, pieces))
}

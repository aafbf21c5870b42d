//! Files of the rooms for the other site's pages, which have no cookie of ours: whoever knows a name
//! of 128 bits has been told it by the room.

use super::SYSTEM;
use crate::answer::Refusal;
use crate::compat::base::Named;
use crate::house::House;
use crate::media::{is_known, is_shown};
use crate::range::{Served, dressed};
use crate::sent::Right;
use crate::video;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use domain::picture::Size;
use domain::{BlobId, Problem, Thing};

const CORP: HeaderName = HeaderName::from_static("cross-origin-resource-policy");

/// A picture of a wall, or a room's video.
pub async fn file(State(house): State<House>, Named(blob): Named<String>, headers: HeaderMap) -> Response {
    let mut response = found(&house, &blob, &headers).await.unwrap_or_else(IntoResponse::into_response);
    // Their pages are another site's.
    response.headers_mut().insert(CORP, HeaderValue::from_static("cross-origin"));
    response
}

async fn found(house: &House, blob: &str, headers: &HeaderMap) -> Result<Response, Refusal> {
    let blob = BlobId::parse(blob).map_err(|_| Problem::not_found(Thing::Picture))?;
    let tag = format!("\"{blob}\"");
    let (bytes, kind) = match house.chat.shared_picture(SYSTEM, &blob, Size::Full).await {
        Err(chat::Error::Problem(Problem::NotFound { .. })) => {
            let video = house.chat.shared_video(SYSTEM, &blob).await?;
            let (chat, blob) = (house.chat.clone(), blob.clone());
            let right: Right = Box::new(move || {
                let (chat, blob) = (chat.clone(), blob.clone());
                Box::pin(async move { chat.shared_video(SYSTEM, &blob).await.map(drop) })
            });
            return Ok(video::stream(house, &video, &tag, headers, right));
        }
        picture => picture?,
    };
    let kind = if is_shown(kind) { kind } else { "application/octet-stream" };
    let served = Served { tag: &tag, media_type: kind, length: bytes.len() as u64 };
    let is_known = is_known(headers, &tag);
    let (status, body) =
        if is_known { (StatusCode::NOT_MODIFIED, Body::empty()) } else { (StatusCode::OK, bytes.into()) };
    Ok(dressed(status, body, served))
}

//! `/media/{room}/{blob}/{size}`: the pictures, for those who may read their room.

use crate::answer::Refusal;
use crate::file_name::{attachment, stem};
use crate::house::House;
use app::calls::Visitor;
use axum::Extension;
use axum::body::Body;
use axum::extract::{Path, Query, State};
use axum::http::header::{
    CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG, IF_NONE_MATCH,
};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::Response;
use chat::{RoomReader, Who};
use domain::picture::Size;
use domain::{BlobId, Problem, RoomId, Thing};
use serde::Deserialize;

#[derive(Debug, Default, Deserialize)]
pub struct Wish {
    /// `1`: save it instead of showing it.
    #[serde(default)]
    download: Option<String>,
}

impl Wish {
    /// Whether it is to be saved.
    pub fn is_download(&self) -> bool {
        self.download.as_deref() == Some("1")
    }
}

/// What a picture may do if a browser opens it as a page: nothing.
pub const SANDBOX: &str = "sandbox; default-src 'none'";

pub async fn picture(
    State(house): State<House>,
    Extension(visitor): Extension<Visitor>,
    Path((room, blob, size)): Path<(String, String, String)>,
    Query(wish): Query<Wish>,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    // What cannot be an address of a picture is answered like a picture that is not there.
    let missing = || Problem::not_found(Thing::Picture);
    let room: RoomId = room.parse().map_err(|_| missing())?;
    let blob = BlobId::parse(&blob).map_err(|_| missing())?;
    let size = Size::parse(&size).ok_or_else(missing)?;
    let who = visitor.who.as_ref();
    let reader = match house.chat.reader(who, room).await.map_err(chat::Error::into_problem) {
        Err(Problem::Shut) => return cover(&house, who, room, &blob, size).await,
        reader => reader?,
    };
    let tag = format!("\"{blob}-{size}\"");
    // The bytes behind an address never change; only whether this visitor may have them.
    house.chat.check_picture(&reader, &blob).await?;
    if is_known(&headers, &tag) {
        return Ok(with_headers(StatusCode::NOT_MODIFIED, Body::empty(), &tag));
    }
    let (bytes, kind) = house.chat.picture_bytes(&reader, &blob, size).await?;
    let mut response = with_headers(StatusCode::OK, Body::from(bytes), &tag);
    let inline = is_shown(kind);
    let kind = if inline { kind } else { "application/octet-stream" };
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    if wish.is_download() || !inline {
        let name = name(&house, &reader, &blob, kind).await?;
        response.headers_mut().insert(CONTENT_DISPOSITION, attachment(&name));
    }
    Ok(response)
}

/// The picture of a shut room that those who wait may see.
async fn cover(house: &House, who: Option<&Who>, room: RoomId, blob: &BlobId, size: Size) -> Result<Response, Refusal> {
    let waiter = house.chat.waiter(who, room).await?;
    let (bytes, kind) = house.chat.cover_bytes(&waiter, blob, size).await?;
    let mut response = with_headers(StatusCode::OK, Body::from(bytes), &format!("\"{blob}-{size}\""));
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    Ok(response)
}

/// Our own re-encoded kinds; anything else would only be saved.
pub fn is_shown(kind: &str) -> bool {
    matches!(kind, "image/jpeg" | "image/png" | "image/webp" | "image/gif")
}

pub fn is_known(headers: &HeaderMap, tag: &str) -> bool {
    headers
        .get_all(IF_NONE_MATCH)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .any(|value| value.split(',').map(str::trim).any(|known| known == "*" || known.trim_start_matches("W/") == tag))
}

fn with_headers(status: StatusCode, body: Body, tag: &str) -> Response {
    let mut response = Response::new(body);
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(SANDBOX));
    if let Ok(tag) = HeaderValue::from_str(tag) {
        headers.insert(ETAG, tag);
    }
    response
}

/// A saved picture is called by its caption, else by its room.
async fn name(house: &House, reader: &RoomReader, blob: &BlobId, kind: &str) -> chat::Result<String> {
    let wall = house.chat.wall(reader).await?;
    let caption = wall.pictures.iter().find(|p| p.blob == *blob).map(|p| p.caption.as_str()).unwrap_or_default();
    let stem = stem(caption).unwrap_or_else(|| reader.room().slug.clone());
    let ending = kind.trim_start_matches("image/").replace("jpeg", "jpg");
    Ok(format!("{stem}.{ending}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_known_tag_is_recognised() {
        let mut headers = HeaderMap::new();
        headers.insert(IF_NONE_MATCH, HeaderValue::from_static("\"a\", W/\"b\""));
        assert!(is_known(&headers, "\"b\"") && !is_known(&headers, "\"c\""));
    }
}

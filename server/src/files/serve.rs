//! Files of messages on their way out: permission first, then the bytes. What a browser could run
//! is never shown, only saved.

use super::blob;
use crate::answer::Refusal;
use crate::file_name::{attachment, inline};
use crate::house::House;
use crate::media::{Wish, is_known};
use crate::range::{Served, answer, dressed};
use crate::sent::{Right, reads, while_allowed};
use app::calls::Visitor;
use axum::Extension;
use axum::body::Body;
use axum::extract::{Path, Query, State};
use axum::http::header::CONTENT_DISPOSITION;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::Response;
use chat::FileBytes;
use domain::attachment::Look;
use domain::picture::Size;
use domain::{Problem, RoomId, Thing};
use futures::stream;

/// A file of a message, whole or the range that was asked for.
pub async fn file(
    State(house): State<House>,
    Extension(visitor): Extension<Visitor>,
    Path((room, name, size)): Path<(String, String, String)>,
    Query(wish): Query<Wish>,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    let missing = || Problem::not_found(Thing::File);
    let room: RoomId = room.parse().map_err(|_| missing())?;
    let (blob, size) = (blob(&name)?, Size::parse(&size).ok_or_else(missing)?);
    let reader = house.chat.reader(visitor.who.as_ref(), room).await?;
    let file = house.chat.file_bytes(&reader, &blob, size).await?;
    let tag = format!("\"{blob}-{size}\"");
    let right = reads(&house.chat, visitor.who.as_ref(), room);
    let mut response = given(&house, &file, &tag, &headers, !wish.is_download(), right);
    let policy = HeaderName::from_static("cross-origin-resource-policy");
    response.headers_mut().insert(policy, HeaderValue::from_static("same-origin"));
    Ok(response)
}

/// A file, whole or the range that was asked for, to be shown or saved, while there is a `right` to it.
/// `tag`: with its quotes.
pub fn given(house: &House, file: &FileBytes, tag: &str, headers: &HeaderMap, shows: bool, right: Right) -> Response {
    let served = Served { tag, media_type: &file.media_type, length: file.length };
    let mut response = if is_known(headers, tag) {
        dressed(StatusCode::NOT_MODIFIED, Body::empty(), served)
    } else {
        answer(headers, served, |from, to| body(house, file, (from, to), right))
    };
    let is_shown = file.look != Look::File && shows;
    let name = saved_as(file);
    let disposition = if is_shown { inline(&name) } else { attachment(&name) };
    response.headers_mut().insert(CONTENT_DISPOSITION, disposition);
    response
}

/// As its sender called it; a picture that was encoded anew has the ending of what it is now.
fn saved_as(file: &FileBytes) -> String {
    let (ending, same): (&str, &[&str]) = match file.media_type.as_str() {
        "image/png" => ("png", &["png"]),
        "image/jpeg" => ("jpg", &["jpg", "jpeg", "jpe", "jfif"]),
        _ => return file.name.clone(),
    };
    let (stem, old) = file.name.rsplit_once('.').unwrap_or((&file.name, ""));
    if same.contains(&old.to_ascii_lowercase().as_str()) { file.name.clone() } else { format!("{stem}.{ending}") }
}

/// One piece after the other, as fast as they are read, while there is a `right` to them.
pub fn body(house: &House, file: &FileBytes, (from, to): (u64, u64), right: Right) -> Body {
    let (file, chat) = (file.clone(), house.chat.clone());
    let pieces = stream::try_unfold(from, move |at| {
        let (file, chat) = (file.clone(), chat.clone());
        async move {
            if at >= to {
                return Ok::<_, chat::Error>(None);
            }
            let piece = chat.file_piece(&file, at, to).await?;
            let next = if piece.is_empty() { to } else { at + piece.len() as u64 };
            Ok(Some((piece, next)))
        }
    });
    Body::from_stream(while_allowed(right, pieces))
}

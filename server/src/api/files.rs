//! Files of messages.

use super::caller::{Caller, Read, Write};
use super::fault::{Answer, Details};
use super::messages::{FileJson, begun};
use crate::answer::malformed;
use crate::file_name::attachment;
use crate::files::serve::body;
use crate::house::House;
use crate::range::{Served, answer};
use crate::sent::reads;
use axum::Json;
use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{Path, Query, Request, State};
use axum::http::header::CONTENT_DISPOSITION;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use domain::picture::Size;
use domain::{BlobId, Problem, Thing};
use futures::StreamExt;
use serde::Deserialize;
use utoipa::IntoParams;

/// What a file is called.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Named {
    /// As its sender calls it; never a path.
    name: String,
}

/// Send a file
///
/// The body is the file. It belongs to no message until one names it; after a day without one it is
/// removed.
#[utoipa::path(post, path = "/rooms/{room}/files", tag = "Files",
    params(("room" = String, Path, description = "The room's slug"), Named),
    request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    responses((status = 201, body = FileJson), (status = 413, body = Details, content_type = "application/problem+json")))]
pub async fn send(
    State(house): State<House>,
    caller: Caller<Write>,
    slug: Result<Path<String>, PathRejection>,
    named: Result<Query<Named>, QueryRejection>,
    request: Request,
) -> Answer<(StatusCode, Json<FileJson>)> {
    let (Path(slug), Query(named)) = (slug?, named?);
    let room = begun(&house, &caller, &slug).await?;
    let writer = house.chat.writer(Some(&caller.who), room).await?;
    let mut upload = house.chat.begin_whole(&writer, &named.name).await?;
    let mut pieces = request.into_body().into_data_stream();
    while let Some(piece) = pieces.next().await {
        let Ok(piece) = piece else {
            upload.give_up().await;
            return Err(malformed().into());
        };
        upload.push(&piece).await?;
    }
    let arrived = upload.finish(None).await?;
    let file = arrived.file.ok_or(Problem::Unavailable)?;
    Ok((StatusCode::CREATED, Json((&file).into())))
}

/// Get a file
///
/// Whole, or the range that is asked for (`Range`, RFC 9110).
#[utoipa::path(get, path = "/rooms/{room}/files/{file}", tag = "Files",
    params(("room" = String, Path, description = "The room's slug"), ("file" = String, Path)),
    responses((status = 200, body = Vec<u8>, content_type = "application/octet-stream"),
        (status = 404, body = Details, content_type = "application/problem+json")))]
pub async fn fetch(
    State(house): State<House>,
    caller: Caller<Read>,
    place: Result<Path<(String, String)>, PathRejection>,
    headers: HeaderMap,
) -> Answer<Response> {
    let Path((slug, name)) = place?;
    let reader = house.chat.reader_by_slug(Some(&caller.who), &slug).await?;
    let blob = BlobId::parse(&name).map_err(|_| Problem::not_found(Thing::File))?;
    let file = house.chat.file_bytes(&reader, &blob, Size::Full).await?;
    let tag = format!("\"{blob}\"");
    let served = Served { tag: &tag, media_type: "application/octet-stream", length: file.length };
    let right = reads(&house.chat, Some(&caller.who), reader.room().id);
    let mut response = answer(&headers, served, |from, to| body(&house, &file, (from, to), right));
    response.headers_mut().insert(CONTENT_DISPOSITION, attachment(&file.name));
    Ok(response)
}

//! A file in parts: announced by name and length, refused before a byte of it travels, and carried on
//! from where it stopped.

use super::{blob, writer};
use crate::answer::{Refusal, malformed};
use crate::house::House;
use app::calls::Visitor;
use axum::body::Body;
use axum::extract::{Path, RawQuery, Request, State};
use axum::http::{HeaderMap, StatusCode};
use axum::{Extension, Json};
use bytes::Bytes;
use chat::UploadPart;
use domain::attachment::Arriving;
use domain::{Problem, Rule};
use futures::StreamExt;
use serde::Deserialize;

/// SHA-256 of the part, hexadecimal, if the sender can make it.
const SUM: &str = "x-part-sum";

/// What is to come.
#[derive(Debug, Deserialize)]
pub struct Announced {
    name: String,
    bytes: u64,
}

/// Announces a file.
pub async fn begin(
    State(house): State<House>,
    Extension(visitor): Extension<Visitor>,
    Path(room): Path<String>,
    body: Bytes,
) -> Result<(StatusCode, Json<Arriving>), Refusal> {
    let writer = writer(&house, &visitor, &room).await?;
    let new: Announced = serde_json::from_slice(&body).map_err(|_| malformed())?;
    let arriving = house.chat.begin_upload(&writer, &new.name, new.bytes).await?;
    Ok((StatusCode::CREATED, Json(arriving)))
}

/// How far it has come.
pub async fn look(
    State(house): State<House>,
    Extension(visitor): Extension<Visitor>,
    Path((room, name)): Path<(String, String)>,
) -> Result<Json<Arriving>, Refusal> {
    let writer = writer(&house, &visitor, &room).await?;
    Ok(Json(house.chat.upload(&writer, &blob(&name)?).await?))
}

/// Takes a part, piece by piece; what came before a cut stays.
pub async fn part(
    State(house): State<House>,
    Extension(visitor): Extension<Visitor>,
    Path((room, name)): Path<(String, String)>,
    RawQuery(query): RawQuery,
    request: Request,
) -> Result<Json<Arriving>, Refusal> {
    let writer = writer(&house, &visitor, &room).await?;
    let (at, sum) = (place(query.as_deref())?, sum(request.headers())?);
    let upload = house.chat.begin_part(&writer, &blob(&name)?, at).await?;
    let upload = take(upload, request.into_body()).await?;
    Ok(Json(upload.finish(sum.as_deref()).await?))
}

async fn take(mut upload: UploadPart, body: Body) -> Result<UploadPart, Refusal> {
    let mut pieces = body.into_data_stream();
    while let Some(piece) = pieces.next().await {
        let piece = piece.map_err(|cause| match crate::upload::is_over_limit(&cause) {
            true => Problem::TooLarge { limit: super::PART_BYTES as u64 },
            false => malformed(),
        })?;
        upload.push(&piece).await?;
    }
    Ok(upload)
}

/// Where the part begins, in bytes: `at`.
fn place(query: Option<&str>) -> Result<u64, Problem> {
    let mut pairs = form_urlencoded::parse(query.unwrap_or_default().as_bytes());
    let at = pairs.find(|(key, _)| key == "at").and_then(|(_, value)| value.parse().ok());
    at.ok_or_else(|| Problem::invalid("at", Rule::Shape))
}

fn sum(headers: &HeaderMap) -> Result<Option<String>, Problem> {
    let Some(value) = headers.get(SUM) else { return Ok(None) };
    let sum = value.to_str().ok().filter(|sum| sum.len() == 64 && sum.bytes().all(|b| b.is_ascii_hexdigit()));
    sum.map(|sum| Some(sum.to_owned())).ok_or_else(|| Problem::invalid("sum", Rule::Shape))
}

/// Forgets it.
pub async fn remove(
    State(house): State<House>,
    Extension(visitor): Extension<Visitor>,
    Path((room, name)): Path<(String, String)>,
) -> Result<StatusCode, Refusal> {
    let writer = writer(&house, &visitor, &room).await?;
    house.chat.remove_upload(&writer, &blob(&name)?).await?;
    Ok(StatusCode::NO_CONTENT)
}

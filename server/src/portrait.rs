//! People's pictures: `POST /upload/portrait` for one's own, `GET /portrait/{person}/{version}`
//! for everybody who is signed in.

use crate::answer::{self, Refusal};
use crate::gate::limits::PORTRAIT_BYTES;
use crate::house::House;
use crate::media::{SANDBOX, is_known};
use crate::upload::{broken, bytes, form, is_empty_choice, manners, refuse};
use app::calls::Visitor;
use axum::Extension;
use axum::body::Body;
use axum::extract::{Path, Request, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use domain::{PersonId, Problem, Rule, Thing};

/// The name of the form, for what it is refused with.
const CALL: &str = "upload-portrait";

pub async fn change(State(house): State<House>, Extension(visitor): Extension<Visitor>, request: Request) -> Response {
    let (for_page, landing) = manners(&request);
    match change_own(&house, &visitor, request).await {
        Ok(()) if for_page => answer::see(&landing),
        Ok(()) => StatusCode::NO_CONTENT.into_response(),
        Err(problem) => refuse(for_page, &landing, CALL, &problem),
    }
}

async fn change_own(house: &House, visitor: &Visitor, request: Request) -> Result<(), Problem> {
    let who = visitor.who.as_ref().ok_or(Problem::SignInNeeded)?;
    let mut form = form(request).await?;
    while let Some(mut field) = form.next_field().await.map_err(|cause| broken(&cause, PORTRAIT_BYTES))? {
        if field.name() == Some("picture") && !is_empty_choice(&field) {
            let bytes = bytes(&mut field).await??;
            return house.chat.change_portrait(who, bytes).await.map_err(chat::Error::into_problem);
        }
    }
    Err(Problem::invalid("picture", Rule::Empty))
}

/// Nobody who is not signed in learns who has one.
pub async fn show(
    State(house): State<House>,
    Extension(visitor): Extension<Visitor>,
    Path((person, version)): Path<(String, String)>,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    let missing = || Problem::not_found(Thing::Picture);
    let who = visitor.who.as_ref().ok_or_else(missing)?;
    let person: PersonId = person.parse().map_err(|_| missing())?;
    let (bytes, kind) = house.chat.portrait(who, person).await?.ok_or_else(missing)?;
    let tag = HeaderValue::from_str(&format!("\"{version}\"")).map_err(|_| missing())?;
    let is_there = tag.to_str().is_ok_and(|tag| is_known(&headers, tag));
    let (status, body) =
        if is_there { (StatusCode::NOT_MODIFIED, Body::empty()) } else { (StatusCode::OK, Body::from(bytes)) };
    let mut response = Response::new(body);
    *response.status_mut() = status;
    let kind = if kind == "image/png" { "image/png" } else { "image/jpeg" };
    for (name, value) in [
        (CONTENT_TYPE, HeaderValue::from_static(kind)),
        (CACHE_CONTROL, HeaderValue::from_static("private, max-age=3600")),
        (CONTENT_SECURITY_POLICY, HeaderValue::from_static(SANDBOX)),
        (ETAG, tag),
    ] {
        response.headers_mut().insert(name, value);
    }
    Ok(response)
}

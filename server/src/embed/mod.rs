//! `/embed/{slug}`: a room inside a page of another site, without cookies (docs/embed.md).
//!
//! The frame's address answers everybody alike: with a page that holds nothing but a form. It posts
//! the ticket after the address's `#`, which no server sees and no log keeps, and gets the room's page
//! with the tokens of a session of its own. From then on `embed.js` shows them with all that the
//! page asks for; pictures, which no script asks for, carry one in their addresses.

mod door;
mod look;
mod scope;

use crate::answer::Refusal;
use crate::gate::headers::ANCESTORS;
use crate::gate::session::{FARTHEST_TZ, accepted};
use crate::house::House;
use crate::pages;
use app::calls::Visitor;
use app::text::Lang;
use app::visitor::Theme;
use axum::body::Body;
use axum::extract::rejection::{FormRejection, JsonRejection, QueryRejection};
use axum::extract::{Form, Path, Query, Request, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY};
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri};
use axum::response::{Html, IntoResponse, Response};
use axum::{Extension, Json};
use chat::{Embedded, Who};
use domain::{Problem, RoomId};
use leptos::nonce::Nonce;
use serde::{Deserialize, Serialize};

pub use look::{NAME as LOOK, is_seen, rewritten};
pub use scope::{CALLS, is_for_frames};

/// How the frame's address says that the page shall look.
#[derive(Debug, Default, Deserialize)]
pub struct Taste {
    #[serde(default)]
    lang: String,
    #[serde(default)]
    theme: String,
}

/// What the form of the first page posts.
#[derive(Debug, Default, Deserialize)]
pub struct Entry {
    /// Empty for guests.
    #[serde(default)]
    ticket: String,
    #[serde(default)]
    lang: String,
    #[serde(default)]
    theme: String,
    /// Minutes east of UTC.
    #[serde(default)]
    tz: i32,
}

/// What `embed.js` is told.
#[derive(Serialize)]
struct Told<'a> {
    room: &'a str,
    /// The sites that it talks to.
    origins: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    session: Option<Tokens<'a>>,
}

#[derive(Serialize)]
struct Tokens<'a> {
    token: &'a str,
    look: &'a str,
    /// Milliseconds until its end.
    ends_in: i64,
}

/// Another ticket, so that a visitor may stay.
#[derive(Debug, Deserialize)]
pub struct Stay {
    ticket: String,
    token: String,
    look: String,
}

/// The same page for every room, whether there is one or not.
pub async fn first(
    State(house): State<House>,
    Extension(nonce): Extension<Nonce>,
    Path(slug): Path<String>,
    taste: Result<Query<Taste>, QueryRejection>,
    headers: HeaderMap,
) -> Response {
    let Query(taste) = taste.unwrap_or_default();
    let lang = Lang::parse(&taste.lang).unwrap_or_else(|| accepted(&headers));
    sealed(door::page(&house, &slug, (lang, &taste.theme), &nonce, None), StatusCode::OK, &nonce)
}

/// The room's page, for the bearer of a ticket or for a guest. Cookies count for nothing.
pub async fn enter(
    State(house): State<House>,
    Extension(visitor): Extension<Visitor>,
    Extension(nonce): Extension<Nonce>,
    Path(slug): Path<String>,
    headers: HeaderMap,
    form: Result<Form<Entry>, FormRejection>,
) -> Response {
    let Form(entry) = form.unwrap_or_default();
    let lang = Lang::parse(&entry.lang).unwrap_or_else(|| accepted(&headers));
    let problem = match room(&house, &visitor, &slug, &entry.ticket).await.map_err(chat::Error::into_problem) {
        Ok((id, inside)) => {
            let tz = entry.tz.clamp(-FARTHEST_TZ, FARTHEST_TZ);
            let visitor = Visitor { lang, theme: Theme::parse(&entry.theme), tz, ..visitor };
            return show(&house, visitor, nonce, &slug, id, inside).await;
        }
        Err(problem) => problem,
    };
    let status = crate::answer::status_of(&problem);
    sealed(door::page(&house, &slug, (lang, &entry.theme), &nonce, Some(&problem)), status, &nonce)
}

/// A visitor stays longer. The token is in the body: it may have run out.
pub async fn stay(
    State(house): State<House>,
    body: Result<Json<Stay>, JsonRejection>,
) -> Result<Json<serde_json::Value>, Refusal> {
    let Json(Stay { ticket, token, look }) = body.map_err(|_| crate::answer::malformed())?;
    let until = house.chat.stay_by_ticket(&token, &look, &ticket).await?;
    Ok(Json(serde_json::json!({ "ends_in": until - house.chat.now() })))
}

/// The room, for whoever the ticket lets in. Guests are told apart from nobody: a room that they may
/// not read is answered like one that is not there.
async fn room(house: &House, visitor: &Visitor, slug: &str, ticket: &str) -> chat::Result<(RoomId, Option<Embedded>)> {
    if !ticket.is_empty() {
        let inside = house.chat.enter_by_ticket(slug, ticket, &visitor.visit).await?;
        let room = inside.who.only.ok_or(Problem::SignInNeeded)?;
        return Ok((room, Some(inside)));
    }
    match house.chat.reader_by_slug(None, slug).await.map_err(chat::Error::into_problem) {
        Ok(reader) => Ok((reader.room().id, None)),
        // They may wait for it to open.
        Err(Problem::Shut) => Ok((house.chat.waiter_by_slug(None, slug).await?.room().id, None)),
        Err(Problem::NotFound { .. }) => Err(Problem::SignInNeeded.into()),
        Err(problem) => Err(problem.into()),
    }
}

async fn show(
    house: &House,
    visitor: Visitor,
    nonce: Nonce,
    slug: &str,
    room: RoomId,
    inside: Option<Embedded>,
) -> Response {
    let origins = match house.chat.embed_origins(room).await {
        Ok(origins) => origins,
        Err(error) => return Refusal::from(error).into_response(),
    };
    let who: Option<Who> = inside.as_ref().map(|inside| inside.who.clone());
    let ancestors = if origins.is_empty() { "'none'".to_owned() } else { origins.join(" ") };
    let session = inside.as_ref().map(|inside| Tokens {
        token: &inside.token,
        look: &inside.look,
        ends_in: inside.expires_at - house.chat.now(),
    });
    let told = serde_json::to_string(&Told { room: slug, origins, session }).unwrap_or_default();
    let visitor = Visitor { who, embed: Some(told.into()), ..visitor };
    let mut request = Request::new(Body::empty());
    *request.uri_mut() = Uri::try_from(format!("/embed/{slug}")).unwrap_or_default();
    let mut response = pages::draw(house, &visitor, nonce, request).await;
    let headers = response.headers_mut();
    if let Ok(ancestors) = HeaderValue::try_from(ancestors) {
        headers.insert(ANCESTORS, ancestors);
    }
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    match &inside {
        Some(inside) => rewritten(response, &inside.look).await,
        None => response,
    }
}

/// A page that shows nothing of anybody's may be framed by all: who may frame the room is said with
/// the room.
fn sealed(page: String, status: StatusCode, nonce: &str) -> Response {
    let policy = format!(
        "default-src 'none'; script-src 'nonce-{nonce}'; style-src 'self'; form-action 'self'; base-uri 'none'; \
         frame-ancestors *"
    );
    let mut response = (status, Html(page)).into_response();
    if let Ok(policy) = HeaderValue::try_from(policy) {
        response.headers_mut().insert(CONTENT_SECURITY_POLICY, policy);
    }
    response
}

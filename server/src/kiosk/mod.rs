//! `/wall/{token}`: a projector. A page of its own, small and without the app: whoever has the
//! link sees what hangs on one wall, signed in or not, and nobody else's cookie counts.

mod page;

use crate::answer::{Refusal, wants_page};
use crate::gate::session::accepted;
use crate::house::House;
use app::text::text;
use axum::Extension;
use axum::extract::{Path, Query, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, IF_NONE_MATCH};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{Html, IntoResponse, Response};
use domain::kiosk::{Fit, Sequence};
use domain::picture::{Picture, Size};
use domain::{BlobId, Problem, Thing};
use leptos::nonce::Nonce;
use page::Page;
use serde::{Deserialize, Serialize};

/// Which picture a page without scripts shows, from 0; beyond the last, it begins again.
#[derive(Debug, Default, Deserialize)]
pub struct Turn {
    #[serde(default)]
    n: Option<usize>,
    /// For how many seconds more it is shown; as long as the link says, if nothing does.
    #[serde(default)]
    left: Option<u32>,
}

/// What the projector's script is told.
#[derive(Serialize)]
struct Show {
    /// Another one: something changed.
    version: String,
    /// What the page says of the room; another one is another page.
    room: String,
    seconds: u32,
    shuffle: bool,
    pictures: Vec<Slide>,
}

#[derive(Serialize)]
struct Slide {
    blob: BlobId,
    caption: String,
    alt: String,
}

/// The page.
pub async fn page(
    State(house): State<House>,
    Extension(nonce): Extension<Nonce>,
    Path(token): Path<String>,
    Query(turn): Query<Turn>,
    headers: HeaderMap,
) -> Response {
    let words = text(accepted(&headers));
    let style = format!("{}/salon.css", house.site.pkg_path());
    let kiosk = match house.chat.kiosk(&token).await.map_err(chat::Error::into_problem) {
        Ok(kiosk) => kiosk,
        Err(problem) if !wants_page(&headers) => return Refusal(problem).into_response(),
        Err(Problem::Gone) => return (StatusCode::GONE, Html(page::over(words, &style))).into_response(),
        // Asks again by itself, and shows nothing of what is wrong.
        Err(_) => return (StatusCode::SERVICE_UNAVAILABLE, Html(page::later(words, &style))).into_response(),
    };
    let pictures = house.chat.kiosk_wall(&kiosk).await.map(|wall| wall.pictures).unwrap_or_default();
    let room = format!("{}/r/{}", house.origin, kiosk.room().slug);
    let page = Page {
        words,
        style: &style,
        nonce: &nonce,
        kiosk: &kiosk,
        base: &format!("/wall/{token}"),
        room: &room,
        pictures: &pictures,
        n: turn.n.unwrap_or_default(),
        left: turn.left.unwrap_or(u32::MAX).min(kiosk.rule().seconds),
    };
    Html(page.html()).into_response()
}

/// What hangs, for the page's script. It asks again and again, and is told when nothing changed.
pub async fn pictures(
    State(house): State<House>,
    Path(token): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    let kiosk = house.chat.kiosk(&token).await?;
    let version = house.chat.kiosk_version(&kiosk).await?;
    let tag = format!("\"{version}\"");
    if headers.get(IF_NONE_MATCH).is_some_and(|known| known.as_bytes() == tag.as_bytes()) {
        return Ok(tagged(StatusCode::NOT_MODIFIED.into_response(), &tag));
    }
    let wall = house.chat.kiosk_wall(&kiosk).await?;
    let rule = kiosk.rule();
    let show = Show {
        version,
        room: format!("{} {}", kiosk.room().slug, kiosk.room().title),
        seconds: rule.seconds,
        shuffle: rule.sequence == Sequence::Shuffle,
        pictures: wall.pictures.into_iter().map(Slide::from).collect(),
    };
    Ok(tagged(axum::Json(show).into_response(), &tag))
}

/// One size of a picture.
pub async fn picture(
    State(house): State<House>,
    Path((token, blob, size)): Path<(String, String, String)>,
) -> Result<Response, Refusal> {
    let kiosk = house.chat.kiosk(&token).await?;
    let missing = || Problem::not_found(Thing::Picture);
    let (blob, size) = (BlobId::parse(&blob).map_err(|_| missing())?, Size::parse(&size).ok_or_else(missing)?);
    let (bytes, kind) = house.chat.kiosk_bytes(&kiosk, &blob, size).await?;
    let mut response = bytes.into_response();
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    Ok(response)
}

fn tagged(mut response: Response, tag: &str) -> Response {
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    if let Ok(tag) = HeaderValue::from_str(tag) {
        response.headers_mut().insert(ETAG, tag);
    }
    response
}

impl From<Picture> for Slide {
    fn from(picture: Picture) -> Self {
        let Picture { blob, caption, alt, .. } = picture;
        Self { blob, caption, alt }
    }
}

/// The class of the page that says how pictures fit the screen.
fn fit_class(fit: Fit) -> &'static str {
    match fit {
        Fit::Whole => "kiosk",
        Fit::Fill => "kiosk kiosk-fill",
    }
}

//! Every address of the server on one screen.

use crate::accept::Doors;
use crate::gate::limits::{
    ANSWER_TIME, BODY_SILENCE, CALL_BYTES, PORTRAIT_BYTES, REPORT_BYTES, UPLOAD_BYTES, UPLOAD_TIME,
};
use crate::gate::{headers, origin, rest, session, shape};
use crate::house::House;
use crate::{
    album, answer, api, calls, code, compat, conversation, embed, feed, files, kiosk, live, luggage, media, observe,
    pages, portrait, upload, video, worker,
};
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::StatusCode;
use axum::middleware::{from_fn, from_fn_with_state, map_response};
use axum::response::Response;
use axum::routing::{get, post};
use domain::Problem;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::limit::RequestBodyLimitLayer;
use tower_http::timeout::{RequestBodyTimeoutLayer, TimeoutLayer};

/// The pages of the app; `app::App` draws them.
pub const PAGES: [&str; 41] = [
    "/",
    "/search",
    "/sign-in",
    "/register",
    "/register/{invite}",
    "/setup/{token}",
    "/r/{slug}",
    "/r/{slug}/p/{picture}",
    "/r/{slug}/pictures",
    "/r/{slug}/video",
    "/r/{slug}/kiosks",
    "/r/{slug}/messages/{message}",
    "/admin/rooms",
    "/admin/rooms/new",
    "/admin/rooms/{slug}",
    "/admin/rooms/{slug}/audit",
    "/admin/rooms/{slug}/integration",
    "/admin/rooms/{slug}/webhooks",
    "/admin/rooms/{slug}/moderation",
    "/admin/rooms/{slug}/queue",
    "/admin/rooms/{slug}/messages/{message}",
    "/admin/words",
    "/admin/audit",
    "/admin/reports",
    "/admin/rooms/{slug}/people",
    "/admin/people",
    "/admin/people/{person}",
    "/admin/settings",
    "/admin/system",
    "/join/{token}",
    "/reset/{token}",
    "/people",
    "/people/{name}",
    "/report/{message}",
    "/me",
    "/me/notices",
    "/share",
    "/sign-in/step",
    "/forgot",
    "/me/close",
    "/me/privacy",
];

pub const CALL: &str = "/call/{endpoint}";
pub const UPLOAD: &str = "/upload/pictures/{room}";
pub const REPLACE: &str = "/upload/pictures/{room}/{picture}/file";
pub const MEDIA: &str = "/media/{room}/{blob}/{size}";
pub const SET_VIDEO: &str = "/upload/video/{room}";
pub const VIDEO: &str = "/video/{room}/{blob}";
pub const FILES: &str = "/upload/files/{room}";
pub const FILE_PARTS: &str = "/upload/files/{room}/{blob}";
pub const MESSAGE: &str = "/upload/message/{room}";
pub const FILE: &str = "/file/{room}/{blob}/{size}";
pub const EXPORT: &str = "/export/pictures/{room}";
pub const KIOSK: &str = "/wall/{token}";
pub const KIOSK_PICTURES: &str = "/wall/{token}/pictures";
pub const KIOSK_PICTURE: &str = "/wall/{token}/{blob}/{size}";
pub const SET_PORTRAIT: &str = "/upload/portrait";
pub const PORTRAIT: &str = "/portrait/{person}/{version}";
pub const LUGGAGE: &str = "/export/account";
pub const EMBED: &str = "/embed/{slug}";
pub const EMBED_STAY: &str = "/embed/{slug}/stay";
pub const INVITATION_CODE: &str = "/join/{token}/code.svg";
pub const LIVE: &str = "/api/v1/live";

/// The service worker.
pub const WORKER: &str = "/sw.js";

/// The wall as a feed.
pub const FEED: &str = "/r/{slug}/wall.atom";

/// A day in what was said, and all of it.
pub const ON: &str = "/r/{slug}/on";
pub const CONVERSATION: &str = "/r/{slug}/conversation.zip";

/// All other doors: method and address. Besides them there are the files of the built page.
pub const DOORS: [(&str, &str); 31] = [
    ("POST", CALL),
    ("POST", UPLOAD),
    ("POST", REPLACE),
    ("GET", MEDIA),
    ("POST", SET_VIDEO),
    ("GET", VIDEO),
    ("POST", FILES),
    ("GET", FILE_PARTS),
    ("PUT", FILE_PARTS),
    ("DELETE", FILE_PARTS),
    ("POST", MESSAGE),
    ("GET", FILE),
    ("GET", FEED),
    ("GET", ON),
    ("GET", CONVERSATION),
    ("POST", EXPORT),
    ("GET", KIOSK),
    ("GET", KIOSK_PICTURES),
    ("GET", KIOSK_PICTURE),
    ("POST", SET_PORTRAIT),
    ("GET", PORTRAIT),
    ("POST", LUGGAGE),
    ("GET", EMBED),
    ("POST", EMBED),
    ("POST", EMBED_STAY),
    ("GET", INVITATION_CODE),
    ("GET", LIVE),
    ("GET", WORKER),
    ("POST", headers::REPORTS),
    ("GET", "/healthz"),
    ("GET", "/readyz"),
];

/// The whole server, without its listener.
pub fn doors(house: House) -> Doors {
    Doors::of(house.clone(), router(house))
}

fn router(house: House) -> Router {
    let shown = PAGES.into_iter().fold(Router::new(), |router, path| router.route(path, get(pages::page)));
    let framed = Router::new().route(EMBED, get(embed::first).post(embed::enter)).route(EMBED_STAY, post(embed::stay));
    let called = limited(Router::new().route(CALL, post(calls::call)), CALL_BYTES);
    let shown = shown
        .merge(called)
        .merge(limited(framed, CALL_BYTES))
        .route(FEED, get(feed::wall))
        .route(ON, get(conversation::on))
        .fallback(pages::other)
        .layer(CompressionLayer::new())
        .layer(TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, ANSWER_TIME));
    let uploads = Router::new().route(UPLOAD, post(upload::add)).route(REPLACE, post(upload::replace));
    let uploads = uploads.layer(TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, UPLOAD_TIME));
    let videos = Router::new().route(SET_VIDEO, post(video::set));
    let videos = videos.layer(TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, UPLOAD_TIME));
    let announced = limited(Router::new().route(FILES, post(files::begin)), CALL_BYTES);
    let parts = get(files::look).put(files::part).delete(files::remove);
    let parts = limited(Router::new().route(FILE_PARTS, parts), files::PART_BYTES);
    let sent = limited(Router::new().route(MESSAGE, post(files::post)), files::MESSAGE_BYTES);
    let sent = parts.merge(sent).layer(TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, UPLOAD_TIME));
    let portraits = Router::new().route(SET_PORTRAIT, post(portrait::change));
    let portraits = portraits.layer(TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, UPLOAD_TIME));
    let taken = Router::new().route(EXPORT, post(album::save)).route(LUGGAGE, post(luggage::save));
    let personal = shown
        .merge(announced)
        .merge(sent)
        .merge(limited(uploads, UPLOAD_BYTES))
        .merge(limited(videos, video::BYTES))
        .merge(limited(portraits, PORTRAIT_BYTES))
        .merge(limited(taken, CALL_BYTES))
        .route(CONVERSATION, get(conversation::save))
        .route(MEDIA, get(media::picture))
        .route(VIDEO, get(video::serve))
        .route(FILE, get(files::file))
        .route(PORTRAIT, get(portrait::show))
        .route(INVITATION_CODE, get(code::invitation))
        .route(LIVE, get(live::open))
        .layer(from_fn_with_state(house.clone(), session::know))
        .layer(from_fn_with_state(house.clone(), origin::check));
    // Nobody's cookie counts here.
    let projectors = Router::new()
        .route(KIOSK, get(kiosk::page))
        .route(KIOSK_PICTURES, get(kiosk::pictures))
        .layer(CompressionLayer::new())
        .route(KIOSK_PICTURE, get(kiosk::picture))
        .layer(TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, ANSWER_TIME));
    let reports = Router::new().route(headers::REPORTS, post(observe::csp_report));
    let public = limited(reports, REPORT_BYTES)
        .route(WORKER, get(worker::serve))
        .route("/healthz", get(observe::healthz))
        .route("/readyz", get(observe::readyz));
    let files =
        Router::new().nest_service(&house.site.pkg_path(), house.site.pkg_files()).layer(from_fn(pages::immutable));
    let ours = personal.merge(projectors).merge(public).merge(files).merge(api::router(&house));
    // The old protocols have words of their own for what is too long.
    guard(limited(ours, UPLOAD_BYTES).merge(compat::beside(&house)), &house).with_state(house)
}

/// Refuses longer bodies: at once when they say their length, else when they reach it.
fn limited(router: Router<House>, bytes: usize) -> Router<House> {
    let refuse = move |response: Response| async move {
        let ours = response.status() != StatusCode::PAYLOAD_TOO_LARGE || answer::is_json(response.headers());
        if ours { response } else { answer::problem(&Problem::TooLarge { limit: bytes as u64 }) }
    };
    router.layer(RequestBodyLimitLayer::new(bytes)).layer(map_response(refuse))
}

/// What holds for every address, from the inside out.
pub fn guard(router: Router<House>, house: &House) -> Router<House> {
    router
        // Every door has its own limit; axum's would be a second one.
        .layer(DefaultBodyLimit::disable())
        .layer(RequestBodyTimeoutLayer::new(BODY_SILENCE))
        .layer(CatchPanicLayer::custom(observe::panicked))
        .layer(from_fn(rest::tell))
        .layer(from_fn(shape::check))
        .layer(from_fn(observe::request))
        .layer(from_fn_with_state(house.clone(), headers::set))
}

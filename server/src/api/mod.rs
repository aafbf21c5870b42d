//! `/api/v1`: the house for programs. Thin: who asks, what they ask, one call into the house, the
//! answer in wire types of its own. `docs/api.md` is for people, `/api/v1/openapi.json` for programs.

mod accounts;
mod caller;
mod deliveries;
mod document;
mod embed;
mod fault;
mod files;
mod list;
mod members;
mod messages;
mod moderation;
mod object;
mod once;
mod page;
mod people;
mod pictures;
mod pictures_change;
mod pictures_own;
mod rate;
mod rooms;
mod search;
mod sessions;
mod webhooks;
mod wire;

pub use caller::{Read, Scope, Write};
pub use document::openapi;

use crate::gate::limits::{ANSWER_TIME, UPLOAD_TIME};
use crate::house::House;
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::StatusCode;
use axum::middleware::from_fn_with_state;
use axum::routing::get;
use domain::picture::MAX_BYTES;
use tower_http::compression::CompressionLayer;
use tower_http::timeout::TimeoutLayer;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub use rate::Rates;

/// Where all of it stands.
pub const PREFIX: &str = "/api/v1";
/// Largest body of a request without a file, in bytes.
pub const BODY_BYTES: usize = 256 * 1024;
/// Largest body with a picture, in bytes.
const PICTURE_BYTES: usize = MAX_BYTES as usize + 1024;

/// Every address, with its description.
fn described() -> OpenApiRouter<House> {
    let plain = OpenApiRouter::new()
        .routes(routes!(sessions::create))
        .routes(routes!(sessions::me, sessions::end))
        .routes(routes!(people::list, people::create))
        .routes(routes!(people::show, accounts::change))
        .routes(routes!(accounts::sign_out))
        .routes(routes!(rooms::list, rooms::create))
        .routes(routes!(rooms::show, rooms::change, rooms::remove))
        .routes(routes!(members::list))
        .routes(routes!(members::put, members::remove))
        .routes(routes!(messages::list, messages::post))
        .routes(routes!(messages::show, messages::change, messages::recall))
        .routes(routes!(messages::react, messages::unreact))
        .routes(routes!(pictures_change::change, pictures_change::remove))
        .routes(routes!(embed::show, embed::change))
        .routes(routes!(embed::ticket))
        .routes(routes!(search::search))
        .routes(routes!(moderation::restrictions))
        .routes(routes!(moderation::restrict, moderation::lift))
        .routes(routes!(moderation::held))
        .routes(routes!(moderation::approve, moderation::decline))
        .routes(routes!(webhooks::list, webhooks::create))
        .routes(routes!(webhooks::change, webhooks::remove))
        .routes(routes!(webhooks::rotate))
        .routes(routes!(deliveries::list))
        .routes(routes!(deliveries::replay))
        .routes(routes!(deliveries::test))
        .routes(routes!(document::show))
        .layer(DefaultBodyLimit::max(BODY_BYTES))
        .layer(TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, ANSWER_TIME));
    let large = OpenApiRouter::new()
        .routes(routes!(pictures::wall, pictures::add))
        .routes(routes!(pictures_own::show, pictures_own::put, pictures_own::remove))
        .layer(DefaultBodyLimit::max(PICTURE_BYTES))
        .layer(TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, UPLOAD_TIME));
    // As large as the site's files may be: it is counted while it comes.
    let files = OpenApiRouter::new()
        .routes(routes!(files::send))
        .routes(routes!(files::fetch))
        .layer(DefaultBodyLimit::disable())
        .layer(TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, UPLOAD_TIME));
    plain.merge(large).merge(files)
}

/// The API, and the page about it.
pub fn router(house: &House) -> Router<House> {
    let (api, _) = described().split_for_parts();
    let api = api
        .fallback(fault::no_such_address)
        .method_not_allowed_fallback(fault::no_such_method)
        .layer(from_fn_with_state(house.clone(), once::remember))
        .layer(from_fn_with_state(house.clone(), rate::limit))
        .layer(CompressionLayer::new());
    Router::new().nest(PREFIX, api).route("/api", get(document::read))
}

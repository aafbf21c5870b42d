//! Five old chat protocols (facades): their clients work after changing the base URL. Each is thin:
//! wire types of its own (`wire`), pure translation (`translate`), and handlers that call `chat`.
//!
//! What clients are promised is in `docs/facades.md`.

pub mod base;
pub mod body;
pub mod door;
pub mod floor;
pub mod ginchat;
pub mod gindemo;
pub mod origin;
pub mod recent;
pub mod settings;
pub mod simple;
pub mod socket;
pub mod tyut;
pub mod webim;
pub mod words;
pub mod written;

use crate::gate::limits::UPLOAD_BYTES;
use crate::house::House;
use crate::router::guard;
use axum::Router;
use axum::extract::{DefaultBodyLimit, Request};
use axum::http::StatusCode;
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::Response;
use axum::routing::any;
use base::Mount;
use clap::ValueEnum;
use settings::{Compat, Facade};
use tower::ServiceExt;

/// Where the facades stand on the main listener.
const PREFIX: &str = "/compat";

/// What the facades keep while the house is open.
#[derive(Debug, Default)]
pub struct State {
    pub options: Compat,
    pub webim: webim::State,
    pub tyut: tyut::State,
    pub simple: simple::State,
    pub gindemo: gindemo::State,
    pub ginchat: ginchat::State,
}

impl State {
    pub fn new(options: Compat) -> Self {
        Self { options, ..Self::default() }
    }
}

impl Facade {
    fn router(self, house: &House) -> Router<House> {
        match self {
            Self::Webim => webim::router(house),
            Self::Tyut => tyut::router(house),
            Self::Simple => simple::router(house),
            Self::Gindemo => gindemo::router(house),
            Self::Ginchat => ginchat::router(house),
        }
    }

    /// What a facade needs to be there before somebody comes: its rooms.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn open(self, house: &House) -> chat::Result<()> {
        match self {
            Self::Webim => webim::open(house).await,
            Self::Tyut => tyut::open(house).await,
            Self::Simple => simple::open(house).await,
            Self::Gindemo => gindemo::open(house).await,
            Self::Ginchat => ginchat::open(house).await,
        }
    }

    /// The facade, answering at `prefix`.
    fn at(self, prefix: &str, house: &House) -> Router<House> {
        let mount = Mount::new(prefix);
        self.router(house)
            .fallback(async || StatusCode::NOT_FOUND)
            // What reads a body has a limit of its own and words for it; this is for what it passes over.
            .layer(DefaultBodyLimit::max(UPLOAD_BYTES))
            .layer(from_fn_with_state(house.clone(), origin::check))
            .layer(from_fn(move |mut request: Request, next: Next| {
                request.extensions_mut().insert(mount.clone());
                next.run(request)
            }))
    }
}

/// The facades that stand beside everything else; the others answer 404.
pub fn beside(house: &House) -> Router<House> {
    let mut router = Router::new();
    for facade in house.compat.options.beside() {
        let prefix = format!("{PREFIX}/{}", facade.name());
        router = router.nest(&prefix, facade.at(&prefix, house));
        // A nest does not have the address that ends with a slash, where its page is.
        let root = facade.at(&prefix, house).with_state(house.clone());
        router = router.route(&format!("{prefix}/"), any(move |request: Request| at_root(root, request)));
    }
    // Whatever is asked of the others, also what our own pages would be refused.
    for facade in Facade::value_variants().iter().filter(|facade| !house.compat.options.beside().contains(facade)) {
        for path in ["", "/", "/{*rest}"] {
            let missing = any(async || StatusCode::NOT_FOUND);
            router = router.route(&format!("{PREFIX}/{}{path}", facade.name()), missing);
        }
    }
    router
}

async fn at_root(facade: Router, mut request: Request) -> Response {
    let query = request.uri().query().map(|query| format!("?{query}")).unwrap_or_default();
    // The path of what has a path is none that cannot be read.
    *request.uri_mut() = format!("/{query}").parse().unwrap_or_default();
    match facade.oneshot(request).await {
        Ok(response) => response,
        Err(never) => match never {},
    }
}

/// One facade for a listener of its own.
pub fn alone(facade: Facade, house: &House) -> Router {
    guard(facade.at("", house), house).with_state(house.clone())
}

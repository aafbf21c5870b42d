//! Pages and files: Leptos' side of the server, and the built page in its folder.

pub mod guests;

use crate::answer;
use crate::house::House;
use app::calls::Visitor;
use app::place::Asked;
use app::routes::Group;
use axum::Extension;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::header::{CACHE_CONTROL, HeaderName, HeaderValue};
use axum::http::{Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use leptos::nonce::Nonce;
use leptos::prelude::{LeptosOptions, provide_context};
use sha2::{Digest, Sha256};
use std::path::{Path, PathBuf};
use tower::ServiceExt;
use tower_http::services::ServeDir;

/// What begins addresses that are not for people: an unknown one answers with JSON.
const NOT_PAGES: [&str; 12] =
    ["api", "embed", "call", "upload", "export", "media", "portrait", "video", "wall", "pkg", "csp-report", "compat"];

/// The programs for the browser (`app::routes`): of a page in development the only one, which
/// has every page; of a shipped one, one for each group of pages.
const WHOLE: &str = "salon";
const GUEST: &str = "guest";
const MEMBER: &str = "member";
const PICTURES: &str = "pictures";
const SITE: &str = "site";

/// Whose page it is; missing for guests.
const PERSON: HeaderName = HeaderName::from_static("x-salon-person");

/// The built page: `pkg/` with its program and styles, and files such as the icon.
#[derive(Clone, Debug)]
pub struct Site {
    pub root: PathBuf,
    /// Names this build of the page; part of its address, so that it may be kept for ever.
    pub build: String,
    /// Whether each group of pages has its own program: a page in development has only the whole.
    is_split: bool,
    /// Whether browsers may keep a service worker of ours; else they are told to drop it.
    pub has_worker: bool,
}

impl Site {
    /// `root` as given, else `site` beside the program, else `target/site`.
    pub fn find(given: Option<PathBuf>) -> std::io::Result<Self> {
        let beside = std::env::current_exe()?.parent().map(|folder| folder.join("site"));
        let found = given.or_else(|| beside.filter(|folder| folder.is_dir()));
        Self::at(found.unwrap_or_else(|| PathBuf::from("target/site")))
    }

    pub fn at(root: PathBuf) -> std::io::Result<Self> {
        let build = digest(&root.join("pkg"))?;
        let is_split = root.join(format!("pkg/{GUEST}.wasm")).is_file();
        Ok(Self { root, build, is_split, has_worker: true })
    }

    /// Whether there is a page to serve.
    pub fn is_built(&self) -> bool {
        self.root.join("pkg").is_dir()
    }

    /// Address of this build's files.
    pub fn pkg_path(&self) -> String {
        format!("/pkg/{}", self.build)
    }

    /// What Leptos has to know to make a page.
    fn options(&self, group: Group) -> LeptosOptions {
        let program = match group {
            _ if !self.is_split => WHOLE,
            Group::Guest => GUEST,
            Group::Member => MEMBER,
            Group::Pictures => PICTURES,
            Group::Site | Group::Plain => SITE,
        };
        LeptosOptions::builder()
            .output_name(program)
            .site_root(self.root.to_string_lossy().into_owned())
            .site_pkg_dir(format!("pkg/{}", self.build))
            .build()
    }

    pub fn pkg_files(&self) -> ServeDir {
        ServeDir::new(self.root.join("pkg")).precompressed_br().precompressed_gzip()
    }
}

/// The first 16 hexadecimal digits of the SHA-256 over all files of `folder`, by name.
fn digest(folder: &Path) -> std::io::Result<String> {
    let mut sha = Sha256::new();
    if folder.is_dir() {
        let mut files: Vec<PathBuf> =
            std::fs::read_dir(folder)?.map(|e| e.map(|e| e.path())).collect::<Result<_, _>>()?;
        files.sort();
        for file in files.into_iter().filter(|file| file.is_file()) {
            sha.update(file.file_name().unwrap_or_default().as_encoded_bytes());
            sha.update(std::fs::read(&file)?);
        }
    }
    Ok(sha.finalize().iter().take(8).map(|byte| format!("{byte:02x}")).collect())
}

/// What every page and call finds in its contexts.
pub fn contexts(house: &House, visitor: &Visitor) -> impl Fn() + Clone + Send + Sync + use<> {
    let (chat, visitor) = (house.chat.clone(), visitor.clone());
    let settings = house.settings.get().cloned().unwrap_or_default();
    move || {
        provide_context(settings.clone());
        provide_context(chat.clone());
        provide_context(visitor.clone());
    }
}

/// A page of the app.
pub async fn page(
    State(house): State<House>,
    Extension(visitor): Extension<Visitor>,
    Extension(nonce): Extension<Nonce>,
    request: Request,
) -> Response {
    let choice = guests::Choice::of(&visitor, &request);
    if let Some(copy) = choice.as_ref().and_then(|choice| house.guests.find(&house, choice, &nonce)) {
        return copy;
    }
    // Asked before it is drawn: what happens meanwhile makes the copy an old one.
    let commits = house.chat.commits();
    let drawn = draw(&house, &visitor, nonce.clone(), request).await;
    match choice {
        Some(choice) => house.guests.keep(choice, drawn, &nonce, commits).await,
        None => drawn,
    }
}

/// A page as it is, without looking for a copy.
pub async fn draw(house: &House, visitor: &Visitor, nonce: Nonce, request: Request) -> Response {
    let contexts = contexts(house, visitor);
    let group = group(visitor, request.uri().path());
    let options = house.site.options(group);
    let uri = request.uri();
    let asked = Asked { path: uri.path().to_owned(), query: uri.query().unwrap_or_default().to_owned() };
    let render = leptos_axum::render_app_async_with_context(
        move || {
            contexts();
            provide_context(asked.clone());
            // After Leptos' own, so that its scripts carry the one in our header.
            provide_context(nonce.clone());
        },
        move || app::shell(options.clone(), group == Group::Plain),
    );
    let mut response = render(request).await;
    // For the service worker, which keeps nothing of one person for another.
    if let Some(who) = &visitor.who
        && let Ok(person) = HeaderValue::from_str(&who.person.id.to_string())
    {
        response.headers_mut().insert(PERSON, person);
    }
    response
}

/// What brings the page to life for this visitor: people with an account can do more in a room.
fn group(visitor: &Visitor, path: &str) -> Group {
    match Group::of(path) {
        Group::Guest if visitor.who.is_some() => Group::Member,
        group => group,
    }
}

/// Everything without a door: a file of the site, else the app's own not-found page, else
/// (for scripts) a problem.
pub async fn other(
    state: State<House>,
    visitor: Extension<Visitor>,
    nonce: Extension<Nonce>,
    request: Request,
) -> Response {
    let path = request.uri().path();
    let readable = matches!(*request.method(), Method::GET | Method::HEAD);
    let first = path.split('/').nth(1).unwrap_or_default();
    if !readable || NOT_PAGES.contains(&first) {
        return answer::no_such_page();
    }
    let wanted = without_body(&request);
    if let Some(file) = file(&state.site.root, wanted).await {
        return file;
    }
    let mut response = page(state, visitor, nonce, request).await;
    if response.status() == StatusCode::OK {
        *response.status_mut() = StatusCode::NOT_FOUND;
    }
    response
}

/// A file directly under the site root, if there is one. `ServeDir` refuses to leave it.
pub(crate) async fn file(root: &Path, wanted: Request) -> Option<Response> {
    let files = ServeDir::new(root).append_index_html_on_directories(false);
    let response = files.oneshot(wanted).await.ok()?;
    let found = response.status().is_success() || response.status() == StatusCode::NOT_MODIFIED;
    found.then(|| response.into_response())
}

pub(crate) fn without_body(request: &Request) -> Request {
    let mut plain = Request::new(Body::empty());
    *plain.method_mut() = request.method().clone();
    *plain.uri_mut() = request.uri().clone();
    *plain.headers_mut() = request.headers().clone();
    plain
}

/// The files of a build never change: whoever has one need not ask again.
pub async fn immutable(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    if response.status().is_success() || response.status() == StatusCode::NOT_MODIFIED {
        let forever = HeaderValue::from_static("public, max-age=31536000, immutable");
        response.headers_mut().insert(CACHE_CONTROL, forever);
    }
    response
}

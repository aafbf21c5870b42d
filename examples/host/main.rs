//! A site of its own with a room of Salon in its page: what is needed to hand one's people over, show
//! a room, push pictures, hear what happens and decide what is said. Its people sign in by giving a
//! name, and all it knows is in memory; everything that concerns Salon is as a real site would do it.
//!
//! ```text
//! salon key add shop --as ana --scope read,manage
//! KEY=salon_… ROOM=hall cargo run -p server --example host
//! ```

mod hooks;
mod page;
mod salon;
mod signature;

use axum::extract::{Form, Path, State};
use axum::http::header::{COOKIE, SET_COOKIE};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum::routing::{get, post, put};
use axum::{Json, Router};
use bytes::Bytes;
use serde::Deserialize;
use serde_json::Value;
use std::collections::HashMap;
use std::env;
use std::error::Error;
use std::sync::{Arc, Mutex, PoisonError};

/// What this site knows.
pub struct Site {
    pub salon: salon::Salon,
    /// Signs the login check and the questions before a message.
    pub secret: Vec<u8>,
    /// Signs what Salon tells; it is shown when a webhook is made.
    pub webhook_secret: String,
    /// Who is signed in, by what their cookie says.
    people: Mutex<HashMap<String, String>>,
    /// What Salon told last.
    pub told: Mutex<Vec<Value>>,
}

#[derive(Deserialize)]
struct SignIn {
    name: String,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let setting = |name: &str, usual: &str| env::var(name).unwrap_or_else(|_| usual.to_owned());
    let (base, key, room) = (setting("SALON", "http://127.0.0.1:3000"), setting("KEY", ""), setting("ROOM", "hall"));
    let site = Arc::new(Site {
        salon: salon::Salon::new(&base, &key, &room)?,
        secret: setting("SECRET", "").into_bytes(),
        webhook_secret: setting("WEBHOOK_SECRET", ""),
        people: Mutex::default(),
        told: Mutex::default(),
    });
    let app = Router::new()
        .route("/", get(home))
        .route("/sign-in", post(sign_in))
        .route("/ticket", get(ticket))
        .route("/pictures/{id}", put(push_picture).delete(take_picture))
        .route("/webhook", post(hooks::webhook))
        .route("/told", get(told))
        .route("/before-send", post(hooks::before_send))
        .route("/c/user/login", post(hooks::login))
        .with_state(site);
    let listener = tokio::net::TcpListener::bind(setting("LISTEN", "127.0.0.1:8080")).await?;
    println!("http://localhost:{}", listener.local_addr()?.port());
    Ok(axum::serve(listener, app).await?)
}

/// The page with the room; for strangers the way in.
async fn home(State(site): State<Arc<Site>>, headers: HeaderMap) -> Response {
    let Some(name) = site.who(&headers) else { return Html(page::sign_in()).into_response() };
    match site.salon.ticket(&name).await {
        Ok(ticket) => Html(page::room(&site.salon.base, &ticket.url)).into_response(),
        Err(cause) => (StatusCode::BAD_GATEWAY, Html(page::broken(&cause))).into_response(),
    }
}

async fn sign_in(State(site): State<Arc<Site>>, Form(SignIn { name }): Form<SignIn>) -> impl IntoResponse {
    let session = format!("{:032x}", rand::random::<u128>());
    site.people().insert(session.clone(), name);
    ([(SET_COOKIE, format!("session={session}; HttpOnly; SameSite=Lax; Path=/"))], Redirect::to("/"))
}

/// Another ticket for whoever is signed in here: the page asks when a stay comes to its end.
async fn ticket(State(site): State<Arc<Site>>, headers: HeaderMap) -> Response {
    let Some(name) = site.who(&headers) else { return StatusCode::UNAUTHORIZED.into_response() };
    match site.salon.ticket(&name).await {
        Ok(ticket) => Json(ticket).into_response(),
        Err(cause) => (StatusCode::BAD_GATEWAY, cause).into_response(),
    }
}

/// Hangs one of this site's pictures, or what has become of it, on the room's wall.
async fn push_picture(
    State(site): State<Arc<Site>>,
    Path(id): Path<String>,
    headers: HeaderMap,
    picture: Bytes,
) -> Response {
    match site.who(&headers) {
        Some(_) if is_id(&id) => answer(site.salon.put_picture(&id, picture).await),
        Some(_) => StatusCode::NOT_FOUND.into_response(),
        None => StatusCode::UNAUTHORIZED.into_response(),
    }
}

async fn take_picture(State(site): State<Arc<Site>>, Path(id): Path<String>, headers: HeaderMap) -> Response {
    match site.who(&headers) {
        Some(_) if is_id(&id) => answer(site.salon.remove_picture(&id).await),
        Some(_) => StatusCode::NOT_FOUND.into_response(),
        None => StatusCode::UNAUTHORIZED.into_response(),
    }
}

/// Nothing of an address may get into ours: it is asked for with the key.
fn is_id(id: &str) -> bool {
    !id.is_empty() && id.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_".contains(&b))
}

/// What Salon told last, newest last.
async fn told(State(site): State<Arc<Site>>, headers: HeaderMap) -> Response {
    match site.who(&headers) {
        Some(_) => Json(site.told.lock().unwrap_or_else(PoisonError::into_inner).clone()).into_response(),
        None => StatusCode::UNAUTHORIZED.into_response(),
    }
}

fn answer(done: Result<u16, String>) -> Response {
    match done {
        Ok(status) => StatusCode::from_u16(status).unwrap_or(StatusCode::OK).into_response(),
        Err(cause) => (StatusCode::BAD_GATEWAY, cause).into_response(),
    }
}

impl Site {
    /// Who sends a request, by their cookie.
    fn who(&self, headers: &HeaderMap) -> Option<String> {
        let cookies = headers.get(COOKIE)?.to_str().ok()?;
        let session = cookies.split("; ").find_map(|cookie| cookie.strip_prefix("session="))?;
        self.people().get(session).cloned()
    }

    fn people(&self) -> std::sync::MutexGuard<'_, HashMap<String, String>> {
        self.people.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

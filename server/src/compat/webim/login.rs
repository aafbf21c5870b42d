//! Logging in and out.

use super::duty::runs;
use super::people::{self, Role};
use super::translate::{answer, failed, no_entry};
use super::wire::{LoggedIn, Question};
use super::{SYSTEM, callback};
use crate::compat::base::From;
use crate::compat::body::{Fields, fields};
use crate::house::House;
use axum::Json;
use axum::extract::{Request, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use chat::{SignedIn, Visit};
use domain::{PersonId, Problem};
use serde_json::value::RawValue;

/// How long a token is good, in milliseconds.
const LIFE: i64 = 24 * 60 * 60 * 1_000;

/// Who has come in.
struct Entered {
    signed_in: SignedIn,
    user: Box<RawValue>,
}

/// Why somebody has not.
enum Outside {
    Unknown,
    /// No admin is there.
    NoAdmin,
}

impl std::convert::From<chat::Error> for Outside {
    fn from(cause: chat::Error) -> Self {
        let problem = cause.into_problem();
        tracing::debug!(%problem, "a login was refused");
        Self::Unknown
    }
}

pub async fn login(State(house): State<House>, From(visit): From, request: Request) -> Response {
    // What cannot be read is a login without a name.
    let login = fields(request).await.unwrap_or_default();
    match enter(&house, &login, &visit).await {
        Ok(Entered { signed_in, user }) => {
            if login.text("force").as_deref() == Some("force") {
                close_sockets(&house, signed_in.who.person.id);
            }
            answer(200, "登陆成功！", LoggedIn { user, token: signed_in.token })
        }
        Err(Outside::NoAdmin) => failed(302, "管理员未登陆！"),
        Err(Outside::Unknown) => failed(302, "登陆失败！"),
    }
}

async fn enter(house: &House, login: &Fields, visit: &Visit) -> Result<Entered, Outside> {
    let (name, password) = (login.text("name").unwrap_or_default(), login.text("password").unwrap_or_default());
    let room = login.number("room").filter(|room| *room != 0);
    if name.is_empty() {
        return Err(Outside::Unknown);
    }
    match house.compat.webim.callback.get() {
        Some(site) => {
            let question = Question { name: &name, password: &password, room: room.unwrap_or(1) };
            let known = callback::ask(house, site, question, visit).await?;
            if known.role == Role::User {
                admit(house, room).await?;
            }
            let signed_in = house.chat.let_in(&known.vouched, SYSTEM, visit, Some(LIFE)).await?;
            callback::place(house, &known, &signed_in.who).await?;
            begin(house, &signed_in, room).await;
            Ok(Entered { signed_in, user: known.user })
        }
        None => {
            let signed_in = house.chat.sign_in_at(SYSTEM, &name, &password, visit, Some(LIFE)).await?;
            let is_admin = runs(house, &signed_in.who, room).await;
            if !is_admin && let Err(outside) = admit(house, room).await {
                house.chat.end_pass(&signed_in.who).await?;
                return Err(outside);
            }
            if is_admin {
                begin(house, &signed_in, room).await;
            }
            let user = people::user(house, &signed_in.who).await?;
            Ok(Entered { signed_in, user })
        }
    }
}

/// Only while an admin is there.
async fn admit(house: &House, room: Option<i64>) -> Result<(), Outside> {
    let is_there = house.compat.webim.duties.is_anybody_on(house, room).await;
    if is_there { Ok(()) } else { Err(Outside::NoAdmin) }
}

/// Notes that an admin is there; nobody is for a room that there is not.
async fn begin(house: &House, signed_in: &SignedIn, room: Option<i64>) {
    if room.is_some_and(|number| house.compat.webim.room(number).is_none()) {
        return;
    }
    if runs(house, &signed_in.who, room).await {
        house.compat.webim.duties.logged_in(&signed_in.who, &signed_in.token, room);
    }
}

fn close_sockets(house: &House, person: PersonId) {
    for guest in house.compat.webim.floor.of(person) {
        guest.voice.close();
    }
}

/// Also answers so to who was not logged in.
pub async fn logout(State(house): State<House>, headers: HeaderMap) -> Response {
    if let Some(who) = people::who(&house, &headers).await {
        close_sockets(&house, who.person.id);
        house.compat.webim.duties.logged_out(&who);
        if let Err(cause) = house.chat.end_pass(&who).await {
            tracing::warn!(%cause, "a session could not be ended");
        }
    }
    failed(200, "登出成功！")
}

pub async fn user(State(house): State<House>, headers: HeaderMap) -> Response {
    let Some(who) = people::who(&house, &headers).await else { return no_entry() };
    match people::user(&house, &who).await.map_err(chat::Error::into_problem) {
        Ok(user) => answer(200, "success", user),
        Err(Problem::NotFound { .. }) => no_entry(),
        Err(_) => failed(204, "查询失败"),
    }
}

/// The original has a route that says nothing.
pub async fn mine() -> Response {
    Json("").into_response()
}

//! Registering, logging in and out, another password.

use super::translate::{Refused, answer, reason, refused};
use super::wire::{self, Answer};
use super::{DOOR, WEEK_MS};
use crate::compat::base::{Base, From};
use crate::compat::body::{self, Fields};
use crate::compat::door;
use crate::house::House;
use axum::Json;
use axum::extract::{Request, State};
use axum::http::header::SET_COOKIE;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use chat::{Problem, Who};
use domain::person::Person;

/// The cookie.
const COOKIE: &str = "mysession";
/// Longest password of the seed, in bytes.
const LONGEST_PASSWORD: usize = 72;

/// `"ok"`, or a welcome by name.
pub async fn ping(State(house): State<House>, headers: HeaderMap) -> Json<String> {
    Json(match signed_in(&house, &headers).await {
        Some(who) => format!("welcome: {}", who.person.name),
        None => "ok".to_owned(),
    })
}

pub async fn register(State(house): State<House>, From(visit): From, request: Request) -> Response {
    let [name, password] = match read(request, ["user_name", "password"]).await {
        Ok(fields) => fields,
        Err(fault) => return unreadable(wire::REGISTER_FAILED, &fault),
    };
    if password.len() > LONGEST_PASSWORD {
        return said(wire::PASSWORD_FAILED);
    }
    let problem = match house.chat.register_at(&name, &password, &visit).await.map_err(chat::Error::into_problem) {
        Ok(person) => {
            // Only those who came by this door may come without a cookie, where that is allowed at all.
            if let Err(cause) = house.chat.introduce(DOOR, &person, "").await {
                tracing::warn!(%cause, "by which door somebody came is not kept");
            }
            return said(wire::REGISTERED);
        }
        Err(problem) => problem,
    };
    match refused(&problem) {
        Refused::Taken => said(wire::PERSON_EXISTS),
        Refused::Input => unreadable(wire::REGISTER_FAILED, &reason(&problem)),
        _ => failed(wire::REGISTER_FAILED, &problem),
    }
}

pub async fn login(State(house): State<House>, base: Base, From(visit): From, request: Request) -> Response {
    let [name, password] = match read(request, ["user_name", "password"]).await {
        Ok(fields) => fields,
        Err(fault) => return unreadable(wire::LOGIN_FAILED, &fault),
    };
    let signed_in = house.chat.sign_in_at(DOOR, &name, &password, &visit, Some(WEEK_MS)).await;
    let problem = match signed_in.map_err(chat::Error::into_problem) {
        Ok(signed_in) => {
            let cookie = base.cookie(COOKIE, &signed_in.token, WEEK_MS / 1_000);
            return ([(SET_COOKIE, cookie)], said(wire::LOGGED_IN)).into_response();
        }
        Err(problem) => problem,
    };
    match refused(&problem) {
        Refused::Credentials if find(&house, &name).await.is_none() => said(wire::NO_PERSON),
        Refused::Credentials => said(wire::WRONG_PASSWORD),
        _ => failed(wire::LOGIN_FAILED, &problem),
    }
}

pub async fn set_password(State(house): State<House>, request: Request) -> Response {
    let headers = request.headers().clone();
    let [name, old, new] = match read(request, ["user_name", "old_password", "new_password"]).await {
        Ok(fields) => fields,
        Err(fault) => return unreadable(wire::PASSWORD_FAILED, &fault),
    };
    let Some(who) = signed_in_as(&house, &headers, &name).await else { return said(wire::NOT_LOGGED_IN) };
    if new.len() > LONGEST_PASSWORD {
        return said(wire::PASSWORD_FAILED);
    }
    let changed = house.chat.change_password_at(&who, &old, &new).await;
    match changed.map_err(chat::Error::into_problem) {
        Ok(()) => said(wire::PASSWORD_SET),
        Err(problem) => match refused(&problem) {
            Refused::Credentials => said(wire::WRONG_PASSWORD),
            Refused::Input => unreadable(wire::PASSWORD_FAILED, &reason(&problem)),
            _ => failed(wire::PASSWORD_FAILED, &problem),
        },
    }
}

pub async fn logout(State(house): State<House>, base: Base, request: Request) -> Response {
    let headers = request.headers().clone();
    let [name] = match read(request, ["user_name"]).await {
        Ok(fields) => fields,
        Err(fault) => return unreadable(wire::LOGOUT_FAILED, &fault),
    };
    if find(&house, &name).await.is_none() {
        return said(wire::NO_PERSON);
    }
    let Some(who) = signed_in_as(&house, &headers, &name).await else { return said(wire::NOT_LOGGED_IN) };
    match house.chat.end_pass(&who).await.map_err(chat::Error::into_problem) {
        Ok(()) => ([(SET_COOKIE, base.cookie(COOKIE, "", 0))], said(wire::LOGGED_OUT)).into_response(),
        Err(problem) => failed(wire::LOGOUT_FAILED, &problem),
    }
}

/// Who bears this name.
pub async fn find(house: &House, name: &str) -> Option<Person> {
    house.chat.find_person(name).await.unwrap_or_else(|cause| {
        tracing::error!(%cause, "a name could not be looked up");
        None
    })
}

/// The cookie's value.
pub fn token(headers: &HeaderMap) -> Option<String> {
    door::cookie(headers, COOKIE)
}

async fn signed_in(house: &House, headers: &HeaderMap) -> Option<Who> {
    door::pass(house, DOOR, token(headers).as_deref()).await.who()
}

async fn signed_in_as(house: &House, headers: &HeaderMap, name: &str) -> Option<Who> {
    let (who, person) = (signed_in(house, headers).await?, find(house, name).await?);
    (who.person.id == person.id).then_some(who)
}

/// These fields of a body; one that is missing is empty.
async fn read<const N: usize>(request: Request, names: [&str; N]) -> Result<[String; N], String> {
    let fields: Fields = body::fields(request).await.map_err(|fault| match fault {
        body::Unreadable::TooLarge => "the body is too large".to_owned(),
        body::Unreadable::Malformed => "the body cannot be read".to_owned(),
    })?;
    let mut texts = names.map(|_| String::new());
    for (text, name) in texts.iter_mut().zip(names) {
        if fields.0.contains_key(name) {
            *text = fields.text(name).ok_or_else(|| format!("{name} is not a text"))?;
        }
    }
    Ok(texts)
}

fn said(status: u32) -> Response {
    Json(answer(status, "")).into_response()
}

fn failed(status: u32, problem: &Problem) -> Response {
    Json(answer(status, reason(problem))).into_response()
}

fn unreadable(status: u32, fault: &str) -> Response {
    bad(answer(status, fault))
}

/// With status 400.
pub fn bad(answer: Answer) -> Response {
    (StatusCode::BAD_REQUEST, Json(answer)).into_response()
}

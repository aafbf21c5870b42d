//! Logging in, which makes an account for a new name, and out; who is behind a request.

use super::DOOR;
use super::translate::{NO_FACE, done, failed};
use super::wire::{Envelope, Nothing, OK, UserInfo};
use crate::compat::base::{Base, From, header};
use crate::compat::body::{self, Unreadable};
use crate::compat::door;
use crate::house::House;
use axum::Json;
use axum::extract::{FromRequestParts, Request, State};
use axum::http::header::SET_COOKIE;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use axum::response::{IntoResponse, Response};
use chat::{Problem, SignedIn, Visit, Who};
use domain::PersonId;
use std::collections::HashMap;

const COOKIE: &str = "go-gin-chat";
const TOKEN: HeaderName = HeaderName::from_static("token");
/// How long somebody stays logged in.
const MONTH_MS: i64 = 30 * 86_400_000;

/// Somebody who is logged in, with what they show. Others are sent to the beginning.
pub struct Known {
    pub who: Who,
    pub token: String,
}

impl FromRequestParts<House> for Known {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, house: &House) -> Result<Self, Response> {
        if let Some(known) = known(house, &parts.headers).await {
            return Ok(known);
        }
        let base = Base::from_request_parts(parts, house).await;
        Err(base.map_or_else(|never| match never {}, |base| base.redirect("/")))
    }
}

/// By the header, or by the cookie.
pub async fn known(house: &House, headers: &HeaderMap) -> Option<Known> {
    let tokens = [header(headers, TOKEN.as_str()).map(str::to_owned), door::cookie(headers, COOKIE)];
    for token in tokens.into_iter().flatten() {
        if let Some(who) = door::pass(house, DOOR, Some(&token)).await.who() {
            return Some(Known { who, token });
        }
    }
    None
}

/// What these people chose for a face.
pub async fn faces(house: &House, people: &[PersonId]) -> chat::Result<HashMap<PersonId, String>> {
    let known = house.chat.outside_names(DOOR, people).await?;
    Ok(known.into_iter().map(|(person, (_, info))| (person, info)).collect())
}

pub async fn face(house: &House, person: PersonId) -> chat::Result<String> {
    Ok(faces(house, &[person]).await?.remove(&person).unwrap_or_else(|| NO_FACE.to_owned()))
}

pub async fn user_info(house: &House, who: &Who) -> chat::Result<UserInfo> {
    let avatar_id = face(house, who.person.id).await?;
    Ok(UserInfo { avatar_id, uid: who.person.id.0, username: who.person.name.clone() })
}

pub async fn login(State(house): State<House>, base: Base, From(visit): From, request: Request) -> Response {
    match log_in(&house, &visit, request).await {
        Ok(signed_in) => {
            let cookie = base.cookie(COOKIE, &signed_in.token, MONTH_MS / 1_000);
            let token = HeaderValue::try_from(signed_in.token).unwrap_or(HeaderValue::from_static(""));
            let answer = Envelope { code: OK, data: Nothing {}, msg: "登陆成功".to_owned() };
            ([(SET_COOKIE, cookie), (TOKEN, token)], Json(answer)).into_response()
        }
        Err(fault) => Json(failed(fault)).into_response(),
    }
}

async fn log_in(house: &House, visit: &Visit, request: Request) -> Result<SignedIn, &'static str> {
    let fields = body::fields(request).await.map_err(|fault| match fault {
        Unreadable::TooLarge => "http: request body too large",
        Unreadable::Malformed => "invalid character in the body",
    })?;
    let text = |name| fields.text(name).unwrap_or_default();
    let (name, password, avatar) = (text("username"), text("password"), text("avatar_id"));
    check(&name, &password, &avatar)?;
    let signed_in = enter(house, &name, &password, visit).await.map_err(|problem| match problem {
        Problem::WrongCredentials => "密码错误",
        Problem::Invalid { field, .. } if field == "name" => NAME_RULE,
        Problem::Invalid { .. } => PASSWORD_RULE,
        _ => "未知错误",
    })?;
    let kept = house.chat.introduce(DOOR, &signed_in.who.person, &avatar).await;
    kept.map_err(|cause| {
        tracing::warn!(%cause, "a face was not kept");
        "未知错误"
    })?;
    Ok(signed_in)
}

/// The texts of the original, which say another number than it checks.
const NAME_RULE: &str = "用户名6~12位";
const PASSWORD_RULE: &str = "密码6~32位";
const AVATAR_RULE: &str = "头像id请输入数字";

fn check(name: &str, password: &str, avatar: &str) -> Result<(), &'static str> {
    if !(2..=16).contains(&name.chars().count()) {
        return Err(NAME_RULE);
    }
    if !(6..=32).contains(&password.chars().count()) {
        return Err(PASSWORD_RULE);
    }
    let is_number = (1..=20).contains(&avatar.len()) && avatar.bytes().all(|b| b.is_ascii_digit());
    if is_number { Ok(()) } else { Err(AVATAR_RULE) }
}

/// Signs in, or makes an account.
async fn enter(house: &House, name: &str, password: &str, visit: &Visit) -> Result<SignedIn, Problem> {
    let chat = &house.chat;
    if chat.find_person(name).await.map_err(chat::Error::into_problem)?.is_none() {
        let enrolled = chat.enrol_at(DOOR, name, password, visit, Some(MONTH_MS)).await;
        match enrolled.map_err(chat::Error::into_problem) {
            // The same name came a moment earlier.
            Err(Problem::Taken { .. }) => {}
            enrolled => return enrolled,
        }
    }
    chat.sign_in_at(DOOR, name, password, visit, Some(MONTH_MS)).await.map_err(chat::Error::into_problem)
}

pub async fn logout(State(house): State<House>, base: Base, headers: HeaderMap) -> Response {
    if let Some(Known { who, .. }) = known(&house, &headers).await
        && let Err(cause) = house.chat.end_pass(&who).await
    {
        tracing::error!(%cause, "a session was not ended");
    }
    let answer = Envelope { msg: "退出登录".to_owned(), ..done(Nothing {}) };
    ([(SET_COOKIE, base.cookie(COOKIE, "", 0))], Json(answer)).into_response()
}

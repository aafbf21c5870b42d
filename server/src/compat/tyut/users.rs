//! Registering, signing in by two requests, signing out.

use super::DOOR;
use super::caller::asks;
use super::codes::{CodeLetter, session_of};
use super::translate::no;
use super::wire::{
    Answer, BROKEN, Done, NO_EMAIL, NO_NAME, NO_PASSWORD, NO_SESSION, NO_TOKEN, NOT_JSON, NOT_SIGNED_OUT, No, ODD,
    ODD_EMAIL, OTHER_EMAIL, TAKEN, WRONG_CODE, WRONG_PASSWORD,
};
use crate::compat::base::{Base, From, header};
use crate::compat::body::{Fields, fields};
use crate::compat::door;
use crate::house::House;
use axum::extract::{Request, State};
use axum::http::header::{HeaderName, HeaderValue, SET_COOKIE};
use axum::response::{IntoResponse, Response};
use chat::{Problem, Visit};

/// Where the address of the first request is remembered.
const COOKIE: &str = "sessionid";
const COOKIE_SECONDS: i64 = 600;
/// How long a token is good: 30 days, as in the document's sample.
const LIFE_MS: i64 = 30 * 86_400_000;

/// `POST /api/users/register`.
pub async fn register(State(house): State<House>, From(visit): From, request: Request) -> Answer {
    let fields = fields(request).await.map_err(|_| NOT_JSON)?;
    let given = |name: &str, missing: No| fields.text(name).filter(|text| !text.trim().is_empty()).ok_or(missing);
    let name = given("username", NO_NAME)?;
    // Blanks are a password as good as any.
    let password = fields.text("password").filter(|password| !password.is_empty()).ok_or(NO_PASSWORD)?;
    let email = given("email", NO_EMAIL)?;
    let made = house.chat.register_with_email_at(&name, &email, &password, &visit).await;
    let person = made.map_err(|error| not_registered(&error.into_problem()))?;
    Done::nothing(format!("用户创建成功 {} ", person.name))
}

fn not_registered(problem: &Problem) -> No {
    match problem {
        Problem::Taken { .. } => TAKEN,
        Problem::Invalid { rule: domain::Rule::LookAlike, .. } => TAKEN,
        Problem::Invalid { field, .. } if field == "email" => ODD_EMAIL,
        Problem::Invalid { .. } | Problem::TooLarge { .. } => ODD,
        Problem::SignInNeeded
        | Problem::WrongCredentials
        | Problem::WrongCode { .. }
        | Problem::Elsewhere { .. }
        | Problem::OneDevice { .. }
        | Problem::NotAllowed
        | Problem::NotFound { .. }
        | Problem::Changed { .. }
        | Problem::TooFast { .. }
        | Problem::Full { .. }
        | Problem::NoFiles
        | Problem::Shut
        | Problem::Muted { .. }
        | Problem::Slow { .. }
        | Problem::MembersOnly
        | Problem::HostsOnly
        | Problem::Unanswered
        | Problem::Unreachable
        | Problem::Blocked
        | Problem::Filtered
        | Problem::Held
        | Problem::Declined
        | Problem::Objected { .. }
        | Problem::Removed { .. }
        | Problem::Gone
        | Problem::Unavailable
        | Problem::Broken { .. } => BROKEN,
    }
}

/// `POST /api/users/login`: without a code one is sent, with one somebody is signed in.
pub async fn login(State(house): State<House>, From(visit): From, base: Base, request: Request) -> Response {
    let session = door::cookie(request.headers(), COOKIE);
    let fields = match fields(request).await {
        Ok(fields) => fields,
        Err(_) => return ODD_EMAIL.into_response(),
    };
    let email = fields.text("email").unwrap_or_default();
    match fields.text("code").filter(|code| !code.is_empty()) {
        None => match send_code(&house, &visit, &email, &fields).await {
            Ok(done) => with(done, SET_COOKIE, base.cookie(COOKIE, &session_of(&email), COOKIE_SECONDS)),
            Err(no) => no.into_response(),
        },
        Some(code) => match enter_code(&house, &visit, &email, &fields, &code, session).await {
            Ok(token) => {
                let in_header = HeaderValue::try_from(&token).unwrap_or(HeaderValue::from_static(""));
                match Done::with(token) {
                    Ok(done) => with(done, HeaderName::from_static("token"), in_header),
                    Err(no) => no.into_response(),
                }
            }
            Err(no) => no.into_response(),
        },
    }
}

fn with(done: Done, name: HeaderName, value: HeaderValue) -> Response {
    let mut response = done.into_response();
    response.headers_mut().insert(name, value);
    response
}

async fn send_code(house: &House, visit: &Visit, email: &str, fields: &Fields) -> Answer {
    let password = fields.text("password").unwrap_or_default();
    let sent = house.chat.send_code_at(DOOR, email, &password, visit, &CodeLetter).await;
    // Too often, or nothing can be kept.
    let refused = |problem| if matches!(problem, Problem::Invalid { .. }) { ODD_EMAIL } else { NO_SESSION };
    sent.map_err(|error| refused(error.into_problem()))?;
    Done::nothing("验证码已发送")
}

async fn enter_code(
    house: &House,
    visit: &Visit,
    email: &str,
    fields: &Fields,
    code: &str,
    session: Option<String>,
) -> Result<String, No> {
    let password = fields.text("password").unwrap_or_default();
    let entered = house.chat.enter_code_at(DOOR, (email, &password, code), visit, Some(LIFE_MS)).await;
    let is_other = session.is_some_and(|session| session != session_of(email));
    let signed_in = entered.map_err(|error| not_entered(&error.into_problem(), is_other))?;
    Ok(signed_in.token)
}

/// `is_other`: a code was sent to another address.
fn not_entered(problem: &Problem, is_other: bool) -> No {
    match problem {
        Problem::Invalid { field, .. } if field == "email" => ODD_EMAIL,
        Problem::WrongCode { .. } | Problem::Invalid { .. } => {
            if is_other {
                OTHER_EMAIL
            } else {
                WRONG_CODE
            }
        }
        Problem::WrongCredentials => WRONG_PASSWORD,
        Problem::TooFast { .. } => NO_SESSION,
        Problem::SignInNeeded
        | Problem::Elsewhere { .. }
        | Problem::OneDevice { .. }
        | Problem::NotAllowed
        | Problem::NotFound { .. }
        | Problem::Taken { .. }
        | Problem::Changed { .. }
        | Problem::TooLarge { .. }
        | Problem::Full { .. }
        | Problem::NoFiles
        | Problem::Shut
        | Problem::Muted { .. }
        | Problem::Slow { .. }
        | Problem::MembersOnly
        | Problem::HostsOnly
        | Problem::Unanswered
        | Problem::Unreachable
        | Problem::Blocked
        | Problem::Filtered
        | Problem::Held
        | Problem::Declined
        | Problem::Objected { .. }
        | Problem::Removed { .. }
        | Problem::Gone
        | Problem::Unavailable
        | Problem::Broken { .. } => NO_TOKEN,
    }
}

/// `POST /api/users/logout`: the bearer token is none any more, nor one in the header `token`.
pub async fn logout(State(house): State<House>, request: Request) -> Answer {
    let (parts, _) = request.into_parts();
    let caller = asks(&house, &parts.headers).await?;
    let other = header(&parts.headers, "token").filter(|other| *other != caller.token);
    if let Some(who) = door::pass(&house, DOOR, other).await.who() {
        house.chat.end_pass(&who).await.map_err(|error| no(error, NOT_SIGNED_OUT))?;
    }
    house.chat.end_pass(&caller.who).await.map_err(|error| no(error, NOT_SIGNED_OUT))?;
    Done::nothing("注销成功")
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::Rule;

    #[test]
    fn refusals_are_the_seeds() {
        let of_email = Problem::invalid("email", Rule::Shape);
        assert_eq!((not_registered(&of_email), not_entered(&of_email, false)), (ODD_EMAIL, ODD_EMAIL));
        assert_eq!(not_registered(&Problem::Taken { thing: chat::Thing::Person }), TAKEN);
        assert_eq!(not_entered(&Problem::WrongCode { left: 3 }, false), WRONG_CODE);
        assert_eq!(not_entered(&Problem::WrongCode { left: 3 }, true), OTHER_EMAIL);
        assert_eq!(not_entered(&Problem::WrongCredentials, true), WRONG_PASSWORD);
    }
}

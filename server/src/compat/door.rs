//! Who comes through a facade: the person behind one of its tokens.

use crate::house::House;
use axum::http::HeaderMap;
use axum_extra::extract::CookieJar;
use chat::{Pass, Who};

/// Who is behind a token of this door. A store that cannot say lets nobody in.
pub async fn pass(house: &House, door: &str, token: Option<&str>) -> Pass {
    let Some(token) = token else { return Pass::Unknown };
    house.chat.pass(door, token).await.unwrap_or_else(|cause| {
        tracing::error!(%cause, door, "a token could not be looked up");
        Pass::Unknown
    })
}

/// The token after a scheme such as `Bearer`, whose case does not matter.
pub fn bearer(value: &str) -> Option<&str> {
    let (scheme, token) = value.trim().split_once(' ')?;
    let token = token.trim();
    (scheme.eq_ignore_ascii_case("bearer") && !token.is_empty()).then_some(token)
}

/// A cookie that is not empty.
pub fn cookie(headers: &HeaderMap, name: &str) -> Option<String> {
    let jar = CookieJar::from_headers(headers);
    jar.get(name).map(|cookie| cookie.value().to_owned()).filter(|value| !value.is_empty())
}

/// Whether a socket's session still stands; asked now and then while it is open.
pub async fn still(house: &House, door: &str, who: &Who, token: &str) -> bool {
    match house.chat.pass(door, token).await {
        Ok(pass) => pass.who().is_some_and(|now| now.session == who.session),
        // A store that cannot say now is asked again later.
        Err(_) => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bearer_has_a_scheme_and_a_token() {
        assert_eq!(bearer("Bearer abc"), Some("abc"));
        assert_eq!(bearer("bearer  abc "), Some("abc"));
        for odd in ["abc", "Basic abc", "Bearer", "Bearer ", ""] {
            assert_eq!(bearer(odd), None, "{odd:?}");
        }
    }
}

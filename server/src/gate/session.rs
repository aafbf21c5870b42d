//! Who sends a request: the person behind the session cookie, their address, their choices.

use crate::answer::Refusal;
use crate::api::{Read, Scope, Write};
use crate::compat::door;
use crate::embed;
use crate::house::House;
use crate::live::upgrade;
use crate::router::LIVE;
use app::calls::Visitor;
use app::text::Lang;
use app::visitor::Theme;
use axum::extract::{Request, State};
use axum::http::header::{ACCEPT_LANGUAGE, AUTHORIZATION, USER_AGENT};
use axum::http::{HeaderMap, HeaderValue, Method};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use axum_extra::extract::CookieJar;
use chat::{ApiKey, Visit, Who};
use domain::Problem;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};

/// The other end of the connection, put on every request by `accept`.
#[derive(Clone, Copy, Debug)]
pub struct Peer(pub SocketAddr);

/// The secret that a request shows, for doors that outlive it and must ask again.
#[derive(Clone)]
pub enum Token {
    None,
    /// The session cookie's.
    Cookie(String),
    /// A program's, for the live socket; its cookies count for nothing.
    Bearer(String),
    /// That of a page inside another site's; its cookies count for nothing.
    Frame(String),
    /// The same for its pictures.
    Look(String),
}

/// Longest stored name of a browser, in characters.
const AGENT_CHARS: usize = 300;
/// Farthest time zones there are, in minutes.
pub const FARTHEST_TZ: i32 = 14 * 60;

/// Finds out who is asking and leaves it on the request as [`Visitor`] and [`Token`].
/// Answers itself when the store cannot say: nobody is let in on a guess.
pub async fn know(State(house): State<House>, mut request: Request, next: Next) -> Response {
    let peer = request.extensions().get::<Peer>().map(|peer| peer.0.ip());
    let headers = request.headers();
    let cookies = CookieJar::from_headers(headers);
    let secure = house.origins.secure();
    let token = shown(&request).unwrap_or_else(|| token(&cookies, secure));
    if matches!(token, Token::Frame(_)) && !embed::is_for_frames(request.method(), request.uri().path()) {
        return Refusal(Problem::NotAllowed).into_response();
    }
    let who = match who(&house, &token).await {
        Ok(None) if matches!(token, Token::Bearer(_) | Token::Frame(_)) => {
            return Refusal(Problem::SignInNeeded).into_response();
        }
        Ok(who) => who,
        Err(error) => return Refusal::from(error).into_response(),
    };
    let visitor = Visitor {
        who,
        visit: Visit { address: address(peer, headers, &house.proxies), user_agent: agent(headers) },
        lang: lang(&cookies, headers),
        theme: cookies.get("salon_theme").map(|c| Theme::parse(c.value())).unwrap_or_default(),
        newest: cookies.get("salon_opens").is_some_and(|c| c.value() == "newest"),
        tz: cookies.get("salon_tz").map_or(0, |cookie| tz(cookie.value())),
        saves_data: headers.get("save-data").is_some_and(|value| value == "on"),
        secure,
        embed: None,
        origin: house.origin.clone(),
    };
    request.extensions_mut().insert(visitor);
    request.extensions_mut().insert(token);
    next.run(request).await
}

/// The session cookie of a request.
pub fn token(cookies: &CookieJar, secure: bool) -> Token {
    let value = cookies.get(cookie_name(secure)).map(|cookie| cookie.value().to_owned());
    value.filter(|value| !value.is_empty()).map_or(Token::None, Token::Cookie)
}

/// What counts instead of the cookie.
fn shown(request: &Request) -> Option<Token> {
    let path = request.uri().path();
    if path == LIVE && upgrade::speaks(request.headers()) {
        // No page can set a header for a socket; it can name protocols.
        return Some(upgrade::frame_token(request.headers()).map_or(Token::None, Token::Frame));
    }
    if let Some(value) = request.headers().get(AUTHORIZATION) {
        let token = value.to_str().ok().and_then(door::bearer).map(str::to_owned);
        if path == LIVE {
            return Some(Token::Bearer(token.unwrap_or_default()));
        }
        // Another scheme is somebody else's business, such as that of a proxy before us.
        if let Some(token) = token {
            return Some(Token::Frame(token));
        }
    }
    let reads = matches!(*request.method(), Method::GET | Method::HEAD);
    if !reads || !embed::is_seen(path) {
        return None;
    }
    let query = request.uri().query()?;
    let look = form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == embed::LOOK)?;
    Some(Token::Look(look.1.into_owned()))
}

/// Who is behind it; nobody without one.
pub async fn who(house: &House, token: &Token) -> chat::Result<Option<Who>> {
    match token {
        Token::None => Ok(None),
        Token::Cookie(token) => house.chat.who(token).await,
        Token::Frame(token) => house.chat.embedded(token).await,
        Token::Look(token) => house.chat.onlooker(token).await,
        Token::Bearer(token) => {
            let bearer = house.chat.bearer(token).await?;
            // Whoever hears may also speak: a key has to be made for both.
            let may_all = |key: &ApiKey| key.may(Read::NAME) && key.may(Write::NAME);
            Ok(bearer.filter(|bearer| bearer.key.as_ref().is_none_or(may_all)).map(|bearer| bearer.who))
        }
    }
}

/// As `app::calls::session_cookie` names it.
fn cookie_name(secure: bool) -> &'static str {
    if secure { "__Host-salon_session" } else { "salon_session" }
}

fn lang(cookies: &CookieJar, headers: &HeaderMap) -> Lang {
    let chosen = cookies.get("salon_lang").and_then(|cookie| Lang::parse(cookie.value()));
    chosen.unwrap_or_else(|| accepted(headers))
}

/// The language that a browser asks for.
pub fn accepted(headers: &HeaderMap) -> Lang {
    Lang::from_accept_language(headers.get(ACCEPT_LANGUAGE).and_then(|v| v.to_str().ok()).unwrap_or_default())
}

fn tz(text: &str) -> i32 {
    text.parse::<i32>().unwrap_or(0).clamp(-FARTHEST_TZ, FARTHEST_TZ)
}

/// What a browser calls itself, shortened.
pub fn agent(headers: &HeaderMap) -> String {
    let agent = headers.get(USER_AGENT).and_then(|v| v.to_str().ok()).unwrap_or_default();
    agent.chars().take(AGENT_CHARS).collect()
}

/// The visitor's address: the peer's, unless that is one of our proxies; then the last
/// address in `X-Forwarded-For` that is not. What stands before it anybody can invent.
pub fn address(peer: Option<IpAddr>, headers: &HeaderMap, proxies: &[IpAddr]) -> IpAddr {
    let mut address = peer.unwrap_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED)).to_canonical();
    let hops: Vec<&str> = headers
        .get_all("x-forwarded-for")
        .iter()
        .flat_map(|value: &HeaderValue| value.to_str().unwrap_or("?").split(','))
        .collect();
    for hop in hops.into_iter().rev() {
        if !proxies.contains(&address) {
            break;
        }
        let Ok(before) = hop.trim().parse::<IpAddr>() else { break };
        address = before.to_canonical();
    }
    address
}

#[cfg(test)]
mod tests {
    use super::*;

    fn from(peer: &str, forwarded: &[&str], proxies: &[&str]) -> String {
        let mut headers = HeaderMap::new();
        for value in forwarded {
            headers.append("x-forwarded-for", value.parse().unwrap());
        }
        let proxies: Vec<IpAddr> = proxies.iter().map(|p| p.parse().unwrap()).collect();
        address(Some(peer.parse().unwrap()), &headers, &proxies).to_string()
    }

    #[test]
    fn only_a_trusted_proxy_is_believed() {
        assert_eq!(from("9.9.9.9", &["1.1.1.1"], &[]), "9.9.9.9");
        assert_eq!(from("9.9.9.9", &["1.1.1.1"], &["10.0.0.1"]), "9.9.9.9");
        assert_eq!(from("10.0.0.1", &["6.6.6.6, 1.1.1.1"], &["10.0.0.1"]), "1.1.1.1");
        assert_eq!(from("10.0.0.1", &["6.6.6.6", "1.1.1.1, 10.0.0.2"], &["10.0.0.1", "10.0.0.2"]), "1.1.1.1");
        assert_eq!(from("10.0.0.1", &["nonsense"], &["10.0.0.1"]), "10.0.0.1");
        assert_eq!(from("::ffff:10.0.0.1", &["1.1.1.1"], &["10.0.0.1"]), "1.1.1.1");
    }

    #[test]
    fn zones_stay_on_earth() {
        assert_eq!((tz("480"), tz("-1"), tz("99999"), tz("x")), (480, -1, 840, 0));
    }
}

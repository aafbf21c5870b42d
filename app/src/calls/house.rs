//! The server's side of a call: the house it turns to and who is asking, from the contexts
//! that the server gives to every page and call.

use super::{Answer, Frame, Json, Loaded, PageAnswer, Refused};
use crate::text::Lang;
use crate::text::mail::MailWords;
use crate::visitor::Theme;
use chat::{Admin, Chat, PageEnd, RoomHost, RoomReader, RoomWriter, SignedIn, Ticket, Who};
use domain::person::Me;
use domain::stage::Stage;
use domain::{DeedId, PersonId, Problem, RoomId, WebhookId};
use http::header::{CACHE_CONTROL, COOKIE, HOST, REFRESH, SET_COOKIE};
use http::request::Parts;
use http::{HeaderName, HeaderValue, StatusCode};
use leptos::prelude::use_context;
use leptos_axum::ResponseOptions;
use serde::Serialize;
use std::sync::Arc;

const YEAR_S: i64 = 365 * 24 * 3_600;

/// Who is asking, from where, and what they have chosen.
#[derive(Clone)]
pub struct Visitor {
    /// Whoever the session cookie belongs to.
    pub who: Option<Who>,
    pub visit: chat::Visit,
    pub lang: Lang,
    pub theme: Theme,
    /// Whether rooms open at their newest message, whatever is unread before it.
    pub newest: bool,
    /// Minutes east of UTC.
    pub tz: i32,
    /// Whether the browser asks for less data.
    pub saves_data: bool,
    /// Whether the site is reached by https.
    pub secure: bool,
    /// What the script of a page inside another site's is told; `None` on our own pages.
    pub embed: Option<Arc<str>>,
    /// The site's own address, such as `https://talk.example.org`.
    pub origin: Arc<str>,
}

/// What every call begins with.
pub(super) struct House {
    pub chat: Chat,
    pub visitor: Visitor,
}

/// `Unavailable` if the request was given up meanwhile and its contexts are gone.
pub(super) fn house() -> Answer<House> {
    let chat = use_context::<Chat>();
    let visitor = use_context::<Visitor>();
    match (chat, visitor) {
        (Some(chat), Some(visitor)) => Ok(House { chat, visitor }),
        _ => Err(refused(Problem::Unavailable)),
    }
}

impl House {
    pub fn who(&self) -> Option<&Who> {
        self.visitor.who.as_ref()
    }

    pub fn signed_in(&self) -> Answer<&Who> {
        self.who().ok_or_else(|| refused(Problem::SignInNeeded))
    }

    pub fn admin(&self) -> Answer<Admin> {
        Ok(self.chat.admin(self.who())?)
    }

    pub async fn reader(&self, room: RoomId) -> Answer<RoomReader> {
        Ok(self.chat.reader(self.who(), room).await?)
    }

    pub async fn writer(&self, room: RoomId) -> Answer<RoomWriter> {
        Ok(self.chat.writer(self.who(), room).await?)
    }

    pub async fn host(&self, room: RoomId) -> Answer<RoomHost> {
        Ok(self.chat.host(self.who(), room).await?)
    }

    /// A page's data with what its frame needs.
    pub fn page<T: Serialize + Send + 'static>(&self, body: Answer<T>) -> PageAnswer<T> {
        let me = self.who().map(|who| Me { person: who.person.clone(), role: who.role });
        let frame = Frame { me, registration: self.chat.registration(), now: self.chat.now() };
        Json::keeping(Loaded { frame, body: body.map_err(|refused| refused.0) })
    }

    /// Remembers a new session in the browser.
    pub fn remember(&self, signed_in: &SignedIn) {
        let seconds = (signed_in.expires_at - self.chat.now()).max(0) / 1_000;
        set_cookie(&session_cookie(&signed_in.token, self.visitor.secure, seconds));
    }

    pub fn forget(&self) {
        set_cookie(&session_cookie("", self.visitor.secure, 0));
    }

    /// The words of mails for this visitor.
    pub fn mail_words(&self) -> MailWords {
        MailWords { lang: self.visitor.lang, origin: self.visitor.origin.clone() }
    }

    /// Remembers how far somebody is on their way in.
    pub fn remember_ticket(&self, ticket: &Ticket) {
        let seconds = (ticket.expires_at - self.chat.now()).max(0) / 1_000;
        set_cookie(&secret_cookie(TICKET, &ticket.token, self.visitor.secure, seconds));
    }

    pub fn forget_ticket(&self) {
        set_cookie(&secret_cookie(TICKET, "", self.visitor.secure, 0));
    }

    /// Remembers a choice for a year. The page itself reads none of these cookies, except
    /// that it writes the time zone.
    pub fn choose(&self, name: &str, value: &str) {
        let secure = if self.visitor.secure { "; Secure" } else { "" };
        set_cookie(&format!("{name}={value}; Path=/; Max-Age={YEAR_S}; SameSite=Lax{secure}"));
    }
}

impl House {
    /// Lands on a page after something was done about somebody: with the way to undo it, if there is one.
    pub async fn land_undoable(&self, page: &str, deed: Option<DeedId>, act: &str, whom: PersonId) -> Answer<()> {
        match (deed, self.chat.person(whom).await?) {
            (Some(deed), Some(whom)) => land(&crate::paths::undo(page, deed, act, &whom.display)),
            _ => land(page),
        }
        Ok(())
    }
}

/// How soon a page without scripts asks again whether it may go on, in seconds.
const ASK_AGAIN: &str = "10";

impl House {
    /// Has the browser ask again by itself. Such a page is nobody else's.
    pub fn ask_again(&self) {
        let Some(options) = use_context::<ResponseOptions>() else { return };
        options.insert_header(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        options.insert_header(REFRESH, HeaderValue::from_static(ASK_AGAIN));
    }

    /// The same, unless scripts do: they leave a cookie with the zone.
    pub fn ask_again_without_scripts(&self) {
        let cookies = use_context::<Parts>().map(|parts| parts.headers).unwrap_or_default();
        let has_scripts = cookies.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok());
        if !has_scripts.into_iter().any(|value| value.contains("salon_tz=")) {
            return self.ask_again();
        }
        if let Some(options) = use_context::<ResponseOptions>() {
            options.insert_header(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        }
    }
}

/// Tells the server which video the policy of the page has to allow; it goes no further.
pub const VIDEO_SOURCE: HeaderName = HeaderName::from_static("x-salon-video");

impl House {
    /// Lets the page that is being made play the room's video if it is somebody else's file.
    pub fn allow_video(&self, stage: &Stage) {
        let Some(video) = stage.video.as_ref().filter(|video| !video.src.starts_with('/')) else { return };
        let kind = if video.stream { "stream" } else { "file" };
        let value = HeaderValue::from_str(&format!("{kind} {}", video.src));
        if let (Some(options), Ok(value)) = (use_context::<ResponseOptions>(), value) {
            options.insert_header(VIDEO_SOURCE, value);
        }
    }
}

/// Holds a refused user name for the form's next showing, a minute long.
const TYPED: &str = "salon_typed";

/// The same of the way into a room.
const GIVEN: &str = "salon_typed_room";
/// Longest that is kept, in bytes.
const TYPED_MAX: usize = 1_000;

impl House {
    /// Keeps what was typed for a page without scripts (UX-1.03). Never a password.
    pub fn keep_typed_name(&self, name: &str) {
        keep_typed(TYPED, name);
    }

    /// The same of what shall lead into a room.
    pub fn keep_typed_room(&self, given: &str) {
        keep_typed(GIVEN, given);
    }
}

fn keep_typed(cookie: &str, words: &str) {
    if words.len() <= TYPED_MAX {
        let words = crate::paths::encode(words);
        set_cookie(&format!("{cookie}={words}; Path=/; Max-Age=60; HttpOnly; SameSite=Lax"));
    }
}

/// What [`House::keep_typed_name`] kept; empty if nothing.
pub(super) fn typed_name() -> String {
    typed(TYPED)
}

/// What [`House::keep_typed_room`] kept; empty if nothing.
pub(super) fn typed_room() -> String {
    typed(GIVEN)
}

fn typed(cookie: &str) -> String {
    let Some(parts) = use_context::<Parts>() else { return String::new() };
    let cookies = parts.headers.get(COOKIE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let typed = cookies.split("; ").find_map(|pair| pair.strip_prefix(cookie)?.strip_prefix('='));
    crate::paths::decode(typed.unwrap_or_default())
}

/// Holds a webhook's secret on the way to the page that shows it, a minute long.
const SHOWN: &str = "salon_shown";

impl House {
    /// Has the next page show a secret once. Not in its address, which browsers and proxies remember.
    pub fn keep_secret(&self, webhook: WebhookId, secret: &str) {
        set_cookie(&secret_cookie(SHOWN, &format!("{webhook}.{secret}"), self.visitor.secure, 60));
    }

    /// What [`House::keep_secret`] kept; the browser forgets it.
    pub fn take_secret(&self) -> Option<(WebhookId, String)> {
        let kept = secret_of(SHOWN, self.visitor.secure);
        let (webhook, secret) = kept.split_once('.')?;
        set_cookie(&secret_cookie(SHOWN, "", self.visitor.secure, 0));
        Some((webhook.parse().ok()?, secret.to_owned()))
    }
}

/// Holds a [`Ticket`].
const TICKET: &str = "salon_attempt";

/// What [`House::remember_ticket`] remembered; empty if nothing.
pub(super) fn ticket(house: &House) -> String {
    secret_of(TICKET, house.visitor.secure)
}

/// What the browser brings under this name.
fn secret_of(name: &str, secure: bool) -> String {
    let Some(parts) = use_context::<Parts>() else { return String::new() };
    let cookies = parts.headers.get(COOKIE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let name = secret_name(name, secure);
    let secret = cookies.split("; ").find_map(|pair| pair.strip_prefix(name.as_str())?.strip_prefix('='));
    secret.unwrap_or_default().to_owned()
}

/// A link of this site that is shown once, whole, for a token that was just made. `None` for
/// what cannot be a token: the address could have been made by anybody.
pub(super) fn link(path: &str, token: &str) -> Option<String> {
    let fits = |b: u8| b.is_ascii_alphanumeric() || b == b'-' || b == b'_';
    if token.is_empty() || token.len() > 64 || !token.bytes().all(fits) {
        return None;
    }
    let scheme = if use_context::<Visitor>().is_some_and(|visitor| visitor.secure) { "https" } else { "http" };
    Some(host().map_or_else(|| format!("{path}/{token}"), |host| format!("{scheme}://{host}{path}/{token}")))
}

/// The host that the visitor's browser asked.
pub(super) fn host() -> Option<String> {
    let parts = use_context::<Parts>()?;
    Some(parts.headers.get(HOST)?.to_str().ok()?.to_owned())
}

/// Where a page of a list ends, as its address says it: `<time>.<number>`.
pub(super) fn page_end(word: &str) -> Option<PageEnd> {
    let (at, id) = word.split_once('.')?;
    Some(PageEnd { at: at.parse().ok()?, id: id.parse().ok()? })
}

pub(super) fn page_word(end: PageEnd) -> String {
    format!("{}.{}", end.at, end.id)
}

/// The session cookie. `max_age` in seconds; 0 removes it. With https its name carries
/// `__Host-`, so that no neighbouring domain can set it.
pub fn session_cookie(token: &str, secure: bool, max_age: i64) -> String {
    secret_cookie("salon_session", token, secure, max_age)
}

fn secret_cookie(name: &str, secret: &str, secure: bool, max_age: i64) -> String {
    let (name, flag) = (secret_name(name, secure), if secure { "; Secure" } else { "" });
    format!("{name}={secret}; Path=/; Max-Age={max_age}; HttpOnly; SameSite=Lax{flag}")
}

fn secret_name(name: &str, secure: bool) -> String {
    if secure { format!("__Host-{name}") } else { name.to_owned() }
}

fn set_cookie(cookie: &str) {
    if let (Some(response), Ok(value)) = (use_context::<ResponseOptions>(), HeaderValue::from_str(cookie)) {
        response.append_header(SET_COOKIE, value);
    }
}

/// Lands on another page of this site after success.
pub(super) fn land(path: &str) {
    leptos_axum::redirect(crate::paths::own(path));
}

impl From<chat::Error> for Refused {
    fn from(error: chat::Error) -> Self {
        refused(error.into_problem())
    }
}

/// A refusal. When a page is being made, its HTTP status says the same.
pub(super) fn refused(problem: Problem) -> Refused {
    Refused::from(problem)
}

/// Sets the status of the page that is being made. The status of a call is the server's
/// business: it knows whether a script or a plain form has asked.
pub(super) fn say_status(status: u16) {
    let is_call = use_context::<Parts>().is_some_and(|parts| parts.uri.path().starts_with("/call/"));
    let response = use_context::<ResponseOptions>().filter(|_| !is_call);
    if let (Some(response), Ok(status)) = (response, StatusCode::from_u16(status)) {
        response.set_status(status);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn where_a_page_ends_is_read_as_it_is_written() {
        let end = PageEnd { id: 7, at: -3 };
        assert_eq!(page_end(&page_word(end)), Some(end));
        for bad in ["", "7", "a.b", "1.", ".1", "99999999999999999999.1"] {
            assert_eq!(page_end(bad), None, "{bad}");
        }
    }

    #[test]
    fn only_what_can_be_a_token_is_shown_as_a_link() {
        assert_eq!(link("/join", "aZ-_9").as_deref(), Some("/join/aZ-_9"));
        for bad in ["", "a/b", "<b>", "a b", &"x".repeat(65)] {
            assert_eq!(link("/join", bad), None, "{bad}");
        }
    }

    #[test]
    fn the_session_cookie_is_for_the_server_alone() {
        let cookie = session_cookie("abc", true, 60);
        assert_eq!(cookie, "__Host-salon_session=abc; Path=/; Max-Age=60; HttpOnly; SameSite=Lax; Secure");
        assert_eq!(session_cookie("", false, 0), "salon_session=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax");
    }
}

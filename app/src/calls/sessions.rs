//! Coming in and going out, the visitor's own account, their choices.

use super::{Answer, PageAnswer};
use domain::SessionId;
use domain::person::Session;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

#[cfg(feature = "ssr")]
use super::house::{House, house, land, refused, say_status, typed_name};
#[cfg(feature = "ssr")]
use super::identity::arrive;
#[cfg(feature = "ssr")]
use chat::SignUp;
#[cfg(feature = "ssr")]
use domain::sign_in::Codes;

/// One's own account.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MyAccount {
    /// This device first, then the most recently used.
    pub sessions: Vec<Session>,
    pub about: String,
    pub email: Option<String>,
    /// Whether rooms open at their newest message on this device.
    pub newest: bool,
}

/// The pages to sign in and to register.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Door {
    /// The user name typed a moment ago into a form that was refused without JavaScript.
    pub typed: String,
    /// Whether a new account needs an address of e-mail.
    pub proves_email: bool,
}

#[server(prefix = "/call", endpoint = "load-door")]
pub async fn load_door() -> PageAnswer<Door> {
    let house = house()?;
    house.page(Ok(Door { typed: typed_name(), proves_email: house.chat.codes() != Codes::Off }))
}

/// For the page of an address that leads nowhere.
#[server(prefix = "/call", endpoint = "load-nothing")]
pub async fn load_nothing() -> PageAnswer<()> {
    house()?.page(Err(refused(domain::Problem::not_found(domain::Thing::Page))))
}

/// Whether the one-time link still opens; the page's status is 410 if not.
#[server(prefix = "/call", endpoint = "load-setup")]
pub async fn load_setup(token: String) -> PageAnswer<bool> {
    let house = house()?;
    let open = house.chat.setup_is_open(&token).await?;
    if !open {
        say_status(domain::Problem::Gone.status());
    }
    house.page(Ok(open))
}

/// By name or address. `next` is where to go afterwards, on this site; before, there may be a page
/// that asks for more.
#[server(prefix = "/call", endpoint = "sign-in")]
pub async fn sign_in(name: String, password: String, #[server(default)] next: String) -> Answer<()> {
    let house = house()?;
    let arrival = house.chat.come_in(&name, &password, &house.visitor.visit, &house.mail_words()).await;
    arrive(&house, arrival.inspect_err(|_| house.keep_typed_name(&name))?, &next);
    Ok(())
}

#[server(prefix = "/call", endpoint = "sign-out")]
pub async fn sign_out() -> Answer<()> {
    let house = house()?;
    if let Some(who) = house.who() {
        house.chat.sign_out(who).await?;
    }
    house.forget();
    land("/sign-in");
    Ok(())
}

/// `email` where the site proves addresses; `invite` is the token of an invitation, empty for none.
#[server(prefix = "/call", endpoint = "register")]
pub async fn register(
    name: String,
    display: String,
    password: String,
    #[server(default)] email: String,
    #[server(default)] invite: String,
    #[server(default)] next: String,
) -> Answer<()> {
    let house = house()?;
    let display = named(&display, &name);
    let invite = (!invite.is_empty()).then_some(invite.as_str());
    let new = SignUp { name: &name, display, email: &email, password: &password, invite };
    let arrival = house.chat.sign_up(new, &house.visitor.visit, &house.mail_words()).await;
    arrive(&house, arrival.inspect_err(|_| house.keep_typed_name(&name))?, &next);
    Ok(())
}

/// Creates the first administrator with the one-time link from the console.
#[server(prefix = "/call", endpoint = "setup")]
pub async fn setup(token: String, name: String, display: String, password: String) -> Answer<()> {
    let house = house()?;
    let display = named(&display, &name);
    let signed_in = house.chat.setup(&token, &name, display, &password, &house.visitor.visit).await?;
    house.remember(&signed_in);
    land("/admin/rooms/new");
    Ok(())
}

#[server(prefix = "/call", endpoint = "load-me")]
pub async fn load_me() -> PageAnswer<MyAccount> {
    let house = house()?;
    let body = my_account(&house).await;
    house.page(body)
}

#[server(prefix = "/call", endpoint = "end-session")]
pub async fn end_session(session: SessionId) -> Answer<()> {
    let house = house()?;
    Ok(house.chat.end_session(house.signed_in()?, session).await?)
}

/// Other devices are signed out.
#[server(prefix = "/call", endpoint = "change-password")]
pub async fn change_password(old: String, new: String, again: String) -> Answer<()> {
    let house = house()?;
    let who = house.signed_in()?;
    if new != again {
        return Err(refused(domain::Problem::invalid("again", domain::Rule::Mismatch)));
    }
    Ok(house.chat.change_password(who, &old, &new).await?)
}

/// `zh` or `en`; anything else changes nothing.
#[server(prefix = "/call", endpoint = "choose-language")]
pub async fn choose_language(lang: String) -> Answer<()> {
    if let Some(lang) = crate::text::Lang::parse(&lang) {
        house()?.choose("salon_lang", lang.as_str());
    }
    Ok(())
}

/// `light`, `dark` or `system`.
#[server(prefix = "/call", endpoint = "choose-theme")]
pub async fn choose_theme(theme: String) -> Answer<()> {
    house()?.choose("salon_theme", crate::visitor::Theme::parse(&theme).as_str());
    Ok(())
}

/// Whether rooms open at their `newest` message; anything else: at the first unread one.
#[server(prefix = "/call", endpoint = "choose-opening")]
pub async fn choose_opening(opens: String) -> Answer<()> {
    house()?.choose("salon_opens", if opens == "newest" { "newest" } else { "unread" });
    Ok(())
}

#[cfg(feature = "ssr")]
async fn my_account(house: &House) -> Answer<MyAccount> {
    let mut sessions = house.chat.sessions(house.signed_in()?).await?;
    sessions.sort_by_key(|session| (!session.is_this, -session.seen_at));
    let chat::MyProfile { about, email } = house.chat.my_profile(house.signed_in()?).await?;
    Ok(MyAccount { sessions, about, email, newest: house.visitor.newest })
}

/// The display name, or the user name where none was given.
#[cfg(feature = "ssr")]
fn named<'a>(display: &'a str, name: &'a str) -> &'a str {
    if display.trim().is_empty() { name } else { display }
}

//! One's own identity: the steps on the way in, the address, the profile, leaving.

use super::{Answer, PageAnswer};
use domain::contact::Presence;
use domain::person::Person;
use domain::room::Room;
use domain::sign_in::Step;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

#[cfg(feature = "ssr")]
use super::house::{House, house, land, ticket};
#[cfg(feature = "ssr")]
use chat::Arrival;

/// What the way in still asks; `None` if it has run out.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StepPage {
    pub step: Option<Step>,
}

/// A person's page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ProfilePage {
    pub person: Person,
    pub about: String,
    pub since: i64,
    pub is_me: bool,
    pub presence: Presence,
    /// Whether the visitor has blocked them.
    pub blocked: bool,
}

/// What keeps somebody from leaving.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ClosePage {
    pub only_hosted: Vec<Room>,
}

#[server(prefix = "/call", endpoint = "load-step")]
pub async fn load_step() -> PageAnswer<StepPage> {
    let house = house()?;
    let step = house.chat.step(&ticket(&house)).await;
    house.page(step.map(|step| StepPage { step }).map_err(Into::into))
}

/// `next` as of [`super::sessions::sign_in`].
#[server(prefix = "/call", endpoint = "enter-code")]
pub async fn enter_code(code: String, #[server(default)] next: String) -> Answer<()> {
    let house = house()?;
    let (visit, words) = (&house.visitor.visit, house.mail_words());
    let arrival = house.chat.enter_code(house.who(), &ticket(&house), &code, visit, &words).await?;
    arrive(&house, arrival, &next);
    Ok(())
}

#[server(prefix = "/call", endpoint = "resend-code")]
pub async fn resend_code() -> Answer<()> {
    let house = house()?;
    Ok(house.chat.resend_code(&ticket(&house), &house.visitor.visit, &house.mail_words()).await?)
}

/// Signs out elsewhere and comes in here.
#[server(prefix = "/call", endpoint = "replace-elsewhere")]
pub async fn replace_elsewhere(#[server(default)] next: String) -> Answer<()> {
    let house = house()?;
    let signed_in = house.chat.replace_elsewhere(&ticket(&house), &house.visitor.visit).await?;
    arrive(&house, Arrival::In(signed_in), &next);
    Ok(())
}

/// Goes no further on the way in; lands where one came from.
#[server(prefix = "/call", endpoint = "give-up")]
pub async fn give_up() -> Answer<()> {
    let house = house()?;
    house.chat.give_up(&ticket(&house)).await?;
    house.forget_ticket();
    land(if house.who().is_some() { "/me" } else { "/sign-in" });
    Ok(())
}

/// Lands where it is said that a link was sent, if there is such an account.
#[server(prefix = "/call", endpoint = "forgot-password")]
pub async fn forgot_password(email: String) -> Answer<()> {
    let house = house()?;
    house.chat.forgot_password(&email, &house.visitor.visit, house.mail_words()).await?;
    land("/forgot?sent=1");
    Ok(())
}

/// The page where a link for a new password is asked for.
#[server(prefix = "/call", endpoint = "load-forgot")]
pub async fn load_forgot() -> PageAnswer<()> {
    house()?.page(Ok(()))
}

/// An empty address takes away the one that is there.
#[server(prefix = "/call", endpoint = "change-email")]
pub async fn change_email(#[server(default)] email: String, password: String) -> Answer<()> {
    let house = house()?;
    let (visit, words) = (&house.visitor.visit, house.mail_words());
    if let Some(ticket) = house.chat.change_email(house.signed_in()?, &email, &password, visit, &words).await? {
        house.remember_ticket(&ticket);
        land("/sign-in/step?from=%2Fme");
    }
    Ok(())
}

#[server(prefix = "/call", endpoint = "change-profile")]
pub async fn change_profile(display: String, #[server(default)] about: String) -> Answer<()> {
    let house = house()?;
    Ok(house.chat.change_profile(house.signed_in()?, &display, &about).await?)
}

#[server(prefix = "/call", endpoint = "remove-portrait")]
pub async fn remove_portrait() -> Answer<()> {
    let house = house()?;
    Ok(house.chat.remove_portrait(house.signed_in()?).await?)
}

#[server(prefix = "/call", endpoint = "end-other-sessions")]
pub async fn end_other_sessions() -> Answer<()> {
    let house = house()?;
    Ok(house.chat.end_other_sessions(house.signed_in()?).await?)
}

#[server(prefix = "/call", endpoint = "load-profile")]
pub async fn load_profile(name: String) -> PageAnswer<ProfilePage> {
    let house = house()?;
    let body = profile(&house, &name).await;
    house.page(body)
}

#[server(prefix = "/call", endpoint = "load-close")]
pub async fn load_close() -> PageAnswer<ClosePage> {
    let house = house()?;
    let body = only_hosted(&house).await;
    house.page(body)
}

/// At once and for good.
#[server(prefix = "/call", endpoint = "close-account")]
pub async fn close_account(password: String) -> Answer<()> {
    let house = house()?;
    house.chat.close_account(house.signed_in()?, &password).await?;
    house.forget();
    land("/");
    Ok(())
}

/// Lets somebody in, or on to the next step.
#[cfg(feature = "ssr")]
pub(super) fn arrive(house: &House, arrival: Arrival, next: &str) {
    match arrival {
        Arrival::In(signed_in) => {
            house.remember(&signed_in);
            house.forget_ticket();
            land(next);
        }
        Arrival::Step(ticket) => {
            house.remember_ticket(&ticket);
            land(&format!("/sign-in/step?from={}", crate::paths::encode(crate::paths::own(next))));
        }
        Arrival::EmailKept => {
            house.forget_ticket();
            land("/me");
        }
    }
}

#[cfg(feature = "ssr")]
async fn profile(house: &House, name: &str) -> Answer<ProfilePage> {
    let me = house.signed_in()?;
    let chat::Profile { person, about, since } = house.chat.profile(me, name).await?;
    let chat::PersonPage { card, blocked, is_me } = house.chat.person_page(me, &person.name).await?;
    Ok(ProfilePage { person, about, since, is_me, presence: card.presence, blocked })
}

#[cfg(feature = "ssr")]
async fn only_hosted(house: &House) -> Answer<ClosePage> {
    Ok(ClosePage { only_hosted: house.chat.only_hosted(house.signed_in()?).await? })
}

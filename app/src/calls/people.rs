//! People, their accounts, and invitations to the site: for administrators.

use super::{Answer, PageAnswer};
use domain::moderation::RestrictedIn;
use domain::person::{Person, Session, SiteRole};
use domain::{InviteId, PersonId, SessionId};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

#[cfg(feature = "ssr")]
use super::house::{House, house, land, link, page_end, page_word};
#[cfg(feature = "ssr")]
use chat::{PeopleOrder, PeopleQuery, PersonLine, PersonState};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PeoplePage {
    pub people: Vec<PersonRow>,
    /// Where the next page begins.
    pub next: Option<String>,
    pub invites: Vec<InviteRow>,
    /// A link that was made a moment ago, whole.
    pub made: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PersonRow {
    pub person: Person,
    pub role: SiteRole,
    pub disabled: bool,
    pub online: bool,
    pub created_at: i64,
    pub seen_at: i64,
}

/// A link that still opens. It was shown once and is not kept.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct InviteRow {
    pub id: InviteId,
    pub uses_left: u32,
    pub by: Option<Person>,
    /// `None` for no end.
    pub expires_at: Option<i64>,
}

/// One account.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Account {
    pub line: PersonRow,
    pub sessions: Vec<Session>,
    /// Rooms that restrict them.
    pub restricted: Vec<RestrictedIn>,
    pub is_me: bool,
    /// A link for a new password that was made a moment ago, whole.
    pub made: Option<String>,
}

/// The words of `state`.
#[cfg(feature = "ssr")]
const STATES: [(&str, PersonState); 4] = [
    ("online", PersonState::Online),
    ("muted", PersonState::Muted),
    ("banned", PersonState::Banned),
    ("disabled", PersonState::Disabled),
];

/// `sort`: `name`, `seen` or `since`, downwards with `-` before it. `invite`: a token that was
/// made a moment ago.
#[server(prefix = "/call", endpoint = "load-people")]
pub async fn load_people(
    #[server(default)] query: String,
    #[server(default)] role: String,
    #[server(default)] state: String,
    #[server(default)] sort: String,
    #[server(default)] after: String,
    #[server(default)] invite: String,
) -> PageAnswer<PeoplePage> {
    let house = house()?;
    let order = match sort.trim_start_matches('-') {
        "seen" => PeopleOrder::Seen,
        "since" => PeopleOrder::Since,
        _ => PeopleOrder::Name,
    };
    let asked = PeopleQuery {
        words: query,
        role: [("admin", SiteRole::Admin), ("member", SiteRole::Member)]
            .into_iter()
            .find_map(|(word, is)| (word == role).then_some(is)),
        state: STATES.into_iter().find_map(|(word, is)| (word == state).then_some(is)),
        order,
        descending: sort.starts_with('-'),
        after: page_end(&after),
    };
    let body = people_page(&house, &asked, &invite).await;
    house.page(body)
}

/// `link`: the token of a link for a new password that was made a moment ago.
#[server(prefix = "/call", endpoint = "load-account")]
pub async fn load_account(person: String, #[server(default)] reset: String) -> PageAnswer<Account> {
    let house = house()?;
    let body = account(&house, &person, &reset).await;
    house.page(body)
}

/// Lands on the people page, which shows the link this once.
#[server(prefix = "/call", endpoint = "create-invite")]
pub async fn create_invite(uses: u32, days: u32) -> Answer<()> {
    let house = house()?;
    let token = house.chat.create_invite(&house.admin()?, uses, days).await?;
    land(&format!("/admin/people?invite={token}"));
    Ok(())
}

#[server(prefix = "/call", endpoint = "remove-invite")]
pub async fn remove_invite(invite: InviteId) -> Answer<()> {
    let house = house()?;
    Ok(house.chat.remove_invite(&house.admin()?, invite).await?)
}

/// `role`: `admin`; anything else is a member: the lesser right.
#[server(prefix = "/call", endpoint = "change-site-role")]
pub async fn change_site_role(person: PersonId, role: String) -> Answer<()> {
    let house = house()?;
    let role = if role == "admin" { SiteRole::Admin } else { SiteRole::Member };
    Ok(house.chat.change_site_role(&house.admin()?, person, role).await?)
}

#[server(prefix = "/call", endpoint = "disable-person")]
pub async fn disable_person(person: PersonId, disabled: bool) -> Answer<()> {
    let house = house()?;
    Ok(house.chat.disable_person(&house.admin()?, person, disabled).await?)
}

#[server(prefix = "/call", endpoint = "end-session-of")]
pub async fn end_session_of(person: PersonId, session: SessionId) -> Answer<()> {
    let house = house()?;
    Ok(house.chat.end_session_of(&house.admin()?, person, session).await?)
}

#[server(prefix = "/call", endpoint = "end-sessions-of")]
pub async fn end_sessions_of(person: PersonId) -> Answer<()> {
    let house = house()?;
    Ok(house.chat.end_sessions_of(&house.admin()?, person).await?)
}

/// Lands on the person's page, which shows the link this once.
#[server(prefix = "/call", endpoint = "create-reset")]
pub async fn create_reset(person: PersonId) -> Answer<()> {
    let house = house()?;
    let token = house.chat.create_reset(&house.admin()?, person).await?;
    land(&format!("/admin/people/{person}?reset={token}"));
    Ok(())
}

#[cfg(feature = "ssr")]
async fn people_page(house: &House, asked: &PeopleQuery, invite: &str) -> Answer<PeoplePage> {
    house.signed_in()?;
    let admin = house.admin()?;
    let page = house.chat.people_page(&admin, asked).await?;
    let invites = house.chat.invites(&admin).await?;
    Ok(PeoplePage {
        people: page.lines.into_iter().map(PersonRow::from).collect(),
        next: page.next.map(page_word),
        invites: invites.into_iter().map(InviteRow::from).collect(),
        made: link("/register", invite),
    })
}

#[cfg(feature = "ssr")]
async fn account(house: &House, person: &str, reset: &str) -> Answer<Account> {
    let me = house.signed_in()?.person.id;
    let admin = house.admin()?;
    // What is no number is nobody.
    let person = PersonId(person.parse().unwrap_or_default());
    let (line, sessions) = house.chat.account(&admin, person).await?;
    let restricted = house.chat.restricted_in(&admin, person).await?;
    Ok(Account { line: line.into(), sessions, restricted, is_me: me == person, made: link("/reset", reset) })
}

#[cfg(feature = "ssr")]
impl From<PersonLine> for PersonRow {
    fn from(line: PersonLine) -> Self {
        let PersonLine { person, role, disabled, online, created_at, seen_at } = line;
        Self { person, role, disabled, online, created_at, seen_at }
    }
}

#[cfg(feature = "ssr")]
impl From<chat::InviteLine> for InviteRow {
    fn from(line: chat::InviteLine) -> Self {
        Self { id: line.id, uses_left: line.uses_left, by: line.by, expires_at: line.expires_at }
    }
}

//! People and invitations, for administrators.

use super::{Answer, PageAnswer};
use domain::InviteId;
use domain::person::{Person, SiteRole};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

#[cfg(feature = "ssr")]
use super::house::{House, house, land};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PeoplePage {
    /// What was looked for; empty for everybody.
    pub query: String,
    /// The first 50.
    pub people: Vec<PersonRow>,
    pub invites: Vec<InviteRow>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PersonRow {
    pub person: Person,
    pub role: SiteRole,
    pub created_at: i64,
}

/// An invitation that still opens. Its link was shown once and is not kept.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct InviteRow {
    pub id: InviteId,
    pub uses_left: u32,
    pub expires_at: i64,
}

#[server(prefix = "/call", endpoint = "load-people")]
pub async fn load_people(#[server(default)] query: String) -> PageAnswer<PeoplePage> {
    let house = house()?;
    let body = people_page(&house, query).await;
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

#[cfg(feature = "ssr")]
async fn people_page(house: &House, query: String) -> Answer<PeoplePage> {
    house.signed_in()?;
    let admin = house.admin()?;
    let people = house.chat.people_page(&admin, &query).await?;
    let invites = house.chat.invites(&admin).await?;
    Ok(PeoplePage {
        query,
        people: people
            .into_iter()
            .map(|line| PersonRow { person: line.person, role: line.role, created_at: line.created_at })
            .collect(),
        invites: invites
            .into_iter()
            .map(|line| InviteRow { id: line.id, uses_left: line.uses_left, expires_at: line.expires_at })
            .collect(),
    })
}

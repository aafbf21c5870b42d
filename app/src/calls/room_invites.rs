//! The people of a room as its hosts see them, and links that let others in.

use super::people::InviteRow;
use super::{Answer, PageAnswer};
use domain::member::Member;
use domain::person::Person;
use domain::room::Room;
use domain::{InviteId, PersonId, RoomId};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

#[cfg(feature = "ssr")]
use super::house::{House, house, land, link, page_end, page_word, say_status};
#[cfg(feature = "ssr")]
use domain::Problem;

/// A room's people, for its hosts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RoomPeople {
    pub room: Room,
    pub members: Vec<Member>,
    pub next: Option<String>,
    pub me: PersonId,
    /// Whether the visitor is a host, who can hand the room over.
    pub is_host: bool,
    pub invites: Vec<InviteRow>,
    /// A link that was made a moment ago, whole.
    pub made: Option<String>,
}

/// What a link offers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Invitation {
    pub room: Room,
    pub by: Option<Person>,
    pub is_member: bool,
}

/// `sort`: `role` (also when empty) or `name`, downwards with `-`. `invite`: a token that was made a
/// moment ago.
#[server(prefix = "/call", endpoint = "load-room-people")]
pub async fn load_room_people(
    slug: String,
    #[server(default)] query: String,
    #[server(default)] sort: String,
    #[server(default)] after: String,
    #[server(default)] invite: String,
) -> PageAnswer<RoomPeople> {
    let house = house()?;
    let asked = chat::MembersQuery {
        words: query,
        by_name: sort.trim_start_matches('-') == "name",
        descending: sort.starts_with('-'),
        after: page_end(&after).map(|end| PersonId(end.id)),
    };
    let body = room_people(&house, &slug, &asked, &invite).await;
    house.page(body)
}

/// `days`: empty for no end. Lands on the page of the room's people, which shows the link this once.
#[server(prefix = "/call", endpoint = "create-room-invite")]
pub async fn create_room_invite(room: RoomId, uses: u32, #[server(default)] days: Option<u32>) -> Answer<()> {
    let house = house()?;
    let host = house.host(room).await?;
    let token = house.chat.create_room_invite(&host, uses, days).await?;
    land(&format!("{}?invite={token}", crate::paths::room_people(&host.reader().room().slug)));
    Ok(())
}

#[server(prefix = "/call", endpoint = "remove-room-invite")]
pub async fn remove_room_invite(room: RoomId, invite: InviteId) -> Answer<()> {
    let house = house()?;
    let host = house.host(room).await?;
    Ok(house.chat.remove_room_invite(&host, invite).await?)
}

/// Makes another member host in the visitor's place.
#[server(prefix = "/call", endpoint = "hand-over")]
pub async fn hand_over(room: RoomId, person: PersonId) -> Answer<()> {
    let house = house()?;
    let host = house.host(room).await?;
    house.chat.hand_over(&host, person).await?;
    land(&crate::paths::room(&host.reader().room().slug));
    Ok(())
}

/// `None` for a link that does not work, whatever the reason; the page's status is 410 then.
#[server(prefix = "/call", endpoint = "load-invitation")]
pub async fn load_invitation(token: String) -> PageAnswer<Option<Invitation>> {
    let house = house()?;
    let body = invitation(&house, &token).await;
    house.page(body)
}

/// Lands in the room.
#[server(prefix = "/call", endpoint = "accept-invitation")]
pub async fn accept_invitation(token: String) -> Answer<()> {
    let house = house()?;
    let room = house.chat.accept_invitation(house.signed_in()?, &token).await?;
    land(&crate::paths::room(&room.slug));
    Ok(())
}

#[cfg(feature = "ssr")]
async fn room_people(house: &House, slug: &str, asked: &chat::MembersQuery, invite: &str) -> Answer<RoomPeople> {
    let reader = house.chat.reader_by_slug(house.who(), slug).await?;
    let host = house.host(reader.room().id).await?;
    let page = house.chat.members_page(&host, asked).await?;
    let invites = house.chat.room_invites(&host).await?;
    Ok(RoomPeople {
        room: host.reader().room().clone(),
        members: page.lines,
        next: page.next.map(page_word),
        me: host.who().person.id,
        is_host: host.reader().role() == Some(domain::member::Role::Host),
        invites: invites.into_iter().map(InviteRow::from).collect(),
        made: link("/join", invite),
    })
}

#[cfg(feature = "ssr")]
async fn invitation(house: &House, token: &str) -> Answer<Option<Invitation>> {
    match house.chat.invitation(house.who(), token).await.map_err(chat::Error::into_problem) {
        Ok(found) => Ok(Some(Invitation { room: found.room, by: found.by, is_member: found.is_member })),
        Err(Problem::Gone) => {
            say_status(Problem::Gone.status());
            Ok(None)
        }
        Err(problem) => Err(problem.into()),
    }
}

//! Rooms: a room with all that is in it, its settings.

use super::{Answer, PageAnswer};
use domain::contact::Contact;
use domain::gate::{GateRule, GateView};
use domain::join_request::Asked;
use domain::live::Position;
use domain::member::{Member, Role};
use domain::message::History;
use domain::person::Person;
use domain::picture::Picture;
use domain::room::Room;
use domain::source::Sources;
use domain::stage::Stage;
use domain::wall::Wall;
use domain::{ClientId, Problem, RoomId};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

#[cfg(feature = "ssr")]
use super::house::{House, house, land};
#[cfg(feature = "ssr")]
use domain::room::{RoomWords, Visibility};

/// Everything a room's page shows, from one consistent read: `position` belongs to the rest.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RoomPageData {
    pub room: Room,
    /// `None` for guests and for readers who have not joined.
    pub role: Option<Role>,
    /// Whether the visitor may change the room and its wall: its hosts and administrators.
    pub may_host: bool,
    pub members: Vec<Member>,
    /// The latest messages, those around the first unread one, or those before the asked-for place.
    pub history: History,
    /// Whether the end of the conversation is not among them.
    pub cut: bool,
    pub wall: Wall,
    pub stage: Stage,
    pub position: Position,
    /// The last message seen; 0 for guests.
    pub last_read: i64,
    /// How many messages by others are behind that.
    pub unread: u32,
    pub present: Vec<Person>,
    pub guests: u32,
    /// How many people are here, if they are too many to be named.
    pub unnamed: u32,
    /// Names the message that the form without JavaScript will post.
    pub client_id: ClientId,
    /// The room is shut for this visitor: nothing of it is told but its name and purpose.
    pub shut: bool,
    /// How the gate stands; for those who wait, and those who run the room.
    pub gate: Option<GateView>,
    /// What those who wait are shown.
    pub cover: Option<Picture>,
    /// Why the visitor could not write now; nothing if they can.
    pub quiet: Option<Problem>,
    /// Whether they could send files as well.
    pub takes_files: bool,
    /// How many messages wait for a host's approval; for hosts.
    pub held: u32,
    /// How many people ask to join; for hosts.
    pub asking: u32,
    /// How it stands with the visitor's own request to join.
    pub asked: Asked,
    /// What is known of the other one, in a private chat.
    pub contact: Option<Contact>,
}

/// What a room's hosts see of its pictures.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PicturesPageData {
    pub inside: RoomPageData,
    /// Held back, in the order in which they would hang.
    pub held: Vec<Picture>,
    pub sources: Sources,
    /// The visitor's other rooms, where pictures can be moved to.
    pub others: Vec<(RoomId, String)>,
}

/// A room's settings page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RoomSettings {
    pub room: Room,
    pub rule: GateRule,
    pub gate: GateView,
}

/// The history begins where the visitor has not read on yet, or ends with the latest message if they
/// wish (`at_end`, or always) or nothing is unread. `before`: show the page that ends there instead.
#[server(prefix = "/call", endpoint = "open-room")]
pub async fn open_room(
    slug: String,
    #[server(default)] before: Option<i64>,
    #[server(default)] at_end: bool,
) -> PageAnswer<RoomPageData> {
    let house = house()?;
    let part = match before {
        Some(before) => Part::Before(before),
        None if at_end || house.visitor.newest => Part::End,
        None => Part::Unread,
    };
    let body = room_page(&house, &slug, part).await;
    house.page(body)
}

/// The same for those who run the room; `NotAllowed` for others.
#[server(prefix = "/call", endpoint = "open-pictures")]
pub async fn open_pictures(slug: String) -> PageAnswer<PicturesPageData> {
    let house = house()?;
    let body = pictures_page(&house, &slug).await;
    house.page(body)
}

/// Whether the visitor may create rooms.
#[server(prefix = "/call", endpoint = "load-new-room")]
pub async fn load_new_room() -> PageAnswer<()> {
    let house = house()?;
    let body = signed_in_admin(&house);
    house.page(body)
}

#[server(prefix = "/call", endpoint = "load-room-settings")]
pub async fn load_room_settings(slug: String) -> PageAnswer<RoomSettings> {
    let house = house()?;
    let body = room_settings(&house, &slug).await;
    house.page(body)
}

/// Without a `slug` the address is made from the title.
#[server(prefix = "/call", endpoint = "create-room")]
pub async fn create_room(
    title: String,
    #[server(default)] slug: String,
    #[server(default)] about: String,
    #[server(default)] visibility: String,
) -> Answer<()> {
    let house = house()?;
    let admin = house.admin()?;
    let visibility = if visibility.is_empty() { Visibility::default() } else { Visibility::parse(&visibility)? };
    let room = new_room(&house, &admin, &title, &slug, &about, visibility).await?;
    land(&crate::paths::room_admin(&room.slug));
    Ok(())
}

/// Lands on the settings page, whose address may have changed with the room's. `room_name`: its name, typed
/// once more by who lets more people see it.
#[server(prefix = "/call", endpoint = "change-room")]
pub async fn change_room(
    room: RoomId,
    title: String,
    slug: String,
    about: String,
    visibility: String,
    #[server(default)] room_name: String,
) -> Answer<()> {
    let house = house()?;
    let host = house.host(room).await?;
    let words = RoomWords::parse(&slug, &title, &about, Visibility::parse(&visibility)?)?;
    let old = host.reader().room().slug.clone();
    let room = house.chat.change_room_by_hand(&host, words, &room_name).await?;
    if room.slug != old {
        land(&crate::paths::room_admin(&room.slug));
    }
    Ok(())
}

#[server(prefix = "/call", endpoint = "archive-room")]
pub async fn archive_room(room: RoomId, archived: bool) -> Answer<()> {
    let house = house()?;
    let host = house.host(room).await?;
    Ok(house.chat.archive_room(&host, archived).await?)
}

/// Becomes a member of a public or open room.
#[server(prefix = "/call", endpoint = "enter-room")]
pub async fn enter_room(room: RoomId) -> Answer<()> {
    let house = house()?;
    Ok(house.chat.enter(house.signed_in()?, room).await?)
}

/// Comes in on this device into a room that takes each person on one at a time; lands in it.
#[server(prefix = "/call", endpoint = "come-here")]
pub async fn come_here(room: RoomId) -> Answer<()> {
    let house = house()?;
    let reader = house.reader(room).await?;
    house.chat.arrive(&reader, true).await?;
    land(&crate::paths::room(&reader.room().slug));
    Ok(())
}

#[server(prefix = "/call", endpoint = "leave-room")]
pub async fn leave_room(room: RoomId) -> Answer<()> {
    let house = house()?;
    house.chat.leave(house.signed_in()?, room).await?;
    land("/");
    Ok(())
}

/// Everything up to `seq` was looked at.
#[server(prefix = "/call", endpoint = "mark-seen")]
pub async fn mark_seen(room: RoomId, seq: i64) -> Answer<()> {
    let house = house()?;
    Ok(house.chat.seen(house.signed_in()?, room, seq).await?)
}

/// Which part of the history a page shows.
#[cfg(feature = "ssr")]
enum Part {
    Unread,
    End,
    Before(i64),
}

#[cfg(feature = "ssr")]
async fn room_page(house: &House, slug: &str, part: Part) -> Answer<RoomPageData> {
    let reader = match house.chat.reader_by_slug(house.who(), slug).await.map_err(chat::Error::into_problem) {
        Err(Problem::Shut) => return waiting_page(house, slug).await,
        Err(problem @ Problem::NotFound { .. }) if house.who().is_some() => return no_such_room(slug, problem),
        reader => reader.map_err(super::house::refused)?,
    };
    house.chat.arrive(&reader, false).await?;
    let mut state = house.chat.room_state(&reader).await?;
    house.allow_video(&state.stage);
    let cut = match part {
        Part::Before(before) => {
            state.history = house.chat.history(&reader, Some(before)).await?;
            true
        }
        Part::Unread => house.chat.turn_to_unread(&reader, &mut state).await?,
        Part::End => false,
    };
    let host = house.chat.host(house.who(), state.room.id).await.ok();
    let (held, asking) = match &host {
        Some(host) => (house.chat.count_held(host).await?, house.chat.count_join_requests(host).await?),
        _ => (0, 0),
    };
    Ok(RoomPageData {
        may_host: host.is_some(),
        gate: host.map(|host| house.chat.gate(&host).view()),
        shut: false,
        cover: None,
        quiet: house.chat.quiet(&reader).await?,
        takes_files: reader.takes_files(),
        held,
        asking,
        asked: house.chat.asked(&reader).await?,
        contact: house.chat.contact(&reader).await?,
        client_id: plain_client_id(house, state.room.id)?,
        role: state.role,
        members: state.members,
        history: state.history,
        cut,
        wall: state.wall,
        stage: state.stage,
        position: state.position,
        last_read: state.last_read,
        unread: state.unread,
        present: state.present,
        guests: state.guests,
        unnamed: state.unnamed,
        room: state.room,
    })
}

/// A private chat that has not begun yet leads to the page where it can begin.
#[cfg(feature = "ssr")]
fn no_such_room(slug: &str, problem: Problem) -> Answer<RoomPageData> {
    match domain::contact::name_in(slug) {
        Some(name) => {
            land(&crate::paths::person(&name));
            Err(super::Refused(problem))
        }
        None => Err(super::house::refused(problem)),
    }
}

/// What somebody sees who is not let in yet: nothing of what is inside.
#[cfg(feature = "ssr")]
async fn waiting_page(house: &House, slug: &str) -> Answer<RoomPageData> {
    let waiter = house.chat.waiter_by_slug(house.who(), slug).await?;
    let (gate, cover) = house.chat.waiting_room(&waiter).await?;
    let room = waiter.room().clone();
    house.ask_again_without_scripts();
    Ok(RoomPageData {
        role: None,
        may_host: false,
        members: Vec::new(),
        history: History { messages: Vec::new(), has_more: false },
        cut: false,
        wall: Wall::new(0, Vec::new()),
        stage: Stage::default(),
        position: Position { epoch: 0, seq: 0 },
        last_read: 0,
        unread: 0,
        present: Vec::new(),
        guests: 0,
        unnamed: 0,
        client_id: plain_client_id(house, room.id)?,
        shut: true,
        gate: Some(gate.view()),
        cover,
        quiet: None,
        takes_files: false,
        held: 0,
        asking: 0,
        asked: Asked::Not,
        contact: None,
        room,
    })
}

/// A client id for the form without JavaScript: nobody posts twice from the same page of
/// the same millisecond.
#[cfg(feature = "ssr")]
pub(super) fn plain_client_id(house: &House, room: RoomId) -> Answer<ClientId> {
    let person = house.who().map_or(0, |who| who.person.id.0);
    Ok(ClientId::parse(&format!("form-{person}-{room}-{}", house.chat.now()))?)
}

#[cfg(feature = "ssr")]
async fn pictures_page(house: &House, slug: &str) -> Answer<PicturesPageData> {
    let reader = house.chat.reader_by_slug(house.who(), slug).await?;
    let host = house.host(reader.room().id).await?;
    let held = house.chat.held_pictures(&host).await?;
    let sources = house.chat.sources(&host).await?;
    // Not `House::admin`, whose refusal would be the page's.
    let runs_all = house.chat.admin(house.who()).is_ok();
    let lines = house.chat.rooms(house.who()).await?.into_iter();
    let own = lines.filter(|line| runs_all || line.role == Some(Role::Host));
    let others = own.filter(|line| !line.room.archived && line.room.id != reader.room().id);
    let others = others.map(|line| (line.room.id, line.room.title)).collect();
    Ok(PicturesPageData { inside: room_page(house, slug, Part::End).await?, held, sources, others })
}

#[cfg(feature = "ssr")]
async fn room_settings(house: &House, slug: &str) -> Answer<RoomSettings> {
    let reader = house.chat.reader_by_slug(house.who(), slug).await?;
    let host = house.host(reader.room().id).await?;
    let gate = house.chat.gate(&host);
    Ok(RoomSettings { room: host.reader().room().clone(), rule: gate.rule, gate: gate.view() })
}

#[cfg(feature = "ssr")]
fn signed_in_admin(house: &House) -> Answer<()> {
    house.signed_in()?;
    house.admin().map(|_| ())
}

#[cfg(feature = "ssr")]
async fn new_room(
    house: &House,
    admin: &chat::Admin,
    title: &str,
    slug: &str,
    about: &str,
    visibility: Visibility,
) -> Answer<Room> {
    if !slug.trim().is_empty() {
        let words = RoomWords::parse(slug, title, about, visibility)?;
        return Ok(house.chat.create_room(admin, words, None).await?);
    }
    let base = crate::paths::slug_of(title);
    for n in 1..=50 {
        let slug = if n == 1 { base.clone() } else { format!("{base}-{n}") };
        let words = RoomWords::parse(&slug, title, about, visibility)?;
        match house.chat.create_room(admin, words, None).await.map_err(chat::Error::into_problem) {
            Err(Problem::Taken { .. }) => {}
            answer => return answer.map_err(super::house::refused),
        }
    }
    Err(super::house::refused(Problem::Taken { thing: domain::Thing::Room }))
}

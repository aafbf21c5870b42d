//! Rooms: a room with all that is in it, its settings.

use super::{Answer, PageAnswer};
use domain::contact::Contact;
use domain::gate::{GateRule, GateView};
use domain::live::Position;
use domain::member::{Member, Role};
use domain::message::History;
use domain::person::Person;
use domain::picture::Picture;
use domain::room::Room;
use domain::source::Sources;
use domain::stage::Stage;
use domain::wall::Wall;
use domain::{ClientId, PictureId, Problem, RoomId};
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
    /// The latest messages, or those before the asked-for place.
    pub history: History,
    pub wall: Wall,
    pub stage: Stage,
    pub position: Position,
    /// The last message seen; 0 for guests.
    pub last_read: i64,
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
    /// How many messages wait for a host's approval; for hosts.
    pub held: u32,
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

/// `before`: show the page of history that ends there instead of the latest.
#[server(prefix = "/call", endpoint = "open-room")]
pub async fn open_room(slug: String, #[server(default)] before: Option<i64>) -> PageAnswer<RoomPageData> {
    let house = house()?;
    let body = room_page(&house, &slug, before).await;
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

/// Sets what opens a room. Times are as `<input type="datetime-local">` sends them, in the
/// visitor's zone; empty for none.
#[server(prefix = "/call", endpoint = "change-gate")]
pub async fn change_gate(
    room: RoomId,
    opening: String,
    #[server(default)] opens_at: String,
    #[server(default)] closes_at: String,
    #[server(default)] doors: String,
    #[server(default)] grace: String,
) -> Answer<()> {
    let house = house()?;
    let host = house.host(room).await?;
    let opening = domain::gate::Opening::parse(&opening)?;
    let time = |field: &str, text: &str| moment(field, text, house.visitor.tz);
    let rule = GateRule {
        opening,
        opens_at: time("opens_at", &opens_at)?,
        closes_at: time("closes_at", &closes_at)?,
        doors: seconds("doors", &doors, 60)?.unwrap_or(GateRule::default().doors),
        grace: seconds("grace", &grace, 1)?.unwrap_or(GateRule::default().grace),
    };
    house.chat.change_gate(&host, rule).await?;
    Ok(())
}

/// Opens a room now, or shuts it.
#[server(prefix = "/call", endpoint = "open-gate")]
pub async fn open_gate(room: RoomId, open: bool) -> Answer<()> {
    let house = house()?;
    let host = house.host(room).await?;
    house.chat.open_room_now(&host, open).await?;
    Ok(())
}

/// Shows a picture of the wall to those who wait; without one, none.
#[server(prefix = "/call", endpoint = "choose-cover")]
pub async fn choose_cover(room: RoomId, #[server(default)] picture: Option<PictureId>) -> Answer<()> {
    let house = house()?;
    let host = house.host(room).await?;
    Ok(house.chat.change_cover(&host, picture).await?)
}

/// Becomes a member of a public or open room.
#[server(prefix = "/call", endpoint = "enter-room")]
pub async fn enter_room(room: RoomId) -> Answer<()> {
    let house = house()?;
    Ok(house.chat.enter(house.signed_in()?, room).await?)
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

#[cfg(feature = "ssr")]
async fn room_page(house: &House, slug: &str, before: Option<i64>) -> Answer<RoomPageData> {
    let reader = match house.chat.reader_by_slug(house.who(), slug).await.map_err(chat::Error::into_problem) {
        Err(Problem::Shut) => return waiting_page(house, slug).await,
        Err(problem @ Problem::NotFound { .. }) if house.who().is_some() => return no_such_room(slug, problem),
        reader => reader.map_err(super::house::refused)?,
    };
    let state = house.chat.room_state(&reader).await?;
    house.allow_video(&state.stage);
    let history = match before {
        Some(_) => house.chat.history(&reader, before).await?,
        None => state.history,
    };
    let host = house.chat.host(house.who(), state.room.id).await.ok();
    let held = match &host {
        Some(host) => house.chat.count_held(host).await?,
        _ => 0,
    };
    Ok(RoomPageData {
        may_host: host.is_some(),
        gate: host.map(|host| house.chat.gate(&host).view()),
        shut: false,
        cover: None,
        quiet: house.chat.quiet(&reader).await?,
        held,
        contact: house.chat.contact(&reader).await?,
        client_id: plain_client_id(house, state.room.id)?,
        role: state.role,
        members: state.members,
        history,
        wall: state.wall,
        stage: state.stage,
        position: state.position,
        last_read: state.last_read,
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
        wall: Wall::new(0, Vec::new()),
        stage: Stage::default(),
        position: Position { epoch: 0, seq: 0 },
        last_read: 0,
        present: Vec::new(),
        guests: 0,
        unnamed: 0,
        client_id: plain_client_id(house, room.id)?,
        shut: true,
        gate: Some(gate.view()),
        cover,
        quiet: None,
        held: 0,
        contact: None,
        room,
    })
}

/// A local time of a form (`2027-01-15T20:30`) in milliseconds UTC; `tz` in minutes east of it.
#[cfg(feature = "ssr")]
fn moment(field: &str, text: &str, tz: i32) -> Answer<Option<i64>> {
    if text.trim().is_empty() {
        return Ok(None);
    }
    let at = domain::time::parse_local(text).ok_or_else(|| malformed(field))?;
    Ok(Some(at - i64::from(tz) * 60_000))
}

/// A number of a form, in so many seconds each.
#[cfg(feature = "ssr")]
fn seconds(field: &str, text: &str, unit: u32) -> Answer<Option<u32>> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    let number: u32 = text.parse().map_err(|_| malformed(field))?;
    Ok(Some(number.saturating_mul(unit)))
}

#[cfg(feature = "ssr")]
fn malformed(field: &str) -> super::Refused {
    super::house::refused(Problem::invalid(field, domain::Rule::Shape))
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
    Ok(PicturesPageData { inside: room_page(house, slug, None).await?, held, sources, others })
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

//! All rooms and the machine, for administrators; new passwords by link.

use super::{Answer, PageAnswer};
use domain::RoomId;
use domain::gate::Phase;
use domain::person::Person;
use domain::room::Room;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

#[cfg(feature = "ssr")]
use super::house::{House, house, land, page_end, page_word, refused, say_status};
#[cfg(feature = "ssr")]
use chat::{RoomsOrder, RoomsQuery, StoreKind};
#[cfg(feature = "ssr")]
use domain::Problem;
#[cfg(feature = "ssr")]
use domain::room::Visibility;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RoomsPage {
    pub rooms: Vec<RoomRow>,
    pub next: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RoomRow {
    pub room: Room,
    pub members: u64,
    pub last_at: i64,
    pub present: u32,
    pub phase: Phase,
}

/// Sizes in bytes, times in milliseconds and microseconds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct System {
    pub version: String,
    pub store: String,
    pub size: u64,
    pub log: Option<u64>,
    pub disk_left: Option<u64>,
    pub up_ms: i64,
    pub connections: u64,
    pub listeners: u64,
    pub delivered: u64,
    pub p50_us: u64,
    pub p99_us: u64,
    /// When, into which file, how large, and how many files were missing or damaged.
    pub backup: Option<(i64, String, u64, u64)>,
    pub mail: Mail,
}

/// How mail is doing.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Mail {
    /// Whether mails become files: there is no server.
    pub is_folder: bool,
    pub sent: u64,
    pub failed: u64,
    /// When and why the last try failed; none since one succeeded.
    pub fault: Option<(i64, String)>,
}

/// `state`: `archived` or `living`; `sort`: `title`, `active` or `since`, downwards with `-`.
#[server(prefix = "/call", endpoint = "load-admin-rooms")]
pub async fn load_admin_rooms(
    #[server(default)] query: String,
    #[server(default)] visibility: String,
    #[server(default)] state: String,
    #[server(default)] sort: String,
    #[server(default)] after: String,
) -> PageAnswer<RoomsPage> {
    let house = house()?;
    let order = match sort.trim_start_matches('-') {
        "active" => RoomsOrder::Active,
        "since" => RoomsOrder::Since,
        _ => RoomsOrder::Title,
    };
    let asked = RoomsQuery {
        words: query,
        visibility: Visibility::parse(&visibility).ok(),
        archived: [("archived", true), ("living", false)]
            .into_iter()
            .find_map(|(word, is)| (word == state).then_some(is)),
        order,
        descending: sort.starts_with('-'),
        after: page_end(&after),
    };
    let body = rooms_page(&house, &asked).await;
    house.page(body)
}

/// `room_name`: its name, typed once more.
#[server(prefix = "/call", endpoint = "remove-room")]
pub async fn remove_room(room: RoomId, room_name: String) -> Answer<()> {
    let house = house()?;
    house.chat.remove_room(&house.admin()?, room, &room_name).await?;
    land("/admin/rooms");
    Ok(())
}

#[server(prefix = "/call", endpoint = "load-system")]
pub async fn load_system() -> PageAnswer<System> {
    let house = house()?;
    let body = system(&house).await;
    house.page(body)
}

/// Sends a mail, and lands where it is said what came of it.
#[server(prefix = "/call", endpoint = "test-mail")]
pub async fn test_mail(email: String) -> Answer<()> {
    let house = house()?;
    house.chat.test_mail(&house.admin()?, &email, &house.mail_words()).await?;
    land("/admin/system?tested=1");
    Ok(())
}

/// Whose password the link sets. `None` for one that does not work, whatever the reason; the
/// page's status is 410 then.
#[server(prefix = "/call", endpoint = "load-reset")]
pub async fn load_reset(token: String) -> PageAnswer<Option<Person>> {
    let house = house()?;
    let body = match house.chat.reset_person(&token).await.map_err(chat::Error::into_problem) {
        Ok(person) => Ok(Some(person)),
        Err(Problem::Gone) => {
            say_status(Problem::Gone.status());
            Ok(None)
        }
        Err(problem) => Err(problem.into()),
    };
    house.page(body)
}

/// Lands where one signs in.
#[server(prefix = "/call", endpoint = "reset-password")]
pub async fn reset_password(token: String, new: String, again: String) -> Answer<()> {
    let house = house()?;
    if new != again {
        return Err(refused(Problem::invalid("again", domain::Rule::Mismatch)));
    }
    house.chat.reset_password(&token, &new, &house.visitor.visit).await?;
    land("/sign-in");
    Ok(())
}

#[cfg(feature = "ssr")]
async fn rooms_page(house: &House, asked: &RoomsQuery) -> Answer<RoomsPage> {
    house.signed_in()?;
    let page = house.chat.rooms_page(&house.admin()?, asked).await?;
    let row = |entry: chat::RoomEntry| {
        let chat::RoomEntry { room, members, last_at, present, phase } = entry;
        RoomRow { room, members, last_at, present, phase }
    };
    Ok(RoomsPage { rooms: page.lines.into_iter().map(row).collect(), next: page.next.map(page_word) })
}

#[cfg(feature = "ssr")]
async fn system(house: &House) -> Answer<System> {
    house.signed_in()?;
    let admin = house.admin()?;
    let state = house.chat.system(&admin).await?;
    let chat::MailState { is_folder, sent, failed, fault } = house.chat.mail(&admin);
    let micros = |time: std::time::Duration| u64::try_from(time.as_micros()).unwrap_or(u64::MAX);
    Ok(System {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        store: match state.store {
            StoreKind::Sqlite => "SQLite",
            StoreKind::Postgres => "PostgreSQL",
        }
        .to_owned(),
        size: state.size.data,
        log: state.size.log,
        disk_left: state.disk_left,
        up_ms: state.up_ms,
        connections: state.connections as u64,
        listeners: state.listeners as u64,
        delivered: state.delivered.count,
        p50_us: micros(state.delivered.p50),
        p99_us: micros(state.delivered.p99),
        backup: state.last_backup.map(|last| (last.at, last.file, last.bytes, last.faults)),
        mail: Mail { is_folder, sent, failed, fault },
    })
}

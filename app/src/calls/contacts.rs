//! Private chat and what belongs to it: people as others find them, privacy, blocking, reporting.

use super::{Answer, PageAnswer};
use domain::contact::{FirstContact, PersonCard, Privacy, Report};
use domain::message::Message;
use domain::person::Person;
use domain::room::Room;
use domain::{MessageId, PersonId};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

#[cfg(feature = "ssr")]
use super::house::{House, house, land, page_end, page_word, refused};
#[cfg(feature = "ssr")]
use domain::contact::name_in;
#[cfg(feature = "ssr")]
use domain::{Problem, Rule, Thing};

/// A page of the list of people.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Directory {
    pub people: Vec<PersonCard>,
    /// Where the next page begins.
    pub next: Option<String>,
}

/// What the visitor lets others know, and whom they have blocked.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PrivacyPage {
    pub privacy: Privacy,
    pub blocked: Vec<Person>,
}

/// A message that is about to be reported.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ReportPage {
    pub room: Room,
    pub message: Message,
    /// It was sent a moment ago.
    pub done: bool,
}

/// What was reported, and how much strangers may say.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ReportsPage {
    pub reports: Vec<Report>,
    pub next: Option<String>,
    pub rule: FirstContact,
}

#[server(prefix = "/call", endpoint = "load-directory")]
pub async fn load_directory(
    #[server(default)] query: String,
    #[server(default)] after: String,
) -> PageAnswer<Directory> {
    let house = house()?;
    let body = directory(&house, &query, &after).await;
    house.page(body)
}

#[server(prefix = "/call", endpoint = "load-privacy")]
pub async fn load_privacy() -> PageAnswer<PrivacyPage> {
    let house = house()?;
    let body = privacy_page(&house).await;
    house.page(body)
}

/// `message`: its number, or `@` and a name for the last one of somebody's private chat.
#[server(prefix = "/call", endpoint = "load-report")]
pub async fn load_report(message: String, #[server(default)] done: String) -> PageAnswer<ReportPage> {
    let house = house()?;
    let body = report_page(&house, &message, !done.is_empty()).await;
    house.page(body)
}

/// `state`: `resolved`; anything else for those that wait.
#[server(prefix = "/call", endpoint = "load-reports")]
pub async fn load_reports(
    #[server(default)] state: String,
    #[server(default)] sort: String,
    #[server(default)] after: String,
) -> PageAnswer<ReportsPage> {
    let house = house()?;
    let body = reports_page(&house, state == "resolved", sort == "at", &after).await;
    house.page(body)
}

/// Begins a private chat, or finds the one there is, and lands in it.
#[server(prefix = "/call", endpoint = "start-private")]
pub async fn start_private(name: String) -> Answer<()> {
    let house = house()?;
    let room = house.chat.start_private(house.signed_in()?, &name).await?;
    land(&crate::paths::room(&room.slug));
    Ok(())
}

/// Lets a stranger write.
#[server(prefix = "/call", endpoint = "accept-contact")]
pub async fn accept_contact(person: PersonId) -> Answer<()> {
    let house = house()?;
    Ok(house.chat.accept_contact(house.signed_in()?, person).await?)
}

#[server(prefix = "/call", endpoint = "block-person")]
pub async fn block_person(person: PersonId) -> Answer<()> {
    let house = house()?;
    Ok(house.chat.block(house.signed_in()?, person).await?)
}

#[server(prefix = "/call", endpoint = "unblock-person")]
pub async fn unblock_person(person: PersonId) -> Answer<()> {
    let house = house()?;
    Ok(house.chat.unblock(house.signed_in()?, person).await?)
}

/// Each is on if it says anything: what forms send of a box that is ticked.
#[server(prefix = "/call", endpoint = "change-privacy")]
pub async fn change_privacy(
    #[server(default)] presence: String,
    #[server(default)] receipts: String,
    #[server(default)] listed: String,
) -> Answer<()> {
    let house = house()?;
    let on = |word: String| !word.is_empty();
    let privacy = Privacy { presence: on(presence), receipts: on(receipts), listed: on(listed) };
    Ok(house.chat.change_privacy(house.signed_in()?, privacy).await?)
}

/// Lands on the page that says it was sent. `block` says anything to block the author too.
#[server(prefix = "/call", endpoint = "report-message")]
pub async fn report_message(
    message: MessageId,
    #[server(default)] reason: String,
    #[server(default)] block: String,
) -> Answer<()> {
    let house = house()?;
    let who = house.signed_in()?;
    house.chat.report(who, message, &reason).await?;
    if !block.is_empty() {
        let (_, reported) = house.chat.reportable(who, message).await?;
        house.chat.block(who, reported.author.id).await?;
    }
    land(&format!("/report/{message}?done=1"));
    Ok(())
}

/// `act`: `delete` for the message or `mute` for its author first; empty for neither. Lands on the page of
/// reports, which offers to undo a mute.
#[server(prefix = "/call", endpoint = "resolve-report")]
pub async fn resolve_report(report: i64, #[server(default)] act: String) -> Answer<()> {
    let house = house()?;
    let admin = house.admin()?;
    let act = match act.as_str() {
        "" => return Ok(house.chat.resolve_report(&admin, report).await?),
        "delete" => chat::ReportAct::Delete,
        "mute" => chat::ReportAct::Mute,
        _ => return Err(refused(Problem::invalid("act", Rule::Shape))),
    };
    if let Some(chat::MutedFor { room, person, deed }) = house.chat.act_on_report(&admin, report, act).await? {
        let page = format!("/admin/reports?room={room}");
        house.land_undoable(&page, Some(deed), "mute-10m", person).await?;
    }
    Ok(())
}

#[server(prefix = "/call", endpoint = "change-first-contact")]
pub async fn change_first_contact(most: String, hours: String) -> Answer<()> {
    let house = house()?;
    let admin = house.admin()?;
    let rule = FirstContact { most: number("most", &most)?, hours: number("hours", &hours)? };
    Ok(house.chat.change_first_contact(&admin, rule).await?)
}

#[cfg(feature = "ssr")]
fn number(field: &str, text: &str) -> Answer<u32> {
    text.trim().parse().map_err(|_| refused(Problem::invalid(field, Rule::Shape)))
}

#[cfg(feature = "ssr")]
async fn directory(house: &House, query: &str, after: &str) -> Answer<Directory> {
    let who = house.signed_in()?;
    let after = page_end(after).map(|end| PersonId(end.id));
    let page = house.chat.directory(who, query, after, house.visitor.visit.address).await?;
    Ok(Directory { people: page.lines, next: page.next.map(page_word) })
}

#[cfg(feature = "ssr")]
async fn privacy_page(house: &House) -> Answer<PrivacyPage> {
    let who = house.signed_in()?;
    Ok(PrivacyPage { privacy: house.chat.privacy(who).await?, blocked: house.chat.blocked(who).await? })
}

#[cfg(feature = "ssr")]
async fn report_page(house: &House, message: &str, done: bool) -> Answer<ReportPage> {
    let who = house.signed_in()?;
    let message = match name_in(message) {
        Some(_) => house.chat.last_from_other(&house.chat.reader_by_slug(Some(who), message).await?).await?,
        None => MessageId(message.parse().map_err(|_| refused(Problem::not_found(Thing::Message)))?),
    };
    let (reader, message) = house.chat.reportable(who, message).await?;
    Ok(ReportPage { room: reader.room().clone(), message, done })
}

#[cfg(feature = "ssr")]
async fn reports_page(house: &House, resolved: bool, oldest_first: bool, after: &str) -> Answer<ReportsPage> {
    house.signed_in()?;
    let admin = house.admin()?;
    let after = page_end(after).map(|end| end.id);
    let page = house.chat.reports(&admin, resolved, oldest_first, after).await?;
    let rule = house.chat.first_contact(&admin).await?;
    Ok(ReportsPage { reports: page.lines, next: page.next.map(page_word), rule })
}

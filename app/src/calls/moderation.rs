//! Moderation, for hosts; recalling, for everybody.

use super::{Answer, PageAnswer};
use domain::join_request::JoinRequest;
use domain::message::Message;
use domain::moderation::{HeldMessage, Policy, Restriction, WordList};
use domain::room::Room;
use domain::{MessageId, PersonId, RoomId};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

#[cfg(feature = "ssr")]
use super::house::{House, house, land, page_end, page_word, refused};
#[cfg(feature = "ssr")]
use domain::moderation::{MuteFor, Posting};
#[cfg(feature = "ssr")]
use domain::sign_in::SecondSignIn;
#[cfg(feature = "ssr")]
use domain::{Problem, Rule, Thing};

/// How people may write in a room, and who may not.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ModerationPage {
    pub room: Room,
    pub policy: Policy,
    pub words: WordList,
    pub restrictions: Vec<Restriction>,
    /// Where the next page of them begins.
    pub next: Option<String>,
    /// How many messages wait for approval, and people to be let in.
    pub waiting: u32,
}

/// What waits for a host's decision.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct QueuePage {
    pub room: Room,
    /// Oldest first; at most 100.
    pub held: Vec<HeldMessage>,
    /// In the order of asking; at most 100.
    pub requests: Vec<JoinRequest>,
    /// Whether people have to ask.
    pub members_only: bool,
}

/// One message that a host looks at.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MessagePage {
    pub room: Room,
    pub message: Message,
}

/// `sort` and `after` are of the restrictions: `at` has the oldest first.
#[server(prefix = "/call", endpoint = "load-moderation")]
pub async fn load_moderation(
    slug: String,
    #[server(default)] sort: String,
    #[server(default)] after: String,
) -> PageAnswer<ModerationPage> {
    let house = house()?;
    let body = moderation_page(&house, &slug, sort == "at", &after).await;
    house.page(body)
}

#[server(prefix = "/call", endpoint = "load-queue")]
pub async fn load_queue(slug: String) -> PageAnswer<QueuePage> {
    let house = house()?;
    let body = queue_page(&house, &slug).await;
    house.page(body)
}

#[server(prefix = "/call", endpoint = "load-message")]
pub async fn load_message(slug: String, #[server(default)] message: String) -> PageAnswer<MessagePage> {
    let house = house()?;
    let body = message_page(&house, &slug, &message).await;
    house.page(body)
}

#[server(prefix = "/call", endpoint = "load-site-words")]
pub async fn load_site_words() -> PageAnswer<WordList> {
    let house = house()?;
    let body = site_words(&house).await;
    house.page(body)
}

/// Takes one's own message back; hosts any.
#[server(prefix = "/call", endpoint = "recall-message")]
pub async fn recall_message(room: RoomId, message: MessageId) -> Answer<()> {
    let house = house()?;
    let reader = house.reader(room).await?;
    house.chat.recall(&reader, message).await?;
    land(&crate::paths::room(&reader.room().slug));
    Ok(())
}

/// What a host does about somebody: `act` is `mute-10m`, `mute-1h`, `mute-good`, `kick`, `ban`,
/// `clear-5`, `clear-60` (minutes), or `recall` for the message alone. Lands in the room, which offers to
/// undo what can be undone.
#[server(prefix = "/call", endpoint = "moderate")]
pub async fn moderate(
    room: RoomId,
    person: PersonId,
    act: String,
    #[server(default)] message: Option<MessageId>,
    #[server(default)] reason: String,
) -> Answer<()> {
    let house = house()?;
    let host = house.host(room).await?;
    let chat = &house.chat;
    let deed = match act.split_once('-').unwrap_or((act.as_str(), "")) {
        ("mute", length) => Some(chat.mute(&host, person, MuteFor::parse(length)?, &reason).await?),
        ("clear", minutes) => {
            let minutes = minutes.parse().map_err(|_| refused(Problem::invalid("minutes", Rule::Shape)))?;
            chat.clear(&host, person, minutes, &reason).await?;
            None
        }
        ("kick", "") => Some(chat.kick(&host, person, &reason).await?),
        ("ban", "") => Some(chat.ban(&host, person, &reason).await?),
        ("recall", "") => {
            let message = message.ok_or_else(|| refused(Problem::not_found(Thing::Message)))?;
            chat.recall(host.reader(), message).await?;
            None
        }
        _ => return Err(refused(Problem::invalid("act", Rule::Shape))),
    };
    house.land_undoable(&crate::paths::room(&host.room().slug), deed, &act, person).await?;
    Ok(())
}

/// Ends a mute, or a ban if `ban` says so.
#[server(prefix = "/call", endpoint = "lift-restriction")]
pub async fn lift_restriction(room: RoomId, person: PersonId, #[server(default)] ban: bool) -> Answer<()> {
    let house = house()?;
    let host = house.host(room).await?;
    match ban {
        true => Ok(house.chat.unban(&host, person).await?),
        false => Ok(house.chat.unmute(&host, person).await?),
    }
}

#[server(prefix = "/call", endpoint = "approve-held")]
pub async fn approve_held(room: RoomId, held: i64) -> Answer<()> {
    let house = house()?;
    let host = house.host(room).await?;
    Ok(house.chat.approve(&host, held).await.map(drop)?)
}

/// With `mute`, its author may not write for ten minutes. Lands in the queue, which offers to undo it.
#[server(prefix = "/call", endpoint = "decline-held")]
pub async fn decline_held(room: RoomId, held: i64, #[server(default)] mute: bool) -> Answer<()> {
    let house = house()?;
    let host = house.host(room).await?;
    let (act, (deed, author)) = match mute {
        true => ("decline-mute", house.chat.decline_and_mute(&host, held).await?),
        false => ("decline", house.chat.decline(&host, held).await?),
    };
    let queue = format!("{}/queue", crate::paths::room_admin(&host.room().slug));
    house.land_undoable(&queue, Some(deed), act, author).await
}

/// How long people wait between two messages, and may take back or change one, in seconds as typed.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct PolicyTimes {
    slow: String,
    recall: String,
    edit: String,
}

#[server(prefix = "/call", endpoint = "change-policy")]
pub async fn change_policy(
    room: RoomId,
    posting: String,
    #[server(flatten)] times: PolicyTimes,
    #[server(default)] holds: Option<String>,
    #[server(default)] files: Option<String>,
    #[server(default)] second: String,
) -> Answer<()> {
    let house = house()?;
    let host = house.host(room).await?;
    let policy = Policy {
        posting: Posting::parse(&posting)?,
        slow: seconds("slow", &times.slow)?,
        holds: holds.is_some(),
        recall: seconds("recall", &times.recall)?,
        files: files.is_some(),
        edit: seconds("edit", &times.edit)?,
        second: if second.is_empty() { SecondSignIn::default() } else { SecondSignIn::parse(&second)? },
    };
    Ok(house.chat.change_policy(&host, policy).await?)
}

#[server(prefix = "/call", endpoint = "change-room-words")]
pub async fn change_room_words(
    room: RoomId,
    #[server(default)] words: String,
    #[server(default)] holds: Option<String>,
) -> Answer<()> {
    let house = house()?;
    let host = house.host(room).await?;
    Ok(house.chat.change_room_words(&host, WordList { words, holds: holds.is_some() }).await?)
}

#[server(prefix = "/call", endpoint = "change-site-words")]
pub async fn change_site_words(
    #[server(default)] words: String,
    #[server(default)] holds: Option<String>,
) -> Answer<()> {
    let house = house()?;
    let admin = house.admin()?;
    Ok(house.chat.change_site_words(&admin, WordList { words, holds: holds.is_some() }).await?)
}

/// Whole seconds; none for an empty field.
#[cfg(feature = "ssr")]
fn seconds(field: &str, text: &str) -> Answer<u32> {
    match text.trim() {
        "" => Ok(0),
        text => text.parse().map_err(|_| refused(Problem::invalid(field, Rule::Shape))),
    }
}

#[cfg(feature = "ssr")]
async fn host_of(house: &House, slug: &str) -> Answer<chat::RoomHost> {
    let reader = house.chat.reader_by_slug(house.who(), slug).await?;
    house.host(reader.room().id).await
}

#[cfg(feature = "ssr")]
async fn moderation_page(house: &House, slug: &str, oldest_first: bool, after: &str) -> Answer<ModerationPage> {
    let host = host_of(house, slug).await?;
    let restricted = house.chat.restrictions_page(&host, oldest_first, page_end(after)).await?;
    Ok(ModerationPage {
        room: host.reader().room().clone(),
        policy: *host.reader().policy(),
        words: house.chat.room_words(&host).await?,
        restrictions: restricted.lines,
        next: restricted.next.map(page_word),
        waiting: house.chat.count_held(&host).await? + house.chat.count_join_requests(&host).await?,
    })
}

#[cfg(feature = "ssr")]
async fn queue_page(house: &House, slug: &str) -> Answer<QueuePage> {
    let host = host_of(house, slug).await?;
    Ok(QueuePage {
        room: host.reader().room().clone(),
        held: house.chat.held(&host).await?,
        requests: house.chat.join_requests(&host).await?,
        members_only: host.reader().policy().posting == Posting::Members,
    })
}

#[cfg(feature = "ssr")]
async fn message_page(house: &House, slug: &str, message: &str) -> Answer<MessagePage> {
    let host = host_of(house, slug).await?;
    let message = house.chat.message(&host, message.parse()?).await?;
    Ok(MessagePage { room: host.reader().room().clone(), message })
}

#[cfg(feature = "ssr")]
async fn site_words(house: &House) -> Answer<WordList> {
    Ok(house.chat.site_words(&house.admin()?).await?)
}

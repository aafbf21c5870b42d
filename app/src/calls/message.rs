//! One message, and what can be done with it.

use super::{Answer, Json, PageAnswer};
use domain::message::Message;
use domain::person::Person;
use domain::room::Room;
use domain::{ClientId, MessageId, RoomId};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

#[cfg(feature = "ssr")]
use super::house::{House, house, land};
#[cfg(feature = "ssr")]
use crate::text::text;

/// A message, with all that this visitor can do with it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MessageActs {
    pub room: Room,
    pub message: Message,
    /// As its author typed it, if they may change it.
    pub typed: Option<String>,
    /// Whether the visitor could write here now.
    pub may_write: bool,
    pub may_recall: bool,
    pub may_host: bool,
    /// Whether the visitor has hidden it from themselves.
    pub hidden: bool,
    /// Who reacted, and how; nobody for guests.
    pub who: Vec<(String, Person)>,
    /// Where the visitor can forward it to.
    pub rooms: Vec<(RoomId, String)>,
    /// Names what the forms without JavaScript will post.
    pub client_id: ClientId,
}

/// Somebody whose name may be meant, as a page offers them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Suggestion {
    /// What stands behind the `@`.
    pub insert: String,
    pub label: String,
    pub note: String,
}

#[server(prefix = "/call", endpoint = "load-message-acts")]
pub async fn load_message_acts(slug: String, #[server(default)] message: String) -> PageAnswer<MessageActs> {
    let house = house()?;
    let body = acts(&house, &slug, &message).await;
    house.page(body)
}

/// Changes one's own message.
#[server(prefix = "/call", endpoint = "edit-message")]
pub async fn edit_message(room: RoomId, message: MessageId, text: String) -> Answer<()> {
    let house = house()?;
    let writer = house.writer(room).await?;
    house.chat.edit(&writer, message, &text).await?;
    land(&crate::paths::room(&writer.room().slug));
    Ok(())
}

/// Reacts to a message, or with `on` false takes that back.
#[server(prefix = "/call", endpoint = "react-message")]
pub async fn react_message(room: RoomId, message: MessageId, emoji: String, on: bool) -> Answer<()> {
    let house = house()?;
    let writer = house.writer(room).await?;
    house.chat.react(&writer, message, &emoji, on).await?;
    land(&crate::paths::room(&writer.room().slug));
    Ok(())
}

/// Hides a message from the visitor alone, or with `on` false shows it again.
#[server(prefix = "/call", endpoint = "hide-message")]
pub async fn hide_message(room: RoomId, message: MessageId, on: bool) -> Answer<()> {
    let house = house()?;
    let reader = house.reader(room).await?;
    Ok(house.chat.hide(&reader, message, on).await?)
}

/// Says a message again in another room.
#[server(prefix = "/call", endpoint = "forward-message")]
pub async fn forward_message(room: RoomId, message: MessageId, to: RoomId, client_id: ClientId) -> Answer<()> {
    let house = house()?;
    let from = house.reader(room).await?;
    let to = house.writer(to).await?;
    house.chat.forward(&from, message, &to, &client_id).await?;
    land(&crate::paths::room(&to.room().slug));
    Ok(())
}

/// Whom the beginning of a name may mean, as it is typed behind an `@`.
#[server(prefix = "/call", endpoint = "suggest-mentions")]
pub async fn suggest_mentions(room: RoomId, #[server(default)] typed: String) -> Answer<Json<Vec<Suggestion>>> {
    let house = house()?;
    let reader = house.reader(room).await?;
    let found = house.chat.mentionable_people(&reader, &typed).await?;
    let t = text(house.visitor.lang);
    let everyone = found.everyone.map(|n| Suggestion {
        insert: t.room.everyone.to_owned(),
        label: format!("@{}", t.room.everyone),
        note: t.n_notified(n),
    });
    let one =
        |Person { name, display, .. }: Person| Suggestion { note: format!("@{name}"), insert: name, label: display };
    Json::new(&found.people.into_iter().map(one).chain(everyone).collect::<Vec<_>>())
}

#[cfg(feature = "ssr")]
async fn acts(house: &House, slug: &str, message: &str) -> Answer<MessageActs> {
    let chat = &house.chat;
    let reader = chat.reader_by_slug(house.who(), slug).await?;
    let message = chat.message(&reader, message.parse()?).await?;
    let may_write = reader.takes_part() && chat.quiet(&reader).await?.is_none();
    Ok(MessageActs {
        typed: chat.typed(&reader, message.id).await?.filter(|_| may_write),
        may_write,
        may_recall: chat.may_recall(&reader, &message),
        may_host: reader.moderates(),
        hidden: chat.hides(&reader, message.id).await?,
        who: chat.who_reacted(&reader, message.id).await?,
        rooms: rooms(house).await?,
        client_id: super::rooms::plain_client_id(house, reader.room().id)?,
        room: reader.room().clone(),
        message,
    })
}

/// Rooms that the visitor belongs to; what may be said there is seen when it is.
#[cfg(feature = "ssr")]
async fn rooms(house: &House) -> Answer<Vec<(RoomId, String)>> {
    if house.who().is_none() {
        return Ok(Vec::new());
    }
    let lines = house.chat.rooms(house.who()).await?.into_iter();
    let own = lines.filter(|line| line.role.is_some() && !line.room.archived);
    Ok(own.map(|line| (line.room.id, line.room.title)).collect())
}

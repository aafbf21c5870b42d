//! What is said.

use super::{Answer, Json};
use domain::message::{History, Message};
use domain::{BlobId, ClientId, MessageId, RoomId};
use leptos::prelude::*;

#[cfg(feature = "ssr")]
use super::house::{house, land};
#[cfg(feature = "ssr")]
use chat::Enclosed;

/// Says something, perhaps in answer to a message. The answer means that it is stored; the same
/// client id again answers with the first result. `files` names what was uploaded for it, `alts` what
/// that shows.
#[server(prefix = "/call", endpoint = "post-message")]
pub async fn post_message(
    room: RoomId,
    client_id: ClientId,
    text: String,
    #[server(default)] files: Vec<BlobId>,
    #[server(default)] alts: Vec<String>,
    #[server(default)] reply: Option<MessageId>,
) -> Answer<Message> {
    let house = house()?;
    let writer = house.writer(room).await?;
    let posted =
        house.chat.reply_with(&writer, &client_id, &text, Enclosed { files: &files, alts: &alts }, reply).await?;
    if reply.is_some() {
        land(&crate::paths::room(&writer.room().slug));
    }
    Ok(posted.message)
}

/// A page of messages before a place, oldest first; the latest without one.
#[server(name = LoadHistory, prefix = "/call", endpoint = "history")]
pub async fn history(room: RoomId, #[server(default)] before: Option<i64>) -> Answer<Json<History>> {
    let house = house()?;
    let reader = house.reader(room).await?;
    Json::new(&house.chat.history(&reader, before).await?)
}

//! Saying something, as a client wrote it.

use super::DOOR;
use crate::compat::words;
use crate::house::House;
use chat::{Original, Who};
use domain::{ClientId, MessageId, RoomId};

/// `body`: how the client wrote it, which its receivers get; `text`: what the house keeps, where
/// nothing may be empty. `answers`: the message that it is about.
pub async fn say(
    house: &House,
    who: &Who,
    room: RoomId,
    id: &ClientId,
    (body, text): (&str, &str),
    answers: Option<MessageId>,
) -> chat::Result<()> {
    house.compat.tyut.written.remember(id, body);
    let writer = house.chat.writer(Some(who), room).await?;
    let message = house.chat.reply(&writer, id, text, &[], answers).await?.message;
    if words::text(&message) != body {
        let original = Original { name: String::new(), body: body.to_owned() };
        house.chat.keep_original(&writer, message.id, DOOR, original).await?;
    }
    Ok(())
}

//! Saying something, to one or to many.

use super::caller::{Caller, asks};
use super::listening::hears;
use super::rooms::{Found, find};
use super::translate::{Why, no, why};
use super::wire::{Answer, BROKEN, Done, NOT_INSIDE, NOT_SENT, No};
use crate::compat::body::Fields;
use crate::compat::words;
use crate::house::House;
use axum::extract::{Request, State};
use chat::Original;
use domain::{ClientId, RoomId};

/// `POST /rm/room/single_message`.
pub async fn single(State(house): State<House>, request: Request) -> Answer {
    let (caller, fields) = asks(&house, request).await?;
    let refused = |error| no(error, NOT_SENT);
    let to = fields.text("to_user_id").unwrap_or_default();
    let message = fields.text("message").filter(|text| !text.is_empty()).ok_or(NOT_SENT)?;
    let other = house.chat.find_vouched(caller.system(), &to).await.map_err(refused)?.ok_or(NOT_SENT)?;
    let room = house.chat.private_between(&caller.who, &other).await.map_err(refused)?.id;
    for person in [other.person.id, caller.who.person.id] {
        hears(&house, person, room).await;
    }
    say(&house, &caller, room, &message, NOT_SENT).await?;
    Done::nothing("发送成功")
}

/// `POST /rm/room/room_message`.
pub async fn room(State(house): State<House>, request: Request) -> Answer {
    let (caller, fields) = asks(&house, request).await?;
    to_room(&house, &caller, &fields).await
}

/// The same by socket.
pub async fn to_room(house: &House, caller: &Caller, fields: &Fields) -> Answer {
    let name = fields.text("room_id").unwrap_or_default();
    let Found { room, reader, .. } = find(house, caller, &name).await?;
    reader.role().ok_or(NOT_INSIDE)?;
    let message = fields.text("message").filter(|text| !text.is_empty()).ok_or(BROKEN)?;
    say(house, caller, room, &message, BROKEN).await?;
    Done::nothing("消息发送成功")
}

async fn say(house: &House, caller: &Caller, room: RoomId, text: &str, refused: No) -> Result<(), No> {
    let id = format!("simple-{:032x}", rand::random::<u128>());
    let id = ClientId::parse(&id).map_err(|_| BROKEN)?;
    house.compat.simple.written.remember(&id, text);
    let said = async {
        let writer = house.chat.writer(Some(&caller.who), room).await?;
        let message = house.chat.post(&writer, &id, text).await?.message;
        if words::text(&message) != text {
            let original = Original { name: String::new(), body: text.to_owned() };
            house.chat.keep_original(&writer, message.id, caller.system(), original).await?;
        }
        Ok(())
    };
    let said: chat::Result<()> = said.await;
    match said.map_err(chat::Error::into_problem) {
        Ok(()) => Ok(()),
        Err(problem) => match why(&problem) {
            // Whoever sent it again would send it twice.
            Why::Waits => Ok(()),
            Why::Broken => Err(BROKEN),
            Why::NotThere | Why::Refused => Err(refused),
        },
    }
}

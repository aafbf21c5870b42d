//! Where somebody belongs, and what was said there.

use super::caller::{names, reads};
use super::rooms::{Found, find};
use super::translate::{message_line, no, page, room_line};
use super::wire::{Answer, BROKEN, Data, Done, NOT_INSIDE};
use crate::compat::base::in_query;
use crate::house::House;
use axum::extract::{Request, State};
use chat::{MessagesOrder, MessagesQuery};
use domain::MessageId;

const READ: &str = "获取成功";

/// `GET /rm/room/get_room_list`.
pub async fn rooms(State(house): State<House>, request: Request) -> Answer {
    let (parts, _) = request.into_parts();
    let caller = reads(&house, &parts).await?;
    let field = |name: &str| in_query(parts.uri.query().unwrap_or_default(), name);
    let (offset, limit) = page(field("page").as_deref(), field("page_size").as_deref());
    let private = match field("room_type").as_deref().map(str::trim) {
        None | Some("" | "0") => None,
        Some("1") => Some(true),
        Some("2") => Some(false),
        Some(_) => return Ok(Done(Data::Rooms(Vec::new()), READ)),
    };
    let broken = |error| no(error, BROKEN);
    let found = house.chat.conversations(&caller.vouched, private, offset, limit).await.map_err(broken)?;
    let people = found.iter().flat_map(|one| one.host.into_iter().chain([one.last_by])).collect();
    let names = names(&house, caller.system(), people).await.map_err(broken)?;
    Ok(Done(Data::Rooms(found.iter().map(|one| room_line(one, &names)).collect()), READ))
}

/// `GET /rm/room/get_room_message_list`.
pub async fn messages(State(house): State<House>, request: Request) -> Answer {
    let (parts, _) = request.into_parts();
    let caller = reads(&house, &parts).await?;
    let field = |name: &str| in_query(parts.uri.query().unwrap_or_default(), name);
    let name = field("room_id").unwrap_or_default();
    let Found { reader, .. } = find(&house, &caller, &name).await?;
    reader.role().ok_or(NOT_INSIDE)?;
    let (offset, limit) = page(field("page").as_deref(), field("page_size").as_deref());
    let wanted = MessagesQuery { order: MessagesOrder::Newest, offset, limit, ..MessagesQuery::default() };
    let broken = |error| no(error, BROKEN);
    let (messages, _) = house.chat.messages_page(&reader, &wanted).await.map_err(broken)?;
    let people = messages.iter().map(|message| message.author.id).collect();
    let names = names(&house, caller.system(), people).await.map_err(broken)?;
    let ids: Vec<MessageId> = messages.iter().map(|message| message.id).collect();
    let originals = house.chat.originals(&reader, caller.system(), &ids).await.map_err(broken)?;
    let bodies = originals.into_iter().map(|(id, original)| (id, original.body)).collect();
    let lines = messages.iter().map(|message| message_line(&name, message, &names, &bodies)).collect();
    Ok(Done(Data::Messages(lines), READ))
}

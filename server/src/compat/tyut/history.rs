//! `GET /api/chat_groupList` and `/api/chat_privateList`: the texts, none of the pictures and files.

use super::DOOR;
use super::caller::{Caller, asks};
use super::group::lobby;
use super::translate::{OTHER_ID, chat_line, no, order, page};
use super::wire::{Answer, BROKEN, ChatLine, Done, List, No};
use crate::compat::base::in_query;
use crate::house::House;
use axum::extract::{Request, State};
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use chat::{MessagesQuery, RoomReader};
use domain::MessageId;
use domain::message::Message;
use domain::person::Person;
use serde_json::json;

fn field(parts: &Parts, name: &str) -> Option<String> {
    in_query(parts.uri.query().unwrap_or_default(), name)
}

fn asked(parts: &Parts) -> Result<MessagesQuery, No> {
    let (offset, limit) = page(field(parts, "page").as_deref(), field(parts, "limit").as_deref())?;
    let order = order(field(parts, "sort").as_deref());
    Ok(MessagesQuery { author: None, words: true, except: OTHER_ID, order, offset, limit })
}

/// All of the lobby; of one person, if there is one of this name.
pub async fn group(State(house): State<House>, request: Request) -> Answer {
    let (parts, _) = request.into_parts();
    let caller = asks(&house, &parts.headers).await?;
    let mut query = asked(&parts)?;
    let broken = |error| no(error, BROKEN);
    if let Some(name) = field(&parts, "username").filter(|name| !name.trim().is_empty()) {
        query.author = house.chat.find_person(&name).await.map_err(broken)?.map(|person| person.id);
    }
    let room = lobby(&house).await.map_err(broken)?;
    let reader = house.chat.reader(Some(&caller.who), room).await.map_err(broken)?;
    let (messages, count) = house.chat.messages_page(&reader, &query).await.map_err(broken)?;
    let list = lines(&house, &reader, &messages, None).await.map_err(broken)?;
    Done::with(List { count, list })
}

/// What the caller and one other person said to each other.
pub async fn private(State(house): State<House>, request: Request) -> Response {
    let (parts, _) = request.into_parts();
    let name = field(&parts, "username").unwrap_or_default();
    match between(&house, &parts, &name).await {
        Ok(Some(list)) => Done::with(list).into_response(),
        Ok(None) => {
            let msg = format!("与 {name} 没有通话记录");
            axum::Json(json!({"code": 7, "data": {}, "msg": msg})).into_response()
        }
        Err(no) => no.into_response(),
    }
}

async fn between(house: &House, parts: &Parts, name: &str) -> Result<Option<List<ChatLine>>, No> {
    let caller: Caller = asks(house, &parts.headers).await?;
    let query = asked(parts)?;
    let broken = |error| no(error, BROKEN);
    let Some(other) = house.chat.local_person_called(name).await.map_err(broken)? else { return Ok(None) };
    // By its address as our own pages call it.
    let reader = house.chat.reader_by_slug(Some(&caller.who), &domain::contact::slug_with(&other.name)).await;
    let Ok(reader) = reader else { return Ok(None) };
    let (messages, count) = house.chat.messages_page(&reader, &query).await.map_err(broken)?;
    if count == 0 {
        return Ok(None);
    }
    let pair = Some((&caller.who.person, &other));
    let list = lines(house, &reader, &messages, pair).await.map_err(broken)?;
    Ok(Some(List { count, list }))
}

async fn lines(
    house: &House,
    reader: &RoomReader,
    messages: &[Message],
    pair: Option<(&Person, &Person)>,
) -> chat::Result<Vec<ChatLine>> {
    let ids: Vec<MessageId> = messages.iter().map(|message| message.id).collect();
    let originals = house.chat.originals(reader, DOOR, &ids).await?;
    let line = |message: &Message| {
        let body = originals.get(&message.id).map(|original| original.body.as_str());
        let target = pair.map(|(me, other)| if message.author.id == me.id { other.id } else { me.id });
        chat_line(message, body, target)
    };
    Ok(messages.iter().map(line).collect())
}

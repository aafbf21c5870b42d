//! What was said, as the original's lists have it: newest first, the text under `url`.

use super::fields::text;
use super::harmless::harmless;
use super::translate::{Age, answer, failed, no_entry, refused};
use super::{SYSTEM, people, post, wire};
use crate::compat::base::{Named, query};
use crate::compat::body::fields;
use crate::compat::words;
use crate::house::House;
use axum::extract::{Request, State};
use axum::http::HeaderMap;
use axum::response::Response;
use chat::{RoomHost, RoomReader};
use domain::message::Message;
use domain::{MessageId, Problem, Thing};

const ADD: (u16, &str) = (204, "添加失败");
const CHANGE: (u16, &str) = (204, "更新失败");
const FIND: (u16, &str) = (204, "查询失败");
/// Most messages of one room that a list has.
const MOST: usize = 500;

pub async fn list(State(house): State<House>, request: Request) -> Response {
    let Some(who) = people::who(&house, request.headers()).await else { return no_entry() };
    let wanted = query(&request, "room").and_then(|room| room.parse().ok());
    let mut chats = Vec::new();
    for reader in people::readers(&house, &who, wanted).await {
        match said_in(&house, &reader).await {
            Ok(mut said) => chats.append(&mut said),
            Err(cause) => return refused(&cause.into_problem(), FIND.0, FIND.1),
        }
    }
    chats.sort_by_key(|chat| std::cmp::Reverse(chat.id));
    answer(200, "查询成功", chats)
}

async fn said_in(house: &House, reader: &RoomReader) -> chat::Result<Vec<wire::Chat>> {
    let (mut said, mut before) = (Vec::new(), None);
    while said.len() < MOST {
        let page = house.chat.history(reader, before).await?;
        before = page.messages.first().map(|message| message.seq);
        said.extend(written(house, reader, page.messages, Age::Stored).await?);
        if !page.has_more || before.is_none() {
            break;
        }
    }
    Ok(said)
}

async fn written(
    house: &House,
    reader: &RoomReader,
    messages: Vec<Message>,
    age: Age,
) -> chat::Result<Vec<wire::Chat>> {
    let ids: Vec<MessageId> = messages.iter().map(|message| message.id).collect();
    let mut originals = house.chat.originals(reader, SYSTEM, &ids).await?;
    let names = people::names(house, messages.iter().map(|message| &message.author)).await;
    let room = house.compat.webim.number(Some(reader.room().id));
    let chat = |message: Message| {
        let text = match originals.remove(&message.id) {
            Some(original) => original.body,
            None => words::text(&message),
        };
        let (created_at, updated_at) = age.times(message.at, message.edited.unwrap_or(message.at));
        let user = names.get(&message.author.id).map(|name| name.to_string()).unwrap_or_default();
        let url = harmless(&text).into_owned();
        wire::Chat { id: message.id.0, c_id: 0, user, url, room, created_at, updated_at }
    };
    Ok(messages.into_iter().map(chat).collect())
}

/// Says something as the admin who asks, whatever `User` says.
pub async fn add(State(house): State<House>, headers: HeaderMap, request: Request) -> Response {
    let Some(hosts) = people::admin(&house, &headers).await else { return no_entry() };
    let Ok(body) = fields(request).await else { return failed(ADD.0, ADD.1) };
    let number = body.number("room").filter(|number| *number != 0).unwrap_or(1);
    let (Some(room), Ok(text)) = (house.compat.webim.room(number), text(&body, "url")) else {
        return failed(ADD.0, ADD.1);
    };
    let Some(host) = hosts.iter().find(|host| host.room().id == room.id) else { return no_entry() };
    match say(&house, host, &text).await {
        Ok(chat) => answer(201, "添加成功", chat),
        Err(problem) => refused(&problem, ADD.0, ADD.1),
    }
}

async fn say(house: &House, host: &RoomHost, text: &str) -> Result<wire::Chat, Problem> {
    let message = post::words(house, host.who(), host.room().id, text).await?;
    only(house, host.reader(), message, Age::New).await
}

async fn only(house: &House, reader: &RoomReader, message: Message, age: Age) -> Result<wire::Chat, Problem> {
    let written = written(house, reader, vec![message], age).await.map_err(chat::Error::into_problem)?;
    written.into_iter().next().ok_or(Problem::not_found(Thing::Message))
}

pub async fn show(State(house): State<House>, Named(id): Named<String>, headers: HeaderMap) -> Response {
    let Some(hosts) = people::admin(&house, &headers).await else { return no_entry() };
    let found = match find(&house, &hosts, &id).await {
        Ok((host, message)) => only(&house, host.reader(), message, Age::Stored).await,
        Err(problem) => Err(problem),
    };
    match found {
        Ok(chat) => answer(200, "查询成功", chat),
        Err(problem) => refused(&problem, FIND.0, FIND.1),
    }
}

/// Only what one has said oneself can be changed.
pub async fn change(
    State(house): State<House>,
    Named(id): Named<String>,
    headers: HeaderMap,
    request: Request,
) -> Response {
    let Some(hosts) = people::admin(&house, &headers).await else { return no_entry() };
    let Ok(body) = fields(request).await else { return failed(CHANGE.0, CHANGE.1) };
    let Ok(text) = text(&body, "url") else { return failed(CHANGE.0, CHANGE.1) };
    match edit(&house, &hosts, &id, &text).await {
        Ok(chat) => answer(205, "更新成功", chat),
        // Somebody else's words are no matter of rights here: the route is the admins'.
        Err(_) => failed(CHANGE.0, CHANGE.1),
    }
}

async fn edit(house: &House, hosts: &[RoomHost], id: &str, text: &str) -> Result<wire::Chat, Problem> {
    let (host, message) = find(house, hosts, id).await?;
    let ours = chat::Error::into_problem;
    let writer = house.chat.writer(Some(host.who()), host.room().id).await.map_err(ours)?;
    house.chat.edit(&writer, message.id, text).await.map_err(ours)?;
    let message = house.chat.message(host.reader(), message.id).await.map_err(ours)?;
    only(house, host.reader(), message, Age::Changed).await
}

/// Takes back what was said.
pub async fn remove(State(house): State<House>, Named(id): Named<String>, headers: HeaderMap) -> Response {
    let Some(hosts) = people::admin(&house, &headers).await else { return no_entry() };
    if id.parse::<i64>().is_err() {
        return failed(202, "传入参数不对");
    }
    let removed = match find(&house, &hosts, &id).await {
        Ok((host, message)) => house.chat.recall(host.reader(), message.id).await.map_err(chat::Error::into_problem),
        Err(problem) => Err(problem),
    };
    match removed {
        Ok(()) => failed(200, "删除成功"),
        Err(problem) => refused(&problem, FIND.0, FIND.1),
    }
}

/// A message of one of the rooms that the admin runs.
async fn find<'a>(house: &House, hosts: &'a [RoomHost], id: &str) -> Result<(&'a RoomHost, Message), Problem> {
    let missing = Problem::not_found(Thing::Message);
    let id = MessageId(id.parse().map_err(|_| missing.clone())?);
    for host in hosts {
        match house.chat.message(host.reader(), id).await.map_err(chat::Error::into_problem) {
            Ok(message) => return Ok((host, message)),
            Err(Problem::NotFound { .. }) => {}
            Err(problem) => return Err(problem),
        }
    }
    Err(missing)
}

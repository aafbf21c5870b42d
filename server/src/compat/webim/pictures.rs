//! The pictures that the other site pushes.

use super::board::Cause;
use super::fields::{Said, read};
use super::translate::{self, Age, answer, failed, no_entry, refused};
use super::{SYSTEM, people, wire};
use crate::compat::base::{Base, Named, query};
use crate::house::House;
use axum::extract::{Request, State};
use axum::http::HeaderMap;
use axum::response::Response;
use chat::{Link, LinkWords, RoomHost};
use domain::{Problem, RoomId};

const ADD: (u16, &str) = (204, "添加失败");
const CHANGE: (u16, &str) = (204, "更新失败");
const FIND: (u16, &str) = (204, "查询失败");

pub async fn add(State(house): State<House>, headers: HeaderMap, request: Request) -> Response {
    let Some(hosts) = people::admin(&house, &headers).await else { return no_entry() };
    let Ok(said) = read(&house.compat.webim, request).await else { return failed(ADD.0, ADD.1) };
    let (name, room, number) = (said.c_id.to_string(), said.room, said.number);
    match house.chat.link_picture(&hosts, SYSTEM, &name, words(said)).await.map_err(chat::Error::into_problem) {
        Ok(link) => {
            tell(&house, &hosts, &[room]).await;
            answer(201, "添加成功", translate::picture(link, number, Age::New))
        }
        Err(problem) => refused(&problem, ADD.0, ADD.1),
    }
}

pub async fn change(
    State(house): State<House>,
    Named(c_id): Named<String>,
    headers: HeaderMap,
    request: Request,
) -> Response {
    let Some(hosts) = people::admin(&house, &headers).await else { return no_entry() };
    let (Ok(c_id), Ok(said)) = (c_id.parse::<i64>(), read(&house.compat.webim, request).await) else {
        return failed(CHANGE.0, CHANGE.1);
    };
    match put(&house, &hosts, &c_id.to_string(), said).await {
        Ok(picture) => answer(205, "更新成功", picture),
        Err(problem) => refused(&problem, CHANGE.0, CHANGE.1),
    }
}

/// Answers the newest of what was changed.
async fn put(house: &House, hosts: &[RoomHost], name: &str, said: Said) -> Result<wire::Picture, Problem> {
    let ours = chat::Error::into_problem;
    let before = house.chat.links_named(hosts, SYSTEM, name).await.map_err(ours)?;
    let mut rooms: Vec<Option<RoomId>> = before.iter().map(|link| link.room).collect();
    rooms.push(said.room);
    let number = said.number;
    let links = house.chat.change_links(hosts, SYSTEM, name, words(said)).await.map_err(ours)?;
    tell(house, hosts, &rooms).await;
    let newest = links.into_iter().next().ok_or(Problem::not_found(domain::Thing::Picture))?;
    Ok(translate::picture(newest, number, Age::Changed))
}

pub async fn remove(State(house): State<House>, Named(c_id): Named<String>, headers: HeaderMap) -> Response {
    let Some(hosts) = people::admin(&house, &headers).await else { return no_entry() };
    let Ok(c_id) = c_id.parse::<i64>() else { return failed(202, "传入参数不对") };
    match house.chat.remove_links(&hosts, SYSTEM, &c_id.to_string()).await.map_err(chat::Error::into_problem) {
        Ok(links) => {
            let rooms: Vec<Option<RoomId>> = links.iter().map(|link| link.room).collect();
            tell(&house, &hosts, &rooms).await;
            failed(200, "删除成功")
        }
        Err(problem) => refused(&problem, FIND.0, FIND.1),
    }
}

/// The newest of this name.
pub async fn show(State(house): State<House>, Named(c_id): Named<String>, headers: HeaderMap) -> Response {
    let Some(hosts) = people::admin(&house, &headers).await else { return no_entry() };
    let Ok(c_id) = c_id.parse::<i64>() else { return failed(FIND.0, FIND.1) };
    let found = house.chat.links_named(&hosts, SYSTEM, &c_id.to_string()).await.map_err(chat::Error::into_problem);
    match found.map(|links| links.into_iter().next()) {
        Ok(Some(link)) => {
            let number = house.compat.webim.number(link.room);
            answer(200, "查询成功", translate::picture(link, number, Age::Stored))
        }
        Ok(None) => failed(FIND.0, FIND.1),
        Err(problem) => refused(&problem, FIND.0, FIND.1),
    }
}

/// The walls of the rooms that somebody reads; `?room=` for one of them.
pub async fn list(State(house): State<House>, base: Base, request: Request) -> Response {
    let Some(who) = people::who(&house, request.headers()).await else { return no_entry() };
    let wanted = query(&request, "room").and_then(|room| room.parse().ok());
    let state = &house.compat.webim;
    let files = base.url("/media/");
    let mut pictures: Vec<wire::Picture> = Vec::new();
    for reader in people::readers(&house, &who, wanted).await {
        let number = state.number(Some(reader.room().id));
        let Ok(wall) = house.chat.linked_wall(&reader, SYSTEM).await else { return failed(FIND.0, FIND.1) };
        for shown in wall {
            let picture = translate::shown(shown, |link: &Link| state.number(link.room), number, &files);
            // Those of every room are on every wall.
            if !pictures.iter().any(|known| known.id == picture.id) {
                pictures.push(picture);
            }
        }
    }
    pictures.sort_by_key(|picture| std::cmp::Reverse((picture.order, picture.id)));
    answer(200, "查询成功", pictures)
}

fn words(said: Said) -> LinkWords {
    LinkWords { room: said.room, url: said.url, order: said.order }
}

/// Tells the clients of these rooms of their walls; with `None` among them, of all rooms.
async fn tell(house: &House, hosts: &[RoomHost], rooms: &[Option<RoomId>]) {
    for room in house.compat.webim.rooms() {
        let is_meant = rooms.iter().any(|meant| meant.is_none_or(|meant| meant == room.id));
        if let Some(host) = hosts.iter().find(|host| is_meant && host.room().id == room.id) {
            room.tell_wall(house, host.reader(), Cause::Said).await;
        }
    }
}

//! Courses, records, histories and videos: what the other site puts beside its rooms.

use super::fields::{Said, read};
use super::harmless::harmless;
use super::translate::{Age, answer, c_id, failed, no_entry, refused};
use super::{SYSTEM, people, wire};
use crate::compat::base::{Named, query};
use crate::house::House;
use axum::Router;
use axum::extract::{Request, State};
use axum::http::HeaderMap;
use axum::response::Response;
use axum::routing::{get, post};
use chat::{Panel, PanelKind, PanelWords, RoomHost};
use domain::Problem;
use serde_json::value::{RawValue, to_raw_value};

const ADD: (u16, &str) = (204, "添加失败");
const CHANGE: (u16, &str) = (204, "更新失败");
const FIND: (u16, &str) = (204, "查询失败");

/// Each kind has the same routes; their names are the original's.
pub fn router() -> Router<House> {
    let kinds = [
        ("course", "courses", PanelKind::Course),
        ("record", "records", PanelKind::Record),
        ("history", "histories", PanelKind::History),
        ("video", "videos", PanelKind::Video),
    ];
    kinds.into_iter().fold(Router::new(), |router, (one, many, kind)| {
        let show = move |house, path, headers| show(kind, house, path, headers);
        let change = move |house, path, headers, request| change(kind, house, path, headers, request);
        let remove = move |house, path, headers| remove(kind, house, path, headers);
        router
            .route(&format!("/api/{many}"), get(move |house, request| list(kind, house, request)))
            .route(
                &format!("/api/admin/{many}"),
                post(move |house, headers, request| add(kind, house, headers, request)),
            )
            .route(&format!("/api/admin/{one}/{{c_id}}"), get(show).put(change).delete(remove))
    })
}

async fn list(kind: PanelKind, State(house): State<House>, request: Request) -> Response {
    let Some(who) = people::who(&house, request.headers()).await else { return no_entry() };
    let wanted = query(&request, "room").and_then(|room| room.parse().ok());
    let readers = people::readers(&house, &who, wanted).await;
    match house.chat.panels(&readers, SYSTEM, kind).await.map_err(chat::Error::into_problem) {
        Ok(panels) => {
            let state = &house.compat.webim;
            let out = |panel: Panel| written(kind, state.number(panel.room), panel, Age::Stored);
            answer(200, "查询成功", panels.into_iter().filter_map(out).collect::<Vec<_>>())
        }
        Err(problem) => refused(&problem, FIND.0, FIND.1),
    }
}

async fn add(kind: PanelKind, State(house): State<House>, headers: HeaderMap, request: Request) -> Response {
    let Some(hosts) = people::admin(&house, &headers).await else { return no_entry() };
    let Ok(said) = read(&house.compat.webim, request).await else { return failed(ADD.0, ADD.1) };
    let (name, number) = (said.c_id.to_string(), said.number);
    let added = house.chat.add_panel(&hosts, SYSTEM, kind, &name, words(said)).await;
    match added.map_err(chat::Error::into_problem) {
        Ok(panel) => {
            tell(&house, kind, &hosts).await;
            answer(201, "添加成功", written(kind, number, panel, Age::New))
        }
        Err(problem) => refused(&problem, ADD.0, ADD.1),
    }
}

async fn show(kind: PanelKind, State(house): State<House>, Named(name): Named<String>, headers: HeaderMap) -> Response {
    let Some(hosts) = people::admin(&house, &headers).await else { return no_entry() };
    let Ok(name) = name.parse::<i64>() else { return failed(FIND.0, FIND.1) };
    let found = house.chat.panels_named(&hosts, SYSTEM, kind, &name.to_string()).await;
    match newest(found) {
        Ok(panel) => {
            let number = house.compat.webim.number(panel.room);
            answer(200, "查询成功", written(kind, number, panel, Age::Stored))
        }
        Err(problem) => refused(&problem, FIND.0, FIND.1),
    }
}

async fn change(
    kind: PanelKind,
    State(house): State<House>,
    Named(name): Named<String>,
    headers: HeaderMap,
    request: Request,
) -> Response {
    let Some(hosts) = people::admin(&house, &headers).await else { return no_entry() };
    let (Ok(name), Ok(said)) = (name.parse::<i64>(), read(&house.compat.webim, request).await) else {
        return failed(CHANGE.0, CHANGE.1);
    };
    let number = said.number;
    let changed = house.chat.change_panels(&hosts, SYSTEM, kind, &name.to_string(), words(said)).await;
    match newest(changed) {
        Ok(panel) => {
            tell(&house, kind, &hosts).await;
            answer(205, "更新成功", written(kind, number, panel, Age::Changed))
        }
        Err(problem) => refused(&problem, CHANGE.0, CHANGE.1),
    }
}

async fn remove(
    kind: PanelKind,
    State(house): State<House>,
    Named(name): Named<String>,
    headers: HeaderMap,
) -> Response {
    let Some(hosts) = people::admin(&house, &headers).await else { return no_entry() };
    let Ok(name) = name.parse::<i64>() else { return failed(202, "传入参数不对") };
    let removed = house.chat.remove_panels(&hosts, SYSTEM, kind, &name.to_string()).await;
    match removed.map_err(chat::Error::into_problem) {
        Ok(_) => {
            tell(&house, kind, &hosts).await;
            failed(200, "删除成功")
        }
        Err(problem) => refused(&problem, FIND.0, FIND.1),
    }
}

fn newest(panels: chat::Result<Vec<Panel>>) -> Result<Panel, Problem> {
    let newest = panels.map_err(chat::Error::into_problem)?.into_iter().next();
    newest.ok_or(Problem::not_found(domain::Thing::Page))
}

/// The rooms' video may be another one now.
async fn tell(house: &House, kind: PanelKind, hosts: &[RoomHost]) {
    if kind != PanelKind::Video {
        return;
    }
    for room in house.compat.webim.rooms() {
        if let Some(host) = hosts.iter().find(|host| host.room().id == room.id) {
            room.tell_video(house, host.reader()).await;
        }
    }
}

fn words(said: Said) -> PanelWords {
    PanelWords { room: said.room, title: said.title, content: said.content, url: said.url }
}

/// Each kind has fields of its own.
fn written(kind: PanelKind, room: i64, panel: Panel, age: Age) -> Option<Box<RawValue>> {
    let (created_at, updated_at) = age.times(panel.created_at, panel.updated_at);
    let (id, c_id) = (panel.id, c_id(&panel.name));
    let (title, content) = (harmless(&panel.title).into_owned(), harmless(&panel.content).into_owned());
    let written = match kind {
        PanelKind::Course => to_raw_value(&wire::Course { id, c_id, content, room, created_at, updated_at }),
        PanelKind::Record | PanelKind::History => {
            to_raw_value(&wire::Record { id, c_id, title, content, room, created_at, updated_at })
        }
        PanelKind::Video => {
            to_raw_value(&wire::Video { id, c_id, url: panel.url, content, room, created_at, updated_at })
        }
    };
    written.ok()
}

//! Every address of a room that is shut: none of them lets a viewer in, or says what is inside.

use crate::routes::{CALL_ROWS, stage};
use crate::town::Town;
use domain::ClientId;
use reqwest::Method;
use reqwest::header::ACCEPT;
use server::router::{DOORS, PAGES};

/// No door leads past the gate: to somebody who belongs to the room nothing of it is told, by
/// whatever way they ask, while it is shut.
#[tokio::test(flavor = "multi_thread")]
async fn a_shut_room_is_shut_at_every_door() {
    const SECRET: &str = "nobodys-business";
    let town = Town::new().await;
    let (visitors, places) = stage(&town).await;
    let [_, ben, ana, _] = &visitors.0;
    let host = town.chat.host(ana.who.as_ref(), places.room.parse().unwrap()).await.unwrap();
    let writer = town.chat.writer(ana.who.as_ref(), host.reader().room().id).await.unwrap();
    town.chat.post(&writer, &ClientId::parse("c").unwrap(), SECRET).await.unwrap();
    town.chat.describe_picture(&host, places.picture.parse().unwrap(), SECRET, SECRET).await.unwrap();
    town.chat.open_room_now(&host, false).await.unwrap();
    let mut wrong = Vec::new();
    let mut check = |what: &str, status: u16, body: &str, expected: u16| {
        if status != expected || body.contains(SECRET) {
            wrong.push(format!("{what}: {status}, not {expected}: {body:.300}"));
        }
    };
    for path in PAGES.into_iter().chain(DOORS.map(|(_, path)| path)) {
        let method = DOORS.iter().find(|(_, door)| *door == path).map_or("GET", |(method, _)| *method);
        if !path.contains("{room}") && !path.contains("{slug}") {
            continue;
        }
        let accept = if PAGES.contains(&path) { "text/html" } else { "application/json" };
        let request = ben.request(Method::from_bytes(method.as_bytes()).unwrap(), &places.fill(path));
        let answer = request.header(ACCEPT, accept).send().await.unwrap();
        let expected = match path {
            // They wait; a frame's first page is the same for every room.
            "/r/{slug}" | "/r/{slug}/p/{picture}" | "/embed/{slug}" => 200,
            "/embed/{slug}/stay" => 422,
            _ => 403,
        };
        let status = answer.status().as_u16();
        check(path, status, &answer.text().await.unwrap(), expected);
    }
    for (endpoint, fields, _) in CALL_ROWS {
        let is_about_room = fields.iter().any(|(name, value)| *name == "slug" && *value == "den" || *value == "{room}");
        // Administrators remove rooms, whether these are shut or not.
        if !is_about_room || *endpoint == "remove-room" {
            continue;
        }
        let fields: Vec<(&str, String)> = fields.iter().map(|(k, v)| (*k, places.fill(v))).collect();
        let fields: Vec<(&str, &str)> = fields.iter().map(|(k, v)| (*k, v.as_str())).collect();
        let (status, body) = ben.call(endpoint, &fields).await;
        // These tell what a page needs to say so; and what one has seen is one's own.
        let tells = [
            "open-room",
            "load-message-acts",
            "open-pictures",
            "open-video",
            "load-room-settings",
            "load-room-audit",
            "load-room-people",
            "load-kiosks",
            "load-integration",
            "load-webhooks",
            "load-moderation",
            "load-queue",
            "load-message",
            "mark-seen",
            "mark-room",
            "choose-level",
            "pin-room",
        ];
        check(endpoint, status.as_u16(), &body.to_string(), if tells.contains(endpoint) { 200 } else { 403 });
    }
    let home = ben.get("/").await.text().await.unwrap();
    check("the list of rooms", 200, &home, 200);
    assert!(wrong.is_empty(), "{wrong:#?}");
}

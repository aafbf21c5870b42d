//! Every address of a room that is shut: none of them lets a viewer in, or says what is inside; and
//! what its page says instead.

use crate::routes::{CALL_ROWS, stage};
use crate::town::Town;
use domain::ClientId;
use domain::gate::{GateRule, Opening};
use domain::room::Visibility;
use reqwest::Method;
use reqwest::header::{ACCEPT, COOKIE};
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

/// What a page in front of a room says, to somebody with these cookies.
async fn says(town: &Town, cookies: &str) -> (String, Option<String>) {
    let request = town.stranger().request(Method::GET, "/r/hall").header(ACCEPT, "text/html");
    let answer = request.header(COOKIE, cookies).send().await.unwrap();
    let again = answer.headers().get("refresh").map(|value| value.to_str().unwrap().to_owned());
    let page = answer.text().await.unwrap();
    let why = page.split("class=\"waiting-why\"").nth(1).expect("the reason");
    let why = why.split_once('>').unwrap().1.split("</p>").next().unwrap();
    (why.split("<!>").collect(), again)
}

/// Each way of opening has a reason of its own, in the visitor's language, with the times of their clock.
#[tokio::test(flavor = "multi_thread")]
async fn the_page_in_front_says_why_and_when_by_the_visitors_clock() {
    let town = Town::new().await;
    let ana = town.person("ana").await;
    let room = town.room("hall", Visibility::Public, &ana).await;
    let host = async || town.chat.host(ana.who.as_ref(), room.id).await.unwrap();
    let sets = async |rule: GateRule| town.chat.change_gate(&host().await, rule).await.map(drop).unwrap();
    let (english, chinese) = ("salon_lang=en", "salon_lang=zh");
    for (opening, reasons) in [
        (Opening::Never, [(english, "The room is closed at the moment"), (chinese, "房间现在没有开放")]),
        (Opening::Host, [(english, "Host is away"), (chinese, "主持人不在线")]),
    ] {
        sets(GateRule { opening, ..GateRule::default() }).await;
        for (cookies, reason) in reasons {
            let (why, again) = says(&town, cookies).await;
            assert!(why.contains(reason), "{opening:?}: {why}");
            assert!(again.is_some(), "without scripts it asks again by itself");
        }
    }
    // On 1 January 2100 at 20:30 UTC: half past nine in Berlin, and the next morning in Shanghai.
    let opens_at = Some(4_102_518_600_000);
    sets(GateRule { opening: Opening::Schedule, opens_at, ..GateRule::default() }).await;
    for (zone, clock) in [("0", "20:30"), ("60", "21:30"), ("480", "04:30")] {
        for language in [english, chinese] {
            let (why, again) = says(&town, &format!("{language}; salon_tz={zone}")).await;
            assert!(why.contains(clock), "{zone}: {why}");
            assert!(again.is_none(), "a page with scripts, which alone know the zone, hears of it");
        }
    }
}

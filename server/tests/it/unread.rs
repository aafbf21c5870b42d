//! What is unread, over the socket and by forms.

use crate::town::{Browser, Socket, Town};
use domain::room::{Room, Visibility};
use serde_json::{Value, json};

async fn stage() -> (Town, Browser, Browser, Room) {
    let town = Town::new().await;
    let (ana, ben) = (town.person("ana").await, town.person("ben").await);
    let room = town.room("hall", Visibility::Open, &ana).await;
    town.chat.enter(ben.who.as_ref().unwrap(), room.id).await.unwrap();
    (town, ana, ben, room)
}

async fn watches(browser: &Browser) -> Socket {
    let mut socket = browser.socket().await;
    socket.send("watch", json!({"looking": []})).await;
    let first = socket.hears("unread").await;
    assert_eq!((&first["whole"], &first["rooms"]), (&true.into(), &json!([])));
    socket
}

async fn hears(socket: &mut Socket, room: &Room, unread: u32) -> Value {
    loop {
        let heard = socket.hears("unread").await;
        let line = heard["rooms"].as_array().unwrap().iter().find(|line| line["room"] == room.id.0).cloned();
        if let Some(line) = line.filter(|line| line["unread"] == unread) {
            return line;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_devices_agree_within_a_second() {
    let (town, ana, ben, room) = stage().await;
    let (mut desk, mut phone) = (watches(&ben).await, watches(&ben).await);
    town.says(&ana, &room, "c1", "@ben, hello").await;
    let line = hears(&mut desk, &room, 1).await;
    assert_eq!(line, json!({"room": room.id.0, "slug": "hall", "unread": 1, "mentions": 1, "level": "everything"}));
    hears(&mut phone, &room, 1).await;
    // One device has seen it, by its room's socket.
    let seq = town.says(&ana, &room, "c2", "and bye").await;
    let begun = std::time::Instant::now();
    phone.send("seen", json!({"room": room.id, "seq": seq})).await;
    hears(&mut desk, &room, 0).await;
    assert!(begun.elapsed().as_millis() < 1_000, "{:?}", begun.elapsed());
    // A form says the contrary.
    let answer = ben.submit("mark-room", "/", &[("room", &room.id.to_string()), ("unread", "true")]).await;
    assert_eq!((answer.status().as_u16(), &answer.headers()["location"]), (303, &"/".parse().unwrap()));
    hears(&mut desk, &room, 1).await;
    hears(&mut phone, &room, 1).await;
    let answer = ben.submit("mark-all-read", "/", &[]).await;
    assert_eq!(answer.headers()["location"], "/?read=all");
    hears(&mut phone, &room, 0).await;
    let answer = ben.submit("mark-all-read", "/", &[("undo", "true")]).await;
    assert_eq!(answer.headers()["location"], "/");
    hears(&mut phone, &room, 1).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_guest_hears_how_public_rooms_look_in_the_list() {
    let town = Town::new().await;
    let ana = town.person("ana").await;
    let hall = town.room("hall", Visibility::Public, &ana).await;
    let open = town.room("open", Visibility::Open, &ana).await;
    let guest = town.stranger();
    let mut socket = guest.socket().await;
    socket.send("watch", json!({"looking": [], "listing": [hall.id, open.id]})).await;
    // Answered after it was taken in.
    socket.send_ping().await;
    socket.hears("pong").await;
    town.says(&ana, &open, "c1", "not for guests").await;
    town.says(&ana, &hall, "c2", "for everybody").await;
    let row = socket.frame().await;
    assert_eq!(
        (&row["kind"], &row["room"], &row["last"]["text"]),
        (&"row".into(), &json!(hall.id), &"for everybody".into())
    );
    assert!(guest.get("/").await.text().await.unwrap().contains("/guest_list.js"));
    assert!(!guest.get("/r/hall").await.text().await.unwrap().contains("/guest_list.js"));
    assert!(!ana.get("/").await.text().await.unwrap().contains("/guest_list.js"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_room_is_marked_as_read_by_a_button_in_it() {
    let (town, ana, ben, room) = stage().await;
    town.says(&ana, &room, "c1", "hello").await;
    let page = ben.get("/r/hall").await.text().await.unwrap();
    assert!(page.contains("/call/mark-room?from=%2Fr%2Fhall") && page.contains("Mark as read"), "{page}");
    let answer = ben.submit("mark-room", "/r/hall", &[("room", &room.id.to_string())]).await;
    assert_eq!(answer.headers()["location"], "/r/hall");
    let page = ben.get("/r/hall").await.text().await.unwrap();
    assert!(!page.contains("/call/mark-room"), "nothing is unread any more: {page}");
    assert!(!town.stranger().get("/r/hall").await.text().await.unwrap().contains("/call/mark-room"));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_list_says_it_in_plain_html() {
    let (town, ana, ben, room) = stage().await;
    town.says(&ana, &room, "c1", "hello").await;
    let html = ben.get("/").await.text().await.unwrap();
    assert!(html.contains("1 unread") && html.contains("Mark all as read"), "{html}");
    assert!(html.contains("/unread.js") && html.contains("data-me="), "the script for people with an account");
    let guest = town.stranger().get("/").await.text().await.unwrap();
    assert!(!guest.contains("unread.js") && !guest.contains("data-me"), "guests load nothing of it");
    // Hidden rooms stand apart.
    ben.submit("choose-level", "/", &[("room", &room.id.to_string()), ("level", "hidden")]).await;
    let html = ben.get("/").await.text().await.unwrap();
    assert!(html.contains("Hidden rooms") && !html.contains("1 unread"));
    let odd = ben.call("choose-level", &[("room", &room.id.to_string()), ("level", "loud")]).await;
    assert_eq!(odd.0, 422);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rooms_page_has_what_is_unread_without_a_second_request() {
    let (town, ana, ben, room) = stage().await;
    for n in 0..90 {
        town.says(&ana, &room, &format!("c{n}"), &format!("word-{n}.")).await;
    }
    let html = ben.get("/r/hall").await.text().await.unwrap();
    assert!(html.contains("word-0.") && !html.contains("word-60."), "the page around the first unread message");
    let line = html.find("new-line").expect("the line");
    assert!(line < html.find("word-0.").unwrap());
    let place = html.find(">Later messages<").expect("the way on");
    let href = html[..place].rsplit("href=\"").next().unwrap().split('"').next().unwrap().to_owned();
    let later = ben.get(href.split('#').next().unwrap()).await.text().await.unwrap();
    assert!(href.contains('#') && later.contains("word-39.") && !later.contains("word-80."), "{href}");
    // The end is there for whoever asks for it, once or always.
    let end = ben.get("/r/hall?at=end").await.text().await.unwrap();
    assert!(end.contains("word-89.") && !end.contains("word-0."));
    let answer = ben.submit("choose-opening", "/me", &[("opens", "newest")]).await;
    let chosen = answer.headers()["set-cookie"].to_str().unwrap().split(';').next().unwrap().to_owned();
    assert_eq!(chosen, "salon_opens=newest");
    let cookie = format!("{}; {chosen}", ben.cookie.clone().unwrap());
    let always = Browser { cookie: Some(cookie), ..ben.clone() };
    assert!(always.get("/r/hall").await.text().await.unwrap().contains("word-89."));
    let page = always.get("/me").await.text().await.unwrap();
    assert!(page.contains("Newest message"));
}

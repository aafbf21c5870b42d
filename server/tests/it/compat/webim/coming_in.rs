//! Who may come in, and who may not any more.

use super::{Place, soon};
use crate::town::{PASSWORD, Terms};
use chat::{Admin, Clock};
use domain::PersonId;
use domain::member::Role;
use domain::person::SiteRole;
use reqwest::Method;
use serde_json::{Value, json};

const DAY_MS: i64 = 24 * 60 * 60 * 1_000;

fn refused(msg: &str) -> Value {
    json!({"code": 302, "msg": msg, "data": ""})
}

/// What somebody is answered who names a room.
async fn asks(place: &Place, name: &str, room: &Value) -> Value {
    place.log_in(json!({"name": name, "password": PASSWORD, "room": room})).await
}

/// Is refused for want of an admin.
async fn waits(place: &Place, name: &str, room: i64, why: &str) {
    assert_eq!(asks(place, name, &json!(room)).await, refused("管理员未登陆！"), "{why}");
}

async fn gets_in(place: &Place, name: &str, room: i64, why: &str) {
    assert_eq!(asks(place, name, &json!(room)).await["code"], 200, "{why}");
}

/// Somebody who runs the site from our own pages.
async fn run_by(place: &Place) -> Admin {
    place.town.chat.admin(Some(&place.who("root").await)).unwrap()
}

async fn id_of(place: &Place, name: &str) -> PersonId {
    place.who(name).await.person.id
}

#[tokio::test(flavor = "multi_thread")]
async fn a_disabled_persons_token_is_answered_with_302_everywhere() {
    let place = Place::new().await;
    place.person("ana").await;
    place.town.chat.add_person("max", PASSWORD, SiteRole::Admin).await.unwrap();
    let _admin = place.join(&place.token("root").await, 1).await;
    for name in ["ana", "max"] {
        let (token, person) = (place.token(name).await, id_of(&place, name).await);
        let mut socket = place.join(&token, 1).await;
        place.town.chat.disable_person(&run_by(&place).await, person, true).await.unwrap();
        socket.is_closed().await;
        for (method, path) in [
            (Method::GET, "/api/auth/user"),
            (Method::GET, "/api/pics"),
            (Method::GET, "/api/chats"),
            (Method::GET, "/api/videos"),
            (Method::POST, "/pics"),
            (Method::DELETE, "/pic/1"),
        ] {
            let answer = place.ask(method, path, &token, &json!({"c_id": 1, "url": "x", "order": 1, "room": 1})).await;
            assert_eq!(answer, refused("身份验证失败！"), "{name} {path}");
        }
        let joined = place.try_to_join(&format!("token={token}&room=1")).await;
        assert_eq!(joined.err(), Some((302, "/compat/webim/".into())), "{name}");
        assert_eq!(asks(&place, name, &json!(1)).await, refused("登陆失败！"), "{name}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn f3_an_admin_who_has_logged_out_is_there_for_nobody() {
    let place = Place::new().await;
    place.person("ana").await;
    for joins in [false, true] {
        let root = place.token("root").await;
        let mut socket = if joins { Some(place.join(&root, 1).await) } else { None };
        gets_in(&place, "ana", 1, "the admin is there").await;
        let ana = place.token("ana").await;
        place.post("/api/logout", &root, json!({})).await;
        waits(&place, "ana", 1, "at once").await;
        if let Some(socket) = &mut socket {
            socket.is_closed().await;
        }
        let join = format!("token={ana}&room=1");
        let turned_away = soon(async || place.try_to_join(&join).await.err()).await;
        assert_eq!(turned_away, (302, "/compat/webim/".into()), "nor by the token that she has");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn f3_an_admin_whose_session_has_ended_is_there_for_nobody() {
    let clock = Clock::fake(1_700_000_000_000);
    let place = Place::on(Terms { clock: clock.clone(), ..Terms::old() }).await;
    place.person("ana").await;
    place.town.chat.add_person("max", PASSWORD, SiteRole::Admin).await.unwrap();
    let (chat, max) = (&place.town.chat, id_of(&place, "max").await);
    place.token("max").await;
    gets_in(&place, "ana", 1, "the admin is there").await;
    chat.end_sessions_of(&run_by(&place).await, max).await.unwrap();
    waits(&place, "ana", 1, "somebody else has signed them out").await;

    let token = place.token("max").await;
    let mut socket = place.join(&token, 1).await;
    let ana = place.token("ana").await;
    chat.end_sessions_of(&run_by(&place).await, max).await.unwrap();
    waits(&place, "ana", 1, "whether they have a socket or not").await;
    socket.is_closed().await;
    assert_eq!(place.try_to_join(&format!("token={ana}&room=1")).await.err().unwrap().0, 302);

    place.token("max").await;
    clock.advance(DAY_MS - 1);
    gets_in(&place, "ana", 1, "a token is good for a day").await;
    clock.advance(1);
    waits(&place, "ana", 1, "and no longer").await;

    place.token("max").await;
    gets_in(&place, "ana", 1, "the admin is there").await;
    chat.disable_person(&run_by(&place).await, max, true).await.unwrap();
    waits(&place, "ana", 1, "their account is disabled").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn f3_an_admin_of_one_room_stays_there_whoever_asks_for_another() {
    let place = Place::new().await;
    place.person("ana").await;
    place.person("ben").await;
    let (root, room, ben) = (place.who("root").await, place.room(3).await, id_of(&place, "ben").await);
    let host = place.town.chat.host(Some(&root), room.id).await.unwrap();
    place.town.chat.add_member(&host, ben, Role::Host).await.unwrap();
    place.token("ben").await;
    for _ in 0..2 {
        waits(&place, "ana", 1, "that room is not his").await;
        gets_in(&place, "ana", 3, "this one is").await;
    }
    place.token("ana").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_room_at_login_is_the_number_of_one() {
    let place = Place::new().await;
    place.person("ana").await;
    let none = [json!("x"), json!(""), json!(null), json!(1.5), json!([]), json!({}), json!(true), json!(0)];
    for room in &none {
        assert_eq!(asks(&place, "ana", room).await, refused("管理员未登陆！"), "{room}");
    }
    let root = place.token("root").await;
    gets_in(&place, "ana", 4, "every room").await;
    let nowhere = [json!(5), json!(99), json!("99"), json!(-1), json!(i64::MAX)];
    for room in &nowhere {
        assert_eq!(asks(&place, "ana", room).await, refused("管理员未登陆！"), "{room} is no room");
    }
    let _admin = place.join(&root, 2).await;
    for room in none.iter().chain(&[json!(2), json!(" 2 ")]) {
        assert_eq!(asks(&place, "ana", room).await["code"], 200, "{room} leaves it open, or is where the admin is");
    }
    waits(&place, "ana", 1, "the admin is in room 2").await;
    // An admin is one by their role, wherever they want to go.
    for room in none.iter().chain(&nowhere) {
        let answer = asks(&place, "root", room).await;
        let role = &answer["data"]["user"]["role"];
        assert_eq!(
            (&answer["code"], &answer["msg"], role),
            (&json!(200), &json!("登陆成功！"), &json!("admin")),
            "{room}"
        );
    }
    waits(&place, "ana", 99, "nor is the admin there then").await;
}

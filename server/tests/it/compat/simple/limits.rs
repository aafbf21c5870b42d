//! Who is kept out, and what cannot be read.

use super::sockets::sending;
use super::{SendText, Shop, pushed, refused, unknown};
use crate::compat::same_rules::{Rule, SAID};
use crate::town::{Browser, FORM, client};
use domain::moderation::{Policy, WordList};
use domain::{ClientId, RoomId};
use reqwest::header::CONTENT_TYPE;
use serde_json::json;

#[tokio::test(flavor = "multi_thread")]
async fn who_is_banned_stays_out() {
    let (town, shop) = Shop::new().await;
    let (ana, bo) = (shop.token("ana").await, shop.token("bo").await);
    let room = shop.room(&ana).await;
    shop.in_room("enter_room", &bo, json!({"room_id": room})).await;
    let admin = town.admin().await;
    let id = town.chat.find_room_of("simple:shop", &room).await.unwrap().unwrap();
    let host = town.chat.host(admin.who.as_ref(), id).await.unwrap();
    let person = town.chat.find_vouched("simple:shop", "bo").await.unwrap().unwrap().person.id;
    town.chat.ban(&host, person, "rude").await.unwrap();
    assert_eq!(shop.in_room("enter_room", &bo, json!({"room_id": room})).await, "进入房间失败");
    assert_eq!(shop.in_room_fields("invite_user_enter_room", &ana, "bo", &room).await, "邀请进入房间失败");
    assert_eq!(shop.in_room_fields_of("room_message", &bo, "message", "x", &room).await, "你不在房间");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rooms_rules_hold_for_its_requests_and_its_sockets() {
    let (town, shop) = Shop::new().await;
    let chat = &town.chat;
    let (ana, bo) = (shop.token("ana").await, shop.token("bo").await);
    let room = shop.room(&ana).await;
    shop.in_room("enter_room", &bo, json!({"room_id": room})).await;
    let mut socket = sending(&shop, &bo).await;
    let admin = town.admin().await;
    let id = chat.find_room_of("simple:shop", &room).await.unwrap().unwrap();
    let host = async || chat.host(admin.who.as_ref(), id).await.unwrap();
    let person = chat.find_vouched("simple:shop", "bo").await.unwrap().unwrap().person.id;
    let said = async || chat.history(host().await.reader(), None).await.unwrap().messages.len();
    for rule in Rule::ALL {
        if rule == Rule::Slow {
            chat.change_policy(&host().await, Policy::default()).await.unwrap();
            assert_eq!(shop.in_room_fields_of("room_message", &bo, "message", "hello", &room).await, "消息发送成功");
        }
        rule.set(chat, &host().await, person).await;
        let before = said().await;
        // It has no word for what waits: whoever sent it again would send it twice.
        let answer = if rule.holds() {
            json!({"code": 200, "data": {}, "msg": "消息发送成功"})
        } else {
            refused("系统错误")
        };
        let fields = json!({"room_id": room, "message": SAID});
        assert_eq!(shop.post("/rm/room/room_message", &bo, fields.clone()).await, answer, "{rule:?}");
        socket.0.send_text(&fields.to_string()).await;
        assert_eq!(pushed(&mut socket).await, answer, "{rule:?}");
        assert_eq!(said().await, before, "{rule:?}");
    }
    chat.kick(&host().await, person, "").await.unwrap();
    let fields = json!({"room_id": room, "message": "x"});
    assert_eq!(shop.post("/rm/room/room_message", &bo, fields.clone()).await, refused("你不在房间"));
    socket.0.send_text(&fields.to_string()).await;
    assert_eq!(pushed(&mut socket).await, refused("你不在房间"));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_sites_words_hold_in_its_private_chats() {
    let (town, shop) = Shop::new().await;
    let (ana, _bo) = (shop.token("ana").await, shop.token("bo").await);
    let admin = town.chat.admin(town.admin().await.who.as_ref()).unwrap();
    let list = WordList { words: "賭博".into(), holds: false };
    town.chat.change_site_words(&admin, list).await.unwrap();
    assert_eq!(shop.says(&ana, "bo", SAID).await, refused("发送失败"));
    assert_eq!(shop.says(&ana, "bo", "hello").await["msg"], "发送成功");
}

#[tokio::test(flavor = "multi_thread")]
async fn our_page_and_its_clients_hear_each_other() {
    let (town, shop) = Shop::new().await;
    let (ana, bo) = (shop.token("ana").await, shop.token("bo").await);
    let room = shop.room(&ana).await;
    shop.in_room("enter_room", &bo, json!({"room_id": room})).await;
    let mut socket = shop.socket(&bo, "bo").await;
    let admin: Browser = town.admin().await;
    let id: RoomId = town.chat.find_room_of("simple:shop", &room).await.unwrap().unwrap();
    let mut page = admin.socket().await;
    page.send("enter", json!({"room": id, "place": null})).await;
    page.hears("entered").await;
    shop.in_room_fields_of("room_message", &ana, "message", "from outside", &room).await;
    let event = loop {
        let frame = page.hears("event").await;
        if frame["what"]["said"].is_object() {
            break frame;
        }
    };
    assert_eq!(event["what"]["said"]["message"]["spans"][0]["text"], "from outside");
    pushed(&mut socket).await;
    let writer = town.chat.writer(admin.who.as_ref(), id).await.unwrap();
    town.chat.post(&writer, &ClientId::parse("native").unwrap(), "from **inside**\nof us").await.unwrap();
    let push = pushed(&mut socket).await;
    assert_eq!(push["message_data"], "from inside\nof us");
    let person = admin.who.unwrap().person.id;
    assert_eq!(push["send_user_id"], format!("salon:{person}"), "nobody of theirs is called so");
}

#[tokio::test(flavor = "multi_thread")]
async fn systems_do_not_know_each_other() {
    let (town, shop) = Shop::new().await;
    let other = Shop::named(&town, "other").await;
    let (ana, eve) = (shop.token("ana").await, other.token("eve").await);
    let namesake = other.token("ana").await;
    town.person("local").await;
    for to in ["ana-2", "eve", "local", "shop", "root"] {
        assert_eq!(shop.says(&ana, to, "x").await, refused("发送失败"), "{to}");
    }
    let room = shop.room(&ana).await;
    assert_eq!(other.in_room("enter_room", &eve, json!({"room_id": room})).await, "房间不存在");
    assert_eq!(other.in_room_fields("invite_user_enter_room", &namesake, "eve", &room).await, "获取房间信息失败");
    assert_eq!(other.in_room_fields_of("room_message", &namesake, "message", "x", &room).await, "你不在房间");
    assert_eq!(other.in_room("exit_room", &namesake, json!({"room_id": room})).await, "退出房间成功");
    assert_eq!(shop.in_room_fields_of("room_message", &ana, "message", "x", &room).await, "消息发送成功");
}

#[tokio::test(flavor = "multi_thread")]
async fn bad_input_is_refused_in_its_own_shape() {
    let (town, shop) = Shop::new().await;
    let token = shop.token("ana").await;
    let native = town.person("mallory").await.cookie.unwrap().split_once('=').unwrap().1.to_owned();
    let routes = [
        "/u/user/login_out",
        "/rm/room/single_message",
        "/rm/room/room_message",
        "/rm/room/create_room",
        "/rm/room/enter_room",
        "/rm/room/invite_user_enter_room",
        "/rm/room/exit_room",
        "/rm/room/kick_out_room",
    ];
    for path in routes {
        for none in ["", "nonsense", &native, "eyJhbGciOiJIUzI1NiJ9.e30.x"] {
            assert_eq!(shop.send(path, none, "{}".into()).await, unknown(), "{path} {none}");
        }
        for odd in ["{", "[1]", "hello", "null", "{\"Header\":"] {
            assert_eq!(shop.send(path, &token, odd.into()).await, refused("系统错误"), "{path} {odd}");
        }
        let huge = format!("{{\"message\":\"{}\"}}", "x".repeat(300_000));
        assert_eq!(shop.send(path, &token, huge).await, refused("系统错误"), "{path}");
        if path != "/u/user/login_out" {
            let odd = json!({"room_id": [], "message": {}, "to_user_id": null, "user_id": 1.5, "invite_user_id": true});
            let answer = shop.post(path, &token, odd).await;
            assert!(answer["code"] == -1 || path.ends_with("create_room") || path.ends_with("exit_room"), "{answer}");
        }
    }
    // Multipart and forms carry the same fields.
    let url = format!("{}/rm/room/single_message", shop.base);
    shop.token("bo").await;
    let form = client().post(&url).header("token", &token).header(CONTENT_TYPE, FORM);
    let answer = form.body("to_user_id=bo&message=%E4%BD%A0%E5%A5%BD").send().await.unwrap().text().await.unwrap();
    assert!(answer.contains("发送成功"), "{answer}");
    let multipart = client().post(&url).header("token", &token);
    let multipart = multipart.header(CONTENT_TYPE, "multipart/form-data; boundary=b");
    let body = "--b\r\nContent-Disposition: form-data; name=\"to_user_id\"\r\n\r\nbo\r\n\
        --b\r\nContent-Disposition: form-data; name=\"message\"\r\n\r\nhello\r\n--b--\r\n";
    let answer = multipart.body(body).send().await.unwrap().text().await.unwrap();
    assert!(answer.contains("发送成功"), "{answer}");
    // Too much in one frame ends the socket, not the server.
    let mut socket = shop.socket(&token, "ana").await;
    socket.0.send_text(&"x".repeat(300_000)).await;
    assert!(socket.next().await.is_close());
    assert_eq!(shop.list(&token, "").await.len(), 1);
}

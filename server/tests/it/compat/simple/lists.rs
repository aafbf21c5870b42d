//! Lists, and what is kept (F12 to F15).

use super::{Shop, pushed, refused, unknown};
use crate::town::{PASSWORD, Terms, Town, client};
use chat::{Clock, Visit};
use serde_json::{Value, json};

#[tokio::test(flavor = "multi_thread")]
async fn f12_conversations_by_kind_and_page() {
    let (_town, shop) = Shop::new().await;
    let (ana, _, _) = (shop.token("ana").await, shop.token("bo").await, shop.token("cy").await);
    assert_eq!(shop.get("/rm/room/get_room_list", &ana).await, json!({"code": 200, "data": [], "msg": "获取成功"}));
    let room = shop.room(&ana).await;
    assert!(shop.list(&ana, "").await.is_empty(), "nothing was said in it");
    shop.says(&ana, "bo", "1").await;
    shop.says(&ana, "cy", "2").await;
    shop.in_room_fields_of("room_message", &ana, "message", "3", &room).await;
    let kinds = async |query: &str| -> Vec<i64> {
        shop.list(&ana, query).await.iter().map(|line| line["RoomType"].as_i64().unwrap()).collect()
    };
    assert_eq!(kinds("").await, [2, 1, 1], "newest first");
    assert_eq!(kinds("room_type=0").await, [2, 1, 1]);
    assert_eq!(kinds("room_type=1").await, [1, 1]);
    assert_eq!(kinds("room_type=2").await, [2]);
    assert!(kinds("room_type=9").await.is_empty());
    assert_eq!(kinds("page=2&page_size=2").await, [1]);
    assert_eq!(kinds("page=0&page_size=-3").await.len(), 3, "as usual");
    assert!(kinds("page=99999999999").await.is_empty());
    // The query is no place for a token.
    assert_eq!(shop.get(&format!("/rm/room/get_room_list?token={ana}"), "").await, unknown());
}

#[tokio::test(flavor = "multi_thread")]
async fn f13_what_was_said_is_for_members() {
    let (_town, shop) = Shop::new().await;
    let (ana, bo, cy) = (shop.token("ana").await, shop.token("bo").await, shop.token("cy").await);
    let room = shop.room(&ana).await;
    for n in 0..3 {
        shop.in_room_fields_of("room_message", &ana, "message", &n.to_string(), &room).await;
    }
    shop.says(&ana, "bo", "secret").await;
    let private = shop.list(&bo, "").await[0]["RoomId"].as_str().unwrap().to_owned();
    let read =
        async |token: &str, query: String| shop.get(&format!("/rm/room/get_room_message_list?{query}"), token).await;
    let page = read(&ana, format!("room_id={room}&page=2&page_size=2")).await;
    assert_eq!(page["data"].as_array().unwrap().len(), 1);
    assert_eq!((&page["data"][0]["MessageData"], &page["data"][0]["SendUserId"]), (&json!("0"), &json!("ana")));
    for id in [&room, &private, "39", ""] {
        assert_eq!(read(&cy, format!("room_id={id}")).await, refused("你不在房间"), "{id}");
    }
    assert_eq!(read(&cy, String::new()).await, refused("你不在房间"));
    assert_eq!(read(&bo, format!("room_id={private}")).await["data"][0]["MessageData"], "secret");
}

#[tokio::test(flavor = "multi_thread")]
async fn f14_everything_is_kept() {
    let (town, shop) = Shop::new().await;
    let (ana, bo) = (shop.token("ana").await, shop.token("bo").await);
    let room = shop.room(&ana).await;
    shop.in_room("enter_room", &bo, json!({"room_id": room})).await;
    shop.in_room_fields_of("room_message", &ana, "message", "kept", &room).await;
    let person = |name: &'static str| town.chat.find_vouched("simple:shop", name);
    let (host, member) = (person("ana").await.unwrap().unwrap(), person("bo").await.unwrap().unwrap());
    let id = town.chat.find_room_of("simple:shop", &room).await.unwrap().unwrap();
    let admin = town.admin().await;
    let reader = town.chat.reader(admin.who.as_ref(), id).await.unwrap();
    let members = town.chat.members(&reader).await.unwrap();
    let roles: Vec<_> = members.iter().map(|member| (member.person.id, member.role)).collect();
    use domain::member::Role::{Host, Member};
    assert_eq!(roles, [(host.person.id, Host), (member.person.id, Member)]);
    assert_eq!(town.chat.history(&reader, None).await.unwrap().messages[0].author.id, host.person.id);
    // 登录状态 follows the socket.
    let socket = shop.socket(&bo, "bo").await;
    assert!(town.chat.is_connected(member.person.id));
    drop(socket);
    // 最近登录时间 is that of the token, as long as it is good.
    let before = town.chat.now();
    let cy = shop.token("cy").await;
    let known = person("cy").await.unwrap().unwrap();
    let visit = chat::Visit { address: [10, 9, 9, 9].into(), user_agent: String::new() };
    let who = town.chat.let_in(&known, "simple", &visit, None).await.unwrap().who;
    let mut sessions = town.chat.sessions(&who).await.unwrap();
    sessions.retain(|session| !session.is_this);
    assert_eq!(sessions.len(), 1);
    assert!((before..=town.chat.now()).contains(&sessions[0].created_at));
    shop.post("/u/user/login_out", &cy, json!({})).await;
    assert!(town.chat.sessions(&who).await.unwrap().iter().all(|session| session.is_this));
}

#[tokio::test(flavor = "multi_thread")]
async fn f15_what_was_taken_back_and_who_was_shut_out() {
    let (town, shop) = Shop::new().await;
    let (ana, bo) = (shop.token("ana").await, shop.token("bo").await);
    let room = shop.room(&ana).await;
    shop.in_room("enter_room", &bo, json!({"room_id": room})).await;
    shop.in_room_fields_of("room_message", &bo, "message", " rude ", &room).await;
    let admin = town.admin().await;
    let id = town.chat.find_room_of("simple:shop", &room).await.unwrap().unwrap();
    let host = town.chat.host(admin.who.as_ref(), id).await.unwrap();
    let said = town.chat.history(&host, None).await.unwrap().messages.pop().unwrap();
    town.chat.recall(&host, said.id).await.unwrap();
    let listed = shop.get(&format!("/rm/room/get_room_message_list?room_id={room}"), &ana).await;
    assert_eq!((&listed["data"][0]["SendStatus"], &listed["data"][0]["MessageData"]), (&json!(-1), &json!("")));
    // A deleted room.
    town.chat.archive_room(&host, true).await.unwrap();
    assert_eq!(shop.list(&ana, "").await[0]["RoomStatus"], -1);
    assert_eq!(shop.in_room_fields_of("room_message", &ana, "message", "x", &room).await, "系统错误");
    // A deleted person.
    let person = town.chat.find_vouched("simple:shop", "bo").await.unwrap().unwrap().person.id;
    let root = town.chat.admin(admin.who.as_ref()).unwrap();
    town.chat.disable_person(&root, person, true).await.unwrap();
    assert_eq!(shop.says(&bo, "ana", "x").await, unknown());
    assert_eq!(shop.says(&ana, "bo", "x").await, refused("发送失败"));
    let answer = shop.post("/user/get_login_token", "", json!({"user_id": "bo"})).await;
    assert_eq!(answer, refused("获取token失败，请重试"));
}

#[tokio::test(flavor = "multi_thread")]
async fn f13_what_was_said_is_not_for_whoever_has_no_token() {
    let (town, shop) = Shop::new().await;
    let ana = shop.token("ana").await;
    let path = format!("/rm/room/get_room_message_list?room_id={}", shop.room(&ana).await);
    assert_eq!(shop.get(&path, &ana).await, json!({"code": 200, "data": [], "msg": "获取成功"}));
    let none = client().get(format!("{}{path}", shop.base)).send().await.unwrap();
    assert_eq!((none.status().as_u16(), none.json::<Value>().await.unwrap()), (200, unknown()), "no header");
    let native = town.person("mallory").await.cookie.unwrap().split_once('=').unwrap().1.to_owned();
    let visit = Visit { address: [127, 0, 0, 1].into(), user_agent: String::new() };
    let tyut = town.chat.sign_in_at("tyut", "mallory", PASSWORD, &visit, None).await.unwrap().token;
    for token in ["", " ", "nonsense", &format!("{ana}x"), &ana[1..], &shop.key, &native, &tyut] {
        assert_eq!(shop.get(&path, token).await, unknown(), "{token}");
    }
    assert_eq!(shop.get(&format!("{path}&token={ana}"), "").await, unknown(), "the query is no place for one");
    // Somebody of another system has a good token, and no such room.
    let other = Shop::named(&town, "other").await;
    let stranger = other.get(&path, &other.token("ana").await).await;
    assert_eq!((&stranger["code"], stranger.get("data")), (&json!(-1), None), "{stranger}");
    assert_eq!(shop.post("/u/user/login_out", &ana, json!({})).await["code"], 200);
    assert_eq!(shop.get(&path, &ana).await, refused("token已失效"));
}

/// The hex of a UUID's text.
fn is_an_id(id: &Value) -> bool {
    let id = id.as_str().unwrap();
    let text: String =
        (0..id.len()).step_by(2).map(|at| char::from(u8::from_str_radix(&id[at..at + 2], 16).unwrap())).collect();
    let lengths: Vec<usize> = text.split('-').map(str::len).collect();
    id.len() == 72 && lengths == [8, 4, 4, 4, 12] && text.chars().all(|c| c == '-' || c.is_ascii_hexdigit())
}

#[tokio::test(flavor = "multi_thread")]
async fn times_are_seconds_and_ids_are_72_digits() {
    let clock = Clock::fake(1_662_885_163_999);
    let town = Town::on(Terms { clock: clock.clone(), old: super::old(), ..Terms::old() }).await;
    let shop = Shop::named(&town, "shop").await;
    let (ana, bo) = (shop.token("ana").await, shop.token("bo").await);
    let mut socket = shop.socket(&bo, "bo").await;
    let room = shop.room(&ana).await;
    shop.in_room("enter_room", &bo, json!({"room_id": room})).await;
    shop.says(&ana, "bo", "one").await;
    let mut ids = vec![pushed(&mut socket).await];
    clock.advance(1_355_001);
    assert_eq!(shop.in_room_fields_of("room_message", &ana, "message", "two", &room).await, "消息发送成功");
    shop.says(&ana, "bo", "three").await;
    ids.extend([pushed(&mut socket).await, pushed(&mut socket).await]);
    let times: Vec<_> = ids.iter().map(|push| push["created_at"].as_i64().unwrap()).collect();
    assert_eq!(times, [1_662_885_163, 1_662_886_519, 1_662_886_519]);
    let ids: Vec<Value> = ids.into_iter().map(|push| push["message_id"].clone()).collect();
    assert!(ids.iter().all(is_an_id), "{ids:?}");
    for (kind, last) in [(1, &ids[2]), (2, &ids[1])] {
        let line = shop.list(&bo, &format!("room_type={kind}")).await.remove(0);
        assert_eq!((&line["LastMessageUpdatedAt"], &line["CreateAt"]), (&json!(1_662_886_519), &json!(1_662_885_163)));
        assert_eq!((is_an_id(&line["RoomId"]), &line["LastMessageId"]), (true, last));
        let path = format!("/rm/room/get_room_message_list?room_id={}", line["RoomId"].as_str().unwrap());
        let said = shop.get(&path, &bo).await["data"].clone();
        assert_eq!((&said[0]["MessageId"], &said[0]["CreateAt"]), (last, &json!(1_662_886_519)));
        let first = said.as_array().unwrap().last().unwrap();
        let made = if kind == 1 { (&ids[0], json!(1_662_885_163)) } else { (&ids[1], json!(1_662_886_519)) };
        assert_eq!((&first["MessageId"], first["CreateAt"].clone()), made);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn f12_f13_a_room_that_one_has_left_is_on_no_list_of_ones_own() {
    let (_town, shop) = Shop::new().await;
    let (ana, bo, cy) = (shop.token("ana").await, shop.token("bo").await, shop.token("cy").await);
    let room = shop.room(&ana).await;
    for token in [&bo, &cy] {
        shop.in_room("enter_room", token, json!({"room_id": room})).await;
    }
    for token in [&ana, &bo, &cy] {
        assert_eq!(shop.in_room_fields_of("room_message", token, "message", "hello", &room).await, "消息发送成功");
    }
    let path = format!("/rm/room/get_room_message_list?room_id={room}");
    let none = json!({"code": 200, "data": [], "msg": "获取成功"});
    assert_eq!(shop.in_room("exit_room", &bo, json!({"room_id": room})).await, "退出房间成功");
    assert_eq!(shop.in_room_fields_of("kick_out_room", &ana, "user_id", "cy", &room).await, "踢出用户成功");
    for token in [&bo, &cy] {
        assert_eq!(shop.get("/rm/room/get_room_list", token).await, none);
        assert_eq!(shop.get(&path, token).await, refused("你不在房间"));
    }
    assert_eq!(shop.list(&ana, "").await[0]["RoomId"], room);
    shop.in_room("enter_room", &bo, json!({"room_id": room})).await;
    assert_eq!(shop.list(&bo, "").await[0]["RoomId"], room, "until one comes again");
    assert_eq!(shop.get(&path, &bo).await["data"].as_array().unwrap().len(), 3);
}

//! The rules of the protocol file, and one world with our own pages.

use super::{Place, soon};
use crate::compat::{noise, png};
use crate::town::PASSWORD;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use domain::ClientId;
use domain::moderation::Posting;
use domain::room::Visibility;
use reqwest::Method;
use serde_json::{Value, json};

#[tokio::test(flavor = "multi_thread")]
async fn coming_going_and_coming_again() {
    let place = Place::new().await;
    place.person("ana").await;
    let query = format!("token={}&room=1", place.token("root").await);
    let mut r = place.try_to_join(&query).await.unwrap();
    let joined = r.hear().await;
    assert_eq!((&joined["Type"], &joined["Content"]), (&json!(0), &json!("大家好！")));
    let ana = place.token("ana").await;
    let first = place.join(&ana, 1).await;
    assert_eq!(r.hear().await["User"], "ana");
    let second = place.join(&ana, 1).await;
    let again = r.hear().await;
    assert_eq!((&again["Type"], &again["Content"], &again["User"]), (&json!(3), &json!("我又来了！"), &json!("ana")));
    first.leave().await;
    r.is_quiet().await;
    second.leave().await;
    let left = r.hear().await;
    assert_eq!((&left["Type"], &left["Content"], &left["User"]), (&json!(1), &json!(""), &json!("ana")));
}

#[tokio::test(flavor = "multi_thread")]
async fn logging_out_and_force_close_sockets() {
    let place = Place::new().await;
    let root = place.token("root").await;
    let mut old = place.join(&root, 1).await;
    let forced = place.log_in(json!({"name": "root", "password": PASSWORD, "force": "force"})).await;
    old.is_closed().await;
    let token = forced["data"]["token"].as_str().unwrap();
    let mut new = place.join(token, 1).await;
    let again = place.log_in(json!({"name": "root", "password": PASSWORD, "force": "no"})).await;
    assert_eq!(again["code"], 200, "a second login is never refused");
    new.is_quiet().await;
    let bye = json!({"code": 200, "msg": "登出成功！", "data": ""});
    assert_eq!(place.post("/api/logout", token, json!({})).await, bye);
    new.is_closed().await;
    assert_eq!(place.get("/api/auth/user", token).await["code"], 302);
    assert_eq!(place.post("/api/logout", token, json!({})).await, bye, "also for a token that is none");
}

#[tokio::test(flavor = "multi_thread")]
async fn approvals_come_from_admins_byte_for_byte() {
    let place = Place::new().await;
    place.person("ana").await;
    let mut r = place.join(&place.token("root").await, 1).await;
    let mut a = place.join(&place.token("ana").await, 1).await;
    let approval = r#"{"Type":"login","User":"ana", "Join":true}"#;
    a.say(approval).await;
    r.say(approval).await;
    let frame = a.hears(2).await;
    assert_eq!((&frame["Content"], &frame["User"]), (&json!(approval), &json!("root")), "hers was not forwarded");
    a.say("ping").await;
    a.is_quiet().await;
    let mut late = place.join(&place.token("ana").await, 1).await;
    assert_eq!(late.hears(2).await["Content"], approval, "her page was loaded anew, and need not wait again");
    let root = place.token("root").await;
    assert_eq!(place.get("/api/chats", &root).await["data"], json!([]), "neither is kept");
}

#[tokio::test(flavor = "multi_thread")]
async fn pictures_in_the_chat_travel_as_they_are() {
    let place = Place::new().await;
    let root = place.token("root").await;
    let mut r = place.join(&root, 1).await;
    let picture = format!("data:image/png;base64,{}", STANDARD.encode(png()));
    r.say(&picture).await;
    assert_eq!(r.hears(2).await["Content"], picture);
    let (who, room) = (place.who("root").await, place.room(1).await);
    let chat = &place.town.chat;
    let reader = chat.reader(Some(&who), room.id).await.unwrap();
    let said = chat.history(&reader, None).await.unwrap().messages.pop().unwrap();
    assert_eq!((said.spans.len(), said.files.len()), (0, 1), "our page shows it as a file");
    // And one that is sent here arrives as a text there.
    let writer = chat.writer(Some(&who), room.id).await.unwrap();
    let mut upload = chat.begin_whole(&writer, "a.png").await.unwrap();
    upload.push(&png()).await.unwrap();
    let blob = upload.finish(None).await.unwrap().blob;
    chat.post_with(&writer, &ClientId::parse("c1").unwrap(), "看", &[blob]).await.unwrap();
    assert_eq!(r.hears(2).await["Content"], "看");
    assert!(r.hears(2).await["Content"].as_str().unwrap().starts_with("data:image/png;base64,"));
    r.say("data:image/png;base64,=====").await;
    let why = r.hears(2).await;
    assert_eq!(why["User"], "system", "{why}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_picture_as_large_as_their_page_lets_somebody_send_arrives_byte_for_byte() {
    let place = Place::new().await;
    place.person("ana").await;
    let mut r = place.join(&place.token("root").await, 1).await;
    let mut a = place.join(&place.token("ana").await, 1).await;
    let bytes = noise(820, 840);
    assert!((1_950_000..2 * 1024 * 1024).contains(&bytes.len()), "{}", bytes.len());
    let picture = format!("data:image/png;base64,{}", STANDARD.encode(bytes));
    a.say(&picture).await;
    for socket in [&mut r, &mut a] {
        let frame = socket.hears(2).await;
        assert_eq!((&frame["User"], &frame["Room"]), (&json!("ana"), &json!(1)));
        assert!(frame["Content"] == picture.as_str(), "not as it was sent");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn our_pages_and_theirs_are_one_room() {
    let place = Place::new().await;
    let ben = place.town.person("ben").await;
    let mut r = place.join(&place.token("root").await, 2).await;
    let room = place.room(2).await;
    let mut ours = ben.socket().await;
    assert_eq!(ours.enter(&room, None).await["kind"], "entered");
    r.say(" von drüben ").await;
    let heard = loop {
        let event = ours.hears("event").await;
        if event["what"]["said"].is_object() {
            break event;
        }
    };
    assert_eq!(heard["what"]["said"]["message"]["author"]["name"], "root");
    place.town.says(&ben, &room, "c1", "von hier").await;
    assert_eq!(r.hears(2).await["Content"], " von drüben ");
    let frame = r.hears(2).await;
    assert_eq!((&frame["Content"], &frame["User"], &frame["Room"]), (&json!("von hier"), &json!("ben"), &json!(2)));
    let listed = place.get("/api/chats?room=2", &place.token("root").await).await;
    assert_eq!((&listed["data"][0]["url"], &listed["data"][0]["User"]), (&json!("von hier"), &json!("ben")));
    assert_eq!(listed["data"][1]["url"], " von drüben ", "letter by letter");
}

#[tokio::test(flavor = "multi_thread")]
async fn moderation_holds_here_too() {
    let place = Place::new().await;
    place.person("ana").await;
    let root = place.token("root").await;
    let mut r = place.join(&root, 1).await;
    let ana = place.token("ana").await;
    let mut a = place.join(&ana, 1).await;
    let (who, room) = (place.who("root").await, place.room(1).await);
    let chat = &place.town.chat;
    let host = chat.host(Some(&who), room.id).await.unwrap();
    let policy = domain::moderation::Policy { posting: Posting::Hosts, ..*host.policy() };
    chat.change_policy(&host, policy).await.unwrap();
    a.say("hello").await;
    let why = a.hears(2).await;
    assert_eq!((&why["User"], &why["Content"]), (&json!("system"), &json!("这个房间现在只有主持人能发言。")));
    r.hears(0).await;
    r.is_quiet().await;
    let person = place.who("ana").await.person.id;
    let host = chat.host(Some(&who), room.id).await.unwrap();
    chat.ban(&host, person, "").await.unwrap();
    a.is_closed().await;
    assert_eq!(place.try_to_join(&format!("token={ana}&room=1")).await.err().unwrap().0, 302);
    assert_eq!(place.get("/api/chats?room=1", &ana).await["data"], json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn who_runs_a_room_here_is_its_admin_there() {
    let place = Place::new().await;
    place.person("ana").await;
    let (who, room) = (place.who("root").await, place.room(3).await);
    let chat = &place.town.chat;
    let person = place.who("ana").await.person.id;
    let host = chat.host(Some(&who), room.id).await.unwrap();
    chat.add_member(&host, person, domain::member::Role::Host).await.unwrap();
    let login = async |room: i64| place.log_in(json!({"name": "ana", "password": PASSWORD, "room": room})).await;
    assert_eq!(login(1).await["msg"], "管理员未登陆！", "of that room only");
    let answer = login(3).await;
    assert_eq!((&answer["code"], &answer["data"]["user"]["role"]), (&json!(200), &json!("admin")));
    let ana = answer["data"]["token"].as_str().unwrap();
    place.join(ana, 3).await;
    let body = |room: i64| json!({"c_id": 1, "url": "http://127.0.0.1:9/", "order": 1, "room": room});
    assert_eq!(place.post("/pics", ana, body(3)).await["code"], 201);
    for elsewhere in [0, 1] {
        assert_eq!(place.post("/pics", ana, body(elsewhere)).await["msg"], "身份验证失败！");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn lists_of_what_was_said_are_changed_by_its_rules() {
    let place = Place::new().await;
    let root = place.token("root").await;
    let mut r = place.join(&root, 1).await;
    let said = place.post("/api/admin/chats", &root, json!({"url": "你好", "room": 1, "User": "somebody else"})).await;
    assert_eq!((&said["code"], &said["data"]["User"]), (&json!(201), &json!("root")), "as who they are");
    assert_eq!(r.hears(2).await["Content"], "你好");
    let path = format!("/api/admin/chat/{}", said["data"]["id"]);
    assert_eq!(place.get(&path, &root).await["data"]["url"], "你好");
    let changed = place.ask(Method::PUT, &path, &root, &json!({"url": "再见"})).await;
    assert_eq!((&changed["code"], &changed["data"]["url"]), (&json!(205), &json!("再见")));
    let gone = place.ask(Method::DELETE, &path, &root, &json!({})).await;
    assert_eq!(gone, json!({"code": 200, "msg": "删除成功", "data": ""}));
    soon(async || {
        let listed = place.get("/api/chats", &root).await;
        (!listed.to_string().contains("再见")).then_some(())
    })
    .await;
    assert_eq!(place.get("/api/admin/chat/999999", &root).await["msg"], "查询失败");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_said_in_rooms_of_others_is_not_on_its_lists() {
    let place = Place::new().await;
    let root = place.token("root").await;
    let (chat, eva) = (&place.town.chat, place.town.person("eva").await);
    let den = place.town.room("den", Visibility::Private, &eva).await;
    let writer = chat.writer(eva.who.as_ref(), den.id).await.unwrap();
    let id = chat.post(&writer, &ClientId::parse("c1").unwrap(), "secret").await.unwrap().message.id;
    for (method, msg) in [(Method::GET, "查询失败"), (Method::PUT, "更新失败"), (Method::DELETE, "查询失败")]
    {
        let answer = place.ask(method.clone(), &format!("/api/admin/chat/{}", id.0), &root, &json!({"url": "x"})).await;
        assert_eq!(answer, json!({"code": 204, "msg": msg, "data": ""}), "{method}");
    }
    assert_eq!(place.get("/api/chats", &root).await["data"], json!([]));
    let reader = chat.reader(eva.who.as_ref(), den.id).await.unwrap();
    let said = chat.history(&reader, None).await.unwrap().messages;
    assert_eq!((said.len(), domain::span::plain(&said[0].spans)), (1, "secret".to_owned()));
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_only_called_admin_is_none() {
    let place = Place::new().await;
    place.person("admin").await;
    let login = async |room: Value| place.log_in(json!({"name": "admin", "password": PASSWORD, "room": room})).await;
    for room in [json!(null), json!(0), json!(1)] {
        let away = json!({"code": 302, "msg": "管理员未登陆！", "data": ""});
        assert_eq!(login(room.clone()).await, away, "{room}: no real one is there");
    }
    let mut r = place.join(&place.token("root").await, 1).await;
    let answer = login(json!(1)).await;
    assert_eq!((&answer["code"], &answer["data"]["user"]["role"]), (&json!(200), &json!("user")));
    let admin = answer["data"]["token"].as_str().unwrap();
    let picture = json!({"c_id": 1, "url": "http://127.0.0.1:9/", "order": 1, "room": 1});
    let no = json!({"code": 302, "msg": "身份验证失败！", "data": ""});
    assert_eq!(place.post("/pics", admin, picture).await, no);
    assert_eq!(place.get("/api/pics", admin).await["data"], json!([]));
    let mut a = place.join(admin, 1).await;
    a.say(r#"{"Type":"login","User":"ana", "Join":true}"#).await;
    a.say("hello").await;
    for socket in [&mut r, &mut a] {
        let frame = socket.hears(2).await;
        assert_eq!((&frame["Content"], &frame["User"]), (&json!("hello"), &json!("admin")), "it was not forwarded");
    }
}

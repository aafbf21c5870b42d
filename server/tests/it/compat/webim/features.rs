//! The features of the seed's list, and its documented exchanges.

use super::{Place, Socket, replay_on_both};
use crate::town::{PASSWORD, client};
use reqwest::Method;
use serde_json::{Value, json};
use server::compat::settings::{Compat, Facade};
use std::time::{Duration, Instant};

#[tokio::test(flavor = "multi_thread")]
async fn the_documented_chat() {
    replay_on_both("chat", Compat::default()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_documented_pictures() {
    replay_on_both("pictures", Compat::default()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_documented_accounts() {
    replay_on_both("accounts", Compat::default()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_further_lists() {
    replay_on_both("lists", Compat::default()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn f1_texts_go_in_and_json_comes_out() {
    let place = Place::new().await;
    place.person("ana").await;
    let root = place.token("root").await;
    let mut r = place.join(&root, 1).await;
    let mut a = place.join(&place.token("ana").await, 1).await;
    for text in ["  这里是内容 ", "<b>粗</b> & \"quoted\"", "{\"json\": 1}", "a\nb"] {
        a.say(text).await;
        for socket in [&mut r, &mut a] {
            let frame = socket.hears(2).await;
            assert_eq!(frame["Content"], text);
            assert_eq!((&frame["User"], &frame["Room"]), (&json!("ana"), &json!(1)));
            let now = place.town.chat.now();
            assert!((now - frame["Timestamp"].as_i64().unwrap()).abs() < 60_000, "milliseconds: {frame}");
            assert_eq!(frame.as_object().unwrap().len(), 5);
        }
    }
    a.say("<img src=x onerror=alert(1)>").await;
    assert_eq!(r.hears(2).await["Content"], "&lt;img src=x onerror=alert(1)>", "nothing runs on old pages");
}

#[tokio::test(flavor = "multi_thread")]
async fn f2_rooms_are_apart() {
    let place = Place::new().await;
    let root = place.token("root").await;
    let (mut one, mut four) = (place.join(&root, 1).await, place.join(&root, 4).await);
    one.say("nur hier").await;
    assert_eq!(one.hears(2).await["Room"], 1);
    four.is_quiet().await;
    assert_eq!(place.room(4).await.title, "四号房间");
    let few = Place::with(Compat { webim_rooms: Some(2), ..Compat::default() }).await;
    let root = few.token("root").await;
    assert!(few.try_to_join(&format!("token={root}&room=2")).await.is_ok());
    assert_eq!(few.try_to_join(&format!("token={root}&room=3")).await.err(), Some((302, "/compat/webim/".into())));
}

#[tokio::test(flavor = "multi_thread")]
async fn f3_nobody_comes_in_without_an_admin() {
    let place = Place::new().await;
    place.person("ana").await;
    let refused = json!({"code": 302, "msg": "管理员未登陆！", "data": ""});
    let log_in = async |room: i64| place.log_in(json!({"name": "ana", "password": PASSWORD, "room": room})).await;
    assert_eq!(log_in(1).await, refused);
    let root = place.token("root").await;
    assert_eq!(log_in(3).await["code"], 200, "an admin without a socket counts for every room");
    let ana = place.token("ana").await;
    assert_eq!(place.try_to_join(&format!("token={ana}&room=1")).await.err().unwrap().0, 302, "but has to be there");
    let admin = place.join(&root, 1).await;
    let mut inside = place.join(&ana, 1).await;
    assert_eq!(log_in(3).await, refused, "now they are in room 1");
    assert_eq!(log_in(1).await["code"], 200);
    assert_eq!(place.try_to_join(&format!("token={ana}&room=2")).await.err().unwrap().0, 302);
    drop(admin);
    let since = Instant::now();
    super::soon(async || (log_in(1).await == refused).then_some(())).await;
    assert!(since.elapsed() < Duration::from_secs(2), "{:?}", since.elapsed());
    assert_eq!(place.try_to_join(&format!("token={ana}&room=1")).await.err().unwrap().0, 302);
    inside.say("noch da").await;
    assert_eq!(inside.hears(2).await["Content"], "noch da", "who is inside stays");
}

#[tokio::test(flavor = "multi_thread")]
async fn f4_the_page_is_for_phones_too() {
    let place = Place::new().await;
    let get = async |path: &str| client().get(format!("{}{path}", place.base)).send().await.unwrap();
    let bare = get("").await;
    assert_eq!((bare.status().as_u16(), bare.headers()["location"].to_str().unwrap()), (302, "/compat/webim/"));
    let page = get("/").await;
    assert_eq!(page.status(), 200);
    let policy = page.headers()["content-security-policy"].to_str().unwrap().to_owned();
    assert!(policy.contains("default-src 'none'") && policy.contains("script-src 'self'"), "{policy}");
    assert!(policy.ends_with(&format!("connect-src 'self' {}", place.base.replacen("http", "ws", 1))), "{policy}");
    let html = page.text().await.unwrap();
    assert!(html.contains("width=device-width") && html.contains("<option value=\"4\">四号房间</option>"), "{html}");
    for (path, kind) in [("/js/app.js", "text/javascript"), ("/css/app.css", "text/css")] {
        let file = get(path).await;
        assert!(file.headers()["content-type"].to_str().unwrap().starts_with(kind), "{path}");
        assert!(html.contains(&path[1..]), "{path}");
    }
    assert!(get("/css/app.css").await.text().await.unwrap().contains("@media (max-width: 720px)"));
}

#[tokio::test(flavor = "multi_thread")]
async fn files_of_the_originals_page_are_not_here() {
    let place = Place::new().await;
    for base in place.town.mounts(Facade::Webim).await {
        let get = async |path: &str| client().get(format!("{base}{path}")).send().await.unwrap();
        for folder in ["/img", "/fonts", "/videos", "/js", "/css"] {
            for path in [folder.to_owned(), format!("{folder}/"), format!("{folder}/1.png"), format!("{folder}/..%2f1")]
            {
                let answer = get(&path).await;
                assert_eq!((answer.status().as_u16(), answer.text().await.unwrap()), (404, String::new()), "{path}");
            }
        }
        let icon = get("/favicon.ico").await;
        assert_eq!((icon.status().as_u16(), icon.text().await.unwrap()), (404, String::new()));
        // Nor does our page ask for any of them.
        let page = get("/").await.text().await.unwrap();
        for needed in ["img/", "fonts/", "videos/", "favicon"] {
            assert!(!page.contains(needed), "{needed}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn f5_the_video_of_the_room_is_pushed() {
    let place = Place::new().await;
    let root = place.token("root").await;
    let mut one = place.join(&root, 1).await;
    let mut two = place.join(&root, 2).await;
    let url = "http://127.0.0.1:9/live/index.m3u8";
    let body = json!({"c_id": 7, "url": url, "content": "<b>直播</b>", "room": 1});
    let made = place.post("/api/admin/videos", &root, body).await;
    assert_eq!((&made["code"], &made["data"]["url"], &made["data"]["c_id"]), (&json!(201), &json!(url), &json!(7)));
    let frame = one.hears(6).await;
    assert_eq!((&frame["Content"], &frame["User"], &frame["Room"]), (&json!(url), &json!("system"), &json!(0)));
    let mut late = place.join(&root, 1).await;
    assert_eq!(late.hears(6).await["Content"], url, "who comes later is told");
    two.is_quiet().await;
    // Our room cannot play what is not there, and then a host chooses another one here.
    let (who, room) = (place.who("root").await, place.room(1).await);
    let host = place.town.chat.host(Some(&who), room.id).await.unwrap();
    let bytes = bytes::Bytes::from_static(b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom\0\0\0\x08mdat");
    let mut upload = place.town.chat.begin_video(&host).await.unwrap();
    upload.push(&bytes).await.unwrap();
    let source = chat::VideoSource::File(upload.finish().await.unwrap());
    let new = chat::NewVideo { source, title: String::new(), poster: None, captions: None, language: String::new() };
    place.town.chat.set_video(&host, new).await.unwrap();
    let ours = one.hears(6).await["Content"].as_str().unwrap().to_owned();
    assert!(ours.starts_with(&format!("{}/media/", place.base)), "{ours}");
    let got = client().get(&ours).send().await.unwrap();
    assert_eq!(got.headers()["cross-origin-resource-policy"], "cross-origin");
    assert_eq!(got.bytes().await.unwrap(), bytes, "without a cookie");
    let gone = place.ask(Method::DELETE, "/api/admin/video/7", &root, &json!({})).await;
    assert_eq!((&gone["code"], &gone["msg"]), (&json!(200), &json!("删除成功")));
}

#[tokio::test(flavor = "multi_thread")]
async fn f5_the_newest_video_of_a_room_is_the_one_that_is_played() {
    let place = Place::new().await;
    let root = place.token("root").await;
    let url = |c_id: i64| format!("http://127.0.0.1:9/{c_id}.mp4");
    let body = |c_id: i64, room: i64| json!({"c_id": c_id, "url": url(c_id), "room": room});
    let mut one = place.join(&root, 1).await;
    let mut two = place.join(&root, 2).await;
    let plays = async |socket: &mut Socket, c_id: i64| {
        let frame = socket.hear().await;
        let at = &frame["Timestamp"];
        let told = json!({"Type": 6, "User": "system", "Room": 0, "Timestamp": at, "Content": url(c_id)});
        assert_eq!(frame, told);
    };
    for c_id in [7, 8] {
        assert_eq!(place.post("/api/admin/videos", &root, body(c_id, 1)).await["code"], 201);
        plays(&mut one, c_id).await;
    }
    let mut late = place.join(&root, 1).await;
    one.hears(3).await;
    plays(&mut late, 8).await;
    // To the other room, where there was none: both play something else now.
    let moves = async |room: i64| place.ask(Method::PUT, "/api/admin/video/8", &root, &body(8, room)).await;
    assert_eq!(moves(2).await["data"]["room"], 2);
    plays(&mut one, 7).await;
    plays(&mut late, 7).await;
    plays(&mut two, 8).await;
    assert_eq!(moves(1).await["code"], 205);
    plays(&mut one, 8).await;
    plays(&mut late, 8).await;
    let gone = place.ask(Method::DELETE, "/api/admin/video/8", &root, &json!({})).await;
    assert_eq!(gone, json!({"code": 200, "msg": "删除成功", "data": ""}));
    plays(&mut one, 7).await;
    plays(&mut late, 7).await;
    for socket in [&mut one, &mut late, &mut two] {
        socket.is_quiet().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn lists_are_of_all_rooms_or_one_and_newest_first() {
    let place = Place::new().await;
    let root = place.token("root").await;
    for many in ["courses", "records", "histories", "videos", "chats"] {
        let mut made = Vec::new();
        for (c_id, room) in [(9, 1), (3, 2), (5, 1)] {
            let url = format!("http://127.0.0.1:9/{c_id}");
            let body = json!({"c_id": c_id, "url": url, "content": "x", "room": room});
            let answer = place.post(&format!("/api/admin/{many}"), &root, body).await;
            made.push(answer["data"]["id"].as_i64().unwrap());
        }
        assert!(made.is_sorted(), "{many}: {made:?}");
        let ids = async |query: &str| -> Vec<i64> {
            let listed = place.get(&format!("/api/{many}{query}"), &root).await;
            assert_eq!((&listed["code"], &listed["msg"]), (&json!(200), &json!("查询成功")), "{many}{query}");
            listed["data"].as_array().unwrap().iter().map(|one| one["id"].as_i64().unwrap()).collect()
        };
        assert_eq!(ids("").await, [made[2], made[1], made[0]], "{many}");
        assert_eq!(ids("?room=1").await, [made[2], made[0]], "{many}");
        assert_eq!(ids("?room=2").await, [made[1]], "{many}");
        assert!(ids("?room=3").await.is_empty(), "{many}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn f8_the_token_is_ours_and_opens_this_facade_only() {
    let place = Place::new().await;
    let token = place.token("root").await;
    assert_eq!(place.get("/api/auth/user", &token).await["data"]["role"], "admin");
    let url = format!("{}/api/auth/user", place.base);
    let asked = async |name: &str, value: &str| -> Value {
        client().get(&url).header(name, value).send().await.unwrap().json().await.unwrap()
    };
    assert_eq!(asked("token", &token).await["code"], 200, "the other header");
    assert_eq!(asked("authorization", &format!("bearer {token}")).await["code"], 200);
    let refused = json!({"code": 302, "msg": "身份验证失败！", "data": ""});
    for odd in ["", "x", &format!("{token}x")] {
        assert_eq!(asked("token", odd).await, refused);
    }
    let in_query: Value = client().get(format!("{url}?token={token}")).send().await.unwrap().json().await.unwrap();
    assert_eq!(in_query, refused, "the query is for the socket alone");
    let visit = chat::Visit { address: [10, 1, 1, 1].into(), user_agent: String::new() };
    for door in ["", "ginchat"] {
        let other = place.town.chat.sign_in_at(door, "root", PASSWORD, &visit, None).await.unwrap().token;
        assert_eq!(asked("token", &other).await, refused, "{door}");
        assert_eq!(place.try_to_join(&format!("token={other}&room=1")).await.err().unwrap().0, 302);
    }
    assert!(!token.contains('%'), "its page encodes the address twice");
}

#[tokio::test(flavor = "multi_thread")]
async fn f9_handshakes_are_answered_before_the_upgrade() {
    let place = Place::new().await;
    let root = place.token("root").await;
    for query in ["", "token=x&room=1", &format!("token={root}&room=5"), &format!("token={root}&room=-1")] {
        assert_eq!(place.try_to_join(query).await.err(), Some((302, "/compat/webim/".into())), "{query}");
    }
    for query in [format!("token={root}"), format!("token={root}&room=x"), format!("token={root}&room=0")] {
        let mut socket = place.try_to_join(&query).await.unwrap();
        let kind = socket.hear().await;
        assert_eq!(kind["Room"], 1, "{query}");
        socket.leave().await;
    }
    let plain = client().get(format!("{}/ws/join?token={root}&room=1", place.base)).send().await.unwrap();
    assert_eq!(plain.status(), 400);
    assert_eq!(plain.text().await.unwrap(), "Not a websocket handshake");
}

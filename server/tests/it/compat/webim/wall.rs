//! The wall: what the other site pushes (F6, F10), and what hosts hang here.

use super::{Place, Socket, soon};
use crate::compat::transcript::png;
use crate::town::{Terms, client};
use axum::Router;
use axum::routing::get;
use chat::{Clock, NewPicture};
use domain::wall::Wall;
use reqwest::Method;
use serde_json::{Value, json};
use tokio::net::TcpListener;

/// A site with a picture.
async fn picture_site() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/a.png", listener.local_addr().unwrap());
    let router = Router::new().route("/a.png", get(async || png()));
    tokio::spawn(async move { axum::serve(listener, router).await });
    url
}

async fn wall(place: &Place, room: i64) -> Wall {
    let (who, room) = (place.who("root").await, place.room(room).await);
    let reader = place.town.chat.reader(Some(&who), room.id).await.unwrap();
    place.town.chat.wall(&reader).await.unwrap()
}

async fn is_fresh(socket: &mut Socket, urls: &[&str]) {
    let first = socket.hears(5).await;
    assert_eq!((&first["Content"], &first["User"], &first["Room"]), (&json!(urls[0]), &json!("system"), &json!(0)));
    for url in &urls[1..] {
        let next = socket.hear().await;
        assert_eq!((&next["Type"], &next["Content"]), (&json!(4), &json!(url)));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn f6_a_change_reaches_open_pages() {
    let place = Place::new().await;
    let root = place.token("root").await;
    let mut one = place.join(&root, 1).await;
    let mut two = place.join(&root, 2).await;
    let add = async |c_id: i64, url: &str, order: i64, room: i64| {
        let body = json!({"c_id": c_id, "url": url, "order": order, "room": room});
        assert_eq!(place.post("/pics", &root, body).await["code"], 201);
    };
    add(1, "http://127.0.0.1:9/a.jpg", 5, 1).await;
    is_fresh(&mut one, &["http://127.0.0.1:9/a.jpg"]).await;
    add(2, "http://127.0.0.1:9/b.jpg", 2, 1).await;
    is_fresh(&mut one, &["http://127.0.0.1:9/b.jpg", "http://127.0.0.1:9/a.jpg"]).await;
    two.is_quiet().await;
    // Every room.
    add(3, "http://127.0.0.1:9/c.jpg", 9, 0).await;
    is_fresh(&mut one, &["http://127.0.0.1:9/b.jpg", "http://127.0.0.1:9/a.jpg", "http://127.0.0.1:9/c.jpg"]).await;
    is_fresh(&mut two, &["http://127.0.0.1:9/c.jpg"]).await;
    // To the other room: both are told.
    let moved = json!({"url": "http://127.0.0.1:9/a2.jpg", "order": 10, "room": 2});
    assert_eq!(place.ask(Method::PUT, "/pic/1", &root, &moved).await["code"], 205);
    is_fresh(&mut one, &["http://127.0.0.1:9/b.jpg", "http://127.0.0.1:9/c.jpg"]).await;
    is_fresh(&mut two, &["http://127.0.0.1:9/c.jpg", "http://127.0.0.1:9/a2.jpg"]).await;
    for (c_id, left) in [(3, "http://127.0.0.1:9/b.jpg"), (2, "")] {
        assert_eq!(place.ask(Method::DELETE, &format!("/pic/{c_id}"), &root, &json!({})).await["code"], 200);
        is_fresh(&mut one, &[left]).await;
    }
    // Who comes in gets the wall without a fresh one, front last.
    let mut late = place.join(&root, 2).await;
    let frame = late.hear().await;
    assert_eq!((&frame["Type"], &frame["Content"]), (&json!(4), &json!("http://127.0.0.1:9/a2.jpg")));
}

#[tokio::test(flavor = "multi_thread")]
async fn f6_pictures_of_every_room_stand_in_order_among_its_own() {
    let place = Place::new().await;
    let root = place.token("root").await;
    for (url, order, room) in [("a", 7, 0), ("b", 9, 1), ("c", 1, 1), ("d", -3, 0), ("e", 8, 2)] {
        let body = json!({"c_id": 1, "url": format!("http://127.0.0.1:9/{url}"), "order": order, "room": room});
        assert_eq!(place.post("/pics", &root, body).await["code"], 201);
    }
    place.post("/api/admin/videos", &root, json!({"c_id": 1, "url": "http://127.0.0.1:9/v", "room": 2})).await;
    for (room, urls, video) in [(1, "dcab", ""), (2, "dae", "v"), (3, "da", "")] {
        let mut socket = place.join(&root, room).await;
        let kinds = urls.chars().map(|url| (4, url)).chain(video.chars().map(|url| (6, url)));
        for (kind, url) in kinds {
            let frame = socket.hear().await;
            let at = frame["Timestamp"].as_i64().unwrap();
            let url = format!("http://127.0.0.1:9/{url}");
            let told = json!({"Type": kind, "User": "system", "Room": 0, "Timestamp": at, "Content": url});
            assert_eq!(frame, told, "in room {room}");
        }
        socket.is_quiet().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn f10_one_c_id_may_name_several_pictures() {
    let place = Place::new().await;
    let root = place.token("root").await;
    let mut one = place.join(&root, 1).await;
    let mut two = place.join(&root, 2).await;
    let mut made = Vec::new();
    for (url, room) in [("http://127.0.0.1:9/a.jpg", 1), ("http://127.0.0.1:9/b.jpg", 2)] {
        let answer = place.post("/pics", &root, json!({"c_id": 9, "url": url, "order": room, "room": room})).await;
        assert_eq!((&answer["code"], &answer["msg"]), (&json!(201), &json!("添加成功")));
        assert_eq!((&answer["data"]["c_id"], &answer["data"]["url"]), (&json!(9), &json!(url)));
        made.push(answer["data"]["id"].as_i64().unwrap());
    }
    assert!(made[0] < made[1], "two pictures: {made:?}");
    is_fresh(&mut one, &["http://127.0.0.1:9/a.jpg"]).await;
    is_fresh(&mut two, &["http://127.0.0.1:9/b.jpg"]).await;
    assert_eq!(place.get("/pic/9", &root).await["data"]["id"], made[1], "the newest");
    // Both are what it says, and the newest is the answer.
    let said = json!({"url": "http://127.0.0.1:9/c.jpg", "order": 5, "room": 1});
    let changed = place.ask(Method::PUT, "/pic/9", &root, &said).await;
    assert_eq!((&changed["code"], &changed["msg"]), (&json!(205), &json!("更新成功")));
    assert_eq!((&changed["data"]["id"], &changed["data"]["url"]), (&json!(made[1]), &said["url"]));
    is_fresh(&mut one, &["http://127.0.0.1:9/c.jpg", "http://127.0.0.1:9/c.jpg"]).await;
    is_fresh(&mut two, &[""]).await;
    let listed = place.get("/api/pics", &root).await["data"].clone();
    let pictures: Vec<_> = listed.as_array().unwrap().iter().map(|picture| picture["id"].as_i64().unwrap()).collect();
    assert_eq!(pictures, [made[1], made[0]]);
    for picture in listed.as_array().unwrap() {
        for (name, value) in said.as_object().unwrap() {
            assert_eq!(&picture[name], value, "{picture}");
        }
        assert_eq!(picture["c_id"], 9);
    }
    let gone = place.ask(Method::DELETE, "/pic/9", &root, &json!({})).await;
    assert_eq!(gone, json!({"code": 200, "msg": "删除成功", "data": ""}));
    is_fresh(&mut one, &[""]).await;
    assert_eq!(place.get("/api/pics", &root).await["data"], json!([]), "none is left");
    let again = place.ask(Method::DELETE, "/pic/9", &root, &json!({})).await;
    assert_eq!(again, json!({"code": 204, "msg": "查询失败", "data": ""}));
    one.is_quiet().await;
    two.is_quiet().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn f10_a_linked_picture_hangs_on_our_wall() {
    let place = Place::new().await;
    let root = place.token("root").await;
    let url = picture_site().await;
    let mut one = place.join(&root, 1).await;
    place.post("/pics", &root, json!({"c_id": 4, "url": url, "order": 7, "room": 1})).await;
    is_fresh(&mut one, &[&url]).await;
    let picture = soon(async || wall(&place, 1).await.pictures.pop()).await;
    assert_eq!(picture.order, 7);
    // Its address stays what it was, and nobody is told twice.
    one.is_quiet().await;
    let listed = place.get("/api/pics?room=1", &root).await;
    assert_eq!((&listed["data"][0]["url"], &listed["data"][0]["c_id"]), (&json!(url), &json!(4)));
    place.ask(Method::PUT, "/pic/4", &root, &json!({"url": url, "order": 8, "room": 3})).await;
    soon(async || {
        (wall(&place, 1).await.pictures.is_empty() && wall(&place, 3).await.pictures.len() == 1).then_some(())
    })
    .await;
    place
        .ask(Method::PUT, "/pic/4", &root, &json!({"url": "http://127.0.0.1:9/none.jpg", "order": 8, "room": 3}))
        .await;
    soon(async || wall(&place, 3).await.pictures.is_empty().then_some(())).await;
    let listed = place.get("/api/pics?room=3", &root).await;
    assert_eq!(listed["data"][0]["url"], "http://127.0.0.1:9/none.jpg", "it is on the other site's wall all the same");
    place.ask(Method::PUT, "/pic/4", &root, &json!({"url": url, "order": 8, "room": 0})).await;
    soon(async || (wall(&place, 4).await.pictures.len() == 1).then_some(())).await;
    place.ask(Method::DELETE, "/pic/4", &root, &json!({})).await;
    for room in 1..=4 {
        soon(async || wall(&place, room).await.pictures.is_empty().then_some(())).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_host_does_here_is_seen_there() {
    let place = Place::new().await;
    let root = place.token("root").await;
    let url = picture_site().await;
    let mut one = place.join(&root, 1).await;
    place.post("/pics", &root, json!({"c_id": 1, "url": url, "order": 5, "room": 1})).await;
    is_fresh(&mut one, &[&url]).await;
    let linked = soon(async || wall(&place, 1).await.pictures.pop()).await;
    let (who, room) = (place.who("root").await, place.room(1).await);
    let chat = &place.town.chat;
    let host = chat.host(Some(&who), room.id).await.unwrap();
    let ours = chat.add_picture(&host, NewPicture { bytes: png().into(), ..NewPicture::default() }).await.unwrap();
    let there = format!("{}/media/{}", place.base, ours.blob);
    is_fresh(&mut one, &[&url, &there]).await;
    let got = client().get(&there).send().await.unwrap();
    assert_eq!((got.status().as_u16(), got.headers()["content-type"].to_str().unwrap()), (200, "image/png"));
    assert_eq!(got.headers()["cross-origin-resource-policy"], "cross-origin");
    let listed = place.get("/api/pics", &root).await;
    assert_eq!((&listed["data"][0]["url"], &listed["data"][0]["id"]), (&json!(there), &json!(-ours.id.0)));
    chat.move_picture(&host, linked.id, domain::wall::Place::First, None).await.unwrap();
    is_fresh(&mut one, &[&there, &url]).await;
    chat.change_pictures(&host, chat::ShelfAct::Hold, &[linked.id]).await.unwrap();
    is_fresh(&mut one, &[&there]).await;
    chat.change_pictures(&host, chat::ShelfAct::Show, &[linked.id]).await.unwrap();
    is_fresh(&mut one, &[&there, &url]).await;
    chat.remove_picture(&host, ours.id).await.unwrap();
    is_fresh(&mut one, &[&url]).await;
    assert_eq!(client().get(&there).send().await.unwrap().status(), 404, "nor is its file for anybody now");
    chat.remove_picture(&host, linked.id).await.unwrap();
    is_fresh(&mut one, &[""]).await;
    // Said anew by the other site, it hangs again.
    place.ask(Method::PUT, "/pic/1", &root, &json!({"url": url, "order": 5, "room": 1})).await;
    is_fresh(&mut one, &[&url]).await;
    soon(async || wall(&place, 1).await.pictures.pop()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_says_everything_and_what_it_leaves_out_is_nothing() {
    let place = Place::new().await;
    let root = place.token("root").await;
    let picture = json!({"c_id": 5, "url": "http://127.0.0.1:9/a.jpg", "order": 7, "room": 2});
    place.post("/pics", &root, picture).await;
    let before = place.get("/pic/5", &root).await["data"].clone();
    for (body, url, order) in
        [(json!({"url": "http://127.0.0.1:9/b.jpg"}), "http://127.0.0.1:9/b.jpg", 0), (json!({}), "", 0)]
    {
        let changed = place.ask(Method::PUT, "/pic/5", &root, &body).await;
        assert_eq!((&changed["code"], &changed["msg"]), (&json!(205), &json!("更新成功")), "{body}");
        let data = &changed["data"];
        assert_eq!((&data["url"], &data["order"], &data["room"]), (&json!(url), &json!(order), &json!(0)), "{body}");
        for kept in ["id", "c_id", "created_at"] {
            assert_eq!(data[kept], before[kept], "{body}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn lists_are_filtered_and_sorted() {
    let place = Place::new().await;
    let root = place.token("root").await;
    for (c_id, order, room) in [(1, 1, 1), (2, 9, 2), (3, 5, 0)] {
        place
            .post("/pics", &root, json!({"c_id": c_id, "url": "http://127.0.0.1:9/", "order": order, "room": room}))
            .await;
    }
    let ids = async |path: &str| -> Vec<i64> {
        let listed = place.get(path, &root).await;
        assert_eq!((&listed["code"], &listed["msg"]), (&json!(200), &json!("查询成功")));
        listed["data"].as_array().unwrap().iter().map(|picture: &Value| picture["c_id"].as_i64().unwrap()).collect()
    };
    assert_eq!(ids("/api/pics").await, [2, 3, 1]);
    assert_eq!(ids("/api/pics?room=1").await, [3, 1]);
    assert_eq!(ids("/api/pics?room=4").await, [3]);
}

#[tokio::test(flavor = "multi_thread")]
async fn times_are_the_servers_with_fractions_while_they_are_fresh() {
    let clock = Clock::fake(1_548_645_366_589);
    let place = Place::on(Terms { clock: clock.clone(), ..Terms::old() }).await;
    let root = place.token("root").await;
    let (made, made_whole) = ("2019-01-28T11:16:06.589+08:00", "2019-01-28T11:16:06+08:00");
    let (changed, changed_whole) = ("2019-01-28T13:36:31.667+08:00", "2019-01-28T13:36:31+08:00");
    let kinds = [
        ("/api/admin/pics", "/api/pics", "pic"),
        ("/api/admin/courses", "/api/courses", "course"),
        ("/api/admin/records", "/api/records", "record"),
        ("/api/admin/histories", "/api/histories", "history"),
        ("/api/admin/videos", "/api/videos", "video"),
        ("/api/admin/chats", "/api/chats", "chat"),
    ];
    // Whatever its clients say the time is.
    let theirs = "2001-01-01T00:00:00Z";
    let body = json!({
        "c_id": 7, "url": "http://127.0.0.1:9/", "content": "x", "room": 1, "created_at": theirs, "updated_at": theirs,
    });
    let has = |object: &Value, created: &str, updated: &str, at: &str| {
        assert_eq!((&object["created_at"], &object["updated_at"]), (&json!(created), &json!(updated)), "{at}");
    };
    let mut paths = Vec::new();
    for (add, list, kind) in kinds {
        let fresh = place.post(add, &root, body.clone()).await;
        has(&fresh["data"], made, made, add);
        has(&place.get(list, &root).await["data"][0], made_whole, made_whole, list);
        let name = if kind == "chat" { fresh["data"]["id"].clone() } else { json!(7) };
        paths.push((format!("/api/admin/{kind}/{name}"), list));
    }
    clock.advance(2 * 3_600_000 + 20 * 60_000 + 25_078);
    for (path, list) in paths {
        let mut body = body.clone();
        body["url"] = "http://127.0.0.1:9/b".into();
        has(&place.ask(Method::PUT, &path, &root, &body).await["data"], made_whole, changed, &path);
        has(&place.get(&path, &root).await["data"], made_whole, changed_whole, &path);
        has(&place.get(list, &root).await["data"][0], made_whole, changed_whole, list);
    }
}

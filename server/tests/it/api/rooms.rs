//! Rooms and what is in them.

use super::{Program, answer};
use crate::compat::png;
use crate::town::{PASSWORD, Town};
use domain::room::Visibility;
use reqwest::Method;
use serde_json::{Value, json};

#[tokio::test(flavor = "multi_thread")]
async fn a_site_runs_its_rooms() {
    let town = Town::new().await;
    town.admin().await;
    let site = Program::keyed(&town, "root", &["read", "write", "manage"]).await;
    let (status, ana) = site.post("/people", json!({"name": "ana", "password": "correct horse battery"})).await;
    assert_eq!((status.as_u16(), &ana["name"]), (201, &"ana".into()));
    let again = site.post("/people", json!({"name": "ana", "password": "correct horse battery"})).await;
    assert_eq!((again.0.as_u16(), &again.1["thing"]), (409, &"person".into()));
    let new = json!({"slug": "hall", "title": "Hall", "visibility": "private", "host": "ana"});
    let (status, room) = site.post("/rooms", new).await;
    assert_eq!((status.as_u16(), &room["slug"]), (201, &"hall".into()));
    let (_, changed) = site.ask(Method::PATCH, "/rooms/hall", Some(json!({"title": "The hall"}))).await;
    assert_eq!((&changed["title"], &changed["visibility"]), (&"The hall".into(), &"private".into()));
    town.person("ben").await;
    let ben = Program::keyed(&town, "ben", &["read", "write", "manage"]).await;
    assert_eq!(ben.get("/rooms/hall").await.0, 404, "a private room");
    assert_eq!(site.ask(Method::PUT, "/rooms/hall/members/ben", Some(json!({"role": "member"}))).await.0, 204);
    assert_eq!(ben.get("/rooms/hall").await.0, 200);
    let (_, members) = ben.get("/rooms/hall/members").await;
    let members: Vec<_> =
        members["items"].as_array().unwrap().iter().map(|m| (&m["person"]["name"], &m["role"])).collect();
    assert_eq!(members, [(&"ana".into(), &"host".into()), (&"ben".into(), &"member".into())]);
    for (method, path, body) in [
        (Method::PATCH, "/rooms/hall", json!({"title": "Mine"})),
        (Method::PUT, "/rooms/hall/members/ben", json!({"role": "host"})),
        (Method::PUT, "/rooms/hall/restrictions/ana", json!({"act": "kick"})),
        (Method::POST, "/rooms", json!({"slug": "x", "title": "X", "visibility": "public"})),
        (Method::DELETE, "/rooms/hall", Value::Null),
    ] {
        assert_eq!(ben.ask(method, path, Some(body)).await.0, 403, "{path}");
    }
    assert_eq!(site.ask(Method::DELETE, "/rooms/hall/members/ben", None).await.0, 204);
    assert_eq!(ben.get("/rooms/hall").await.0, 404);
    assert_eq!(site.ask(Method::DELETE, "/rooms/hall", None).await.0, 204);
    assert_eq!(site.get("/rooms/hall").await.0, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_said_is_read_in_parts() {
    let town = Town::new().await;
    let ana = town.person("ana").await;
    let room = town.room("hall", Visibility::Public, &ana).await;
    for n in 1..=45 {
        town.says(&ana, &room, &format!("c{n}"), &format!("line {n}\nand more")).await;
    }
    let bot = Program::keyed(&town, "ana", &["read", "write"]).await;
    let (_, first) = bot.get("/rooms/hall/messages").await;
    assert_eq!(
        (first["items"].as_array().unwrap().len(), &first["items"][0]["text"]),
        (40, &"line 45\nand more".into())
    );
    let (_, rest) = bot.get(&format!("/rooms/hall/messages?cursor={}", first["next"].as_str().unwrap())).await;
    assert_eq!((rest["items"].as_array().unwrap().len(), &rest["next"]), (5, &Value::Null));
    assert_eq!(bot.get("/rooms/hall/messages?cursor=nonsense").await.0, 422);
    let (_, said) =
        bot.post("/rooms/hall/messages", json!({"text": "**hi**", "reply_to": rest["items"][0]["id"]})).await;
    assert_eq!((&said["text"], &said["reply_to"]), (&"hi".into(), &rest["items"][0]["id"]));
    let path = format!("/rooms/hall/messages/{}", said["id"]);
    let (_, changed) = bot.ask(Method::PATCH, &path, Some(json!({"text": "ho"}))).await;
    assert!(changed["text"] == "ho" && changed["edited_at"].is_i64(), "{changed}");
    assert_eq!(bot.ask(Method::PUT, &format!("{path}/reactions/👍"), None).await.0, 204);
    assert_eq!(bot.get(&path).await.1["reactions"], json!([{"emoji": "👍", "count": 1, "mine": true}]));
    assert_eq!(bot.ask(Method::DELETE, &path, None).await.0, 204);
    let (_, gone) = bot.get(&path).await;
    assert!(gone["recalled"] == true && gone["text"] == "", "{gone}");
    for (body, status) in [
        (json!({"text": ""}), 422),
        (json!({"text": 7}), 422),
        (json!([]), 422),
        (json!({"text": "x", "reply_to": 999_999}), 404),
    ] {
        assert_eq!(bot.post("/rooms/hall/messages", body.clone()).await.0.as_u16(), status, "{body}");
    }
    let raw = bot.request(Method::POST, "/rooms/hall/messages").body("hello");
    assert_eq!(answer(raw).await.0, 422);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_goes_with_a_message_and_comes_back() {
    let town = Town::new().await;
    let ana = town.person("ana").await;
    town.room("hall", Visibility::Public, &ana).await;
    let bot = Program::keyed(&town, "ana", &["read", "write"]).await;
    let send = bot.request(Method::POST, "/rooms/hall/files?name=notes.txt").body("some notes");
    let (status, file) = answer(send).await;
    assert_eq!((status.as_u16(), &file["name"], &file["bytes"]), (201, &"notes.txt".into(), &10.into()));
    let (status, said) = bot.post("/rooms/hall/messages", json!({"files": [file["id"]]})).await;
    assert_eq!((status.as_u16(), &said["files"][0]["id"]), (201, &file["id"]));
    let path = format!("/rooms/hall/files/{}", file["id"].as_str().unwrap());
    let part = bot.request(Method::GET, &path).header("range", "bytes=5-").send().await.unwrap();
    assert_eq!((part.status().as_u16(), part.text().await.unwrap()), (206, "notes".to_owned()));
    assert_eq!(bot.get("/rooms/hall/files/nonsense").await.0, 404);
    assert_eq!(answer(bot.request(Method::POST, "/rooms/hall/files?name=x")).await.0, 422, "an empty one");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wall_is_changed_by_its_revision() {
    let town = Town::new().await;
    let ana = town.person("ana").await;
    town.room("hall", Visibility::Public, &ana).await;
    let site = Program::keyed(&town, "ana", &["read", "manage"]).await;
    let hang = |about: &str| answer(site.request(Method::POST, &format!("/rooms/hall/pictures?{about}")).body(png()));
    let (status, low) = hang("caption=low&order=1").await;
    assert_eq!((status.as_u16(), &low["caption"], &low["order"]), (201, &"low".into(), &1.into()));
    let (_, high) = hang("caption=high&order=99").await;
    let wall = site.request(Method::GET, "/rooms/hall/pictures").send().await.unwrap();
    let tag = wall.headers()["etag"].to_str().unwrap().to_owned();
    let wall: Value = wall.json().await.unwrap();
    assert_eq!((&wall["pictures"][0]["id"], &wall["pictures"][1]["id"]), (&high["id"], &low["id"]));
    let same = site.request(Method::GET, "/rooms/hall/pictures").header("if-none-match", &tag).send().await.unwrap();
    assert_eq!(same.status(), 304);
    let path = format!("/rooms/hall/pictures/{}", low["id"]);
    let change = |tag: &str| {
        answer(
            site.request(Method::PATCH, &path).header("if-match", tag).json(&json!({"place": 1, "caption": "first"})),
        )
    };
    let (status, first) = change(&tag).await;
    assert_eq!((status.as_u16(), &first["caption"]), (200, &"first".into()));
    let (status, problem) = change(&tag).await;
    assert_eq!((status.as_u16(), &problem["code"]), (409, &"changed".into()));
    // So are an order number and words.
    for late in [json!({"order": 7}), json!({"caption": "late"})] {
        let (status, problem) = answer(site.request(Method::PATCH, &path).header("if-match", &tag).json(&late)).await;
        assert_eq!((status.as_u16(), &problem["code"]), (409, &"changed".into()), "{late}");
    }
    let wall = site.request(Method::GET, "/rooms/hall/pictures").send().await.unwrap();
    let tag = wall.headers()["etag"].to_str().unwrap().to_owned();
    let (status, moved) =
        answer(site.request(Method::PATCH, &path).header("if-match", &tag).json(&json!({"order": 7}))).await;
    assert_eq!((status.as_u16(), &moved["order"], &moved["caption"]), (200, &7.into(), &"first".into()));
    assert_eq!(site.ask(Method::DELETE, &path, None).await.0, 204);
    assert_eq!(site.ask(Method::DELETE, &path, None).await.0, 404);
    assert_eq!(answer(site.request(Method::POST, "/rooms/hall/pictures").body("no picture")).await.0, 422);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_site_puts_pictures_under_its_own_names() {
    let town = Town::new().await;
    let ana = town.person("ana").await;
    let room = town.room("hall", Visibility::Public, &ana).await;
    let site = Program::keyed(&town, "ana", &["read", "manage"]).await;
    let key = town.chat.add_key("reads", ana.who.as_ref().map(|who| who.person.id), &["read"]).await.unwrap();
    let reader = Program::new(&town, &key);
    let mut page = town.stranger().socket().await;
    page.enter(&room, None).await;
    let path = "/rooms/hall/pictures/own/SKU%207%2F%E9%9E%8B";
    let put = |about: &str| site.request(Method::PUT, &format!("{path}?{about}"));
    let made = put("caption=shoes&order=5").body(png()).send().await.unwrap();
    assert_eq!((made.status().as_u16(), made.headers()["etag"].to_str().unwrap()), (201, "\"1\""));
    let made: Value = made.json().await.unwrap();
    assert_eq!((&made["own_id"], &made["caption"], &made["order"]), (&"SKU 7/鞋".into(), &"shoes".into(), &5.into()));
    assert_eq!(page.hears("event").await["what"]["picture_added"]["picture"]["id"], made["id"]);
    let same = put("caption=shoes").body(png()).send().await.unwrap();
    assert_eq!((same.status().as_u16(), same.headers()["etag"].to_str().unwrap()), (200, "\"1\""));
    assert_eq!(same.json::<Value>().await.unwrap(), made);
    let changed = put("caption=boots&order=9").header("if-match", "\"1\"").body(png()).send().await.unwrap();
    assert_eq!((changed.status().as_u16(), changed.headers()["etag"].to_str().unwrap()), (200, "\"2\""));
    let heard = page.hears("event").await["what"]["picture_changed"].clone();
    assert_eq!(
        (&heard["rev"], &heard["picture"]["caption"], &heard["picture"]["order"]),
        (&2.into(), &"boots".into(), &9.into())
    );
    let (status, late) = answer(put("caption=x").header("if-match", "\"1\"").body(png())).await;
    assert_eq!((status.as_u16(), &late["code"], &late["now"]), (409, &"changed".into(), &2.into()));
    assert_eq!(reader.get(path).await.1["caption"], "boots");
    assert_eq!(site.get("/rooms/hall/pictures").await.1["pictures"][0]["own_id"], "SKU 7/鞋");
    let by_id = format!("/rooms/hall/pictures/{}", made["id"]);
    let (_, patched) = site.ask(Method::PATCH, &by_id, Some(json!({"alt": "two"}))).await;
    assert_eq!(patched["own_id"], "SKU 7/鞋");
    assert_eq!(reader.ask(Method::PUT, path, None).await.0, 403);
    assert_eq!(reader.ask(Method::DELETE, path, None).await.0, 403);
    for (path, body, status) in [
        (path, b"no picture".to_vec(), 422),
        ("/rooms/hall/pictures/own/%0A", png(), 422),
        ("/rooms/hall/pictures/own/new", Vec::new(), 422),
        ("/rooms/none/pictures/own/new", png(), 404),
    ] {
        assert_eq!(answer(site.request(Method::PUT, path).body(body)).await.0.as_u16(), status, "{path}");
    }
    let stale = site.request(Method::DELETE, path).header("if-match", "\"1\"");
    assert_eq!(answer(stale).await.0, 409);
    assert_eq!(site.ask(Method::DELETE, path, None).await.0, 204);
    assert_eq!(site.ask(Method::DELETE, path, None).await.0, 404);
    assert_eq!(site.get(path).await.0, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_room_is_moderated() {
    let town = Town::new().await;
    let ana = town.person("ana").await;
    let ben = town.person("ben").await;
    let room = town.room("hall", Visibility::Public, &ana).await;
    town.says(&ben, &room, "c1", "hello").await;
    let site = Program::keyed(&town, "ana", &["read", "manage"]).await;
    let bens = Program::keyed(&town, "ben", &["read", "write"]).await;
    let mute = json!({"act": "mute", "length": "10m", "reason": "loud"});
    assert_eq!(site.ask(Method::PUT, "/rooms/hall/restrictions/ben", Some(mute)).await.0, 204);
    let (status, problem) = bens.post("/rooms/hall/messages", json!({"text": "again"})).await;
    assert_eq!((status.as_u16(), &problem["code"], &problem["reason"]), (403, &"muted".into(), &"loud".into()));
    assert_eq!(site.get("/rooms/hall/restrictions").await.1["items"][0]["person"]["name"], "ben");
    assert_eq!(site.ask(Method::DELETE, "/rooms/hall/restrictions/ben", None).await.0, 204);
    let host = town.chat.host(ana.who.as_ref(), room.id).await.unwrap();
    let policy = domain::moderation::Policy { holds: true, ..*host.policy() };
    town.chat.change_policy(&host, policy).await.unwrap();
    let (status, held) = bens.post("/rooms/hall/messages", json!({"text": "may I?"})).await;
    assert_eq!((status.as_u16(), &held["code"]), (202, &"held".into()));
    let (_, waiting) = site.get("/rooms/hall/held").await;
    let path = format!("/rooms/hall/held/{}", waiting["items"][0]["id"]);
    assert_eq!(site.ask(Method::PUT, &path, None).await.0, 204);
    assert_eq!(site.ask(Method::DELETE, &path, None).await.0, 410);
    assert_eq!(bens.get("/rooms/hall/messages").await.1["items"][0]["text"], "may I?");
    // The index follows the commits.
    let found = async {
        loop {
            let (_, found) = bens.get("/search?q=may&kind=messages").await;
            if found["messages"][0]["text"] == "may I?" {
                return;
            }
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(10), found).await.expect("it is never found");
    assert_eq!(bens.get("/search?q=may&kind=nonsense").await.0, 422);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_that_is_no_object_changes_nothing() {
    let town = Town::new().await;
    town.admin().await;
    let site = Program::keyed(&town, "root", &["read", "write", "manage"]).await;
    for body in [json!(["hall", "Hall", "", "public"]), json!("hall"), json!(null), json!([[]]), json!(7)] {
        let (status, problem) = site.post("/rooms", body.clone()).await;
        assert_eq!((status.as_u16(), &problem["field"]), (422, &"body".into()), "{body}");
    }
    assert_eq!(site.get("/rooms").await.1["items"], json!([]));
    town.person("ana").await;
    let (status, _) = site.ask(Method::PATCH, "/people/ana", Some(json!([true]))).await;
    assert_eq!(status, 422);
    let session = json!({"name": "ana", "password": PASSWORD});
    assert_eq!(site.post("/sessions", session).await.0, 201, "an array disables nobody");
}

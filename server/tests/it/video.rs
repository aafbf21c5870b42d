//! A room's video at its doors: ranges, who may, what a page may load for it.

use crate::town::{Browser, Town};
use domain::room::{Room, Visibility};
use reqwest::header::{ACCEPT, IF_NONE_MATCH, IF_RANGE, RANGE};
use reqwest::multipart::{Form, Part};
use reqwest::{Method, StatusCode};
use serde_json::Value;

/// The beginning of an MP4, and bytes that tell where they stand.
fn film() -> Vec<u8> {
    let mut film = b"\0\0\0\x20ftypisom".to_vec();
    film.extend((0..2_500_000u32).map(|n| (n % 251) as u8));
    film
}

async fn sets(browser: &Browser, room: &Room, form: Form) -> (StatusCode, Value) {
    let request =
        browser.request(Method::POST, &format!("/upload/video/{}", room.id)).header(ACCEPT, "application/json");
    let answer = request.multipart(form).send().await.unwrap();
    (answer.status(), answer.json().await.unwrap_or_default())
}

fn uploaded(bytes: Vec<u8>) -> Form {
    Form::new().text("url", "").text("title", "Film").part("file", Part::bytes(bytes).file_name("film.mp4"))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_player_gets_the_ranges_it_asks_for() {
    let town = Town::new().await;
    let (ana, ben) = (town.person("ana").await, town.person("ben").await);
    let room = town.room("den", Visibility::Private, &ana).await;
    let (status, stage) = sets(&ana, &room, uploaded(film())).await;
    assert_eq!(status, 200, "{stage}");
    let src = stage["video"]["src"].as_str().unwrap();
    let whole = ana.get(src).await;
    assert_eq!((whole.status().as_u16(), &whole.headers()["accept-ranges"]), (200, &"bytes".parse().unwrap()));
    assert_eq!(whole.headers()["content-type"], "video/mp4");
    let tag = whole.headers()["etag"].clone();
    assert_eq!(whole.bytes().await.unwrap(), film());
    let asks = async |range: &str| ana.request(Method::GET, src).header(RANGE, range).send().await.unwrap();
    for (range, from, to) in
        [("bytes=0-1", 0, 2), ("bytes=1000000-2400000", 1_000_000, 2_400_001), ("bytes=2499000-", 2_499_000, 2_500_012)]
    {
        let part = asks(range).await;
        assert_eq!(part.status(), 206, "{range}");
        assert_eq!(part.headers()["content-range"], format!("bytes {from}-{}/2500012", to - 1));
        assert_eq!(part.bytes().await.unwrap(), film()[from..to], "{range}");
    }
    let beyond = asks("bytes=2500012-").await;
    assert_eq!(
        (beyond.status().as_u16(), &beyond.headers()["content-range"]),
        (416, &"bytes */2500012".parse().unwrap())
    );
    let stale = ana.request(Method::GET, src).header(RANGE, "bytes=0-1").header(IF_RANGE, "\"another\"").send().await;
    assert_eq!(stale.unwrap().status(), 200);
    let known = ana.request(Method::GET, src).header(IF_NONE_MATCH, tag).send().await.unwrap();
    assert_eq!(known.status(), 304);
    // Nobody else gets a byte of it.
    for other in [&ben, &town.stranger()] {
        assert_eq!(other.get(src).await.status(), 404);
        assert_eq!(sets(other, &room, Form::new().text("title", "Mine")).await.0, 404);
    }
    let host = town.chat.host(ana.who.as_ref(), room.id).await.unwrap();
    town.chat.remove_video(&host).await.unwrap();
    assert_eq!(ana.get(src).await.status(), 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn captions_are_a_track_in_their_language() {
    let town = Town::new().await;
    let ana = town.person("ana").await;
    let room = town.room("hall", Visibility::Public, &ana).await;
    let captions = "WEBVTT\n\n00:00.000 --> 00:01.000\n你好\n";
    let form = uploaded(film()).text("language", "zh").part("captions", Part::text(captions).file_name("film.vtt"));
    let (status, stage) = sets(&ana, &room, form).await;
    assert_eq!(status, 200, "{stage}");
    let fields = [("room", &*room.id.to_string()), ("show", "play"), ("position", "")];
    assert_eq!(ana.call("show-now", &fields).await.0, 200);
    let guest = town.stranger();
    let page = guest.get("/r/hall").await.text().await.unwrap();
    let track = page.split("<track").nth(1).expect("a track").split('>').next().unwrap();
    assert!(track.contains("kind=\"captions\"") && track.contains("srclang=\"zh\""), "{track}");
    let src = stage["video"]["captions"].as_str().unwrap();
    assert!(track.contains(&format!("src=\"{src}\"")), "{track}");
    let answer = guest.get(src).await;
    assert!(answer.headers()["content-type"].to_str().unwrap().starts_with("text/vtt"));
    assert_eq!(answer.text().await.unwrap(), captions);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_video_is_refused_in_words() {
    let town = Town::new().await;
    let ana = town.person("ana").await;
    let room = town.room("hall", Visibility::Public, &ana).await;
    let html = b"<!doctype html><p>not a film</p>".to_vec();
    let (status, problem) = sets(&ana, &room, uploaded(html)).await;
    assert_eq!((status.as_u16(), &problem["field"]), (422, &"file".into()), "{problem}");
    assert_eq!(problem["rule"]["fault"], "not_media");
    // A page of ours is a page: HTML, whatever its address says.
    let page = Form::new().text("url", format!("{}/r/hall", town.base())).text("title", "");
    let (status, problem) = sets(&ana, &room, page).await;
    assert_eq!(
        (status.as_u16(), &problem["field"], &problem["rule"]["fault"]),
        (422, &"url".into(), &"not_media".into())
    );
    let form = Form::new().text("url", format!("{}/r/hall", town.base()));
    let path = format!("/upload/video/{}?from=/r/hall/video", room.id);
    let answer = ana.request(Method::POST, &path).header(ACCEPT, "text/html").multipart(form).send().await.unwrap();
    assert_eq!(answer.status(), 303);
    let back = answer.headers()["location"].to_str().unwrap().to_owned();
    assert!(back.starts_with("/r/hall/video?") && back.contains("call=set-video"), "{back}");
    let page = ana.get(&back).await.text().await.unwrap();
    assert!(page.contains("This is not a video."), "{page}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_may_load_its_rooms_video_and_nothing_else() {
    let town = Town::new().await;
    let ana = town.person("ana").await;
    let room = town.room("hall", Visibility::Public, &ana).await;
    town.room("other", Visibility::Public, &ana).await;
    let media_of = async |path: &str| {
        let answer = town.stranger().get(path).await;
        assert!(!answer.headers().contains_key("x-salon-video"), "for ourselves alone");
        let policy = answer.headers()["content-security-policy"].to_str().unwrap().to_owned();
        let directive = |name: &str| policy.split("; ").find(|part| part.starts_with(name)).unwrap().to_owned();
        (directive("media-src"), directive("connect-src"))
    };
    let plain = media_of("/r/hall").await;
    assert_eq!(plain.0, "media-src 'self' blob:");
    // Media of the town's own, which to a browser elsewhere would be somebody else's.
    let (status, stage) = sets(&ana, &room, uploaded(film())).await;
    assert_eq!(status, 200);
    assert_eq!(media_of("/r/hall").await, plain, "a file of ours needs nothing more");
    let address = format!("{}{}", town.base(), stage["video"]["src"].as_str().unwrap());
    let mine = town.room("mine", Visibility::Public, &ana).await;
    let (status, stage) = sets(&ana, &mine, Form::new().text("url", address.clone())).await;
    assert_eq!((status.as_u16(), stage["video"]["src"].as_str()), (200, Some(address.as_str())), "{stage}");
    for _ in 0..2 {
        // The second is a copy that guests share.
        let (media, connect) = media_of("/r/mine").await;
        assert_eq!((media, &connect), (format!("media-src 'self' blob: {address}"), &plain.1));
    }
    assert_eq!(media_of("/r/other").await, plain);
    let page = town.stranger().get("/r/mine").await.text().await.unwrap();
    assert!(!page.contains("<video"), "chosen is not shown");
    assert_eq!(
        ana.call("show-now", &[("room", &mine.id.to_string()), ("show", "play"), ("position", "")]).await.0,
        200
    );
    let page = town.stranger().get("/r/mine").await.text().await.unwrap();
    assert!(page.contains("<video") && page.contains("preload=\"metadata\""), "and then it is in the page");
    let saving = town.stranger().request(Method::GET, "/r/mine").header(ACCEPT, "text/html").header("save-data", "on");
    assert!(saving.send().await.unwrap().text().await.unwrap().contains("preload=\"none\""));
}

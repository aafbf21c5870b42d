//! Files of messages at their doors: in parts, as a form, over the socket; what is refused, and when.

use crate::town::{Browser, Town};
use chat::{Quotas, Registration};
use domain::room::{Room, Visibility};
use reqwest::header::{ACCEPT, CONTENT_LENGTH};
use reqwest::multipart::{Form, Part};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

/// Announces a file.
pub async fn begins(browser: &Browser, room: &Room, name: &str, bytes: u64) -> (StatusCode, Value) {
    let request = browser.request(Method::POST, &format!("/upload/files/{}", room.id));
    let answer = request.json(&json!({ "name": name, "bytes": bytes })).send().await.unwrap();
    (answer.status(), answer.json().await.unwrap_or_default())
}

async fn puts(browser: &Browser, room: &Room, blob: &str, at: usize, bytes: &[u8]) -> (StatusCode, Value) {
    let request = browser.request(Method::PUT, &format!("/upload/files/{}/{blob}?at={at}", room.id));
    let answer = request.body(bytes.to_vec()).send().await.unwrap();
    (answer.status(), answer.json().await.unwrap_or_default())
}

/// Sends a whole file; its attachment.
pub async fn sends(browser: &Browser, room: &Room, name: &str, bytes: &[u8]) -> Value {
    let (status, begun) = begins(browser, room, name, bytes.len() as u64).await;
    assert_eq!(status, 201, "{begun}");
    let (status, whole) = puts(browser, room, begun["blob"].as_str().unwrap(), 0, bytes).await;
    assert_eq!(status, 200, "{whole}");
    whole["file"].clone()
}

/// The form of the composer without scripts.
async fn posts(browser: &Browser, room: &Room, form: Form) -> reqwest::Response {
    let path = format!("/upload/message/{}?from=/r/{}", room.id, room.slug);
    browser.request(Method::POST, &path).header(ACCEPT, "text/html").multipart(form).send().await.unwrap()
}

fn said(text: &str, id: &str) -> Form {
    Form::new().text("room", "1").text("client_id", id.to_owned()).text("text", text.to_owned())
}

fn chosen(form: Form, name: &str, bytes: &[u8]) -> Form {
    form.part("files", Part::bytes(bytes.to_vec()).file_name(name.to_owned()))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_in_parts_goes_on_after_a_cut_and_is_said_over_the_socket() {
    let town = Town::new().await;
    let (ana, ben) = (town.person("ana").await, town.person("ben").await);
    let room = town.room("hall", Visibility::Public, &ana).await;
    let bytes: Vec<u8> = (0..3_000_000u32).map(|n| (n % 251) as u8).collect();
    let (_, begun) = begins(&ana, &room, "big.bin", 3_000_000).await;
    let blob = begun["blob"].as_str().unwrap();
    let (status, first) = puts(&ana, &room, blob, 0, &bytes[..2_000_000]).await;
    assert_eq!((status.as_u16(), &first["received"]), (200, &2_000_000.into()));
    // The page was loaded anew and asks where to go on; a part sent twice is told the same.
    let path = format!("/upload/files/{}/{blob}", room.id);
    let found: Value = ana.get(&path).await.json().await.unwrap();
    assert_eq!(found["received"], 2_000_000);
    let (status, problem) = puts(&ana, &room, blob, 0, &bytes[..2_000_000]).await;
    assert_eq!((status.as_u16(), &problem["now"]), (409, &2_000_000.into()), "{problem}");
    assert_eq!(ben.get(&path).await.status(), 404);
    assert_eq!(town.stranger().get(&path).await.status(), 401);
    let wrong = ana.request(Method::PUT, &format!("{path}?at=2000000")).header("x-part-sum", "0".repeat(64));
    let wrong = wrong.body(bytes[2_000_000..].to_vec()).send().await.unwrap();
    assert_eq!(wrong.status(), 422);
    let (status, whole) = puts(&ana, &room, blob, 2_000_000, &bytes[2_000_000..]).await;
    assert_eq!((status.as_u16(), &whole["file"]["look"]), (200, &"file".into()), "{whole}");

    let (mut hers, mut his) = (ana.socket().await, ben.socket().await);
    hers.enter(&room, None).await;
    his.enter(&room, None).await;
    let post = json!({ "room": room.id, "client_id": "c1", "text": "", "files": [blob] });
    hers.send("post", post.clone()).await;
    hers.hears("posted").await;
    let heard = loop {
        let event = his.hears("event").await;
        if let Some(message) = event["what"]["said"]["message"].as_object() {
            break message.clone();
        }
    };
    assert_eq!(heard["files"], json!([whole["file"]]));
    hers.send("post", post).await;
    hers.hears("posted").await;
    let page = town.stranger().get("/r/hall").await.text().await.unwrap();
    assert!(page.contains(&format!("/file/{}/{blob}/full?download=1", room.id)) && page.contains("big.bin"), "{page}");
    assert_eq!(puts(&ana, &room, blob, 3_000_000, b"x").await.0, 404, "what is said is not changed");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_too_large_is_refused_before_it_travels_and_again_on_its_way() {
    let quotas = Quotas { file: 1_000_000, ..Quotas::default() };
    let town = Town::of(50, Registration::Open, quotas).await;
    let ana = town.person("ana").await;
    let room = town.room("hall", Visibility::Public, &ana).await;
    let (status, problem) = begins(&ana, &room, "film.mkv", 1 << 30).await;
    assert_eq!((status.as_u16(), problem), (413, json!({ "code": "too_large", "limit": 1_000_000 })));
    // More than was announced.
    let (_, begun) = begins(&ana, &room, "small", 10).await;
    let (status, problem) = puts(&ana, &room, begun["blob"].as_str().unwrap(), 0, &[1; 11]).await;
    assert_eq!((status.as_u16(), &problem["limit"]), (413, &10.into()));
    // A part that says it is a gigabyte, and one that never ends without saying so.
    let (_, begun) = begins(&ana, &room, "large", 1_000_000).await;
    let path = format!("/upload/files/{}/{}?at=0", room.id, begun["blob"].as_str().unwrap());
    let endless = futures::stream::repeat_with(|| Ok::<_, std::io::Error>(vec![7u8; 65_536]));
    let answer = ana.request(Method::PUT, &path).body(reqwest::Body::wrap_stream(endless)).send().await;
    if let Ok(answer) = answer {
        assert_eq!(answer.status(), 413);
    }
    let answer = ana.request(Method::PUT, &path).header(CONTENT_LENGTH, 1u64 << 30).body(vec![1; 70_000]).send().await;
    if let Ok(answer) = answer {
        assert_eq!(answer.status(), 413);
    }
    // A form does not say beforehand how large its files are: it is stopped at the limit.
    let form = chosen(said("look", "c1"), "film.mkv", &vec![1; 3_000_000]);
    let answer = posts(&ana, &room, form).await;
    assert_eq!(answer.status(), 303);
    assert_eq!(answer.headers()["connection"], "close", "the rest of the form is not read");
    let back = answer.headers()["location"].to_str().unwrap().to_owned();
    assert!(back.contains("too_large") && back.contains("call=post-message"), "{back}");
    let page = ana.get(&back).await.text().await.unwrap();
    assert!(page.contains("Too large. The limit is 977 KB."), "{page}");
    assert!(!page.contains("film.mkv"), "nothing was said");
    for odd in [json!({}), json!({ "name": "x", "bytes": -1 }), json!([1])] {
        let request = ana.request(Method::POST, &format!("/upload/files/{}", room.id));
        assert_eq!(request.json(&odd).send().await.unwrap().status(), 422, "{odd}");
    }
    let (status, problem) = begins(&ana, &room, "empty", 0).await;
    assert_eq!((status.as_u16(), &problem["rule"]["rule"]), (422, &"empty".into()));
    let nowhere = ana.request(Method::PUT, &path.replace("?at=0", "")).body("x").send().await.unwrap();
    assert_eq!(nowhere.status(), 422);
}

/// What is not said leaves no file, whenever that turned out.
#[tokio::test(flavor = "multi_thread")]
async fn a_form_whose_sender_is_muted_while_it_travels_leaves_nothing() {
    let town = Town::new().await;
    let (ana, ben) = (town.person("ana").await, town.person("ben").await);
    let room = town.room("hall", Visibility::Public, &ana).await;
    let host = town.chat.host(ana.who.as_ref(), room.id).await.unwrap();
    let folder = town.data().join(format!("files/{}", room.id));
    let files = || std::fs::read_dir(&folder).map_or(0, Iterator::count);
    let field =
        |name: &str, value: &str| format!("--b\r\nContent-Disposition: form-data; name={name}\r\n\r\n{value}\r\n");
    let (say, body) = futures::channel::mpsc::unbounded::<Result<String, std::io::Error>>();
    let request = ben.request(Method::POST, &format!("/upload/message/{}?from=/r/hall", room.id));
    let request = request.header("content-type", "multipart/form-data; boundary=b").header(ACCEPT, "text/html");
    let answer = tokio::spawn(request.body(reqwest::Body::wrap_stream(body)).send());
    say.unbounded_send(Ok(field("files; filename=a.txt", "in vain") + &field("client_id", "c1"))).unwrap();
    while files() == 0 {
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    let person = ben.who.as_ref().unwrap().person.id;
    town.chat.mute(&host, person, domain::moderation::MuteFor::Good, "").await.unwrap();
    say.unbounded_send(Ok(field("text", "look") + "--b--\r\n")).unwrap();
    drop(say);
    let answer = answer.await.unwrap().unwrap();
    let back = answer.headers()["location"].to_str().unwrap();
    assert!(answer.status() == 303 && back.contains("muted"), "{back}");
    assert_eq!(files(), 0);
    town.chat.unmute(&host, person).await.unwrap();
    let plain = said("just words", "c2").part("files", Part::bytes(Vec::new()).file_name(""));
    assert_eq!(posts(&ben, &room, plain).await.headers()["location"], "/r/hall");
    assert_eq!(files(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn without_scripts_a_message_and_its_files_are_one_form() {
    let town = Town::new().await;
    let (ana, ben) = (town.person("ana").await, town.person("ben").await);
    let room = town.room("hall", Visibility::Public, &ana).await;
    let page = ana.get("/r/hall").await.text().await.unwrap();
    let action = format!("action=\"/upload/message/{}?from=%2Fr%2Fhall\"", room.id);
    assert!(page.contains(&action) && page.contains("enctype=\"multipart/form-data\""), "{page}");
    assert!(page.contains("<input type=\"file\" name=\"files\" multiple"), "{page}");
    // No file chosen: browsers send an empty one without a name.
    let plain = said("just words", "c1").part("files", Part::bytes(Vec::new()).file_name(""));
    assert_eq!(posts(&ana, &room, plain).await.headers()["location"], "/r/hall");
    let both = chosen(chosen(said("two of them", "c2"), "a.txt", b"one"), "页.html", b"<script>alert(1)</script>");
    assert_eq!(posts(&ana, &room, both).await.headers()["location"], "/r/hall");
    let alone = chosen(said("", "c3"), "song.mp3", b"ID3\x04music");
    assert_eq!(posts(&ana, &room, alone).await.headers()["location"], "/r/hall");
    let page = ben.get("/r/hall").await.text().await.unwrap();
    for there in ["just words", "two of them", "a.txt", "页.html", "<audio"] {
        assert!(page.contains(there), "{there}: {page}");
    }
    let refused = posts(&ana, &room, said(" ", "c4")).await.headers()["location"].to_str().unwrap().to_owned();
    assert!(refused.contains("empty"), "{refused}");
    // Who may not, may not begin.
    assert_eq!(posts(&town.stranger(), &room, chosen(said("strangers words", "c5"), "a", b"x")).await.status(), 303);
    assert!(!ben.get("/r/hall").await.text().await.unwrap().contains("strangers words"));
    let wordy = chosen(said("wordy", "c8"), "a", b"x").text("alts", "x".repeat(301));
    let refused = posts(&ana, &room, wordy).await.headers()["location"].to_str().unwrap().to_owned();
    assert!(refused.contains("field=alt") || refused.contains("%22alt%22"), "{refused}");
    let many = (0..11).fold(said("many", "c6"), |form, n| chosen(form, &format!("{n}"), b"x"));
    let refused = posts(&ana, &room, many).await.headers()["location"].to_str().unwrap().to_owned();
    assert!(refused.contains("too_many"), "{refused}");
    let host = town.chat.host(ana.who.as_ref(), room.id).await.unwrap();
    let policy = domain::moderation::Policy { files: false, ..Default::default() };
    town.chat.change_policy(&host, policy).await.unwrap();
    let refused = posts(&ben, &room, chosen(said("x", "c7"), "a", b"x")).await;
    assert!(refused.headers()["location"].to_str().unwrap().contains("no_files"));
    assert_eq!(begins(&ben, &room, "a", 1).await.0, 403);
}

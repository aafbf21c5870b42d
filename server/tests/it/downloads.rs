//! Files of messages on their way out: who may, in which ranges, under which name, and unable to do
//! anything in a browser.

use crate::attachments::sends;
use crate::town::{Browser, Town};
use domain::room::{Room, Visibility};
use reqwest::header::{ACCEPT, IF_NONE_MATCH, RANGE};
use reqwest::{Method, Response};
use serde_json::Value;

pub async fn says(town: &Town, browser: &Browser, room: &Room, id: &str, file: &Value) -> i64 {
    let writer = town.chat.writer(browser.who.as_ref(), room.id).await.unwrap();
    let blob = domain::BlobId::parse(file["blob"].as_str().unwrap()).unwrap();
    let id = domain::ClientId::parse(id).unwrap();
    town.chat.post_with(&writer, &id, "", &[blob]).await.unwrap().message.id.0
}

fn path(room: &Room, file: &Value) -> String {
    format!("/file/{}/{}/full", room.id, file["blob"].as_str().unwrap())
}

fn header<'a>(answer: &'a Response, name: &str) -> &'a str {
    answer.headers().get(name).unwrap_or_else(|| panic!("{name}")).to_str().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn only_who_may_read_the_room_gets_a_file_and_only_its_ranges() {
    let town = Town::new().await;
    let (ana, ben, root) = (town.person("ana").await, town.person("ben").await, town.admin().await);
    let room = town.room("den", Visibility::Private, &ana).await;
    let bytes: Vec<u8> = (0..1_500_000u32).map(|n| (n % 251) as u8).collect();
    let file = sends(&ana, &room, "data.bin", &bytes).await;
    let id = says(&town, &ana, &room, "c1", &file).await;
    let path = path(&room, &file);
    for (who, status) in [(&ana, 200), (&root, 200), (&ben, 404), (&town.stranger(), 404)] {
        assert_eq!(who.get(&path).await.status(), status);
    }
    let whole = ana.get(&path).await;
    assert_eq!(header(&whole, "content-length"), "1500000");
    assert_eq!(header(&whole, "accept-ranges"), "bytes");
    let tag = whole.headers()["etag"].clone();
    assert_eq!(whole.bytes().await.unwrap(), bytes);
    let part = ana.request(Method::GET, &path).header(RANGE, "bytes=1200000-1299999").send().await.unwrap();
    assert_eq!((part.status().as_u16(), header(&part, "content-range")), (206, "bytes 1200000-1299999/1500000"));
    assert_eq!(part.bytes().await.unwrap(), bytes[1_200_000..1_300_000]);
    let beyond = ana.request(Method::GET, &path).header(RANGE, "bytes=1500000-").send().await.unwrap();
    assert_eq!((beyond.status().as_u16(), header(&beyond, "content-range")), (416, "bytes */1500000"));
    let known = ana.request(Method::GET, &path).header(IF_NONE_MATCH, tag).send().await.unwrap();
    assert_eq!(known.status(), 304);
    // Another room's address does not lead to it, nor the pictures' door.
    let other = town.room("other", Visibility::Public, &ana).await;
    assert_eq!(ana.get(&path.replace(&format!("/{}/", room.id), &format!("/{}/", other.id))).await.status(), 404);
    assert_eq!(ana.get(&path.replace("/file/", "/media/")).await.status(), 404);
    for odd in ["/file/1/x/full", "/file/x/y/z", &path.replace("full", "321"), &path.replace("full", "..%2ffull")] {
        assert_eq!(ana.get(odd).await.status(), 404, "{odd}");
    }
    // The gate holds here too, and a recalled message's file is gone.
    let host = town.chat.host(ana.who.as_ref(), room.id).await.unwrap();
    town.chat.add_member(&host, ben.who.as_ref().unwrap().person.id, domain::member::Role::Member).await.unwrap();
    assert_eq!(ben.get(&path).await.status(), 200);
    town.chat.open_room_now(&host, false).await.unwrap();
    assert_eq!(ben.get(&path).await.status(), 403);
    town.chat.open_room_now(&host, true).await.unwrap();
    town.chat.recall(&host, domain::MessageId(id)).await.unwrap();
    assert_eq!(ana.get(&path).await.status(), 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_that_could_run_is_shown() {
    let town = Town::new().await;
    let ana = town.person("ana").await;
    let room = town.room("hall", Visibility::Public, &ana).await;
    let evil: [(&str, &[u8]); 6] = [
        ("page.html", b"<!doctype html><script>alert(1)</script>"),
        ("picture.png", b"<svg xmlns=\"http://www.w3.org/2000/svg\" onload=\"alert(1)\"/>"),
        ("feed.xml", b"<?xml version=\"1.0\"?><x xmlns=\"http://www.w3.org/1999/xhtml\"><script/></x>"),
        ("paper.pdf", b"%PDF-1.7 /JavaScript"),
        ("photo.jpg", b"GIF8<script>"),
        ("code.js", b"alert(1)"),
    ];
    for (i, (name, bytes)) in evil.into_iter().enumerate() {
        let file = sends(&ana, &room, name, bytes).await;
        says(&town, &ana, &room, &format!("c{i}"), &file).await;
        let answer = town.stranger().get(&path(&room, &file)).await;
        assert_eq!(answer.status(), 200, "{name}");
        assert_eq!(header(&answer, "content-type"), "application/octet-stream", "{name}");
        assert!(header(&answer, "content-disposition").starts_with("attachment; "), "{name}");
        assert_eq!(header(&answer, "x-content-type-options"), "nosniff");
        assert_eq!(header(&answer, "content-security-policy"), "sandbox; default-src 'none'");
        assert_eq!(header(&answer, "cross-origin-resource-policy"), "same-origin");
        assert_eq!(answer.bytes().await.unwrap(), bytes, "as it was sent");
    }
    for (i, (name, bytes, kind)) in
        [("a.html", &b"ID3\x04music"[..], "audio/mpeg"), ("b.svg", b"\0\0\0\x20ftypisom", "video/mp4")]
            .iter()
            .enumerate()
    {
        let file = sends(&ana, &room, name, bytes).await;
        says(&town, &ana, &room, &format!("m{i}"), &file).await;
        let answer = town.stranger().get(&path(&room, &file)).await;
        assert_eq!((header(&answer, "content-type"), header(&answer, "x-content-type-options")), (*kind, "nosniff"));
        assert!(header(&answer, "content-disposition").starts_with("inline; "));
        let saved = town.stranger().get(&format!("{}?download=1", path(&room, &file))).await;
        assert!(header(&saved, "content-disposition").starts_with("attachment; "));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn names_are_kept_and_harmless() {
    let town = Town::new().await;
    let ana = town.person("ana").await;
    let room = town.room("hall", Visibility::Public, &ana).await;
    for (i, (name, disposition)) in [
        ("报告 2027.pdf", "attachment; filename=\"__ 2027.pdf\"; filename*=UTF-8''%E6%8A%A5%E5%91%8A%202027.pdf"),
        ("../../etc/passwd", "attachment; filename=\"passwd\"; filename*=UTF-8''passwd"),
        ("..\\..\\boot.ini", "attachment; filename=\"boot.ini\"; filename*=UTF-8''boot.ini"),
        (
            "a\r\nSet-Cookie: x=1.txt",
            "attachment; filename=\"a  Set-Cookie: x=1.txt\"; filename*=UTF-8''a%20%20Set-Cookie%3A%20x%3D1.txt",
        ),
        ("invoice\u{202E}fdp.exe", "attachment; filename=\"invoicefdp.exe\"; filename*=UTF-8''invoicefdp.exe"),
        (
            "\"; filename=\"evil.exe",
            "attachment; filename=\"__ filename=_evil.exe\"; filename*=UTF-8''%22%3B%20filename%3D%22evil.exe",
        ),
    ]
    .into_iter()
    .enumerate()
    {
        let file = sends(&ana, &room, name, b"plain").await;
        says(&town, &ana, &room, &format!("c{i}"), &file).await;
        let answer = ana.get(&path(&room, &file)).await;
        assert!(!answer.headers().contains_key("set-cookie"));
        let plain = disposition.replace("\"__ filename=_evil.exe\"", "\"_; filename=_evil.exe\"");
        assert_eq!(header(&answer, "content-disposition"), plain, "{name:?}");
    }
    // A picture is saved as what it is now.
    let mut gif = std::io::Cursor::new(Vec::new());
    image::RgbaImage::new(400, 300).write_to(&mut gif, image::ImageFormat::Gif).unwrap();
    let file = sends(&ana, &room, "moving.gif", &gif.into_inner()).await;
    says(&town, &ana, &room, "picture", &file).await;
    let answer = ana.get(&path(&room, &file)).await;
    assert_eq!((header(&answer, "content-type"), answer.status().as_u16()), ("image/png", 200));
    assert!(header(&answer, "content-disposition").contains("moving.png"));
    let small = ana.get(&path(&room, &file).replace("full", "320")).await;
    let (width, _) = image::load_from_memory(&small.bytes().await.unwrap()).map(|p| (p.width(), p.height())).unwrap();
    assert_eq!(width, 320);
    let page =
        ana.request(Method::GET, "/r/hall").header(ACCEPT, "text/html").send().await.unwrap().text().await.unwrap();
    assert!(page.contains("width=\"400\" height=\"300\"") && page.contains("640w"), "its place is there before it is");
}

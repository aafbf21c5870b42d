//! `POST /export/pictures/{room}`: a wall in one file.

use crate::pictures::{file, png, upload};
use crate::town::{FORM, Town, form};
use domain::room::Visibility;
use reqwest::Method;
use reqwest::header::CONTENT_TYPE;
use reqwest::multipart::Form;
use serde_json::Value;

/// The files of an archive: name and content, checked.
pub fn unpacked(mut zip: &[u8]) -> Vec<(String, Vec<u8>)> {
    let number = |bytes: &[u8]| bytes.iter().rev().fold(0usize, |sum, byte| sum << 8 | usize::from(*byte));
    let mut files = Vec::new();
    while zip.starts_with(b"PK\x03\x04") {
        let (sum, size, name) = (number(&zip[14..18]), number(&zip[18..22]), number(&zip[26..28]));
        let content = &zip[30 + name..30 + name + size];
        assert_eq!(crc32fast::hash(content) as usize, sum);
        files.push((String::from_utf8(zip[30..30 + name].to_vec()).unwrap(), content.to_vec()));
        zip = &zip[30 + name + size..];
    }
    assert!(zip.starts_with(b"PK\x01\x02"), "then the list");
    let end = &zip[zip.len() - 22..];
    assert_eq!((&end[..4], number(&end[10..12])), (&b"PK\x05\x06"[..], files.len()));
    files
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wall_travels_in_its_order_under_harmless_names() {
    let town = Town::new().await;
    let ana = town.person("ana").await;
    let room = town.room("hall", Visibility::Public, &ana).await;
    let mut ids = Vec::new();
    for (caption, held) in [("../../etc/passwd", false), ("湖边", false), ("held back", true)] {
        let form = Form::new().text("caption", caption);
        let form = if held { form.text("held", "1") } else { form };
        let outcome: Value =
            upload(&ana, &room, form.part("files", file("a.png", png(64)))).await.json().await.unwrap();
        ids.push(outcome["pictures"][0]["id"].to_string());
    }
    let save = |fields: Vec<(&str, &str)>| {
        let request = ana.request(Method::POST, &format!("/export/pictures/{}", room.id));
        request.header(CONTENT_TYPE, FORM).body(form(&fields)).send()
    };
    let whole = save(vec![]).await.unwrap();
    assert!(whole.headers()["content-disposition"].to_str().unwrap().contains("hall.zip"));
    let bytes = whole.bytes().await.unwrap();
    let files = unpacked(&bytes);
    assert_eq!(files.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(), ["001-湖边.png", "002-etc-passwd.png"]);
    assert!(files.iter().all(|(_, content)| image::load_from_memory(content).is_ok()));
    let some = save(vec![("act", "remove"), ("pictures[]", &ids[0]), ("pictures[]", &ids[2])]).await.unwrap();
    let files = unpacked(&some.bytes().await.unwrap());
    assert_eq!(
        files.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(),
        ["001-held-back.png", "002-etc-passwd.png"]
    );
    assert_eq!(save(vec![("pictures[]", "x")]).await.unwrap().status(), 422);
    let ben = town.person("ben").await;
    let refused = ben.request(Method::POST, &format!("/export/pictures/{}", room.id)).send().await.unwrap();
    assert_eq!(refused.status(), 403);
}

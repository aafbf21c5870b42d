//! Uploading, showing and saving pictures over HTTP.

use crate::town::{Browser, Town};
use domain::room::{Room, Visibility};
use reqwest::header::{ACCEPT, LOCATION};
use reqwest::multipart::{Form, Part};
use reqwest::{Method, Response};
use serde_json::Value;

pub fn png(side: u32) -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    image::RgbImage::from_fn(side, side, |x, y| image::Rgb([x as u8, y as u8, 90]))
        .write_to(&mut bytes, image::ImageFormat::Png)
        .unwrap();
    bytes.into_inner()
}

pub fn file(name: &str, bytes: Vec<u8>) -> Part {
    Part::bytes(bytes).file_name(name.to_owned())
}

pub async fn upload(browser: &Browser, room: &Room, form: Form) -> Response {
    let request = browser.request(Method::POST, &format!("/upload/pictures/{}", room.id));
    request.header(ACCEPT, "application/json").multipart(form).send().await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn several_files_at_once_each_with_its_own_fate() {
    let town = Town::new().await;
    let ana = town.person("ana").await;
    let room = town.room("hall", Visibility::Public, &ana).await;
    let form = Form::new()
        .text("caption", "Lake")
        .part("files", file("../../a.png", png(64)))
        .part("files", file("empty.png", vec![]))
        .part("files", file("b.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>".to_vec()))
        .part("files", file("c.png", png(32)))
        .text("alt", "Water");
    let answer = upload(&ana, &room, form).await;
    assert_eq!(answer.status(), 200);
    let outcome: Value = answer.json().await.unwrap();
    assert_eq!(outcome["pictures"].as_array().unwrap().len(), 2, "{outcome}");
    assert!(
        outcome["pictures"].as_array().unwrap().iter().all(|p| p["caption"] == "Lake" && p["alt"] == "Water"),
        "{outcome}"
    );
    let faults: Vec<_> =
        outcome["problems"].as_array().unwrap().iter().map(|p| p["problem"]["rule"]["fault"].clone()).collect();
    assert_eq!(faults, ["empty", "svg"]);
    let bad = upload(&ana, &room, Form::new().part("files", file("x.png", b"no".to_vec()))).await;
    assert_eq!(bad.status(), 422);
    let none = upload(&ana, &room, Form::new().text("caption", "x")).await;
    assert_eq!(none.status(), 422);
    let many = (0..21).fold(Form::new(), |form, _| form.part("files", file("x.png", b"no".to_vec())));
    let outcome: Value = upload(&ana, &room, many).await.json().await.unwrap();
    assert_eq!(outcome["problems"].as_array().unwrap().len(), 21, "20 are looked at, the next is refused");
}

#[tokio::test(flavor = "multi_thread")]
async fn only_hosts_add_pictures() {
    let town = Town::new().await;
    let (ana, ben) = (town.person("ana").await, town.person("ben").await);
    let room = town.room("hall", Visibility::Public, &ana).await;
    let form = || Form::new().part("files", file("a.png", png(8)));
    assert_eq!(upload(&town.stranger(), &room, form()).await.status(), 401);
    assert_eq!(upload(&ben, &room, form()).await.status(), 403);
    let plain = ana.request(Method::POST, &format!("/upload/pictures/{}", room.id)).body("x").send().await.unwrap();
    assert_eq!(plain.status(), 422);
    let cut = ana.request(Method::POST, &format!("/upload/pictures/{}", room.id));
    let cut = cut
        .header("content-type", "multipart/form-data; boundary=b")
        .body("--b\r\nContent-Dispo")
        .send()
        .await
        .unwrap();
    assert_eq!(cut.status(), 422);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_without_javascript_lands_where_it_was() {
    let town = Town::new().await;
    let ana = town.person("ana").await;
    let room = town.room("hall", Visibility::Public, &ana).await;
    let path = format!("/upload/pictures/{}?from=/r/hall/pictures", room.id);
    let send = |bytes| {
        let form = Form::new().part("files", file("a.png", bytes));
        ana.request(Method::POST, &path).header(ACCEPT, "text/html").multipart(form).send()
    };
    let good = send(png(8)).await.unwrap();
    assert_eq!((good.status().as_u16(), good.headers()[LOCATION].to_str().unwrap()), (303, "/r/hall/pictures"));
    let bad = send(vec![]).await.unwrap();
    let place = bad.headers()[LOCATION].to_str().unwrap();
    assert!(place.starts_with("/r/hall/pictures?problem=") && place.ends_with("&call=upload-pictures"), "{place}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_picture_is_shown_saved_and_remembered() {
    let town = Town::new().await;
    let (ana, ben) = (town.person("ana").await, town.person("ben").await);
    let room = town.room("hall", Visibility::Private, &ana).await;
    let form = Form::new().text("caption", "湖边 / lake").part("files", file("a.png", png(400)));
    let outcome: Value = upload(&ana, &room, form).await.json().await.unwrap();
    let blob = outcome["pictures"][0]["blob"].as_str().unwrap().to_owned();
    let path = format!("/media/{}/{blob}/320", room.id);
    let shown = ana.get(&path).await;
    assert_eq!(shown.status(), 200);
    for (name, value) in [
        ("content-security-policy", "sandbox; default-src 'none'"),
        ("x-content-type-options", "nosniff"),
        ("cache-control", "private, no-cache"),
        ("etag", &format!("\"{blob}-320\"")),
    ] {
        assert_eq!(shown.headers()[name], value, "{name}");
    }
    assert!(shown.headers()["content-type"].to_str().unwrap().starts_with("image/"));
    assert!(!shown.headers().contains_key("content-disposition"));
    let tag = shown.headers()["etag"].clone();
    let again = ana.request(Method::GET, &path).header("if-none-match", &tag).send().await.unwrap();
    assert_eq!(again.status(), 304);
    for other in [&ben, &town.stranger()] {
        let refused = other.request(Method::GET, &path).header("if-none-match", &tag).send().await.unwrap();
        assert_eq!(refused.status(), 404, "also for those who had it once");
    }
    let saved = ana.get(&format!("{path}?download=1")).await;
    let name = saved.headers()["content-disposition"].to_str().unwrap();
    assert!(name.starts_with("attachment; filename=") && name.contains("UTF-8''%E6%B9%96%E8%BE%B9%20lake."), "{name}");
}

#[tokio::test(flavor = "multi_thread")]
async fn another_file_takes_a_pictures_place() {
    let town = Town::new().await;
    let ana = town.person("ana").await;
    let room = town.room("hall", Visibility::Public, &ana).await;
    let form = Form::new().text("caption", "Lake").part("files", file("a.png", png(40)));
    let outcome: Value = upload(&ana, &room, form).await.json().await.unwrap();
    let old = &outcome["pictures"][0];
    let path = format!("/upload/pictures/{}/{}/file", room.id, old["id"]);
    let form = Form::new().part("file", file("b.png", png(50)));
    let answer = ana.request(Method::POST, &path).multipart(form).send().await.unwrap();
    assert_eq!(answer.status(), 200);
    let new: Value = answer.json().await.unwrap();
    assert_eq!((&new["id"], &new["caption"], new["width"].as_i64()), (&old["id"], &old["caption"], Some(50)));
    assert_ne!(new["blob"], old["blob"]);

    // Whoever still saw the first one is told, as a page and as a program.
    let stale = format!("{path}?was={}&from=%2Fr%2Fhall%2Fpictures", old["blob"].as_str().unwrap());
    let send = async |path: &str, accept: &str| {
        let form = Form::new().part("file", file("c.png", png(60)));
        ana.request(Method::POST, path).header("accept", accept).multipart(form).send().await.unwrap()
    };
    let refused = send(&stale, "application/json").await;
    assert_eq!(
        (refused.status().as_u16(), refused.json::<Value>().await.unwrap()["code"].as_str()),
        (409, Some("changed"))
    );
    let page = send(&stale, "text/html").await;
    let place = page.headers()[LOCATION].to_str().unwrap().to_owned();
    assert!(place.ends_with("&call=replace-picture"), "{place}");
    let shown = ana.get(&place).await.text().await.unwrap();
    assert!(shown.contains("ana just changed this") && shown.contains(new["blob"].as_str().unwrap()), "{shown}");
    let form = ana.get(&format!("/r/hall/pictures?edit={}", new["id"])).await.text().await.unwrap();
    assert!(form.contains(&format!("/file?was={}", new["blob"].as_str().unwrap())), "the next one is meant: {form}");
    assert_eq!(send(&format!("{path}?was=x"), "application/json").await.status(), 422);
    let seen = format!("{path}?was={}", new["blob"].as_str().unwrap());
    assert_eq!(send(&seen, "application/json").await.status(), 200);
}

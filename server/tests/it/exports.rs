//! Exports by the real program: a folder that can be read without it.

use crate::program::{add_admin, salon, start_with};
use crate::town::Browser;
use reqwest::header::ACCEPT;
use reqwest::multipart::{Form, Part};
use serde_json::json;
use std::path::Path;

const SAID: usize = 1_050;

async fn hang(boss: &Browser, caption: &str) {
    let mut png = std::io::Cursor::new(Vec::new());
    image::RgbImage::new(9, 9).write_to(&mut png, image::ImageFormat::Png).unwrap();
    let form =
        Form::new().text("caption", caption.to_owned()).part("files", Part::bytes(png.into_inner()).file_name("a.png"));
    let request = boss.request(reqwest::Method::POST, "/upload/pictures/1").header(ACCEPT, "application/json");
    assert_eq!(request.multipart(form).send().await.unwrap().status(), 200);
}

fn export(data: &Path, folder: &Path, more: &[&str]) -> (bool, String) {
    let args = [&["export", "hall", folder.to_str().unwrap()], more].concat();
    let output = salon(&args, data).stderr(std::process::Stdio::piped()).output().unwrap();
    (output.status.success(), String::from_utf8([output.stdout, output.stderr].concat()).unwrap())
}

/// Addresses of pictures, pages and places in the text.
fn addresses<'a>(html: &'a str, attribute: &str) -> Vec<&'a str> {
    html.split(&format!(" {attribute}=\"")).skip(1).filter_map(|rest| rest.split('"').next()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_room_becomes_pages_and_pictures_in_order() {
    let home = tempfile::tempdir().unwrap();
    let (data, folder) = (home.path().join("data"), home.path().join("hall"));
    add_admin(&data);
    let program = start_with(&["--unlimited"], &data);
    let boss = program.boss().await;
    for caption in ["last", "../<b>middle</b>", "第一"] {
        hang(&boss, caption).await;
    }
    let mut socket = boss.socket().await;
    socket.send("enter", json!({"room": 1, "place": null})).await;
    for n in 0..SAID {
        let text = if n == 0 {
            "**<script>alert(1)</script>** `x<y` https://a.example/?a&b".into()
        } else {
            format!("word {n}")
        };
        socket.send("post", json!({"room": 1, "client_id": format!("c{n}"), "text": text})).await;
        socket.hears("posted").await;
    }
    let (done, words) = export(&data, &folder, &["--lang", "zh", "--zone", "+08:00"]);
    assert!(done, "{words}");
    let first = std::fs::read_to_string(folder.join("index.html")).unwrap();
    let second = std::fs::read_to_string(folder.join("page-2.html")).unwrap();
    assert!(!folder.join("page-3.html").exists());
    assert_eq!((first.matches("<article").count(), second.matches("<article").count()), (1_000, SAID - 1_000));
    assert!(first.contains("<html lang=\"zh-CN\">") && first.contains("第 1 页，共 2 页"));
    assert!(first.contains("<strong>&lt;script&gt;alert(1)&lt;/script&gt;</strong> <code>x&lt;y</code>"));
    for html in [&first, &second] {
        assert!(!html.contains("<script"), "no scripts, not even its own");
        assert!(addresses(html, "src").iter().all(|address| address.starts_with("pictures/")));
    }
    assert_eq!(
        addresses(&first, "src"),
        ["pictures/01-%E7%AC%AC%E4%B8%80.png", "pictures/02-b-middle-b.png", "pictures/03-last.png"]
    );
    let mut names: Vec<_> =
        std::fs::read_dir(folder.join("pictures")).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    names.sort();
    assert_eq!(names, ["01-第一.png", "02-b-middle-b.png", "03-last.png"]);
    assert!(addresses(&second, "href").contains(&"index.html") && addresses(&first, "href").contains(&"page-2.html"));
    assert!(addresses(&first, "href").contains(&"https://a.example/?a&amp;b"));

    let (again, words) = export(&data, &folder, &[]);
    assert!(!again && words.contains("is not empty"), "{words}");
    assert_eq!(std::fs::read_to_string(folder.join("index.html")).unwrap(), first);
    assert!(!export(&home.path().join("nowhere"), &home.path().join("x"), &[]).0);
    assert!(!home.path().join("nowhere").exists() && !home.path().join("x").exists());
}

//! Its pictures: a file of the message on our page, and an address for whoever has it.

use super::{Six, played};
use crate::compat::{noise, png};
use crate::town::client;
use futures::SinkExt;
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::Message;

#[tokio::test(flavor = "multi_thread")]
async fn f2_pictures() {
    played("picture", 2).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn f7_f8_requests_are_logged_by_number_and_addresses_are_those_that_were_asked() {
    let six = Six::new().await;
    let one = six.person("user1").await;
    let part = reqwest::multipart::Part::bytes(png()).file_name("a.png");
    let form = reqwest::multipart::Form::new().part("file", part);
    let request = client().post(format!("{}/img-upload", six.base)).header("token", &one).multipart(form);
    let answer = request.header("host", "talk.example.org").send().await.unwrap();
    assert!(answer.headers().contains_key("x-request-id"));
    let url = answer.json::<Value>().await.unwrap()["data"]["data"]["url"].as_str().unwrap().to_owned();
    assert!(url.starts_with("http://talk.example.org/compat/ginchat/uploads/"), "{url}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_picture_is_a_file_on_our_page_and_has_its_address_without_a_session() {
    let six = Six::new().await;
    let one = six.person("user1").await;
    let native = six.native("user1").await;
    let url = six.upload(&one, png()).await["data"]["data"]["url"].as_str().unwrap().to_owned();
    assert!(url.starts_with(&format!("{}/uploads/", six.base)), "{url}");
    let mut socket = six.socket(&one, 3).await.unwrap();
    // It is in another room, and said twice: each message has a copy of its own.
    for _ in 0..2 {
        let content = format!("look<img src=\"{url}\" />");
        socket.say(json!({"state": 3, "data": {"room_id": "3", "content": content, "image_url": url}})).await;
    }
    socket.0.send(Message::text("ping")).await.unwrap();
    socket.frame().await;
    let said = six.history(&native, six.room(3).await).await;
    assert_eq!(said.iter().map(|message| message.files.len()).collect::<Vec<_>>(), [1, 1]);
    assert_eq!(domain::span::plain(&said[0].spans), "look");
    let rows = six.get("/pagination?room_id=3", &one).await["data"]["list"].clone();
    for (row, message) in rows.as_array().unwrap().iter().zip(&said) {
        let address = format!("{}/uploads/{}", six.base, message.files[0].blob);
        assert_eq!(
            (row["image_url"].as_str().unwrap(), row["content"].as_str().unwrap()),
            (address.as_str(), format!("look<img src=\"{address}\" />").as_str())
        );
        let shown = client().get(&address).send().await.unwrap();
        assert_eq!((shown.status().as_u16(), shown.headers()["content-type"].to_str().unwrap()), (200, "image/png"));
        assert!(shown.headers()["content-disposition"].to_str().unwrap().starts_with("inline"));
    }
    // Gone with its message.
    let reader = six.town.chat.reader(Some(&native), six.room(3).await).await.unwrap();
    six.town.chat.recall(&reader, said[0].id).await.unwrap();
    let gone = client().get(format!("{}/uploads/{}", six.base, said[0].files[0].blob)).send().await.unwrap();
    assert_eq!(gone.status().as_u16(), 404);
    for path in
        ["/uploads/0123456789abcdef0123456789abcdef", "/uploads/..%2f..%2fetc%2fpasswd", "/uploads/x", "/uploads/%FF"]
    {
        let answer = client().get(format!("{}{path}", six.base)).send().await.unwrap();
        assert_eq!(answer.status().as_u16(), 404, "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn pictures_have_a_limit_and_are_pictures() {
    let six = Six::new().await;
    let one = six.person("user1").await;
    // As large as they may be, but for a few bytes.
    let bytes = noise(1_300, 1_340);
    assert!((5_200_000..5 * 1024 * 1024).contains(&bytes.len()), "{}", bytes.len());
    let kept = six.upload(&one, bytes.clone()).await;
    assert_eq!((&kept["code"], &kept["msg"], &kept["data"]["code"]), (&json!(0), &json!("成功"), &json!(0)));
    let shown = client().get(kept["data"]["data"]["url"].as_str().unwrap()).send().await.unwrap();
    assert!(shown.bytes().await.unwrap() == bytes, "not what was sent");
    let large = six.upload(&one, vec![0; 5 * 1024 * 1024 + 1]).await;
    assert_eq!((&large["code"], &large["msg"]), (&json!(7), &json!("upload file err: the file is too large")));
    for odd in [b"<svg onload=alert(1)>".to_vec(), b"\x89PNG broken".to_vec(), Vec::new()] {
        let answer = six.upload(&one, odd).await;
        assert_eq!((&answer["code"], &answer["data"]), (&json!(7), &json!({})), "{answer}");
    }
    let answer =
        client().post(format!("{}/img-upload", six.base)).header("token", &one).body("x").send().await.unwrap();
    assert_eq!(answer.status().as_u16(), 400);
    assert!(answer.text().await.unwrap().starts_with("get form err: "));
}

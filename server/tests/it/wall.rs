//! The wall over HTTP and the live socket: what is held back stays so, and a move is small.

use crate::pictures::{file, png, upload};
use crate::town::Town;
use chat::{LinkWords, NewPicture, ShelfAct};
use domain::live::Frame;
use domain::room::{RoomWords, Visibility};
use domain::wall::Place;
use reqwest::Method;
use reqwest::multipart::Form;
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::Message;

#[tokio::test(flavor = "multi_thread")]
async fn no_address_leads_to_what_is_held_back() {
    let town = Town::new().await;
    let (ana, ben) = (town.person("ana").await, town.person("ben").await);
    let room = town.room("hall", Visibility::Public, &ana).await;
    let form = Form::new().text("caption", "Seen").part("files", file("a.png", png(400)));
    let outcome: Value = upload(&ana, &room, form).await.json().await.unwrap();
    let (id, blob) = (outcome["pictures"][0]["id"].as_i64().unwrap(), outcome["pictures"][0]["blob"].as_str().unwrap());
    let media = format!("/media/{}/{blob}/320", room.id);
    let tag = ben.get(&media).await.headers()["etag"].clone();
    let host = town.chat.host(ana.who.as_ref(), room.id).await.unwrap();
    town.chat.change_pictures(&host, ShelfAct::Hold, &[domain::PictureId(id)]).await.unwrap();

    for browser in [&ben, &town.stranger()] {
        for path in [media.clone(), format!("{media}?download=1"), format!("/media/{}/{blob}/full", room.id)] {
            assert_eq!(browser.get(&path).await.status(), 404, "{path}");
        }
        let known = browser.request(Method::GET, &media).header("if-none-match", &tag).send().await.unwrap();
        assert_eq!(known.status(), 404, "not even for those who have seen it");
        for path in ["/", "/r/hall", "/r/hall?tab=pictures", &format!("/r/hall/p/{id}")] {
            let html = browser.get(path).await.text().await.unwrap();
            assert!(!html.contains(blob) && !html.contains("Seen"), "{path}");
        }
        let (_, wall) = browser.call("wall", &[("room", &room.id.to_string())]).await;
        assert!(wall["pictures"].as_array().unwrap().is_empty());
        let (status, _) = browser.call("held-pictures", &[("room", &room.id.to_string())]).await;
        assert!([401, 403].contains(&status.as_u16()), "{status}");
    }
    assert_eq!(ana.get(&media).await.status(), 200);
    let (_, held) = ana.call("held-pictures", &[("room", &room.id.to_string())]).await;
    assert_eq!(held[0]["id"], id);
}

#[tokio::test(flavor = "multi_thread")]
async fn files_of_one_form_hang_in_the_order_they_were_chosen() {
    let town = Town::new().await;
    let ana = town.person("ana").await;
    let room = town.room("hall", Visibility::Public, &ana).await;
    let form = |sides: [u32; 3]| {
        sides.into_iter().fold(Form::new(), |form, side| form.part("files", file("a.png", png(side))))
    };
    upload(&ana, &room, form([11, 12, 13])).await;
    upload(&ana, &room, form([21, 22, 23])).await;
    let reader = town.chat.reader(None, room.id).await.unwrap();
    let widths: Vec<u32> = town.chat.wall(&reader).await.unwrap().pictures.iter().map(|p| p.width).collect();
    assert_eq!(widths, [21, 22, 23, 11, 12, 13]);
    let wild = Form::new().text("order", "9999999999999").part("files", file("a.png", png(8)));
    assert_eq!(upload(&ana, &room, wild).await.status(), 422);
}

/// A form takes twenty; what a room takes is said by the house (`a_room_takes_two_thousand_pictures_and_says_so`).
#[tokio::test(flavor = "multi_thread")]
async fn of_ten_thousand_files_in_one_form_twenty_hang_and_the_rest_is_refused_in_words() {
    let town = Town::new().await;
    let ana = town.person("ana").await;
    let room = town.room("hall", Visibility::Public, &ana).await;
    let part = "--x\r\ncontent-disposition: form-data; name=\"files\"; filename=\"a.png\"\r\n\r\n";
    let many = [part.as_bytes(), &png(2), b"\r\n"].concat().repeat(10_000);
    let send = async |path: &str, accept: &str| {
        let request = ana.request(Method::POST, path).header("accept", accept);
        let form =
            request.header("content-type", "multipart/form-data; boundary=x").body([&many[..], b"--x--\r\n"].concat());
        form.send().await.unwrap()
    };
    let answer = send(&format!("/upload/pictures/{}", room.id), "application/json").await;
    assert_eq!(answer.status(), 200, "some of them hang");
    let outcome: Value = answer.json().await.unwrap();
    assert_eq!(outcome["pictures"].as_array().unwrap().len(), 20);
    let refused =
        json!({"file": "", "problem": {"code": "invalid", "field": "files", "rule": {"rule": "too_many", "max": 20}}});
    assert_eq!(outcome["problems"], json!([refused]));
    let reader = town.chat.reader(None, room.id).await.unwrap();
    assert_eq!(town.chat.wall(&reader).await.unwrap().pictures.len(), 20);
    // Without scripts the page says so.
    let answer = send(&format!("/upload/pictures/{}?from=/r/hall/pictures", room.id), "text/html").await;
    let back = answer.headers()["location"].to_str().unwrap().to_owned();
    let page = ana.get(&back).await.text().await.unwrap();
    assert!(back.contains("too_many") && page.contains("There can be 20 at most."), "{back}");
}

#[tokio::test(flavor = "multi_thread")]
async fn moving_one_of_500_pictures_costs_each_viewer_less_than_400_bytes() {
    let town = Town::new().await;
    let ana = town.person("ana").await;
    let room = town.room("hall", Visibility::Public, &ana).await;
    let host = town.chat.host(ana.who.as_ref(), room.id).await.unwrap();
    // The longest names there are cost a little more.
    town.chat.change_display(ana.who.as_ref().unwrap(), &"长".repeat(40)).await.unwrap();
    let host = {
        let who = town.chat.who(ana.cookie.as_ref().unwrap().split_once('=').unwrap().1).await.unwrap();
        town.chat.host(who.as_ref(), host.reader().room().id).await.unwrap()
    };
    let mut pictures = Vec::new();
    for _ in 0..500 {
        let new = NewPicture { bytes: png(2).into(), ..NewPicture::default() };
        pictures.push(town.chat.add_picture(&host, new).await.unwrap().id);
    }
    let mut socket = town.stranger().socket().await;
    socket.send("enter", json!({"room": room.id, "place": null})).await;
    socket.hears("entered").await;
    let mut sizes = Vec::new();
    for (i, place) in [Place::First, Place::Last, Place::Nth(250), Place::After(pictures[9])].into_iter().enumerate() {
        town.chat.move_picture(&host, pictures[100 + i], place, None).await.unwrap();
        let Message::Text(text) = socket.next().await else { panic!("no frame") };
        let frame: Frame = serde_json::from_str(&text).unwrap();
        assert!(matches!(&frame, Frame::Event(event) if event.by.is_some()), "{frame:?}");
        assert!(text.contains("picture_moved"), "{text}");
        sizes.push(text.len());
    }
    println!("bytes of a move among 500 pictures: {sizes:?}");
    assert!(sizes.iter().all(|size| *size < 400), "{sizes:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_plain_form_did_is_undone_by_the_one_on_the_page_it_leads_to() {
    let town = Town::new().await;
    let ana = town.person("ana").await;
    let (hall, den) =
        (town.room("hall", Visibility::Public, &ana).await, town.room("den", Visibility::Public, &ana).await);
    let picture = town.picture(&ana, &hall, "Lake").await;
    let (room, id, to) = (hall.id.to_string(), picture.id.to_string(), den.id.to_string());
    let page = "/r/hall/pictures";
    let on_wall = async |room: &str| {
        let (_, wall) = ana.call("wall", &[("room", room)]).await;
        wall["pictures"].as_array().unwrap().iter().map(|it| it["alt"].clone()).collect::<Vec<_>>()
    };
    for (act, word) in [("describe", "described"), ("transfer", "moved to another room"), ("remove", "deleted")] {
        let fields = [("room", &*room), ("act", act), ("pictures[]", &*id), ("to", &*to), ("alt", "Water")];
        let done = ana.submit("change-pictures", page, &fields).await;
        let place = done.headers()["location"].to_str().unwrap().to_owned();
        let deed = place.split("undo=").nth(1).unwrap().split('&').next().unwrap().to_owned();
        let html = ana.get(&place).await.text().await.unwrap();
        assert!(html.contains(&format!("1 picture {word}.")) && html.contains("/call/undo-deed"), "{act}: {html}");
        assert_ne!(on_wall(&room).await, [""], "{act}");
        let undone = ana.submit("undo-deed", page, &[("room", &room), ("deed", &deed)]).await;
        assert_eq!(undone.headers()["location"], page, "{act}");
        assert_eq!(on_wall(&room).await, [""], "{act}");
        assert!(on_wall(&to).await.is_empty(), "{act}");
    }
    let late = ana.submit("undo-deed", page, &[("room", &room), ("deed", "999")]).await;
    let html = ana.get(late.headers()["location"].to_str().unwrap()).await.text().await.unwrap();
    assert!(html.contains("It is gone, or no longer valid.") && !html.contains("/call/undo-deed"), "{html}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_host_sees_what_could_not_be_had_and_asks_again_by_a_plain_form() {
    let town = Town::new().await;
    let root = town.admin().await;
    let words = RoomWords::parse("shop-1", "Shop", "", Visibility::Public).unwrap();
    let room = town.chat.room_of("shop", "1", &words, None).await.unwrap();
    let host = town.chat.host(root.who.as_ref(), room).await.unwrap();
    let said = LinkWords { room: Some(room), url: "http://192.168.0.1/<lake>.png".into(), order: 1 };
    town.chat.link_picture(&[host], "shop", "c5", said).await.unwrap();
    let (id, stranger) = (room.to_string(), town.stranger());
    let lost = async || root.call("picture-sources", &[("room", id.as_str())]).await.1["lost"].clone();
    let mut sources = lost().await;
    for _ in 0..400 {
        if !sources.as_array().unwrap().is_empty() {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(25)).await;
        sources = lost().await;
    }
    let page = "/r/shop-1/pictures";
    let html = root.get(page).await.text().await.unwrap();
    assert!(html.contains("/&lt;lake>.png") || html.contains("/&lt;lake&gt;.png"), "{html}");
    assert!(html.contains("From shop: c5") && html.contains("/call/refetch-link"), "{html}");
    let link = sources[0]["link"].to_string();
    let again = root.submit("refetch-link", page, &[("room", &id), ("link", &link)]).await;
    let place = again.headers()["location"].to_str().unwrap();
    assert!(place.starts_with(page) && place.contains("problem=") && place.contains("call=refetch-link"), "{place}");
    let (status, _) = stranger.call("picture-sources", &[("room", &id)]).await;
    assert_eq!(status, 401, "what a partner names is its hosts' business");
}

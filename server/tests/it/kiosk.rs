//! `/wall/{token}`: a projector without a cookie.

use crate::pictures::{file, png, upload};
use crate::town::{Browser, Town};
use domain::kiosk::{Fit, KioskRule, Sequence};
use domain::room::{Room, Visibility};
use reqwest::header::{ACCEPT, CONTENT_TYPE};
use reqwest::multipart::Form;
use serde_json::Value;

async fn hang(town: &Town, ana: &Browser, caption: &str) -> (Room, String) {
    let room = town.room("den", Visibility::Private, ana).await;
    let form = Form::new().text("caption", caption.to_owned()).part("files", file("a.png", png(64)));
    let outcome: Value = upload(ana, &room, form).await.json().await.unwrap();
    (room, outcome["pictures"][0]["blob"].as_str().unwrap().to_owned())
}

async fn link(town: &Town, ana: &Browser, room: &Room, seconds: u32) -> String {
    let host = town.chat.host(ana.who.as_ref(), room.id).await.unwrap();
    let rule = KioskRule { name: String::new(), sequence: Sequence::Wall, seconds, fit: Fit::Fill, code: true };
    format!("/wall/{}", town.chat.create_kiosk(&host, rule).await.unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_link_alone_is_enough_until_it_is_revoked() {
    let town = Town::new().await;
    let (ana, guest) = (town.person("ana").await, town.stranger());
    let (room, blob) = hang(&town, &ana, "<b>Lake</b>").await;
    let base = link(&town, &ana, &room, 7).await;

    let page = guest.get(&base).await;
    assert_eq!(page.status(), 200);
    let policy = page.headers()["content-security-policy"].to_str().unwrap().to_owned();
    let nonce = policy.split("'nonce-").nth(1).unwrap().split('\'').next().unwrap().to_owned();
    let html = page.text().await.unwrap();
    assert!(html.contains(&format!("nonce=\"{nonce}\"")) && html.contains("<svg class=\"kiosk-code\""));
    assert!(html.contains(&format!("content=\"5; url={base}?n=0&amp;left=2\"")), "turns without scripts");
    assert!(html.contains("&lt;b&gt;Lake&lt;/b&gt;") && !html.contains("<b>Lake"));
    assert!(html.contains("kiosk-fill") && html.contains("noindex"));

    let list = guest.get(&format!("{base}/pictures")).await;
    let tag = list.headers()["etag"].clone();
    let show: Value = list.json().await.unwrap();
    assert_eq!((show["seconds"].as_i64(), show["pictures"][0]["blob"].as_str()), (Some(7), Some(blob.as_str())));
    let again = guest.request(reqwest::Method::GET, &format!("{base}/pictures")).header("if-none-match", &tag);
    assert_eq!(again.send().await.unwrap().status(), 304, "nothing new costs nothing");
    let picture = guest.get(&format!("{base}/{blob}/1280")).await;
    assert_eq!((picture.status().as_u16(), &picture.headers()[CONTENT_TYPE]), (200, &"image/png".parse().unwrap()));
    for wrong in ["full2", "../full", "999"] {
        assert_eq!(guest.get(&format!("{base}/{blob}/{wrong}")).await.status(), 404);
    }

    let host = town.chat.host(ana.who.as_ref(), room.id).await.unwrap();
    let kiosk = town.chat.kiosks(&host).await.unwrap().remove(0);
    town.chat.remove_kiosk(&host, kiosk.id).await.unwrap();
    for path in ["", "/pictures", &format!("/{blob}/full")] {
        assert_eq!(guest.get(&format!("{base}{path}")).await.status(), 410, "{path}");
    }
    let over = guest.get(&base).await.text().await.unwrap();
    assert!(over.contains("no longer valid") && !over.contains("Lake") && !over.contains("Room den"), "{over}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_empty_wall_shows_the_rooms_name_and_asks_again() {
    let town = Town::new().await;
    let (ana, guest) = (town.person("ana").await, town.stranger());
    let room = town.room("hall", Visibility::Public, &ana).await;
    let base = link(&town, &ana, &room, 7).await;
    let html = guest.get(&format!("{base}?n=5")).await.text().await.unwrap();
    assert!(html.contains("kiosk-empty") && html.contains("Room hall") && html.contains("content=\"5; url="), "{html}");
    let json =
        guest.request(reqwest::Method::GET, "/wall/none").header(ACCEPT, "application/json").send().await.unwrap();
    assert_eq!(json.status(), 410);
    assert_eq!(json.json::<Value>().await.unwrap()["code"], "gone");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_without_scripts_asks_soon_whether_its_link_holds() {
    let town = Town::new().await;
    let (ana, guest) = (town.person("ana").await, town.stranger());
    let room = town.room("hall", Visibility::Public, &ana).await;
    for caption in ["Lake", "Hills"] {
        town.picture(&ana, &room, caption).await;
    }
    let base = link(&town, &ana, &room, 12).await;
    let mut at = base.clone();
    for next in
        ["5; url=BASE?n=0&amp;left=7", "5; url=BASE?n=0&amp;left=2", "2; url=BASE?n=1", "5; url=BASE?n=1&amp;left=7"]
    {
        let html = guest.get(&at).await.text().await.unwrap();
        let next = next.replace("BASE", &base);
        assert!(html.contains(&format!("content=\"{next}\"")), "{next}: {html:.600}");
        at = next.split("url=").nth(1).unwrap().replace("&amp;", "&");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_host_makes_and_revokes_links_by_plain_forms() {
    let town = Town::new().await;
    let ana = town.person("ana").await;
    let room = town.room("hall", Visibility::Public, &ana).await;
    let id = room.id.to_string();
    let from = "/r/hall/kiosks";
    let fields = [("room", id.as_str()), ("seconds", "9"), ("name", "Foyer"), ("code", "1")];
    let made = ana.submit("create-kiosk", from, &fields);
    let made = made.await.headers()["location"].to_str().unwrap().to_owned();
    let html = ana.get(&made).await.text().await.unwrap();
    let token = made.split("made=").nth(1).unwrap();
    assert!(html.contains(&format!("{}/wall/{token}", ana.base)) && html.contains("Foyer"), "{html}");
    assert!(html.contains("made by ana"), "whose link it is");
    assert!(!html.contains(".wasm") && !html.contains("import("), "no program for links and forms");
    assert_eq!(town.stranger().get(&format!("/wall/{token}")).await.status(), 200);
    let bad = ana.submit("create-kiosk", from, &[("room", &id), ("seconds", "1")]).await;
    assert!(bad.headers()["location"].to_str().unwrap().contains("problem="));
    let host = town.chat.host(ana.who.as_ref(), room.id).await.unwrap();
    let kiosk = town.chat.kiosks(&host).await.unwrap()[0].id.to_string();
    ana.submit("remove-kiosk", from, &[("room", &id), ("kiosk", &kiosk)]).await;
    assert_eq!(town.stranger().get(&format!("/wall/{token}")).await.status(), 410);
}

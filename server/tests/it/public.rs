//! What a public room tells search engines, link previews and feed readers; and that a room which
//! is not public tells them nothing.

use crate::town::{Browser, Town};
use domain::room::{RoomWords, Visibility};
use quick_xml::events::Event;
use reqwest::StatusCode;
use serde_json::Value;

/// The content of `<meta name=…>` or `<meta property=…>`.
fn meta<'a>(page: &'a str, name: &str) -> Option<&'a str> {
    let tag = page.split("<meta ").find(|tag| tag.contains(&format!("\"{name}\"")))?;
    tag.split("content=\"").nth(1)?.split('"').next()
}

/// The address of `<link rel=…>`.
fn linked<'a>(page: &'a str, rel: &str) -> Option<&'a str> {
    let tag = page.split("<link ").find(|tag| tag.contains(&format!("rel=\"{rel}\"")))?;
    tag.split("href=\"").nth(1)?.split('"').next()
}

fn linked_data(page: &str) -> Option<Value> {
    let script = page.split("<script").find(|script| script.contains("application/ld+json"))?;
    let json = script.split_once('>')?.1.split("</script>").next()?;
    Some(serde_json::from_str(json).unwrap())
}

async fn text(browser: &Browser, path: &str) -> String {
    browser.get(path).await.text().await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_public_room_says_what_it_is() {
    let town = Town::new().await;
    let ana = town.person("ana").await;
    let hall = town.room("hall", Visibility::Public, &ana).await;
    let picture = town.picture(&ana, &hall, "A red </script> boat").await;
    town.says(&ana, &hall, "c1", "first </script><b> words").await;
    let guest = town.stranger();
    let page = text(&guest, "/r/hall").await;
    let url = format!("{}/r/hall", town.base());
    assert_eq!(linked(&page, "canonical"), Some(url.as_str()));
    assert_eq!(linked(&page, "alternate"), Some("/r/hall/wall.atom"));
    assert_eq!(meta(&page, "og:title"), Some("Room hall"));
    assert_eq!(meta(&page, "og:url"), Some(url.as_str()));
    assert_eq!(meta(&page, "og:image:alt").map(|alt| alt.contains("red")), Some(true));
    assert!(meta(&page, "description").is_some_and(|text| text.starts_with("first ")), "else its latest words");
    assert_eq!(meta(&page, "robots"), None);
    let image = meta(&page, "og:image").unwrap().strip_prefix(town.base().as_str()).unwrap();
    assert_eq!(guest.get(image).await.status(), StatusCode::OK);
    let data = linked_data(&page).unwrap();
    assert_eq!(data["@type"], "LiveBlogPosting");
    assert_eq!(data["liveBlogUpdate"][0]["articleBody"], "first </script><b> words");
    assert_eq!(data["liveBlogUpdate"][0]["author"]["name"], "ana");
    // A shared link to a picture shows that picture.
    let shared = text(&guest, &format!("/r/hall/p/{}", picture.id)).await;
    assert_eq!(meta(&shared, "og:url"), Some(format!("{url}/p/{}", picture.id).as_str()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_room_that_is_not_public_or_not_open_is_for_no_index() {
    let town = Town::new().await;
    let ana = town.person("ana").await;
    town.room("den", Visibility::Open, &ana).await;
    let hall = town.room("hall", Visibility::Public, &ana).await;
    town.says(&ana, &hall, "c1", "words of the hall").await;
    let den = text(&ana, "/r/den").await;
    assert_eq!((meta(&den, "robots"), meta(&den, "og:title")), (Some("noindex"), None));
    assert!(linked_data(&den).is_none() && !den.contains("wall.atom"));
    town.room("attic", Visibility::Private, &ana).await;
    let attic = text(&ana, "/r/attic").await;
    assert_eq!((meta(&attic, "robots"), meta(&attic, "og:title")), (Some("noindex"), None));
    assert!(linked_data(&attic).is_none() && !attic.contains("wall.atom"));
    for path in ["/r/attic", "/r/attic/wall.atom"] {
        assert_eq!(town.stranger().get(path).await.status(), StatusCode::NOT_FOUND, "{path}");
    }
    let host = town.chat.host(ana.who.as_ref(), hall.id).await.unwrap();
    town.chat.open_room_now(&host, false).await.unwrap();
    let waiting = text(&town.stranger(), "/r/hall").await;
    assert_eq!((meta(&waiting, "robots"), linked_data(&waiting)), (Some("noindex"), None));
    assert!(!waiting.contains("words of the hall"));
    assert_eq!(town.stranger().get("/r/hall/wall.atom").await.status(), StatusCode::FORBIDDEN);
}

/// The texts of all elements called `name`, in order.
fn elements(xml: &str, name: &str) -> Vec<String> {
    let mut reader = quick_xml::Reader::from_str(xml);
    let (mut found, mut inside) = (Vec::new(), false);
    loop {
        match reader.read_event().unwrap() {
            Event::Start(tag) => {
                inside = tag.name().as_ref() == name;
                if inside {
                    found.push(String::new());
                }
            }
            Event::End(_) => inside = false,
            Event::Text(text) if inside => *found.last_mut().unwrap() += &text,
            Event::GeneralRef(name) if inside => {
                *found.last_mut().unwrap() += quick_xml::escape::resolve_predefined_entity(&name).unwrap();
            }
            Event::Eof => return found,
            _ => {}
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_wall_is_a_feed_newest_first() {
    let town = Town::new().await;
    let ana = town.person("ana").await;
    let hall = town.room("hall", Visibility::Public, &ana).await;
    let guest = town.stranger();
    let empty = text(&guest, "/r/hall/wall.atom").await;
    assert_eq!(elements(&empty, "title"), ["Room hall"]);
    town.picture(&ana, &hall, "One & <two>").await;
    town.picture(&ana, &hall, "Three").await;
    let answer = guest.get("/r/hall/wall.atom").await;
    assert_eq!(answer.headers()["content-type"], "application/atom+xml; charset=utf-8");
    let tag = answer.headers()["etag"].clone();
    let feed = answer.text().await.unwrap();
    assert_eq!(elements(&feed, "title"), ["Room hall", "Three", "One & <two>"]);
    let html = &elements(&feed, "content")[1];
    assert!(html.contains("alt=\"One &amp; &lt;two&gt;\""), "{html}");
    let again = guest.request(reqwest::Method::GET, "/r/hall/wall.atom").header("if-none-match", tag);
    assert_eq!(again.send().await.unwrap().status(), StatusCode::NOT_MODIFIED);
    let host = town.chat.host(ana.who.as_ref(), hall.id).await.unwrap();
    let words = RoomWords::parse("hall", "Room hall", "", Visibility::Private).unwrap();
    town.chat.change_room(&host, words).await.unwrap();
    assert_eq!(guest.get("/r/hall/wall.atom").await.status(), StatusCode::NOT_FOUND);
}

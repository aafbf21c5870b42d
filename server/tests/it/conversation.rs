//! A day of a conversation, and all of it in one file.

use crate::album::unpacked;
use crate::town::Town;
use domain::room::Visibility;
use domain::time::DAY_MS;
use reqwest::Method;
use reqwest::header::LOCATION;

#[tokio::test(flavor = "multi_thread")]
async fn a_conversation_is_saved_as_pages_that_open_from_disk() {
    let town = Town::new().await;
    let (ana, stranger) = (town.person("ana").await, town.stranger());
    let room = town.room("hall", Visibility::Public, &ana).await;
    town.says(&ana, &room, "c1", "**first** <script>").await;
    town.says(&ana, &room, "c2", "最后一句").await;
    let saved = ana.get("/r/hall/conversation.zip").await;
    assert!(saved.headers()["content-disposition"].to_str().unwrap().contains("hall.zip"));
    let files = unpacked(&saved.bytes().await.unwrap());
    assert_eq!(files.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(), ["index.html"]);
    let html = String::from_utf8(files[0].1.clone()).unwrap();
    assert!(html.contains("<strong>first</strong> &lt;script&gt;") && html.contains("最后一句"), "{html}");
    assert_eq!(stranger.get("/r/hall/conversation.zip").await.status(), 401, "anybody reads, people save");
    let den = town.room("den", Visibility::Private, &ana).await;
    let ben = town.person("ben").await;
    assert_eq!(ben.get(&format!("/r/{}/conversation.zip", den.slug)).await.status(), 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_day_leads_into_the_conversation() {
    let town = Town::new().await;
    let (ana, stranger) = (town.person("ana").await, town.stranger());
    let room = town.room("hall", Visibility::Public, &ana).await;
    let seq = town.says(&ana, &room, "c1", "hello").await;
    let to = async |day: &str| {
        let answer = stranger.request(Method::GET, &format!("/r/hall/on?day={day}")).send().await.unwrap();
        (answer.status().as_u16(), answer.headers().get(LOCATION).map(|to| to.to_str().unwrap().to_owned()))
    };
    assert_eq!(to("2001-01-01").await, (303, Some(app::paths::message("hall", seq))));
    let later = domain::time::civil(std::time::UNIX_EPOCH.elapsed().unwrap().as_millis() as i64 + 400 * DAY_MS, 0);
    let day = format!("{:04}-{:02}-{:02}", later.year, later.month, later.day);
    assert_eq!(to(&day).await, (303, Some("/r/hall".to_owned())), "nothing is as new as that");
    for odd in ["", "yesterday", "2026-13-40", "9999999999-01-01", "%00"] {
        assert_eq!(to(odd).await, (422, None), "{odd}");
    }
    town.room("den", Visibility::Private, &ana).await;
    let hidden = stranger.request(Method::GET, "/r/den/on?day=2001-01-01").send().await.unwrap();
    assert_eq!(hidden.status(), 404);
}

//! Guests get copies of pages: fresh ones, with a nonce of their own, and nothing of others.

use crate::town::{Terms, Town};
use chat::Clock;
use domain::gate::{GateRule, Opening};
use domain::room::{RoomWords, Visibility};
use reqwest::StatusCode;

/// The nonce that the header allows, and the page.
async fn page(town: &Town, path: &str) -> (String, String) {
    let answer = town.stranger().get(path).await;
    assert_eq!(answer.status(), StatusCode::OK);
    let policy = answer.headers()["content-security-policy"].to_str().unwrap().to_owned();
    let nonce = policy.split("'nonce-").nth(1).unwrap().split('\'').next().unwrap().to_owned();
    (nonce, answer.text().await.unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn every_guest_has_a_nonce_of_their_own_and_the_same_page_otherwise() {
    let town = Town::new().await;
    let ana = town.person("ana").await;
    let hall = town.room("hall", Visibility::Public, &ana).await;
    town.says(&ana, &hall, "c1", "good evening").await;
    let (first_nonce, first) = page(&town, "/r/hall").await;
    let (second_nonce, second) = page(&town, "/r/hall").await;
    assert_ne!(first_nonce, second_nonce);
    assert!(first.contains(&first_nonce) && second.contains(&second_nonce));
    assert_eq!(first.replace(&first_nonce, ""), second.replace(&second_nonce, ""));
    assert!(!second.contains(&first_nonce));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_copy_is_never_older_than_what_was_said_or_forbidden() {
    let town = Town::new().await;
    let ana = town.person("ana").await;
    let hall = town.room("hall", Visibility::Public, &ana).await;
    for i in 0..5 {
        let words = format!("sentence number {i}");
        town.says(&ana, &hall, &format!("c{i}"), &words).await;
        assert!(page(&town, "/r/hall").await.1.contains(&words), "{words}");
    }
    let host = town.chat.host(ana.who.as_ref(), hall.id).await.unwrap();
    let words = RoomWords::parse("hall", "Room hall", "", Visibility::Private).unwrap();
    town.chat.change_room(&host, words).await.unwrap();
    let answer = town.stranger().get("/r/hall").await;
    let body = answer.text().await.unwrap();
    assert!(!body.contains("sentence number"), "a private room is nobody's copy");
}

#[tokio::test(flavor = "multi_thread")]
async fn people_and_guests_do_not_get_each_others_pages() {
    let town = Town::new().await;
    let ana = town.person("ana").await;
    town.room("hall", Visibility::Public, &ana).await;
    let (_, guests) = page(&town, "/r/hall").await;
    let hers = ana.get("/r/hall").await.text().await.unwrap();
    let (_, again) = page(&town, "/r/hall").await;
    assert!(hers.contains("/me") && !guests.contains("/me\"") && !again.contains("/me\""));
    let chinese = town.stranger().request(reqwest::Method::GET, "/r/hall").header("accept-language", "zh");
    let chinese = chinese.header("accept", "text/html").send().await.unwrap().text().await.unwrap();
    assert!(chinese.contains("lang=\"zh"), "choices have copies of their own");
}

#[tokio::test(flavor = "multi_thread")]
async fn no_copy_of_a_room_outlives_its_time() {
    let clock = Clock::fake(1_800_000_000_000);
    let town = Town::on(Terms { clock: clock.clone(), ..Terms::default() }).await;
    let ana = town.person("ana").await;
    let hall = town.room("hall", Visibility::Public, &ana).await;
    let host = town.chat.host(ana.who.as_ref(), hall.id).await.unwrap();
    let now = clock.now();
    let rule = GateRule {
        opening: Opening::Schedule,
        opens_at: Some(now - 1_000),
        closes_at: Some(now + 60_000),
        ..GateRule::default()
    };
    town.chat.change_gate(&host, rule).await.unwrap();
    town.says(&ana, &hall, "c1", "good evening").await;
    for _ in 0..2 {
        assert!(page(&town, "/r/hall").await.1.contains("good evening"));
    }
    clock.advance(60_000);
    assert!(!town.stranger().get("/r/hall").await.text().await.unwrap().contains("good evening"));
}

//! Calls: the same answer for scripts and for forms.

use crate::town::Town;
use domain::room::Visibility;
use reqwest::header::LOCATION;
use serde_json::json;

#[tokio::test(flavor = "multi_thread")]
async fn a_message_can_be_posted_both_ways() {
    let town = Town::new().await;
    let ana = town.person("ana").await;
    let room = town.room("hall", Visibility::Public, &ana).await;
    let id = room.id.to_string();
    let fields = [("room", id.as_str()), ("client_id", "c1"), ("text", "hello *you*")];
    let (status, message) = ana.call("post-message", &fields).await;
    assert_eq!(status, 200, "{message}");
    assert_eq!(message["author"]["name"], "ana");
    let (_, again) = ana.call("post-message", &fields).await;
    assert_eq!(again["seq"], message["seq"], "a resend is the same message");
    let answer = ana.submit("post-message", "/r/hall", &[("room", &id), ("client_id", "c2"), ("text", "two")]).await;
    assert_eq!(answer.status(), 303);
    assert!(answer.headers()[LOCATION].to_str().unwrap().starts_with("/r/hall"));
    let page = town.stranger().get("/r/hall").await.text().await.unwrap();
    assert!(page.contains("hello") && page.contains("<em>you") && page.contains("two"), "both are on the page");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_call_is_a_problem() {
    let town = Town::new().await;
    let (status, problem) = town.stranger().call("no-such-call", &[]).await;
    assert_eq!((status.as_u16(), problem), (404, json!({"code": "not_found", "thing": "page"})));
}

/// What a script asks for is its answer; that the page would be a 404 is another matter.
#[tokio::test(flavor = "multi_thread")]
async fn an_answer_about_nothing_is_an_answer() {
    let town = Town::new().await;
    let (status, loaded) = town.stranger().call("load-nothing", &[]).await;
    assert_eq!(status, 200);
    assert_eq!(loaded["body"]["Err"]["code"], "not_found");
}

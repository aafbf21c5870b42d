//! A site is told what happens in its rooms.

use super::{Program, answer};
use crate::town::{PASSWORD, Town};
use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use domain::room::Visibility;
use reqwest::Method;
use ring::hmac;
use serde_json::{Value, json};
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

const PATIENCE: Duration = Duration::from_secs(20);

type Heard = (HeaderMap, String);

/// A site's own server: what it was told, and where it is. It has no time at `/busy`.
async fn site() -> (UnboundedReceiver<Heard>, String) {
    async fn hear(State(tell): State<UnboundedSender<Heard>>, headers: HeaderMap, body: String) -> &'static str {
        let _ = tell.send((headers, body));
        "noted"
    }
    async fn busy() -> StatusCode {
        StatusCode::SERVICE_UNAVAILABLE
    }
    let (tell, heard) = unbounded_channel();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let router = Router::new().route("/hook", post(hear)).route("/busy", post(busy)).with_state(tell);
    tokio::spawn(async move { axum::serve(listener, router).await });
    (heard, url)
}

async fn next(heard: &mut UnboundedReceiver<Heard>) -> Heard {
    tokio::time::timeout(PATIENCE, heard.recv()).await.unwrap().unwrap()
}

/// As a site would, by what docs/webhooks.md says.
fn is_signed((headers, body): &Heard, secret: &str) -> bool {
    let header = headers["x-salon-signature"].to_str().unwrap();
    let (time, tags) = header.strip_prefix("t=").unwrap().split_once(",v1=").unwrap();
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
    let tag = hmac::sign(&key, format!("{time}.{body}").as_bytes());
    let hex: String = tag.as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
    tags.split(",v1=").any(|one| one == hex)
}

impl Program {
    /// The newest delivery of a webhook, once it is as it should be.
    async fn delivery(&self, webhook: &str, is_so: impl Fn(&Value) -> bool) -> Value {
        let wait = async {
            loop {
                let (_, page) = self.get(&format!("{webhook}/deliveries")).await;
                if is_so(&page["items"][0]) {
                    return page["items"][0].clone();
                }
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        };
        tokio::time::timeout(PATIENCE, wait).await.unwrap()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_site_hears_of_its_room_and_sees_what_it_was_told() {
    let town = Town::new().await;
    let ana = town.person("ana").await;
    let room = town.room("hall", Visibility::Private, &ana).await;
    let program = Program::keyed(&town, "ana", &["read", "manage"]).await;
    let (mut heard, url) = site().await;
    let (status, made) = program.post("/rooms/hall/webhooks", json!({"url": format!("{url}/hook")})).await;
    assert_eq!((status.as_u16(), &made["events"], &made["paused"]), (201, &json!([]), &Value::Null));
    let secret = made["secret"].as_str().unwrap();
    let webhook = format!("/rooms/hall/webhooks/{}", made["id"]);

    town.says(&ana, &room, "c1", "hello").await;
    let first = next(&mut heard).await;
    assert!(is_signed(&first, secret) && !is_signed(&first, "another"));
    let body: Value = serde_json::from_str(&first.1).unwrap();
    let said = &body["event"]["said"]["message"];
    assert_eq!((&body["room"], &said["author"]["name"]), (&"hall".into(), &"ana".into()));
    assert_eq!(said["spans"], json!([{"text": "hello"}]));
    let done = program.delivery(&webhook, |last| last["state"] == "done").await;
    assert_eq!((&done["id"], &done["status"], &done["answer"]), (&body["delivery"], &200.into(), &"noted".into()));
    assert_eq!((&done["event"], &done["attempts"], &done["seq"]), (&"said".into(), &1.into(), &body["seq"]));

    let replay = format!("{webhook}/deliveries/{}/replay", done["id"]);
    let (status, again) = program.post(&replay, Value::Null).await;
    assert_eq!((status.as_u16(), &again["state"]), (202, &"waiting".into()));
    assert_eq!(next(&mut heard).await.1, first.1, "the very same");
    let (status, test) = program.post(&format!("{webhook}/test"), Value::Null).await;
    assert_eq!((status.as_u16(), &test["event"]), (202, &"test".into()));
    let told: Value = serde_json::from_str(&next(&mut heard).await.1).unwrap();
    assert_eq!(told["event"], json!({"test": {}}));

    let (status, rotated) = program.post(&format!("{webhook}/rotate"), Value::Null).await;
    assert_eq!(status, 200);
    town.says(&ana, &room, "c2", "still here").await;
    let both = next(&mut heard).await;
    assert!(is_signed(&both, secret) && is_signed(&both, rotated["secret"].as_str().unwrap()));
    let (_, listed) = program.get("/rooms/hall/webhooks").await;
    assert!(listed["items"][0]["old_secret_until"].is_i64() && listed["items"][0].get("secret").is_none(), "{listed}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_webhook_is_changed_paused_and_removed() {
    let town = Town::new().await;
    let ana = town.person("ana").await;
    let room = town.room("hall", Visibility::Public, &ana).await;
    let program = Program::keyed(&town, "ana", &["manage"]).await;
    let (mut heard, url) = site().await;
    let (_, made) = program.post("/rooms/hall/webhooks", json!({"url": format!("{url}/busy")})).await;
    let webhook = format!("/rooms/hall/webhooks/{}", made["id"]);
    town.says(&ana, &room, "c1", "hello").await;
    let waits = program.delivery(&webhook, |last| last["status"] == 503).await;
    assert!(waits["state"] == "waiting" && waits["next_at"].as_i64() > waits["made_at"].as_i64(), "{waits}");
    let change = json!({"paused": true, "url": format!("{url}/hook"), "events": ["said"]});
    let (status, paused) = program.ask(Method::PATCH, &webhook, Some(change)).await;
    assert_eq!((status.as_u16(), &paused["paused"], &paused["events"]), (200, &"host".into(), &json!(["said"])));
    town.says(&ana, &room, "c2", "meanwhile").await;
    let (_, on) = program.ask(Method::PATCH, &webhook, Some(json!({"paused": false}))).await;
    assert_eq!(on["paused"], Value::Null);
    assert!(next(&mut heard).await.1.contains("meanwhile"), "it goes on where it stood");
    for (body, field) in [
        (json!({"events": ["post"]}), "events"),
        (json!({"url": "http://10.0.0.1/"}), "url"),
        (json!({"url": "hook"}), "url"),
        (json!({"url": format!("https://a.example/{}", "x".repeat(1_000))}), "url"),
    ] {
        let (status, problem) = program.ask(Method::PATCH, &webhook, Some(body.clone())).await;
        assert_eq!((status.as_u16(), &problem["field"]), (422, &field.into()), "{body}");
    }
    assert_eq!(program.ask(Method::DELETE, &webhook, None).await.0, 204);
    for (method, path) in [
        (Method::DELETE, webhook.clone()),
        (Method::PATCH, webhook.clone()),
        (Method::POST, format!("{webhook}/rotate")),
        (Method::POST, format!("{webhook}/test")),
        (Method::POST, format!("{webhook}/deliveries/1/replay")),
        (Method::GET, format!("{webhook}/deliveries")),
        (Method::GET, "/rooms/hall/webhooks/x/deliveries".to_owned()),
    ] {
        let body = (method != Method::GET).then(|| json!({}));
        assert_eq!(program.ask(method, &path, body).await.0, 404, "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn only_hosts_with_a_key_for_it_run_webhooks() {
    let town = Town::new().await;
    let (ana, _) = (town.person("ana").await, town.person("ben").await);
    town.room("hall", Visibility::Public, &ana).await;
    let bens = Program::keyed(&town, "ben", &["read", "write", "manage"]).await;
    let reads = Program::keyed(&town, "ana", &["read", "write"]).await;
    for program in [bens, reads] {
        assert_eq!(program.get("/rooms/hall/webhooks").await.0, 403);
        let made = program.post("/rooms/hall/webhooks", json!({"url": "https://a.example/"})).await;
        assert_eq!((made.0.as_u16(), &made.1["code"]), (403, &"not_allowed".into()));
    }
}

/// Whoever gets hold of the store, or of a key's name, gets no secret out of an answer that was kept.
#[tokio::test(flavor = "multi_thread")]
async fn no_answer_with_a_secret_is_kept() {
    let town = Town::new().await;
    let ana = town.person("ana").await;
    town.room("hall", Visibility::Public, &ana).await;
    let program = Program::keyed(&town, "ana", &["manage"]).await;
    let made = program.post("/rooms/hall/webhooks", json!({"url": "https://a.example/"})).await.1;
    let rotate = format!("/rooms/hall/webhooks/{}/rotate", made["id"]);
    for (path, body, secret) in [
        ("/sessions", json!({"name": "ana", "password": PASSWORD}), "token"),
        ("/rooms/hall/webhooks", json!({"url": "https://a.example/"}), "secret"),
        (rotate.as_str(), Value::Null, "secret"),
    ] {
        let ask = || answer(program.request(Method::POST, path).header("idempotency-key", "k").json(&body));
        let (first, again) = (ask().await, ask().await);
        assert!(first.0.is_success() && again.0 == first.0, "{path}: {} {}", first.0, again.0);
        assert!(first.1[secret].is_string() && first.1[secret] != again.1[secret], "{path}");
        let answer =
            program.request(Method::POST, path).header("idempotency-key", "k").json(&body).send().await.unwrap();
        assert!(!answer.headers().contains_key("idempotency-replayed"), "{path}");
    }
}

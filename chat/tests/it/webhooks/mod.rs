//! Webhooks: what is sent of a room, to whom, and what becomes of it.

mod places;
mod receiver;
mod retries;
mod rights;

use crate::town::{START, Town};
use chat::{RoomHost, Who};
use domain::room::{Room, Visibility};
use domain::webhook::{Delivery, DeliveryState, NewSecret, Target, Webhook};
use domain::{DeliveryId, WebhookId};
use receiver::{PATIENCE, Receiver};
use serde_json::{Value, json};
use std::time::Duration;

/// A room of Ana's that a receiver is told of.
struct Scene {
    town: Town,
    receiver: Receiver,
    ana: Who,
    room: Room,
    host: RoomHost,
    webhook: Webhook,
    secret: String,
}

fn to(url: &str, events: &[&str]) -> Target {
    Target { url: url.to_owned(), events: events.iter().map(|event| (*event).to_owned()).collect() }
}

impl Scene {
    async fn new(events: &[&str]) -> Self {
        let (town, receiver) = (Town::new().await, Receiver::new().await);
        let ana = town.person("ana").await;
        let room = town.room("hall", Visibility::Private, &ana).await;
        town.says(&ana, room.id, "before").await;
        let host = town.chat.host(Some(&ana), room.id).await.unwrap();
        let made = town.chat.add_webhook(&host, to(&receiver.url, events)).await.unwrap();
        let NewSecret { webhook, secret } = made;
        Self { town, receiver, ana, room, host, webhook, secret }
    }

    async fn says(&self, text: &str) {
        self.town.says(&self.ana, self.room.id, text).await;
    }

    async fn deliveries(&self) -> Vec<Delivery> {
        self.deliveries_of(self.webhook.id).await
    }

    /// The newest ones.
    async fn deliveries_of(&self, id: WebhookId) -> Vec<Delivery> {
        self.town.chat.deliveries(&self.host, id, None).await.unwrap().deliveries
    }

    /// Waits until the newest delivery is as it should be.
    async fn until(&self, is_so: impl Fn(&Delivery) -> bool) -> Delivery {
        self.until_all(|all| all.first().filter(|first| is_so(first)).cloned()).await
    }

    /// Waits for something about the deliveries.
    async fn until_all<T>(&self, what: impl Fn(Vec<Delivery>) -> Option<T>) -> T {
        let wait = async {
            loop {
                if let Some(found) = what(self.deliveries().await) {
                    return found;
                }
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        tokio::time::timeout(PATIENCE, wait).await.unwrap()
    }

    async fn is_over(&self) -> Delivery {
        self.until(|delivery| delivery.state != DeliveryState::Waiting).await
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_happens_in_a_room_is_sent_and_signed() {
    let mut scene = Scene::new(&[]).await;
    scene.says("good morning").await;
    let heard = scene.receiver.hears().await;
    let epoch = scene.town.chat.reader(Some(&scene.ana), scene.room.id).await.unwrap().epoch();
    let body = &heard.body;
    assert_eq!((&body["room"], &body["seq"], &body["epoch"]), (&"hall".into(), &3.into(), &epoch.into()));
    assert_eq!((&body["at"], &body["webhook"]), (&START.into(), &scene.webhook.id.0.into()));
    let message = &body["event"]["said"]["message"];
    assert_eq!((&message["author"]["name"], &message["spans"]), (&"ana".into(), &json!([{"text": "good morning"}])));
    assert!(heard.is_signed_with(&scene.secret) && !heard.is_signed_with("salon_hook_x"));
    let header = |name: &str| heard.headers[name].as_str();
    assert!(header("x-salon-signature").starts_with(&format!("t={},v1=", START / 1_000)));
    assert_eq!((header("x-salon-event"), header("content-type")), ("said", "application/json"));
    assert_eq!(header("x-salon-delivery"), body["delivery"].to_string());
    assert!(header("user-agent").starts_with("Salon/"));

    let delivery = scene.is_over().await;
    assert_eq!((delivery.id, delivery.seq), (DeliveryId(body["delivery"].as_i64().unwrap()), Some(3)));
    assert_eq!((delivery.state, delivery.attempts, delivery.done_at), (DeliveryState::Done, 1, Some(START)));
    let outcome = delivery.outcome.unwrap();
    assert_eq!((outcome.answer, outcome.text.as_str()), (Ok(200), "thank you"));
    assert_eq!(scene.deliveries().await.len(), 1, "what was said before nobody asked for");
}

#[tokio::test(flavor = "multi_thread")]
async fn only_what_was_asked_for_is_sent() {
    let mut scene = Scene::new(&["role_changed", "left"]).await;
    let bo = scene.town.person("bo").await;
    scene.says("not this").await;
    scene.town.chat.add_member(&scene.host, bo.person.id, domain::member::Role::Member).await.unwrap();
    scene.town.chat.remove_member(&scene.host, bo.person.id).await.unwrap();
    let heard = scene.receiver.hears().await;
    assert_eq!(heard.body["event"], json!({"left": {"person": bo.person.id.0}}));
    scene.is_over().await;
    assert_eq!(scene.deliveries().await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_taken_back_meanwhile_is_told_as_that() {
    let mut scene = Scene::new(&["said"]).await;
    scene.receiver.answers(503, "not now");
    scene.says("a slip of the tongue").await;
    assert_eq!(scene.receiver.hears().await.said(), "a slip of the tongue");
    scene.until(|delivery| delivery.outcome.is_some()).await;
    let reader = scene.town.chat.reader(Some(&scene.ana), scene.room.id).await.unwrap();
    let last = scene.town.chat.history(&reader, None).await.unwrap().messages.pop().unwrap();
    let writer = scene.town.chat.writer(Some(&scene.ana), scene.room.id).await.unwrap();
    scene.town.chat.recall(&writer, last.id).await.unwrap();
    scene.town.clock.advance(11_000);
    let again = scene.receiver.hears().await;
    assert_eq!(again.body["event"]["said"]["message"]["spans"], json!([{"recalled": {"name": "ana"}}]));
    assert!(!again.text.contains("slip"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_test_is_sent_and_anything_once_more() {
    let mut scene = Scene::new(&["left"]).await;
    let test = scene.town.chat.test_webhook(&scene.host, scene.webhook.id).await.unwrap();
    let heard = scene.receiver.hears().await;
    assert_eq!((&heard.body["event"], &heard.body["seq"]), (&json!({"test": {}}), &Value::Null));
    assert_eq!((heard.headers["x-salon-event"].as_str(), heard.body["delivery"].as_i64()), ("test", Some(test.id.0)));
    assert_eq!(scene.is_over().await.kind, "test");
    let again = scene.town.chat.replay_delivery(&scene.host, scene.webhook.id, test.id).await.unwrap();
    assert_eq!((again.id, again.state, again.attempts), (test.id, DeliveryState::Waiting, 0));
    assert_eq!(scene.receiver.hears().await.body["delivery"], test.id.0);
    assert_eq!(scene.is_over().await.attempts, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn for_a_day_the_old_secret_is_good_too() {
    let mut scene = Scene::new(&[]).await;
    let rotated = scene.town.chat.rotate_webhook(&scene.host, scene.webhook.id).await.unwrap();
    assert_eq!(rotated.webhook.old_until, Some(START + 86_400_000));
    for (both, text) in [(true, "one"), (false, "two")] {
        scene.says(text).await;
        let heard = scene.receiver.hears().await;
        assert!(heard.is_signed_with(&rotated.secret));
        assert_eq!(heard.is_signed_with(&scene.secret), both);
        scene.is_over().await;
        scene.town.clock.advance(86_400_000);
    }
    assert_eq!(scene.town.chat.webhooks(&scene.host).await.unwrap()[0].old_until, None);
}

//! Nothing is lost and nothing is there twice, whatever happens to the server.

use super::receiver::Receiver;
use super::{Scene, to};
use crate::backup::file;
use crate::town::{PASSWORD, Town, visit};
use chat::{Chat, Limits};
use domain::webhook::{Delivery, KEPT, PAGE};
use domain::{DeliveryId, WebhookId};
use sea_orm::{ConnectionTrait, DatabaseConnection};
use std::time::Duration;

impl Scene {
    /// The places of all deliveries, oldest first.
    async fn places(&self) -> Vec<i64> {
        let (mut places, mut before) = (Vec::new(), None);
        loop {
            let page = self.town.chat.deliveries(&self.host, self.webhook.id, before).await.unwrap();
            places.extend(page.deliveries.iter().filter_map(|delivery| delivery.seq));
            before = page.deliveries.last().map(|last| last.id);
            if !page.has_more {
                places.reverse();
                return places;
            }
        }
    }

    /// Waits until there are so many, and says their places.
    async fn has(&self, count: usize) -> Vec<i64> {
        let wait = async {
            while self.places().await.len() < count {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        tokio::time::timeout(super::PATIENCE, wait).await.unwrap();
        self.places().await
    }

    async fn leads_nowhere(&self) {
        let change = chat::WebhookChange { url: Some(Receiver::nobody().await), ..Default::default() };
        self.town.chat.change_webhook(&self.host, self.webhook.id, change).await.unwrap();
    }

    async fn db(&self) -> DatabaseConnection {
        self.town.db().await
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_event_is_a_delivery_once_over_restarts() {
    let mut scene = Scene::new(&[]).await;
    scene.leads_nowhere().await;
    for _ in 0..4 {
        scene.town.say(&scene.ana, scene.room.id, 60).await;
        scene.town = scene.town.reopen().await;
    }
    assert_eq!(scene.has(240).await, (3..=242).collect::<Vec<_>>());
    assert!(scene.deliveries().await.len() == PAGE, "they come in pages");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_under_way_when_the_server_ended_is_sent_by_the_next_one() {
    let mut scene = Scene::new(&[]).await;
    scene.receiver.answers(0, "");
    scene.says("hello").await;
    let id = scene.receiver.hears().await.body["delivery"].clone();
    scene.town = scene.town.reopen().await;
    scene.town.clock.advance(60_000);
    assert_eq!(scene.receiver.hears().await.body["delivery"], id);
    assert_eq!(scene.is_over().await.attempts, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_place_and_the_deliveries_are_kept_together_or_not_at_all() {
    let mut scene = Scene::new(&[]).await;
    let mut other = Receiver::new().await;
    scene.town.chat.add_webhook(&scene.host, to(&other.url, &[])).await.unwrap();
    let (db, id) = (scene.db().await, scene.webhook.id);
    let (stop, go) = match scene.town.has_one_server() {
        true => (
            format!(
                "CREATE TRIGGER stop BEFORE INSERT ON delivery WHEN NEW.webhook_id = {id} \
                 BEGIN SELECT RAISE(ABORT, 'stopped'); END"
            ),
            "DROP TRIGGER stop",
        ),
        false => (
            format!("ALTER TABLE delivery ADD CONSTRAINT stop CHECK (webhook_id <> {id})"),
            "ALTER TABLE delivery DROP CONSTRAINT stop",
        ),
    };
    db.execute_unprepared(&stop).await.unwrap();
    for text in ["one", "two", "three"] {
        scene.says(text).await;
        assert_eq!(other.hears().await.said(), text, "one that is stuck stops no other");
    }
    assert_eq!(scene.places().await, [0; 0]);
    db.execute_unprepared(go).await.unwrap();
    for text in ["one", "two", "three"] {
        assert_eq!(scene.receiver.hears().await.said(), text);
    }
    assert_eq!(scene.has(3).await, [3, 4, 5]);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_servers_do_not_do_it_twice() {
    let mut scene = Scene::new(&["said"]).await;
    if scene.town.has_one_server() {
        return;
    }
    let other = Chat::open_with(scene.town.options(), Limits::none()).await.unwrap();
    scene.town.say(&scene.ana, scene.room.id, 30).await;
    let mut heard: Vec<i64> = Vec::new();
    for _ in 0..30 {
        heard.push(scene.receiver.hears().await.body["seq"].as_i64().unwrap());
    }
    heard.sort_unstable();
    assert_eq!(heard, (3..=32).collect::<Vec<_>>());
    scene.town.chat.close().await;
    // What one server has committed and not told, the other one finds.
    let writer = other.writer(Some(&scene.ana), scene.room.id).await.unwrap();
    other.post(&writer, &crate::messages::client_id("late"), "late").await.unwrap();
    assert_eq!(scene.receiver.hears().await.said(), "late");
    assert!(scene.receiver.heard().is_none());
    other.close().await;
}

async fn fill(db: &DatabaseConnection, webhook: WebhookId, state: &str, at: i64, count: usize) {
    let row = format!("({}, 1, 'said', '{state}', 1, {at}, 200, 1, '', '', {at}, NULL)", webhook.0);
    let insert = "INSERT INTO delivery (webhook_id, seq, kind, state, attempts, next_at, status, ms, answer, fault, \
                  made_at, done_at) VALUES ";
    db.execute_unprepared(&(insert.to_owned() + &vec![row; count].join(", "))).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn the_log_has_an_end() {
    let mut scene = Scene::new(&[]).await;
    let (db, now) = (scene.db().await, scene.town.clock.now());
    fill(&db, scene.webhook.id, "done", now, KEPT + 50).await;
    scene.says("hello").await;
    scene.receiver.hears().await;
    let is_said = |delivery: &Delivery| delivery.seq == Some(3);
    scene.until(is_said).await;
    assert_eq!(scene.places().await.len(), KEPT);
    scene.is_over().await;
    scene.town.clock.advance(30 * 86_400_000 + 1);
    scene.says("a month later").await;
    scene.receiver.hears().await;
    scene.is_over().await;
    scene.town.chat.tidy().await.unwrap();
    assert_eq!(scene.places().await, [4]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_waits_has_a_bound_and_the_room_remembers_the_rest() {
    let mut scene = Scene::new(&[]).await;
    let mut other = Receiver::new().await;
    scene.town.chat.add_webhook(&scene.host, to(&other.url, &[])).await.unwrap();
    let (db, later) = (scene.db().await, scene.town.clock.now() + 1_000_000);
    fill(&db, scene.webhook.id, "waiting", later, KEPT).await;
    for text in ["one", "two"] {
        scene.says(text).await;
        assert_eq!(other.hears().await.said(), text);
    }
    assert_eq!(scene.places().await.len(), KEPT, "no more than that waits");
    db.execute_unprepared("UPDATE delivery SET state = 'done' WHERE state = 'waiting'").await.unwrap();
    scene.says("three").await;
    for text in ["one", "two", "three"] {
        assert_eq!(scene.receiver.hears().await.said(), text);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restored_house_goes_on_sending() {
    let mut scene = Scene::new(&["said"]).await;
    scene.receiver.answers(500, "");
    scene.says("before the backup").await;
    let first = scene.receiver.hears().await;
    scene.until(|delivery| delivery.outcome.is_some()).await;
    let (_folder, file) = file();
    scene.town.backup(&file).await.unwrap();
    scene.town.chat.close().await;
    // Its clock is later: what waited is due.
    let again = Town::restored(&file).await;
    let heard = scene.receiver.hears().await;
    assert_eq!((heard.said(), &heard.body["delivery"]), ("before the backup", &first.body["delivery"]));
    assert!(heard.is_signed_with(&scene.secret));
    assert_ne!(heard.body["epoch"], first.body["epoch"], "another history: numbers may come again");
    let ana = again.chat.sign_in("ana", PASSWORD, &visit()).await.unwrap().who;
    again.says(&ana, scene.room.id, "after it").await;
    let next = scene.receiver.hears().await;
    assert_eq!(next.said(), "after it");
    assert!(DeliveryId(next.body["delivery"].as_i64().unwrap()) > DeliveryId(first.body["delivery"].as_i64().unwrap()));
}

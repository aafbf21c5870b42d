//! Who may run webhooks, and in whose name they read.

use super::receiver::Receiver;
use super::{Scene, to};
use crate::town::{PASSWORD, Town, problem, visit};
use chat::{Limits, Problem, Registration, Rule, Sought, Thing, WebhookChange};
use domain::audit::Act;
use domain::member::Role;
use domain::room::Visibility;
use domain::webhook::{MAX, Pause, Webhook};
use domain::{DeliveryId, WebhookId};

impl Scene {
    async fn webhook(&self) -> Webhook {
        self.town.chat.webhook(&self.host, self.webhook.id).await.unwrap()
    }

    async fn is_paused(&self) -> Webhook {
        let wait = async {
            loop {
                let now = self.webhook().await;
                if now.paused.is_some() {
                    return now;
                }
                tokio::time::sleep(std::time::Duration::from_millis(20)).await;
            }
        };
        tokio::time::timeout(super::PATIENCE, wait).await.unwrap()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_does_not_run_the_room_any_more_is_told_nothing_more() {
    let mut scene = Scene::new(&["said"]).await;
    let (bo, chat) = (scene.town.person("bo").await, scene.town.chat.clone());
    chat.add_member(&scene.host, bo.person.id, Role::Host).await.unwrap();
    let bos = chat.host(Some(&bo), scene.room.id).await.unwrap();
    chat.add_member(&bos, scene.ana.person.id, Role::Member).await.unwrap();
    scene.says("not for her").await;
    let paused = scene.is_paused().await;
    assert_eq!((paused.paused, paused.by.name.as_str()), (Some(Pause::Owner), "ana"));
    assert!(scene.receiver.heard().is_none());
    let change = WebhookChange { paused: Some(false), ..WebhookChange::default() };
    let resumed = chat.change_webhook(&bos, scene.webhook.id, change).await.unwrap();
    assert_eq!((resumed.paused, resumed.by.name.as_str()), (None, "bo"));
    assert_eq!(scene.receiver.hears().await.said(), "not for her", "now it is for Bo");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_disabled_account_ends_its_webhooks() {
    let mut scene = Scene::new(&["said"]).await;
    let (root, admin) = scene.town.admin("root").await;
    scene.says("still hers").await;
    assert_eq!(scene.receiver.hears().await.said(), "still hers");
    scene.is_over().await;
    scene.town.chat.disable_person(&admin, scene.ana.person.id, true).await.unwrap();
    scene.town.says(&root, scene.room.id, "no longer").await;
    assert_eq!(scene.is_paused().await.paused, Some(Pause::Owner));
    assert!(scene.receiver.heard().is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn hosts_run_the_webhooks_of_their_own_room() {
    let scene = Scene::new(&[]).await;
    let (bo, chat) = (scene.town.person("bo").await, &scene.town.chat);
    chat.add_member(&scene.host, bo.person.id, Role::Member).await.unwrap();
    assert_eq!(problem(chat.host(Some(&bo), scene.room.id).await), Problem::NotAllowed);
    let den = scene.town.room("den", Visibility::Public, &bo).await;
    let bos = chat.host(Some(&bo), den.id).await.unwrap();
    let (id, none) = (scene.webhook.id, || Problem::not_found(Thing::Webhook));
    assert_eq!(problem(chat.webhook(&bos, id).await), none());
    assert_eq!(problem(chat.change_webhook(&bos, id, WebhookChange::default()).await), none());
    assert_eq!(problem(chat.rotate_webhook(&bos, id).await.map(drop)), none());
    assert_eq!(problem(chat.deliveries(&bos, id, None).await), none());
    assert_eq!(problem(chat.test_webhook(&bos, id).await), none());
    assert_eq!(problem(chat.replay_delivery(&bos, id, DeliveryId(1)).await), none());
    assert_eq!(problem(chat.remove_webhook(&bos, id).await), none());
    assert_eq!(chat.webhooks(&bos).await.unwrap(), []);
    let other = chat.add_webhook(&bos, to(&scene.receiver.url, &[])).await.unwrap().webhook;
    let sent = chat.test_webhook(&scene.host, id).await.unwrap();
    let unknown = problem(chat.replay_delivery(&bos, other.id, sent.id).await);
    assert_eq!(unknown, Problem::not_found(Thing::Delivery), "another webhook's");

    let odd = to(&scene.receiver.url, &["post"]);
    assert_eq!(problem(chat.add_webhook(&scene.host, odd).await.map(drop)), Problem::invalid("events", Rule::Shape));
    for _ in 1..MAX {
        chat.add_webhook(&scene.host, to(&scene.receiver.url, &["left"])).await.unwrap();
    }
    let full = problem(chat.add_webhook(&scene.host, to(&scene.receiver.url, &[])).await.map(drop));
    assert_eq!(full, Problem::invalid("webhook", Rule::TooMany { max: MAX as u32 }));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_hosts_do_with_webhooks_is_in_the_trail_without_secrets() {
    let scene = Scene::new(&[]).await;
    let (chat, id) = (&scene.town.chat, scene.webhook.id);
    let url = format!("{}/services/very-secret", Receiver::nobody().await.trim_end_matches('/'));
    let change = WebhookChange { url: Some(url), events: Some(vec!["left".into()]), paused: Some(true) };
    let changed = chat.change_webhook(&scene.host, id, change).await.unwrap();
    assert_eq!((changed.target.events.as_slice(), changed.paused), (["left".to_owned()].as_slice(), Some(Pause::Host)));
    let secret = chat.rotate_webhook(&scene.host, id).await.unwrap().secret;
    chat.remove_webhook(&scene.host, id).await.unwrap();
    assert_eq!(problem(chat.webhook(&scene.host, id).await), Problem::not_found(Thing::Webhook));
    let (_, admin) = scene.town.admin("root").await;
    let trail = chat.audit(&admin, &Sought { room: "hall".into(), ..Sought::default() }).await.unwrap().lines;
    let acts: Vec<Act> = trail.iter().map(|line| line.act).take(4).collect();
    assert_eq!(acts, [Act::WebhookRemoved, Act::WebhookChanged, Act::WebhookChanged, Act::WebhookAdded]);
    for line in trail {
        assert!(!line.detail.contains("very-secret") && !line.detail.contains(&secret), "{}", line.detail);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn sending_again_has_its_measure() {
    let town = Town::of(Registration::Open, Limits::default()).await;
    let (ana, receiver) = (town.person("ana").await, Receiver::new().await);
    let room = town.room("hall", Visibility::Public, &ana).await;
    let host = town.chat.host(Some(&ana), room.id).await.unwrap();
    let id: WebhookId = town.chat.add_webhook(&host, to(&receiver.url, &[])).await.unwrap().webhook.id;
    for _ in 0..30 {
        town.chat.test_webhook(&host, id).await.unwrap();
    }
    let refused = problem(town.chat.test_webhook(&host, id).await);
    assert!(matches!(refused, Problem::TooFast { .. }), "{refused}");
    assert!(town.chat.sign_in("ana", PASSWORD, &visit()).await.is_ok());
}

#[tokio::test(flavor = "multi_thread")]
async fn they_go_with_their_room() {
    let mut scene = Scene::new(&[]).await;
    let (_, admin) = scene.town.admin("root").await;
    scene.says("hello").await;
    scene.receiver.hears().await;
    scene.is_over().await;
    scene.town.chat.remove_room(&admin, scene.room.id, "Room hall").await.unwrap();
    assert_eq!(scene.town.chat.webhooks(&scene.host).await.unwrap(), []);
    assert_eq!(scene.town.examine().await.findings, []);
}

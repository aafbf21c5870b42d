//! What becomes of what is not taken.

use super::receiver::Receiver;
use super::{Scene, to};
use crate::town::{START, problem};
use chat::{Chat, Limits, Options, Problem, WebhookChange};
use domain::Rule;
use domain::problem::AddressFault;
use domain::webhook::{DeliveryState, Pause, SendFault};

#[tokio::test(flavor = "multi_thread")]
async fn it_is_tried_again_later_and_later_and_then_given_up() {
    let mut scene = Scene::new(&[]).await;
    (0..8).for_each(|_| scene.receiver.answers(500, "oh\u{0}\nno"));
    scene.says("hello").await;
    let id = scene.receiver.hears().await.body["delivery"].clone();
    for (attempt, seconds) in (1..).zip([10, 60, 300, 1_800, 7_200, 21_600, 86_400]) {
        let now = scene.town.clock.now();
        let waits = scene.until(|delivery| delivery.outcome.is_some()).await;
        assert_eq!((waits.state, waits.attempts), (DeliveryState::Waiting, attempt));
        let pause = waits.next_at.unwrap() - now;
        assert!((seconds * 1_000..=seconds * 1_100).contains(&pause), "{attempt}: {pause}");
        scene.town.clock.advance(pause - 1);
        assert!(scene.receiver.heard().is_none(), "too early");
        scene.town.clock.advance(1);
        assert_eq!(scene.receiver.hears().await.body["delivery"], id);
    }
    let over = scene.is_over().await;
    assert_eq!((over.state, over.attempts, over.next_at), (DeliveryState::Failed, 8, None));
    let outcome = over.outcome.unwrap();
    assert_eq!((outcome.answer, outcome.text.as_str()), (Ok(500), "oh  no"));
    // Nobody in the room hears of it.
    let reader = scene.town.chat.reader(Some(&scene.ana), scene.room.id).await.unwrap();
    assert_eq!(scene.town.chat.position(&reader).await.unwrap().seq, 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_gone_for_good_is_left_alone_until_somebody_says_otherwise() {
    let mut scene = Scene::new(&["said"]).await;
    scene.receiver.answers(410, "");
    scene.says("one").await;
    scene.receiver.hears().await;
    assert_eq!(scene.is_over().await.state, DeliveryState::Failed);
    let chat = &scene.town.chat;
    assert_eq!(chat.webhook(&scene.host, scene.webhook.id).await.unwrap().paused, Some(Pause::Gone));
    scene.says("two").await;
    scene.town.clock.advance(3_600_000);
    let change = WebhookChange { paused: Some(false), ..WebhookChange::default() };
    let resumed = chat.change_webhook(&scene.host, scene.webhook.id, change).await.unwrap();
    assert_eq!(resumed.paused, None);
    assert_eq!(scene.receiver.hears().await.said(), "two", "it goes on where it stood");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_does_not_answer_keeps_nobody_waiting() {
    let mut scene = Scene::new(&[]).await;
    let mut silent = Receiver::new().await;
    silent.answers(0, "");
    let chat = scene.town.chat.clone();
    let deaf = chat.add_webhook(&scene.host, to(&silent.url, &[])).await.unwrap().webhook;
    let nobody = chat.add_webhook(&scene.host, to(&Receiver::nobody().await, &[])).await.unwrap().webhook;
    scene.says("hello").await;
    silent.hears().await;
    for text in ["hello", "and more"] {
        assert_eq!(scene.receiver.hears().await.said(), text);
        scene.says("and more").await;
    }
    assert!(scene.deliveries_of(deaf.id).await.iter().all(|delivery| delivery.outcome.is_none()));
    let faults = async {
        loop {
            let last = scene.deliveries_of(nobody.id).await.pop().unwrap();
            if let Some(outcome) = last.outcome {
                return outcome.answer;
            }
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
    };
    assert_eq!(faults.await, Err(SendFault::NoAnswer));
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_sent_into_a_private_network() {
    let scene = Scene::new(&[]).await;
    scene.town.chat.close().await;
    let options = Options { fetch_private: false, ..scene.town.options() };
    let chat = Chat::open_with(options, Limits::none()).await.unwrap();
    let host = chat.host(Some(&scene.ana), scene.room.id).await.unwrap();
    for (url, fault) in [
        ("http://10.0.0.1/", AddressFault::Private),
        ("http://[::1]/", AddressFault::Private),
        ("https://169.254.169.254/latest", AddressFault::Private),
        ("https://a.example:8443/", AddressFault::Shape),
        ("ftp://a.example/", AddressFault::Shape),
        ("https://ana:secret@a.example/", AddressFault::Shape),
        ("hook", AddressFault::Shape),
    ] {
        let refused = problem(chat.add_webhook(&host, to(url, &[])).await);
        assert_eq!(refused, Problem::invalid("url", Rule::Address { fault }), "{url}");
    }
    // A name is only known for what it is when it is resolved.
    let inside = chat.add_webhook(&host, to("http://localhost/", &[])).await.unwrap().webhook;
    for webhook in [inside.id, scene.webhook.id] {
        chat.test_webhook(&host, webhook).await.unwrap();
        let outcome = async {
            loop {
                let last = chat.deliveries(&host, webhook, None).await.unwrap().deliveries.remove(0);
                if let Some(outcome) = last.outcome {
                    return outcome;
                }
                tokio::time::sleep(std::time::Duration::from_millis(20)).await;
            }
        };
        let outcome = tokio::time::timeout(super::PATIENCE, outcome).await.unwrap();
        // The other one is a number with a port that nobody may use.
        let fault = if webhook == inside.id { SendFault::Private } else { SendFault::Address };
        assert_eq!((outcome.answer, outcome.text.as_str()), (Err(fault), ""));
    }
    assert_eq!(chat.now(), START);
    chat.close().await;
}

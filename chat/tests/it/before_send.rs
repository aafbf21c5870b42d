//! The operator's site is asked before something is said: what it is asked, what its word does, and
//! what happens when it has none.

use crate::asked_site::{HOLD, KEY, Mood, PASS, REFUSE, Site};
use crate::messages::client_id;
use crate::town::{Town, problem};
use chat::{BeforeSend, OnFailure, Posted, Problem, Sought, Who};
use domain::room::{Room, Visibility};
use domain::{MessageId, RoomId};
use serde_json::{Value, json};
use std::time::{Duration, Instant};

/// A public room of ana's; bo is a member.
struct Scene {
    town: Town,
    site: Site,
    ana: Who,
    bo: Who,
    room: Room,
}

impl Scene {
    async fn new(on_failure: OnFailure) -> Self {
        let site = Site::begins().await;
        let town = Town::new().await.asks(site.hook(on_failure)).await;
        let (ana, bo) = (town.person("ana").await, town.person("bo").await);
        let room = town.room("hall", Visibility::Public, &ana).await;
        Self { town, site, ana, bo, room }
    }

    async fn say_in(&self, who: &Who, room: RoomId, id: &str, text: &str) -> chat::Result<Posted> {
        let writer = self.town.chat.writer(Some(who), room).await?;
        self.town.chat.post(&writer, &client_id(id), text).await
    }

    async fn say(&self, who: &Who, id: &str, text: &str) -> chat::Result<Posted> {
        self.say_in(who, self.room.id, id, text).await
    }

    async fn edit(&self, who: &Who, id: MessageId, text: &str) -> chat::Result<()> {
        let writer = self.town.chat.writer(Some(who), self.room.id).await?;
        self.town.chat.edit(&writer, id, text).await
    }

    async fn texts(&self) -> Vec<String> {
        let reader = self.town.chat.reader(Some(&self.ana), self.room.id).await.unwrap();
        let history = self.town.chat.history(&reader, None).await.unwrap();
        history.messages.iter().map(|message| domain::span::plain(&message.spans)).collect()
    }

    async fn waiting(&self) -> Vec<String> {
        let host = self.town.chat.host(Some(&self.ana), self.room.id).await.unwrap();
        self.town.chat.held(&host).await.unwrap().into_iter().map(|held| held.text).collect()
    }
}

fn objected(reason: &str) -> Problem {
    Problem::Objected { reason: reason.to_owned() }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_word_of_the_site_counts_for_everybody() {
    let mut scene = Scene::new(OnFailure::Closed).await;
    let (root, _) = scene.town.admin("root").await;
    scene.say(&scene.bo, "b1", "good **day**").await.unwrap();
    let person = json!({"id": scene.bo.person.id, "name": "bo", "display": "bo"});
    let question = json!({"kind": "message", "room": "hall", "person": person, "text": "good **day**", "files": [],
        "client_id": "b1", "message": null, "door": "page"});
    assert_eq!(scene.site.next().await, question);
    for (who, id) in [(&scene.bo, "b2"), (&scene.ana, "a2"), (&root, "r2")] {
        scene.site.is(REFUSE);
        assert_eq!(problem(scene.say(who, id, "bad").await), objected("no links"), "{id}");
        scene.site.is(HOLD);
        assert_eq!(problem(scene.say(who, id, "so so").await), Problem::Held, "{id}");
    }
    assert_eq!(scene.texts().await, ["good **day**".replace("**", "")]);
    assert_eq!(scene.waiting().await, ["so so"; 3]);
    // What a host approves is not asked about again.
    let host = scene.town.chat.host(Some(&scene.ana), scene.room.id).await.unwrap();
    let held = scene.town.chat.held(&host).await.unwrap();
    scene.site.count();
    scene.site.is(REFUSE);
    scene.town.chat.approve(&host, held[0].id).await.unwrap();
    assert_eq!((scene.texts().await.len(), scene.site.count()), (2, 0));
    let acts = scene.town.chat.room_audit(&host, &Sought::default()).await.unwrap();
    assert_eq!(acts.lines.iter().filter(|line| line.act == domain::audit::Act::Approved).count(), 1);
    // What the house itself refuses is nobody else's business.
    let list = domain::moderation::WordList { words: "spam".into(), holds: false };
    scene.town.chat.change_room_words(&host, list).await.unwrap();
    assert_eq!(problem(scene.say(&scene.bo, "b3", "spam").await), Problem::Filtered);
    assert_eq!(scene.site.count(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_word_it_is_as_the_operator_says() {
    let faults = [
        Mood::Status("500 Internal Server Error"),
        Mood::Status("302 Found"),
        Mood::Status("404 Not Found"),
        Mood::Says(""),
        Mood::Says(r#"{"verdict":"perhaps"}"#),
        Mood::Says(r#"["pass"]"#),
        Mood::Forged,
        Mood::Unsigned,
        Mood::TooLong,
        Mood::Cut,
        Mood::Silent,
    ];
    let (open, mut closed) = (Scene::new(OnFailure::Open).await, Scene::new(OnFailure::Closed).await);
    for (n, fault) in faults.iter().enumerate() {
        let id = format!("m{n}");
        open.site.is(fault.clone());
        assert!(open.say(&open.bo, &id, &id).await.is_ok(), "{fault:?}");
        closed.site.is(fault.clone());
        assert_eq!(problem(closed.say(&closed.bo, &id, &id).await), Problem::Unavailable, "{fault:?}");
        assert_eq!(closed.site.count(), 1, "{fault:?}: asked once, and nowhere else");
    }
    assert_eq!(open.texts().await.len(), faults.len());
    assert!(closed.texts().await.is_empty() && closed.waiting().await.is_empty());
    // The same again, when the site is well.
    closed.site.is(PASS);
    for n in 0..faults.len() {
        let id = format!("m{n}");
        assert!(closed.say(&closed.bo, &id, &id).await.unwrap().was_new);
    }
    assert_eq!(closed.texts().await.len(), faults.len());
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_answers_at_all() {
    let url = "http://127.0.0.1:9/check";
    let town = Town::new().await.asks(BeforeSend::new(url, Some(KEY), OnFailure::Closed).unwrap()).await;
    let ana = town.person("ana").await;
    let room = town.room("hall", Visibility::Public, &ana).await;
    let writer = town.chat.writer(Some(&ana), room.id).await.unwrap();
    assert_eq!(problem(town.chat.post(&writer, &client_id("1"), "x").await), Problem::Unavailable);
    let town = town.asks(BeforeSend::new(url, Some(KEY), OnFailure::Open).unwrap()).await;
    town.chat.post(&writer, &client_id("1"), "x").await.unwrap();
    for (url, key) in [("http://a.example/", None), ("https://a.example/", Some(&b"short"[..])), ("a.example", None)] {
        assert!(BeforeSend::new(url, key, OnFailure::Open).is_err(), "{url}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_kept_already_is_not_asked_about_again() {
    let mut scene = Scene::new(OnFailure::Closed).await;
    let first = scene.say(&scene.bo, "1", "x").await.unwrap();
    scene.site.is(HOLD);
    assert_eq!(problem(scene.say(&scene.bo, "2", "y").await), Problem::Held);
    assert_eq!(scene.site.count(), 2);
    scene.site.is(REFUSE);
    let again = scene.say(&scene.bo, "1", "x").await.unwrap();
    assert_eq!((again.message.id, again.was_new), (first.message.id, false));
    assert_eq!(problem(scene.say(&scene.bo, "2", "y").await), Problem::Held);
    let host = scene.town.chat.host(Some(&scene.ana), scene.room.id).await.unwrap();
    let held = scene.town.chat.held(&host).await.unwrap();
    scene.town.chat.decline(&host, held[0].id).await.unwrap();
    assert_eq!(problem(scene.say(&scene.bo, "2", "y").await), Problem::Declined);
    scene.edit(&scene.bo, first.message.id, "x").await.unwrap();
    assert_eq!(scene.site.count(), 0);
    // Refused, it was not kept.
    assert_eq!(problem(scene.say(&scene.bo, "3", "z").await), objected("no links"));
    scene.site.is(PASS);
    assert!(scene.say(&scene.bo, "3", "z").await.unwrap().was_new);
    assert_eq!(scene.site.count(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn edits_and_forwards_are_asked_about_too() {
    let mut scene = Scene::new(OnFailure::Closed).await;
    let side = scene.town.room("side", Visibility::Public, &scene.ana).await;
    let said = scene.say(&scene.bo, "1", "one").await.unwrap().message.id;
    scene.site.next().await;
    scene.site.is(REFUSE);
    assert_eq!(problem(scene.edit(&scene.bo, said, "two").await), objected("no links"));
    let asked = scene.site.next().await;
    let of = |asked: &Value| [asked["kind"].clone(), asked["text"].clone(), asked["message"].clone()];
    assert_eq!(of(&asked), [json!("edit"), json!("two"), json!(said)]);
    scene.site.is(Mood::Status("503 Service Unavailable"));
    assert_eq!(problem(scene.edit(&scene.bo, said, "two").await), Problem::Unavailable);
    scene.site.is(HOLD);
    assert_eq!(problem(scene.edit(&scene.bo, said, "three").await), Problem::Held);
    assert_eq!((scene.texts().await, scene.waiting().await), (vec!["one".into()], vec!["three".into()]));
    // Nobody is asked about what may not be changed at all.
    scene.site.count();
    assert_eq!(problem(scene.edit(&scene.ana, said, "mine").await), Problem::NotAllowed);
    assert_eq!(scene.site.count(), 0);
    scene.site.is(PASS);
    scene.edit(&scene.bo, said, "four").await.unwrap();
    assert_eq!(scene.texts().await, ["four"]);
    scene.site.next().await;

    let from = scene.town.chat.reader(Some(&scene.bo), scene.room.id).await.unwrap();
    let to = scene.town.chat.writer(Some(&scene.bo), side.id).await.unwrap();
    scene.site.is(REFUSE);
    assert_eq!(problem(scene.town.chat.forward(&from, said, &to, &client_id("f")).await), objected("no links"));
    let asked = scene.site.next().await;
    assert_eq!((of(&asked), &asked["room"]), ([json!("forward"), json!("four"), json!(said)], &json!("side")));
    scene.site.is(PASS);
    assert!(scene.town.chat.forward(&from, said, &to, &client_id("f")).await.unwrap().was_new);
}

#[tokio::test(flavor = "multi_thread")]
async fn private_chats_and_what_is_kept_nowhere() {
    let mut scene = Scene::new(OnFailure::Closed).await;
    let chat = scene.town.chat.clone();
    let pair = chat.start_private(&scene.ana, "bo").await.unwrap().id;
    scene.say_in(&scene.ana, pair, "1", "psst").await.unwrap();
    let asked = scene.site.next().await;
    assert_eq!((&asked["room"], &asked["person"]["name"]), (&json!("@bo"), &json!("ana")));
    // Nobody looks after a private chat: there is no queue.
    scene.site.is(HOLD);
    assert_eq!(problem(scene.say_in(&scene.bo, pair, "2", "x").await), objected(""));
    let writer = chat.writer(Some(&scene.bo), pair).await.unwrap();
    assert_eq!(problem(chat.post_paced(&writer, &client_id("3"), "x", None).await), objected(""));
    assert_eq!(problem(chat.fit_to_tell(&scene.bo, "x").await), objected(""));
    scene.site.is(REFUSE);
    assert_eq!(problem(chat.post_paced(&writer, &client_id("3"), "x", None).await), objected("no links"));
    scene.site.count();
    assert_eq!(problem(chat.fit_to_tell(&scene.bo, "hello all").await), objected("no links"));
    let asked = scene.site.next().await;
    assert_eq!((&asked["kind"], &asked["room"], &asked["text"]), (&json!("aloud"), &Value::Null, &json!("hello all")));
    scene.site.is(Mood::Unsigned);
    assert_eq!(problem(chat.fit_to_tell(&scene.bo, "x").await), Problem::Unavailable);
    scene.site.is(PASS);
    assert_eq!(chat.fit_to_tell(&scene.bo, "x").await.unwrap(), "x");
    assert!(chat.post_paced(&writer, &client_id("3"), "x", None).await.unwrap().was_new);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slow_answer_turns_no_order_round_and_stops_nobody_else() {
    let mut scene = Scene::new(OnFailure::Closed).await;
    let writer = scene.town.chat.writer(Some(&scene.bo), scene.room.id).await.unwrap();
    scene.site.is(Mood::Silent);
    let post = |id: &'static str| {
        let (chat, writer) = (scene.town.chat.clone(), writer.clone());
        tokio::spawn(async move { chat.post(&writer, &client_id(id), id).await.map(drop) })
    };
    let first = post("first");
    assert_eq!(scene.site.next().await["text"], "first");
    scene.site.is(PASS);
    let second = post("second");
    scene.say(&scene.ana, "beside", "beside").await.unwrap();
    assert_eq!(scene.site.next().await["text"], "beside", "the second waits for the first");
    assert!(!second.is_finished());
    scene.site.silent.add_permits(1);
    first.await.unwrap().unwrap();
    second.await.unwrap().unwrap();
    assert_eq!(scene.texts().await, ["beside", "first", "second"]);
    // Who is muted meanwhile does not say it any more.
    scene.site.next().await;
    scene.site.is(Mood::Silent);
    let third = post("third");
    scene.site.next().await;
    let host = scene.town.chat.host(Some(&scene.ana), scene.room.id).await.unwrap();
    scene.town.chat.mute(&host, scene.bo.person.id, domain::moderation::MuteFor::Hour, "").await.unwrap();
    scene.site.silent.add_permits(1);
    assert!(matches!(problem(third.await.unwrap()), Problem::Muted { .. }));
    assert_eq!(scene.texts().await.len(), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn only_so_many_questions_are_asked_at_once() {
    let mut scene = Scene::new(OnFailure::Open).await;
    scene.site.is(Mood::Silent);
    let mut posting = Vec::new();
    for n in 0..70 {
        let room = scene.town.room(&format!("r{n}"), Visibility::Public, &scene.ana).await;
        let writer = scene.town.chat.writer(Some(&scene.ana), room.id).await.unwrap();
        posting.push((scene.town.chat.clone(), writer));
    }
    let begun = Instant::now();
    let all = posting.into_iter().enumerate().map(|(n, (chat, writer))| {
        tokio::spawn(async move { chat.post(&writer, &client_id(&format!("m{n}")), "x").await.map(drop) })
    });
    let all: Vec<_> = all.collect();
    for _ in 0..64 {
        scene.site.next().await;
    }
    // Once the first have waited in vain, others have their turn.
    assert!(begun.elapsed() > Duration::from_secs(2) || scene.site.count() == 0);
    scene.site.silent.add_permits(70);
    for one in all {
        one.await.unwrap().unwrap();
    }
    assert!(begun.elapsed() < Duration::from_secs(15), "not one after the other");
}

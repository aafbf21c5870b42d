//! Saying something: once, in one order, for good.

use crate::files::added;
use crate::live::Ear;
use crate::town::{START, Town};
use chat::{Posted, Problem, Rule, Thing};
use domain::ClientId;
use domain::message::PAGE;
use domain::room::Visibility;
use domain::span::{Span, plain};

pub fn client_id(text: &str) -> ClientId {
    ClientId::parse(text).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_resend_answers_with_the_first_result() {
    let town = Town::new().await;
    let ana = town.person("ana").await;
    let (hall, den) =
        (town.room("hall", Visibility::Public, &ana).await, town.room("den", Visibility::Open, &ana).await);
    let writer = town.chat.writer(Some(&ana), hall.id).await.unwrap();

    let first = town.chat.post(&writer, &client_id("c1"), "hello").await.unwrap();
    assert!(first.was_new);
    let again = town.chat.post(&writer, &client_id("c1"), "something else").await.unwrap();
    assert_eq!(again, Posted { was_new: false, ..first.clone() });

    let elsewhere = town.chat.writer(Some(&ana), den.id).await.unwrap();
    let taken = town.chat.post(&elsewhere, &client_id("c1"), "hello").await.unwrap_err().into_problem();
    assert_eq!(taken, Problem::Taken { thing: Thing::Message });

    // Another person's ids are none of hers.
    let bo = town.person("bo").await;
    let writer = town.chat.writer(Some(&bo), hall.id).await.unwrap();
    assert!(town.chat.post(&writer, &client_id("c1"), "hi").await.unwrap().was_new);
}

#[tokio::test(flavor = "multi_thread")]
async fn twenty_resends_at_once_say_it_once() {
    let town = Town::new().await;
    let ana = town.person("ana").await;
    let hall = town.room("hall", Visibility::Public, &ana).await;
    let tasks: Vec<_> = (0..20)
        .map(|_| {
            let (chat, ana, room) = (town.chat.clone(), ana.clone(), hall.id);
            tokio::spawn(async move {
                let writer = chat.writer(Some(&ana), room).await.unwrap();
                chat.post(&writer, &client_id("same"), "once").await.unwrap()
            })
        })
        .collect();
    let mut posted = Vec::new();
    for task in tasks {
        posted.push(task.await.unwrap());
    }
    assert_eq!(posted.iter().filter(|posted| posted.was_new).count(), 1);
    assert!(posted.iter().all(|one| one.message == posted[0].message));
    let reader = town.chat.reader(None, hall.id).await.unwrap();
    assert_eq!(town.chat.history(&reader, None).await.unwrap().messages.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn everybody_hears_everything_in_the_same_order_without_gaps() {
    let town = Town::new().await;
    let ana = town.person("ana").await;
    let hall = town.room("hall", Visibility::Public, &ana).await;
    let mut ears = Vec::new();
    for _ in 0..3 {
        ears.push(Ear::at(&town.chat, Some(&ana), hall.id, None).await);
    }
    let mut tasks = Vec::new();
    for name in ["bo", "cy", "di", "ed"] {
        let (chat, who, room) = (town.chat.clone(), town.person(name).await, hall.id);
        tasks.push(tokio::spawn(async move {
            let writer = chat.writer(Some(&who), room).await.unwrap();
            for i in 0..15 {
                chat.post(&writer, &client_id(&format!("{name}-{i}")), &format!("{name} {i}")).await.unwrap();
            }
        }));
    }
    for task in tasks {
        task.await.unwrap();
    }
    let reader = town.chat.reader(Some(&ana), hall.id).await.unwrap();
    let last = town.chat.room_state(&reader).await.unwrap().position.seq;
    let mut logs = Vec::new();
    for ear in &mut ears {
        ear.hear_up_to(last).await;
        logs.push(ear.events().to_vec());
    }
    assert!(logs[0].iter().map(|event| event.seq).eq(logs[0][0].seq..=last), "no gaps");
    assert!(logs.iter().all(|log| log == &logs[0]), "one order");
    assert!(logs[0].len() >= 60);
}

#[tokio::test(flavor = "multi_thread")]
async fn history_goes_back_page_by_page() {
    let town = Town::new().await;
    let ana = town.person("ana").await;
    let hall = town.room("hall", Visibility::Public, &ana).await;
    town.say(&ana, hall.id, PAGE * 2 + 5).await;
    let reader = town.chat.reader(None, hall.id).await.unwrap();

    let (mut before, mut pages) = (None, Vec::new());
    loop {
        let page = town.chat.history(&reader, before).await.unwrap();
        before = page.messages.first().map(|message| message.seq);
        let seqs: Vec<i64> = page.messages.iter().map(|message| message.seq).collect();
        assert!(seqs.is_sorted());
        pages.splice(0..0, seqs);
        if !page.has_more {
            break;
        }
    }
    assert_eq!(pages.len(), PAGE * 2 + 5);
    assert!(pages.is_sorted_by(|a, b| a < b), "nothing twice");

    let middle = pages[PAGE];
    let around = town.chat.history_around(&reader, middle).await.unwrap();
    assert!(around.has_more && around.messages.iter().any(|message| message.seq == middle));
    assert!(around.messages.len() <= PAGE && around.messages.last().unwrap().seq > middle);
    for odd in [i64::MIN, -1, 0, i64::MAX] {
        town.chat.history(&reader, Some(odd)).await.unwrap();
        town.chat.history_around(&reader, odd).await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_may_be_said_and_by_whom() {
    let town = Town::new().await;
    let (ana, bo) = (town.person("ana").await, town.person("bo").await);
    let hall = town.room("hall", Visibility::Private, &ana).await;
    let writer = town.chat.writer(Some(&ana), hall.id).await.unwrap();
    for (text, rule) in [
        ("", Rule::Empty),
        (" \n ", Rule::Empty),
        ("a\0b", Rule::Characters),
        (&*"字".repeat(4_001), Rule::TooLong { max: 4_000 }),
    ] {
        let refused = town.chat.post(&writer, &client_id("c"), text).await.unwrap_err().into_problem();
        assert_eq!(refused, Problem::invalid("text", rule));
    }
    let longest = town.chat.post(&writer, &client_id("c"), &"字".repeat(4_000)).await.unwrap();
    assert_eq!(plain(&longest.message.spans).chars().count(), 4_000);
    let stranger = town.chat.writer(Some(&bo), hall.id).await.map(drop).unwrap_err().into_problem();
    assert_eq!(stranger, Problem::not_found(Thing::Room));
}

#[tokio::test(flavor = "multi_thread")]
async fn only_members_are_mentioned() {
    let town = Town::new().await;
    let (ana, bo, cy) = (town.person("ana").await, town.person("小明").await, town.person("cy").await);
    let hall = town.room("hall", Visibility::Public, &ana).await;
    town.chat.enter(&bo, hall.id).await.unwrap();
    let writer = town.chat.writer(Some(&ana), hall.id).await.unwrap();
    let said = town.chat.post(&writer, &client_id("c"), "@小明你好 @CY @ANA").await.unwrap().message.spans;
    let mentioned: Vec<_> = said
        .iter()
        .filter_map(|span| if let Span::Mention { person, .. } = span { Some(*person) } else { None })
        .collect();
    assert_eq!(mentioned, [bo.person.id, ana.person.id]);
    assert_ne!(cy.person.id, bo.person.id);
}

#[tokio::test]
async fn a_day_leads_to_its_first_message() {
    const HOUR: i64 = 3_600_000;
    let town = Town::new().await;
    let ana = town.person("ana").await;
    let hall = town.room("hall", Visibility::Public, &ana).await.id;
    let reader = town.chat.reader(Some(&ana), hall).await.unwrap();
    let first = async |since| town.chat.first_since(&reader, since).await.unwrap();
    assert_eq!(first(0).await, None, "nothing was said");
    let mut said = Vec::new();
    for hour in 0..30 {
        town.says(&ana, hall, &format!("hour {hour}")).await;
        said.push(START + hour * HOUR);
        town.clock.advance(HOUR);
        // Events between them have places too.
        added(&town.chat, &ana, hall).await;
    }
    let history = town.chat.history(&reader, None).await.unwrap().messages;
    for (message, at) in history.iter().zip(&said) {
        assert_eq!(message.at, *at);
        assert_eq!(first(*at).await, Some(message.seq));
        assert_eq!(first(*at - HOUR / 2).await, Some(message.seq));
    }
    assert_eq!(first(said[29] + 1).await, None, "all are older");
    assert_eq!(first(i64::MIN).await, Some(history[0].seq));
}

//! Private chat as an old protocol has it: counted each way, read message by message, taken back by
//! either of the two; and connections that hear all private chats of their person.

use crate::messages::client_id;
use crate::private::{pair, say};
use crate::town::{PASSWORD, Town, problem, visit};
use chat::hub::{Outbox, OutboxReader, Take, texts};
use chat::{CountedFrom, Original, Problem, Thing, Who};
use domain::event::What;
use domain::live::Frame;
use domain::message::Message;
use domain::{MessageId, RoomId};
use std::time::Duration;

const HOUR: i64 = 3_600_000;

async fn paced(town: &Town, who: &Who, room: RoomId, id: &str) -> chat::Result<MessageId> {
    let writer = town.chat.writer(Some(who), room).await?;
    Ok(town.chat.post_paced(&writer, &client_id(id), id, None).await?.message.id)
}

/// As a client of `old` wrote it, under a name of its own.
async fn written(town: &Town, who: &Who, room: RoomId, id: &str) -> MessageId {
    let writer = town.chat.writer(Some(who), room).await.unwrap();
    let original = Original { name: id.to_owned(), body: format!("{id}\n{id}") };
    for _ in 0..2 {
        // Sent once more, it is the same.
        town.chat.post_paced(&writer, &client_id(id), id, Some(("old", original.clone()))).await.unwrap();
    }
    let message = town.chat.private_message_named(who, "old", id).await.unwrap().unwrap();
    let kept = town.chat.originals(&writer, "old", &[message]).await.unwrap().remove(&message);
    assert_eq!(kept, Some(original));
    message
}

fn ids(messages: &[Message]) -> Vec<MessageId> {
    messages.iter().map(|message| message.id).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn of_fifty_at_once_exactly_five_pass() {
    let (town, ana, _, chat) = pair().await;
    let sent = (0..50).map(|i| {
        let (chat, ana, room) = (town.chat.clone(), ana.clone(), chat.id);
        tokio::spawn(async move {
            let writer = chat.writer(Some(&ana), room).await.unwrap();
            chat.post_paced(&writer, &client_id(&format!("n{i}")), "hello", None).await
        })
    });
    let mut through = 0;
    for answer in futures::future::join_all(sent).await {
        match answer.unwrap() {
            Ok(posted) => through += u32::from(posted.was_new),
            Err(error) => assert_eq!(error.into_problem(), Problem::Unanswered),
        }
    }
    assert_eq!(through, 5);
}

#[tokio::test]
async fn an_answer_counts_for_three_hours_and_silence_for_three_days() {
    let (town, ana, bo, chat) = pair().await;
    for i in 0..5 {
        paced(&town, &ana, chat.id, &format!("a{i}")).await.unwrap();
    }
    assert_eq!(problem(paced(&town, &ana, chat.id, "a5").await), Problem::Unanswered);
    assert_eq!(problem(say(&town, &ana, chat.id, "a6").await), Problem::Unanswered, "nor by our own page");
    paced(&town, &bo, chat.id, "b0").await.unwrap();
    for i in 0..20 {
        paced(&town, &ana, chat.id, &format!("c{i}")).await.unwrap();
    }
    town.clock.advance(3 * HOUR - 1);
    paced(&town, &ana, chat.id, "c20").await.unwrap();
    town.clock.advance(1);
    assert_eq!(problem(paced(&town, &ana, chat.id, "d0").await), Problem::Unanswered);
    // What was refused neither counts nor renews.
    town.clock.advance(72 * HOUR - 2);
    assert_eq!(problem(paced(&town, &ana, chat.id, "d0").await), Problem::Unanswered);
    town.clock.advance(1);
    for i in 0..5 {
        paced(&town, &ana, chat.id, &format!("e{i}")).await.unwrap();
    }
    assert_eq!(problem(paced(&town, &ana, chat.id, "e5").await), Problem::Unanswered);
    // An answer on our page is one as well, and there nobody has to wait who was answered once.
    say(&town, &ana, chat.id, "f").await.unwrap();
    say(&town, &bo, chat.id, "b1").await.unwrap();
    paced(&town, &ana, chat.id, "e5").await.unwrap();
    town.chat.block(&bo, ana.person.id).await.unwrap();
    assert_eq!(problem(paced(&town, &ana, chat.id, "g").await), Problem::Unreachable);
    assert_eq!(problem(paced(&town, &bo, chat.id, "h").await), Problem::Blocked);
}

#[tokio::test]
async fn only_a_first_message_lives_for_three_hours() {
    let (town, ana, _, chat) = pair().await;
    paced(&town, &ana, chat.id, "a0").await.unwrap();
    town.clock.advance(3 * HOUR);
    for i in 1..6 {
        paced(&town, &ana, chat.id, &format!("a{i}")).await.unwrap();
    }
    assert_eq!(problem(paced(&town, &ana, chat.id, "a6").await), Problem::Unanswered);
    let hall = town.room("hall", domain::room::Visibility::Open, &ana).await;
    assert_eq!(problem(paced(&town, &ana, hall.id, "x").await), Problem::not_found(Thing::Room));
}

#[tokio::test]
async fn single_messages_wait_to_be_read_and_are_ticked_off() {
    let (town, ana, bo, chat) = pair().await;
    let eve = town.person("eve").await;
    let a = [
        paced(&town, &ana, chat.id, "a0").await.unwrap(),
        paced(&town, &ana, chat.id, "a1").await.unwrap(),
        paced(&town, &ana, chat.id, "a2").await.unwrap(),
    ];
    let b = paced(&town, &bo, chat.id, "b0").await.unwrap();
    let waiting = async |who: &Who| {
        let reader = town.chat.reader(Some(who), chat.id).await.unwrap();
        ids(&town.chat.waiting_messages(&reader, 99).await.unwrap())
    };
    assert_eq!((waiting(&ana).await, waiting(&bo).await), (vec![a[0], a[1], a[2], b], vec![a[0], a[1], a[2], b]));
    // The author may do it as well, and what comes before waits on.
    town.chat.tick_off(&ana, a[1]).await.unwrap();
    assert_eq!(waiting(&bo).await, vec![a[0], a[2], b]);
    town.chat.tick_off(&bo, a[0]).await.unwrap();
    assert_eq!(waiting(&bo).await, vec![a[2], b]);
    assert_eq!(town.chat.unread(&bo).await.unwrap()[0].unread, 1, "two of three are read on our page, too");
    town.chat.tick_off(&bo, a[2]).await.unwrap();
    assert!(town.chat.unread(&bo).await.unwrap().is_empty());
    assert_eq!(waiting(&bo).await, vec![b]);
    assert_eq!(problem(town.chat.tick_off(&eve, b).await), Problem::not_found(Thing::Message));
    assert_eq!(problem(town.chat.tick_off(&ana, MessageId(999)).await), Problem::not_found(Thing::Message));
    assert!(town.chat.find_private(&eve, ana.person.id).await.unwrap().is_none());
}

#[tokio::test]
async fn either_takes_back_what_an_old_client_wrote() {
    let (town, ana, bo, chat) = pair().await;
    let eve = town.person("eve").await;
    let nothing = Problem::not_found(Thing::Message);
    let first = written(&town, &ana, chat.id, "m1").await;
    let second = written(&town, &ana, chat.id, "m2").await;
    assert_eq!(town.chat.private_message_named(&bo, "old", "m1").await.unwrap(), Some(first));
    for (who, system) in [(&eve, "old"), (&bo, "new")] {
        assert_eq!(town.chat.private_message_named(who, system, "m1").await.unwrap(), None);
    }
    assert_eq!(problem(town.chat.take_away(&eve, first, "old").await), nothing);
    town.clock.advance(30 * 24 * HOUR);
    town.chat.take_away(&bo, first, "old").await.unwrap();
    assert_eq!(problem(town.chat.take_away(&bo, first, "old").await), nothing);
    assert_eq!(town.chat.private_message_named(&bo, "old", "m1").await.unwrap(), None);
    // What was said on our page is its author's, for ten minutes.
    say(&town, &ana, chat.id, "native").await.unwrap();
    let reader = town.chat.reader(Some(&bo), chat.id).await.unwrap();
    let left = town.chat.passage(&reader, CountedFrom::Oldest, 0, 99).await.unwrap();
    assert_eq!(left[0].id, second);
    assert_eq!(problem(town.chat.take_away(&bo, left[1].id, "old").await), Problem::NotAllowed);
    town.chat.take_away(&ana, left[1].id, "old").await.unwrap();
    let hall = town.room("hall", domain::room::Visibility::Open, &ana).await;
    town.says(&ana, hall.id, "public").await;
    let reader = town.chat.reader(Some(&ana), hall.id).await.unwrap();
    let public = town.chat.history(&reader, None).await.unwrap().messages[0].id;
    assert_eq!(problem(town.chat.take_away(&ana, public, "old").await), nothing);
}

#[tokio::test]
async fn a_passage_is_counted_from_either_end() {
    let (town, ana, bo, chat) = pair().await;
    let mut said = Vec::new();
    for i in 0..3 {
        said.push(written(&town, &ana, chat.id, &format!("a{i}")).await);
        said.push(written(&town, &bo, chat.id, &format!("b{i}")).await);
    }
    town.chat.take_away(&ana, said.remove(1), "old").await.unwrap();
    let reader = town.chat.reader(Some(&ana), chat.id).await.unwrap();
    let passage = async |from, skip, limit| ids(&town.chat.passage(&reader, from, skip, limit).await.unwrap());
    assert_eq!(passage(CountedFrom::Oldest, 1, 2).await, said[1..3]);
    assert_eq!(passage(CountedFrom::Newest, 1, 2).await, [said[3], said[2]]);
    assert_eq!((passage(CountedFrom::Oldest, 5, 9).await, passage(CountedFrom::Oldest, 0, 0).await), (vec![], vec![]));
    let own = town.chat.own_passage(&reader, 2).await.unwrap();
    assert_eq!(ids(&own), [said[3], said[1]]);
}

async fn heard(queue: &mut OutboxReader) -> Vec<String> {
    let mut heard = Vec::new();
    while let Ok(Take::Frames(pieces)) = tokio::time::timeout(Duration::from_millis(300), queue.next()).await {
        for piece in &pieces {
            for frame in texts(piece).filter_map(|text| serde_json::from_slice::<Frame>(text).ok()) {
                if let Frame::Event(event) = frame
                    && let What::Said { message } = event.what
                {
                    heard.push(message.client_id.to_string());
                }
            }
        }
    }
    heard
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_hears_chats_that_begin_later() {
    let town = Town::new().await;
    let (ana, bo, cy) = (town.person("ana").await, town.person("bo").await, town.person("cy").await);
    let (outbox, mut queue): (Outbox, _) = town.chat.hub().connect(Some(bo.clone()));
    town.chat.hear_privately(&outbox);
    let chat = town.chat.start_private(&ana, "bo").await.unwrap();
    say(&town, &ana, chat.id, "one").await.unwrap();
    assert_eq!(heard(&mut queue).await, ["one"]);
    // Many at once, in two chats: nothing is lost, nothing told twice.
    let other = town.chat.start_private(&bo, "cy").await.unwrap();
    let said = (0..20).map(|i| {
        let (chat, who) = (town.chat.clone(), if i % 2 == 0 { bo.clone() } else { cy.clone() });
        tokio::spawn(async move {
            let writer = chat.writer(Some(&who), other.id).await.unwrap();
            chat.post(&writer, &client_id(&format!("m{i}")), "hello").await.map(drop)
        })
    });
    let kept = futures::future::join_all(said).await.into_iter().filter(|said| said.as_ref().unwrap().is_ok()).count();
    let mut told = heard(&mut queue).await;
    told.sort_unstable();
    told.dedup();
    assert_eq!(told.len(), kept);
    // Nobody else's, and nothing once it is gone.
    let foreign = town.chat.start_private(&ana, "cy").await.unwrap();
    say(&town, &ana, foreign.id, "foreign").await.unwrap();
    assert!(heard(&mut queue).await.is_empty());
    drop(outbox);
    say(&town, &ana, chat.id, "two").await.unwrap();
    assert_eq!(town.chat.hub().listeners(), 0);
}

#[tokio::test]
async fn people_of_our_own_are_introduced_and_choose_any_password() {
    let town = Town::new().await;
    let ana = town.person("ana").await;
    town.chat.introduce("old", &ana.person, "7").await.unwrap();
    town.chat.introduce("old", &ana.person, "8").await.unwrap();
    let names = town.chat.outside_names("old", &[ana.person.id]).await.unwrap();
    assert_eq!(names[&ana.person.id], ("ana".to_owned(), "8".to_owned()));
    assert!(town.chat.find_vouched("new", "ana").await.unwrap().is_none());
    assert!(town.chat.local_person(ana.person.id).await.unwrap().is_some(), "and stays one of our own");
    assert!(town.chat.change_password(&ana, PASSWORD, "password1").await.is_err());
    assert!(town.chat.change_password_at(&ana, PASSWORD, "").await.is_err());
    assert_eq!(problem(town.chat.change_password_at(&ana, "wrong", "password1").await), Problem::WrongCredentials);
    town.chat.change_password_at(&ana, PASSWORD, "password1").await.unwrap();
    town.chat.sign_in("ana", "password1", &visit()).await.unwrap();
}

#[tokio::test]
async fn what_is_not_kept_is_held_to_the_sites_words() {
    let town = Town::new().await;
    let ana = town.person("ana").await;
    let (_, admin) = town.admin("root").await;
    assert_eq!(town.chat.fit_to_tell(&ana, " hello ").await.unwrap(), "hello");
    let list = domain::moderation::WordList::parse("spam", false).unwrap();
    town.chat.change_site_words(&admin, list).await.unwrap();
    assert_eq!(problem(town.chat.fit_to_tell(&ana, "this is Spam").await), Problem::Filtered);
    assert!(town.chat.fit_to_tell(&ana, " ").await.is_err());
}

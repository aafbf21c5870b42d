//! Private chat: two people and nobody else, and strangers who have to wait for an answer.

use crate::live::Ear;
use crate::messages::client_id;
use crate::town::{Town, problem};
use chat::{Problem, Thing, Who};
use domain::contact::{Contact, FirstContact, Presence};
use domain::room::{Room, Visibility};
use domain::{PersonId, RoomId};
use std::time::Duration;

const HOUR: i64 = 3_600_000;

/// Ana and bo, and the chat that ana has begun with bo.
pub async fn pair() -> (Town, Who, Who, Room) {
    let town = Town::new().await;
    let (ana, bo) = (town.person("ana").await, town.person("bo").await);
    let chat = town.chat.start_private(&ana, "bo").await.unwrap();
    (town, ana, bo, chat)
}

pub async fn say(town: &Town, who: &Who, room: RoomId, id: &str) -> chat::Result<i64> {
    let writer = town.chat.writer(Some(who), room).await?;
    Ok(town.chat.post(&writer, &client_id(id), "hello").await?.message.seq)
}

pub async fn contact(town: &Town, who: &Who, room: RoomId) -> Contact {
    let reader = town.chat.reader(Some(who), room).await.unwrap();
    town.chat.contact(&reader).await.unwrap().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn two_people_have_one_chat_however_it_begins() {
    let (town, ana, bo, chat) = pair().await;
    let begun = (0..12).map(|i| {
        let (chat, who, name) = match i % 2 {
            0 => (town.chat.clone(), ana.clone(), "BO"),
            _ => (town.chat.clone(), bo.clone(), " ana"),
        };
        tokio::spawn(async move { chat.start_private(&who, name).await.unwrap().id })
    });
    for room in futures::future::join_all(begun).await {
        assert_eq!(room.unwrap(), chat.id);
    }
    // Also where nobody has begun one yet.
    let (cy, di) = (town.person("cy").await, town.person("di").await);
    let begun = (0..12).map(|i| {
        let (chat, who, name) =
            if i % 2 == 0 { (town.chat.clone(), cy.clone(), "di") } else { (town.chat.clone(), di.clone(), "cy") };
        tokio::spawn(async move { chat.start_private(&who, name).await.unwrap().id })
    });
    let rooms: Vec<RoomId> = futures::future::join_all(begun).await.into_iter().map(|room| room.unwrap()).collect();
    assert!(rooms.iter().all(|room| *room == rooms[0]) && rooms[0] != chat.id, "{rooms:?}");
    assert_eq!(problem(town.chat.start_private(&ana, "ana").await), Problem::NotAllowed);
    assert_eq!(problem(town.chat.start_private(&ana, "nobody").await), Problem::not_found(Thing::Person));
}

#[tokio::test]
async fn each_of_the_two_finds_it_under_the_others_name() {
    let (town, ana, bo, chat) = pair().await;
    assert_eq!((chat.slug.as_str(), chat.title.as_str(), chat.visibility), ("@bo", "bo", Visibility::Direct));
    for (who, slug) in [(&ana, "@bo"), (&bo, "@ana"), (&bo, "@%61na")] {
        let reader = town.chat.reader_by_slug(Some(who), slug).await.unwrap();
        assert_eq!(reader.room().id, chat.id);
        let state = town.chat.room_state(&reader).await.unwrap();
        assert_eq!(state.room.slug, slug.replace("%61", "a"));
        assert_eq!((state.members.len(), state.position.seq), (2, 0), "both are in it, and nothing happened");
        assert!(!reader.moderates() && town.chat.host(Some(who), chat.id).await.is_err());
    }
    // An empty one is in nobody's list; then it is in both, by its last words.
    for who in [&ana, &bo] {
        assert!(town.chat.rooms(Some(who)).await.unwrap().is_empty());
    }
    say(&town, &ana, chat.id, "a").await.unwrap();
    let line = town.chat.rooms(Some(&bo)).await.unwrap().remove(0);
    assert_eq!((line.room.slug.as_str(), line.room.title.as_str(), line.unread), ("@ana", "ana", 1));
    assert_eq!(line.last.unwrap().text, "hello");
    assert_eq!(town.chat.rooms(Some(&ana)).await.unwrap()[0].room.slug, "@bo");
}

#[tokio::test]
async fn nobody_else_sees_it_in_any_way() {
    let (town, ana, bo, chat) = pair().await;
    let eve = town.person("eve").await;
    let (root, admin) = town.admin("root").await;
    say(&town, &ana, chat.id, "secret").await.unwrap();
    let nothing = Problem::not_found(Thing::Room);
    for who in [None, Some(&eve), Some(&root)] {
        assert_eq!(problem(town.chat.reader(who, chat.id).await), nothing);
        assert_eq!(problem(town.chat.listener(who, chat.id).await), nothing);
        assert_eq!(problem(town.chat.writer(who, chat.id).await), nothing);
        assert_eq!(problem(town.chat.host(who, chat.id).await), nothing);
        for slug in ["@bo", "@ana", "@1.2", "1.2", "@"] {
            assert_eq!(problem(town.chat.reader_by_slug(who, slug).await), nothing, "{slug}");
        }
        assert!(town.chat.rooms(who).await.unwrap().is_empty());
    }
    for who in [&eve, &root] {
        assert_eq!(problem(town.chat.enter(who, chat.id).await), nothing);
        assert_eq!(problem(town.chat.leave(who, chat.id).await), nothing);
        town.chat.seen(who, chat.id, 1).await.unwrap();
    }
    assert!(town.chat.rooms_page(&admin, &Default::default()).await.unwrap().lines.is_empty());
    assert_eq!(problem(town.chat.remove_room(&admin, chat.id, "").await), nothing);
    let keeper = chat::Keeper::open(town.place()).await.unwrap();
    let slug = format!("@{}.{}", ana.person.id, bo.person.id);
    assert!(keeper.exported_room(&slug).await.is_err(), "nor is it taken along by the command line");
    keeper.close().await.unwrap();
    // Nobody leaves it either: it would be somebody else's to begin it anew.
    assert_eq!(problem(town.chat.leave(&ana, chat.id).await), Problem::NotAllowed);
    assert!(say(&town, &bo, chat.id, "still-here").await.is_ok());
}

#[tokio::test]
async fn search_finds_it_for_the_two_alone() {
    let (town, ana, bo, chat) = pair().await;
    let (root, _) = town.admin("root").await;
    town.says(&ana, chat.id, "persimmon").await;
    let find = async |who: &Who, asked: &str| {
        // What was said is searched a moment later.
        for _ in 0..200 {
            let question =
                chat::Question { asked, address: [127, 0, 0, 1].into(), tz: 0, older_than: None, kind: None };
            let found = town.chat.search(Some(who), question).await.unwrap();
            if !found.messages.is_empty() || who.person.id == root.person.id {
                let called = |hit: &domain::search::MessageHit| {
                    found.place(hit.room).map(|room| (room.slug.clone(), room.title.clone())).unwrap()
                };
                return found.messages.iter().map(called).collect();
            }
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
        Vec::new()
    };
    assert_eq!(find(&bo, "persimmon").await, [("@ana".to_owned(), "ana".to_owned())]);
    assert_eq!(find(&ana, "persimmon in:@bo").await.len(), 1);
    assert!(find(&root, "persimmon").await.is_empty());
}

#[tokio::test]
async fn a_stranger_may_say_five_things_until_the_other_answers() {
    let (town, ana, bo, chat) = pair().await;
    assert_eq!(contact(&town, &ana, chat.id).await.left, None, "nothing was said yet");
    for i in 0..5 {
        assert_eq!(say(&town, &ana, chat.id, &format!("a{i}")).await.unwrap(), i + 1);
        let Contact { left, asks, .. } = contact(&town, &ana, chat.id).await;
        assert_eq!((left, asks), (Some(4 - i as u32), false));
    }
    let theirs = contact(&town, &bo, chat.id).await;
    assert_eq!((theirs.left, theirs.asks, theirs.quiet()), (None, true, None));
    assert_eq!(problem(say(&town, &ana, chat.id, "a5").await), Problem::Unanswered);
    let reader = town.chat.reader(Some(&ana), chat.id).await.unwrap();
    assert_eq!(town.chat.quiet(&reader).await.unwrap(), Some(Problem::Unanswered));
    // A resend of what was kept is no message more.
    assert_eq!(say(&town, &ana, chat.id, "a4").await.unwrap(), 5);
    // Whoever was written to may answer, and then both say what they like.
    for i in 0..20 {
        say(&town, &bo, chat.id, &format!("b{i}")).await.unwrap();
        say(&town, &ana, chat.id, &format!("c{i}")).await.unwrap();
    }
    let mine = contact(&town, &ana, chat.id).await;
    assert_eq!((mine.left, mine.asks, contact(&town, &bo, chat.id).await.asks), (None, false, false));
}

#[tokio::test]
async fn accepting_is_as_good_as_an_answer() {
    let (town, ana, bo, chat) = pair().await;
    for i in 0..5 {
        say(&town, &ana, chat.id, &format!("a{i}")).await.unwrap();
    }
    town.chat.accept_contact(&bo, ana.person.id).await.unwrap();
    assert!(!contact(&town, &bo, chat.id).await.asks);
    assert!(say(&town, &ana, chat.id, "a5").await.is_ok());
    assert!(town.chat.accept_contact(&bo, PersonId(99)).await.is_err());
}

#[tokio::test(flavor = "multi_thread")]
async fn of_fifty_at_once_exactly_as_many_get_through_as_may() {
    for most in [5, 1, 12] {
        let (town, ana, _, chat) = pair().await;
        let (_, admin) = town.admin("root").await;
        town.chat.change_first_contact(&admin, FirstContact { most, hours: 1 }).await.unwrap();
        let sent = (0..50).map(|i| {
            let (chat, ana, room) = (town.chat.clone(), ana.clone(), chat.id);
            tokio::spawn(async move {
                let writer = chat.writer(Some(&ana), room).await.unwrap();
                chat.post(&writer, &client_id(&format!("n{i}")), "hello").await
            })
        });
        let mut through = 0;
        for answer in futures::future::join_all(sent).await {
            match answer.unwrap() {
                Ok(posted) => through += u32::from(posted.was_new),
                Err(error) => assert_eq!(error.into_problem(), Problem::Unanswered),
            }
        }
        assert_eq!(through, most);
        let reader = town.chat.reader(Some(&ana), chat.id).await.unwrap();
        assert_eq!(town.chat.history(&reader, None).await.unwrap().messages.len() as u32, most);
    }
}

#[tokio::test]
async fn the_same_message_sent_twice_at_once_counts_once() {
    let (town, ana, _, chat) = pair().await;
    let sent = (0..10).map(|_| {
        let (chat, ana, room) = (town.chat.clone(), ana.clone(), chat.id);
        tokio::spawn(async move {
            let writer = chat.writer(Some(&ana), room).await.unwrap();
            chat.post(&writer, &client_id("one"), "hello").await.unwrap().was_new
        })
    });
    let new = futures::future::join_all(sent).await.into_iter().filter(|new| *new.as_ref().unwrap()).count();
    assert_eq!((new, contact(&town, &ana, chat.id).await.left), (1, Some(4)));
}

#[tokio::test]
async fn the_window_and_the_number_are_settings() {
    let (town, ana, _, chat) = pair().await;
    let (_, admin) = town.admin("root").await;
    let rule = FirstContact { most: 2, hours: 3 };
    town.chat.change_first_contact(&admin, rule).await.unwrap();
    assert_eq!(town.chat.first_contact(&admin).await.unwrap(), rule);
    assert!(town.chat.change_first_contact(&admin, FirstContact { most: 0, hours: 3 }).await.is_err());
    say(&town, &ana, chat.id, "a").await.unwrap();
    town.clock.advance(2 * HOUR);
    say(&town, &ana, chat.id, "b").await.unwrap();
    assert_eq!(problem(say(&town, &ana, chat.id, "c").await), Problem::Unanswered);
    // Three hours after the last one they count anew.
    town.clock.advance(3 * HOUR - 1);
    assert_eq!(problem(say(&town, &ana, chat.id, "c").await), Problem::Unanswered);
    town.clock.advance(1);
    say(&town, &ana, chat.id, "c").await.unwrap();
    assert_eq!(contact(&town, &ana, chat.id).await.left, Some(1));
    let trail = town.chat.audit(&admin, &Default::default()).await.unwrap();
    assert!(trail.lines.iter().any(|line| line.detail == "2 / 3 h"), "the trail says who changed it");
}

#[tokio::test]
async fn whoever_is_blocked_is_told_nothing_of_it() {
    let (town, ana, bo, chat) = pair().await;
    say(&town, &ana, chat.id, "a").await.unwrap();
    say(&town, &bo, chat.id, "b").await.unwrap();
    let _here = Ear::at(&town.chat, Some(&bo), chat.id, None).await;
    assert_eq!(contact(&town, &ana, chat.id).await.presence, Presence::Online);
    town.chat.block(&bo, ana.person.id).await.unwrap();
    let blocked = problem(say(&town, &ana, chat.id, "c").await);
    assert_eq!(blocked, Problem::Unreachable);
    let mine = contact(&town, &ana, chat.id).await;
    assert_eq!((mine.presence, mine.blocked, mine.quiet()), (Presence::Hidden, false, None));
    assert_eq!((mine.delivered.seq, mine.read.seq), (0, 0));
    // The same as to somebody whose account is disabled.
    let (_, admin) = town.admin("root").await;
    let cy = town.person("cy").await;
    let other = town.chat.start_private(&ana, "cy").await.unwrap();
    town.chat.disable_person(&admin, cy.person.id, true).await.unwrap();
    assert_eq!(problem(say(&town, &ana, other.id, "d").await), blocked);
    // Who blocks knows it, and writes again only when they do not any more.
    assert_eq!(problem(say(&town, &bo, chat.id, "e").await), Problem::Blocked);
    assert!(contact(&town, &bo, chat.id).await.blocked);
    assert_eq!(town.chat.blocked(&bo).await.unwrap(), vec![ana.person.clone()]);
    town.chat.unblock(&bo, ana.person.id).await.unwrap();
    assert!(say(&town, &bo, chat.id, "e").await.is_ok() && say(&town, &ana, chat.id, "c").await.is_ok());
    assert_eq!(problem(town.chat.block(&bo, bo.person.id).await), Problem::NotAllowed);
    assert!(town.chat.block(&bo, PersonId(99)).await.is_err());
}

#[tokio::test]
async fn a_stranger_who_is_blocked_meets_the_limit_first() {
    let (town, ana, bo, chat) = pair().await;
    for i in 0..5 {
        say(&town, &ana, chat.id, &format!("a{i}")).await.unwrap();
    }
    town.chat.block(&bo, ana.person.id).await.unwrap();
    assert_eq!(problem(say(&town, &ana, chat.id, "a5").await), Problem::Unanswered);
    assert!(!contact(&town, &bo, chat.id).await.asks);
}

/// Nor by changing what they said, or by signs.
#[tokio::test(flavor = "multi_thread")]
async fn whoever_may_not_write_does_not_go_on_by_other_ways() {
    let (town, ana, bo, room) = pair().await;
    say(&town, &ana, room.id, "a").await.unwrap();
    let writer = town.chat.writer(Some(&ana), room.id).await.unwrap();
    let first = town.chat.history(writer.reader(), None).await.unwrap().messages.remove(0).id;
    for i in 0..4 {
        town.chat.edit(&writer, first, &format!("hello {i}")).await.unwrap();
    }
    assert_eq!(problem(town.chat.edit(&writer, first, "hello again").await), Problem::Unanswered);
    assert_eq!(problem(town.chat.react(&writer, first, "👍", true).await), Problem::Unanswered);
    say(&town, &bo, room.id, "b").await.unwrap();
    town.chat.react(&writer, first, "👍", true).await.unwrap();
    town.chat.block(&bo, ana.person.id).await.unwrap();
    assert_eq!(problem(town.chat.edit(&writer, first, "still here").await), Problem::Unreachable);
    assert_eq!(problem(town.chat.react(&writer, first, "🎉", true).await), Problem::Unreachable);
    town.chat.react(&writer, first, "👍", false).await.unwrap();
    town.chat.recall(writer.reader(), first).await.unwrap();
}

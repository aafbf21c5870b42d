//! People whom another system vouches for: their private chats, and rooms that they make.

use crate::live::Ear;
use crate::messages::client_id;
use crate::town::{PASSWORD, Town, problem, visit, words};
use chat::{MessagesOrder, MessagesQuery, Problem, Thing, Vouched, Who};
use domain::RoomId;
use domain::event::{Event, What};
use domain::member::Role;
use domain::room::Visibility;

const SHOP: &str = "simple:shop";

/// Somebody of the shop, who has come in.
async fn customer(town: &Town, name: &str) -> (Who, Vouched) {
    let vouched = town.chat.vouch(SHOP, name, "").await.unwrap();
    let who = town.chat.let_in(&vouched, "simple", &visit(), None).await.unwrap().who;
    (who, vouched)
}

async fn group(town: &Town, host: &Vouched, name: &str) -> RoomId {
    town.chat.make_group(host, name, &words("group", Visibility::Private)).await.unwrap()
}

async fn roles(town: &Town, room: RoomId) -> Vec<(String, Role)> {
    let (_, admin) = match town.chat.find_person("root").await.unwrap() {
        None => town.admin("root").await,
        Some(_) => {
            let who = town.chat.sign_in("root", PASSWORD, &visit()).await.unwrap().who;
            (who.clone(), town.chat.admin(Some(&who)).unwrap())
        }
    };
    let reader = town.chat.reader(Some(admin.who()), room).await.unwrap();
    let members = town.chat.members(&reader).await.unwrap();
    members.into_iter().map(|member| (member.person.name, member.role)).collect()
}

#[tokio::test]
async fn a_token_says_who_vouched() {
    let town = Town::new().await;
    let (who, _) = customer(&town, "1").await;
    let vouched = town.chat.vouched_as(&who, "simple").await.unwrap().unwrap();
    assert_eq!((vouched.system(), vouched.name.as_str()), (SHOP, "1"));
    for other in ["simple:other", "sim", "webim"] {
        assert!(town.chat.vouched_as(&who, other).await.unwrap().is_none(), "{other}");
    }
    let local = town.person("ana").await;
    assert!(town.chat.vouched_as(&local, "simple").await.unwrap().is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn whom_one_system_knows_are_no_strangers() {
    let town = Town::new().await;
    let ((ana, ana_there), (bo, bo_there)) = (customer(&town, "ana").await, customer(&town, "bo").await);
    let begun = (0..8).map(|i| {
        let (chat, who, other) = match i % 2 {
            0 => (town.chat.clone(), ana.clone(), bo_there.clone()),
            _ => (town.chat.clone(), bo.clone(), ana_there.clone()),
        };
        tokio::spawn(async move { chat.private_between(&who, &other).await.unwrap().id })
    });
    let rooms: Vec<RoomId> = futures::future::join_all(begun).await.into_iter().map(Result::unwrap).collect();
    assert!(rooms.iter().all(|room| *room == rooms[0]), "{rooms:?}");
    town.say(&ana, rooms[0], 20).await;
    // Who comes from elsewhere is nobody here.
    let local = town.person("local").await;
    let elsewhere = town.chat.vouch("simple:other", "eve", "").await.unwrap();
    let nobody = Problem::not_found(Thing::Person);
    assert_eq!(problem(town.chat.private_between(&local, &bo_there).await), nobody);
    assert_eq!(problem(town.chat.private_between(&ana, &elsewhere).await), nobody);
    assert_eq!(problem(town.chat.private_between(&ana, &ana_there).await), Problem::NotAllowed);
    let (_, admin) = town.admin("root").await;
    let (_, cy) = customer(&town, "cy").await;
    town.chat.disable_person(&admin, cy.person.id, true).await.unwrap();
    assert_eq!(problem(town.chat.private_between(&ana, &cy).await), nobody);
}

#[tokio::test]
async fn a_room_is_entered_by_its_name_and_passed_on() {
    let town = Town::new().await;
    let ((ana, ana_there), (bo, bo_there)) = (customer(&town, "ana").await, customer(&town, "bo").await);
    let (cy, cy_there) = customer(&town, "cy").await;
    let room = group(&town, &ana_there, "g1").await;
    assert_eq!(town.chat.enter_group(&cy_there, "g1").await.unwrap(), room);
    town.clock.advance(1_000);
    for _ in 0..2 {
        town.chat.enter_group(&bo_there, "g1").await.unwrap();
    }
    let nothing = Problem::not_found(Thing::Room);
    assert_eq!(problem(town.chat.enter_group(&bo_there, "g2").await), nothing);
    let elsewhere = town.chat.vouch("simple:other", "eve", "").await.unwrap();
    assert_eq!(problem(town.chat.enter_group(&elsewhere, "g1").await), nothing);
    let host = town.chat.host(Some(&ana), room).await.unwrap();
    assert_eq!(problem(town.chat.add_to_group(&host, &elsewhere).await), nothing);
    // The host is brought in once more, and stays host.
    town.chat.add_to_group(&host, &ana_there).await.unwrap();
    let line = |name: &str, role| (name.to_owned(), role);
    let now = [line("ana", Role::Host), line("bo", Role::Member), line("cy", Role::Member)];
    assert_eq!(roles(&town, room).await, now);
    town.chat.leave_group(&ana, room).await.unwrap();
    assert_eq!(roles(&town, room).await, [line("cy", Role::Host), line("bo", Role::Member)], "who was there longest");
    for who in [&ana, &bo, &cy] {
        town.chat.leave_group(who, room).await.unwrap();
    }
    assert!(roles(&town, room).await.is_empty());
    assert_eq!(problem(town.chat.enter_group(&ana_there, "g1").await), nothing, "it is archived");
    let direct = town.chat.private_between(&ana, &bo_there).await.unwrap().id;
    assert_eq!(problem(town.chat.leave_group(&ana, direct).await), Problem::NotAllowed);
}

#[tokio::test]
async fn who_is_banned_is_not_let_in_by_another_system() {
    let town = Town::new().await;
    let ((ana, ana_there), (_, bo_there)) = (customer(&town, "ana").await, customer(&town, "bo").await);
    let room = group(&town, &ana_there, "g1").await;
    town.chat.enter_group(&bo_there, "g1").await.unwrap();
    let host = town.chat.host(Some(&ana), room).await.unwrap();
    town.chat.ban(&host, bo_there.person.id, "rude").await.unwrap();
    let banned = Problem::Removed { for_good: true, reason: "rude".into() };
    assert_eq!(problem(town.chat.enter_group(&bo_there, "g1").await), banned);
    assert_eq!(problem(town.chat.add_to_group(&host, &bo_there).await), banned);
    assert_eq!(problem(town.chat.seat(&bo_there, room, Role::Member).await), banned);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_is_told_of_rooms_that_its_person_comes_into() {
    let town = Town::new().await;
    let ((ana, ana_there), (bo, bo_there)) = (customer(&town, "ana").await, customer(&town, "bo").await);
    let mut ear = Ear::new(&town.chat, Some(&bo));
    town.chat.hear_of_joining(&ear.outbox);
    let (first, second) = (group(&town, &ana_there, "g1").await, group(&town, &ana_there, "g2").await);
    let host = town.chat.host(Some(&ana), first).await.unwrap();
    // By its own door, and by ours; what is said there it does not hear.
    town.chat.enter_group(&bo_there, "g2").await.unwrap();
    town.says(&ana, second, "unheard").await;
    town.chat.add_member(&host, bo.person.id, Role::Member).await.unwrap();
    ear.hear_until("two rooms", |ear| ear.events().len() == 2).await;
    let places: Vec<(RoomId, i64)> = ear.events().iter().map(|event| (event.room, event.seq)).collect();
    assert_eq!(places, [(second, 2), (first, 2)]);
    // Where it listens, it hears that once; of others it hears nothing.
    town.chat.remove_member(&host, bo.person.id).await.unwrap();
    let hall = town.room("hall", Visibility::Open, &ana).await.id;
    ear.listen(&town.chat, Some(&bo), hall, None).await;
    assert!(ear.outbox.listens_to(hall) && !ear.outbox.listens_to(first));
    town.chat.enter(&bo, hall).await.unwrap();
    let (cy, cy_there) = customer(&town, "cy").await;
    town.chat.enter_group(&cy_there, "g1").await.unwrap();
    town.says(&cy, hall, "the end").await;
    let is_end = |event: &Event| matches!(event.what, What::Said { .. });
    ear.hear_until("the end", |ear| ear.events().iter().any(is_end)).await;
    let joined = ear.events().iter().filter(|event| event.room == hall).filter(|event| match &event.what {
        What::Joined { member } => member.person.id == bo.person.id,
        _ => false,
    });
    assert_eq!(joined.count(), 1);
    assert!(ear.events().iter().filter(|event| event.room == first).count() == 1, "{:?}", ear.events());
}

#[tokio::test]
async fn conversations_are_those_of_one_system() {
    let town = Town::new().await;
    let ((ana, ana_there), (bo, bo_there)) = (customer(&town, "ana").await, customer(&town, "bo").await);
    let room = group(&town, &ana_there, "g1").await;
    let direct = town.chat.private_between(&ana, &bo_there).await.unwrap().id;
    // Neither a room nor a private chat of our own page.
    let local = town.person("local").await;
    let hall = town.room("hall", Visibility::Open, &local).await.id;
    town.says(&ana, hall, "hello").await;
    let strange = town.chat.start_private(&local, &ana.person.name).await.unwrap().id;
    town.says(&local, strange, "hello").await;
    assert!(town.chat.conversations(&ana_there, None, 0, 10).await.unwrap().is_empty(), "nothing was said");
    let within = town.chat.rooms_within(&ana_there, 10).await.unwrap();
    let mut rooms: Vec<RoomId> = within.iter().map(|(room, _)| *room).collect();
    rooms.sort();
    assert_eq!(rooms, [room, direct]);
    town.says(&bo, direct, "one").await;
    town.clock.advance(1_000);
    town.says(&ana, direct, "two").await;
    town.clock.advance(1_000);
    town.says(&ana, room, "three").await;
    let all = town.chat.conversations(&ana_there, None, 0, 10).await.unwrap();
    assert_eq!(all.iter().map(|one| one.room).collect::<Vec<_>>(), [room, direct]);
    assert_eq!((all[0].name.as_deref(), all[0].host), (Some("g1"), Some(ana.person.id)));
    assert_eq!((all[1].name.as_deref(), all[1].host, all[1].last_by), (None, Some(bo.person.id), ana.person.id));
    for (private, offset, found) in
        [(Some(true), 0, vec![direct]), (Some(false), 0, vec![room]), (None, 1, vec![direct])]
    {
        let some = town.chat.conversations(&ana_there, private, offset, 10).await.unwrap();
        assert_eq!(some.iter().map(|one| one.room).collect::<Vec<_>>(), found, "{private:?} {offset}");
    }
}

#[tokio::test]
async fn messages_by_numbered_pages() {
    let town = Town::new().await;
    let (ana, bo) = (town.person("ana").await, town.person("Bo").await);
    let hall = town.room("hall", Visibility::Open, &ana).await.id;
    for (who, id) in [(&bo, "x-1"), (&ana, "y-2"), (&bo, "y-3"), (&ana, "x-4")] {
        let writer = town.chat.writer(Some(who), hall).await.unwrap();
        town.chat.post(&writer, &client_id(id), id).await.unwrap();
    }
    let reader = town.chat.reader(Some(&ana), hall).await.unwrap();
    let page = async |query: MessagesQuery| {
        let query = MessagesQuery { limit: query.limit.max(1), ..query };
        let (messages, count) = town.chat.messages_page(&reader, &query).await.unwrap();
        (messages.into_iter().map(|message| message.client_id.to_string()).collect::<Vec<_>>().join(" "), count)
    };
    let all = || MessagesQuery { limit: 10, ..MessagesQuery::default() };
    assert_eq!(page(all()).await, ("x-4 y-3 y-2 x-1".into(), 4));
    assert_eq!(page(MessagesQuery { order: MessagesOrder::Author, ..all() }).await.0, "y-2 x-4 x-1 y-3");
    assert_eq!(page(MessagesQuery { order: MessagesOrder::AuthorDown, ..all() }).await.0, "x-1 y-3 y-2 x-4");
    let oldest = MessagesQuery { order: MessagesOrder::Oldest, offset: 1, limit: 2, ..all() };
    assert_eq!(page(oldest).await, ("y-2 y-3".into(), 4));
    assert_eq!(page(MessagesQuery { author: Some(bo.person.id), ..all() }).await, ("y-3 x-1".into(), 2));
    assert_eq!(page(MessagesQuery { except: "x-", ..all() }).await, ("y-3 y-2".into(), 2));
    assert_eq!(page(MessagesQuery { offset: u64::MAX, ..all() }).await, (String::new(), 4));
    // What was taken back says nothing; what one has hidden is not there.
    let last = town.chat.history(&reader, None).await.unwrap().messages.pop().unwrap().id;
    let (_, admin) = town.admin("root").await;
    let host = town.chat.host(Some(admin.who()), hall).await.unwrap();
    town.chat.recall(&host, last).await.unwrap();
    assert_eq!(page(MessagesQuery { words: true, ..all() }).await, ("y-3 y-2 x-1".into(), 3));
    assert_eq!(page(all()).await.1, 4);
}

#[tokio::test]
async fn people_by_numbered_pages() {
    let town = Town::new().await;
    let (cy, ana, bo) = (town.person("cy").await, town.person("Ana").await, town.person("bo").await);
    let (_, there) = customer(&town, "dora").await;
    let hidden = domain::contact::Privacy { listed: false, ..Default::default() };
    town.chat.change_privacy(&bo, hidden).await.unwrap();
    let list = async |who: &Who, by_name, down, offset| {
        let (people, count) = town.chat.listed_people(who, by_name, down, offset, 2).await.unwrap();
        (people.into_iter().map(|listed| listed.person.name).collect::<Vec<_>>().join(" "), count)
    };
    assert_eq!(list(&ana, false, false, 0).await, ("cy Ana".into(), 2));
    assert_eq!(list(&ana, true, false, 0).await, ("Ana cy".into(), 2));
    assert_eq!(list(&ana, true, true, 1).await, ("Ana".into(), 2));
    assert_eq!(list(&bo, true, false, 0).await, ("Ana bo".into(), 3), "they see themselves");
    assert!(town.chat.local_person(there.person.id).await.unwrap().is_none());
    assert_eq!(town.chat.local_person(cy.person.id).await.unwrap().unwrap().name, "cy");
    assert_eq!(town.chat.local_person_called("ANA").await.unwrap().unwrap().name, "Ana");
}

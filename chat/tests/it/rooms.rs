//! Rooms: who may do what in which, and what the list shows.

use crate::town::{Town, problem, words};
use chat::{Problem, Thing, Who};
use domain::member::Role;
use domain::person::SiteRole;
use domain::room::Visibility;
use domain::{PersonId, RoomId};

#[tokio::test]
async fn an_address_belongs_to_one_room() {
    let town = Town::new().await;
    let (root, admin) = town.admin("root").await;
    let ana = town.person("ana").await;
    let hall = town.chat.create_room(&admin, words("hall", Visibility::Public), None).await.unwrap();
    let reader = town.chat.reader(Some(&root), hall.id).await.unwrap();
    assert_eq!(reader.role(), Some(Role::Host), "who makes a room is its host");
    assert!((1..1 << 53).contains(&reader.epoch()));

    let taken = Problem::Taken { thing: Thing::Room };
    let again = town.chat.create_room(&admin, words("hall", Visibility::Open), None).await;
    assert_eq!(problem(again), taken);
    let den = town.chat.create_room(&admin, words("den", Visibility::Open), Some(ana.person.id)).await.unwrap();
    let host = town.chat.host(Some(&ana), den.id).await.unwrap();
    assert_eq!(problem(town.chat.change_room(&host, words("hall", Visibility::Open)).await), taken);
    let nobody = town.chat.create_room(&admin, words("attic", Visibility::Open), Some(PersonId(9_999))).await;
    assert_eq!(problem(nobody), Problem::not_found(Thing::Person));
    assert_eq!(town.chat.rooms(Some(&root)).await.unwrap().len(), 2, "a refusal leaves nothing behind");
    let bad = town.chat.add_room(words("Not A Slug", Visibility::Open), None).await;
    assert!(matches!(problem(bad), Problem::Invalid { .. }));
}

#[tokio::test]
async fn a_room_that_becomes_private_is_hidden_from_strangers() {
    let town = Town::new().await;
    let (ana, eve) = (town.person("ana").await, town.person("eve").await);
    let hall = town.room("hall", Visibility::Public, &ana).await;
    let (out, _in) = town.chat.hub().connect(Some(eve.clone()));
    let reader = town.chat.reader(Some(&eve), hall.id).await.unwrap();
    town.chat.listen(reader, &out, None).await.unwrap();
    assert_eq!(town.chat.rooms(None).await.unwrap()[0].present, 1);
    let host = town.chat.host(Some(&ana), hall.id).await.unwrap();
    let den = town.chat.change_room(&host, words("den", Visibility::Private)).await.unwrap();
    assert_eq!((&*den.slug, den.visibility), ("den", Visibility::Private));
    assert_eq!(town.chat.hub().present(hall.id).0.len(), 0, "she heard the last of it before the change returned");
    let hidden = Problem::not_found(Thing::Room);
    assert_eq!(problem(town.chat.reader(Some(&eve), hall.id).await), hidden);
    assert_eq!(problem(town.chat.reader_by_slug(Some(&ana), "hall").await), hidden, "the address is free again");
    town.room("hall", Visibility::Public, &eve).await;
}

#[tokio::test]
async fn the_list_shows_what_is_new_to_its_reader() {
    let town = Town::new().await;
    let (ana, bo) = (town.person("ana").await, town.person("bo").await);
    let quiet = town.room("quiet", Visibility::Public, &ana).await;
    let hall = town.room("hall", Visibility::Public, &ana).await;
    town.clock.advance(1_000);
    town.chat.enter(&bo, quiet.id).await.unwrap();
    town.clock.advance(1_000);
    town.say(&bo, hall.id, 3).await;
    let line = async |who: Option<&Who>, room: RoomId| {
        town.chat.rooms(who).await.unwrap().into_iter().find(|line| line.room.id == room).unwrap()
    };
    let first = town.chat.rooms(Some(&ana)).await.unwrap().remove(0);
    assert_eq!((first.room.id, first.unread, first.role), (hall.id, 3, Some(Role::Host)));
    let last = first.last.unwrap();
    assert_eq!((&*last.author, &*last.text), ("bo", "word 2"));
    assert_eq!(line(Some(&bo), hall.id).await.unread, 0, "one's own words are not news");
    assert_eq!(line(None, hall.id).await.unread, 0);
    assert_eq!(line(None, quiet.id).await.last, None);

    let seq = town.chat.room_state(&town.chat.reader(None, hall.id).await.unwrap()).await.unwrap().position.seq;
    town.chat.seen(&ana, hall.id, seq - 1).await.unwrap();
    assert_eq!(line(Some(&ana), hall.id).await.unread, 1);
    for (seen, unread) in [(i64::MIN, 1), (-5, 1), (seq - 2, 1), (seq, 0), (i64::MAX, 0)] {
        town.chat.seen(&ana, hall.id, seen).await.unwrap();
        assert_eq!(line(Some(&ana), hall.id).await.unread, unread, "after {seen}");
    }
    town.say(&bo, hall.id, 1).await;
    assert_eq!(line(Some(&ana), hall.id).await.unread, 1, "a place in the future was not believed");

    let host = town.chat.host(Some(&ana), hall.id).await.unwrap();
    town.chat.archive_room(&host, true).await.unwrap();
    let slugs: Vec<String> = town.chat.rooms(None).await.unwrap().into_iter().map(|line| line.room.slug).collect();
    assert_eq!(slugs, ["quiet", "hall"], "archived ones last");
    assert_eq!(ana.role, SiteRole::Member);
}

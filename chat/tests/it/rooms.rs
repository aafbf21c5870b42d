//! Rooms: who may do what in which, and what the list shows.

use crate::town::{Town, problem, words};
use chat::{Problem, Thing, Who};
use domain::member::Role;
use domain::person::SiteRole;
use domain::room::Visibility;
use domain::{PersonId, RoomId};

/// What is granted or answered.
#[derive(Clone, Debug, PartialEq)]
enum Access {
    Yes,
    Hidden,
    SignIn,
    No,
}
use Access::{Hidden, No, SignIn, Yes};

fn access<T>(result: chat::Result<T>) -> Access {
    match result.map_err(chat::Error::into_problem) {
        Ok(_) => Yes,
        Err(Problem::NotFound { thing: Thing::Room }) => Hidden,
        Err(Problem::SignInNeeded) => SignIn,
        Err(Problem::NotAllowed) => No,
        Err(other) => panic!("{other:?}"),
    }
}

/// read, write, host
fn expected(visitor: &str, visibility: Visibility, archived: bool) -> [Access; 3] {
    let may_write = if archived { No } else { Yes };
    match (visitor, visibility) {
        ("guest", Visibility::Public) => [Yes, SignIn, SignIn],
        ("guest", _) | ("stranger", Visibility::Private) => [Hidden, Hidden, Hidden],
        ("stranger" | "member", _) => [Yes, may_write, No],
        ("host" | "admin", _) => [Yes, may_write, Yes],
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn everybody_may_exactly_what_they_may() {
    let town = Town::new().await;
    let (admin, _) = town.admin("root").await;
    let (host, member, stranger) = (town.person("host").await, town.person("member").await, town.person("eve").await);
    let visitors: [(&str, Option<&Who>); 5] = [
        ("guest", None),
        ("stranger", Some(&stranger)),
        ("member", Some(&member)),
        ("host", Some(&host)),
        ("admin", Some(&admin)),
    ];
    for visibility in Visibility::ALL {
        for archived in [false, true] {
            for (visitor, who) in visitors {
                // A room of its own, for writing makes members of strangers.
                let slug = format!("{}-{archived}-{visitor}", visibility.as_str());
                let room = town.room(&slug, visibility, &host).await;
                let hosting = town.chat.host(Some(&host), room.id).await.unwrap();
                town.chat.add_member(&hosting, member.person.id, Role::Member).await.unwrap();
                town.chat.archive_room(&hosting, archived).await.unwrap();
                let [read, write, host_it] = expected(visitor, visibility, archived);
                let about = format!("{visitor} in {slug}");
                assert_eq!(access(town.chat.reader(who, room.id).await), read, "{about}");
                assert_eq!(access(town.chat.reader_by_slug(who, &slug).await), read, "{about}");
                assert_eq!(access(town.chat.host(who, room.id).await), host_it, "{about}");
                let listed = town.chat.rooms(who).await.unwrap().iter().any(|line| line.room.id == room.id);
                assert_eq!(listed, read == Yes, "{about}");
                assert_eq!(access(town.chat.writer(who, room.id).await), write, "{about}");
            }
        }
    }
    for who in [None, Some(&admin)] {
        assert_eq!(access(town.chat.reader(who, RoomId(9_999)).await), Hidden);
        assert_eq!(access(town.chat.reader_by_slug(who, "../etc").await), Hidden);
    }
}

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
    assert_eq!(access(town.chat.reader(Some(&eve), hall.id).await), Hidden);
    assert_eq!(access(town.chat.reader_by_slug(Some(&ana), "hall").await), Hidden, "the address is free again");
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

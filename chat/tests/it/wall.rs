//! The wall: whoever follows it agrees with the store.

use crate::files::{added, png};
use crate::live::Ear;
use crate::town::Town;
use chat::{Chat, MAX_ORDER, NewPicture, Problem, Rule, Seen, Thing, Who};
use domain::event::What;
use domain::member::Role;
use domain::picture::Size;
use domain::room::Visibility;
use domain::wall::{Applied, Place, Wall};
use domain::{PictureId, RoomId};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

async fn wall(chat: &Chat, room: RoomId, who: &Who) -> Wall {
    chat.wall(&chat.reader(Some(who), room).await.unwrap()).await.unwrap()
}

fn ids(wall: &Wall) -> Vec<PictureId> {
    wall.pictures.iter().map(|picture| picture.id).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn hosts_who_move_at_the_same_time_leave_one_order_for_all() {
    let town = Town::new().await;
    let ana = town.person("ana").await;
    let hall = town.room("hall", Visibility::Public, &ana).await;
    let mut hosts = vec![ana.clone()];
    for name in ["bo", "cy"] {
        let who = town.person(name).await;
        let host = town.chat.host(Some(&ana), hall.id).await.unwrap();
        town.chat.add_member(&host, who.person.id, domain::member::Role::Host).await.unwrap();
        hosts.push(who);
    }
    for _ in 0..8 {
        added(&town.chat, &ana, hall.id).await;
    }
    let start = wall(&town.chat, hall.id, &ana).await;
    let mut followers = Vec::new();
    for who in &hosts {
        followers.push((Ear::at(&town.chat, Some(who), hall.id, None).await, start.clone()));
    }
    let tasks: Vec<_> = hosts
        .iter()
        .zip(1..)
        .map(|(who, seed)| tokio::spawn(move_about(town.chat.clone(), who.clone(), hall.id, ids(&start), seed)))
        .collect();
    for task in tasks {
        task.await.unwrap();
    }
    let stored = wall(&town.chat, hall.id, &ana).await;
    assert!(stored.rev > start.rev);
    for (ear, follower) in &mut followers {
        let told = |ear: &Ear| ear.events().iter().any(|event| event.what.wall_rev() == Some(stored.rev));
        ear.hear_until("the last change", told).await;
        for event in ear.events() {
            assert_ne!(follower.apply(&event.what), Applied::Gap, "{event:?}");
        }
        assert_eq!(*follower, stored);
    }
}

async fn move_about(chat: Chat, who: Who, room: RoomId, pictures: Vec<PictureId>, seed: u64) {
    let host = chat.host(Some(&who), room).await.unwrap();
    let mut dice = StdRng::seed_from_u64(seed);
    for _ in 0..25 {
        let id = pictures[dice.random_range(0..pictures.len())];
        let place = match dice.random_range(0..6) {
            0 => Place::First,
            1 => Place::Last,
            2 => Place::Up,
            3 => Place::Down,
            4 => Place::After(pictures[dice.random_range(0..pictures.len())]),
            _ => Place::Nth(dice.random_range(0..10)),
        };
        if dice.random_range(0..5) == 0 {
            chat.set_picture_order(&host, id, dice.random_range(0..5), Seen::Nothing).await.unwrap();
        } else {
            chat.move_picture(&host, id, place, None).await.unwrap();
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_move_on_an_old_wall_is_refused_if_asked() {
    let town = Town::new().await;
    let ana = town.person("ana").await;
    let hall = town.room("hall", Visibility::Public, &ana).await;
    let host = town.chat.host(Some(&ana), hall.id).await.unwrap();
    let (a, b) = (added(&town.chat, &ana, hall.id).await, added(&town.chat, &ana, hall.id).await);
    let now = wall(&town.chat, hall.id, &ana).await;
    assert_eq!(ids(&now), [b.id, a.id], "the newest hangs in front");
    let refused = town.chat.move_picture(&host, a.id, Place::First, Some(now.rev - 1)).await.unwrap_err();
    assert_eq!(refused.into_problem(), Problem::changed(now.rev));
    town.chat.move_picture(&host, a.id, Place::First, Some(now.rev)).await.unwrap();
    // Where it is already: nothing happens, not even a revision.
    town.chat.move_picture(&host, a.id, Place::First, None).await.unwrap();
    let moved = wall(&town.chat, hall.id, &ana).await;
    assert_eq!((ids(&moved), moved.rev), (vec![a.id, b.id], now.rev + 1));

    town.chat.set_picture_order(&host, b.id, MAX_ORDER, Seen::Nothing).await.unwrap();
    assert_eq!(ids(&wall(&town.chat, hall.id, &ana).await), [b.id, a.id]);
    let beyond = town.chat.set_picture_order(&host, b.id, i64::MAX, Seen::Nothing).await.unwrap_err().into_problem();
    assert_eq!(beyond, Problem::invalid("order", Rule::Shape));
    let nothing = town.chat.move_picture(&host, PictureId(9_999), Place::First, None).await.unwrap_err().into_problem();
    assert_eq!(nothing, Problem::not_found(Thing::Picture));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_order_number_that_somebody_else_set_is_not_written_over_unseen() {
    let town = Town::new().await;
    let ana = town.person("ana").await;
    let hall = town.room("hall", Visibility::Public, &ana).await;
    let host = town.chat.host(Some(&ana), hall.id).await.unwrap();
    let (a, b) = (added(&town.chat, &ana, hall.id).await, added(&town.chat, &ana, hall.id).await);
    let set = async |order: i64, seen: Seen| {
        town.chat.set_picture_order(&host, a.id, order, seen).await.map_err(chat::Error::into_problem)
    };
    let rev = async || wall(&town.chat, hall.id, &ana).await.rev;
    let old = rev().await;
    // Another picture that moves is no conflict for whoever saw this one's number.
    town.chat.move_picture(&host, b.id, Place::Last, None).await.unwrap();
    assert_eq!(set(50, Seen::Wall(old)).await, Err(Problem::changed(old + 1)));
    set(50, Seen::Order(a.order)).await.unwrap();
    assert_eq!(set(60, Seen::Order(a.order)).await, Err(Problem::changed(old + 2)));
    assert_eq!(set(50, Seen::Order(a.order)).await, Ok(()), "both meant the same");
    assert_eq!(rev().await, old + 2);
    set(60, Seen::Wall(old + 2)).await.unwrap();
    set(70, Seen::Nothing).await.unwrap();
    let now = wall(&town.chat, hall.id, &ana).await;
    assert_eq!(now.pictures.iter().find(|picture| picture.id == a.id).unwrap().order, 70);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_picture_of_another_room_is_none_of_a_hosts_business() {
    let town = Town::new().await;
    let (ana, bo) = (town.person("ana").await, town.person("bo").await);
    let (hall, den) =
        (town.room("hall", Visibility::Public, &ana).await, town.room("den", Visibility::Private, &bo).await);
    let secret = added(&town.chat, &bo, den.id).await;
    let host = town.chat.host(Some(&ana), hall.id).await.unwrap();
    let reader = town.chat.reader(Some(&ana), hall.id).await.unwrap();
    let not_found = Problem::not_found(Thing::Picture);
    let chat = &town.chat;
    assert_eq!(chat.remove_picture(&host, secret.id).await.unwrap_err().into_problem(), not_found);
    assert_eq!(chat.restore_picture(&host, secret.id).await.unwrap_err().into_problem(), not_found);
    assert_eq!(chat.describe_picture(&host, secret.id, "x", "").await.unwrap_err().into_problem(), not_found);
    assert_eq!(chat.set_picture_order(&host, secret.id, 1, Seen::Nothing).await.unwrap_err().into_problem(), not_found);
    let bytes = chat.picture_bytes(&reader, &secret.blob, Size::Full).await.unwrap_err().into_problem();
    assert_eq!(bytes, not_found);
    let guest = chat.host(None, hall.id).await.map(drop).unwrap_err().into_problem();
    assert_eq!(guest, Problem::SignInNeeded);
}

#[tokio::test(flavor = "multi_thread")]
async fn taken_down_and_hung_again() {
    let town = Town::new().await;
    let ana = town.person("ana").await;
    let hall = town.room("hall", Visibility::Public, &ana).await;
    let chat = &town.chat;
    let host = chat.host(Some(&ana), hall.id).await.unwrap();
    let reader = chat.reader(None, hall.id).await.unwrap();
    let mut ear = Ear::at(chat, None, hall.id, None).await;
    let picture = added(chat, &ana, hall.id).await;
    chat.describe_picture(&host, picture.id, "a square", "one green square").await.unwrap();
    chat.remove_picture(&host, picture.id).await.unwrap();
    chat.remove_picture(&host, picture.id).await.unwrap();
    assert!(wall(chat, hall.id, &ana).await.pictures.is_empty());
    assert!(chat.picture_bytes(&reader, &picture.blob, Size::Full).await.is_err(), "not to be seen any more");
    assert_eq!(chat.tidy_files().await.unwrap(), 0, "it can still be hung again");
    chat.restore_picture(&host, picture.id).await.unwrap();
    let back = wall(chat, hall.id, &ana).await.pictures.remove(0);
    assert_eq!((back.caption.as_str(), back.alt.as_str(), back.order), ("a square", "one green square", picture.order));
    chat.picture_bytes(&reader, &picture.blob, Size::Full).await.unwrap();

    chat.remove_picture(&host, picture.id).await.unwrap();
    town.clock.advance(3_600_001);
    assert_eq!(chat.restore_picture(&host, picture.id).await.unwrap_err().into_problem(), Problem::Gone);
    assert_eq!(chat.tidy_files().await.unwrap(), 1);
    assert!(!town.data().join(format!("files/{}/{}/full", hall.id, picture.blob)).exists());
    let gone = chat.restore_picture(&host, picture.id).await.unwrap_err().into_problem();
    assert_eq!(gone, Problem::not_found(Thing::Picture));

    ear.hear_until("five changes", |ear| ear.events().iter().any(|e| e.what.wall_rev() == Some(5))).await;
    let kinds: Vec<_> = ear.events().iter().filter(|event| event.what.wall_rev().is_some()).collect();
    assert!(matches!(kinds[1].what, What::PictureChanged { rev: 2, .. }));
    assert_eq!(kinds.len(), 5, "the second removal was none");
}

#[tokio::test(flavor = "multi_thread")]
async fn another_file_in_the_same_place() {
    let town = Town::new().await;
    let ana = town.person("ana").await;
    let hall = town.room("hall", Visibility::Public, &ana).await;
    let chat = &town.chat;
    let host = chat.host(Some(&ana), hall.id).await.unwrap();
    let old = added(chat, &ana, hall.id).await;
    let old = chat.describe_picture(&host, old.id, "ours", "").await.unwrap();
    let new = NewPicture { bytes: png(9, 5), ..Default::default() };
    let cy = town.person("cy").await;
    chat.add_member(&host, cy.person.id, Role::Host).await.unwrap();
    let other = chat.host(Some(&cy), hall.id).await.unwrap();
    let replaced = chat.replace_picture(&other, old.id, new.clone(), Some(&old.blob)).await.unwrap();
    assert_eq!((replaced.id, replaced.order, &*replaced.caption), (old.id, old.order, "ours"));
    assert_eq!((replaced.width, replaced.height), (9, 5));
    assert_ne!(replaced.blob, old.blob);
    assert!(!town.data().join(format!("files/{}/{}/full", hall.id, old.blob)).exists());

    let refused = chat.replace_picture(&host, PictureId(77), new.clone(), None).await.unwrap_err().into_problem();
    assert_eq!(refused, Problem::not_found(Thing::Picture));
    // Somebody else still saw the first one; what ana did since to its words does not count.
    chat.describe_picture(&host, old.id, "still ours", "").await.unwrap();
    let late = chat.replace_picture(&other, old.id, new.clone(), Some(&old.blob)).await.unwrap_err().into_problem();
    let now = wall(chat, hall.id, &ana).await;
    let by_cy = Problem::Changed { now: now.rev, by: "cy".into() };
    assert_eq!((late, &now.pictures[0].blob), (by_cy, &replaced.blob));
    let folders = std::fs::read_dir(town.data().join(format!("files/{}", hall.id))).unwrap().count();
    assert_eq!(folders, 1, "what was refused left nothing behind");

    chat.archive_room(&host, true).await.unwrap();
    let host = chat.host(Some(&ana), hall.id).await.unwrap();
    assert_eq!(chat.add_picture(&host, new).await.unwrap_err().into_problem(), Problem::NotAllowed);
}

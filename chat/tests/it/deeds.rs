//! What a host did to pictures, undone; and what stands against it meanwhile.

use crate::files::{added, new, png};
use crate::live::Ear;
use crate::town::{Town, problem};
use chat::{Chat, NewPicture, OwnPicture, Problem, RoomHost, Rule, ShelfAct, Thing, Who};
use domain::event::What;
use domain::member::Role;
use domain::picture::Picture;
use domain::room::Visibility;
use domain::wall::{Place, Wall};
use domain::{DeedId, PictureId, RoomId};

/// Two rooms of one host.
struct House {
    town: Town,
    ana: Who,
    hall: RoomHost,
    den: RoomHost,
}

impl House {
    async fn new() -> Self {
        let town = Town::new().await;
        let ana = town.person("ana").await;
        let hall = town.room("hall", Visibility::Public, &ana).await;
        let den = town.room("den", Visibility::Public, &ana).await;
        let hall = town.chat.host(Some(&ana), hall.id).await.unwrap();
        let den = town.chat.host(Some(&ana), den.id).await.unwrap();
        Self { town, ana, hall, den }
    }

    fn chat(&self) -> &Chat {
        &self.town.chat
    }

    async fn hung(&self, count: usize) -> Vec<Picture> {
        let mut pictures = Vec::new();
        for _ in 0..count {
            pictures.push(added(self.chat(), &self.ana, self.hall.room().id).await);
        }
        pictures
    }

    async fn wall(&self, host: &RoomHost) -> Wall {
        let reader = self.chat().reader(None, host.room().id).await.unwrap();
        self.chat().wall(&reader).await.unwrap()
    }

    async fn moves(&self, pictures: &[PictureId]) -> DeedId {
        self.chat().transfer_pictures(&self.hall, &self.den, pictures).await.unwrap()
    }

    async fn undoes(&self, deed: DeedId) -> chat::Result<()> {
        self.chat().undo_deed(&self.hall, deed).await
    }

    async fn follower(&self, room: RoomId) -> (Ear, Wall) {
        let reader = self.chat().reader(None, room).await.unwrap();
        (Ear::at(self.chat(), None, room, None).await, self.chat().wall(&reader).await.unwrap())
    }
}

fn ids(pictures: &[Picture]) -> Vec<PictureId> {
    pictures.iter().map(|picture| picture.id).collect()
}

/// Whoever follows agrees with the store.
async fn agrees((mut ear, mut wall): (Ear, Wall), stored: &Wall) {
    ear.hear_until("the last change", |ear| ear.events().iter().any(|e| e.what.wall_rev() == Some(stored.rev))).await;
    ear.events().iter().for_each(|event| _ = wall.apply(&event.what));
    assert_eq!(wall, *stored);
}

#[tokio::test(flavor = "multi_thread")]
async fn moved_pictures_come_back_to_their_places_by_one_undo() {
    let house = House::new().await;
    let (chat, hall) = (house.chat(), &house.hall);
    let there = added(chat, &house.ana, house.den.room().id).await;
    let own = OwnPicture { bytes: png(9, 9), caption: Some("named by a program".into()), ..OwnPicture::default() };
    let named = chat.put_own_picture(hall, "lake-7", own, None).await.unwrap().picture;
    let [a, b, c] = &house.hung(3).await[..] else { unreachable!() };
    let held = NewPicture { held: true, caption: "later".into(), ..new(png(4, 3)) };
    let held = chat.add_picture(hall, held).await.unwrap();
    chat.describe_picture(hall, b.id, "a lake", "water").await.unwrap();
    chat.move_picture(hall, b.id, Place::Last, None).await.unwrap();
    let (before, den_before) = (house.wall(hall).await, house.wall(&house.den).await);
    let followers = [house.follower(hall.room().id).await, house.follower(house.den.room().id).await];

    let deed = house.moves(&[a.id, b.id, held.id, named.id]).await;
    assert_eq!(ids(&house.wall(hall).await.pictures), [c.id]);
    assert_eq!(house.wall(&house.den).await.pictures.len(), 4);
    house.undoes(deed).await.unwrap();

    let after = house.wall(hall).await;
    assert_eq!(after.pictures, before.pictures, "same numbers, files, words and places");
    assert_eq!(ids(&house.wall(&house.den).await.pictures), [there.id]);
    assert_eq!(house.wall(&house.den).await.pictures, den_before.pictures);
    assert_eq!(chat.held_pictures(hall).await.unwrap(), [held]);
    assert!(chat.held_pictures(&house.den).await.unwrap().is_empty());
    assert_eq!(chat.own_picture(hall.reader(), "lake-7").await.unwrap().id, named.id, "its program still knows it");
    let [in_hall, in_den] = followers;
    agrees(in_hall, &after).await;
    agrees(in_den, &house.wall(&house.den).await).await;

    // The answer may have been lost.
    house.undoes(deed).await.unwrap();
    assert_eq!(house.wall(hall).await, after, "a second time does nothing");
    chat.tidy_files().await.unwrap();
    assert!(house.town.examine().await.findings.iter().all(|finding| !finding.is_damage));
}

#[tokio::test(flavor = "multi_thread")]
async fn pictures_do_not_come_back_over_what_happened_there_meanwhile() {
    let house = House::new().await;
    let chat = house.chat();
    let [a, b] = &house.hung(2).await[..] else { unreachable!() };

    let deed = house.moves(&[a.id, b.id]).await;
    let moved = house.wall(&house.den).await.pictures;
    chat.describe_picture(&house.den, moved[0].id, "written there", "").await.unwrap();
    let den = house.wall(&house.den).await;
    assert_eq!(problem(house.undoes(deed).await), Problem::changed(den.rev));
    assert!(house.wall(&house.hall).await.pictures.is_empty(), "all of it or nothing");
    chat.describe_picture(&house.den, moved[0].id, "", "").await.unwrap();
    chat.move_picture(&house.den, moved[0].id, Place::Last, None).await.unwrap();
    house.undoes(deed).await.unwrap();
    assert_eq!(ids(&house.wall(&house.hall).await.pictures), [b.id, a.id], "where it hung there is no matter");

    let deed = house.moves(&[a.id, b.id]).await;
    let moved = house.wall(&house.den).await.pictures;
    chat.remove_picture(&house.den, moved[1].id).await.unwrap();
    assert_eq!(problem(house.undoes(deed).await), Problem::Gone, "what somebody deleted does not come back");
    assert_eq!(house.wall(&house.den).await.pictures.len(), 1);
    assert!(house.wall(&house.hall).await.pictures.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn only_who_did_it_undoes_it_within_an_hour_and_as_a_host_of_both_rooms() {
    let house = House::new().await;
    let (chat, town) = (house.chat(), &house.town);
    let [a, b] = &house.hung(2).await[..] else { unreachable!() };
    let ben = town.person("ben").await;
    chat.add_member(&house.hall, ben.person.id, Role::Host).await.unwrap();
    let theirs = chat.host(Some(&ben), house.hall.room().id).await.unwrap();
    let deed = house.moves(&[a.id]).await;
    assert_eq!(problem(chat.undo_deed(&theirs, deed).await), Problem::Gone);
    assert_eq!(problem(chat.undo_deed(&house.den, deed).await), Problem::Gone, "done in the other room");

    chat.add_member(&house.den, ben.person.id, Role::Host).await.unwrap();
    let there = chat.host(Some(&ben), house.den.room().id).await.unwrap();
    let by_ben = chat.transfer_pictures(&theirs, &there, &[b.id]).await.unwrap();
    chat.add_member(&house.den, ben.person.id, Role::Member).await.unwrap();
    assert_eq!(problem(chat.undo_deed(&theirs, by_ben).await), Problem::NotAllowed);

    town.clock.advance(3_600_001);
    assert_eq!(problem(house.undoes(deed).await), Problem::Gone);
    chat.tidy().await.unwrap();
    assert_eq!(problem(house.undoes(deed).await), Problem::Gone);
}

#[tokio::test(flavor = "multi_thread")]
async fn several_get_the_same_words_and_their_own_ones_back() {
    let house = House::new().await;
    let (chat, hall) = (house.chat(), &house.hall);
    let [a, b, c] = &house.hung(3).await[..] else { unreachable!() };
    let held = chat.add_picture(hall, NewPicture { held: true, ..new(png(4, 3)) }).await.unwrap();
    chat.describe_picture(hall, a.id, "mine", "a square").await.unwrap();
    let words = |wall: Wall| wall.pictures.into_iter().map(|p| (p.caption, p.alt)).collect::<Vec<_>>();
    let before = words(house.wall(hall).await);
    let follower = house.follower(hall.room().id).await;

    let all = [a.id, b.id, held.id];
    let deed = chat.describe_pictures(hall, &all, (" Summer party ", "")).await.unwrap().unwrap();
    let own = |caption: &str, alt: &str| (caption.to_owned(), alt.to_owned());
    let described = [own("", ""), own("Summer party", ""), own("Summer party", "a square")];
    assert_eq!(words(house.wall(hall).await), described, "what is left empty stays");
    assert_eq!(chat.held_pictures(hall).await.unwrap()[0].caption, "Summer party");
    assert_eq!(chat.describe_pictures(hall, &all, ("Summer party", "")).await.unwrap(), None, "nothing new");
    house.undoes(deed).await.unwrap();
    assert_eq!(words(house.wall(hall).await), before);
    assert_eq!(chat.held_pictures(hall).await.unwrap()[0].caption, "");
    agrees(follower, &house.wall(hall).await).await;

    let deed = chat.describe_pictures(hall, &[b.id, c.id], ("Party", "People")).await.unwrap().unwrap();
    chat.remove_picture(hall, c.id).await.unwrap();
    chat.describe_picture(hall, b.id, "Birthday party", "People").await.unwrap();
    let refused = problem(house.undoes(deed).await);
    assert_eq!(refused, Problem::changed(house.wall(hall).await.rev), "never over somebody silently");
    chat.describe_picture(hall, b.id, "Party", "People").await.unwrap();
    house.undoes(deed).await.unwrap();
    assert_eq!(words(house.wall(hall).await), [own("", ""), own("mine", "a square")]);

    let nothing = chat.describe_pictures(hall, &[b.id], (" ", "")).await;
    assert_eq!(problem(nothing), Problem::invalid("caption", Rule::Empty));
    let long = "x".repeat(301);
    let long = chat.describe_pictures(hall, &[b.id], (&long, "")).await;
    assert_eq!(problem(long), Problem::invalid("caption", Rule::TooLong { max: 300 }));
    let unknown = chat.describe_pictures(hall, &[PictureId(999)], ("x", "")).await;
    assert_eq!(problem(unknown), Problem::not_found(Thing::Picture));
}

#[tokio::test(flavor = "multi_thread")]
async fn undoing_touches_only_what_was_changed() {
    let house = House::new().await;
    let (chat, hall) = (house.chat(), &house.hall);
    let [a, b] = &house.hung(2).await[..] else { unreachable!() };
    chat.change_pictures(hall, ShelfAct::Hold, &[a.id]).await.unwrap();
    let deed = chat.change_pictures(hall, ShelfAct::Hold, &[a.id, b.id]).await.unwrap().unwrap();
    house.undoes(deed).await.unwrap();
    assert_eq!(ids(&house.wall(hall).await.pictures), [b.id], "the other one was held back before");
    assert_eq!(chat.change_pictures(hall, ShelfAct::Show, &[b.id]).await.unwrap(), None);
    assert_eq!(problem(house.undoes(DeedId(999)).await), Problem::Gone);
}

/// Both rooms change in one step, whoever else changes them: nobody waits for ever, nothing is lost.
#[tokio::test(flavor = "multi_thread")]
async fn pictures_that_cross_on_their_way_all_arrive() {
    let house = House::new().await;
    let chat = house.chat();
    let here = ids(&house.hung(4).await);
    let mut there = Vec::new();
    for _ in 0..4 {
        there.push(added(chat, &house.ana, house.den.room().id).await.id);
    }
    let mut ways = tokio::task::JoinSet::new();
    for (from, to, pictures) in [(&house.hall, &house.den, here), (&house.den, &house.hall, there)] {
        for id in pictures {
            let (chat, from, to) = (chat.clone(), from.clone(), to.clone());
            ways.spawn(async move {
                let deed = chat.transfer_pictures(&from, &to, &[id]).await.unwrap();
                if id.0 % 2 == 0 {
                    chat.undo_deed(&from, deed).await.unwrap();
                }
            });
        }
    }
    while let Some(done) = ways.join_next().await {
        done.unwrap();
    }
    let walls = [house.wall(&house.hall).await, house.wall(&house.den).await];
    assert_eq!(walls.iter().map(|wall| wall.pictures.len()).sum::<usize>(), 8);
    for (host, wall) in [(&house.hall, &walls[0]), (&house.den, &walls[1])] {
        let mut ear = Ear::at(chat, None, host.room().id, None).await;
        chat.set_picture_order(host, wall.pictures[0].id, 900_000, chat::Seen::Nothing).await.unwrap();
        ear.hear_until("the next change", |ear| !ear.events().is_empty()).await;
        assert!(matches!(ear.events()[0].what, What::PictureMoved { rev, .. } if rev == wall.rev + 1));
    }
}

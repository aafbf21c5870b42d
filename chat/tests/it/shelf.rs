//! What is held back, taken down, brought back and moved; and what happens when two hosts do it
//! at the same time.

use crate::files::{added, new, png};
use crate::live::Ear;
use crate::town::{Town, problem};
use chat::{Chat, NewPicture, Problem, RoomHost, Rule, ShelfAct, Thing, Who};
use domain::event::What;
use domain::live::Position;
use domain::member::Role;
use domain::picture::{Picture, Size};
use domain::room::{Room, Visibility};
use domain::wall::{MAX, Wall};
use domain::{PictureId, RoomId};
use sea_orm::ConnectionTrait;

struct Hall {
    town: Town,
    ana: Who,
    room: Room,
    host: RoomHost,
}

impl Hall {
    async fn new() -> Self {
        let town = Town::new().await;
        let ana = town.person("ana").await;
        let room = town.room("hall", Visibility::Public, &ana).await;
        let host = town.chat.host(Some(&ana), room.id).await.unwrap();
        Self { town, ana, room, host }
    }

    fn chat(&self) -> &Chat {
        &self.town.chat
    }

    /// So many pictures, the last one in front.
    async fn hung(&self, count: usize) -> Vec<Picture> {
        let mut pictures = Vec::new();
        for _ in 0..count {
            pictures.push(added(self.chat(), &self.ana, self.room.id).await);
        }
        pictures
    }

    async fn held(&self, caption: &str) -> Picture {
        let new = NewPicture { caption: caption.into(), held: true, ..new(png(4, 3)) };
        self.chat().add_picture(&self.host, new).await.unwrap()
    }

    async fn does(&self, act: ShelfAct, pictures: &[&Picture]) {
        self.chat().change_pictures(&self.host, act, &ids(pictures)).await.unwrap();
    }

    async fn second_host(&self) -> RoomHost {
        let ben = self.town.person("ben").await;
        self.chat().add_member(&self.host, ben.person.id, Role::Host).await.unwrap();
        self.chat().host(Some(&ben), self.room.id).await.unwrap()
    }

    /// As a guest sees it.
    async fn wall(&self) -> Wall {
        wall(self.chat(), self.room.id).await
    }

    async fn position(&self) -> Position {
        let reader = self.chat().reader(None, self.room.id).await.unwrap();
        self.chat().room_state(&reader).await.unwrap().position
    }
}

async fn wall(chat: &Chat, room: RoomId) -> Wall {
    chat.wall(&chat.reader(None, room).await.unwrap()).await.unwrap()
}

fn ids(pictures: &[&Picture]) -> Vec<PictureId> {
    pictures.iter().map(|picture| picture.id).collect()
}

fn order(wall: &Wall) -> Vec<PictureId> {
    wall.pictures.iter().map(|picture| picture.id).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_held_back_is_nowhere_to_be_seen() {
    let hall = Hall::new().await;
    let (chat, town) = (hall.chat(), &hall.town);
    let from = hall.position().await;
    let mut ear = Ear::at(chat, None, hall.room.id, None).await;
    let shown = hall.hung(1).await.remove(0);
    let held = hall.held("nobodys-business").await;
    chat.describe_picture(&hall.host, held.id, "still-nobodys-business", "").await.unwrap();
    let hidden =
        chat.add_picture(&hall.host, NewPicture { caption: "seen once".into(), ..new(png(5, 4)) }).await.unwrap();
    hall.does(ShelfAct::Hold, &[&hidden]).await;

    assert_eq!(order(&hall.wall().await), [shown.id]);
    let reader = chat.reader(None, hall.room.id).await.unwrap();
    let state = chat.room_state(&reader).await.unwrap();
    assert_eq!(state.wall, hall.wall().await);
    let lines = chat.rooms(None).await.unwrap();
    assert_eq!(lines[0].cover.as_ref().map(|cover| cover.id), Some(shown.id), "not even on the room's card");
    let member = town.person("ben").await;
    chat.enter(&member, hall.room.id).await.unwrap();
    for who in [None, Some(&member)] {
        let reader = chat.reader(who, hall.room.id).await.unwrap();
        for picture in [&held, &hidden] {
            let refused = problem(chat.picture_bytes(&reader, &picture.blob, Size::Full).await);
            assert_eq!(refused, Problem::not_found(Thing::Picture));
            assert_eq!(problem(chat.check_picture(&reader, &picture.blob).await), Problem::not_found(Thing::Picture));
        }
    }
    assert_eq!(problem(chat.change_cover(&hall.host, Some(held.id)).await), Problem::not_found(Thing::Picture));
    let own = chat.reader(Some(&hall.ana), hall.room.id).await.unwrap();
    chat.picture_bytes(&own, &held.blob, Size::Full).await.unwrap();
    let kept = chat.held_pictures(&hall.host).await.unwrap();
    assert_eq!(kept.iter().map(|p| p.id).collect::<Vec<_>>(), [hidden.id, held.id]);

    ear.hear_up_to(hall.position().await.seq).await;
    let heard = serde_json::to_string(&ear.frames).unwrap();
    assert!(!heard.contains("business") && !heard.contains(held.blob.as_str()), "{heard}");
    // Whoever comes back is not even told of what was seen by others meanwhile.
    let mut back = Ear::at(chat, None, hall.room.id, Some(from)).await;
    back.hear_up_to(hall.position().await.seq).await;
    let told = serde_json::to_string(&back.frames).unwrap();
    assert!(!told.contains("seen once") && !told.contains(hidden.blob.as_str()), "{told}");
    let mut follower = Wall::default();
    back.events().iter().for_each(|event| _ = follower.apply(&event.what));
    assert_eq!(follower, hall.wall().await, "and comes to the same wall");

    hall.does(ShelfAct::Show, &[&held, &hidden]).await;
    assert_eq!(order(&hall.wall().await), [hidden.id, held.id, shown.id], "each where it belongs");
    assert!(chat.held_pictures(&hall.host).await.unwrap().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn one_act_is_one_step_for_everybody_and_says_whose() {
    let hall = Hall::new().await;
    let pictures = hall.hung(4).await;
    let [a, b, c, d] = &pictures[..] else { unreachable!() };
    let mut ear = Ear::at(hall.chat(), None, hall.room.id, None).await;
    hall.does(ShelfAct::Remove, &[a, c, d]).await;
    assert_eq!(order(&hall.wall().await), [b.id]);
    ear.hear_until("the step", |ear| !ear.events().is_empty()).await;
    let [event] = ear.events() else { panic!("{:?}", ear.events()) };
    let What::PictureRemoved { picture, others, .. } = &event.what else { panic!("{event:?}") };
    assert_eq!((*picture, others.as_slice()), (a.id, &[c.id, d.id][..]));
    assert_eq!(event.by.as_deref(), Some(&hall.ana.person));

    hall.does(ShelfAct::Restore, &[a, c, d]).await;
    assert_eq!(order(&hall.wall().await), [d.id, c.id, b.id, a.id], "each where it was");
    // Again, or what is so already: nothing happens, nobody hears of it.
    let rev = hall.wall().await.rev;
    hall.does(ShelfAct::Restore, &[a]).await;
    hall.does(ShelfAct::Show, &[a]).await;
    assert_eq!(hall.wall().await.rev, rev);
    let unknown = hall.chat().change_pictures(&hall.host, ShelfAct::Hold, &[PictureId(999)]).await;
    assert_eq!(problem(unknown), Problem::not_found(Thing::Picture));

    hall.does(ShelfAct::Remove, &[a]).await;
    hall.town.clock.advance(3_600_001);
    let late = hall.chat().change_pictures(&hall.host, ShelfAct::Restore, &[a.id]).await;
    assert_eq!(problem(late), Problem::Gone);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_comes_second_is_told_and_may_do_it_again() {
    let hall = Hall::new().await;
    let chat = hall.chat();
    let picture = hall.hung(1).await.remove(0);
    let ben = hall.second_host().await;
    chat.describe_picture_anew(&ben, picture.id, ("Bens words", ""), ("", "")).await.unwrap();
    let mine = chat.describe_picture_anew(&hall.host, picture.id, ("My words", ""), ("", "")).await;
    assert_eq!(problem(mine), Problem::changed(hall.wall().await.rev));
    assert_eq!(hall.wall().await.pictures[0].caption, "Bens words", "never over somebody silently");
    chat.describe_picture_anew(&hall.host, picture.id, ("My words", ""), ("Bens words", "")).await.unwrap();
    assert_eq!(hall.wall().await.pictures[0].caption, "My words");
    // The same words as are there already are no conflict.
    chat.describe_picture_anew(&ben, picture.id, ("My words", ""), ("Bens words", "")).await.unwrap();
    hall.does(ShelfAct::Remove, &[&picture]).await;
    let gone = chat.describe_picture_anew(&ben, picture.id, ("x", ""), ("My words", "")).await;
    assert_eq!(problem(gone), Problem::not_found(Thing::Picture));
}

#[tokio::test(flavor = "multi_thread")]
async fn pictures_move_to_another_room_and_back() {
    let hall = Hall::new().await;
    let chat = hall.chat();
    let den = hall.town.room("den", Visibility::Public, &hall.ana).await;
    let to = chat.host(Some(&hall.ana), den.id).await.unwrap();
    let there = added(chat, &hall.ana, den.id).await;
    let [a, b] = &hall.hung(2).await[..] else { unreachable!() };
    let held = hall.held("later").await;
    chat.describe_picture(&hall.host, a.id, "a lake", "water").await.unwrap();
    chat.transfer_pictures(&hall.host, &to, &ids(&[a, b, &held])).await.unwrap();

    assert!(hall.wall().await.pictures.is_empty());
    let moved = wall(chat, den.id).await.pictures;
    assert_eq!(moved.iter().map(|p| p.caption.as_str()).collect::<Vec<_>>(), ["", "a lake", ""]);
    assert_eq!(moved[2].id, there.id, "in front of what hung there");
    assert_eq!(chat.held_pictures(&to).await.unwrap()[0].caption, "later");
    let reader = chat.reader(None, den.id).await.unwrap();
    chat.picture_bytes(&reader, &moved[1].blob, Size::Full).await.unwrap();
    hall.does(ShelfAct::Restore, &[a, b]).await;
    assert_eq!(hall.wall().await.pictures.len(), 2, "the way back is open");
    chat.tidy_files().await.unwrap();
    assert!(hall.town.examine().await.findings.iter().all(|finding| !finding.is_damage));

    let stranger = hall.town.room("other", Visibility::Public, &hall.town.person("cy").await).await;
    assert_eq!(problem(chat.host(Some(&hall.ana), stranger.id).await), Problem::NotAllowed);
    let same = chat.transfer_pictures(&to, &to, &[there.id]).await;
    assert_eq!(problem(same), Problem::invalid("to", Rule::Shape));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_room_takes_two_thousand_pictures_and_says_so() {
    let hall = Hall::new().await;
    let chat = hall.chat();
    let first = hall.hung(1).await.remove(0);
    hall.held("counted as well").await;
    let columns = "room_id, media_type, order_no, width, height, caption, alt, by_id, at, digest";
    let many = format!(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {}) \
         INSERT INTO picture (blob, {columns}) SELECT substr(blob, 1, 26) || (100000 + i), {columns} FROM n, picture WHERE id = {}",
        MAX - 3,
        first.id
    );
    let db = hall.town.db().await;
    // SQLite has the clause inside of the statement.
    let many = if hall.town.database().starts_with("sqlite") {
        let (with, insert) = many.split_once(" INSERT INTO").unwrap();
        let (into, select) = insert.split_once(" SELECT ").unwrap();
        format!("INSERT INTO{into} {with} SELECT {select}")
    } else {
        many
    };
    db.execute_unprepared(&many).await.unwrap();
    db.close().await.unwrap();
    let last = added(chat, &hall.ana, hall.room.id).await;
    let full = Problem::invalid("wall", Rule::TooMany { max: MAX as u32 });
    assert_eq!(problem(chat.add_picture(&hall.host, new(png(4, 3))).await), full);
    let held = NewPicture { held: true, ..new(png(4, 3)) };
    assert_eq!(problem(chat.add_picture(&hall.host, held).await), full, "what is held back counts");
    hall.does(ShelfAct::Hold, &[&last]).await;
    assert_eq!(problem(chat.add_picture(&hall.host, new(png(4, 3))).await), full);
    assert_eq!(hall.wall().await.pictures.len(), MAX - 2);
    hall.does(ShelfAct::Remove, &[&last]).await;
    added(chat, &hall.ana, hall.room.id).await;
    let back = chat.change_pictures(&hall.host, ShelfAct::Restore, &[last.id]).await;
    assert_eq!(problem(back), full, "there is no way back into a full room");
    let all: Vec<PictureId> = hall.wall().await.pictures.iter().map(|picture| picture.id).collect();
    chat.change_pictures(&hall.host, ShelfAct::Remove, &all).await.unwrap();
    assert!(hall.wall().await.pictures.is_empty());
    let too_many: Vec<PictureId> = (0..=MAX as i64).map(PictureId).collect();
    assert_eq!(problem(chat.change_pictures(&hall.host, ShelfAct::Remove, &too_many).await), full);
}

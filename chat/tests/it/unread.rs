//! What is unread, counted by the store as it goes, against what is there.

use crate::live::Ear;
use crate::town::{Town, problem};
use chat::{Problem, Thing, Who};
use domain::RoomId;
use domain::live::close;
use domain::message::PAGE;
use domain::room::{RoomLine, Visibility};
use domain::unread::{Level, UnreadRoom, WatchFrame};
use rand::{RngExt, SeedableRng, rngs::StdRng};

async fn line(town: &Town, who: &Who, room: RoomId) -> RoomLine {
    town.chat.rooms(Some(who)).await.unwrap().into_iter().find(|line| line.room.id == room).unwrap()
}

/// By the list of rooms, and by looking at every message.
async fn unread(town: &Town, who: &Who, room: RoomId) -> (u32, u32) {
    let state = town.chat.room_state(&town.chat.reader(Some(who), room).await.unwrap()).await.unwrap();
    assert!(!state.history.has_more, "the test says more than a page holds");
    let news = |m: &&domain::message::Message| m.author.id != who.person.id && m.seq > state.last_read;
    (line(town, who, room).await.unread, state.history.messages.iter().filter(news).count() as u32)
}

#[tokio::test]
async fn it_is_what_others_said_since() {
    let town = Town::new().await;
    let people = [town.person("ana").await, town.person("bo").await, town.person("cy").await];
    for seed in 0..4 {
        let mut dice = StdRng::seed_from_u64(seed);
        let room = town.room(&format!("hall-{seed}"), Visibility::Open, &people[0]).await.id;
        town.chat.enter(&people[1], room).await.unwrap();
        let mut said = 0;
        for step in 0..24 {
            let who = &people[dice.random_range(0..3)];
            match dice.random_range(0..8) {
                0 if step > 8 && who.person.id != people[0].person.id => _ = town.chat.leave(who, room).await,
                1..3 => town.chat.seen(who, room, dice.random_range(0..40)).await.unwrap(),
                3 => match dice.random_range(0..4) {
                    0 => town.chat.mark_unread(who, room).await.unwrap(),
                    1 => town.chat.mark_read(who, room).await.unwrap(),
                    2 => _ = town.chat.mark_all_read(who).await.unwrap(),
                    _ => town.chat.undo_all_read(who).await.unwrap(),
                },
                _ if said + 3 < PAGE => {
                    let count = dice.random_range(1..4);
                    town.say(who, room, count).await;
                    said += count;
                }
                _ => {}
            }
            for who in &people {
                let is_member = line(&town, who, room).await.role.is_some();
                let (listed, counted) = unread(&town, who, room).await;
                let expected = if is_member { counted } else { 0 };
                assert_eq!(listed, expected, "{} in step {step} of {seed}", who.person.name);
            }
        }
    }
}

/// A connection that watches; with everything it was told of one room.
struct Watch(Ear);

impl Watch {
    async fn begins(town: &Town, who: &Who) -> Self {
        let mut ear = Ear::new(&town.chat, Some(who));
        town.chat.watch(&ear.outbox, Vec::new(), Vec::new());
        ear.hear_until("everything", |ear| !ear.watched.is_empty()).await;
        assert!(matches!(ear.watched[0], WatchFrame::Unread { whole: true, .. }), "{:?}", ear.watched);
        Self(ear)
    }

    fn last(ear: &Ear, room: RoomId) -> Option<&UnreadRoom> {
        let rooms = ear.watched.iter().rev().filter_map(|frame| match frame {
            WatchFrame::Unread { rooms, .. } => Some(rooms),
            WatchFrame::Notice(_) | WatchFrame::Row(_) | WatchFrame::Draft { .. } => None,
        });
        rooms.flatten().find(|line| line.room == room)
    }

    async fn hears(&mut self, room: RoomId, unread: u32, mentions: u32) {
        let as_said = |ear: &Ear| Self::last(ear, room).is_some_and(|l| (l.unread, l.mentions) == (unread, mentions));
        self.0.hear_until(&format!("{unread} unread, {mentions} mentions"), as_said).await;
    }
}

#[tokio::test]
async fn all_devices_hear_one_number() {
    let town = Town::new().await;
    let (ana, bo) = (town.person("ana").await, town.person("bo").await);
    let hall = town.room("hall", Visibility::Open, &ana).await.id;
    town.chat.enter(&bo, hall).await.unwrap();
    let (mut desk, mut phone) = (Watch::begins(&town, &bo).await, Watch::begins(&town, &bo).await);
    let mut others = Watch::begins(&town, &ana).await;

    town.says(&ana, hall, "hello").await;
    town.says(&ana, hall, "where is @bo?").await;
    for device in [&mut desk, &mut phone] {
        device.hears(hall, 2, 1).await;
    }
    town.chat.mark_read(&bo, hall).await.unwrap();
    for device in [&mut desk, &mut phone] {
        device.hears(hall, 0, 0).await;
    }
    town.chat.mark_unread(&bo, hall).await.unwrap();
    for device in [&mut desk, &mut phone] {
        device.hears(hall, 1, 1).await;
    }
    // Whoever comes now is told the same at once, and nothing changed for the author.
    let mut tablet = Watch::begins(&town, &bo).await;
    tablet.hears(hall, 1, 1).await;
    town.says(&bo, hall, "here").await;
    others.hears(hall, 1, 0).await;
    assert_eq!(line(&town, &bo, hall).await.unread, 1, "one's own words are not news");

    town.chat.leave(&bo, hall).await.unwrap();
    desk.hears(hall, 0, 0).await;
}

#[tokio::test]
async fn nothing_is_told_to_whom_it_does_not_concern() {
    let town = Town::new().await;
    let (ana, bo, cy) = (town.person("ana").await, town.person("bo").await, town.person("cy").await);
    let den = town.room("den", Visibility::Private, &ana).await.id;
    let hall = town.room("hall", Visibility::Public, &ana).await.id;
    town.chat.enter(&bo, hall).await.unwrap();
    let mut stranger = Watch::begins(&town, &bo).await;
    let mut signed_out = Watch::begins(&town, &cy).await;
    town.chat.sign_out(&cy).await.unwrap();
    assert_eq!(signed_out.0.hear_close().await.0, close::SESSION_ENDED);
    let mut guest = Ear::new(&town.chat, None);
    town.chat.watch(&guest.outbox, vec![den], vec![den, hall]);

    town.says(&ana, den, "a secret").await;
    town.says(&ana, hall, "no secret").await;
    stranger.hears(hall, 1, 0).await;
    assert_eq!(Watch::last(&stranger.0, den), None);
    // The row of a public room, and of nothing else (`lines.rs`).
    guest.hear_until("the row", |ear| !ear.watched.is_empty()).await;
    let is_public = |frame: &WatchFrame| matches!(frame, WatchFrame::Row(row) if row.room == hall);
    assert!(guest.watched.iter().all(is_public), "{:?}", guest.watched);
    assert!(signed_out.0.watched.len() == 1);
}

#[tokio::test]
async fn a_shut_room_has_nothing_new_for_its_members() {
    let town = Town::new().await;
    let (ana, bo) = (town.person("ana").await, town.person("bo").await);
    let hall = town.room("hall", Visibility::Open, &ana).await.id;
    town.chat.enter(&bo, hall).await.unwrap();
    let host = town.chat.host(Some(&ana), hall).await.unwrap();
    town.says(&ana, hall, "one").await;
    assert_eq!(town.chat.unread(&bo).await.unwrap()[0].unread, 1);
    town.chat.open_room_now(&host, false).await.unwrap();
    town.says(&ana, hall, "two").await;
    assert_eq!(town.chat.unread(&bo).await.unwrap()[0].unread, 0);
    assert_eq!(line(&town, &bo, hall).await.unread, 0);
}

#[tokio::test]
async fn all_rooms_are_marked_and_it_is_undone() {
    let town = Town::new().await;
    let (ana, bo) = (town.person("ana").await, town.person("bo").await);
    let mut rooms = Vec::new();
    for i in 0..20 {
        let room = town.room(&format!("r{i}"), Visibility::Open, &ana).await.id;
        town.chat.enter(&bo, room).await.unwrap();
        town.say(&ana, room, i % 3).await;
        rooms.push(room);
    }
    let numbers = async || {
        let mut numbers = Vec::new();
        for room in &rooms {
            numbers.push(line(&town, &bo, *room).await.unread);
        }
        numbers
    };
    let before = numbers().await;
    assert_eq!(town.chat.mark_all_read(&bo).await.unwrap(), 13);
    assert!(numbers().await.iter().all(|unread| *unread == 0));
    // What was seen since stays seen.
    town.say(&ana, rooms[2], 1).await;
    town.chat.mark_read(&bo, rooms[2]).await.unwrap();
    town.chat.undo_all_read(&bo).await.unwrap();
    let mut expected = before;
    expected[2] = 0;
    assert_eq!(numbers().await, expected);
    town.chat.undo_all_read(&bo).await.unwrap();
    assert_eq!(numbers().await, expected, "once");
}

#[tokio::test]
async fn a_level_is_kept_and_a_hidden_room_counts_nothing() {
    let town = Town::new().await;
    let (ana, bo, cy) = (town.person("ana").await, town.person("bo").await, town.person("cy").await);
    let hall = town.room("hall", Visibility::Public, &ana).await.id;
    town.chat.enter(&bo, hall).await.unwrap();
    town.says(&ana, hall, "@bo and @cy").await;
    for level in Level::ALL {
        town.chat.change_level(&bo, hall, level).await.unwrap();
        let line = line(&town, &bo, hall).await;
        let expected = if level == Level::Hidden { (0, 0) } else { (1, 1) };
        assert_eq!((line.level, line.unread, line.mentions), (level, expected.0, expected.1));
    }
    let stranger = problem(town.chat.change_level(&cy, hall, Level::Nothing).await);
    assert_eq!(stranger, Problem::not_found(Thing::Member));
    town.chat.mark_read(&cy, hall).await.unwrap();
    town.chat.mark_unread(&cy, hall).await.unwrap();
    assert_eq!(line(&town, &cy, hall).await.role, None);
    let town = town.reopen().await;
    assert_eq!(line(&town, &bo, hall).await.level, Level::Hidden);
}

/// Who sees and marks at the same time leaves a number that is true.
#[tokio::test]
async fn marking_at_once_from_many_devices_leaves_it_right() {
    let town = Town::new().await;
    let (ana, bo) = (town.person("ana").await, town.person("bo").await);
    let hall = town.room("hall", Visibility::Open, &ana).await.id;
    town.chat.enter(&bo, hall).await.unwrap();
    let tasks = (0..24).map(|i| {
        let (chat, ana, bo) = (town.chat.clone(), ana.clone(), bo.clone());
        tokio::spawn(async move {
            match i % 4 {
                0 => {
                    let writer = chat.writer(Some(if i % 8 == 0 { &ana } else { &bo }), hall).await.unwrap();
                    let id = domain::ClientId::parse(&format!("m{i}")).unwrap();
                    chat.post(&writer, &id, "word").await.map(drop).unwrap();
                }
                1 => _ = chat.mark_all_read(&bo).await.unwrap(),
                2 => chat.mark_unread(&bo, hall).await.unwrap(),
                _ => chat.undo_all_read(&bo).await.unwrap(),
            }
        })
    });
    for done in futures::future::join_all(tasks).await {
        done.unwrap();
    }
    let (listed, counted) = unread(&town, &bo, hall).await;
    assert_eq!(listed, counted);
}

/// A hall in which Ana says so many words that Bo has not seen.
async fn hall_of(words: usize) -> (Town, Who, Who, RoomId) {
    let town = Town::new().await;
    let (ana, bo) = (town.person("ana").await, town.person("bo").await);
    let hall = town.room("hall", Visibility::Open, &ana).await.id;
    town.say(&ana, hall, 30).await;
    town.chat.enter(&bo, hall).await.unwrap();
    town.say(&ana, hall, words).await;
    (town, ana, bo, hall)
}

/// What a page shows that is opened now: its places, what was seen, what is unread, and whether its
/// end is out of view.
async fn page(town: &Town, who: &Who, room: RoomId) -> (Vec<i64>, i64, u32, bool) {
    let reader = town.chat.reader(Some(who), room).await.unwrap();
    let mut state = town.chat.room_state(&reader).await.unwrap();
    let cut = town.chat.turn_to_unread(&reader, &mut state).await.unwrap();
    let places = state.history.messages.iter().map(|message| message.seq).collect();
    (places, state.last_read, state.unread, cut)
}

#[tokio::test]
async fn a_page_opens_where_the_first_unread_message_is() {
    let (town, ana, bo, hall) = hall_of(3 * PAGE).await;
    let (places, seen, unread, cut) = page(&town, &bo, hall).await;
    assert_eq!((places.len(), unread, cut), (PAGE, 3 * PAGE as u32, true));
    assert_eq!(places.iter().filter(|place| **place <= seen).count(), PAGE / 2, "half of it is known");

    // Read to the middle of it: the next visit begins there, and the numbers agree.
    let middle = places[PAGE - 10];
    town.chat.seen(&bo, hall, middle).await.unwrap();
    let (places, seen, unread, cut) = page(&town, &bo, hall).await;
    assert_eq!((seen, unread, cut), (middle, 3 * PAGE as u32 - 11, true));
    assert!(places.contains(&middle) && places.contains(&(middle + 1)));
    assert_eq!(line(&town, &bo, hall).await.unread, unread);

    // What the last page reaches back to needs no other page.
    let end = town.chat.position(&town.chat.reader(Some(&ana), hall).await.unwrap()).await.unwrap().seq;
    town.chat.seen(&bo, hall, end - 5).await.unwrap();
    let (places, seen, unread, cut) = page(&town, &bo, hall).await;
    assert_eq!((places.last(), seen, unread, cut), (Some(&end), end - 5, 5, false));
    // Authors have seen what they said.
    assert_eq!((page(&town, &ana, hall).await.2, page(&town, &ana, hall).await.3), (0, false));
}

#[tokio::test]
async fn ones_own_words_are_not_where_one_goes_on() {
    let (town, ana, bo, hall) = hall_of(0).await;
    town.say(&bo, hall, PAGE).await;
    town.say(&ana, hall, PAGE).await;
    let (places, seen, unread, cut) = page(&town, &bo, hall).await;
    assert_eq!((unread, cut), (PAGE as u32, true));
    assert_eq!(places[PAGE / 2 - 1], seen, "what stands before the line is known");
    assert_eq!(places.iter().filter(|place| **place > seen).count(), PAGE / 2);
}

#[tokio::test]
async fn what_somebody_ignores_is_not_unread() {
    let town = Town::new().await;
    let (ana, bo, cy) = (town.person("ana").await, town.person("bo").await, town.person("cy").await);
    let hall = town.room("hall", Visibility::Open, &ana).await.id;
    for who in [&bo, &cy] {
        town.chat.enter(who, hall).await.unwrap();
    }
    let mut desk = Watch::begins(&town, &bo).await;
    town.says(&ana, hall, "one").await;
    town.says(&cy, hall, "@bo, two").await;
    desk.hears(hall, 2, 1).await;
    // Whoever blocks somebody has nothing new from them, mentions included; the others have.
    town.chat.block(&bo, cy.person.id).await.unwrap();
    desk.hears(hall, 1, 0).await;
    assert_eq!(line(&town, &ana, hall).await.unread, 1);
    // Nor from what they have hidden from themselves, and it is counted once.
    let reader = town.chat.reader(Some(&bo), hall).await.unwrap();
    for message in town.chat.history(&reader, None).await.unwrap().messages {
        town.chat.hide(&reader, message.id, true).await.unwrap();
    }
    desk.hears(hall, 0, 0).await;
    let listed = line(&town, &bo, hall).await;
    assert_eq!((listed.unread, listed.mentions), (0, 0));
    assert_eq!(page(&town, &bo, hall).await.2, 0);
    town.chat.unblock(&bo, cy.person.id).await.unwrap();
    town.says(&cy, hall, "three").await;
    desk.hears(hall, 1, 0).await;
}

/// A device that comes while something is said is told everything at once; the others hear it nevertheless.
#[tokio::test]
async fn a_device_that_comes_in_between_takes_nothing_from_the_others() {
    let town = Town::new().await;
    let (ana, bo) = (town.person("ana").await, town.person("bo").await);
    let hall = town.room("hall", Visibility::Open, &ana).await.id;
    town.chat.enter(&bo, hall).await.unwrap();
    let mut desk = Watch::begins(&town, &bo).await;
    for n in 1..=6 {
        let (mut phone, ()) = tokio::join!(Watch::begins(&town, &bo), town.says(&ana, hall, "word"));
        desk.hears(hall, n, 0).await;
        phone.hears(hall, n, 0).await;
    }
}

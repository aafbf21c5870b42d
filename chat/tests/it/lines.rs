//! The list of rooms: its order, its pages, names as they are typed, and rows that are told.

use crate::live::Ear;
use crate::town::{Town, problem, words};
use chat::{LinesQuery, Problem, Thing, Who};
use domain::room::{RoomWords, Visibility};
use domain::unread::{Level, RoomRow, WatchFrame};
use domain::{MessageId, RoomId};
use std::time::Duration;

async fn slugs(town: &Town, who: Option<&Who>, words: &str) -> Vec<String> {
    let query = LinesQuery { words: words.to_owned(), after: None };
    let (lines, _) = town.chat.lines_page(who, &query).await.unwrap();
    lines.into_iter().map(|line| line.room.slug).collect()
}

#[tokio::test]
async fn pinned_rooms_come_first_then_live_then_unread_then_the_last_activity() {
    let town = Town::new().await;
    let (ana, bo) = (town.person("ana").await, town.person("bo").await);
    let mut ids = Vec::new();
    for slug in ["quiet", "later", "unread", "live", "pinned", "old", "hidden"] {
        let room = town.room(slug, Visibility::Open, &ana).await.id;
        town.chat.enter(&bo, room).await.unwrap();
        ids.push(room);
        town.clock.advance(1_000);
    }
    let [quiet, later, unread, live, pinned, old, hidden] = ids.try_into().unwrap();
    for room in [hidden, pinned, live, unread, later] {
        town.clock.advance(1_000);
        town.says(&ana, room, "word").await;
    }
    for room in [pinned, live, later] {
        town.chat.mark_read(&bo, room).await.unwrap();
    }
    town.chat.pin(&bo, pinned, true).await.unwrap();
    town.chat.change_level(&bo, hidden, Level::Hidden).await.unwrap();
    let host = town.chat.host(Some(&ana), old).await.unwrap();
    town.chat.archive_room(&host, true).await.unwrap();
    let there = Ear::at(&town.chat, Some(&ana), live, None).await;
    let order = ["pinned", "live", "unread", "later", "quiet", "old", "hidden"];
    assert_eq!(slugs(&town, Some(&bo), "").await, order);
    drop(there);
    town.chat.pin(&bo, pinned, false).await.unwrap();
    town.chat.mark_read(&bo, unread).await.unwrap();
    assert_eq!(slugs(&town, Some(&bo), "").await, ["later", "unread", "live", "pinned", "quiet", "old", "hidden"]);
    let eve = town.person("eve").await;
    assert_eq!(problem(town.chat.pin(&eve, quiet, true).await), Problem::not_found(Thing::Member));
}

#[tokio::test]
async fn what_somebody_ignores_lifts_no_room() {
    let town = Town::new().await;
    let (ana, bo, cy) = (town.person("ana").await, town.person("bo").await, town.person("cy").await);
    let mut ids = Vec::new();
    for slug in ["loud", "hidden", "plain"] {
        let room = town.room(slug, Visibility::Open, &ana).await.id;
        for who in [&bo, &cy] {
            town.chat.enter(who, room).await.unwrap();
        }
        ids.push(room);
    }
    let [loud, hidden, plain] = ids.try_into().unwrap();
    for (who, room) in [(&cy, loud), (&ana, hidden), (&ana, plain)] {
        town.clock.advance(1_000);
        town.says(who, room, "word").await;
    }
    town.chat.mark_read(&bo, plain).await.unwrap();
    assert_eq!(slugs(&town, Some(&bo), "").await, ["hidden", "loud", "plain"]);
    town.chat.block(&bo, cy.person.id).await.unwrap();
    let reader = town.chat.reader(Some(&bo), hidden).await.unwrap();
    let said = town.chat.history(&reader, None).await.unwrap().messages[0].id;
    town.chat.hide(&reader, said, true).await.unwrap();
    assert_eq!(slugs(&town, Some(&bo), "").await, ["plain", "hidden", "loud"], "by their last activity");
    assert_eq!(slugs(&town, Some(&ana), "").await[0], "loud", "others ignore nothing");
    // One word that they do not ignore is enough.
    town.says(&ana, loud, "listen").await;
    assert_eq!(slugs(&town, Some(&bo), "").await[0], "loud");
}

#[tokio::test]
async fn what_was_said_behind_a_shut_gate_lifts_no_room() {
    let town = Town::new().await;
    let (ana, bo) = (town.person("ana").await, town.person("bo").await);
    let shut = town.room("shut", Visibility::Open, &ana).await.id;
    town.chat.enter(&bo, shut).await.unwrap();
    let host = town.chat.host(Some(&ana), shut).await.unwrap();
    town.chat.open_room_now(&host, false).await.unwrap();
    town.says(&ana, shut, "a secret").await;
    town.clock.advance(1_000);
    town.room("new", Visibility::Open, &ana).await;
    assert_eq!(slugs(&town, Some(&bo), "").await, ["new", "shut"]);
    town.chat.open_room_now(&host, true).await.unwrap();
    assert_eq!(slugs(&town, Some(&bo), "").await, ["shut", "new"]);
}

#[tokio::test]
async fn a_list_longer_than_a_page_is_read_to_its_end_once_each() {
    let town = Town::new().await;
    let (_, admin) = town.admin("root").await;
    let bo = town.person("bo").await;
    for n in 0..120 {
        let room = town.chat.create_room(&admin, words(&format!("room-{n}"), Visibility::Public), None).await.unwrap();
        if n % 7 == 0 {
            town.chat.enter(&bo, room.id).await.unwrap();
            town.chat.pin(&bo, room.id, true).await.unwrap();
        }
        // Several within the same millisecond.
        if n % 3 == 0 {
            town.clock.advance(1);
        }
    }
    for who in [Some(&bo), None] {
        let (mut read, mut query) = (Vec::new(), LinesQuery::default());
        loop {
            let (lines, next) = town.chat.lines_page(who, &query).await.unwrap();
            read.extend(lines.into_iter().map(|line| line.room.id));
            query.after = next;
            if next.is_none() {
                break;
            }
            assert_eq!(read.len() % 50, 0);
        }
        let whole: Vec<RoomId> = town.chat.rooms(who).await.unwrap().into_iter().map(|line| line.room.id).collect();
        assert_eq!((read.len(), &read), (120, &whole));
    }
}

#[tokio::test]
async fn rooms_are_found_by_their_names_and_people_by_theirs() {
    let town = Town::new().await;
    let (_, admin) = town.admin("root").await;
    let (ana, bo) = (town.person("ana").await, town.person("bo").await);
    for (slug, title, visibility) in [
        ("stage", "直播间", Visibility::Public),
        ("tea", "Tea 100%", Visibility::Open),
        ("den", "直播后台", Visibility::Private),
    ] {
        let words = domain::room::RoomWords { title: title.to_owned(), ..words(slug, visibility) };
        town.chat.create_room(&admin, words, None).await.unwrap();
    }
    let chat = town.chat.start_private(&ana, "bo").await.unwrap();
    town.says(&ana, chat.id, "hello").await;
    for (typed, found) in [
        ("zbj", vec!["stage"]),
        ("直播", vec!["stage"]),
        ("tea", vec!["tea"]),
        ("100%", vec!["tea"]),
        ("ana", vec!["@ana"]),
        ("' OR 1=1 --", vec![]),
        ("\0", vec![]),
    ] {
        assert_eq!(slugs(&town, Some(&bo), typed).await, found, "{typed}");
    }
    let eve = town.person("eve").await;
    assert!(slugs(&town, Some(&eve), "ana").await.is_empty() && slugs(&town, None, "tea").await.is_empty());
    assert_eq!(slugs(&town, None, " ").await, ["stage"], "blanks are nothing");
}

/// A connection that lists rooms.
struct List(Ear);

impl List {
    async fn begins(town: &Town, who: &Who, rooms: &[RoomId]) -> Self {
        let mut ear = Ear::new(&town.chat, Some(who));
        town.chat.watch(&ear.outbox, Vec::new(), rooms.to_vec());
        ear.hear_until("everything", |ear| !ear.watched.is_empty()).await;
        Self(ear)
    }

    fn rows(&self) -> Vec<&RoomRow> {
        let rows = self.0.watched.iter().filter_map(|frame| match frame {
            WatchFrame::Row(row) => Some(row),
            WatchFrame::Unread { .. } | WatchFrame::Notice(_) | WatchFrame::Draft { .. } => None,
        });
        rows.collect()
    }

    async fn sees(&mut self, what: &str, done: impl Fn(&RoomRow) -> bool) {
        let last = |ear: &Ear| match ear.watched.iter().rev().find(|frame| matches!(frame, WatchFrame::Row(_))) {
            Some(WatchFrame::Row(row)) => done(row),
            _ => false,
        };
        self.0.hear_until(what, last).await;
    }

    async fn reads(&mut self, words: Option<&str>) {
        let same = |row: &RoomRow| row.last.as_ref().map(|last| last.text.as_str()) == words;
        self.sees(&format!("{words:?}"), same).await;
    }
}

#[tokio::test]
async fn rows_are_told_as_they_change() {
    let town = Town::new().await;
    let (ana, bo) = (town.person("ana").await, town.person("bo").await);
    let hall = town.room("hall", Visibility::Open, &ana).await.id;
    let mut list = List::begins(&town, &bo, &[hall]).await;
    town.says(&ana, hall, "one").await;
    list.reads(Some("one")).await;
    let row = list.rows().last().copied().unwrap().clone();
    assert_eq!((row.room, row.present, row.open, row.last.unwrap().by), (hall, 0, true, ana.person.id));
    let there = Ear::at(&town.chat, Some(&ana), hall, None).await;
    list.sees("somebody came", |row| row.present == 1).await;
    drop(there);
    list.sees("they went", |row| row.present == 0).await;
    // What is not listed is not told.
    let other = town.room("other", Visibility::Open, &ana).await.id;
    town.says(&ana, other, "elsewhere").await;
    town.says(&ana, hall, "two").await;
    list.reads(Some("two")).await;
    assert!(list.rows().iter().all(|row| row.room == hall));
}

#[tokio::test]
async fn guests_are_told_the_rows_of_public_rooms_and_nothing_else() {
    let town = Town::new().await;
    let (ana, bo) = (town.person("ana").await, town.person("bo").await);
    let hall = town.room("hall", Visibility::Public, &ana).await.id;
    let open = town.room("open", Visibility::Open, &ana).await.id;
    let chat = town.chat.start_private(&ana, "bo").await.unwrap().id;
    let mut guest = List(Ear::new(&town.chat, None));
    town.chat.watch(&guest.0.outbox, vec![hall], vec![hall, open, chat]);
    town.says(&ana, open, "for those who are signed in").await;
    town.says(&ana, chat, "for bo").await;
    town.says(&bo, hall, "for everybody").await;
    guest.reads(Some("for everybody")).await;
    let reader = town.chat.reader(Some(&ana), hall).await.unwrap();
    town.chat.keep_draft(&reader, "half").await.unwrap();
    town.says(&ana, hall, "again").await;
    guest.reads(Some("again")).await;
    assert!(guest.rows().iter().all(|row| row.room == hall), "{:?}", guest.rows());
    assert!(guest.0.watched.iter().all(|frame| matches!(frame, WatchFrame::Row(_))), "{:?}", guest.0.watched);
    // Behind the gate there is nothing to read.
    let host = town.chat.host(Some(&ana), hall).await.unwrap();
    town.chat.open_room_now(&host, false).await.unwrap();
    guest.sees("it is shut", |row| !row.open && row.last.is_none()).await;
}

#[tokio::test]
async fn a_row_has_the_rooms_name_and_cover() {
    let town = Town::new().await;
    let (ana, bo) = (town.person("ana").await, town.person("bo").await);
    let hall = town.room("hall", Visibility::Open, &ana).await;
    let mut list = List::begins(&town, &bo, &[hall.id]).await;
    let host = town.chat.host(Some(&ana), hall.id).await.unwrap();
    let words = RoomWords::parse("hall", "Another name", "", Visibility::Open).unwrap();
    town.chat.change_room(&host, words).await.unwrap();
    list.sees("its name", |row| row.title.as_deref() == Some("Another name") && row.cover.is_none()).await;
    let new = chat::NewPicture { bytes: crate::files::png(400, 300), ..chat::NewPicture::default() };
    let picture = town.chat.add_picture(&host, new).await.unwrap();
    let address = picture.url(hall.id, domain::picture::Size::Side(320));
    list.sees("its cover", |row| row.cover.as_ref() == Some(&address)).await;
    town.chat.open_room_now(&host, false).await.unwrap();
    list.sees("nothing behind the gate", |row| !row.open && row.cover.is_none()).await;
}

#[tokio::test]
async fn a_draft_is_told_to_ones_own_devices_alone() {
    let town = Town::new().await;
    let (ana, bo) = (town.person("ana").await, town.person("bo").await);
    let hall = town.room("hall", Visibility::Open, &ana).await.id;
    let (mut own, mut other) = (List::begins(&town, &ana, &[hall]).await, List::begins(&town, &bo, &[hall]).await);
    let reader = town.chat.reader(Some(&ana), hall).await.unwrap();
    for (typed, told) in [("half  a\nword", Some("half a word")), ("", None)] {
        town.chat.keep_draft(&reader, typed).await.unwrap();
        let frame = WatchFrame::Draft { room: hall, text: told.map(str::to_owned) };
        own.0.hear_until("the draft", |ear| ear.watched.last() == Some(&frame)).await;
    }
    town.says(&ana, hall, "said").await;
    other.reads(Some("said")).await;
    assert!(!other.0.watched.iter().any(|frame| matches!(frame, WatchFrame::Draft { .. })));
}

#[tokio::test]
async fn a_row_tells_nobody_what_they_may_not_see() {
    let town = Town::new().await;
    let (ana, bo, cy) = (town.person("ana").await, town.person("bo").await, town.person("cy").await);
    let den = town.room("den", Visibility::Private, &ana).await.id;
    let hall = town.room("hall", Visibility::Open, &ana).await.id;
    let chat = town.chat.start_private(&ana, "bo").await.unwrap().id;
    let mut stranger = List::begins(&town, &cy, &[den, chat, hall]).await;
    let mut member = List::begins(&town, &bo, &[chat]).await;
    town.says(&ana, den, "a secret").await;
    town.says(&ana, chat, "another").await;
    town.says(&ana, hall, "no secret").await;
    stranger.reads(Some("no secret")).await;
    member.reads(Some("another")).await;
    assert!(stranger.rows().iter().all(|row| row.room == hall), "{:?}", stranger.rows());

    // Behind the gate only those who run the room read it.
    let mut own = List::begins(&town, &ana, &[hall]).await;
    let host = town.chat.host(Some(&ana), hall).await.unwrap();
    town.chat.open_room_now(&host, false).await.unwrap();
    stranger.sees("it is shut", |row| !row.open && row.last.is_none()).await;
    town.says(&ana, hall, "behind the gate").await;
    own.reads(Some("behind the gate")).await;
    stranger.0.hear(Duration::from_millis(500)).await;
    assert!(!format!("{:?}", stranger.rows()).contains("behind"), "{:?}", stranger.rows());
}

#[tokio::test]
async fn what_somebody_has_hidden_from_themselves_stays_out_of_their_row() {
    let town = Town::new().await;
    let (ana, bo) = (town.person("ana").await, town.person("bo").await);
    let hall = town.room("hall", Visibility::Open, &ana).await.id;
    town.chat.enter(&bo, hall).await.unwrap();
    town.says(&ana, hall, "first").await;
    town.says(&ana, hall, "second").await;
    let reader = town.chat.reader(Some(&bo), hall).await.unwrap();
    let last: MessageId = town.chat.room_state(&reader).await.unwrap().history.messages.last().unwrap().id;
    let (mut hers, mut his) = (List::begins(&town, &ana, &[hall]).await, List::begins(&town, &bo, &[hall]).await);
    town.chat.hide(&reader, last, true).await.unwrap();
    his.reads(Some("first")).await;
    hers.reads(Some("second")).await;
    let reader = town.chat.reader(Some(&bo), hall).await.unwrap();
    town.chat.hide(&reader, last, false).await.unwrap();
    his.reads(Some("second")).await;
}

//! Listening: nothing lost, nothing twice, and nothing for those who may not.

use crate::messages::client_id;
use crate::town::Town;
use chat::hub::{Outbox, OutboxReader, Take};
use chat::{Chat, Problem, Thing, Who};
use domain::RoomId;
use domain::event::{Event, What};
use domain::live::{Frame, MAX_REPLAY, Position, close};
use domain::room::Visibility;
use domain::unread::WatchFrame;
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use std::time::Duration;

const PATIENCE: Duration = Duration::from_secs(20);

/// A listening connection and all it was told.
pub struct Ear {
    pub outbox: Outbox,
    reader: OutboxReader,
    pub frames: Vec<Frame>,
    events: Vec<Event>,
    /// What a connection is told that watches.
    pub watched: Vec<WatchFrame>,
    pub closed: Option<(u16, String)>,
}

impl Ear {
    pub fn new(chat: &Chat, who: Option<&Who>) -> Self {
        let (outbox, reader) = chat.hub().connect(who.cloned());
        Self { outbox, reader, frames: Vec::new(), events: Vec::new(), watched: Vec::new(), closed: None }
    }

    pub async fn at(chat: &Chat, who: Option<&Who>, room: RoomId, place: Option<Position>) -> Self {
        let ear = Self::new(chat, who);
        ear.listen(chat, who, room, place).await;
        ear
    }

    pub async fn listen(&self, chat: &Chat, who: Option<&Who>, room: RoomId, place: Option<Position>) {
        let reader = chat.reader(who, room).await.unwrap();
        chat.listen(reader, &self.outbox, place).await.unwrap();
    }

    pub fn events(&self) -> &[Event] {
        &self.events
    }

    /// Takes in what comes next, if anything comes within that time.
    pub async fn hear(&mut self, within: Duration) -> bool {
        match tokio::time::timeout(within, self.reader.next()).await {
            Err(_) => false,
            Ok(Take::Blocked) => unreachable!("there is no pipe"),
            Ok(Take::Close { code, reason }) => {
                self.closed = Some((code, reason));
                false
            }
            Ok(Take::Frames(frames)) => {
                for text in frames.iter().flat_map(|bytes| chat::hub::texts(bytes)) {
                    if let Ok(watched) = serde_json::from_slice::<WatchFrame>(text) {
                        self.watched.push(watched);
                        continue;
                    }
                    let frame: Frame = serde_json::from_slice(text).unwrap();
                    if let Frame::Event(event) = &frame {
                        self.events.push(event.clone());
                    }
                    self.frames.push(frame);
                }
                true
            }
        }
    }

    pub async fn hear_until(&mut self, what: &str, done: impl Fn(&Self) -> bool) {
        while !done(self) {
            assert!(self.hear(PATIENCE).await, "waited for {what}, heard {:?}, closed {:?}", self.frames, self.closed);
        }
    }

    pub async fn hear_up_to(&mut self, seq: i64) {
        self.hear_until(&format!("event {seq}"), |ear| ear.events.last().is_some_and(|event| event.seq >= seq)).await;
    }

    pub async fn hear_close(&mut self) -> (u16, String) {
        while self.closed.is_none() && self.hear(PATIENCE).await {}
        self.closed.clone().unwrap()
    }
}

async fn position(chat: &Chat, room: RoomId, who: &Who) -> Position {
    let reader = chat.reader(Some(who), room).await.unwrap();
    chat.room_state(&reader).await.unwrap().position
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_is_cut_off_again_and_again_misses_nothing() {
    let town = Town::new().await;
    let ana = town.person("ana").await;
    let hall = town.room("hall", Visibility::Public, &ana).await;
    let start = position(&town.chat, hall.id, &ana).await;
    let talking = {
        let (chat, ana, room) = (town.chat.clone(), ana.clone(), hall.id);
        tokio::spawn(async move {
            let writer = chat.writer(Some(&ana), room).await.unwrap();
            for i in 0..120 {
                chat.post(&writer, &client_id(&format!("c{i}")), "word").await.unwrap();
            }
        })
    };
    let mut dice = StdRng::seed_from_u64(7);
    let (mut place, mut log) = (start, Vec::new());
    while log.len() < 120 {
        let mut ear = Ear::at(&town.chat, Some(&ana), hall.id, Some(place)).await;
        // Some cuts come before anything was heard.
        for _ in 0..dice.random_range(0..4) {
            ear.hear(Duration::from_millis(dice.random_range(1..40))).await;
        }
        assert!(!ear.frames.iter().any(|frame| matches!(frame, Frame::Reset { .. })));
        let heard = ear.events().len();
        log.extend(ear.events()[..dice.random_range(0..=heard)].iter().cloned());
        place.seq = log.last().map_or(start.seq, |event: &Event| event.seq);
    }
    talking.await.unwrap();
    let mut whole = Ear::at(&town.chat, Some(&ana), hall.id, Some(start)).await;
    whole.hear_up_to(start.seq + 120).await;
    assert_eq!(log, whole.events());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_told_one_by_one_is_a_reset() {
    let town = Town::new().await;
    let ana = town.person("ana").await;
    let hall = town.room("hall", Visibility::Public, &ana).await;
    town.say(&ana, hall.id, MAX_REPLAY as usize + 1).await;
    let now = position(&town.chat, hall.id, &ana).await;
    let far = Position { seq: now.seq - MAX_REPLAY - 1, ..now };
    let strange = Position { epoch: now.epoch + 1, ..now };
    let ahead = Position { seq: now.seq + 1, ..now };
    for place in [far, strange, ahead, Position { seq: -1, ..now }, Position { seq: i64::MIN, ..now }] {
        let mut ear = Ear::at(&town.chat, Some(&ana), hall.id, Some(place)).await;
        ear.hear_until("a reset", |ear| ear.frames.contains(&Frame::Reset { room: hall.id, position: now })).await;
        assert!(ear.events().is_empty());
    }
    // The most that is told one by one, and then what happens.
    let place = Position { seq: now.seq - MAX_REPLAY, ..now };
    let mut ear = Ear::at(&town.chat, Some(&ana), hall.id, Some(place)).await;
    ear.hear_up_to(now.seq).await;
    assert!(matches!(&ear.frames[0], Frame::Entered { position, .. } if *position == now));
    assert!(ear.events().iter().map(|event| event.seq).eq(place.seq + 1..=now.seq));
    town.say(&ana, hall.id, 1).await;
    ear.hear_up_to(now.seq + 1).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_does_not_read_is_closed_and_resumes() {
    let town = Town::new().await;
    let ana = town.person("ana").await;
    let hall = town.room("hall", Visibility::Public, &ana).await;
    let start = position(&town.chat, hall.id, &ana).await;
    let mut slow = Ear::at(&town.chat, Some(&ana), hall.id, Some(start)).await;
    let mut quick = Ear::at(&town.chat, Some(&ana), hall.id, Some(start)).await;
    for _ in 0..6 {
        town.say(&ana, hall.id, 50).await;
        while quick.hear(Duration::from_millis(1)).await {}
    }
    assert_eq!(slow.hear_close().await.0, close::SLOW);
    let place = slow.events().last().map_or(start, |event| Position { seq: event.seq, ..start });
    let mut again = Ear::at(&town.chat, Some(&ana), hall.id, Some(place)).await;
    again.hear_up_to(start.seq + 300).await;
    quick.hear_up_to(start.seq + 300).await;
    let both: Vec<Event> = slow.events().iter().chain(again.events()).cloned().collect();
    assert_eq!(both, quick.events());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_end_of_a_session_or_of_a_membership_is_at_once() {
    let town = Town::new().await;
    let (ana, bo) = (town.person("ana").await, town.person("bo").await);
    let den = town.room("den", Visibility::Private, &ana).await;
    let host = town.chat.host(Some(&ana), den.id).await.unwrap();
    town.chat.add_member(&host, bo.person.id, domain::member::Role::Member).await.unwrap();
    let mut ear = Ear::at(&town.chat, Some(&bo), den.id, None).await;
    town.chat.remove_member(&host, bo.person.id).await.unwrap();
    town.say(&ana, den.id, 1).await;
    ear.hear_until("the end", |ear| {
        ear.frames.iter().any(|f| matches!(f, Frame::Gone { room, .. } if *room == den.id))
    })
    .await;
    while ear.hear(Duration::from_millis(100)).await {}
    assert!(!ear.events().iter().any(|event| matches!(event.what, What::Said { .. })), "nothing after the end");
    let reader = town.chat.reader(Some(&bo), den.id).await.map(drop).unwrap_err().into_problem();
    assert_eq!(reader, Problem::not_found(Thing::Room));

    // One that has entered no room, too.
    let mut idle = Ear::new(&town.chat, Some(&bo));
    let mut other = Ear::new(&town.chat, Some(&ana));
    town.chat.sign_out(&bo).await.unwrap();
    assert_eq!(idle.hear_close().await.0, close::SESSION_ENDED);
    assert_eq!(ear.hear_close().await.0, close::SESSION_ENDED);
    assert!(!other.hear(Duration::from_millis(50)).await && other.closed.is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_was_removed_while_listening_begins_hears_nothing() {
    let town = Town::new().await;
    let (ana, bo) = (town.person("ana").await, town.person("bo").await);
    let den = town.room("den", Visibility::Private, &ana).await;
    let host = town.chat.host(Some(&ana), den.id).await.unwrap();
    town.chat.add_member(&host, bo.person.id, domain::member::Role::Member).await.unwrap();
    let reader = town.chat.reader(Some(&bo), den.id).await.unwrap();
    town.chat.remove_member(&host, bo.person.id).await.unwrap();
    let mut ear = Ear::new(&town.chat, Some(&bo));
    let refused = town.chat.listen(reader, &ear.outbox, None).await.unwrap_err().into_problem();
    assert_eq!(refused, Problem::not_found(Thing::Room));
    town.say(&ana, den.id, 1).await;
    assert!(!ear.hear(Duration::from_millis(100)).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_there() {
    let town = Town::new().await;
    let (ana, bo) = (town.person("ana").await, town.person("bo").await);
    let hall = town.room("hall", Visibility::Public, &ana).await;
    let mut ear = Ear::at(&town.chat, Some(&ana), hall.id, None).await;
    let (bos, bos_other) =
        (Ear::at(&town.chat, Some(&bo), hall.id, None).await, Ear::at(&town.chat, Some(&bo), hall.id, None).await);
    let guest = Ear::at(&town.chat, None, hall.id, None).await;
    let came = |ear: &Ear| {
        let is_bo = |frame: &Frame| matches!(frame, Frame::Presence { came, .. } if came.contains(&bo.person));
        let guest_is_here = matches!(ear.frames.last(), Some(Frame::Presence { guests: 1, .. }));
        guest_is_here && ear.frames.iter().any(is_bo)
    };
    ear.hear_until("bo and a guest", came).await;
    let (present, _, guests) = town.chat.hub().present(hall.id);
    assert_eq!((present.len(), guests), (2, 1));

    drop((bos, guest));
    ear.hear_until("the guest's leaving", |ear| matches!(ear.frames.last(), Some(Frame::Presence { guests: 0, .. })))
        .await;
    let went = |ear: &Ear| {
        let is_bo = |frame: &Frame| matches!(frame, Frame::Presence { went, .. } if went.contains(&bo.person.id));
        ear.frames.iter().any(is_bo)
    };
    assert!(!went(&ear), "bo is still there");
    drop(bos_other);
    ear.hear_until("bo's leaving", went).await;
    assert_eq!(town.chat.hub().present(hall.id), (vec![ana.person.clone()], 0, 0));
    assert_eq!(town.chat.hub().connections(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn typing_reaches_the_others_and_not_too_often() {
    let town = Town::new().await;
    let (ana, bo) = (town.person("ana").await, town.person("bo").await);
    let hall = town.room("hall", Visibility::Public, &ana).await;
    let (mut ear, mut bos) =
        (Ear::at(&town.chat, Some(&ana), hall.id, None).await, Ear::at(&town.chat, Some(&bo), hall.id, None).await);
    for _ in 0..5 {
        town.chat.typing(&bos.outbox, hall.id);
    }
    let outsider = Ear::new(&town.chat, Some(&bo));
    town.chat.typing(&outsider.outbox, hall.id);
    let wanted = Frame::Typing { room: hall.id, person: bo.person.clone() };
    ear.hear_until("typing", |ear| ear.frames.contains(&wanted)).await;
    while ear.hear(Duration::from_millis(100)).await {}
    assert_eq!(ear.frames.iter().filter(|frame| **frame == wanted).count(), 1);
    while bos.hear(Duration::from_millis(50)).await {}
    assert!(!bos.frames.contains(&wanted), "not to oneself");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_drain_spreads_the_return() {
    let town = Town::new().await;
    let mut ears: Vec<Ear> = (0..4).map(|_| Ear::new(&town.chat, None)).collect();
    town.chat.hub().drain(4_000);
    let mut waits = Vec::new();
    for ear in &mut ears {
        let (code, reason) = ear.hear_close().await;
        assert_eq!(code, close::DRAIN);
        waits.push(reason.parse::<u64>().unwrap());
    }
    waits.sort_unstable();
    assert_eq!(waits, [1_000, 2_000, 3_000, 4_000]);
    assert_eq!(Ear::new(&town.chat, None).hear_close().await.0, close::DRAIN, "nobody comes in any more");
}

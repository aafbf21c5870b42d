//! The queue of one connection, read by its task or written straight through a pipe.

use super::line::{MAX_BYTES, Pipe};
use super::*;
use std::io::{self, IoSlice};

fn connection() -> (Outbox, OutboxReader) {
    Hub::default().connect(None)
}

fn frames(text: &'static str) -> Frames {
    Frames::one(Bytes::from_static(text.as_bytes()))
}

fn big(count: usize) -> Frames {
    Frames::join(&vec![Bytes::from(vec![b'x'; 60_000]); count])
}

fn slow() -> Take {
    Take::Close { code: close::SLOW, reason: String::new() }
}

/// Takes so many bytes and then no more.
#[derive(Default)]
struct Narrow {
    room: Mutex<usize>,
    taken: Mutex<Vec<u8>>,
}

impl Narrow {
    fn open(&self, bytes: usize) {
        *locked(&self.room) = bytes;
    }

    fn taken(&self) -> String {
        String::from_utf8(locked(&self.taken).clone()).unwrap()
    }
}

impl Pipe for Narrow {
    fn try_write(&self, bytes: &[IoSlice<'_>]) -> io::Result<usize> {
        let all: Vec<u8> = bytes.iter().flat_map(|slice| slice.iter().copied()).collect();
        let mut room = locked(&self.room);
        let written = all.len().min(*room);
        *room -= written;
        locked(&self.taken).extend_from_slice(&all[..written]);
        if written == 0 { Err(io::ErrorKind::WouldBlock.into()) } else { Ok(written) }
    }
}

#[tokio::test]
async fn everything_queued_is_taken_at_once_in_order() {
    let (outbox, mut reader) = connection();
    let line = outbox.line();
    line.push(frames("1"));
    assert!(line.push_hint(&Bytes::from_static(b"2")));
    line.close(close::DRAIN, "5000");
    line.push(frames("late"));
    let waited = vec![Bytes::from_static(b"1"), Bytes::from_static(b"2")];
    assert_eq!(reader.next().await, Take::Frames(waited), "a drained page keeps what waited");
    assert_eq!(reader.next().await, Take::Close { code: close::DRAIN, reason: "5000".into() });
}

#[tokio::test]
async fn hints_give_way_at_half_and_a_full_queue_is_closed_as_slow() {
    let (outbox, mut reader) = connection();
    let line = outbox.line();
    (0..MAX_FRAMES / 2).for_each(|_| line.push(frames("x")));
    assert!(!line.push_hint(&Bytes::from_static(b"x")));
    (0..=MAX_FRAMES / 2).for_each(|_| line.push(frames("x")));
    assert_eq!(reader.next().await, slow());
}

#[tokio::test]
async fn bytes_are_bounded_too() {
    let (outbox, mut reader) = connection();
    let line = outbox.line();
    assert!(!line.push_replay(frames("entered"), big(14)), "more than three quarters");
    assert!(line.push_replay(frames("entered"), big(10)));
    (0..8).for_each(|_| line.push(big(1)));
    assert_eq!(reader.next().await, slow());
}

#[tokio::test]
async fn who_lost_the_right_gets_nothing_more() {
    let (outbox, mut reader) = connection();
    let line = outbox.line();
    line.push(frames("secret"));
    line.close(close::SESSION_ENDED, "");
    assert_eq!(reader.next().await, Take::Close { code: close::SESSION_ENDED, reason: String::new() });
}

#[tokio::test]
async fn an_answer_that_may_wait_goes_with_the_next_one() {
    let (outbox, mut reader) = connection();
    let (line, pipe) = (outbox.line(), Arc::new(Narrow::default()));
    let way = reader.attach(pipe.clone());
    pipe.open(100);
    line.push_later(frames("welcome,"));
    assert_eq!(pipe.taken(), "");
    assert!(line.push_replay(frames("entered,"), frames("missed,")));
    assert_eq!(pipe.taken(), "welcome,entered,missed,");
    line.push_later(frames("alone,"));
    assert_eq!(reader.next().await, Take::Blocked, "its own task writes it");
    line.push(frames("after."));
    assert!(way.write().unwrap());
    assert_eq!(pipe.taken(), "welcome,entered,missed,alone,after.");
}

#[tokio::test]
async fn a_pipe_is_written_at_once_and_in_order_when_it_was_blocked() {
    let (outbox, mut reader) = connection();
    let (line, pipe) = (outbox.line(), Arc::new(Narrow::default()));
    let way = reader.attach(pipe.clone());
    pipe.open(5);
    line.push(frames("one,"));
    assert_eq!(pipe.taken(), "one,", "by whoever said it");
    line.push(frames("two,"));
    way.put(Bytes::from_static(b"pong,"));
    line.push(frames("three."));
    assert_eq!((pipe.taken().as_str(), reader.next().await), ("one,t", Take::Blocked));
    pipe.open(2);
    assert!(!way.write().unwrap());
    pipe.open(100);
    assert!(way.write().unwrap());
    assert_eq!(pipe.taken(), "one,two,pong,three.");
}

#[tokio::test]
async fn whoever_is_cut_off_still_gets_the_end_of_the_frame_that_has_begun() {
    for code in [close::SLOW, close::SESSION_ENDED] {
        let (outbox, mut reader) = connection();
        let (line, pipe) = (outbox.line(), Arc::new(Narrow::default()));
        let way = reader.attach(pipe.clone());
        pipe.open(3);
        line.push(frames("begun"));
        line.push(frames("secret"));
        if code == close::SLOW {
            (0..MAX_BYTES / 60_000 + 1).for_each(|_| line.push(big(1)));
        } else {
            line.close(code, "");
        }
        assert_eq!(reader.next().await, Take::Close { code, reason: String::new() });
        way.put(Bytes::from_static(b"!"));
        pipe.open(MAX_BYTES);
        assert!(way.write().unwrap());
        assert_eq!(pipe.taken(), "begun!");
    }
}

#[tokio::test]
async fn nothing_of_a_room_comes_after_leaving_it_or_twice_after_coming_back() {
    let (outbox, mut reader) = connection();
    let line = outbox.line();
    let room = RoomId(1);
    line.enters(room, 1);
    line.leaves(room);
    line.push_from(room, 1, frames("gone"));
    line.enters(room, 2);
    line.push_from(room, 1, frames("old"));
    line.push_from(room, 2, frames("new"));
    assert_eq!(reader.next().await, Take::Frames(vec![Bytes::from_static(b"new")]));
}

#[test]
fn pieces_fit_into_a_queue() {
    let frame = |bytes| (1, Bytes::from(vec![b'x'; bytes]));
    let counts = |events: &[(i64, Bytes)]| pieces(events).map(<[_]>::len).collect::<Vec<_>>();
    assert_eq!(counts(&vec![frame(10); 150]), [64, 64, 22]);
    assert_eq!(counts(&vec![frame(100_000); 5]), [2, 2, 1]);
    assert_eq!(counts(&vec![frame(2_000_000); 2]), [1, 1], "what is too large goes alone");
    assert!(counts(&[]).is_empty());
}

/// What a connection has been sent since the last time.
async fn heard(reader: &mut OutboxReader) -> Vec<Frame> {
    let Take::Frames(pieces) = reader.next().await else { panic!("closed") };
    pieces.iter().flat_map(|bytes| texts(bytes)).map(|text| serde_json::from_slice(text).unwrap()).collect()
}

#[tokio::test]
async fn a_crowd_is_counted_and_a_company_is_named() {
    let (hub, room, position) = (Hub::default(), RoomId(1), Position { epoch: 1, seq: 0 });
    let enter = |id: i64| {
        let person = Person::named(PersonId(id), format!("p{id}"), format!("P{id}"));
        let who = Who { person, role: domain::person::SiteRole::Member, session: SessionId(id), only: None };
        let (outbox, reader) = hub.connect(Some(who));
        hub.hold(&outbox, room, false, false).unwrap();
        hub.begin(&outbox, room, position, Missed::Events(Replay::default()));
        (outbox, reader)
    };
    let most = domain::live::MAX_NAMED as i64;
    let mut company: Vec<_> = (1..=most).map(enter).collect();
    let Frame::Entered { present, unnamed, .. } = &heard(&mut company.last_mut().unwrap().1).await[0] else { panic!() };
    assert_eq!((present.len() as i64, *unnamed), (most, 0));
    let (last, mut reader) = enter(most + 1);
    let Frame::Entered { present, unnamed, .. } = &heard(&mut reader).await[0] else { panic!() };
    assert_eq!((present.len(), i64::from(*unnamed)), (0, most + 1));
    heard(&mut company[0].1).await;
    let Frame::Presence { came, unnamed, .. } = &heard(&mut company[0].1).await[0] else { panic!() };
    assert_eq!((came.len(), i64::from(*unnamed)), (0, most + 1), "all are told the number");
    drop(last);
    let Frame::Presence { came, went, unnamed, .. } = &heard(&mut company[0].1).await[0] else { panic!() };
    assert_eq!((came.len() as i64, went.len(), *unnamed), (most, 1, 0), "and the names again when it is a company");
}

//! The board against the frames of an imagined server.

use super::board::{Board, Effects, KEEP};
use super::lines::{Key, Line, lines};
use super::pending::{Pending, Sending};
use crate::calls::rooms::RoomPageData;
use domain::event::{Event, What};
use domain::gate::{GateView, Opening, Phase};
use domain::live::{Frame, Position};
use domain::member::{Member, Role};
use domain::message::{History, Message};
use domain::person::Person;
use domain::picture::Picture;
use domain::room::{Room, Visibility};
use domain::span::Span;
use domain::stage::{Show, Stage};
use domain::wall::Wall;
use domain::{BlobId, ClientId, MessageId, PersonId, PictureId, Problem, RoomId};

pub(super) const ROOM: RoomId = RoomId(1);
pub(super) const ANA: i64 = 1;
pub(super) const BEN: i64 = 2;
const MINUTE: i64 = 60_000;

pub(super) fn person(id: i64) -> Person {
    Person::named(PersonId(id), format!("p{id}"), format!("P {id}"))
}

fn id(word: &str) -> ClientId {
    ClientId::parse(word).unwrap()
}

pub(super) fn message(seq: i64, author: i64, at: i64) -> Message {
    Message {
        id: MessageId(seq),
        seq,
        client_id: id(&format!("c{seq}")),
        author: person(author),
        spans: vec![Span::Text(format!("m{seq}"))],
        files: vec![],
        at,
        edited: None,
        reply: None,
        reactions: vec![],
    }
}

fn picture(id: i64) -> Picture {
    let blob = BlobId::parse("0123456789abcdef0123456789abcdef").unwrap();
    let (caption, alt, tint) = (String::new(), String::new(), String::new());
    let (id, order, by) = (PictureId(id), id, person(BEN));
    Picture { id, blob, order, width: 4, height: 3, caption, alt, tint, by, at: 0 }
}

pub(super) fn data(messages: Vec<Message>, has_more: bool, last_read: i64) -> RoomPageData {
    let seq = messages.last().map_or(0, |m| m.seq);
    RoomPageData {
        room: Room {
            id: ROOM,
            slug: "live".into(),
            title: "Live".into(),
            about: String::new(),
            visibility: Visibility::Public,
            archived: false,
            created_at: 0,
        },
        role: Some(Role::Member),
        may_host: false,
        contact: None,
        members: vec![],
        history: History { messages, has_more },
        wall: Wall::default(),
        stage: Stage::default(),
        position: Position { epoch: 7, seq },
        last_read,
        unread: 0,
        cut: false,
        present: vec![],
        guests: 0,
        unnamed: 0,
        client_id: id("form"),
        shut: false,
        quiet: None,
        takes_files: true,
        held: 0,
        asking: 0,
        asked: Default::default(),
        gate: None,
        cover: None,
    }
}

/// Ana's page with messages 1 to `n` by Ben.
pub(super) fn board(n: i64) -> Board {
    let messages = (1..=n).map(|seq| message(seq, BEN, seq * 10 * MINUTE)).collect();
    Board::new(data(messages, false, n), Some(person(ANA)), 0)
}

pub(super) fn event(seq: i64, what: What) -> Frame {
    Frame::Event(Event { room: ROOM, seq, at: 0, what, by: None })
}

fn said(seq: i64, author: i64, client_id: &str) -> Frame {
    let message = Message { client_id: id(client_id), ..message(seq, author, seq * 10 * MINUTE) };
    event(seq, What::Said { message })
}

fn posted(client_id: &str, seq: i64) -> Frame {
    Frame::Posted { client_id: id(client_id), room: ROOM, id: MessageId(seq), seq, at: 5 }
}

fn keys(board: &Board) -> Vec<Key> {
    lines(board, 0).into_iter().map(|(key, _)| key).filter(|key| matches!(key, Key::Message(..))).collect()
}

fn seqs(board: &Board) -> Vec<i64> {
    board.messages.iter().map(|m| m.seq).collect()
}

#[test]
fn a_pending_message_becomes_the_sent_one_whichever_comes_first() {
    let frames = [posted("x", 4), said(4, ANA, "x")];
    for order in [[0, 1], [1, 0]] {
        let mut board = board(3);
        board.write(id("x"), ("hi".into(), vec![]), None, 40 * MINUTE);
        let mine = Key::Message(PersonId(ANA), id("x"));
        assert_eq!(keys(&board).last(), Some(&mine));
        for i in order {
            board.apply(frames[i].clone(), 0);
            assert_eq!(keys(&board).iter().filter(|key| **key == mine).count(), 1, "never doubled");
            assert_eq!(keys(&board).last(), Some(&mine), "keeps its place");
        }
        assert!(board.pending.is_empty());
        assert_eq!(seqs(&board), [1, 2, 3, 4]);
    }
}

#[test]
fn what_a_loaded_page_brought_before_its_event_is_not_doubled() {
    let mut board = board(3);
    board.write(id("c4"), ("hi".into(), vec![]), None, 40 * MINUTE);
    let page = History { messages: vec![message(3, BEN, 0), message(4, ANA, 0)], has_more: true };
    assert!(board.show_latest(page, board.position));
    assert_eq!(keys(&board).len(), 2);
    board.apply(said(4, ANA, "c4"), 0);
    assert_eq!((keys(&board).len(), board.pending.len()), (2, 0));
}

fn kept(client_id: &str) -> Pending {
    Pending {
        client_id: id(client_id),
        text: "hi".into(),
        files: vec![],
        reply: None,
        at: 0,
        sending: Sending::Waiting,
    }
}

#[test]
fn a_resend_of_what_is_there_already_is_settled_by_the_answer() {
    let mut board = board(3);
    board.recall(vec![kept("old")]);
    assert_eq!(board.next_to_send().unwrap().client_id, id("old"));
    let effects = board.apply(posted("old", 2), 0);
    assert_eq!(effects.settled, Some(id("old")));
    assert!(board.pending.is_empty());
}

#[test]
fn what_was_stored_before_the_reload_is_not_sent_again() {
    let mut ours = message(4, ANA, 0);
    ours.client_id = id("x");
    let mut board = Board::new(data(vec![ours], false, 0), Some(person(ANA)), 0);
    board.recall(vec![kept("x")]);
    assert_eq!(board.next_to_send(), None);
}

#[test]
fn unsent_messages_go_in_order_and_a_failed_one_lets_others_pass() {
    let mut board = board(1);
    board.write(id("a"), ("1".into(), vec![]), None, 0);
    board.write(id("b"), ("2".into(), vec![]), None, 0);
    assert_eq!(board.next_to_send().unwrap().client_id, id("a"));
    let slow = Frame::Refused { of: "a".into(), room: Some(ROOM), problem: Problem::TooFast { wait_ms: 700 } };
    assert_eq!(board.apply(slow, 0).again, Some(700));
    assert_eq!(board.next_to_send().unwrap().client_id, id("a"), "waits, does not fail");
    let no = Frame::Refused { of: "a".into(), room: Some(ROOM), problem: Problem::NotAllowed };
    board.apply(no, 0);
    assert_eq!(board.failed(), [id("a")]);
    assert_eq!(board.next_to_send().unwrap().client_id, id("b"));
    board.retry(None);
    assert_eq!(board.next_to_send().unwrap().client_id, id("a"));
    board.give_up(&id("a"));
    assert_eq!(board.pending.len(), 1);
}

#[test]
fn a_gap_asks_for_a_resume_and_an_echo_is_ignored() {
    let mut board = board(3);
    assert_eq!(board.apply(said(5, BEN, "z"), 0), Effects { resume: true, ..Effects::default() });
    assert_eq!(board.position.seq, 3);
    assert_eq!(board.apply(said(3, BEN, "c3"), 0), Effects::default());
    assert!(board.apply(said(4, BEN, "y"), 0).talk);
    assert_eq!(seqs(&board), [1, 2, 3, 4]);
    let elsewhere =
        Frame::Event(Event { room: RoomId(9), seq: 5, at: 0, what: What::Left { person: PersonId(1) }, by: None });
    assert_eq!(board.apply(elsewhere, 0), Effects::default());
}

#[test]
fn a_reset_or_another_history_asks_for_everything() {
    let mut board = board(3);
    let position = Position { epoch: 8, seq: 1 };
    let entered = Frame::Entered { room: ROOM, position, present: vec![person(BEN)], guests: 2, unnamed: 0 };
    assert!(board.apply(entered, 0).reload);
    assert!(board.apply(Frame::Reset { room: ROOM, position }, 0).reload);
    board.write(id("x"), ("unsent".into(), vec![]), None, 0);
    board.reload(data(vec![message(1, BEN, 0)], false, 1), 0);
    assert_eq!(seqs(&board), [1]);
    assert_eq!(board.pending.len(), 1, "unsent ones stay");
    assert!(board.me.is_some());
}

#[test]
fn a_missing_change_of_the_wall_fetches_the_wall() {
    let mut board = board(0);
    let add = |seq, rev, n| event(seq, What::PictureAdded { rev, picture: picture(n) });
    let first = board.apply(add(1, 1, 5), 0);
    assert!(first.wall);
    assert_eq!(first.hung, Some(PictureId(5)));
    assert!(board.apply(add(2, 3, 7), 0).fetch_wall);
    board.take_wall(Wall::new(3, vec![picture(5), picture(6), picture(7)]));
    assert_eq!(board.wall.pictures.iter().map(|p| p.id.0).collect::<Vec<_>>(), [7, 6, 5]);
    board.take_wall(Wall::new(2, vec![]));
    assert_eq!(board.wall.rev, 3, "an older answer changes nothing");
}

#[test]
fn people_come_type_and_go() {
    let mut board = board(0);
    let came = Frame::Presence { room: ROOM, came: vec![person(BEN)], went: vec![], guests: 3, unnamed: 0 };
    board.apply(came.clone(), 0);
    board.apply(came, 0);
    assert_eq!((board.present.len(), board.guests), (1, 3));
    board.apply(Frame::Typing { room: ROOM, person: person(BEN) }, 1_000);
    assert_eq!(board.apply(Frame::Typing { room: ROOM, person: person(ANA) }, 1_000), Effects::default());
    assert!(!board.expire_typing(5_999));
    assert!(board.expire_typing(6_000));
    let member = Member { person: person(BEN), role: Role::Member, joined_at: 0 };
    board.apply(event(1, What::Joined { member }), 0);
    let host = Member { person: person(ANA), role: Role::Host, joined_at: 0 };
    board.apply(event(2, What::Joined { member: host }), 0);
    assert_eq!(board.members[0].person.id.0, ANA, "hosts first");
    assert_eq!(board.role, Some(Role::Host));
    assert!(board.apply(event(3, What::Left { person: PersonId(ANA) }), 0).room);
    assert_eq!(board.role, None);
}

#[test]
fn whoever_reads_above_is_not_disturbed() {
    let mut board = board(KEEP as i64);
    board.follow(false);
    board.apply(said(301, BEN, "z"), 0);
    assert_eq!((board.fresh, board.cut), (1, true));
    assert_eq!(seqs(&board).len(), KEEP, "nothing dropped, nothing appended");
    let asked_at = board.position;
    board.apply(said(302, BEN, "y"), 0);
    let page = |to: i64| History { messages: (290..=to).map(|n| message(n, BEN, n)).collect(), has_more: true };
    assert!(!board.show_latest(page(301), asked_at), "something happened meanwhile");
    assert!(board.show_latest(page(302), board.position));
    assert_eq!((board.fresh, board.cut, board.last_seq()), (0, false, 302));
}

#[test]
fn pages_of_history_fit_together_both_ways() {
    let messages: Vec<Message> = (261..=500).map(|n| message(n, BEN, n)).collect();
    let mut board = Board::new(data(messages, true, 500), Some(person(ANA)), 0);
    let page =
        |from: i64, to: i64| History { messages: (from..=to).map(|n| message(n, BEN, n)).collect(), has_more: true };
    for from in [221, 181, 141] {
        board.add_older(page(from, from + 40));
    }
    assert_eq!((board.first_seq(), board.last_seq(), board.cut), (Some(141), 440, true));
    board.add_later(page(441, 480), 481, board.position);
    assert_eq!((board.last_seq(), board.cut, board.has_more), (480, true, true));
    board.add_later(page(481, 500), 521, board.position);
    assert_eq!((board.last_seq(), board.cut), (500, false));
    assert!(seqs(&board).windows(2).all(|pair| pair[0] + 1 == pair[1]));
}

#[test]
fn lines_are_grouped_by_author_time_and_day() {
    let at = [0, 2 * MINUTE, 8 * MINUTE, 9 * MINUTE, 24 * 60 * MINUTE];
    let authors = [BEN, BEN, BEN, ANA, ANA];
    let messages = (0..5).map(|i| message(i as i64 + 1, authors[i], at[i])).collect();
    let board = Board::new(data(messages, false, 5), Some(person(ANA)), 0);
    let shape: Vec<&str> = lines(&board, 0)
        .iter()
        .map(|(_, line)| match line {
            Line::Day { .. } => "day",
            Line::New => "new",
            Line::Said { first: true, mine: true, .. } => "me",
            Line::Said { first: true, .. } => "other",
            Line::Said { .. } | Line::Pending { .. } => "more",
        })
        .collect();
    assert_eq!(shape, ["day", "other", "more", "other", "me", "day", "me"]);
}

#[test]
fn the_new_line_stays_where_it_was_when_the_page_was_opened() {
    let messages: Vec<Message> = (1..=5).map(|n| message(n, BEN, n)).collect();
    let mut board = Board::new(data(messages, false, 3), Some(person(ANA)), 0);
    assert_eq!(board.first_unread(), Some(4));
    board.apply(said(6, BEN, "z"), 0);
    assert_eq!(board.first_unread(), Some(4));
    board.clear_line();
    board.apply(said(7, BEN, "zz"), 0);
    assert_eq!(board.first_unread(), None, "nor does another one come");
    let mut quiet = self::board(5);
    quiet.apply(said(6, BEN, "z"), 0);
    assert_eq!(quiet.first_unread(), None, "what is said while one is there is not unread");
}

fn gate(phase: Phase, waiting: u32) -> GateView {
    GateView { opening: Opening::Host, phase, opens_at: None, closes_at: None, waiting }
}

#[test]
fn a_page_in_front_of_a_shut_room_follows_the_gate() {
    let told = |phase, waiting| Frame::Waiting { room: ROOM, gate: gate(phase, waiting) };
    let outside = RoomPageData { shut: true, gate: Some(gate(Phase::Closed, 1)), ..data(vec![], false, 0) };
    let mut board = Board::new(outside, None, 0);
    assert!(board.apply(told(Phase::Doors, 7), 0).gate);
    assert_eq!(board.gate, Some(gate(Phase::Doors, 7)));
    assert_eq!(board.apply(Frame::Opened { room: ROOM }, 0).reload_among, Some(7));
    board.reload(data(vec![], false, 0), 0);
    assert!(!board.shut);
    assert!(board.apply(told(Phase::Closed, 1), 0).reload, "a viewer inside learns that it is shut");
}

#[test]
fn a_host_inside_sees_how_the_gate_stands() {
    let inside = RoomPageData { gate: Some(gate(Phase::Live, 0)), ..data(vec![], false, 0) };
    let mut board = Board::new(inside, None, 0);
    let changed = What::GateChanged { opening: Opening::Never, phase: Phase::Closed };
    let event = Event { room: ROOM, seq: board.position.seq + 1, at: 0, what: changed, by: None };
    assert!(board.apply(Frame::Event(event), 0).gate);
    assert_eq!(board.gate.map(|gate| (gate.opening, gate.phase)), Some((Opening::Never, Phase::Closed)));
    assert!(board.apply(Frame::Waiting { room: ROOM, gate: gate(Phase::Closed, 3) }, 0).gate);
    assert_eq!(board.gate, Some(gate(Phase::Closed, 3)));
}

#[test]
fn the_stage_is_what_was_said_last_and_nothing_for_who_is_out() {
    let mut board = board(3);
    let show = |picture| What::StageChanged {
        stage: Stage { show: Show::Picture(PictureId(picture)), at: 5, by: Some(person(BEN)), video: None },
    };
    assert_eq!(board.apply(event(4, show(1)), 0).staged, Some(4));
    assert_eq!(board.apply(event(5, show(2)), 0).staged, Some(5));
    assert_eq!(board.apply(event(5, show(1)), 0).staged, None, "an echo");
    assert_eq!(board.stage.picture(), Some(PictureId(2)));
    let followers = Frame::Followers { room: ROOM, count: 3, p95: 90 };
    assert_eq!(board.apply(followers, 0), Effects::default());
}

#[test]
fn who_may_not_write_knows_why_and_how_long() {
    let mut board = Board::new(data(vec![], false, 0), Some(person(ANA)), 0);
    let muted = Problem::Muted { wait_ms: Some(600_000), reason: "spam".into() };
    let effects = board.apply(Frame::Quiet { room: ROOM, problem: Some(muted.clone()) }, 1_000);
    assert!(effects.quiet);
    assert_eq!(board.quiet, Some((muted, 601_000)));
    board.apply(Frame::Quiet { room: ROOM, problem: None }, 2_000);
    assert_eq!(board.quiet, None);
    // A refusal says it as well, and the text is still there.
    board.write(id("a"), ("hello".into(), vec![]), None, 0);
    board.apply(Frame::Refused { of: "a".into(), room: Some(ROOM), problem: Problem::HostsOnly }, 0);
    assert_eq!(board.quiet, Some((Problem::HostsOnly, i64::MAX)));
    assert_eq!((board.pending[0].text.as_str(), board.failed().len()), ("hello", 1));
}

#[test]
fn what_waits_for_approval_has_not_failed() {
    let mut board = Board::new(data(vec![], false, 0), Some(person(ANA)), 0);
    board.write(id("a"), ("hello".into(), vec![]), None, 0);
    board.apply(Frame::Refused { of: "a".into(), room: Some(ROOM), problem: Problem::Held }, 0);
    board.retry(None);
    assert_eq!(board.pending[0].sending, Sending::Failed(Problem::Held));
    assert!(board.failed().is_empty() && board.quiet.is_none() && board.next_to_send().is_none());
}

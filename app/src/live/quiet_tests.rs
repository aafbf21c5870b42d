//! The board about who may not write, who asks, and who waits.

use super::board::Board;
use super::board_tests::{ANA, BEN, ROOM, data, event, person};
use crate::calls::rooms::RoomPageData;
use domain::Problem;
use domain::event::What;
use domain::join_request::Asked;
use domain::live::{Frame, Position};
use domain::member::{Member, Role};

/// Ana's page of a room in which only members write.
fn outside() -> Board {
    let quiet = Some(Problem::MembersOnly);
    Board::new(RoomPageData { role: None, quiet, ..data(vec![], false, 0) }, Some(person(ANA)), 0)
}

fn joined(seq: i64, who: i64) -> Frame {
    let member = Member { person: person(who), role: Role::Member, joined_at: 0 };
    event(seq, What::Joined { member })
}

fn entered(board: &Board) -> Frame {
    let position = Position { epoch: board.position.epoch, seq: board.position.seq };
    Frame::Entered { room: ROOM, position, present: vec![], guests: 0, unnamed: 0 }
}

#[test]
fn whoever_asked_and_is_let_in_may_write_and_is_told() {
    let mut board = outside();
    assert!(board.apply(Frame::Asked { room: ROOM, asked: Asked::Waiting }, 0).quiet);
    assert_eq!(board.asked, Asked::Waiting);
    let effects = board.apply(joined(1, BEN), 0);
    assert!(!effects.let_in && board.quiet.is_some(), "somebody else");
    let effects = board.apply(joined(2, ANA), 0);
    assert!(effects.let_in && effects.quiet && effects.room);
    assert_eq!((board.role, board.quiet.clone(), board.asked), (Some(Role::Member), None, Asked::Not));
}

#[test]
fn whoever_is_added_without_asking_may_write_and_a_mute_stays() {
    let mut board = outside();
    let effects = board.apply(joined(1, ANA), 0);
    assert!(!effects.let_in && board.quiet.is_none());
    let mut muted = outside();
    let problem = Problem::Muted { wait_ms: None, reason: String::new() };
    muted.apply(Frame::Quiet { room: ROOM, problem: Some(problem.clone()) }, 0);
    muted.apply(joined(1, ANA), 0);
    assert_eq!(muted.quiet.map(|(problem, _)| problem), Some(problem));
}

#[test]
fn back_in_the_room_what_is_not_said_again_ends_by_itself() {
    let mut board = outside();
    let frame = entered(&board);
    assert!(board.apply(frame, 10_000).quiet);
    assert_eq!(board.quiet, Some((Problem::MembersOnly, 12_000)), "nothing is taken away at once");
    board.apply(Frame::Quiet { room: ROOM, problem: Some(Problem::MembersOnly) }, 10_050);
    assert_eq!(board.quiet, Some((Problem::MembersOnly, i64::MAX)));
}

#[test]
fn hosts_know_how_many_ask() {
    let mut board = outside();
    assert!(board.apply(Frame::Held { room: ROOM, count: 2, asking: 3 }, 0).quiet);
    assert_eq!((board.held, board.asking), (2, 3));
    let of_before: Frame = serde_json::from_str(r#"{"held":{"room":1,"count":1}}"#).unwrap();
    board.apply(of_before, 0);
    assert_eq!((board.held, board.asking), (1, 0));
}

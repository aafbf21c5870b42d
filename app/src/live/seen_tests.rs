//! How far the reader is.

use super::board::Board;
use super::board_tests::{ANA, BEN, data, event, message, person};
use crate::calls::rooms::RoomPageData;
use domain::event::What;
use domain::message::{History, Message};

/// Ana's page with messages `from` to `to` of a hundred by Ben, of which she has seen so many.
fn page(from: i64, to: i64, seen: i64) -> Board {
    let messages: Vec<Message> = (from..=to).map(|seq| message(seq, BEN, seq)).collect();
    let unread = u32::try_from(100 - seen).unwrap();
    let data = RoomPageData { cut: to < 100, unread, ..data(messages, from > 1, seen) };
    Board::new(data, Some(person(ANA)), 0)
}

#[test]
fn what_was_in_view_is_seen_and_what_is_left_is_counted() {
    let mut board = page(11, 50, 30);
    assert_eq!((board.first_unread(), board.fresh, board.following), (Some(31), 70, false));
    assert!(board.saw(35) && !board.saw(34) && !board.saw(35));
    assert_eq!((board.seen, board.fresh, board.first_unread()), (35, 65, Some(31)), "the line stays");
    board.add_later(History { messages: vec![message(51, BEN, 51)], has_more: true }, 52, board.position);
    assert!(board.saw(51));
    assert_eq!(board.fresh, 49);
}

#[test]
fn who_reads_elsewhere_has_not_seen_what_they_skipped() {
    let mut board = page(61, 90, 30);
    assert_eq!(board.first_unread(), None);
    assert!(!board.saw(70));
    assert_eq!((board.seen, board.fresh), (30, 70));
    assert!(board.show_latest(History { messages: vec![message(100, BEN, 100)], has_more: true }, board.position));
    assert!(board.saw(100), "at the end everything is");
    assert_eq!((board.seen, board.fresh), (100, 0));
}

#[test]
fn guests_and_strangers_see_nothing_that_counts() {
    let mut board = page(1, 100, 30);
    board.role = None;
    assert!(!board.saw(50));
}

#[test]
fn done_with_the_line_everything_is_seen() {
    let mut board = page(11, 50, 30);
    board.position.seq = 100;
    assert!(board.clear_line() && !board.clear_line());
    assert_eq!((board.seen, board.fresh, board.first_unread()), (100, 0, None));
    board.apply(event(101, What::Said { message: message(101, BEN, 101) }), 0);
    assert_eq!(board.fresh, 1, "of what comes afterwards");
}

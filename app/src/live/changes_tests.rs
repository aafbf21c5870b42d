//! What becomes of messages on the board after they were said.

use super::board::Board;
use super::board_tests::{ANA, BEN, ROOM, board, data, event, message, person};
use super::lines::{Line, lines};
use domain::event::What;
use domain::live::Frame;
use domain::message::{Message, Quote};
use domain::span::Span;
use domain::{MessageId, PersonId, Problem};

#[test]
fn what_was_changed_or_taken_back_is_so_where_it_is_quoted() {
    let said = message(1, BEN, 0);
    let quote = Quote { id: said.id, seq: 1, author: person(BEN), line: Some("m1".into()) };
    let answer = Message { reply: Some(Box::new(quote)), ..message(2, ANA, 0) };
    let mut board = Board::new(data(vec![said, answer], false, 0), Some(person(ANA)), 0);
    let line = |board: &Board| board.messages[1].reply.as_ref().unwrap().line.clone();
    let edited = What::Edited { message: MessageId(1), spans: vec![Span::Text("new".into())] };
    assert!(board.apply(event(3, edited), 0).talk);
    assert_eq!((line(&board), board.messages[0].edited.is_some()), (Some("new".into()), true));
    board.apply(event(4, What::Recalled { messages: vec![MessageId(1)], name: "Ben".into() }), 0);
    assert_eq!((line(&board), board.messages[0].edited), (None, None));
}

#[test]
fn reactions_are_counted_as_they_are_told_and_ones_own_are_known() {
    let mut board = board(1);
    let told =
        |by, on, count| What::Reacted { message: MessageId(1), by: PersonId(by), emoji: "👍".into(), on, count };
    board.apply(event(2, told(BEN, true, 1)), 0);
    board.apply(event(3, told(ANA, true, 2)), 0);
    let seen = |board: &Board| board.messages[0].reactions.iter().map(|one| (one.count, one.mine)).collect::<Vec<_>>();
    assert_eq!(seen(&board), [(2, true)]);
    board.apply(event(4, told(BEN, false, 1)), 0);
    assert_eq!(seen(&board), [(1, true)]);
    board.apply(event(5, told(ANA, false, 0)), 0);
    assert_eq!(seen(&board), []);
    board.apply(event(6, What::Recalled { messages: vec![MessageId(1)], name: "Ben".into() }), 0);
    board.apply(event(7, told(BEN, true, 1)), 0);
    assert_eq!(seen(&board), [], "a replay tells what was before the recall");
}

#[test]
fn what_is_hidden_is_no_line_until_it_is_shown_again() {
    let mut board = board(3);
    let told = |messages: Vec<i64>, on| Frame::Hidden {
        room: ROOM,
        messages: messages.into_iter().map(MessageId).collect(),
        on,
    };
    let seqs = |board: &Board| -> Vec<i64> {
        let said = lines(board, 0).into_iter().filter_map(|(_, line)| match line {
            Line::Said { message, .. } => Some(message.seq),
            _ => None,
        });
        said.collect()
    };
    assert!(board.apply(told(vec![2, 99], true), 0).talk);
    assert_eq!(seqs(&board), [1, 3]);
    assert!(!board.apply(told(vec![2], false), 0).reload);
    assert_eq!(seqs(&board), [1, 2, 3]);
    assert!(board.apply(told(vec![99], false), 0).reload, "it has to come from the server");
}

#[test]
fn an_answer_stands_under_its_own_name() {
    let quote = Quote { id: MessageId(1), seq: 1, author: person(BEN), line: None };
    let answer = Message { reply: Some(Box::new(quote)), ..message(2, BEN, 0) };
    let board = Board::new(data(vec![message(1, BEN, 0), answer], false, 0), Some(person(ANA)), 0);
    let firsts = lines(&board, 0).into_iter().filter(|(_, line)| matches!(line, Line::Said { first: true, .. }));
    assert_eq!(firsts.count(), 2);
}

#[test]
fn what_was_taken_back_is_gone_here_too() {
    let mut board = Board::new(data(vec![message(1, BEN, 0), message(2, BEN, 0)], false, 0), Some(person(ANA)), 0);
    let gone = vec![board.messages[0].id, MessageId(99)];
    let effects = board.apply(event(3, What::Recalled { messages: gone, name: "Cy".into() }), 0);
    assert!(effects.talk);
    assert_eq!(board.messages[0].spans, [Span::Recalled { name: "Cy".into() }]);
    assert_eq!(board.messages[1].spans, [Span::Text("m2".into())]);
}

#[test]
fn whose_change_was_not_approved_is_told() {
    let mut board = board(1);
    let refused = |of: &str, problem| Frame::Refused { of: of.into(), room: Some(ROOM), problem };
    assert!(board.apply(refused("edit-1", Problem::Declined), 0).edit_declined);
    assert!(!board.apply(refused("m-1", Problem::Declined), 0).edit_declined, "a message says it itself");
    assert!(!board.apply(refused("edit-1", Problem::Held), 0).edit_declined);
}

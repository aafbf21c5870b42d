//! The queue of one connection.

use super::*;

fn connection() -> (Outbox, OutboxReader) {
    Hub::default().connect(None)
}

#[tokio::test]
async fn everything_queued_is_taken_at_once_in_order() {
    let (outbox, mut reader) = connection();
    let line = outbox.line();
    line.push(&Bytes::from_static(b"1"));
    assert!(line.push_hint(&Bytes::from_static(b"2")));
    line.close(close::DRAIN, "5000");
    line.push(&Bytes::from_static(b"late"));
    let frames = vec![Bytes::from_static(b"1"), Bytes::from_static(b"2")];
    assert_eq!(reader.next().await, Take::Frames(frames), "a drained page keeps what waited");
    assert_eq!(reader.next().await, Take::Close { code: close::DRAIN, reason: "5000".into() });
}

#[tokio::test]
async fn hints_give_way_at_half_and_a_full_queue_is_closed_as_slow() {
    let (outbox, mut reader) = connection();
    let line = outbox.line();
    let frame = Bytes::from_static(b"x");
    (0..MAX_FRAMES / 2).for_each(|_| line.push(&frame));
    assert!(!line.push_hint(&frame));
    (0..=MAX_FRAMES / 2).for_each(|_| line.push(&frame));
    assert_eq!(reader.next().await, Take::Close { code: close::SLOW, reason: String::new() });
}

#[tokio::test]
async fn bytes_are_bounded_too() {
    let (outbox, mut reader) = connection();
    let line = outbox.line();
    let big = Bytes::from(vec![b'x'; 60_000]);
    assert!(!line.push_replay(vec![big.clone(); 14]), "more than three quarters");
    assert!(line.push_replay(vec![big.clone(); 10]));
    (0..8).for_each(|_| line.push(&big));
    assert_eq!(reader.next().await, Take::Close { code: close::SLOW, reason: String::new() });
}

#[tokio::test]
async fn who_lost_the_right_gets_nothing_more() {
    let (outbox, mut reader) = connection();
    let line = outbox.line();
    line.push(&Bytes::from_static(b"secret"));
    line.close(close::SESSION_ENDED, "");
    assert_eq!(reader.next().await, Take::Close { code: close::SESSION_ENDED, reason: String::new() });
}

//! Frames that break the rules of RFC 6455: each is answered with the right code, and nobody
//! else notices.

use crate::raw::{Raw, frame};
use crate::town::Town;
use domain::room::Visibility;
use futures::{SinkExt, StreamExt};
use std::time::{Duration, Instant};
use tokio_tungstenite::tungstenite::Message;

const FIN: u8 = 0x80;
const CONTINUED: u8 = 0;
const TEXT: u8 = 1;
const BINARY: u8 = 2;
const CLOSE: u8 = 8;
const PING: u8 = 9;

async fn greeted(town: &Town) -> Raw {
    let mut raw = Raw::open(town, &frame(FIN | TEXT, br#"{"hello":{"version":1}}"#)).await;
    assert!(raw.frame().await.unwrap().1.starts_with(br#"{"welcome""#));
    raw
}

/// A frame of which only the head is sent.
fn head(first: u8, length: u64) -> Vec<u8> {
    [&[first, 0xFF][..], &length.to_be_bytes(), &[0; 4]].concat()
}

fn leave(code: u16, reason: &[u8]) -> Vec<u8> {
    frame(FIN | CLOSE, &[&code.to_be_bytes(), reason].concat())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_breaks_the_rules_is_closed_with_its_code() {
    let town = Town::new().await;
    let split = "\"é\"".as_bytes().split_at(2);
    for (what, frames, code) in [
        ("no mask", vec![FIN | TEXT, 2, b'{', b'}'], 1002),
        ("RSV1", frame(FIN | 0x40 | TEXT, b"{}"), 1002),
        ("RSV2", frame(FIN | 0x20 | TEXT, b"{}"), 1002),
        ("RSV3", frame(FIN | 0x10 | TEXT, b"{}"), 1002),
        ("opcode 3", frame(FIN | 3, b""), 1002),
        ("opcode 7", frame(FIN | 7, b"x"), 1002),
        ("opcode 11", frame(FIN | 11, b""), 1002),
        ("opcode 15", frame(FIN | 15, b"x"), 1002),
        ("a ping in parts", frame(PING, b"x"), 1002),
        ("a ping of 126 bytes", frame(FIN | PING, &[b'x'; 126]), 1002),
        ("a close of 1 byte", frame(FIN | CLOSE, &[3]), 1002),
        ("close 1004", leave(1004, b""), 1002),
        ("close 1005", leave(1005, b""), 1002),
        ("close 1006", leave(1006, b""), 1002),
        ("close 1015", leave(1015, b""), 1002),
        ("close 999", leave(999, b""), 1002),
        ("close with a reason that is no text", leave(1000, b"\xff\xfe"), 1007),
        ("a continuation of nothing", frame(FIN | CONTINUED, b"x"), 1002),
        ("text within text", [frame(TEXT, b"{"), frame(FIN | TEXT, b"}")].concat(), 1002),
        ("not UTF-8", frame(FIN | TEXT, b"\"\xff\""), 1007),
        ("a surrogate", frame(FIN | TEXT, b"\"\xed\xa0\x80\""), 1007),
        ("half a code point", [frame(TEXT, split.0), frame(FIN | CONTINUED, b"")].concat(), 1007),
        ("2^63 bytes", head(FIN | TEXT, 1 << 63), 1009),
        ("2 GiB", head(FIN | TEXT, 1 << 31), 1009),
        ("64 KiB and one byte", frame(FIN | TEXT, &[b' '; 64 * 1024 + 1]), 1009),
        ("the same in two parts", [frame(TEXT, &[b' '; 64 * 1024]), frame(FIN | CONTINUED, b" ")].concat(), 1009),
        ("not text", frame(FIN | BINARY, b"x"), 1003),
    ] {
        let mut raw = greeted(&town).await;
        let begun = Instant::now();
        raw.send(&frames).await;
        assert_eq!(raw.code().await, Some(code), "{what}");
        assert!(begun.elapsed() < Duration::from_secs(2), "{what} took {:?}", begun.elapsed());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_unusual_but_right_is_taken() {
    let town = Town::new().await;
    let (before, after) = "{\"é\":1}".as_bytes().split_at(3);
    for (what, frames, refused) in [
        ("text split inside a code point", [frame(TEXT, before), frame(FIN | CONTINUED, after)].concat(), "é"),
        (
            "a ping between the parts",
            [frame(TEXT, b"{\"da"), frame(FIN | PING, b"x"), frame(FIN | CONTINUED, b"nce\":1}")].concat(),
            "dance",
        ),
        ("empty parts", [frame(TEXT, b""), frame(CONTINUED, b""), frame(FIN | CONTINUED, b"\"odd\"")].concat(), "odd"),
    ] {
        let mut raw = greeted(&town).await;
        raw.send(&frames).await;
        let text = loop {
            if let (TEXT, text) = raw.frame().await.unwrap() {
                break String::from_utf8(text).unwrap();
            }
        };
        assert!(text.contains(&format!("\"of\":\"{refused}\"")), "{what}: {text}");
    }
    let mut raw = greeted(&town).await;
    raw.send(&leave(1000, "bye".as_bytes())).await;
    assert_eq!(raw.code().await, Some(1000), "an answer to a farewell");
}

#[tokio::test(flavor = "multi_thread")]
async fn floods_are_ended_and_nobody_else_waits() {
    let town = Town::new().await;
    let ana = town.person("ana").await;
    let room = town.room("hall", Visibility::Public, &ana).await;
    let mut honest = ana.socket().await;
    assert_eq!(honest.enter(&room, None).await["kind"], "entered");
    for (what, flood) in [
        ("pings", frame(FIN | PING, b"").repeat(20_000)),
        ("commands", frame(FIN | TEXT, b"\"ping\"").repeat(20_000)),
        ("empty messages", frame(FIN | TEXT, b"").repeat(20_000)),
    ] {
        let mut raw = greeted(&town).await;
        raw.send(&flood).await;
        let begun = Instant::now();
        honest.send_ping().await;
        assert_eq!(honest.hears("pong").await["kind"], "pong");
        assert!(begun.elapsed() < Duration::from_secs(1), "{what}: an honest page waited {:?}", begun.elapsed());
        assert_eq!(raw.code().await, Some(4029), "{what}");
    }
}

/// Parts without content make no message: they are read, kept nowhere and hold up nobody.
#[tokio::test(flavor = "multi_thread")]
async fn a_million_empty_parts_are_one_message() {
    let town = Town::new().await;
    let mut honest = town.stranger().socket().await;
    let mut raw = greeted(&town).await;
    raw.send(&frame(TEXT, b"\"odd")).await;
    let some = frame(CONTINUED, b"").repeat(20_000);
    let mut longest = Duration::ZERO;
    for _ in 0..50 {
        raw.send(&some).await;
        let begun = Instant::now();
        honest.0.send(Message::Ping(Default::default())).await.unwrap();
        while !matches!(honest.0.next().await.unwrap().unwrap(), Message::Pong(_)) {}
        longest = longest.max(begun.elapsed());
        tokio::time::sleep(Duration::from_millis(60)).await;
    }
    assert!(longest < Duration::from_secs(1), "an honest page waited {longest:?}");
    raw.send(&frame(FIN | CONTINUED, b"\"")).await;
    let (_, text) = raw.frame().await.unwrap();
    assert!(text.starts_with(br#"{"refused":{"of":"odd""#), "{}", String::from_utf8_lossy(&text));
}

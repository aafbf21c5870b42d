//! Requests that no honest client sends: refused with the right status, one answer to one
//! request, and the connection is not used any further once its end is in doubt.

use crate::raw::{Back, Raw, frame, handshake};
use crate::town::Town;
use std::time::{Duration, Instant};

/// A request that would be answered, hidden in what belongs to another.
const HIDDEN: &str = "GET /healthz HTTP/1.1\r\nHost: hidden\r\n\r\n";

async fn asked(town: &Town, lines: &[&str], after: &[u8]) -> Back {
    let mut raw = Raw::to(town).await;
    raw.ask(lines).await;
    raw.send(after).await;
    raw.back().await
}

async fn sent(town: &Town, bytes: &[u8]) -> Back {
    let mut raw = Raw::to(town).await;
    raw.send(bytes).await;
    raw.back().await
}

async fn is_well(town: &Town) {
    let begun = Instant::now();
    assert_eq!(town.stranger().get("/healthz").await.status(), 200);
    assert!(begun.elapsed() < Duration::from_secs(2), "an honest client waits");
}

const CALL: [&str; 4] = [
    "POST /call/sign-in HTTP/1.1",
    "Sec-Fetch-Site: same-origin",
    "Accept: application/json",
    "Content-Type: application/x-www-form-urlencoded",
];

fn call<'a>(more: &[&'a str]) -> Vec<&'a str> {
    [&CALL[..], more].concat()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_length_said_twice_is_refused() {
    let town = Town::new().await;
    for lengths in [
        &["Content-Length: 3", "Content-Length: 30"][..],
        &["Content-Length: 3, 3"],
        &["Content-Length: -1"],
        &["Content-Length: +3"],
        &["Content-Length: 99999999999999999999"],
        &["Transfer-Encoding: xchunked"],
        &["Transfer-Encoding: chunked, gzip"],
        &["Transfer-Encoding: chunked", "Transfer-Encoding: identity"],
        &["Transfer-Encoding : chunked"],
    ] {
        let back = asked(&town, &call(lengths), format!("0\r\n\r\n{HIDDEN}").as_bytes()).await;
        assert_eq!((&back.statuses[..], back.closed), (&[400][..], true), "{lengths:?}");
    }
    is_well(&town).await;
}

/// RFC 9112 §6.3: the chunks count, and the connection is over. The empty form is no call.
#[tokio::test(flavor = "multi_thread")]
async fn a_length_beside_chunks_is_not_believed() {
    let town = Town::new().await;
    for lengths in [
        ["Content-Length: 5", "Transfer-Encoding: chunked"],
        ["Transfer-Encoding: chunked", "Content-Length: 5"],
        ["Transfer-Encoding: chunked", "Content-Length: 500"],
    ] {
        let back = asked(&town, &call(&lengths), format!("0\r\n\r\n{HIDDEN}").as_bytes()).await;
        assert_eq!((&back.statuses[..], back.closed), (&[422][..], true), "{lengths:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn broken_chunks_end_the_connection() {
    let town = Town::new().await;
    let flood = format!("1;{}\r\na\r\n0\r\n\r\n", "a".repeat(100_000));
    let many = format!("{}0\r\n\r\n", "1;aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\r\nx\r\n".repeat(2_000));
    let trailers = format!("0\r\n{}\r\n", "X: y\r\n".repeat(20_000));
    for body in [
        "ZZ\r\n\r\n",
        "-1\r\n\r\n",
        "0x3\r\na=1\r\n0\r\n\r\n",
        "FFFFFFFFFFFFFFFFF\r\na",
        "3\na=1\n0\n\n",
        "3\r\na=1XX0\r\n\r\n",
        "\r\n\r\n",
        &flood,
        &many,
        &trailers,
    ] {
        let back = asked(&town, &call(&["Transfer-Encoding: chunked"]), format!("{body}{HIDDEN}").as_bytes()).await;
        let is_refused = back.statuses.iter().all(|status| (400..500).contains(status)) && back.statuses.len() <= 1;
        assert!(is_refused && back.closed, "{:.20}: {back:?}", body);
    }
    is_well(&town).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_beyond_the_limit_is_not_waited_for() {
    let town = Town::new().await;
    let declared = asked(&town, &call(&["Content-Length: 1073741824"]), HIDDEN.as_bytes()).await;
    assert_eq!((&declared.statuses[..], declared.closed), (&[413][..], true), "a gigabyte");
    let chunk = [b"8000\r\n".to_vec(), vec![b'x'; 0x8000], b"\r\n".to_vec()].concat();
    let chunked = asked(&town, &call(&["Transfer-Encoding: chunked"]), &chunk.repeat(12)).await;
    assert_eq!((&chunked.statuses[..], chunked.closed), (&[413][..], true), "in chunks");
    is_well(&town).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn headers_have_a_number_and_a_length() {
    let town = Town::new().await;
    let many: Vec<String> = (0..200).map(|i| format!("X-{i}: a")).collect();
    let many: Vec<&str> = ["GET /healthz HTTP/1.1"].into_iter().chain(many.iter().map(String::as_str)).collect();
    for (what, lines, expected) in [
        ("200 headers", many, 431),
        ("70,000 bytes", vec!["GET /healthz HTTP/1.1", &format!("X: {}", "a".repeat(70_000))], 431),
        ("a long address", vec![&format!("GET /{} HTTP/1.1", "a".repeat(70_000))], 414),
    ] {
        let back = asked(&town, &lines, b"").await;
        assert_eq!((&back.statuses[..], back.closed), (&[expected][..], true), "{what}");
    }
    is_well(&town).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_host_is_named_and_it_is_ours() {
    let town = Town::new().await;
    for (path, host, expected) in [
        ("GET /healthz HTTP/1.1", "Host: other", 400),
        ("GET / HTTP/1.1", "Host: other", 400),
        ("GET http://other/ HTTP/1.1", "X: y", 421),
        ("GET http://other/sign-in HTTP/1.1", "X: y", 421),
        ("CONNECT other:80 HTTP/1.1", "X: y", 421),
    ] {
        assert_eq!(asked(&town, &[path, host], b"").await.statuses, [expected], "{path} {host}");
    }
    assert_eq!(sent(&town, b"GET /healthz HTTP/1.1\r\n\r\n").await.statuses, [400], "no host");
    assert_eq!(sent(&town, b"GET /healthz HTTP/1.0\r\n\r\n").await.statuses, [200], "1.0 knows none");
    assert_eq!(sent(&town, b"GET / HTTP/1.0\r\n\r\n").await.statuses, [421], "but a page belongs to one");
    // RFC 9112 §3.2.2: an address in full counts, not the header.
    let full = format!("GET http://{}/healthz HTTP/1.1\r\nHost: other\r\n\r\n", town.address);
    assert_eq!(sent(&town, full.as_bytes()).await.statuses, [200]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_http_is_refused_and_closed() {
    let town = Town::new().await;
    let host = format!("Host: {}\r\n", town.address);
    for (what, bytes) in [
        ("garbage", (0..=255).cycle().take(4_096).collect::<Vec<u8>>()),
        ("TLS", [&b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"[..], &[0; 200]].concat()),
        ("HTTP/2", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".to_vec()),
        ("a later version", format!("GET / HTTP/9.9\r\n{host}\r\n").into_bytes()),
        ("a method of signs", format!("G@T / HTTP/1.1\r\n{host}\r\n").into_bytes()),
        ("NUL in a name", format!("GET / HTTP/1.1\r\n{host}X\0: a\r\n\r\n").into_bytes()),
        ("NUL in a value", format!("GET / HTTP/1.1\r\n{host}X: a\0b\r\n\r\n").into_bytes()),
        ("NUL in a path", format!("GET /a\0b HTTP/1.1\r\n{host}\r\n").into_bytes()),
        ("bare CR", format!("GET / HTTP/1.1\r{host}\r").into_bytes()),
        ("a folded header", format!("GET / HTTP/1.1\r\n{host}X: a\r\n b\r\n\r\n").into_bytes()),
        ("a blank before the colon", format!("GET / HTTP/1.1\r\n{host}X : a\r\n\r\n").into_bytes()),
        ("no colon", format!("GET / HTTP/1.1\r\n{host}XXX\r\n\r\n").into_bytes()),
    ] {
        let back = sent(&town, &[bytes, HIDDEN.into()].concat()).await;
        assert!(back.closed && back.statuses.iter().all(|status| *status == 400), "{what}: {back:?}");
        assert!(back.statuses.len() <= 1, "{what}: {back:?}");
    }
    is_well(&town).await;
}

/// RFC 9112 §2.2 allows a line to end with LF alone. It must then be one request for everybody.
#[tokio::test(flavor = "multi_thread")]
async fn bare_line_feeds_make_one_request() {
    let town = Town::new().await;
    let back = sent(&town, format!("GET /healthz HTTP/1.1\nHost: {}\n\n", town.address).as_bytes()).await;
    assert!(back.statuses == [200] || back.statuses == [400], "{back:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn odd_methods_and_upgrades_change_nothing() {
    let town = Town::new().await;
    for (line, more, expected) in [
        ("BREW / HTTP/1.1", "X: y", 403),
        ("TRACE / HTTP/1.1", "X: y", 403),
        ("OPTIONS * HTTP/1.1", "X: y", 404),
        ("GET /sign-in HTTP/1.1", "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMA", 403),
        // What is not understood may be ignored (RFC 9110 §7.8).
        ("GET /healthz HTTP/1.1", "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMA", 200),
    ] {
        assert_eq!(asked(&town, &[line, more], b"").await.statuses, [expected], "{line} {more}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_handshake_is_complete() {
    let town = Town::new().await;
    let proper = handshake(&town);
    let with = |at: usize, line: &'static str| {
        let mut lines = proper.to_vec();
        lines[at] = line;
        lines
    };
    for (lines, expected) in [
        (with(4, "Sec-WebSocket-Version: 8"), 426),
        (with(4, "Sec-WebSocket-Version: 13, 8"), 426),
        (with(4, "X: y"), 426),
        (with(5, "X: y"), 400),
        (with(5, "Sec-WebSocket-Key: abc"), 400),
        (with(5, "Sec-WebSocket-Key: !!!!!!!!!!!!!!!!!!!!!!=="), 400),
        (with(2, "Connection: keep-alive"), 426),
        (with(3, "X: y"), 426),
        (with(0, "POST /api/v1/live HTTP/1.1"), 405),
        (with(1, "Origin: http://other"), 403),
        ([&proper[..], &[proper[5]]].concat(), 400),
        ([&proper[..], &["Content-Length: 5"]].concat(), 400),
        ([&proper[..], &["Transfer-Encoding: chunked"]].concat(), 400),
        (with(0, "GET /api/v1/live HTTP/1.0"), 426),
    ] {
        let back = asked(&town, &lines, HIDDEN.as_bytes()).await;
        assert_eq!(back.statuses.first(), Some(&expected), "{lines:?}: {back:?}");
    }
    is_well(&town).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_comes_with_the_handshake_is_the_first_frame() {
    let town = Town::new().await;
    let mut raw = Raw::open(&town, &frame(0x81, br#"{"hello":{"version":1}}"#)).await;
    let (opcode, payload) = raw.frame().await.unwrap();
    assert_eq!(opcode, 1);
    assert!(payload.starts_with(br#"{"welcome""#), "{}", String::from_utf8_lossy(&payload));
    // What looks like a request is not one any more.
    let mut odd = Raw::open(&town, HIDDEN.as_bytes()).await;
    assert_eq!(odd.code().await, Some(1002));
}

#[tokio::test(flavor = "multi_thread")]
async fn requests_before_the_handshake_are_answered_first() {
    let town = Town::new().await;
    let mut raw = Raw::to(&town).await;
    let [first, rest @ ..] = handshake(&town);
    let host = format!("Host: {}", town.address);
    let health = format!("GET /healthz HTTP/1.1\r\n{host}\r\n\r\n");
    let open = format!("{first}\r\n{host}\r\n{}\r\n\r\n", rest.join("\r\n"));
    raw.send(format!("{health}{health}{open}").as_bytes()).await;
    assert_eq!(raw.back().await.statuses, [200, 200, 101]);
}

/// A query makes no difference but that the request goes through the router.
#[tokio::test(flavor = "multi_thread")]
async fn both_ways_to_the_socket_give_the_same_answer() {
    let town = Town::new().await;
    let [_, rest @ ..] = handshake(&town);
    let mut heads = Vec::new();
    for first in ["GET /api/v1/live HTTP/1.1", "GET /api/v1/live?long HTTP/1.1"] {
        let mut raw = Raw::to(&town).await;
        raw.ask(&[&[first], &rest[..]].concat()).await;
        let head = raw.accepted().await;
        // The date is a matter of the router's, which tells the two ways apart.
        assert_eq!(head.contains("\r\ndate: "), first.contains("?long"), "{head}");
        assert!(head.contains("\r\nx-request-id: "), "{head}");
        let shared = |line: &&str| !line.starts_with("x-request-id: ") && !line.starts_with("date: ");
        let mut lines: Vec<String> = head.lines().filter(shared).map(str::to_owned).collect();
        lines.sort_unstable();
        heads.push(lines);
        raw.send(&frame(0x81, br#"{"hello":{"version":1}}"#)).await;
        assert!(raw.frame().await.unwrap().1.starts_with(br#"{"welcome""#));
    }
    assert_eq!(heads[0], heads[1]);
}

/// Both ways draw on the same allowance: fifty at once and ten a second.
#[tokio::test(flavor = "multi_thread")]
async fn an_address_opens_so_many_sockets_by_either_way() {
    let town = Town::with(200, domain::person::Registration::Open).await;
    let mut refused = 0;
    for i in 0..90 {
        let mut raw = Raw::to(&town).await;
        let [first, rest @ ..] = handshake(&town);
        let first = if i % 2 == 0 { first } else { "GET /api/v1/live?long HTTP/1.1" };
        raw.ask(&[&[first], &rest[..]].concat()).await;
        let status = raw.status().await;
        assert!(status == 101 || status == 429, "{status}");
        refused += usize::from(status == 429);
    }
    assert!((1..=40).contains(&refused), "{refused}");
}

#[tokio::test(flavor = "multi_thread")]
async fn unknown_addresses_answer_in_kind() {
    let town = Town::new().await;
    for (path, kind) in [
        ("/nowhere", "text/html"),
        ("/api/v1/none", "application/problem+json"),
        ("/api/none", "application/json"),
        ("/pkg/old/salon.js", "application/json"),
        ("/upload/none", "application/json"),
    ] {
        let answer = town.stranger().get(path).await;
        assert_eq!(answer.status(), 404, "{path}");
        assert!(answer.headers()["content-type"].to_str().unwrap().starts_with(kind), "{path}");
    }
}

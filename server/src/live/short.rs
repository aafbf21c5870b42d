//! The short way to the live socket. When a server comes back, everybody's pages ask for it at
//! once; most of what that cost was the way of a request through all that a page may need.
//!
//! A request that arrives whole and is in order is answered on the connection itself, after
//! the checks that `router` puts before [`super::open`], in their order and by the same functions.
//! Any other goes the long way, as if nobody had looked: there it is refused, or is not for us.

use super::{admit, begin, upgrade};
use crate::accept::Slot;
use crate::gate::{headers, origin, session, shape};
use crate::house::House;
use crate::observe::Seen;
use crate::router::LIVE;
use axum::http::header::{AUTHORIZATION, CONTENT_LENGTH, EXPECT, SEC_WEBSOCKET_PROTOCOL, TRANSFER_ENCODING};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, Version};
use axum_extra::extract::CookieJar;
use bytes::Bytes;
use std::future::poll_fn;
use std::io;
use std::net::SocketAddr;
use std::task::{Poll, ready};
use std::time::Duration;
use tokio::io::ReadBuf;
use tokio::net::TcpStream;

/// How long a connection may be silent here; then it is waited for elsewhere.
const SILENCE: Duration = Duration::from_secs(1);
/// Longest request that is looked at, in bytes.
const BYTES: usize = 4 * 1024;
/// Most headers that it may have.
const HEADERS: usize = 48;

/// Opens the live socket if that is what the connection asks for.
///
/// # Errors
/// The connection, of which nothing was read, if it has to go the long way.
pub async fn way(house: &House, stream: TcpStream, peer: SocketAddr, slot: &Slot) -> Result<(), TcpStream> {
    let arrived = tokio::time::timeout(SILENCE, first(&stream)).await;
    let Some(asked) = arrived.ok().and_then(Result::ok).and_then(|bytes| Asked::read(&bytes)) else {
        return Err(stream);
    };
    let seen = Seen::now();
    let Some(accept) = asked.accept(house) else { return Err(stream) };
    let token = session::token(&CookieJar::from_headers(&asked.headers), house.origins.secure());
    let Ok(who) = session::who(house, &token).await else { return Err(stream) };
    let address = session::address(Some(peer.ip()), &asked.headers, &house.proxies);
    let Ok(held) = admit(house, who.as_ref(), address, Some(slot.clone())) else { return Err(stream) };
    let answer = answer(house, accept, seen);
    // What comes after the request is left for the conversation. A connection that has lost what
    // it had, or does not take its first few hundred bytes, is none.
    let taken = stream.try_read(&mut vec![0; asked.end]).is_ok_and(|read| read == asked.end);
    if taken && stream.try_write(&answer).is_ok_and(|written| written == answer.len()) {
        begin(house.clone(), who, token, held, stream, Vec::new()).await;
    }
    Ok(())
}

/// What arrives first, without reading it.
async fn first(stream: &TcpStream) -> io::Result<Bytes> {
    // The buffer is no part of what waits.
    poll_fn(|cx| {
        let mut buffer = [0; BYTES];
        let mut seen = ReadBuf::new(&mut buffer);
        ready!(stream.poll_peek(cx, &mut seen))?;
        Poll::Ready(Ok(Bytes::copy_from_slice(seen.filled())))
    })
    .await
}

/// A whole request for the live socket.
struct Asked {
    headers: HeaderMap,
    /// Where the request ends.
    end: usize,
}

impl Asked {
    /// `None` for any other request, and for what could be read in two ways.
    fn read(bytes: &Bytes) -> Option<Self> {
        let rest = bytes.strip_prefix(b"GET ")?.strip_prefix(LIVE.as_bytes())?.strip_prefix(b" HTTP/1.1\r\n")?;
        let mut lines = [httparse::EMPTY_HEADER; HEADERS];
        let Ok(httparse::Status::Complete((length, lines))) = httparse::parse_headers(rest, &mut lines) else {
            return None;
        };
        let mut headers = HeaderMap::with_capacity(HEADERS);
        for line in lines {
            let name = HeaderName::from_bytes(line.name.as_bytes()).ok()?;
            headers.append(name, HeaderValue::from_maybe_shared(bytes.slice_ref(line.value)).ok()?);
        }
        // What comes after is the first frame, and nothing else.
        let plain = ![AUTHORIZATION, SEC_WEBSOCKET_PROTOCOL, CONTENT_LENGTH, TRANSFER_ENCODING, EXPECT]
            .iter()
            .any(|name| headers.contains_key(name));
        plain.then_some(Self { headers, end: bytes.len() - rest.len() + length })
    }

    /// The answer to the handshake's key, if nothing speaks against the request so far.
    fn accept(&self, house: &House) -> Option<HeaderValue> {
        let headers = &self.headers;
        let in_order = shape::fault(Version::HTTP_11, headers).is_none()
            && origin::fault(&house.origins, &Method::GET, None, headers).is_none()
            && upgrade::asks(Version::HTTP_11, headers);
        if in_order { upgrade::accept(headers) } else { None }
    }
}

/// The head of the answer, as HTTP has it.
fn answer(house: &House, accept: HeaderValue, seen: Seen) -> Vec<u8> {
    let mut fields = upgrade::switched(accept);
    headers::seal(&mut fields, house.origins.secure());
    seen.answered(&Method::GET, LIVE, 101, &mut fields);
    let mut head = b"HTTP/1.1 101 Switching Protocols\r\n".to_vec();
    for (name, value) in &fields {
        for part in [name.as_str().as_bytes(), b": ", value.as_bytes(), b"\r\n"] {
            head.extend_from_slice(part);
        }
    }
    head.extend_from_slice(b"\r\n");
    head
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<Asked> {
        Asked::read(&Bytes::from(text.to_owned()))
    }

    #[test]
    fn a_whole_request_is_read_up_to_the_first_frame() {
        let text = "GET /api/v1/live HTTP/1.1\r\nHost: a\r\nX: 1\r\nx: 2\r\n\r\nframe";
        let asked = read(text).unwrap();
        assert_eq!(&text[asked.end..], "frame");
        assert_eq!(asked.headers.get_all("x").iter().collect::<Vec<_>>(), ["1", "2"]);
    }

    #[test]
    fn anything_else_goes_the_long_way() {
        for text in [
            "",
            "GET /api/v1/live HTTP/1.1\r\nHost: a\r\n",
            "GET /api/v1/live HTTP/1.0\r\nHost: a\r\n\r\n",
            "GET /api/v1/live?x HTTP/1.1\r\nHost: a\r\n\r\n",
            "GET /api/v1/lively HTTP/1.1\r\nHost: a\r\n\r\n",
            "GET http://a/api/v1/live HTTP/1.1\r\nHost: a\r\n\r\n",
            "POST /api/v1/live HTTP/1.1\r\nHost: a\r\n\r\n",
            "GET /api/v1/live HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer x\r\n\r\n",
            "GET /api/v1/live HTTP/1.1\r\nHost: a\r\nSec-WebSocket-Protocol: salon\r\n\r\n",
            "GET /api/v1/live HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n",
            "GET /api/v1/live HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n",
            "GET /api/v1/live HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\n\r\n",
            "GET /api/v1/live HTTP/1.1\r\nHost : a\r\n\r\n",
            "GET /api/v1/live HTTP/1.1\r\nHost: a\r\n b\r\n\r\n",
            &format!("GET /api/v1/live HTTP/1.1\r\n{}\r\n", "X: y\r\n".repeat(HEADERS + 1)),
        ] {
            assert!(read(text).is_none(), "{text:.80}");
        }
    }
}

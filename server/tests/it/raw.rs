//! Bytes on a connection, as no honest client would send them.

use crate::town::Town;
use std::net::SocketAddr;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// Longer than anything that is answered at once.
const PATIENCE: Duration = Duration::from_secs(5);
/// How long nothing may come before that counts as the end of an answer on an open connection.
const QUIET: Duration = Duration::from_millis(400);

pub struct Raw {
    stream: TcpStream,
    address: SocketAddr,
    /// Read, but not asked for yet.
    ahead: Vec<u8>,
}

/// Everything that came back.
#[derive(Debug)]
pub struct Back {
    pub statuses: Vec<u16>,
    /// Whether the server closed the connection, rather than waiting for more.
    pub closed: bool,
}

impl Raw {
    pub async fn to(town: &Town) -> Self {
        let stream = TcpStream::connect(town.address).await.unwrap();
        Self { stream, address: town.address, ahead: Vec::new() }
    }

    /// A failure is the server's good right: it may have closed already.
    pub async fn send(&mut self, bytes: &[u8]) {
        let _ = self.stream.write_all(bytes).await;
    }

    /// Sends the lines with the host's among them, and an empty one.
    pub async fn ask(&mut self, lines: &[&str]) {
        let request = request(self.address, lines);
        self.send(request.as_bytes()).await;
    }

    /// Reads until the server closes or has nothing more to say.
    pub async fn back(&mut self) -> Back {
        let mut bytes = std::mem::take(&mut self.ahead);
        let mut limit = PATIENCE;
        let closed = loop {
            match tokio::time::timeout(limit, self.stream.read_buf(&mut bytes)).await {
                Ok(Ok(0) | Err(_)) => break true,
                Ok(Ok(_)) => limit = QUIET,
                Err(_) => break false,
            }
        };
        Back { statuses: statuses(&bytes), closed }
    }

    /// Asks to become a socket, with `more` in the same packet.
    pub async fn open(town: &Town, more: &[u8]) -> Self {
        let mut raw = Self::to(town).await;
        let handshake = request(town.address, &handshake(town));
        raw.send(&[handshake.as_bytes(), more].concat()).await;
        raw.accepted().await;
        raw
    }

    /// Reads the head of the answer that opens a socket.
    pub async fn accepted(&mut self) -> String {
        let head = self.head().await;
        assert!(head.starts_with("HTTP/1.1 101 "), "{head}");
        head
    }

    /// The status of the next answer, whose head is read.
    pub async fn status(&mut self) -> u16 {
        self.head().await.split(' ').nth(1).unwrap().parse().unwrap()
    }

    async fn head(&mut self) -> String {
        let end = loop {
            if let Some(at) = self.ahead.windows(4).position(|four| four == b"\r\n\r\n") {
                break at + 4;
            }
            self.more().await.expect("the server closed instead of opening a socket");
        };
        String::from_utf8(self.ahead.drain(..end).collect()).unwrap()
    }

    /// The next frame: its opcode and what is in it. `None` when there is none any more.
    pub async fn frame(&mut self) -> Option<(u8, Vec<u8>)> {
        let (opcode, head, length) = loop {
            if let Some(frame) = head(&self.ahead) {
                break frame;
            }
            self.more().await?;
        };
        while self.ahead.len() < head + length {
            self.more().await?;
        }
        let frame: Vec<u8> = self.ahead.drain(..head + length).collect();
        Some((opcode, frame[head..].to_vec()))
    }

    /// The code the server closes with, whatever it says before.
    pub async fn code(&mut self) -> Option<u16> {
        loop {
            if let (8, payload) = self.frame().await? {
                return payload.first_chunk().map(|code| u16::from_be_bytes(*code));
            }
        }
    }

    async fn more(&mut self) -> Option<()> {
        let read = tokio::time::timeout(PATIENCE * 2, self.stream.read_buf(&mut self.ahead)).await.expect("silence");
        read.ok().filter(|n| *n > 0).map(|_| ())
    }
}

pub fn request(address: SocketAddr, lines: &[&str]) -> String {
    let (first, others) = lines.split_first().unwrap();
    let others: String = others.iter().map(|line| format!("{line}\r\n")).collect();
    format!("{first}\r\nHost: {address}\r\n{others}\r\n")
}

/// The lines of a proper handshake.
pub fn handshake(town: &Town) -> [&'static str; 6] {
    let origin: &'static str = Box::leak(format!("Origin: http://{}", town.address).into_boxed_str());
    [
        "GET /api/v1/live HTTP/1.1",
        origin,
        "Connection: Upgrade",
        "Upgrade: websocket",
        "Sec-WebSocket-Version: 13",
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
    ]
}

/// A frame as a client sends it: `first` is its first byte (FIN, RSV, opcode), the mask is zero.
pub fn frame(first: u8, payload: &[u8]) -> Vec<u8> {
    let mut bytes = vec![first];
    match payload.len() {
        short @ 0..=125 => bytes.push(0x80 | short as u8),
        long @ 126..=0xFFFF => {
            bytes.push(0x80 | 126);
            bytes.extend((long as u16).to_be_bytes());
        }
        longer => {
            bytes.push(0x80 | 127);
            bytes.extend((longer as u64).to_be_bytes());
        }
    }
    bytes.extend([0; 4]);
    bytes.extend(payload);
    bytes
}

/// Opcode, bytes of the head and of what follows it, of a frame without a mask.
fn head(bytes: &[u8]) -> Option<(u8, usize, usize)> {
    let [first, second, rest @ ..] = bytes else { return None };
    let (head, length) = match second & 0x7F {
        126 => (4, u16::from_be_bytes(*rest.first_chunk()?) as usize),
        127 => (10, u64::from_be_bytes(*rest.first_chunk()?) as usize),
        short => (2, short as usize),
    };
    Some((first & 0x0F, head, length))
}

/// Of each answer, in their order. Only one at the beginning of a line counts.
fn statuses(bytes: &[u8]) -> Vec<u16> {
    let text = String::from_utf8_lossy(bytes);
    let answers = text.match_indices("HTTP/1.").filter(|(at, _)| *at == 0 || !text[..*at].ends_with(' '));
    answers.filter_map(|(at, _)| text.get(at + 9..at + 12)?.parse().ok()).collect()
}

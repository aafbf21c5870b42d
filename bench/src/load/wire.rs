//! One WebSocket of the loader.

use super::frame::{self, Frame};
use crate::Done;
use crate::server::Server;
use bytes::BytesMut;
use serde_json::{Value, json};
use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};

/// Connections from one source address to one port: past some 28,000 there are no ports left.
const PER_ADDRESS: usize = 5_000;
/// How long anything may take before the measurement is given up.
pub const PATIENCE: Duration = Duration::from_secs(60);

pub struct Wire {
    stream: TcpStream,
    buffer: BytesMut,
}

impl Wire {
    /// Connects the n-th one; with a session if `cookie` is given.
    pub async fn connect(server: &Server, n: usize, cookie: Option<&str>) -> Done<Self> {
        Self::connect_to(server.address, n, cookie).await
    }

    pub async fn connect_to(address: SocketAddr, n: usize, cookie: Option<&str>) -> Done<Self> {
        let socket = TcpSocket::new_v4()?;
        let from = Ipv4Addr::new(127, 0, 0, 1 + (n / PER_ADDRESS) as u8);
        socket.bind(SocketAddr::from((from, 0)))?;
        let mut stream = socket.connect(address).await?;
        stream.set_nodelay(true)?;
        let cookie = cookie.map(|cookie| format!("Cookie: {cookie}\r\n")).unwrap_or_default();
        let request = format!(
            "GET /api/v1/live HTTP/1.1\r\nHost: {address}\r\nOrigin: http://{address}\r\n{cookie}Upgrade: websocket\r\n\
             Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
        );
        stream.write_all(request.as_bytes()).await?;
        let mut wire = Self { stream, buffer: BytesMut::with_capacity(1024) };
        wire.handshake().await?;
        Ok(wire)
    }

    async fn handshake(&mut self) -> Done {
        loop {
            if let Some(end) = self.buffer.windows(4).position(|four| four == b"\r\n\r\n") {
                let head = self.buffer.split_to(end + 4);
                let head = String::from_utf8_lossy(&head);
                return if head.starts_with("HTTP/1.1 101") { Ok(()) } else { Err(head.into()) };
            }
            self.more().await?;
        }
    }

    /// Says hello and enters a room.
    pub async fn enter(&mut self, room: usize, place: Option<(i64, i64)>) -> Done<Value> {
        let place = place.map(|(epoch, seq)| json!({"epoch": epoch, "seq": seq}));
        let enter = json!({"enter": {"room": room, "place": place}}).to_string();
        // Both in one packet, as a page that is in a hurry may.
        let mut both = frame::masked(frame::TEXT, b"{\"hello\":{\"version\":1}}");
        both.extend_from_slice(&frame::masked(frame::TEXT, enter.as_bytes()));
        self.stream.write_all(&both).await?;
        loop {
            let value: Value = serde_json::from_slice(&self.next().await?.payload)?;
            if value.get("entered").is_some() || value.get("reset").is_some() {
                return Ok(value);
            }
            if let Some(refused) = value.get("refused") {
                return Err(format!("not let in: {refused}").into());
            }
        }
    }

    pub async fn say(&mut self, text: &[u8]) -> Done {
        Ok(self.stream.write_all(&frame::masked(frame::TEXT, text)).await?)
    }

    /// The next frame that is not a ping; those are answered.
    pub async fn next(&mut self) -> Done<Frame> {
        loop {
            while let Some(frame) = frame::take(&mut self.buffer)? {
                match frame.opcode {
                    frame::PING => self.stream.write_all(&frame::masked(frame::PONG, &frame.payload)).await?,
                    frame::CLOSE => return Err(format!("closed: {:?}", frame.payload).into()),
                    _ => return Ok(frame),
                }
            }
            self.more().await?;
        }
    }

    /// Throws away what has arrived.
    pub fn drain(&mut self) -> Done {
        loop {
            self.buffer.clear();
            match self.stream.try_read_buf(&mut self.buffer) {
                Ok(0) => return Err("the connection ended".into()),
                Ok(_) => {}
                Err(cause) if cause.kind() == std::io::ErrorKind::WouldBlock => return Ok(()),
                Err(cause) => return Err(cause.into()),
            }
        }
    }

    /// A frame that is there already.
    pub fn ready(&mut self) -> Done<Option<Frame>> {
        frame::take(&mut self.buffer)
    }

    async fn more(&mut self) -> Done {
        self.buffer.reserve(1024);
        match self.stream.read_buf(&mut self.buffer).await? {
            0 => Err("the connection ended".into()),
            _ => Ok(()),
        }
    }
}

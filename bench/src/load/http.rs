//! One HTTP connection of the loader, kept open from request to request.

use crate::Done;
use bytes::{Buf, BytesMut};
use std::net::SocketAddr;
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

pub struct Http {
    stream: TcpStream,
    address: SocketAddr,
    cookie: Option<String>,
    buffer: BytesMut,
}

pub struct Answer {
    pub status: u16,
    pub body: Vec<u8>,
    /// Until the first byte.
    pub first: Duration,
}

impl Http {
    pub async fn connect(address: SocketAddr, cookie: Option<String>) -> Done<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, address, cookie, buffer: BytesMut::new() })
    }

    pub async fn get(&mut self, path: &str) -> Done<Answer> {
        self.ask("GET", path, "", "").await
    }

    /// A call of the page; the fields are encoded already.
    pub async fn call(&mut self, endpoint: &str, fields: &str) -> Done<Answer> {
        let kind = format!(
            "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\nSec-Fetch-Site: same-origin\r\n",
            fields.len()
        );
        self.ask("POST", &format!("/call/{endpoint}"), &kind, fields).await
    }

    async fn ask(&mut self, method: &str, path: &str, headers: &str, body: &str) -> Done<Answer> {
        let accept = if method == "GET" { "text/html" } else { "application/json" };
        let cookie = self.cookie.as_ref().map(|c| format!("Cookie: {c}\r\n")).unwrap_or_default();
        let request = format!(
            "{method} {path} HTTP/1.1\r\nHost: {}\r\nAccept: {accept}\r\n{cookie}{headers}\r\n{body}",
            self.address
        );
        let asked = Instant::now();
        self.stream.write_all(request.as_bytes()).await?;
        self.more().await?;
        let first = asked.elapsed();
        let (status, length) = self.head().await?;
        let body = match length {
            Some(length) => self.exactly(length).await?,
            None => self.chunks().await?,
        };
        Ok(Answer { status, body, first })
    }

    /// The status, and the body's length unless it comes in chunks.
    async fn head(&mut self) -> Done<(u16, Option<usize>)> {
        let head = self.until(b"\r\n\r\n").await?;
        let head = String::from_utf8_lossy(&head).to_ascii_lowercase();
        let status = head.split(' ').nth(1).and_then(|word| word.parse().ok()).ok_or("no status")?;
        let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")?.parse().ok());
        let chunked = head.contains("transfer-encoding: chunked");
        Ok((status, if chunked { None } else { Some(length.unwrap_or(0)) }))
    }

    async fn chunks(&mut self) -> Done<Vec<u8>> {
        let mut body = Vec::new();
        loop {
            let line = self.until(b"\r\n").await?;
            let size = usize::from_str_radix(String::from_utf8_lossy(&line).trim(), 16)?;
            body.extend(self.exactly(size).await?);
            self.exactly(2).await?;
            if size == 0 {
                return Ok(body);
            }
        }
    }

    async fn until(&mut self, end: &[u8]) -> Done<Vec<u8>> {
        loop {
            if let Some(at) = self.buffer.windows(end.len()).position(|window| window == end) {
                return Ok(self.buffer.split_to(at + end.len()).to_vec());
            }
            self.more().await?;
        }
    }

    async fn exactly(&mut self, length: usize) -> Done<Vec<u8>> {
        while self.buffer.remaining() < length {
            self.more().await?;
        }
        Ok(self.buffer.split_to(length).to_vec())
    }

    async fn more(&mut self) -> Done {
        self.buffer.reserve(16 * 1024);
        match self.stream.read_buf(&mut self.buffer).await? {
            0 => Err("the connection ended".into()),
            _ => Ok(()),
        }
    }
}

//! A program that webhooks lead to, on a port of its own.

use ring::hmac;
use serde_json::Value;
use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;

pub const PATIENCE: Duration = Duration::from_secs(30);

pub struct Receiver {
    pub url: String,
    heard: mpsc::UnboundedReceiver<Heard>,
    /// What it says next, a status and a text; 200 when there is nothing. 0: nothing at all.
    answers: Arc<Mutex<VecDeque<(u16, &'static str)>>>,
}

/// A request.
pub struct Heard {
    pub headers: HashMap<String, String>,
    pub text: String,
    pub body: Value,
}

impl Receiver {
    pub async fn new() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/hook", listener.local_addr().unwrap());
        let (tell, heard) = mpsc::unbounded_channel();
        let answers: Arc<Mutex<VecDeque<(u16, &str)>>> = Arc::default();
        let says = answers.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (tell, says) = (tell.clone(), says.clone());
                tokio::spawn(async move {
                    let answer = says.lock().unwrap().pop_front().unwrap_or((200, "thank you"));
                    take(stream, answer, &tell).await;
                });
            }
        });
        Self { url, heard, answers }
    }

    /// An address where nobody answers.
    pub async fn nobody() -> String {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        format!("http://{}/", listener.local_addr().unwrap())
    }

    pub fn answers(&self, status: u16, text: &'static str) {
        self.answers.lock().unwrap().push_back((status, text));
    }

    pub async fn hears(&mut self) -> Heard {
        tokio::time::timeout(PATIENCE, self.heard.recv()).await.unwrap().unwrap()
    }

    /// What came already.
    pub fn heard(&mut self) -> Option<Heard> {
        self.heard.try_recv().ok()
    }
}

impl Heard {
    /// The places of the signature that this secret makes, as a receiver would look.
    pub fn is_signed_with(&self, secret: &str) -> bool {
        let (time, signatures) = self.headers["x-salon-signature"].split_once(",v1=").unwrap();
        let signed = format!("{}.{}", time.strip_prefix("t=").unwrap(), self.text);
        let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes()), signed.as_bytes());
        let hex: String = tag.as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
        signatures.split(",v1=").any(|one| one == hex)
    }

    /// What was said.
    pub fn said(&self) -> &str {
        self.body["event"]["said"]["message"]["spans"][0]["text"].as_str().unwrap_or_default()
    }
}

async fn take(mut stream: TcpStream, (status, text): (u16, &str), tell: &mpsc::UnboundedSender<Heard>) {
    let mut bytes = Vec::new();
    let head = loop {
        if stream.read_buf(&mut bytes).await.unwrap_or(0) == 0 {
            return;
        }
        if let Some(at) = bytes.windows(4).position(|end| end == b"\r\n\r\n") {
            break at;
        }
    };
    let lines = String::from_utf8(bytes[..head].to_vec()).unwrap();
    let field = |line: &str| line.split_once(": ").map(|(name, value)| (name.to_lowercase(), value.to_owned()));
    let headers: HashMap<String, String> = lines.lines().skip(1).filter_map(field).collect();
    let length: usize = headers["content-length"].parse().unwrap();
    while bytes.len() < head + 4 + length {
        stream.read_buf(&mut bytes).await.unwrap();
    }
    let sent = String::from_utf8(bytes.split_off(head + 4)).unwrap();
    let body = serde_json::from_str(&sent).unwrap();
    let _ = tell.send(Heard { headers, text: sent, body });
    if status == 0 {
        // Until the sender has gone.
        let _ = stream.read(&mut [0; 1]).await;
        return;
    }
    let answer = format!("HTTP/1.1 {status} Said\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{text}", text.len());
    let _ = stream.write_all(answer.as_bytes()).await;
}

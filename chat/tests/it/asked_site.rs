//! A site that is asked before something is said, on a port of its own.

use chat::{BeforeSend, OnFailure};
use ring::hmac;
use serde_json::Value;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, mpsc};

pub const KEY: &[u8] = b"0123456789abcdef0123456789abcdef";

/// How the site answers from now on.
#[derive(Clone, Debug)]
pub enum Mood {
    Says(&'static str),
    /// With this status.
    Status(&'static str),
    /// The signature of something else, or none.
    Forged,
    Unsigned,
    TooLong,
    Cut,
    /// Passes once it is let go.
    Silent,
}

pub const PASS: Mood = Mood::Says(r#"{"verdict":"pass"}"#);
pub const HOLD: Mood = Mood::Says(r#"{"verdict":"hold"}"#);
pub const REFUSE: Mood = Mood::Says(r#"{"verdict":"refuse","reason":"no links"}"#);

pub struct Site {
    url: String,
    mood: Arc<Mutex<Mood>>,
    asked: mpsc::UnboundedReceiver<Value>,
    pub silent: Arc<Semaphore>,
}

impl Site {
    pub async fn begins() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/check", listener.local_addr().unwrap());
        let (mood, silent) = (Arc::new(Mutex::new(PASS)), Arc::new(Semaphore::new(0)));
        let (tell, asked) = mpsc::unbounded_channel();
        let (says, lets) = (mood.clone(), silent.clone());
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(answer(stream, tell.clone(), says.clone(), lets.clone()));
            }
        });
        Self { url, mood, asked, silent }
    }

    pub fn is(&self, mood: Mood) {
        *self.mood.lock().unwrap() = mood;
    }

    pub fn hook(&self, on_failure: OnFailure) -> BeforeSend {
        BeforeSend::new(&self.url, Some(KEY), on_failure).unwrap()
    }

    pub async fn next(&mut self) -> Value {
        tokio::time::timeout(Duration::from_secs(20), self.asked.recv()).await.unwrap().unwrap()
    }

    /// How often it was asked since this was asked last.
    pub fn count(&mut self) -> usize {
        std::iter::from_fn(|| self.asked.try_recv().ok()).count()
    }
}

async fn answer(
    mut stream: TcpStream,
    tell: mpsc::UnboundedSender<Value>,
    mood: Arc<Mutex<Mood>>,
    lets: Arc<Semaphore>,
) {
    let mut bytes = Vec::new();
    let head = loop {
        stream.read_buf(&mut bytes).await.unwrap();
        if let Some(at) = bytes.windows(4).position(|end| end == b"\r\n\r\n") {
            break at;
        }
    };
    let text = String::from_utf8(bytes[..head].to_vec()).unwrap();
    let field = |name: &str| {
        let line = text.lines().find_map(|line| line.strip_prefix(&format!("{name}: "))).unwrap();
        line.to_owned()
    };
    let length: usize = field("content-length").parse().unwrap();
    while bytes.len() < head + 4 + length {
        stream.read_buf(&mut bytes).await.unwrap();
    }
    let body = &bytes[head + 4..];
    let theirs = field("x-salon-signature");
    assert_eq!(theirs, signature(&[field("x-salon-timestamp").as_bytes(), b".", body].concat()));
    // First the mood: whoever hears of the question may change it.
    let mood = mood.lock().unwrap().clone();
    tell.send(serde_json::from_slice(body).unwrap()).unwrap();
    let (status, said) = match &mood {
        Mood::Says(said) => ("200 OK", (*said).to_owned()),
        Mood::Status(status) => (*status, r#"{"verdict":"pass"}"#.to_owned()),
        Mood::TooLong => ("200 OK", format!(r#"{{"verdict":"pass","x":"{}"}}"#, "x".repeat(20_000))),
        Mood::Silent => {
            lets.acquire().await.unwrap().forget();
            ("200 OK", r#"{"verdict":"pass"}"#.to_owned())
        }
        Mood::Forged | Mood::Unsigned | Mood::Cut => ("200 OK", r#"{"verdict":"pass"}"#.to_owned()),
    };
    let mark = match mood {
        Mood::Unsigned => String::new(),
        Mood::Forged => format!("X-Salon-Signature: {}\r\n", signature(said.as_bytes())),
        _ => format!("X-Salon-Signature: {}\r\n", signature(format!("{theirs}.{said}").as_bytes())),
    };
    let length = if matches!(mood, Mood::Cut) { said.len() + 9 } else { said.len() };
    let answer = format!(
        "HTTP/1.1 {status}\r\n{mark}Location: /elsewhere\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{said}"
    );
    // Whoever does not wait any more does not hear it.
    let _ = stream.write_all(answer.as_bytes()).await;
}

fn signature(message: &[u8]) -> String {
    let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, KEY), message);
    let digits: String = tag.as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
    format!("sha256={digits}")
}

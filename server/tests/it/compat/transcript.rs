//! Golden transcripts: what a client sends and what it gets, as files that a person can read.
//!
//! `> ` is sent and `< ` received over HTTP; `ana> ` and `ana< ` over a socket called ana. A request
//! is its line, headers, an empty line and the body; an answer its status, and headers and body as
//! far as they are written. `⟨x⟩` takes what is there when it is met first and is the same from
//! then on; `⟨_⟩` is anything. Lines that begin with `#` are for people.

use super::super::town::client;
use futures::{SinkExt, StreamExt};
use reqwest::Method;
use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use serde_json::Value;
use std::collections::HashMap;
use std::path::PathBuf;
use std::time::Duration;
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(15);
/// How long nothing has to come where nothing should.
const SILENCE: Duration = Duration::from_millis(400);
/// The same at the end, where frames on their way are here already.
const LEFTOVERS: Duration = Duration::from_millis(100);
const BOUNDARY: &str = "salon-transcript";

type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// Replays `transcripts/<name>.txt` against a facade at `base`, with what the test knows already.
pub async fn replay(name: &str, base: &str, known: &[(&str, &str)]) {
    let file = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(format!("tests/it/compat/transcripts/{name}.txt"));
    let text = std::fs::read_to_string(&file).unwrap_or_else(|cause| panic!("{}: {cause}", file.display()));
    let names = known.iter().map(|(name, value)| ((*name).to_owned(), Value::from(*value))).collect();
    let mut stage = Stage { base: base.to_owned(), names: Names(names), sockets: HashMap::new(), refused: None };
    for block in blocks(&text) {
        let at = format!("{name}.txt:{}", block.line);
        stage.play(&block).await.unwrap_or_else(|fault| panic!("{at} ({base}): {fault}"));
    }
    stage.ends_in_silence().await.unwrap_or_else(|fault| panic!("{name}.txt, at its end ({base}): {fault}"));
}

/// Lines that belong together.
#[derive(Debug)]
struct Block<'a> {
    line: usize,
    /// Whose socket; empty for HTTP.
    who: &'a str,
    sent: bool,
    lines: Vec<&'a str>,
}

fn blocks(text: &str) -> Vec<Block<'_>> {
    let mut blocks: Vec<Block> = Vec::new();
    let mut open = false;
    for (number, line) in text.lines().enumerate() {
        if line.trim().is_empty() || line.starts_with('#') {
            open = false;
            continue;
        }
        let at = line.find(['>', '<']).unwrap_or_else(|| panic!("line {}: neither sent nor received", number + 1));
        let (who, rest) = line.split_at(at);
        let (sent, rest) = (rest.starts_with('>'), &rest[1..]);
        let rest = rest.strip_prefix(' ').unwrap_or(rest);
        match blocks.last_mut().filter(|block| open && block.who == who && block.sent == sent) {
            Some(block) => block.lines.push(rest),
            None => blocks.push(Block { line: number + 1, who, sent, lines: vec![rest] }),
        }
        open = true;
    }
    blocks
}

struct Stage {
    base: String,
    names: Names,
    sockets: HashMap<String, Socket>,
    /// The last answer that has not been compared yet.
    refused: Option<Answer>,
}

/// An answer over HTTP.
struct Answer {
    status: u16,
    headers: HeaderMap,
    body: String,
}

impl Stage {
    async fn play(&mut self, block: &Block<'_>) -> Result<(), String> {
        match (block.who, block.sent) {
            ("", true) => {
                self.refused = Some(self.ask(&block.lines).await?);
                Ok(())
            }
            ("", false) => self.compare(&block.lines),
            (who, true) if !self.sockets.contains_key(who) => self.connect(who, &block.lines).await,
            (who, true) => self.say(who, &block.lines).await,
            (who, false) if self.refused.is_some() => self.compare_then_hear(who, &block.lines).await,
            (who, false) => self.hear(who, &block.lines).await,
        }
    }

    async fn ask(&self, lines: &[&str]) -> Result<Answer, String> {
        let (first, rest) = lines.split_first().ok_or("no request")?;
        let (method, path) = first.split_once(' ').ok_or("not a request line")?;
        let url = format!("{}{}", self.base, self.names.filled(path.trim()));
        let (mut headers, body) = self.parts(rest)?;
        let method = Method::from_bytes(method.as_bytes()).map_err(|_| "no method")?;
        let mut request = client().request(method, url);
        let multipart = headers.get(CONTENT_TYPE).is_some_and(|kind| kind == "multipart/form-data");
        if multipart {
            // In its place, not beside it.
            headers.remove(CONTENT_TYPE);
            request = request.headers(headers);
            request = request.header(CONTENT_TYPE, format!("multipart/form-data; boundary={BOUNDARY}"));
            request = request.body(form_data(&body));
        } else {
            request = request.headers(headers);
            request = request.body(body);
        }
        let answer = request.send().await.map_err(|cause| format!("no answer: {cause}"))?;
        let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
        let body = answer.bytes().await.map_err(|cause| cause.to_string())?;
        Ok(Answer { status, headers, body: String::from_utf8_lossy(&body).into_owned() })
    }

    fn parts(&self, lines: &[&str]) -> Result<(HeaderMap, String), String> {
        let end = lines.iter().position(|line| line.is_empty()).unwrap_or(lines.len());
        let mut headers = HeaderMap::new();
        for line in &lines[..end] {
            let (name, value) = line.split_once(':').ok_or_else(|| format!("not a header: {line}"))?;
            let name = HeaderName::from_bytes(name.trim().as_bytes()).map_err(|_| "not a header's name")?;
            let value = self.names.filled(value.trim());
            headers.append(name, HeaderValue::from_bytes(value.as_bytes()).map_err(|_| "not a header's value")?);
        }
        let body: Vec<String> = lines.iter().skip(end + 1).map(|line| self.names.filled(line)).collect();
        Ok((headers, body.join("\n")))
    }

    fn compare(&mut self, lines: &[&str]) -> Result<(), String> {
        let answer = self.refused.take().ok_or("nothing was asked")?;
        let (status, rest) = lines.split_first().ok_or("no status")?;
        let body = &answer.body;
        if answer.status.to_string() != status.trim() {
            return Err(format!("status {} instead of {status}: {body}", answer.status));
        }
        let end = rest.iter().position(|line| line.is_empty()).unwrap_or(rest.len());
        for line in &rest[..end] {
            let (name, value) = line.split_once(':').ok_or_else(|| format!("not a header: {line}"))?;
            let values = answer.headers.get_all(name.trim()).iter().filter_map(|value| value.to_str().ok());
            let values: Vec<&str> = values.collect();
            if !values.iter().any(|got| self.names.match_text(value.trim(), got).is_ok()) {
                return Err(format!("{name} is {values:?} instead of {value}"));
            }
        }
        match rest.get(end + 1..) {
            Some(expected) if !expected.is_empty() => self.names.match_body(&expected.join("\n"), body),
            _ => Ok(()),
        }
    }

    /// The answer to a handshake, and the frames that stand below it.
    async fn compare_then_hear(&mut self, who: &str, lines: &[&str]) -> Result<(), String> {
        if !self.sockets.contains_key(who) {
            return self.compare(lines);
        }
        let (status, frames) = lines.split_at(1.min(lines.len()));
        self.compare(status)?;
        self.hear(who, frames).await
    }

    async fn connect(&mut self, who: &str, lines: &[&str]) -> Result<(), String> {
        let (first, rest) = lines.split_first().ok_or("no request")?;
        let path = first.strip_prefix("GET ").ok_or_else(|| format!("no socket of {who} is open"))?;
        let url = format!("{}{}", self.base.replacen("http", "ws", 1), self.names.filled(path.trim()));
        let mut request = url.into_client_request().map_err(|cause| cause.to_string())?;
        request.headers_mut().extend(self.parts(rest)?.0);
        match connect_async(request).await {
            Ok((socket, answer)) => {
                self.sockets.insert(who.to_owned(), socket);
                let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
                self.refused = Some(Answer { status, headers, body: String::new() });
                Ok(())
            }
            Err(Error::Http(answer)) => {
                let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
                let body = answer.body().clone().unwrap_or_default();
                self.refused = Some(Answer { status, headers, body: String::from_utf8_lossy(&body).into_owned() });
                Ok(())
            }
            Err(cause) => Err(format!("no socket: {cause}")),
        }
    }

    async fn say(&mut self, who: &str, lines: &[&str]) -> Result<(), String> {
        for line in lines {
            let text = self.names.filled(line);
            let socket = self.sockets.get_mut(who).ok_or("no such socket")?;
            socket.send(Message::text(text)).await.map_err(|cause| cause.to_string())?;
        }
        Ok(())
    }

    async fn hear(&mut self, who: &str, lines: &[&str]) -> Result<(), String> {
        for line in lines {
            let socket = self.sockets.get_mut(who).ok_or("no such socket")?;
            let patience = if *line == "silence" { SILENCE } else { PATIENCE };
            match (*line, next(socket, patience).await) {
                ("silence", None) => {}
                ("closed", Some(Message::Close(_))) => drop(self.sockets.remove(who)),
                ("bytes", Some(Message::Binary(_))) => {}
                (expected, Some(Message::Text(got))) => self.names.match_body(expected, &got)?,
                (expected, got) => return Err(format!("{who} heard {got:?} instead of {expected}")),
            }
        }
        Ok(())
    }

    /// Nobody has heard more than what is written.
    async fn ends_in_silence(mut self) -> Result<(), String> {
        for (who, socket) in &mut self.sockets {
            if let Some(more) = next(socket, LEFTOVERS).await {
                return Err(format!("{who} heard {more:?} as well"));
            }
        }
        Ok(())
    }
}

/// The next frame; the end of a connection is one.
async fn next(socket: &mut Socket, patience: Duration) -> Option<Message> {
    loop {
        match tokio::time::timeout(patience, socket.next()).await.ok()? {
            Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
            Some(Ok(message)) => return Some(message),
            Some(Err(_)) | None => return Some(Message::Close(None)),
        }
    }
}

fn form_data(body: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    for line in body.lines() {
        let (name, value) = line.split_once('=').unwrap_or((line, ""));
        let (file, content) = match value.strip_prefix('@').map(|rest| rest.split_once(' ').unwrap_or((rest, ""))) {
            Some((file, content)) => (format!("; filename=\"{file}\""), content),
            None => (String::new(), value),
        };
        let head = format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"{file}\r\n\r\n");
        bytes.extend_from_slice(head.as_bytes());
        if content == "⟨png⟩" {
            bytes.extend_from_slice(&png())
        } else {
            bytes.extend_from_slice(content.as_bytes())
        }
        bytes.extend_from_slice(b"\r\n");
    }
    bytes.extend_from_slice(format!("--{BOUNDARY}--\r\n").as_bytes());
    bytes
}

/// A small picture.
pub fn png() -> Vec<u8> {
    let mut png = std::io::Cursor::new(Vec::new());
    image::RgbImage::new(4, 4).write_to(&mut png, image::ImageFormat::Png).unwrap();
    png.into_inner()
}

/// What was met so far.
struct Names(HashMap<String, Value>);

impl Names {
    /// A text with what is known in place of its names.
    fn filled(&self, text: &str) -> String {
        let mut filled = String::new();
        let mut rest = text;
        while let Some((before, name, after)) = first_name(rest) {
            filled.push_str(before);
            match self.0.get(name) {
                Some(Value::String(value)) => filled.push_str(value),
                Some(value) => filled.push_str(&value.to_string()),
                None => filled.push_str(&format!("⟨{name}⟩")),
            }
            rest = after;
        }
        filled + rest
    }

    fn match_body(&mut self, expected: &str, got: &str) -> Result<(), String> {
        match (serde_json::from_str::<Value>(&quoted(expected)), serde_json::from_str::<Value>(got)) {
            (Ok(expected), Ok(value)) => {
                self.match_value(&expected, &value).map_err(|fault| format!("{fault} in {got}"))
            }
            _ => self.match_text(expected, got),
        }
    }

    fn match_value(&mut self, expected: &Value, got: &Value) -> Result<(), String> {
        let differ = || format!("{got} instead of {expected}");
        match (expected, got) {
            (Value::String(text), _) if is_name(text) => self.bind(text, got),
            (Value::String(text), Value::String(got)) => self.match_text(text, got),
            (Value::Array(expected), Value::Array(got)) if expected.len() == got.len() => {
                expected.iter().zip(got).try_for_each(|(expected, got)| self.match_value(expected, got))
            }
            (Value::Object(expected), Value::Object(got)) if expected.keys().eq(got.keys()) => {
                expected.iter().try_for_each(|(key, value)| self.match_value(value, &got[key]))
            }
            (expected, got) if expected == got => Ok(()),
            _ => Err(differ()),
        }
    }

    fn match_text(&mut self, expected: &str, got: &str) -> Result<(), String> {
        let differ = || format!("{got:?} instead of {expected:?}");
        let Some((before, name, after)) = first_name(expected) else {
            return if expected == got { Ok(()) } else { Err(differ()) };
        };
        let rest = got.strip_prefix(before).ok_or_else(differ)?;
        let literal = first_name(after).map_or(after, |(literal, _, _)| literal);
        let end = if literal.is_empty() { rest.len() } else { rest.find(literal).ok_or_else(differ)? };
        self.bind(&format!("⟨{name}⟩"), &Value::from(&rest[..end])).map_err(|_| differ())?;
        self.match_text(after, &rest[end..])
    }

    fn bind(&mut self, name: &str, got: &Value) -> Result<(), String> {
        let name = name.trim_matches(['⟨', '⟩']);
        match self.0.get(name) {
            _ if name == "_" => Ok(()),
            Some(known) if same(known, got) => Ok(()),
            Some(known) => Err(format!("⟨{name}⟩ is {got}, it was {known}")),
            None => {
                self.0.insert(name.to_owned(), got.clone());
                Ok(())
            }
        }
    }
}

/// A number is the same as its text: ids are both in some protocols.
fn same(a: &Value, b: &Value) -> bool {
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    text(a) == text(b)
}

fn is_name(text: &str) -> bool {
    first_name(text).is_some_and(|(before, _, after)| before.is_empty() && after.is_empty())
}

/// What stands before the first name, the name, and what stands after it.
fn first_name(text: &str) -> Option<(&str, &str, &str)> {
    let (before, rest) = text.split_once('⟨')?;
    let (name, after) = rest.split_once('⟩')?;
    Some((before, name, after))
}

/// JSON in which names stand where a value is due, with these as strings.
fn quoted(text: &str) -> String {
    let (mut quoted, mut inside, mut escaped) = (String::new(), false, false);
    for c in text.chars() {
        if c == '"' && !escaped {
            inside = !inside;
        }
        escaped = c == '\\' && !escaped;
        match c {
            '⟨' if !inside => quoted.push_str("\"⟨"),
            '⟩' if !inside => quoted.push_str("⟩\""),
            c => quoted.push(c),
        }
    }
    quoted
}

#[test]
fn names_are_taken_and_compared() {
    let mut names = Names(HashMap::new());
    assert!(
        names
            .match_body(r#"{"id":⟨id⟩,"t":"⟨hex⟩\nid\nhello","x":[⟨_⟩]}"#, r#"{"id":7,"t":"ab12\nid\nhello","x":[{}]}"#)
            .is_ok()
    );
    assert_eq!(names.filled("/pic/⟨id⟩?h=⟨hex⟩&⟨other⟩"), "/pic/7?h=ab12&⟨other⟩");
    assert!(names.match_body(r#"{"id":"⟨id⟩"}"#, r#"{"id":"7"}"#).is_ok());
    for odd in [r#"{"id":8}"#, r#"{"id":7,"more":1}"#, "{}", "7"] {
        assert!(names.match_body(r#"{"id":⟨id⟩}"#, odd).is_err(), "{odd}");
    }
    assert!(names.match_text("session=⟨c⟩; ⟨_⟩", "session=xyz; Path=/").is_ok());
    assert_eq!(names.filled("⟨c⟩"), "xyz");
    let blocks = blocks("# title\n> GET /a\n> b: c\n< 200\n\nana> GET /ws\nana< 101\nana> hi\nana> ho\n");
    let shape: Vec<_> = blocks.iter().map(|block| (block.line, block.who, block.sent, block.lines.len())).collect();
    assert_eq!(
        shape,
        [(2, "", true, 2), (4, "", false, 1), (6, "ana", true, 1), (7, "ana", false, 1), (8, "ana", true, 2)]
    );
}

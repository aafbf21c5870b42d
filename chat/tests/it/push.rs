//! Notices that are pushed, to a push service that the tests run, opened as a browser would.

use crate::live::Ear;
use crate::town::{START, Town, problem};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chat::{Chat, Limits, Options, Problem, Rule, Who};
use domain::push::{NewSubscription, NoticeRule};
use domain::room::{Room, Visibility};
use domain::unread::{Level, WatchFrame};
use ring::aead::{AES_128_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use ring::agreement::{ECDH_P256, EphemeralPrivateKey, UnparsedPublicKey, agree_ephemeral};
use ring::hkdf::{HKDF_SHA256, KeyType, Prk, Salt};
use ring::rand::SystemRandom;
use serde_json::Value;
use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;

const PATIENCE: Duration = Duration::from_secs(20);

/// A push service on a port of its own.
pub struct Service {
    origin: String,
    heard: mpsc::UnboundedReceiver<Pushed>,
    /// What it says next; `201 Created` when there is nothing.
    answers: Arc<Mutex<VecDeque<&'static str>>>,
}

pub struct Pushed {
    path: String,
    headers: HashMap<String, String>,
    pub body: Vec<u8>,
    at: Instant,
}

impl Service {
    async fn begins() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let origin = format!("http://{}", listener.local_addr().unwrap());
        let (tell, heard) = mpsc::unbounded_channel();
        let answers: Arc<Mutex<VecDeque<&'static str>>> = Arc::default();
        let says = answers.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (tell, says) = (tell.clone(), says.clone());
                tokio::spawn(async move {
                    let answer = says.lock().unwrap().pop_front().unwrap_or("201 Created\r\n");
                    let _ = tell.send(take(stream, answer).await);
                });
            }
        });
        Self { origin, heard, answers }
    }

    fn answers(&self, answer: &'static str) {
        self.answers.lock().unwrap().push_back(answer);
    }

    pub async fn hears(&mut self) -> Pushed {
        tokio::time::timeout(PATIENCE, self.heard.recv()).await.unwrap().unwrap()
    }
}

async fn take(mut stream: TcpStream, answer: &str) -> Pushed {
    let mut bytes = Vec::new();
    let head = loop {
        stream.read_buf(&mut bytes).await.unwrap();
        if let Some(at) = bytes.windows(4).position(|end| end == b"\r\n\r\n") {
            break at;
        }
    };
    let text = String::from_utf8(bytes[..head].to_vec()).unwrap();
    let mut lines = text.lines();
    let path = lines.next().unwrap().split(' ').nth(1).unwrap().to_owned();
    let field = |line: &str| line.split_once(": ").map(|(name, value)| (name.to_lowercase(), value.to_owned()));
    let headers: HashMap<String, String> = lines.filter_map(field).collect();
    let length: usize = headers["content-length"].parse().unwrap();
    while bytes.len() < head + 4 + length {
        stream.read_buf(&mut bytes).await.unwrap();
    }
    let said = format!("HTTP/1.1 {answer}Content-Length: 0\r\nConnection: close\r\n\r\n");
    stream.write_all(said.as_bytes()).await.unwrap();
    Pushed { path, headers, body: bytes[head + 4..].to_vec(), at: Instant::now() }
}

/// What a browser keeps of a subscription. It opens one notice.
struct Device {
    private: EphemeralPrivateKey,
    public: Vec<u8>,
    auth: [u8; 16],
}

impl Device {
    fn new() -> Self {
        let private = EphemeralPrivateKey::generate(&ECDH_P256, &SystemRandom::new()).unwrap();
        let public = private.compute_public_key().unwrap().as_ref().to_vec();
        Self { private, public, auth: rand::random() }
    }

    fn at(&self, endpoint: String) -> NewSubscription {
        let encode = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
        NewSubscription { endpoint, p256dh: encode(&self.public), auth: encode(&self.auth), lang: "en".into() }
    }

    /// RFC 8291, from the other side.
    fn opens(self, body: &[u8]) -> Value {
        let (salt, rest) = body.split_at(16);
        assert_eq!(rest[..5], [0, 0, 16, 0, 65], "one record of 4096 bytes, a key of 65");
        let (theirs, sealed) = rest[5..].split_at(65);
        let public = self.public;
        let auth = self.auth;
        let key = UnparsedPublicKey::new(&ECDH_P256, theirs);
        let ikm: [u8; 32] = agree_ephemeral(self.private, &key, |secret| {
            expand(&Salt::new(HKDF_SHA256, &auth).extract(secret), &[b"WebPush: info\0", &public, theirs])
        })
        .unwrap();
        let prk = Salt::new(HKDF_SHA256, salt).extract(&ikm);
        let key: [u8; 16] = expand(&prk, &[b"Content-Encoding: aes128gcm\0"]);
        let nonce: [u8; 12] = expand(&prk, &[b"Content-Encoding: nonce\0"]);
        let key = LessSafeKey::new(UnboundKey::new(&AES_128_GCM, &key).unwrap());
        let mut text = sealed.to_vec();
        let text = key.open_in_place(Nonce::assume_unique_for_key(nonce), Aad::empty(), &mut text).unwrap();
        assert_eq!(text.last(), Some(&2), "the last record");
        serde_json::from_slice(&text[..text.len() - 1]).unwrap()
    }
}

fn expand<const N: usize>(prk: &Prk, info: &[&[u8]]) -> [u8; N] {
    struct Length(usize);
    impl KeyType for Length {
        fn len(&self) -> usize {
            self.0
        }
    }
    let mut out = [0; N];
    prk.expand(info, Length(N)).unwrap().fill(&mut out).unwrap();
    out
}

/// Ana, who talks; Bo, whose phone is told; and rooms that both belong to.
pub struct Scene {
    pub town: Town,
    pub service: Service,
    ana: Who,
    pub bo: Who,
    phone: Device,
    pub rooms: Vec<Room>,
}

impl Scene {
    pub async fn new(rooms: usize) -> Self {
        let (town, service) = (Town::new().await, Service::begins().await);
        let (ana, bo) = (town.person("ana").await, town.person("bo").await);
        let phone = Device::new();
        town.chat.subscribe(&bo, phone.at(format!("{}/bo", service.origin))).await.unwrap();
        let mut all = Vec::new();
        for i in 0..rooms {
            let room = town.room(&format!("room-{i}"), Visibility::Open, &ana).await;
            town.chat.enter(&bo, room.id).await.unwrap();
            all.push(room);
        }
        Self { town, service, ana, bo, phone, rooms: all }
    }

    pub async fn says(&self, room: usize, text: &str) {
        self.town.says(&self.ana, self.rooms[room].id, text).await;
    }

    /// What the phone reads; once.
    pub fn opens(&mut self, body: &[u8]) -> Value {
        std::mem::replace(&mut self.phone, Device::new()).opens(body)["notice"].take()
    }

    /// The first thing that is pushed is about this room: nothing was about those before.
    pub async fn hears_first_of(&mut self, room: usize) {
        let topic = format!("room-{}", self.rooms[room].id);
        assert_eq!(self.service.hears().await.headers["topic"], topic);
    }
}

#[tokio::test]
async fn a_notice_is_sealed_for_the_device_and_signed_by_the_house() {
    let mut scene = Scene::new(1).await;
    scene.town.chat.set_contact("https://talk.example.org");
    scene.says(0, "see you **tonight**").await;
    let pushed = scene.service.hears().await;
    let notice = &scene.phone.opens(&pushed.body)["notice"];
    assert_eq!(notice["room"], scene.rooms[0].id.0);
    assert_eq!((&notice["slug"], &notice["title"]), (&"room-0".into(), &"Room room-0".into()));
    assert_eq!(notice["said"], serde_json::json!({"author": "ana", "text": "see you tonight"}));
    assert_eq!(notice["unread"], 1);

    let header = |name: &str| pushed.headers[name].as_str();
    assert_eq!((pushed.path.as_str(), header("content-encoding"), header("ttl")), ("/bo", "aes128gcm", "86400"));
    let key = scene.town.chat.push_key().await.unwrap();
    let (token, k) = header("authorization").strip_prefix("vapid t=").unwrap().split_once(", k=").unwrap();
    assert_eq!(k, key);
    let (signed, signature) = token.rsplit_once('.').unwrap();
    let read = |text: &str| URL_SAFE_NO_PAD.decode(text).unwrap();
    ring::signature::UnparsedPublicKey::new(&ring::signature::ECDSA_P256_SHA256_FIXED, read(&key))
        .verify(signed.as_bytes(), &read(signature))
        .unwrap();
    let claims: Value = serde_json::from_slice(&read(signed.split_once('.').unwrap().1)).unwrap();
    assert_eq!((&claims["aud"], &claims["sub"]), (&scene.service.origin.into(), &"https://talk.example.org".into()));
    let lasts = claims["exp"].as_i64().unwrap() - START / 1_000;
    assert!((3_600..=86_400).contains(&lasts), "{lasts} s");
}

#[tokio::test]
async fn who_looks_who_has_seen_it_and_who_said_it_are_left_alone() {
    let mut scene = Scene::new(4).await;
    let bo = scene.bo.clone();
    let rooms: Vec<_> = scene.rooms.iter().map(|room| room.id).collect();
    // One device shows the first room; nothing is pushed to the other one either.
    let desk = Ear::new(&scene.town.chat, Some(&bo));
    scene.town.chat.watch(&desk.outbox, vec![rooms[0]], Vec::new());
    scene.says(0, "looked at").await;
    scene.says(1, "seen at once").await;
    scene.town.chat.mark_read(&bo, rooms[1]).await.unwrap();
    scene.town.says(&bo, rooms[2], "my own words").await;
    tokio::time::sleep(Duration::from_millis(1_500)).await;
    scene.says(3, "nobody looks").await;
    scene.hears_first_of(3).await;
    // What one looks away from is told again.
    scene.town.chat.watch(&desk.outbox, Vec::new(), Vec::new());
    scene.says(0, "not looked at").await;
    scene.hears_first_of(0).await;
}

#[tokio::test]
async fn a_level_decides_what_is_told() {
    let mut scene = Scene::new(5).await;
    for (room, level) in [(0, Level::Nothing), (1, Level::Hidden), (2, Level::Mentions), (3, Level::Mentions)] {
        scene.town.chat.change_level(&scene.bo, scene.rooms[room].id, level).await.unwrap();
    }
    for room in [0, 1] {
        scene.says(room, "@bo, hello").await;
    }
    scene.says(2, "nobody in particular").await;
    tokio::time::sleep(Duration::from_millis(1_500)).await;
    scene.says(3, "and *you, @bo*?").await;
    let pushed = scene.service.hears().await;
    assert_eq!(pushed.headers["topic"], format!("room-{}", scene.rooms[3].id));
    assert_eq!(pushed.headers["urgency"], "high");
    scene.says(4, "everything").await;
    let pushed = scene.service.hears().await;
    assert_eq!((pushed.headers["urgency"].as_str(), pushed.path.as_str()), ("normal", "/bo"));
}

#[tokio::test]
async fn nothing_is_told_in_quiet_hours_or_of_what_one_may_not_read() {
    let mut scene = Scene::new(4).await;
    let chat = scene.town.chat.clone();
    // START is 08:00 UTC.
    let quiet = NoticeRule::parse("09:00", "09:30", 60, true).unwrap();
    chat.change_notice_rule(&scene.bo, quiet).await.unwrap();
    assert_eq!(chat.notice_rule(&scene.bo).await.unwrap(), quiet);
    scene.says(0, "in the quiet").await;
    tokio::time::sleep(Duration::from_millis(1_500)).await;
    scene.town.clock.advance(3_600_000);
    let host = chat.host(Some(&scene.ana), scene.rooms[1].id).await.unwrap();
    chat.open_room_now(&host, false).await.unwrap();
    scene.says(1, "behind the gate").await;
    scene.says(2, "he has left").await;
    chat.leave(&scene.bo, scene.rooms[2].id).await.unwrap();
    tokio::time::sleep(Duration::from_millis(1_500)).await;
    scene.says(3, "a secret").await;
    let pushed = scene.service.hears().await;
    let notice = &scene.phone.opens(&pushed.body)["notice"];
    assert_eq!(notice["slug"], "room-3");
    assert_eq!(notice["said"], Value::Null, "the text is hidden");
}

#[tokio::test]
async fn a_device_that_is_gone_is_forgotten() {
    let mut scene = Scene::new(2).await;
    let chat = scene.town.chat.clone();
    let [line] = &chat.subscriptions(&scene.bo).await.unwrap()[..] else { panic!("one device") };
    assert!(line.is_this && line.device == "Firefox · Linux", "{line:?}");
    assert_eq!(problem(chat.unsubscribe(&scene.ana, line.id).await).status(), 404);

    scene.service.answers("410 Gone\r\n");
    scene.says(0, "anybody there?").await;
    scene.service.hears().await;
    let begun = Instant::now();
    while !chat.subscriptions(&scene.bo).await.unwrap().is_empty() {
        assert!(begun.elapsed() < PATIENCE, "it is still there");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    // Signing out ends it as well, and one browser belongs to whoever signed in last.
    let device = Device::new();
    let endpoint = format!("{}/shared", scene.service.origin);
    chat.subscribe(&scene.bo, device.at(endpoint.clone())).await.unwrap();
    chat.subscribe(&scene.ana, device.at(endpoint)).await.unwrap();
    assert!(chat.subscriptions(&scene.bo).await.unwrap().is_empty());
    let other = Device::new();
    chat.subscribe(&scene.bo, other.at(format!("{}/bo", scene.service.origin))).await.unwrap();
    chat.sign_out(&scene.bo).await.unwrap();
    assert!(chat.subscriptions(&scene.bo).await.unwrap().is_empty());
    let late = chat.subscribe(&scene.bo, other.at(format!("{}/bo", scene.service.origin))).await;
    assert_eq!(problem(late), Problem::SignInNeeded);
}

#[tokio::test]
async fn a_service_that_asks_for_patience_gets_it() {
    let mut scene = Scene::new(1).await;
    scene.service.answers("429 Too Many Requests\r\nRetry-After: 1\r\n");
    scene.service.answers("503 Service Unavailable\r\nRetry-After: 1\r\n");
    scene.says(0, "hello").await;
    let first = scene.service.hears().await;
    let second = scene.service.hears().await;
    let third = scene.service.hears().await;
    assert!(second.at - first.at >= Duration::from_millis(950), "{:?}", second.at - first.at);
    assert!(third.at - second.at >= Duration::from_millis(950), "{:?}", third.at - second.at);
    assert_eq!(scene.phone.opens(&third.body)["notice"]["said"]["text"], "hello");
}

#[tokio::test]
async fn many_messages_make_one_notice_and_open_tabs_hear_it_too() {
    let mut scene = Scene::new(2).await;
    let mut desk = Ear::new(&scene.town.chat, Some(&scene.bo));
    scene.town.chat.watch(&desk.outbox, Vec::new(), Vec::new());
    for text in ["one", "two", "three"] {
        scene.says(0, text).await;
    }
    let pushed = scene.service.hears().await;
    let notice = scene.opens(&pushed.body);
    assert_eq!((&notice["said"]["text"], &notice["unread"]), (&"three".into(), &3.into()));
    let is_notice = |frame: &WatchFrame| matches!(frame, WatchFrame::Notice(n) if n.unread == 3);
    desk.hear_until("the notice", |ear| ear.watched.iter().any(is_notice)).await;
    scene.says(0, "four, a moment later").await;
    tokio::time::sleep(Duration::from_millis(1_500)).await;
    scene.says(1, "elsewhere").await;
    scene.hears_first_of(1).await;
}

#[tokio::test]
async fn no_address_leads_into_the_network_of_the_house() {
    let town = Town::new().await;
    town.chat.close().await;
    let options = Options { fetch_private: false, ..town.options() };
    let chat = Chat::open_with(options, Limits::none()).await.unwrap();
    let visit = crate::town::visit();
    let bo = chat.register("bo", "Bo", crate::town::PASSWORD, None, &visit).await.unwrap().who;
    let device = Device::new();
    for endpoint in [
        "http://push.example/x",
        "https://127.0.0.1/x",
        "https://10.1.2.3/x",
        "https://[::1]/x",
        "https://169.254.169.254/latest/meta-data",
        "https://push.example:8443/x",
        "https://user@push.example/x",
        "ftp://push.example/x",
        "/x",
        "",
    ] {
        let refused = problem(chat.subscribe(&bo, device.at(endpoint.to_owned())).await);
        assert_eq!(refused, Problem::invalid("endpoint", Rule::Shape), "{endpoint}");
    }
    let long = format!("https://push.example/{}", "x".repeat(3_000));
    assert!(chat.subscribe(&bo, device.at(long)).await.is_err());
    let odd = NewSubscription { p256dh: "AAAA".into(), ..device.at("https://push.example/x".into()) };
    assert_eq!(problem(chat.subscribe(&bo, odd).await), Problem::invalid("p256dh", Rule::Shape));
    chat.subscribe(&bo, device.at("https://push.example/x".into())).await.unwrap();
    chat.close().await;
}

#[tokio::test]
async fn the_key_stays_and_goes_into_backups_but_devices_do_not() {
    let scene = Scene::new(1).await;
    let key = scene.town.chat.push_key().await.unwrap();
    let rule = NoticeRule::parse("22:00", "06:00", 480, false).unwrap();
    scene.town.chat.change_notice_rule(&scene.bo, rule).await.unwrap();
    scene.town.chat.change_level(&scene.bo, scene.rooms[0].id, Level::Mentions).await.unwrap();
    let town = scene.town.reopen().await;
    assert_eq!(town.chat.push_key().await.unwrap(), key);
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("copy.tar");
    town.backup(&file).await.unwrap();
    let again = Town::restored(&file).await;
    assert_eq!(again.chat.push_key().await.unwrap(), key);
    let bo = again.chat.sign_in("bo", crate::town::PASSWORD, &crate::town::visit()).await.unwrap().who;
    assert_eq!(again.chat.notice_rule(&bo).await.unwrap(), rule);
    assert_eq!(again.chat.rooms(Some(&bo)).await.unwrap()[0].level, Level::Mentions);
    assert!(again.chat.subscriptions(&bo).await.unwrap().is_empty());
}

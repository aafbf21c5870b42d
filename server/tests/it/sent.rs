//! What is under way when the right to it ends: bodies that are read slowly, and uploads that take long.

use crate::pictures::{file, png, upload};
use crate::town::{Browser, Town};
use chat::{NewVideo, VideoSource};
use domain::ClientId;
use domain::member::Role;
use domain::room::{Room, Visibility};
use reqwest::Method;
use reqwest::multipart::Form;
use serde_json::Value;
use std::net::SocketAddr;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};

const MB: usize = 1024 * 1024;
/// More than what the machine keeps of a connection on both sides.
const LARGE: usize = 32 * MB;

/// Somebody who asked for something large and has read its beginning.
struct Slow {
    stream: TcpStream,
    read: Vec<u8>,
}

impl Slow {
    async fn asks(address: SocketAddr, browser: &Browser, method: &str, path: &str) -> Self {
        let socket = TcpSocket::new_v4().unwrap();
        socket.set_recv_buffer_size(16 * 1024).unwrap();
        let mut stream = socket.connect(address).await.unwrap();
        let cookie = browser.cookie.as_deref().unwrap();
        let head = format!(
            "{method} {path} HTTP/1.1\r\nHost: {address}\r\nSec-Fetch-Site: same-origin\r\nCookie: {cookie}\r\n\
             Content-Length: 0\r\n\r\n"
        );
        stream.write_all(head.as_bytes()).await.unwrap();
        let mut read = vec![0; 1_000];
        stream.read_exact(&mut read).await.unwrap();
        assert!(read.starts_with(b"HTTP/1.1 200 "), "{}", String::from_utf8_lossy(&read));
        Self { stream, read }
    }

    /// Reads until the server closes the connection; how many bytes came in all.
    async fn rest(mut self) -> (usize, Vec<u8>) {
        let rest = tokio::time::timeout(Duration::from_secs(60), self.stream.read_to_end(&mut self.read)).await;
        // Reset or closed: it is over.
        let _ = rest.expect("the server keeps the connection open");
        (self.read.len(), self.read)
    }
}

struct Scene {
    town: Town,
    ana: Browser,
    ben: Browser,
    room: Room,
}

impl Scene {
    async fn new() -> Self {
        let town = Town::new().await;
        let (ana, ben) = (town.person("ana").await, town.person("ben").await);
        let room = town.room("den", Visibility::Private, &ana).await;
        let scene = Self { town, ana, ben, room };
        scene.seat(Role::Member).await;
        scene
    }

    async fn host(&self) -> chat::RoomHost {
        self.town.chat.host(self.ana.who.as_ref(), self.room.id).await.unwrap()
    }

    async fn seat(&self, role: Role) {
        let ben = self.ben.who.as_ref().unwrap().person.id;
        self.town.chat.add_member(&self.host().await, ben, role).await.unwrap();
    }

    async fn bans(&self) {
        let ben = self.ben.who.as_ref().unwrap().person.id;
        self.town.chat.ban(&self.host().await, ben, "").await.unwrap();
    }

    async fn shuts(&self) {
        self.town.chat.open_room_now(&self.host().await, false).await.unwrap();
    }

    async fn asks(&self, method: &str, path: &str) -> Slow {
        Slow::asks(self.town.address, &self.ben, method, path).await
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_film_ends_for_whoever_is_banned() {
    let scene = Scene::new().await;
    let (chat, host) = (&scene.town.chat, scene.host().await);
    let mut film = chat.begin_video(&host).await.unwrap();
    film.push(b"\0\0\0\x20ftypisom").await.unwrap();
    for _ in 0..LARGE / MB {
        film.push(&vec![7; MB]).await.unwrap();
    }
    let source = VideoSource::File(film.finish().await.unwrap());
    let new = NewVideo { source, title: String::new(), poster: None, captions: None, language: String::new() };
    let src = chat.set_video(&host, new).await.unwrap().video.unwrap().src;
    let slow = scene.asks("GET", &src).await;
    scene.bans().await;
    let (length, _) = slow.rest().await;
    assert!(length < LARGE / 2, "{length} bytes came");
    assert_eq!(scene.ben.get(&src).await.status(), 404);
    let whole = scene.ana.get(&src).await.bytes().await.unwrap();
    assert_eq!(whole.len(), LARGE + 12, "others get it all");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_ends_when_the_room_shuts_but_not_for_its_host() {
    let scene = Scene::new().await;
    let chat = &scene.town.chat;
    let writer = chat.writer(scene.ana.who.as_ref(), scene.room.id).await.unwrap();
    let mut upload = chat.begin_whole(&writer, "data.bin").await.unwrap();
    for _ in 0..LARGE / MB {
        upload.push(&vec![7; MB]).await.unwrap();
    }
    let file = upload.finish(None).await.unwrap().file.unwrap();
    chat.post_with(&writer, &ClientId::parse("f").unwrap(), "", std::slice::from_ref(&file.blob)).await.unwrap();
    let path = format!("/file/{}/{}/full", scene.room.id, file.blob);
    let (slow, host) = (scene.asks("GET", &path).await, Slow::asks(scene.town.address, &scene.ana, "GET", &path).await);
    scene.shuts().await;
    let (length, _) = slow.rest().await;
    assert!(length < LARGE / 2, "{length} bytes came");
    let host = tokio::spawn(read_all(host, LARGE));
    assert!(host.await.unwrap(), "hosts pass the gate");
}

/// Whether so many bytes come.
async fn read_all(mut slow: Slow, length: usize) -> bool {
    while slow.read.len() < length {
        if slow.stream.read_buf(&mut slow.read).await.unwrap_or(0) == 0 {
            return false;
        }
    }
    true
}

#[tokio::test(flavor = "multi_thread")]
async fn a_conversation_ends_for_whoever_is_banned() {
    let scene = Scene::new().await;
    let chat = &scene.town.chat;
    let writer = chat.writer(scene.ana.who.as_ref(), scene.room.id).await.unwrap();
    // Four times as long on a page.
    let text = "<".repeat(4_000);
    for some in (0..2_400).collect::<Vec<_>>().chunks(100) {
        let ids: Vec<ClientId> = some.iter().map(|n| ClientId::parse(&format!("c{n}")).unwrap()).collect();
        let said = futures::future::join_all(ids.iter().map(|id| chat.post(&writer, id, &text))).await;
        assert!(said.into_iter().all(|said| said.is_ok()));
    }
    let slow = scene.asks("GET", "/r/den/conversation.zip").await;
    scene.bans().await;
    let (length, read) = slow.rest().await;
    assert!(length < 34 * MB, "{length} bytes came: pages after the ban");
    assert!(!read.ends_with(b"0\r\n\r\n"), "nobody takes it for the whole");
    assert_eq!(scene.ben.get("/r/den/conversation.zip").await.status(), 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_album_ends_for_a_host_who_is_one_no_more() {
    let scene = Scene::new().await;
    scene.seat(Role::Host).await;
    for n in 0..4 {
        let picture = scene.town.picture(&scene.ana, &scene.room, &format!("{n}")).await;
        // As large as none that is taken in time for a test.
        let full = scene.town.data().join(format!("files/{}/{}/full", scene.room.id, picture.blob));
        std::fs::write(full, vec![7; LARGE / 4]).unwrap();
    }
    let path = format!("/export/pictures/{}", scene.room.id);
    let whole = scene.ana.request(Method::POST, &path).send().await.unwrap().bytes().await.unwrap().len();
    assert!(whole > LARGE, "{whole}");
    let slow = scene.asks("POST", &path).await;
    scene.seat(Role::Member).await;
    let (length, read) = slow.rest().await;
    assert!(length < whole * 3 / 4, "{length} of {whole} bytes came");
    assert!(!read.ends_with(b"0\r\n\r\n"), "nobody takes it for the whole");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_somebody_takes_along_ends_when_they_are_signed_out_and_is_told_apart() {
    let scene = Scene::new().await;
    let chat = &scene.town.chat;
    let writer = chat.writer(scene.ben.who.as_ref(), scene.room.id).await.unwrap();
    let mut upload = chat.begin_whole(&writer, "data.bin").await.unwrap();
    for _ in 0..LARGE / MB {
        upload.push(&vec![7; MB]).await.unwrap();
    }
    let file = upload.finish(None).await.unwrap().file.unwrap();
    chat.post_with(&writer, &ClientId::parse("f").unwrap(), "", std::slice::from_ref(&file.blob)).await.unwrap();
    let whole = scene.ben.request(Method::POST, "/export/account").send().await.unwrap().bytes().await.unwrap();
    assert!(whole.len() > LARGE);
    let slow = scene.asks("POST", "/export/account").await;
    chat.sign_out(scene.ben.who.as_ref().unwrap()).await.unwrap();
    // Whether there still is a session is asked once a second: that time has to pass.
    tokio::time::sleep(Duration::from_millis(1_100)).await;
    let (length, read) = slow.rest().await;
    assert!(length < whole.len() * 3 / 4, "{length} of {} bytes came", whole.len());
    assert!(!read.ends_with(b"0\r\n\r\n"), "nobody takes it for the whole");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_upload_that_ends_after_the_right_to_it_changes_nothing() {
    let scene = Scene::new().await;
    scene.seat(Role::Host).await;
    let outcome: Value =
        upload(&scene.ana, &scene.room, Form::new().part("files", file("a.png", png(40)))).await.json().await.unwrap();
    let old = outcome["pictures"][0].clone();
    let body = [
        b"--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"b.png\"\r\n\r\n".to_vec(),
        png(50),
        b"\r\n--x--\r\n".to_vec(),
    ]
    .concat();
    let address = scene.town.address;
    let mut stream = TcpStream::connect(address).await.unwrap();
    // The server says `100` once somebody wants the bytes: whoever may send them was asked before.
    let head = format!(
        "POST /upload/pictures/{}/{}/file HTTP/1.1\r\nHost: {address}\r\nSec-Fetch-Site: same-origin\r\nCookie: {}\r\n\
         Content-Type: multipart/form-data; boundary=x\r\nContent-Length: {}\r\nExpect: 100-continue\r\n\
         Connection: close\r\n\r\n",
        scene.room.id,
        old["id"],
        scene.ben.cookie.as_deref().unwrap(),
        body.len()
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut interim = vec![0; 25];
    tokio::time::timeout(Duration::from_secs(20), stream.read_exact(&mut interim)).await.unwrap().unwrap();
    assert_eq!(String::from_utf8(interim).unwrap(), "HTTP/1.1 100 Continue\r\n\r\n");
    scene.seat(Role::Member).await;
    scene.bans().await;
    stream.write_all(&body).await.unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.unwrap();
    assert!(answer.starts_with(b"HTTP/1.1 404 "), "{}", String::from_utf8_lossy(&answer));
    let wall = scene.town.chat.wall(scene.host().await.reader()).await.unwrap();
    assert_eq!(wall.pictures[0].blob.as_str(), old["blob"].as_str().unwrap(), "what hung there hangs there");
}

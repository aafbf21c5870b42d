//! The tests' vocabulary: a town is a server on a free port with a store of its own.

use chat::{BeforeSend, Chat, Clock, Identity, Limits, NewPicture, Options, Quotas, Visit, Who};
use domain::person::{Registration, SiteRole};
use domain::picture::Picture;
use domain::room::{Room, RoomWords, Visibility};
use futures::{SinkExt, StreamExt};
use reqwest::header::{ACCEPT, COOKIE, HeaderMap, HeaderValue, ORIGIN};
use reqwest::{Client, Method, RequestBuilder, Response, StatusCode};
use serde_json::{Value, json};
use server::accept::{self, Caps};
use server::compat::settings::{Compat, Facade};
use server::gate::limits::Allowance;
use server::gate::origin::Origins;
use server::house::House;
use server::pages::Site;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::atomic::{AtomicU8, Ordering};
use std::time::Duration;
use tempfile::TempDir;
use tokio::net::{TcpListener, TcpStream};
use tokio_tungstenite::tungstenite::{self, Message, client::IntoClientRequest};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

pub const PASSWORD: &str = "correct horse battery";

pub struct Town {
    pub house: House,
    pub chat: Chat,
    pub address: SocketAddr,
    folder: TempDir,
}

/// What one town has otherwise than another.
pub struct Terms {
    pub per_address: usize,
    pub registration: Registration,
    pub quotas: Quotas,
    pub identity: Identity,
    pub before_send: Option<BeforeSend>,
    pub limits: Limits,
    pub clock: Clock,
    /// Who is believed about where a request comes from.
    pub proxies: Vec<IpAddr>,
    pub allowance: Allowance,
    pub old: Compat,
}

impl Default for Terms {
    fn default() -> Self {
        Self {
            per_address: 50,
            registration: Registration::Open,
            quotas: Quotas::default(),
            identity: Identity::default(),
            before_send: None,
            limits: Limits::none(),
            clock: Clock::system(),
            proxies: vec![],
            allowance: Allowance::default(),
            old: Compat::default(),
        }
    }
}

impl Terms {
    /// For clients of old protocols, who come in crowds.
    pub fn old() -> Self {
        Self { per_address: 200, ..Self::default() }
    }
}

/// Somebody's browser: a cookie or none.
#[derive(Clone)]
pub struct Browser {
    pub client: Client,
    pub base: String,
    pub cookie: Option<String>,
    pub who: Option<Who>,
}

pub struct Socket(pub WebSocketStream<MaybeTlsStream<TcpStream>>);

impl Town {
    pub async fn new() -> Self {
        Self::on(Terms::default()).await
    }

    pub async fn with(per_address: usize, registration: Registration) -> Self {
        Self::on(Terms { per_address, registration, ..Terms::default() }).await
    }

    pub async fn of(per_address: usize, registration: Registration, quotas: Quotas) -> Self {
        Self::on(Terms { per_address, registration, quotas, ..Terms::default() }).await
    }

    /// Where clients of old protocols come too.
    pub async fn compat(old: Compat) -> Self {
        Self::on(Terms { old, ..Terms::old() }).await
    }

    /// Where a facade is: beside everything else, and at the root of a port of its own.
    pub async fn mounts(&self, facade: Facade) -> [String; 2] {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let caps = Caps { total: 200, per_address: 200, exempt: [].into() };
        let alone = server::compat::alone(facade, &self.house);
        tokio::spawn(accept::serve(listener, alone, caps, self.house.shutdown.clone()));
        [format!("{}/compat/{}", self.base(), facade.name()), format!("http://{address}")]
    }

    /// Whose site asks more of those who come in.
    pub async fn asking(identity: Identity) -> Self {
        Self::on(Terms { identity, ..Terms::default() }).await
    }

    /// Whose operator's site is asked before something is said.
    pub async fn asks(site: BeforeSend, old: Compat) -> Self {
        Self::on(Terms { before_send: Some(site), old, ..Terms::old() }).await
    }

    pub async fn on(terms: Terms) -> Self {
        let Terms { per_address, registration, quotas, identity, before_send, .. } = terms;
        let Terms { limits, clock, proxies, allowance, old, .. } = terms;
        let folder = tempfile::tempdir().unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let _ = any_spawner::Executor::init_tokio();
        let options = Options {
            data: folder.path().join("data"),
            database: None,
            migrate: false,
            registration,
            quotas,
            identity,
            before_send,
            clock,
            fetch_private: true,
        };
        let chat = Chat::open_with(options, limits).await.unwrap();
        let site = Site::at(built_page(&folder)).unwrap();
        let house = House::with(chat.clone(), site, Origins::of_listener(address), proxies, allowance, old);
        let caps = Caps { total: 200, per_address, exempt: [].into() };
        let doors = server::router::doors(house.clone());
        tokio::spawn(accept::serve(listener, doors, caps, house.shutdown.clone()));
        for facade in house.compat.options.all() {
            facade.open(&house).await.unwrap();
        }
        Self { house, chat, address, folder }
    }

    pub fn base(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The data folder.
    pub fn data(&self) -> std::path::PathBuf {
        self.folder.path().join("data")
    }

    pub fn stranger(&self) -> Browser {
        Browser { client: client(), base: self.base(), cookie: None, who: None }
    }

    pub async fn person(&self, name: &str) -> Browser {
        self.signed_in(name, SiteRole::Member).await
    }

    pub async fn admin(&self) -> Browser {
        self.signed_in("root", SiteRole::Admin).await
    }

    async fn signed_in(&self, name: &str, role: SiteRole) -> Browser {
        // Everybody from an address of their own, as in life.
        static LAST: AtomicU8 = AtomicU8::new(1);
        let address = IpAddr::V4(Ipv4Addr::new(10, 0, LAST.fetch_add(1, Ordering::Relaxed), 1));
        self.chat.add_person(name, PASSWORD, role).await.unwrap();
        let visit = Visit { address, user_agent: "test".into() };
        let signed_in = self.chat.sign_in(name, PASSWORD, &visit).await.unwrap();
        let cookie = Some(format!("salon_session={}", signed_in.token));
        Browser { cookie, who: Some(signed_in.who), ..self.stranger() }
    }

    pub async fn room(&self, slug: &str, visibility: Visibility, host: &Browser) -> Room {
        let words = RoomWords::parse(slug, &format!("Room {slug}"), "", visibility).unwrap();
        self.chat.add_room(words, host.who.as_ref().map(|who| who.person.id)).await.unwrap()
    }

    /// Posts without HTTP.
    /// A small picture on the room's wall.
    pub async fn picture(&self, host: &Browser, room: &Room, caption: &str) -> Picture {
        let host = self.chat.host(host.who.as_ref(), room.id).await.unwrap();
        let mut png = std::io::Cursor::new(Vec::new());
        image::RgbImage::new(4, 4).write_to(&mut png, image::ImageFormat::Png).unwrap();
        let bytes = png.into_inner().into();
        let new = NewPicture { bytes, caption: caption.to_owned(), ..NewPicture::default() };
        self.chat.add_picture(&host, new).await.unwrap()
    }

    pub async fn says(&self, browser: &Browser, room: &Room, id: &str, text: &str) -> i64 {
        let writer = self.chat.writer(browser.who.as_ref(), room.id).await.unwrap();
        let id = domain::ClientId::parse(id).unwrap();
        self.chat.post(&writer, &id, text).await.unwrap().message.seq
    }
}

fn built_page(folder: &TempDir) -> std::path::PathBuf {
    let site = folder.path().join("site");
    std::fs::create_dir_all(site.join("pkg")).unwrap();
    std::fs::write(site.join("pkg/salon.js"), "export default () => {}").unwrap();
    std::fs::write(site.join("pkg/salon.css"), "body{}").unwrap();
    std::fs::write(site.join("sw.js"), "// a worker\n").unwrap();
    std::fs::write(site.join("robots.txt"), "User-agent: *\n").unwrap();
    std::fs::write(folder.path().join("secret.txt"), "not for you").unwrap();
    site
}

pub fn client() -> Client {
    // The first one stays; the others are told so.
    let _ = rustls::crypto::ring::default_provider().install_default();
    Client::builder().redirect(reqwest::redirect::Policy::none()).timeout(Duration::from_secs(30)).build().unwrap()
}

impl Browser {
    /// As a browser sends it: from our own page.
    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let request = self.client.request(method, format!("{}{path}", self.base));
        let request = request.header("sec-fetch-site", "same-origin");
        match &self.cookie {
            Some(cookie) => request.header(COOKIE, cookie),
            None => request,
        }
    }

    pub async fn get(&self, path: &str) -> Response {
        self.request(Method::GET, path).header(ACCEPT, "text/html").send().await.unwrap()
    }

    /// A call as the page's script makes it.
    pub async fn call(&self, endpoint: &str, fields: &[(&str, &str)]) -> (StatusCode, Value) {
        let path = format!("/call/{endpoint}");
        let request = self.request(Method::POST, &path).header(ACCEPT, "application/json");
        let answer = request.header("content-type", FORM).body(form(fields)).send().await.unwrap();
        let status = answer.status();
        (status, serde_json::from_slice(&answer.bytes().await.unwrap()).unwrap_or(Value::Null))
    }

    /// A form without JavaScript.
    pub async fn submit(&self, endpoint: &str, from: &str, fields: &[(&str, &str)]) -> Response {
        let from = form(&[("from", from)]);
        let request =
            self.request(Method::POST, &format!("/call/{endpoint}?{from}")).header(ACCEPT, "text/html,*/*;q=0.8");
        request.header("content-type", FORM).body(form(fields)).send().await.unwrap()
    }

    pub async fn socket(&self) -> Socket {
        let mut socket = Socket(connect_async(self.upgrade(Some(&self.base))).await.unwrap().0);
        socket.send("hello", json!({"version": 1})).await;
        assert_eq!(socket.frame().await["kind"], "welcome");
        socket
    }

    pub fn upgrade(&self, origin: Option<&str>) -> tungstenite::handshake::client::Request {
        let url = format!("{}/api/v1/live", self.base.replacen("http", "ws", 1));
        let mut request = url.into_client_request().unwrap();
        let headers: &mut HeaderMap = request.headers_mut();
        if let Some(origin) = origin {
            headers.insert(ORIGIN, HeaderValue::from_str(origin).unwrap());
        }
        if let Some(cookie) = &self.cookie {
            headers.insert(COOKIE, HeaderValue::from_str(cookie).unwrap());
        }
        request
    }
}

pub const FORM: &str = "application/x-www-form-urlencoded";

pub fn form(fields: &[(&str, &str)]) -> String {
    form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish()
}

impl Socket {
    pub async fn send(&mut self, kind: &str, fields: Value) {
        self.0.send(Message::text(json!({ kind: fields }).to_string())).await.unwrap();
    }

    pub async fn send_ping(&mut self) {
        self.0.send(Message::text("\"ping\"")).await.unwrap();
    }

    /// The fields of the next frame, with its kind among them; pings are answered on the way.
    pub async fn frame(&mut self) -> Value {
        let Message::Text(text) = self.next().await else { panic!("not a frame") };
        let frame: serde_json::Map<String, Value> = serde_json::from_str(&text).unwrap();
        let [(kind, mut fields)] = frame.into_iter().collect::<Vec<_>>().try_into().expect("one field");
        fields["kind"] = kind.into();
        fields
    }

    /// The next frame of this kind.
    pub async fn hears(&mut self, kind: &str) -> Value {
        loop {
            let frame = self.frame().await;
            if frame["kind"] == kind {
                return frame;
            }
        }
    }

    pub async fn next(&mut self) -> Message {
        loop {
            let next = tokio::time::timeout(Duration::from_secs(15), self.0.next()).await.expect("silence");
            match next.expect("the socket ended").unwrap() {
                Message::Ping(_) | Message::Pong(_) => {}
                message => return message,
            }
        }
    }

    /// The code it is closed with, whatever comes before.
    pub async fn code(&mut self) -> u16 {
        loop {
            if let Message::Close(frame) = self.next().await {
                return frame.expect("a code").code.into();
            }
        }
    }

    /// Enters a room and returns the `entered` (or `reset`) frame.
    pub async fn enter(&mut self, room: &Room, place: Option<(i64, i64)>) -> Value {
        let place = place.map(|(epoch, seq)| json!({"epoch": epoch, "seq": seq}));
        self.send("enter", json!({"room": room.id, "place": place})).await;
        self.frame().await
    }
}

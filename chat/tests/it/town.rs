//! The words that the tests share: a town is a house of its own with people and rooms.

use chat::{
    Admin, BeforeSend, Chat, Clock, Copied, Identity, Keeper, Limits, Options, Place, Problem, Quotas, Registration,
    Report, Visit, Who,
};
use domain::person::SiteRole;
use domain::room::{Room, RoomWords, Visibility};
use domain::{ClientId, RoomId};
use sea_orm::{ConnectOptions, ConnectionTrait, Database, DatabaseConnection};
use std::net::Ipv4Addr;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;
use tempfile::TempDir;

/// When the clock starts: in January 2027.
pub const START: i64 = 1_800_000_000_000;
/// Everybody's password.
pub const PASSWORD: &str = "correct horse battery";

pub struct Town {
    pub chat: Chat,
    pub clock: Clock,
    database: Option<String>,
    registration: Registration,
    identity: Identity,
    data: PathBuf,
    #[expect(dead_code, reason = "removed with the town")]
    folder: TempDir,
}

impl Town {
    /// Registration is open, nothing is limited.
    pub async fn new() -> Self {
        Self::of(Registration::Open, Limits::none()).await
    }

    pub async fn of(registration: Registration, limits: Limits) -> Self {
        Self::built(registration, Identity::default(), limits).await
    }

    /// Whose site asks more of those who come in.
    pub async fn asking(identity: Identity) -> Self {
        Self::built(Registration::Open, identity, Limits::none()).await
    }

    async fn built(registration: Registration, identity: Identity, limits: Limits) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let clock = Clock::fake(START);
        let database = empty_database().await;
        let options =
            Options { identity: identity.clone(), ..options(folder.path(), database.clone(), registration, &clock) };
        let chat = Chat::open_with(options, limits).await.unwrap();
        Self { chat, clock, database, registration, identity, data: folder.path().to_owned(), folder }
    }

    /// The data folder.
    pub fn data(&self) -> &Path {
        &self.data
    }

    /// Whether the store belongs to one server at a time.
    pub fn has_one_server(&self) -> bool {
        self.database.is_none()
    }

    /// For opening this town's house, once more or again.
    pub fn options(&self) -> Options {
        let options = options(self.data(), self.database.clone(), self.registration, &self.clock);
        Options { identity: self.identity.clone(), ..options }
    }

    /// Where the store is, as SeaORM wants to hear it.
    pub fn database(&self) -> String {
        match &self.database {
            Some(url) => url.clone(),
            None => format!("sqlite:{}", self.data().join("salon.db").display()),
        }
    }

    /// The store itself, beside the house.
    pub async fn db(&self) -> DatabaseConnection {
        let mut options = ConnectOptions::new(self.database());
        // As in the house's own store: nothing looks for old connections.
        options.idle_timeout(None::<Duration>).max_lifetime(None::<Duration>);
        Database::connect(options).await.unwrap()
    }

    /// For commands beside the house.
    pub fn place(&self) -> Place {
        Place { data: self.data().to_owned(), database: self.database.clone() }
    }

    /// Copies the house, whether it is open or not.
    pub async fn backup(&self, file: &Path) -> chat::Result<Copied> {
        let keeper = Keeper::open(self.place()).await?;
        let copied = keeper.backup(file, &self.clock).await;
        keeper.close().await?;
        copied
    }

    pub async fn examine(&self) -> Report {
        chat::examine(self.place()).await.unwrap()
    }

    /// A town in an empty place, made from a backup.
    pub async fn restored(file: &Path) -> Self {
        let land = Land::new().await;
        chat::restore(file, &land.place()).await.unwrap();
        land.open().await
    }

    /// Closes the house and opens it again.
    pub async fn reopen(self) -> Self {
        self.chat.close().await;
        let chat = Chat::open_with(self.options(), Limits::none()).await.unwrap();
        Self { chat, ..self }
    }

    /// The same as one whose site is asked before something is said.
    pub async fn asks(self, site: BeforeSend) -> Self {
        self.chat.close().await;
        let options = Options { before_send: Some(site), ..self.options() };
        Self { chat: Chat::open_with(options, Limits::none()).await.unwrap(), ..self }
    }

    /// Registers somebody and signs them in.
    pub async fn person(&self, name: &str) -> Who {
        self.chat.register(name, name, PASSWORD, None, &visit()).await.unwrap().who
    }

    /// Adds an administrator and signs them in.
    pub async fn admin(&self, name: &str) -> (Who, Admin) {
        self.chat.add_person(name, PASSWORD, SiteRole::Admin).await.unwrap();
        let who = self.chat.sign_in(name, PASSWORD, &visit()).await.unwrap().who;
        let admin = self.chat.admin(Some(&who)).unwrap();
        (who, admin)
    }

    pub async fn room(&self, slug: &str, visibility: Visibility, host: &Who) -> Room {
        self.chat.add_room(words(slug, visibility), Some(host.person.id)).await.unwrap()
    }

    /// Says these words.
    pub async fn says(&self, who: &Who, room: RoomId, text: &str) {
        let writer = self.chat.writer(Some(who), room).await.unwrap();
        let id = ClientId::parse(&format!("says-{:016x}", rand::random::<u64>())).unwrap();
        self.chat.post(&writer, &id, text).await.unwrap();
    }

    /// Says something `count` times.
    pub async fn say(&self, who: &Who, room: RoomId, count: usize) {
        let writer = self.chat.writer(Some(who), room).await.unwrap();
        for i in 0..count {
            let id = ClientId::parse(&format!("say-{:016x}", rand::random::<u64>())).unwrap();
            self.chat.post(&writer, &id, &format!("word {i}")).await.unwrap();
        }
    }
}

/// A place where nobody built yet.
pub struct Land {
    pub folder: TempDir,
    pub database: Option<String>,
}

impl Land {
    /// With a database of the kind that is tested.
    pub async fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap(), database: empty_database().await }
    }

    pub fn place(&self) -> Place {
        Place { data: self.folder.path().join("data"), database: self.database.clone() }
    }

    /// Opens the house that was made here.
    pub async fn open(self) -> Town {
        let (clock, registration) = (Clock::fake(START + 1_000_000), Registration::Open);
        let Place { data, database } = self.place();
        let options = options(&data, database.clone(), registration, &clock);
        let chat = Chat::open_with(options, Limits::none()).await.unwrap();
        let identity = Identity::default();
        Town { chat, clock, database, registration, identity, folder: self.folder, data }
    }
}

pub fn words(slug: &str, visibility: Visibility) -> RoomWords {
    RoomWords { slug: slug.to_owned(), title: format!("Room {slug}"), about: String::new(), visibility }
}

/// From an address that nobody had before.
pub fn visit() -> Visit {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let address = Ipv4Addr::from_bits(0x0a00_0001 + 256 * NEXT.fetch_add(1, Ordering::Relaxed));
    Visit { address: address.into(), user_agent: "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0".to_owned() }
}

/// What somebody would be told.
pub fn problem<T>(result: chat::Result<T>) -> Problem {
    match result {
        Ok(_) => panic!("it was allowed"),
        Err(error) => error.into_problem(),
    }
}

fn options(data: &Path, database: Option<String>, registration: Registration, clock: &Clock) -> Options {
    Options {
        data: data.to_owned(),
        database,
        migrate: false,
        registration,
        quotas: Quotas::default(),
        identity: Identity::default(),
        before_send: None,
        clock: clock.clone(),
        fetch_private: true,
    }
}

/// `None` where SQLite is tested.
async fn empty_database() -> Option<String> {
    match std::env::var("TEST_DATABASE_URL") {
        Ok(server) => Some(new_database(&server).await),
        Err(_) => None,
    }
}

/// A database of one's own on a PostgreSQL server.
async fn new_database(server: &str) -> String {
    let name = format!("salon_{:016x}", rand::random::<u64>());
    let db = Database::connect(server).await.unwrap();
    db.execute_unprepared(&format!("CREATE DATABASE {name}")).await.unwrap();
    db.close().await.unwrap();
    let (address, options) = server.split_once('?').map_or((server, None), |(a, o)| (a, Some(o)));
    let host = address.rfind('/').filter(|at| *at > "postgresql://".len()).map_or(address, |at| &address[..at]);
    match options {
        Some(options) => format!("{host}/{name}?{options}"),
        None => format!("{host}/{name}"),
    }
}

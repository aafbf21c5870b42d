//! The rules of Salon: who may do what, what is kept, who hears of it.
//!
//! No HTTP and no pages here; doors call [`Chat`]. Every change goes access → limits →
//! parse → one transaction → commit → publish → answer.

mod access;
mod accounts;
mod api_keys;
mod attachments;
mod attempts;
mod audit;
mod backup;
mod before_send;
mod claim;
mod clock;
mod closing;
mod contacts;
mod deeds;
mod device;
mod doctor;
mod door_codes;
mod drafts;
mod edits;
mod embed;
mod error;
mod export;
mod files;
mod finds;
mod fold;
mod forwards;
mod gates;
mod hidden;
pub mod hub;
mod identity;
mod invites;
mod join_requests;
mod keeper;
mod kiosks;
mod known;
mod limits;
mod lines;
mod links;
mod live;
mod mail;
mod members;
mod mentions;
mod message_pages;
mod messages;
mod moderation;
mod names;
mod once;
mod outside;
mod panels;
mod passes;
mod password;
mod people;
mod people_pages;
mod pictures;
mod pinyin;
mod priority;
mod profile;
mod push;
mod reactions;
mod replays;
mod resets;
mod room_invites;
mod room_list;
mod rooms;
mod rows;
mod scenes;
mod search;
mod second;
mod sessions;
mod setup;
mod shelf;
mod spans;
mod stage;
mod still;
mod store;
mod system;
mod tidy;
mod transfers;
mod unread;
mod uploads;
mod video;
mod waiting;
mod wall;
mod ways_in;
mod webhooks;
mod who;

pub use access::{Admin, RoomHost, RoomListener, RoomReader, RoomWriter, Who};
pub use accounts::{Page, PageEnd, PeopleOrder, PeopleQuery, PersonLine, PersonState};
pub use api_keys::ApiKey;
pub use attachments::FileBytes;
pub use attempts::{Arrival, SignUp, Ticket};
pub use audit::Sought;
pub use backup::{BackupFault, BackupState, Copied, CopyFault, LastBackup, restore};
pub use before_send::{BeforeSend, OnFailure};
pub use claim::Claim;
pub use clock::Clock;
pub use closing::OwnFile;
pub use contacts::{MutedFor, PersonPage, ReportAct};
pub use doctor::{Finding, Report, examine};
pub use domain::person::Registration;
pub use domain::{Problem, Rule, Thing};
pub use embed::{EmbedTicket, Embedded};
pub use error::{Error, Result};
pub use export::{ExportedPicture, ExportedRoom};
pub use finds::finds;
pub use gates::GateState;
pub use hub::Hub;
pub use identity::Identity;
pub use invites::InviteLine;
pub use join_requests::OwnRequest;
pub use keeper::{Keeper, Place};
pub use kiosks::RoomKiosk;
pub use limits::Limits;
pub use lines::{LinesEnd, LinesQuery};
pub use links::{Link, LinkWords, OwnPicture, OwnPut, Shown};
pub use live::RoomState;
pub use mail::{Letter, Line, MailOptions, MailState, Occasion, Wording};
pub use members::MembersQuery;
pub use mentions::Mentionable;
pub use message_pages::{MessagesOrder, MessagesQuery};
pub use messages::{Enclosed, Posted};
pub use once::Once;
pub use outside::{Callback, Conversation, Original, RoomLink, SentFile, Vouched};
pub use panels::{Panel, PanelKind, PanelWords, VideoAddress};
pub use passes::{API, Bearer, Pass};
pub use people_pages::ListedPerson;
pub use pictures::NewPicture;
pub use profile::{MyProfile, Profile};
pub use room_invites::Invitation;
pub use room_list::{RoomEntry, RoomsOrder, RoomsQuery};
pub use search::Question;
pub use sessions::{SignedIn, Visit};
pub use shelf::ShelfAct;
pub use store::messages::Own;
pub use store::passages::From as CountedFrom;
pub use store::whole::{StoreKind, StoreSize};
pub use system::SystemState;
pub use uploads::{Quotas, UploadPart};
pub use video::{NewVideo, VideoBytes, VideoFile, VideoSource, VideoUpload};
pub use waiting::RoomWaiter;
pub use wall::{MAX_ORDER, Seen};
pub use webhooks::WebhookChange;

use files::Files;
use gates::{Gates, Servers};
use known::Known;
use mail::Mailer;
use moderation::{Filters, Tellings};
use password::Hasher;
use replays::Replays;
use scenes::Scenes;
use sessions::SessionCache;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use store::{Store, StoreUrl};
use tokio_util::sync::CancellationToken;

/// What a house is opened with.
pub struct Options {
    /// The data folder, made when missing, readable by its owner only.
    pub data: PathBuf,
    /// `postgres://…` or a file's path; by default `salon.db` in the data folder.
    pub database: Option<String>,
    /// Whether a store of an older version may be brought up to date.
    pub migrate: bool,
    pub registration: Registration,
    /// How much files of messages may need.
    pub quotas: Quotas,
    pub identity: Identity,
    /// Which site is asked before something is said.
    pub before_send: Option<BeforeSend>,
    pub clock: Clock,
    /// For tests: pictures may be fetched from this machine, and webhooks be on it.
    pub fetch_private: bool,
}

/// The house. Clones are cheap and share everything.
#[derive(Clone)]
pub struct Chat(Arc<House>);

struct House {
    store: Store,
    hub: Hub,
    known: Known,
    gates: Gates,
    servers: Servers,
    replays: Replays,
    scenes: Scenes,
    filters: Filters,
    tellings: Tellings,
    files: Files,
    courier: push::Courier,
    hooks: webhooks::Hooks,
    clock: Clock,
    registration: Registration,
    quotas: Quotas,
    identity: Identity,
    before_send: Option<BeforeSend>,
    mail: Mailer,
    limits: Limits,
    hasher: Hasher,
    sessions: SessionCache,
    turns: links::Turns,
    place: Place,
    backups: Arc<backup::Backups>,
    /// By the steady clock.
    opened_at: i64,
    /// Stops the housekeeping.
    closing: CancellationToken,
}

impl Chat {
    /// Opens the house with the usual limits.
    ///
    /// # Errors
    /// [`Error::Schema`] for a store of another version; [`Error::Folder`] when the data
    /// folder cannot be made or written.
    pub async fn open(options: Options) -> Result<Self> {
        Self::open_with(options, Limits::default()).await
    }

    /// [`Chat::open`] with other rate limits.
    pub async fn open_with(options: Options, limits: Limits) -> Result<Self> {
        make_private_folder(&options.data).map_err(Error::Folder)?;
        let url = match &options.database {
            Some(text) => StoreUrl::parse(text),
            None => StoreUrl::Sqlite(options.data.join("salon.db")),
        };
        let hub = Hub::default();
        let known = Known::default();
        let store = Store::open(&url, options.migrate, (hub.clone(), known.clone()), options.clock.clone()).await?;
        let files = Files::open(&options.data, options.fetch_private)?;
        let opened_at = options.clock.steady();
        let closing = CancellationToken::new();
        let mail = Mailer::open(&options.identity.mail, &options.data, options.clock.clone(), closing.clone())?;
        let chat = Self(Arc::new(House {
            store,
            hub,
            known,
            gates: Gates::default(),
            servers: Servers::default(),
            replays: Replays::default(),
            scenes: Scenes::default(),
            filters: Filters::default(),
            tellings: Tellings::default(),
            files,
            courier: push::Courier::new(options.fetch_private),
            hooks: webhooks::Hooks::new(options.fetch_private),
            clock: options.clock,
            registration: options.registration,
            quotas: options.quotas,
            identity: options.identity,
            before_send: options.before_send,
            mail,
            limits,
            hasher: Hasher::default(),
            sessions: SessionCache::default(),
            turns: links::Turns::default(),
            place: Place { data: options.data, database: options.database },
            backups: Arc::default(),
            opened_at,
            closing,
        }));
        chat.load_gates().await?;
        chat.sort_people().await?;
        gates::start(&chat);
        contacts::start(&chat);
        tidy::start(&chat);
        search::indexer::start(&chat);
        unread::start(&chat);
        push::start(&chat).await?;
        webhooks::start(&chat).await?;
        Ok(chat)
    }

    /// Finishes what is queued and closes the store. Later changes are refused with
    /// [`Problem::Unavailable`].
    pub async fn close(&self) {
        self.0.closing.cancel();
        self.leave_servers().await;
        self.0.store.close().await;
    }

    /// Whether the store answers.
    pub async fn ready(&self) -> bool {
        !self.0.closing.is_cancelled() && self.0.store.answers().await
    }

    /// Milliseconds since 1970 UTC.
    pub fn now(&self) -> i64 {
        self.0.clock.now()
    }

    pub fn clock(&self) -> &Clock {
        &self.0.clock
    }

    /// A number that grows with every commit of this process that anybody could see.
    pub fn commits(&self) -> u64 {
        self.0.known.commits()
    }

    pub fn hub(&self) -> &Hub {
        &self.0.hub
    }

    /// Who may create an account.
    pub fn registration(&self) -> Registration {
        self.0.registration
    }

    pub(crate) fn store(&self) -> &Store {
        &self.0.store
    }

    pub(crate) fn files(&self) -> &Files {
        &self.0.files
    }

    pub(crate) fn limits(&self) -> &Limits {
        &self.0.limits
    }
}

/// What lies in the data folder is nobody else's business.
fn make_private_folder(path: &Path) -> std::io::Result<()> {
    std::fs::create_dir_all(path)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o700))?;
    }
    Ok(())
}

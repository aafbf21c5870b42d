//! What `salon` can be told to do.

mod backup;
mod demo;
mod doctor;
pub(crate) mod export;
mod key;
mod migrate;
mod person;
mod restore;
mod room;
mod serve;

use crate::settings::{Command, PersonCommand, Store};
use app::text::{Lang, text};
use chat::{Chat, Clock, Identity, Options, Place, Quotas};
use domain::Problem;
use domain::person::Registration;

/// Why a command did not do what it was told; one sentence for whoever typed it.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    #[error("{0}")]
    Words(String),
    #[error("{0}")]
    Machine(#[from] std::io::Error),
}

impl From<chat::Error> for Failure {
    fn from(error: chat::Error) -> Self {
        match error {
            chat::Error::Problem(problem) => problem.into(),
            broken => Self::Words(broken.to_string()),
        }
    }
}

impl From<Problem> for Failure {
    fn from(problem: Problem) -> Self {
        Self::Words(text(Lang::En).problem(&problem))
    }
}

pub type Outcome = Result<(), Failure>;

pub async fn run(command: Command) -> Outcome {
    match command {
        Command::Serve(settings) => serve::serve(*settings).await,
        Command::Person(PersonCommand::Add(settings)) => person::add(settings).await,
        Command::Room(command) => room::run(command).await,
        Command::Key(command) => key::run(command).await,
        Command::Migrate(store) => migrate::migrate(&store).await,
        Command::Backup(settings) => backup::backup(&settings).await,
        Command::Restore(settings) => restore::restore(&settings).await,
        Command::Export(settings) => export::export(&settings).await,
        Command::Doctor(store) => doctor::doctor(&store).await,
        Command::Demo(store) => demo::demo(&store).await,
    }
}

/// How a store is opened from the command line.
fn options(store: &Store) -> Options {
    Options {
        data: store.data.clone(),
        database: store.database.clone(),
        migrate: false,
        registration: Registration::Open,
        quotas: Quotas::default(),
        identity: Identity::default(),
        before_send: None,
        clock: Clock::system(),
        fetch_private: false,
    }
}

/// Where a house is, for commands that read it from beside its server.
fn place(store: &Store) -> Place {
    Place { data: store.data.clone(), database: store.database.clone() }
}

async fn open(store: &Store) -> Result<Chat, Failure> {
    Ok(Chat::open(options(store)).await?)
}

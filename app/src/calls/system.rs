//! How the house and the machine under it are doing, backups and mail, for administrators.

use super::{Answer, PageAnswer};
use domain::Problem;
use domain::email::MailTest;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

#[cfg(feature = "ssr")]
use super::house::{House, house, land};
#[cfg(feature = "ssr")]
use chat::StoreKind;

/// Sizes in bytes, times in milliseconds and microseconds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct System {
    pub version: String,
    pub store: String,
    pub size: u64,
    pub log: Option<u64>,
    pub disk_left: Option<u64>,
    pub up_ms: i64,
    pub connections: u64,
    pub listeners: u64,
    pub delivered: u64,
    pub p50_us: u64,
    pub p99_us: u64,
    pub backup: Backup,
    pub mail: Mail,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Backup {
    /// When, into which file, how large, and how many files were missing or damaged.
    pub last: Option<(i64, String, u64, u64)>,
    /// Since when one is being made.
    pub since: Option<i64>,
    /// When and why the last one that was asked for came to nothing.
    pub fault: Option<(i64, BackupFault)>,
}

/// Why there is no backup.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum BackupFault {
    DiskFull,
    /// In the system's words.
    System(String),
    Other(Problem),
}

/// How mail is doing.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Mail {
    /// Whether mails become files: there is no server.
    pub is_folder: bool,
    pub sent: u64,
    pub failed: u64,
    /// When and why the last try failed; none since one succeeded.
    pub fault: Option<(i64, String)>,
    /// When somebody last tried whether it works.
    pub test: Option<(i64, MailTest)>,
    /// The visitor's own address; empty if they have none.
    pub own: String,
}

#[server(prefix = "/call", endpoint = "load-system")]
pub async fn load_system() -> PageAnswer<System> {
    let house = house()?;
    let body = system(&house).await;
    if body.as_ref().is_ok_and(|system| system.backup.since.is_some()) {
        house.ask_again();
    }
    house.page(body)
}

/// Begins to copy the house, and lands where it is said how that goes.
#[server(prefix = "/call", endpoint = "back-up")]
pub async fn back_up() -> Answer<()> {
    let house = house()?;
    house.chat.back_up(&house.admin()?).await?;
    land("/admin/system");
    Ok(())
}

/// Sends a mail, and lands where it is said what came of it.
#[server(prefix = "/call", endpoint = "test-mail")]
pub async fn test_mail(email: String) -> Answer<()> {
    let house = house()?;
    house.chat.test_mail(&house.admin()?, &email, &house.mail_words()).await?;
    land("/admin/system?tested=1");
    Ok(())
}

#[cfg(feature = "ssr")]
async fn system(house: &House) -> Answer<System> {
    let who = house.signed_in()?;
    let admin = house.admin()?;
    let own = house.chat.my_profile(who).await?.email.unwrap_or_default();
    let state = house.chat.system(&admin).await?;
    let micros = |time: std::time::Duration| u64::try_from(time.as_micros()).unwrap_or(u64::MAX);
    let last = state.last_backup.map(|last| (last.at, last.file, last.bytes, last.faults));
    let fault = state.backup.fault.map(|(at, fault)| (at, fault.into()));
    Ok(System {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        store: match state.store {
            StoreKind::Sqlite => "SQLite",
            StoreKind::Postgres => "PostgreSQL",
        }
        .to_owned(),
        size: state.size.data,
        log: state.size.log,
        disk_left: state.disk_left,
        up_ms: state.up_ms,
        connections: state.connections as u64,
        listeners: state.listeners as u64,
        delivered: state.delivered.count,
        p50_us: micros(state.delivered.p50),
        p99_us: micros(state.delivered.p99),
        backup: Backup { last, since: state.backup.since, fault },
        mail: mail(house.chat.mail(&admin), own),
    })
}

#[cfg(feature = "ssr")]
fn mail(state: chat::MailState, own: String) -> Mail {
    let chat::MailState { is_folder, sent, failed, fault, test } = state;
    Mail { is_folder, sent, failed, fault, test, own }
}

#[cfg(feature = "ssr")]
impl From<chat::BackupFault> for BackupFault {
    fn from(fault: chat::BackupFault) -> Self {
        match fault {
            chat::BackupFault::DiskFull => Self::DiskFull,
            chat::BackupFault::System(words) => Self::System(words),
            chat::BackupFault::Other(problem) => Self::Other(problem),
        }
    }
}

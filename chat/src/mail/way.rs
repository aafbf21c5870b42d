//! Where mail goes: to a server, or into files beside the store.

use crate::{Error, Result};
use lettre::transport::smtp::AsyncSmtpTransport;
use lettre::{AsyncTransport, Message, Tokio1Executor};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// How long a server may take for one mail.
const PATIENCE: Duration = Duration::from_secs(15);
/// How long files of mails are kept, and how many: they hold codes and links.
const KEPT: Duration = Duration::from_secs(7 * 86_400);
const MOST: usize = 500;

pub(super) enum Way {
    Server(AsyncSmtpTransport<Tokio1Executor>),
    Folder(PathBuf),
}

/// Why a mail did not leave.
pub(super) struct Fault {
    pub words: String,
    /// Whether another try would end alike.
    pub is_final: bool,
    /// Whether the server said so.
    pub is_answer: bool,
}

impl Way {
    /// `server`: `smtps://…` or `smtp://…?tls=required`; without one a folder in `data`.
    pub fn open(server: Option<&str>, data: &Path) -> Result<Self> {
        let Some(url) = server else { return Ok(Self::Folder(data.join("mail"))) };
        let server = AsyncSmtpTransport::<Tokio1Executor>::from_url(url);
        let server = server.map_err(|cause| Error::Mail(format!("the address of the mail server: {cause}")))?;
        Ok(Self::Server(server.timeout(Some(PATIENCE)).build()))
    }

    /// The name of the file if it became one.
    pub async fn send(&self, message: &Message) -> std::result::Result<Option<String>, Fault> {
        match self {
            Self::Server(server) => match server.send(message.clone()).await {
                Ok(_) => Ok(None),
                Err(cause) => Err(Fault {
                    is_final: cause.is_permanent(),
                    is_answer: cause.is_permanent() || cause.is_transient(),
                    words: words(&cause),
                }),
            },
            Self::Folder(folder) => {
                let (folder, bytes) = (folder.clone(), message.formatted());
                let written = tokio::task::spawn_blocking(move || write(&folder, &bytes)).await;
                let fault = |words: String| Fault { words, is_final: false, is_answer: false };
                let written = written.map_err(|cause| fault(cause.to_string()))?;
                written.map(Some).map_err(|cause| fault(cause.to_string()))
            }
        }
    }

    /// Removes old files.
    pub async fn tidy(&self) {
        let Self::Folder(folder) = self else { return };
        let folder = folder.clone();
        if let Ok(Err(cause)) = tokio::task::spawn_blocking(move || remove_old(&folder)).await {
            tracing::warn!(%cause, "old mails were not removed");
        }
    }
}

/// With its causes: the first alone says little.
fn words(cause: &dyn std::error::Error) -> String {
    let mut words = cause.to_string();
    let mut next = cause.source();
    while let Some(cause) = next {
        words = format!("{words}: {cause}");
        next = cause.source();
    }
    words
}

/// The name of the new file.
fn write(folder: &Path, bytes: &[u8]) -> std::io::Result<String> {
    crate::make_private_folder(folder)?;
    // Numbers that sort by time are not needed: the mail has its date.
    let name = format!("{:016x}.eml", rand::random::<u64>());
    let path = folder.join(&name);
    let part = path.with_extension("part");
    std::fs::write(&part, bytes)?;
    std::fs::rename(part, path)?;
    Ok(name)
}

fn remove_old(folder: &Path) -> std::io::Result<()> {
    if !folder.is_dir() {
        return Ok(());
    }
    let mut mails = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        mails.push((entry.metadata()?.modified()?.elapsed().unwrap_or_default(), entry.path()));
    }
    mails.sort();
    for (at, (age, path)) in mails.into_iter().enumerate() {
        if age > KEPT || at >= MOST {
            std::fs::remove_file(path)?;
        }
    }
    Ok(())
}

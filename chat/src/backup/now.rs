//! "Back up now": a copy that an administrator asks for on a page. The server makes it behind the
//! request, one at a time, into a folder of the data folder, and keeps the last few.

use super::pack::Terms;
use super::{Copied, CopyFault};
use crate::audit::{self, Entry};
use crate::uploads::SPARE;
use crate::{Admin, Chat, Error, Keeper, Problem, Result, Thing, make_private_folder};
use domain::audit::Act;
use domain::time::iso;
use std::fs::{File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// In the data folder.
const FOLDER: &str = "backups";
/// How many stay: the newest.
const KEPT: usize = 3;

/// How the backups are doing that administrators ask for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BackupState {
    /// Since when one is being made, in milliseconds since 1970 UTC.
    pub since: Option<i64>,
    /// When and why the last one came to nothing; none since one was made.
    pub fault: Option<(i64, BackupFault)>,
}

/// Why there is no backup.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BackupFault {
    /// The disk is full, but for what the house itself needs.
    DiskFull,
    /// In the system's words.
    System(String),
    /// Something else; what is to be known of it is in the log.
    Other(Problem),
}

/// The one turn that there is.
#[derive(Debug, Default)]
pub(crate) struct Backups(Mutex<BackupState>);

impl Backups {
    pub fn state(&self) -> BackupState {
        self.lock().clone()
    }

    /// `None` while another has it.
    fn begin(self: &Arc<Self>, now: i64) -> Option<Turn> {
        let mut state = self.lock();
        if state.since.is_some() {
            return None;
        }
        state.since = Some(now);
        Some(Turn(Arc::clone(self)))
    }

    fn lock(&self) -> MutexGuard<'_, BackupState> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Given back however it ends.
struct Turn(Arc<Backups>);

impl Drop for Turn {
    fn drop(&mut self) {
        self.0.lock().since = None;
    }
}

impl Chat {
    /// Begins to copy the house into a new file, and returns. [`Chat::system`] says how it goes. One
    /// that is being made when the house is closed or killed comes to nothing.
    ///
    /// # Errors
    /// [`Problem::Taken`] while another one is being made.
    pub async fn back_up(&self, admin: &Admin) -> Result<()> {
        let turn = self.0.backups.begin(self.now()).ok_or(Problem::Taken { thing: Thing::Backup })?;
        let line = Entry::new(Act::BackupStarted, admin.who());
        self.store().write(|tx| Box::pin(async move { audit::note(tx, line).await })).await?;
        let chat = self.clone();
        tokio::spawn(async move {
            let closing = chat.0.closing.clone();
            if let Some(copied) = closing.run_until_cancelled(chat.copy()).await {
                let fault = copied.err().map(|error| (chat.now(), fault_of(error)));
                turn.0.lock().fault = fault;
            }
            drop(turn);
        });
        Ok(())
    }

    async fn copy(&self) -> Result<Copied> {
        let place = self.0.place.clone();
        let folder = place.data.join(FOLDER);
        blocking(&folder, |folder| {
            make_private_folder(folder)?;
            remove_left(folder)
        })
        .await?;
        let keeper = Keeper::open(place).await?;
        let terms = Terms { spare: SPARE, stop: self.0.closing.clone() };
        let copied = keeper.backup_on(&folder.join(name(self.now())), self.clock(), terms).await;
        keeper.close().await?;
        let copied = copied?;
        if let Err(cause) = blocking(&folder, remove_old).await {
            tracing::warn!(%cause, "old backups were not removed");
        }
        Ok(copied)
    }

    /// Removes what a killed server left half-written.
    pub(crate) async fn tidy_backups(&self) {
        let folder = self.0.place.data.join(FOLDER);
        if let Err(cause) = blocking(&folder, remove_left).await {
            tracing::warn!(%cause, "what is left of a backup was not removed");
        }
    }
}

fn fault_of(error: Error) -> BackupFault {
    tracing::warn!(cause = %error, "the backup came to nothing");
    match error {
        Error::Copy(CopyFault::Write { cause, .. }) if is_full(&cause) => BackupFault::DiskFull,
        Error::Copy(CopyFault::Write { cause, .. } | CopyFault::Read { cause, .. }) | Error::Folder(cause) => {
            BackupFault::System(cause.to_string())
        }
        other => BackupFault::Other(other.into_problem()),
    }
}

fn is_full(cause: &io::Error) -> bool {
    matches!(cause.kind(), io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded)
}

/// `salon-2027-01-15T08-00-00-000.tar`, in UTC: their order is that of time.
fn name(at: i64) -> String {
    let second = iso(at).trim_end_matches('Z').replace(':', "-");
    format!("salon-{second}-{:03}.tar", at.rem_euclid(1_000))
}

/// Whatever else lies in the folder is somebody else's.
fn is_ours(name: &str) -> bool {
    let time = name.strip_prefix("salon-").and_then(|rest| rest.strip_suffix(".tar"));
    time.is_some_and(|time| time.len() == 23 && time.bytes().all(|b| b.is_ascii_digit() || b == b'-' || b == b'T'))
}

/// The files in the folder whose names end so behind one of ours, the newest first.
fn list(folder: &Path, end: &str) -> io::Result<Vec<PathBuf>> {
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    let names = std::fs::read_dir(folder)?.map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned()));
    let mut names = names.collect::<io::Result<Vec<String>>>()?;
    names.retain(|name| name.strip_suffix(end).is_some_and(is_ours));
    names.sort_by(|a, b| b.cmp(a));
    Ok(names.into_iter().map(|name| folder.join(name)).collect())
}

fn remove_old(folder: &Path) -> io::Result<()> {
    list(folder, "")?.into_iter().skip(KEPT).try_for_each(std::fs::remove_file)
}

/// Whoever still writes one has a lock on it.
fn remove_left(folder: &Path) -> io::Result<()> {
    for part in list(folder, ".part")? {
        let open: File = OpenOptions::new().write(true).open(&part)?;
        if open.try_lock().is_ok() {
            std::fs::remove_file(part)?;
        }
    }
    Ok(())
}

async fn blocking(folder: &Path, job: impl FnOnce(&Path) -> io::Result<()> + Send + 'static) -> Result<()> {
    let folder = folder.to_owned();
    let done = tokio::task::spawn_blocking(move || job(&folder)).await.map_err(|_| Error::Panicked)?;
    done.map_err(Error::Folder)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::backup::pack::{Pack, Piece};
    use crate::files::Folder;
    use tokio::sync::mpsc;
    use tokio_util::sync::CancellationToken;

    #[test]
    fn names_are_in_the_order_of_time_and_known_again() {
        let (first, second) = (name(1_800_000_000_000), name(1_800_000_000_001));
        assert_eq!(first, "salon-2027-01-15T08-00-00-000.tar");
        assert!(first < second && is_ours(&first));
        for other in ["salon-2027-01-15.tar", "salon-2027-01-15T08-00-00-000.tar.part", "mine.tar", "salon-.tar", ""] {
            assert!(!is_ours(other), "{other}");
        }
    }

    fn made_on(terms: Terms) -> (CopyFault, bool) {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("salon.tar");
        let (sender, pieces) = mpsc::channel(1);
        sender.try_send(Piece::End).unwrap();
        let pack = Pack::create(&file, 0, terms).unwrap();
        let fault = pack.fill(pieces, &Folder::of(folder.path())).unwrap_err();
        (fault, std::fs::read_dir(folder.path()).unwrap().next().is_none())
    }

    #[test]
    fn it_leaves_the_house_room_on_the_disk() {
        let (fault, is_gone) = made_on(Terms { spare: u64::MAX, ..Terms::default() });
        assert_eq!(fault_of(fault.into()), BackupFault::DiskFull);
        assert!(is_gone, "nothing half-written is left");
    }

    #[test]
    fn it_ends_with_the_house() {
        let stop = CancellationToken::new();
        stop.cancel();
        let (fault, is_gone) = made_on(Terms { stop, ..Terms::default() });
        assert!(matches!(fault, CopyFault::Stopped), "{fault}");
        assert!(is_gone);
    }

    #[test]
    fn what_was_left_goes_unless_somebody_writes_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        let (left, written, other) = (name(1), name(2), "mine.tar.part");
        let (left, written) = (path(&format!("{left}.part")), path(&format!("{written}.part")));
        for file in [&left, &written, &path(other)] {
            std::fs::write(file, "half").unwrap();
        }
        let lock = File::open(&written).unwrap();
        lock.lock().unwrap();
        remove_left(folder.path()).unwrap();
        assert!(!left.exists() && written.exists() && path(other).exists());
        drop(lock);
        remove_left(folder.path()).unwrap();
        assert!(!written.exists());
        remove_left(&path("nowhere")).unwrap();
    }

    #[test]
    fn the_newest_stay() {
        let folder = tempfile::tempdir().unwrap();
        for at in 0..5 {
            std::fs::write(folder.path().join(name(at)), "whole").unwrap();
        }
        std::fs::write(folder.path().join("mine.tar"), "whole").unwrap();
        remove_old(folder.path()).unwrap();
        let left: Vec<PathBuf> = list(folder.path(), "").unwrap();
        assert_eq!(left, [4, 3, 2].map(|at| folder.path().join(name(at))));
        assert!(folder.path().join("mine.tar").exists());
    }
}

//! How much room there is.

use std::path::Path;

/// Bytes that this process may still write on the disk with this folder.
#[cfg(unix)]
pub(crate) fn disk_left(folder: &Path) -> Option<u64> {
    let disk = rustix::fs::statvfs(folder).ok()?;
    Some(disk.f_bavail.saturating_mul(disk.f_frsize))
}

#[cfg(not(unix))]
pub(crate) fn disk_left(_folder: &Path) -> Option<u64> {
    None
}

//! A small disk that can be filled: a tmpfs, mounted where only root may.

use crate::Done;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

pub struct Disk(PathBuf);

impl Disk {
    /// Mounts so many megabytes at `folder`, which is made.
    pub fn mount(folder: &Path, megabytes: u32) -> Done<Self> {
        std::fs::create_dir_all(folder).map_err(|e| format!("{}: {e}", folder.display()))?;
        let size = format!("size={megabytes}m,mode=700");
        let mut mount = Command::new("mount");
        mount.args(["-t", "tmpfs", "-o", &size, "salon-torture"]).arg(folder).stderr(Stdio::null());
        match mount.status() {
            Ok(status) if status.success() => Ok(Self(folder.to_owned())),
            Ok(_) | Err(_) => Err("no tmpfs can be mounted here; that takes root".to_owned()),
        }
    }

    /// Why there can be none.
    pub fn missing() -> Option<String> {
        let folder = tempfile::tempdir().ok()?;
        Self::mount(&folder.path().join("disk"), 1).err()
    }

    pub fn folder(&self) -> &Path {
        &self.0
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(&self.0).stderr(Stdio::null()).status();
    }
}

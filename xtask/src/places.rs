//! Where things lie: the checkout, the build folder and the tools. The last two are outside of
//! the checkout, so that a second checkout, or a second run, finds them.

use crate::Done;
use std::path::{Path, PathBuf};

pub struct Places {
    /// The checkout.
    pub root: PathBuf,
    /// Cargo's build folder, shared by all checkouts.
    pub target: PathBuf,
    /// One folder `<name>-<version>` for each tool.
    pub tools: PathBuf,
}

impl Places {
    /// # Errors
    /// When neither `XDG_CACHE_HOME` nor `HOME` is set.
    pub fn find() -> Done<Self> {
        // At run time first: the program may have been built from another checkout.
        let own = variable("CARGO_MANIFEST_DIR").unwrap_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")));
        let root = own.parent().map(Path::to_path_buf).ok_or("xtask does not lie in a checkout")?;
        let cache = variable("XDG_CACHE_HOME")
            .or_else(|| variable("HOME").map(|home| home.join(".cache")))
            .ok_or("set HOME or XDG_CACHE_HOME: the build folder lies there")?
            .join("salon");
        // A relative CARGO_TARGET_DIR counts from the current folder, as with cargo itself.
        let target = match variable("CARGO_TARGET_DIR") {
            Some(folder) => std::path::absolute(folder).map_err(|e| format!("CARGO_TARGET_DIR: {e}"))?,
            None => cache.join("target"),
        };
        Ok(Self { root, target, tools: cache.join("tools") })
    }

    /// What this checkout alone has: page, stamps, logs. Git ignores it.
    pub fn own(&self) -> PathBuf {
        self.root.join("target")
    }

    pub fn tool(&self, name: &str, version: &str) -> PathBuf {
        self.tools.join(format!("{name}-{version}"))
    }
}

/// A path from the environment; an empty one counts as not set.
fn variable(name: &str) -> Option<PathBuf> {
    std::env::var_os(name).filter(|v| !v.is_empty()).map(PathBuf::from)
}

/// Whether `program` can be called by its name.
pub fn on_path(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join(program)).find(|file| file.is_file())
}

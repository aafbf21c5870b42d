//! The example house.

use crate::{Done, process};
use std::path::Path;
use std::process::Command;

/// Fills `data` once; a filled one is left alone.
pub fn fill(program: &Path, data: &Path) -> Done {
    if data.join("salon.db").exists() {
        return Ok(());
    }
    let mut command = Command::new(program);
    command.arg("demo").arg("--data").arg(data);
    process::visible(&mut command, "salon demo")
}

//! Why a house is not copied.

use std::path::PathBuf;

/// In sentences for whoever runs the command.
#[derive(Debug, thiserror::Error)]
pub enum CopyFault {
    #[error("there is no house at {}", .0.display())]
    NoStore(PathBuf),
    #[error("{} exists already, and nothing is ever written over", .0.display())]
    Exists(PathBuf),
    #[error("another process is writing {}", .0.display())]
    InUse(PathBuf),
    #[error("{} could not be written: {cause}", .file.display())]
    Write { file: PathBuf, cause: std::io::Error },
    #[error("{} could not be read: {cause}", .file.display())]
    Read { file: PathBuf, cause: std::io::Error },
    /// What is there.
    #[error("this house is not empty ({0}): restore into an empty data folder and an empty database")]
    NotEmpty(String),
    #[error("this is not a whole backup: its end is missing")]
    Incomplete,
    /// Which part, and what is wrong with it.
    #[error("the backup is damaged: {0}: {1}")]
    Damaged(String, String),
    #[error("it was stopped half-way")]
    Stopped,
    /// Of the backup.
    #[error("the backup comes from a later version ({0}): use that version or a later one")]
    Newer(String),
}

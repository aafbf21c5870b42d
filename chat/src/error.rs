//! What can go wrong, with its cause. Doors answer with [`Error::into_problem`].

use crate::backup::CopyFault;
use crate::store::{DbErr, fault};
use domain::Problem;

pub type Result<T> = std::result::Result<T, Error>;

#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A rule of the house: nothing broke.
    #[error("{0}")]
    Problem(#[from] Problem),
    #[error("the store: {0}")]
    Database(#[source] DbErr),
    #[error("the files: {0}")]
    Files(#[source] object_store::Error),
    #[error("the data folder: {0}")]
    Folder(#[source] std::io::Error),
    #[error("another server serves from this store; stop it first")]
    Served,
    /// `found` and `wanted` name the last step of the schema.
    #[error("{}", schema_sentence(.found, .wanted, .older))]
    Schema { found: String, wanted: String, older: bool },
    /// A house cannot be copied, or not be made from a copy.
    #[error(transparent)]
    Copy(#[from] CopyFault),
    #[error("a password could not be hashed: {0}")]
    Hashing(String),
    /// Mail cannot be sent as the settings say.
    #[error("mail: {0}")]
    Mail(String),
    /// A job stopped half-way; nothing of it was kept.
    #[error("a job panicked")]
    Panicked,
}

fn schema_sentence(found: &str, wanted: &str, older: &bool) -> String {
    if *older {
        format!(
            "the store is of an older version ({found}, this program needs {wanted}): \
             make a backup, then start once with --migrate or run `salon migrate`"
        )
    } else {
        format!("the store is of another version ({found}) that this program ({wanted}) does not know: use a newer one")
    }
}

impl Error {
    /// What a visitor is told. The cause is logged here, once, with a reference that the
    /// answer carries.
    pub fn into_problem(self) -> Problem {
        match self {
            Self::Problem(problem) => problem,
            Self::Database(cause) if fault::is_passing(&cause) => {
                tracing::warn!(%cause, "the store does not answer");
                Problem::Unavailable
            }
            broken @ (Self::Database(_)
            | Self::Files(_)
            | Self::Folder(_)
            | Self::Served
            | Self::Schema { .. }
            | Self::Copy(_)
            | Self::Hashing(_)
            | Self::Mail(_)
            | Self::Panicked) => {
                let reference = format!("{:08x}", rand::random::<u32>());
                tracing::error!(cause = %broken, %reference, "something broke");
                if matches!(&broken, Self::Database(cause) if fault::is_damage(cause)) {
                    tracing::error!("the store is damaged: run `salon doctor`, then restore a backup");
                }
                Problem::Broken { reference }
            }
        }
    }
}

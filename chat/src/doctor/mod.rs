//! Whether everything that a house should have is there and is what it should be.

mod files;
mod rows;
mod walls;

use crate::keeper::{Keeper, Place};
use crate::store::{DbErr, whole};
use crate::{Error, Result};

/// Most findings that are listed; there is no use in more.
const LISTED: usize = 1_000;

const RESTORE: &str = "stop the server, keep a copy of the data folder, and restore the last whole backup";
const REHANG: &str = "replace the picture in its room, or take the file from a backup";
const TIDY: &str = "nothing to do: the server removes it within an hour";

/// Something that is not as it should be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What and where, in a sentence.
    pub what: String,
    /// What to do about it.
    pub advice: &'static str,
    /// Whether something is lost or wrong; else it is only worth knowing.
    pub is_damage: bool,
}

/// What an examination found.
#[derive(Debug, Default)]
pub struct Report {
    /// At most 1,000 are listed.
    pub findings: Vec<Finding>,
    /// All of them that are damage, listed or not.
    pub damages: usize,
    pub rooms: usize,
    pub messages: usize,
    pub pictures: usize,
    pub files: usize,
}

impl Report {
    fn damage(&mut self, what: String, advice: &'static str) {
        self.damages += 1;
        self.add(Finding { what, advice, is_damage: true });
    }

    fn add(&mut self, finding: Finding) {
        if self.findings.len() < LISTED {
            self.findings.push(finding);
        }
    }

    /// What cannot even be read is damage too.
    fn check(&mut self, what: &str, result: std::result::Result<(), DbErr>) {
        if let Err(cause) = result {
            self.damage(format!("{what} cannot be read: {cause}"), RESTORE);
        }
    }
}

/// Examines a house and changes nothing in it.
///
/// # Errors
/// Only if there is nothing to examine: no house, or a store of another version.
pub async fn examine(place: Place) -> Result<Report> {
    let mut report = Report::default();
    match Keeper::open(place).await {
        Ok(keeper) => {
            let examined = keeper.examine(&mut report).await;
            // It cannot be closed badly: nothing was written.
            let _ = keeper.close().await;
            examined?;
        }
        Err(Error::Database(cause)) => report.check("the store", Err(cause)),
        Err(error) => return Err(error),
    }
    Ok(report)
}

impl Keeper {
    async fn examine(&self, report: &mut Report) -> Result<()> {
        let tx = match whole::begin(&self.db).await {
            Err(Error::Database(cause)) => {
                report.check("the store", Err(cause));
                return Ok(());
            }
            begun => begun?,
        };
        match whole::examine(&tx).await {
            Ok(complaints) => {
                complaints.into_iter().for_each(|words| report.damage(format!("the store: {words}"), RESTORE))
            }
            Err(cause) => report.check("the store", Err(cause)),
        }
        let result = rows::examine_people(&tx, report).await;
        report.check("the people", result);
        let result = rows::examine_rooms(&tx, report).await;
        report.check("the rooms", result);
        let result = rows::examine_messages(&tx, report).await;
        report.check("the messages", result);
        let result = walls::examine(&tx, report).await;
        report.check("the events", result);
        let kept = rows::examine_pictures(&tx, report).await;
        tx.rollback().await?;
        match kept {
            Ok(kept) => files::examine(self.folder.clone(), kept, report).await?,
            // Without the rows nobody can say what the files should be.
            Err(cause) => report.check("the pictures", Err(cause)),
        }
        Ok(())
    }
}

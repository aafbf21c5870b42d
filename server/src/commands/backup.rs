//! `salon backup`.

use super::{Failure, Outcome, place};
use crate::settings::Backup;
use chat::{Clock, Copied, Keeper};

pub async fn backup(settings: &Backup) -> Outcome {
    let keeper = Keeper::open(place(&settings.store)).await?;
    let copied = keeper.backup(&settings.file, &Clock::system()).await;
    keeper.close().await?;
    let copied = copied?;
    println!("{} holds {} and was read again.", settings.file.display(), contents(&copied));
    match copied.faults.len() {
        0 => Ok(()),
        faults => {
            copied.faults.iter().for_each(|fault| eprintln!("damage: {fault}"));
            Err(Failure::Words(format!("{faults} files were missing or damaged; the backup holds everything else")))
        }
    }
}

/// What was copied, in numbers.
pub(super) fn contents(copied: &Copied) -> String {
    let Copied { people, rooms, messages, pictures, .. } = copied;
    format!("people: {people}, rooms: {rooms}, messages: {messages}, pictures: {pictures}")
}

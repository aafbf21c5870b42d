//! `salon restore`.

use super::backup::contents;
use super::{Outcome, place};
use crate::settings::Restore;

pub async fn restore(settings: &Restore) -> Outcome {
    let copied = chat::restore(&settings.file, &place(&settings.store)).await?;
    println!("The house is there ({}). Everybody signs in again.", contents(&copied));
    for fault in &copied.faults {
        println!("It was so when it was copied: {fault}");
    }
    Ok(())
}

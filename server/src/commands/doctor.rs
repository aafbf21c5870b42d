//! `salon doctor`.

use super::{Failure, Outcome, place};
use crate::settings::Store;

pub async fn doctor(store: &Store) -> Outcome {
    let report = chat::examine(place(store)).await?;
    for finding in &report.findings {
        let kind = if finding.is_damage { "damage" } else { "leftover" };
        println!("{kind}: {} — {}", finding.what, finding.advice);
    }
    let chat::Report { rooms, messages, pictures, files, damages, .. } = report;
    let seen = format!("rooms: {rooms}, messages: {messages}, pictures: {pictures}, files: {files}");
    match damages {
        0 => println!("The house is whole ({seen})."),
        1 => return Err(Failure::Words(format!("1 thing is damaged ({seen})"))),
        damages => return Err(Failure::Words(format!("{damages} things are damaged ({seen})"))),
    }
    Ok(())
}

//! `salon room add`.

use super::{Failure, Outcome, open};
use crate::settings::RoomAdd;
use chat::Chat;
use domain::PersonId;
use domain::room::RoomWords;

pub async fn add(settings: RoomAdd) -> Outcome {
    let visibility = settings.visibility.into();
    let words = RoomWords::parse(&settings.slug, &settings.title, &settings.about, visibility)?;
    let chat = open(&settings.store).await?;
    let added = match host(&chat, settings.host.as_deref()).await {
        Ok(host) => chat.add_room(words, host).await.map_err(Failure::from),
        Err(failure) => Err(failure),
    };
    chat.close().await;
    println!("Room “{}” is at /r/{}.", settings.title, added?.slug);
    Ok(())
}

async fn host(chat: &Chat, name: Option<&str>) -> Result<Option<PersonId>, Failure> {
    let Some(name) = name else { return Ok(None) };
    match chat.find_person(name).await? {
        Some(person) => Ok(Some(person.id)),
        None => Err(Failure::Words(format!("there is no person called “{name}”"))),
    }
}

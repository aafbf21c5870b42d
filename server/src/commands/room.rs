//! `salon room …`.

use super::{Failure, Outcome, open};
use crate::settings::{RoomAdd, RoomCommand, RoomLink, RoomUnlink, Store};
use chat::Chat;
use domain::room::RoomWords;
use domain::{PersonId, Problem};

pub async fn run(command: RoomCommand) -> Outcome {
    match command {
        RoomCommand::Add(settings) => add(settings).await,
        RoomCommand::Link(settings) => link(settings).await,
        RoomCommand::Unlink(settings) => unlink(settings).await,
        RoomCommand::Links(store) => links(&store).await,
    }
}

async fn link(settings: RoomLink) -> Outcome {
    let RoomLink { slug, system, name, store } = settings;
    let chat = open(&store).await?;
    let linked = chat.link_room(&slug, &system, &name).await;
    chat.close().await;
    let before = linked.map_err(|error| match error {
        chat::Error::Problem(Problem::NotFound { .. }) => Failure::Words(format!("there is no room /r/{slug}")),
        chat::Error::Problem(Problem::Taken { .. }) => {
            Failure::Words(format!("{system} has another name for /r/{slug}; salon room links lists them"))
        }
        other => other.into(),
    })?;
    println!("{system} calls /r/{slug} “{name}”.");
    if let Some(before) = before {
        println!("It was /r/{} before.", before.slug);
    }
    Ok(())
}

async fn unlink(settings: RoomUnlink) -> Outcome {
    let RoomUnlink { system, name, store } = settings;
    let chat = open(&store).await?;
    let unlinked = chat.unlink_room(&system, &name).await;
    chat.close().await;
    unlinked.map_err(|error| match error {
        chat::Error::Problem(Problem::NotFound { .. }) => {
            Failure::Words(format!("{system} calls no room “{name}”; salon room links lists them"))
        }
        other => other.into(),
    })?;
    println!("{system} calls no room “{name}” any more.");
    Ok(())
}

/// System, name there, and address, apart from each other by tabs.
async fn links(store: &Store) -> Outcome {
    let chat = open(store).await?;
    let links = chat.room_links().await;
    chat.close().await;
    for link in links? {
        println!("{}\t{}\t/r/{}", link.system, link.name, link.slug);
    }
    Ok(())
}

async fn add(settings: RoomAdd) -> Outcome {
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

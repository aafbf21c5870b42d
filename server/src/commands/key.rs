//! `salon key …`.

use super::{Failure, Outcome, open};
use crate::settings::{KeyAdd, KeyCommand, KeyName, Store};
use chat::{ApiKey, Chat};
use domain::time::iso;
use domain::{PersonId, Problem};

pub async fn run(command: KeyCommand) -> Outcome {
    match command {
        KeyCommand::Add(settings) => add(settings).await,
        KeyCommand::List(store) => list(&store).await,
        KeyCommand::Rotate(settings) => rotate(settings).await,
        KeyCommand::Remove(settings) => remove(settings).await,
    }
}

async fn add(settings: KeyAdd) -> Outcome {
    if settings.acts_as.is_none() && settings.scopes.iter().any(|scope| scope.needs_person()) {
        return Err(Failure::Words("say in whose name it acts: --as NAME".into()));
    }
    let chat = open(&settings.store).await?;
    let mut scopes: Vec<&str> = settings.scopes.iter().map(|scope| scope.as_str()).collect();
    scopes.dedup();
    let added = match person(&chat, settings.acts_as.as_deref()).await {
        Ok(acts_as) => {
            chat.add_key(&settings.name, acts_as, &scopes).await.map_err(|error| about(error, &settings.name))
        }
        Err(failure) => Err(failure),
    };
    chat.close().await;
    println!("{}", added?);
    Ok(())
}

async fn person(chat: &Chat, name: Option<&str>) -> Result<Option<PersonId>, Failure> {
    let Some(name) = name else { return Ok(None) };
    match chat.find_person(name).await? {
        Some(person) => Ok(Some(person.id)),
        None => Err(Failure::Words(format!("there is no person called “{name}”"))),
    }
}

async fn list(store: &Store) -> Outcome {
    let chat = open(store).await?;
    let keys = chat.keys().await;
    chat.close().await;
    for key in keys? {
        println!("{}", line(&key));
    }
    Ok(())
}

/// Name, scopes, and when it was used, apart from each other by tabs.
fn line(key: &ApiKey) -> String {
    let used = match key.used_at {
        0 => "never used".to_owned(),
        at => format!("used {}", iso(at)),
    };
    format!("{}\t{}\t{used}", key.name, key.scopes.join(","))
}

async fn rotate(settings: KeyName) -> Outcome {
    let chat = open(&settings.store).await?;
    let rotated = chat.rotate_key(&settings.name).await;
    chat.close().await;
    println!("{}", rotated.map_err(|error| about(error, &settings.name))?);
    Ok(())
}

async fn remove(settings: KeyName) -> Outcome {
    let chat = open(&settings.store).await?;
    let removed = chat.remove_key(&settings.name).await;
    chat.close().await;
    removed.map_err(|error| about(error, &settings.name))?;
    println!("The key “{}” opens nothing any more.", settings.name);
    Ok(())
}

fn about(error: chat::Error, name: &str) -> Failure {
    match error {
        chat::Error::Problem(Problem::NotFound { .. }) => Failure::Words(format!("there is no key called “{name}”")),
        chat::Error::Problem(Problem::Taken { .. }) => {
            Failure::Words(format!("there is a key called “{name}” already; salon key rotate gives it a new secret"))
        }
        other => other.into(),
    }
}

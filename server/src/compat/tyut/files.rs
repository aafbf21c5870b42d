//! `GET /api/files`: what the caller has uploaded.

use super::caller::asks;
use super::translate::{date, file_type, no, page, path, sort};
use super::wire::{Answer, BROKEN, Done, FileLine, List};
use super::{DOOR, ids};
use crate::compat::base::in_query;
use crate::house::House;
use axum::extract::{Request, State};
use chat::SentFile;
use domain::person::Person;

pub async fn list(State(house): State<House>, request: Request) -> Answer {
    let (parts, _) = request.into_parts();
    let caller = asks(&house, &parts.headers).await?;
    let field = |name: &str| in_query(parts.uri.query().unwrap_or_default(), name);
    let (offset, limit) = page(field("page").as_deref(), field("limit").as_deref())?;
    let descending = matches!(sort(field("sort").as_deref()), Some(("created_at", true)));
    let broken = |error| no(error, BROKEN);
    let found = house.chat.sent_files(&caller.who, DOOR, descending, offset, limit).await;
    let (files, count) = found.map_err(broken)?;
    let rooms: Vec<_> = files.iter().map(|sent| sent.room).collect();
    let targets = house.chat.private_others(&caller.who, &rooms).await.map_err(broken)?;
    let lines = files.into_iter().map(|sent| line(&sent, targets.get(&sent.room)));
    Done::with(List { count, list: lines.collect() })
}

fn line(sent: &SentFile, target: Option<&Person>) -> FileLine {
    let (author, name) = (&sent.message.author, &sent.original.name);
    FileLine {
        id: sent.message.id.0,
        created_at: date(sent.message.at),
        updated_at: date(sent.message.at),
        user_id: ids::of(author.id),
        target_id: target.map(|target| ids::of(target.id)).unwrap_or_default(),
        path: path(&author.name, name),
        file_name: name.clone(),
        file_type: file_type(name),
        file_size: sent.message.files.first().map_or(0, |file| file.bytes),
    }
}

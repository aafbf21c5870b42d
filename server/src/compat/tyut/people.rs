//! `GET /api/users`: who is on this site.

use super::caller::asks;
use super::ids;
use super::translate::{avatar, date, no, page, sort};
use super::wire::{Answer, BROKEN, Done, List, UserLine};
use crate::compat::base::in_query;
use crate::house::House;
use axum::extract::{Request, State};
use chat::ListedPerson;

pub async fn list(State(house): State<House>, request: Request) -> Answer {
    let (parts, _) = request.into_parts();
    let caller = asks(&house, &parts.headers).await?;
    let field = |name: &str| in_query(parts.uri.query().unwrap_or_default(), name);
    let (offset, limit) = page(field("page").as_deref(), field("limit").as_deref())?;
    // An order by what is nobody else's business would tell it.
    let (by_name, descending) = match sort(field("sort").as_deref()) {
        Some(("username" | "email", down)) => (true, down),
        Some((_, down)) => (false, down),
        None => (false, false),
    };
    let broken = |error| no(error, BROKEN);
    let found = house.chat.listed_people(&caller.who, by_name, descending, offset, limit).await;
    let (people, count) = found.map_err(broken)?;
    let own = house.chat.my_profile(&caller.who).await.map_err(broken)?.email.unwrap_or_default();
    let line = |listed: ListedPerson| {
        let since = date(listed.since);
        let is_me = listed.person.id == caller.who.person.id;
        UserLine {
            updated_at: since.clone(),
            created_at: since,
            user_id: ids::of(listed.person.id),
            avatar: avatar(&listed.person.name),
            user_name: listed.person.name,
            email: if is_me { own.clone() } else { String::new() },
        }
    };
    Done::with(List { count, list: people.into_iter().map(line).collect() })
}

//! Asking the other site about a login (seed 000, `/c/user/login`).

use super::SYSTEM;
use super::people::{Role, Told};
use super::wire::Question;
use crate::house::House;
use chat::{Callback, Visit, Vouched};
use domain::Problem;
use serde_json::value::RawValue;

/// Somebody whom the other site lets in.
pub struct Known {
    pub vouched: Vouched,
    pub role: Role,
    /// Exactly as the site said it.
    pub user: Box<RawValue>,
}

/// Asks about a name and a password; `room` is 1 where none was named.
///
/// # Errors
/// [`Problem::WrongCredentials`] also for an answer without a name or with an unknown role;
/// [`Problem::Unavailable`]; [`Problem::TooFast`].
pub async fn ask(house: &House, callback: &Callback, login: Question<'_>, visit: &Visit) -> chat::Result<Known> {
    house.chat.may_ask_about(login.name, visit)?;
    let question = serde_json::to_string(&login).map_err(|_| Problem::Unavailable)?;
    let answer = callback.ask(question, house.chat.now()).await?;
    let told: Told = serde_json::from_slice(&answer).map_err(|_| Problem::WrongCredentials)?;
    let user: Box<RawValue> = serde_json::from_slice(&answer).map_err(|_| Problem::WrongCredentials)?;
    let vouched = house.chat.vouch(SYSTEM, &told.name, user.get()).await?;
    Ok(Known { vouched, role: told.role, user })
}

/// Gives somebody the place in our rooms that the other site gives them: its admins run them, and
/// nothing else of this site.
///
/// # Errors
/// Those of the store.
pub async fn place(house: &House, known: &Known, who: &chat::Who) -> chat::Result<()> {
    use domain::member;
    for room in house.compat.webim.rooms() {
        let runs = match house.chat.reader(Some(who), room.id).await {
            Ok(reader) => reader.role() == Some(member::Role::Host),
            // Banned by a host of ours: the other site has no say in that.
            Err(_) => continue,
        };
        match known.role {
            Role::Admin if !runs => house.chat.seat(&known.vouched, room.id, member::Role::Host).await?,
            Role::User if runs => house.chat.seat(&known.vouched, room.id, member::Role::Member).await?,
            Role::Admin | Role::User => {}
        }
    }
    Ok(())
}

//! Whom one can mention, while their name is being typed.

use crate::access::RoomReader;
use crate::names::name_key;
use crate::store::mentions;
use crate::{Chat, Problem, Result, pinyin, spans};
use domain::person::Person;
use domain::role::Action;

/// Most that are offered.
const OFFERED: usize = 8;
/// Of a larger room those are looked at who said something last.
const LOOKED_AT: i64 = 5_000;

/// Whom a beginning of a name may mean.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mentionable {
    /// Members, those first who said something last.
    pub people: Vec<Person>,
    /// How many `@all` would reach, if it may mean that and the asker may.
    pub everyone: Option<u32>,
}

impl Chat {
    /// Members whose name or display name begins with what was typed, also by its sound.
    ///
    /// # Errors
    /// [`Problem::SignInNeeded`]; as [`Chat::writer`] for those who may not take part; `TooFast`.
    pub async fn mentionable_people(&self, reader: &RoomReader, typed: &str) -> Result<Mentionable> {
        let me = reader.who().ok_or(Problem::SignInNeeded)?.person.id;
        reader.may(Action::TakePart)?;
        self.limits().complete(me)?;
        let typed = name_key(typed.trim());
        let members = mentions::list_lately(self.store().read(), reader.room().id, LOOKED_AT).await?;
        let others = members.into_iter().filter(|person| person.id != me);
        let means_all = spans::EVERYONE.iter().any(|word| pinyin::begins(word, &typed));
        let everyone = (means_all && reader.moderates()).then(|| others.clone().count() as u32);
        let begins = |name: &str| pinyin::begins(&name_key(name), &typed);
        let people = others.filter(|person| begins(&person.display) || begins(&person.name)).take(OFFERED).collect();
        Ok(Mentionable { people, everyone })
    }
}

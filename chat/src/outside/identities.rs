//! People whom another system vouches for. They have an account here, without a password, and a
//! name of their own; nobody can address a local account by what a system calls its people.

use crate::names::name_key;
use crate::password::NOBODY;
use crate::people::{create, look};
use crate::store::entities::person;
use crate::store::fault::OnUnique;
use crate::store::people::NewPerson;
use crate::store::{contacts, outside as rows};
use crate::{Chat, Problem, Result, Rule, SignedIn, Thing, Visit, Who};
use domain::contact::Privacy;
use domain::person::{Person, SiteRole, parse_display, parse_name};
use domain::{PersonId, RoomId};
use std::collections::HashMap;

/// Longest name that another system may give somebody, in characters.
const MAX_NAME: usize = 200;
/// How often another name is tried when one is in use.
const TRIES: usize = 8;

/// Somebody as another system knows them: proof that it has vouched for them.
#[derive(Clone, Debug)]
pub struct Vouched {
    pub person: Person,
    /// What the system calls them.
    pub name: String,
    /// What it told of them last.
    pub info: String,
    pub(crate) system: String,
    role: SiteRole,
}

impl Vouched {
    /// Which system vouches for them.
    pub fn system(&self) -> &str {
        &self.system
    }
}

impl Chat {
    /// Somebody whom a system vouches for; they get an account when they come first. `info`: what
    /// else the system says of them, kept as it is.
    ///
    /// # Errors
    /// `Invalid { field: "name", .. }` for a name that is empty or longer than 200 characters;
    /// [`Problem::NotAllowed`] for somebody whose account is disabled.
    pub async fn vouch(&self, system: &str, name: &str, info: &str) -> Result<Vouched> {
        if name.is_empty() || name.chars().count() > MAX_NAME || name.contains('\0') {
            return Err(Problem::invalid("name", Rule::Shape).into());
        }
        if self.find_vouched(system, name).await?.is_none() {
            self.create_vouched(system, name, info).await?;
        }
        let found = rows::find_identity(self.store().read(), system, name).await?;
        let (row, person) = found.ok_or(Problem::Unavailable)?;
        if person.disabled {
            return Err(Problem::NotAllowed.into());
        }
        if row.info != info {
            let (id, info) = (row.id, info.to_owned());
            let write =
                self.store().write(move |tx| Box::pin(async move { Ok(rows::change_info(tx.db(), id, &info).await?) }));
            write.await?;
        }
        vouched(system, name, info, person)
    }

    /// Whether a system may be asked about somebody once more: the same limits as for passwords here.
    ///
    /// # Errors
    /// [`Problem::TooFast`].
    pub fn may_ask_about(&self, name: &str, visit: &Visit) -> Result<()> {
        self.limits().sign_in(&name_key(name), visit.address, true)
    }

    /// Somebody by what a system calls them, if it has vouched for them before.
    pub async fn find_vouched(&self, system: &str, name: &str) -> Result<Option<Vouched>> {
        let found = rows::find_identity(self.store().read(), system, name).await?;
        found.map(|(row, person)| vouched(system, name, &row.info, person)).transpose()
    }

    /// As whom a system of this kind vouches for somebody: the system `kind`, or one called
    /// `kind:…`. `None` if none does.
    pub async fn vouched_as(&self, who: &Who, kind: &str) -> Result<Option<Vouched>> {
        let rows = rows::list_identities_of(self.store().read(), who.person.id).await?;
        let is_kind =
            |system: &str| system.strip_prefix(kind).is_some_and(|rest| rest.is_empty() || rest.starts_with(':'));
        Ok(rows.into_iter().find(|row| is_kind(&row.system)).map(|row| {
            let (person, role) = (who.person.clone(), who.role);
            Vouched { person, name: row.name, info: row.info, system: row.system, role }
        }))
    }

    /// Those of these people whom a system vouched for: what it calls them, and what it told.
    pub async fn outside_names(
        &self,
        system: &str,
        people: &[PersonId],
    ) -> Result<HashMap<PersonId, (String, String)>> {
        let rows = rows::list_identities(self.store().read(), system, people).await?;
        Ok(rows.into_iter().map(|(person, row)| (person, (row.name, row.info))).collect())
    }

    /// Notes that one of our own people is known to a system, under the name that they have here, and
    /// what it wants to keep of them. Nobody else is ever vouched for under that name.
    pub async fn introduce(&self, system: &str, person: &Person, info: &str) -> Result<()> {
        let (system, person, info) = (system.to_owned(), person.clone(), info.to_owned());
        let write = self.store().write(move |tx| {
            Box::pin(async move {
                match rows::list_identities(tx.db(), &system, &[person.id]).await?.remove(&person.id) {
                    Some(row) if row.info == info => Ok(()),
                    Some(row) => Ok(rows::change_info(tx.db(), row.id, &info).await?),
                    None => Ok(rows::create_identity(tx.db(), &system, &person.name, person.id, &info).await?),
                }
            })
        });
        write.await
    }

    /// Begins a session at a door for somebody whom a system vouches for. `life` as of
    /// [`Chat::sign_in_at`].
    pub async fn let_in(&self, vouched: &Vouched, door: &str, visit: &Visit, life: Option<i64>) -> Result<SignedIn> {
        self.begin_at(door, vouched.person.clone(), vouched.role, visit, life).await
    }

    /// Makes somebody whom a system vouches for a member, or a host, of a room of that system.
    ///
    /// # Errors
    /// [`Problem::NotFound`] for a room that the system has no name for.
    pub async fn seat(&self, vouched: &Vouched, room: RoomId, role: domain::member::Role) -> Result<()> {
        let known = rows::list_aliases(self.store().read(), &vouched.system, &[room]).await?;
        if known.is_empty() {
            return Err(Problem::not_found(Thing::Room).into());
        }
        self.seat_person(vouched.person.clone(), room, role).await
    }

    async fn create_vouched(&self, system: &str, name: &str, info: &str) -> Result<()> {
        for attempt in 0..TRIES {
            let new = new_person(name, attempt)?;
            let (system, name, info) = (system.to_owned(), name.to_owned(), info.to_owned());
            let write = self.store().write(move |tx| {
                Box::pin(async move {
                    let row = create(tx, new).await?;
                    let person = PersonId(row.id);
                    let privacy = Privacy { listed: false, ..Privacy::default() };
                    contacts::change_privacy(tx.db(), person, privacy).await?;
                    let created = rows::create_identity(tx.db(), &system, &name, person, &info).await;
                    created.on_unique("identity_system_name", Problem::Taken { thing: Thing::Session })
                })
            });
            match write.await.map_err(crate::Error::into_problem) {
                // The same came a moment earlier by another way.
                Ok(()) | Err(Problem::Taken { thing: Thing::Session }) => return Ok(()),
                Err(Problem::Taken { thing: Thing::Person } | Problem::Invalid { rule: Rule::LookAlike, .. }) => {}
                Err(problem) => return Err(problem.into()),
            }
        }
        Err(Problem::Unavailable.into())
    }
}

fn vouched(system: &str, name: &str, info: &str, person: person::Model) -> Result<Vouched> {
    let role = person.site_role()?;
    let (system, name, info) = (system.to_owned(), name.to_owned(), info.to_owned());
    Ok(Vouched { person: person.into(), name, info, system, role })
}

/// An account for somebody whose name may be anything: called as alike as our names allow.
fn new_person(given: &str, attempt: usize) -> Result<NewPerson> {
    let plain: String = given.chars().filter(|c| c.is_alphanumeric() || "._-".contains(*c)).take(24).collect();
    let plain = if parse_name(&plain).is_ok() { plain } else { format!("guest-{plain}") };
    let name = if attempt == 0 { plain } else { format!("{plain}-{:04x}", rand::random::<u16>()) };
    let name = parse_name(&name).or_else(|_| parse_name(&format!("guest-{:08x}", rand::random::<u32>())))?;
    let display: String = given.chars().filter(|c| !c.is_control()).take(48).collect();
    let display = parse_display(&display).unwrap_or_else(|_| name.clone());
    let name_key = name_key(&name);
    let look = look(&name_key);
    // A hash that no password has.
    let password_hash = NOBODY.to_owned();
    Ok(NewPerson { name, name_key, look, display, role: SiteRole::Member, password_hash })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_somebody_is_called_they_get_a_name() {
        for given in ["18520322032", "1", "小明", "a b@c/d", "::", "\u{202E}x", &"长".repeat(200), "-"] {
            for attempt in 0..2 {
                let new = new_person(given, attempt).unwrap();
                assert!(parse_name(&new.name).is_ok(), "{given:?} {}", new.name);
            }
        }
        assert_eq!(new_person("18520322032", 0).unwrap().name, "18520322032");
    }
}

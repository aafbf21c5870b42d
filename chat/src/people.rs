//! People: names and accounts.

use crate::audit::{self, Entry};
use crate::names::name_key;
use crate::password::check_new;
use crate::store::entities::invite::Purpose;
use crate::store::entities::person;
use crate::store::fault::OnUnique;
use crate::store::people::{self, NewPerson};
use crate::store::{Tx, invites, sessions};
use crate::{Chat, Problem, Result, Rule, SignedIn, Thing, Visit, Who};
use domain::PersonId;
use domain::audit::Act;
use domain::person::{Person, SiteRole, parse_display, parse_name};

/// What a name looks like: names that readers confuse have one look (UTS #39, where the look
/// of `0` is `O`; case is taken away once more).
pub(crate) fn look(name_key: &str) -> String {
    unicode_security::skeleton(name_key).flat_map(char::to_lowercase).collect()
}

impl Chat {
    /// Creates an account and signs it in, whatever the site asks besides: see [`Chat::sign_up`].
    ///
    /// # Errors
    /// [`Problem::NotAllowed`] if registration is closed, or by invitation and there is none;
    /// [`Problem::Gone`] if the invitation is used up, expired or unknown;
    /// [`Problem::Taken`] for a name in use and [`Rule::LookAlike`] for one that looks like it;
    /// [`Problem::Invalid`] for what does not fit; [`Problem::TooFast`].
    pub async fn register(
        &self,
        name: &str,
        display: &str,
        password: &str,
        invite: Option<&str>,
        visit: &Visit,
    ) -> Result<SignedIn> {
        let invite = self.needed_invite(invite)?;
        let new = self.check_person(name, display, password, SiteRole::Member)?;
        self.limits().register(visit.address)?;
        self.check_invite(invite.as_deref()).await?;
        let new = self.hash_person(new, password).await?;
        let (token, session) = self.new_session(visit);
        let expires_at = self.now() + crate::sessions::ABSOLUTE_MS;
        let who = self
            .store()
            .write(move |tx| {
                Box::pin(async move {
                    if let Some(invite) = invite
                        && !invites::use_invite(tx.db(), &invite, Purpose::Registration, tx.now()).await?
                    {
                        return Err(Problem::Gone.into());
                    }
                    let row = create(tx, new).await?;
                    begin_session(tx, row, session).await
                })
            })
            .await?;
        Ok(SignedIn { token, who, expires_at })
    }

    /// Adds an account from the command line.
    ///
    /// # Errors
    /// As [`Chat::register`], but for invitations and limits.
    pub async fn add_person(&self, name: &str, password: &str, role: SiteRole) -> Result<Person> {
        let new = self.check_person(name, name, password, role)?;
        let new = self.hash_person(new, password).await?;
        let write = self.store().write(move |tx| {
            Box::pin(async move {
                let row = create(tx, new).await?;
                audit::note(tx, Entry::by_command(Act::PersonAdded).to(PersonId(row.id))).await?;
                Ok(row)
            })
        });
        let row = write.await?;
        Ok(row.into())
    }

    /// By their id.
    pub async fn person(&self, id: PersonId) -> Result<Option<Person>> {
        Ok(people::find_person(self.store().read(), id).await?.map(Person::from))
    }

    /// By any spelling of the name.
    pub async fn find_person(&self, name: &str) -> Result<Option<Person>> {
        Ok(people::find_by_key(self.store().read(), &name_key(name.trim())).await?.map(Person::from))
    }

    /// Changes what others read. Rooms that are open show it when they are loaded anew.
    ///
    /// # Errors
    /// [`Problem::Invalid`].
    pub async fn change_display(&self, who: &Who, display: &str) -> Result<()> {
        let (id, display) = (who.person.id, parse_display(display)?);
        self.store()
            .write(move |tx| Box::pin(async move { Ok(people::change_display(tx.db(), id, display).await?) }))
            .await?;
        self.0.sessions.forget_person(id);
        self.0.scenes.forget();
        Ok(())
    }

    /// Everything about a new person that needs no store; the password is not hashed yet.
    pub(crate) fn check_person(&self, name: &str, display: &str, password: &str, role: SiteRole) -> Result<NewPerson> {
        let name = parse_name(name)?;
        let display = parse_display(display)?;
        check_new(password, &name)?;
        let name_key = name_key(&name);
        let look = look(&name_key);
        Ok(NewPerson { name, name_key, look, display, role, password_hash: String::new() })
    }

    /// Refuses a name in use before the work of hashing is done.
    pub(crate) async fn hash_person(&self, new: NewPerson, password: &str) -> Result<NewPerson> {
        check_name_is_free(self.store().read(), &new).await?;
        let password_hash = self.0.hasher.hash(self.0.hasher.place()?, password.to_owned()).await?;
        Ok(NewPerson { password_hash, ..new })
    }
}

/// In one read, as equal names look alike: between two, somebody may take this very name, and
/// the second would call it another one.
async fn check_name_is_free(db: &impl crate::store::Connection, new: &NewPerson) -> Result<()> {
    match people::find_by_look(db, &new.look).await? {
        None => Ok(()),
        Some(row) if row.name_key == new.name_key => Err(Problem::Taken { thing: Thing::Person }.into()),
        Some(_) => Err(Problem::invalid("name", Rule::LookAlike).into()),
    }
}

/// The unique indexes have the last word: somebody may be registering the same name just now.
pub(crate) async fn create(tx: &mut Tx, new: NewPerson) -> Result<person::Model> {
    check_name_is_free(tx.db(), &new).await?;
    people::create_person(tx.db(), new, tx.now())
        .await
        .on_unique("person_name_key", Problem::Taken { thing: Thing::Person })
        .on_unique("person_look", Problem::invalid("name", Rule::LookAlike))
}

pub(crate) async fn begin_session(tx: &mut Tx, row: person::Model, session: sessions::NewSession) -> Result<Who> {
    let role = row.site_role()?;
    let person = Person::from(row);
    let session = sessions::create_session(tx.db(), person.id, session, tx.now()).await?;
    Ok(Who { person, role, session, only: None })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_are_one() {
        for (a, b) in [("Ana", "ana"), ("ＡＮＡ", "ana"), ("straße", "STRASSE"), ("Ωmega", "ωmega"), ("ﬁona", "fiona")]
        {
            assert_eq!(name_key(a), name_key(b), "{a} {b}");
        }
        assert_ne!(name_key("ana"), name_key("anna"));
        assert_eq!(name_key(&name_key("ẞΣς")), name_key("ẞΣς"));
    }

    #[test]
    fn names_that_look_alike() {
        for (a, b) in [("аna", "ana"), ("раypal", "paypal"), ("1ee", "lee"), ("O0o", "ooo")] {
            assert_eq!(look(&name_key(a)), look(&name_key(b)), "{a} {b}");
        }
        assert_ne!(look("小明"), look("小朋"));
    }
}

//! People by numbered pages, for clients that count them: those of our own site who want to be
//! found, and nobody whom another system vouches for.

use crate::store::people_pages as rows;
use crate::{Chat, Result, Who};
use domain::PersonId;
use domain::person::Person;

/// Somebody, and since when they are here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedPerson {
    pub person: Person,
    pub since: i64,
}

impl Chat {
    /// A page of people, by name or in the order in which they came, and how many there are in all.
    /// Without those who do not want to be listed, but always with whoever asks.
    pub async fn listed_people(
        &self,
        who: &Who,
        by_name: bool,
        descending: bool,
        offset: u64,
        limit: u64,
    ) -> Result<(Vec<ListedPerson>, u64)> {
        let (db, me) = (self.store().read(), who.person.id);
        let count = rows::count_people(db, me).await?;
        Ok((rows::list_people(db, me, by_name, descending, offset, limit).await?, count))
    }

    /// Somebody of our own site who may be here; `None` also for people of other systems.
    pub async fn local_person(&self, id: PersonId) -> Result<Option<Person>> {
        Ok(rows::find_local(self.store().read(), id).await?)
    }

    /// The same by any spelling of the name.
    pub async fn local_person_called(&self, name: &str) -> Result<Option<Person>> {
        match self.find_person(name).await? {
            Some(person) => self.local_person(person.id).await,
            None => Ok(None),
        }
    }
}

//! People as others find them: the list, and somebody's own page.

use crate::accounts::{PAGE, Page, PageEnd};
use crate::names::name_key;
use crate::store::entities::person;
use crate::store::{blocks, contacts, directory, people};
use crate::{Chat, Problem, Result, Thing, Who};
use domain::PersonId;
use domain::contact::{PersonCard, Presence};
use std::collections::HashSet;
use std::net::IpAddr;

/// Somebody's own page, as another person sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonPage {
    pub card: PersonCard,
    /// Whether the visitor has blocked them.
    pub blocked: bool,
    pub is_me: bool,
}

impl Chat {
    /// A page of people whose names hold the words, sorted by what others read as it is read aloud: digits,
    /// then Latin letters without regard to case and Chinese by its sound, then other scripts in the order of
    /// Unicode.
    /// Without those who do not want to be listed and those whose accounts are disabled.
    ///
    /// # Errors
    /// [`Problem::TooFast`] for searching more than once a second in the long run.
    pub async fn directory(
        &self,
        who: &Who,
        words: &str,
        after: Option<PersonId>,
        address: IpAddr,
    ) -> Result<Page<PersonCard>> {
        let words = words.trim().replace('\0', "\u{FFFD}");
        if !words.is_empty() {
            self.limits().search(address)?;
        }
        let (key, read) = (name_key(&words), self.store().read());
        let rows = directory::list_people(read, (&key, &words), after, PAGE as u64 + 1).await?;
        let cards = self.cards(who, rows).await?;
        Ok(Page::of(cards, |card| PageEnd { id: card.person.id.0, at: 0 }))
    }

    /// Sorts those in who were there before lists were sorted so.
    pub(crate) async fn sort_people(&self) -> Result<()> {
        self.store().write(|tx| Box::pin(async move { Ok(people::fill_sort_keys(tx.db()).await?) })).await
    }

    /// Somebody's own page.
    ///
    /// # Errors
    /// [`Problem::NotFound`], also if their account is disabled.
    pub async fn person_page(&self, who: &Who, name: &str) -> Result<PersonPage> {
        let row = people::find_by_key(self.store().read(), &name_key(name.trim())).await?;
        let row = row.filter(|row| !row.disabled).ok_or(Problem::not_found(Thing::Person))?;
        let (id, is_me) = (PersonId(row.id), row.id == who.person.id.0);
        let card = self.cards(who, vec![row]).await?.pop().ok_or(Problem::not_found(Thing::Person))?;
        let blocked = blocks::is_blocked(self.store().read(), who.person.id, id).await?;
        Ok(PersonPage { card, blocked, is_me })
    }

    async fn cards(&self, who: &Who, rows: Vec<person::Model>) -> Result<Vec<PersonCard>> {
        let (read, me) = (self.store().read(), who.person.id);
        let ids: Vec<PersonId> = rows.iter().map(|row| PersonId(row.id)).collect();
        let shows = contacts::find_privacy(read, me).await?.presence;
        let mut hidden: HashSet<PersonId> = directory::list_hidden(read, &ids).await?;
        hidden.extend(blocks::list_blockers(read, me, &ids).await?);
        let card = |row: person::Model| {
            let (id, seen_at) = (PersonId(row.id), row.seen_at);
            let presence = match shows && !hidden.contains(&id) {
                false => Presence::Hidden,
                true if self.hub().is_online(id) => Presence::Online,
                true => Presence::Seen(seen_at),
            };
            PersonCard { person: row.into(), presence }
        };
        Ok(rows.into_iter().map(card).collect())
    }
}

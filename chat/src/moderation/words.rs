//! Words that are not let through: the site's list, kept by administrators, and each room's,
//! kept by its hosts.

use crate::audit::{self, Entry};
use crate::fold::{Folded, fold, holds};
use crate::store::words::{self as rows, SITE};
use crate::{Admin, Chat, Problem, Result, RoomHost, Who};
use domain::RoomId;
use domain::audit::Act;
use domain::message::parse_text;
use domain::moderation::WordList;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// How long another process's change may stay unnoticed.
const FRESH: Duration = Duration::from_secs(2);
/// Lists that are remembered before all are forgotten.
const MOST: usize = 1_024;

/// The lists, ready for use. Where this process alone writes to the store, none is read twice.
#[derive(Default)]
pub(crate) struct Filters(Mutex<Kept>);

#[derive(Default)]
struct Kept {
    lists: HashMap<RoomId, (Arc<Filter>, Instant)>,
    /// Counts the changes, so that what was read before one is not remembered after it.
    changes: u64,
}

/// A list, folded.
#[derive(Debug, Default)]
struct Filter {
    words: Vec<Vec<Folded>>,
    holds: bool,
}

/// What the filter says of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Found {
    Nothing,
    Hold,
    Refuse,
}

impl Filter {
    fn of(list: &WordList) -> Self {
        let words = list.words.lines().map(fold).filter(|word| !word.is_empty()).collect();
        Self { words, holds: list.holds }
    }

    fn look(&self, text: &[Folded]) -> Found {
        match self.words.iter().any(|word| holds(text, word)) {
            false => Found::Nothing,
            true if self.holds => Found::Hold,
            true => Found::Refuse,
        }
    }
}

impl Filters {
    fn kept(&self) -> MutexGuard<'_, Kept> {
        // Nothing panics while it is held; if something ever does, the lists are still whole.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn forget(&self, room: RoomId) {
        let mut kept = self.kept();
        kept.changes += 1;
        kept.lists.remove(&room);
    }
}

impl Chat {
    /// What the site's list and the room's say of a text; the stricter of the two.
    pub(super) async fn look_for_words(&self, room: RoomId, text: &str) -> Result<Found> {
        let (site, own) = (self.filter(SITE).await?, self.filter(room).await?);
        if site.words.is_empty() && own.words.is_empty() {
            return Ok(Found::Nothing);
        }
        let text = fold(text);
        Ok(match (site.look(&text), own.look(&text)) {
            (Found::Refuse, _) | (_, Found::Refuse) => Found::Refuse,
            (Found::Hold, _) | (_, Found::Hold) => Found::Hold,
            (Found::Nothing, Found::Nothing) => Found::Nothing,
        })
    }

    /// A text for those who are here that is kept nowhere: held to the site's rules all the same.
    ///
    /// # Errors
    /// As [`Chat::post`]; [`Problem::Filtered`] also for what would have to be approved.
    pub async fn fit_to_tell(&self, who: &Who, text: &str) -> Result<String> {
        self.limits().post(who.person.id, SITE)?;
        let text = parse_text(text)?;
        match self.look_for_words(SITE, &text).await? {
            Found::Nothing => {}
            Found::Hold | Found::Refuse => return Err(Problem::Filtered.into()),
        }
        self.ask_about_aloud(who, &text).await?;
        Ok(text)
    }

    pub async fn site_words(&self, _admin: &Admin) -> Result<WordList> {
        Ok(rows::find_words(self.store().read(), SITE).await?)
    }

    pub async fn room_words(&self, host: &RoomHost) -> Result<WordList> {
        Ok(rows::find_words(self.store().read(), host.room().id).await?)
    }

    /// # Errors
    /// As [`WordList::parse`].
    pub async fn change_site_words(&self, admin: &Admin, list: WordList) -> Result<()> {
        self.change_words(SITE, list, Entry::new(Act::WordsChanged, admin.who())).await
    }

    /// # Errors
    /// As [`WordList::parse`].
    pub async fn change_room_words(&self, host: &RoomHost, list: WordList) -> Result<()> {
        let room = host.room().id;
        self.change_words(room, list, Entry::new(Act::WordsChanged, host.who()).in_room(room)).await
    }

    async fn change_words(&self, room: RoomId, list: WordList, line: Entry) -> Result<()> {
        let list = WordList::parse(&list.words, list.holds)?;
        let line = line.saying(list.words.lines().count().to_string());
        let write = self.store().write(move |tx| {
            Box::pin(async move {
                if rows::find_words(tx.db(), room).await? == list {
                    return Ok(());
                }
                rows::change_words(tx.db(), room, list).await?;
                audit::note(tx, line).await
            })
        });
        write.await?;
        self.0.filters.forget(room);
        Ok(())
    }

    async fn filter(&self, room: RoomId) -> Result<Arc<Filter>> {
        let is_alone = self.store().is_alone() && !self.0.closing.is_cancelled();
        let changes = {
            let kept = self.0.filters.kept();
            match kept.lists.get(&room) {
                Some((filter, since)) if is_alone || since.elapsed() < FRESH => return Ok(filter.clone()),
                _ => kept.changes,
            }
        };
        let list = rows::find_words(self.store().read(), room).await?;
        let filter = Arc::new(Filter::of(&list));
        let mut kept = self.0.filters.kept();
        if kept.changes == changes {
            if kept.lists.len() >= MOST {
                kept.lists.clear();
            }
            kept.lists.insert(room, (filter.clone(), Instant::now()));
        }
        Ok(filter)
    }
}

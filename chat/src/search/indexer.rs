//! Keeps the index of words: behind what was said by a moment, so that nobody who says something
//! waits for it, and never more than a third of the time, so that nothing else does.

use super::terms;
use crate::store::Tx;
use crate::store::search::{self, Kind};
use crate::{Chat, Result};
use std::sync::Weak;
use std::time::{Duration, Instant};

/// How often it is looked whether anything was committed.
const LOOK: Duration = Duration::from_millis(250);
/// Messages whose words are kept in one transaction; others' commits wait for it.
const AT_ONCE: i64 = 64;
/// Steps of tidying after them: some two pages are written for them, once for each power of four in the
/// number of such writings, so that the parts stay few up to hundreds of millions.
const STEPS: usize = 4;
/// On PostgreSQL another server may commit a message after a later one of ours: so far back it is
/// looked for, in ids.
const LATE: i64 = 10_000;

/// Indexes until the house is closed or dropped.
pub(crate) fn start(chat: &Chat) {
    let closing = chat.0.closing.clone();
    let house = std::sync::Arc::downgrade(&chat.0);
    tokio::spawn(async move {
        closing.run_until_cancelled(rounds(house)).await;
    });
}

async fn rounds(house: Weak<crate::House>) {
    let mut is_first = true;
    let mut seen = None;
    loop {
        let Some(chat) = house.upgrade().map(Chat) else { return };
        let commits = chat.commits();
        if seen != Some(commits) {
            match chat.index_missing(is_first).await {
                Ok(()) => (seen, is_first) = (Some(commits), false),
                Err(cause) => tracing::warn!(%cause, "the index of words is behind; it is tried again"),
            }
        }
        drop(chat);
        tokio::time::sleep(LOOK).await;
    }
}

impl Chat {
    /// Indexes what was said and not indexed yet. With `everything`, as after a restore, also the
    /// pictures and people that have no words in the index.
    async fn index_missing(&self, everything: bool) -> Result<()> {
        let kinds: &[Kind] = if everything { &Kind::ALL } else { &[Kind::Message] };
        for kind in kinds {
            let mut after = match kind {
                // Indexed in their order, and never looked through from the start: there may be millions.
                Kind::Message => search::find_last(self.store().read(), *kind).await? - self.late(),
                Kind::Picture | Kind::Person => 0,
            };
            while !self.0.closing.is_cancelled() {
                match self.index_some(*kind, after).await? {
                    Some(last) => after = last,
                    None => break,
                }
            }
        }
        Ok(())
    }

    fn late(&self) -> i64 {
        if self.store().is_alone() { 0 } else { LATE }
    }

    /// Up to where it came, if there may be more behind it.
    async fn index_some(&self, kind: Kind, after: i64) -> Result<Option<i64>> {
        let began = Instant::now();
        let missing = search::list_missing(self.store().read(), kind, after, AT_ONCE).await?;
        let last = missing.last().map(|(id, _)| *id).filter(|_| missing.len() as i64 == AT_ONCE);
        if missing.is_empty() {
            return Ok(None);
        }
        let words = missing.into_iter().map(|(id, text)| (id, terms::index(&text), text));
        let words: Vec<(i64, Vec<String>, String)> = words.collect();
        self.store().write(move |tx| Box::pin(async move { keep(tx, kind, words).await })).await?;
        if kind == Kind::Message && self.store().is_alone() {
            self.tidy_index().await?;
        }
        if last.is_some() {
            tokio::time::sleep(began.elapsed() * 2).await;
        }
        Ok(last)
    }

    /// Joins parts of the index as far as one more put asks for, in steps: others' commits wait for each.
    async fn tidy_index(&self) -> Result<()> {
        for _ in 0..STEPS {
            if !self.store().write(|tx| Box::pin(async move { Ok(search::tidy(tx.db()).await?) })).await? {
                break;
            }
        }
        Ok(())
    }
}

/// Keeps the words of rows that had these texts a moment ago: one may have been changed or taken back
/// since.
async fn keep(tx: &Tx, kind: Kind, words: Vec<(i64, Vec<String>, String)>) -> Result<()> {
    let ids: Vec<i64> = words.iter().map(|(id, ..)| *id).collect();
    let now = search::list_texts(tx.db(), kind, &ids).await?;
    let as_it_is = |(id, words, text): (i64, Vec<String>, String)| match now.get(&id) {
        Some(same) if *same == text => Some((id, words)),
        Some(other) => Some((id, terms::index(other))),
        None => None,
    };
    let words: Vec<(i64, Vec<String>)> = words.into_iter().filter_map(as_it_is).collect();
    search::put(tx.db(), kind, &words).await?;
    Ok(())
}

//! What somebody was writing and has not said: theirs alone, the same on all their devices.

use crate::access::{RoomReader, Who};
use crate::store::drafts as rows;
use crate::{Chat, Problem, Result, Rule};
use domain::room::RoomLine;
use domain::unread::WatchFrame;
use std::collections::HashMap;

/// Longest draft, in characters: more than a message may have, because somebody may be shortening it.
const MAX_CHARS: usize = 20_000;
/// How much of it the list of rooms shows, in characters.
const SHOWN: usize = 60;

impl Chat {
    /// Keeps what somebody is writing; nothing, once it is empty.
    ///
    /// # Errors
    /// [`Problem::SignInNeeded`]; `Invalid { field: "text", .. }` if it is too long.
    pub async fn keep_draft(&self, reader: &RoomReader, text: &str) -> Result<()> {
        let (person, room) = (reader.who().ok_or(Problem::SignInNeeded)?.person.id, reader.room().id);
        if text.chars().count() > MAX_CHARS {
            return Err(Problem::invalid("text", Rule::TooLong { max: MAX_CHARS as u32 }).into());
        }
        let text = if text.trim().is_empty() { String::new() } else { text.replace('\0', "") };
        let frame = WatchFrame::Draft { room, text: Some(beginning(&text)).filter(|text| !text.is_empty()) };
        let write = self.store().write(move |tx| {
            Box::pin(async move { Ok(rows::put_draft(tx.db(), person, room, text, tx.now()).await?) })
        });
        write.await?;
        self.hub().tell_watchers(person, &frame);
        Ok(())
    }

    /// What this person was writing there; empty for nothing.
    ///
    /// # Errors
    /// [`Problem::SignInNeeded`].
    pub async fn draft(&self, reader: &RoomReader) -> Result<String> {
        let who = reader.who().ok_or(Problem::SignInNeeded)?;
        Ok(rows::find_draft(self.store().read(), who.person.id, reader.room().id).await?.unwrap_or_default())
    }

    /// Says in the list of rooms where something is half written.
    pub(crate) async fn add_drafts(&self, who: &Who, lines: &mut [RoomLine]) -> Result<()> {
        let drafts = rows::list_drafts(self.store().read(), who.person.id).await?;
        let mut drafts: HashMap<_, _> = drafts.into_iter().collect();
        for line in lines.iter_mut().filter(|line| line.phase.is_open() && !line.room.archived) {
            line.draft = drafts.remove(&line.room.id).map(|text| beginning(&text));
        }
        Ok(())
    }
}

/// What the list shows of a draft.
fn beginning(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(SHOWN).collect()
}

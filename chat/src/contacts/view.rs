//! What one of the two in a private chat knows of the other.

use crate::access::RoomReader;
use crate::store::contacts::{self, Side};
use crate::{Chat, Result};
use domain::contact::{Contact, FirstContact, Presence, Reached};
use domain::{PersonId, RoomId};

impl Chat {
    /// What a reader knows of the other one; `None` in rooms that are no private chats.
    pub async fn contact(&self, reader: &RoomReader) -> Result<Option<Contact>> {
        match reader.who().filter(|_| reader.room().is_direct()) {
            Some(who) => self.contact_in(who.person.id, reader.room().id).await,
            None => Ok(None),
        }
    }

    pub(super) async fn contact_in(&self, me: PersonId, room: RoomId) -> Result<Option<Contact>> {
        let Some([mine, theirs]) = contacts::find_sides(self.store().read(), room, me).await? else {
            return Ok(None);
        };
        let rule = contacts::find_first_contact(self.store().read()).await?;
        Ok(Some(self.view(&mine, &theirs, &rule)))
    }

    pub(super) fn view(&self, mine: &Side, theirs: &Side, rule: &FirstContact) -> Contact {
        // Whoever is blocked learns as little as if everything were kept from them.
        let may_know = theirs.blocks == 0 && theirs.disabled == 0;
        let shows_presence = may_know && mine.shows_presence != 0 && theirs.shows_presence != 0;
        let shows_receipts = may_know && mine.shows_receipts != 0 && theirs.shows_receipts != 0;
        let presence = match shows_presence {
            false => Presence::Hidden,
            true if self.hub().is_online(PersonId(theirs.id)) => Presence::Online,
            true => Presence::Seen(theirs.here_at),
        };
        let (delivered, read) = (
            Reached { seq: theirs.delivered, at: theirs.delivered_at },
            Reached { seq: theirs.seen, at: theirs.seen_at },
        );
        let is_answered = theirs.accepted != 0;
        Contact {
            person: theirs.person(),
            presence,
            // What has reached them says that they were here since.
            delivered: if shows_presence { delivered } else { Reached::default() },
            read: if shows_receipts { read } else { Reached::default() },
            left: (!is_answered && mine.sent > 0).then(|| rule.left(mine.sent, mine.until, self.now())),
            asks: mine.accepted == 0 && theirs.sent > 0 && mine.blocks == 0,
            blocked: mine.blocks != 0,
        }
    }
}

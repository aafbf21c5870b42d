//! Tells the two in a private chat what has changed between them, and notes what has reached them.

use crate::store::contacts::{self, Side};
use crate::{Chat, House, Hub, Result};
use domain::live::Frame;
use domain::{PersonId, RoomId};
use std::collections::HashSet;
use std::sync::Weak;
use std::time::Duration;

/// What changes within so long is told together.
const TOGETHER: Duration = Duration::from_millis(100);

/// Looks after private chats until the house is closed or dropped.
pub(crate) fn start(chat: &Chat) {
    let closing = chat.0.closing.clone();
    let (hub, house) = (chat.hub().clone(), std::sync::Arc::downgrade(&chat.0));
    tokio::spawn(async move {
        closing.run_until_cancelled(rounds(hub, house)).await;
    });
}

async fn rounds(hub: Hub, house: Weak<House>) {
    if let Some(house) = house.upgrade()
        && let Err(cause) = Chat(house).await_the_absent().await
    {
        tracing::warn!(%cause, "what waits for whom in private chats is not known");
    }
    loop {
        let news = hub.contact_news().await;
        let Some(house) = house.upgrade() else { return };
        Chat(house).tell_contacts(news).await;
        tokio::time::sleep(TOGETHER).await;
    }
}

impl Chat {
    /// Remembers for whom something waits, so that it counts as delivered when they come.
    async fn await_the_absent(&self) -> Result<()> {
        for (person, room) in contacts::list_undelivered(self.store().read()).await? {
            self.hub().await_person(person, room);
        }
        Ok(())
    }

    async fn tell_contacts(&self, rooms: HashSet<RoomId>) {
        for room in rooms {
            if let Err(cause) = self.tell_contact(room).await {
                tracing::warn!(%cause, %room, "two people were not told how their chat stands");
            }
        }
    }

    async fn tell_contact(&self, room: RoomId) -> Result<()> {
        let sides = contacts::list_sides(self.store().read(), room).await?;
        let Ok([one, other]) = <[Side; 2]>::try_from(sides) else { return Ok(()) };
        let (one, other) = (self.note_reached(room, one).await?, self.note_reached(room, other).await?);
        if !self.hub().is_heard(room) {
            return Ok(());
        }
        let rule = contacts::find_first_contact(self.store().read()).await?;
        for (mine, theirs) in [(&one, &other), (&other, &one)] {
            let (me, contact) = (PersonId(mine.id), self.view(mine, theirs, &rule));
            let quiet = Frame::Quiet { room, problem: contact.quiet() };
            self.hub().tell_people(room, &quiet, |who| who.person.id == me);
            let frame = Frame::Contact { room, contact: Box::new(contact) };
            self.hub().tell_people(room, &frame, |who| who.person.id == me);
        }
        Ok(())
    }

    /// Notes what this one has got and looked at by now.
    async fn note_reached(&self, room: RoomId, mut side: Side) -> Result<Side> {
        let (person, now) = (PersonId(side.id), self.now());
        let is_here = self.hub().is_online(person);
        if !is_here && side.delivered < side.last_seq {
            self.hub().await_person(person, room);
        }
        let gets = is_here && side.delivered < side.last_seq;
        let sees = side.seen < side.last_read;
        if !gets && !sees {
            return Ok(side);
        }
        // Whoever has looked at it has got it.
        let delivered = if gets { side.last_seq } else { side.delivered.max(side.last_read) };
        let seen = side.last_read;
        self.store()
            .write(move |tx| {
                Box::pin(async move {
                    contacts::change_delivered(tx.db(), room, person, delivered, now).await?;
                    Ok(contacts::change_seen(tx.db(), room, person, seen, now).await?)
                })
            })
            .await?;
        if side.delivered < delivered {
            (side.delivered, side.delivered_at) = (delivered, now);
        }
        if sees {
            (side.seen, side.seen_at) = (seen, now);
        }
        Ok(side)
    }
}

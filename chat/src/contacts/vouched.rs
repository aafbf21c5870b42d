//! Private chats of people whom the same system vouches for: it has introduced them.

use super::start::create;
use crate::outside::Vouched;
use crate::store::{Tx, contacts};
use crate::{Chat, Problem, Result, Thing};
use crate::{Who, store::outside};
use domain::room::Room;
use domain::{PersonId, RoomId};

impl Chat {
    /// The private chat with somebody whom the same system vouches for; made if there is none yet.
    /// To each other they are no strangers: both may write as they like.
    ///
    /// # Errors
    /// [`Problem::NotFound`] if the other's account is disabled, or for somebody whom that system
    /// does not vouch for; [`Problem::NotAllowed`] with oneself; [`Problem::TooFast`] for too many
    /// new ones.
    pub async fn private_between(&self, who: &Who, other: &Vouched) -> Result<Room> {
        let pair = [who.person.id, other.person.id];
        if pair[0] == pair[1] {
            return Err(Problem::NotAllowed.into());
        }
        let read = self.store().read();
        if let Some(room) = contacts::find_pair(read, pair[0], pair[1]).await? {
            return self.private_room(who, room).await;
        }
        let known = outside::list_identities(read, &other.system, &[who.person.id]).await?;
        let row = crate::store::people::find_person(read, other.person.id).await?;
        if known.is_empty() || row.is_none_or(|row| row.disabled) {
            return Err(Problem::not_found(Thing::Person).into());
        }
        self.limits().join(who.person.id)?;
        let write = self.store().write(move |tx| Box::pin(async move { introduce(tx, pair).await }));
        let room = match write.await.map_err(crate::Error::into_problem) {
            // The other one was a moment faster.
            Err(Problem::Taken { .. }) => {
                let made = contacts::find_pair(self.store().read(), pair[0], pair[1]).await?;
                made.ok_or(Problem::Unavailable)?
            }
            made => made?,
        };
        self.private_room(who, room).await
    }
}

async fn introduce(tx: &mut Tx, pair: [PersonId; 2]) -> Result<RoomId> {
    if let Some(room) = contacts::find_pair(tx.db(), pair[0], pair[1]).await? {
        return Ok(room);
    }
    let room = create(tx, pair).await?;
    for person in pair {
        contacts::accept(tx.db(), room, person).await?;
    }
    Ok(room)
}

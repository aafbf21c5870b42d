//! Rights asked once more where something is written. Between a capability and its write a long
//! upload may have run, or an address been fetched, and somebody have lost what they had.

use crate::access::{RoomHost, standing};
use crate::members::refuse_banned;
use crate::store::{Tx, members, people, rooms};
use crate::{Problem, Result, Thing, Who};
use domain::role::{self, Action};
use domain::room::Room;

impl RoomHost {
    /// Asks the table again, by what is in the store; until the transaction ends nobody takes the
    /// room from them.
    ///
    /// # Errors
    /// As [`crate::Chat::host`] would answer now, and [`Problem::NotAllowed`] for what an archived
    /// room does not allow.
    pub(crate) async fn still_may(&self, tx: &Tx, action: Action) -> Result<()> {
        let (room, who) = (self.room().id, self.who());
        members::lock_room(tx.db(), room).await?;
        let row = rooms::find_room(tx.db(), room).await?.ok_or(Problem::not_found(Thing::Room))?;
        let person = people::find_person(tx.db(), who.person.id).await?.filter(|row| !row.disabled);
        let now = Who { role: person.ok_or(Problem::SignInNeeded)?.site_role()?, ..who.clone() };
        let member = members::find_member(tx.db(), room, now.person.id).await?;
        let role = member.map(|member| member.room_role()).transpose()?;
        let (standing, words) = (standing(Some(&now), role), Room::try_from(&row)?);
        role::may(Action::Read, standing, &words)?;
        refuse_banned(tx, room, &now).await?;
        Ok(role::may(action, standing, &words)?)
    }
}

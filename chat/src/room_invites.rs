//! Links that let people into a room.

use crate::access::standing;
use crate::members::{join_as, refuse_banned};
use crate::sessions::{MAX_TOKEN, token_hash};
use crate::store::entities::invite::{self, Purpose};
use crate::store::{Tx, invites, members, rooms};
use crate::{Chat, InviteLine, Problem, Result, RoomHost, Who};
use domain::member::Role;
use domain::person::Person;
use domain::role::{self, Action};
use domain::room::Room;
use domain::{InviteId, RoomId};

/// What a link offers to whoever has it.
#[derive(Clone, Debug)]
pub struct Invitation {
    pub room: Room,
    pub by: Option<Person>,
    /// Whether the visitor belongs to the room already.
    pub is_member: bool,
}

impl Chat {
    /// The token for a link that lets `uses` people into a room within `days` days; without
    /// them it has no end.
    ///
    /// # Errors
    /// [`Problem::NotAllowed`] in an archived room; [`Problem::Invalid`] outside of 1 to 1,000
    /// uses or 1 to 90 days; [`Problem::TooFast`].
    pub async fn create_room_invite(&self, host: &RoomHost, uses: u32, days: Option<u32>) -> Result<String> {
        host.may(Action::Invite)?;
        self.make_invite(host.who(), Some(host), uses, days).await
    }

    /// Those that can still be used, newest first.
    pub async fn room_invites(&self, host: &RoomHost) -> Result<Vec<InviteLine>> {
        self.invite_lines(Purpose::Room(host.room().id)).await
    }

    /// Makes a link useless.
    ///
    /// # Errors
    /// [`Problem::NotFound`].
    pub async fn remove_room_invite(&self, host: &RoomHost, id: InviteId) -> Result<()> {
        self.revoke_invite(host.who(), id, Purpose::Room(host.room().id)).await
    }

    /// Where a link leads.
    ///
    /// # Errors
    /// [`Problem::Gone`] whatever is wrong with it: over, used up, revoked or made up.
    pub async fn invitation(&self, who: Option<&Who>, token: &str) -> Result<Invitation> {
        let (row, room) = self.find_invitation(token).await?;
        let read = self.store().read();
        let words = rooms::find_room(read, room).await?.ok_or(Problem::Gone)?;
        let words = Room::try_from(&words)?;
        if words.archived {
            return Err(Problem::Gone.into());
        }
        let is_member = match who {
            Some(who) => members::find_member(read, room, who.person.id).await?.is_some(),
            None => false,
        };
        Ok(Invitation { room: words, by: self.inviter(&row).await?, is_member })
    }

    /// Becomes a member of the room that a link leads to. Who is one already uses nothing up.
    ///
    /// # Errors
    /// [`Problem::Gone`] as [`Chat::invitation`]; of those who come at the same moment exactly
    /// as many get in as it has uses left. [`Problem::TooFast`].
    pub async fn accept_invitation(&self, who: &Who, token: &str) -> Result<Room> {
        self.limits().join(who.person.id)?;
        let (_, room) = self.find_invitation(token).await?;
        let (who, hash) = (who.clone(), token_hash(token));
        let (words, had_asked) = self.store().write_in(room, move |tx| Box::pin(accept(tx, room, who, hash))).await?;
        self.tell_settled(room, had_asked);
        Ok(words)
    }

    async fn find_invitation(&self, token: &str) -> Result<(invite::Model, RoomId)> {
        if token.len() > MAX_TOKEN {
            return Err(Problem::Gone.into());
        }
        let row = invites::find_invite(self.store().read(), &token_hash(token), self.now()).await?;
        match row.as_ref().map(invite::Model::purpose) {
            Some(Purpose::Room(room)) => Ok((row.ok_or(Problem::Gone)?, room)),
            Some(Purpose::Setup | Purpose::Registration | Purpose::Password(_)) | None => Err(Problem::Gone.into()),
        }
    }
}

/// And whether they had asked to join.
async fn accept(tx: &mut Tx, room: RoomId, who: Who, hash: String) -> Result<(Room, bool)> {
    members::lock_room(tx.db(), room).await?;
    let row = rooms::find_room(tx.db(), room).await?.ok_or(Problem::Gone)?;
    let words = Room::try_from(&row)?;
    if members::find_member(tx.db(), room, who.person.id).await?.is_some() {
        return Ok((words, false));
    }
    // As a member could; the link makes them one.
    let may_join = role::may(Action::TakePart, standing(Some(&who), Some(Role::Member)), &words).is_ok();
    refuse_banned(tx, room, &who).await?;
    if !may_join || !invites::use_invite(tx.db(), &hash, Purpose::Room(room), tx.now()).await? {
        return Err(Problem::Gone.into());
    }
    let had_asked = join_as(tx, room, who.person, Role::Member).await?;
    Ok((words, had_asked))
}

//! Invitations to register.

use crate::audit::{self, Entry};
use crate::sessions::new_token;
use crate::store::entities::invite::{self, NEVER, Purpose};
use crate::store::{invites, people};
use crate::{Admin, Chat, Problem, Result, RoomHost, Rule, Thing, Who};
use domain::audit::Act;
use domain::person::Person;
use domain::role::Action;
use domain::{InviteId, PersonId};
use serde::{Deserialize, Serialize};

/// Most people that one invitation lets in.
const MAX_USES: u32 = 1_000;
/// Longest life of an invitation, in days.
const MAX_DAYS: u32 = 90;

/// An invitation as those who run something see it; its token was shown once and is not known
/// any more.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InviteLine {
    pub id: InviteId,
    pub uses_left: u32,
    pub by: Option<Person>,
    pub created_at: i64,
    /// `None` for one that stays until it is used up or revoked.
    pub expires_at: Option<i64>,
}

impl Chat {
    /// The token for a link that lets `uses` people register within `days` days.
    ///
    /// # Errors
    /// [`Problem::Invalid`] outside of 1 to 1,000 uses or 1 to 90 days; [`Problem::TooFast`].
    pub async fn create_invite(&self, admin: &Admin, uses: u32, days: u32) -> Result<String> {
        self.make_invite(admin.who(), None, uses, Some(days)).await
    }

    /// Those that can still be used, newest first.
    pub async fn invites(&self, _admin: &Admin) -> Result<Vec<InviteLine>> {
        self.invite_lines(Purpose::Registration).await
    }

    /// Makes an invitation useless.
    ///
    /// # Errors
    /// [`Problem::NotFound`].
    pub async fn remove_invite(&self, admin: &Admin, id: InviteId) -> Result<()> {
        self.revoke_invite(admin.who(), id, Purpose::Registration).await
    }

    /// Into the site, or the room of `into`. `days`: `None` for no end.
    pub(crate) async fn make_invite(
        &self,
        by: &Who,
        into: Option<&RoomHost>,
        uses: u32,
        days: Option<u32>,
    ) -> Result<String> {
        let purpose = into.map_or(Purpose::Registration, |host| Purpose::Room(host.room().id));
        let into = into.cloned();
        if !(1..=MAX_USES).contains(&uses) {
            return Err(Problem::invalid("uses", Rule::Shape).into());
        }
        if days.is_some_and(|days| !(1..=MAX_DAYS).contains(&days)) {
            return Err(Problem::invalid("days", Rule::Shape).into());
        }
        let (line, by) = (entry(Act::InviteCreated, by, purpose), by.person.id);
        let line = line.saying(days.map_or_else(|| format!("{uses} ×"), |days| format!("{uses} × {days} d")));
        self.limits().invite(by)?;
        let (token, token_hash) = new_token();
        let write = self.store().write(move |tx| {
            Box::pin(async move {
                if let Some(host) = into {
                    host.still_may(tx, Action::Invite).await?;
                }
                let expires_at = days.map_or(NEVER, |days| tx.now() + i64::from(days) * 86_400_000);
                let new =
                    invites::NewInvite { token_hash, purpose, uses: uses.into(), created_by: Some(by), expires_at };
                invites::create_invite(tx.db(), new, tx.now()).await?;
                audit::note(tx, line).await
            })
        });
        write.await?;
        Ok(token)
    }

    pub(crate) async fn invite_lines(&self, purpose: Purpose) -> Result<Vec<InviteLine>> {
        let rows = invites::list_invites(self.store().read(), purpose, self.now()).await?;
        let mut lines = Vec::with_capacity(rows.len());
        for row in rows {
            lines.push(InviteLine {
                by: self.inviter(&row).await?,
                id: InviteId(row.id),
                uses_left: u32::try_from(row.uses_left).unwrap_or_default(),
                created_at: row.created_at,
                expires_at: (row.expires_at != NEVER).then_some(row.expires_at),
            });
        }
        Ok(lines)
    }

    pub(crate) async fn revoke_invite(&self, by: &Who, id: InviteId, purpose: Purpose) -> Result<()> {
        let line = entry(Act::InviteRemoved, by, purpose).on(id.0);
        let write = self.store().write(move |tx| {
            Box::pin(async move {
                if !invites::remove_invite(tx.db(), id, purpose).await? {
                    return Err(Problem::not_found(Thing::Invite).into());
                }
                audit::note(tx, line).await
            })
        });
        write.await
    }

    pub(crate) async fn inviter(&self, row: &invite::Model) -> Result<Option<Person>> {
        let Some(by) = row.created_by else { return Ok(None) };
        Ok(people::find_person(self.store().read(), PersonId(by)).await?.map(Person::from))
    }
}

fn entry(act: Act, by: &Who, purpose: Purpose) -> Entry {
    match purpose {
        Purpose::Room(room) => Entry::new(act, by).in_room(room),
        Purpose::Password(person) => Entry::new(act, by).to(person),
        Purpose::Setup | Purpose::Registration => Entry::new(act, by),
    }
}

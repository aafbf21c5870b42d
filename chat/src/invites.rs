//! Invitations to register.

use crate::audit::{self, Entry};
use crate::sessions::new_token;
use crate::store::{invites, people};
use crate::{Admin, Chat, Problem, Result, Rule, Thing};
use domain::audit::Act;
use domain::person::{Person, SiteRole};
use domain::{InviteId, PersonId};
use serde::{Deserialize, Serialize};

/// Most people that one invitation lets in.
const MAX_USES: u32 = 1_000;
/// Longest life of an invitation, in days.
const MAX_DAYS: u32 = 90;

/// An invitation as administrators see it; its token was shown once and is not known any more.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InviteLine {
    pub id: InviteId,
    pub uses_left: u32,
    pub by: Option<Person>,
    pub created_at: i64,
    pub expires_at: i64,
}

impl Chat {
    /// The token for a link that lets `uses` people register within `days` days.
    ///
    /// # Errors
    /// [`Problem::Invalid`] outside of 1 to 1,000 uses or 1 to 90 days; [`Problem::TooFast`].
    pub async fn create_invite(&self, admin: &Admin, uses: u32, days: u32) -> Result<String> {
        if !(1..=MAX_USES).contains(&uses) {
            return Err(Problem::invalid("uses", Rule::Shape).into());
        }
        if !(1..=MAX_DAYS).contains(&days) {
            return Err(Problem::invalid("days", Rule::Shape).into());
        }
        let by = admin.who().person.id;
        self.limits().invite(by)?;
        let (token, token_hash) = new_token();
        let line = Entry::new(Act::InviteCreated, admin.who()).saying(format!("{uses} × {days} d"));
        self.store()
            .write(move |tx| {
                Box::pin(async move {
                    let new = invites::NewInvite {
                        token_hash,
                        role: SiteRole::Member,
                        uses: i64::from(uses),
                        created_by: Some(by),
                        expires_at: tx.now() + i64::from(days) * 86_400_000,
                    };
                    invites::create_invite(tx.db(), new, tx.now()).await?;
                    audit::note(tx, line).await
                })
            })
            .await?;
        Ok(token)
    }

    /// Those that can still be used, newest first.
    pub async fn invites(&self, _admin: &Admin) -> Result<Vec<InviteLine>> {
        let rows = invites::list_invites(self.store().read(), self.now()).await?;
        let mut lines = Vec::with_capacity(rows.len());
        for row in rows {
            let by = match row.created_by {
                Some(id) => people::find_person(self.store().read(), PersonId(id)).await?.map(Person::from),
                None => None,
            };
            lines.push(InviteLine {
                id: InviteId(row.id),
                uses_left: u32::try_from(row.uses_left).unwrap_or_default(),
                by,
                created_at: row.created_at,
                expires_at: row.expires_at,
            });
        }
        Ok(lines)
    }

    /// Makes an invitation useless.
    ///
    /// # Errors
    /// [`Problem::NotFound`].
    pub async fn remove_invite(&self, admin: &Admin, id: InviteId) -> Result<()> {
        let line = Entry::new(Act::InviteRemoved, admin.who()).on(id.0);
        let removed = self
            .store()
            .write(move |tx| {
                Box::pin(async move {
                    let removed = invites::remove_invite(tx.db(), id).await?;
                    if removed {
                        audit::note(tx, line).await?;
                    }
                    Ok(removed)
                })
            })
            .await?;
        if removed { Ok(()) } else { Err(Problem::not_found(Thing::Invite).into()) }
    }
}

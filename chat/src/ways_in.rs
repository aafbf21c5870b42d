//! Ways in that somebody leaves behind: invitations, and projectors' links. They last as long as
//! whoever made them could make them anew.

use crate::Result;
use crate::store::{Tx, invites, kiosks, people};
use domain::PersonId;
use domain::person::SiteRole;

/// Takes away what somebody made that lets others into rooms, or shows them, which they do not run
/// any more; also into the site, unless they run that. Part of every transaction that takes from
/// somebody what they run, after it has.
pub(crate) async fn remove_ways_in(tx: &Tx, person: PersonId) -> Result<()> {
    let Some(row) = people::find_person(tx.db(), person).await? else { return Ok(()) };
    if !row.disabled && row.site_role()? == SiteRole::Admin {
        return Ok(());
    }
    let keeps_hosted = !row.disabled;
    invites::remove_made_by(tx.db(), person, keeps_hosted).await?;
    Ok(kiosks::remove_made_by(tx.db(), person, keeps_hosted).await?)
}

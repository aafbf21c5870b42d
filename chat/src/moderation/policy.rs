//! How people may write in a room, and whether somebody may now.

use super::asking::Ruling;
use super::words::Found;
use crate::access::{RoomReader, RoomWriter, Who};
use crate::audit::{self, Entry, changes};
use crate::before_send::Wish;
use crate::known::{Changed, Footing};
use crate::store::posts::NewPost;
use crate::store::{members, restrictions, rooms};
use crate::{Chat, Problem, Result, RoomHost, Thing};
use domain::audit::Act;
use domain::live::Frame;
use domain::member::Role;
use domain::moderation::{Policy, Posting, mute_left};
use domain::person::SiteRole;
use domain::{PersonId, RoomId};
use std::collections::HashSet;

/// What becomes of a text that somebody who may write wants to say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    Say,
    /// Unless they said something a moment ago.
    Slowly,
    /// Once a host approves.
    Hold,
    /// In a private chat, which nobody looks after: what a stranger may say is counted.
    Privately,
}

/// # Errors
/// [`Problem::Removed`] for somebody who is banned from the room.
pub(crate) fn refuse_banned(who: Option<&Who>, standing: &Footing) -> Result<()> {
    let is_admin = who.is_some_and(|who| who.role == SiteRole::Admin);
    match &standing.curb {
        Some(curb) if curb.banned && !is_admin => {
            Err(Problem::Removed { for_good: true, reason: curb.reason.clone() }.into())
        }
        _ => Ok(()),
    }
}

/// Whether somebody who may read a room may write in it at all, at `now`. Hosts and
/// administrators always may.
///
/// # Errors
/// [`Problem::Muted`], [`Problem::HostsOnly`], [`Problem::MembersOnly`].
pub(crate) fn may_write(reader: &RoomReader, now: i64) -> std::result::Result<(), Problem> {
    if reader.moderates() {
        return Ok(());
    }
    if let Some(curb) = &reader.curb
        && let Some(until) = curb.muted_until
        && let Some(wait_ms) = mute_left(curb.at, until, now)
    {
        return Err(Problem::Muted { wait_ms, reason: curb.reason.clone() });
    }
    match reader.policy().posting {
        Posting::Hosts => Err(Problem::HostsOnly),
        Posting::Members if reader.role().is_none() => Err(Problem::MembersOnly),
        Posting::Everyone | Posting::Members => Ok(()),
    }
}

impl Chat {
    /// What becomes of something that somebody who may write wants to say: by the rules of the room,
    /// and by the word of the operator's site, where one is asked. It is not asked again about what is
    /// kept already, under the same client id.
    ///
    /// # Errors
    /// [`Problem::Filtered`] if it holds a word that is not let through; [`Problem::Objected`] if the
    /// site does not let it through; [`Problem::Unavailable`] if it had to be asked and does not answer.
    pub(crate) async fn verdict(&self, writer: &RoomWriter, new: &NewPost, wish: Wish) -> Result<Ruling> {
        let verdict = self.own_verdict(writer, &said(new)).await?;
        match &self.0.before_send {
            None => Ok(verdict.into()),
            Some(site) => self.ask_before(site, writer, (new, wish), verdict).await,
        }
    }

    async fn own_verdict(&self, writer: &RoomWriter, text: &str) -> Result<Verdict> {
        if writer.moderates() {
            return Ok(Verdict::Say);
        }
        let found = self.look_for_words(writer.room().id, text).await?;
        let policy = writer.policy();
        match found {
            Found::Refuse => Err(Problem::Filtered.into()),
            Found::Hold | Found::Nothing if writer.room().is_direct() => Ok(Verdict::Privately),
            Found::Hold => Ok(Verdict::Hold),
            Found::Nothing if policy.holds => Ok(Verdict::Hold),
            Found::Nothing if policy.slow > 0 => Ok(Verdict::Slowly),
            Found::Nothing => Ok(Verdict::Say),
        }
    }

    /// Why somebody who reads a room could not write in it now; `None` if they can.
    pub async fn quiet(&self, reader: &RoomReader) -> Result<Option<Problem>> {
        let Some(who) = reader.who() else { return Ok(None) };
        if let Err(problem) = may_write(reader, self.now()) {
            return Ok(Some(problem));
        }
        if reader.room().is_direct() {
            return self.private_quiet(who, reader.room().id).await;
        }
        if reader.policy().slow == 0 || reader.moderates() {
            return Ok(None);
        }
        let said_at = members::find_said_at(self.store().read(), reader.room().id, who.person.id).await?;
        Ok(reader.policy().wait(said_at, self.now()).map(|wait_ms| Problem::Slow { wait_ms }))
    }

    /// Changes how people may write. Those who listen are told before this returns.
    ///
    /// # Errors
    /// As [`Policy::parse`].
    pub async fn change_policy(&self, host: &RoomHost, policy: Policy) -> Result<()> {
        let (room, policy) = (host.room().id, policy.parse()?);
        let line = Entry::new(Act::PolicyChanged, host.who()).in_room(room);
        let write = self.store().write(move |tx| {
            Box::pin(async move {
                let row = rooms::find_room(tx.db(), room).await?.ok_or(Problem::not_found(Thing::Room))?;
                let changes = changes(&said_of(&Policy::try_from(&row)?), &said_of(&policy));
                if changes.is_empty() {
                    return Ok(());
                }
                rooms::change_policy(tx.db(), room, policy).await?;
                tx.changes(Changed::Room(room));
                audit::note(tx, line.saying(changes)).await
            })
        });
        write.await?;
        self.0.known.note_change();
        self.tell_quiet(room, policy).await
    }

    /// Tells everybody who listens whether they may write.
    async fn tell_quiet(&self, room: RoomId, policy: Policy) -> Result<()> {
        let read = self.store().read();
        let mut may: HashSet<PersonId> = members::list_host_ids(read, room).await?.into_iter().collect();
        let problem = match policy.posting {
            Posting::Everyone => None,
            Posting::Members => {
                may.extend(members::list_member_ids(read, room).await?);
                Some(Problem::MembersOnly)
            }
            Posting::Hosts => Some(Problem::HostsOnly),
        };
        let muted = restrictions::list_restrictions(read, room, self.now(), 1_000).await?;
        let muted: HashSet<PersonId> = muted.into_iter().map(|row| row.person.id).collect();
        let is_free = |who: &Who| who.role == SiteRole::Admin || may.contains(&who.person.id);
        let (quiet, loud) = (Frame::Quiet { room, problem: problem.clone() }, Frame::Quiet { room, problem: None });
        self.hub()
            .tell_people(room, &loud, |who| !muted.contains(&who.person.id) && (problem.is_none() || is_free(who)));
        if problem.is_some() {
            self.hub().tell_people(room, &quiet, |who| !muted.contains(&who.person.id) && !is_free(who));
        }
        Ok(())
    }

    /// Whether a role or an administrator's right puts somebody above being moderated.
    pub(super) fn is_above(role: Option<Role>, site: SiteRole) -> bool {
        role == Some(Role::Host) || site == SiteRole::Admin
    }
}

/// All that others would read of a message.
fn said(new: &NewPost) -> String {
    new.files.iter().fold(new.text.clone(), |said, file| said + "\n" + &file.name)
}

/// A policy's parts as the trail calls them, in `domain::audit`'s words.
fn said_of(policy: &Policy) -> [(&'static str, String); 7] {
    let Policy { posting, slow, holds, recall, edit, files, second } = policy;
    [
        ("posting", posting.as_str().to_owned()),
        ("slow", slow.to_string()),
        ("approval", holds.to_string()),
        ("recall", recall.to_string()),
        ("edit", edit.to_string()),
        ("files", files.to_string()),
        ("second", second.as_str().to_owned()),
    ]
}

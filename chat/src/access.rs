//! The only place that says who may, by the table of `domain::role`. A check leaves a value
//! behind that the rest asks for, so a forgotten check does not compile.

use crate::contacts::room_for;
use crate::kiosks::RoomKiosk;
use crate::known::{Curb, Footing, KnownRoom};
use crate::moderation::{may_write, refuse_banned};
use crate::sessions::token_hash;
use crate::store::{kiosks, rooms, search};
use crate::waiting::RoomWaiter;
pub use crate::who::Who;
use crate::{Chat, Error, Problem, Result, Thing};
use domain::contact;
use domain::gate::{GateRule, Opening};
use domain::member::Role;
use domain::moderation::{Policy, Posting};
use domain::role::{self, Action, Standing};
use domain::room::Room;
use domain::{PersonId, RoomId};
use std::collections::HashMap;
use std::ops::Deref;
use std::sync::Arc;

/// Somebody who may read a room; perhaps a guest.
#[derive(Clone, Debug)]
pub struct RoomReader {
    room: Room,
    rule: GateRule,
    policy: Policy,
    who: Option<Who>,
    role: Option<Role>,
    pub(crate) curb: Option<Arc<Curb>>,
    /// Whether anybody has hidden a message of the room from themselves.
    pub(crate) hides: bool,
    epoch: i64,
}

/// Somebody who may hear what happens in a room; perhaps a guest. Where everybody may read, their role is not known.
#[derive(Clone, Copy, Debug)]
pub struct RoomListener {
    room: RoomId,
    epoch: i64,
    /// One of its hosts, as far as the gate has to know.
    is_host: bool,
}

/// Somebody who may say something in a room; always a member.
#[derive(Clone, Debug)]
pub struct RoomWriter {
    reader: RoomReader,
    who: Who,
}

/// Somebody who may change a room: one of its hosts, or an administrator.
#[derive(Clone, Debug)]
pub struct RoomHost {
    reader: RoomReader,
    who: Who,
}

/// An administrator of the site.
#[derive(Clone, Debug)]
pub struct Admin(Who);

impl RoomReader {
    /// As it was when access was given.
    pub fn room(&self) -> &Room {
        &self.room
    }

    /// `None` for guests.
    pub fn who(&self) -> Option<&Who> {
        self.who.as_ref()
    }

    /// `None` for those who do not belong to the room.
    pub fn role(&self) -> Option<Role> {
        self.role
    }

    /// What opens the room.
    pub fn rule(&self) -> &GateRule {
        &self.rule
    }

    /// As the room was when access was given.
    ///
    /// # Errors
    /// As [`role::may`].
    pub(crate) fn may(&self, action: Action) -> Result<&Self> {
        role::may(action, standing(self.who.as_ref(), self.role), &self.room)?;
        Ok(self)
    }

    /// Whether they run the room: only they see what is held back.
    pub(crate) fn runs_it(&self) -> bool {
        self.may(Action::Run).is_ok()
    }

    /// How people may write in the room.
    pub fn policy(&self) -> &Policy {
        &self.policy
    }

    /// Whether neither the gate nor the rules of writing hold for them: hosts and administrators.
    pub fn moderates(&self) -> bool {
        self.may(Action::Moderate).is_ok()
    }

    /// Whether they are one who says something here, as far as their role and the room go.
    pub fn takes_part(&self) -> bool {
        self.may(Action::TakePart).is_ok()
    }

    /// See [`RoomWriter::may_send_files`].
    pub fn takes_files(&self) -> bool {
        self.policy.files || self.moderates()
    }

    /// The reader, if they may have hidden something in this room from themselves.
    pub(crate) fn hiding(&self) -> Option<PersonId> {
        self.who.as_ref().filter(|_| self.hides).map(|who| who.person.id)
    }

    /// Which history of the room: it changes when a backup is restored.
    pub fn epoch(&self) -> i64 {
        self.epoch
    }
}

impl RoomListener {
    pub fn room(&self) -> RoomId {
        self.room
    }

    pub(crate) fn is_host(&self) -> bool {
        self.is_host
    }

    /// As [`RoomReader::epoch`].
    pub fn epoch(&self) -> i64 {
        self.epoch
    }
}

/// Who may read may listen.
impl From<RoomReader> for RoomListener {
    fn from(reader: RoomReader) -> Self {
        Self { room: reader.room.id, epoch: reader.epoch, is_host: reader.role == Some(Role::Host) }
    }
}

impl RoomWriter {
    /// Asked before a file is taken for a message.
    ///
    /// # Errors
    /// [`Problem::NoFiles`] where only hosts send files.
    pub fn may_send_files(&self) -> Result<&Self> {
        if self.takes_files() { Ok(self) } else { Err(Problem::NoFiles.into()) }
    }

    pub fn who(&self) -> &Who {
        &self.who
    }

    pub fn reader(&self) -> &RoomReader {
        &self.reader
    }
}

impl RoomHost {
    pub fn who(&self) -> &Who {
        &self.who
    }

    pub fn reader(&self) -> &RoomReader {
        &self.reader
    }

    /// What changes a room's content asks this first.
    ///
    /// # Errors
    /// [`Problem::NotAllowed`] in an archived room: it takes nothing new.
    pub fn not_archived(&self) -> Result<&Self> {
        self.may(Action::ArrangeWall)?;
        Ok(self)
    }
}

impl Admin {
    pub fn who(&self) -> &Who {
        &self.0
    }
}

impl Deref for RoomWriter {
    type Target = RoomReader;

    fn deref(&self) -> &RoomReader {
        &self.reader
    }
}

impl Deref for RoomHost {
    type Target = RoomReader;

    fn deref(&self) -> &RoomReader {
        &self.reader
    }
}

/// What somebody is who has this role in a room.
pub(crate) fn standing(who: Option<&Who>, room: Option<Role>) -> Standing {
    Standing { site: who.map(|who| who.role), room }
}

/// Whether somebody with this role in a room may read it.
pub(crate) fn may_read(room: &Room, who: Option<&Who>, role: Option<Role>) -> bool {
    let is_theirs = who.and_then(|who| who.only).is_none_or(|only| only == room.id);
    is_theirs && role::may(Action::Read, standing(who, role), room).is_ok()
}

impl Chat {
    /// # Errors
    /// [`Problem::NotFound`] if there is no such room or it may not be seen: nobody learns
    /// which of the two. [`Problem::Shut`] while its gate keeps this visitor out.
    pub async fn reader(&self, who: Option<&Who>, room: RoomId) -> Result<RoomReader> {
        let generation = self.0.known.generation();
        let known = self.find_known(room).await?;
        self.read_access(who, known, generation).await
    }

    /// # Errors
    /// As [`Chat::reader`].
    pub async fn listener(&self, who: Option<&Who>, room: RoomId) -> Result<RoomListener> {
        let generation = self.0.known.generation();
        let known = self.find_known(room).await?.ok_or_else(hidden)?;
        // The gate asks for the role, and so does a room that not everybody may read.
        let is_open = known.rule.opening == Opening::Always && !self.has_gate(room);
        let may_be_banned = known.restricted && who.is_some();
        if is_open && !may_be_banned && may_read(&known.room, who, None) {
            return Ok(RoomListener { room, epoch: known.epoch, is_host: false });
        }
        self.read_access(who, Some(known), generation).await.map(RoomListener::from)
    }

    /// Like [`Chat::reader`], by the room's address; of a private chat: `@` and the other one's name.
    pub async fn reader_by_slug(&self, who: Option<&Who>, slug: &str) -> Result<RoomReader> {
        if let Some(name) = contact::name_in(slug) {
            return self.private_reader(who, &name).await;
        }
        let generation = self.0.known.generation();
        let known = self.find_known_by_slug(slug).await?;
        self.read_access(who, known, generation).await
    }

    /// Who reads a public or open room and is signed in becomes a member by writing.
    ///
    /// # Errors
    /// As [`Chat::reader`]; [`Problem::SignInNeeded`] for guests; [`Problem::NotAllowed`] in
    /// an archived room; those of [`may_write`].
    pub async fn writer(&self, who: Option<&Who>, room: RoomId) -> Result<RoomWriter> {
        let reader = self.reader(who, room).await?;
        reader.may(Action::TakePart)?;
        may_write(&reader, self.now())?;
        self.joined(reader).await
    }

    /// Makes a reader a member, whether they may write or not. Errors as of [`Chat::writer`].
    pub(crate) async fn newcomer(&self, who: &Who, room: RoomId) -> Result<RoomWriter> {
        let reader = self.reader(Some(who), room).await?;
        reader.may(Action::TakePart)?;
        if reader.policy.posting == Posting::Members && reader.role.is_none() && !reader.moderates() {
            return Err(Problem::MembersOnly.into());
        }
        self.joined(reader).await
    }

    async fn joined(&self, mut reader: RoomReader) -> Result<RoomWriter> {
        let who = signed_in(reader.who())?.clone();
        let room = reader.room.id;
        if reader.role.is_none() {
            reader.role = Some(self.join(&who, room).await?);
        }
        Ok(RoomWriter { reader, who })
    }

    /// # Errors
    /// As [`Chat::reader`]; [`Problem::SignInNeeded`] for guests; [`Problem::NotAllowed`]
    /// for those who are neither host of the room nor administrator.
    pub async fn host(&self, who: Option<&Who>, room: RoomId) -> Result<RoomHost> {
        let reader = self.reader(who, room).await?;
        reader.may(Action::Run)?;
        let who = signed_in(who)?.clone();
        Ok(RoomHost { reader, who })
    }

    /// The projector with this token.
    ///
    /// # Errors
    /// [`Problem::Gone`] for a link that was revoked or never was.
    pub async fn kiosk(&self, token: &str) -> Result<RoomKiosk> {
        let generation = self.0.known.generation();
        let found = kiosks::find_kiosk(self.store().read(), &token_hash(token)).await?;
        let (room, kiosk) = found.ok_or(Problem::Gone)?;
        let known = self.find_known(room).await?.ok_or(Problem::Gone)?;
        let is_open = self.is_open(room, &known.rule, generation);
        Ok(RoomKiosk::new(known.room.clone(), kiosk, is_open))
    }

    /// # Errors
    /// [`Problem::SignInNeeded`] or [`Problem::NotAllowed`].
    pub fn admin(&self, who: Option<&Who>) -> Result<Admin> {
        role::may_on_site(who.map(|who| who.role))?;
        Ok(Admin(signed_in(who)?.clone()))
    }

    async fn read_access(
        &self,
        who: Option<&Who>,
        room: Option<Arc<KnownRoom>>,
        generation: u64,
    ) -> Result<RoomReader> {
        let reader = self.sees(who, room).await?;
        let is_open = self.is_open(reader.room.id, &reader.rule, generation);
        if is_open || reader.may(Action::PassGate).is_ok() { Ok(reader) } else { Err(Problem::Shut.into()) }
    }

    pub(crate) async fn wait_access(&self, who: Option<&Who>, room: Option<Arc<KnownRoom>>) -> Result<RoomWaiter> {
        let RoomReader { room, rule, .. } = self.sees(who, room).await?;
        Ok(RoomWaiter::new(room, rule))
    }

    /// The room for somebody who may know of it, whether its gate lets them in or not.
    async fn sees(&self, who: Option<&Who>, room: Option<Arc<KnownRoom>>) -> Result<RoomReader> {
        let known = room.ok_or_else(hidden)?;
        let KnownRoom { room, rule, policy, hides, epoch, .. } = &*known;
        let standing = match who {
            Some(who) => self.standing(room.id, who).await?,
            None => Footing::default(),
        };
        if !may_read(room, who, standing.role) {
            return Err(hidden());
        }
        refuse_banned(who, &standing)?;
        let (room, hides) = (room_for(&known, who.map(|who| who.person.id)), *hides);
        let (Footing { role, curb }, who) = (standing, who.cloned());
        // Nobody runs a room from a frame that another site shows.
        let is_framed = who.as_ref().is_some_and(|who| who.only.is_some());
        let role = if is_framed { role.map(|_| Role::Member) } else { role };
        Ok(RoomReader { room, rule: *rule, policy: *policy, who, role, curb, hides, epoch: *epoch })
    }

    /// All rooms that somebody may read now.
    pub(crate) async fn readable_rooms(&self, who: Option<&Who>) -> Result<Vec<Room>> {
        let read = self.store().read();
        let roles: HashMap<RoomId, Role> = match who {
            Some(who) => search::list_roles(read, who.person.id).await?.into_iter().collect(),
            None => HashMap::new(),
        };
        let mut readable = Vec::new();
        for row in rooms::list_all_with(read, roles.keys()).await? {
            let KnownRoom { room, rule, restricted, .. } = KnownRoom::try_from(&row)?;
            let role = roles.get(&room.id).copied();
            if !may_read(&room, who, role) {
                continue;
            }
            if let Some(who) = who.filter(|_| restricted)
                && refuse_banned(Some(who), &self.standing(room.id, who).await?).is_err()
            {
                continue;
            }
            let is_open = rule.opening == Opening::Always || self.gate_state(room.id, rule).phase.is_open();
            if is_open || role::may(Action::PassGate, standing(who, role), &room).is_ok() {
                readable.push(room);
            }
        }
        self.with_faces(who, readable).await
    }

    async fn standing(&self, room: RoomId, who: &Who) -> Result<Footing> {
        let (known, person) = (&self.0.known, who.person.id);
        if let Some(standing) = known.standing(room, person) {
            return Ok(standing);
        }
        let generation = known.generation();
        let standing = self.store().find_standing(room, person).await?;
        known.put_standing(room, person, standing.clone(), generation);
        Ok(standing)
    }
}

/// The same answer as for a room that does not exist.
fn hidden() -> Error {
    Problem::not_found(Thing::Room).into()
}

fn signed_in(who: Option<&Who>) -> Result<&Who> {
    who.ok_or_else(|| Problem::SignInNeeded.into())
}

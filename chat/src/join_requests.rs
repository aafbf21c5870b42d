//! Asking to join: for those who may read a room in which only members write. A request is one of a
//! person in a room, until a host decides or they become a member otherwise; whoever was declined asks
//! again after a day.

use crate::access::standing;
use crate::audit::{self, Entry};
use crate::members::{join_as, refuse_banned};
use crate::moderation::may_write;
use crate::store::entities::join_request;
use crate::store::{Tx, join_requests as rows, members, people, rooms};
use crate::{Chat, Problem, Result, RoomHost, RoomReader, Thing, Who};
use domain::audit::Act;
use domain::join_request::{Asked, JoinRequest, parse_words};
use domain::live::Frame;
use domain::member::Role;
use domain::moderation::Posting;
use domain::person::Person;
use domain::role::{self, Action};
use domain::room::Room;
use domain::{PersonId, RoomId};

/// Requests that a host is shown at once.
const LISTED: u64 = 100;

/// What somebody asked in a room.
#[derive(Clone, Debug)]
pub struct OwnRequest {
    pub room: Room,
    /// Empty once it was declined.
    pub words: String,
    pub at: i64,
    pub declined_at: Option<i64>,
}

impl Chat {
    /// Asks the room's hosts to be let in. Asking again changes nothing; where nobody has to ask, they
    /// are a member at once.
    ///
    /// # Errors
    /// [`Problem::SignInNeeded`] for guests; [`Problem::NotAllowed`] in an archived room; those of
    /// [`may_write`] that no host's yes would end; [`Problem::Invalid`] for the words;
    /// [`Problem::TooFast`], also within a day after a host declined.
    pub async fn ask_to_join(&self, reader: &RoomReader, words: &str) -> Result<()> {
        reader.may(Action::TakePart)?;
        let (room, who) = (reader.room().id, reader.who().ok_or(Problem::SignInNeeded)?.clone());
        match may_write(reader, self.now()) {
            Ok(()) => return self.newcomer(&who, room).await.map(drop),
            Err(Problem::MembersOnly) => {}
            Err(problem) => return Err(problem.into()),
        }
        let words = parse_words(words)?;
        self.limits().join(who.person.id)?;
        let person = who.person.id;
        self.store().write_in(room, move |tx| Box::pin(ask(tx, room, who, words))).await?;
        self.tell_asked(room, person, Asked::Waiting);
        self.tell_held(room);
        Ok(())
    }

    /// How it stands with the reader's own request.
    pub async fn asked(&self, reader: &RoomReader) -> Result<Asked> {
        let may_ask = reader.role().is_none() && reader.policy().posting == Posting::Members;
        let Some(who) = reader.who().filter(|_| may_ask) else { return Ok(Asked::Not) };
        let row = rows::find_request(self.store().read(), reader.room().id, who.person.id).await?;
        Ok(row.map(|row| asked(&row, self.now())).unwrap_or_default())
    }

    /// Who asks to join a room, in the order of asking; at most 100.
    pub async fn join_requests(&self, host: &RoomHost) -> Result<Vec<JoinRequest>> {
        Ok(rows::list_open(self.store().read(), host.room().id, LISTED).await?)
    }

    pub async fn count_join_requests(&self, host: &RoomHost) -> Result<u32> {
        let count = rows::count_open(self.store().read(), host.room().id).await?;
        Ok(u32::try_from(count).unwrap_or(u32::MAX))
    }

    /// Makes somebody who asks a member. Their pages hear it as everybody does.
    ///
    /// # Errors
    /// [`Problem::Gone`] if they do not ask any more: another host was first, or their account is closed.
    pub async fn approve_join_request(&self, host: &RoomHost, person: PersonId) -> Result<()> {
        let (room, host) = (host.room().id, host.clone());
        let write = self.store().write_in(room, move |tx| {
            Box::pin(async move {
                let person = find_asking(tx, &host, person).await?;
                let line = Entry::new(Act::JoinApproved, host.who()).in_room(room).to(person.id);
                join_as(tx, room, person, Role::Member).await?;
                audit::note(tx, line).await
            })
        });
        write.await?;
        self.note_role(room, person, Role::Member);
        self.tell_held(room);
        Ok(())
    }

    /// Refuses somebody who asks; they are told, and may ask again after a day.
    ///
    /// # Errors
    /// As [`Chat::approve_join_request`].
    pub async fn decline_join_request(&self, host: &RoomHost, person: PersonId) -> Result<()> {
        let (room, host) = (host.room().id, host.clone());
        let write = self.store().write_in(room, move |tx| {
            Box::pin(async move {
                find_asking(tx, &host, person).await?;
                let at = tx.now();
                // Only that they asked is remembered, not what they said to it.
                let declined = request(room, person, String::new(), at);
                rows::put_request(tx.db(), join_request::Model { declined_at: Some(at), ..declined }).await?;
                audit::note(tx, Entry::new(Act::JoinDeclined, host.who()).in_room(room).to(person)).await?;
                Ok(at)
            })
        });
        let at = write.await?;
        self.tell_asked(room, person, Asked::declined(at, at));
        self.tell_held(room);
        Ok(())
    }

    /// All that the person asked anywhere, in the order of asking.
    pub async fn own_requests(&self, who: &Who) -> Result<Vec<OwnRequest>> {
        let rows = rows::list_of(self.store().read(), who.person.id).await?;
        let whole = |(row, room): (join_request::Model, _)| {
            let join_request::Model { words, at, declined_at, .. } = row;
            Ok(OwnRequest { room: Room::try_from(&room)?, words, at, declined_at })
        };
        rows.into_iter().map(whole).collect()
    }

    /// Has hosts told that somebody does not ask any more, who had.
    pub(crate) fn tell_settled(&self, room: RoomId, had_asked: bool) {
        if had_asked {
            self.tell_held(room);
        }
    }

    fn tell_asked(&self, room: RoomId, person: PersonId, asked: Asked) {
        self.hub().tell_people(room, &Frame::Asked { room, asked }, |who| who.person.id == person);
    }
}

/// Ends what somebody asks because they are a member now, or never will be. Whether they had.
pub(crate) async fn settle(tx: &Tx, room: RoomId, person: PersonId) -> Result<bool> {
    let Some(row) = rows::find_request(tx.db(), room, person).await? else { return Ok(false) };
    rows::remove_request(tx.db(), room, person).await?;
    Ok(row.declined_at.is_none())
}

async fn ask(tx: &mut Tx, room: RoomId, who: Who, words: String) -> Result<()> {
    let person = who.person.id;
    members::lock_room(tx.db(), room).await?;
    if members::find_member(tx.db(), room, person).await?.is_some() {
        return Ok(());
    }
    let row = rooms::find_room(tx.db(), room).await?.ok_or(Problem::not_found(Thing::Room))?;
    role::may(Action::TakePart, standing(Some(&who), None), &Room::try_from(&row)?)?;
    refuse_banned(tx, room, &who).await?;
    people::find_person(tx.db(), person).await?.filter(|row| !row.disabled).ok_or(Problem::SignInNeeded)?;
    let before = rows::find_request(tx.db(), room, person).await?;
    match before.map(|row| asked(&row, tx.now())).unwrap_or_default() {
        Asked::Waiting => Ok(()),
        Asked::Declined { wait_ms } => Err(Problem::TooFast { wait_ms }.into()),
        Asked::Not => Ok(rows::put_request(tx.db(), request(room, person, words, tx.now())).await?),
    }
}

/// Who is to be decided about, by a host who still is one; nobody else decides until the transaction ends.
async fn find_asking(tx: &Tx, host: &RoomHost, person: PersonId) -> Result<Person> {
    host.still_may(tx, Action::Run).await?;
    let asks = rows::find_request(tx.db(), host.room().id, person).await?.is_some_and(|row| row.declined_at.is_none());
    let row = people::find_person(tx.db(), person).await?.filter(|row| asks && !row.disabled);
    Ok(row.ok_or(Problem::Gone)?.into())
}

fn request(room: RoomId, person: PersonId, words: String, at: i64) -> join_request::Model {
    join_request::Model { room_id: room.0, person_id: person.0, words, at, declined_at: None }
}

fn asked(row: &join_request::Model, now: i64) -> Asked {
    row.declined_at.map_or(Asked::Waiting, |at| Asked::declined(at, now))
}

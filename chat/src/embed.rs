//! A room inside a page of another site (docs/decisions/0023). The site's server asks for a ticket
//! for one of its visitors and puts it into the frame's address; the frame turns it into a session
//! that opens this room and nothing else, and that no cookie carries.

use crate::audit::{self, Entry};
use crate::sessions::{MAX_TOKEN, new_token, token_hash};
use crate::store::embed::{self as rows, NewTicket};
use crate::store::people::change_display;
use crate::store::sessions::{self, NewSession};
use crate::store::{Tx, entities};
use crate::{Chat, Problem, Result, RoomHost, Visit, Vouched, Who};
use domain::audit::Act;
use domain::embed::{STAY_S, parse_origins};
use domain::member::Role;
use domain::person::parse_display;
use domain::{PersonId, RoomId, Rule, SessionId};

/// The door of sessions in frames.
const DOOR: &str = "embed";
/// The door of their pictures: its token stands in addresses, so it shows pictures and does nothing.
pub(crate) const LOOK: &str = "embed-look";
/// How long a ticket waits for its use, in milliseconds.
pub const TICKET_MS: i64 = 60_000;

/// A ticket as it is given away, once.
pub struct EmbedTicket {
    pub token: String,
    /// When it is too late to use it.
    pub expires_at: i64,
}

/// A visitor of another site who has come in. Its tokens are secrets, so there is no `Debug`.
pub struct Embedded {
    pub who: Who,
    /// For `Authorization: Bearer`.
    pub token: String,
    /// For the addresses of pictures.
    pub look: String,
    pub expires_at: i64,
}

impl Chat {
    /// The sites whose pages may show a room.
    pub async fn embed_origins(&self, room: RoomId) -> Result<Vec<String>> {
        Ok(rows::list_origins(self.store().read(), room).await?)
    }

    /// Lets pages of these sites show the room, and of no others.
    ///
    /// # Errors
    /// As [`parse_origins`].
    pub async fn change_embed(&self, host: &RoomHost, origins: &[&str]) -> Result<Vec<String>> {
        let room = host.room().id;
        let origins = parse_origins(origins.iter().copied())?;
        let line = Entry::new(Act::EmbedChanged, host.who()).in_room(room).saying(origins.join(" "));
        let kept = origins.clone();
        let write = self.store().write(move |tx| {
            Box::pin(async move {
                if rows::list_origins(tx.db(), room).await? == kept {
                    return Ok(());
                }
                rows::put_origins(tx.db(), room, &kept).await?;
                audit::note(tx, line).await
            })
        });
        write.await?;
        Ok(origins)
    }

    /// Somebody whom another site vouches for, under the name that it shows for them now.
    ///
    /// # Errors
    /// As [`Chat::vouch`]; `Invalid { field: "display", .. }`.
    pub async fn vouch_called(&self, system: &str, name: &str, display: &str) -> Result<Vouched> {
        let display = parse_display(display)?;
        let mut vouched = self.vouch(system, name, &display).await?;
        if vouched.person.display == display {
            return Ok(vouched);
        }
        let (id, called) = (vouched.person.id, display.clone());
        let write =
            self.store().write(move |tx| Box::pin(async move { Ok(change_display(tx.db(), id, called).await?) }));
        write.await?;
        self.0.sessions.forget_person(id);
        self.0.scenes.forget();
        vouched.person.display = display;
        Ok(vouched)
    }

    /// A ticket for somebody whom another site vouches for; they are a member of the room from now on.
    /// `stay`: how long they may stay, in seconds.
    ///
    /// # Errors
    /// `Invalid { field: "stay", .. }` beyond [`STAY_S`]; [`Problem::NotAllowed`] in an archived room;
    /// [`Problem::Removed`] for those who are banned.
    pub async fn create_embed_ticket(&self, host: &RoomHost, guest: &Vouched, stay: u32) -> Result<EmbedTicket> {
        if !STAY_S.contains(&stay) {
            return Err(Problem::invalid("stay", Rule::Shape).into());
        }
        host.not_archived()?;
        let room = host.room().id;
        self.bring_in(guest, room).await?;
        let (token, token_hash) = new_token();
        let (person, stay, expires_at) = (guest.person.id, i64::from(stay) * 1_000, self.now() + TICKET_MS);
        let new = NewTicket { token_hash, person, room, stay, expires_at };
        let write = self.store().write(move |tx| Box::pin(async move { Ok(rows::create_ticket(tx.db(), new).await?) }));
        write.await?;
        Ok(EmbedTicket { token, expires_at })
    }

    /// Uses a ticket for a room.
    ///
    /// # Errors
    /// [`Problem::SignInNeeded`] for one that was used, is too old, is for another room or never was.
    pub async fn enter_by_ticket(&self, slug: &str, ticket: &str, visit: &Visit) -> Result<Embedded> {
        let hash = hash_of(ticket)?;
        // Most that are no good cost a look, and say nothing of which rooms there are.
        if rows::find_ticket(self.store().read(), &hash, self.now()).await?.is_none() {
            return Err(Problem::SignInNeeded.into());
        }
        let room = self.room_by_slug(slug).await?;
        let (token, own) = self.new_session(visit);
        let (look, pictures) = self.new_session(visit);
        let write = self.store().write(move |tx| {
            Box::pin(async move {
                let ticket = take(tx, &hash, room).await?;
                let (person, expires_at) = (PersonId(ticket.person_id), tx.now() + ticket.stay);
                for (new, door) in [(own, DOOR), (pictures, LOOK)] {
                    let new = NewSession { expires_at, door: door.to_owned(), room: Some(room), ..new };
                    sessions::create_session(tx.db(), person, new, tx.now()).await?;
                }
                Ok(expires_at)
            })
        });
        let expires_at = write.await?;
        let who = self.embedded(&token).await?.ok_or(Problem::SignInNeeded)?;
        Ok(Embedded { who, token, look, expires_at })
    }

    /// Lets a visitor stay longer by another ticket of theirs: their tokens stay the same. Returns until
    /// when.
    ///
    /// # Errors
    /// [`Problem::SignInNeeded`] as of [`Chat::enter_by_ticket`], and for somebody else's ticket; it is
    /// still good then.
    pub async fn stay_by_ticket(&self, token: &str, look: &str, ticket: &str) -> Result<i64> {
        let (hash, token, look) = (hash_of(ticket)?, hash_of(token)?, hash_of(look)?);
        let write = self.store().write(move |tx| {
            Box::pin(async move {
                let found = sessions::find_by_tokens(tx.db(), vec![token.clone(), look.clone()]).await?;
                let of = |hash: &str, door: &str| {
                    let session = found.get(hash).map(|(session, _)| session);
                    session.filter(|session| session.door == door && session.ended_at.is_none()).cloned()
                };
                let (Some(own), Some(pictures)) = (of(&token, DOOR), of(&look, LOOK)) else {
                    return Err(Problem::SignInNeeded.into());
                };
                let ticket = rows::find_ticket(tx.db(), &hash, tx.now()).await?;
                let ticket = ticket.filter(|t| t.person_id == own.person_id && Some(t.room_id) == own.room_id);
                let ticket = ticket.filter(|_| pictures.person_id == own.person_id);
                let ticket = ticket.ok_or(Problem::SignInNeeded)?;
                if !rows::remove_ticket(tx.db(), ticket.id).await? {
                    return Err(Problem::SignInNeeded.into());
                }
                let until = (tx.now() + ticket.stay).max(own.expires_at);
                rows::prolong(tx.db(), &[SessionId(own.id), SessionId(pictures.id)], until).await?;
                Ok(until)
            })
        });
        write.await
    }

    /// Who is behind the token of a frame; `None` if it is over.
    pub async fn embedded(&self, token: &str) -> Result<Option<Who>> {
        Ok(self.pass(DOOR, token).await?.who())
    }

    /// Who looks at pictures with the token in their addresses.
    pub async fn onlooker(&self, look: &str) -> Result<Option<Who>> {
        let Some(who) = self.pass(LOOK, look).await?.who() else { return Ok(None) };
        // It is good as long as they are inside.
        let Some(room) = who.only else { return Ok(None) };
        let is_inside = rows::is_inside(self.store().read(), (who.person.id, room), DOOR, self.now()).await?;
        Ok(is_inside.then_some(who))
    }

    /// Closes the connections of visits that have ended.
    pub(crate) fn end_visits(&self, sessions: &[SessionId]) {
        sessions.iter().for_each(|session| self.hub().end_session(*session));
    }

    /// Makes somebody a member who is none yet: a host stays host.
    async fn bring_in(&self, guest: &Vouched, room: RoomId) -> Result<()> {
        match self.store().find_standing(room, guest.person.id).await?.role {
            Some(_) => Ok(()),
            None => self.seat_person(guest.person.clone(), room, Role::Member).await,
        }
    }

    async fn room_by_slug(&self, slug: &str) -> Result<RoomId> {
        let known = self.find_known_by_slug(slug).await?;
        Ok(known.map(|known| known.room.id).ok_or(Problem::SignInNeeded)?)
    }
}

/// Uses a ticket up.
async fn take(tx: &mut Tx, hash: &str, room: RoomId) -> Result<entities::embed_ticket::Model> {
    let ticket = rows::find_ticket(tx.db(), hash, tx.now()).await?.filter(|ticket| ticket.room_id == room.0);
    let ticket = ticket.ok_or(Problem::SignInNeeded)?;
    match rows::remove_ticket(tx.db(), ticket.id).await? {
        true => Ok(ticket),
        false => Err(Problem::SignInNeeded.into()),
    }
}

fn hash_of(token: &str) -> Result<String> {
    let may_be = !token.is_empty() && token.len() <= MAX_TOKEN;
    if may_be { Ok(token_hash(token)) } else { Err(Problem::SignInNeeded.into()) }
}

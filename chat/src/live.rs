//! What a page needs to show a room, and to hear what happens in it from there on.

use crate::access::{RoomListener, RoomReader};
use crate::hub::{Missed, Outbox, Replay};
use crate::messages::page;
use crate::moderation::may_write;
use crate::scenes::Scene;
use crate::store::events::{Standing, find_standing, list_events_after};
use crate::store::ignored::find_own;
use crate::store::members::list_members;
use crate::store::messages::list_before;
use crate::store::pictures::list_pictures;
use crate::store::stage::find_stage;
use crate::store::{DatabaseConnection, DatabaseTransaction};
use crate::{Chat, Problem, Result, Thing};
use domain::RoomId;
use domain::live::{Frame, MAX_REPLAY, Position};
use domain::member::{Member, Role};
use domain::message::{History, PAGE};
use domain::moderation::Posting;
use domain::person::Person;
use domain::room::Room;
use domain::sign_in::SecondSignIn;
use domain::stage::Stage;
use domain::wall::Wall;
use std::sync::Arc;

/// Most members that a page is given at once.
const MEMBERS: u64 = 200;

/// A room at one moment: everything in it belongs to `position`, but for who is present and
/// the reader's own part, which may be newer.
#[derive(Clone, Debug)]
pub struct RoomState {
    pub room: Room,
    /// The reader's own.
    pub role: Option<Role>,
    /// Hosts first; at most 200.
    pub members: Vec<Member>,
    /// The last page.
    pub history: History,
    pub wall: Wall,
    pub stage: Stage,
    pub position: Position,
    /// The place up to which the reader has seen everything; 0 for guests.
    pub last_read: i64,
    /// How many messages by others are behind that; 0 for guests, and in rooms that the reader hides.
    pub unread: u32,
    /// The place of the first message by others that is news to the reader.
    pub(crate) first_news: Option<i64>,
    pub present: Vec<Person>,
    pub guests: u32,
    /// How many people are present, if they are too many to be named.
    pub unnamed: u32,
}

impl Chat {
    /// The room for a page that opens it.
    pub async fn room_state(&self, reader: &RoomReader) -> Result<RoomState> {
        let room = reader.room().id;
        let scene = self.scene(room).await?;
        // Read after the rest: what is told from its place on may be in it already, and does no harm twice.
        let own = match reader.who() {
            Some(who) => find_own(self.store().read(), room, who.person.id).await?,
            None => None,
        };
        let (present, unnamed, guests) = self.hub().present(room);
        let Scene { room, members, history, wall, stage, position } = Arc::unwrap_or_clone(scene);
        let history = self.own_history(reader, history).await?;
        // A private chat is called differently by each of the two.
        let room = if room.is_direct() { reader.room().clone() } else { room };
        let (role, last_read, unread, first_news) = match own {
            Some(own) => (Some(own.role), own.last_read, own.unread, own.first_news),
            None => (None, 0, 0, None),
        };
        Ok(RoomState {
            room,
            role,
            members,
            history,
            wall,
            stage,
            position,
            last_read,
            unread,
            first_news,
            present,
            guests,
            unnamed,
        })
    }

    /// What all its readers are shown; read at once, so that all of it belongs together.
    async fn scene(&self, room: RoomId) -> Result<Arc<Scene>> {
        let commits = self.commits();
        let read = self.store().read_at_once(move |db| {
            Box::pin(async move {
                let Standing { room: words, position, wall_rev } = standing(db, room).await?;
                Ok(Scene {
                    room: words,
                    members: list_members(db, room, MEMBERS).await?,
                    history: page(list_before(db, room, None, PAGE + 1).await?),
                    wall: Wall::new(wall_rev, list_pictures(db, room).await?),
                    stage: find_stage(db, room).await?,
                    position,
                })
            })
        });
        if !self.may_share() {
            return read.await.map(Arc::new);
        }
        self.0.scenes.rooms.get(room, commits, read).await
    }

    /// Whether what was read a moment ago may be shown: other servers commit to a PostgreSQL, and a closed
    /// house says nothing from memory.
    pub(crate) fn may_share(&self) -> bool {
        self.store().is_alone() && !self.0.closing.is_cancelled()
    }

    /// Where a room stands now; what happens from here on can be listened to later.
    pub async fn position(&self, reader: &RoomReader) -> Result<Position> {
        let seq = self.last_place(reader.room().id).await?;
        Ok(Position { epoch: reader.epoch(), seq })
    }

    /// Makes a connection hear the room: first where the room stands and every event since
    /// `place` (or that these cannot be told one by one), then what happens. Nothing is
    /// lost or told twice in between. Listening again begins anew.
    ///
    /// # Errors
    /// [`Problem::OneDevice`].
    pub async fn listen(
        &self,
        listener: impl Into<RoomListener>,
        outbox: &Outbox,
        place: Option<Position>,
    ) -> Result<()> {
        let listener: RoomListener = listener.into();
        let room = listener.room();
        // First of all, so that nothing said from now on escapes.
        let known = self.find_known(room).await?;
        let alone = known.as_ref().is_some_and(|known| known.policy.second != SecondSignIn::Allow);
        match known.and_then(|known| known.pair_ids()) {
            Some(pair) => self.hub().hold_private(outbox, room, pair),
            None => {
                if let Err(other) = self.hub().hold(outbox, room, listener.is_host(), alone) {
                    return Err(self.one_device(outbox.who(), room, other).await?.into());
                }
            }
        }
        match self.catch_up(outbox, room, place).await {
            Ok((position, missed)) => {
                self.hub().begin(outbox, room, position, missed);
                self.greet(outbox, room).await
            }
            Err(error) => {
                self.unlisten(outbox, room);
                Err(error)
            }
        }
    }

    /// Tells somebody who comes into a moderated room whether they may write.
    async fn greet(&self, outbox: &Outbox, room: RoomId) -> Result<()> {
        let Some(known) = self.find_known(room).await?.filter(|_| outbox.who().is_some()) else { return Ok(()) };
        if known.hides {
            self.tell_hidden(outbox, room).await?;
        }
        if known.room.is_direct() {
            self.hub().note_contact(room);
            return Ok(());
        }
        if known.restricted || known.policy.posting != Posting::Everyone {
            let reader = self.reader(outbox.who(), room).await?;
            if let Err(problem) = may_write(&reader, self.now()) {
                outbox.send(&Frame::Quiet { room, problem: Some(problem) });
            }
        }
        Ok(())
    }

    /// Stops hearing a room.
    pub fn unlisten(&self, outbox: &Outbox, room: RoomId) {
        self.hub().unlisten(outbox, room);
    }

    /// Tells the others in a room that this person is typing. Nothing if the connection
    /// does not listen there, is a guest's, or said so less than two seconds ago.
    pub fn typing(&self, outbox: &Outbox, room: RoomId) {
        self.hub().typing(outbox, room);
    }

    async fn catch_up(&self, outbox: &Outbox, room: RoomId, place: Option<Position>) -> Result<(Position, Missed)> {
        // Whoever was expelled after the caller asked, and before the hub knew the listener,
        // is noticed here; whoever is expelled from now on, by the hub.
        let listener = self.listener(outbox.who(), room).await?;
        // The room may have got its gate in between.
        if listener.is_host()
            && let Some(who) = outbox.who()
        {
            self.hub().set_host(room, who.person.id, true);
        }
        let now = Position { epoch: listener.epoch(), seq: self.last_place(room).await? };
        Ok((now, self.missed(room, place, now).await?))
    }

    /// The place of the last event of a room that is committed.
    async fn last_place(&self, room: RoomId) -> Result<i64> {
        let known = &self.0.known;
        // Other servers may write to a PostgreSQL.
        if self.store().is_alone()
            && let Some(seq) = known.last(room)
        {
            return Ok(seq);
        }
        let standing = find_standing(self.store().read(), room).await?;
        let seq = standing.ok_or_else(|| Problem::not_found(Thing::Room))?.position.seq;
        known.put_last(room, seq);
        Ok(seq)
    }

    async fn missed(&self, room: RoomId, place: Option<Position>, now: Position) -> Result<Missed> {
        let Some(place) = place else { return Ok(Missed::Events(Replay::default())) };
        let count = now.seq.saturating_sub(place.seq);
        // Another history, a place that this one never had, or too far behind.
        if place.epoch != now.epoch || place.seq < 0 || !(0..=MAX_REPLAY).contains(&count) {
            return Ok(Missed::TooMuch);
        }
        if count == 0 {
            return Ok(Missed::Events(Replay::default()));
        }
        let read = read_missed(self.store().read(), room, place.seq, now.seq);
        self.0.replays.get((room, place.seq, now.seq), read).await
    }
}

async fn read_missed(db: &DatabaseConnection, room: RoomId, after: i64, to: i64) -> Result<Missed> {
    let events = list_events_after(db, room, after, (to - after) as usize).await?;
    let is_whole = events.iter().map(|event| event.seq).eq(after + 1..=to);
    if !is_whole {
        // Never a replay with a hole: the page would not notice.
        tracing::error!(%room, from = after, to, "places of a room are missing in the store");
        return Ok(Missed::TooMuch);
    }
    Ok(Missed::Events(Replay::of(events)))
}

async fn standing(db: &DatabaseTransaction, room: RoomId) -> Result<Standing> {
    find_standing(db, room).await?.ok_or_else(|| Problem::not_found(Thing::Room).into())
}

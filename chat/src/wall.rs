//! The wall as a whole, and the sequence of its pictures. Every change raises the wall's
//! revision by one and is one event, so whoever applies the events agrees with the store.

use crate::access::{RoomHost, RoomReader};
use crate::store::Tx;
use crate::store::events::find_standing;
use crate::store::pictures as rows;
use crate::{Chat, Problem, Result, Rule, Thing};
use domain::event::What;
use domain::person::Person;
use domain::role::Action;
use domain::wall::{MAX, Move, Place, STEP, Wall};
use domain::{PictureId, RoomId};

/// Order numbers lie between this and its negative, so that there is always room beyond.
pub const MAX_ORDER: i64 = 1_000_000_000_000;

/// What whoever gives a picture an order number has seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Seen {
    /// The new number is meant whatever is there: for protocols that cannot say it.
    Nothing,
    /// The number that the picture had.
    Order(i64),
    /// The wall at this revision.
    Wall(i64),
}

impl Chat {
    /// The wall of a room at one moment.
    pub async fn wall(&self, reader: &RoomReader) -> Result<Wall> {
        self.wall_of(reader.room().id).await
    }

    pub(crate) async fn wall_of(&self, room: RoomId) -> Result<Wall> {
        let read = self.store().read_at_once(move |db| {
            Box::pin(async move {
                let standing = find_standing(db, room).await?.ok_or_else(no_room)?;
                Ok(Wall::new(standing.wall_rev, rows::list_pictures(db, room).await?))
            })
        });
        read.await
    }

    /// Gives a picture an order number by hand, if the wall is still as whoever does it has seen it.
    ///
    /// # Errors
    /// `Changed { now }` with the present revision; `Invalid { field: "order", .. }` beyond
    /// [`MAX_ORDER`]; `NotFound(Picture)`.
    pub async fn set_picture_order(&self, host: &RoomHost, id: PictureId, order: i64, seen: Seen) -> Result<()> {
        let room = host.not_archived()?.room().id;
        let (host, by) = (host.clone(), host.who().person.clone());
        check_order(Some(order))?;
        let change = self.store().write_in(room, move |tx| {
            Box::pin(async move {
                let wall = wall_for_change(tx, &host).await?;
                let at = wall.position(id).ok_or_else(no_picture)?;
                let now = wall.pictures[at].order;
                let is_seen = match seen {
                    Seen::Nothing => true,
                    Seen::Order(order) => order == now,
                    Seen::Wall(rev) => rev == wall.rev,
                };
                if now == order {
                    return Ok(());
                }
                if !is_seen {
                    return Err(Problem::changed(wall.rev).into());
                }
                reorder(tx, (room, &by), id, Move::To(order)).await
            })
        });
        change.await
    }

    /// Moves a picture. With `rev`, only if the wall is still at that revision.
    ///
    /// # Errors
    /// `Changed { now }` with the present revision; `NotFound(Picture)`, also for the
    /// picture that it should go behind.
    pub async fn move_picture(&self, host: &RoomHost, id: PictureId, place: Place, rev: Option<i64>) -> Result<()> {
        let room = host.not_archived()?.room().id;
        let (host, by) = (host.clone(), host.who().person.clone());
        let change = self.store().write_in(room, move |tx| {
            Box::pin(async move {
                let wall = wall_for_change(tx, &host).await?;
                if rev.is_some_and(|rev| rev != wall.rev) {
                    return Err(Problem::changed(wall.rev).into());
                }
                let plan = wall.plan(id, place).ok_or_else(no_picture)?;
                reorder(tx, (room, &by), id, plan).await
            })
        });
        change.await
    }
}

async fn reorder(tx: &mut Tx, at: (RoomId, &Person), id: PictureId, plan: Move) -> Result<()> {
    match plan {
        Move::Nothing => Ok(()),
        Move::To(order) => {
            rows::change_order(tx.db(), id, order).await?;
            record_change(tx, at, |rev| What::PictureMoved { rev, picture: id, order }).await
        }
        Move::Spread { pictures, top, step } => {
            for (i, id) in (0i64..).zip(&pictures) {
                rows::change_order(tx.db(), *id, top - i * step).await?;
            }
            record_change(tx, at, |rev| What::WallSpread { rev, pictures, top, step }).await
        }
    }
}

/// The wall as it is now; nobody else changes it before the transaction ends.
///
/// # Errors
/// As [`RoomHost::still_may`]: whoever was host when the change began need not be it any more.
pub(crate) async fn wall_for_change(tx: &Tx, host: &RoomHost) -> Result<Wall> {
    let room = host.room().id;
    host.still_may(tx, Action::ArrangeWall).await?;
    let rev = rows::find_wall_rev_for_change(tx.db(), room).await?.ok_or_else(no_room)?;
    Ok(Wall::new(rev, rows::list_pictures(tx.db(), room).await?))
}

/// Raises the revision and records the event that is made with it.
pub(crate) async fn record_change(
    tx: &mut Tx,
    (room, by): (RoomId, &Person),
    what: impl FnOnce(i64) -> What,
) -> Result<()> {
    let rev = rows::change_wall_rev(tx.db(), room).await?.ok_or_else(no_room)?;
    tx.record_by(by, room, what(rev)).await.map(drop)
}

/// Whether so many more pictures fit into the room, and the order in front of all it has.
/// Nobody else changes that before the transaction ends.
///
/// # Errors
/// `Invalid { field: "wall", .. }` if the room would have more than [`MAX`].
pub(crate) async fn check_space(tx: &Tx, room: RoomId, more: usize) -> Result<i64> {
    rows::find_wall_rev_for_change(tx.db(), room).await?.ok_or_else(no_room)?;
    let (count, first) = rows::count_pictures(tx.db(), room).await?;
    if count.saturating_add(more as u64) > MAX as u64 {
        return Err(Problem::invalid("wall", Rule::TooMany { max: MAX as u32 }).into());
    }
    Ok(first.map_or(STEP, |first| first.saturating_add(STEP)))
}

/// # Errors
/// `Invalid { field: "order", .. }` beyond [`MAX_ORDER`].
pub(crate) fn check_order(order: Option<i64>) -> Result<()> {
    let fits = order.is_none_or(|order| (-MAX_ORDER..=MAX_ORDER).contains(&order));
    if fits { Ok(()) } else { Err(Problem::invalid("order", Rule::Shape).into()) }
}

pub(crate) fn no_picture() -> Problem {
    Problem::not_found(Thing::Picture)
}

fn no_room() -> Problem {
    Problem::not_found(Thing::Room)
}

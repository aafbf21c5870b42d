//! The wall: a room's pictures in order.

use crate::PictureId;
use crate::event::What;
use crate::picture::Picture;
use serde::{Deserialize, Serialize};

/// Distance between the orders of pictures added one after another, so that one can be
/// moved between two others without touching them.
pub const STEP: i64 = 1_024;

/// Most pictures of one room, those that are held back among them.
pub const MAX: usize = 2_000;

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wall {
    /// Rises by one with every change.
    pub rev: i64,
    /// Larger order first; equal ones by id, newer first.
    pub pictures: Vec<Picture>,
}

/// Where a moved picture goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Place {
    First,
    Last,
    /// One place towards the front.
    Up,
    Down,
    /// Directly behind that picture.
    After(PictureId),
    /// Counted from 1; beyond the end means last.
    Nth(u32),
}

/// What is spread lies at least so far apart: three more moves into the same place find room.
const ROOMY: i64 = 8;

/// Whether a change was taken over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Applied {
    Yes,
    /// It was known already, or is none of the wall's business.
    Nothing,
    /// Something before it is missing: fetch the wall anew.
    Gap,
}

/// What a move comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Move {
    /// It stays where it is.
    Nothing,
    /// The picture gets this order.
    To(i64),
    /// No room between the neighbours: these, which then follow each other, get orders from `top` down, `step`
    /// apart. As few as make room for moves to come.
    Spread { pictures: Vec<PictureId>, top: i64, step: i64 },
}

impl Wall {
    pub fn new(rev: i64, pictures: Vec<Picture>) -> Self {
        let mut wall = Self { rev, pictures };
        wall.sort();
        wall
    }

    pub fn position(&self, id: PictureId) -> Option<usize> {
        self.pictures.iter().position(|p| p.id == id)
    }

    /// Takes over one event of the room. Events come in the room's order, so a revision
    /// that is not the next one means that something was missed.
    pub fn apply(&mut self, what: &What) -> Applied {
        let Some(rev) = what.wall_rev() else { return Applied::Nothing };
        if rev <= self.rev {
            return Applied::Nothing;
        }
        if rev != self.rev + 1 {
            return Applied::Gap;
        }
        self.rev = rev;
        match what {
            What::PictureAdded { picture, .. } | What::PictureChanged { picture, .. } => self.put(picture.clone()),
            What::PictureRemoved { picture, others, .. } => {
                self.pictures.retain(|p| p.id != *picture && !others.contains(&p.id));
            }
            What::PictureMoved { picture, order, .. } => {
                if let Some(p) = self.pictures.iter_mut().find(|p| p.id == *picture) {
                    p.order = *order;
                }
            }
            What::WallSpread { pictures, top, step, .. } => self.spread(pictures, *top, *step),
            What::WallRenumbered { pictures, .. } => self.spread(pictures, pictures.len() as i64 * STEP, STEP),
            What::Said { .. }
            | What::Recalled { .. }
            | What::Edited { .. }
            | What::Reacted { .. }
            | What::Joined { .. }
            | What::Left { .. }
            | What::RoleChanged { .. }
            | What::RoomChanged { .. }
            | What::GateChanged { .. }
            | What::StageChanged { .. }
            | What::HeldChanged => {}
        }
        self.sort();
        Applied::Yes
    }

    /// Works out a move without doing it; `None` if there is no such picture here.
    pub fn plan(&self, id: PictureId, place: Place) -> Option<Move> {
        let from = self.position(id)?;
        let rest: Vec<&Picture> = self.pictures.iter().filter(|p| p.id != id).collect();
        let to = match place {
            Place::First => 0,
            Place::Last => rest.len(),
            Place::Up => from.saturating_sub(1),
            Place::Down => (from + 1).min(rest.len()),
            Place::After(other) if other == id => from,
            Place::After(other) => rest.iter().position(|p| p.id == other)? + 1,
            Place::Nth(n) => (n.max(1) as usize - 1).min(rest.len()),
        };
        if to == from {
            return Some(Move::Nothing);
        }
        let before = to.checked_sub(1).map(|i| rest[i].order);
        let after = rest.get(to).map(|p| p.order);
        Some(match (before, after) {
            (None, None) => Move::Nothing,
            (None, Some(next)) => Move::To(next + STEP),
            (Some(previous), None) => Move::To(previous - STEP),
            (Some(previous), Some(next)) if previous - next >= 2 => Move::To(next + (previous - next) / 2),
            (Some(_), Some(_)) => make_room(&rest, to, id),
        })
    }

    fn spread(&mut self, pictures: &[PictureId], top: i64, step: i64) {
        for p in &mut self.pictures {
            if let Some(i) = pictures.iter().position(|id| *id == p.id) {
                p.order = top - i as i64 * step;
            }
        }
    }

    fn put(&mut self, picture: Picture) {
        match self.pictures.iter_mut().find(|p| p.id == picture.id) {
            Some(old) => *old = picture,
            None => self.pictures.push(picture),
        }
    }

    fn sort(&mut self) {
        self.pictures.sort_by_key(|p| (-p.order, -p.id.0));
    }
}

/// Puts `id` at a place of the others, and those around it far enough apart: more of them until there is room.
fn make_room(rest: &[&Picture], to: usize, id: PictureId) -> Move {
    for reach in 1.. {
        let (begin, end) = (to.saturating_sub(reach), (to + reach).min(rest.len()));
        let mut pictures: Vec<PictureId> = rest[begin..end].iter().map(|p| p.id).collect();
        pictures.insert(to - begin, id);
        let n = pictures.len() as i64;
        let above = begin.checked_sub(1).map(|i| rest[i].order);
        let below = rest.get(end).map(|p| p.order);
        let (top, step) = match (above, below) {
            // In front of all, or behind all, there is always room.
            (None, below) => (below.unwrap_or(0) + n * STEP, STEP),
            (Some(above), None) => (above - STEP, STEP),
            (Some(above), Some(below)) => {
                let step = (above - below) / (n + 1);
                (below + n * step, step)
            }
        };
        if step >= ROOMY {
            return Move::Spread { pictures, top, step };
        }
    }
    Move::Nothing
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::person::Person;
    use crate::{BlobId, PersonId};
    use proptest::prelude::*;

    fn picture(id: i64, order: i64) -> Picture {
        Picture {
            id: PictureId(id),
            blob: BlobId::parse("0123456789abcdef0123456789abcdef").unwrap(),
            order,
            width: 4,
            height: 3,
            caption: String::new(),
            alt: String::new(),
            tint: String::new(),
            by: Person::named(PersonId(1), "ana", "Ana"),
            at: 0,
        }
    }

    fn ids(wall: &Wall) -> Vec<i64> {
        wall.pictures.iter().map(|p| p.id.0).collect()
    }

    fn event_of(wall: &Wall, id: PictureId, moved: Move) -> Option<What> {
        let rev = wall.rev + 1;
        match moved {
            Move::Nothing => None,
            Move::To(order) => Some(What::PictureMoved { rev, picture: id, order }),
            Move::Spread { pictures, top, step } => Some(What::WallSpread { rev, pictures, top, step }),
        }
    }

    #[test]
    fn larger_is_first_and_newer_breaks_ties() {
        assert_eq!(ids(&Wall::new(0, vec![picture(1, 5), picture(2, 9), picture(3, 5)])), [2, 3, 1]);
    }

    #[test]
    fn a_gap_is_noticed_and_an_echo_ignored() {
        let mut wall = Wall::new(3, vec![picture(1, 5)]);
        let removed = |rev| What::PictureRemoved { rev, picture: PictureId(1), others: vec![] };
        assert_eq!(wall.apply(&removed(3)), Applied::Nothing);
        assert_eq!(wall.apply(&removed(5)), Applied::Gap);
        assert_eq!(wall.apply(&removed(4)), Applied::Yes);
        assert!(wall.pictures.is_empty());
    }

    #[test]
    fn what_goes_together_goes_in_one_step() {
        let mut wall = Wall::new(3, vec![picture(1, 5), picture(2, 4), picture(3, 3)]);
        let gone = What::PictureRemoved { rev: 4, picture: PictureId(1), others: vec![PictureId(3)] };
        assert_eq!((wall.apply(&gone), ids(&wall)), (Applied::Yes, vec![2]));
        let old: What = serde_json::from_str(r#"{"picture_removed":{"rev":5,"picture":2}}"#).unwrap();
        assert_eq!((wall.apply(&old), ids(&wall)), (Applied::Yes, vec![]));
    }

    #[test]
    fn a_move_is_told_in_few_bytes_also_when_a_place_is_used_again_and_again() {
        // Hung one by one, and twenty to a form.
        let hung: [fn(i64) -> i64; 2] = [|i| i * STEP, |i| i / 20 * STEP + i % 20 * (STEP / 32)];
        for order in hung {
            let mut wall = Wall::new(0, (0..500).map(|i| picture(100_000 + i, order(i))).collect());
            let anchor = wall.pictures[250].id;
            for n in 0..60 {
                let id = wall.pictures[if n % 2 == 0 { 499 } else { 0 }].id;
                let plan = wall.plan(id, Place::After(anchor)).unwrap();
                let event = event_of(&wall, id, plan).unwrap();
                let bytes = serde_json::to_string(&event).unwrap().len();
                assert!(bytes < 300, "move {n} takes {bytes} bytes");
                assert_eq!(wall.apply(&event), Applied::Yes);
                assert_eq!(wall.position(id).unwrap(), wall.position(anchor).unwrap() + 1);
            }
        }
    }

    #[test]
    fn histories_tell_of_walls_that_were_numbered_anew() {
        let mut wall = Wall::new(0, vec![picture(1, 5), picture(2, 4)]);
        let old: What = serde_json::from_str(r#"{"wall_renumbered":{"rev":1,"pictures":[2,1]}}"#).unwrap();
        assert_eq!((wall.apply(&old), ids(&wall)), (Applied::Yes, vec![2, 1]));
        assert_eq!(wall.pictures[0].order, 2 * STEP);
    }

    proptest! {
        /// Whatever is moved wherever, the picture ends where it was sent, the others keep
        /// their sequence, and a follower that applies the events agrees.
        #[test]
        fn moves_do_what_they_say(n in 1usize..12, moves in prop::collection::vec((0usize..12, 0u32..14), 1..60)) {
            let mut wall = Wall::new(0, (0..n).map(|i| picture(i as i64, i as i64 % 3)).collect());
            let mut follower = wall.clone();
            for (which, to) in moves {
                let id = wall.pictures[which % n].id;
                let mut wanted: Vec<i64> = ids(&wall).into_iter().filter(|other| *other != id.0).collect();
                wanted.insert((to.max(1) as usize - 1).min(wanted.len()), id.0);
                let plan = wall.plan(id, Place::Nth(to)).unwrap();
                if let Some(event) = event_of(&wall, id, plan) {
                    prop_assert_eq!(wall.apply(&event), Applied::Yes);
                    prop_assert_eq!(follower.apply(&event), Applied::Yes);
                }
                prop_assert_eq!(ids(&wall), wanted);
            }
            prop_assert_eq!(wall, follower);
        }
    }
}

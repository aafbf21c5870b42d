//! What other servers of the house say, and for how long it is believed.
//!
//! Clocks of two machines are never compared: a lease is renewed by a number that grows, and
//! whoever looks judges by their own steady clock how long it has not grown.

use crate::store::entities::lease;
use domain::RoomId;
use std::collections::HashMap;

/// So long something is believed that is not said again.
pub(super) const LEASE_MS: i64 = 6_000;
/// What was not said again for so long is removed.
const FORGET_MS: i64 = 10 * LEASE_MS;

/// How one room stands at one server, or at several together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Standing {
    /// Whether one of its hosts is there.
    pub hosted: bool,
    /// How many wait there until it opens.
    pub waiting: u32,
}

/// Times are steady ones.
#[derive(Default)]
pub(super) struct Leases {
    seen: HashMap<(i64, RoomId), Seen>,
    /// When somebody last looked.
    looked_at: Option<i64>,
}

struct Seen {
    beat: i64,
    /// How long it stands at this beat.
    since: i64,
    /// Whether it was seen to grow, or to appear.
    is_alive: bool,
    standing: Standing,
}

impl Leases {
    /// Takes in what the others say now. Whoever was away for longer than a lease cannot tell
    /// what is new from what a server that has died since left behind; it has to grow first.
    pub fn look(&mut self, rows: Vec<lease::Model>, steady: i64) {
        let was_here = self.looked_at.replace(steady).is_some_and(|at| steady - at < LEASE_MS);
        let mut before = std::mem::take(&mut self.seen);
        for row in rows {
            let key = (row.server, RoomId(row.room_id));
            let standing = Standing { hosted: row.hosted, waiting: u32::try_from(row.waiting).unwrap_or_default() };
            let seen = match before.remove(&key).filter(|seen| seen.beat == row.beat) {
                Some(seen) => Seen { is_alive: seen.is_alive && was_here, ..seen },
                None => Seen { beat: row.beat, since: steady, is_alive: was_here, standing },
            };
            self.seen.insert(key, seen);
        }
    }

    /// What the others together say, as far as it is believed.
    pub fn standings(&self, steady: i64) -> HashMap<RoomId, Standing> {
        let mut standings: HashMap<RoomId, Standing> = HashMap::new();
        let believed = |seen: &&Seen| seen.is_alive && steady - seen.since < LEASE_MS;
        for ((_, room), seen) in self.seen.iter().filter(|(_, seen)| believed(seen)) {
            let all = standings.entry(*room).or_default();
            all.hosted |= seen.standing.hosted;
            all.waiting += seen.standing.waiting;
        }
        standings
    }

    /// Servers that have long said nothing, and their last beat.
    pub fn dead(&self, steady: i64) -> HashMap<i64, i64> {
        let old = self.seen.iter().filter(|(_, seen)| steady - seen.since >= FORGET_MS);
        old.map(|((server, _), seen)| (*server, seen.beat)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROOM: RoomId = RoomId(1);

    /// What can happen between a server with a host, the store, and a server that looks.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    enum Happens {
        HostComes,
        HostGoes,
        /// The server says again what it has to say.
        Renews,
        /// It is killed: what it said stays, and is not said again.
        Dies,
        /// The other one reads the store.
        Looks,
        /// A third of a lease.
        TimePasses,
        /// More than a lease.
        LongTimePasses,
    }
    use Happens::*;

    const ALL: [Happens; 7] = [HostComes, HostGoes, Renews, Dies, Looks, TimePasses, LongTimePasses];

    #[derive(Default)]
    struct World {
        now: i64,
        is_dead: bool,
        host: bool,
        beat: i64,
        row: Option<lease::Model>,
        leases: Leases,
        /// When the server last said that a host is there.
        said_at: Option<i64>,
        looked_at: Option<i64>,
    }

    impl World {
        fn says(&mut self) {
            if self.is_dead {
                return;
            }
            self.beat += 1;
            let row = lease::Model { server: 7, room_id: ROOM.0, beat: self.beat, hosted: true, waiting: 0 };
            self.row = self.host.then_some(row);
            self.said_at = if self.host { Some(self.now) } else { self.said_at };
        }

        fn looks(&mut self) {
            self.leases.look(self.row.clone().into_iter().collect(), self.now);
            self.looked_at = Some(self.now);
        }

        fn is_hosted(&self) -> bool {
            self.leases.standings(self.now).get(&ROOM).is_some_and(|standing| standing.hosted)
        }

        fn step(&mut self, happens: Happens) {
            match happens {
                HostComes | HostGoes => {
                    self.host = happens == HostComes;
                    self.says();
                }
                Renews => self.says(),
                Dies => self.is_dead = true,
                Looks => self.looks(),
                TimePasses => self.now += LEASE_MS / 3,
                LongTimePasses => self.now += LEASE_MS + 1,
            }
        }

        fn check(&self, story: &[Happens]) {
            if self.is_hosted() {
                let looked_at = self.looked_at.expect("nobody knows who never looked");
                assert!(self.now - looked_at < LEASE_MS, "what is not read again ends: {story:?}");
                // It was said within a lease before it was first read, and read within one before now.
                let said_at = self.said_at.expect("nobody said it");
                assert!(self.now - said_at < 2 * LEASE_MS, "a server that has died is forgotten: {story:?}");
            }
        }

        /// Both go on undisturbed.
        fn comes_to_rest(&mut self, story: &[Happens]) {
            for _ in 0..3 {
                self.says();
                self.looks();
                self.now += LEASE_MS / 3;
            }
            self.looks();
            assert_eq!(self.is_hosted(), self.host && !self.is_dead, "after a lease everybody knows: {story:?}");
        }
    }

    /// All 16,807 orders of five things, from a server that looks for the first time and from one
    /// that has looked before.
    #[test]
    fn every_order_of_events_is_judged_by_what_was_said() {
        let mut orders = 0;
        for begins in [&[][..], &[Looks, HostComes, Looks]] {
            for n in 0..ALL.len().pow(5) {
                let story: Vec<Happens> = (0..5).map(|i| ALL[n / ALL.len().pow(i) % ALL.len()]).collect();
                let story = [begins, &story].concat();
                let mut world = World::default();
                for happens in &story {
                    world.step(*happens);
                    world.check(&story);
                }
                world.comes_to_rest(&story);
                orders += 1;
            }
        }
        assert_eq!(orders, 2 * 16_807);
    }

    #[test]
    fn what_was_there_before_is_believed_when_it_grows() {
        let row = |beat| lease::Model { server: 7, room_id: ROOM.0, beat, hosted: true, waiting: 3 };
        let mut leases = Leases::default();
        leases.look(vec![row(5)], 0);
        assert!(leases.standings(0).is_empty(), "whoever left it may have died");
        leases.look(vec![row(6)], 500);
        assert_eq!(leases.standings(500)[&ROOM], Standing { hosted: true, waiting: 3 });
        assert!(leases.standings(500 + LEASE_MS).is_empty());
        leases.look(vec![row(9)], 500 + LEASE_MS);
        assert!(leases.standings(500 + LEASE_MS).is_empty(), "it grew while nobody looked");
        assert!(leases.dead(FORGET_MS).is_empty());
        assert_eq!(leases.dead(500 + LEASE_MS + FORGET_MS), HashMap::from([(7, 9)]));
    }

    #[test]
    fn several_servers_add_up() {
        let row = |server, hosted| lease::Model { server, room_id: ROOM.0, beat: 1, hosted, waiting: server };
        let mut leases = Leases::default();
        leases.look(vec![], 0);
        leases.look(vec![row(2, false), row(3, true)], 1);
        assert_eq!(leases.standings(1)[&ROOM], Standing { hosted: true, waiting: 5 });
        leases.look(vec![row(2, false)], 2);
        assert_eq!(leases.standings(2)[&ROOM], Standing { hosted: false, waiting: 2 });
    }
}

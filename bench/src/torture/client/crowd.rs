//! Many talkers at once.

use super::role::{Common, Role, Status};
use super::talker::Talker;
use super::wire::Route;
use crate::Done;
use crate::dice::Dice;
use crate::history::History;
use crate::town::Person;
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::ops::Range;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, PoisonError};
use std::time::{Duration, Instant};
use tokio::task::JoinSet;

/// Who comes, and what they do. Rooms and people are dealt out in turn.
#[derive(Clone)]
pub struct Plan {
    /// Who listen and talk.
    pub listeners: usize,
    /// Who only talk.
    pub talkers: usize,
    pub rooms: Vec<i64>,
    pub people: Vec<Person>,
    /// Milliseconds between an answer and the next message.
    pub pace: Range<u64>,
    /// Letters in a message.
    pub letters: usize,
    pub patience: Duration,
}

pub struct Crowd {
    tasks: JoinSet<()>,
    /// With the room if it listens.
    members: Vec<(Option<i64>, Arc<Status>)>,
    common: Common,
}

impl Crowd {
    pub fn new() -> Self {
        Self { tasks: JoinSet::new(), members: Vec::new(), common: Common::default() }
    }

    /// Everybody of a plan begins. `via` is where they connect to, `site` is Salon.
    pub fn gather(plan: &Plan, via: SocketAddr, site: SocketAddr, history: &Arc<History>, seed: u64) -> Self {
        let mut crowd = Self::new();
        let (people, rooms) = (plan.people.iter().cycle(), plan.rooms.iter().cycle());
        // Each room meets each person: the people move on by one with every round of rooms.
        for ((n, person), room) in (0..plan.listeners + plan.talkers).zip(people).zip(rooms) {
            let listens = n < plan.listeners;
            let role = Role {
                name: format!("{}{n}", if listens { "l" } else { "t" }),
                room: *room,
                listens,
                pace: Some(plan.pace.clone()),
                letters: plan.letters,
                patience: plan.patience,
                nap: None,
            };
            let route = Route { via, ..Route::straight(site, &person.cookie) };
            crowd.add(role, route, history, seed);
        }
        crowd
    }

    pub fn add(&mut self, role: Role, route: Route, history: &Arc<History>, seed: u64) -> Arc<Status> {
        let status = Arc::new(Status { place: AtomicI64::new(-1), ..Status::default() });
        self.members.push((role.listens.then_some(role.room), status.clone()));
        let talker = Talker {
            dice: Dice::of(seed, &role.name),
            role,
            route,
            history: history.clone(),
            status: status.clone(),
            common: self.common.clone(),
            place: None,
            said: 0,
            pending: None,
            away: Duration::ZERO,
        };
        self.tasks.spawn(talker.live());
        status
    }

    /// Nothing new is said from now on; waits until everything said has its answer.
    pub async fn hush(&self, limit: Duration) -> Done {
        self.common.hushed.store(true, Ordering::Relaxed);
        let waiting = || self.members.iter().filter(|(_, status)| status.waits.load(Ordering::Relaxed)).count();
        // Somebody may just have begun.
        tokio::time::sleep(Duration::from_millis(50)).await;
        wait_until(limit, || waiting() == 0).await.map_err(|()| format!("{} messages never got an answer", waiting()))
    }

    /// Waits until all who listen have come to their room's place.
    pub async fn arrive(&self, goals: &BTreeMap<i64, i64>, limit: Duration) -> bool {
        let there = |(room, status): &(Option<i64>, Arc<Status>)| {
            let goal = room.and_then(|room| goals.get(&room)).copied().unwrap_or(-1);
            status.place.load(Ordering::Relaxed) >= goal
        };
        wait_until(limit, || self.members.iter().all(there)).await.is_ok()
    }

    /// How connections ended, by code or word.
    pub fn partings(&self) -> BTreeMap<String, u64> {
        self.common.partings.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// How many ended this way.
    pub fn parted(&self, how: &str) -> u64 {
        self.partings().get(how).copied().unwrap_or(0)
    }

    pub async fn end(mut self) {
        self.tasks.shutdown().await;
    }
}

/// Looks every few milliseconds.
pub async fn wait_until(limit: Duration, mut fits: impl FnMut() -> bool) -> Result<(), ()> {
    let until = Instant::now() + limit;
    while !fits() {
        if Instant::now() >= until {
            return Err(());
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    Ok(())
}

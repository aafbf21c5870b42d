//! Several servers of one house (PostgreSQL): each tells the others whether its rooms' hosts are
//! here and how many wait, and hears the same of them, so that a gate is the same everywhere.
//! What follows from it is decided where it always is, in `Chat::settle`.

use super::leases::{LEASE_MS, Leases, Standing};
use super::record::recorded;
use super::{Gate, Host};
use crate::store::entities::{lease, room};
use crate::store::{leases, members, rooms};
use crate::{Chat, House, Problem, Result};
use domain::RoomId;
use domain::gate::{GateRule, Opening, Phase};
use std::collections::{HashMap, HashSet};
use std::sync::atomic::Ordering;
use std::sync::{Arc, Weak};
use std::time::Duration;
use tokio::sync::Mutex;

/// How often something is told and heard.
const MEET_EVERY: Duration = Duration::from_millis(500);
/// So often it is said again though nothing has changed.
const RENEW_MS: i64 = 2_000;
/// How often it is asked what others have set: as soon as their other changes are noticed.
const RULES_MS: i64 = 2_000;
/// A host who was here only for a moment is shown to the others for so long.
const SHOWN_MS: i64 = 1_500;
/// How long the store may take. Beyond it nothing was heard.
const PATIENCE: Duration = Duration::from_secs(3);

/// What this server has said to the others, and heard.
pub(crate) struct Servers(Mutex<Talk>);

struct Talk {
    /// What this server is called as long as it runs.
    server: i64,
    beat: i64,
    said: HashMap<RoomId, Standing>,
    said_at: i64,
    heard: Leases,
    /// The rooms that had a gate when it was last asked, and when.
    gated: HashSet<RoomId>,
    asked_at: Option<i64>,
}

impl Default for Servers {
    fn default() -> Self {
        let (said, heard, gated) = (HashMap::new(), Leases::default(), HashSet::new());
        Self(Mutex::new(Talk { server: rand::random(), beat: 0, said, said_at: 0, heard, gated, asked_at: None }))
    }
}

impl Chat {
    /// Tells the other servers of this house of its gates and hears of theirs. Done twice a
    /// second by itself; nothing to do on SQLite, which has one server.
    ///
    /// # Errors
    /// When the store does not answer: then what the others said holds until its time is over.
    pub async fn meet_servers(&self) -> Result<()> {
        if self.store().is_alone() {
            return Ok(());
        }
        let mut talk = self.0.servers.0.lock().await;
        let told = in_time(self.tell_servers(&mut talk)).await;
        let heard = in_time(self.hear_servers(&mut talk)).await;
        self.mind_servers(&talk.heard.standings(self.clock().steady()));
        told.and(heard)
    }

    /// Says good-bye, so that the others need not wait until what was said is over.
    pub(crate) async fn leave_servers(&self) {
        let talk = self.0.servers.0.lock().await;
        if talk.said.is_empty() {
            return;
        }
        let (server, beat) = (talk.server, talk.beat);
        let write = self
            .store()
            .write(move |tx| Box::pin(async move { Ok(leases::remove_up_to(tx.db(), server, beat).await?) }));
        if let Err(cause) = in_time(write).await {
            tracing::warn!(%cause, "the other servers notice by themselves that this one has ended");
        }
    }

    async fn tell_servers(&self, talk: &mut Talk) -> Result<()> {
        let steady = self.clock().steady();
        let now = self.standings();
        let is_due = !now.is_empty() && steady - talk.said_at >= RENEW_MS;
        if now == talk.said && !is_due {
            return Ok(());
        }
        talk.beat += 1;
        let (server, beat) = (talk.server, talk.beat);
        let row = |(room, standing): (&RoomId, &Standing)| {
            let Standing { hosted, waiting } = *standing;
            lease::Model { server, room_id: room.0, beat, hosted, waiting: waiting.into() }
        };
        let rows: Vec<lease::Model> = now.iter().map(row).collect();
        let write = self
            .store()
            .write(move |tx| Box::pin(async move { Ok(leases::announce(tx.db(), server, beat, &rows).await?) }));
        write.await?;
        (talk.said, talk.said_at) = (now, steady);
        Ok(())
    }

    /// How the gates of this server stand: those that there is something to say of.
    fn standings(&self) -> HashMap<RoomId, Standing> {
        let steady = self.clock().steady();
        let gates = self.0.gates.all();
        let standing = |(room, gate): (&RoomId, &Gate)| {
            let was_here = gate.ours_at.is_some_and(|at| steady - at < SHOWN_MS);
            let hosted = was_here || self.hub().has_host(*room);
            let standing = Standing { hosted, waiting: self.hub().count_waiting(*room) };
            (standing != Standing::default()).then_some((*room, standing))
        };
        gates.iter().filter_map(standing).collect()
    }

    async fn hear_servers(&self, talk: &mut Talk) -> Result<()> {
        let rows = leases::list_others(self.store().read(), talk.server).await?;
        let steady = self.clock().steady();
        talk.heard.look(rows, steady);
        if talk.asked_at.is_none_or(|at| steady - at >= RULES_MS) {
            let learned = self.0.gates.learned.load(Ordering::Relaxed);
            let rows = rooms::list_gated(self.store().read()).await?;
            self.take_over(rows, &mut talk.gated, learned).await?;
            self.look_at_hosts().await?;
            talk.asked_at = Some(steady);
        }
        for (server, beat) in talk.heard.dead(steady) {
            let write = self
                .store()
                .write(move |tx| Box::pin(async move { Ok(leases::remove_up_to(tx.db(), server, beat).await?) }));
            write.await?;
        }
        Ok(())
    }

    /// Takes over the rules that others have set, unless one was set here since they were read.
    async fn take_over(&self, rows: Vec<room::Model>, gated: &mut HashSet<RoomId>, learned: u64) -> Result<()> {
        let rows = rows.iter().map(recorded).collect::<Result<Vec<_>>>()?;
        let now: HashSet<RoomId> = rows.iter().map(|(room, ..)| *room).collect();
        for room in now.difference(gated).filter(|room| self.hub().count_present(**room) > 0) {
            self.note_hosts(*room).await?;
        }
        for room in self.follow(rows, &now, learned) {
            self.0.known.forget_room(room);
            self.hub().look_at_gate(room);
        }
        *gated = now;
        Ok(())
    }

    /// Another server may have made somebody a host, or taken it from them, who listens to a room here.
    async fn look_at_hosts(&self) -> Result<()> {
        let gated: Vec<RoomId> = self.0.gates.all().keys().copied().collect();
        for room in gated.into_iter().filter(|room| self.hub().count_present(*room) > 0) {
            let hosts = members::list_host_ids(self.store().read(), room).await?;
            if self.hub().set_hosts(room, &hosts) {
                self.hosts_changed(room);
            }
        }
        Ok(())
    }

    /// The rooms whose rule is another one now.
    fn follow(&self, rows: Vec<(RoomId, GateRule, Phase)>, gated: &HashSet<RoomId>, learned: u64) -> Vec<RoomId> {
        let steady = self.clock().steady();
        let mut gates = self.0.gates.all();
        if self.0.gates.learned.load(Ordering::Relaxed) != learned {
            return Vec::new();
        }
        let mut changed = Vec::new();
        for (room, rule, phase) in rows {
            match gates.get_mut(&room) {
                Some(gate) if gate.rule == rule => continue,
                Some(gate) => gate.rule = rule,
                None => {
                    let gate = Gate::new(rule, (rule.opening, phase), Host::after(phase, steady));
                    // Until now everybody got in here.
                    gates.insert(room, Gate { phase: Phase::Live, ..gate });
                }
            }
            changed.push(room);
        }
        for (room, gate) in gates.iter_mut().filter(|(room, _)| !gated.contains(room)) {
            if gate.rule.opening != Opening::Always {
                gate.rule = GateRule::default();
                changed.push(*room);
            }
        }
        changed
    }

    /// Hosts came and went at other servers.
    fn mind_servers(&self, elsewhere: &HashMap<RoomId, Standing>) {
        let mut changed = Vec::new();
        for (room, gate) in self.0.gates.all().iter_mut() {
            let standing = elsewhere.get(room).copied().unwrap_or_default();
            if std::mem::replace(&mut gate.elsewhere, standing) != standing {
                changed.push(*room);
            }
        }
        for room in changed {
            self.settle(room);
            self.hub().look_at_gate(room);
        }
    }
}

async fn in_time<T>(work: impl Future<Output = Result<T>>) -> Result<T> {
    tokio::time::timeout(PATIENCE, work).await.unwrap_or(Err(Problem::Unavailable.into()))
}

/// Meets the others until the house is closed or dropped.
pub(super) fn start(chat: &Chat) {
    if chat.store().is_alone() {
        return;
    }
    let closing = chat.0.closing.clone();
    let house = Arc::downgrade(&chat.0);
    tokio::spawn(async move {
        closing.run_until_cancelled(rounds(house)).await;
    });
}

async fn rounds(house: Weak<House>) {
    let mut was_well = true;
    loop {
        tokio::time::sleep(MEET_EVERY).await;
        let Some(chat) = house.upgrade().map(Chat) else { return };
        let met = chat.meet_servers().await;
        match (&met, was_well) {
            (Err(cause), true) => tracing::warn!(%cause, "other servers of this house are not heard"),
            (Ok(()), false) => tracing::info!("other servers of this house are heard again"),
            _ => {}
        }
        was_well = met.is_ok();
    }
}

// A renewal and the look that finds it fit into a lease several times over.
const _: () = assert!(RENEW_MS * 2 + 2 * (PATIENCE.as_millis() as i64) / 3 <= LEASE_MS);

//! The gates of rooms: who may enter now. Everything that reads or writes a room asks here,
//! by way of `access`.
//!
//! A gate changes in one place, [`Chat::settle`], which shuts out whoever may not stay before
//! anybody is told a different answer. What happened is recorded afterwards, for the next
//! start of the server and for the room's history.

mod change;
mod leases;
mod record;
mod servers;

pub(crate) use servers::Servers;

use crate::store::members;
use crate::{Chat, House, Result, RoomHost};
use domain::gate::{GateRule, GateView, Hosting, Opening, Phase};
use domain::live::Frame;
use domain::member::Role;
use domain::{PersonId, RoomId};
use leases::Standing;
use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

/// The machine's clock may be set while a gate waits for its time, so it is looked at so often.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// Comings and goings in front of a gate are told together, so often at most.
const TELL_EVERY: Duration = Duration::from_millis(250);
/// The same where more than [`CROWD`] wait.
const TELL_CROWD_EVERY: Duration = Duration::from_secs(2);
const CROWD: u32 = 150;

/// The gates of all rooms that are not simply open.
#[derive(Default)]
pub(crate) struct Gates {
    gates: Mutex<HashMap<RoomId, Gate>>,
    /// Counts the rules that were taken over, so that one that was read before does not come back.
    learned: AtomicU64,
    /// Held while one is recorded, so that nothing is recorded twice, nor over something later.
    recording: tokio::sync::Mutex<()>,
}

struct Gate {
    rule: GateRule,
    phase: Phase,
    host: Host,
    /// When one of its hosts was last seen at this server, by the steady clock.
    ours_at: Option<i64>,
    /// What the other servers of this house say.
    elsewhere: Standing,
    /// What the store knows.
    recorded: (Opening, Phase),
    /// Its rule was set here, so it is for this server to record it.
    is_ours: bool,
    /// What those at the gate were told last, and when.
    told: Option<(Phase, [Option<i64>; 2], u32)>,
    told_at: i64,
}

/// Times are steady ones.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Host {
    Away,
    Here,
    LeftAt(i64),
}

/// How a room's gate stands, for its hosts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GateState {
    pub rule: GateRule,
    pub phase: Phase,
    pub waiting: u32,
}

impl GateState {
    /// What pages are told of it.
    pub fn view(&self) -> GateView {
        let GateState { rule, phase, waiting } = *self;
        GateView { opening: rule.opening, phase, opens_at: rule.opens_at, closes_at: rule.closes_at, waiting }
    }
}

impl Host {
    fn hosting(self, steady: i64) -> Hosting {
        match self {
            Self::Away => Hosting::Away,
            Self::Here => Hosting::Here,
            Self::LeftAt(at) => Hosting::Left(steady - at),
        }
    }

    /// As a room was left in this phase.
    fn after(phase: Phase, steady: i64) -> Self {
        if phase.is_open() { Self::LeftAt(steady) } else { Self::Away }
    }

    /// Whether a host listens may have changed.
    fn look(self, is_here: bool, steady: i64) -> Self {
        match (self, is_here) {
            (_, true) => Self::Here,
            (Self::Here, false) => Self::LeftAt(steady),
            (away, false) => away,
        }
    }
}

impl Gate {
    fn new(rule: GateRule, recorded: (Opening, Phase), host: Host) -> Self {
        Self {
            rule,
            phase: recorded.1,
            host,
            ours_at: None,
            elsewhere: Standing::default(),
            recorded,
            is_ours: false,
            told: None,
            told_at: i64::MIN,
        }
    }

    fn is_recorded(&self) -> bool {
        self.recorded == (self.rule.opening, self.phase)
    }
}

impl Gates {
    fn all(&self) -> MutexGuard<'_, HashMap<RoomId, Gate>> {
        // Nothing panics while it is held; if something ever does, the gates are still whole.
        self.gates.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Chat {
    /// Whether everybody who may read a room gets in now. The rule is what was known at
    /// `generation`: a newer one stays.
    pub(crate) fn is_open(&self, room: RoomId, rule: &GateRule, generation: u64) -> bool {
        self.learn(room, rule, || self.0.known.generation() == generation);
        self.settle(room).is_open()
    }

    /// Whether a room is not simply open, or was not a moment ago.
    pub(crate) fn has_gate(&self, room: RoomId) -> bool {
        self.0.gates.all().contains_key(&room)
    }

    /// Lets time pass for the gate at an address. If it changes, [`Chat::commits`] rises: what was drawn
    /// before may not be shown any more.
    pub fn pass_time_at(&self, slug: &str) {
        if let Some(room) = self.0.known.id_at(slug) {
            self.settle(room);
        }
    }

    /// The rooms that only those who run them may enter now.
    pub(crate) fn shut_rooms(&self) -> Vec<RoomId> {
        let gates = self.0.gates.all();
        gates.iter().filter(|(_, gate)| !gate.phase.is_open()).map(|(room, _)| *room).collect()
    }

    /// The room is gone.
    pub(crate) fn forget_gate(&self, room: RoomId) {
        self.0.gates.all().remove(&room);
    }

    /// How a room's gate stands.
    pub fn gate(&self, host: &RoomHost) -> GateState {
        self.gate_state(host.room().id, *host.rule())
    }

    pub(crate) fn gate_state(&self, room: RoomId, rule: GateRule) -> GateState {
        self.learn(room, &rule, || false);
        let phase = self.settle(room);
        let gates = self.0.gates.all();
        let gate = gates.get(&room);
        // The caller's may be an older one.
        let rule = gate.map_or(rule, |gate| gate.rule);
        let elsewhere = gate.map_or(0, |gate| gate.elsewhere.waiting);
        GateState { rule, phase, waiting: elsewhere + self.hub().count_waiting(room) }
    }

    /// Notes that somebody's role in a room changed, while they listen to it perhaps.
    pub(crate) fn note_role(&self, room: RoomId, person: PersonId, role: Role) {
        self.hub().set_host(room, person, role == Role::Host);
        self.hosts_changed(room);
    }

    /// Whoever stays in a shut room is host of it.
    fn hosts_changed(&self, room: RoomId) {
        if !self.settle(room).is_open() {
            self.hub().shut(room);
        }
    }

    /// Where everybody gets in, nobody asked who of them is a host.
    async fn note_hosts(&self, room: RoomId) -> Result<()> {
        for person in members::list_host_ids(self.store().read(), room).await? {
            self.hub().set_host(room, person, true);
        }
        Ok(())
    }

    /// Whether one of the room's hosts is there, at whichever server.
    fn is_hosted(&self, room: RoomId) -> bool {
        self.hub().has_host(room) || self.0.gates.all().get(&room).is_some_and(|gate| gate.elsewhere.hosted)
    }

    /// The phase that a room is in as soon as this is its rule.
    fn phase_under(&self, room: RoomId, rule: &GateRule) -> Phase {
        let is_ours = self.hub().has_host(room);
        let (now, steady) = (self.now(), self.clock().steady());
        let gates = self.0.gates.all();
        let (host, elsewhere) = gates.get(&room).map_or((Host::Away, false), |gate| (gate.host, gate.elsewhere.hosted));
        rule.phase(now, host.look(is_ours || elsewhere, steady).hosting(steady))
    }

    /// Takes over a rule that was read.
    fn learn(&self, room: RoomId, rule: &GateRule, is_newest: impl FnOnce() -> bool) {
        // Another server set it, and knows whether a host is there: its phase is taken over with
        // the rule, in a moment.
        if self.store().is_alone() || self.has_gate(room) {
            self.learn_as(room, rule, false, is_newest);
        }
    }

    /// Takes over a rule: ours, or one that another process set. Asked under the lock whether it
    /// is the newest, so that what was read before a change does not undo it.
    fn learn_as(&self, room: RoomId, rule: &GateRule, is_ours: bool, is_newest: impl FnOnce() -> bool) {
        let mut gates = self.0.gates.all();
        match gates.get_mut(&room) {
            Some(gate) if gate.rule != *rule && is_newest() => (gate.rule, gate.is_ours) = (*rule, is_ours),
            Some(_) => return,
            None if rule.opening == Opening::Always => return,
            None => {
                let open = (Opening::Always, Phase::Live);
                gates.insert(room, Gate { is_ours, ..Gate::new(*rule, open, Host::Away) });
            }
        }
        self.0.gates.learned.fetch_add(1, Ordering::Relaxed);
        drop(gates);
        self.hub().look_at_gate(room);
    }

    /// Brings a gate up to date and answers its phase. Who may not stay in a room that shuts is
    /// out of it before anybody else can learn the new phase.
    fn settle(&self, room: RoomId) -> Phase {
        let is_ours = self.hub().has_host(room);
        let (now, steady) = (self.now(), self.clock().steady());
        let mut gates = self.0.gates.all();
        let Some(gate) = gates.get_mut(&room) else { return Phase::Live };
        if is_ours {
            gate.ours_at = Some(steady);
        }
        gate.host = gate.host.look(is_ours || gate.elsewhere.hosted, steady);
        // Only a room that is open stays open for a while.
        if !gate.phase.is_open() && gate.host != Host::Here {
            gate.host = Host::Away;
        }
        let phase = gate.rule.phase(now, gate.host.hosting(steady));
        let was_open = std::mem::replace(&mut gate.phase, phase).is_open();
        if was_open != phase.is_open() {
            self.0.known.note_change();
            self.hub().note_row(room);
            if phase.is_open() {
                self.hub().open(room);
            } else {
                self.hub().shut(room);
            }
        }
        if !gate.is_recorded() {
            self.hub().look_at_gate(room);
        }
        phase
    }

    /// Looks after some gates: lets time pass, tells who waits, and records what changed.
    pub async fn look_after_gates(&self) {
        let rooms = self.hub().take_gate_news();
        self.look_after(rooms).await;
    }

    async fn look_after(&self, mut rooms: HashSet<RoomId>) {
        rooms.extend(self.due_gates());
        for room in rooms {
            // Whoever began to wait while it opened.
            if self.settle(room).is_open() && self.hub().count_waiting(room) > 0 {
                self.hub().open(room);
            }
            self.tell_gate(room);
            if let Err(cause) = self.record_gate(room).await {
                tracing::warn!(%cause, %room, "a gate's change could not be recorded; it is tried again");
            }
        }
    }

    /// Gates for which time alone changes something, or whose news are owed.
    fn due_gates(&self) -> Vec<RoomId> {
        let (now, steady) = (self.now(), self.clock().steady());
        let is_due = |(room, gate): &(&RoomId, &Gate)| {
            let phase = gate.rule.phase(now, gate.host.hosting(steady));
            phase != gate.phase
                || !gate.is_recorded()
                || gate
                    .told
                    .is_some_and(|(_, _, count)| count != gate.elsewhere.waiting + self.hub().count_waiting(**room))
        };
        self.0.gates.all().iter().filter(is_due).map(|(room, _)| *room).collect()
    }

    /// Tells those at the gate how it stands, if they do not know and were not told just now.
    fn tell_gate(&self, room: RoomId) {
        let count = self.hub().count_waiting(room);
        let steady = self.clock().steady();
        let mut gates = self.0.gates.all();
        let Some(gate) = gates.get_mut(&room) else { return };
        let count = count + gate.elsewhere.waiting;
        let now = (gate.phase, [gate.rule.opens_at, gate.rule.closes_at], count);
        let pause = if count > CROWD { TELL_CROWD_EVERY } else { TELL_EVERY };
        let is_new_phase = gate.told.is_none_or(|(phase, times, _)| (phase, times) != (now.0, now.1));
        let is_early = steady.saturating_sub(gate.told_at) < pause.as_millis() as i64;
        if gate.told == Some(now) || (is_early && !is_new_phase) {
            return;
        }
        (gate.told, gate.told_at) = (Some(now), steady);
        let frame = waiting_frame(room, &gate.rule, gate.phase, count);
        drop(gates);
        self.hub().tell_gate(room, &frame);
    }
}

pub(crate) fn waiting_frame(room: RoomId, rule: &GateRule, phase: Phase, count: u32) -> Frame {
    Frame::Waiting { room, gate: GateState { rule: *rule, phase, waiting: count }.view() }
}

/// Looks after the gates until the house is closed or dropped.
pub(crate) fn start(chat: &Chat) {
    let closing = chat.0.closing.clone();
    let (hub, house) = (chat.hub().clone(), Arc::downgrade(&chat.0));
    tokio::spawn(async move {
        closing.run_until_cancelled(rounds(hub, house)).await;
    });
    servers::start(chat);
}

async fn rounds(hub: crate::Hub, house: Weak<House>) {
    loop {
        let news = tokio::time::timeout(LOOK_EVERY, hub.gate_news()).await.unwrap_or_default();
        let Some(house) = house.upgrade() else { return };
        Chat(house).look_after(news).await;
        // Whatever comes at the same time is looked at together.
        tokio::time::sleep(TELL_EVERY / 4).await;
    }
}

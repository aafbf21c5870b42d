//! Several servers of one house, which PostgreSQL allows: a gate is the same at each of them.

use crate::gate::enters;
use crate::live::Ear;
use crate::town::{START, Town, problem};
use chat::{Chat, Clock, GateState, Limits, Options, Problem, Who};
use domain::RoomId;
use domain::event::What;
use domain::gate::{GateRule, Opening, Phase};
use domain::live::{Frame, Position};
use domain::member::Role;
use domain::room::Visibility;
use sea_orm::ConnectionTrait;
use std::time::Duration;

/// How long a room of these tests stays open without its hosts.
const GRACE_MS: i64 = 9_000;
/// How far the clocks of the two servers are apart.
const APART_MS: i64 = 3 * 3_600_000;
/// Time passes in steps of which a lease has several.
const STEP_MS: i64 = 2_000;
const PATIENCE: Duration = Duration::from_secs(10);
const MOMENT: Duration = Duration::from_millis(1);

/// Two servers of one house, whose clocks differ.
struct Two {
    town: Town,
    other: Chat,
    clock: Clock,
}

impl Two {
    /// `None` on SQLite, which has one server.
    async fn new() -> Option<Self> {
        let town = Town::new().await;
        if town.has_one_server() {
            println!("SKIPPED: several servers need PostgreSQL (TEST_DATABASE_URL)");
            return None;
        }
        let clock = Clock::fake(START + APART_MS);
        let options = Options { clock: clock.clone(), ..town.options() };
        let other = Chat::open_with(options, Limits::none()).await.unwrap();
        let two = Self { town, other, clock };
        two.meet().await;
        Some(two)
    }

    fn both(&self) -> [&Chat; 2] {
        [&self.town.chat, &self.other]
    }

    /// Each tells and hears, and does what follows. One that cannot says so to nobody.
    async fn meet(&self) {
        for _ in 0..2 {
            for chat in self.both() {
                let _ = chat.meet_servers().await;
            }
        }
        for chat in self.both() {
            chat.look_after_gates().await;
        }
    }

    async fn pass(&self, ms: i64) {
        for _ in 0..ms / STEP_MS {
            self.town.clock.advance(STEP_MS);
            self.clock.advance(STEP_MS);
            self.meet().await;
        }
    }

    /// A room that is open while a host is there.
    async fn hall(&self, host: &Who) -> RoomId {
        let slug = format!("r{:016x}", rand::random::<u64>());
        let room = self.town.room(&slug, Visibility::Public, host).await.id;
        self.sets(host, room, Opening::Host).await;
        self.pass(STEP_MS).await;
        room
    }

    async fn sets(&self, host: &Who, room: RoomId, opening: Opening) {
        let hosting = self.town.chat.host(Some(host), room).await.unwrap();
        let rule = GateRule { opening, grace: GRACE_MS as u32 / 1_000, ..GateRule::default() };
        self.town.chat.change_gate(&hosting, rule).await.unwrap();
    }

    /// How the gate stands at each.
    async fn gates(&self, host: &Who, room: RoomId) -> [GateState; 2] {
        let state = async |chat: &Chat| chat.gate(&chat.host(Some(host), room).await.unwrap());
        [state(&self.town.chat).await, state(&self.other).await]
    }

    async fn phases(&self, host: &Who, room: RoomId) -> [Phase; 2] {
        self.gates(host, room).await.map(|gate| gate.phase)
    }
}

async fn hears(ear: &mut Ear, wanted: impl Fn(&Frame) -> bool) {
    while !ear.frames.iter().any(&wanted) {
        assert!(ear.hear(PATIENCE).await, "{:?}", ear.frames);
    }
    ear.frames.clear();
}

fn is_opened(frame: &Frame) -> bool {
    matches!(frame, Frame::Opened { .. })
}

fn is_shut(frame: &Frame) -> bool {
    matches!(frame, Frame::Gone { problem: Problem::Shut, .. })
}

/// Every change of a room's gate that its history has.
async fn changes(chat: &Chat, host: &Who, room: RoomId) -> Vec<(Opening, Phase)> {
    let reader = chat.reader(Some(host), room).await.unwrap();
    let position = chat.room_state(&reader).await.unwrap().position;
    let mut ear = Ear::at(chat, Some(host), room, Some(Position { seq: 0, ..position })).await;
    ear.hear_up_to(position.seq).await;
    let change = |what: &What| match what {
        What::GateChanged { opening, phase } => Some((*opening, *phase)),
        _ => None,
    };
    // Whoever listens as a host may open the room by it.
    let then = ear.events().iter().filter(|event| event.seq <= position.seq);
    then.filter_map(|event| change(&event.what)).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_host_at_one_server_opens_the_room_at_all() {
    let Some(two) = Two::new().await else { return };
    let (host, viewer) = (two.town.person("host").await, two.town.person("viewer").await);
    let room = two.hall(&host).await;
    let mut ear = Ear::new(&two.other, Some(&viewer));
    assert!(!enters(&two.other, &viewer, room, &ear).await);
    two.meet().await;
    assert_eq!(two.gates(&host, room).await.map(|gate| gate.waiting), [1, 1], "wherever they wait");

    let hosts = Ear::at(&two.town.chat, Some(&host), room, None).await;
    two.meet().await;
    hears(&mut ear, is_opened).await;
    assert!(enters(&two.other, &viewer, room, &ear).await);
    two.pass(60_000).await;
    assert_eq!(two.phases(&host, room).await, [Phase::Live; 2], "as long as it is renewed");

    drop(hosts);
    two.pass(STEP_MS).await;
    assert_eq!(two.phases(&host, room).await, [Phase::Grace; 2]);
    assert!(two.other.reader(Some(&viewer), room).await.is_ok());
    two.pass(GRACE_MS + STEP_MS).await;
    assert_eq!(two.phases(&host, room).await, [Phase::Closed; 2]);
    hears(&mut ear, is_shut).await;
    for chat in two.both() {
        assert_eq!(problem(chat.reader(Some(&viewer), room).await), Problem::Shut);
    }
    let told = changes(&two.town.chat, &host, room).await;
    let once = [Phase::Closed, Phase::Live, Phase::Grace, Phase::Closed];
    assert_eq!(told, once.map(|phase| (Opening::Host, phase)), "of two servers one records it");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_host_who_is_at_two_servers_may_leave_one() {
    let Some(two) = Two::new().await else { return };
    let host = two.town.person("host").await;
    let room = two.hall(&host).await;
    let here = Ear::at(&two.town.chat, Some(&host), room, None).await;
    let there = Ear::at(&two.other, Some(&host), room, None).await;
    two.meet().await;
    drop(here);
    two.pass(2 * GRACE_MS).await;
    assert_eq!(two.phases(&host, room).await, [Phase::Live; 2]);
    // A reload, which another server answers.
    let here = Ear::at(&two.town.chat, Some(&host), room, None).await;
    drop(there);
    two.pass(2 * GRACE_MS).await;
    assert_eq!(two.phases(&host, room).await, [Phase::Live; 2]);
    drop(here);
    two.pass(2 * GRACE_MS).await;
    assert_eq!(two.phases(&host, room).await, [Phase::Closed; 2], "they do not keep each other open");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_host_who_looks_in_for_a_moment_is_seen_at_all_servers() {
    let Some(two) = Two::new().await else { return };
    let host = two.town.person("host").await;
    let room = two.hall(&host).await;
    let hosts = Ear::at(&two.town.chat, Some(&host), room, None).await;
    two.town.chat.look_after_gates().await;
    drop(hosts);
    two.town.chat.look_after_gates().await;
    two.meet().await;
    two.pass(STEP_MS).await;
    assert_eq!(two.phases(&host, room).await, [Phase::Grace; 2]);
}

/// Nobody said good-bye: what the server said last holds until its lease ends, then the grace begins.
#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_dies_is_forgotten() {
    let Some(two) = Two::new().await else { return };
    let host = two.town.person("host").await;
    let room = two.hall(&host).await;
    let hosts = Ear::at(&two.other, Some(&host), room, None).await;
    two.meet().await;
    let Two { town, other, .. } = two;
    let phase = async || town.chat.gate(&town.chat.host(Some(&host), room).await.unwrap()).phase;
    assert_eq!(phase().await, Phase::Live);
    drop(other);
    drop(hosts);
    let mut seen = Vec::new();
    for _ in 0..(6_000 + GRACE_MS) / STEP_MS + 2 {
        town.clock.advance(STEP_MS);
        town.chat.meet_servers().await.unwrap();
        town.chat.look_after_gates().await;
        seen.push(phase().await);
    }
    seen.dedup();
    assert_eq!(seen, [Phase::Live, Phase::Grace, Phase::Closed]);
    // A server that starts now does not take what was left behind for a host.
    let fresh = Chat::open_with(town.options(), Limits::none()).await.unwrap();
    fresh.meet_servers().await.unwrap();
    fresh.meet_servers().await.unwrap();
    assert_ne!(fresh.gate(&fresh.host(Some(&host), room).await.unwrap()).phase, Phase::Live);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_closes_says_good_bye() {
    let Some(two) = Two::new().await else { return };
    let host = two.town.person("host").await;
    let room = two.hall(&host).await;
    let _hosts = Ear::at(&two.other, Some(&host), room, None).await;
    two.meet().await;
    two.other.close().await;
    two.town.chat.meet_servers().await.unwrap();
    let gate = two.town.chat.gate(&two.town.chat.host(Some(&host), room).await.unwrap());
    assert_eq!(gate.phase, Phase::Grace, "no lease has to end first");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_host_sets_at_one_server_holds_at_all() {
    let Some(two) = Two::new().await else { return };
    let (host, ben, viewer) =
        (two.town.person("host").await, two.town.person("ben").await, two.town.person("viewer").await);
    let room = two.town.room("hall", Visibility::Public, &host).await.id;
    let hosting = two.town.chat.host(Some(&host), room).await.unwrap();
    two.town.chat.add_member(&hosting, ben.person.id, Role::Host).await.unwrap();
    // Nobody asked who is a host as long as everybody gets in.
    let mut cohost = Ear::at(&two.other, Some(&ben), room, None).await;
    let mut ear = Ear::at(&two.other, Some(&viewer), room, None).await;
    let _hosts = Ear::at(&two.town.chat, Some(&host), room, None).await;

    two.sets(&host, room, Opening::Host).await;
    two.pass(2 * STEP_MS).await;
    assert_eq!(two.phases(&host, room).await, [Phase::Live; 2]);
    for ear in [&mut ear, &mut cohost] {
        while ear.hear(20 * MOMENT).await {}
        assert!(!ear.frames.iter().any(is_shut), "nobody is sent out of a room that stays open");
    }

    two.sets(&host, room, Opening::Never).await;
    two.pass(2 * STEP_MS).await;
    hears(&mut ear, is_shut).await;
    assert_eq!(problem(two.other.reader(Some(&viewer), room).await), Problem::Shut);
    assert!(!enters(&two.other, &viewer, room, &ear).await);

    two.sets(&host, room, Opening::Always).await;
    two.pass(2 * STEP_MS).await;
    hears(&mut ear, is_opened).await;
    assert!(enters(&two.other, &viewer, room, &ear).await);
    let told = changes(&two.town.chat, &host, room).await;
    let (live, closed) = (Phase::Live, Phase::Closed);
    assert_eq!(told, [(Opening::Host, live), (Opening::Never, closed), (Opening::Always, live)]);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_runs_a_room_no_more_opens_it_at_no_server() {
    let Some(two) = Two::new().await else { return };
    let (host, ben) = (two.town.person("host").await, two.town.person("ben").await);
    let room = two.hall(&host).await;
    let hosting = two.town.chat.host(Some(&host), room).await.unwrap();
    two.town.chat.add_member(&hosting, ben.person.id, Role::Host).await.unwrap();
    let mut cohost = Ear::at(&two.other, Some(&ben), room, None).await;
    two.meet().await;
    assert_eq!(two.phases(&host, room).await, [Phase::Live; 2]);
    // He stays connected to the other server, and is a member from now on.
    two.town.chat.add_member(&hosting, ben.person.id, Role::Member).await.unwrap();
    two.pass(2 * STEP_MS).await;
    assert_eq!(two.phases(&host, room).await, [Phase::Grace; 2], "nobody hosts it");
    two.pass(GRACE_MS + STEP_MS).await;
    assert_eq!(two.phases(&host, room).await, [Phase::Closed; 2]);
    hears(&mut cohost, is_shut).await;
    // Made host again while he is there, he stays when it shuts.
    let _hosts = Ear::at(&two.town.chat, Some(&host), room, None).await;
    two.meet().await;
    let mut member = Ear::at(&two.other, Some(&ben), room, None).await;
    two.town.chat.add_member(&hosting, ben.person.id, Role::Host).await.unwrap();
    two.pass(2 * STEP_MS).await;
    two.sets(&host, room, Opening::Never).await;
    two.pass(2 * STEP_MS).await;
    while member.hear(20 * MOMENT).await {}
    assert!(!member.frames.iter().any(is_shut), "hosts stay in a shut room");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_button_at_one_server_counts_the_host_at_the_other() {
    let Some(two) = Two::new().await else { return };
    let host = two.town.person("host").await;
    let room = two.hall(&host).await;
    let _hosts = Ear::at(&two.other, Some(&host), room, None).await;
    two.meet().await;
    let press = async |open: bool| {
        let hosting = two.town.chat.host(Some(&host), room).await.unwrap();
        two.town.chat.open_room_now(&hosting, open).await.unwrap().rule.opening
    };
    for _ in 0..2 {
        assert_eq!(press(false).await, Opening::Never);
        two.pass(2 * STEP_MS).await;
        assert_eq!(two.phases(&host, room).await, [Phase::Closed; 2]);
        assert_eq!(press(true).await, Opening::Host, "its host is there");
        two.pass(2 * STEP_MS).await;
        assert_eq!(two.phases(&host, room).await, [Phase::Live; 2]);
    }
}

/// The two cannot speak for a while: nothing opens by that, and nobody is sent out before the grace.
#[tokio::test(flavor = "multi_thread")]
async fn servers_that_do_not_hear_each_other_wait_out_the_grace() {
    let Some(two) = Two::new().await else { return };
    let (host, viewer) = (two.town.person("host").await, two.town.person("viewer").await);
    let (open, shut) = (two.hall(&host).await, two.hall(&host).await);
    let _hosts = Ear::at(&two.town.chat, Some(&host), open, None).await;
    two.meet().await;
    assert_eq!(two.phases(&host, open).await, [Phase::Live; 2]);
    let db = two.town.db().await;
    db.execute_unprepared("ALTER TABLE lease RENAME TO lost").await.unwrap();
    assert!(two.other.meet_servers().await.is_err());

    let _also = Ear::at(&two.town.chat, Some(&host), shut, None).await;
    two.pass(6_000).await;
    assert_eq!(two.phases(&host, shut).await, [Phase::Live, Phase::Closed], "it was not said");
    assert_eq!(two.phases(&host, open).await, [Phase::Live, Phase::Grace]);
    assert!(two.other.reader(Some(&viewer), open).await.is_ok(), "the host has time to be heard again");
    db.execute_unprepared("ALTER TABLE lost RENAME TO lease").await.unwrap();
    two.pass(2 * STEP_MS).await;
    for room in [open, shut] {
        assert_eq!(two.phases(&host, room).await, [Phase::Live; 2]);
    }
    db.execute_unprepared("ALTER TABLE lease RENAME TO lost").await.unwrap();
    two.pass(6_000 + GRACE_MS + STEP_MS).await;
    assert_eq!(two.phases(&host, open).await, [Phase::Live, Phase::Closed], "each by what it knows");
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Happens {
    HostComesAt(usize),
    HostGoesFrom(usize),
    /// Less than the grace.
    TimePasses,
    /// More than the grace.
    LongTimePasses,
}
use Happens::*;

const ALL: [Happens; 6] =
    [HostComesAt(0), HostComesAt(1), HostGoesFrom(0), HostGoesFrom(1), TimePasses, LongTimePasses];

/// All 216 orders of three things that can happen to a host at two servers.
#[tokio::test(flavor = "multi_thread")]
async fn every_order_of_events_leaves_both_gates_right() {
    let Some(two) = Two::new().await else { return };
    let host = two.town.person("host").await;
    for n in 0..ALL.len().pow(3) {
        let story = [0, 1, 2].map(|i| ALL[n / ALL.len().pow(i) % ALL.len()]);
        let room = two.hall(&host).await;
        let mut ears: [Option<Ear>; 2] = [None, None];
        let mut left_at: Option<i64> = None;
        for happens in story {
            match happens {
                HostComesAt(server) => {
                    ears[server] = Some(Ear::at(two.both()[server], Some(&host), room, None).await);
                    left_at = None;
                    two.meet().await;
                }
                HostGoesFrom(server) => {
                    let was_here = ears[server].take().is_some();
                    if was_here && ears.iter().all(Option::is_none) {
                        left_at = Some(two.town.clock.now());
                    }
                    two.pass(STEP_MS).await;
                }
                TimePasses => two.pass(GRACE_MS * 2 / 3).await,
                LongTimePasses => two.pass(GRACE_MS + 2 * STEP_MS).await,
            }
            let expected = match (ears.iter().any(Option::is_some), left_at) {
                (true, _) => Phase::Live,
                (false, Some(at)) if two.town.clock.now() - at < GRACE_MS => Phase::Grace,
                (false, _) => Phase::Closed,
            };
            assert_eq!(two.phases(&host, room).await, [expected; 2], "{story:?}");
        }
    }
}

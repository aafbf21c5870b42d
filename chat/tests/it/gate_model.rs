//! The gate, by a model: whatever happens in whatever order, it stands as the words of its rule say.

use crate::gate::{GRACE_MS, MOMENT, PATIENCE, enters, hosted, timed};
use crate::live::Ear;
use crate::messages::client_id;
use crate::town::Town;
use chat::{Problem, Who};
use domain::event::What;
use domain::gate::{GateRule, Opening, Phase};
use domain::live::Frame;
use domain::room::{Room, Visibility};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use std::collections::HashSet;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Happens {
    HostComes,
    /// A reload, a crash, a lost connection: the house sees the same.
    HostGoes,
    ViewerComes,
    ViewerGoes,
    /// A third of the grace.
    TimePasses,
    /// More than the grace.
    LongTimePasses,
    /// By the one button, wherever the host is.
    OpensByHand,
    ShutsByHand,
}
use Happens::*;

const ALL: [Happens; 8] =
    [HostComes, HostGoes, ViewerComes, ViewerGoes, TimePasses, LongTimePasses, OpensByHand, ShutsByHand];

/// Where a room is: what opens it, its phase, and whether a host is there.
type State = (Opening, Phase, bool);

/// A room, two people, and what should be true of them by the words of the rule alone.
struct Scene<'a> {
    town: &'a Town,
    room: Room,
    host: &'a Who,
    viewer: &'a Who,
    /// As its settings have it, and as it is now.
    usual: GateRule,
    rule: GateRule,
    /// Every state that was left, by what, and for which.
    seen: HashSet<(State, Happens, State)>,
    host_ear: Option<Ear>,
    viewer_ear: Option<Ear>,
    /// When the last host left.
    left_at: Option<i64>,
    /// Whether the viewer is inside.
    inside: bool,
    said: u32,
    story: Vec<Happens>,
}

impl Scene<'_> {
    fn should_be_open(&self) -> bool {
        let now = self.town.clock.now();
        let begun = self.rule.opens_at.is_none_or(|at| now >= at);
        let over = self.rule.closes_at.is_some_and(|at| now >= at);
        let hosted = self.host_ear.is_some() || self.left_at.is_some_and(|at| now - at < GRACE_MS);
        match self.rule.opening {
            Opening::Always => true,
            Opening::Never => false,
            Opening::Schedule => begun && !over,
            Opening::Host => begun && !over && hosted,
        }
    }

    /// What a host's button makes of the rule: shut is shut. Open is what the settings say if that is
    /// open from now on; else it is open until somebody shuts it.
    fn rule_by_hand(&self, open: bool) -> GateRule {
        let now = self.town.clock.now();
        let usual = self.usual;
        let closes_at = usual.closes_at.filter(|end| *end > now);
        let plain = GateRule { opens_at: None, closes_at: None, ..usual };
        match usual.opening {
            _ if !open => GateRule { opening: Opening::Never, ..plain },
            Opening::Schedule if closes_at.is_some() => GateRule { opens_at: Some(now), ..usual },
            Opening::Host if self.host_ear.is_some() => GateRule { closes_at, ..plain },
            _ => GateRule { opening: Opening::Always, ..plain },
        }
    }

    async fn state(&self) -> State {
        let hosting = self.town.chat.host(Some(self.host), self.room.id).await.unwrap();
        let gate = self.town.chat.gate(&hosting);
        assert_eq!(gate.rule, self.rule, "{:?}", self.story);
        (gate.rule.opening, gate.phase, self.host_ear.is_some())
    }

    async fn press(&mut self, open: bool) {
        let hosting = self.town.chat.host(Some(self.host), self.room.id).await.unwrap();
        self.rule = self.rule_by_hand(open);
        self.town.chat.open_room_now(&hosting, open).await.unwrap();
    }

    async fn step(&mut self, happens: Happens) {
        let (chat, room) = (&self.town.chat, self.room.id);
        let before = self.state().await;
        self.story.push(happens);
        match happens {
            HostComes if self.host_ear.is_none() => {
                self.host_ear = Some(Ear::at(chat, Some(self.host), room, None).await);
                self.left_at = None;
            }
            HostGoes => {
                // Only a room that was open stays open.
                let was_open = self.should_be_open();
                if self.host_ear.take().is_some() && was_open {
                    self.left_at = Some(self.town.clock.now());
                }
            }
            ViewerComes if self.viewer_ear.is_none() => {
                let ear = Ear::new(chat, Some(self.viewer));
                self.inside = enters(chat, self.viewer, room, &ear).await;
                self.viewer_ear = Some(ear);
            }
            ViewerGoes => {
                self.viewer_ear = None;
                self.inside = false;
            }
            TimePasses => self.town.clock.advance(GRACE_MS / 3),
            LongTimePasses => self.town.clock.advance(GRACE_MS + 1_000),
            OpensByHand | ShutsByHand => self.press(happens == OpensByHand).await,
            HostComes | ViewerComes => {}
        }
        chat.look_after_gates().await;
        self.check().await;
        self.seen.insert((before, happens, self.state().await));
    }

    async fn check(&mut self) {
        let (chat, room, open) = (&self.town.chat, self.room.id, self.should_be_open());
        let story = &self.story;
        assert!(chat.host(Some(self.host), room).await.is_ok(), "a host is never refused: {story:?}");
        for who in [Some(self.viewer), None] {
            let answer = chat.reader(who, room).await.map(drop).map_err(chat::Error::into_problem);
            assert_eq!(answer, if open { Ok(()) } else { Err(Problem::Shut) }, "{story:?}");
        }
        self.said += 1;
        let words = format!("word {}", self.said);
        let writer = chat.writer(Some(self.host), room).await.unwrap();
        chat.post(&writer, &client_id(&format!("{room}-{}", self.said)), &words).await.unwrap();
        self.viewer_hears(&words, open).await;
    }

    /// What the viewer's page would do, and what must and must not reach it.
    async fn viewer_hears(&mut self, words: &str, open: bool) {
        let Some(ear) = &mut self.viewer_ear else { return };
        let was_inside = self.inside;
        let heard = |ear: &Ear| ear.frames.iter().any(|frame| is_said(frame, words));
        let patience = if was_inside && open { PATIENCE } else { MOMENT };
        while !heard(ear) && ear.hear(patience).await {}
        let opened = ear.frames.iter().any(|frame| matches!(frame, Frame::Opened { .. }));
        let gone = ear.frames.iter().any(|frame| matches!(frame, Frame::Gone { problem: Problem::Shut, .. }));
        let story = &self.story;
        assert_eq!(gone, was_inside && !open, "sent out exactly when it shuts: {story:?}");
        assert_eq!(opened, !was_inside && open, "called in exactly when it opens: {story:?}");
        assert_eq!(heard(ear), was_inside && open, "hears what is said inside, only inside: {story:?}");
        ear.frames.clear();
        if opened || gone {
            self.inside = enters(&self.town.chat, self.viewer, self.room.id, ear).await;
        }
        assert_eq!(self.inside, open, "{story:?}");
    }
}

fn is_said(frame: &Frame, words: &str) -> bool {
    matches!(frame, Frame::Event(event) if matches!(&event.what,
        What::Said { message } if domain::span::plain(&message.spans) == words))
}

/// Answers what was seen.
async fn play(
    town: &Town,
    (host, viewer): (&Who, &Who),
    rule: GateRule,
    story: &[Happens],
) -> HashSet<(State, Happens, State)> {
    let room = town.room(&format!("r{:016x}", rand::random::<u64>()), Visibility::Public, host).await;
    let hosting = town.chat.host(Some(host), room.id).await.unwrap();
    town.chat.change_gate(&hosting, rule).await.unwrap();
    let mut scene = Scene {
        town,
        room,
        host,
        viewer,
        usual: rule,
        rule,
        seen: HashSet::new(),
        host_ear: None,
        viewer_ear: None,
        left_at: None,
        inside: false,
        said: 0,
        story: Vec::new(),
    };
    for happens in story {
        scene.step(*happens).await;
    }
    scene.seen
}

/// What a room that opens with its host may become, by the words of the rule: from each state, by
/// each event.
fn may_follow((opening, phase, here): State, happens: Happens) -> Vec<State> {
    let (live, closed) = (Phase::Live, Phase::Closed);
    vec![match (happens, opening) {
        (ViewerComes | ViewerGoes, _) => (opening, phase, here),
        (HostComes, Opening::Host) => (opening, live, true),
        (HostComes, _) => (opening, phase, true),
        (HostGoes, Opening::Host) if here => (opening, Phase::Grace, false),
        (HostGoes, _) => (opening, phase, false),
        // The grace has three thirds.
        (TimePasses, _) if phase == Phase::Grace => return vec![(opening, phase, here), (opening, closed, here)],
        (LongTimePasses, _) if phase == Phase::Grace => (opening, closed, here),
        (TimePasses | LongTimePasses, _) => (opening, phase, here),
        (OpensByHand, _) if here => (Opening::Host, live, true),
        (OpensByHand, _) => (Opening::Always, live, false),
        (ShutsByHand, _) => (Opening::Never, closed, here),
    }]
}

/// All states that can be reached, and all ways from one to the next.
fn all_ways() -> (HashSet<State>, HashSet<(State, Happens, State)>) {
    let first = (Opening::Host, Phase::Closed, false);
    let (mut states, mut ways, mut left) = (HashSet::from([first]), HashSet::new(), vec![first]);
    while let Some(state) = left.pop() {
        for happens in ALL {
            for next in may_follow(state, happens) {
                ways.insert((state, happens, next));
                if states.insert(next) {
                    left.push(next);
                }
            }
        }
    }
    (states, ways)
}

/// All 512 orders of three things that can happen, after a host and a viewer have come, also when the
/// host has gone again, or has shut the room. They lead through every state of such a room, by every
/// way there is from one to the next.
#[tokio::test(flavor = "multi_thread")]
async fn every_order_of_events_leaves_the_gate_right() {
    let town = Town::new().await;
    let (host, viewer) = (town.person("host").await, town.person("viewer").await);
    let (mut orders, mut seen) = (0, HashSet::new());
    for begins in [&[][..], &[HostGoes], &[ShutsByHand]] {
        for n in 0..ALL.len().pow(3) {
            let order: Vec<Happens> = (0..3).map(|i| ALL[n / ALL.len().pow(i) % ALL.len()]).collect();
            let story = [&[ViewerComes, HostComes], begins, &order].concat();
            seen.extend(play(&town, (&host, &viewer), hosted(), &story).await);
            orders += 1;
        }
    }
    let (states, ways) = all_ways();
    let reached: HashSet<State> = seen.iter().flat_map(|(before, _, after)| [*before, *after]).collect();
    println!(
        "{orders} orders of events: {} of {} states, {} of {} transitions",
        reached.len(),
        states.len(),
        seen.len(),
        ways.len()
    );
    assert_eq!((orders, reached), (3 * 512, states));
    assert_eq!(seen.difference(&ways).collect::<Vec<_>>(), Vec::<&(State, Happens, State)>::new(), "none besides");
    assert_eq!(ways.difference(&seen).collect::<Vec<_>>(), Vec::<&(State, Happens, State)>::new(), "none missing");
}

/// Longer stories at random, under each kind of rule.
#[tokio::test(flavor = "multi_thread")]
async fn long_stories_leave_the_gate_right() {
    let seed: u64 = rand::random();
    println!("seed {seed}");
    let mut dice = StdRng::seed_from_u64(seed);
    let town = Town::new().await;
    let (host, viewer) = (town.person("host").await, town.person("viewer").await);
    for _ in 0..30 {
        let story: Vec<Happens> = (0..20).map(|_| ALL[dice.random_range(0..ALL.len())]).collect();
        let now = town.clock.now();
        for rule in [hosted(), timed(Opening::Host, now), timed(Opening::Schedule, now)] {
            // The clock has moved on: times belong to this story's beginning.
            let shift = town.clock.now() - now;
            let later = |at: Option<i64>| at.map(|at| at + shift);
            let rule = GateRule { opens_at: later(rule.opens_at), closes_at: later(rule.closes_at), ..rule };
            play(&town, (&host, &viewer), rule, &story).await;
        }
    }
}

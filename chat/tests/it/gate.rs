//! The gate: whatever happens in whatever order, hosts get in, and nobody else hears or sees
//! anything while it is shut.

use crate::live::Ear;
use crate::town::{START, Town, problem};
use chat::{Chat, Problem, RoomHost, Thing, Who};
use domain::RoomId;
use domain::gate::{GateRule, Opening, Phase};
use domain::live::Frame;
use domain::member::Role;
use domain::room::{Room, Visibility};
use std::time::Duration;

pub const GRACE_MS: i64 = 300_000;
/// For what should come, and for what should not.
pub const PATIENCE: Duration = Duration::from_secs(10);
pub const MOMENT: Duration = Duration::from_millis(1);

/// As the live socket does it: in, or waiting in front.
pub async fn enters(chat: &Chat, who: &Who, room: RoomId, ear: &Ear) -> bool {
    match chat.reader(Some(who), room).await.map_err(chat::Error::into_problem) {
        Ok(reader) => {
            chat.listen(reader, &ear.outbox, None).await.unwrap();
            true
        }
        Err(problem) => {
            assert_eq!(problem, Problem::Shut);
            chat.wait(&ear.outbox, room).await.unwrap();
            false
        }
    }
}

/// A public room, and its host's say in it.
async fn hall(town: &Town, host: &Who) -> (Room, RoomHost) {
    let room = town.room("hall", Visibility::Public, host).await;
    let hosting = town.chat.host(Some(host), room.id).await.unwrap();
    (room, hosting)
}

pub fn hosted() -> GateRule {
    GateRule { opening: Opening::Host, ..GateRule::default() }
}

/// A rule with times: it begins in the first stretch of time and ends after two long ones.
pub fn timed(opening: Opening, now: i64) -> GateRule {
    let (opens_at, closes_at) = (now + GRACE_MS / 2, now + 3 * GRACE_MS);
    GateRule { opening, opens_at: Some(opens_at), closes_at: Some(closes_at), ..GateRule::default() }
}

#[tokio::test]
async fn a_shut_room_shows_nothing_of_itself() {
    let town = Town::new().await;
    let (host, eve) = (town.person("host").await, town.person("eve").await);
    let (root, _) = town.admin("root").await;
    let room = town.room("hall", Visibility::Public, &host).await;
    town.say(&host, room.id, 2).await;
    let writer = town.chat.writer(Some(&eve), room.id).await.unwrap();
    let hosting = town.chat.host(Some(&host), room.id).await.unwrap();
    let shut = GateRule { opening: Opening::Never, ..GateRule::default() };
    let state = town.chat.change_gate(&hosting, shut).await.unwrap();
    assert_eq!((state.phase, state.waiting), (Phase::Closed, 0));
    assert_eq!(problem(town.chat.writer(Some(&eve), room.id).await), Problem::Shut, "members are viewers too");
    assert_eq!(problem(town.chat.reader_by_slug(None, "hall").await), Problem::Shut);
    assert!(town.chat.reader(Some(&root), room.id).await.is_ok(), "administrators get in");
    let line = town.chat.rooms(Some(&eve)).await.unwrap().remove(0);
    assert_eq!((line.last, line.unread, line.cover, line.phase), (None, 0, None, Phase::Closed));
    assert!(town.chat.rooms(Some(&host)).await.unwrap()[0].last.is_some());
    let waiter = town.chat.waiter(Some(&eve), room.id).await.unwrap();
    assert_eq!(waiter.room().title, room.title);
    drop(writer);
    town.chat.open_room_now(&hosting, true).await.unwrap();
    assert!(town.chat.reader(None, room.id).await.is_ok());
}

#[tokio::test]
async fn those_who_wait_are_told_when_only_the_end_is_changed() {
    let town = Town::new().await;
    let (host, eve) = (town.person("host").await, town.person("eve").await);
    let (room, hosting) = hall(&town, &host).await;
    let rule = timed(Opening::Schedule, town.chat.now());
    town.chat.change_gate(&hosting, rule).await.unwrap();
    let mut ear = Ear::new(&town.chat, Some(&eve));
    assert!(!enters(&town.chat, &eve, room.id, &ear).await);
    for closes_at in [rule.closes_at.map(|end| end + 60_000), None] {
        town.chat.change_gate(&hosting, GateRule { closes_at, ..rule }).await.unwrap();
        let told = |ear: &Ear| {
            let last = ear.frames.iter().rev().find_map(|frame| match frame {
                Frame::Waiting { gate, .. } => Some(gate.closes_at),
                _ => None,
            });
            last == Some(closes_at)
        };
        while !told(&ear) {
            assert!(ear.hear(PATIENCE).await, "nobody said that it ends at {closes_at:?}: {:?}", ear.frames);
        }
    }
}

#[tokio::test]
async fn who_waits_with_several_pages_or_devices_is_one() {
    let town = Town::new().await;
    let (host, eve, ben) = (town.person("host").await, town.person("eve").await, town.person("ben").await);
    let (room, hosting) = hall(&town, &host).await;
    town.chat.change_gate(&hosting, hosted()).await.unwrap();
    let waits = async |who: Option<&Who>| {
        let ear = Ear::new(&town.chat, who);
        town.chat.wait(&ear.outbox, room.id).await.unwrap();
        ear
    };
    let waiting = || town.chat.gate(&hosting).waiting;
    let mut eves = vec![waits(Some(&eve)).await, waits(Some(&eve)).await];
    // The same page asks again.
    town.chat.wait(&eves[0].outbox, room.id).await.unwrap();
    assert_eq!(waiting(), 1, "one head");
    let bens = waits(Some(&ben)).await;
    let guests = [waits(None).await, waits(None).await];
    assert_eq!(waiting(), 4, "guests are counted by their pages");
    eves.pop();
    assert_eq!(waiting(), 4, "her other page still waits");
    eves.pop();
    drop(bens);
    assert_eq!(waiting(), 2);
    let _hosts = Ear::at(&town.chat, Some(&host), room.id, None).await;
    town.chat.look_after_gates().await;
    assert_eq!((town.chat.gate(&hosting).phase, waiting()), (Phase::Live, 0));
    drop(guests);
    assert_eq!(waiting(), 0);
}

#[tokio::test]
async fn a_private_room_lets_no_stranger_wait() {
    let town = Town::new().await;
    let (host, eve) = (town.person("host").await, town.person("eve").await);
    let den = town.room("den", Visibility::Private, &host).await;
    let hosting = town.chat.host(Some(&host), den.id).await.unwrap();
    town.chat.change_gate(&hosting, hosted()).await.unwrap();
    let ear = Ear::new(&town.chat, Some(&eve));
    let hidden = Problem::not_found(Thing::Room);
    assert_eq!(problem(town.chat.wait(&ear.outbox, den.id).await), hidden);
    assert_eq!(problem(town.chat.reader(Some(&eve), den.id).await), hidden, "shut or not is none of her business");
    assert_eq!(town.chat.gate(&hosting).waiting, 0);
}

#[tokio::test]
async fn who_is_no_host_any_more_is_sent_out_of_a_shut_room() {
    let town = Town::new().await;
    let (host, ben) = (town.person("host").await, town.person("ben").await);
    let (room, hosting) = hall(&town, &host).await;
    town.chat.add_member(&hosting, ben.person.id, Role::Host).await.unwrap();
    let shut = GateRule { opening: Opening::Never, ..GateRule::default() };
    town.chat.change_gate(&hosting, shut).await.unwrap();
    let mut ear = Ear::at(&town.chat, Some(&ben), room.id, None).await;
    town.chat.add_member(&hosting, ben.person.id, Role::Member).await.unwrap();
    while ear.hear(20 * MOMENT).await {}
    assert!(ear.frames.iter().any(|frame| matches!(frame, Frame::Gone { problem: Problem::Shut, .. })));
    // Nor does he open a room that waits for a host.
    town.chat.change_gate(&hosting, hosted()).await.unwrap();
    let ear = Ear::new(&town.chat, Some(&ben));
    assert!(!enters(&town.chat, &ben, room.id, &ear).await);
    assert_eq!(town.chat.gate(&hosting).waiting, 1);
}

#[tokio::test]
async fn a_restart_falls_into_the_grace() {
    let town = Town::new().await;
    let (host, viewer) = (town.person("host").await, town.person("viewer").await);
    let (room, hosting) = hall(&town, &host).await;
    town.chat.change_gate(&hosting, hosted()).await.unwrap();
    let ear = Ear::at(&town.chat, Some(&host), room.id, None).await;
    town.chat.look_after_gates().await;
    assert_eq!(town.chat.gate(&hosting).phase, Phase::Live);
    drop(ear);
    let town = town.reopen().await;
    assert!(town.chat.reader(Some(&viewer), room.id).await.is_ok(), "the host has time to come back");
    town.clock.advance(GRACE_MS + 1);
    assert_eq!(problem(town.chat.reader(Some(&viewer), room.id).await), Problem::Shut);
    town.chat.look_after_gates().await;
    let town = town.reopen().await;
    assert_eq!(problem(town.chat.reader(Some(&viewer), room.id).await), Problem::Shut, "closed stays closed");
}

/// Setting the machine's clock neither ends a grace nor keeps it going.
#[tokio::test]
async fn clocks_that_jump_do_not_move_the_grace() {
    let town = Town::new().await;
    let (host, viewer) = (town.person("host").await, town.person("viewer").await);
    let (room, hosting) = hall(&town, &host).await;
    town.chat.change_gate(&hosting, hosted()).await.unwrap();
    let ear = Ear::at(&town.chat, Some(&host), room.id, None).await;
    town.chat.look_after_gates().await;
    drop(ear);
    town.chat.look_after_gates().await;
    for jump in [86_400_000, -2 * 86_400_000] {
        town.clock.jump(jump);
        town.chat.look_after_gates().await;
        assert!(town.chat.reader(Some(&viewer), room.id).await.is_ok(), "{jump}");
    }
    town.clock.advance(GRACE_MS);
    assert!(town.chat.reader(Some(&viewer), room.id).await.is_err());
}

#[tokio::test]
async fn a_schedule_that_makes_no_sense_changes_nothing() {
    let town = Town::new().await;
    let host = town.person("host").await;
    let (room, hosting) = hall(&town, &host).await;
    let past = GateRule { closes_at: Some(START - 1), ..timed(Opening::Schedule, START - GRACE_MS) };
    let backwards = GateRule { closes_at: Some(START + 1), ..timed(Opening::Schedule, START) };
    for rule in [past, backwards] {
        assert!(matches!(problem(town.chat.change_gate(&hosting, rule).await), Problem::Invalid { .. }));
    }
    let fresh = town.chat.host(Some(&host), room.id).await.unwrap();
    assert_eq!(*fresh.rule(), GateRule::default());
    assert_eq!(town.chat.gate(&fresh).phase, Phase::Live);
}

#[tokio::test]
async fn what_a_host_opens_by_hand_opens_as_it_usually_does() {
    let town = Town::new().await;
    let host = town.person("host").await;
    let (room, hosting) = hall(&town, &host).await;
    let rule = GateRule { closes_at: Some(town.chat.now() + 10 * GRACE_MS), ..hosted() };
    town.chat.change_gate(&hosting, rule).await.unwrap();
    let ear = Ear::at(&town.chat, Some(&host), room.id, None).await;
    for _ in 0..2 {
        let hosting = town.chat.host(Some(&host), room.id).await.unwrap();
        let shut = town.chat.open_room_now(&hosting, false).await.unwrap();
        assert_eq!((shut.rule.opening, shut.phase), (Opening::Never, Phase::Closed));
        let hosting = town.chat.host(Some(&host), room.id).await.unwrap();
        let open = town.chat.open_room_now(&hosting, true).await.unwrap();
        assert_eq!((open.rule, open.phase), (rule, Phase::Live), "with its host, until its end");
    }
    drop(ear);
    let hosting = town.chat.host(Some(&host), room.id).await.unwrap();
    assert_eq!(town.chat.gate(&hosting).phase, Phase::Grace);
    town.clock.advance(GRACE_MS);
    assert_eq!(town.chat.gate(&hosting).phase, Phase::Closed);
    // Nobody hosts from within: it can only be open for all.
    let open = town.chat.open_room_now(&hosting, true).await.unwrap();
    assert_eq!((open.rule.opening, open.phase), (Opening::Always, Phase::Live));
    let hosting = town.chat.host(Some(&host), room.id).await.unwrap();
    town.chat.open_room_now(&hosting, false).await.unwrap();
    let _ear = Ear::at(&town.chat, Some(&host), room.id, None).await;
    let hosting = town.chat.host(Some(&host), room.id).await.unwrap();
    assert_eq!(town.chat.open_room_now(&hosting, true).await.unwrap().rule, rule, "the settings still say so");
    // What the settings say anew counts from then on.
    town.chat.change_gate(&hosting, GateRule::default()).await.unwrap();
    let hosting = town.chat.host(Some(&host), room.id).await.unwrap();
    town.chat.open_room_now(&hosting, false).await.unwrap();
    let hosting = town.chat.host(Some(&host), room.id).await.unwrap();
    assert_eq!(town.chat.open_room_now(&hosting, true).await.unwrap().rule.opening, Opening::Always);
}

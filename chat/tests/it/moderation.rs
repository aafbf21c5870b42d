//! Moderation: every rule, for whoever it holds, also after a restart and when clocks jump.

use crate::live::Ear;
use crate::messages::client_id;
use crate::town::{Town, problem};
use chat::{Posted, Problem, RoomHost, Sought, Thing, Who};
use domain::RoomId;
use domain::audit::Act;
use domain::event::What;
use domain::live::Frame;
use domain::member::Role;
use domain::moderation::{MuteFor, Policy, Posting, WordList};
use domain::room::{Room, Visibility};
use domain::span::plain;

const MINUTE: i64 = 60_000;

/// A public room of ana's; bo is a member, cy is not.
pub struct Stage {
    pub town: Town,
    pub ana: Who,
    pub bo: Who,
    pub cy: Who,
    pub room: Room,
}

impl Stage {
    pub async fn new() -> Self {
        let town = Town::new().await;
        let (ana, bo, cy) = (town.person("ana").await, town.person("bo").await, town.person("cy").await);
        let room = town.room("hall", Visibility::Public, &ana).await;
        town.chat.enter(&bo, room.id).await.unwrap();
        Self { town, ana, bo, cy, room }
    }

    async fn reopened(self) -> Self {
        Self { town: self.town.reopen().await, ..self }
    }

    pub async fn host(&self) -> RoomHost {
        self.town.chat.host(Some(&self.ana), self.room.id).await.unwrap()
    }

    /// Says something as every way in does.
    pub async fn say(&self, who: &Who, id: &str, text: &str) -> chat::Result<Posted> {
        let writer = self.town.chat.writer(Some(who), self.room.id).await?;
        self.town.chat.post(&writer, &client_id(id), text).await
    }

    pub async fn policy(&self, policy: Policy) {
        self.town.chat.change_policy(&self.host().await, policy).await.unwrap();
    }

    pub async fn mute(&self, who: &Who, length: MuteFor) {
        self.town.chat.mute(&self.host().await, who.person.id, length, "spam").await.unwrap();
    }

    pub async fn history(&self) -> Vec<(String, String)> {
        let reader = self.town.chat.reader(None, self.room.id).await.unwrap();
        let history = self.town.chat.history(&reader, None).await.unwrap();
        history.messages.iter().map(|m| (m.author.name.clone(), plain(&m.spans))).collect()
    }

    pub async fn acts(&self) -> Vec<Act> {
        let page = self.town.chat.room_audit(&self.host().await, &Sought::default()).await.unwrap();
        page.lines.iter().map(|line| line.act).collect()
    }
}

fn muted(wait_ms: Option<u64>) -> Problem {
    Problem::Muted { wait_ms, reason: "spam".into() }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mute_holds_for_its_time_and_through_a_restart() {
    let mut stage = Stage::new().await;
    stage.say(&stage.bo, "1", "hello").await.unwrap();
    stage.mute(&stage.bo, MuteFor::TenMinutes).await;
    assert_eq!(problem(stage.say(&stage.bo, "2", "x").await), muted(Some(600_000)));
    stage.town.clock.advance(4 * MINUTE);
    stage = stage.reopened().await;
    assert_eq!(problem(stage.say(&stage.bo, "2", "x").await), muted(Some(360_000)));
    // Reading goes on, and others write.
    stage.town.chat.reader(Some(&stage.bo), stage.room.id).await.unwrap();
    stage.say(&stage.cy, "3", "hi").await.unwrap();
    stage.town.clock.advance(6 * MINUTE);
    stage.say(&stage.bo, "2", "x").await.unwrap();

    stage.mute(&stage.bo, MuteFor::Good).await;
    stage.town.clock.advance(1_000_000 * MINUTE);
    stage.town.chat.tidy().await.unwrap();
    assert_eq!(problem(stage.say(&stage.bo, "4", "x").await), muted(None));
    stage.town.chat.unmute(&stage.host().await, stage.bo.person.id).await.unwrap();
    stage.say(&stage.bo, "4", "x").await.unwrap();
    assert!(stage.town.chat.restrictions(&stage.host().await).await.unwrap().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clock_that_is_set_makes_no_mute_longer() {
    let stage = Stage::new().await;
    stage.mute(&stage.bo, MuteFor::Hour).await;
    stage.town.clock.jump(-500 * MINUTE);
    assert_eq!(problem(stage.say(&stage.bo, "1", "x").await), muted(Some(3_600_000)), "never more than it was");
    stage.town.clock.jump(560 * MINUTE);
    stage.say(&stage.bo, "1", "x").await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn hosts_and_administrators_stand_above_it() {
    let stage = Stage::new().await;
    let (root, _) = stage.town.admin("root").await;
    let host = stage.host().await;
    let chat = &stage.town.chat;
    chat.add_member(&host, stage.cy.person.id, Role::Host).await.unwrap();
    let before = stage.acts().await.len();
    for above in [&stage.ana, &stage.cy, &root] {
        let id = above.person.id;
        assert_eq!(problem(chat.mute(&host, id, MuteFor::Hour, "").await), Problem::NotAllowed);
        assert_eq!(problem(chat.kick(&host, id, "").await), Problem::NotAllowed);
        assert_eq!(problem(chat.ban(&host, id, "").await), Problem::NotAllowed);
    }
    assert_eq!(stage.acts().await.len(), before, "nothing was done");
    // Whoever becomes a host may write, muted or not, and no longer when they are none.
    stage.mute(&stage.bo, MuteFor::Good).await;
    chat.add_member(&host, stage.bo.person.id, Role::Host).await.unwrap();
    stage.say(&stage.bo, "1", "x").await.unwrap();
    chat.add_member(&host, stage.bo.person.id, Role::Member).await.unwrap();
    assert_eq!(problem(stage.say(&stage.bo, "2", "x").await), muted(None));
    assert_eq!(
        problem(chat.mute(&host, domain::PersonId(99), MuteFor::Hour, "").await),
        Problem::not_found(Thing::Person)
    );
    let long = "x".repeat(201);
    assert_eq!(problem(chat.ban(&host, stage.bo.person.id, &long).await).code(), "invalid");
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_sent_out_hears_why_and_may_come_back() {
    let stage = Stage::new().await;
    let (chat, room) = (&stage.town.chat, stage.room.id);
    let mut ear = Ear::at(chat, Some(&stage.bo), room, None).await;
    chat.kick(&stage.host().await, stage.bo.person.id, "calm down").await.unwrap();
    stage.say(&stage.ana, "1", "not for you").await.unwrap();
    let removed = Problem::Removed { for_good: false, reason: "calm down".into() };
    ear.hear_until("the end", |ear| ear.frames.contains(&Frame::Gone { room, problem: removed.clone() })).await;
    assert!(!ear.events().iter().any(|event| matches!(event.what, What::Said { .. })));
    stage.say(&stage.bo, "2", "sorry").await.unwrap();
    // Somebody who only reads is sent out as well.
    let mut reader = Ear::at(chat, Some(&stage.cy), room, None).await;
    chat.kick(&stage.host().await, stage.cy.person.id, "").await.unwrap();
    reader.hear_until("the end", |ear| ear.frames.iter().any(|f| matches!(f, Frame::Gone { .. }))).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_banned_neither_reads_nor_writes_nor_joins() {
    let mut stage = Stage::new().await;
    let room = stage.room.id;
    stage.policy(Policy { holds: true, ..Policy::default() }).await;
    assert_eq!(problem(stage.say(&stage.bo, "1", "waits").await), Problem::Held);
    let mut ear = Ear::at(&stage.town.chat, Some(&stage.bo), room, None).await;
    stage.town.chat.ban(&stage.host().await, stage.bo.person.id, "spam").await.unwrap();
    let banned = Problem::Removed { for_good: true, reason: "spam".into() };
    ear.hear_until("the end", |ear| ear.frames.contains(&Frame::Gone { room, problem: banned.clone() })).await;
    assert!(stage.town.chat.held(&stage.host().await).await.unwrap().is_empty(), "what waited is gone");
    for _ in 0..2 {
        let chat = &stage.town.chat;
        let bo = Some(&stage.bo);
        assert_eq!(problem(chat.reader(bo, room).await), banned);
        assert_eq!(problem(chat.listener(bo, room).await), banned);
        assert_eq!(problem(chat.waiter(bo, room).await), banned);
        assert_eq!(problem(chat.reader_by_slug(bo, "hall").await), banned);
        assert_eq!(problem(chat.writer(bo, room).await), banned);
        assert_eq!(problem(chat.enter(&stage.bo, room).await), banned);
        stage = stage.reopened().await;
    }
    let chat = &stage.town.chat;
    chat.reader(None, room).await.unwrap();
    // A mute that is added does not let them in, and neither does its end.
    stage.mute(&stage.bo, MuteFor::Hour).await;
    chat.unmute(&stage.host().await, stage.bo.person.id).await.unwrap();
    assert_eq!(problem(chat.reader(Some(&stage.bo), room).await).code(), "removed");
    chat.unban(&stage.host().await, stage.bo.person.id).await.unwrap();
    chat.enter(&stage.bo, room).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn who_may_write_is_the_rooms_business() {
    let stage = Stage::new().await;
    let (chat, room) = (&stage.town.chat, stage.room.id);
    stage.policy(Policy { posting: Posting::Members, ..Policy::default() }).await;
    stage.say(&stage.bo, "1", "a member").await.unwrap();
    assert_eq!(problem(stage.say(&stage.cy, "2", "x").await), Problem::MembersOnly);
    assert_eq!(problem(chat.enter(&stage.cy, room).await), Problem::MembersOnly, "or everybody would be one");
    chat.add_member(&stage.host().await, stage.cy.person.id, Role::Member).await.unwrap();
    stage.say(&stage.cy, "2", "x").await.unwrap();

    let mut ear = Ear::at(chat, Some(&stage.bo), room, None).await;
    stage.policy(Policy { posting: Posting::Hosts, ..Policy::default() }).await;
    let quiet = Frame::Quiet { room, problem: Some(Problem::HostsOnly) };
    ear.hear_until("why", |ear| ear.frames.contains(&quiet)).await;
    assert_eq!(problem(stage.say(&stage.bo, "3", "x").await), Problem::HostsOnly);
    stage.say(&stage.ana, "4", "news").await.unwrap();
    let (root, _) = stage.town.admin("root").await;
    stage.say(&root, "5", "news").await.unwrap();
    // Whoever comes later is told when they come.
    let mut late = Ear::at(chat, Some(&stage.cy), room, None).await;
    late.hear_until("why", |ear| ear.frames.contains(&quiet)).await;
    let reader = chat.reader(Some(&stage.cy), room).await.unwrap();
    assert_eq!(chat.quiet(&reader).await.unwrap(), Some(Problem::HostsOnly));
    stage.policy(Policy::default()).await;
    ear.hear_until("the end of it", |ear| ear.frames.contains(&Frame::Quiet { room, problem: None })).await;
    stage.say(&stage.bo, "3", "x").await.unwrap();
    assert_eq!(
        problem(chat.change_policy(&stage.host().await, Policy { slow: 3_601, ..Policy::default() }).await).code(),
        "invalid"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn slow_mode_lets_one_of_many_at_once_through() {
    let mut stage = Stage::new().await;
    stage.policy(Policy { slow: 30, ..Policy::default() }).await;
    let ids: Vec<String> = (0..12).map(|n| format!("at-once-{n}")).collect();
    let said = futures::future::join_all(ids.iter().map(|id| stage.say(&stage.bo, id, id))).await;
    assert_eq!(said.iter().filter(|said| said.is_ok()).count(), 1);
    let first = said.iter().position(Result::is_ok).unwrap();
    for refused in said.into_iter().filter(Result::is_err) {
        assert_eq!(problem(refused), Problem::Slow { wait_ms: 30_000 });
    }
    // A resend is no second message; others have their own pause, hosts none.
    assert!(!stage.say(&stage.bo, &ids[first], "again").await.unwrap().was_new);
    stage.say(&stage.cy, "c", "x").await.unwrap();
    for id in ["a1", "a2", "a3"] {
        stage.say(&stage.ana, id, "x").await.unwrap();
    }
    stage.town.clock.advance(10_000);
    stage = stage.reopened().await;
    assert_eq!(problem(stage.say(&stage.bo, "late", "x").await), Problem::Slow { wait_ms: 20_000 });
    let reader = stage.town.chat.reader(Some(&stage.bo), stage.room.id).await.unwrap();
    assert_eq!(stage.town.chat.quiet(&reader).await.unwrap(), Some(Problem::Slow { wait_ms: 20_000 }));
    stage.town.clock.advance(20_000);
    stage.say(&stage.bo, "late", "x").await.unwrap();
    // A clock that was set back keeps nobody quiet for longer than the pause.
    stage.town.clock.jump(-100 * MINUTE);
    stage.say(&stage.bo, "back", "x").await.unwrap();
    assert_eq!(problem(stage.say(&stage.bo, "too-soon", "x").await.map(drop)), Problem::Slow { wait_ms: 30_000 });
}

#[tokio::test(flavor = "multi_thread")]
async fn words_are_refused_or_wait_whatever_they_wear() {
    let stage = Stage::new().await;
    let (_, admin) = stage.town.admin("root").await;
    let chat = &stage.town.chat;
    chat.change_site_words(&admin, WordList { words: "赌博".into(), holds: false }).await.unwrap();
    chat.change_room_words(&stage.host().await, WordList { words: "spam\nx".into(), holds: true }).await.unwrap();
    for (n, text) in ["来赌博吧", "來賭博吧", "赌 博", "赌\u{200B}博", "**赌**博"].into_iter().enumerate()
    {
        assert_eq!(problem(stage.say(&stage.bo, &format!("r{n}"), text).await), Problem::Filtered, "{text}");
    }
    for (n, text) in ["buy SPAM now", "s.p.a.m", "ｓｐａｍ"].into_iter().enumerate() {
        assert_eq!(problem(stage.say(&stage.bo, &format!("h{n}"), text).await), Problem::Held, "{text}");
    }
    assert_eq!(problem(stage.say(&stage.bo, "b", "spam 赌博").await), Problem::Filtered, "the stricter of the two");
    stage.say(&stage.bo, "fine", "spamming 博赌").await.unwrap();
    stage.say(&stage.ana, "host", "赌博 is not allowed here").await.unwrap();
    // The site's list holds in other rooms, this room's does not.
    let den = stage.town.room("den", Visibility::Open, &stage.ana).await;
    let writer = chat.writer(Some(&stage.bo), den.id).await.unwrap();
    assert_eq!(problem(chat.post(&writer, &client_id("d1"), "赌博").await), Problem::Filtered);
    chat.post(&writer, &client_id("d2"), "spam").await.unwrap();
    let stage = stage.reopened().await;
    assert_eq!(problem(stage.say(&stage.bo, "later", "賭博").await), Problem::Filtered);
    stage.town.chat.change_site_words(&admin, WordList::default()).await.unwrap();
    stage.say(&stage.bo, "later", "賭博").await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn what_waits_is_said_once_whoever_approves_it() {
    let stage = Stage::new().await;
    let (chat, room) = (&stage.town.chat, stage.room.id);
    chat.add_member(&stage.host().await, stage.cy.person.id, Role::Host).await.unwrap();
    stage.policy(Policy { holds: true, ..Policy::default() }).await;
    let mut host_ear = Ear::at(chat, Some(&stage.ana), room, None).await;
    let mut ear = Ear::at(chat, Some(&stage.bo), room, None).await;
    for (id, text) in [("1", "first **bold**"), ("2", "second"), ("1", "first **bold**")] {
        assert_eq!(problem(stage.say(&stage.bo, id, text).await), Problem::Held);
    }
    stage.say(&stage.ana, "host", "hosts need none").await.unwrap();
    host_ear.hear_until("how many wait", |ear| ear.frames.contains(&Frame::Held { room, count: 2, asking: 0 })).await;
    assert_eq!(stage.history().await.len(), 1, "it has no place yet");
    let waiting = chat.held(&stage.host().await).await.unwrap();
    assert_eq!(waiting.iter().map(|m| m.text.as_str()).collect::<Vec<_>>(), ["first **bold**", "second"]);

    let other = chat.host(Some(&stage.cy), room).await.unwrap();
    let hosts = [stage.host().await, other];
    let approving = hosts.iter().cycle().take(8).map(|host| chat.approve(host, waiting[0].id));
    let approved = futures::future::join_all(approving).await;
    assert_eq!(approved.iter().filter(|done| done.is_ok()).count(), 1);
    for late in approved.into_iter().filter(Result::is_err) {
        assert_eq!(problem(late), Problem::Gone);
    }
    ear.hear_until("the message", |ear| {
        ear.events().iter().filter(|e| matches!(e.what, What::Said { .. })).count() == 2
    })
    .await;
    assert_eq!(stage.history().await[1], ("bo".into(), "first bold".into()));
    assert!(!stage.say(&stage.bo, "1", "first").await.unwrap().was_new, "a resend gets the first result");

    chat.decline(&hosts[0], waiting[1].id).await.unwrap();
    assert_eq!(problem(chat.approve(&hosts[1], waiting[1].id).await), Problem::Gone);
    let told = Frame::Refused { of: "2".into(), room: Some(room), problem: Problem::Declined };
    ear.hear_until("why not", |ear| ear.frames.contains(&told)).await;
    assert_eq!(problem(stage.say(&stage.bo, "2", "second").await), Problem::Declined);
    host_ear.hear_until("none wait", |ear| ear.frames.contains(&Frame::Held { room, count: 0, asking: 0 })).await;
    assert!(!ear.frames.iter().any(|frame| matches!(frame, Frame::Held { .. })), "only hosts are told");
    let acts = stage.acts().await;
    assert_eq!(acts.iter().filter(|act| **act == Act::Approved).count(), 1);
    assert_eq!(acts.iter().filter(|act| **act == Act::Declined).count(), 1);
    stage.say(&stage.bo, "3", "third").await.unwrap_err();
    let third = chat.held(&hosts[0]).await.unwrap()[0].id;
    chat.decline_and_mute(&hosts[0], third).await.unwrap();
    assert_eq!(problem(stage.say(&stage.bo, "4", "x").await).code(), "muted");
    assert_eq!(problem(chat.approve(&hosts[0], 99).await), Problem::Gone);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_person_does_not_fill_the_queue() {
    let stage = Stage::new().await;
    stage.policy(Policy { holds: true, ..Policy::default() }).await;
    for n in 0..20 {
        assert_eq!(problem(stage.say(&stage.bo, &format!("w{n}"), "x").await), Problem::Held);
    }
    assert_eq!(problem(stage.say(&stage.bo, "w20", "x").await).code(), "too_fast");
    assert_eq!(problem(stage.say(&stage.cy, "c", "x").await), Problem::Held);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_approval_does_not_begin_the_authors_pause_again() {
    let stage = Stage::new().await;
    let chat = &stage.town.chat;
    stage.policy(Policy { slow: 30, holds: true, ..Policy::default() }).await;
    assert_eq!(problem(stage.say(&stage.bo, "1", "waits").await), Problem::Held);
    stage.town.clock.advance(29_000);
    let waiting = chat.held(&stage.host().await).await.unwrap();
    chat.approve(&stage.host().await, waiting[0].id).await.unwrap();
    assert_eq!(problem(stage.say(&stage.bo, "2", "early").await).code(), "slow");
    stage.town.clock.advance(1_000);
    assert_eq!(problem(stage.say(&stage.bo, "2", "in time").await), Problem::Held);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_keeps_who_is_restricted_and_what_waits() {
    let stage = Stage::new().await;
    let chat = &stage.town.chat;
    let (_, admin) = stage.town.admin("root").await;
    chat.change_site_words(&admin, WordList { words: "赌博".into(), holds: false }).await.unwrap();
    stage.policy(Policy { slow: 5, holds: true, ..Policy::default() }).await;
    stage.say(&stage.bo, "1", "waits").await.unwrap_err();
    chat.ban(&stage.host().await, stage.cy.person.id, "spam").await.unwrap();
    let acts = stage.acts().await;
    let (_folder, file) = crate::backup::file();
    stage.town.backup(&file).await.unwrap();
    let town = Town::restored(&file).await;
    let who = |name: &'static str| async {
        town.chat.sign_in(name, crate::town::PASSWORD, &crate::town::visit()).await.unwrap().who
    };
    let (ana, bo, cy) = (who("ana").await, who("bo").await, who("cy").await);
    let again = Stage { room: stage.room.clone(), ana, bo, cy, town };
    assert_eq!(again.acts().await, acts);
    let room: RoomId = again.room.id;
    assert_eq!(problem(again.town.chat.reader(Some(&again.cy), room).await).code(), "removed");
    assert_eq!(problem(again.say(&again.bo, "2", "赌博").await), Problem::Filtered);
    let waiting = again.town.chat.held(&again.host().await).await.unwrap();
    again.town.chat.approve(&again.host().await, waiting[0].id).await.unwrap();
    assert_eq!(again.history().await, [("bo".to_owned(), "waits".to_owned())]);
    assert_eq!(again.town.examine().await.findings, []);
}

//! Asking to join: who may, once; a host decides, once; and whatever else ends it.

use crate::live::Ear;
use crate::moderation::Stage;
use crate::town::{PASSWORD, Town, problem};
use chat::{Limits, Problem, Registration, Sought, Thing, Who};
use domain::audit::Act;
use domain::event::What;
use domain::join_request::Asked;
use domain::live::Frame;
use domain::member::Role;
use domain::moderation::{MuteFor, Policy, Posting};
use domain::room::Visibility;
use domain::{PersonId, RoomId};

const DAY: i64 = 86_400_000;

/// A public room of ana's in which only members write; bo is one, cy is not.
async fn stage() -> Stage {
    let stage = Stage::new().await;
    stage.policy(members_only()).await;
    stage
}

fn members_only() -> Policy {
    Policy { posting: Posting::Members, ..Policy::default() }
}

async fn ask(town: &Town, who: &Who, room: RoomId, words: &str) -> chat::Result<()> {
    let reader = town.chat.reader(Some(who), room).await?;
    town.chat.ask_to_join(&reader, words).await
}

/// How it stands with somebody's own request.
async fn asked(stage: &Stage, who: &Who) -> Asked {
    let reader = stage.town.chat.reader(Some(who), stage.room.id).await.unwrap();
    stage.town.chat.asked(&reader).await.unwrap()
}

/// Who asks, and what they say, as a host sees it.
async fn asking(stage: &Stage) -> Vec<(String, String)> {
    let host = stage.host().await;
    let requests = stage.town.chat.join_requests(&host).await.unwrap();
    assert_eq!(stage.town.chat.count_join_requests(&host).await.unwrap() as usize, requests.len());
    requests.into_iter().map(|request| (request.person.name, request.words)).collect()
}

async fn cy_asks(stage: &Stage) {
    ask(&stage.town, &stage.cy, stage.room.id, "I play the cello").await.unwrap();
}

async fn role(stage: &Stage, who: &Who) -> Option<Role> {
    stage.town.chat.reader(Some(who), stage.room.id).await.unwrap().role()
}

/// Somebody listens to the room.
async fn ear(stage: &Stage, who: &Who) -> Ear {
    Ear::at(&stage.town.chat, Some(who), stage.room.id, None).await
}

/// Hosts hear that so many ask.
async fn hears_asking(ear: &mut Ear, count: u32) {
    let told = move |frame: &Frame| matches!(frame, Frame::Held { asking, .. } if *asking == count);
    ear.hear_until("how many ask", |ear| ear.frames.iter().any(told)).await;
    ear.frames.clear();
}

async fn hears_asked(ear: &mut Ear, how: Asked) {
    let told = move |frame: &Frame| matches!(frame, Frame::Asked { asked, .. } if *asked == how);
    ear.hear_until("how it stands", |ear| ear.frames.iter().any(told)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn only_those_ask_who_could_not_write_as_they_are_no_members() {
    let stage = stage().await;
    let (chat, room) = (&stage.town.chat, stage.room.id);
    let guest = chat.reader(None, room).await.unwrap();
    assert_eq!(problem(chat.ask_to_join(&guest, "").await), Problem::SignInNeeded);
    let den = stage.town.room("den", Visibility::Private, &stage.ana).await.id;
    assert_eq!(problem(ask(&stage.town, &stage.cy, den, "").await), Problem::not_found(Thing::Room));

    let try_as_cy = async || problem(ask(&stage.town, &stage.cy, room, "").await);
    stage.policy(Policy { posting: Posting::Hosts, ..Policy::default() }).await;
    assert_eq!(try_as_cy().await, Problem::HostsOnly, "a member could not write either");
    stage.policy(members_only()).await;
    stage.mute(&stage.cy, MuteFor::Hour).await;
    assert!(matches!(try_as_cy().await, Problem::Muted { .. }));
    chat.ban(&stage.host().await, stage.cy.person.id, "spam").await.unwrap();
    assert!(matches!(try_as_cy().await, Problem::Removed { .. }));
    chat.unban(&stage.host().await, stage.cy.person.id).await.unwrap();
    chat.unmute(&stage.host().await, stage.cy.person.id).await.unwrap();
    chat.archive_room(&stage.host().await, true).await.unwrap();
    assert_eq!(try_as_cy().await, Problem::NotAllowed);
    chat.archive_room(&stage.host().await, false).await.unwrap();
    assert_eq!(problem(ask(&stage.town, &stage.cy, room, &"x".repeat(201)).await).code(), "invalid");
    assert_eq!(problem(ask(&stage.town, &stage.cy, room, "a\u{202E}b").await).code(), "invalid");

    ask(&stage.town, &stage.bo, room, "").await.unwrap();
    ask(&stage.town, &stage.ana, room, "").await.unwrap();
    assert_eq!(asking(&stage).await, [], "none of them left a request, nor do members");
    stage.policy(Policy::default()).await;
    cy_asks(&stage).await;
    assert_eq!(
        (asking(&stage).await, role(&stage, &stage.cy).await),
        (vec![], Some(Role::Member)),
        "nobody had to ask"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_was_looked_up_before_a_ban_or_a_closed_room_asks_nothing() {
    let stage = stage().await;
    let chat = &stage.town.chat;
    let reader = chat.reader(Some(&stage.cy), stage.room.id).await.unwrap();
    chat.ban(&stage.host().await, stage.cy.person.id, "").await.unwrap();
    assert!(matches!(problem(chat.ask_to_join(&reader, "").await), Problem::Removed { .. }));
    chat.unban(&stage.host().await, stage.cy.person.id).await.unwrap();
    let words =
        domain::room::RoomWords { visibility: Visibility::Private, ..crate::town::words("hall", Visibility::Public) };
    chat.change_room(&stage.host().await, words).await.unwrap();
    assert_eq!(problem(chat.ask_to_join(&reader, "").await), Problem::not_found(Thing::Room));
    assert_eq!(asking(&stage).await, []);
}

#[tokio::test(flavor = "multi_thread")]
async fn asking_several_times_at_once_is_asking_once_and_everybody_concerned_hears_it() {
    let stage = stage().await;
    let (mut ana, mut cy) = (ear(&stage, &stage.ana).await, ear(&stage, &stage.cy).await);
    let tries = (0..8).map(|n| {
        let (chat, who, room) = (stage.town.chat.clone(), stage.cy.clone(), stage.room.id);
        tokio::spawn(async move {
            let reader = chat.reader(Some(&who), room).await.unwrap();
            chat.ask_to_join(&reader, &format!("number {n}")).await
        })
    });
    for tried in futures::future::join_all(tries).await {
        tried.unwrap().unwrap();
    }
    let requests = asking(&stage).await;
    assert_eq!(requests.len(), 1, "{requests:?}");
    assert_eq!(asked(&stage, &stage.cy).await, Asked::Waiting);
    hears_asked(&mut cy, Asked::Waiting).await;
    hears_asking(&mut ana, 1).await;
    cy_asks(&stage).await;
    assert_eq!(asking(&stage).await, requests, "what was said first stays");
    assert!(!cy.frames.iter().any(|frame| matches!(frame, Frame::Held { .. })), "that is the hosts' business");
    assert_eq!(problem(stage.say(&stage.cy, "1", "x").await), Problem::MembersOnly, "asking is not being let in");
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_hosts_who_let_somebody_in_at_once_one_does() {
    let stage = stage().await;
    let (chat, cy) = (stage.town.chat.clone(), stage.cy.person.id);
    chat.add_member(&stage.host().await, stage.bo.person.id, Role::Host).await.unwrap();
    cy_asks(&stage).await;
    let (mut ana, mut heard) = (ear(&stage, &stage.ana).await, ear(&stage, &stage.cy).await);
    let tries = [&stage.ana, &stage.bo, &stage.ana, &stage.bo].map(|who| {
        let (chat, who, room) = (chat.clone(), who.clone(), stage.room.id);
        tokio::spawn(async move {
            let host = chat.host(Some(&who), room).await.unwrap();
            chat.approve_join_request(&host, cy).await
        })
    });
    let mut let_in = 0;
    for tried in futures::future::join_all(tries).await {
        match tried.unwrap() {
            Ok(()) => let_in += 1,
            refused => assert_eq!(problem(refused), Problem::Gone),
        }
    }
    assert_eq!((let_in, role(&stage, &stage.cy).await), (1, Some(Role::Member)));
    let joined = |ear: &Ear| {
        let is_cy = |what: &What| matches!(what, What::Joined { member } if member.person.id == cy);
        ear.events().iter().filter(|event| is_cy(&event.what)).count()
    };
    heard.hear_until("that they are in", |ear| joined(ear) > 0).await;
    hears_asking(&mut ana, 0).await;
    assert_eq!((joined(&ana), asked(&stage, &stage.cy).await), (1, Asked::Not));
    stage.say(&stage.cy, "1", "Thank you").await.unwrap();
    let lines = chat.room_audit(&stage.host().await, &Sought::default()).await.unwrap().lines;
    let lines: Vec<_> = lines.iter().filter(|line| line.act == Act::JoinApproved).collect();
    assert_eq!(lines.len(), 1);
    assert_eq!(lines[0].person.as_ref().map(|person| person.id), Some(cy));
    assert_eq!(lines[0].detail, "", "the trail does not hold what somebody said");
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_was_declined_hears_it_and_asks_again_after_a_day() {
    let stage = stage().await;
    let (chat, clock, cy) = (&stage.town.chat, &stage.town.clock, stage.cy.person.id);
    let (mut ana, mut heard) = (ear(&stage, &stage.ana).await, ear(&stage, &stage.cy).await);
    cy_asks(&stage).await;
    hears_asking(&mut ana, 1).await;
    chat.decline_join_request(&stage.host().await, cy).await.unwrap();
    let declined = |wait_ms: i64| Asked::Declined { wait_ms: wait_ms.unsigned_abs() };
    hears_asked(&mut heard, declined(DAY)).await;
    hears_asking(&mut ana, 0).await;
    for decided in [
        chat.decline_join_request(&stage.host().await, cy).await,
        chat.approve_join_request(&stage.host().await, cy).await,
    ] {
        assert_eq!(problem(decided), Problem::Gone);
    }
    assert_eq!((asking(&stage).await, role(&stage, &stage.cy).await), (vec![], None));
    let own = chat.own_requests(&stage.cy).await.unwrap();
    assert_eq!((own.len(), own[0].words.as_str(), own[0].declined_at.is_some()), (1, "", true), "the words are gone");

    clock.advance(DAY - 1);
    chat.tidy().await.unwrap();
    assert_eq!(asked(&stage, &stage.cy).await, declined(1));
    let refused = problem(ask(&stage.town, &stage.cy, stage.room.id, "").await);
    assert_eq!(refused, Problem::TooFast { wait_ms: 1 });
    clock.jump(-30 * DAY);
    assert_eq!(asked(&stage, &stage.cy).await, declined(DAY), "never longer than they were told");
    clock.jump(30 * DAY);
    clock.advance(1);
    assert_eq!(asked(&stage, &stage.cy).await, Asked::Not);
    cy_asks(&stage).await;
    assert_eq!(asking(&stage).await, [("cy".to_owned(), "I play the cello".to_owned())]);

    chat.decline_join_request(&stage.host().await, cy).await.unwrap();
    clock.advance(DAY + 1);
    chat.tidy().await.unwrap();
    assert!(chat.own_requests(&stage.cy).await.unwrap().is_empty(), "nobody asks for it any more");
    let acts = stage.acts().await;
    assert_eq!(acts.iter().filter(|act| **act == Act::JoinDeclined).count(), 2, "{acts:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_decides_who_runs_the_room_no_more() {
    let stage = stage().await;
    let chat = &stage.town.chat;
    chat.add_member(&stage.host().await, stage.bo.person.id, Role::Host).await.unwrap();
    let stale = chat.host(Some(&stage.bo), stage.room.id).await.unwrap();
    cy_asks(&stage).await;
    chat.add_member(&stage.host().await, stage.bo.person.id, Role::Member).await.unwrap();
    for decided in [
        chat.approve_join_request(&stale, stage.cy.person.id).await,
        chat.decline_join_request(&stale, stage.cy.person.id).await,
    ] {
        assert_eq!(problem(decided), Problem::NotAllowed);
    }
    let nobody = chat.approve_join_request(&stage.host().await, PersonId(99)).await;
    assert_eq!(problem(nobody), Problem::Gone);
    assert_eq!((asking(&stage).await.len(), asked(&stage, &stage.cy).await), (1, Asked::Waiting));
}

/// However somebody becomes a member, or is kept from ever being one, hosts are not asked about it any more.
#[tokio::test(flavor = "multi_thread")]
async fn whatever_else_decides_it_settles_the_request() {
    let stage = stage().await;
    let (chat, room, cy) = (&stage.town.chat, stage.room.id, stage.cy.person.id);
    let mut ana = ear(&stage, &stage.ana).await;
    for how in ["invitation", "host", "open", "undo", "ban"] {
        let host = stage.host().await;
        if role(&stage, &stage.cy).await.is_some() {
            chat.leave(&stage.cy, room).await.unwrap();
        }
        if how == "undo" {
            // Sent out by mistake, they ask.
            chat.add_member(&host, cy, Role::Member).await.unwrap();
            let deed = chat.kick(&host, cy, "").await.unwrap();
            cy_asks(&stage).await;
            hears_asking(&mut ana, 1).await;
            chat.undo_deed(&host, deed).await.unwrap();
        } else {
            cy_asks(&stage).await;
            hears_asking(&mut ana, 1).await;
        }
        match how {
            "invitation" => {
                let link = chat.create_room_invite(&host, 1, None).await.unwrap();
                chat.accept_invitation(&stage.cy, &link).await.unwrap();
            }
            "host" => chat.add_member(&host, cy, Role::Member).await.unwrap(),
            "open" => {
                stage.policy(Policy::default()).await;
                stage.say(&stage.cy, "open", "hello").await.unwrap();
                stage.policy(members_only()).await;
            }
            "ban" => _ = chat.ban(&host, cy, "").await.unwrap(),
            _ => {}
        }
        hears_asking(&mut ana, 0).await;
        assert_eq!(asking(&stage).await, [], "{how}");
        assert_eq!(problem(chat.approve_join_request(&host, cy).await), Problem::Gone, "{how}");
    }
    chat.unban(&stage.host().await, cy).await.unwrap();
    assert_eq!((role(&stage, &stage.cy).await, asked(&stage, &stage.cy).await), (None, Asked::Not));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_disabled_account_is_not_let_in_and_asks_again_when_it_is_enabled() {
    let stage = stage().await;
    let (chat, cy) = (&stage.town.chat, stage.cy.person.id);
    let (_, admin) = stage.town.admin("root").await;
    cy_asks(&stage).await;
    chat.disable_person(&admin, cy, true).await.unwrap();
    assert_eq!(asking(&stage).await, []);
    assert_eq!(problem(chat.approve_join_request(&stage.host().await, cy).await), Problem::Gone);
    chat.disable_person(&admin, cy, false).await.unwrap();
    assert_eq!(asking(&stage).await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_is_taken_along_and_goes_with_its_account_and_its_room() {
    let stage = stage().await;
    let chat = &stage.town.chat;
    let mut ana = ear(&stage, &stage.ana).await;
    cy_asks(&stage).await;
    hears_asking(&mut ana, 1).await;
    let own = chat.own_requests(&stage.cy).await.unwrap();
    assert_eq!((own[0].room.slug.as_str(), own[0].words.as_str()), ("hall", "I play the cello"));
    chat.close_account(&stage.cy, PASSWORD).await.unwrap();
    hears_asking(&mut ana, 0).await;
    assert_eq!(asking(&stage).await, []);
    assert!(chat.own_requests(&stage.cy).await.unwrap().is_empty());

    let dee = stage.town.person("dee").await;
    ask(&stage.town, &dee, stage.room.id, "").await.unwrap();
    let (_, admin) = stage.town.admin("root").await;
    chat.remove_room(&admin, stage.room.id, &stage.room.title).await.unwrap();
    assert!(chat.own_requests(&dee).await.unwrap().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restored_house_knows_who_asks() {
    let stage = stage().await;
    cy_asks(&stage).await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("house.salon");
    stage.town.backup(&file).await.unwrap();
    let town = Town::restored(&file).await;
    let ana = town.chat.sign_in("ana", PASSWORD, &crate::town::visit()).await.unwrap().who;
    let host = town.chat.host(Some(&ana), stage.room.id).await.unwrap();
    let requests = town.chat.join_requests(&host).await.unwrap();
    assert_eq!((requests.len(), requests[0].words.as_str()), (1, "I play the cello"));
    town.chat.approve_join_request(&host, requests[0].person.id).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_asks_in_every_room_of_the_house_at_once() {
    let town = Town::of(Registration::Open, Limits::default()).await;
    let (ana, cy) = (town.person("ana").await, town.person("cy").await);
    let mut refused = Vec::new();
    for n in 0..11 {
        let room = town.room(&format!("hall-{n}"), Visibility::Open, &ana).await.id;
        let host = town.chat.host(Some(&ana), room).await.unwrap();
        town.chat.change_policy(&host, members_only()).await.unwrap();
        if let Err(error) = ask(&town, &cy, room, "").await {
            refused.push((n, error.into_problem().code()));
        }
    }
    assert_eq!(refused, [(10, "too_fast")]);
}

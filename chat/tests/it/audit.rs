//! The audit trail: every act leaves its line, and nobody reads those of others.

use crate::files::{added, ok, png, server};
use crate::mail_codes::Plainly;
use crate::messages::client_id;
use crate::moderation::Stage;
use crate::town::{PASSWORD, START, Town, problem, words};
use chat::{Admin, NewPicture, NewVideo, Problem, RoomHost, ShelfAct, Sought, VideoSource, WebhookChange};
use domain::audit::{Act, AuditLine};
use domain::contact::FirstContact;
use domain::gate::{GateRule, Opening};
use domain::kiosk::{Fit, KioskRule, Sequence};
use domain::member::Role;
use domain::moderation::{MuteFor, Policy, Posting, WordList};
use domain::person::SiteRole;
use domain::room::Visibility;
use domain::webhook::Target;
use std::collections::HashSet;

fn acts(lines: &[AuditLine]) -> Vec<Act> {
    lines.iter().map(|line| line.act).collect()
}

#[tokio::test]
async fn every_act_leaves_one_line() {
    let town = Town::new().await;
    let (root, admin) = town.admin("root").await;
    let (ana, bo) = (town.person("ana").await, town.person("bo").await);
    let room = town.chat.create_room(&admin, words("hall", Visibility::Public), Some(ana.person.id)).await.unwrap();
    let host = town.chat.host(Some(&ana), room.id).await.unwrap();
    town.chat.change_room(&host, words("hall", Visibility::Open)).await.unwrap();
    town.chat.change_gate(&host, GateRule { opening: Opening::Never, ..GateRule::default() }).await.unwrap();
    town.chat.add_member(&host, bo.person.id, Role::Member).await.unwrap();
    // Nothing changes, nothing is noted.
    town.chat.add_member(&host, bo.person.id, Role::Member).await.unwrap();
    town.chat.add_member(&host, bo.person.id, Role::Host).await.unwrap();
    let picture = added(&town.chat, &bo, room.id).await;
    town.chat.change_cover(&host, Some(picture.id)).await.unwrap();
    town.chat.remove_picture(&host, picture.id).await.unwrap();
    // One's own picture is one's own business.
    let own = added(&town.chat, &ana, room.id).await;
    town.chat.remove_picture(&host, own.id).await.unwrap();
    town.chat.remove_member(&host, bo.person.id).await.unwrap();
    assert_eq!(problem(town.chat.remove_member(&host, ana.person.id).await).code(), "invalid");
    town.chat.archive_room(&host, true).await.unwrap();
    town.chat.archive_room(&host, false).await.unwrap();
    town.chat.create_invite(&admin, 2, 7).await.unwrap();
    let invite = town.chat.invites(&admin).await.unwrap()[0].id;
    town.chat.remove_invite(&admin, invite).await.unwrap();

    let page = town.chat.audit(&admin, &Sought::default()).await.unwrap();
    let expected = [
        Act::InviteRemoved,
        Act::InviteCreated,
        Act::RoomReopened,
        Act::RoomArchived,
        Act::Kicked,
        Act::PictureRemoved,
        Act::CoverChanged,
        Act::RoleChanged,
        Act::MemberAdded,
        Act::GateChanged,
        Act::RoomChanged,
        Act::RoomCreated,
        Act::PersonAdded,
    ];
    assert_eq!(acts(&page.lines), expected);
    let removed = &page.lines[5];
    assert_eq!((&removed.by, &removed.person), (&Some(ana.person.clone()), &Some(bo.person.clone())));
    assert_eq!((removed.thing, removed.at), (Some(picture.id.0), START));
    assert_eq!(page.lines[7].detail, "host");
    assert_eq!(page.lines[11].by, Some(root.person));
    assert_eq!(page.lines[12].by, None, "the command line is nobody");
}

#[tokio::test]
async fn the_trail_is_filtered_and_paged() {
    let town = Town::new().await;
    let (_, admin) = town.admin("root").await;
    let (ana, bo) = (town.person("ana").await, town.person("bo").await);
    let hall = town.room("hall", Visibility::Public, &ana).await;
    let den = town.room("den", Visibility::Private, &bo).await;
    let host = town.chat.host(Some(&ana), hall.id).await.unwrap();
    for archived in [true, false].into_iter().cycle().take(60) {
        town.chat.archive_room(&host, archived).await.unwrap();
    }
    let other = town.chat.host(Some(&bo), den.id).await.unwrap();
    town.chat.add_member(&other, ana.person.id, Role::Member).await.unwrap();

    let sought = |room: &str, person: &str, act: &str| Sought {
        room: room.into(),
        person: person.into(),
        act: act.into(),
        ..Sought::default()
    };
    let count = async |sought: Sought| town.chat.audit(&admin, &sought).await.unwrap().lines.len();
    assert_eq!(count(sought("den", "", "")).await, 2);
    assert_eq!(count(sought("/r/den", "@ANA", "")).await, 1, "to whom it was done");
    assert_eq!(count(sought("", "bo", "")).await, 1, "who did it");
    assert_eq!(count(sought("hall", "ana", "room-archived")).await, 30);
    let nowhere =
        [sought("nowhere", "", ""), sought("", "nobody", ""), sought("", "", "juggled"), sought("\0", "", "")];
    for nothing in nowhere {
        assert_eq!(count(nothing.clone()).await, 0, "{nothing:?}");
    }

    let whole = async |oldest_first: bool| {
        let (mut all, mut after) = (Vec::new(), None);
        loop {
            let sought = Sought { after, oldest_first, ..Sought::default() };
            let page = town.chat.room_audit(&host, &sought).await.unwrap();
            all.extend(page.lines.iter().map(|line| line.id));
            after = page.lines.last().map(|line| line.id);
            if !page.has_more {
                return all;
            }
        }
    };
    let mut all = whole(false).await;
    assert_eq!(all.len(), 61, "the room was made, and changed sixty times");
    assert!(all.is_sorted_by(|a, b| a > b));
    all.reverse();
    assert_eq!(whole(true).await, all);
    // A host asks for another room, and gets the lines of their own.
    let page = town.chat.room_audit(&host, &sought("den", "", "")).await.unwrap();
    assert!(page.lines.iter().all(|line| line.room.as_ref().is_some_and(|room| room.id == hall.id)));
}

#[tokio::test]
async fn a_refused_act_leaves_no_line() {
    let town = Town::new().await;
    let (_, admin) = town.admin("root").await;
    let ana = town.person("ana").await;
    let room = town.room("hall", Visibility::Public, &ana).await;
    let host = town.chat.host(Some(&ana), room.id).await.unwrap();
    let before = town.chat.audit(&admin, &Sought::default()).await.unwrap().lines.len();
    assert!(town.chat.leave(&ana, room.id).await.is_err(), "the last host");
    assert!(town.chat.remove_member(&host, domain::PersonId(99)).await.is_err());
    assert!(town.chat.create_room(&admin, words("hall", Visibility::Public), None).await.is_err());
    assert_eq!(town.chat.audit(&admin, &Sought::default()).await.unwrap().lines.len(), before);
    assert_eq!(problem(town.chat.admin(Some(&ana))), Problem::NotAllowed);
}

/// What a host does to people and to what they say.
async fn moderates(stage: &Stage, host: &RoomHost) {
    let (chat, bo) = (&stage.town.chat, stage.bo.person.id);
    chat.mute(host, bo, MuteFor::Hour, "").await.unwrap();
    chat.unmute(host, bo).await.unwrap();
    stage.say(&stage.bo, "1", "one").await.unwrap();
    stage.say(&stage.bo, "2", "two").await.unwrap();
    let said = chat.history(host, None).await.unwrap().messages;
    chat.recall(host, said[0].id).await.unwrap();
    chat.clear(host, bo, 10, "").await.unwrap();
    chat.change_policy(host, Policy { holds: true, ..Policy::default() }).await.unwrap();
    for id in ["3", "4"] {
        assert_eq!(problem(stage.say(&stage.bo, id, "please").await), Problem::Held);
    }
    let held = chat.held(host).await.unwrap();
    chat.approve(host, held[0].id).await.unwrap();
    let (declined, _) = chat.decline(host, held[1].id).await.unwrap();
    chat.undo_deed(host, declined).await.unwrap();
    chat.change_room_words(host, WordList { words: "spam".into(), holds: false }).await.unwrap();
    chat.kick(host, bo, "").await.unwrap();
    chat.ban(host, bo, "").await.unwrap();
    chat.unban(host, bo).await.unwrap();
    answers(stage, host).await;
    chat.add_member(host, bo, Role::Member).await.unwrap();
    chat.add_member(host, bo, Role::Host).await.unwrap();
}

/// Who asks to join is let in, or not.
async fn answers(stage: &Stage, host: &RoomHost) {
    let chat = &stage.town.chat;
    chat.change_policy(host, Policy { posting: Posting::Members, ..Policy::default() }).await.unwrap();
    for who in [&stage.bo, &stage.cy] {
        let reader = chat.reader(Some(who), host.room().id).await.unwrap();
        chat.ask_to_join(&reader, "").await.unwrap();
    }
    chat.approve_join_request(host, stage.cy.person.id).await.unwrap();
    chat.decline_join_request(host, stage.bo.person.id).await.unwrap();
    chat.change_policy(host, Policy::default()).await.unwrap();
}

/// What a host sets up in a room.
async fn furnishes(stage: &Stage, host: &RoomHost) {
    let chat = &stage.town.chat;
    let room = host.room().id;
    chat.change_room(host, words("hall", Visibility::Open)).await.unwrap();
    let picture = added(chat, &stage.bo, room).await;
    chat.change_cover(host, Some(picture.id)).await.unwrap();
    for act in [ShelfAct::Hold, ShelfAct::Show, ShelfAct::Remove, ShelfAct::Restore] {
        chat.change_pictures(host, act, &[picture.id]).await.unwrap();
    }
    let new = NewPicture { bytes: png(9, 5), ..NewPicture::default() };
    chat.replace_picture(host, picture.id, new, None).await.unwrap();
    let there = server(|_| ok(b"\0\0\0\x20ftypisom\0\0\x02\0isomiso2")).await;
    let (source, title) = (VideoSource::Address(format!("http://{there}/film.mp4")), String::new());
    let video = NewVideo { source, title, poster: None, captions: None, language: String::new() };
    chat.set_video(host, video).await.unwrap();
    chat.remove_video(host).await.unwrap();
    let (sequence, fit) = (Sequence::default(), Fit::default());
    let kiosk = KioskRule { name: String::new(), sequence, seconds: 5, fit, code: false };
    chat.create_kiosk(host, kiosk).await.unwrap();
    let kiosk = chat.kiosks(host).await.unwrap()[0].id;
    chat.remove_kiosk(host, kiosk).await.unwrap();
    chat.change_embed(host, &["https://example.org"]).await.unwrap();
    chat.create_room_invite(host, 1, None).await.unwrap();
    let invite = chat.room_invites(host).await.unwrap()[0].id;
    chat.remove_room_invite(host, invite).await.unwrap();
    chat.add_webhook(host, Target { url: format!("http://{there}/"), events: Vec::new() }).await.unwrap();
    let hook = chat.webhooks(host).await.unwrap()[0].id;
    let paused = WebhookChange { paused: Some(true), ..WebhookChange::default() };
    chat.change_webhook(host, hook, paused).await.unwrap();
    chat.remove_webhook(host, hook).await.unwrap();
    chat.change_gate(host, GateRule { opening: Opening::Never, ..GateRule::default() }).await.unwrap();
    chat.archive_room(host, true).await.unwrap();
    chat.archive_room(host, false).await.unwrap();
}

/// What an administrator does on the site.
async fn administers(stage: &Stage, admin: &Admin) {
    let chat = &stage.town.chat;
    let cy = stage.cy.person.id;
    chat.disable_person(admin, cy, true).await.unwrap();
    chat.disable_person(admin, cy, false).await.unwrap();
    chat.change_site_role(admin, cy, SiteRole::Admin).await.unwrap();
    chat.end_sessions_of(admin, cy).await.unwrap();
    chat.create_reset(admin, cy).await.unwrap();
    chat.change_first_contact(admin, FirstContact { most: 7, hours: 9 }).await.unwrap();
    chat.back_up(admin).await.unwrap();
    chat.test_mail(admin, "root@example.org", &Plainly).await.unwrap();
    let second = stage.town.room("second", Visibility::Public, &stage.ana).await;
    let writer = chat.writer(Some(&stage.ana), second.id).await.unwrap();
    let rude = chat.post(&writer, &client_id("rude"), "rude").await.unwrap().message.id;
    chat.report(&stage.bo, rude, "").await.unwrap();
    let report = chat.reports(admin, false, false, None).await.unwrap().lines[0].id;
    chat.resolve_report(admin, report).await.unwrap();
    chat.remove_room(admin, second.id, &second.title).await.unwrap();
    let leaves = stage.town.person("leaves").await;
    chat.close_account(&leaves, PASSWORD).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn there_is_no_act_without_a_line() {
    let stage = Stage::new().await;
    let (_, admin) = stage.town.admin("root").await;
    let host = stage.host().await;
    moderates(&stage, &host).await;
    furnishes(&stage, &host).await;
    administers(&stage, &admin).await;
    let (mut found, mut before) = (HashSet::new(), None);
    loop {
        let page = stage.town.chat.audit(&admin, &Sought { after: before, ..Sought::default() }).await.unwrap();
        found.extend(page.lines.iter().map(|line| line.act.as_str()));
        before = page.lines.last().map(|line| line.id);
        if !page.has_more {
            break;
        }
    }
    let missing: Vec<&str> = Act::ALL.iter().map(|act| act.as_str()).filter(|act| !found.contains(act)).collect();
    assert!(missing.is_empty(), "{missing:?}");
    // And each is found by its word alone.
    for act in Act::ALL {
        let sought = Sought { act: act.as_str().into(), ..Sought::default() };
        let page = stage.town.chat.audit(&admin, &sought).await.unwrap();
        assert!(!page.lines.is_empty() && page.lines.iter().all(|line| line.act == *act), "{act:?}");
    }
}

/// Each of these is done twice; the second time it is so already.
#[tokio::test(flavor = "multi_thread")]
async fn what_changes_nothing_leaves_no_line() {
    let stage = Stage::new().await;
    let (chat, bo) = (&stage.town.chat, stage.bo.person.id);
    let (_, admin) = stage.town.admin("root").await;
    let host = async || stage.host().await;
    let lines = async || chat.audit(&admin, &Sought::default()).await.unwrap().lines;
    // What never was is not lifted.
    let before = lines().await.len();
    chat.unmute(&host().await, bo).await.unwrap();
    chat.unban(&host().await, bo).await.unwrap();
    assert_eq!(chat.clear(&host().await, bo, 10, "").await.unwrap(), 0);
    let first = GateRule::default();
    chat.change_gate(&host().await, first).await.unwrap();
    chat.change_policy(&host().await, Policy::default()).await.unwrap();
    chat.change_cover(&host().await, None).await.unwrap();
    chat.change_room_words(&host().await, WordList::default()).await.unwrap();
    chat.change_first_contact(&admin, FirstContact::default()).await.unwrap();
    chat.change_room(&host().await, words("hall", Visibility::Public)).await.unwrap();
    assert_eq!(lines().await.len(), before);

    let shut = GateRule { opening: Opening::Never, ..first };
    let mut expected = Vec::new();
    let mut noted = async |act: Act, detail: &'static str| {
        let there = lines().await;
        expected.insert(0, (act, detail));
        let there: Vec<_> = there.iter().take(expected.len()).map(|line| (line.act, line.detail.clone())).collect();
        let wanted: Vec<_> = expected.iter().map(|(act, detail)| (*act, (*detail).to_owned())).collect();
        assert_eq!(there, wanted);
        assert_eq!(lines().await.len(), before + expected.len(), "{act:?}");
    };
    for _ in 0..2 {
        chat.mute(&host().await, bo, MuteFor::Good, "rude").await.unwrap();
    }
    noted(Act::Muted, "good rude").await;
    for _ in 0..2 {
        chat.ban(&host().await, bo, "rude").await.unwrap();
    }
    noted(Act::Banned, "rude").await;
    for _ in 0..2 {
        chat.unmute(&host().await, bo).await.unwrap();
    }
    noted(Act::Unmuted, "").await;
    let still = &chat.restrictions(&host().await).await.unwrap()[0];
    assert_eq!((still.banned, still.muted_until, &*still.reason), (true, None, "rude"), "the rest is as it was");
    for _ in 0..2 {
        chat.unban(&host().await, bo).await.unwrap();
    }
    noted(Act::Unbanned, "").await;
    for _ in 0..2 {
        chat.change_gate(&host().await, shut).await.unwrap();
    }
    noted(Act::GateChanged, "opening=never").await;
    for _ in 0..2 {
        chat.change_policy(&host().await, Policy { slow: 10, holds: true, ..Policy::default() }).await.unwrap();
    }
    noted(Act::PolicyChanged, "slow=10 approval=true").await;
    for _ in 0..2 {
        chat.change_room(&host().await, words("hall", Visibility::Private)).await.unwrap();
    }
    noted(Act::RoomChanged, "visibility=private").await;
    for _ in 0..2 {
        let list = WordList { words: "spam".into(), holds: true };
        chat.change_room_words(&host().await, list).await.unwrap();
    }
    noted(Act::WordsChanged, "1").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_host_does_to_pictures_of_others_is_noted_and_to_their_own_is_not() {
    let stage = Stage::new().await;
    let (chat, room) = (&stage.town.chat, stage.room.id);
    let host = stage.host().await;
    chat.add_member(&host, stage.bo.person.id, Role::Host).await.unwrap();
    let before = stage.acts().await.len();
    let (own, bos) = (added(chat, &stage.ana, room).await, added(chat, &stage.bo, room).await);
    let both = [own.id, bos.id];
    let new = || NewPicture { bytes: png(9, 5), ..NewPicture::default() };
    for id in both {
        chat.replace_picture(&host, id, new(), None).await.unwrap();
    }
    for act in [ShelfAct::Hold, ShelfAct::Hold, ShelfAct::Show, ShelfAct::Remove, ShelfAct::Restore] {
        chat.change_pictures(&host, act, &both).await.unwrap();
    }
    let page = chat.room_audit(&host, &Sought::default()).await.unwrap();
    let lines = &page.lines[..page.lines.len() - before];
    let expected =
        [Act::PictureRestored, Act::PictureRemoved, Act::PictureShown, Act::PictureHeld, Act::PictureReplaced];
    assert_eq!(acts(lines), expected);
    for line in lines {
        assert_eq!((&line.by, &line.person), (&Some(stage.ana.person.clone()), &Some(stage.bo.person.clone())));
        assert_eq!(line.thing, Some(bos.id.0));
    }
}

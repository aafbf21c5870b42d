//! What two people in a private chat know of each other, what is reported, and how people are found.

use crate::live::Ear;
use crate::private::{contact, pair, say};
use crate::town::{Town, problem};
use chat::{Problem, ReportAct, Thing, Who};
use domain::audit::Act;
use domain::contact::{Contact, FirstContact, Presence, Privacy};
use domain::live::Frame;
use domain::room::Visibility;
use domain::{PersonId, RoomId};
use std::time::Duration;

/// Asks until it is as expected: what was delivered and read is noted a moment later.
async fn eventually(town: &Town, who: &Who, room: RoomId, what: &str, is: impl Fn(&Contact) -> bool) -> Contact {
    let mut last = contact(town, who, room).await;
    for _ in 0..200 {
        if is(&last) {
            return last;
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
        last = contact(town, who, room).await;
    }
    panic!("{what}: {last:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_said_is_sent_then_delivered_then_read() {
    let (town, ana, bo, chat) = pair().await;
    let seq = say(&town, &ana, chat.id, "a").await.unwrap();
    let mut hers = Ear::at(&town.chat, Some(&ana), chat.id, None).await;
    hers.hear_until("how it stands", |ear| !contacts(ear).is_empty()).await;
    assert_eq!(contacts(&hers)[0].delivered.seq, 0, "bo was not here yet");
    // Any page of his will do, also after the house was opened anew.
    let his = Ear::new(&town.chat, Some(&bo));
    hers.hear_until("delivered", |ear| contacts(ear).iter().any(|contact| contact.delivered.seq == seq)).await;
    let told = contacts(&hers).pop().unwrap();
    assert_eq!((told.presence, told.read.seq), (Presence::Online, 0));
    town.chat.seen(&bo, chat.id, seq).await.unwrap();
    hers.hear_until("read", |ear| contacts(ear).iter().any(|contact| contact.read.seq == seq)).await;
    drop(his);
    hers.hear_until("gone", |ear| matches!(contacts(ear).last(), Some(Contact { presence: Presence::Seen(_), .. })))
        .await;
    // Nobody is told who listens there, only who is here.
    let presence = hers.frames.iter().any(|frame| match frame {
        Frame::Presence { .. } => true,
        Frame::Entered { present, .. } => !present.is_empty(),
        _ => false,
    });
    assert!(!presence && town.chat.hub().count_present(chat.id) == 0);
}

fn contacts(ear: &Ear) -> Vec<Contact> {
    let told = |frame: &Frame| match frame {
        Frame::Contact { contact, .. } => Some((**contact).clone()),
        _ => None,
    };
    ear.frames.iter().filter_map(told).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_waits_for_somebody_is_delivered_after_a_restart() {
    let (town, ana, bo, chat) = pair().await;
    let seq = say(&town, &ana, chat.id, "a").await.unwrap();
    let town = town.reopen().await;
    assert_eq!(contact(&town, &ana, chat.id).await.delivered.seq, 0);
    let _his = Ear::new(&town.chat, Some(&bo));
    eventually(&town, &ana, chat.id, "delivered", |contact| contact.delivered.seq == seq).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_one_keeps_to_oneself_one_does_not_see_of_others() {
    let (town, ana, bo, chat) = pair().await;
    let seq = say(&town, &ana, chat.id, "a").await.unwrap();
    say(&town, &bo, chat.id, "b").await.unwrap();
    let _here = (Ear::new(&town.chat, Some(&ana)), Ear::new(&town.chat, Some(&bo)));
    town.chat.seen(&ana, chat.id, seq + 1).await.unwrap();
    town.chat.seen(&bo, chat.id, seq).await.unwrap();
    let open = |contact: &Contact| contact.read.seq >= seq && contact.presence == Presence::Online;
    for who in [&ana, &bo] {
        eventually(&town, who, chat.id, "both see it", open).await;
    }
    for (change, presence, receipts) in [
        (Privacy { presence: false, ..Privacy::default() }, false, true),
        (Privacy { receipts: false, ..Privacy::default() }, true, false),
        (Privacy::default(), true, true),
    ] {
        town.chat.change_privacy(&bo, change).await.unwrap();
        assert_eq!(town.chat.privacy(&bo).await.unwrap(), change);
        for who in [&ana, &bo] {
            let Contact { presence: shown, read, delivered, .. } = contact(&town, who, chat.id).await;
            assert_eq!((shown == Presence::Online, read.seq > 0), (presence, receipts), "{}", who.person.name);
            assert_eq!(delivered.seq > 0, presence, "what was delivered says who was here");
        }
    }
}

#[tokio::test]
async fn a_report_carries_what_was_said_and_is_resolved_once() {
    let (town, ana, bo, chat) = pair().await;
    let (root, admin) = town.admin("root").await;
    for text in ["first", "second", "third"] {
        town.says(&ana, chat.id, text).await;
    }
    let reader = town.chat.reader(Some(&bo), chat.id).await.unwrap();
    let last = town.chat.last_from_other(&reader).await.unwrap();
    assert_eq!(problem(town.chat.report(&ana, last, "mine").await), Problem::NotAllowed);
    assert_eq!(problem(town.chat.report(&root, last, "").await), Problem::not_found(Thing::Message));
    for _ in 0..2 {
        town.chat.report(&bo, last, "spam").await.unwrap();
    }
    assert_eq!(town.chat.count_reports(&admin).await.unwrap(), 1, "once for each message");
    let report = town.chat.reports(&admin, false, false, None).await.unwrap().lines.remove(0);
    assert_eq!((report.text.as_str(), report.reason.as_str()), ("first\n\nsecond\n\nthird", "spam"));
    assert_eq!((&report.about, &report.by, &report.room), (&ana.person, &bo.person, &None));
    town.chat.resolve_report(&admin, report.id).await.unwrap();
    assert_eq!(problem(town.chat.resolve_report(&admin, report.id).await), Problem::Gone);
    assert!(town.chat.reports(&admin, false, false, None).await.unwrap().lines.is_empty());
    let done = town.chat.reports(&admin, true, false, None).await.unwrap().lines.remove(0);
    assert_eq!(done.resolved.unwrap().0, root.person);
    let sought = chat::Sought { act: "report-resolved".into(), ..Default::default() };
    let line = town.chat.audit(&admin, &sought).await.unwrap().lines.remove(0);
    assert_eq!((line.person, line.thing), (Some(ana.person.clone()), Some(report.id)));
    assert!(!line.detail.contains("first"), "the trail never says what was said");
    // In a room the message alone goes along, and the room is named.
    let hall = town.room("hall", Visibility::Open, &ana).await;
    town.says(&ana, hall.id, "early").await;
    town.says(&ana, hall.id, "late").await;
    let said = town.chat.history(&town.chat.reader(Some(&bo), hall.id).await.unwrap(), None).await.unwrap();
    town.chat.report(&bo, said.messages.last().unwrap().id, "").await.unwrap();
    let report = town.chat.reports(&admin, false, false, None).await.unwrap().lines.remove(0);
    assert_eq!((report.text.as_str(), report.room.unwrap().slug.as_str()), ("late", "hall"));
}

#[tokio::test]
async fn the_list_of_people_is_by_name_in_pages() {
    let town = Town::new().await;
    let (ana, address) = (town.person("ana").await, [127, 0, 0, 1].into());
    let (_, admin) = town.admin("root").await;
    for i in 0..60 {
        town.person(&format!("p{i:02}")).await;
    }
    let (hidden, gone) = (town.person("hidden").await, town.person("gone").await);
    town.chat.change_privacy(&hidden, Privacy { listed: false, ..Privacy::default() }).await.unwrap();
    town.chat.disable_person(&admin, gone.person.id, true).await.unwrap();
    let first = town.chat.directory(&ana, "", None, address).await.unwrap();
    assert_eq!(first.lines.len(), 50);
    let rest = town.chat.directory(&ana, "", first.next.map(|end| PersonId(end.id)), address).await.unwrap();
    let names: Vec<String> = first.lines.into_iter().chain(rest.lines).map(|card| card.person.name).collect();
    let expected: Vec<String> =
        ["ana".to_owned()].into_iter().chain((0..60).map(|i| format!("p{i:02}"))).chain(["root".to_owned()]).collect();
    assert_eq!((names, rest.next), (expected, None));
    let found = town.chat.directory(&ana, "P1", None, address).await.unwrap();
    assert_eq!(found.lines.len(), 10);
    assert!(town.chat.directory(&ana, "%", None, address).await.unwrap().lines.is_empty());
    // Chinese names stand where they are heard, page after page, also beside others that sound the same.
    let mut all = vec!["ana".to_owned(), "root".to_owned()];
    for (i, display) in ["李四", "Ｌiu", "连城", "李四", "张三", "Zoe"].into_iter().enumerate() {
        let who = town.person(&format!("c{i}")).await;
        town.chat.change_display(&who, display).await.unwrap();
        all.push(display.to_owned());
    }
    let mut after = None;
    let mut listed = Vec::new();
    loop {
        let page = town.chat.directory(&ana, "", after, address).await.unwrap();
        listed.extend(page.lines.into_iter().map(|card| card.person.display).filter(|name| all.contains(name)));
        let Some(end) = page.next else { break };
        after = Some(PersonId(end.id));
    }
    assert_eq!(listed, ["ana", "李四", "李四", "连城", "Ｌiu", "root", "张三", "Zoe"]);
    // Who is not listed has a page all the same; who may not sign in has none.
    assert_eq!(town.chat.person_page(&ana, "hidden").await.unwrap().card.person, hidden.person);
    assert_eq!(problem(town.chat.person_page(&ana, "gone").await), Problem::not_found(Thing::Person));
    assert!(town.chat.person_page(&ana, "ana").await.unwrap().is_me);
}

#[tokio::test]
async fn a_backup_has_all_of_it() {
    let (town, ana, bo, chat) = pair().await;
    let (_, admin) = town.admin("root").await;
    town.chat.change_first_contact(&admin, FirstContact { most: 7, hours: 9 }).await.unwrap();
    town.says(&ana, chat.id, "hello").await;
    let reader = town.chat.reader(Some(&bo), chat.id).await.unwrap();
    let last = town.chat.last_from_other(&reader).await.unwrap();
    town.chat.report(&bo, last, "spam").await.unwrap();
    town.chat.block(&bo, ana.person.id).await.unwrap();
    let privacy = Privacy { listed: false, ..Privacy::default() };
    town.chat.change_privacy(&bo, privacy).await.unwrap();
    let (_folder, file) = crate::backup::file();
    town.backup(&file).await.unwrap();
    let town = Town::restored(&file).await;
    let mine = contact(&town, &ana, chat.id).await;
    assert_eq!(mine.left, Some(6));
    assert!(contact(&town, &bo, chat.id).await.blocked);
    assert_eq!(town.chat.privacy(&bo).await.unwrap(), privacy);
    assert_eq!(town.chat.reports(&admin, false, false, None).await.unwrap().lines.len(), 1);
    assert_eq!(town.chat.first_contact(&admin).await.unwrap(), FirstContact { most: 7, hours: 9 });
    assert_eq!(town.examine().await.findings, vec![]);
}

#[tokio::test]
async fn the_doctor_notices_a_chat_that_lost_one_of_its_two() {
    use sea_orm::ConnectionTrait;
    let (town, ana, _, chat) = pair().await;
    town.says(&ana, chat.id, "hello").await;
    assert_eq!(town.examine().await.findings, vec![]);
    let db = town.db().await;
    db.execute_unprepared(&format!(
        "DELETE FROM contact WHERE room_id = {} AND person_id = {}",
        chat.id, ana.person.id
    ))
    .await
    .unwrap();
    db.close().await.unwrap();
    let report = town.examine().await;
    assert_eq!(report.damages, 1);
    assert!(report.findings[0].what.contains("1 sides and 2 members"), "{:?}", report.findings);
}

#[tokio::test]
async fn an_administrator_recalls_what_was_reported_or_mutes_its_author() {
    let (town, ana, bo, private) = pair().await;
    let (root, admin) = town.admin("root").await;
    let chat = &town.chat;
    let hall = town.room("hall", Visibility::Open, &bo).await;
    let mut reports = Vec::new();
    for (room, text) in [(hall.id, "rude"), (hall.id, "ruder"), (private.id, "between us")] {
        town.says(&ana, room, text).await;
        let said = chat.history(&chat.reader(Some(&bo), room).await.unwrap(), None).await.unwrap();
        chat.report(&bo, said.messages.last().unwrap().id, "").await.unwrap();
        reports.push(chat.reports(&admin, false, false, None).await.unwrap().lines[0].id);
    }
    let [first, second, third] = reports[..] else { unreachable!() };
    assert!(chat.act_on_report(&admin, first, ReportAct::Delete).await.unwrap().is_none());
    let reader = chat.reader(Some(&bo), hall.id).await.unwrap();
    let history = chat.history(&reader, None).await.unwrap();
    let texts: Vec<String> = history.messages.iter().map(|m| domain::span::plain(&m.spans)).collect();
    assert!(!texts.contains(&"rude".to_owned()) && texts.contains(&"ruder".to_owned()), "{texts:?}");
    assert_eq!(problem(chat.act_on_report(&admin, first, ReportAct::Delete).await), Problem::Gone);

    let muted = chat.act_on_report(&admin, second, ReportAct::Mute).await.unwrap().unwrap();
    assert_eq!((muted.room, muted.person), (hall.id, ana.person.id));
    assert_eq!(problem(chat.writer(Some(&ana), hall.id).await).code(), "muted");
    chat.undo_deed(&chat.host(Some(&root), hall.id).await.unwrap(), muted.deed).await.unwrap();
    chat.writer(Some(&ana), hall.id).await.unwrap();

    // Nobody but the two of them has a hand in a private chat: the report still waits.
    assert_eq!(problem(chat.act_on_report(&admin, third, ReportAct::Mute).await), Problem::not_found(Thing::Room));
    let open = chat.reports(&admin, false, false, None).await.unwrap().lines;
    assert_eq!(open.iter().map(|report| report.id).collect::<Vec<_>>(), [third]);
    let trail = chat.audit(&admin, &chat::Sought::default()).await.unwrap().lines;
    let acts: Vec<Act> = trail.iter().map(|line| line.act).take(5).collect();
    assert_eq!(acts, [Act::Unmuted, Act::ReportResolved, Act::Muted, Act::ReportResolved, Act::Recalled]);
}

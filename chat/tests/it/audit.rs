//! The audit trail: every act leaves its line, and nobody reads those of others.

use crate::files::added;
use crate::town::{START, Town, problem, words};
use chat::{Problem, Sought};
use domain::audit::{Act, AuditLine};
use domain::gate::{GateRule, Opening};
use domain::member::Role;
use domain::room::Visibility;

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
        before: None,
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

    let (mut all, mut before) = (Vec::new(), None);
    loop {
        let page = town.chat.room_audit(&host, &Sought { before, ..Sought::default() }).await.unwrap();
        all.extend(page.lines.iter().map(|line| line.id));
        before = page.lines.last().map(|line| line.id);
        if !page.has_more {
            break;
        }
    }
    assert_eq!(all.len(), 61, "the room was made, and changed sixty times");
    assert!(all.is_sorted_by(|a, b| a > b));
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

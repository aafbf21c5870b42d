//! What ends with a right: the ways in that somebody made, and what they were about to write.

use crate::attachments::sent;
use crate::files::{added, new, ok, png, server};
use crate::messages::client_id;
use crate::moderation::Stage as Scene;
use crate::town::{PASSWORD, Town, problem};
use chat::{NewVideo, Options, OwnPicture, Problem, RoomHost, ShelfAct, Thing, VideoSource, Who};
use domain::RoomId;
use domain::kiosk::{Fit, KioskRule, Sequence};
use domain::member::Role;
use domain::moderation::Policy;
use domain::person::SiteRole;
use domain::room::Visibility;
use domain::stage::Cue;
use domain::wall::Place;
use sea_orm::ConnectionTrait;

/// How somebody stops running a room.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ending {
    Demoted,
    HandedOver,
    SentAway,
    Left,
    LeftGroup,
    Kicked,
    Banned,
    Disabled,
    Closed,
}

const ENDINGS: [Ending; 9] = [
    Ending::Demoted,
    Ending::HandedOver,
    Ending::SentAway,
    Ending::Left,
    Ending::LeftGroup,
    Ending::Kicked,
    Ending::Banned,
    Ending::Disabled,
    Ending::Closed,
];

fn rule() -> KioskRule {
    KioskRule { name: String::new(), sequence: Sequence::Wall, seconds: 5, fit: Fit::Whole, code: false }
}

/// An invitation and a projector's link.
async fn ways(town: &Town, who: &Who, room: RoomId) -> (String, String) {
    let host = town.chat.host(Some(who), room).await.unwrap();
    (town.chat.create_room_invite(&host, 5, None).await.unwrap(), town.chat.create_kiosk(&host, rule()).await.unwrap())
}

async fn open(town: &Town, (invitation, kiosk): &(String, String)) -> (bool, bool) {
    (town.chat.invitation(None, invitation).await.is_ok(), town.chat.kiosk(kiosk).await.is_ok())
}

/// As old versions left it: demoted, with all they made.
async fn demote_in_store(town: &Town, who: &Who) {
    let db = town.db().await;
    let demote = format!("UPDATE member SET role = 'member' WHERE person_id = {}", who.person.id);
    db.execute_unprepared(&demote).await.unwrap();
}

async fn end(town: &Town, (ana, bo): (&Who, &Who), room: RoomId, ending: Ending) {
    let (chat, person) = (&town.chat, bo.person.id);
    let host = chat.host(Some(ana), room).await.unwrap();
    match ending {
        Ending::Demoted => chat.add_member(&host, person, Role::Member).await.unwrap(),
        Ending::HandedOver => {
            let own = chat.host(Some(bo), room).await.unwrap();
            chat.hand_over(&own, ana.person.id).await.unwrap();
        }
        Ending::SentAway => _ = chat.remove_member(&host, person).await.unwrap(),
        Ending::Left => chat.leave(bo, room).await.unwrap(),
        Ending::LeftGroup => chat.leave_group(bo, room).await.unwrap(),
        Ending::Kicked => {
            demote_in_store(town, bo).await;
            chat.kick(&host, person, "").await.unwrap();
        }
        Ending::Banned => {
            demote_in_store(town, bo).await;
            chat.ban(&host, person, "").await.unwrap();
        }
        Ending::Disabled => {
            let who = chat.sign_in("root", PASSWORD, &crate::town::visit()).await.unwrap().who;
            chat.disable_person(&chat.admin(Some(&who)).unwrap(), person, true).await.unwrap();
        }
        Ending::Closed => chat.close_account(bo, PASSWORD).await.unwrap(),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_stops_running_a_room_leaves_no_way_into_it() {
    let town = Town::new().await;
    let ana = town.person("ana").await;
    town.admin("root").await;
    for (n, ending) in ENDINGS.into_iter().enumerate() {
        let bo = town.person(&format!("bo{n}")).await;
        let room = town.room(&format!("den{n}"), Visibility::Private, &ana).await.id;
        let other = town.room(&format!("other{n}"), Visibility::Private, &ana).await.id;
        for room in [room, other] {
            let host = town.chat.host(Some(&ana), room).await.unwrap();
            town.chat.add_member(&host, bo.person.id, Role::Host).await.unwrap();
        }
        let (of_ana, of_bo) = (ways(&town, &ana, room).await, ways(&town, &bo, room).await);
        let elsewhere = ways(&town, &bo, other).await;
        end(&town, (&ana, &bo), room, ending).await;
        assert_eq!(open(&town, &of_bo).await, (false, false), "{ending:?}");
        assert_eq!(open(&town, &of_ana).await, (true, true), "{ending:?}: those of others stay");
        let demoted_there_too = matches!(ending, Ending::Kicked | Ending::Banned);
        let stays = !demoted_there_too && !matches!(ending, Ending::Disabled | Ending::Closed);
        assert_eq!(open(&town, &elsewhere).await, (stays, stays), "{ending:?}: where they are host still");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_administrators_links_go_with_their_office() {
    let town = Town::new().await;
    let ((root, admin), (_, chief), ben) =
        (town.admin("root").await, town.admin("chief").await, town.person("ben").await);
    let den = town.room("den", Visibility::Private, &ben).await.id;
    let own = town.room("own", Visibility::Private, &root).await.id;
    town.chat.enter(&root, den).await.unwrap();
    let (there, here) = (ways(&town, &root, den).await, ways(&town, &root, own).await);
    let reset = town.chat.create_reset(&admin, ben.person.id).await.unwrap();
    let registers = town.chat.create_invite(&admin, 5, 1).await.unwrap();
    town.chat.leave(&root, den).await.unwrap();
    assert_eq!(open(&town, &there).await, (true, true), "they run the room as before");
    assert_eq!(town.chat.invites(&chief).await.unwrap().len(), 1);

    town.chat.change_site_role(&chief, root.person.id, SiteRole::Member).await.unwrap();
    assert_eq!(open(&town, &there).await, (false, false));
    assert_eq!(open(&town, &here).await, (true, true), "of this room they are host");
    assert_eq!(problem(town.chat.reset_person(&reset).await), Problem::Gone, "nobody takes ben's account by it later");
    assert!(town.chat.invites(&chief).await.unwrap().is_empty(), "{registers}");
}

#[tokio::test(flavor = "multi_thread")]
async fn projectors_links_of_before_find_their_makers_in_the_trail() {
    let town = Town::new().await;
    let ana = town.person("ana").await;
    let room = town.room("hall", Visibility::Public, &ana).await.id;
    ways(&town, &ana, room).await;
    town.clock.advance(1);
    let host = town.chat.host(Some(&ana), room).await.unwrap();
    town.chat.create_kiosk(&host, rule()).await.unwrap();
    town.chat.close().await;
    let db = town.db().await;
    for sql in [
        "DELETE FROM audit WHERE id = (SELECT MAX(id) FROM audit)",
        "ALTER TABLE kiosk DROP COLUMN by_id",
        // What later steps made.
        "ALTER TABLE room DROP COLUMN usual_gate",
        "DROP TABLE join_request",
        "ALTER TABLE room DROP COLUMN second",
        "ALTER TABLE upload DROP COLUMN alt",
        "ALTER TABLE picture DROP COLUMN file_name",
        "DROP INDEX person_sort_key_id",
        "ALTER TABLE person DROP COLUMN sort_key",
        "DROP INDEX identity_name",
        "DROP INDEX session_address",
        "ALTER TABLE held DROP COLUMN declined_at",
        "ALTER TABLE picture DROP COLUMN tint",
        "DELETE FROM seaql_migrations WHERE version >= 'm0028'",
    ] {
        db.execute_unprepared(sql).await.unwrap();
    }
    db.close().await.unwrap();
    let chat = chat::Chat::open(Options { migrate: true, ..town.options() }).await.unwrap();
    let host = chat.host(Some(&ana), room).await.unwrap();
    let makers = chat.kiosks(&host).await.unwrap().into_iter().map(|kiosk| kiosk.by.map(|by| by.name));
    assert_eq!(makers.collect::<Vec<_>>(), [None, Some("ana".to_owned())], "of the newest the trail says nothing");
    chat.close().await;
}

/// Everything that a host who is none any more could still be about to write.
async fn refusals(town: &Town, stale: &RoomHost, elsewhere: &RoomHost, url: &str) -> Vec<(&'static str, Problem)> {
    let chat = &town.chat;
    let hung = chat.wall(stale.reader()).await.unwrap().pictures[0].id;
    let own = OwnPicture { bytes: png(3, 3), ..OwnPicture::default() };
    let video =
        |source| NewVideo { source, title: String::new(), poster: None, captions: None, language: String::new() };
    let away = chat.wall(elsewhere.reader()).await.unwrap().pictures[0].id;
    vec![
        ("add", problem(chat.add_picture(stale, new(png(3, 3))).await)),
        ("add from", problem(chat.add_picture_from(stale, &format!("{url}/a.png"), new("")).await)),
        ("replace", problem(chat.replace_picture(stale, hung, new(png(3, 3)), None).await)),
        ("describe", problem(chat.describe_picture(stale, hung, "mine", "").await)),
        ("order", problem(chat.set_picture_order(stale, hung, 7, chat::Seen::Nothing).await)),
        ("move", problem(chat.move_picture(stale, hung, Place::Nth(1), None).await)),
        ("hold", problem(chat.change_pictures(stale, ShelfAct::Hold, &[hung]).await)),
        ("transfer here", problem(chat.transfer_pictures(elsewhere, stale, &[away]).await)),
        ("put own", problem(chat.put_own_picture(stale, "one", own, None).await)),
        ("show", problem(chat.show(stale, Cue::Picture(hung)).await)),
        ("video", problem(chat.set_video(stale, video(VideoSource::Address(format!("{url}/a.m3u8")))).await)),
        ("remove video", problem(chat.remove_video(stale).await)),
        ("projector", problem(chat.create_kiosk(stale, rule()).await)),
        ("invite", problem(chat.create_room_invite(stale, 1, None).await)),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_begun_as_a_host_is_not_written_as_somebody_else() {
    let town = Town::new().await;
    let (ana, bo) = (town.person("ana").await, town.person("bo").await);
    let at = server(|path| match path {
        "/a.png" => ok(&png(6, 4)),
        _ => ok(b"#EXTM3U\n#EXT-X-VERSION:3\n#EXTINF:2,\none.ts\n"),
    });
    let url = format!("http://{}", at.await);
    let room = town.room("hall", Visibility::Public, &ana).await.id;
    let den = town.room("den", Visibility::Private, &bo).await.id;
    let elsewhere = town.chat.host(Some(&bo), den).await.unwrap();
    for room in [room, den] {
        let who = if room == den { &bo } else { &ana };
        added(&town.chat, who, room).await;
    }
    let host = town.chat.host(Some(&ana), room).await.unwrap();
    town.chat.add_member(&host, bo.person.id, Role::Host).await.unwrap();
    let stale = town.chat.host(Some(&bo), room).await.unwrap();
    let before = (town.chat.room_state(host.reader()).await.unwrap(), on_disk(&town));

    town.chat.add_member(&host, bo.person.id, Role::Member).await.unwrap();
    for (what, refused) in refusals(&town, &stale, &elsewhere, &url).await {
        assert_eq!(refused, Problem::NotAllowed, "{what}, as a member");
    }
    town.chat.ban(&host, bo.person.id, "spam").await.unwrap();
    for (what, refused) in refusals(&town, &stale, &elsewhere, &url).await {
        assert_eq!(refused, Problem::Removed { for_good: true, reason: "spam".into() }, "{what}, banned");
    }
    // Who may not even read a room does not learn that it is there.
    let private = town.room("own", Visibility::Private, &ana).await.id;
    let hosting = town.chat.host(Some(&ana), private).await.unwrap();
    town.chat.add_member(&hosting, bo.person.id, Role::Host).await.unwrap();
    let stale = town.chat.host(Some(&bo), private).await.unwrap();
    town.chat.remove_member(&hosting, bo.person.id).await.unwrap();
    let refused = problem(town.chat.add_picture(&stale, new(png(3, 3))).await);
    assert_eq!(refused, Problem::not_found(Thing::Room), "as a stranger");
    let after = town.chat.room_state(host.reader()).await.unwrap();
    assert_eq!((&after.wall, &after.stage), (&before.0.wall, &before.0.stage));
    assert_eq!(on_disk(&town), before.1, "nor do files stay that came for it");
    let archiving = town.chat.host(Some(&ana), room).await.unwrap();
    town.chat.archive_room(&archiving, true).await.unwrap();
    assert_eq!(problem(town.chat.add_picture(&archiving, new(png(3, 3))).await), Problem::NotAllowed);
}

fn on_disk(town: &Town) -> usize {
    fn count(folder: &std::path::Path) -> usize {
        let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
        entries.map(|entry| if entry.path().is_dir() { count(&entry.path()) } else { 1 }).sum()
    }
    count(&town.data().join("files"))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_long_request_learns_that_its_session_is_over() {
    let town = Town::new().await;
    let (ana, bo, (_, admin)) = (town.person("ana").await, town.person("bo").await, town.admin("root").await);
    for who in [&ana, &bo] {
        town.chat.check_session(who).await.unwrap();
    }
    town.chat.sign_out(&ana).await.unwrap();
    town.chat.disable_person(&admin, bo.person.id, true).await.unwrap();
    for who in [&ana, &bo] {
        assert_eq!(problem(town.chat.check_session(who).await), Problem::SignInNeeded, "{}", who.person.name);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn files_of_what_waits_go_with_a_ban_or_when_it_is_cleared() {
    let Scene { town, ana, bo, cy, room } = Scene::new().await;
    let host = town.chat.host(Some(&ana), room.id).await.unwrap();
    town.chat.change_policy(&host, Policy { holds: true, ..Policy::default() }).await.unwrap();
    for (who, id) in [(&bo, "1"), (&cy, "2")] {
        let one = sent(&town, who, room.id, id, b"waits", 9).await.unwrap().file.unwrap();
        let writer = town.chat.writer(Some(who), room.id).await.unwrap();
        assert_eq!(problem(town.chat.post_with(&writer, &client_id(id), "", &[one.blob]).await), Problem::Held);
    }
    assert_eq!(on_disk(&town), 2);
    town.chat.ban(&host, bo.person.id, "").await.unwrap();
    town.chat.tidy().await.unwrap();
    assert_eq!(on_disk(&town), 2, "a ban can be undone");
    town.clock.advance(3_600_001);
    town.chat.tidy().await.unwrap();
    assert_eq!(on_disk(&town), 1);
    town.chat.clear(&host, cy.person.id, 90, "").await.unwrap();
    assert_eq!(on_disk(&town), 0);
    let db = town.db().await;
    let count = sea_orm::Statement::from_string(db.get_database_backend(), "SELECT COUNT(*) AS files FROM upload");
    let row = sea_orm::ConnectionTrait::query_one_raw(&db, count).await.unwrap().unwrap();
    assert_eq!(row.try_get::<i64>("", "files").unwrap(), 0, "nor does a line of them stay");
}

//! What a host did about somebody, undone: they are what they were, unless somebody else had a say in it
//! meanwhile.

use crate::attachments::sent;
use crate::live::Ear;
use crate::messages::client_id;
use crate::moderation::Stage;
use crate::town::problem;
use chat::{Problem, Thing};
use domain::DeedId;
use domain::audit::Act;
use domain::event::What;
use domain::live::Frame;
use domain::member::Role;
use domain::moderation::{MuteFor, Policy};
use domain::room::RoomLine;
use domain::unread::Level;

impl Stage {
    async fn undoes(&self, deed: DeedId) -> chat::Result<()> {
        self.town.chat.undo_deed(&self.host().await, deed).await
    }

    /// The room in bo's list.
    async fn line(&self) -> RoomLine {
        let lines = self.town.chat.rooms(Some(&self.bo)).await.unwrap();
        lines.into_iter().find(|line| line.room.id == self.room.id).unwrap()
    }
}

fn code(answer: chat::Result<chat::Posted>) -> &'static str {
    problem(answer).code()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mute_that_is_undone_leaves_the_one_before() {
    let stage = Stage::new().await;
    let (chat, bo) = (&stage.town.chat, stage.bo.person.id);
    let mut ear = Ear::at(chat, Some(&stage.bo), stage.room.id, None).await;
    let first = chat.mute(&stage.host().await, bo, MuteFor::TenMinutes, "loud").await.unwrap();
    let second = chat.mute(&stage.host().await, bo, MuteFor::Good, "louder").await.unwrap();
    assert_eq!(problem(stage.undoes(first).await).code(), "changed", "not over what was done since");
    stage.undoes(second).await.unwrap();
    let before = Problem::Muted { wait_ms: Some(600_000), reason: "loud".into() };
    assert_eq!(problem(stage.say(&stage.bo, "1", "x").await), before);
    let told = Frame::Quiet { room: stage.room.id, problem: Some(before) };
    ear.hear_until("the mute before", |ear| ear.frames.iter().filter(|frame| **frame == told).count() == 2).await;
    stage.undoes(first).await.unwrap();
    stage.say(&stage.bo, "1", "x").await.unwrap();
    let free = Frame::Quiet { room: stage.room.id, problem: None };
    ear.hear_until("free", |ear| ear.frames.contains(&free)).await;
    stage.undoes(first).await.unwrap();
    assert_eq!(stage.acts().await[..4], [Act::Unmuted, Act::Unmuted, Act::Muted, Act::Muted], "a second time nothing");
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_was_banned_by_mistake_belongs_to_the_room_as_before() {
    let stage = Stage::new().await;
    let (chat, room, bo) = (&stage.town.chat, stage.room.id, stage.bo.person.id);
    stage.say(&stage.ana, "1", "seen").await.unwrap();
    chat.mark_read(&stage.bo, room).await.unwrap();
    chat.change_level(&stage.bo, room, Level::Mentions).await.unwrap();
    chat.pin(&stage.bo, room, true).await.unwrap();
    stage.say(&stage.ana, "2", "not seen").await.unwrap();
    let mut ear = Ear::at(chat, Some(&stage.cy), room, None).await;
    let deed = chat.ban(&stage.host().await, bo, "spam").await.unwrap();
    assert_eq!(code(stage.say(&stage.bo, "3", "x").await), "removed");
    stage.undoes(deed).await.unwrap();
    let line = stage.line().await;
    assert_eq!((line.role, line.level, line.pinned, line.unread), (Some(Role::Member), Level::Mentions, true, 1));
    let joined = |what: &What| matches!(what, What::Joined { member } if member.person.id == bo);
    ear.hear_until("bo is back", |ear| ear.events().iter().any(|event| joined(&event.what))).await;
    stage.say(&stage.bo, "3", "back").await.unwrap();
    assert_eq!(stage.acts().await[..3], [Act::MemberAdded, Act::Unbanned, Act::Banned]);
    stage.undoes(deed).await.unwrap();
    assert_eq!(stage.acts().await.len(), 4, "a second time does nothing; the room's making is the first");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_declined_waits_again_with_its_files_until_an_hour_is_over() {
    let stage = Stage::new().await;
    let (chat, room) = (&stage.town.chat, stage.room.id);
    stage.policy(Policy { holds: true, ..Policy::default() }).await;
    let file = sent(&stage.town, &stage.bo, room, "1", b"a file", 9).await.unwrap().file.unwrap();
    let writer = chat.writer(Some(&stage.bo), room).await.unwrap();
    assert_eq!(problem(chat.post_with(&writer, &client_id("1"), "look", &[file.blob]).await), Problem::Held);
    let mut ear = Ear::at(chat, Some(&stage.bo), room, None).await;
    let waiting = async || chat.held(&stage.host().await).await.unwrap();
    let first = waiting().await.remove(0);
    let (deed, author) = chat.decline(&stage.host().await, first.id).await.unwrap();
    assert_eq!((author, waiting().await.len()), (stage.bo.person.id, 0));
    assert_eq!(problem(stage.say(&stage.bo, "1", "look").await), Problem::Declined);
    stage.undoes(deed).await.unwrap();
    stage.undoes(deed).await.unwrap();
    assert_eq!(waiting().await, std::slice::from_ref(&first), "once, whole, at its place");
    assert_eq!(problem(stage.say(&stage.bo, "1", "look").await), Problem::Held);
    let told = |problem| Frame::Refused { of: "1".into(), room: Some(room), problem };
    ear.hear_until("both answers", |ear| {
        let at = |problem: Problem| ear.frames.iter().position(|frame| *frame == told(problem.clone()));
        at(Problem::Held).is_some_and(|held| at(Problem::Declined).is_some_and(|declined| declined < held))
    })
    .await;
    assert_eq!(stage.acts().await[..2], [Act::WaitsAgain, Act::Declined]);

    // Both at once, and back.
    let (both, _) = chat.decline_and_mute(&stage.host().await, first.id).await.unwrap();
    assert_eq!(code(stage.say(&stage.bo, "2", "x").await), "muted");
    stage.undoes(both).await.unwrap();
    assert_eq!(waiting().await, std::slice::from_ref(&first));
    chat.approve(&stage.host().await, first.id).await.unwrap();
    assert_eq!(problem(stage.undoes(deed).await), Problem::Gone, "it was said meanwhile");
    assert_eq!(stage.history().await.last().unwrap().1, "look");

    stage.say(&stage.bo, "3", "too late").await.unwrap_err();
    let late = waiting().await[0].id;
    let (deed, _) = chat.decline(&stage.host().await, late).await.unwrap();
    stage.town.clock.advance(3_600_001);
    chat.tidy().await.unwrap();
    assert_eq!(problem(stage.undoes(deed).await), Problem::Gone);
    let db = stage.town.db().await;
    let kept = sea_orm::Statement::from_string(db.get_database_backend(), "SELECT text FROM held WHERE declined");
    let rows = sea_orm::ConnectionTrait::query_all_raw(&db, kept).await.unwrap();
    let texts: Vec<String> = rows.iter().map(|row| row.try_get("", "text").unwrap()).collect();
    assert_eq!(texts, [""], "then its words are gone");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_ban_that_is_undone_lets_wait_again_what_waited() {
    let stage = Stage::new().await;
    let chat = &stage.town.chat;
    stage.policy(Policy { holds: true, ..Policy::default() }).await;
    for id in ["1", "2", "3"] {
        assert_eq!(problem(stage.say(&stage.bo, id, id).await), Problem::Held);
    }
    let waiting = async || chat.held(&stage.host().await).await.unwrap();
    let all = waiting().await;
    // One was refused for itself, before.
    let (declined, _) = chat.decline(&stage.host().await, all[0].id).await.unwrap();
    let ban = chat.ban(&stage.host().await, stage.bo.person.id, "").await.unwrap();
    assert!(waiting().await.is_empty());
    assert_eq!(problem(stage.undoes(declined).await).code(), "changed", "not of somebody who is banned");
    assert!(waiting().await.is_empty());
    stage.undoes(ban).await.unwrap();
    assert_eq!(waiting().await, all[1..]);
    stage.undoes(declined).await.unwrap();
    assert_eq!(waiting().await, all);
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_was_removed_is_a_member_again_once() {
    let stage = Stage::new().await;
    let (chat, room, bo) = (&stage.town.chat, stage.room.id, stage.bo.person.id);
    let kicked = chat.kick(&stage.host().await, bo, "").await.unwrap();
    // They came back by themselves.
    chat.enter(&stage.bo, room).await.unwrap();
    stage.undoes(kicked).await.unwrap();
    let removed = chat.remove_member(&stage.host().await, bo).await.unwrap().unwrap();
    stage.undoes(removed).await.unwrap();
    let members = chat.members(stage.host().await.reader()).await.unwrap();
    assert_eq!(members.iter().filter(|member| member.person.id == bo).count(), 1);

    // A host's links went with them: that does not come back.
    chat.add_member(&stage.host().await, bo, Role::Host).await.unwrap();
    assert_eq!(chat.remove_member(&stage.host().await, bo).await.unwrap(), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn only_who_did_it_undoes_it_within_an_hour_also_in_an_archived_room() {
    let stage = Stage::new().await;
    let (chat, bo, cy) = (&stage.town.chat, stage.bo.person.id, stage.cy.person.id);
    chat.add_member(&stage.host().await, cy, Role::Host).await.unwrap();
    let other = chat.host(Some(&stage.cy), stage.room.id).await.unwrap();
    let deed = chat.ban(&stage.host().await, bo, "").await.unwrap();
    assert_eq!(problem(chat.undo_deed(&other, deed).await), Problem::Gone);
    chat.archive_room(&stage.host().await, true).await.unwrap();
    stage.undoes(deed).await.unwrap();
    chat.reader(Some(&stage.bo), stage.room.id).await.unwrap();
    chat.archive_room(&stage.host().await, false).await.unwrap();

    let late = chat.kick(&stage.host().await, bo, "").await.unwrap();
    stage.town.clock.advance(3_600_001);
    assert_eq!(problem(stage.undoes(late).await), Problem::Gone);

    // Nobody is made a member who has no account any more.
    chat.enter(&stage.bo, stage.room.id).await.unwrap();
    let gone = chat.kick(&stage.host().await, bo, "").await.unwrap();
    let (root, _) = stage.town.admin("root").await;
    chat.disable_person(&chat.admin(Some(&root)).unwrap(), bo, true).await.unwrap();
    assert_eq!(problem(stage.undoes(gone).await), Problem::not_found(Thing::Person));
}

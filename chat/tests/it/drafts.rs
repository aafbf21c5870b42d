//! Drafts: one's own, on every device, until they are said.

use crate::backup::file;
use crate::moderation::Stage;
use crate::town::{PASSWORD, Town, problem, visit};
use chat::{Problem, Rule, Who};
use domain::RoomId;
use domain::room::Visibility;

async fn keeps(town: &Town, who: Option<&Who>, room: RoomId, text: &str) -> chat::Result<()> {
    let reader = town.chat.reader(who, room).await?;
    town.chat.keep_draft(&reader, text).await
}

async fn finds(town: &Town, who: &Who, room: RoomId) -> String {
    let reader = town.chat.reader(Some(who), room).await.unwrap();
    town.chat.draft(&reader).await.unwrap()
}

async fn listed(town: &Town, who: Option<&Who>) -> Vec<Option<String>> {
    town.chat.rooms(who).await.unwrap().into_iter().map(|line| line.draft).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_draft_is_ones_own_and_on_every_device() {
    let Stage { town, ana, bo, room, .. } = Stage::new().await;
    keeps(&town, Some(&ana), room.id, "  half a\nthought ").await.unwrap();
    let phone = town.chat.sign_in("ana", PASSWORD, &visit()).await.unwrap().who;
    assert_eq!(finds(&town, &phone, room.id).await, "  half a\nthought ");
    assert_eq!(finds(&town, &bo, room.id).await, "");
    assert_eq!(listed(&town, Some(&ana)).await, [Some("half a thought".to_owned())]);
    assert_eq!(listed(&town, Some(&bo)).await, [None]);
    assert_eq!(listed(&town, None).await, [None]);
    keeps(&town, Some(&phone), room.id, "a whole one").await.unwrap();
    assert_eq!(finds(&town, &ana, room.id).await, "a whole one");
    keeps(&town, Some(&ana), room.id, " \n").await.unwrap();
    assert_eq!(finds(&town, &phone, room.id).await, "");
    assert_eq!(listed(&town, Some(&ana)).await, [None]);
    keeps(&town, Some(&ana), room.id, "").await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn who_may_not_read_the_room_has_no_draft_there_and_none_is_endless() {
    let Stage { town, ana, bo, room, .. } = Stage::new().await;
    assert_eq!(problem(keeps(&town, None, room.id, "x").await), Problem::SignInNeeded);
    let den = town.room("den", Visibility::Private, &ana).await;
    assert!(matches!(problem(keeps(&town, Some(&bo), den.id, "x").await), Problem::NotFound { .. }));
    keeps(&town, Some(&bo), room.id, &"字".repeat(20_000)).await.unwrap();
    let long = problem(keeps(&town, Some(&bo), room.id, &"字".repeat(20_001)).await);
    assert_eq!(long, Problem::invalid("text", Rule::TooLong { max: 20_000 }));
}

#[tokio::test(flavor = "multi_thread")]
async fn drafts_are_in_backups_and_go_with_their_room() {
    let Stage { town, ana, room, .. } = Stage::new().await;
    keeps(&town, Some(&ana), room.id, "kept").await.unwrap();
    let (_folder, copy) = file();
    town.backup(&copy).await.unwrap();
    let again = Town::restored(&copy).await;
    let ana_there = again.chat.sign_in("ana", PASSWORD, &visit()).await.unwrap().who;
    assert_eq!(finds(&again, &ana_there, room.id).await, "kept");
    let (_, admin) = town.admin("root").await;
    town.chat.remove_room(&admin, room.id, &room.title).await.unwrap();
    assert_eq!(town.examine().await.damages, 0);
}

//! Files that whoever has their address may read.

use crate::attachments::sent;
use crate::files::png;
use crate::messages::client_id;
use crate::moderation::Stage;
use crate::town::problem;
use chat::{Problem, Thing};
use domain::room::Visibility;

const DAY: i64 = 24 * 60 * 60 * 1_000;

#[tokio::test(flavor = "multi_thread")]
async fn an_open_file_is_read_by_its_address_and_said_anywhere() {
    let Stage { town, ana, bo, room, .. } = Stage::new().await;
    let missing = Problem::not_found(Thing::File);
    let blob = sent(&town, &ana, room.id, "lake.png", &png(7, 5), 1_000).await.unwrap().blob;
    let closed = sent(&town, &ana, room.id, "sea.png", &png(7, 5), 1_000).await.unwrap().blob;
    let writer = town.chat.writer(Some(&ana), room.id).await.unwrap();
    let other = town.chat.writer(Some(&bo), room.id).await.unwrap();
    assert_eq!(problem(town.chat.open_upload(&other, &blob).await), missing, "not one's own");
    assert_eq!(problem(town.chat.open_file(&blob).await), missing);
    assert_eq!(town.chat.open_upload(&writer, &blob).await.unwrap().blob, blob);
    assert_eq!(town.chat.open_file(&blob).await.unwrap().media_type, "image/png");
    assert_eq!(problem(town.chat.open_file(&closed).await), missing);
    assert_eq!(town.chat.bring_open_file(&writer, &closed).await.unwrap(), None);
    // In its own room it is said itself, once; anywhere else, and once more, a copy.
    assert_eq!(town.chat.bring_open_file(&writer, &blob).await.unwrap(), Some(blob.clone()));
    let first = town.chat.post_with(&writer, &client_id("a"), "", std::slice::from_ref(&blob)).await.unwrap().message;
    let hall = town.room("hall-2", Visibility::Open, &bo).await;
    let there = town.chat.writer(Some(&bo), hall.id).await.unwrap();
    for (writer, id) in [(&writer, "b"), (&there, "c")] {
        let copy = town.chat.bring_open_file(writer, &blob).await.unwrap().unwrap();
        assert_ne!(copy, blob);
        town.chat.post_with(writer, &client_id(id), "", std::slice::from_ref(&copy)).await.unwrap();
        town.clock.advance(2 * DAY);
        town.chat.tidy().await.unwrap();
        assert!(town.chat.open_file(&copy).await.is_ok(), "as long as its message");
    }
    assert_eq!(problem(town.chat.open_upload(&writer, &blob).await), missing, "it is in a message");
    let (root, _) = town.admin("root").await;
    let reader = town.chat.reader(Some(&root), room.id).await.unwrap();
    town.chat.recall(&reader, first.id).await.unwrap();
    assert_eq!(problem(town.chat.open_file(&blob).await), missing);
    assert_eq!(town.chat.bring_open_file(&there, &blob).await.unwrap(), None);
}

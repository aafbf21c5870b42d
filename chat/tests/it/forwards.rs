//! Forwarding: the words with whose they are, by the rules of where they go.

use crate::attachments::{file, no_file, on_disk, read, says};
use crate::files::png;
use crate::messages::client_id;
use crate::moderation::Stage;
use crate::town::problem;
use chat::{Problem, Thing, Who};
use domain::message::Message;
use domain::moderation::Policy;
use domain::picture::Size;
use domain::room::{Room, Visibility};
use domain::span::{Span, plain};
use domain::{MessageId, RoomId};

impl Stage {
    async fn forward(&self, who: &Who, from: RoomId, id: MessageId, to: &Room, name: &str) -> chat::Result<Message> {
        let chat = &self.town.chat;
        let reader = chat.reader(Some(who), from).await?;
        let writer = chat.writer(Some(who), to.id).await?;
        Ok(chat.forward(&reader, id, &writer, &client_id(name)).await?.message)
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn words_are_forwarded_with_their_origin() {
    let stage = Stage::new().await;
    let (hall, chat) = (stage.room.id, &stage.town.chat);
    let den = stage.town.room("den", Visibility::Private, &stage.bo).await;
    let pub_ = stage.town.room("pub", Visibility::Open, &stage.bo).await;
    let said = stage.say(&stage.ana, "1", "see **this** @bo").await.unwrap().message;
    let there = stage.forward(&stage.bo, hall, said.id, &den, "f1").await.unwrap();
    let origin = |room: Option<&str>| Span::Forwarded { name: "ana".into(), room: room.map(str::to_owned) };
    assert_eq!(there.spans[0], origin(Some("Room hall")));
    assert_eq!((plain(&there.spans).as_str(), there.author.name.as_str()), ("see this @bo", "bo"));
    assert!(!there.spans.iter().any(|span| matches!(span, Span::Mention { .. })), "nobody is called a second time");
    assert_eq!(stage.forward(&stage.bo, hall, said.id, &den, "f1").await.unwrap(), there, "a resend");
    // Forwarded once more, it still is whose it was.
    let again = stage.forward(&stage.bo, den.id, there.id, &pub_, "f2").await.unwrap();
    assert_eq!(again.spans[0], origin(Some("Room hall")));
    // A private room is not named elsewhere.
    stage.town.says(&stage.bo, den.id, "a secret place").await;
    let inside = chat.reader(Some(&stage.bo), den.id).await.unwrap();
    let secret = chat.history(&inside, None).await.unwrap().messages.pop().unwrap();
    let out = stage.forward(&stage.bo, den.id, secret.id, &pub_, "f3").await.unwrap();
    assert_eq!(out.spans[0], Span::Forwarded { name: "bo".into(), room: None });
    // They are somebody else's words: nobody changes them.
    let writer = chat.writer(Some(&stage.bo), den.id).await.unwrap();
    assert_eq!(problem(chat.edit(&writer, there.id, "never said").await), Problem::NotAllowed);
}

#[tokio::test(flavor = "multi_thread")]
async fn both_rooms_decide() {
    let stage = Stage::new().await;
    let hall = stage.room.id;
    let den = stage.town.room("den", Visibility::Private, &stage.ana).await;
    let said = stage.say(&stage.ana, "1", "news").await.unwrap().message;
    let refused = problem(stage.forward(&stage.bo, hall, said.id, &den, "f").await);
    assert_eq!(refused, Problem::not_found(Thing::Room), "not where one may not write");
    stage.town.says(&stage.ana, den.id, "inside").await;
    assert_eq!(
        problem(stage.forward(&stage.bo, den.id, said.id, &stage.room, "f").await),
        Problem::not_found(Thing::Room)
    );
    assert_eq!(
        problem(stage.forward(&stage.bo, hall, MessageId(2), &stage.room, "f").await),
        Problem::not_found(Thing::Message),
        "another room's"
    );
    // What waits for approval comes with its origin.
    stage.policy(Policy { holds: true, ..Policy::default() }).await;
    assert_eq!(problem(stage.forward(&stage.bo, hall, said.id, &stage.room, "f").await), Problem::Held);
    let (host, chat) = (stage.host().await, &stage.town.chat);
    let held = chat.held(&host).await.unwrap();
    let id = chat.approve(&host, held[0].id).await.unwrap();
    let now = chat.message(host.reader(), id).await.unwrap();
    assert_eq!(now.spans[0], Span::Forwarded { name: "ana".into(), room: Some("Room hall".into()) });
    chat.recall(host.reader(), said.id).await.unwrap();
    assert_eq!(problem(stage.forward(&stage.ana, hall, said.id, &den, "g").await), Problem::Gone);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_forwarded_file_belongs_to_both_rooms() {
    let Stage { town, ana, bo, cy, room } = Stage::new().await;
    let den = town.room("den", Visibility::Private, &bo).await;
    let photo = file(&town, &ana, room.id, "lake.png", &png(300, 200)).await;
    let said = says(&town, &ana, room.id, "1", "", &[&photo]).await.unwrap();
    let forward = async |who: &Who, to: RoomId, id: &str| {
        let from = town.chat.reader(Some(who), room.id).await?;
        let to = town.chat.writer(Some(who), to).await?;
        town.chat.forward(&from, said.id, &to, &client_id(id)).await
    };
    let before = on_disk(&town).0;
    let there = forward(&bo, den.id, "f").await.unwrap().message;
    let copy = &there.files[0];
    assert_eq!((copy.name.as_str(), copy.look, copy.bytes), ("lake.png", photo.look, photo.bytes));
    assert_ne!(copy.blob, photo.blob);
    // Each room shows its own, to its own readers.
    assert!(read(&town, Some(&bo), den.id, copy, Size::Full).await.is_ok());
    assert_eq!(problem(read(&town, Some(&bo), room.id, copy, Size::Full).await), no_file());
    assert_eq!(problem(read(&town, Some(&cy), den.id, copy, Size::Full).await), Problem::not_found(Thing::Room));
    let files = on_disk(&town).0;
    // A resend makes no second message, and no second file.
    let again = forward(&bo, den.id, "f").await.unwrap();
    assert_eq!((again.was_new, again.message.id, on_disk(&town).0), (false, there.id, files));
    assert!(files > before);
    // Where files are not taken from everybody, neither are these; nothing is left of the attempt.
    let host = town.chat.host(Some(&ana), room.id).await.unwrap();
    town.chat.change_policy(&host, Policy { files: false, ..Policy::default() }).await.unwrap();
    assert_eq!(problem(forward(&bo, room.id, "g").await), Problem::NoFiles);
    assert_eq!(on_disk(&town).0, files);
    // Taken back in one room, it is still in the other.
    town.chat.recall(host.reader(), said.id).await.unwrap();
    assert_eq!(problem(read(&town, Some(&bo), room.id, &photo, Size::Full).await), no_file());
    assert!(read(&town, Some(&bo), den.id, copy, Size::Full).await.is_ok());
    assert_eq!(problem(forward(&bo, den.id, "h").await), Problem::Gone);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_forward_that_waits_for_approval_keeps_its_file() {
    let Stage { town, ana, bo, room, .. } = Stage::new().await;
    let den = town.room("den", Visibility::Private, &bo).await;
    let photo = file(&town, &bo, den.id, "lake.png", &png(30, 20)).await;
    let said = says(&town, &bo, den.id, "1", "look", &[&photo]).await.unwrap();
    let host = town.chat.host(Some(&ana), room.id).await.unwrap();
    town.chat.change_policy(&host, Policy { holds: true, ..Policy::default() }).await.unwrap();
    let from = town.chat.reader(Some(&bo), den.id).await.unwrap();
    let to = town.chat.writer(Some(&bo), room.id).await.unwrap();
    for _ in 0..2 {
        assert_eq!(problem(town.chat.forward(&from, said.id, &to, &client_id("f")).await), Problem::Held);
    }
    let held = town.chat.held(&host).await.unwrap();
    assert_eq!(held.len(), 1);
    let id = town.chat.approve(&host, held[0].id).await.unwrap();
    let now = town.chat.message(host.reader(), id).await.unwrap();
    assert!(read(&town, Some(&ana), room.id, &now.files[0], Size::Full).await.is_ok());
}

//! Forwarding: the words with whose they are, by the rules of where they go.

use crate::messages::client_id;
use crate::moderation::Stage;
use crate::town::problem;
use chat::{Problem, Thing, Who};
use domain::message::Message;
use domain::moderation::Policy;
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

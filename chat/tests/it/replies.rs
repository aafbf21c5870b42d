//! Answers: a quote is what the message says now.

use crate::live::Ear;
use crate::messages::client_id;
use crate::moderation::Stage;
use crate::town::problem;
use chat::{Problem, Thing};
use domain::MessageId;
use domain::event::What;
use domain::live::Position;
use domain::message::{Message, Quote};
use domain::moderation::Policy;
use domain::room::Visibility;

impl Stage {
    pub async fn reply(&self, id: &str, text: &str, to: MessageId) -> chat::Result<Message> {
        let writer = self.town.chat.writer(Some(&self.cy), self.room.id).await?;
        Ok(self.town.chat.reply(&writer, &client_id(id), text, &[], Some(to)).await?.message)
    }

    async fn last(&self) -> Message {
        let reader = self.town.chat.reader(None, self.room.id).await.unwrap();
        self.town.chat.history(&reader, None).await.unwrap().messages.pop().unwrap()
    }
}

fn quote(of: &Message, line: Option<&str>) -> Quote {
    Quote { id: of.id, seq: of.seq, author: of.author.clone(), line: line.map(str::to_owned) }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_quote_follows_what_it_quotes() {
    let stage = Stage::new().await;
    let (chat, room) = (&stage.town.chat, stage.room.id);
    let said = stage.say(&stage.bo, "1", "**zebra**?\nmore").await.unwrap().message;
    let mut ear = Ear::at(chat, None, room, None).await;
    let reply = stage.reply("2", "this", said.id).await.unwrap();
    let wanted = Some(Box::new(quote(&said, Some("zebra?"))));
    assert_eq!((&reply.reply, &stage.last().await.reply), (&wanted, &wanted));
    ear.hear_up_to(reply.seq).await;
    assert!(matches!(&ear.events().last().unwrap().what, What::Said { message } if message.reply == wanted));
    assert_eq!(stage.reply("2", "this again", said.id).await.unwrap(), reply, "a resend");

    let (before, long) = (stage.place().await, "x".repeat(500));
    stage.edit(&stage.bo, said.id, &long).await.unwrap();
    assert_eq!(stage.last().await.reply.unwrap().line, Some(format!("{}…", "x".repeat(120))));
    let reader = chat.reader(Some(&stage.bo), room).await.unwrap();
    chat.recall(&reader, said.id).await.unwrap();
    assert_eq!(stage.last().await.reply, Some(Box::new(quote(&said, None))));
    // From the beginning, nobody hears the words again.
    let mut late = Ear::at(chat, Some(&stage.cy), room, Some(Position { seq: 0, ..before })).await;
    late.hear_up_to(before.seq + 2).await;
    assert!(!format!("{:?}", late.frames).contains("zebra") && !format!("{:?}", late.frames).contains("xxx"));
    assert_eq!(stage.town.examine().await.findings, []);
}

#[tokio::test(flavor = "multi_thread")]
async fn only_what_is_in_the_room_is_answered() {
    let stage = Stage::new().await;
    let den = stage.town.room("den", Visibility::Private, &stage.ana).await;
    stage.town.says(&stage.ana, den.id, "a secret").await;
    let inside = stage.town.chat.reader(Some(&stage.ana), den.id).await.unwrap();
    let secret = stage.town.chat.history(&inside, None).await.unwrap().messages.remove(0);
    for id in [secret.id, MessageId(0), MessageId(99)] {
        assert_eq!(problem(stage.reply("c", "what?", id).await), Problem::not_found(Thing::Message));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_waited_is_still_one() {
    let stage = Stage::new().await;
    let said = stage.say(&stage.ana, "1", "well?").await.unwrap().message;
    stage.policy(Policy { holds: true, ..Policy::default() }).await;
    assert_eq!(problem(stage.reply("2", "so", said.id).await), Problem::Held);
    let host = stage.host().await;
    let held = stage.town.chat.held(&host).await.unwrap();
    stage.town.chat.approve(&host, held[0].id).await.unwrap();
    assert_eq!(stage.last().await.reply, Some(Box::new(quote(&said, Some("well?")))));
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_are_in_the_copy_of_a_house() {
    let stage = Stage::new().await;
    let said = stage.say(&stage.bo, "1", "well?").await.unwrap().message;
    stage.reply("2", "@bo so", said.id).await.unwrap();
    stage.react(&stage.cy, said.id, "👍", true).await.unwrap();
    stage.hide(&stage.cy, said.id, true).await.unwrap();
    let file = stage.town.data().join("copy.tar");
    stage.town.backup(&file).await.unwrap();
    let town = crate::town::Town::restored(&file).await;
    let seen = async |chat: &chat::Chat, who| {
        chat.history(&chat.reader(who, stage.room.id).await.unwrap(), None).await.unwrap().messages
    };
    let cy = town.chat.sign_in("cy", crate::town::PASSWORD, &crate::town::visit()).await.unwrap().who;
    assert_eq!(seen(&town.chat, None).await, seen(&stage.town.chat, None).await);
    assert_eq!(seen(&town.chat, Some(&cy)).await.len(), 1, "what was hidden is");
    assert_eq!(crate::mentions::mentioned(&town).await, crate::mentions::mentioned(&stage.town).await);
}

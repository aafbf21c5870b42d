//! Reactions: once per person and emoji, however often and from wherever they are asked for.

use crate::live::Ear;
use crate::moderation::Stage;
use crate::town::{Town, problem};
use chat::{Limits, Problem, Registration, Rule, Thing, Who};
use domain::MessageId;
use domain::event::What;
use domain::reaction::{MAX_KINDS, Reaction};
use domain::room::Visibility;

impl Stage {
    pub async fn react(&self, who: &Who, id: MessageId, emoji: &str, on: bool) -> chat::Result<()> {
        let writer = self.town.chat.writer(Some(who), self.room.id).await?;
        self.town.chat.react(&writer, id, emoji, on).await
    }

    async fn reactions(&self, who: Option<&Who>, id: MessageId) -> Vec<Reaction> {
        let reader = self.town.chat.reader(who, self.room.id).await.unwrap();
        let history = self.town.chat.room_state(&reader).await.unwrap().history;
        let found = history.messages.into_iter().find(|message| message.id == id).unwrap();
        let around = self.town.chat.history_around(&reader, found.seq).await.unwrap();
        assert!(around.messages.contains(&found), "the same on a page that opens at it");
        found.reactions
    }
}

fn counted(emoji: &str, count: u32, mine: bool) -> Reaction {
    Reaction { emoji: emoji.into(), count, mine }
}

#[tokio::test(flavor = "multi_thread")]
async fn everybody_sees_how_many_and_who_on_demand() {
    let stage = Stage::new().await;
    let (chat, room) = (&stage.town.chat, stage.room.id);
    let said = stage.say(&stage.ana, "1", "done").await.unwrap().message;
    let before = stage.place().await;
    stage.react(&stage.bo, said.id, "👍", true).await.unwrap();
    stage.react(&stage.bo, said.id, "❤", true).await.unwrap();
    stage.react(&stage.ana, said.id, "👍", true).await.unwrap();
    assert_eq!(stage.reactions(None, said.id).await, [counted("👍", 2, false), counted("❤️", 1, false)]);
    assert_eq!(stage.reactions(Some(&stage.ana), said.id).await, [counted("👍", 2, true), counted("❤️", 1, false)]);
    stage.react(&stage.bo, said.id, "❤️", false).await.unwrap();
    stage.react(&stage.bo, said.id, "❤️", false).await.unwrap();
    let mut ear = Ear::at(chat, None, room, Some(before)).await;
    ear.hear_up_to(before.seq + 4).await;
    let told = |by: &Who, emoji: &str, on, count| What::Reacted {
        message: said.id,
        by: by.person.id,
        emoji: emoji.into(),
        on,
        count,
    };
    let what: Vec<_> = ear.events().iter().map(|event| event.what.clone()).collect();
    let (ana, bo) = (&stage.ana, &stage.bo);
    assert_eq!(
        what,
        [told(bo, "👍", true, 1), told(bo, "❤️", true, 1), told(ana, "👍", true, 2), told(bo, "❤️", false, 0)]
    );
    let reader = chat.reader(Some(ana), room).await.unwrap();
    let who: Vec<_> = chat.who_reacted(&reader, said.id).await.unwrap();
    assert_eq!(who, [("👍".to_owned(), bo.person.clone()), ("👍".to_owned(), ana.person.clone())]);
    let guest = chat.reader(None, room).await.unwrap();
    assert_eq!(chat.who_reacted(&guest, said.id).await.unwrap(), [], "guests see no list of people");
    assert_eq!(stage.town.examine().await.findings, []);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_request_many_times_at_once_counts_once() {
    let stage = Stage::new().await;
    let said = stage.say(&stage.ana, "1", "done").await.unwrap().message;
    let before = stage.place().await;
    for on in [true, false] {
        let all = (0..20).map(|_| stage.react(&stage.bo, said.id, "🎉", on));
        for done in futures::future::join_all(all).await {
            done.unwrap();
        }
        assert_eq!(stage.reactions(None, said.id).await.len(), usize::from(on));
    }
    assert_eq!(stage.place().await.seq, before.seq + 2, "two events for forty requests");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_reaction_is_refused() {
    let stage = Stage::new().await;
    let (chat, room) = (&stage.town.chat, stage.room.id);
    let said = stage.say(&stage.ana, "1", "done").await.unwrap().message;
    for wrong in ["", "+1", "👍👍", "<img>"] {
        let refused = problem(stage.react(&stage.bo, said.id, wrong, true).await);
        assert_eq!(refused, Problem::invalid("emoji", Rule::Shape), "{wrong}");
    }
    assert_eq!(problem(stage.react(&stage.bo, MessageId(99), "👍", true).await), Problem::not_found(Thing::Message));
    let kinds: Vec<String> =
        (0..=MAX_KINDS as u32).filter_map(|n| char::from_u32(0x1F400 + n)).map(String::from).collect();
    for kind in &kinds[..MAX_KINDS] {
        stage.react(&stage.bo, said.id, kind, true).await.unwrap();
    }
    let refused = problem(stage.react(&stage.ana, said.id, &kinds[MAX_KINDS], true).await);
    assert_eq!(refused, Problem::invalid("emoji", Rule::TooMany { max: 20 }));
    stage.react(&stage.ana, said.id, &kinds[0], true).await.unwrap();
    assert_eq!(stage.reactions(None, said.id).await.len(), MAX_KINDS);
    // With the message its reactions are gone, and none is added any more.
    let reader = chat.reader(Some(&stage.ana), room).await.unwrap();
    chat.recall(&reader, said.id).await.unwrap();
    assert_eq!(stage.reactions(None, said.id).await, []);
    assert_eq!(chat.who_reacted(&reader, said.id).await.unwrap(), []);
    assert_eq!(problem(stage.react(&stage.bo, said.id, "👍", true).await), Problem::Gone);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_flood_of_reactions_waits() {
    let town = Town::of(Registration::Open, Limits::default()).await;
    let (ana, bo) = (town.person("ana").await, town.person("bo").await);
    let hall = town.room("hall", Visibility::Public, &ana).await;
    town.says(&ana, hall.id, "go").await;
    let writer = town.chat.writer(Some(&bo), hall.id).await.unwrap();
    let said = town.chat.history(writer.reader(), None).await.unwrap().messages.remove(0).id;
    let mut taken = 0;
    let wait = loop {
        match town.chat.react(&writer, said, "👍", taken % 2 == 0).await {
            Ok(()) => taken += 1,
            refused => break problem(refused),
        }
    };
    assert!((30..60).contains(&taken) && wait.code() == "too_fast", "{taken} {wait}");
}

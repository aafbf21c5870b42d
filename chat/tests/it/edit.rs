//! Changing what one said: by the rules of saying it, and nobody reads the old text again.

use crate::live::Ear;
use crate::moderation::Stage;
use crate::recall::stored_texts;
use crate::search::asked;
use crate::town::{Town, problem};
use chat::{Problem, Rule, Thing, Who};
use domain::MessageId;
use domain::event::What;
use domain::live::Position;
use domain::moderation::{MuteFor, Policy, WordList};
use domain::span::{Span, plain};

const MINUTE: i64 = 60_000;

impl Stage {
    pub async fn edit(&self, who: &Who, id: MessageId, text: &str) -> chat::Result<()> {
        let writer = self.town.chat.writer(Some(who), self.room.id).await?;
        self.town.chat.edit(&writer, id, text).await
    }

    pub async fn place(&self) -> Position {
        let reader = self.town.chat.reader(Some(&self.ana), self.room.id).await.unwrap();
        self.town.chat.room_state(&reader).await.unwrap().position
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn only_the_new_text_is_left() {
    let stage = Stage::new().await;
    let (chat, room) = (&stage.town.chat, stage.room.id);
    let said = stage.say(&stage.bo, "1", "teh frist").await.unwrap().message;
    let before = stage.place().await;
    stage.town.clock.advance(MINUTE);
    stage.edit(&stage.bo, said.id, "the first").await.unwrap();
    stage.edit(&stage.bo, said.id, "the **first**").await.unwrap();
    stage.edit(&stage.bo, said.id, " the **first** ").await.unwrap();
    let reader = chat.reader(Some(&stage.cy), room).await.unwrap();
    let now = chat.history(&reader, None).await.unwrap().messages.remove(0);
    assert_eq!((plain(&now.spans).as_str(), now.at, now.edited), ("the first", said.at, Some(said.at + MINUTE)));
    // Whoever was away hears of both changes, and both times what it says now.
    let mut ear = Ear::at(chat, Some(&stage.cy), room, Some(before)).await;
    ear.hear_up_to(before.seq + 2).await;
    let same = What::Edited { message: said.id, spans: now.spans.clone() };
    assert!(ear.events().iter().all(|event| event.what == same), "{:?}", ear.events());
    assert_eq!(ear.events().len(), 2, "the third changed nothing");
    assert!(!stored_texts(&stage.town).await.iter().any(|text| text.contains("frist")));
    assert_eq!(stage.town.examine().await.findings, []);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_may_change_what_and_how_long() {
    let stage = Stage::new().await;
    let chat = &stage.town.chat;
    let said = stage.say(&stage.bo, "1", "mine").await.unwrap().message;
    assert_eq!(problem(stage.edit(&stage.ana, said.id, "not mine").await), Problem::NotAllowed, "not even hosts");
    assert_eq!(problem(stage.edit(&stage.bo, MessageId(99), "x").await), Problem::not_found(Thing::Message));
    assert_eq!(problem(stage.edit(&stage.bo, said.id, " ").await), Problem::invalid("text", Rule::Empty));
    stage.town.clock.advance(i64::from(Policy::default().edit) * 1_000);
    stage.edit(&stage.bo, said.id, "in time").await.unwrap();
    stage.town.clock.advance(1);
    assert_eq!(problem(stage.edit(&stage.bo, said.id, "late").await), Problem::invalid("message", Rule::Past));
    stage.policy(Policy { edit: 0, ..Policy::default() }).await;
    let own = stage.say(&stage.ana, "2", "a host's").await.unwrap().message;
    stage.town.clock.advance(MINUTE);
    stage.edit(&stage.ana, own.id, "a host's own, at any time").await.unwrap();
    stage.policy(Policy::default()).await;
    let gone = stage.say(&stage.bo, "3", "gone").await.unwrap().message;
    let reader = chat.reader(Some(&stage.bo), stage.room.id).await.unwrap();
    assert_eq!(chat.typed(&reader, gone.id).await.unwrap().as_deref(), Some("gone"));
    chat.recall(&reader, gone.id).await.unwrap();
    assert_eq!(problem(stage.edit(&stage.bo, gone.id, "back").await), Problem::Gone);
    assert_eq!(chat.typed(&reader, gone.id).await.unwrap(), None);
    let archived = stage.host().await;
    chat.archive_room(&archived, true).await.unwrap();
    assert_eq!(problem(stage.edit(&stage.ana, own.id, "x").await), Problem::NotAllowed);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_rules_of_saying_hold_for_the_new_text() {
    let stage = Stage::new().await;
    let chat = &stage.town.chat;
    let said = stage.say(&stage.bo, "1", "harmless").await.unwrap().message;
    let list = |holds| WordList { words: "赌博".into(), holds };
    chat.change_room_words(&stage.host().await, list(false)).await.unwrap();
    assert_eq!(problem(stage.edit(&stage.bo, said.id, "来赌 博").await), Problem::Filtered);
    stage.mute(&stage.bo, MuteFor::Hour).await;
    assert_eq!(problem(stage.edit(&stage.bo, said.id, "still here").await).code(), "muted");
    chat.unmute(&stage.host().await, stage.bo.person.id).await.unwrap();
    stage.policy(Policy { slow: 30, ..Policy::default() }).await;
    assert_eq!(problem(stage.edit(&stage.bo, said.id, "quick").await).code(), "slow");
    stage.town.clock.advance(30_000);
    stage.edit(&stage.bo, said.id, "slow").await.unwrap();
    assert_eq!(problem(stage.say(&stage.bo, "2", "and more").await).code(), "slow", "a change counts");

    // What waits for approval changes nothing before it is approved; only the last of several waits.
    stage.policy(Policy::default()).await;
    chat.change_room_words(&stage.host().await, list(true)).await.unwrap();
    for text in ["赌博 one", "赌博 two"] {
        assert_eq!(problem(stage.edit(&stage.bo, said.id, text).await), Problem::Held);
    }
    assert_eq!(stage.history().await[0].1, "slow");
    let host = stage.host().await;
    let held = chat.held(&host).await.unwrap();
    assert!(held.len() == 1 && held[0].is_edit && held[0].text == "赌博 two", "{held:?}");
    assert_eq!(chat.approve(&host, held[0].id).await.unwrap(), said.id);
    assert_eq!(stage.history().await, [("bo".to_owned(), "赌博 two".to_owned())]);
    // What is taken back takes with it what was to stand in its place.
    assert_eq!(problem(stage.edit(&stage.bo, said.id, "赌博 three").await), Problem::Held);
    chat.recall(host.reader(), said.id).await.unwrap();
    assert_eq!(chat.held(&host).await.unwrap(), []);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_is_found_and_what_it_replaced_is_not() {
    let stage = Stage::new().await;
    let said = stage.say(&stage.bo, "1", "alligator").await.unwrap().message;
    let last = stage.say(&stage.bo, "2", "buffalo").await.unwrap().message;
    // At once, and once the index has the words.
    stage.edit(&stage.bo, last.id, "chameleon").await.unwrap();
    assert_eq!(asked(&stage.town, "alligator", 1).await, 1);
    assert_eq!(asked(&stage.town, "chameleon", 1).await, 1);
    stage.edit(&stage.bo, said.id, "dolphin").await.unwrap();
    assert_eq!(asked(&stage.town, "dolphin", 1).await, 1);
    for old in ["alligator", "buffalo"] {
        assert_eq!(asked(&stage.town, old, 0).await, 0, "{old}");
    }
}

/// A hundred rounds of both at once: whatever comes first, nothing is left of the text.
#[tokio::test(flavor = "multi_thread")]
async fn a_recall_wins_over_a_change_at_the_same_time() {
    let stage = Stage::new().await;
    let chat: &Town = &stage.town;
    let reader = chat.chat.reader(Some(&stage.bo), stage.room.id).await.unwrap();
    for round in 0..50 {
        let said = stage.say(&stage.bo, &format!("r{round}"), "first text").await.unwrap().message;
        let (edited, recalled) =
            tokio::join!(stage.edit(&stage.bo, said.id, "second text"), chat.chat.recall(&reader, said.id));
        recalled.unwrap();
        assert!(edited.is_ok() || problem(edited) == Problem::Gone);
        let now = chat.chat.message(&reader, said.id).await.unwrap();
        assert_eq!((now.spans, now.edited), (vec![Span::Recalled { name: "bo".into() }], None));
    }
    assert!(!stored_texts(chat).await.iter().any(|text| text.contains("text")));
}

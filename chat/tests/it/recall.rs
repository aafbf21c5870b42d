//! Taking back what was said: it is gone from the store, from pages and for those who were away.

use crate::live::Ear;
use crate::moderation::Stage;
use crate::town::{Town, problem};
use chat::{Problem, Sought, Thing};
use domain::audit::Act;
use domain::event::What;
use domain::live::Position;
use domain::span::Span;
use domain::{MessageId, Rule};

const MINUTE: i64 = 60_000;

#[tokio::test(flavor = "multi_thread")]
async fn what_is_recalled_is_gone_everywhere() {
    let stage = Stage::new().await;
    let (chat, room) = (&stage.town.chat, stage.room.id);
    let said = stage.say(&stage.bo, "1", "a secret word").await.unwrap().message;
    stage.say(&stage.ana, "2", "mine").await.unwrap();
    let reader = chat.reader(Some(&stage.bo), room).await.unwrap();
    let before = chat.room_state(&reader).await.unwrap().position;
    let cy = chat.reader(Some(&stage.cy), room).await.unwrap();
    assert_eq!(problem(chat.recall(&cy, said.id).await), Problem::NotAllowed);
    let guest = chat.reader(None, room).await.unwrap();
    assert_eq!(problem(chat.recall(&guest, said.id).await), Problem::SignInNeeded);
    assert_eq!(problem(chat.recall(&reader, MessageId(99)).await), Problem::not_found(Thing::Message));
    stage.town.clock.advance(120_000);
    let around = chat.history_around(&guest, said.seq).await.unwrap().messages;
    assert_eq!(around[0].spans, said.spans);
    chat.recall(&reader, said.id).await.unwrap();
    chat.recall(&reader, said.id).await.unwrap();
    let left = vec![Span::Recalled { name: "bo".into() }];
    let history = chat.history(&guest, None).await.unwrap().messages;
    assert_eq!(history[0].spans, left);
    assert_eq!(
        chat.history_around(&guest, said.seq).await.unwrap().messages,
        history,
        "nor for whom it was read before"
    );
    // Whoever was away hears of it, and from the beginning never hears the word.
    let mut ear = Ear::at(chat, Some(&stage.cy), room, Some(before)).await;
    ear.hear_up_to(before.seq + 1).await;
    let recalled = What::Recalled { messages: vec![said.id], name: "bo".into() };
    assert_eq!(ear.events().last().unwrap().what, recalled);
    let mut from_start = Ear::at(chat, Some(&stage.cy), room, Some(Position { seq: 0, ..before })).await;
    from_start.hear_up_to(before.seq + 1).await;
    assert!(!format!("{:?}", from_start.frames).contains("secret"));
    let lines = chat.rooms(None).await.unwrap();
    assert_eq!(lines[0].last.as_ref().unwrap().text, "mine");
    assert!(!stage.acts().await.contains(&Act::Recalled), "one's own");

    // Too late for its author, not for a host.
    let late = stage.say(&stage.bo, "3", "late").await.unwrap().message;
    stage.town.clock.advance(120_001);
    assert_eq!(problem(chat.recall(&reader, late.id).await), Problem::invalid("message", Rule::Past));
    chat.recall(stage.host().await.reader(), late.id).await.unwrap();
    assert!(stage.acts().await.contains(&Act::Recalled));
    assert_eq!(chat.rooms(None).await.unwrap()[0].last, None);
    assert!(!stored_texts(&stage.town).await.iter().any(|text| text.contains("secret") || text.contains("late")));
    assert_eq!(stage.town.examine().await.findings, []);
}

/// All that the store has of what was said.
pub async fn stored_texts(town: &Town) -> Vec<String> {
    use sea_orm::{ConnectionTrait, Statement};
    let db = town.db().await;
    let sql = "SELECT text FROM message UNION ALL SELECT spans FROM message UNION ALL SELECT text FROM held \
               UNION ALL SELECT body FROM event UNION ALL SELECT detail FROM audit";
    let rows = db.query_all_raw(Statement::from_string(db.get_database_backend(), sql)).await.unwrap();
    rows.iter().map(|row| row.try_get_by_index::<String>(0).unwrap()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_last_minutes_of_somebody_are_cleared_at_once() {
    let stage = Stage::new().await;
    let (chat, room) = (&stage.town.chat, stage.room.id);
    stage.say(&stage.bo, "old", "old").await.unwrap();
    stage.town.clock.advance(10 * MINUTE);
    stage.town.say(&stage.bo, room, 700).await;
    stage.say(&stage.cy, "other", "other").await.unwrap();
    let mut ear = Ear::at(chat, None, room, None).await;
    let host = stage.host().await;
    for wrong in [0, 1_441] {
        assert_eq!(problem(chat.clear(&host, stage.bo.person.id, wrong, "").await).code(), "invalid");
    }
    assert_eq!(chat.clear(&host, stage.bo.person.id, 5, "flood").await.unwrap(), 700);
    let gone = |ear: &Ear| -> usize {
        let counts = ear.events().iter().map(|event| match &event.what {
            What::Recalled { messages, .. } => messages.len(),
            _ => 0,
        });
        counts.sum()
    };
    ear.hear_until("all of it", |ear| gone(ear) == 700).await;
    assert_eq!(ear.events().len(), 2, "few events for many messages");
    let left = stored_texts(&stage.town).await;
    assert!(left.contains(&"old".to_owned()) && left.contains(&"other".to_owned()));
    assert!(!left.iter().any(|text| text.starts_with("word")));
    let line = &chat.room_audit(&host, &Sought::default()).await.unwrap().lines[0];
    assert_eq!((line.act, line.detail.as_str()), (Act::Cleared, "5 min × 700 flood"));
    assert_eq!(chat.clear(&host, stage.bo.person.id, 5, "").await.unwrap(), 0, "nothing is left to clear");
}

//! Hiding a message from oneself: everywhere one looks, and nowhere else.

use crate::live::Ear;
use crate::moderation::Stage;
use crate::search::asked_by;
use crate::town::problem;
use chat::{Problem, Thing, Who};
use domain::MessageId;
use domain::live::Frame;
use domain::message::PAGE;

impl Stage {
    pub async fn hide(&self, who: &Who, id: MessageId, on: bool) -> chat::Result<()> {
        let reader = self.town.chat.reader(Some(who), self.room.id).await?;
        self.town.chat.hide(&reader, id, on).await
    }

    async fn sees(&self, who: Option<&Who>) -> Vec<MessageId> {
        let reader = self.town.chat.reader(who, self.room.id).await.unwrap();
        let state = self.town.chat.room_state(&reader).await.unwrap();
        let around = self.town.chat.history_around(&reader, 3).await.unwrap();
        let ids = |history: domain::message::History| -> Vec<MessageId> {
            history.messages.iter().map(|message| message.id).collect()
        };
        let all = ids(state.history);
        assert_eq!(all, ids(self.town.chat.history(&reader, None).await.unwrap()));
        assert_eq!(all, ids(around));
        all
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_hidden_is_hidden_from_one_alone() {
    let stage = Stage::new().await;
    let (chat, room) = (&stage.town.chat, stage.room.id);
    let first = stage.say(&stage.ana, "1", "first giraffe").await.unwrap().message.id;
    let last = stage.say(&stage.ana, "2", "last giraffe").await.unwrap().message.id;
    // On all of one's devices at once.
    let (mut here, mut there) =
        (Ear::at(chat, Some(&stage.bo), room, None).await, Ear::at(chat, Some(&stage.bo), room, None).await);
    let mut other = Ear::at(chat, Some(&stage.cy), room, None).await;
    stage.hide(&stage.bo, last, true).await.unwrap();
    stage.hide(&stage.bo, last, true).await.unwrap();
    let told = |messages: Vec<MessageId>, on| Frame::Hidden { room, messages, on };
    for ear in [&mut here, &mut there] {
        ear.hear_until("that it is hidden", |ear| ear.frames.contains(&told(vec![last], true))).await;
    }
    assert_eq!(stage.sees(Some(&stage.bo)).await, [first]);
    for others in [Some(&stage.cy), Some(&stage.ana), None] {
        assert_eq!(stage.sees(others).await, [first, last]);
    }
    let words = |lines: Vec<domain::room::RoomLine>| lines[0].last.clone().unwrap().text;
    assert_eq!(words(chat.rooms(Some(&stage.bo)).await.unwrap()), "first giraffe");
    assert_eq!(words(chat.rooms(None).await.unwrap()), "last giraffe");
    assert_eq!(asked_by(&stage.town, Some(&stage.cy), "giraffe", 2).await, 2);
    assert_eq!(asked_by(&stage.town, Some(&stage.bo), "giraffe", 1).await, 1);
    // A device that was away is told when it comes back.
    let mut back = Ear::at(chat, Some(&stage.bo), room, Some(stage.place().await)).await;
    back.hear_until("what is hidden", |ear| ear.frames.contains(&told(vec![last], true))).await;
    stage.hide(&stage.bo, last, false).await.unwrap();
    here.hear_until("that it is shown", |ear| ear.frames.contains(&told(vec![last], false))).await;
    assert_eq!(stage.sees(Some(&stage.bo)).await, [first, last]);
    stage.say(&stage.ana, "3", "end").await.unwrap();
    other.hear_until("the end", |ear| !ear.events().is_empty()).await;
    assert!(!other.frames.iter().any(|frame| matches!(frame, Frame::Hidden { .. })), "nobody else hears of it");
    let guest = chat.reader(None, room).await.unwrap();
    assert_eq!(problem(chat.hide(&guest, last, true).await), Problem::SignInNeeded);
    assert_eq!(problem(stage.hide(&stage.bo, MessageId(99), true).await), Problem::not_found(Thing::Message));
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_of_history_go_on_behind_what_is_hidden() {
    let stage = Stage::new().await;
    stage.town.say(&stage.ana, stage.room.id, PAGE * 2).await;
    let reader = stage.town.chat.reader(Some(&stage.bo), stage.room.id).await.unwrap();
    for message in stage.town.chat.history(&reader, None).await.unwrap().messages {
        stage.hide(&stage.bo, message.id, true).await.unwrap();
    }
    let reader = stage.town.chat.reader(Some(&stage.bo), stage.room.id).await.unwrap();
    let state = stage.town.chat.room_state(&reader).await.unwrap();
    assert_eq!((state.history.messages.len(), state.history.has_more), (PAGE, false));
}

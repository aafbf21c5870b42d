//! What is unread, counted by the store as it goes, against what is there.

use crate::town::Town;
use chat::Who;
use domain::RoomId;
use domain::message::PAGE;
use domain::room::{RoomLine, Visibility};
use rand::{RngExt, SeedableRng, rngs::StdRng};

async fn line(town: &Town, who: &Who, room: RoomId) -> RoomLine {
    town.chat.rooms(Some(who)).await.unwrap().into_iter().find(|line| line.room.id == room).unwrap()
}

/// By the list of rooms, and by looking at every message.
async fn unread(town: &Town, who: &Who, room: RoomId) -> (u32, u32) {
    let state = town.chat.room_state(&town.chat.reader(Some(who), room).await.unwrap()).await.unwrap();
    assert!(!state.history.has_more, "the test says more than a page holds");
    let news = |m: &&domain::message::Message| m.author.id != who.person.id && m.seq > state.last_read;
    (line(town, who, room).await.unread, state.history.messages.iter().filter(news).count() as u32)
}

#[tokio::test]
async fn it_is_what_others_said_since() {
    let town = Town::new().await;
    let people = [town.person("ana").await, town.person("bo").await, town.person("cy").await];
    for seed in 0..4 {
        let mut dice = StdRng::seed_from_u64(seed);
        let room = town.room(&format!("hall-{seed}"), Visibility::Open, &people[0]).await.id;
        town.chat.enter(&people[1], room).await.unwrap();
        let mut said = 0;
        for step in 0..24 {
            let who = &people[dice.random_range(0..3)];
            match dice.random_range(0..8) {
                0 if step > 8 && who.person.id != people[0].person.id => _ = town.chat.leave(who, room).await,
                1..4 => town.chat.seen(who, room, dice.random_range(0..40)).await.unwrap(),
                _ if said + 3 < PAGE => {
                    let count = dice.random_range(1..4);
                    town.say(who, room, count).await;
                    said += count;
                }
                _ => {}
            }
            for who in &people {
                let is_member = line(&town, who, room).await.role.is_some();
                let (listed, counted) = unread(&town, who, room).await;
                let expected = if is_member { counted } else { 0 };
                assert_eq!(listed, expected, "{} in step {step} of {seed}", who.person.name);
            }
        }
    }
}

//! Somebody who says things, to Salon or to the floor.

use super::wire::Wire;
use crate::Done;
use crate::house::House;
use crate::server::{Kind, Server};
use serde_json::Value;

pub struct Speaker {
    wire: Wire,
    kind: Kind,
    room: usize,
    said: u64,
    run: u64,
    /// Bytes of what the floor passes on: those of Salon's event.
    size: usize,
}

impl Speaker {
    /// On a connection of their own, which hears nothing but the answers.
    pub async fn connect(server: &Server, person: usize, room: usize, size: usize) -> Done<Self> {
        let cookie = (server.kind == Kind::Salon).then(|| House::cookie(person));
        let mut wire = Wire::connect(server, person, cookie.as_deref()).await?;
        if server.kind == Kind::Salon {
            wire.say(b"{\"hello\":{\"version\":1}}").await?;
            wire.next().await?;
        }
        Ok(Self { wire, kind: server.kind, room, said: 0, run: rand::random(), size })
    }

    pub async fn say(&mut self, text: &str) -> Done {
        self.said += 1;
        let (run, said, room) = (self.run, self.said, self.room);
        let frame = match self.kind {
            Kind::Salon => {
                format!("{{\"post\":{{\"room\":{room},\"client_id\":\"{run:x}-{said}\",\"text\":\"{text}\"}}}}")
            }
            Kind::Floor => {
                format!("{{\"event\":{{\"room\":{room},\"text\":\"{text}\"}}}}{:pad$}", "", pad = self.pad(text))
            }
        };
        self.wire.drain()?;
        self.wire.say(frame.as_bytes()).await
    }

    /// Hears the room as well, which is how the floor answers.
    pub async fn listen(&mut self) -> Done {
        self.wire.enter(self.room, None).await.map(drop)
    }

    /// Waits for the answer to what was said last; from the floor, by who listens, for their own words.
    pub async fn answer(&mut self) -> Done<Value> {
        loop {
            let value: Value = serde_json::from_slice(&self.wire.next().await?.payload)?;
            if self.kind == Kind::Floor {
                return Ok(value);
            }
            if let Some(posted) = value.get("posted") {
                return Ok(posted.clone());
            }
            if let Some(refused) = value.get("refused") {
                return Err(format!("refused: {refused}").into());
            }
        }
    }

    fn pad(&self, text: &str) -> usize {
        self.size.saturating_sub(text.len() + r#"{"event":{"room":1,"text":""}}"#.len())
    }
}

//! W11: how soon a killed server serves again. That nothing is lost is `cargo xtask torture`'s
//! business, which kills it a hundred times.

use super::Under;
use crate::Done;
use crate::house::{Fill, House, Room};
use crate::load::speaker::Speaker;
use crate::report::{Figure, Goal, Report};
use crate::server::Server;
use std::time::Instant;

const SENDERS: usize = 32;

pub async fn run(under: &Under, report: &mut Report) -> Done {
    let messages = under.scale.pick(20_000, 1_000_000);
    let room = Room { visibility: "open", members: (1, SENDERS), messages, pictures: 0 };
    let house = House::fill(&under.salon, Fill { people: SENDERS, rooms: vec![room] }).await?;
    let mut back = Figure::new(format!("serving after kill -9 with {messages} messages"), "ms", Goal::AtMost(1_000.0));
    for _ in 0..under.scale.rounds {
        let server = Server::salon(under, &house)?;
        let mut speakers = Vec::new();
        for i in 1..=SENDERS {
            speakers.push(Speaker::connect(&server, i, 1, 0).await?);
        }
        let began = Instant::now();
        while began.elapsed() < under.scale.time / 4 {
            for speaker in &mut speakers {
                speaker.say("still talking when it happens").await?;
            }
            for speaker in &mut speakers {
                speaker.answer().await?;
            }
        }
        server.kill()?;
        back.salon(Server::salon(under, &house)?.started.as_secs_f64() * 1000.0);
    }
    report.add("W11", vec![back]);
    Ok(())
}

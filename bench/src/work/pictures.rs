//! W10: the host moves a picture and thousands see it, while somebody talks.

use super::Under;
use crate::Done;
use crate::house::{Fill, House, Room};
use crate::load::crowd::Crowd;
use crate::load::http::Http;
use crate::load::speaker::Speaker;
use crate::load::times::Times;
use crate::report::{Figure, Goal, Report};
use crate::server::Server;
use std::time::{Duration, Instant};

/// Between a message and a move.
const HALF: Duration = Duration::from_millis(100);

pub async fn run(under: &Under, report: &mut Report) -> Done {
    let people = under.scale.pick(1_000, 10_000);
    let hall = Room { visibility: "open", members: (1, people), messages: 0, pictures: 12 };
    let house = House::fill(&under.salon, Fill { people, rooms: vec![hall] }).await?;
    let mut push = Figure::new(format!("a move, {people} listeners: all have it"), "ms", Goal::RatioAtMost(1.25));
    let mut chat = Figure::new("chat p99 during the pushes : without", "ratio", Goal::AtMost(3.0));
    for _ in 0..under.scale.rounds {
        let server = Server::salon(under, &house)?;
        let crowd = Crowd::join(&server, people, |_| 1).await?;
        crowd.quiet().await;
        let host = Mover::Host(Box::new(Http::connect(server.address, Some(House::cookie(1))).await?));
        let speaker = Speaker::connect(&server, 2, 1, 0).await?;
        let mut talk = Talk { crowd, speaker, people: people as u64, time: under.scale.time };
        let calm = talk.alone().await?;
        let pushed = talk.with(host).await?;
        chat.salon(pushed.talk / calm.max(0.1));
        push.salon(pushed.moves);
        drop((talk, server));
        let floor = Server::floor()?;
        let crowd = Crowd::join(&floor, people, |_| 1).await?;
        let mover = Mover::Floor(Speaker::connect(&floor, 1, 1, pushed.move_bytes).await?);
        let speaker = Speaker::connect(&floor, 2, 1, pushed.said_bytes).await?;
        let mut talk = Talk { crowd, speaker, people: people as u64, time: under.scale.time };
        push.floor(talk.with(mover).await?.moves);
    }
    report.add("W10", vec![push, chat]);
    Ok(())
}

/// Who moves the picture.
enum Mover {
    Host(Box<Http>),
    /// The floor has no pictures: it passes on as many bytes.
    Floor(Speaker),
}

impl Mover {
    async fn push(&mut self, order: u128, text: &str) -> Done {
        match self {
            Self::Floor(speaker) => speaker.say(text).await,
            Self::Host(host) => {
                let order = order % 1_000_000;
                let answer = host.call("set-picture-order", &format!("room=1&picture=1&order={order}")).await?;
                if answer.status == 200 { Ok(()) } else { Err(format!("moving answered {}", answer.status).into()) }
            }
        }
    }
}

/// Somebody says something five times a second; a move comes halfway between two messages, so
/// that neither waits for the other and the floor does not send both at once.
struct Talk {
    crowd: Crowd,
    speaker: Speaker,
    people: u64,
    time: Duration,
}

struct Pushed {
    /// The p99 of the talk's age, ms.
    talk: f64,
    /// From asking for a move until everybody has it, ms.
    moves: f64,
    /// Bytes of a message and of a move, as everybody hears them.
    said_bytes: usize,
    move_bytes: usize,
}

impl Talk {
    /// The p99 of the talk's age without moves, ms.
    async fn alone(&mut self) -> Done<f64> {
        let (began, mut clock) = (Instant::now(), tokio::time::interval(2 * HALF));
        while began.elapsed() < self.time {
            clock.tick().await;
            self.say().await?;
        }
        Ok(self.crowd.take_times().at(0.99))
    }

    async fn with(&mut self, mut mover: Mover) -> Done<Pushed> {
        let (began, mut clock, mut moves) = (Instant::now(), tokio::time::interval(HALF), Times::default());
        let (mut said_bytes, mut move_bytes) = (0, 0);
        while began.elapsed() < self.time {
            clock.tick().await;
            said_bytes = self.say().await?;
            clock.tick().await;
            let (asked, wanted) = (Instant::now(), self.crowd.events() + self.people);
            let before = self.crowd.bytes();
            mover.push(began.elapsed().as_micros(), &self.crowd.text()).await?;
            self.crowd.until(wanted).await?;
            moves.note(asked.elapsed());
            move_bytes = ((self.crowd.bytes() - before) / self.people) as usize;
        }
        Ok(Pushed { talk: self.crowd.take_times().at(0.99), moves: moves.at(0.5), said_bytes, move_bytes })
    }

    /// Says something that everybody hears; how many bytes each.
    async fn say(&mut self) -> Done<usize> {
        let (wanted, before) = (self.crowd.events() + self.people, self.crowd.bytes());
        self.speaker.say(&self.crowd.text()).await?;
        self.crowd.until(wanted).await?;
        Ok(((self.crowd.bytes() - before) / self.people) as usize)
    }
}

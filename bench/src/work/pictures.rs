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
        let mut host = Http::connect(server.address, Some(House::cookie(1))).await?;
        let mut speaker = Speaker::connect(&server, 2, 1, 0).await?;
        let (calm, _) = talk(under, &crowd, &mut speaker, None, people).await?;
        let (during, pushed) = talk(under, &crowd, &mut speaker, Some(&mut host), people).await?;
        chat.salon(during / calm.max(0.1));
        push.salon(pushed);
        let size = crowd.event_size();
        drop((crowd, server));
        let floor = Server::floor()?;
        let crowd = Crowd::join(&floor, people, |_| 1).await?;
        let mut speaker = Speaker::connect(&floor, 1, 1, size).await?;
        push.floor(alone(under, &crowd, &mut speaker, people).await?);
    }
    report.add("W10", vec![push, chat]);
    Ok(())
}

/// Talks five times a second; in between the host moves a picture. The p99 of the talk's age,
/// and how long a move takes until everybody has it, both in ms.
async fn talk(
    under: &Under,
    crowd: &Crowd,
    speaker: &mut Speaker,
    mut host: Option<&mut Http>,
    people: usize,
) -> Done<(f64, f64)> {
    let mut clock = tokio::time::interval(Duration::from_millis(200));
    let (began, mut wanted, mut moves) = (Instant::now(), crowd.events(), Times::default());
    while began.elapsed() < under.scale.time {
        clock.tick().await;
        speaker.say(&crowd.text()).await?;
        wanted += people as u64;
        if let Some(host) = &mut host {
            let asked = Instant::now();
            let order = began.elapsed().as_micros() % 1_000_000;
            let answer = host.call("set-picture-order", &format!("room=1&picture=1&order={order}")).await?;
            if answer.status != 200 {
                return Err(format!("moving answered {}", answer.status).into());
            }
            wanted += people as u64;
            crowd.until(wanted).await?;
            moves.note(asked.elapsed());
        }
    }
    crowd.until(wanted).await?;
    Ok((crowd.take_times().at(0.99), moves.at(0.5)))
}

/// The same from the floor, which has nothing to say in between.
async fn alone(under: &Under, crowd: &Crowd, speaker: &mut Speaker, people: usize) -> Done<f64> {
    let mut times = Times::default();
    let mut clock = tokio::time::interval(Duration::from_millis(200));
    let (began, mut wanted) = (Instant::now(), crowd.events());
    while began.elapsed() < under.scale.time {
        clock.tick().await;
        let said = Instant::now();
        // A message and a move, as above.
        speaker.say(&crowd.text()).await?;
        speaker.say(&crowd.text()).await?;
        wanted += 2 * people as u64;
        crowd.until(wanted).await?;
        times.note(said.elapsed());
    }
    Ok(times.at(0.5))
}

//! W2: one room, a thousand listeners; what is said is kept before anybody hears it.

use super::{Meter, Under};
use crate::Done;
use crate::house::{Fill, House, Room};
use crate::load::crowd::Crowd;
use crate::load::speaker::Speaker;
use crate::machine;
use crate::report::{Figure, Goal, Report};
use crate::server::{Kind, Server};
use std::time::{Duration, Instant};

const IN_FLIGHT: u64 = 64;
/// Messages a second of the paced case.
pub const PACE: u32 = 100;

struct Figures {
    alone: Figure,
    fair_alone: Figure,
    flight: Figure,
    paced: Figure,
    fair: Figure,
    cores: Figure,
    loader: Figure,
}

pub async fn run(under: &Under, report: &mut Report) -> Done {
    let listeners = under.scale.pick(300, 1_000);
    let house = hall(under, listeners).await?;
    let mut figures = Figures {
        alone: Figure::new("isolated", "deliveries/core-s", Goal::None),
        fair_alone: Figure::new("isolated, the floor commits as well", "deliveries/core-s", Goal::RatioAtLeast(0.8)),
        flight: Figure::new("64 in flight", "deliveries/core-s", Goal::RatioAtLeast(0.65)),
        paced: Figure::new("100 msg/s p99", "ms", Goal::None),
        fair: Figure::new("100 msg/s p99, the floor commits as well", "ms", Goal::RatioAtMost(1.3)),
        cores: Figure::new("100 msg/s", "cores", Goal::AtMost(0.65)),
        loader: Figure::new("the loader alone, listening to the floor", "frames/core-s", Goal::AtLeast(200_000.0)),
    };
    let mut size = 400;
    for _ in 0..under.scale.rounds {
        let salon = Server::salon(under, &house)?;
        size = one(under, &salon, listeners, size, &mut figures).await?;
        drop(salon);
        one(under, &Server::floor()?, listeners, size, &mut figures).await?;
        let folder = tempfile::tempdir()?;
        let keeping = Server::keeping_floor(&folder.path().join("floor.db"))?;
        let crowd = Crowd::join(&keeping, listeners, |_| 1).await?;
        let mut speaker = [Speaker::connect(&keeping, 1, 1, size).await?];
        figures.fair_alone.floor(flood(under, &keeping, &crowd, &mut speaker, listeners as u64).await?);
        figures.fair.floor(pace(under, &keeping, &crowd, &mut speaker[0], listeners as u64).await?.0);
    }
    let Figures { alone, fair_alone, flight, paced, fair, cores, loader } = figures;
    report.add("W2", vec![alone, fair_alone, flight, paced, fair, cores, loader]);
    Ok(())
}

/// One room with everybody in it.
pub async fn hall(under: &Under, people: usize) -> Done<House> {
    let hall = Room { visibility: "open", members: (1, people), messages: 0, pictures: 0 };
    House::fill(&under.salon, Fill { people, rooms: vec![hall] }).await
}

/// Measures one of the two; answers how large an event was.
async fn one(under: &Under, server: &Server, listeners: usize, size: usize, to: &mut Figures) -> Done<usize> {
    let crowd = Crowd::join(server, listeners, |_| 1).await?;
    crowd.quiet().await;
    let mut speakers = Vec::new();
    for person in 1..=IN_FLIGHT as usize {
        speakers.push(Speaker::connect(server, person, 1, size).await?);
    }
    let alone = flood(under, server, &crowd, &mut speakers[..1], listeners as u64).await?;
    let (own, heard) = (machine::usage(std::process::id())?.cpu, crowd.events());
    let flight = flood(under, server, &crowd, &mut speakers, listeners as u64).await?;
    if server.kind == Kind::Floor {
        let frames = (crowd.events() - heard) as f64;
        to.loader.salon(frames / (machine::usage(std::process::id())?.cpu - own));
    }
    let (p99, cores) = pace(under, server, &crowd, &mut speakers[0], listeners as u64).await?;
    let is_salon = server.kind == Kind::Salon;
    if is_salon {
        to.fair.salon(p99);
        to.fair_alone.salon(alone);
    }
    for (figure, value) in
        [(&mut to.alone, alone), (&mut to.flight, flight), (&mut to.paced, p99), (&mut to.cores, cores)]
    {
        if is_salon { figure.salon(value) } else { figure.floor(value) }
    }
    if crowd.lost() > 0 {
        return Err(format!("{} listeners were lost", crowd.lost()).into());
    }
    Ok(crowd.event_size())
}

/// Everybody speaks, each with one message under way: deliveries per second of the server's core.
async fn flood(under: &Under, server: &Server, crowd: &Crowd, speakers: &mut [Speaker], listeners: u64) -> Done<f64> {
    let window = speakers.len() as u64;
    let before = crowd.events();
    let meter = Meter::start(server)?;
    let (began, mut said) = (Instant::now(), 0_u64);
    while began.elapsed() < under.scale.time {
        speakers[said as usize % window as usize].say(&crowd.text()).await?;
        said += 1;
        if said >= window {
            crowd.until(before + (said + 1 - window) * listeners).await?;
        }
    }
    crowd.until(before + said * listeners).await?;
    let spent = meter.stop()?;
    crowd.take_times();
    Ok((said * listeners) as f64 / spent.cpu)
}

/// So many messages a second: the p99 of their age in ms, and how much of its core the server used.
async fn pace(
    under: &Under,
    server: &Server,
    crowd: &Crowd,
    speaker: &mut Speaker,
    listeners: u64,
) -> Done<(f64, f64)> {
    let before = crowd.events();
    let mut clock = tokio::time::interval(Duration::from_secs(1) / PACE);
    let meter = Meter::start(server)?;
    let (began, mut said) = (Instant::now(), 0);
    while began.elapsed() < under.scale.time {
        clock.tick().await;
        speaker.say(&crowd.text()).await?;
        said += 1;
    }
    crowd.until(before + said * listeners).await?;
    let spent = meter.stop()?;
    Ok((crowd.take_times().at(0.99), spent.cpu / spent.wall))
}

//! W3: a thousand rooms of ten, all of them talking.

use super::{Meter, Under};
use crate::Done;
use crate::house::{Fill, House, Room};
use crate::load::crowd::Crowd;
use crate::load::speaker::Speaker;
use crate::report::{Figure, Goal, Report};
use crate::server::Server;
use std::time::{Duration, Instant};

const MEMBERS: usize = 10;
/// Messages a second of all rooms together.
const PACE: u32 = 1_000;

pub async fn run(under: &Under, report: &mut Report) -> Done {
    let rooms = under.scale.pick(100, 1_000);
    let people = rooms * MEMBERS;
    let room = |i| Room { visibility: "open", members: (i * MEMBERS + 1, (i + 1) * MEMBERS), messages: 0, pictures: 0 };
    let house = House::fill(&under.salon, Fill { people, rooms: (0..rooms).map(room).collect() }).await?;
    let mut rate = Figure::new(format!("{rooms} rooms of {MEMBERS}"), "deliveries/core-s", Goal::None);
    let mut cores = Figure::new(format!("{rooms} rooms, {PACE} msg/s"), "cores", Goal::AtMost(0.75));
    let mut p99 = Figure::new(format!("{rooms} rooms, {PACE} msg/s p99"), "ms", Goal::AtMost(50.0));
    for _ in 0..under.scale.rounds {
        let server = Server::salon(under, &house)?;
        let crowd = Crowd::join(&server, people, |person| (person - 1) / MEMBERS + 1).await?;
        crowd.quiet().await;
        let mut speakers = Vec::new();
        for i in 0..rooms {
            speakers.push(Speaker::connect(&server, i * MEMBERS + 1, i + 1, 0).await?);
        }
        let before = crowd.events();
        let meter = Meter::start(&server)?;
        let mut clock = tokio::time::interval(Duration::from_secs(1) / PACE);
        let (began, mut said) = (Instant::now(), 0);
        while began.elapsed() < under.scale.time {
            clock.tick().await;
            speakers[said % rooms].say(&crowd.text()).await?;
            said += 1;
        }
        crowd.until(before + (said * MEMBERS) as u64).await?;
        let spent = meter.stop()?;
        rate.salon((said * MEMBERS) as f64 / spent.cpu);
        cores.salon(spent.cpu / spent.wall);
        p99.salon(crowd.take_times().at(0.99));
    }
    report.add("W3", vec![rate, cores, p99]);
    Ok(())
}

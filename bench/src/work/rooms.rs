//! W3: a thousand rooms of ten, all of them talking, faster and faster.

use super::{Meter, Under};
use crate::Done;
use crate::house::{Fill, House, Room};
use crate::load::crowd::Crowd;
use crate::load::speaker::Speaker;
use crate::report::{Figure, Goal, Report};
use crate::server::Server;
use std::time::{Duration, Instant};

const MEMBERS: usize = 10;
/// Messages a second of all rooms together, until people would notice.
const PACES: [u32; 7] = [1_000, 2_000, 4_000, 6_000, 8_000, 10_000, 12_000];
/// Deliveries a second of a core, at the highest of these rates that people do not notice.
const LEAST: f64 = 120_000.0;
/// What people would notice: the p99 of a message's age, ms.
const NOTICED: f64 = 50.0;

pub async fn run(under: &Under, report: &mut Report) -> Done {
    let rooms = under.scale.pick(100, 1_000);
    let people = rooms * MEMBERS;
    let room = |i| Room { visibility: "open", members: (i * MEMBERS + 1, (i + 1) * MEMBERS), messages: 0, pictures: 0 };
    let house = House::fill(&under.salon, Fill { people, rooms: (0..rooms).map(room).collect() }).await?;
    let mut cores = Figure::new(format!("{rooms} rooms of {MEMBERS}, {} msg/s", PACES[0]), "cores", Goal::AtMost(0.75));
    let mut p99 = Figure::new(format!("{rooms} rooms, {} msg/s p99", PACES[0]), "ms", Goal::AtMost(NOTICED));
    let mut pace = Figure::new(format!("most with p99 < {NOTICED} ms"), "msg/s", Goal::None);
    let mut rate = Figure::new("deliveries then", "/core-s", Goal::AtLeast(LEAST));
    for _ in 0..under.scale.rounds {
        let server = Server::salon(under, &house)?;
        let crowd = Crowd::join(&server, people, |person| (person - 1) / MEMBERS + 1).await?;
        crowd.quiet().await;
        let mut speakers = Vec::new();
        for i in 0..rooms {
            speakers.push(Speaker::connect(&server, i * MEMBERS + 1, i + 1, 0).await?);
        }
        let first = talk(under, &server, &crowd, &mut speakers, PACES[0]).await?;
        cores.salon(first.cores);
        p99.salon(first.p99);
        let mut best = first;
        for faster in &PACES[1..] {
            let talked = talk(under, &server, &crowd, &mut speakers, *faster).await?;
            if talked.p99 >= NOTICED {
                break;
            }
            best = talked;
        }
        pace.salon(best.pace);
        rate.salon(best.per_core);
    }
    report.add("W3", vec![cores, p99, pace, rate]);
    Ok(())
}

struct Talked {
    /// Messages a second, as they were heard.
    pace: f64,
    cores: f64,
    p99: f64,
    /// Deliveries per second of a core.
    per_core: f64,
}

/// The rooms take turns, so many messages a second.
async fn talk(under: &Under, server: &Server, crowd: &Crowd, speakers: &mut [Speaker], pace: u32) -> Done<Talked> {
    let before = crowd.events();
    let meter = Meter::start(server)?;
    let mut clock = tokio::time::interval(Duration::from_secs(1) / pace);
    let (began, mut said) = (Instant::now(), 0);
    while began.elapsed() < under.scale.time {
        clock.tick().await;
        let turn = said % speakers.len();
        speakers[turn].say(&crowd.text()).await?;
        said += 1;
    }
    crowd.until(before + (said * MEMBERS) as u64).await?;
    let spent = meter.stop()?;
    Ok(Talked {
        pace: said as f64 / spent.wall,
        cores: spent.cpu / spent.wall,
        p99: crowd.take_times().at(0.99),
        per_core: (said * MEMBERS) as f64 / spent.cpu,
    })
}

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
    let paces = if under.scale.quick { &PACES[..3] } else { &PACES[..] };
    for _ in 0..under.scale.rounds {
        let server = Server::salon(under, &house)?;
        let (talked, size) = faster(under, &server, rooms, 0, paces).await?;
        drop(server);
        cores.salon(talked[0].cores);
        p99.salon(talked[0].p99);
        let best = talked.last().ok_or("nobody talked")?;
        pace.salon(best.pace);
        rate.salon(best.per_core);
        // Beside the floor at the same rate: it can write more in one group the more is said.
        let folder = tempfile::tempdir()?;
        let keeping = Server::keeping_floor(&folder.path().join("floor.db"))?;
        let (same, _) = faster(under, &keeping, rooms, size, &paces[talked.len() - 1..talked.len()]).await?;
        rate.floor(same[0].per_core);
    }
    report.add("W3", vec![cores, p99, pace, rate]);
    Ok(())
}

/// All rooms talk, at each of these rates in turn until people would notice; and how large an event was.
async fn faster(
    under: &Under,
    server: &Server,
    rooms: usize,
    size: usize,
    paces: &[u32],
) -> Done<(Vec<Talked>, usize)> {
    let crowd = Crowd::join(server, rooms * MEMBERS, |person| (person - 1) / MEMBERS + 1).await?;
    crowd.quiet().await;
    let mut speakers = Vec::new();
    for i in 0..rooms {
        speakers.push(Speaker::connect(server, i * MEMBERS + 1, i + 1, size).await?);
    }
    let mut all = Vec::new();
    for pace in paces {
        let talked = talk(under, server, &crowd, &mut speakers, *pace).await?;
        if talked.p99 >= NOTICED && !all.is_empty() {
            break;
        }
        all.push(talked);
    }
    Ok((all, crowd.event_size()))
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

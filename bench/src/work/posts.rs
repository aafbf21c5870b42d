//! W4: private rooms for two; every message is on disk before its sender is told so.

use super::{Meter, Under};
use crate::Done;
use crate::house::{Fill, House, Room};
use crate::load::speaker::Speaker;
use crate::load::times::Times;
use crate::machine;
use crate::report::{Figure, Goal, Report};
use crate::server::{Kind, Server};
use std::process::Stdio;
use std::time::{Duration, Instant};

/// Messages a second of the paced case, by so many senders.
const PACE: (usize, usize) = (5_000, 256);
/// Rows of one durable transaction of the bare store.
const GROUP: usize = 256;

pub async fn run(under: &Under, report: &mut Report) -> Done {
    let crowds: &[usize] = if under.scale.quick { &[1, 64] } else { &[1, 8, 64, 512] };
    let most = crowds.iter().copied().max().unwrap_or(1).max(PACE.1);
    let house = House::fill(&under.salon, pairs(most)).await?;
    let mut figures = Vec::new();
    for senders in crowds {
        let goal = if *senders == most { Goal::AtLeast(20_000.0) } else { Goal::None };
        let mut rate = Figure::new(format!("{senders} senders"), "acknowledged/core-s", goal);
        let mut wall = Figure::new(format!("{senders} senders"), "acknowledged/s", Goal::None);
        for _ in 0..under.scale.rounds {
            let server = Server::salon(under, &house)?;
            let (per_core, per_second) = closed(under, &server, *senders).await?;
            rate.salon(per_core);
            wall.salon(per_second);
            let (rows, seconds) = bare(under)?;
            rate.floor(rows / seconds.1);
            wall.floor(rows / seconds.0);
        }
        figures.extend([rate, wall]);
    }
    let pace = if under.scale.quick { (1_000, 64) } else { PACE };
    let mut p99 = Figure::new(format!("{}/s p99", pace.0), "ms", Goal::AtMost(5.0));
    for _ in 0..under.scale.rounds {
        let server = Server::salon(under, &house)?;
        p99.salon(paced(under, &server, pace).await?);
        drop(server);
        let folder = tempfile::tempdir()?;
        let keeping = Server::keeping_floor(&folder.path().join("floor.db"))?;
        p99.floor(paced(under, &keeping, pace).await?);
    }
    figures.push(p99);
    report.add("W4", figures);
    match &under.postgres {
        Some(address) => on_postgres(under, address, report).await,
        None => Ok(()),
    }
}

/// Person i and person i + 1 share room i.
fn pairs(pairs: usize) -> Fill {
    let room = |i| Room { visibility: "private", members: (i, i + 1), messages: 0, pictures: 0 };
    Fill { people: pairs + 1, rooms: (1..=pairs).map(room).collect() }
}

/// The same with the rows in PostgreSQL, which takes what it needs of both cores.
async fn on_postgres(under: &Under, address: &str, report: &mut Report) -> Done {
    let crowds: &[usize] = if under.scale.quick { &[64] } else { &[64, 512] };
    let most = crowds.iter().copied().max().unwrap_or(1);
    let house = House::fill_postgres(&under.salon, pairs(most), address).await?;
    let mut figures = Vec::new();
    for senders in crowds {
        let goal = if *senders == most { Goal::AtLeast(15_000.0) } else { Goal::None };
        let mut rate = Figure::new(format!("PostgreSQL {senders} senders"), "acknowledged/core-s", Goal::None);
        let mut wall = Figure::new(format!("PostgreSQL {senders} senders"), "acknowledged/s", goal);
        for _ in 0..under.scale.rounds {
            let server = Server::salon(under, &house)?;
            let (per_core, per_second) = closed(under, &server, *senders).await?;
            rate.salon(per_core);
            wall.salon(per_second);
        }
        figures.extend([rate, wall]);
    }
    report.add("W4", figures);
    Ok(())
}

/// Everybody says the next thing when the last one is acknowledged.
async fn closed(under: &Under, server: &Server, senders: usize) -> Done<(f64, f64)> {
    let mut speakers = Vec::new();
    for i in 1..=senders {
        speakers.push(Speaker::connect(server, i, i, 0).await?);
    }
    let until = Instant::now() + under.scale.time;
    let meter = Meter::start(server)?;
    let talks = speakers.into_iter().map(|mut speaker| {
        tokio::spawn(async move {
            let mut said = 0;
            while Instant::now() < until {
                speaker.say("a message of about a hundred bytes, as people write them: the harbour is grey").await?;
                speaker.answer().await?;
                said += 1;
            }
            Done::Ok(said)
        })
    });
    let mut said = 0;
    for talk in futures::future::join_all(talks).await {
        said += talk??;
    }
    let spent = meter.stop()?;
    Ok((f64::from(said) / spent.cpu, f64::from(said) / spent.wall))
}

/// So many messages a second in all: the p99 of their acknowledgements in ms.
async fn paced(under: &Under, server: &Server, (rate, senders): (usize, usize)) -> Done<f64> {
    let every = Duration::from_secs_f64(senders as f64 / rate as f64);
    let mut speakers = Vec::new();
    for i in 1..=senders {
        let mut speaker = Speaker::connect(server, i, i, 0).await?;
        if server.kind == Kind::Floor {
            speaker.listen().await?;
        }
        speakers.push(speaker);
    }
    // Nobody talks while others still come: that is another workload.
    let until = Instant::now() + under.scale.time;
    let talks = speakers.into_iter().enumerate().map(|(i, mut speaker)| {
        tokio::spawn(async move {
            // Not all at the same moment.
            tokio::time::sleep(every.mul_f64(i as f64 / senders as f64)).await;
            let mut clock = tokio::time::interval(every);
            let mut times = Times::default();
            while Instant::now() < until {
                clock.tick().await;
                let said = Instant::now();
                speaker.say("a message of about a hundred bytes, as people write them: the harbour is grey").await?;
                speaker.answer().await?;
                times.note(said.elapsed());
            }
            Done::Ok(times)
        })
    });
    let mut times = Times::default();
    for talk in futures::future::join_all(talks).await {
        times.add(talk??);
    }
    Ok(times.at(0.99))
}

/// The bare store: rows, and the seconds of the clock and of its core.
fn bare(under: &Under) -> Done<(f64, (f64, f64))> {
    let folder = tempfile::tempdir()?;
    let seconds = under.scale.time.as_secs_f64() / 2.0;
    let mut insert = machine::on_server_core(&std::env::current_exe()?);
    insert.arg("rows").arg(folder.path().join("rows.db")).args([GROUP.to_string(), seconds.to_string()]);
    let output = insert.stdin(Stdio::null()).output()?;
    let words: Vec<f64> = String::from_utf8_lossy(&output.stdout).split_whitespace().flat_map(str::parse).collect();
    match words[..] {
        [rows, cpu] => Ok((rows, (seconds, cpu))),
        _ => Err(String::from_utf8_lossy(&output.stderr).into()),
    }
}

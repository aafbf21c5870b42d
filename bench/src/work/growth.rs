//! W12: whether anything costs more as a house grows.

use super::{Meter, Under};
use crate::Done;
use crate::house::{Fill, House, Room};
use crate::load::crowd::Crowd;
use crate::load::http::Http;
use crate::load::speaker::Speaker;
use crate::report::{Figure, Goal, Report};
use crate::server::{Kind, Server};
use std::time::Instant;

pub async fn run(under: &Under, report: &mut Report) -> Done {
    let sizes: &[usize] = if under.scale.quick { &[1_000, 20_000] } else { &[1_000, 100_000, 10_000_000] };
    let (mut reads, mut writes, mut figures) = (Vec::new(), Vec::new(), Vec::new());
    for messages in sizes {
        let room = Room { visibility: "open", members: (1, 10), messages: *messages, pictures: 0 };
        let house = House::fill(&under.salon, Fill { people: 10, rooms: vec![room] }).await?;
        let mut read = Figure::new(format!("last page of {messages} messages"), "µs of a core", Goal::None);
        let mut write = Figure::new(format!("a message after {messages}"), "µs of a core", Goal::None);
        for _ in 0..under.scale.rounds {
            let server = Server::salon(under, &house)?;
            let (page, post) = (page(under, &server).await?, post(under, &server).await?);
            read.salon(page);
            write.salon(post);
            reads.push((*messages as f64, page));
            writes.push((*messages as f64, post));
        }
        figures.extend([read, write]);
    }
    for (name, points) in [("reading", &reads), ("writing", &writes)] {
        let mut growth = Figure::new(format!("{name}: slope of cost in messages (log-log)"), "", Goal::AtMost(0.05));
        growth.salon(slope(points));
        figures.push(growth);
    }
    let crowds = if under.scale.quick { [100, 500] } else { [100, 10_000] };
    let mut each =
        Figure::new(format!("a delivery to {} : to {}", crowds[1], crowds[0]), "ratio", Goal::RatioAtMost(1.2));
    for _ in 0..under.scale.rounds {
        each.salon(delivery(under, crowds, Kind::Salon).await?);
        each.floor(delivery(under, crowds, Kind::Floor).await?);
    }
    figures.push(each);
    report.add("W12", figures);
    Ok(())
}

async fn page(under: &Under, server: &Server) -> Done<f64> {
    let mut http = Http::connect(server.address, Some(House::cookie(1))).await?;
    http.call("history", "room=1").await?;
    let meter = Meter::start(server)?;
    let (began, mut pages) = (Instant::now(), 0.0);
    while began.elapsed() < under.scale.time / 2 {
        http.call("history", "room=1").await?;
        pages += 1.0;
    }
    Ok(meter.stop()?.cpu * 1e6 / pages)
}

async fn post(under: &Under, server: &Server) -> Done<f64> {
    let mut speaker = Speaker::connect(server, 1, 1, 0).await?;
    let meter = Meter::start(server)?;
    let (began, mut said) = (Instant::now(), 0.0);
    while began.elapsed() < under.scale.time / 2 {
        speaker.say("one more").await?;
        speaker.answer().await?;
        said += 1.0;
    }
    Ok(meter.stop()?.cpu * 1e6 / said)
}

/// What one delivery costs in a large crowd, divided by what it costs in a small one.
async fn delivery(under: &Under, crowds: [usize; 2], kind: Kind) -> Done<f64> {
    let mut costs = Vec::new();
    for people in crowds {
        let hall = Room { visibility: "open", members: (1, people), messages: 0, pictures: 0 };
        let house = House::fill(&under.salon, Fill { people, rooms: vec![hall] }).await?;
        let server = if kind == Kind::Salon { Server::salon(under, &house)? } else { Server::floor()? };
        let crowd = Crowd::join(&server, people, |_| 1).await?;
        crowd.quiet().await;
        let mut speaker = Speaker::connect(&server, 1, 1, 400).await?;
        let meter = Meter::start(&server)?;
        let (began, mut wanted) = (Instant::now(), crowd.events());
        let first = wanted;
        while began.elapsed() < under.scale.time / 2 {
            speaker.say(&crowd.text()).await?;
            wanted += people as u64;
            crowd.until(wanted).await?;
        }
        costs.push(meter.stop()?.cpu / (wanted - first) as f64);
    }
    Ok(costs[1] / costs[0])
}

/// Of the line of least squares through the logarithms.
fn slope(points: &[(f64, f64)]) -> f64 {
    let logs: Vec<(f64, f64)> = points.iter().map(|(x, y)| (x.ln(), y.ln())).collect();
    let n = logs.len() as f64;
    let (x, y) = logs.iter().fold((0.0, 0.0), |sum, point| (sum.0 + point.0 / n, sum.1 + point.1 / n));
    let (mut above, mut below) = (0.0, 0.0);
    for (a, b) in logs {
        above += (a - x) * (b - y);
        below += (a - x) * (a - x);
    }
    above / below
}

#[cfg(test)]
mod tests {
    use super::slope;

    #[test]
    fn slopes() {
        assert!((slope(&[(1.0, 5.0), (10.0, 50.0), (100.0, 500.0)]) - 1.0).abs() < 1e-9);
        assert!(slope(&[(1.0, 5.0), (10.0, 5.0)]).abs() < 1e-9);
    }
}

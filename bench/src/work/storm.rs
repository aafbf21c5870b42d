//! W1: everybody comes, the server is killed, and everybody comes back with what they missed.

use super::{Meter, Under};
use crate::Done;
use crate::house::{Fill, House, Room};
use crate::load::wire::Wire;
use crate::report::{Figure, Goal, Report};
use crate::server::{Kind, Server};
use futures::stream::{FuturesUnordered, StreamExt};
use serde_json::Value;
use std::time::Instant;

const ROOMS: usize = 20;
/// How many messages everybody is behind.
const BEHIND: i64 = 50;
const MESSAGES: usize = 200;
/// Connections that are opened at the same time.
const AT_ONCE: usize = 256;

pub async fn run(under: &Under, report: &mut Report) -> Done {
    let people = under.scale.pick(1_000, 19_000);
    let share = people / ROOMS;
    let room =
        |i| Room { visibility: "open", members: (i * share + 1, (i + 1) * share), messages: MESSAGES, pictures: 0 };
    let house = House::fill(&under.salon, Fill { people, rooms: (0..ROOMS).map(room).collect() }).await?;
    let mut joins = Figure::new(format!("{people} join"), "joins/core-s", Goal::AtLeast(12_000.0));
    let mut again =
        Figure::new(format!("{people} come back, {BEHIND} behind"), "joins/core-s", Goal::AtLeast(12_000.0));
    let mut time = Figure::new("all have what they missed", "s after the port opens", Goal::AtMost(3.0));
    let mut wrong = Figure::new("missed or doubled", "events", Goal::AtMost(0.0));
    for _ in 0..under.scale.rounds {
        let server = Server::salon(under, &house)?;
        let meter = Meter::start(&server)?;
        let crowd = come(&server, people, share, None).await?;
        joins.salon(people as f64 / meter.stop()?.cpu);
        server.kill()?;
        drop(crowd);
        let server = Server::salon(under, &house)?;
        let opened = Instant::now();
        let meter = Meter::start(&server)?;
        let crowd = come(&server, people, share, Some(BEHIND)).await?;
        time.salon(opened.elapsed().as_secs_f64());
        again.salon(people as f64 / meter.stop()?.cpu);
        wrong.salon(crowd.iter().map(|(_, wrong)| *wrong as f64).sum());
        drop((crowd, server));
        let floor = Server::floor()?;
        let meter = Meter::start(&floor)?;
        let crowd = come(&floor, people, share, None).await?;
        joins.floor(people as f64 / meter.stop()?.cpu);
        drop(crowd);
    }
    report.add("W1", vec![joins, again, time, wrong]);
    Ok(())
}

/// Connects everybody; who is behind waits for what they missed. With each, how many events
/// were not those they should be.
async fn come(server: &Server, people: usize, share: usize, behind: Option<i64>) -> Done<Vec<(Wire, usize)>> {
    let mut coming = FuturesUnordered::new();
    let mut come = Vec::with_capacity(people);
    for person in 1..=people {
        coming.push(one(server, person, (person - 1) / share + 1, behind));
        if coming.len() >= AT_ONCE
            && let Some(wire) = coming.next().await
        {
            come.push(wire?);
        }
    }
    while let Some(wire) = coming.next().await {
        come.push(wire?);
    }
    Ok(come)
}

async fn one(server: &Server, person: usize, room: usize, behind: Option<i64>) -> Done<(Wire, usize)> {
    let cookie = House::cookie(person);
    let mut wire = Wire::connect(server, person, Some(&cookie)).await?;
    if server.kind == Kind::Floor {
        return Ok((wire, 0));
    }
    let last = MESSAGES as i64;
    let epoch = 1_000_000 + room as i64;
    let place = behind.map(|behind| (epoch, last - behind));
    wire.enter(room, place).await?;
    let mut wrong = 0;
    for seq in last - behind.unwrap_or(0) + 1..=last {
        let frame = loop {
            let frame = wire.next().await?;
            // Comings and goings stand between them.
            if frame.payload.starts_with(b"{\"event\"") {
                break frame;
            }
        };
        // Each tenth is looked at closely: reading JSON is not what is measured.
        if seq % 10 == 0 {
            let value: Value = serde_json::from_slice(&frame.payload)?;
            wrong += usize::from(value["event"]["seq"] != seq);
        }
    }
    Ok((wire, wrong))
}

//! W5: pages of history at different depths, and what is unread in many rooms.

use super::{Meter, Under};
use crate::Done;
use crate::house::{Fill, House, Room};
use crate::load::http::Http;
use crate::report::{Figure, Goal, Report};
use crate::server::Server;
use std::time::Instant;

pub async fn run(under: &Under, report: &mut Report) -> Done {
    let deep = under.scale.pick(20_000, 1_000_000);
    let many = under.scale.pick(100, 1_000);
    let mut rooms = vec![Room { visibility: "open", members: (1, 1), messages: deep, pictures: 0 }];
    rooms.extend((0..many).map(|_| Room { visibility: "open", members: (1, 2), messages: 10, pictures: 0 }));
    let house = House::fill(&under.salon, Fill { people: 50, rooms }).await?;
    let mut near = Figure::new("page of 40, 1 k deep", "µs of a core", Goal::AtMost(250.0));
    let mut far = Figure::new(format!("page of 40, {} k deep", deep / 1_000), "µs of a core", Goal::AtMost(250.0));
    let mut depth = Figure::new("deep page : near page", "ratio", Goal::AtMost(1.2));
    let mut list = Figure::new(format!("list of {many} rooms with unread"), "µs of a core", Goal::None);
    let mut unread = Figure::new(format!("unread and roles in {many} rooms"), "µs of a core", Goal::AtMost(700.0));
    for _ in 0..under.scale.rounds {
        let server = Server::salon(under, &house)?;
        let near_cost = pages(under, &server, deep as i64 - 1_000).await?;
        let far_cost = pages(under, &server, 1_000).await?;
        near.salon(near_cost);
        far.salon(far_cost);
        depth.salon(far_cost / near_cost);
        let (with, without) = lists(under, &server).await?;
        list.salon(with);
        unread.salon(with - without);
    }
    report.add("W5", vec![near, far, depth, list, unread]);
    Ok(())
}

/// What the list of rooms costs for a member of all of them, and for somebody who sees the same
/// rooms and belongs to none.
async fn lists(under: &Under, server: &Server) -> Done<(f64, f64)> {
    let list = async |person| cost(under, server, person, "load-rooms", |_| String::new()).await;
    Ok((list(2).await?, list(3).await?))
}

/// What a page of history costs before this place, give or take some.
async fn pages(under: &Under, server: &Server, before: i64) -> Done<f64> {
    cost(under, server, 1, "history", |i| format!("room=1&before={}", before + (i * 37) % 900)).await
}

/// Microseconds of the server's core for one call.
async fn cost(under: &Under, server: &Server, person: usize, call: &str, fields: impl Fn(i64) -> String) -> Done<f64> {
    let mut http = Http::connect(server.address, Some(House::cookie(person))).await?;
    http.call(call, &fields(0)).await?;
    let meter = Meter::start(server)?;
    let (began, mut calls) = (Instant::now(), 0);
    while began.elapsed() < under.scale.time / 2 {
        let answer = http.call(call, &fields(calls)).await?;
        if answer.status != 200 || answer.body.len() < 100 {
            return Err(format!("{call} answered {}: {}", answer.status, String::from_utf8_lossy(&answer.body)).into());
        }
        calls += 1;
    }
    Ok(meter.stop()?.cpu * 1e6 / calls as f64)
}

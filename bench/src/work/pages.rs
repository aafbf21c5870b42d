//! W7: pages rendered by the server, beside a server that sends as many bytes without a thought.

use super::{Meter, Under};
use crate::Done;
use crate::house::{Fill, House, Room};
use crate::load::http::Http;
use crate::load::times::Times;
use crate::report::{Figure, Goal, Report};
use crate::server::Server;
use sea_orm::ConnectionTrait;
use std::time::Instant;

pub async fn run(under: &Under, report: &mut Report) -> Done {
    let room = Room { visibility: "public", members: (1, 20), messages: 2_000, pictures: 12 };
    let house = House::fill(&under.salon, Fill { people: 20, rooms: vec![room] }).await?;
    // One of them has read everything, the others nothing.
    let read = "UPDATE member SET last_read_seq = 2012, heard = 2000 WHERE person_id = 3";
    house.open().await?.execute_unprepared(read).await?;
    // Who asks, what for, and what is wanted.
    let cases = [
        ("room page, guest", "/r/r1", None, Goal::AtLeast(4_000.0)),
        ("room page, signed in", "/r/r1", Some(House::cookie(3)), Goal::None),
        ("room page, 2,000 unread", "/r/r1", Some(House::cookie(2)), Goal::None),
        ("sign-in page", "/sign-in", None, Goal::AtLeast(8_000.0)),
    ];
    let mut figures = Vec::new();
    for (name, path, cookie, goal) in cases {
        let mut rate = Figure::new(name, "pages/core-s", goal);
        let mut first = Figure::new(format!("{name}, first byte p50"), "ms", Goal::AtMost(1.0));
        for _ in 0..under.scale.rounds {
            let server = Server::salon(under, &house)?;
            let (per_core, p50, bytes) = ask(under, &server, path, cookie.clone()).await?;
            rate.salon(per_core);
            first.salon(p50);
            let bare = Server::floor()?;
            let (per_core, p50, _) = ask(under, &bare, &format!("/?bytes={bytes}"), None).await?;
            rate.floor(per_core);
            first.floor(p50);
        }
        figures.extend([rate, first]);
    }
    report.add("W7", figures);
    Ok(())
}

/// Pages per second of the core, the median until the first byte in ms, and a page's bytes.
async fn ask(under: &Under, server: &Server, path: &str, cookie: Option<String>) -> Done<(f64, f64, usize)> {
    let mut http = Http::connect(server.address, cookie).await?;
    let warm = http.get(path).await?;
    if warm.status != 200 {
        return Err(format!("{path} answered {}", warm.status).into());
    }
    let meter = Meter::start(server)?;
    let (began, mut pages, mut times) = (Instant::now(), 0.0, Times::default());
    while began.elapsed() < under.scale.time / 2 {
        times.note(http.get(path).await?.first);
        pages += 1.0;
    }
    Ok((pages / meter.stop()?.cpu, times.at(0.5), warm.body.len()))
}

//! W9: what a connection costs that only listens, and whether it is given back.

use super::{Meter, Under};
use crate::Done;
use crate::house::{Fill, House, Room};
use crate::load::crowd::Crowd;
use crate::report::{Figure, Goal, Report};
use crate::server::Server;

pub async fn run(under: &Under, report: &mut Report) -> Done {
    let sizes: &[usize] = if under.scale.quick { &[1_000] } else { &[1_000, 10_000, 19_000] };
    let mut figures = Vec::new();
    for (people, rooms) in sizes.iter().flat_map(|people| [(*people, 1), (*people, 20)]) {
        let share = people / rooms;
        let room = |i| Room { visibility: "open", members: (i * share + 1, (i + 1) * share), messages: 0, pictures: 0 };
        let house = House::fill(&under.salon, Fill { people, rooms: (0..rooms).map(room).collect() }).await?;
        let name = format!("{people} in {rooms}");
        let goal = if people > 10_000 { 10.0 } else { 8.0 };
        let mut each = Figure::new(format!("{name}: memory each"), "KB", Goal::AtMost(goal));
        let mut cpu = Figure::new(format!("{name}: idle"), "µs/s each", Goal::AtMost(2.0));
        let mut back = Figure::new(format!("{name}: memory after : before"), "ratio", Goal::AtMost(1.3));
        for _ in 0..under.scale.rounds.min(2) {
            let server = Server::salon(under, &house)?;
            // What SQLite keeps of a row that was looked up stays when the connection goes: it is not the
            // connection's, and has a bound of its own. So everybody was here once.
            Crowd::pass(&server, people, |person| (person - 1) / share + 1).await?;
            tokio::time::sleep(under.scale.time).await;
            let before = server.usage()?.memory;
            let crowd = Crowd::join(&server, people, |person| (person - 1) / share + 1).await?;
            crowd.quiet().await;
            each.salon((server.usage()?.memory - before) / 1000.0 / people as f64);
            let meter = Meter::start(&server)?;
            tokio::time::sleep(under.scale.time).await;
            let spent = meter.stop()?;
            cpu.salon(spent.cpu * 1e6 / spent.wall / people as f64);
            drop(crowd);
            tokio::time::sleep(under.scale.time).await;
            back.salon(server.usage()?.memory / before);
        }
        figures.extend([each, cpu, back]);
    }
    report.add("W9", figures);
    Ok(())
}

//! F12: clients vanish without a word. They are noticed within 35 seconds, nobody is shown as
//! present who is not there, and what they held is free again.

use super::sockets;
use crate::Done;
use crate::client::{Crowd, Route, Wire, wait_until};
use crate::dice::Dice;
use crate::faults::Proxy;
use crate::server::free_address;
use crate::trial::Trial;
use domain::RoomId;
use domain::live::{Command, Frame};
use std::time::{Duration, Instant};

/// Ping after 25 s, and 8 s for the answer; and a little for looking.
const NOTICED: Duration = Duration::from_secs(36);

/// Files that may be open for other reasons: connections of this test, of the store.
const SPARE: usize = 16;

pub async fn run(trial: &mut Trial) -> Done {
    trial.setup.metrics = Some(free_address()?);
    let server = trial.setup.start().await?;
    let proxy = Proxy::open(trial.site(), &[], Dice::of(trial.seed, "vanish")).await?;
    let before = server.descriptors();
    let count = trial.pick(60, 400);
    let crowd = trial.gather_via(&trial.plan(count, 0), proxy.address);
    trial.acks(count as u64, Duration::from_secs(30)).await?;
    let began = Instant::now();
    while sockets(trial).await? < count as u64 && began.elapsed() < Duration::from_secs(30) {
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    let open = sockets(trial).await?;
    trial.expect(open == count as u64, format!("{open} of {count} sockets are open"));
    crowd.hush(Duration::from_secs(10)).await?;
    proxy.swallow();
    crowd.end().await;
    trial.injected = count as u64;
    let began = Instant::now();
    while sockets(trial).await? > 0 && began.elapsed() < NOTICED {
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    let noticed = began.elapsed();
    let left = sockets(trial).await?;
    trial.expect(left == 0, format!("{left} sockets are still held after {} s", noticed.as_secs()));
    let present = present(trial).await?;
    trial.expect(present == 1, format!("{present} people are shown as present, only the one who asks is"));
    // Farewells that nobody answers take two seconds.
    let freed = wait_until(Duration::from_secs(5), || server.descriptors() <= before + SPARE).await;
    let held = server.descriptors().saturating_sub(before);
    trial.expect(freed.is_ok(), format!("{held} files more are open than before"));
    trial.figure(format!("{count} vanished, all noticed after {:.1} s", noticed.as_secs_f64()));
    trial.conclude(server, Crowd::new()).await
}

/// How many people listen to the first hall, in the eyes of somebody who has just come.
async fn present(trial: &Trial) -> Done<usize> {
    let mut wire = Wire::open(&Route::straight(trial.site(), &trial.town.host.cookie)).await?;
    let room = RoomId(trial.town.halls.first().copied().unwrap_or(0));
    wire.send(&Command::Enter { room, place: None }).await?;
    let entered = wire.hears(Duration::from_secs(5), |frame| match frame {
        Frame::Entered { present, .. } => Some(present.len()),
        _ => None,
    });
    entered.await
}

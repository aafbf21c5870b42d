//! F11: some listeners stop reading. They are cut with 4008, cost the others nothing, and hear
//! everything when they read again.

use super::{counter, sockets};
use crate::Done;
use crate::checker::Figures;
use crate::client::{Crowd, Role, Route, wait_until};
use crate::server::{Server, free_address};
use crate::trial::Trial;
use std::time::{Duration, Instant};

/// Bytes that one of them may cost: its queue, what is being written, and buffers.
const EACH: u64 = 2 * 1024 * 1024;
/// What the rest may grow meanwhile.
const REST: u64 = 96 * 1024 * 1024;

/// When the connection of somebody who never reads is given up; seconds.
const GONE: f64 = 40.0;
/// Shorter and longer than Salon waits for a reader.
const SHORT_NAP: Duration = Duration::from_secs(8);
const LONG_NAP: Duration = Duration::from_secs(45);

pub async fn run(trial: &mut Trial) -> Done {
    trial.setup.metrics = Some(free_address()?);
    let server = trial.setup.start().await?;
    let mut plan = trial.plan(8, 24);
    plan.rooms.truncate(1);
    plan.letters = 3_000;
    let mut crowd = trial.gather(&plan);
    trial.acks(200, Duration::from_secs(30)).await?;
    let calm = Figures::of(&trial.history.since(0)).ack_p99;
    let (memory, from) = (server.memory(), trial.history.len());
    let sleepers = trial.pick(10, 40);
    let open = sockets(trial).await?;
    sleep(trial, &mut crowd, sleepers);
    // Who reads again in time comes back; who does not is left without a word.
    let awake = trial.pick(sleepers, sleepers / 2) as u64;
    let (cut_after, gone_after, peak) = watch(trial, &server, sleepers as u64, open + awake).await?;
    let slow = Figures::of(&trial.history.since(from)).ack_p99;
    let allowed = memory + sleepers as u64 * EACH + REST;
    trial.injected = sleepers as u64;
    trial.expect(peak <= allowed, format!("memory grew from {memory} to {peak} bytes"));
    trial.expect(slow <= (2 * calm).max(1_000_000), format!("the others waited {slow} µs instead of {calm}"));
    let told = wait_until(Duration::from_secs(20), || crowd.parted("closed 4008") >= awake).await;
    trial.expect(told.is_ok(), format!("{} of {awake} were told 4008", crowd.parted("closed 4008")));
    trial.figure(format!(
        "{sleepers} did not read: queues given up after {cut_after:.1} s; memory {} to {} MB; others' p99 {} to {} ms",
        memory / 1_000_000,
        peak / 1_000_000,
        calm / 1_000,
        slow / 1_000
    ));
    if !trial.options.short {
        trial.expect(gone_after <= GONE, format!("connections that nobody reads were held for {gone_after:.0} s"));
        trial.figure(format!("connections of those who never read given up after {gone_after:.1} s"));
    }
    trial.conclude(server, crowd).await
}

/// Listeners who enter and then read nothing for a while.
fn sleep(trial: &Trial, crowd: &mut Crowd, sleepers: usize) {
    let room = trial.town.halls.first().copied().unwrap_or(0);
    let naps = trial.pick(sleepers, sleepers / 2);
    for (n, person) in (0..sleepers).zip(trial.town.people.iter().cycle()) {
        let role = Role {
            name: format!("s{n}"),
            room,
            listens: true,
            pace: None,
            letters: 0,
            patience: Duration::from_secs(30),
            nap: Some(if n < naps { SHORT_NAP } else { LONG_NAP }),
        };
        let route = Route { receive_buffer: Some(4_096), ..Route::straight(trial.site(), &person.cookie) };
        crowd.add(role, route, &trial.history, trial.seed);
    }
}

/// Seconds until all their queues were given up, and until their connections were; and the
/// most memory that was seen meanwhile.
async fn watch(trial: &Trial, server: &Server, sleepers: u64, stay: u64) -> Done<(f64, f64, u64)> {
    let (began, limit) = (Instant::now(), Duration::from_secs(trial.pick(20, 60)));
    let (mut cut_after, mut peak) = (None, 0);
    while began.elapsed() < limit {
        peak = peak.max(server.memory());
        let cut = counter(trial, "salon_outbox_slow_total").await?;
        let open = sockets(trial).await?;
        if cut >= sleepers && cut_after.is_none() {
            cut_after = Some(began.elapsed().as_secs_f64());
        }
        if let Some(cut_after) = cut_after
            && (trial.options.short || (open <= stay && began.elapsed() > 2 * SHORT_NAP))
        {
            return Ok((cut_after, began.elapsed().as_secs_f64(), peak));
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    Err(format!("not everybody who does not read was cut within {} s", limit.as_secs()))
}

//! F1: `kill -9` at a random moment under many senders, restart, resume; again and again.

use crate::Done;
use crate::trial::Trial;
use std::time::Duration;

const LISTENERS: usize = 16;
/// After a start, until somebody has an answer.
const FIRST_ACK: Duration = Duration::from_secs(15);
const READY_MS: u64 = 2_000;

pub async fn run(trial: &mut Trial) -> Done {
    let kills = trial.options.kills.unwrap_or(trial.pick(10, 100));
    let senders = trial.pick(84, 184);
    let mut server = trial.setup.start().await?;
    let mut plan = trial.plan(LISTENERS, senders);
    plan.pace = 0..trial.pick(150, 400);
    let crowd = trial.gather(&plan);
    let mut slowest = Duration::ZERO;
    for kill in 1..=kills {
        trial.acks(1, FIRST_ACK).await.map_err(|e| format!("before kill {kill}: {e}"))?;
        tokio::time::sleep(trial.dice.millis(0..900)).await;
        server.kill()?;
        trial.injected += 1;
        server = trial.setup.start().await.map_err(|e| format!("after kill {kill}: {e}"))?;
        slowest = slowest.max(server.ready_after);
    }
    let allowed = Duration::from_millis(READY_MS) * trial.options.slack;
    trial.expect(slowest <= allowed, format!("a start took {} ms", slowest.as_millis()));
    trial.figure(format!("{kills} kills, {} senders, slowest start {} ms", senders + LISTENERS, slowest.as_millis()));
    trial.acks(1, FIRST_ACK).await?;
    trial.conclude(server, crowd).await
}

//! F5: the disk answers with errors, from the n-th call on. What is acknowledged stays, whether
//! the program goes on when the errors end or is killed in their midst.

use super::refusals;
use crate::Done;
use crate::faults::Tracer;
use crate::trial::Trial;
use std::time::Duration;

/// Whichever of them SQLite uses.
const SYNC: &str = "fsync,fdatasync";
/// Calls of SQLite, and what becomes of them.
const FAULTS: [(&str, &str); 4] =
    [(SYNC, "error=EIO"), ("pwrite64", "error=EIO"), ("pwrite64", "error=ENOSPC"), (SYNC, "error=ENOSPC")];
/// How long writing may take to begin again.
const RECOVERY: Duration = Duration::from_secs(10);

pub async fn run(trial: &mut Trial) -> Done {
    let mut server = trial.setup.start().await?;
    let mut plan = trial.plan(8, 16);
    plan.pace = 0..20;
    let crowd = trial.gather(&plan);
    let (mut refused, mut restarts) = (0, 0);
    for round in 0..trial.pick(8, 60) {
        let (call, what) = trial.dice.one_of(&FAULTS).copied().unwrap_or(FAULTS[0]);
        let nth = 1 + trial.dice.number(0..20);
        trial.acks(20, RECOVERY).await.map_err(|e| format!("before round {round}: {e}"))?;
        let (from, what) = (trial.history.len(), format!("{what}:when={nth}+"));
        let tracer = Tracer::inject(&server, call, &what).await?;
        tokio::time::sleep(trial.dice.millis(300..900)).await;
        trial.injected += 1;
        let killed = trial.dice.number(0..2) == 0;
        if killed {
            server.kill()?;
        } else {
            tracer.detach().await?;
        }
        if server.ended().is_some() {
            restarts += 1;
            server = trial.setup.start().await.map_err(|e| format!("after {call} {what}: {e}"))?;
        }
        refused += refusals(trial, from);
        trial.acks(20, RECOVERY).await.map_err(|e| format!("after {call} {what}, killed: {killed}: {e}"))?;
    }
    trial.expect(refused > 0, "no write was refused although calls failed");
    trial.figure(format!("{} times, {refused} refusals, {restarts} restarts in the midst", trial.injected));
    trial.conclude(server, crowd).await
}

//! SIGSTOP and SIGCONT: the process stands still, shortly and for longer than clients wait.

use crate::Done;
use crate::trial::Trial;
use std::time::Duration;

pub async fn run(trial: &mut Trial) -> Done {
    let server = trial.setup.start().await?;
    let mut plan = trial.plan(12, 48);
    plan.patience = Duration::from_secs(3);
    let crowd = trial.gather(&plan);
    let stops = trial.pick(3, 12);
    for stop in 0..stops {
        trial.acks(50, Duration::from_secs(20)).await?;
        // The last one makes everybody give up and come back.
        let still = if stop + 1 == stops { Duration::from_millis(4_500) } else { trial.dice.millis(100..1_500) };
        server.signal("-STOP")?;
        tokio::time::sleep(still).await;
        server.signal("-CONT")?;
        trial.injected += 1;
    }
    trial.acks(200, Duration::from_secs(20)).await?;
    let given_up = crowd.parted("silent");
    trial.expect(given_up > 0, "nobody gave up although the process stood still");
    trial.figure(format!("{stops} stops, {given_up} times somebody gave up and came back"));
    trial.conclude(server, crowd).await
}

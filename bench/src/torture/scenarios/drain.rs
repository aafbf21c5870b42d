//! F15: SIGTERM under load: everybody is sent away with 4001, nothing fails that is tried a
//! second time, and the process ends with success.

use crate::Done;
use crate::history::{Line, Op};
use crate::trial::Trial;
use std::collections::HashMap;
use std::time::{Duration, Instant};

pub async fn run(trial: &mut Trial) -> Done {
    let drains = trial.pick(3, 20);
    let mut server = trial.setup.start().await?;
    let crowd = trial.gather(&trial.plan(12, 48));
    let mut longest = Duration::ZERO;
    let mut tries = 0;
    for _ in 0..drains {
        trial.acks(200, Duration::from_secs(20)).await?;
        tokio::time::sleep(trial.dice.millis(0..300)).await;
        let (from, began) = (trial.history.len(), Instant::now());
        server.stop().await?;
        longest = longest.max(began.elapsed());
        trial.injected += 1;
        server = trial.setup.start().await?;
        trial.acks(200, Duration::from_secs(20)).await?;
        tries = tries.max(most_tries(&trial.history.since(from)));
    }
    let (told, lost) = (crowd.parted("closed 4001"), crowd.parted("lost"));
    trial.expect(lost == 0, format!("{lost} connections ended without a code"));
    trial.expect(told > 0, "nobody was told to come back");
    trial.expect(tries <= 2, format!("a message was sent {tries} times around one drain"));
    trial.figure(format!("{drains} drains, {told} told 4001, {lost} cut, slowest end {} ms", longest.as_millis()));
    trial.conclude(server, crowd).await
}

/// How often the message was sent that was sent most often.
fn most_tries(lines: &[Line]) -> u64 {
    let mut tries: HashMap<&str, u64> = HashMap::new();
    for cmid in lines.iter().filter(|line| line.op == Op::Send).filter_map(|line| line.cmid.as_deref()) {
        *tries.entry(cmid).or_default() += 1;
    }
    tries.into_values().max().unwrap_or(0)
}

//! Connections that are cut, delayed, throttled, half closed, or whose bytes come twice. Every
//! listener hears everything once and in order nevertheless, or is told to load anew.

use crate::Done;
use crate::dice::Dice;
use crate::faults::{MISHAPS, Proxy};
use crate::trial::Trial;
use std::time::Duration;

/// Ends that a corrupted stream may come to: 1002, 1007 and 1009 say so; a resend within the
/// stream may also be refused as no frame, or just wait for bytes that never come.
const PROTOCOL_CLOSES: [&str; 3] = ["closed 1002", "closed 1007", "closed 1009"];

pub async fn run(trial: &mut Trial) -> Done {
    let server = trial.setup.start().await?;
    let proxy = Proxy::open(trial.site(), &MISHAPS, Dice::of(trial.seed, "mishaps")).await?;
    let mut plan = trial.plan(24, 40);
    plan.pace = 0..60;
    plan.patience = Duration::from_secs(2);
    let crowd = trial.gather_via(&plan, proxy.address);
    let time = Duration::from_secs(trial.pick(12, 60));
    tokio::time::sleep(time).await;
    let counts = proxy.counts();
    trial.injected = counts.values().sum();
    for mishap in MISHAPS.iter().skip(1) {
        trial.expect(counts.contains_key(mishap), format!("{mishap:?} never happened"));
    }
    let partings = crowd.partings();
    let told: u64 = PROTOCOL_CLOSES.iter().filter_map(|code| partings.get(*code)).sum();
    trial.expect(told > 0, "no corrupted stream was closed with a protocol error");
    let happened: Vec<String> = counts.iter().map(|(mishap, count)| format!("{mishap:?} {count}")).collect();
    trial.figure(format!("{}; closed as a breach of protocol: {told}", happened.join(", ")));
    trial.conclude(server, crowd).await
}

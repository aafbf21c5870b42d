//! What is done to Salon. Each scenario is a file; docs/testing.md says what each must show.

mod clock;
mod disk_full;
mod drain;
mod failing_io;
mod kills;
mod leak;
mod lock;
mod no_files;
mod proxy;
mod reset_10k;
mod slow;
mod stop;
mod sync_before_ack;
mod upload;
mod vanish;

use crate::Done;
use crate::door::Door;
use crate::faults::{Disk, FakeTime, Tracer};
use crate::history::Op;
use crate::trial::Trial;
use futures::future::BoxFuture;

pub struct Scenario {
    pub name: &'static str,
    /// What it needs and this machine lacks.
    pub missing: fn() -> Option<String>,
    pub run: Run,
}

type Run = for<'t> fn(&'t mut Trial) -> BoxFuture<'t, Done>;

const fn plain(name: &'static str, run: Run) -> Scenario {
    Scenario { name, missing: || None, run }
}

const fn needs(missing: fn() -> Option<String>, name: &'static str, run: Run) -> Scenario {
    Scenario { name, missing, run }
}

/// In the order of running.
static ALL: [Scenario; 15] = [
    plain("kills", |trial| Box::pin(kills::run(trial))),
    plain("stop", |trial| Box::pin(stop::run(trial))),
    plain("drain", |trial| Box::pin(drain::run(trial))),
    plain("proxy", |trial| Box::pin(proxy::run(trial))),
    plain("slow", |trial| Box::pin(slow::run(trial))),
    plain("vanish", |trial| Box::pin(vanish::run(trial))),
    needs(Disk::missing, "disk_full", |trial| Box::pin(disk_full::run(trial))),
    needs(Tracer::missing, "failing_io", |trial| Box::pin(failing_io::run(trial))),
    needs(Tracer::missing, "sync_before_ack", |trial| Box::pin(sync_before_ack::run(trial))),
    needs(FakeTime::missing, "clock", |trial| Box::pin(clock::run(trial))),
    plain("lock", |trial| Box::pin(lock::run(trial))),
    plain("leak", |trial| Box::pin(leak::run(trial))),
    plain("upload", |trial| Box::pin(upload::run(trial))),
    plain("reset_10k", |trial| Box::pin(reset_10k::run(trial))),
    plain("no_files", |trial| Box::pin(no_files::run(trial))),
];

/// Those with these names, or all.
pub fn chosen(names: &[String]) -> Done<Vec<&'static Scenario>> {
    if let Some(unknown) = names.iter().find(|name| !ALL.iter().any(|known| known.name == **name)) {
        let known: Vec<&str> = ALL.iter().map(|known| known.name).collect();
        return Err(format!("no scenario `{unknown}`; there are {}", known.join(" ")));
    }
    Ok(ALL.iter().filter(|known| names.is_empty() || names.iter().any(|name| name == known.name)).collect())
}

/// Messages that were refused for now, from this line of the history on.
fn refusals(trial: &Trial, from: usize) -> u64 {
    let lines = trial.history.since(from);
    let words = ["unavailable", "broken"];
    let refused = lines.iter().filter(|line| line.op == Op::Info);
    refused.filter(|line| line.note.as_deref().is_some_and(|note| words.contains(&note))).count() as u64
}

/// One of Salon's figures; 0 if it has none of this name yet.
async fn counter(trial: &Trial, name: &str) -> Done<u64> {
    let metrics = trial.setup.metrics.ok_or("this scenario asks for no metrics")?;
    let text = Door::new(metrics, None)?.text("/metrics").await?;
    let value = text.lines().find_map(|line| line.strip_prefix(name)?.trim().parse::<f64>().ok());
    Ok(value.unwrap_or(0.0) as u64)
}

/// Live sockets that Salon holds.
async fn sockets(trial: &Trial) -> Done<u64> {
    counter(trial, "salon_live_sockets").await
}

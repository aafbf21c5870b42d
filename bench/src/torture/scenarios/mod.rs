//! What is done to Salon. Each scenario is a file; docs/testing.md says what each must show.

mod drain;
mod kills;
mod stop;

use crate::Done;
use crate::trial::Trial;
use futures::future::BoxFuture;

pub struct Scenario {
    pub name: &'static str,
    /// What it needs and this machine lacks.
    pub missing: fn() -> Option<String>,
    pub run: for<'t> fn(&'t mut Trial) -> BoxFuture<'t, Done>,
}

const fn plain(name: &'static str, run: for<'t> fn(&'t mut Trial) -> BoxFuture<'t, Done>) -> Scenario {
    Scenario { name, missing: || None, run }
}

/// In the order of running.
const ALL: [Scenario; 3] = [
    plain("kills", |trial| Box::pin(kills::run(trial))),
    plain("stop", |trial| Box::pin(stop::run(trial))),
    plain("drain", |trial| Box::pin(drain::run(trial))),
];

/// Those with these names, or all.
pub fn chosen(names: &[String]) -> Done<Vec<&'static Scenario>> {
    static SCENARIOS: [Scenario; ALL.len()] = ALL;
    if let Some(unknown) = names.iter().find(|name| !SCENARIOS.iter().any(|known| known.name == **name)) {
        let known: Vec<&str> = SCENARIOS.iter().map(|known| known.name).collect();
        return Err(format!("no scenario `{unknown}`; there are {}", known.join(" ")));
    }
    Ok(SCENARIOS.iter().filter(|known| names.is_empty() || names.iter().any(|name| name == known.name)).collect())
}

//! What Salon promises, while it is killed, starved and confused: scenarios against the real
//! program, a history of each, and a checker that judges the histories. See docs/testing.md.

mod checker;
mod client;
mod dice;
mod door;
mod faults;
mod history;
mod report;
mod scenarios;
mod server;
mod store;
mod town;
mod trial;

use clap::{Parser, Subcommand};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

/// A value, or a sentence that says why there is none.
pub type Done<T = ()> = Result<T, String>;

/// Tortures `salon` and proves from the histories that no promise broke.
#[derive(Clone, Debug, Parser)]
#[command(name = "torture", args_conflicts_with_subcommands = true)]
pub struct Options {
    #[command(subcommand)]
    helper: Option<Helper>,
    /// The program under test.
    #[arg(long, default_value = "salon")]
    pub program: PathBuf,
    /// Every scenario once, in 2 to 3 minutes.
    #[arg(long)]
    pub short: bool,
    /// Decides every choice of the tests; printed when it is not given.
    #[arg(long)]
    pub seed: Option<u64>,
    /// Kills in a row in the scenario `kills`.
    #[arg(long)]
    pub kills: Option<u32>,
    /// The program is not optimised: it may take so many times as long where speed is promised.
    #[arg(long, default_value_t = 1)]
    pub slack: u32,
    /// Scenarios by name; all without one.
    pub scenarios: Vec<String>,
}

#[derive(Clone, Debug, Subcommand)]
enum Helper {
    /// Holds the write lock of a store: what another program would do.
    #[command(hide = true)]
    HoldLock { file: PathBuf, millis: u64 },
}

#[tokio::main]
async fn main() -> ExitCode {
    let options = Options::parse();
    let run = async {
        match &options.helper {
            Some(Helper::HoldLock { file, millis }) => {
                store::hold_lock(file, Duration::from_millis(*millis)).await.map(|()| true)
            }
            None => report::run(&options).await,
        }
    };
    // Giving up drops the run, and with it every process and mount that it has made.
    let outcome = tokio::select! {
        outcome = run => outcome,
        _ = tokio::signal::ctrl_c() => Err("interrupted".to_owned()),
    };
    match outcome {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(sentence) => {
            eprintln!("torture: {sentence}");
            ExitCode::FAILURE
        }
    }
}

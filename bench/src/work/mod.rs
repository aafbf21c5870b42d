//! The workloads W1–W13 (`docs/benchmarks.md`), one file each.

mod fanout;
mod growth;
mod history;
mod idle;
mod kill;
mod page;
mod pages;
mod pictures;
mod posts;
mod rooms;
mod search;
pub mod sign_in;
mod storm;

use crate::Done;
use crate::report::Report;
use crate::server::Server;
use std::path::PathBuf;
use std::time::{Duration, Instant};

/// What is measured, and how much of it.
pub struct Under {
    pub salon: PathBuf,
    pub site: PathBuf,
    /// A PostgreSQL server, if there is one to measure on.
    pub postgres: Option<String>,
    pub scale: Scale,
}

#[derive(Clone, Copy, Debug)]
pub struct Scale {
    pub quick: bool,
    pub rounds: usize,
    /// How long one case is loaded.
    pub time: Duration,
}

impl Scale {
    pub fn of(quick: bool, rounds: Option<usize>) -> Self {
        let (usual, seconds) = if quick { (1, 2) } else { (3, 6) };
        Self { quick, rounds: rounds.unwrap_or(usual), time: Duration::from_secs(seconds) }
    }

    /// One number for the quick run, another for the full one.
    pub fn pick(&self, quick: usize, full: usize) -> usize {
        if self.quick { quick } else { full }
    }
}

const ALL: [&str; 13] = ["w1", "w2", "w3", "w4", "w5", "w6", "w7", "w8", "w9", "w10", "w11", "w12", "w13"];

/// Runs them and says how many were measured and how many could not be.
pub async fn run(under: &Under, wanted: &[String], report: &mut Report) -> Done<(u32, u32)> {
    if let Some(unknown) = wanted.iter().find(|name| !ALL.contains(&name.as_str())) {
        return Err(format!("no workload `{unknown}`; there are {}", ALL.join(", ")).into());
    }
    let (mut measured, mut failed) = (0, 0);
    for name in ALL.iter().filter(|name| wanted.is_empty() || wanted.iter().any(|w| w == *name)) {
        let began = Instant::now();
        let outcome = match *name {
            "w1" => storm::run(under, report).await,
            "w2" => fanout::run(under, report).await,
            "w3" => rooms::run(under, report).await,
            "w4" => posts::run(under, report).await,
            "w5" => history::run(under, report).await,
            "w6" => sign_in::run(under, report).await,
            "w7" => pages::run(under, report).await,
            "w8" => page::run(under, report).await,
            "w9" => idle::run(under, report).await,
            "w10" => pictures::run(under, report).await,
            "w11" => kill::run(under, report).await,
            "w12" => growth::run(under, report).await,
            _ => search::run(under, report).await,
        };
        match outcome {
            Ok(()) => measured += 1,
            Err(fault) => {
                failed += 1;
                println!("{name} FAILED: {fault}");
            }
        }
        println!("{name}: {} s", began.elapsed().as_secs());
    }
    Ok((measured, failed))
}

/// What a server used between two moments.
pub struct Meter<'a> {
    server: &'a Server,
    began: Instant,
    cpu: f64,
}

/// Seconds, of the clock and of the server's core.
pub struct Spent {
    pub wall: f64,
    pub cpu: f64,
}

impl<'a> Meter<'a> {
    pub fn start(server: &'a Server) -> Done<Self> {
        Ok(Self { server, began: Instant::now(), cpu: server.usage()?.cpu })
    }

    pub fn stop(&self) -> Done<Spent> {
        // Never nothing: `/proc` counts in hundredths.
        let cpu = (self.server.usage()?.cpu - self.cpu).max(0.01);
        Ok(Spent { wall: self.began.elapsed().as_secs_f64(), cpu })
    }
}

//! How fast Salon is, beside the floor of the machine it runs on.
//!
//! Every figure comes with its floor, measured in the same run and in turns: a bare server
//! that does the same work and nothing else. The server has one core, the loader another,
//! where there are two; a server's cost is counted in seconds of its core, which holds on a
//! busy machine too. `docs/benchmarks.md` keeps the results.

mod db;
mod floor;
mod house;
mod load;
mod machine;
mod report;
mod rows;
mod server;
mod work;

use clap::{Parser, Subcommand};
use report::Report;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;

/// Why a measurement could not be made.
pub type Fault = Box<dyn std::error::Error + Send + Sync>;
pub type Done<T = ()> = Result<T, Fault>;

/// Measures Salon and the floor of this machine.
#[derive(Debug, Parser)]
struct Bench {
    #[command(subcommand)]
    part: Option<Part>,
    /// The program under test.
    #[arg(long, value_name = "FILE")]
    salon: Option<PathBuf>,
    /// Its built page.
    #[arg(long, value_name = "DIR")]
    site: Option<PathBuf>,
    /// An empty PostgreSQL server, for what is measured on one too.
    #[arg(long, value_name = "URL")]
    postgres: Option<String>,
    /// Small crowds, one round: whether everything can be measured, in less than 4 minutes.
    #[arg(long)]
    quick: bool,
    /// How often Salon and its floor take turns; the medians count.
    #[arg(long, value_name = "N")]
    rounds: Option<usize>,
    /// Where the figures go as JSON.
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// Only these workloads: w1 … w13.
    workloads: Vec<String>,
}

#[derive(Debug, Subcommand)]
enum Part {
    /// Be the bare server: whatever one connection says, all hear.
    Floor {
        listen: SocketAddr,
        /// A store that keeps everything before it is told.
        #[arg(long, value_name = "FILE")]
        keep: Option<PathBuf>,
    },
    /// Be the bare store: insert rows in groups, each group durable.
    Rows { file: PathBuf, group: usize, seconds: f64 },
    /// Hash passwords without pause, and print how many.
    Hashes { seconds: f64 },
}

fn main() -> ExitCode {
    let bench = Bench::parse();
    // One thread: what the loader costs is seen on one core.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let outcome = match runtime {
        Ok(runtime) => runtime.block_on(run(bench)),
        Err(cause) => Err(cause.into()),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(fault) => {
            eprintln!("bench: {fault}");
            ExitCode::FAILURE
        }
    }
}

async fn run(bench: Bench) -> Done {
    match bench.part {
        Some(Part::Floor { listen, keep }) => return floor::serve(listen, keep.as_deref()).await,
        Some(Part::Rows { file, group, seconds }) => return rows::insert(&file, group, seconds).await,
        Some(Part::Hashes { seconds }) => return work::sign_in::hash(seconds),
        None => {}
    }
    let scale = work::Scale::of(bench.quick, bench.rounds);
    let salon = bench.salon.ok_or("--salon is missing; `cargo xtask bench` gives it")?;
    let site = bench.site.ok_or("--site is missing; `cargo xtask bench` gives it")?;
    machine::pin_myself();
    let mut report = Report::new(machine::describe());
    let (measured, failed) =
        work::run(&work::Under { salon, site, postgres: bench.postgres, scale }, &bench.workloads, &mut report).await?;
    println!("{}", report.table());
    if let Some(file) = bench.json {
        std::fs::write(file, report.json())?;
    }
    println!("bench: {measured} measured, {failed} failed");
    if failed == 0 { Ok(()) } else { Err("not everything could be measured".into()) }
}

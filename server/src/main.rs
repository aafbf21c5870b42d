//! The program `salon`: reads the command line, starts the runtime, reports how it went.

use clap::Parser;
use server::settings::Salon;
use std::process::ExitCode;

/// Half the memory of ten thousand connections, and more of it is given back when they leave
/// (docs/benchmarks.md, W9).
#[global_allocator]
static MEMORY: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let salon = Salon::parse();
    // At least two workers, also on one core: one that is busy must not stop the others.
    let workers = std::thread::available_parallelism().map_or(2, |n| n.get().max(2));
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(workers).enable_all().build();
    let outcome = match runtime {
        Ok(runtime) => runtime.block_on(server::commands::run(salon.command)),
        Err(cause) => Err(cause.into()),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("salon: {failure}");
            ExitCode::FAILURE
        }
    }
}

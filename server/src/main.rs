//! The program `salon`: reads the command line, starts the runtime, reports how it went.

use server::settings::{Command, Salon};
use std::io;
use std::process::ExitCode;

/// Half the memory of ten thousand connections, and more of it is given back when they leave
/// (docs/benchmarks.md, W9).
#[global_allocator]
static MEMORY: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// A setting of the allocator, which it reads before anything of ours runs: whoever frees the last
/// of a page gives it back, instead of leaving that to the thread that filled it. Connections
/// wander between threads, and when a crowd has left no thread comes by any more.
const PAGES: (&str, &str) = ("MIMALLOC_PAGE_RECLAIM_ON_FREE", "-1");

fn main() -> ExitCode {
    let salon = Salon::told();
    if matches!(salon.command, Command::Serve(_))
        && let Err(cause) = begin_anew()
    {
        // It only takes more memory.
        eprintln!("salon: the allocator keeps its own settings: {cause}");
    }
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

/// Becomes the same program again, as the same process, with the allocator's setting. Returns if
/// that has been done, or the operator has chosen another one.
fn begin_anew() -> io::Result<()> {
    use std::os::unix::process::CommandExt;
    let (name, value) = PAGES;
    if std::env::var_os(name).is_some() {
        return Ok(());
    }
    let mut args = std::env::args_os();
    let mut again = std::process::Command::new(std::env::current_exe()?);
    if let Some(own) = args.next() {
        again.arg0(own);
    }
    Err(again.args(args).env(name, value).exec())
}

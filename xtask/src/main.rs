//! The commands of this repository: `cargo xtask serve`, `cargo xtask test` and their parts.
//! They bring the tools they need. No dependencies: this has to compile in seconds on a new machine.

mod bench;
mod browser;
mod cargo;
mod claim;
mod clock;
mod demo;
mod fuzz;
mod node;
mod page;
mod places;
mod postgres;
mod process;
mod python;
mod salon;
mod serve;
mod sha256;
mod stamp;
mod steps;
mod suites;
mod tidy;
mod torture;

use places::Places;
use std::process::ExitCode;

/// What a command answers: a value, or one sentence saying what is missing and how to get it.
pub type Done<T = ()> = Result<T, String>;

const USAGE: &str = "\
cargo xtask serve [--release] [--demo] [-- <flags of `salon serve`>]
    Build what changed and run Salon with its data in ./data (--demo: an example house in ./data-demo).
cargo xtask test [check|unit|integration|postgres|autobahn|fuzz|torture|bench|e2e|size]…  [--dev]
    Run these suites, or all. The last line is `N passed, N failed`.
    --dev: browser tests with the quickly built page instead of the shipped one.
cargo xtask torture [--short] [--seed N] [--kills N] [SCENARIO]…
    Kill, starve and confuse the optimised program and judge the histories (docs/testing.md).
cargo xtask bench [--quick] [--rounds N] [--json FILE] [w1|…|w13]…
    Measure Salon beside the floor of this machine (docs/benchmarks.md).
cargo xtask check      Format, tidiness and lints: the suite `check`.
cargo xtask fmt        Format the Rust sources.
cargo xtask autobahn   Judge the sockets by the public WebSocket suite: the suite `autobahn`.
cargo xtask fuzz [TARGET]… [--seconds N]    Run the fuzz targets for a minute each, or N seconds.
cargo xtask size       Weigh the shipped page: the suite `size`.
cargo xtask build      Build what is shipped: the optimised program and its page.
cargo xtask page [--release]    Build the page only.
cargo xtask tidy       The rules of this repository that no compiler knows.

Build folder and tools are kept outside of the checkout: $CARGO_TARGET_DIR and
$XDG_CACHE_HOME/salon (else ~/.cache/salon).";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match run(&arguments) {
        Ok(code) => code,
        Err(sentence) => {
            eprintln!("xtask: {sentence}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &[String]) -> Done<ExitCode> {
    let places = Places::find()?;
    claim::claim(&places)?;
    let (command, rest) = arguments.split_first().map_or(("help", arguments), |(c, r)| (c.as_str(), r));
    match command {
        "serve" => serve::run(&places, &serve::Options::parse(rest)?),
        "test" => suites::run(&places, rest),
        "check" | "autobahn" | "size" => suites::run(&places, &[command.to_owned()]),
        "fuzz" => fuzz::command(&places, rest),
        "torture" => torture::command(&places, rest),
        "bench" => bench::command(&places, rest),
        "fmt" => {
            process::visible(cargo::cargo(&places).args(["fmt", "--all"]), "cargo fmt").map(|()| ExitCode::SUCCESS)
        }
        "tidy" => tidy::command(&places),
        "build" => build(&places),
        "page" => page_only(&places, rest),
        "help" | "--help" | "-h" => {
            println!("{USAGE}");
            Ok(ExitCode::SUCCESS)
        }
        other => Err(format!("no command `{other}`; `cargo xtask help` lists them")),
    }
}

/// Builds what is shipped and says where it lies.
fn build(places: &Places) -> Done<ExitCode> {
    let mut steps = steps::Steps::new(page::STEPS + salon::STEPS);
    let site = page::build(places, page::Profile::Release, &mut steps)?;
    let program = salon::build(places, page::Profile::Release, &mut steps)?;
    println!("{} --site {}", program.display(), site.display());
    Ok(ExitCode::SUCCESS)
}

fn page_only(places: &Places, arguments: &[String]) -> Done<ExitCode> {
    let profile = match arguments {
        [] => page::Profile::Dev,
        [flag] if flag == "--release" => page::Profile::Release,
        _ => return Err("usage: cargo xtask page [--release]".to_owned()),
    };
    let site = page::build(places, profile, &mut steps::Steps::new(page::STEPS))?;
    println!("{}", site.display());
    Ok(ExitCode::SUCCESS)
}

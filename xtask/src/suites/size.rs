//! The byte budget: what a first visit costs.

use super::{Context, Tally};
use crate::page::{self, Profile};
use crate::places::Places;
use crate::process::{Background, Reads};
use crate::steps::Steps;
use crate::{Done, demo, postgres, process, salon};
use std::path::Path;
use std::process::Command;
use std::time::Duration;

/// Of the shipped page, compressed with brotli; bytes. A first visit loads `guest` and the style for
/// a room, `site` for the list or to sign in; `member` comes with the first room after that,
/// `pictures` when one arranges a wall.
const BUDGETS: [(&str, u64); 6] = [
    ("pkg/guest.wasm", 300_000),
    ("pkg/guest.js", 20_000),
    ("pkg/salon.css", 20_000),
    ("pkg/site.wasm", 300_000),
    ("pkg/member.wasm", 350_000),
    ("pkg/pictures.wasm", 350_000),
];
/// Of a busy room's HTML, compressed with gzip; bytes.
const ROOM_BUDGET: u64 = 30_000;

pub fn run(context: &mut Context<'_>) -> Done<Tally> {
    let places = context.places;
    let mut steps = Steps::new(page::STEPS + salon::STEPS);
    let site = page::build(places, Profile::Release, &mut steps)?;
    let mut tally = Tally::default();
    for (file, budget) in BUDGETS {
        let compressed = site.join(format!("{file}.br"));
        let size = std::fs::metadata(&compressed).map_err(|e| format!("{}: {e}", compressed.display()))?.len();
        tally.add(weighed(&format!("{file}, brotli"), size, budget));
    }
    let program = program(context, &mut steps)?;
    tally.add(weighed("room page, gzip", room_page(places, &program, &site)?, ROOM_BUDGET));
    Ok(tally)
}

/// The program under test: that of the integration suite if it ran just now.
pub fn program(context: &Context<'_>, steps: &mut Steps) -> Done<std::path::PathBuf> {
    if context.program_is_built {
        steps.skip(salon::STEPS, "the program of the integration suite");
        return Ok(salon::built(context.places, "debug"));
    }
    salon::build(context.places, Profile::Dev, steps)
}

fn weighed(what: &str, size: u64, budget: u64) -> Tally {
    let fits = size <= budget;
    let word = if fits { "ok    " } else { "FAILED" };
    println!("  {word} {what}: {:.1} kB of {} kB", size as f64 / 1000.0, budget / 1000);
    Tally::one(fits)
}

/// The heaviest room of the example house, as a guest gets it.
fn room_page(places: &Places, program: &Path, site: &Path) -> Done<u64> {
    let data = std::env::temp_dir().join(format!("salon-size-{}", std::process::id()));
    let outcome = weigh_room(places, program, site, &data);
    let _ = std::fs::remove_dir_all(&data);
    outcome
}

fn weigh_room(places: &Places, program: &Path, site: &Path, data: &Path) -> Done<u64> {
    demo::fill(program, data)?;
    let address = format!("127.0.0.1:{}", postgres::free_port()?);
    let mut serve = Command::new(program);
    serve.args(["serve", "--listen", &address, "--data"]).arg(data).arg("--site").arg(site);
    let server = Background::start(&mut serve, "salon serve", &Reads::Output, "-TERM")?;
    server.says("listens", Duration::from_secs(60))?;
    let mut weigh = Command::new("node");
    weigh.arg(places.root.join("xtask/js/weigh-room.mjs")).arg(format!("http://{address}"));
    let answer = process::quiet(&mut weigh, "weighing the room page")?;
    answer.trim().parse().map_err(|_| format!("weigh-room.mjs answered `{}`", answer.trim()))
}

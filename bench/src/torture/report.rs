//! Runs the scenarios one after the other and says how they went.

use crate::scenarios::{self, Scenario};
use crate::town::Town;
use crate::trial::{Trial, Verdict};
use crate::{Done, Options};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// Breaches and wrongs of one scenario that are printed; the rest is counted.
const SHOWN: usize = 12;

/// One scenario's line of the table.
struct Row {
    name: &'static str,
    seconds: u64,
    injected: u64,
    verdict: Option<Verdict>,
    wrongs: Vec<String>,
    /// Why it could not run here.
    skipped: Option<String>,
}

/// Whether all promises were kept.
pub async fn run(options: &Options) -> Done<bool> {
    let chosen = scenarios::chosen(&options.scenarios)?;
    let seed = options.seed.unwrap_or_else(|| rand::random::<u32>().into());
    println!("torture: seed {seed}, {} scenarios, {}", chosen.len(), if options.short { "short" } else { "long" });
    let root = tempfile::Builder::new().prefix("salon-torture-").tempdir().map_err(|e| e.to_string())?;
    let town = Town::build(&options.program, root.path().join("town"), root.path().join("town.log")).await?;
    let mut rows = Vec::new();
    for scenario in chosen {
        rows.push(run_one(scenario, options, seed, &town, root.path()).await?);
    }
    table(&rows);
    let fine = rows.iter().all(Row::is_fine);
    if !fine {
        println!("seed {seed}; histories and logs: {}", root.keep().display());
    }
    let failed = rows.iter().filter(|row| !row.is_fine()).count();
    let skipped = rows.iter().filter(|row| row.skipped.is_some()).count();
    println!("torture: {} passed, {failed} failed, {skipped} skipped", rows.len() - failed - skipped);
    Ok(fine)
}

async fn run_one(scenario: &Scenario, options: &Options, seed: u64, town: &Town, root: &Path) -> Done<Row> {
    let began = Instant::now();
    if let Some(why) = (scenario.missing)() {
        println!("  SKIPPED {}: {why}", scenario.name);
        let (seconds, injected, verdict, wrongs) = (0, 0, None, Vec::new());
        return Ok(Row { name: scenario.name, seconds, injected, verdict, wrongs, skipped: Some(why) });
    }
    let mut trial = Trial::new(scenario.name, options, seed, town, root)?;
    let limit = Duration::from_secs(if options.short { 150 } else { 900 });
    let ended = tokio::time::timeout(limit, (scenario.run)(&mut trial)).await;
    let ended = ended.unwrap_or_else(|_| Err(format!("it did not end within {} s", limit.as_secs())));
    let whole = ended.is_ok();
    trial.wrongs.extend(ended.err());
    let verdict = trial.verdict(whole);
    let seconds = began.elapsed().as_secs();
    let row = Row {
        name: scenario.name,
        seconds,
        injected: trial.injected,
        verdict: Some(verdict),
        wrongs: trial.wrongs,
        skipped: None,
    };
    row.say(&trial.figures, trial.history.path().to_path_buf());
    if row.is_fine() {
        // Histories are large; only those of failures are kept.
        let _ = std::fs::remove_dir_all(&trial.folder);
    }
    Ok(row)
}

impl Row {
    fn is_fine(&self) -> bool {
        self.wrongs.is_empty() && self.verdict.as_ref().is_none_or(|verdict| verdict.breaches.is_empty())
    }

    fn say(&self, figures: &[String], history: PathBuf) {
        let word = if self.is_fine() { "ok     " } else { "FAILED " };
        println!("  {word} {:<15} {:>4} s  {}", self.name, self.seconds, figures.join("; "));
        let breaches = self.verdict.iter().flat_map(|verdict| &verdict.breaches);
        let mut words: Vec<String> = self.wrongs.clone();
        words.extend(breaches.map(|breach| format!("{}: {}", breach.check.letter(), breach.words)));
        words.iter().take(SHOWN).for_each(|words| println!("          {words}"));
        if words.len() > SHOWN {
            println!("          and {} more", words.len() - SHOWN);
        }
        if !self.is_fine() {
            println!("          {}", history.display());
        }
    }
}

fn table(rows: &[Row]) {
    println!(
        "\n{:<16}{:>8}{:>9}{:>9}{:>9}{:>8}{:>9}{:>11}{:>10}{:>10}{:>13}{:>6}",
        "scenario",
        "faults",
        "acks",
        "resumed",
        "retries",
        "resets",
        "breaches",
        "otherwise",
        "ack p50",
        "ack p99",
        "unavailable",
        "s"
    );
    for row in rows {
        let Some(Verdict { breaches, figures }) = &row.verdict else {
            println!("{:<16}skipped: {}", row.name, row.skipped.as_deref().unwrap_or_default());
            continue;
        };
        println!(
            "{:<16}{:>8}{:>9}{:>9}{:>9}{:>8}{:>9}{:>11}{:>7} ms{:>7} ms{:>10} ms{:>6}",
            row.name,
            row.injected,
            figures.acks,
            figures.resumed,
            figures.retries,
            figures.resets,
            breaches.len(),
            row.wrongs.len(),
            figures.ack_p50 / 1_000,
            figures.ack_p99 / 1_000,
            figures.unavailable / 1_000,
            row.seconds
        );
    }
    println!("breaches: lost, phantom, double, divergent, gaps, order, sender order, leaks, not converged\n");
}

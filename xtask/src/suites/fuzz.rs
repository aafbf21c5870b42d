//! Every fuzz target over its corpus, and some seconds beyond: what was found once stays found.

use super::{Context, Tally};
use crate::{Done, fuzz};

/// For each target; `cargo xtask fuzz` takes longer.
const SECONDS: u64 = 5;

pub fn run(context: &mut Context<'_>) -> Done<Tally> {
    let programs = fuzz::build(context.places)?;
    let mut tally = Tally::default();
    for target in fuzz::TARGETS {
        tally.add(Tally::one(fuzz::run(context.places, &programs, target, SECONDS)));
    }
    Ok(tally)
}

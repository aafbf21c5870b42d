//! The workloads in their quick form: that each can be measured. How fast Salon is, is for
//! `cargo xtask bench` on a quiet machine.

use super::{Context, Tally, size};
use crate::steps::Steps;
use crate::{Done, bench, browser, salon};

pub fn run(context: &mut Context<'_>) -> Done<Tally> {
    // On a fresh machine W8 comes before the browser tests, and is not measured without one.
    if let Err(sentence) = browser::find(context.places) {
        println!("  {sentence}");
    }
    let program = size::program(context, &mut Steps::new(salon::STEPS))?;
    bench::quick(context.places, &program)
}

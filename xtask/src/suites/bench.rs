//! The workloads in their quick form: that each can be measured. How fast Salon is, is for
//! `cargo xtask bench` on a quiet machine.

use super::{Context, Tally, size};
use crate::steps::Steps;
use crate::{Done, bench, salon};

pub fn run(context: &mut Context<'_>) -> Done<Tally> {
    let program = size::program(context, &mut Steps::new(salon::STEPS))?;
    bench::quick(context.places, &program)
}

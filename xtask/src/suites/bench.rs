//! The workloads in their quick form: that each can be measured. How fast Salon is, is for
//! `cargo xtask bench` on a quiet machine.

use super::{Context, Tally};
use crate::{Done, bench};

pub fn run(context: &mut Context<'_>) -> Done<Tally> {
    bench::quick(context.places)
}

//! Torture in its short form: every scenario once, each counts as one test.

use super::{Context, Tally, size};
use crate::steps::Steps;
use crate::{Done, salon, torture};

pub fn run(context: &mut Context<'_>) -> Done<Tally> {
    let program = size::program(context, &mut Steps::new(salon::STEPS))?;
    torture::short(context.places, &program)
}

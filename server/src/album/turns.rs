//! Turns for what is made while it travels, which may take long: few at a time, and not all of them
//! one person's.

use crate::gate::limits::{PerPerson, Seat};
use domain::{PersonId, Problem};
use std::sync::Arc;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// So many are made at the same time.
pub const AT_ONCE: usize = 4;
/// So many of them for one person.
pub const OF_ONE: usize = 2;

pub struct Turns {
    places: Arc<Semaphore>,
    people: Arc<PerPerson>,
}

/// One that is being made; over when it is dropped.
pub struct Turn {
    _place: OwnedSemaphorePermit,
    _seat: Seat,
}

impl Default for Turns {
    fn default() -> Self {
        Self { places: Arc::new(Semaphore::new(AT_ONCE)), people: Arc::new(PerPerson::new(OF_ONE)) }
    }
}

impl Turns {
    /// # Errors
    /// `Unavailable` when all are taken, or as many as one person may take.
    pub fn take(&self, person: PersonId) -> Result<Turn, Problem> {
        let seat = self.people.seat(person).ok_or(Problem::Unavailable)?;
        let place = self.places.clone().try_acquire_owned().map_err(|_| Problem::Unavailable)?;
        Ok(Turn { _place: place, _seat: seat })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_takes_all_the_turns() {
        let turns = Turns::default();
        let take = |person| turns.take(PersonId(person)).ok();
        let mut first: Vec<Turn> = (0..AT_ONCE).filter_map(|_| take(1)).collect();
        assert_eq!(first.len(), OF_ONE);
        let others: Vec<Turn> = (2..9).filter_map(take).collect();
        assert_eq!(others.len(), AT_ONCE - OF_ONE, "the rest is for others, and then all are taken");
        first.pop();
        assert!(take(9).is_some(), "one is over");
        // Whoever found none free has not used up their own share by trying.
        drop((first, others));
        let again: Vec<Turn> = (0..AT_ONCE).filter_map(|_| take(8)).collect();
        assert_eq!(again.len(), OF_ONE);
    }
}

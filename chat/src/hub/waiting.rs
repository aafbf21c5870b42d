//! Who waits in front of a room's gate.

use super::line::Line;
use domain::PersonId;
use std::collections::HashMap;
use std::sync::Arc;

/// The lines of those who may not come in yet, and are told when they may.
#[derive(Default)]
pub(super) struct Waiting {
    lines: HashMap<u64, Arc<Line>>,
    /// How many of the lines each person has.
    people: HashMap<PersonId, usize>,
    guests: u32,
}

impl Waiting {
    pub fn insert(&mut self, line: &Arc<Line>) {
        if self.lines.insert(line.id, line.clone()).is_some() {
            return;
        }
        match &line.who {
            Some(who) => *self.people.entry(who.person.id).or_default() += 1,
            None => self.guests += 1,
        }
    }

    pub fn remove(&mut self, id: u64) {
        let Some(line) = self.lines.remove(&id) else { return };
        let Some(who) = &line.who else {
            self.guests -= 1;
            return;
        };
        if let Some(lines) = self.people.get_mut(&who.person.id) {
            *lines -= 1;
            if *lines == 0 {
                self.people.remove(&who.person.id);
            }
        }
    }

    /// Heads: somebody with several pages or devices is one. Nothing tells two pages of a guest from
    /// two guests, so each is one.
    pub fn count(&self) -> u32 {
        self.people.len() as u32 + self.guests
    }

    pub fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    pub fn contains(&self, id: u64) -> bool {
        self.lines.contains_key(&id)
    }

    pub fn lines(&self) -> impl Iterator<Item = &Arc<Line>> {
        self.lines.values()
    }

    /// Everybody; they wait no longer.
    pub fn take(&mut self) -> Vec<Arc<Line>> {
        std::mem::take(self).lines.into_values().collect()
    }
}

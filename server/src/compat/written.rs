//! How clients of a facade wrote their last messages: what is told of a message may be on its way
//! before the store knows how it was written.

use domain::ClientId;
use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};

/// How many messages are remembered.
const REMEMBERED: usize = 512;
/// Longer ones the house does not take, in bytes.
const LONGEST: usize = 32 * 1024;

/// The last messages, by what their senders called them.
#[derive(Debug, Default)]
pub struct Written(Mutex<Last>);

#[derive(Debug, Default)]
struct Last {
    order: VecDeque<ClientId>,
    bodies: HashMap<ClientId, Arc<str>>,
}

impl Written {
    /// To be said before the message is posted.
    pub fn remember(&self, id: &ClientId, body: &str) {
        if body.len() > LONGEST {
            return;
        }
        let mut last = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if last.bodies.insert(id.clone(), body.into()).is_none() {
            last.order.push_back(id.clone());
        }
        if last.order.len() > REMEMBERED
            && let Some(oldest) = last.order.pop_front()
        {
            last.bodies.remove(&oldest);
        }
    }

    pub fn find(&self, id: &ClientId) -> Option<Arc<str>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).bodies.get(id).cloned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_ones_are_remembered() {
        let written = Written::default();
        let id = |n: usize| ClientId::parse(&format!("m{n}")).expect("an id");
        for n in 0..=REMEMBERED {
            written.remember(&id(n), &n.to_string());
        }
        written.remember(&id(1), "again");
        assert_eq!(written.find(&id(0)), None);
        assert_eq!(written.find(&id(1)).as_deref(), Some("again"));
        assert_eq!(written.find(&id(REMEMBERED)).as_deref(), Some("512"));
        written.remember(&id(9_999), &"x".repeat(LONGEST + 1));
        assert_eq!(written.find(&id(9_999)), None);
    }
}

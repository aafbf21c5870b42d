//! How messages were written that are on their way: who hears of one may be faster than what keeps it.

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, PoisonError};

/// So many are remembered; of others the store is asked.
const MOST: usize = 1_024;

#[derive(Debug, Default)]
pub struct Recent(Mutex<Kept>);

#[derive(Debug, Default)]
struct Kept {
    contents: HashMap<String, String>,
    order: VecDeque<String>,
}

impl Recent {
    pub fn put(&self, client_id: &str, content: &str) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        while kept.order.len() >= MOST {
            if let Some(oldest) = kept.order.pop_front() {
                kept.contents.remove(&oldest);
            }
        }
        kept.order.push_back(client_id.to_owned());
        kept.contents.insert(client_id.to_owned(), content.to_owned());
    }

    pub fn get(&self, client_id: &str) -> Option<String> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).contents.get(client_id).cloned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_are_forgotten() {
        let recent = Recent::default();
        for i in 0..MOST + 3 {
            recent.put(&format!("m{i}"), &i.to_string());
        }
        assert_eq!((recent.get("m2"), recent.get("m3")), (None, Some("3".to_owned())));
        assert_eq!(recent.0.lock().expect("a lock").contents.len(), MOST);
    }
}

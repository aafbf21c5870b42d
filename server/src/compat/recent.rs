//! What was written a moment ago, for those who hear of it: they may be faster than what keeps it, and
//! many of them need the same.

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, PoisonError};

/// So many are remembered; of others the store is asked.
const MOST: usize = 1_024;
/// No message is longer, in bytes.
const LONGEST: usize = 32 * 1024;

#[derive(Debug, Default)]
pub struct Recent(Mutex<Kept>);

#[derive(Debug, Default)]
struct Kept {
    contents: HashMap<String, String>,
    order: VecDeque<String>,
}

impl Recent {
    pub fn put(&self, key: &str, content: &str) {
        if content.len() > LONGEST {
            return;
        }
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.contents.insert(key.to_owned(), content.to_owned()).is_some() {
            return;
        }
        while kept.order.len() >= MOST {
            if let Some(oldest) = kept.order.pop_front() {
                kept.contents.remove(&oldest);
            }
        }
        kept.order.push_back(key.to_owned());
    }

    pub fn get(&self, key: &str) -> Option<String> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).contents.get(key).cloned()
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
        recent.put("m5", &"x".repeat(LONGEST + 1));
        assert_eq!(recent.get("m5"), Some("5".to_owned()));
        let kept = recent.0.lock().expect("a lock");
        assert_eq!((kept.contents.len(), kept.order.len()), (MOST, MOST));
    }
}

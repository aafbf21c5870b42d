//! C9: how long acknowledgements took, and how long there were none. Reported, not judged.

use crate::history::{Line, Op};
use std::collections::{HashMap, HashSet};

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Figures {
    /// Messages acknowledged.
    pub acks: u64,
    /// Refusals and unknown outcomes after which a sender tried again.
    pub retries: u64,
    /// Times that somebody listened again and was told everything; and that they were told to load anew.
    pub resumed: u64,
    pub resets: u64,
    /// From the first sending to the acknowledgement, faults included; microseconds.
    pub ack_p50: u64,
    pub ack_p99: u64,
    /// The longest time without an acknowledgement while somebody waited for one; microseconds.
    pub unavailable: u64,
}

impl Figures {
    pub fn of(lines: &[Line]) -> Self {
        let mut figures = Self::default();
        let mut sent: HashMap<&str, u64> = HashMap::new();
        let mut waiting: HashSet<&str> = HashSet::new();
        let mut took = Vec::new();
        // Since when somebody waits and nobody gets an answer.
        let mut silent_since = 0;
        for line in lines {
            let cmid = line.cmid.as_deref();
            match (line.op, cmid) {
                (Op::Send, Some(cmid)) => {
                    if waiting.is_empty() {
                        silent_since = line.t;
                    }
                    waiting.insert(cmid);
                    sent.entry(cmid).or_insert(line.t);
                }
                (Op::Ack, Some(cmid)) => {
                    figures.acks += 1;
                    figures.unavailable = figures.unavailable.max(line.t.saturating_sub(silent_since));
                    silent_since = line.t;
                    waiting.remove(cmid);
                    took.extend(sent.get(cmid).map(|at| line.t - at));
                }
                (Op::Fail, Some(cmid)) => drop(waiting.remove(cmid)),
                (Op::Info, Some(_)) => figures.retries += 1,
                (Op::Resume, _) if line.note.as_deref() == Some("reset") => figures.resets += 1,
                (Op::Resume, _) => figures.resumed += 1,
                _ => {}
            }
        }
        took.sort_unstable();
        figures.ack_p50 = percentile(&took, 50);
        figures.ack_p99 = percentile(&took, 99);
        figures
    }
}

/// Of sorted values; 0 of none.
pub fn percentile(sorted: &[u64], percent: usize) -> u64 {
    let at = (sorted.len() * percent).div_ceil(100).saturating_sub(1);
    sorted.get(at).copied().unwrap_or(0)
}

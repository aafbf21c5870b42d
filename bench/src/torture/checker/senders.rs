//! C7: whoever sends after an acknowledgement comes later in the room.

use super::{Breach, Check, breach};
use crate::history::{Line, Op};
use std::collections::HashMap;

pub fn breaches(lines: &[Line]) -> Vec<Breach> {
    let mut found = Vec::new();
    // By sender and room: the last place that was acknowledged.
    let mut acknowledged: HashMap<(&str, i64), i64> = HashMap::new();
    // By message: the place it has to come after, taken when it was sent first.
    let mut after: HashMap<&str, i64> = HashMap::new();
    for line in lines {
        let Some(cmid) = line.cmid.as_deref() else { continue };
        let key = (line.client.as_str(), line.room);
        match (line.op, line.seq) {
            (Op::Send, _) => {
                after.entry(cmid).or_insert(acknowledged.get(&key).copied().unwrap_or(0));
            }
            (Op::Ack, Some(seq)) => {
                let least = after.get(cmid).copied().unwrap_or(0);
                if seq <= least {
                    let words = format!("{} got place {seq} for {cmid}, sent after {least} was known", line.client);
                    found.push(breach(Check::SenderOrder, words));
                }
                let last = acknowledged.entry(key).or_default();
                *last = seq.max(*last);
            }
            _ => {}
        }
    }
    found
}

//! C5, C6, C8 and C10: what listeners heard.

use super::{Breach, Check, breach, place};
use crate::history::{Line, Op};
use std::collections::{BTreeMap, HashMap, HashSet};

/// How long what was said before a removal may still be on its way; microseconds.
const ON_ITS_WAY: u64 = 2_000_000;

pub fn breaches(lines: &[Line]) -> Vec<Breach> {
    let mut found = Vec::new();
    let listeners = in_order(lines, &mut found);
    leaks(lines, &mut found);
    convergence(lines, &listeners, &mut found);
    found
}

/// How far each listener has come: by client and room, epoch and place.
type Listeners<'a> = BTreeMap<(&'a str, i64), (i64, i64)>;

/// After `resume` at n comes n + 1, then n + 2 … Everything else is a gap or goes back.
fn in_order<'a>(lines: &'a [Line], found: &mut Vec<Breach>) -> Listeners<'a> {
    let mut last = Listeners::new();
    // The removed, for whom something may still be on its way; `leaks` looks after them.
    let mut gone: HashSet<(&str, i64)> = HashSet::new();
    for line in lines {
        let key = (line.client.as_str(), line.room);
        if line.op == Op::Removed {
            last.remove(&key);
            gone.insert(key);
        }
        let Some((_, epoch, seq)) = place(line) else { continue };
        match line.op {
            Op::Recv if gone.contains(&key) => {}
            Op::Resume => {
                gone.remove(&key);
                let before = last.insert(key, (epoch, seq));
                let skips = before.is_some_and(|before| before != (epoch, seq));
                if skips && line.note.as_deref() != Some("reset") {
                    found.push(breach(Check::Gap, format!("{} came back at {seq} without a reset", who(line))));
                }
            }
            Op::Recv => {
                let before = last.insert(key, (epoch, seq));
                match before {
                    None => found.push(breach(Check::Gap, format!("{} heard {seq} and had not entered", who(line)))),
                    Some((_, n)) if seq <= n => {
                        found.push(breach(Check::Order, format!("{} heard {seq} after {n}", who(line))));
                    }
                    Some((_, n)) if seq != n + 1 => {
                        found.push(breach(Check::Gap, format!("{} heard {seq} after {n}", who(line))));
                    }
                    Some(_) => {}
                }
            }
            Op::Removed | Op::Send | Op::Ack | Op::Fail | Op::Info | Op::Read | Op::LetIn | Op::Goal => {}
        }
    }
    last
}

/// Heard although it was said after the removal, or long after it.
fn leaks(lines: &[Line], found: &mut Vec<Breach>) {
    let mut removed: HashMap<(&str, i64), u64> = HashMap::new();
    let mut said: HashMap<&str, u64> = HashMap::new();
    for line in lines {
        let key = (line.client.as_str(), line.room);
        match line.op {
            Op::Removed => drop(removed.insert(key, line.t)),
            Op::LetIn => drop(removed.remove(&key)),
            Op::Send => drop(line.cmid.as_deref().map(|cmid| said.entry(cmid).or_insert(line.t))),
            Op::Recv => {
                let Some(since) = removed.get(&key) else { continue };
                let later = line.cmid.as_deref().and_then(|cmid| said.get(cmid)).is_some_and(|sent| sent > since);
                if later || line.t > since + ON_ITS_WAY {
                    found.push(breach(Check::Leak, format!("{} heard place {:?}", who(line), line.seq)));
                }
            }
            Op::Ack | Op::Fail | Op::Info | Op::Read | Op::Resume | Op::Goal => {}
        }
    }
}

/// Everybody who listens has come to where the room stood when the faults were over.
fn convergence(lines: &[Line], listeners: &Listeners<'_>, found: &mut Vec<Breach>) {
    let goals: HashMap<i64, i64> =
        lines.iter().filter(|l| l.op == Op::Goal).filter_map(|l| Some((l.room, l.seq?))).collect();
    for ((client, room), (_, seq)) in listeners {
        if let Some(goal) = goals.get(room).filter(|goal| seq < goal) {
            found.push(breach(Check::Convergence, format!("{client} stands at {seq} of {goal} in room {room}")));
        }
    }
}

fn who(line: &Line) -> String {
    format!("{} in room {}", line.client, line.room)
}

//! C1 to C4: the log holds everything that was acknowledged, nothing else, once, and the same
//! for everybody. And it has no holes.

use super::{Breach, Check, breach, place};
use crate::history::{Line, Op};
use std::collections::{BTreeMap, HashMap, HashSet};

pub fn breaches(lines: &[Line]) -> Vec<Breach> {
    let mut found = Vec::new();
    for reader in readers(lines) {
        let log: Vec<&Line> = lines.iter().filter(|line| line.op == Op::Read && line.client == reader).collect();
        lost(lines, &log, reader, &mut found);
        phantoms(lines, &log, reader, &mut found);
        doubles(&log, reader, &mut found);
        if reader == "file" {
            holes(&log, &mut found);
        }
    }
    moved(lines, &mut found);
    divergence(lines, &mut found);
    found
}

/// Who has read the final log. Somebody has to: a history without it proves nothing.
fn readers(lines: &[Line]) -> Vec<&str> {
    let known = |name: &'static str| lines.iter().any(|l| l.op == Op::Read && l.client == name).then_some(name);
    let readers: Vec<&str> = ["http", "file"].into_iter().filter_map(known).collect();
    let acknowledged = lines.iter().any(|line| line.op == Op::Ack);
    if readers.is_empty() && acknowledged { vec!["http"] } else { readers }
}

fn lost(lines: &[Line], log: &[&Line], reader: &str, found: &mut Vec<Breach>) {
    let bodies: HashMap<_, _> = of_op(lines, Op::Send).map(|line| (&line.cmid, &line.body_sha)).collect();
    let there: HashSet<_> = log.iter().map(|line| (&line.cmid, line.room, line.seq, &line.body_sha)).collect();
    for ack in of_op(lines, Op::Ack) {
        let body = bodies.get(&ack.cmid).copied().unwrap_or(&ack.body_sha);
        if !there.contains(&(&ack.cmid, ack.room, ack.seq, body)) {
            found.push(breach(Check::Lost, format!("{} is not in the log by {reader}", name(ack))));
        }
    }
}

fn phantoms(lines: &[Line], log: &[&Line], reader: &str, found: &mut Vec<Breach>) {
    let sent: HashSet<_> = of_op(lines, Op::Send).map(|line| (&line.cmid, line.room, &line.body_sha)).collect();
    let refused: HashSet<_> = of_op(lines, Op::Fail).map(|line| &line.cmid).collect();
    for line in log.iter().filter(|line| line.cmid.is_some()) {
        if !sent.contains(&(&line.cmid, line.room, &line.body_sha)) {
            found.push(breach(Check::Phantom, format!("{} in the log by {reader} was never sent", name(line))));
        } else if refused.contains(&line.cmid) {
            found.push(breach(Check::Phantom, format!("{} in the log by {reader} was refused", name(line))));
        }
    }
}

fn doubles(log: &[&Line], reader: &str, found: &mut Vec<Breach>) {
    let (mut places, mut ids) = (HashSet::new(), HashSet::new());
    for line in log {
        if !places.insert((line.room, line.seq)) {
            found.push(breach(
                Check::Double,
                format!("{}: its place is taken twice in the log by {reader}", name(line)),
            ));
        }
        if line.cmid.is_some() && !ids.insert(&line.cmid) {
            found.push(breach(Check::Double, format!("{} is twice in the log by {reader}", name(line))));
        }
    }
}

/// One message acknowledged, heard or read at different places.
fn moved(lines: &[Line], found: &mut Vec<Breach>) {
    let mut first: HashMap<&str, &Line> = HashMap::new();
    for line in lines.iter().filter(|line| matches!(line.op, Op::Ack | Op::Recv | Op::Read)) {
        let Some(cmid) = line.cmid.as_deref() else { continue };
        let before = first.entry(cmid).or_insert(line);
        if (before.room, before.seq) != (line.room, line.seq) {
            found.push(breach(Check::Double, format!("{} is also {}", name(line), name(before))));
        }
    }
}

fn divergence(lines: &[Line], found: &mut Vec<Breach>) {
    let mut first: HashMap<_, &Line> = HashMap::new();
    for line in lines.iter().filter(|line| matches!(line.op, Op::Recv | Op::Read) && line.body_sha.is_some()) {
        let Some(place) = place(line) else { continue };
        let before = first.entry(place).or_insert(line);
        if before.body_sha != line.body_sha {
            found.push(breach(
                Check::Divergence,
                format!("{} for {}, {} for {}", name(before), before.client, name(line), line.client),
            ));
        }
    }
}

/// The places of a room are 1, 2, 3 … to its last.
fn holes(log: &[&Line], found: &mut Vec<Breach>) {
    let mut rooms: BTreeMap<i64, Vec<i64>> = BTreeMap::new();
    for line in log {
        rooms.entry(line.room).or_default().extend(line.seq);
    }
    for (room, mut seqs) in rooms {
        seqs.sort_unstable();
        seqs.dedup();
        if let Some((n, seq)) = (1..).zip(&seqs).find(|(n, seq)| n != *seq) {
            found.push(breach(Check::Gap, format!("room {room} has no place {n} in the file; {seq} follows")));
        }
    }
}

fn of_op(lines: &[Line], op: Op) -> impl Iterator<Item = &Line> {
    lines.iter().filter(move |line| line.op == op)
}

fn name(line: &Line) -> String {
    let seq = line.seq.map_or("?".to_owned(), |seq| seq.to_string());
    format!("{} at place {seq} of room {}", line.cmid.as_deref().unwrap_or("an event"), line.room)
}

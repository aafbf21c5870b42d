//! Every check is shown to fail when it should: a good history, and what spoils it.

use super::*;
use crate::history::Op;

fn line(client: &str, op: Op, cmid: Option<&str>, seq: Option<i64>) -> Line {
    let mut line = Line::new(client, op, 1);
    line.cmid = cmid.map(str::to_owned);
    if let Some(seq) = seq {
        line = line.at(7, seq);
    }
    match (op, cmid) {
        (Op::Send | Op::Recv | Op::Read, Some(cmid)) => line.body(cmid),
        _ => line,
    }
}

fn send(cmid: &str) -> Line {
    line("ana", Op::Send, Some(cmid), None)
}

fn ack(cmid: &str, seq: i64) -> Line {
    line("ana", Op::Ack, Some(cmid), Some(seq))
}

fn recv(cmid: &str, seq: i64) -> Line {
    line("ben", Op::Recv, Some(cmid), Some(seq))
}

fn resume(seq: i64, note: &str) -> Line {
    line("ben", Op::Resume, None, Some(seq)).note(note)
}

fn read(cmid: &str, seq: i64) -> [Line; 2] {
    ["http", "file"].map(|reader| line(reader, Op::Read, Some(cmid), Some(seq)))
}

/// Ana says three things, Ben hears them, with a cut between the second and the third.
fn good() -> Vec<Line> {
    let mut lines = vec![resume(0, "entered"), send("a"), ack("a", 1), send("b"), recv("a", 1), ack("b", 2)];
    lines.extend([recv("b", 2), resume(2, "entered"), send("c"), recv("c", 3), ack("c", 3)]);
    lines.extend([read("a", 1), read("b", 2), read("c", 3)].concat());
    lines.push(line("all", Op::Goal, None, Some(3)));
    timed(lines)
}

fn timed(mut lines: Vec<Line>) -> Vec<Line> {
    (0..).step_by(10).zip(&mut lines).for_each(|(t, line)| line.t = t);
    lines
}

fn checks(lines: &[Line]) -> Vec<Check> {
    let mut checks: Vec<Check> = breaches(lines).into_iter().map(|breach| breach.check).collect();
    checks.dedup();
    checks
}

/// The good history with these lines put in before the final reads.
fn with(more: &[Line]) -> Vec<Line> {
    let mut lines = good();
    let reads = lines.iter().position(|line| line.op == Op::Read).unwrap();
    lines.splice(reads..reads, more.iter().cloned());
    timed(lines)
}

fn without(drop: impl Fn(&Line) -> bool) -> Vec<Line> {
    good().into_iter().filter(|line| !drop(line)).collect()
}

#[test]
fn a_good_history_has_no_breach() {
    assert_eq!(breaches(&good()), []);
    assert_eq!(breaches(&[]), []);
}

#[test]
fn c1_an_acknowledged_message_is_missing() {
    let is_last = |line: &Line| line.op == Op::Read && line.cmid.as_deref() == Some("c");
    assert_eq!(checks(&without(is_last)), [Check::Lost]);
    assert_eq!(checks(&without(|line| is_last(line) && line.client == "http")), [Check::Lost]);
    assert_eq!(checks(&without(|line| line.op == Op::Read)), [Check::Lost], "nobody has looked");
    assert!(checks(&with(&[send("d"), ack("d", 3)])).contains(&Check::Lost), "another one has its place");
}

#[test]
fn c2_a_message_nobody_sent() {
    assert_eq!(checks(&with(&read("ghost", 4))), [Check::Phantom]);
    let refused = line("ana", Op::Fail, Some("d"), None);
    let again = [send("d"), refused, read("d", 4)[0].clone(), read("d", 4)[1].clone()];
    assert_eq!(checks(&with(&again)), [Check::Phantom]);
    let unknown = line("ana", Op::Info, Some("d"), None);
    assert_eq!(checks(&with(&[send("d"), unknown.clone()])), [], "an unknown outcome may be absent");
    let kept = [send("d"), unknown, read("d", 4)[0].clone(), read("d", 4)[1].clone()];
    assert_eq!(checks(&with(&kept)), [], "or present");
}

#[test]
fn c3_one_message_at_two_places() {
    assert_eq!(checks(&with(&read("c", 4))), [Check::Double]);
    assert_eq!(checks(&with(&read("c", 3))), [Check::Double], "one place twice");
    assert!(checks(&with(&[recv("a", 4)])).contains(&Check::Double), "heard elsewhere than acknowledged");
}

#[test]
fn c4_two_bodies_at_one_place() {
    let mut other = line("cleo", Op::Recv, None, Some(3));
    other.body_sha = Some("other".to_owned());
    assert_eq!(checks(&with(&[line("cleo", Op::Resume, None, Some(2)).note("entered"), other])), [Check::Divergence]);
}

#[test]
fn c5_a_gap_is_only_allowed_after_a_reset() {
    let heard = |line: &Line| line.op == Op::Recv && line.seq == Some(2);
    assert_eq!(checks(&without(heard)), [Check::Gap]);
    let cut = with(&[resume(5, "reset"), recv("f", 6)]);
    assert_eq!(checks(&cut), []);
    assert_eq!(checks(&with(&[resume(5, "entered")])), [Check::Gap]);
    assert_eq!(checks(&with(&[resume(3, "entered"), recv("f", 5)])), [Check::Gap], "a replay with a hole");
    let hole = without(|line| line.client == "file" && line.seq == Some(2));
    assert!(checks(&hole).contains(&Check::Gap), "a hole in the store");
}

#[test]
fn c6_places_only_grow() {
    assert_eq!(checks(&with(&[recv("b", 2), resume(3, "reset")])), [Check::Order]);
    assert!(checks(&with(&[recv("c", 3)])).contains(&Check::Order), "told twice");
}

#[test]
fn c7_a_sender_keeps_its_order() {
    let more = [send("e"), ack("e", 6), send("d"), ack("d", 5)];
    let log = [read("d", 5), read("e", 6)].concat();
    let found = checks(&with(&[&more[..], &log].concat()));
    assert!(found.contains(&Check::SenderOrder), "{found:?}");
    let at_once = [send("e"), send("d"), ack("e", 6), ack("d", 5)];
    assert!(!checks(&with(&[&at_once[..], &log].concat())).contains(&Check::SenderOrder));
}

#[test]
fn c8_the_removed_hear_nothing_that_is_said_later() {
    let removed = line("ben", Op::Removed, None, None);
    let entered = resume(3, "reset");
    let after = [removed.clone(), send("d"), entered.clone(), recv("d", 4)];
    assert_eq!(checks(&with(&[&after[..], &read("d", 4)].concat())), [Check::Leak]);
    let let_in = line("ben", Op::LetIn, None, None);
    let back = [removed.clone(), let_in, send("d"), entered.clone(), recv("d", 4)];
    assert_eq!(checks(&with(&[&back[..], &read("d", 4)].concat())), []);
    let anew = [removed.clone(), recv("c", 3), line("ben", Op::LetIn, None, None), resume(9, "entered"), recv("z", 10)];
    assert_eq!(checks(&with(&anew)), [], "whoever is let in again begins anew");
    let mut late = with(&[&[send("d"), removed, entered, recv("d", 4)], &read("d", 4)[..]].concat());
    assert_eq!(checks(&late), [], "it was on its way");
    let heard = late.iter().position(|line| line.op == Op::Recv && line.seq == Some(4)).unwrap();
    late[heard].t += 3_000_000;
    assert_eq!(checks(&late), [Check::Leak], "not for so long");
}

#[test]
fn c9_figures() {
    let figures = Figures::of(&good());
    assert_eq!((figures.acks, figures.resumed, figures.resets, figures.retries), (3, 2, 0, 0));
    assert_eq!((figures.ack_p50, figures.ack_p99, figures.unavailable), (20, 20, 20));
    assert_eq!(Figures::of(&with(&[resume(5, "reset")])).resets, 1);
    assert_eq!(figures::percentile(&(1..=100).collect::<Vec<_>>(), 99), 99);
    assert_eq!(figures::percentile(&[], 99), 0);
}

#[test]
fn c10_everybody_gets_to_the_end() {
    let late = with(&[line("cleo", Op::Resume, None, Some(1)).note("entered")]);
    assert_eq!(checks(&late), [Check::Convergence]);
}

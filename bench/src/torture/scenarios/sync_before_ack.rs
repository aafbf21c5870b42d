//! F2: the power may fail at any moment. The system calls show that the write-ahead log reached
//! the disk before the acknowledgement of what is in it left the process.

use crate::Done;
use crate::faults::Tracer;
use crate::trial::Trial;
use std::collections::HashMap;
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::time::Duration;

const CALLS: &str = "trace=pwrite64,pwritev,fdatasync,fsync,write,writev,sendto,sendmsg";
/// Which of the two SQLite uses was decided when it was built.
const SYNCS: [&str; 2] = ["fsync", "fdatasync"];
/// How `posted` begins in a string as strace prints it.
const POSTED: &str = r#"{\"posted\":{\"client_id\":\""#;

pub async fn run(trial: &mut Trial) -> Done {
    let server = trial.setup.start().await?;
    let trace = trial.folder.join("trace");
    let file = trace.display().to_string();
    // Whole pages and whole packets, and the names of the files.
    let tracer = Tracer::attach(&server, &["-y", "-s", "40000", "-e", CALLS, "-o", &file]).await?;
    let mut plan = trial.plan(2, 22);
    plan.pace = 0..20;
    let crowd = trial.gather(&plan);
    let wanted = trial.pick(1_000, 5_000);
    let enough = trial.acks(wanted, Duration::from_secs(90)).await;
    crowd.hush(Duration::from_secs(30)).await?;
    tracer.detach().await?;
    enough?;
    let seen = Seen::read(&trace)?;
    trial.expect(seen.acks >= wanted, format!("the trace shows {} of {wanted} acknowledgements", seen.acks));
    trial.expect(seen.early.is_empty(), format!("sent before they were on disk: {}", listed(&seen.early)));
    trial.figure(format!("{} acknowledgements, {} syncs, {} sent early", seen.acks, seen.syncs, seen.early.len()));
    trial.conclude(server, crowd).await
}

/// The first few.
fn listed(names: &[String]) -> String {
    names.iter().take(8).cloned().collect::<Vec<_>>().join(", ")
}

/// What a trace shows.
#[derive(Default)]
struct Seen {
    /// By message, once it was written into the log: by which thread, and whether it is on disk.
    written: HashMap<String, (String, bool)>,
    acks: u64,
    syncs: u64,
    /// Acknowledged before they were on disk.
    early: Vec<String>,
}

impl Seen {
    fn read(trace: &Path) -> Done<Self> {
        let file = File::open(trace).map_err(|e| format!("{}: {e}", trace.display()))?;
        let mut seen = Self::default();
        BufReader::new(file).lines().map_while(Result::ok).for_each(|line| seen.line(&line));
        Ok(seen)
    }

    /// `<thread> <call>(<arguments>) = <result>`; a call that others interrupt has two lines,
    /// with the arguments in the first and the result in the second.
    fn line(&mut self, line: &str) {
        let Some((thread, call)) = line.split_once(' ') else { return };
        let call = call.trim_start();
        let is_log = call.contains("salon.db-wal>");
        if call.starts_with("pwrite") && is_log {
            for name in names(call) {
                self.written.entry(name).or_insert((thread.to_owned(), false));
            }
        } else if SYNCS.iter().any(|sync| call.starts_with(&format!("<... {sync} resumed>")))
            || (is_log && SYNCS.iter().any(|sync| call.starts_with(&format!("{sync}("))))
        {
            // An interrupted one counts when it is over.
            if call.ends_with("= 0") {
                self.synced(thread);
            }
        } else if call.contains(POSTED) {
            self.sent(call);
        }
    }

    fn synced(&mut self, thread: &str) {
        self.syncs += 1;
        self.written.values_mut().filter(|(by, _)| by == thread).for_each(|(_, on_disk)| *on_disk = true);
    }

    fn sent(&mut self, call: &str) {
        for after in call.split(POSTED).skip(1) {
            let name = after.split('\\').next().unwrap_or_default();
            self.acks += 1;
            if !self.written.get(name).is_some_and(|(_, on_disk)| *on_disk) {
                self.early.push(name.to_owned());
            }
        }
    }
}

/// Names of messages at the beginning of their texts: `t12-345 `, in pages of the log.
fn names(page: &str) -> Vec<String> {
    let is_name = |word: &str| {
        let mut parts = word.split('-');
        let (who, number) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
        who.len() > 1 && !number.is_empty() && (who[1..].to_owned() + number).bytes().all(|b| b.is_ascii_digit())
    };
    page.split(' ')
        .filter_map(|piece| {
            let start = piece.rfind(['t', 'l'])?;
            let word = &piece[start..];
            is_name(word).then(|| word.to_owned())
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const WRITE: &str =
        r#"11 pwrite64(9</d/salon.db-wal>, "\3\0t7-41t7-41 abc[{\"text\":\"t7-41 abc\"}]", 4096, 32) = 4096"#;
    const SYNC: &str = "11 fdatasync(9</d/salon.db-wal>) = 0";
    const SENT: &str =
        r#"5 sendto(20<socket:[1]>, "\201~\0n{\"posted\":{\"client_id\":\"t7-41\",\"room\":1}}", 84) = 84"#;

    fn early(lines: &[&str]) -> (u64, Vec<String>) {
        let mut seen = Seen::default();
        lines.iter().for_each(|line| seen.line(line));
        (seen.acks, seen.early)
    }

    #[test]
    fn an_acknowledgement_comes_after_the_sync() {
        assert_eq!(early(&[WRITE, SYNC, SENT]), (1, vec![]));
        let late = vec!["t7-41".to_owned()];
        assert_eq!(early(&[WRITE, SENT, SYNC]), (1, late.clone()));
        assert_eq!(early(&[SYNC, WRITE, SENT]), (1, late.clone()), "the sync of something else");
        assert_eq!(early(&[WRITE, &SYNC.replace("11 ", "12 "), SENT]), (1, late.clone()), "another thread");
        assert_eq!(early(&[WRITE, &SYNC.replace("= 0", "= -1 EIO"), SENT]), (1, late.clone()));
        let begun = "11 fdatasync(9</d/salon.db-wal> <unfinished ...>";
        assert_eq!(early(&[WRITE, begun, SENT, "11 <... fdatasync resumed>) = 0"]), (1, late));
        assert_eq!(early(&[WRITE, begun, "11 <... fdatasync resumed>) = 0", SENT]), (1, vec![]));
    }
}

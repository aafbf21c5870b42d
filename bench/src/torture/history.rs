//! What everybody did and saw, one line per event, in the order in which it was noted. The
//! file is what is left of a run that failed.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Instant;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Op {
    /// A message is handed to a socket; again for every resend.
    Send,
    /// `posted`: the server says that it is kept.
    Ack,
    /// It was refused for good: it must never appear.
    Fail,
    /// Nobody knows what became of it, or it was refused for now. With no `cmid`: a remark.
    Info,
    /// An event came over a socket.
    Recv,
    /// A message lies in the log after everything. The client `http` has paged through the
    /// history call, `file` has looked into the store itself.
    Read,
    /// A socket listens: the next event has the place `seq + 1`. The note is `entered` if
    /// that place was asked for, `reset` if the server named it.
    Resume,
    /// The client's person was removed from the room, and the call has been answered.
    Removed,
    /// The client's person is let in again; noted before the call is made.
    LetIn,
    /// Where the room stood when the faults were over: everybody gets there.
    Goal,
}

/// One event. Which fields there are depends on `op`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// Microseconds since the history began.
    pub t: u64,
    pub client: String,
    pub op: Op,
    pub room: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cmid: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seq: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub epoch: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body_sha: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

impl Line {
    pub fn new(client: &str, op: Op, room: i64) -> Self {
        let client = client.to_owned();
        Self { t: 0, client, op, room, cmid: None, seq: None, epoch: None, body_sha: None, note: None }
    }

    pub fn cmid(mut self, cmid: &str) -> Self {
        self.cmid = Some(cmid.to_owned());
        self
    }

    pub fn at(mut self, epoch: i64, seq: i64) -> Self {
        self.epoch = Some(epoch);
        self.seq = Some(seq);
        self
    }

    pub fn body(mut self, text: &str) -> Self {
        self.body_sha = Some(sha(text));
        self
    }

    pub fn note(mut self, words: &str) -> Self {
        self.note = Some(words.to_owned());
        self
    }
}

/// The first 16 hexadecimal digits of a text's SHA-256: enough to tell bodies apart.
pub fn sha(text: &str) -> String {
    Sha256::digest(text.as_bytes()).iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

/// Where lines are noted, by anybody at any time.
pub struct History {
    began: Instant,
    path: PathBuf,
    kept: Mutex<Kept>,
}

struct Kept {
    file: BufWriter<File>,
    lines: Vec<Line>,
    /// Messages that were acknowledged so far.
    acks: u64,
}

impl History {
    pub fn create(path: &Path) -> std::io::Result<Self> {
        let file = BufWriter::new(File::create(path)?);
        let kept = Mutex::new(Kept { file, lines: Vec::new(), acks: 0 });
        Ok(Self { began: Instant::now(), path: path.to_owned(), kept })
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Notes a line; its time is taken here, so that the order of lines is that of their times.
    pub fn note(&self, mut line: Line) {
        let mut kept = self.kept();
        line.t = self.now();
        kept.acks += u64::from(line.op == Op::Ack);
        // The lines in memory are what is judged; a file that cannot be written is not Salon's fault.
        if let Ok(mut text) = serde_json::to_vec(&line) {
            text.push(b'\n');
            let _ = kept.file.write_all(&text);
        }
        kept.lines.push(line);
    }

    /// Microseconds since the beginning.
    pub fn now(&self) -> u64 {
        u64::try_from(self.began.elapsed().as_micros()).unwrap_or(u64::MAX)
    }

    pub fn acks(&self) -> u64 {
        self.kept().acks
    }

    /// How many lines there are, for [`History::since`].
    pub fn len(&self) -> usize {
        self.kept().lines.len()
    }

    /// What was noted from the line number `from` on.
    pub fn since(&self, from: usize) -> Vec<Line> {
        self.kept().lines.get(from..).unwrap_or_default().to_vec()
    }

    /// Writes the file out and gives all lines to `judge`.
    pub fn judged<T>(&self, judge: impl FnOnce(&[Line]) -> T) -> T {
        let mut kept = self.kept();
        let _ = kept.file.flush();
        judge(&kept.lines)
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

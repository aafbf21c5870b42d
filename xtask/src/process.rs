//! Running other programs: visibly, quietly, within a time, or as a server in the background.

use crate::{Done, clock};
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::time::Duration;

/// Runs it with its output shown.
pub fn visible(command: &mut Command, what: &str) -> Done {
    let status = command.status().map_err(|e| format!("{what}: {e}"))?;
    if status.success() { Ok(()) } else { Err(format!("{what} failed ({status}); its last lines above say why")) }
}

/// Runs it and answers what it wrote; on failure the last line it wrote to standard error.
pub fn quiet(command: &mut Command, what: &str) -> Done<String> {
    let output = command.stdin(Stdio::null()).output().map_err(|e| format!("{what}: {e}"))?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    let errors = String::from_utf8_lossy(&output.stderr);
    let last = errors.lines().rev().find(|line| !line.trim().is_empty()).unwrap_or("no reason given");
    Err(format!("{what} failed: {last}"))
}

/// Like [`visible`], but killed after `limit`.
pub fn within(limit: Duration, command: &mut Command, what: &str) -> Done {
    let mut child = command.stdin(Stdio::null()).spawn().map_err(|e| format!("{what}: {e}"))?;
    match clock::wait_for(limit, || child.try_wait().transpose()) {
        Some(Ok(status)) if status.success() => Ok(()),
        Some(Ok(status)) => Err(format!("{what} failed ({status})")),
        Some(Err(e)) => Err(format!("{what}: {e}")),
        None => {
            stop(&mut child);
            Err(format!("{what} did not end within {} s", limit.as_secs()))
        }
    }
}

/// Runs it with its output shown, and gives each line of its standard output to `line`.
/// Answers whether it succeeded.
pub fn watched(command: &mut Command, what: &str, mut line: impl FnMut(&str)) -> Done<bool> {
    lines(command, what, |text| {
        println!("{text}");
        line(text);
    })
}

/// Gives each line of its standard output to `line`, and answers whether it succeeded.
pub fn lines(command: &mut Command, what: &str, mut line: impl FnMut(&str)) -> Done<bool> {
    let mut child = command.stdout(Stdio::piped()).spawn().map_err(|e| format!("{what}: {e}"))?;
    if let Some(output) = child.stdout.take() {
        BufReader::new(output).lines().map_while(Result::ok).for_each(|text| line(&text));
    }
    child.wait().map(|status| status.success()).map_err(|e| format!("{what}: {e}"))
}

/// A server in the background; it ends with this value.
pub struct Background {
    child: Child,
    lines: Receiver<String>,
    /// The signal that asks this program to end, as `kill` names it.
    ends_with: &'static str,
}

/// Which of the two outputs of a server is read.
pub enum Reads {
    Output,
    Errors,
}

impl Background {
    pub fn start(command: &mut Command, what: &str, reads: &Reads, ends_with: &'static str) -> Done<Self> {
        let command = match reads {
            Reads::Output => command.stdout(Stdio::piped()),
            Reads::Errors => command.stderr(Stdio::piped()),
        };
        let mut child = command.stdin(Stdio::null()).spawn().map_err(|e| format!("{what}: {e}"))?;
        let (sender, lines) = mpsc::channel();
        let pipe: Option<Box<dyn std::io::Read + Send>> = match reads {
            Reads::Output => child.stdout.take().map(|p| Box::new(p) as _),
            Reads::Errors => child.stderr.take().map(|p| Box::new(p) as _),
        };
        if let Some(pipe) = pipe {
            // Read to the end even when nobody listens any more: a full pipe would stop the server.
            std::thread::spawn(move || {
                for line in BufReader::new(pipe).lines().map_while(Result::ok) {
                    let _ = sender.send(line);
                }
            });
        }
        Ok(Self { child, lines, ends_with })
    }

    /// Waits for the first line that contains `words`.
    pub fn says(&self, words: &str, limit: Duration) -> Done<String> {
        let mut last = String::new();
        loop {
            let sentence = |_| format!("the server did not say `{words}`; the last it said: {last}");
            let line = self.lines.recv_timeout(limit).map_err(sentence)?;
            if line.contains(words) {
                return Ok(line);
            }
            last = line;
        }
    }
}

impl Drop for Background {
    fn drop(&mut self) {
        let asked = Command::new("kill").args([self.ends_with, &self.child.id().to_string()]).status();
        let ended = asked.is_ok()
            && clock::wait_for(Duration::from_secs(35), || self.child.try_wait().ok().flatten()).is_some();
        if !ended {
            stop(&mut self.child);
        }
    }
}

fn stop(child: &mut Child) {
    let _ = child.kill();
    let _ = child.wait();
}

/// Whether this runs as root, who may install packages.
pub fn is_root() -> bool {
    quiet(Command::new("id").arg("-u"), "id").is_ok_and(|id| id.trim() == "0")
}

/// Installs Debian packages, or says in one line what somebody else has to do.
pub fn apt_install(packages: &[&str]) -> Done {
    let wish = format!("`apt-get install {}`", packages.join(" "));
    if crate::places::on_path("apt-get").is_none() || !is_root() {
        return Err(format!("missing {}: as root, {wish}", packages.join(", ")));
    }
    let apt = |arguments: &[&str]| {
        let mut command = Command::new("apt-get");
        command.env("DEBIAN_FRONTEND", "noninteractive").arg("-qq").args(arguments);
        within(Duration::from_secs(900), &mut command, "apt-get")
    };
    let install: Vec<&str> = ["install", "-y", "--no-install-recommends"].iter().chain(packages).copied().collect();
    // An outdated list of packages often still serves; a new one is fetched only when it does not.
    apt(&install).or_else(|_| apt(&["update"]).and_then(|()| apt(&install))).map_err(|e| format!("{wish}: {e}"))
}

//! The program under test as a process: started plainly or through another program, told
//! things by signals, looked at through /proc. It ends with its value.

use crate::Done;
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};
use tokio::sync::oneshot;

/// How long a start may take at most; what is promised is judged by those who start it.
const START_TIME: Duration = Duration::from_secs(30);

/// How it is started.
#[derive(Clone)]
pub struct Setup {
    pub program: PathBuf,
    pub data: PathBuf,
    pub address: SocketAddr,
    /// Standard error of all starts.
    pub log: PathBuf,
    /// A program and its arguments that run Salon in the same process (`strace -D …`, `sh -c …`).
    pub through: Vec<String>,
    pub environment: Vec<(String, String)>,
    /// Where it tells its figures; `None`: nowhere.
    pub metrics: Option<SocketAddr>,
}

pub struct Server {
    child: Child,
    /// From the start to the sentence that it listens.
    pub ready_after: Duration,
}

impl Setup {
    fn command(&self) -> Done<Command> {
        let mut command = match self.through.split_first() {
            Some((first, rest)) => {
                let mut command = Command::new(first);
                command.args(rest).arg(&self.program);
                command
            }
            None => Command::new(&self.program),
        };
        command.args(["serve", "--listen", &self.address.to_string(), "--unlimited"]);
        command.args(["--max-connections-per-address", "20000", "--data"]).arg(&self.data);
        if let Some(metrics) = self.metrics {
            command.args(["--metrics", &metrics.to_string()]);
        }
        let log = File::options().create(true).append(true).open(&self.log);
        let log = log.map_err(|e| format!("{}: {e}", self.log.display()))?;
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(log);
        if std::env::var_os("RUST_LOG").is_none() {
            command.env("RUST_LOG", "warn");
        }
        command.envs(self.environment.iter().map(|(name, value)| (name, value)));
        Ok(command)
    }

    /// Starts it and waits until it listens.
    ///
    /// # Errors
    /// When it ends, or says nothing for half a minute.
    pub async fn start(&self) -> Done<Server> {
        let began = Instant::now();
        let mut child = self.command()?.spawn().map_err(|e| format!("{}: {e}", self.program.display()))?;
        let (sender, listens) = oneshot::channel();
        if let Some(output) = child.stdout.take() {
            std::thread::spawn(move || {
                let mut sender = Some(sender);
                // Read to the end: a full pipe would stop the program.
                for line in BufReader::new(output).lines().map_while(Result::ok) {
                    if line.starts_with("Salon listens on") {
                        sender.take().map(|sender| sender.send(()));
                    }
                }
            });
        }
        let mut server = Server { child, ready_after: Duration::ZERO };
        match tokio::time::timeout(START_TIME, listens).await {
            Ok(Ok(())) => {
                server.ready_after = began.elapsed();
                Ok(server)
            }
            Ok(Err(_)) => Err(format!("salon ended before it listened; see {}", self.log.display())),
            Err(_) => Err(format!("salon did not listen within {} s", START_TIME.as_secs())),
        }
    }
}

impl Server {
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// `signal` as `kill` names it.
    pub fn signal(&self, signal: &str) -> Done {
        signal_to(self.pid(), signal)
    }

    /// `kill -9`, and waits until the process is gone.
    pub fn kill(&mut self) -> Done {
        self.child.kill().and_then(|()| self.child.wait()).map(drop).map_err(|e| format!("kill: {e}"))
    }

    /// `None` while it runs.
    pub fn ended(&mut self) -> Option<ExitStatus> {
        self.child.try_wait().ok().flatten()
    }

    /// Waits for its end.
    pub async fn ends_within(&mut self, limit: Duration) -> Option<ExitStatus> {
        let until = Instant::now() + limit;
        loop {
            let ended = self.ended();
            if ended.is_some() || Instant::now() >= until {
                return ended;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    /// SIGTERM; it has 30 seconds and ends with success.
    pub async fn stop(&mut self) -> Done {
        self.signal("-TERM")?;
        match self.ends_within(Duration::from_secs(31)).await {
            Some(status) if status.success() => Ok(()),
            Some(status) => Err(format!("salon ended with {status} after SIGTERM")),
            None => Err("salon did not end within 30 s after SIGTERM".to_owned()),
        }
    }

    /// Bytes of memory that it occupies.
    pub fn memory(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.pid())).unwrap_or_default();
        field(&status, "VmRSS:") * 1024
    }

    /// Time that it has computed.
    pub fn cpu(&self) -> Duration {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.pid())).unwrap_or_default();
        // After the name in brackets; user and system time are the fields 14 and 15, in 1/100 s.
        let fields = stat.rsplit_once(") ").map_or("", |(_, rest)| rest).split(' ');
        let ticks: u64 = fields.skip(11).take(2).filter_map(|field| field.parse::<u64>().ok()).sum();
        Duration::from_millis(ticks * 10)
    }

    /// Files and sockets that it holds open.
    pub fn descriptors(&self) -> usize {
        std::fs::read_dir(format!("/proc/{}/fd", self.pid())).map_or(0, Iterator::count)
    }

    /// The process that traces it; 0 for none.
    pub fn tracer(&self) -> u32 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.pid())).unwrap_or_default();
        u32::try_from(field(&status, "TracerPid:")).unwrap_or(0)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn field(status: &str, name: &str) -> u64 {
    let value = status.lines().find_map(|line| line.strip_prefix(name));
    value.and_then(|value| value.split_whitespace().next()?.parse().ok()).unwrap_or(0)
}

/// `signal` as `kill` names it, to a process that we have started.
pub fn signal_to(pid: u32, signal: &str) -> Done {
    let told = Command::new("kill").args([signal, &pid.to_string()]).stderr(Stdio::null()).status();
    match told {
        Ok(status) if status.success() => Ok(()),
        _ => Err(format!("kill {signal} {pid} failed")),
    }
}

/// An address on this machine whose port was free a moment ago.
pub fn free_address() -> Done<SocketAddr> {
    let listener = std::net::TcpListener::bind(("127.0.0.1", 0)).map_err(|e| format!("no free port: {e}"))?;
    listener.local_addr().map_err(|e| format!("no free port: {e}"))
}

/// How often a word stands in a log.
pub fn count_in(log: &Path, word: &str) -> usize {
    std::fs::read_to_string(log).unwrap_or_default().matches(word).count()
}

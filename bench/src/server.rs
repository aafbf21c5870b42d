//! A server under load: Salon, or the floor beside it.

use crate::Done;
use crate::house::House;
use crate::machine::{self, Usage};
use crate::work::Under;
use std::ffi::OsStr;
use std::io::{BufRead, BufReader};
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// How long a server may take to listen.
const START: Duration = Duration::from_secs(60);

/// Which of the two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Salon,
    Floor,
}

/// Killed when dropped.
pub struct Server {
    child: Child,
    pub kind: Kind,
    pub address: SocketAddr,
    /// From the start of the process until it said that it listens.
    pub started: Duration,
}

impl Server {
    pub fn salon(under: &Under, house: &House) -> Done<Self> {
        let address = free_address()?;
        let mut command = machine::on_server_core(&under.salon);
        command.args(["serve", "--unlimited", "--max-connections", "100000"]);
        command.args(["--max-connections-per-address", "100000", "--listen", &address.to_string()]);
        command.args(house.place()).arg("--site").arg(&under.site);
        Self::start(command, Kind::Salon, address)
    }

    pub fn floor() -> Done<Self> {
        Self::floor_with(&[])
    }

    /// A floor that has what it is told on disk, in `store`, before anybody hears it.
    pub fn keeping_floor(store: &Path) -> Done<Self> {
        Self::floor_with(&[OsStr::new("--keep"), store.as_os_str()])
    }

    fn floor_with(arguments: &[&OsStr]) -> Done<Self> {
        let address = free_address()?;
        let mut command = machine::on_server_core(&std::env::current_exe()?);
        command.arg("floor").arg(address.to_string()).args(arguments);
        Self::start(command, Kind::Floor, address)
    }

    fn start(mut command: Command, kind: Kind, address: SocketAddr) -> Done<Self> {
        let begun = Instant::now();
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn()?;
        let output = child.stdout.take().ok_or("no output")?;
        let mut server = Self { child, kind, address, started: Duration::ZERO };
        for line in BufReader::new(output).lines() {
            if line?.contains("listens on") {
                server.started = begun.elapsed();
                return Ok(server);
            }
            if begun.elapsed() > START {
                break;
            }
        }
        Err("the server did not start".into())
    }

    pub fn usage(&self) -> Done<Usage> {
        machine::usage(self.child.id())
    }

    /// `kill -9`.
    pub fn kill(mut self) -> Done {
        self.child.kill()?;
        self.child.wait()?;
        Ok(())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn free_address() -> Done<SocketAddr> {
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?)
}

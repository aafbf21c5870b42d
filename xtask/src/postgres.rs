//! A private PostgreSQL on a free port.

use crate::Done;
use crate::process::{self, Background, Reads};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

/// Where Debian keeps them, one folder for each version.
const DEBIAN: &str = "/usr/lib/postgresql";

/// The folder of `initdb` and `postgres`, the newest version.
pub fn programs() -> Done<PathBuf> {
    installed().map_or_else(
        || {
            process::apt_install(&["postgresql"])?;
            installed().ok_or_else(|| "the package postgresql has no initdb".to_owned())
        },
        Ok,
    )
}

fn installed() -> Option<PathBuf> {
    let versions = std::fs::read_dir(DEBIAN).ok()?.flatten();
    let newest = versions
        .filter_map(|entry| Some((entry.file_name().to_str()?.parse::<u32>().ok()?, entry.path().join("bin"))))
        .filter(|(_, folder)| folder.join("initdb").is_file())
        .max();
    newest.map(|(_, folder)| folder).or_else(|| crate::places::on_path("initdb")?.parent().map(Path::to_path_buf))
}

/// Whether what is committed survives a power cut.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Durable {
    No,
    Yes,
}

/// Ends when dropped.
pub struct Server {
    port: u16,
    folder: PathBuf,
    running: Option<Background>,
}

impl Server {
    pub fn start(programs: &Path, durable: Durable) -> Done<Self> {
        let folder = std::env::temp_dir().join(format!("salon-postgres-{}", std::process::id()));
        let mut server = Self { port: free_port()?, folder, running: None };
        let owner = owner()?;
        crate::page::empty_folder(&server.folder)?;
        if let Some((user, group)) = owner {
            std::os::unix::fs::chown(&server.folder, Some(user), Some(group))
                .map_err(|e| format!("{}: {e}", server.folder.display()))?;
        }
        let data = server.folder.join("data");
        let mut init = server.command(&programs.join("initdb"), owner);
        init.args(["--auth=trust", "--username=salon", "--encoding=UTF8", "--no-locale", "--no-sync", "-D"]).arg(&data);
        process::quiet(&mut init, "initdb")?;
        let mut postgres = server.command(&programs.join("postgres"), owner);
        postgres.arg("-D").arg(&data).arg("-k").arg(&server.folder).args(["-p", &server.port.to_string()]);
        // Connections are many because each test has its database.
        let settings = ["listen_addresses=127.0.0.1", "max_connections=500"];
        let fast = ["fsync=off", "full_page_writes=off"].into_iter().filter(|_| durable == Durable::No);
        for setting in settings.into_iter().chain(fast) {
            postgres.args(["-c", setting]);
        }
        let running = Background::start(&mut postgres, "postgres", &Reads::Errors, "-INT")?;
        running.says("ready to accept connections", Duration::from_secs(120))?;
        server.running = Some(running);
        Ok(server)
    }

    fn command(&self, program: &Path, owner: Option<(u32, u32)>) -> Command {
        let mut command = Command::new(program);
        command.current_dir(&self.folder).env("LC_ALL", "C.UTF-8");
        if let Some((user, group)) = owner {
            command.uid(user).gid(group);
        }
        command
    }

    pub fn url(&self) -> String {
        format!("postgres://salon@127.0.0.1:{}/postgres", self.port)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.running = None;
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// PostgreSQL refuses to run as root: then it runs as the user of Debian's package.
fn owner() -> Done<Option<(u32, u32)>> {
    if !process::is_root() {
        return Ok(None);
    }
    let users = std::fs::read_to_string("/etc/passwd").map_err(|e| format!("/etc/passwd: {e}"))?;
    let line = users.lines().find(|line| line.starts_with("postgres:")).ok_or("there is no user postgres")?;
    let mut fields = line.split(':').skip(2).map(|field| field.parse().ok());
    match (fields.next().flatten(), fields.next().flatten()) {
        (Some(user), Some(group)) => Ok(Some((user, group))),
        _ => Err("/etc/passwd: the line of postgres has no numbers".to_owned()),
    }
}

/// A port that was free a moment ago.
pub fn free_port() -> Done<u16> {
    let listener = std::net::TcpListener::bind(("127.0.0.1", 0)).map_err(|e| format!("no free port: {e}"))?;
    listener.local_addr().map(|address| address.port()).map_err(|e| format!("no free port: {e}"))
}

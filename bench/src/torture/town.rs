//! A small town: people who are signed in and rooms to talk in. Built once through the program
//! itself; each scenario gets a copy of its folder, with the same sessions.

use crate::Done;
use crate::door::Door;
use crate::server::{Setup, free_address};
use crate::store;
use std::collections::HashMap;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

const PASSWORD: &str = "correct horse battery";
/// Hosts the rooms and administers the site.
const HOST: &str = "hanna";
const PEOPLE: [&str; 8] = ["ana", "ben", "cleo", "dora", "emil", "finn", "gita", "hugo"];
/// Public rooms, and a private one.
const HALLS: [&str; 4] = ["hall", "yard", "attic", "porch"];
const DEN: &str = "den";

#[derive(Clone)]
pub struct Person {
    pub name: String,
    pub id: i64,
    pub cookie: String,
}

#[derive(Clone)]
pub struct Town {
    folder: PathBuf,
    pub host: Person,
    pub people: Vec<Person>,
    pub halls: Vec<i64>,
    pub den: i64,
}

impl Town {
    /// Builds it in `folder`.
    pub async fn build(program: &Path, folder: PathBuf, log: PathBuf) -> Done<Self> {
        for name in PEOPLE.into_iter().chain([HOST]) {
            let role = if name == HOST { "admin" } else { "member" };
            let add = ["person", "add", name, "--role", role, "--password-stdin"];
            run(program, &add, &folder, &format!("{PASSWORD}\n"))?;
        }
        for (room, kind) in HALLS.map(|hall| (hall, "public")).into_iter().chain([(DEN, "private")]) {
            let add = ["room", "add", room, "--title", room, "--host", HOST, "--visibility", kind];
            run(program, &add, &folder, "")?;
        }
        let setup = Setup {
            program: program.to_owned(),
            data: folder.clone(),
            address: free_address()?,
            log,
            through: Vec::new(),
            environment: Vec::new(),
            metrics: None,
        };
        let mut server = setup.start().await?;
        let door = Door::new(setup.address, None)?;
        let mut cookies = HashMap::new();
        for name in PEOPLE.into_iter().chain([HOST]) {
            cookies.insert(name, door.sign_in(name, PASSWORD).await?);
        }
        server.stop().await?;
        let (ids, rooms) = store::names(&folder.join("salon.db")).await?;
        let person = |name: &str| Person {
            name: name.to_owned(),
            id: ids.get(name).copied().unwrap_or(0),
            cookie: cookies.get(name).cloned().unwrap_or_default(),
        };
        let room = |slug: &str| rooms.get(slug).copied().ok_or_else(|| format!("there is no room {slug}"));
        let halls = HALLS.into_iter().map(room).collect::<Done<Vec<_>>>()?;
        Ok(Self { host: person(HOST), people: PEOPLE.map(person).into(), halls, den: room(DEN)?, folder })
    }

    /// A new cookie for somebody.
    pub async fn sign_in(&self, door: &Door, person: &Person) -> Done<String> {
        door.sign_in(&person.name, PASSWORD).await
    }

    /// A copy of the town's data at `to`.
    pub fn copy(&self, to: &Path) -> Done {
        copy(&self.folder, to).map_err(|e| format!("{}: {e}", to.display()))
    }
}

fn copy(from: &Path, to: &Path) -> std::io::Result<()> {
    std::fs::create_dir_all(to)?;
    for entry in std::fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &target)?
        } else {
            std::fs::copy(entry.path(), target).map(|_| ())?
        }
    }
    Ok(())
}

fn run(program: &Path, arguments: &[&str], data: &Path, input: &str) -> Done {
    let what = arguments.join(" ");
    let failed = |e: std::io::Error| format!("salon {what}: {e}");
    let mut command = Command::new(program);
    command.args(arguments).arg("--data").arg(data);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::null()).spawn().map_err(failed)?;
    if let Some(mut stdin) = child.stdin.take() {
        stdin.write_all(input.as_bytes()).map_err(failed)?;
    }
    let status = child.wait().map_err(failed)?;
    if status.success() { Ok(()) } else { Err(format!("salon {what} ended with {status}")) }
}

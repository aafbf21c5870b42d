//! A store to measure on, filled by SQL: without a password hash per person, and with a
//! session for everybody whose token is known, so that signing in is not measured by accident.

use crate::{Done, db};
use sea_orm::{ConnectionTrait, DatabaseConnection};
use sha2::{Digest, Sha256};
use std::ffi::OsString;
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use tempfile::TempDir;

/// Everybody's password.
pub const PASSWORD: &str = "correct horse battery";
/// When everything was said: in January 2026.
const AT: i64 = 1_767_225_600_000;
const ROWS: usize = 500;
/// So many messages of a room are put in before they are ordered by author: half the time.
const MANY: usize = 1_000_000;
/// What a filled message says.
const WORDS: &str = "The harbour in the morning, before anybody is up: grey, still, and very wide.";

/// A data folder of its own; removed when dropped.
pub struct House {
    folder: TempDir,
    /// Where the rows are, if not in the folder.
    database: Option<String>,
}

/// What is in it.
pub struct Fill {
    /// People 1 … n; the first one is an administrator.
    pub people: usize,
    pub rooms: Vec<Room>,
}

/// Room i of the list has the id i + 1 and the address `r<i + 1>`.
pub struct Room {
    pub visibility: &'static str,
    /// Members are the people from … to, both included.
    pub members: (usize, usize),
    pub messages: usize,
    pub pictures: usize,
}

impl House {
    pub async fn fill(salon: &Path, fill: Fill) -> Done<Self> {
        Self { folder: tempfile::tempdir()?, database: None }.filled(salon, fill).await
    }

    /// The same with its rows in a new database on this PostgreSQL server.
    pub async fn fill_postgres(salon: &Path, fill: Fill, server: &str) -> Done<Self> {
        let name = format!("bench_{:016x}", rand::random::<u64>());
        let db = db::connect(server).await?;
        db.execute_unprepared(&format!("CREATE DATABASE {name}")).await?;
        db.close().await?;
        let (host, _) = server.rsplit_once('/').ok_or("an address of PostgreSQL ends with a database")?;
        let database = Some(format!("{host}/{name}"));
        Self { folder: tempfile::tempdir()?, database }.filled(salon, fill).await
    }

    async fn filled(self, salon: &Path, fill: Fill) -> Done<Self> {
        let house = self;
        run(Command::new(salon).arg("migrate").args(house.place()))?;
        let db = house.open().await?;
        people(&db, salon, &house, fill.people).await?;
        for (at, room) in fill.rooms.iter().enumerate() {
            self::room(&db, at + 1, room, fill.people).await?;
        }
        house.index(&db).await?;
        db.execute_unprepared("ANALYZE").await?;
        if house.database.is_none() {
            db.execute_unprepared("PRAGMA wal_checkpoint(TRUNCATE)").await?;
        }
        db.close().await?;
        Ok(house)
    }

    /// Gives everything one word in the index, or the server would be busy with making it.
    async fn index(&self, db: &DatabaseConnection) -> Done {
        let (id, word) = match self.database {
            None => ("rowid", "'harbour'"),
            Some(_) => ("id", "CAST('''harbour''' AS tsvector)"),
        };
        for kind in ["message", "picture", "person"] {
            let missing = format!("id NOT IN (SELECT {id} FROM search_{kind})");
            let sql = format!("INSERT INTO search_{kind} ({id}, words) SELECT id, {word} FROM {kind} WHERE {missing}");
            db.execute_unprepared(&sql).await?;
        }
        Ok(())
    }

    pub fn data(&self) -> &Path {
        self.folder.path()
    }

    /// How `salon` is told where it is.
    pub fn place(&self) -> Vec<OsString> {
        let mut place = vec!["--data".into(), self.data().into()];
        if let Some(database) = &self.database {
            place.extend(["--database".into(), database.into()]);
        }
        place
    }

    pub fn file(&self) -> PathBuf {
        self.data().join("salon.db")
    }

    pub async fn open(&self) -> Done<DatabaseConnection> {
        let url = self.database.clone().unwrap_or_else(|| format!("sqlite:{}", self.file().display()));
        let db = db::connect(url).await?;
        if self.database.is_none() {
            db.execute_unprepared("PRAGMA synchronous = OFF").await?;
        }
        Ok(db)
    }

    /// The session cookie of a person.
    pub fn cookie(person: usize) -> String {
        format!("salon_session={}", token(person))
    }
}

fn token(person: usize) -> String {
    format!("bench-session-of-person-{person:012}-000000")
}

async fn people(db: &DatabaseConnection, salon: &Path, house: &House, n: usize) -> Done {
    // One hash for all: made by Salon itself.
    let mut add = Command::new(salon);
    add.args(["person", "add", "p1", "--role", "admin", "--password-stdin"]).args(house.place());
    with_password(&mut add)?;
    let rest = format!(
        "WITH RECURSIVE n(i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < {n}) \
         INSERT INTO person (id, name, name_key, look, display, role, password_hash, disabled, created_at) \
         SELECT i, 'p' || i, 'p' || i, 'bench' || i, 'Person ' || i, 'member', \
         (SELECT password_hash FROM person WHERE id = 1), FALSE, {AT} FROM n WHERE i <= {n}"
    );
    db.execute_unprepared(&rest).await?;
    let everybody: Vec<usize> = (1..=n).collect();
    for some in everybody.chunks(ROWS) {
        let mut sql = String::from(
            "INSERT INTO session (person_id, token_hash, device, address, created_at, seen_at, expires_at) VALUES ",
        );
        let now = std::time::SystemTime::UNIX_EPOCH.elapsed()?.as_millis();
        for (at, person) in some.iter().enumerate() {
            let hash = hex(&Sha256::digest(token(*person)));
            let comma = if at == 0 { "" } else { ", " };
            write!(sql, "{comma}({person}, '{hash}', 'bench', '127.0.0.1', {now}, {now}, {})", now + 86_400_000)?;
        }
        db.execute_unprepared(&sql).await?;
    }
    Ok(())
}

async fn room(db: &DatabaseConnection, id: usize, room: &Room, people: usize) -> Done {
    let Room { visibility, members: (from, to), messages, pictures } = room;
    let events = messages + pictures;
    db.execute_unprepared(&format!(
        "INSERT INTO room (id, slug, title, about, visibility, archived, epoch, last_seq, last_at, said, wall_rev, created_at) \
         VALUES ({id}, 'r{id}', 'Room {id}', 'A room to measure', '{visibility}', FALSE, {}, {events}, {AT}, {messages}, {pictures}, {AT})",
        1_000_000 + id
    ))
    .await?;
    db.execute_unprepared(&format!(
        "WITH RECURSIVE n(i) AS (SELECT {from} UNION ALL SELECT i + 1 FROM n WHERE i < {to}) \
         INSERT INTO member (room_id, person_id, role, joined_at, last_read_seq) \
         SELECT {id}, i, CASE i WHEN {from} THEN 'host' ELSE 'member' END, {AT}, 0 FROM n"
    ))
    .await?;
    let many = *messages >= MANY;
    if many {
        db.execute_unprepared("DROP INDEX message_author_id_client_id").await?;
    }
    if *messages > 0 {
        let spans = format!("[{{\"text\":\"{WORDS}\"}}]");
        db.execute_unprepared(&format!(
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {messages}) \
             INSERT INTO message (room_id, seq, author_id, client_id, text, spans, at) \
             SELECT {id}, i, 1 + i % {people}, 'f' || {id} || '-' || i, '{WORDS}', '{spans}', {AT} + i FROM n"
        ))
        .await?;
    }
    if many {
        let index = "CREATE UNIQUE INDEX message_author_id_client_id ON message (author_id, client_id)";
        db.execute_unprepared(index).await?;
    }
    for i in 1..=*pictures {
        picture(db, id, i, messages + i).await?;
    }
    Ok(())
}

/// A picture's row and its event; nobody asks for its bytes here.
async fn picture(db: &DatabaseConnection, room: usize, i: usize, seq: usize) -> Done {
    let blob = format!("{:032x}", room * 1_000_000 + i);
    db.execute_unprepared(&format!(
        "INSERT INTO picture (room_id, blob, media_type, order_no, width, height, caption, alt, by_id, at) \
         VALUES ({room}, '{blob}', 'image/jpeg', {}, 1600, 1200, 'Picture {i}', 'A view', 1, {AT})",
        i * 1024
    ))
    .await?;
    db.execute_unprepared(&format!(
        "INSERT INTO event (room_id, seq, at, body) VALUES ({room}, {seq}, {AT}, \
         '{{\"picture_removed\":{{\"rev\":{i},\"picture\":0}}}}')"
    ))
    .await?;
    Ok(())
}

fn run(command: &mut Command) -> Done {
    let output = command.stdin(Stdio::null()).output()?;
    if output.status.success() { Ok(()) } else { Err(String::from_utf8_lossy(&output.stderr).into()) }
}

fn with_password(command: &mut Command) -> Done {
    use std::io::Write as _;
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::null()).spawn()?;
    if let Some(mut input) = child.stdin.take() {
        input.write_all(PASSWORD.as_bytes())?;
    }
    if child.wait()?.success() { Ok(()) } else { Err("`salon person add` failed".into()) }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

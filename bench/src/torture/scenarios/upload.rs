//! F17: uploads are cut at a random byte, and the process is killed while pictures are stored.
//! Every picture that the store names has its whole file, and nothing acknowledged is missing.

use crate::Done;
use crate::client::Crowd;
use crate::faults::png;
use crate::store;
use crate::trial::Trial;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::task::JoinSet;

const BOUNDARY: &str = "salon-torture";
/// Of a whole request. Whoever closes their side earlier has gone away.
const END: &[u8] = b"--\r\n";
/// How long one upload may take.
const PATIENCE: Duration = Duration::from_secs(30);

pub async fn run(trial: &mut Trial) -> Done {
    let mut server = trial.setup.start().await?;
    let room = trial.town.halls.first().copied().unwrap_or(0);
    let (site, cookie) = (trial.site(), trial.town.host.cookie.clone());
    let mut acknowledged = Vec::new();
    let mut refused = 0;
    for _ in 0..trial.pick(30, 300) {
        let request = request(site, room, &cookie, &png(&mut trial.dice, 60, 60));
        let cut = trial.dice.number(1..request.len() as u64) as usize;
        refused += u64::from(upload(site, &request[..cut]).await.is_none());
        trial.injected += 1;
    }
    trial.expect(refused == trial.injected, "an upload that was cut was acknowledged");
    let kills = trial.pick(6, 40);
    for _ in 0..kills {
        let mut uploads = JoinSet::new();
        for _ in 0..4 {
            let request = request(site, room, &cookie, &png(&mut trial.dice, 400, 300));
            uploads.spawn(async move { upload(site, &request).await });
        }
        tokio::time::sleep(trial.dice.millis(10..250)).await;
        server.kill()?;
        trial.injected += 1;
        acknowledged.extend(uploads.join_all().await.into_iter().flatten());
        server = trial.setup.start().await?;
    }
    let whole = request(site, room, &cookie, &png(&mut trial.dice, 300, 300));
    acknowledged.push(upload(site, &whole).await.ok_or("an upload without any fault was not answered")?);
    // The file is read when the program has ended.
    trial.conclude(server, Crowd::new()).await?;
    let named = store::pictures(&trial.setup.data.join("salon.db")).await?;
    let files = trial.setup.data.join("files");
    let missing = acknowledged.iter().filter(|blob| !named.iter().any(|(_, name)| name == *blob)).count();
    trial.expect(missing == 0, format!("{missing} acknowledged pictures are not in the store"));
    let broken: Vec<&str> =
        named.iter().filter(|(room, blob)| !is_whole(&files, *room, blob)).map(|(_, b)| &**b).collect();
    trial.expect(broken.is_empty(), format!("pictures without their whole file: {}", broken.join(", ")));
    let unfinished = unfinished(&files).len();
    trial.figure(format!(
        "{refused} cut, {kills} kills, {} acknowledged of {} stored; {unfinished} unfinished files for the housekeeping",
        acknowledged.len(),
        named.len()
    ));
    Ok(())
}

fn request(site: SocketAddr, room: i64, cookie: &str, picture: &[u8]) -> Vec<u8> {
    let head = format!(
        "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"files\"; filename=\"a.png\"\r\nContent-Type: image/png\r\n\r\n"
    );
    let tail = format!("\r\n--{BOUNDARY}--\r\n");
    let length = head.len() + picture.len() + tail.len();
    let request = format!(
        "POST /upload/pictures/{room} HTTP/1.1\r\nHost: {site}\r\nOrigin: http://{site}\r\nSec-Fetch-Site: same-origin\r\n\
         Cookie: {cookie}\r\nAccept: application/json\r\nConnection: close\r\n\
         Content-Type: multipart/form-data; boundary={BOUNDARY}\r\nContent-Length: {length}\r\n\r\n"
    );
    [request.as_bytes(), head.as_bytes(), picture, tail.as_bytes()].concat()
}

/// The blob of the picture, if the answer says that it is stored.
async fn upload(site: SocketAddr, request: &[u8]) -> Option<String> {
    let upload = async {
        let mut stream = TcpStream::connect(site).await.ok()?;
        stream.write_all(request).await.ok()?;
        if !request.ends_with(END) {
            stream.shutdown().await.ok()?;
        }
        let mut answer = Vec::new();
        // What was said before a cut counts.
        let _ = stream.read_to_end(&mut answer).await;
        let answer = String::from_utf8_lossy(&answer).into_owned();
        let (head, _) = answer.split_once("\r\n\r\n")?;
        let blob = answer.split_once("\"blob\":\"")?.1.split('"').next()?;
        head.starts_with("HTTP/1.1 200").then(|| blob.to_owned())
    };
    tokio::time::timeout(PATIENCE, upload).await.ok().flatten()
}

/// Whether the picture itself is there, from its first bytes to its last.
fn is_whole(files: &Path, room: i64, blob: &str) -> bool {
    let bytes = std::fs::read(files.join(room.to_string()).join(blob).join("full")).unwrap_or_default();
    let png = bytes.starts_with(b"\x89PNG") && bytes.ends_with(b"IEND\xae\x42\x60\x82");
    png || (bytes.starts_with(b"\xff\xd8") && bytes.ends_with(b"\xff\xd9"))
}

/// Files whose writing did not come to its end: their names end in `#` and a number.
fn unfinished(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        if entry.path().is_dir() {
            found.extend(unfinished(&entry.path()));
        } else if entry.file_name().to_string_lossy().contains('#') {
            found.push(entry.path());
        }
    }
    found
}

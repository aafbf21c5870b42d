//! W6: a crowd signs in: first alone, to count what a sign-in costs beside a bare hash; then while
//! the room of W2 talks, which should not notice.

use super::{Meter, Under, fanout};
use crate::Done;
use crate::house::PASSWORD;
use crate::load::crowd::Crowd;
use crate::load::http::Http;
use crate::load::speaker::Speaker;
use crate::machine;
use crate::report::{Figure, Goal, Report};
use crate::server::Server;
use argon2::{Algorithm, Argon2, Block, Params, Version};
use std::process::Stdio;
use std::time::{Duration, Instant};
use tokio::task::JoinHandle;

/// People who sign in at the same time: as many as the house lets wait.
const WAITING: usize = 32;
/// People in the storm: half of them are asked to try again.
const STORM: usize = 64;

pub async fn run(under: &Under, report: &mut Report) -> Done {
    let listeners = under.scale.pick(300, 1_000);
    let house = fanout::hall(under, listeners).await?;
    let mut rate = Figure::new("sign-ins alone", "/core-s", Goal::RatioAtLeast(0.9));
    let mut calm = Figure::new("chat p99 without the storm", "ms", Goal::None);
    let mut storm = Figure::new("chat p99 in the storm : without", "ratio", Goal::AtMost(2.0));
    let mut memory = Figure::new("memory in the storm", "MiB", Goal::AtMost(300.0));
    for _ in 0..under.scale.rounds {
        let server = Server::salon(under, &house)?;
        let crowd = Crowd::join(&server, listeners, |_| 1).await?;
        crowd.quiet().await;
        let mut speaker = Speaker::connect(&server, 1, 1, 0).await?;
        let before = chat(under, &crowd, &mut speaker, listeners).await?;
        let meter = Meter::start(&server)?;
        let count = finished(comers(under, &server, WAITING)).await?;
        rate.salon(f64::from(count) / meter.stop()?.cpu);
        let crowding = comers(under, &server, STORM);
        let during = chat(under, &crowd, &mut speaker, listeners).await?;
        finished(crowding).await?;
        memory.salon(server.usage()?.memory / 1024.0 / 1024.0);
        calm.salon(before);
        storm.salon(during / before.max(0.1));
        rate.floor(bare(under)?);
    }
    report.add("W6", vec![rate, calm, storm, memory]);
    Ok(())
}

type Comers = Vec<JoinHandle<Done<u32>>>;

/// Everybody signs in, again and again.
fn comers(under: &Under, server: &Server, n: usize) -> Comers {
    let until = Instant::now() + under.scale.time;
    (0..n).map(|i| tokio::spawn(sign_in(server.address, 1 + i, until))).collect()
}

/// How often they were let in.
async fn finished(comers: Comers) -> Done<u32> {
    let mut count = 0;
    for comer in comers {
        count += comer.await??;
    }
    Ok(count)
}

/// Talks at a steady pace; the p99 of the messages' age in ms.
async fn chat(under: &Under, crowd: &Crowd, speaker: &mut Speaker, listeners: usize) -> Done<f64> {
    let mut clock = tokio::time::interval(Duration::from_secs(1) / fanout::PACE);
    let (began, before, mut said) = (Instant::now(), crowd.events(), 0);
    while began.elapsed() < under.scale.time {
        clock.tick().await;
        speaker.say(&crowd.text()).await?;
        said += 1;
    }
    crowd.until(before + said * listeners as u64).await?;
    Ok(crowd.take_times().at(0.99))
}

/// Signs in again and again; how often that went well. Being asked to wait is no fault.
async fn sign_in(address: std::net::SocketAddr, person: usize, until: Instant) -> Done<u32> {
    let mut http = Http::connect(address, None).await?;
    let fields = format!("name=p{person}&password={}", PASSWORD.replace(' ', "+"));
    let mut count = 0;
    while Instant::now() < until {
        match http.call("sign-in", &fields).await?.status {
            200 | 204 | 302 | 303 => count += 1,
            429 | 503 => tokio::time::sleep(Duration::from_millis(50)).await,
            other => return Err(format!("sign-in answered {other}").into()),
        }
    }
    Ok(count)
}

/// Hashes per second of a core, with nothing around.
fn bare(under: &Under) -> Done<f64> {
    let seconds = under.scale.time.as_secs_f64() / 2.0;
    let mut hash = machine::on_server_core(&std::env::current_exe()?);
    let output = hash.args(["hashes", &seconds.to_string()]).stdin(Stdio::null()).output()?;
    Ok(String::from_utf8_lossy(&output.stdout).trim().parse()?)
}

/// Hashes as Salon does (argon2id, 19 MiB, two passes, in the same memory again and again), and prints how many in a second of a core.
pub fn hash(seconds: f64) -> Done {
    let argon = Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::new(19_456, 2, 1, None)?);
    let mut memory = vec![Block::new(); argon.params().block_count()];
    let (began, mut count, mut out) = (Instant::now(), 0.0, [0; 32]);
    while began.elapsed().as_secs_f64() < seconds {
        argon.hash_password_into_with_memory(PASSWORD.as_bytes(), b"salt of the bench", &mut out, &mut memory)?;
        count += 1.0;
    }
    println!("{}", count / machine::usage(std::process::id())?.cpu.max(0.01));
    Ok(())
}

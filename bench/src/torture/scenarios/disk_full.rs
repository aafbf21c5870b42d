//! F4: the disk is full. Nothing is acknowledged and nothing ends; reading goes on; when there
//! is space again, so does writing, without a restart.

use super::refusals;
use crate::Done;
use crate::faults::Disk;
use crate::trial::Trial;
use std::path::Path;
use std::time::{Duration, Instant};

const DISK_MB: u32 = 24;
const BALLAST_BYTES: usize = 10 * 1024 * 1024;
/// How long writing may take to begin again.
const RECOVERY: Duration = Duration::from_secs(5);

pub async fn run(trial: &mut Trial) -> Done {
    let disk = Disk::mount(&trial.folder.join("disk"), DISK_MB)?;
    let data = disk.folder().join("data");
    trial.town.copy(&data)?;
    trial.setup.data = data;
    let outcome = fill(trial, disk.folder()).await;
    drop(disk);
    outcome
}

async fn fill(trial: &mut Trial, disk: &Path) -> Done {
    let ballast = disk.join("ballast");
    std::fs::write(&ballast, vec![1; BALLAST_BYTES]).map_err(|e| format!("ballast: {e}"))?;
    let mut server = trial.setup.start().await?;
    let mut plan = trial.plan(8, 24);
    plan.letters = 3_900;
    let crowd = trial.gather(&plan);
    let began = Instant::now();
    while refusals(trial, 0) < 200 && began.elapsed() < Duration::from_secs(60) {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    trial.injected += 1;
    let (refused, acks) = (refusals(trial, 0), trial.history.acks());
    trial.expect(refused >= 200, format!("only {refused} refusals although the disk is full"));
    reads_go_on(trial).await?;
    trial.expect(server.ended().is_none(), "salon ended");
    let lost = crowd.parted("lost") + crowd.parted("unreached");
    trial.expect(lost == 0, format!("{lost} connections were lost"));
    std::fs::remove_file(&ballast).map_err(|e| format!("ballast: {e}"))?;
    let freed = Instant::now();
    trial.acks(20, RECOVERY).await.map_err(|e| format!("after space returned: {e}"))?;
    trial.figure(format!(
        "{acks} messages, {refused} refusals, writing {} ms after space returned",
        freed.elapsed().as_millis()
    ));
    trial.conclude(server, crowd).await
}

/// Pages are read and the process says that it lives, all in good time.
async fn reads_go_on(trial: &mut Trial) -> Done {
    let door = trial.door()?;
    let room = trial.town.halls.first().copied().unwrap_or(0);
    for _ in 0..10 {
        let began = Instant::now();
        let page = door.history(room, i64::MAX).await?;
        let (took, health) = (began.elapsed(), door.status("/healthz").await?);
        trial.expect(!page.messages.is_empty(), "an empty page of history");
        trial.expect(took < Duration::from_secs(2) && health == 200, format!("{took:?} for a page, /healthz {health}"));
    }
    Ok(())
}

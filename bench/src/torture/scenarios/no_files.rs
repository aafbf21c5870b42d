//! F23: the process may open few files, and hundreds connect. It waits without spinning, keeps
//! those whom it has, and takes new ones when there is room again.

use crate::Done;
use crate::server::count_in;
use crate::trial::Trial;
use std::time::{Duration, Instant};
use tokio::net::TcpStream;

const FILES: u32 = 64;
const CONNECTS: usize = 500;
/// Of one core, while there are no files.
const MOST_CPU: f64 = 0.5;
/// Two lines a second are enough to be seen.
const LINES_PER_SECOND: f64 = 3.0;
const RECOVERY: Duration = Duration::from_secs(5);

pub async fn run(trial: &mut Trial) -> Done {
    let limited = format!("ulimit -n {FILES}; exec \"$0\" \"$@\"");
    trial.setup.through = ["sh", "-c", &limited].map(str::to_owned).into();
    let mut server = trial.setup.start().await?;
    let crowd = trial.gather(&trial.plan(4, 4));
    trial.acks(100, Duration::from_secs(20)).await?;
    let site = trial.site();
    // Some wait in the queue of the system, and some do not even get there.
    let connects = (0..CONNECTS).map(|_| tokio::time::timeout(Duration::from_secs(2), TcpStream::connect(site)));
    let held: Vec<_> = futures::future::join_all(connects).await.into_iter().flatten().flatten().collect();
    trial.injected = CONNECTS as u64;
    let (cpu, lines, began) = (server.cpu(), count_in(&trial.setup.log, "\n"), Instant::now());
    crowd.hush(Duration::from_secs(10)).await?;
    tokio::time::sleep(Duration::from_secs(4)).await;
    let seconds = began.elapsed().as_secs_f64();
    let busy = (server.cpu() - cpu).as_secs_f64() / seconds;
    let rate = (count_in(&trial.setup.log, "\n") - lines) as f64 / seconds;
    let exhausted = count_in(&trial.setup.log, "no connection can be accepted");
    trial.expect(exhausted > 0, "files never ran out, so nothing is proved");
    trial.expect(busy < MOST_CPU, format!("it spins: {busy:.2} of a core"));
    trial.expect(rate <= LINES_PER_SECOND, format!("{rate:.1} lines of log a second"));
    let lost = crowd.parted("lost");
    trial.expect(lost == 0, format!("{lost} of those inside were lost"));
    trial.expect(server.ended().is_none(), "salon ended");
    drop(held);
    let freed = Instant::now();
    let door = trial.door()?;
    while door.status("/readyz").await.ok() != Some(200) && freed.elapsed() < RECOVERY * 3 {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let back = freed.elapsed();
    trial.expect(back <= RECOVERY, format!("nobody could connect for {back:?} after there were files again"));
    trial.figure(format!(
        "{CONNECTS} connects on {FILES} files: {:.0} % of a core, {rate:.1} lines a second, back after {} ms",
        busy * 100.0,
        back.as_millis()
    ));
    trial.conclude(server, crowd).await
}

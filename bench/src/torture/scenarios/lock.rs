//! F6: another process holds SQLite's write lock. Shortly: everything waits and succeeds.
//! Long: it is refused after a few seconds, without a queue that takes minutes to empty.

use super::refusals;
use crate::Done;
use crate::history::{Line, Op};
use crate::store;
use crate::trial::Trial;
use std::collections::HashMap;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// The longest time to a refusal: five seconds for those before, five for oneself, and some.
const REFUSED_AFTER: Duration = Duration::from_secs(12);
const RECOVERY: Duration = Duration::from_secs(5);

pub async fn run(trial: &mut Trial) -> Done {
    // Then every first request of a session wants to write as well.
    store::age_sessions(&trial.setup.data.join("salon.db")).await?;
    let server = trial.setup.start().await?;
    let mut plan = trial.plan(12, 36);
    plan.patience = Duration::from_secs(20);
    let crowd = trial.gather(&plan);
    trial.acks(200, Duration::from_secs(20)).await?;

    let lock = Lock::hold(trial, 3_000).await?;
    let refused_short = refusals(trial, 0);
    lock.released(Duration::from_secs(10)).await?;
    trial.acks(200, RECOVERY).await?;
    trial.expect(refused_short == 0 && refusals(trial, 0) == 0, "sends were refused although the lock was short");

    let from = trial.history.len();
    let millis = trial.pick(12_000, 30_000);
    let lock = Lock::hold(trial, millis).await?;
    tokio::time::sleep(Duration::from_secs(2)).await;
    let door = trial.door()?;
    let began = Instant::now();
    let page = door.history(trial.town.halls.first().copied().unwrap_or(0), i64::MAX).await?;
    let took = began.elapsed();
    trial.expect(took < Duration::from_secs(1) && !page.messages.is_empty(), format!("a page took {took:?} meanwhile"));
    lock.released(Duration::from_secs(45)).await?;
    let released = Instant::now();
    trial.acks(200, RECOVERY).await.map_err(|e| format!("after the lock: {e}"))?;
    let back = released.elapsed();
    let lines = trial.history.since(from);
    let (refused, longest) = (refusals(trial, from), longest_refusal(&lines));
    trial.expect(refused > 0, "nothing was refused although the lock was long");
    trial.expect(longest <= REFUSED_AFTER, format!("a refusal took {longest:?}"));
    let given_up = crowd.parted("silent");
    trial.expect(given_up == 0, format!("{given_up} messages had no answer within 20 s"));
    trial.figure(format!(
        "3 s: 0 refused; {} s: {refused} refused, the last after {:.1} s, well again after {} ms",
        millis / 1_000,
        longest.as_secs_f64(),
        back.as_millis()
    ));
    trial.conclude(server, crowd).await
}

/// From sending to being refused.
fn longest_refusal(lines: &[Line]) -> Duration {
    let mut sent: HashMap<&str, u64> = HashMap::new();
    let mut longest = 0;
    for line in lines {
        let Some(cmid) = line.cmid.as_deref() else { continue };
        match line.op {
            Op::Send => drop(sent.insert(cmid, line.t)),
            Op::Info => longest = longest.max(sent.get(cmid).map_or(0, |at| line.t - at)),
            _ => {}
        }
    }
    Duration::from_micros(longest)
}

/// Another process of this program.
struct Lock(Child);

impl Lock {
    async fn hold(trial: &mut Trial, millis: u64) -> Done<Self> {
        let program = std::env::current_exe().map_err(|e| e.to_string())?;
        let mut holder = Command::new(program);
        holder.arg("hold-lock").arg(trial.setup.data.join("salon.db")).arg(millis.to_string());
        let child = holder.stdin(Stdio::null()).stdout(Stdio::null()).spawn().map_err(|e| e.to_string())?;
        trial.injected += 1;
        Ok(Self(child))
    }

    async fn released(mut self, limit: Duration) -> Done {
        let mut status = None;
        let ended = crate::client::wait_until(limit, || {
            status = self.0.try_wait().ok().flatten();
            status.is_some()
        });
        ended.await.map_err(|()| "the lock was not released".to_owned())?;
        if status.is_some_and(|status| status.success()) {
            Ok(())
        } else {
            Err("nobody could take the lock".to_owned())
        }
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

//! F13: the wall clock jumps. Order stays what it is, nothing panics, and sessions end by
//! their time and not by a jump of a second.

use crate::Done;
use crate::client::{Route, Wire};
use crate::door::Door;
use crate::faults::FakeTime;
use crate::trial::Trial;
use domain::live::{Command, Frame};
use std::time::{Duration, Instant};

/// Jumps after which everybody is still signed in; libfaketime's words for them.
const SMALL: [&str; 5] = ["+1", "-1", "+1h", "-1h", "+0"];
/// So far that every session is over; and beyond the year 2038.
const FAR: &str = "+13y";

/// How long an open socket may outlive its session.
const SESSION_CHECK: Duration = Duration::from_secs(90);

pub async fn run(trial: &mut Trial) -> Done {
    let time = FakeTime::new(trial.folder.join("clock"))?;
    trial.setup.environment = time.environment();
    let server = trial.setup.start().await?;
    let crowd = trial.gather(&trial.plan(8, 24));
    for jump in SMALL {
        time.set(jump)?;
        trial.injected += 1;
        trial.acks(100, Duration::from_secs(20)).await.map_err(|e| format!("at {jump}: {e}"))?;
        let person = trial.town.people.first().ok_or("nobody lives here")?.cookie.clone();
        let known = is_known(trial, &person).await?;
        trial.expect(known, format!("a session was over after a jump of {jump}"));
    }
    strobe(trial, &time).await?;
    let mut open = Wire::open(&Route::straight(trial.site(), &trial.town.host.cookie)).await?;
    time.set(FAR)?;
    trial.injected += 1;
    let cookie = trial.town.host.cookie.clone();
    let known = is_known(trial, &cookie).await?;
    trial.expect(!known, format!("a session still opened doors after {FAR}"));
    let anew = trial.town.sign_in(&Door::new(trial.site(), None)?, &trial.town.host).await?;
    let known = is_known(trial, &anew).await?;
    trial.expect(known, "nobody can sign in after a great jump");
    if !trial.options.short {
        let closed = is_closed(&mut open).await?;
        trial.expect(closed, "a socket that speaks now and then outlives its session");
    }
    time.set("+0")?;
    trial.injected += 1;
    trial.acks(100, Duration::from_secs(20)).await.map_err(|e| format!("back in the present: {e}"))?;
    trial.figure(format!("jumps {}, strobe, {FAR}, and back", SMALL.join(" ")));
    // What was over then may have been removed.
    trial.town.host.cookie = trial.town.sign_in(&Door::new(trial.site(), None)?, &trial.town.host).await?;
    trial.conclude(server, crowd).await
}

/// To and fro by 200 ms, all the time.
async fn strobe(trial: &mut Trial, time: &FakeTime) -> Done {
    for n in 0..trial.pick(40, 200) {
        time.set(if n % 2 == 0 { "-0.2" } else { "+0.2" })?;
        trial.injected += 1;
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    trial.acks(100, Duration::from_secs(20)).await.map_err(|e| format!("while the clock strobes: {e}"))
}

/// Whether a socket is sent away because its session is over, although it is never quiet.
async fn is_closed(wire: &mut Wire) -> Done<bool> {
    let until = Instant::now() + SESSION_CHECK;
    while Instant::now() < until {
        wire.send(&Command::Ping).await?;
        let pong = |frame| matches!(frame, Frame::Pong { .. }).then_some(());
        match wire.hears(Duration::from_secs(5), pong).await {
            Ok(()) => tokio::time::sleep(Duration::from_secs(5)).await,
            Err(cause) => return Ok(cause == "closed 4501"),
        }
    }
    Ok(false)
}

/// Whether a cookie still says who somebody is.
async fn is_known(trial: &Trial, cookie: &str) -> Done<bool> {
    let door = Door::new(trial.site(), Some(cookie.to_owned()))?;
    // Whoever is not known may not ask for the private room.
    let (status, _) = door.call("load-me", &[]).await?;
    match status {
        200 => Ok(!door.call("load-me", &[]).await?.1.to_string().contains("sign_in_needed")),
        401 => Ok(false),
        other => Err(format!("load-me answered {other}")),
    }
}

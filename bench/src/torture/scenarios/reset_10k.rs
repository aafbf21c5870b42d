//! Ten thousand events were missed. Coming back answers `reset`, and everything missed is there
//! within a second.

use crate::Done;
use crate::client::{Crowd, Route, Wire};
use crate::door::Door;
use crate::trial::Trial;
use domain::RoomId;
use domain::live::{Command, Frame, Position};
use domain::message::PAGE;
use futures::{StreamExt, TryStreamExt};
use std::time::{Duration, Instant};

const MISSED: i64 = 10_000;
const WITHIN: Duration = Duration::from_secs(1);
/// Pages that are asked for at once; a browser opens six connections.
const AT_ONCE: usize = 6;

pub async fn run(trial: &mut Trial) -> Done {
    let server = trial.setup.start().await?;
    let room = trial.town.halls.first().copied().unwrap_or(0);
    let before = enter(trial, room, None).await?.1;
    say_much(trial, room).await?;
    let door = trial.door()?;
    door.status("/healthz").await?;

    let began = Instant::now();
    let (kind, now) = enter(trial, room, Some(before)).await?;
    let told = began.elapsed();
    let missed = one_by_one(&door, room, before.seq, now.seq).await?;
    let slowly = began.elapsed();
    trial.expect(kind == "reset", format!("{kind} instead of reset"));
    trial.expect(missed as i64 >= MISSED, format!("{missed} messages came back"));

    let began = Instant::now();
    let (_, now) = enter(trial, room, Some(before)).await?;
    let missed = at_once(&door, room, before.seq, now.seq).await?;
    let quickly = began.elapsed();
    trial.injected = 1;
    trial.expect(missed as i64 >= MISSED, format!("{missed} messages came back"));
    let allowed = WITHIN * trial.options.slack;
    trial.expect(quickly <= allowed, format!("{missed} missed messages took {quickly:?}"));
    trial.figure(format!(
        "{missed} missed: told after {} ms; all there after {} ms page by page, {} ms {AT_ONCE} pages at once",
        told.as_millis(),
        slowly.as_millis(),
        quickly.as_millis()
    ));
    trial.conclude(server, Crowd::new()).await
}

/// What coming back is answered with, and where the room stands.
async fn enter(trial: &Trial, room: i64, place: Option<Position>) -> Done<(&'static str, Position)> {
    let mut wire = Wire::open(&Route::straight(trial.site(), &trial.town.host.cookie)).await?;
    wire.send(&Command::Enter { room: RoomId(room), place }).await?;
    let answer = wire.hears(Duration::from_secs(10), |frame| match frame {
        Frame::Entered { position, .. } => Some(("entered", position)),
        Frame::Reset { position, .. } => Some(("reset", position)),
        _ => None,
    });
    answer.await
}

async fn say_much(trial: &mut Trial, room: i64) -> Done {
    let mut plan = trial.plan(0, 64);
    plan.rooms = vec![room];
    plan.pace = 0..1;
    let crowd = trial.gather(&plan);
    trial.acks(MISSED as u64, Duration::from_secs(120)).await?;
    crowd.hush(Duration::from_secs(20)).await?;
    crowd.end().await;
    Ok(())
}

/// As the page does when its reader scrolls back: each page names the next. Answers how many
/// messages came.
async fn one_by_one(door: &Door, room: i64, from: i64, to: i64) -> Done<usize> {
    let (mut before, mut count) = (to + 1, 0);
    while before > from + 1 {
        let page = door.history(room, before).await?;
        count += page.messages.iter().filter(|message| message.seq > from).count();
        match page.messages.first() {
            Some(first) if page.has_more => before = first.seq,
            _ => break,
        }
    }
    Ok(count)
}

/// Places are numbers without gaps, so that all pages can be named beforehand.
async fn at_once(door: &Door, room: i64, from: i64, to: i64) -> Done<usize> {
    let step = PAGE as i64;
    let ends = (0..=(to - from) / step).map(|n| from + (n + 1) * step + 1);
    let pages = futures::stream::iter(ends).map(|before| async move {
        let page = door.history(room, before).await?;
        let own = page.messages.iter().filter(|message| message.seq >= before - step && message.seq > from);
        Ok::<_, String>(own.count())
    });
    let counts: Vec<usize> = pages.buffered(AT_ONCE).try_collect().await?;
    Ok(counts.iter().sum())
}

//! W8: what a first visit loads, and what the page costs a real browser: until it lives, and
//! for each message with a crowd in the room.

use super::Under;
use crate::Done;
use crate::house::{Fill, House, Room};
use crate::load::browser::{self, Browser};
use crate::load::crowd::Crowd;
use crate::load::speaker::Speaker;
use crate::report::{Figure, Goal, Report};
use crate::server::Server;
use std::path::Path;
use std::time::Duration;

/// Messages a second: so few that the browser draws each of them by itself.
const PACE: u32 = 10;
/// Loads after the first one.
const LOADS: usize = 5;
/// The least that a page can do for a message: the last line once more, and to the end, once a frame.
const LINE: &str = "requestAnimationFrame(() => { const lines = document.querySelector('.lines'); let box = lines; \
                    while (box.scrollHeight <= box.clientHeight + 1) box = box.parentElement; \
                    lines.append(lines.lastElementChild.cloneNode(true)); box.scrollTop = box.scrollHeight }), 0";

pub async fn run(under: &Under, report: &mut Report) -> Done {
    let mut figures = Vec::new();
    for (file, most) in [("guest.wasm.br", 300.0), ("guest.js.br", 20.0), ("salon.css.br", 20.0)] {
        // Only the shipped page is compressed.
        let Ok(found) = std::fs::metadata(under.site.join("pkg").join(file)) else { continue };
        let mut size = Figure::new(file, "kB", Goal::AtMost(most));
        size.salon(found.len() as f64 / 1000.0);
        figures.push(size);
    }
    match browser::find() {
        Some(chromium) => figures.extend(in_browser(under, &chromium).await?),
        None => println!("w8: there is no Chromium, so what the page costs a browser is not measured"),
    }
    report.add("W8", figures);
    Ok(())
}

async fn in_browser(under: &Under, chromium: &Path) -> Done<[Figure; 3]> {
    let people = under.scale.pick(500, 10_000);
    let hall = Room { visibility: "open", members: (1, people), messages: 2_000, pictures: 12 };
    let house = House::fill(&under.salon, Fill { people, rooms: vec![hall] }).await?;
    let mut first = Figure::new("room page alive, first load", "ms", Goal::None);
    let mut again = Figure::new("room page alive, loads after", "ms", Goal::None);
    let mut each =
        Figure::new(format!("a message with {people} in the room"), "ms of the main thread", Goal::RatioAtMost(1.25));
    for _ in 0..under.scale.rounds {
        let server = Server::salon(under, &house)?;
        let site = format!("http://{}", server.address);
        let mut browser = Browser::start(chromium).await?;
        browser.keep(&site, &House::cookie(1)).await?;
        // At the end, whatever is unread: where messages are drawn as they come.
        browser.keep(&site, "salon_opens=newest").await?;
        first.salon(browser.open(&format!("{site}/r/r1")).await?);
        for load in 1..=LOADS {
            again.salon(browser.open(&format!("{site}/r/r1?load={load}")).await?);
        }
        let crowd = Crowd::join(&server, people, |_| 1).await?;
        crowd.quiet().await;
        let mut speaker = Speaker::connect(&server, 2, 1, 0).await?;
        each.salon(message(under, &mut browser, &crowd, &mut speaker).await?);
        each.floor(line(under, &mut browser).await?);
    }
    Ok([first, again, each])
}

/// What one more message costs the main thread in ms, from its bytes to its pixels.
async fn message(under: &Under, browser: &mut Browser, crowd: &Crowd, speaker: &mut Speaker) -> Done<f64> {
    let calm = calm(under, browser).await?;
    let before = browser.busy().await?;
    let mut clock = tokio::time::interval(Duration::from_secs(1) / PACE);
    for _ in 1..count(under) {
        clock.tick().await;
        speaker.say(&crowd.text()).await?;
    }
    // The last one is shown.
    speaker.say("and good night").await?;
    tokio::time::sleep(Duration::from_secs(1)).await;
    let busy = browser.busy().await? - before;
    let shown = browser.value("document.querySelector('.lines').lastElementChild.innerText").await?;
    if !shown.as_str().unwrap_or_default().contains("and good night") {
        return Err(format!("the browser shows {shown}").into());
    }
    Ok((busy - calm) * 1000.0 / f64::from(count(under)))
}

/// The same page without Salon: a copy of the last line comes as often. What that costs is Chromium's.
async fn line(under: &Under, browser: &mut Browser) -> Done<f64> {
    let calm = calm(under, browser).await?;
    let before = browser.busy().await?;
    let mut clock = tokio::time::interval(Duration::from_secs(1) / PACE);
    for _ in 0..count(under) {
        clock.tick().await;
        browser.value(LINE).await?;
    }
    tokio::time::sleep(Duration::from_secs(1)).await;
    let busy = browser.busy().await? - before;
    Ok((busy - calm) * 1000.0 / f64::from(count(under)))
}

/// How many are said, or come, while it is measured.
fn count(under: &Under) -> u32 {
    (f64::from(PACE) * under.scale.time.as_secs_f64()) as u32
}

/// Seconds that the page's main thread is busy in the same time when nothing is said.
async fn calm(under: &Under, browser: &mut Browser) -> Done<f64> {
    let before = browser.busy().await?;
    tokio::time::sleep(under.scale.time).await;
    Ok(browser.busy().await? - before)
}

//! The button for a backup on the system page, without JavaScript; and a server that is killed, or
//! closed, while it makes one.

use crate::program::{Program, add_admin, salon, start_with};
use crate::town::{Browser, Town};
use chat::{Keeper, Place};
use reqwest::Method;
use std::path::{Path, PathBuf};
use std::time::Duration;

const PAGE: &str = "/admin/system";

async fn page(browser: &Browser) -> String {
    browser.get(PAGE).await.text().await.unwrap()
}

/// Whole backups of a data folder.
fn whole(data: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(data.join("backups")).into_iter().flatten();
    entries.map(|entry| entry.unwrap().path()).filter(|path| path.extension().is_some_and(|end| end == "tar")).collect()
}

/// The page when it shows this.
async fn shows(browser: &Browser, words: &str) -> String {
    for _ in 0..2_000 {
        let page = page(browser).await;
        if page.contains(words) {
            return page;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("{words} is not shown: {}", page(browser).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_administrator_backs_up_by_a_plain_form_and_sees_how_it_goes() {
    let town = Town::new().await;
    let root = town.admin().await;
    assert!(page(&root).await.contains("None yet."));
    let keeper = Keeper::open(Place { data: town.data(), database: None }).await.unwrap();
    let begun = root.submit("back-up", PAGE, &[]).await;
    assert_eq!((begun.status(), &begun.headers()["location"]), (303.try_into().unwrap(), &PAGE.parse().unwrap()));
    let running = root.get(PAGE).await;
    assert_eq!(running.headers()["refresh"], "10");
    let running = running.text().await.unwrap();
    assert!(running.contains("A backup is being made") && !running.contains("Back up now"), "{running}");

    let second = root.submit("back-up", PAGE, &[]).await;
    let back = second.headers()["location"].to_str().unwrap().to_owned();
    let refused = root.get(&back).await.text().await.unwrap();
    assert!(refused.contains("A backup is running already."), "{back}: {refused}");
    assert_eq!(root.call("back-up", &[]).await.0, 409);

    keeper.close().await.unwrap();
    let done = shows(&root, "Back up now").await;
    let file = whole(&town.data()).pop().unwrap();
    assert!(done.contains(file.file_name().unwrap().to_str().unwrap()), "{done}");
    assert!(root.get(PAGE).await.headers().get("refresh").is_none());
    let audit = root.get("/admin/audit?act=backup-started").await.text().await.unwrap();
    assert!(audit.contains("started a backup"), "{audit}");
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_else_makes_one() {
    let town = Town::new().await;
    let ana = town.person("ana").await;
    for (browser, status) in [(town.stranger(), 401), (ana, 403)] {
        assert_eq!(browser.call("back-up", &[]).await.0, status);
    }
    assert!(whole(&town.data()).is_empty());
    // Not by a link of another site either.
    let root = town.admin().await;
    let forged = root.client.request(Method::POST, format!("{}/call/back-up", town.base()));
    let forged = forged.header("cookie", root.cookie.clone().unwrap()).header("origin", "https://evil.example");
    assert_eq!(forged.header("sec-fetch-site", "cross-site").send().await.unwrap().status(), 403);
    assert!(whole(&town.data()).is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn why_there_is_none_stands_on_the_page() {
    let town = Town::new().await;
    let root = town.admin().await;
    std::fs::write(town.data().join("backups"), "in the way").unwrap();
    root.submit("back-up", PAGE, &[]).await;
    let page = shows(&root, "There is no backup.").await;
    assert!(page.contains("Back up now"), "it can be tried again: {page}");
}

/// A house of the real program with enough in it that copying takes a moment.
async fn yard(folder: &Path) -> Program {
    let data = folder.join("data");
    add_admin(&data);
    let program = start_with(&["--unlimited"], &data);
    let boss = program.boss().await;
    for i in 0..400 {
        let id = format!("said-{i}");
        let fields = [("room", "1"), ("client_id", id.as_str()), ("text", "something to be copied")];
        assert_eq!(boss.call("post-message", &fields).await.0, 200);
    }
    program
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_is_killed_meanwhile_leaves_nothing_that_looks_like_one() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let mut program = yard(folder.path()).await;
    let mut cut = 0;
    for round in 0..8 {
        let boss = program.boss().await;
        assert_eq!(boss.call("back-up", &[]).await.0, 200);
        tokio::time::sleep(Duration::from_millis(round)).await;
        program.signal("-KILL");
        drop(program);
        cut += usize::from(whole(&data).is_empty());
        for file in whole(&data) {
            let again = folder.path().join(format!("again-{round}"));
            let output = salon(&["restore", file.to_str().unwrap()], &again).output().unwrap();
            assert!(output.status.success(), "what has the name of a backup is whole");
            std::fs::remove_file(file).unwrap();
        }
        program = start_with(&["--unlimited"], &data);
    }
    assert!(cut > 0, "none was cut off");
    let boss = program.boss().await;
    boss.call("back-up", &[]).await;
    shows(&boss, "Back up now").await;
    let left = std::fs::read_dir(data.join("backups")).unwrap().count();
    assert_eq!((whole(&data).len(), left), (1, 1), "and nothing half-written");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_is_told_to_stop_does_not_wait_for_it() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let mut program = yard(folder.path()).await;
    let boss = program.boss().await;
    let keeper = Keeper::open(Place { data: data.clone(), database: None }).await.unwrap();
    assert_eq!(boss.call("back-up", &[]).await.0, 200);
    program.signal("-TERM");
    assert_eq!(program.ended(Duration::from_secs(30)).await, Some(0));
    assert!(whole(&data).is_empty());
    keeper.close().await.unwrap();
}

//! "Back up now": one at a time, behind the request, and never half a file.

use crate::backup::lived_in;
use crate::town::{Town, problem};
use chat::{Admin, BackupFault, Keeper, Problem, Sought, SystemState, Thing};
use std::path::PathBuf;
use std::time::Duration;

/// What is said when none is being made any more.
async fn ended(town: &Town, admin: &Admin) -> SystemState {
    let ended = async {
        loop {
            let state = town.chat.system(admin).await.unwrap();
            if state.backup.since.is_none() {
                return state;
            }
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(60), ended).await.unwrap()
}

/// What lies in the folder, by name.
fn files(town: &Town) -> Vec<String> {
    let entries = std::fs::read_dir(town.data().join("backups")).into_iter().flatten();
    let mut names: Vec<String> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

async fn root(town: &Town) -> Admin {
    town.admin("rooter").await.1
}

#[tokio::test(flavor = "multi_thread")]
async fn an_administrator_has_the_house_copied_and_it_can_be_restored() {
    let town = lived_in().await;
    let admin = root(&town).await;
    town.chat.back_up(&admin).await.unwrap();
    let state = ended(&town, &admin).await;
    assert_eq!(state.backup.fault, None);
    let last = state.last_backup.unwrap();
    assert_eq!((last.at, last.faults), (town.chat.now(), 0));
    assert_eq!(files(&town), [&*last.file]);
    let file: PathBuf = town.data().join("backups").join(&last.file);
    assert_eq!(file.metadata().unwrap().len(), last.bytes);
    let folder =
        std::os::unix::fs::PermissionsExt::mode(&town.data().join("backups").metadata().unwrap().permissions());
    assert_eq!(folder & 0o777, 0o700, "it holds everybody's words");
    let again = Town::restored(&file).await;
    assert!(again.chat.reader_by_slug(None, "hall").await.is_ok());
    let trail = town.chat.audit(&admin, &Sought { act: "backup-started".into(), ..Sought::default() }).await.unwrap();
    assert_eq!(trail.lines.len(), 1);
    assert_eq!(trail.lines[0].by.as_ref().unwrap().name, "rooter");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_asker_is_told_that_one_is_running() {
    let town = Town::new().await;
    let admin = root(&town).await;
    // The other way of making one has the turn: ours waits for it.
    let keeper = Keeper::open(town.place()).await.unwrap();
    town.chat.back_up(&admin).await.unwrap();
    assert_eq!(town.chat.system(&admin).await.unwrap().backup.since, Some(town.chat.now()));
    let refused = Problem::Taken { thing: Thing::Backup };
    for _ in 0..2 {
        assert_eq!(problem(town.chat.back_up(&admin).await), refused);
    }
    assert_eq!(files(&town), [""; 0]);
    keeper.close().await.unwrap();
    assert!(ended(&town, &admin).await.last_backup.is_some());
    assert_eq!(files(&town).len(), 1);
    let trail = town.chat.audit(&admin, &Sought { act: "backup-started".into(), ..Sought::default() }).await.unwrap();
    assert_eq!(trail.lines.len(), 1, "what is refused is no act");
}

#[tokio::test(flavor = "multi_thread")]
async fn why_there_is_none_is_said_until_there_is_one() {
    let town = Town::new().await;
    let admin = root(&town).await;
    let folder = town.data().join("backups");
    std::fs::write(&folder, "in the way").unwrap();
    town.chat.back_up(&admin).await.unwrap();
    let state = ended(&town, &admin).await;
    let Some((at, BackupFault::System(words))) = state.backup.fault else { panic!("{:?}", state.backup) };
    assert_eq!(at, town.chat.now());
    assert!(!words.is_empty() && state.last_backup.is_none(), "{words}");
    std::fs::remove_file(&folder).unwrap();
    town.chat.back_up(&admin).await.unwrap();
    let state = ended(&town, &admin).await;
    assert_eq!(state.backup.fault, None);
    assert!(state.last_backup.is_some());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_last_three_stay_and_nothing_half_written() {
    let town = Town::new().await;
    let admin = root(&town).await;
    std::fs::create_dir(town.data().join("backups")).unwrap();
    let left = town.data().join("backups/salon-2027-01-01T00-00-00-000.tar.part");
    std::fs::write(&left, "of a server that was killed").unwrap();
    std::fs::write(town.data().join("backups/mine.tar"), "the operator's").unwrap();
    let mut names = Vec::new();
    for _ in 0..5 {
        town.clock.advance(1_000);
        town.chat.back_up(&admin).await.unwrap();
        names.push(ended(&town, &admin).await.last_backup.unwrap().file);
    }
    assert_eq!(files(&town), [&["mine.tar".to_owned()], &names[2..]].concat());
    std::fs::write(&left, "another one").unwrap();
    town.chat.tidy().await.unwrap();
    assert!(!left.exists(), "housekeeping does it too");
}

#[tokio::test(flavor = "multi_thread")]
async fn one_that_is_running_ends_with_the_house() {
    let town = Town::new().await;
    let admin = root(&town).await;
    let keeper = Keeper::open(town.place()).await.unwrap();
    town.chat.back_up(&admin).await.unwrap();
    let town = town.reopen().await;
    keeper.close().await.unwrap();
    let admin = town.chat.admin(Some(admin.who())).unwrap();
    let state = town.chat.system(&admin).await.unwrap();
    assert_eq!((state.backup.since, state.last_backup), (None, None));
    town.chat.back_up(&admin).await.unwrap();
    assert!(ended(&town, &admin).await.last_backup.is_some(), "the turn is free");
}

//! What SQLite is set to, and what a group of writes does when one of them fails.

use super::checkpoint::ENOUGH;
use super::entities::{event, room};
use super::{Store, StoreUrl, rooms};
use crate::clock::Clock;
use crate::hub::Hub;
use crate::known::{Changed, Footing, Known};
use crate::{Error, Problem, Result};
use domain::event::What;
use domain::room::{RoomWords, Visibility};
use domain::{PersonId, RoomId};
use futures::FutureExt;
use sea_orm::{
    ColumnTrait, ConnectOptions, ConnectionTrait, Database, DatabaseConnection, EntityTrait, QueryFilter, QueryOrder,
    Statement,
};
use std::time::{Duration, Instant};
use tempfile::TempDir;

struct Shelf {
    store: Store,
    known: Known,
    room: RoomId,
    folder: TempDir,
}

impl Shelf {
    async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = StoreUrl::Sqlite(folder.path().join("a name with % ? # and space.db"));
        let known = Known::default();
        let store = Store::open(&url, false, (Hub::default(), known.clone()), Clock::fake(1_000)).await.unwrap();
        let words = RoomWords::parse("hall", "Hall", "", Visibility::Public).unwrap();
        let room = store
            .write(move |tx| Box::pin(async move { Ok(rooms::create_room(tx.db(), words, 1, tx.now()).await?.id) }))
            .await
            .unwrap();
        Self { store, known, room: RoomId(room), folder }
    }

    async fn record(&self, number: i64, end: End) -> Result<i64> {
        let room = self.room;
        let job = self.store.write_in(room, move |tx| {
            Box::pin(async move {
                let left = What::Left { person: PersonId(number) };
                let seq = tx.record(room, left).await?.seq;
                match end {
                    End::Well => Ok(seq),
                    End::Refused => Err(Problem::Gone.into()),
                    End::Broken => Ok(tx.db().execute_unprepared("SELECT nonsense").await.map(|_| seq)?),
                    End::Panic => panic!("on purpose"),
                }
            })
        });
        job.await
    }

    /// As another process is connected.
    async fn other(&self) -> DatabaseConnection {
        let path = self.folder.path().join("a name with % ? # and space.db");
        let mut options = ConnectOptions::new("sqlite::memory:");
        options
            .max_connections(1)
            .map_sqlx_sqlite_opts(move |o| o.filename(&path).in_memory(false).shared_cache(false));
        Database::connect(options).await.unwrap()
    }

    /// Writes for so many seconds, and says for how long ana was known meanwhile.
    async fn known_for(&self, seconds: f64) -> f64 {
        let began = Instant::now();
        while began.elapsed().as_secs_f64() < seconds {
            self.record(1, End::Well).await.unwrap();
            if self.known.standing(self.room, PersonId(7)).is_none() {
                return began.elapsed().as_secs_f64();
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        seconds
    }

    async fn events(&self) -> Vec<(i64, String)> {
        let rows = event::Entity::find()
            .filter(event::Column::RoomId.eq(self.room.0))
            .order_by_asc(event::Column::Seq)
            .all(self.store.read())
            .await
            .unwrap();
        rows.into_iter().map(|row| (row.seq, row.body)).collect()
    }
}

#[derive(Clone, Copy)]
enum End {
    Well,
    Refused,
    Broken,
    Panic,
}

async fn pragma(db: &impl ConnectionTrait, name: &str) -> String {
    let ask = Statement::from_string(db.get_database_backend(), format!("PRAGMA {name}"));
    let row = db.query_one_raw(ask).await.unwrap().unwrap();
    row.try_get_by::<i64, _>(0).map(|n| n.to_string()).or_else(|_| row.try_get_by(0)).unwrap()
}

#[tokio::test]
async fn sqlite_keeps_what_it_says() {
    let shelf = Shelf::new().await;
    let wanted = [("journal_mode", "wal"), ("synchronous", "2"), ("foreign_keys", "1"), ("busy_timeout", "5000")];
    for (name, value) in wanted {
        assert_eq!(pragma(shelf.store.read(), name).await, value, "{name} of a reader");
    }
    for (name, value) in wanted {
        let found = shelf.store.write(move |tx| Box::pin(async move { Ok(pragma(tx.db(), name).await) })).await;
        assert_eq!(found.unwrap(), value, "{name} of the writer");
    }
}

#[tokio::test]
async fn a_job_that_fails_does_not_hurt_its_neighbours() {
    let shelf = Shelf::new().await;
    let ends = (0..40).map(|i| match i {
        5 | 6 => End::Refused,
        11 => End::Broken,
        17 => End::Panic,
        _ => End::Well,
    });
    // One thread: all of them are queued before the writer runs, and so share a group.
    let jobs = ends.enumerate().map(|(i, end)| shelf.record(i as i64, end));
    let results = futures::future::join_all(jobs).await;
    for (i, result) in results.iter().enumerate() {
        match (i, result) {
            (5 | 6, Err(Error::Problem(Problem::Gone))) | (11, Err(Error::Database(_))) => {}
            (17, Err(Error::Panicked)) => {}
            (_, result) => assert!(!matches!(i, 5 | 6 | 11 | 17) && result.is_ok(), "{i}: {result:?}"),
        }
    }
    let events = shelf.events().await;
    assert!(events.iter().map(|(seq, _)| *seq).eq(1..=36), "no gaps: {events:?}");
    let told: Vec<i64> = results.into_iter().filter_map(Result::ok).collect();
    assert!(told.into_iter().eq(1..=36), "in the order of asking");
    assert!(!events.iter().any(|(_, body)| body.contains("\"person\":17}")), "{events:?}");
}

#[tokio::test]
async fn fifty_writers_at_once_leave_no_gap() {
    let shelf = Shelf::new().await;
    let mut told: Vec<i64> = Vec::new();
    for round in 0..4 {
        let jobs = (0..50).map(|i| {
            let (store, room) = (shelf.store.clone(), shelf.room);
            tokio::spawn(async move {
                let what = What::Left { person: PersonId(round * 50 + i) };
                store.write_in(room, move |tx| Box::pin(async move { Ok(tx.record(room, what).await?.seq) })).await
            })
        });
        told.extend(futures::future::join_all(jobs).await.into_iter().map(|done| done.unwrap().unwrap()));
    }
    told.sort_unstable();
    assert!(told.into_iter().eq(1..=200));
    assert!(shelf.events().await.into_iter().map(|(seq, _)| seq).eq(1..=200));
    let row = room::Entity::find_by_id(shelf.room.0).one(shelf.store.read()).await.unwrap().unwrap();
    assert_eq!((row.last_seq, row.last_at), (200, 1_000));
}

#[tokio::test]
async fn one_read_sees_one_state() {
    let shelf = Shelf::new().await;
    shelf.record(1, End::Well).await.unwrap();
    let (store, room) = (shelf.store.clone(), shelf.room);
    let seen = shelf.store.read_at_once(move |db| {
        Box::pin(async move {
            let before = rooms::find_room(db, room).await?.map(|row| row.last_seq);
            // Somebody writes in between.
            let what = What::Left { person: PersonId(2) };
            store.write_in(room, move |tx| Box::pin(async move { tx.record(room, what).await })).await?;
            let after = rooms::find_room(db, room).await?.map(|row| row.last_seq);
            Ok((before, after))
        })
    });
    assert_eq!(seen.await.unwrap(), (Some(1), Some(1)));
    assert_eq!(shelf.events().await.len(), 2);
}

#[tokio::test]
async fn a_store_that_another_process_holds_is_unavailable_and_heals() {
    let shelf = Shelf::new().await;
    let file = std::fs::read_dir(shelf.folder.path()).unwrap().next().unwrap().unwrap();
    assert!(file.file_name().to_string_lossy().starts_with("a name with"));
    let other = shelf.other().await;
    other.execute_unprepared("BEGIN IMMEDIATE").await.unwrap();
    let refused = shelf.record(1, End::Well).await.unwrap_err();
    assert_eq!(refused.into_problem(), Problem::Unavailable);
    assert!(shelf.events().await.is_empty(), "reading goes on meanwhile");
    other.execute_unprepared("ROLLBACK").await.unwrap();
    assert_eq!(shelf.record(2, End::Well).await.unwrap(), 1);
}

#[tokio::test]
async fn what_is_known_stays_known_until_somebody_else_writes() {
    let shelf = Shelf::new().await;
    // The first look only learns where the store is.
    shelf.known_for(0.1).await;
    shelf.known.put_standing(shelf.room, PersonId(7), Footing::default(), shelf.known.generation());
    assert_eq!(shelf.known_for(4.0).await, 4.0, "longer than without a look");
    shelf.other().await.execute_unprepared("UPDATE room SET title = 'Other'").await.unwrap();
    let noticed = shelf.known_for(3.0).await;
    assert!(noticed < 2.0, "after {noticed} s");
}

#[tokio::test]
async fn what_was_changed_is_forgotten_though_nobody_waits_for_it_any_more() {
    let shelf = Shelf::new().await;
    shelf.known_for(0.1).await;
    let (room, person) = (shelf.room, PersonId(7));
    shelf.known.put_standing(room, person, Footing::default(), shelf.known.generation());
    let write = shelf.store.write(move |tx| {
        tx.changes(Changed::Standing(room, person));
        Box::pin(async { Ok(()) })
    });
    assert!(write.now_or_never().is_none(), "asked for, and given up");
    shelf.record(1, End::Well).await.unwrap();
    assert_eq!(shelf.known.standing(room, person), None);
}

#[tokio::test]
async fn a_closed_store_finishes_what_was_asked_and_takes_no_more() {
    let shelf = Shelf::new().await;
    let asked = (0..20).map(|i| shelf.record(i, End::Well));
    let (results, ()) = futures::future::join(futures::future::join_all(asked), shelf.store.close()).await;
    assert!(results.into_iter().filter_map(Result::ok).eq(1..=20));
    assert_eq!(shelf.record(1, End::Well).await.unwrap_err().into_problem(), Problem::Unavailable);
    let wal = shelf.folder.path().join("a name with % ? # and space.db-wal");
    assert!(!wal.exists() || wal.metadata().unwrap().len() == 0, "the file alone is the whole store");
}

#[tokio::test]
async fn the_log_is_moved_while_somebody_writes() {
    let shelf = Shelf::new().await;
    let file = shelf.folder.path().join("a name with % ? # and space.db");
    let size = || file.metadata().unwrap().len();
    let before = size();
    // Each of them counts as two pages at least.
    for _ in 0..8 {
        let jobs = (0..ENOUGH as i64 / 16).map(|i| shelf.record(i, End::Well));
        assert!(futures::future::join_all(jobs).await.iter().all(Result::is_ok));
    }
    let grew = async {
        while size() < before + 50_000 {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(10), grew).await.unwrap();
}

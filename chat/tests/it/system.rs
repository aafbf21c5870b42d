//! What administrators are told of the machine.

use crate::town::Town;
use chat::StoreKind;
use domain::room::Visibility;
use std::time::Duration;

#[tokio::test]
async fn administrators_see_how_it_is_doing() {
    let town = Town::new().await;
    let (_, admin) = town.admin("root").await;
    let ana = town.person("ana").await;
    let hall = town.room("hall", Visibility::Public, &ana).await;
    let before = town.chat.system(&admin).await.unwrap();
    let kind = if town.has_one_server() { StoreKind::Sqlite } else { StoreKind::Postgres };
    assert_eq!((before.store, before.size.log.is_some()), (kind, town.has_one_server()));
    assert!(before.size.data + before.size.log.unwrap_or_default() > 10_000, "{:?}", before.size);
    assert!(before.disk_left.unwrap() > 0);
    assert_eq!((before.connections, before.listeners, before.delivered.count), (0, 0, 0));
    assert_eq!(before.last_backup, None);

    let (out, _in) = town.chat.hub().connect(None);
    town.chat.listen(town.chat.reader(None, hall.id).await.unwrap(), &out, None).await.unwrap();
    town.say(&ana, hall.id, 5).await;
    town.clock.advance(5_000);
    let file = town.data().parent().unwrap().join(format!("copy-{:x}.tar", rand::random::<u64>()));
    town.backup(&file).await.unwrap();
    let last = async {
        loop {
            // Delivering is a task of its own.
            let state = town.chat.system(&admin).await.unwrap();
            if state.delivered.count > 0 {
                return state;
            }
            tokio::task::yield_now().await;
        }
    };
    let now = tokio::time::timeout(Duration::from_secs(10), last).await.unwrap();
    assert_eq!((now.connections, now.listeners, now.up_ms), (1, 1, before.up_ms + 5_000));
    assert!(now.delivered.p50 <= now.delivered.p99 && now.delivered.p99 < Duration::from_secs(10));
    let last = now.last_backup.unwrap();
    assert_eq!((last.at, last.faults), (town.chat.now(), 0));
    assert_eq!(last.bytes, file.metadata().unwrap().len());
    assert!(!last.file.contains('/'), "no path of the machine");
    std::fs::remove_file(file).unwrap();

    std::fs::write(town.data().join("last-backup.json"), "nonsense").unwrap();
    assert_eq!(town.chat.system(&admin).await.unwrap().last_backup, None);
}

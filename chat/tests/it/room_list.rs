//! All rooms as administrators see them, and the end of one.

use crate::town::{Town, problem, words};
use chat::hub::Take;
use chat::{Problem, RoomsOrder, RoomsQuery, Rule, Thing};
use domain::gate::{GateRule, Opening, Phase};
use domain::live::Frame;
use domain::member::Role;
use domain::room::Visibility;
use sea_orm::{ConnectionTrait, DbBackend, Statement};
use std::time::Duration;

#[tokio::test]
async fn administrators_find_rooms() {
    let town = Town::new().await;
    let (_, admin) = town.admin("root").await;
    let (ana, bo) = (town.person("ana").await, town.person("bo").await);
    let hall = town.room("hall", Visibility::Public, &ana).await;
    let den = town.room("den", Visibility::Private, &ana).await;
    town.chat.enter(&bo, hall.id).await.unwrap();
    let host = town.chat.host(Some(&ana), den.id).await.unwrap();
    town.chat.change_gate(&host, GateRule { opening: Opening::Never, ..GateRule::default() }).await.unwrap();
    town.chat.archive_room(&host, true).await.unwrap();
    let find = async |query: RoomsQuery| town.chat.rooms_page(&admin, &query).await.unwrap().lines;
    let all = find(RoomsQuery::default()).await;
    let seen: Vec<(&str, u64, Phase)> =
        all.iter().map(|entry| (&*entry.room.slug, entry.members, entry.phase)).collect();
    assert_eq!(seen, [("den", 1, Phase::Closed), ("hall", 2, Phase::Live)]);
    for (query, slugs) in [
        (RoomsQuery { words: "ROOM H".into(), ..RoomsQuery::default() }, vec!["hall"]),
        (RoomsQuery { words: "%".into(), ..RoomsQuery::default() }, vec![]),
        (RoomsQuery { visibility: Some(Visibility::Private), ..RoomsQuery::default() }, vec!["den"]),
        (RoomsQuery { archived: Some(false), ..RoomsQuery::default() }, vec!["hall"]),
        (RoomsQuery { descending: true, ..RoomsQuery::default() }, vec!["hall", "den"]),
    ] {
        let found: Vec<String> = find(query.clone()).await.into_iter().map(|entry| entry.room.slug).collect();
        assert_eq!(found, slugs, "{query:?}");
    }
}

#[tokio::test]
async fn every_order_shows_every_room_once_page_by_page() {
    let town = Town::new().await;
    let (_, admin) = town.admin("root").await;
    for n in 0..101 {
        town.clock.advance(i64::from(n % 4 == 0));
        let words =
            domain::room::RoomWords { title: format!("Room {}", n % 7), ..words(&format!("r{n}"), Visibility::Open) };
        town.chat.create_room(&admin, words, None).await.unwrap();
    }
    for order in [RoomsOrder::Title, RoomsOrder::Active, RoomsOrder::Since] {
        for descending in [false, true] {
            let mut query = RoomsQuery { order, descending, ..RoomsQuery::default() };
            let mut slugs = std::collections::BTreeSet::new();
            let mut count = 0;
            loop {
                let page = town.chat.rooms_page(&admin, &query).await.unwrap();
                count += page.lines.len();
                slugs.extend(page.lines.into_iter().map(|entry| entry.room.slug));
                query.after = page.next;
                if query.after.is_none() {
                    break;
                }
            }
            assert_eq!((count, slugs.len()), (101, 101), "{order:?} {descending}");
        }
    }
}

#[tokio::test]
async fn a_room_that_is_removed_is_gone_for_everybody_and_leaves_nothing() {
    let town = Town::new().await;
    let (root, admin) = town.admin("root").await;
    let (ana, bo) = (town.person("ana").await, town.person("bo").await);
    let hall = town.room("hall", Visibility::Public, &ana).await;
    let stays = town.room("stays", Visibility::Public, &ana).await;
    town.chat.enter(&bo, hall.id).await.unwrap();
    town.say(&bo, hall.id, 3).await;
    town.say(&bo, stays.id, 2).await;
    let host = town.chat.host(Some(&ana), hall.id).await.unwrap();
    let link = town.chat.create_room_invite(&host, 5, None).await.unwrap();
    let writer = town.chat.writer(Some(&bo), hall.id).await.unwrap();
    let (out, mut heard) = town.chat.hub().connect(Some(bo.clone()));
    town.chat.listen(town.chat.reader(Some(&bo), hall.id).await.unwrap(), &out, None).await.unwrap();

    for wrong in ["", "hall", "room hall", "Room stays"] {
        let refused = problem(town.chat.remove_room(&admin, hall.id, wrong).await);
        assert_eq!(refused, Problem::invalid("room_name", Rule::Shape), "{wrong:?}");
    }
    town.chat.remove_room(&admin, hall.id, " Room hall ").await.unwrap();

    let hidden = Problem::not_found(Thing::Room);
    for who in [None, Some(&bo), Some(&ana), Some(&root)] {
        assert_eq!(problem(town.chat.reader(who, hall.id).await), hidden);
        assert_eq!(problem(town.chat.reader_by_slug(who, "hall").await), hidden);
        assert_eq!(town.chat.rooms(who).await.unwrap().len(), 1);
    }
    let id = domain::ClientId::parse("late").unwrap();
    assert_eq!(problem(town.chat.post(&writer, &id, "too late").await), hidden);
    assert_eq!(problem(town.chat.add_member(&host, root.person.id, Role::Member).await), hidden);
    assert_eq!(problem(town.chat.invitation(None, &link).await), Problem::Gone);
    assert_eq!(problem(town.chat.remove_room(&admin, hall.id, "Room hall").await), hidden);
    let mut frames = Vec::new();
    while let Ok(Take::Frames(more)) = tokio::time::timeout(Duration::from_millis(100), heard.next()).await {
        let texts = more.iter().flat_map(|bytes| chat::hub::texts(bytes)).map(|text| text.to_vec());
        frames.extend(texts.map(|text| serde_json::from_slice::<Frame>(&text).unwrap()));
    }
    assert!(frames.contains(&Frame::Gone { room: hall.id, problem: hidden }), "{frames:?}");

    assert_eq!(rows_of(&town, hall.id.0).await, Vec::<String>::new());
    assert!(!rows_of(&town, stays.id.0).await.is_empty());
    town.room("hall", Visibility::Open, &bo).await;
    assert_eq!(town.examine().await.damages, 0);
}

/// The tables that still name a room: all that have a column for it, whoever added them.
async fn rows_of(town: &Town, room: i64) -> Vec<String> {
    let db = town.db().await;
    let backend = db.get_database_backend();
    let list = match backend {
        DbBackend::Postgres => {
            "SELECT table_name FROM information_schema.columns WHERE column_name = 'room_id' AND table_schema = 'public'"
        }
        _ => {
            "SELECT m.name FROM sqlite_master m JOIN pragma_table_info(m.name) c ON c.name = 'room_id' WHERE m.type = 'table'"
        }
    };
    let mut named = Vec::new();
    for table in db.query_all_raw(Statement::from_string(backend, list)).await.unwrap() {
        let table: String = table.try_get_by_index(0).unwrap();
        let any = format!("SELECT 1 FROM {table} WHERE room_id = {room} LIMIT 1");
        if db.query_one_raw(Statement::from_string(backend, any)).await.unwrap().is_some() {
            named.push(table);
        }
    }
    db.close().await.unwrap();
    named
}

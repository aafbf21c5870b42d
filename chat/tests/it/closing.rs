//! What is left of somebody who closed their account: what they said and hung, and nowhere their name.

use crate::messages::client_id;
use crate::moderation::Stage;
use crate::town::{PASSWORD, Town};
use chat::Who;
use domain::moderation::Policy;
use domain::room::Visibility;
use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, Statement};

/// What people may have typed of somebody, and what finds it, stays as it was typed. SQLite's index cannot be
/// read by rows.
const TYPED: [&str; 2] = ["message.text", "search_message.words"];
/// What keeps a number of somebody who is nameless now: what they said, hung and did, and what others do
/// about it.
const KEPT: [&str; 7] = [
    "account.person_id",
    "audit.by_id",
    "audit.person_id",
    "contact.other_id",
    "contact.person_id",
    "message.author_id",
    "picture.by_id",
];

async fn columns(db: &DatabaseConnection) -> Vec<(String, String)> {
    let sql = match db.get_database_backend() {
        DbBackend::Postgres => {
            "SELECT table_name::text, column_name::text FROM information_schema.columns \
             WHERE table_schema = current_schema()"
        }
        _ => "SELECT m.name, c.name FROM sqlite_master m JOIN pragma_table_info(m.name) c WHERE m.type = 'table'",
    };
    let rows = db.query_all_raw(Statement::from_string(db.get_database_backend(), sql)).await.unwrap();
    rows.iter().map(|row| (row.try_get_by_index(0).unwrap(), row.try_get_by_index(1).unwrap())).collect()
}

/// The columns in which a condition holds somewhere.
async fn found(town: &Town, which: impl Fn(&str) -> Option<String>) -> Vec<String> {
    let db = town.db().await;
    let mut found = Vec::new();
    for (table, column) in columns(&db).await {
        let Some(condition) = which(&column) else { continue };
        let sql = format!("SELECT COUNT(*) FROM {table} WHERE {condition}");
        // Some tables of the search are not there to be read by rows.
        let Ok(Some(row)) = db.query_one_raw(Statement::from_string(db.get_database_backend(), sql)).await else {
            continue;
        };
        if row.try_get_by_index::<i64>(0).unwrap() > 0 {
            found.push(format!("{table}.{column}"));
        }
    }
    found.sort();
    found
}

async fn names_in(town: &Town, name: &str) -> Vec<String> {
    let mut found = found(town, |column| Some(format!("CAST(\"{column}\" AS TEXT) LIKE '%{name}%'"))).await;
    found.retain(|column| !TYPED.contains(&column.as_str()));
    found
}

async fn lived(stage: &Stage) -> Who {
    let town = &stage.town;
    let gone = town.person("zephyrine").await;
    town.chat.change_display(&gone, "Zephyrine Quill").await.unwrap();
    let gone = town.chat.sign_in("zephyrine", PASSWORD, &crate::town::visit()).await.unwrap().who;
    town.chat.enter(&gone, stage.room.id).await.unwrap();
    let said = stage.say(&gone, "1", "my words").await.unwrap().message;
    let other = stage.say(&stage.bo, "2", "listen, **@zephyrine**").await.unwrap().message;
    stage.react(&gone, other.id, "👍", true).await.unwrap();
    stage.react(&stage.cy, other.id, "👍", true).await.unwrap();
    stage.hide(&gone, other.id, true).await.unwrap();
    let taken = stage.say(&gone, "3", "taken back").await.unwrap().message;
    let reader = town.chat.reader(Some(&gone), stage.room.id).await.unwrap();
    town.chat.recall(&reader, taken.id).await.unwrap();
    // Their words elsewhere, and from there elsewhere again.
    let (bo, hall) = (&stage.bo, stage.room.id);
    let (mut from, mut id) = (hall, said.id);
    for name in ["den", "attic"] {
        let next = town.room(name, Visibility::Private, bo).await;
        let reader = town.chat.reader(Some(bo), from).await.unwrap();
        let writer = town.chat.writer(Some(bo), next.id).await.unwrap();
        id = town.chat.forward(&reader, id, &writer, &client_id(name)).await.unwrap().message.id;
        from = next.id;
    }
    town.chat.block(&gone, stage.cy.person.id).await.unwrap();
    town.chat.block(&stage.cy, gone.person.id).await.unwrap();
    town.chat.keep_draft(&reader, "half a word").await.unwrap();
    town.chat
        .change_privacy(&gone, domain::contact::Privacy { presence: true, receipts: true, listed: false })
        .await
        .unwrap();
    town.chat.change_notice_rule(&gone, domain::push::NoticeRule { hides: true, ..Default::default() }).await.unwrap();
    stage.policy(Policy { holds: true, ..Policy::default() }).await;
    assert!(stage.say(&gone, "4", "waits").await.is_err());
    gone
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_left_but_nameless_words() {
    let stage = Stage::new().await;
    let gone = lived(&stage).await;
    let named = names_in(&stage.town, "Zephyrine Quill").await;
    for column in ["event.body", "message.spans", "person.display"] {
        assert!(named.contains(&column.to_owned()), "{column} of {named:?}");
    }
    stage.town.chat.close_account(&gone, PASSWORD).await.unwrap();

    for name in ["Zephyrine", "zephyrine"] {
        assert_eq!(names_in(&stage.town, name).await, Vec::<String>::new());
    }
    let id = gone.person.id;
    let is_person = |column: &str| column.ends_with("_id") || column.ends_with("_by");
    let about = ["person_id", "blocked_id", "author_id", "by_id", "other_id", "about_id", "created_by"];
    let left = found(&stage.town, |column| {
        (is_person(column) && about.contains(&column)).then(|| format!("\"{column}\" = {id}"))
    })
    .await;
    assert!(left.iter().all(|column| KEPT.contains(&column.as_str())), "{left:?}");
    assert!(left.contains(&"message.author_id".to_owned()));

    // Others' reactions are counted right, and rooms are read as before.
    let reader = stage.town.chat.reader(Some(&stage.cy), stage.room.id).await.unwrap();
    let messages = stage.town.chat.history(&reader, None).await.unwrap().messages;
    let reacted: Vec<u32> = messages.iter().flat_map(|message| &message.reactions).map(|one| one.count).collect();
    assert_eq!(reacted, [1]);
    let lines: Vec<String> = messages.iter().map(|message| domain::span::plain(&message.spans)).collect();
    assert!(lines.iter().any(|line| line == "my words"), "{lines:?}");
    assert!(lines.iter().any(|line| line.contains(&format!("@#{id}"))), "{lines:?}");
    stage.town.chat.close().await;
    assert_eq!(stage.town.examine().await.findings, vec![]);
}

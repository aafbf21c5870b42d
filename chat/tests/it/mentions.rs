//! Who is mentioned, and whose name is offered.

use crate::moderation::Stage;
use crate::town::{Town, problem};
use chat::Problem;
use domain::member::Role;
use domain::span::Span;
use sea_orm::{ConnectionTrait, Statement};

/// Place and name of everybody who is mentioned anywhere.
pub async fn mentioned(town: &Town) -> Vec<(i64, String)> {
    let db = town.db().await;
    let sql = "SELECT n.seq, p.name FROM mention n JOIN person p ON p.id = n.person_id ORDER BY n.seq, p.name";
    let rows = db.query_all_raw(Statement::from_string(db.get_database_backend(), sql)).await.unwrap();
    let found = rows.iter().map(|row| (row.try_get_by_index(0).unwrap(), row.try_get_by_index(1).unwrap())).collect();
    db.close().await.unwrap();
    found
}

#[tokio::test(flavor = "multi_thread")]
async fn mentions_are_kept_with_the_message_and_go_with_it() {
    let stage = Stage::new().await;
    let (town, chat) = (&stage.town, &stage.town.chat);
    chat.enter(&stage.cy, stage.room.id).await.unwrap();
    let said = stage.say(&stage.bo, "1", "@ana and *@cy*, not @bo or @nobody; @cy").await.unwrap().message;
    assert_eq!(mentioned(town).await, [(said.seq, "ana".to_owned()), (said.seq, "cy".to_owned())]);
    stage.edit(&stage.bo, said.id, "only @cy").await.unwrap();
    assert_eq!(mentioned(town).await, [(said.seq, "cy".to_owned())]);
    chat.recall(&chat.reader(Some(&stage.bo), stage.room.id).await.unwrap(), said.id).await.unwrap();
    assert_eq!(mentioned(town).await, []);
}

#[tokio::test(flavor = "multi_thread")]
async fn only_hosts_mean_everybody() {
    let stage = Stage::new().await;
    stage.town.chat.enter(&stage.cy, stage.room.id).await.unwrap();
    let by_bo = stage.say(&stage.bo, "1", "@all listen").await.unwrap().message;
    assert_eq!(by_bo.spans, [Span::Text("@all listen".into())]);
    assert_eq!(mentioned(&stage.town).await, []);
    for (id, text) in [("2", "@ALL listen"), ("3", "@所有人请看")] {
        let by_ana = stage.say(&stage.ana, id, text).await.unwrap().message;
        assert_eq!(by_ana.spans[0], Span::Everyone, "{text}");
        let names: Vec<_> = mentioned(&stage.town).await.into_iter().filter(|(seq, _)| *seq == by_ana.seq).collect();
        assert_eq!(names, [(by_ana.seq, "bo".to_owned()), (by_ana.seq, "cy".to_owned())]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn names_are_offered_as_they_are_typed() {
    let stage = Stage::new().await;
    let (town, chat, room) = (&stage.town, &stage.town.chat, stage.room.id);
    for name in ["张三", "zhao", "李四", "outside"] {
        let who = town.person(name).await;
        if name != "outside" {
            chat.enter(&who, room).await.unwrap();
        }
    }
    let offered = async |who, typed: &str| -> Vec<String> {
        let found = chat.mentionable_people(&chat.reader(who, room).await.unwrap(), typed).await.unwrap();
        found.people.into_iter().map(|person| person.name).collect()
    };
    let bo = Some(&stage.bo);
    assert_eq!(offered(bo, "zh").await, ["张三", "zhao"]);
    assert_eq!(offered(bo, "zs").await, ["张三"]);
    assert_eq!(offered(bo, "LISI").await, ["李四"]);
    assert_eq!(offered(bo, "").await, ["ana", "张三", "zhao", "李四"], "not oneself");
    assert_eq!(offered(bo, "out").await, [""; 0], "only members");
    // Those first who said something last.
    let zhao = chat.sign_in("zhao", crate::town::PASSWORD, &crate::town::visit()).await.unwrap().who;
    stage.say(&zhao, "1", "hi").await.unwrap();
    assert_eq!(offered(bo, "zh").await, ["zhao", "张三"]);
    let everyone = async |who, typed: &str| {
        chat.mentionable_people(&chat.reader(who, room).await.unwrap(), typed).await.unwrap().everyone
    };
    assert_eq!((everyone(Some(&stage.ana), "al").await, everyone(Some(&stage.ana), "所").await), (Some(4), Some(4)));
    assert_eq!((everyone(bo, "al").await, everyone(Some(&stage.ana), "x").await), (None, None));
    chat.add_member(&stage.host().await, stage.bo.person.id, Role::Host).await.unwrap();
    assert_eq!(everyone(bo, "all").await, Some(4));
    let guest = chat.reader(None, room).await.unwrap();
    assert_eq!(problem(chat.mentionable_people(&guest, "a").await), Problem::SignInNeeded);
}

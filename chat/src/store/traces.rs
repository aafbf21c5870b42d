//! What somebody leaves behind besides what they said and hung: it goes with their account.

use super::entities::{block, draft, event, hidden, message, notice_rule, privacy, reaction, restriction};
use super::reactions::count_anew;
use super::rows::{self, json};
use super::uploads::At;
use super::{DbErr, held, join_requests};
use domain::person::Person;
use domain::span::Span;
use domain::{MessageId, PersonId, RoomId};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect};
use serde_json::Value;
use std::collections::HashSet;

type Found<T> = Result<T, DbErr>;

/// Removes what a person chose, hid, blocked, drafted, reacted, asked and waited to say. Where files are that
/// nothing refers to any more.
pub async fn remove_own(db: &impl ConnectionTrait, id: PersonId) -> Found<Vec<At>> {
    let id = id.0;
    hidden::Entity::delete_many().filter(hidden::Column::PersonId.eq(id)).exec(db).await?;
    let either = Condition::any().add(block::Column::PersonId.eq(id)).add(block::Column::BlockedId.eq(id));
    block::Entity::delete_many().filter(either).exec(db).await?;
    draft::Entity::delete_many().filter(draft::Column::PersonId.eq(id)).exec(db).await?;
    notice_rule::Entity::delete_many().filter(notice_rule::Column::PersonId.eq(id)).exec(db).await?;
    privacy::Entity::delete_many().filter(privacy::Column::PersonId.eq(id)).exec(db).await?;
    restriction::Entity::delete_many().filter(restriction::Column::PersonId.eq(id)).exec(db).await?;
    remove_reactions(db, id).await?;
    let words =
        format!("DELETE FROM original WHERE message_id IN (SELECT m.id FROM message m WHERE m.author_id = {id})");
    db.execute_unprepared(&words).await?;
    join_requests::remove_of(db, PersonId(id)).await?;
    held::remove_held_of(db, PersonId(id)).await
}

/// The counts under the messages are made anew.
async fn remove_reactions(db: &impl ConnectionTrait, person: i64) -> Found<()> {
    let own = reaction::Column::PersonId.eq(person);
    let to = reaction::Entity::find().select_only().column(reaction::Column::MessageId).filter(own.clone());
    let messages: HashSet<i64> = to.into_tuple().all(db).await?.into_iter().collect();
    reaction::Entity::delete_many().filter(own).exec(db).await?;
    for message in messages {
        count_anew(db, MessageId(message)).await?;
    }
    Ok(())
}

/// Puts another name in the place of a person's wherever it was kept: in messages that mention them, that
/// are their words elsewhere, or that they took back, and in the histories of rooms. `was`: as they were
/// called. What others typed about them stays as it was typed.
pub async fn change_name(db: &impl ConnectionTrait, was: &Person, now: &Person) -> Found<()> {
    for (id, text) in list_naming(db, was.id).await? {
        let mut spans: Vec<Span> = serde_json::from_str(&text).map_err(json)?;
        rename(&mut spans, was, now);
        let changed = serde_json::to_string(&spans).map_err(json)?;
        if changed != text {
            message::Entity::update_many()
                .col_expr(message::Column::Spans, Expr::value(changed))
                .filter(message::Column::Id.eq(id))
                .exec(db)
                .await?;
        }
    }
    db.execute_unprepared(&format!("DELETE FROM mention WHERE person_id = {}", was.id)).await?;
    change_histories(db, was, now).await
}

/// The spans of messages that may name somebody.
async fn list_naming(db: &impl ConnectionTrait, id: PersonId) -> Found<Vec<(i64, String)>> {
    // What was forwarded is still theirs when it is forwarded again.
    let query = format!(
        "WITH RECURSIVE elsewhere(id) AS (\
         SELECT m.id FROM message m JOIN message o ON o.id = m.origin WHERE o.author_id = {id} UNION \
         SELECT m.id FROM message m JOIN elsewhere e ON m.origin = e.id) \
         SELECT m.id, m.spans FROM message m JOIN elsewhere e ON e.id = m.id UNION \
         SELECT m.id, m.spans FROM message m JOIN mention n ON n.room_id = m.room_id AND n.seq = m.seq \
         WHERE n.person_id = {id} UNION \
         SELECT m.id, m.spans FROM message m WHERE m.author_id = {id} AND m.spans LIKE '%\"recalled\":%'"
    );
    rows::list(db, &["id", "spans"], &query, []).await
}

fn rename(spans: &mut [Span], was: &Person, now: &Person) {
    for span in spans {
        match span {
            Span::Mention { person, name } if *person == was.id => *name = now.name.clone(),
            Span::Forwarded { name, .. } | Span::Recalled { name } if *name == was.display => {
                *name = now.display.clone();
            }
            Span::Strong(inner) | Span::Emphasis(inner) => rename(inner, was, now),
            Span::Mention { .. }
            | Span::Forwarded { .. }
            | Span::Recalled { .. }
            | Span::Text(_)
            | Span::Break
            | Span::Link { .. }
            | Span::Everyone
            | Span::Code(_)
            | Span::Block(_) => {}
        }
    }
}

/// Events that tell of the person, such as that they came; and that their messages were taken back.
async fn change_histories(db: &impl ConnectionTrait, was: &Person, now: &Person) -> Found<()> {
    let query = format!(
        "SELECT e.room_id, e.seq, e.body FROM event e WHERE e.body LIKE '%\"id\":{},\"name\":%' \
         OR e.body LIKE '{{\"recalled\":%'",
        was.id
    );
    let found: Vec<(i64, i64, String)> = rows::list(db, &["room_id", "seq", "body"], &query, []).await?;
    let own = own_recalled(db, was.id).await?;
    for (room, seq, text) in found {
        let mut body: Value = serde_json::from_str(&text).map_err(json)?;
        rename_in(&mut body, was, now);
        rename_recalled(&mut body, was, now, &own);
        let changed = body.to_string();
        if serde_json::from_str::<Value>(&text).map_err(json)? != body {
            event::Entity::update_many()
                .col_expr(event::Column::Body, Expr::value(changed))
                .filter(event::Column::RoomId.eq(RoomId(room).0))
                .filter(event::Column::Seq.eq(seq))
                .exec(db)
                .await?;
        }
    }
    Ok(())
}

async fn own_recalled(db: &impl ConnectionTrait, id: PersonId) -> Found<HashSet<i64>> {
    let query = format!("SELECT m.id FROM message m WHERE m.author_id = {id} AND m.spans LIKE '%\"recalled\":%'");
    let found: Vec<(i64,)> = rows::list(db, &["id"], &query, []).await?;
    Ok(found.into_iter().map(|(id,)| id).collect())
}

/// Every person in it by this number, however deep.
fn rename_in(value: &mut Value, was: &Person, now: &Person) {
    match value {
        Value::Object(fields) => {
            if fields.get("id") == Some(&was.id.0.into()) && fields.contains_key("display") {
                fields.insert("name".into(), now.name.clone().into());
                fields.insert("display".into(), now.display.clone().into());
                fields.remove("portrait");
            }
            fields.values_mut().for_each(|value| rename_in(value, was, now));
        }
        Value::Array(values) => values.iter_mut().for_each(|value| rename_in(value, was, now)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

fn rename_recalled(body: &mut Value, was: &Person, now: &Person, own: &HashSet<i64>) {
    let Some(recalled) = body.get_mut("recalled").and_then(Value::as_object_mut) else { return };
    let is_own = |ids: &Value| {
        ids.as_array().is_some_and(|ids| ids.iter().filter_map(Value::as_i64).any(|id| own.contains(&id)))
    };
    if recalled.get("messages").is_some_and(is_own) && recalled.get("name") == Some(&was.display.clone().into()) {
        recalled.insert("name".into(), now.display.clone().into());
    }
}

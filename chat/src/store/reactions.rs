//! Queries about who reacted to what. Every message has its counts in its own row, so that reading
//! a room costs no more for them.

use super::DbErr;
use super::entities::{message, person, reaction};
use super::rows::{self, json};
use domain::person::Person;
use domain::reaction::Reaction;
use domain::{MessageId, PersonId};
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{
    ActiveValue::{NotSet, Set},
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
};
use std::collections::HashSet;

type Found<T> = Result<T, DbErr>;

/// How a message's row holds its counts.
pub fn counts_of(column: Option<&str>) -> Found<Vec<Reaction>> {
    let counts: Vec<(String, u32)> = column.map_or(Ok(Vec::new()), serde_json::from_str).map_err(json)?;
    Ok(counts.into_iter().map(|(emoji, count)| Reaction { emoji, count, mine: false }).collect())
}

/// `false` if it was there.
pub async fn create_reaction(
    db: &impl ConnectionTrait,
    message: MessageId,
    person: PersonId,
    emoji: &str,
    at: i64,
) -> Found<bool> {
    use reaction::Column::{Emoji, MessageId, PersonId};
    let row = reaction::ActiveModel {
        id: NotSet,
        message_id: Set(message.0),
        person_id: Set(person.0),
        emoji: Set(emoji.to_owned()),
        at: Set(at),
    };
    let once = OnConflict::columns([MessageId, PersonId, Emoji]).do_nothing().to_owned();
    Ok(reaction::Entity::insert(row).on_conflict(once).exec_without_returning(db).await? > 0)
}

/// `false` if it was not there.
pub async fn remove_reaction(
    db: &impl ConnectionTrait,
    message: MessageId,
    person: PersonId,
    emoji: &str,
) -> Found<bool> {
    let own = reaction::Entity::delete_many()
        .filter(reaction::Column::MessageId.eq(message.0))
        .filter(reaction::Column::PersonId.eq(person.0))
        .filter(reaction::Column::Emoji.eq(emoji));
    Ok(own.exec(db).await?.rows_affected > 0)
}

/// Counts them into the message's row; those that came first stand first.
pub async fn count_anew(db: &impl ConnectionTrait, message: MessageId) -> Found<Vec<Reaction>> {
    let counts: Vec<(String, i64)> = reaction::Entity::find()
        .select_only()
        .column(reaction::Column::Emoji)
        .column_as(reaction::Column::Id.count(), "reacted")
        .filter(reaction::Column::MessageId.eq(message.0))
        .group_by(reaction::Column::Emoji)
        .order_by_asc(reaction::Column::Id.min())
        .into_tuple()
        .all(db)
        .await?;
    let column = (!counts.is_empty()).then(|| serde_json::to_string(&counts)).transpose().map_err(json)?;
    let counts = counts_of(column.as_deref())?;
    message::Entity::update_many()
        .col_expr(message::Column::Reactions, Expr::value(column))
        .filter(message::Column::Id.eq(message.0))
        .exec(db)
        .await?;
    Ok(counts)
}

/// Forgets all reactions to these messages.
pub async fn remove_reactions(db: &impl ConnectionTrait, of: &[MessageId]) -> Found<()> {
    let all = reaction::Entity::delete_many().filter(reaction::Column::MessageId.is_in(of.iter().map(|id| id.0)));
    all.exec(db).await.map(drop)
}

/// How somebody reacted to any of these messages.
pub async fn list_own(
    db: &impl ConnectionTrait,
    person: PersonId,
    messages: &[MessageId],
) -> Found<HashSet<(MessageId, String)>> {
    let ids = messages.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    let query =
        format!("SELECT r.message_id, r.emoji FROM reaction r WHERE r.person_id = $1 AND r.message_id IN ({ids})");
    let own: Vec<(i64, String)> = rows::list(db, &["message_id", "emoji"], &query, [person.0.into()]).await?;
    Ok(own.into_iter().map(|(message, emoji)| (MessageId(message), emoji)).collect())
}

/// Who reacted how to a message, the first `limit`, in their order.
pub async fn list_who(db: &impl ConnectionTrait, message: MessageId, limit: u64) -> Found<Vec<(String, Person)>> {
    let rows = reaction::Entity::find()
        .filter(reaction::Column::MessageId.eq(message.0))
        .order_by_asc(reaction::Column::Id)
        .limit(limit)
        .all(db)
        .await?;
    let ids: HashSet<i64> = rows.iter().map(|row| row.person_id).collect();
    let people = person::Entity::find().filter(person::Column::Id.is_in(ids)).all(db).await?;
    let of = |id: i64| people.iter().find(|row| row.id == id).cloned().map(Person::from);
    Ok(rows.into_iter().filter_map(|row| Some((row.emoji, of(row.person_id)?))).collect())
}

//! Rows as JSON, page by page in the order of their keys.

use super::super::DbErr;
use super::super::entities::{
    account, alias, api_key, audit, block, contact, delivery, draft, embed, event, first_contact, held, hidden,
    identity, join_request, link, link_picture, member, mention, message, notice_rule, original, panel, person,
    picture, portrait, privacy, push_key, reaction, report, restriction, room, stage, upload, video, webhook,
    word_list,
};
use super::Table;
use sea_orm::{
    ConnectionTrait, EntityTrait, IdenStatic, Iterable, ModelTrait, PrimaryKeyToColumn, QueryFilter, QueryOrder,
    QuerySelect, Select, Value,
    sea_query::{Expr, ExprTrait},
};
use serde_json::{Map, Value as Json};

type Found<T> = Result<T, DbErr>;

/// Rows that [`each_row`] has in memory.
const AT_ONCE: u64 = 1_000;

/// A row that is copied.
pub struct Row {
    /// The values of its primary key: where the next page begins.
    pub key: Vec<i64>,
    pub fields: Map<String, Json>,
}

/// The next rows after a key (none: from the beginning), at most `limit`.
pub async fn list_rows(db: &impl ConnectionTrait, table: Table, after: &[i64], limit: u64) -> Found<Vec<Row>> {
    match table {
        Table::Person => list::<person::Entity>(db, after, limit).await,
        Table::Room => list::<room::Entity>(db, after, limit).await,
        Table::Member => list::<member::Entity>(db, after, limit).await,
        Table::Message => list::<message::Entity>(db, after, limit).await,
        Table::Event => list::<event::Entity>(db, after, limit).await,
        Table::Picture => list::<picture::Entity>(db, after, limit).await,
        Table::Audit => list::<audit::Entity>(db, after, limit).await,
        Table::Restriction => list::<restriction::Entity>(db, after, limit).await,
        Table::Held => list::<held::Entity>(db, after, limit).await,
        Table::WordList => list::<word_list::Entity>(db, after, limit).await,
        Table::Stage => list::<stage::Entity>(db, after, limit).await,
        Table::Video => list::<video::Entity>(db, after, limit).await,
        Table::Upload => list::<upload::Entity>(db, after, limit).await,
        Table::NoticeRule => list::<notice_rule::Entity>(db, after, limit).await,
        Table::PushKey => list::<push_key::Entity>(db, after, limit).await,
        Table::Draft => list::<draft::Entity>(db, after, limit).await,
        Table::Account => list::<account::Entity>(db, after, limit).await,
        Table::Portrait => list::<portrait::Entity>(db, after, limit).await,
        Table::Reaction => list::<reaction::Entity>(db, after, limit).await,
        Table::Mention => list::<mention::Entity>(db, after, limit).await,
        Table::Hidden => list::<hidden::Entity>(db, after, limit).await,
        Table::Contact => list::<contact::Entity>(db, after, limit).await,
        Table::Block => list::<block::Entity>(db, after, limit).await,
        Table::Report => list::<report::Entity>(db, after, limit).await,
        Table::Privacy => list::<privacy::Entity>(db, after, limit).await,
        Table::FirstContact => list::<first_contact::Entity>(db, after, limit).await,
        Table::Identity => list::<identity::Entity>(db, after, limit).await,
        Table::Alias => list::<alias::Entity>(db, after, limit).await,
        Table::Original => list::<original::Entity>(db, after, limit).await,
        Table::ApiKey => list::<api_key::Entity>(db, after, limit).await,
        Table::Link => list::<link::Entity>(db, after, limit).await,
        Table::LinkPicture => list::<link_picture::Entity>(db, after, limit).await,
        Table::Panel => list::<panel::Entity>(db, after, limit).await,
        Table::Webhook => list::<webhook::Entity>(db, after, limit).await,
        Table::Delivery => list::<delivery::Entity>(db, after, limit).await,
        Table::Embed => list::<embed::Entity>(db, after, limit).await,
        Table::JoinRequest => list::<join_request::Entity>(db, after, limit).await,
    }
}

async fn list<E: EntityTrait>(db: &impl ConnectionTrait, after: &[i64], limit: u64) -> Found<Vec<Row>>
where
    E::Model: ModelTrait<Entity = E>,
{
    let rows: Vec<Row> = page::<E>(after).limit(limit).all(db).await?.iter().map(row).collect::<Found<_>>()?;
    if let Some(last) = rows.last() {
        later(last.key.clone(), after)?;
    }
    Ok(rows)
}

/// A damaged database may show the same rows again and again; reading has to end.
fn later(key: Vec<i64>, than: &[i64]) -> Found<Vec<i64>> {
    if key.as_slice() > than {
        return Ok(key);
    }
    Err(DbErr::Custom(format!("the row after {than:?} is {key:?}")))
}

/// Shows every row of a table, in the order of the keys; few are in memory at a time.
pub async fn each_row<E: EntityTrait>(db: &impl ConnectionTrait, mut see: impl FnMut(E::Model)) -> Found<()>
where
    E::Model: ModelTrait<Entity = E>,
{
    let mut after = Vec::new();
    loop {
        let rows = page::<E>(&after).limit(AT_ONCE).all(db).await?;
        let Some(last) = rows.last() else { return Ok(()) };
        after = later(key(last), &after)?;
        rows.into_iter().for_each(&mut see);
    }
}

/// The rows after a key, in the order of the keys.
fn page<E: EntityTrait>(after: &[i64]) -> Select<E> {
    let mut rows = E::find();
    if !after.is_empty() {
        let key = keys::<E>().map(|column| Expr::col((E::default(), column)));
        let after = after.iter().map(|value| Expr::value(*value));
        rows = rows.filter(Expr::tuple(key).gt(Expr::tuple(after)));
    }
    keys::<E>().fold(rows, |rows, column| rows.order_by_asc(column))
}

fn keys<E: EntityTrait>() -> impl Iterator<Item = E::Column> {
    E::PrimaryKey::iter().map(PrimaryKeyToColumn::into_column)
}

fn row<M: ModelTrait>(model: &M) -> Found<Row> {
    let mut fields = Map::new();
    for column in <M::Entity as EntityTrait>::Column::iter() {
        fields.insert(column.as_str().to_owned(), json(column.as_str(), model.get(column))?);
    }
    Ok(Row { key: key(model), fields })
}

/// All keys of ours are made of numbers.
fn key<M: ModelTrait>(model: &M) -> Vec<i64> {
    let number = |column| match model.get(column) {
        Value::BigInt(number) => number,
        _ => None,
    };
    keys::<M::Entity>().filter_map(number).collect()
}

/// The kinds of values that the entities have; another one needs its line here.
fn json(column: &str, value: Value) -> Found<Json> {
    Ok(match value {
        Value::Bool(value) => value.into(),
        Value::Int(value) => value.into(),
        Value::BigInt(value) => value.into(),
        Value::String(value) => value.into(),
        other => return Err(DbErr::Type(format!("{column} cannot be copied: {other:?}"))),
    })
}

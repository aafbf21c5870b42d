//! Pieces of a conversation that are named by how many messages come before them, or by the place in their middle.

use super::DbErr;
use super::entities::message;
use super::messages::{in_room, list, most, seen_by};
use domain::message::Message;
use domain::{MessageId, PersonId, RoomId};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Value};

type Found<T> = Result<T, DbErr>;

/// Nothing is left of what was taken back.
const SAID: &str = "(m.text <> '' OR m.files <> '')";

/// Which end of a conversation is counted from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum From {
    Oldest,
    Newest,
}

/// `limit` messages after the first `skip`, in the order of counting, without what was taken back
/// and what the reader has hidden from themselves.
pub async fn list_passage(
    db: &impl ConnectionTrait,
    room: RoomId,
    reader: Option<PersonId>,
    from: From,
    (skip, limit): (u32, u32),
) -> Found<Vec<Message>> {
    let order = match from {
        From::Oldest => "ASC",
        From::Newest => "DESC",
    };
    let which = format!("m.room_id = $1 AND {SAID} {} ORDER BY m.seq {order} LIMIT $2 OFFSET $3", seen_by(reader));
    let mut messages = in_room(db, &which, [room.0, limit.into(), skip.into()]).await?;
    match from {
        From::Oldest => messages.sort_unstable_by_key(|message| message.seq),
        From::Newest => messages.sort_unstable_by_key(|message| std::cmp::Reverse(message.seq)),
    }
    Ok(messages)
}

/// The newest `limit` messages of one author, newest first; without what was taken back.
pub async fn list_own_passage(
    db: &impl ConnectionTrait,
    room: RoomId,
    author: PersonId,
    limit: u32,
) -> Found<Vec<Message>> {
    let which = format!("m.room_id = $1 AND m.author_id = $2 AND {SAID} ORDER BY m.seq DESC LIMIT $3");
    let mut messages = in_room(db, &which, [room.0, author.0, limit.into()]).await?;
    messages.sort_unstable_by_key(|message| std::cmp::Reverse(message.seq));
    Ok(messages)
}

/// What waits to be read in a private chat, oldest first: said to `me` after the first place, or by
/// `me` after the second, and not ticked off.
pub async fn list_waiting(
    db: &impl ConnectionTrait,
    room: RoomId,
    me: PersonId,
    (mine, theirs): (i64, i64),
    limit: usize,
) -> Found<Vec<Message>> {
    let which = format!(
        "m.room_id = $1 AND NOT m.ticked AND {SAID} AND m.seq > CASE WHEN m.author_id = $2 THEN {theirs} ELSE {mine} END \
         ORDER BY m.seq LIMIT $3"
    );
    let mut messages = in_room(db, &which, [room.0, me.0, i64::try_from(limit).unwrap_or(i64::MAX)]).await?;
    messages.sort_unstable_by_key(|message| message.seq);
    Ok(messages)
}

/// The place of the first message said to `me` after a place that is not ticked off.
pub async fn find_first_waiting(
    db: &impl ConnectionTrait,
    room: RoomId,
    me: PersonId,
    after: i64,
) -> Found<Option<i64>> {
    let first = message::Entity::find()
        .select_only()
        .column(message::Column::Seq)
        .filter(message::Column::RoomId.eq(room.0))
        .filter(message::Column::Seq.gt(after))
        .filter(message::Column::AuthorId.ne(me.0))
        .filter(message::Column::Ticked.eq(false))
        .order_by_asc(message::Column::Seq);
    first.into_tuple::<i64>().one(db).await
}

pub async fn change_ticked(db: &impl ConnectionTrait, id: MessageId) -> Found<()> {
    let change = message::Entity::update_many().col_expr(message::Column::Ticked, Expr::value(true));
    change.filter(message::Column::Id.eq(id.0)).exec(db).await.map(drop)
}

/// So many messages up to a place, and so many after it; oldest first, without what somebody has hidden
/// from themselves.
pub async fn list_seen_around(
    db: &impl ConnectionTrait,
    room: RoomId,
    reader: Option<PersonId>,
    place: i64,
    (earlier, later): (usize, usize),
) -> Found<Vec<Message>> {
    let side = |order: &str, limit: &str| {
        let seen = seen_by(reader);
        format!("SELECT id FROM (SELECT m.id FROM message m WHERE m.room_id = $1 AND m.seq {order} {seen} {limit}) x")
    };
    let earlier_ids = side("<= $2", "ORDER BY m.seq DESC LIMIT $3");
    let later_ids = side("> $2", "ORDER BY m.seq LIMIT $4");
    let values = [room.0, place, most(earlier), most(later)].map(Value::from);
    let found = list(db, &format!("m.id IN ({earlier_ids} UNION ALL {later_ids})"), values).await?;
    let mut messages: Vec<Message> = found.into_iter().map(|(_, message)| message).collect();
    messages.sort_unstable_by_key(|message| message.seq);
    Ok(messages)
}

//! What a writing job holds.

use super::entities::event;
use super::{DatabaseTransaction, DbErr};
use crate::known::Changed;
use crate::{Problem, Result};
use domain::event::{Event, What};
use domain::person::Person;
use domain::{RoomId, Thing};
use sea_orm::{ActiveValue::Set, ConnectionTrait, EntityTrait, Statement};
use std::borrow::Cow;

/// What is kept of an event: not what a message said once, which is nobody's any more.
fn kept(what: &What) -> Cow<'_, What> {
    match what {
        What::Edited { message, .. } => Cow::Owned(What::Edited { message: *message, spans: Vec::new() }),
        what => Cow::Borrowed(what),
    }
}

/// What a commit has to tell.
#[derive(Default)]
pub(super) struct News {
    pub events: Vec<Event>,
    /// What no event says.
    pub changed: Vec<Changed>,
}

impl News {
    pub fn append(&mut self, mut other: Self) {
        self.events.append(&mut other.events);
        self.changed.append(&mut other.changed);
    }
}

impl From<Vec<Event>> for News {
    fn from(events: Vec<Event>) -> Self {
        Self { events, changed: Vec::new() }
    }
}

/// A write transaction, alone or as one of a group. What it recorded is published only
/// after the commit.
pub struct Tx {
    db: DatabaseTransaction,
    now: i64,
    news: News,
}

impl Tx {
    pub(super) fn new(db: DatabaseTransaction, now: i64) -> Self {
        Self { db, now, news: News::default() }
    }

    pub fn db(&self) -> &DatabaseTransaction {
        &self.db
    }

    /// The time of this transaction, the same for everything in it.
    pub fn now(&self) -> i64 {
        self.now
    }

    /// Takes the room's next place. The row stays locked until the commit, so places are
    /// given in commit order and a failed job leaves no gap.
    ///
    /// # Errors
    /// [`Problem::NotFound`] if there is no such room.
    pub async fn next_seq(&mut self, room: RoomId) -> Result<i64> {
        let take = Statement::from_sql_and_values(
            self.db.get_database_backend(),
            "UPDATE room SET last_seq = last_seq + 1, last_at = $1 WHERE id = $2 RETURNING last_seq",
            [self.now.into(), room.0.into()],
        );
        match self.db.query_one_raw(take).await? {
            Some(row) => Ok(row.try_get::<i64>("", "last_seq")?),
            None => Err(Problem::not_found(Thing::Room).into()),
        }
    }

    /// Gives `what` the room's next place, keeps it, and publishes it after the commit.
    pub async fn record(&mut self, room: RoomId, what: What) -> Result<Event> {
        self.record_of(None, room, what).await
    }

    /// The same for what shall be seen to be somebody's doing.
    pub async fn record_by(&mut self, by: &Person, room: RoomId, what: What) -> Result<Event> {
        self.record_of(Some(by), room, what).await
    }

    async fn record_of(&mut self, by: Option<&Person>, room: RoomId, what: What) -> Result<Event> {
        let seq = self.next_seq(room).await?;
        let body = serde_json::to_string(&kept(&what)).map_err(|cause| DbErr::Json(cause.to_string()))?;
        let by_id = by.map(|by| by.id.0);
        let row = event::ActiveModel {
            room_id: Set(room.0),
            seq: Set(seq),
            at: Set(self.now),
            body: Set(body),
            by_id: Set(by_id),
        };
        event::Entity::insert(row).exec_without_returning(&self.db).await?;
        let event = Event { room, seq, at: self.now, what, by: by.cloned().map(Box::new) };
        self.news.events.push(event.clone());
        Ok(event)
    }

    /// Has events published after the commit that were kept otherwise.
    pub(super) fn announce(&mut self, mut events: Vec<Event>) {
        self.news.events.append(&mut events);
    }

    /// Says that access is judged by something else from the commit on, though no event tells of it.
    pub fn changes(&mut self, what: Changed) {
        self.news.changed.push(what);
    }

    /// Keeps it all; returns what is to be published.
    pub(super) async fn commit(self) -> std::result::Result<News, DbErr> {
        self.db.commit().await?;
        Ok(self.news)
    }

    pub(super) async fn rollback(self) -> std::result::Result<(), DbErr> {
        self.db.rollback().await
    }
}

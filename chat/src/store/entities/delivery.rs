//! Events on their way to webhooks. What is sent is made from the event when it is sent.

use super::{DbErr, unknown};
use domain::DeliveryId;
use domain::webhook::{Delivery, DeliveryState, Outcome, SendFault};
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "delivery")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub webhook_id: i64,
    /// The event's place in its room; 0 for a test.
    pub seq: i64,
    pub kind: String,
    /// A word of `domain::webhook::DeliveryState`.
    pub state: String,
    pub attempts: i64,
    /// When it is sent next; while it is under way, when it is taken for lost.
    pub next_at: i64,
    /// What the last attempt was answered with.
    pub status: Option<i64>,
    /// How long that took; `None` before the first attempt and while one is under way.
    pub ms: Option<i64>,
    #[sea_orm(column_type = "Text")]
    pub answer: String,
    /// A word of `domain::webhook::SendFault`; empty if there was an answer.
    pub fault: String,
    pub made_at: i64,
    pub done_at: Option<i64>,
    #[sea_orm(belongs_to, from = "webhook_id", to = "id")]
    pub webhook: BelongsTo<super::webhook::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}

impl TryFrom<Model> for Delivery {
    type Error = DbErr;

    fn try_from(row: Model) -> Result<Self, DbErr> {
        let state = DeliveryState::ALL.into_iter().find(|state| state.as_str() == row.state);
        let state = state.ok_or_else(|| unknown("delivery.state", &row.state))?;
        let outcome = row.ms.map(|ms| outcome(&row, ms)).transpose()?;
        Ok(Self {
            id: DeliveryId(row.id),
            seq: (row.seq > 0).then_some(row.seq),
            kind: row.kind,
            state,
            attempts: u32::try_from(row.attempts).unwrap_or(u32::MAX),
            next_at: (state == DeliveryState::Waiting).then_some(row.next_at),
            made_at: row.made_at,
            done_at: row.done_at,
            outcome,
        })
    }
}

fn outcome(row: &Model, ms: i64) -> Result<Outcome, DbErr> {
    let fault = SendFault::ALL.into_iter().find(|fault| fault.as_str() == row.fault);
    let answer = match (row.status.and_then(|status| u16::try_from(status).ok()), fault) {
        (Some(status), _) => Ok(status),
        (None, Some(fault)) => Err(fault),
        (None, None) => return Err(unknown("delivery.fault", &row.fault)),
    };
    Ok(Outcome { answer, ms: u32::try_from(ms).unwrap_or(u32::MAX), text: row.answer.clone() })
}

//! What is sent: made from the room's log when it is sent, so it is kept nowhere else, and what was
//! taken back meanwhile is not told.

use crate::store::deliveries::Claimed;
use crate::store::events::{find_standing, list_events_after};
use crate::store::webhooks::Sending;
use crate::{Chat, Result};
use domain::person::Person;
use domain::webhook::{TEST, kind_of};
use serde::Serialize;

/// A delivery on the wire. `event` and `by` are those of `docs/wire.md`.
#[derive(Serialize)]
struct Body<'a, E> {
    delivery: i64,
    webhook: i64,
    /// The room's address.
    room: &'a str,
    epoch: i64,
    seq: Option<i64>,
    at: i64,
    event: E,
    #[serde(skip_serializing_if = "Option::is_none")]
    by: Option<&'a Person>,
}

/// A body, and the name of its event.
pub struct Parcel {
    pub kind: &'static str,
    pub text: String,
}

impl Chat {
    /// `None` if the room does not have the event any more.
    pub(super) async fn parcel(&self, to: &Sending, claimed: &Claimed) -> Result<Option<Parcel>> {
        let Some(standing) = find_standing(self.store().read(), to.room).await? else { return Ok(None) };
        let (room, epoch) = (standing.room.slug.as_str(), standing.position.epoch);
        let (delivery, webhook) = (claimed.id.0, to.id.0);
        if claimed.seq == 0 {
            let event = serde_json::json!({ TEST: {} });
            let body = Body { delivery, webhook, room, epoch, seq: None, at: claimed.made_at, event, by: None };
            return Ok(text(&body).map(|text| Parcel { kind: TEST, text }));
        }
        let events = list_events_after(self.store().read(), to.room, claimed.seq - 1, 1).await?;
        let Some(event) = events.into_iter().find(|event| event.seq == claimed.seq) else { return Ok(None) };
        let by = event.by.as_deref();
        let body = Body { delivery, webhook, room, epoch, seq: Some(event.seq), at: event.at, event: &event.what, by };
        Ok(text(&body).map(|text| Parcel { kind: kind_of(&event.what), text }))
    }
}

/// All of them can be written.
fn text(body: &impl Serialize) -> Option<String> {
    serde_json::to_string(body).inspect_err(|cause| tracing::error!(%cause, "an event cannot be written")).ok()
}

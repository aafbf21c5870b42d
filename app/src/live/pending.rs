//! Own messages on their way: pending, then sent, or failed with a reason.
//!
//! They are kept in the browser until the server has stored them, so that they survive a
//! reload, and sent in the order they were written, one at a time. A resend is recognised by
//! its client id.

use super::board::Board;
use super::kept;
use domain::attachment::Attachment;
use domain::{ClientId, MessageId, PersonId, Problem, RoomId};
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq)]
pub struct Pending {
    pub client_id: ClientId,
    pub text: String,
    /// Uploaded for it already.
    pub files: Vec<Attachment>,
    /// The message that it answers.
    pub reply: Option<MessageId>,
    /// When it was written, by this device.
    pub at: i64,
    pub sending: Sending,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Sending {
    /// Not sent, or sent without an answer yet.
    Waiting,
    /// Stored by the server; the event that brings its final form is on its way.
    Stored {
        at: i64,
    },
    Failed(Problem),
}

/// What is kept of a message.
#[derive(Serialize, Deserialize)]
struct Kept {
    text: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    files: Vec<Attachment>,
    #[serde(default)]
    reply: Option<MessageId>,
    at: i64,
}

impl Pending {
    /// Whether its author has to do something about it; what waits for approval has not failed.
    fn is_failed(&self) -> bool {
        matches!(&self.sending, Sending::Failed(problem) if *problem != Problem::Held)
    }
}

impl Board {
    /// Adds a message to be sent.
    pub fn write(
        &mut self,
        client_id: ClientId,
        (text, files): (String, Vec<Attachment>),
        reply: Option<MessageId>,
        at: i64,
    ) {
        self.pending.push(Pending { client_id, text, files, reply, at, sending: Sending::Waiting });
    }

    /// Brings back what was kept, in front of what was written since the page was opened.
    pub fn recall(&mut self, mut kept: Vec<Pending>) {
        kept.retain(|k| !self.pending.iter().any(|p| p.client_id == k.client_id));
        kept.retain(|k| !self.messages.iter().any(|m| m.client_id == k.client_id && self.is_mine(&m.author)));
        kept.append(&mut self.pending);
        self.pending = kept;
    }

    /// The next to send: the oldest that waits, so that the order stays as written.
    pub fn next_to_send(&self) -> Option<&Pending> {
        self.pending.iter().find(|p| p.sending == Sending::Waiting)
    }

    /// Tries a failed one again, or all of them.
    pub fn retry(&mut self, which: Option<&ClientId>) {
        for p in &mut self.pending {
            if p.is_failed() && which.is_none_or(|id| *id == p.client_id) {
                p.sending = Sending::Waiting;
            }
        }
    }

    /// Gives a message up.
    pub fn give_up(&mut self, client_id: &ClientId) {
        self.pending.retain(|p| p.client_id != *client_id);
    }

    pub fn failed(&self) -> Vec<ClientId> {
        let failed = self.pending.iter().filter(|p| p.is_failed());
        failed.map(|p| p.client_id.clone()).collect()
    }
}

fn prefix(person: PersonId, room: RoomId) -> String {
    format!("unsent/{person}/{room}/")
}

/// Keeps a message until [`forget`].
pub async fn keep(person: PersonId, room: RoomId, pending: &Pending) {
    let Pending { text, files, reply, at, .. } = pending.clone();
    let kept = Kept { text, files, reply, at };
    let Ok(json) = serde_json::to_string(&kept) else { return };
    kept::put(&format!("{}{}", prefix(person, room), pending.client_id), Some(json)).await;
}

pub async fn forget(person: PersonId, room: RoomId, client_id: &ClientId) {
    kept::put(&format!("{}{client_id}", prefix(person, room)), None).await;
}

/// What was kept for this person in this room, oldest first.
pub async fn recall(person: PersonId, room: RoomId) -> Vec<Pending> {
    let prefix = prefix(person, room);
    let mut found: Vec<Pending> = kept::with_prefix(&prefix)
        .await
        .into_iter()
        .filter_map(|(key, json)| {
            let client_id = ClientId::parse(key.strip_prefix(&prefix)?).ok()?;
            let kept: Kept = serde_json::from_str(&json).ok()?;
            let Kept { text, files, reply, at } = kept;
            Some(Pending { client_id, text, files, reply, at, sending: Sending::Waiting })
        })
        .collect();
    found.sort_by_key(|p| p.at);
    found
}

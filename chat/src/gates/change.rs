//! What hosts set: the rule that opens a room, and opening and shutting it by hand.

use crate::audit::{self, Entry};
use crate::gates::GateState;
use crate::known::Changed;
use crate::store::rooms;
use crate::{Chat, Problem, Result, RoomHost, Thing};
use domain::audit::Act;
use domain::gate::{GateRule, Opening};

impl Chat {
    /// Sets what opens a room. Who may not stay is out before this returns.
    ///
    /// # Errors
    /// As [`GateRule::parse`].
    pub async fn change_gate(&self, host: &RoomHost, rule: GateRule) -> Result<GateState> {
        self.put_gate(host, rule.parse(self.now())?, None).await
    }

    /// `usual` is what the room's settings say, where a host opens or shuts it by hand.
    async fn put_gate(&self, host: &RoomHost, rule: GateRule, usual: Option<GateRule>) -> Result<GateState> {
        let room = host.room().id;
        let line = Entry::new(Act::GateChanged, host.who()).in_room(room);
        self.note_hosts(room).await?;
        // Other servers take over the phase with the rule; without any it is recorded below.
        let phase = (!self.store().is_alone()).then(|| self.phase_under(room, &rule));
        let write = self.store().write(move |tx| {
            Box::pin(async move {
                let before = rooms::find_room(tx.db(), room).await?.ok_or(Problem::not_found(Thing::Room))?;
                rooms::change_gate(tx.db(), room, rule, usual).await?;
                tx.changes(Changed::Room(room));
                if let Some(phase) = phase {
                    rooms::change_phase(tx.db(), room, phase).await?;
                }
                let changes = audit::changes(&said_of(&GateRule::try_from(&before)?), &said_of(&rule));
                if changes.is_empty() { Ok(()) } else { audit::note(tx, line.saying(changes)).await }
            })
        });
        write.await?;
        self.learn_as(room, &rule, true, || true);
        self.settle(room);
        self.record_gate(room).await?;
        self.tell_gate(room);
        Ok(self.gate_state(room, rule))
    }

    /// Opens a room now, or shuts it, without another time set: what a host does by one button. A room
    /// that opens with its host does so again when a host who is there opens what was shut.
    pub async fn open_room_now(&self, host: &RoomHost, open: bool) -> Result<GateState> {
        let (room, now) = (host.room().id, self.now());
        self.note_hosts(room).await?;
        let usual = rooms::find_usual_gate(self.store().read(), room).await?.unwrap_or(*host.rule());
        let closes_at = usual.closes_at.filter(|end| *end > now);
        let rule = match usual.opening {
            _ if !open => GateRule { opening: Opening::Never, ..usual },
            Opening::Schedule if closes_at.is_some() => GateRule { opens_at: Some(now), ..usual },
            Opening::Host if self.is_hosted(room) => GateRule { opens_at: None, closes_at, ..usual },
            _ => GateRule { opening: Opening::Always, ..usual },
        };
        self.put_gate(host, rule.parse(now)?, Some(usual)).await
    }
}

/// A rule's parts as the trail calls them.
fn said_of(rule: &GateRule) -> [(&'static str, String); 5] {
    let time = |at: Option<i64>| at.map(|at| at.to_string()).unwrap_or_default();
    [
        ("opening", rule.opening.as_str().to_owned()),
        ("opens_at", time(rule.opens_at)),
        ("closes_at", time(rule.closes_at)),
        ("doors", rule.doors.to_string()),
        ("grace", rule.grace.to_string()),
    ]
}

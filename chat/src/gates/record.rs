//! How gates stand, written down: for the next start of the server, and for the rooms' history.

use super::{Gate, Host};
use crate::store::entities::room;
use crate::store::rooms;
use crate::{Chat, Problem, Result};
use domain::RoomId;
use domain::event::What;
use domain::gate::{GateRule, Opening, Phase};

impl Chat {
    /// Writes down how a gate stands, if the store does not know, and tells the room. Of several
    /// servers one does: the one whose host set it, or the first to see that it changed.
    pub(super) async fn record_gate(&self, room: RoomId) -> Result<()> {
        let _alone = self.0.gates.recording.lock().await;
        let Some((opening, phase, is_ours)) = self.take_unrecorded(room) else { return Ok(()) };
        let is_ours = is_ours || self.store().is_alone();
        let write = self.store().write_in(room, move |tx| {
            Box::pin(async move {
                let is_news = rooms::change_phase(tx.db(), room, phase).await?;
                if is_news || is_ours {
                    tx.record(room, What::GateChanged { opening, phase }).await?;
                }
                Ok(())
            })
        });
        match write.await.map_err(crate::Error::into_problem) {
            Ok(()) => {}
            // The room went meanwhile.
            Err(Problem::NotFound { .. }) => _ = self.0.gates.all().remove(&room),
            Err(problem) => return Err(problem.into()),
        }
        let mut gates = self.0.gates.all();
        if let Some(gate) = gates.get_mut(&room) {
            gate.recorded = (opening, phase);
            gate.is_ours &= !gate.is_recorded();
            if opening == Opening::Always && gate.rule.opening == Opening::Always {
                gates.remove(&room);
            }
        }
        Ok(())
    }

    /// What the store does not know of a gate, and whether a host here has set it.
    fn take_unrecorded(&self, room: RoomId) -> Option<(Opening, Phase, bool)> {
        let mut gates = self.0.gates.all();
        let gate = gates.get_mut(&room)?;
        if gate.is_recorded() {
            gate.is_ours = false;
            return None;
        }
        Some((gate.rule.opening, gate.phase, gate.is_ours))
    }

    /// The gates as they stood when the server stopped: the hosts have the usual time to return.
    pub(crate) async fn load_gates(&self) -> Result<()> {
        let steady = self.clock().steady();
        for row in rooms::list_gated(self.store().read()).await? {
            let (room, rule, phase) = recorded(&row)?;
            let gate = Gate::new(rule, (rule.opening, phase), Host::after(phase, steady));
            self.0.gates.all().insert(room, gate);
            self.hub().look_at_gate(room);
        }
        Ok(())
    }
}

pub(super) fn recorded(row: &room::Model) -> Result<(RoomId, GateRule, Phase)> {
    Ok((RoomId(row.id), GateRule::try_from(row)?, Phase::parse(&row.phase).unwrap_or(Phase::Closed)))
}

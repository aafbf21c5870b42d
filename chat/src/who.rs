//! Who asks. What they may do is decided in `access`.

use domain::person::{Person, SiteRole};
use domain::{Problem, RoomId, SessionId};

/// A signed-in visitor.
#[derive(Clone, Debug)]
pub struct Who {
    pub person: Person,
    pub role: SiteRole,
    pub session: SessionId,
    /// The only room that their session opens; `None`: all that they may read.
    pub only: Option<RoomId>,
}

impl Who {
    /// For what is about a person's whole account.
    ///
    /// # Errors
    /// [`Problem::NotAllowed`] with a session that opens one room only.
    pub fn everywhere(&self) -> Result<&Self, Problem> {
        if self.only.is_none() { Ok(self) } else { Err(Problem::NotAllowed) }
    }
}

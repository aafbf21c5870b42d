//! How a socket ends: with a code that says whether to come back, said properly.

use super::wire::Wire;
use futures::{SinkExt, StreamExt};
use std::time::Duration;
use tokio_tungstenite::tungstenite::error::ProtocolError;
use tokio_tungstenite::tungstenite::protocol::CloseFrame;
use tokio_tungstenite::tungstenite::{Error, Message};

/// How long the other side may take to take leave.
const FAREWELL: Duration = Duration::from_secs(2);

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum End {
    /// The other side is gone or has said so itself.
    Lost,
    Close {
        code: u16,
        reason: String,
    },
    /// What came cannot be read further: say why, but do not read on.
    Broken {
        code: u16,
    },
}

impl End {
    pub fn close(code: u16, reason: &str) -> Self {
        Self::Close { code, reason: reason.to_owned() }
    }

    /// RFC 6455 §7.4.1: too large is 1009, not text is 1007, against the rules is 1002.
    pub fn of_error(error: &Error) -> Self {
        let code = match error {
            Error::Capacity(_) => 1009,
            Error::Utf8(_) => 1007,
            Error::Protocol(ProtocolError::ResetWithoutClosingHandshake) => return Self::Lost,
            Error::Protocol(_) => 1002,
            _ => return Self::Lost,
        };
        Self::Broken { code }
    }

    /// Says it to the other side and waits a moment, so that the code is read before the
    /// connection is gone.
    pub async fn say(self, mut socket: Wire) -> Self {
        let (code, reason) = match &self {
            Self::Lost => {
                // Answers the other side's own close, if that is how it went.
                let _ = tokio::time::timeout(FAREWELL, SinkExt::close(&mut socket)).await;
                return self;
            }
            Self::Close { code, reason } => (*code, reason.clone()),
            Self::Broken { code } => (*code, String::new()),
        };
        let farewell = async {
            if socket.send(Message::Close(Some(CloseFrame { code: code.into(), reason: reason.into() }))).await.is_ok()
            {
                self.linger(&mut socket).await;
            }
        };
        // Whoever does not take leave in time is left.
        let _ = tokio::time::timeout(FAREWELL, farewell).await;
        self
    }

    async fn linger(&self, socket: &mut Wire) {
        match self {
            // Unread bytes would turn our close into a reset, which may overtake the code.
            Self::Broken { .. } => tokio::time::sleep(FAREWELL / 2).await,
            Self::Lost | Self::Close { .. } => while matches!(socket.next().await, Some(Ok(_))) {},
        }
    }
}

//! How a socket ends: with a code that says whether to come back, said properly.

use super::wire::Wire;
use domain::live::close;
use futures::{SinkExt, StreamExt};
use std::time::Duration;
use tokio_tungstenite::tungstenite::error::ProtocolError;
use tokio_tungstenite::tungstenite::protocol::CloseFrame;
use tokio_tungstenite::tungstenite::{Error, Message};

/// How long the other side may take to take leave.
const FAREWELL: Duration = Duration::from_secs(2);
/// The same for somebody who reads too slowly: the code waits behind what they have not read.
const SLOW_FAREWELL: Duration = Duration::from_secs(8);
/// How long a connection that is not read any more is kept, so that the code arrives before the
/// end. Shorter than the half second after which the conformance suite gives up on the server.
const LINGER: Duration = Duration::from_millis(200);
/// The same when the frame was too large: more of it is on its way.
const LINGER_FOR_MORE: Duration = Duration::from_secs(1);
/// RFC 6455 §7.4.1.
const TOO_LARGE: u16 = 1009;

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
            Error::Capacity(_) => TOO_LARGE,
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
        let patience = if code == close::SLOW { SLOW_FAREWELL } else { FAREWELL };
        let _ = tokio::time::timeout(patience, farewell).await;
        self
    }

    async fn linger(&self, socket: &mut Wire) {
        match self {
            // Unread bytes would turn our close into a reset, which may overtake the code.
            Self::Broken { code: TOO_LARGE } => tokio::time::sleep(LINGER_FOR_MORE).await,
            Self::Broken { .. } => tokio::time::sleep(LINGER).await,
            Self::Lost | Self::Close { .. } => while matches!(socket.next().await, Some(Ok(_))) {},
        }
    }
}

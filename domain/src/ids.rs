//! Names of rows. An id grants nothing: every read asks `chat::access` first.

use crate::problem::{Problem, Rule};
use serde::{Deserialize, Serialize};
use std::fmt;

macro_rules! id {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub i64);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl std::str::FromStr for $name {
            type Err = Problem;
            fn from_str(text: &str) -> Result<Self, Problem> {
                text.parse().map($name).map_err(|_| Problem::invalid("id", Rule::Shape))
            }
        }
    )*};
}

id!(
    /// An account.
    PersonId,
    /// A signed-in device.
    SessionId,
    RoomId,
    MessageId,
    PictureId,
    /// An invitation to register.
    InviteId,
    /// A projector's link.
    KioskId,
    /// A picture that another system names by its address.
    LinkId,
    /// What a host did to pictures and can undo.
    DeedId,
    /// A device that notices are pushed to.
    SubscriptionId,
    /// An address outside that is told what happens in a room.
    WebhookId,
    /// One event on its way to one webhook.
    DeliveryId,
);

/// The sender's own name for a message, chosen before the server has seen it, so that a
/// resend is recognised: `UNIQUE(sender, client_id)`. 1 to 64 of `A–Z a–z 0–9 _ -`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ClientId(String);

/// The stored bytes of a picture: 32 hexadecimal digits, new for every upload, so its
/// address can be cached for ever.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct BlobId(String);

impl ClientId {
    pub const MAX_LEN: usize = 64;

    pub fn parse(text: &str) -> Result<Self, Problem> {
        let fits = (1..=Self::MAX_LEN).contains(&text.len())
            && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-');
        if fits { Ok(Self(text.to_owned())) } else { Err(Problem::invalid("client_id", Rule::Shape)) }
    }
}

impl BlobId {
    pub fn parse(text: &str) -> Result<Self, Problem> {
        let fits = text.len() == 32 && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
        if fits { Ok(Self(text.to_owned())) } else { Err(Problem::invalid("blob", Rule::Shape)) }
    }
}

macro_rules! text_id {
    ($($name:ident),*) => {$(
        impl $name {
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl TryFrom<String> for $name {
            type Error = Problem;
            fn try_from(text: String) -> Result<Self, Problem> {
                Self::parse(&text)
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> String {
                id.0
            }
        }
    )*};
}

text_id!(ClientId, BlobId);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_client_id_is_short_and_plain() {
        assert!(ClientId::parse("0190c3-Ab_9").is_ok());
        for wrong in ["", "a b", "é", "a/b", &"x".repeat(65)] {
            assert!(ClientId::parse(wrong).is_err(), "{wrong:?}");
        }
        assert!(serde_json::from_str::<ClientId>("\"a b\"").is_err());
    }

    #[test]
    fn a_blob_id_cannot_be_a_path() {
        assert!(BlobId::parse("0123456789abcdef0123456789abcdef").is_ok());
        for wrong in ["../../../../../../../etc/passwd0", "0123456789ABCDEF0123456789ABCDEF", ""] {
            assert!(BlobId::parse(wrong).is_err(), "{wrong:?}");
        }
    }
}

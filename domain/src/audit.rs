//! The audit trail: who did what to whom, for administrators and for a room's hosts. It never
//! holds what people said.

use crate::person::Person;
use crate::room::Room;
use serde::{Deserialize, Serialize};

/// Longest detail of a line, in characters.
pub const MAX_DETAIL: usize = 200;

/// Lines on a page of the trail.
pub const PAGE: usize = 50;

macro_rules! acts {
    ($($(#[$doc:meta])* $act:ident: $word:literal,)*) => {
        /// What was done.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
        pub enum Act {
            $($(#[$doc])* $act,)*
        }

        impl Act {
            pub const ALL: &[Self] = &[$(Self::$act,)*];

            /// The word in the store and in addresses; it never changes.
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$act => $word,)*
                }
            }
        }
    };
}

acts! {
    RoomCreated: "room-created",
    RoomChanged: "room-changed",
    RoomArchived: "room-archived",
    RoomReopened: "room-reopened",
    GateChanged: "gate-changed",
    CoverChanged: "cover-changed",
    /// How people may write.
    PolicyChanged: "policy-changed",
    WordsChanged: "words-changed",
    MemberAdded: "member-added",
    /// Asked to join, and was let in.
    JoinApproved: "join-approved",
    /// Asked to join, and was not.
    JoinDeclined: "join-declined",
    RoleChanged: "role-changed",
    /// Out of the room; may come back.
    Kicked: "kicked",
    Muted: "muted",
    Unmuted: "unmuted",
    Banned: "banned",
    Unbanned: "unbanned",
    /// One message.
    Recalled: "recalled",
    /// All that somebody said in the last minutes.
    Cleared: "cleared",
    Approved: "approved",
    Declined: "declined",
    /// It was declined and waits again.
    WaitsAgain: "waits-again",
    PictureRemoved: "picture-removed",
    /// Hung again after it was taken down.
    PictureRestored: "picture-restored",
    /// Kept from viewers.
    PictureHeld: "picture-held",
    PictureShown: "picture-shown",
    /// Another file in its place.
    PictureReplaced: "picture-replaced",
    /// Another video, or another name or captions of the same.
    VideoChanged: "video-changed",
    VideoRemoved: "video-removed",
    /// A projector's link.
    KioskCreated: "kiosk-created",
    KioskRemoved: "kiosk-removed",
    /// Which other sites may show a room.
    EmbedChanged: "embed-changed",
    PersonAdded: "person-added",
    PersonDisabled: "person-disabled",
    PersonEnabled: "person-enabled",
    SiteRoleChanged: "site-role-changed",
    SessionsEnded: "sessions-ended",
    InviteCreated: "invite-created",
    InviteRemoved: "invite-removed",
    RoomRemoved: "room-removed",
    /// A link for a new password.
    ResetCreated: "reset-created",
    /// By the person themselves.
    AccountClosed: "account-closed",
    /// A message that somebody reported.
    ReportResolved: "report-resolved",
    /// How much strangers may say before they are answered.
    FirstContactChanged: "first-contact-changed",
    WebhookAdded: "webhook-added",
    /// Where it leads, what it is told, whether it is paused, or its secret.
    WebhookChanged: "webhook-changed",
    WebhookRemoved: "webhook-removed",
    /// From the page.
    BackupStarted: "backup-started",
    MailTested: "mail-tested",
}

impl Act {
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|act| act.as_str() == word)
    }
}

/// A line of the trail.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditLine {
    /// Later lines have higher ones.
    pub id: i64,
    pub at: i64,
    /// `None` for the command line.
    pub by: Option<Person>,
    pub act: Act,
    pub room: Option<Room>,
    /// Whom it was done to.
    pub person: Option<Person>,
    /// The number of the message, picture or invitation it was done to.
    pub thing: Option<i64>,
    /// The new value, or the reason that was given; may be empty.
    pub detail: String,
}

/// A page of the trail, newest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditPage {
    pub lines: Vec<AuditLine>,
    /// Whether there are older ones.
    pub has_more: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_act_has_a_word_of_its_own() {
        for act in Act::ALL {
            assert_eq!(Act::parse(act.as_str()), Some(*act));
        }
        assert_eq!(Act::parse("nothing"), None);
    }
}

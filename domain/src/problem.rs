//! Every refusal a person can meet. The sentence comes from `app::text`, in their language;
//! nothing here is made from what broke underneath.

use crate::RoomId;
use serde::{Deserialize, Serialize};

/// What a rule of the house answers.
pub type Answer<T> = Result<T, Problem>;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(tag = "code", rename_all = "snake_case")]
#[error("{}", self.code())]
pub enum Problem {
    SignInNeeded,
    /// Name and password do not go together, or the account is disabled: deliberately one answer.
    WrongCredentials,
    /// The code that was sent by mail is another one, and may be tried so often; at 0 tries it is
    /// used up or too old, and another one has to be asked for.
    WrongCode {
        left: u32,
    },
    /// The account is in use on this device, and the site lets nobody in beside it.
    Elsewhere {
        device: String,
    },
    /// The room takes a person on one device at a time, and they are in it on this one.
    OneDevice {
        room: RoomId,
        device: String,
        /// Whether they may come in here nevertheless, and leave it there.
        may_come: bool,
    },
    NotAllowed,
    /// Also said about what exists but is none of the asker's business.
    NotFound {
        thing: Thing,
    },
    Invalid {
        field: String,
        rule: Rule,
    },
    Taken {
        thing: Thing,
    },
    /// The thing was changed by somebody else meanwhile; `now` is its present revision, `by` who it
    /// was, if that is known.
    Changed {
        now: i64,
        #[serde(default, skip_serializing_if = "String::is_empty")]
        by: String,
    },
    TooFast {
        wait_ms: u64,
    },
    /// `limit` in bytes for bodies and files, in pixels for pictures.
    TooLarge {
        limit: u64,
    },
    /// There is no space for a file: everything of this person, or of the site, may have so many
    /// bytes.
    Full {
        limit: u64,
    },
    /// Only hosts send files in this room.
    NoFiles,
    /// The room is not open at the moment; whoever waits is let in when it opens.
    Shut,
    /// A host has muted this person here; no `wait_ms`: for good.
    Muted {
        wait_ms: Option<u64>,
        reason: String,
    },
    /// Members say one thing at a time here.
    Slow {
        wait_ms: u64,
    },
    /// Only those who are members of the room may write, and nobody becomes one by themselves.
    MembersOnly,
    /// Only hosts write in this room.
    HostsOnly,
    /// A stranger has said as much as they may until the other one answers.
    Unanswered,
    /// The other one cannot be reached, for whatever reason: their account is disabled, or they
    /// have blocked the sender. Deliberately one answer.
    Unreachable,
    /// One has blocked the other one oneself.
    Blocked,
    /// It holds a word that is not let through.
    Filtered,
    /// It waits for a host's approval: nothing was refused yet.
    Held,
    /// A host did not let it through.
    Declined,
    /// The site does not let it through; the reason may be empty.
    Objected {
        reason: String,
    },
    /// Sent out of the room by a host; for good: banned from it.
    Removed {
        for_good: bool,
        reason: String,
    },
    /// It was there once.
    Gone,
    Unavailable,
    /// Our fault; `reference` finds the cause in the log.
    Broken {
        reference: String,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Thing {
    Page,
    Person,
    Session,
    Room,
    Member,
    Message,
    Picture,
    Video,
    File,
    Invite,
    /// A program's key.
    Key,
    Webhook,
    /// What was, or will be, sent to a webhook.
    Delivery,
    Backup,
}

/// Why a field was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "rule", rename_all = "snake_case")]
pub enum Rule {
    Empty,
    TooShort {
        min: u32,
    },
    TooLong {
        max: u32,
    },
    /// More of a kind than there may be.
    TooMany {
        max: u32,
    },
    /// Control, bidirectional or invisible characters.
    Characters,
    /// Not of the expected form.
    Shape,
    /// Among the passwords that everybody tries first, or made of the name.
    TooCommon,
    /// Looks like a name that is in use.
    LookAlike,
    /// The two passwords differ.
    Mismatch,
    /// A time that has passed already.
    Past,
    /// An end that is not after its beginning.
    NotAfter,
    /// The last host of a room, or the last administrator, has to stay.
    LastOne,
    Picture {
        fault: PictureFault,
    },
    Address {
        fault: AddressFault,
    },
    Video {
        fault: VideoFault,
    },
}

/// Why a file is not taken as a picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PictureFault {
    Empty,
    /// A photo format of phones that browsers cannot show.
    Heic,
    Svg,
    NotAPicture,
    /// It begins like a picture but cannot be read to its end.
    Damaged,
    TooManyPixels,
    TooManyBytes,
}

/// Why something is not taken as a room's video, or its captions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum VideoFault {
    /// Neither MP4 nor WebM nor a stream: a page that only shows one, for instance.
    NotMedia,
    NotCaptions,
    TooManyBytes,
}

/// Why a picture's address is not fetched.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AddressFault {
    Shape,
    /// It leads into a private network.
    Private,
    NoAnswer,
    TooManyRedirects,
}

impl Problem {
    pub fn invalid(field: impl Into<String>, rule: Rule) -> Self {
        Self::Invalid { field: field.into(), rule }
    }

    /// By whom is not known.
    pub fn changed(now: i64) -> Self {
        Self::Changed { now, by: String::new() }
    }

    pub fn not_found(thing: Thing) -> Self {
        Self::NotFound { thing }
    }

    /// The word on the wire; it never changes.
    pub fn code(&self) -> &'static str {
        match self {
            Self::SignInNeeded => "sign_in_needed",
            Self::WrongCredentials => "wrong_credentials",
            Self::WrongCode { .. } => "wrong_code",
            Self::Elsewhere { .. } => "elsewhere",
            Self::OneDevice { .. } => "one_device",
            Self::NotAllowed => "not_allowed",
            Self::NotFound { .. } => "not_found",
            Self::Invalid { .. } => "invalid",
            Self::Taken { .. } => "taken",
            Self::Changed { .. } => "changed",
            Self::TooFast { .. } => "too_fast",
            Self::TooLarge { .. } => "too_large",
            Self::Full { .. } => "full",
            Self::NoFiles => "no_files",
            Self::Shut => "shut",
            Self::Muted { .. } => "muted",
            Self::Slow { .. } => "slow",
            Self::MembersOnly => "members_only",
            Self::HostsOnly => "hosts_only",
            Self::Unanswered => "unanswered",
            Self::Unreachable => "unreachable",
            Self::Blocked => "blocked",
            Self::Filtered => "filtered",
            Self::Held => "held",
            Self::Declined => "declined",
            Self::Objected { .. } => "objected",
            Self::Removed { .. } => "removed",
            Self::Gone => "gone",
            Self::Unavailable => "unavailable",
            Self::Broken { .. } => "broken",
        }
    }

    /// After how many milliseconds it does not hold any more, as far as it says so.
    pub fn wait_ms(&self) -> Option<u64> {
        match self {
            Self::TooFast { wait_ms } | Self::Slow { wait_ms } => Some(*wait_ms),
            Self::Muted { wait_ms, .. } => *wait_ms,
            _ => None,
        }
    }

    /// The same, some time later.
    pub fn with_wait(mut self, left: u64) -> Self {
        match &mut self {
            Self::TooFast { wait_ms } | Self::Slow { wait_ms } => *wait_ms = left,
            Self::Muted { wait_ms: Some(wait_ms), .. } => *wait_ms = left,
            _ => {}
        }
        self
    }

    /// Whether it is about the sender or the room, not about what was to be said: whatever else
    /// they want to say is refused as well.
    pub fn is_quiet(&self) -> bool {
        matches!(
            self,
            Self::Muted { .. }
                | Self::Slow { .. }
                | Self::MembersOnly
                | Self::HostsOnly
                | Self::Unanswered
                | Self::Unreachable
                | Self::Blocked
        )
    }

    /// The HTTP status that says the same.
    pub fn status(&self) -> u16 {
        match self {
            Self::SignInNeeded | Self::WrongCredentials => 401,
            Self::Held => 202,
            Self::NotAllowed
            | Self::Shut
            | Self::Muted { .. }
            | Self::MembersOnly
            | Self::HostsOnly
            | Self::NoFiles
            | Self::Unanswered
            | Self::Unreachable
            | Self::Blocked
            | Self::Declined
            | Self::Removed { .. } => 403,
            Self::NotFound { .. } => 404,
            Self::Invalid { .. } | Self::Filtered | Self::Objected { .. } | Self::WrongCode { .. } => 422,
            Self::Taken { .. } | Self::Changed { .. } | Self::Elsewhere { .. } | Self::OneDevice { .. } => 409,
            Self::TooFast { .. } | Self::Slow { .. } => 429,
            Self::TooLarge { .. } | Self::Full { .. } => 413,
            Self::Gone => 410,
            Self::Unavailable => 503,
            Self::Broken { .. } => 500,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problem_travels_as_its_code_and_fields() {
        let problem = Problem::invalid("name", Rule::TooShort { min: 2 });
        let json = serde_json::to_value(&problem).unwrap();
        assert_eq!(json, serde_json::json!({"code":"invalid","field":"name","rule":{"rule":"too_short","min":2}}));
        assert_eq!(serde_json::from_value::<Problem>(json).unwrap(), problem);
    }
}

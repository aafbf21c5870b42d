//! What a site is asked, and what it may answer.

use crate::store::posts::NewPost;
use domain::MessageId;
use domain::audit::MAX_DETAIL;
use domain::person::Person;
use domain::text::is_hidden;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// What somebody wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wish {
    /// To say something, or to say again what somebody said.
    Say,
    /// To put it in the place of what they said.
    Change(MessageId),
}

/// Something that is about to be said, as the site reads it.
#[derive(Debug, Serialize)]
pub(crate) struct Question<'a> {
    /// `message`, `forward`, `edit`, or `aloud`: to everybody who is here, kept nowhere.
    pub kind: &'static str,
    /// The room's slug; of a private chat `@` and the other one's name.
    pub room: Option<&'a str>,
    pub person: &'a Person,
    pub text: &'a str,
    pub files: Vec<&'a str>,
    pub client_id: Option<&'a str>,
    /// The message that is forwarded or changed.
    pub message: Option<MessageId>,
    /// Where its sender came in: `page`, `api`, `key` or a facade; `null` if that is not known.
    pub door: Option<String>,
}

impl<'a> Question<'a> {
    /// About a message in a room.
    pub fn about(new: &'a NewPost, room: &'a str, wish: Wish, door: Option<String>) -> Self {
        let (kind, message) = match (wish, new.origin) {
            (Wish::Change(message), _) => ("edit", Some(message)),
            (Wish::Say, Some(origin)) => ("forward", Some(origin)),
            (Wish::Say, None) => ("message", None),
        };
        Self {
            kind,
            room: Some(room),
            person: &new.author,
            text: &new.text,
            files: new.files.iter().map(|file| file.name.as_str()).collect(),
            client_id: (wish == Wish::Say).then(|| new.client_id.as_str()),
            message,
            door,
        }
    }

    /// About what is kept nowhere.
    pub fn aloud(person: &'a Person, text: &'a str, door: Option<String>) -> Self {
        Self { kind: "aloud", room: None, person, text, files: Vec::new(), client_id: None, message: None, door }
    }
}

/// The site's word.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(tag = "verdict", rename_all = "snake_case")]
pub(crate) enum Answer {
    Pass,
    Refuse {
        /// What the sender is told: at most 200 characters on one line.
        #[serde(default)]
        reason: String,
    },
    /// It waits for a host.
    Hold,
}

impl Answer {
    /// `None` for what is no verdict.
    pub fn read(bytes: &[u8]) -> Option<Self> {
        // An array would be read as its fields in their order.
        let fields: Map<String, Value> = serde_json::from_slice(bytes).ok()?;
        match serde_json::from_value(Value::Object(fields)).ok()? {
            Self::Refuse { reason } => Some(Self::Refuse { reason: tidy(&reason) }),
            answer => Some(answer),
        }
    }

    pub fn name(&self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Refuse { .. } => "refuse",
            Self::Hold => "hold",
        }
    }
}

/// A refusal counts however its reason is written.
fn tidy(reason: &str) -> String {
    let words = reason.split_whitespace().collect::<Vec<_>>().join(" ");
    let kept: String = words.chars().filter(|c| !is_hidden(*c)).take(MAX_DETAIL).collect();
    kept.trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_one_of_three() {
        assert_eq!(Answer::read(br#"{"verdict":"pass"}"#), Some(Answer::Pass));
        assert_eq!(Answer::read(br#"{"verdict":"hold","more":1}"#), Some(Answer::Hold));
        assert_eq!(Answer::read(br#"{"verdict":"refuse"}"#), Some(Answer::Refuse { reason: String::new() }));
        for odd in
            ["", "pass", "{}", "[]", r#"{"verdict":"maybe"}"#, r#"{"verdict":1}"#, "null", r#"{"verdict":"pass""#]
        {
            assert_eq!(Answer::read(odd.as_bytes()), None, "{odd}");
        }
    }

    #[test]
    fn a_reason_is_one_short_line() {
        let reason = |text: &str| {
            Answer::read(
                &serde_json::to_vec(&serde_json::json!({"verdict": "refuse", "reason": text})).unwrap_or_default(),
            )
        };
        let refuse = |reason: &str| Some(Answer::Refuse { reason: reason.to_owned() });
        assert_eq!(reason(" no\r\n links \u{202E}here "), refuse("no links here"));
        assert_eq!(reason(&"长".repeat(300)), refuse(&"长".repeat(200)));
    }
}

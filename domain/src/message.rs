//! A message: something said in a room.

use crate::attachment::Attachment;
use crate::person::Person;
use crate::problem::{Problem, Rule};
use crate::reaction::Reaction;
use crate::span::{self, Span};
use crate::text::is_hidden;
use crate::{ClientId, MessageId};
use serde::{Deserialize, Serialize};

/// Longest text, in characters.
pub const MAX_CHARS: usize = 4_000;

/// How many messages a page of history holds.
pub const PAGE: usize = 40;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    pub id: MessageId,
    /// Its place in the room.
    pub seq: i64,
    /// What its sender called it first.
    pub client_id: ClientId,
    pub author: Person,
    pub spans: Vec<Span>,
    /// At most [`crate::attachment::MAX_FILES`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<Attachment>,
    /// When the server took it.
    pub at: i64,
    /// When its author changed it last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub edited: Option<i64>,
    /// What it answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reply: Option<Box<Quote>>,
    /// In the order in which they first came.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reactions: Vec<Reaction>,
}

/// A message as another one quotes it: always as it is now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quote {
    pub id: MessageId,
    pub seq: i64,
    pub author: Person,
    /// Its first line; `None` once it was taken back.
    pub line: Option<String>,
}

/// Longest line of a quote, in characters.
const MAX_LINE: usize = 120;

impl Quote {
    /// What is quoted of a message that says this.
    pub fn line_of(spans: &[Span]) -> Option<String> {
        span::recalled(spans).is_none().then(|| span::first_line(spans, MAX_LINE))
    }
}

/// A page of history, oldest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct History {
    pub messages: Vec<Message>,
    /// Whether there are earlier ones.
    pub has_more: bool,
}

/// The text of a message as typed: 1 to 4,000 characters, line ends as `\n`, no controls
/// but tab, surrounding blank space removed. Bidirectional overrides are dropped: they
/// would reorder what others read.
pub fn parse_text(text: &str) -> Result<String, Problem> {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    if text.chars().any(|c| c.is_control() && c != '\n' && c != '\t') {
        return Err(Problem::invalid("text", Rule::Characters));
    }
    let visible = text.chars().any(|c| !c.is_whitespace() && !is_hidden(c) && c != '\u{200D}');
    if !visible {
        return Err(Problem::invalid("text", Rule::Empty));
    }
    let text: String =
        text.chars().filter(|c| !matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')).collect();
    let text = text.trim();
    if text.chars().count() > MAX_CHARS {
        return Err(Problem::invalid("text", Rule::TooLong { max: MAX_CHARS as u32 }));
    }
    Ok(text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn limits() {
        assert_eq!(parse_text("  hi\r\nyou "), Ok("hi\nyou".to_owned()));
        assert!(parse_text(&"字".repeat(4_000)).is_ok());
        assert_eq!(parse_text(&"字".repeat(4_001)), Err(Problem::invalid("text", Rule::TooLong { max: 4_000 })));
        for empty in ["", " \n", "\u{200B}", "\u{202E}"] {
            assert_eq!(parse_text(empty), Err(Problem::invalid("text", Rule::Empty)), "{empty:?}");
        }
        assert_eq!(parse_text("a\0"), Err(Problem::invalid("text", Rule::Characters)));
    }

    proptest! {
        #[test]
        fn a_text_that_passes_passes_again(text in ".{0,200}") {
            if let Ok(once) = parse_text(&text) {
                prop_assert_eq!(parse_text(&once), Ok(once.clone()));
            }
        }
    }
}

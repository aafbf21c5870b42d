//! Formatted text as data. The server makes spans from what was typed (`chat::spans`); the
//! page draws them. Nobody's words ever become HTML by themselves.

use crate::PersonId;
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Span {
    Text(String),
    /// A line break.
    Break,
    /// `href` begins with `http://`, `https://` or `mailto:`; the server made sure.
    Link {
        href: String,
        text: String,
    },
    Mention {
        person: PersonId,
        name: String,
    },
    /// Everybody in the room is meant.
    Everyone,
    /// Stands first: what follows was said by somebody else, in `room` if that may be told.
    Forwarded {
        name: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        room: Option<String>,
    },
    Code(String),
    /// A fenced block, lines kept.
    Block(String),
    Strong(Vec<Span>),
    Emphasis(Vec<Span>),
    /// All that is left of a message that was taken back; by whom, as others read them.
    Recalled {
        name: String,
    },
}

/// Who took a message back; `None` if nobody did.
pub fn recalled(spans: &[Span]) -> Option<&str> {
    match spans {
        [Span::Recalled { name }] => Some(name),
        _ => None,
    }
}

/// The beginning of what is said, up to the first line break that has words before it.
pub fn first_line(spans: &[Span], max: usize) -> String {
    let mut out = String::new();
    for span in spans {
        if *span == Span::Break && !out.trim().is_empty() {
            break;
        }
        write_plain(std::slice::from_ref(span), &mut out);
    }
    let line = out.trim().lines().next().unwrap_or_default();
    match line.char_indices().nth(max) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line.to_owned(),
    }
}

/// The words alone, for one-line previews and screen readers.
pub fn plain(spans: &[Span]) -> String {
    let mut out = String::new();
    write_plain(spans, &mut out);
    out
}

fn write_plain(spans: &[Span], out: &mut String) {
    for span in spans {
        match span {
            Span::Text(t) | Span::Code(t) | Span::Block(t) | Span::Link { text: t, .. } => out.push_str(t),
            Span::Break => out.push(' '),
            Span::Mention { name, .. } => {
                out.push('@');
                out.push_str(name);
            }
            Span::Strong(inner) | Span::Emphasis(inner) => write_plain(inner, out),
            Span::Everyone => out.push_str(EVERYONE),
            Span::Recalled { .. } | Span::Forwarded { .. } => {}
        }
    }
}

/// How everybody is called where the reader's language is not known.
const EVERYONE: &str = "@all";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_line_is_the_first_with_words() {
        let text = |text: &str| Span::Text(text.to_owned());
        let origin = Span::Forwarded { name: "Ana".into(), room: None };
        let said = [origin, Span::Break, text(" one "), Span::Strong(vec![text("two")]), Span::Break, text("three")];
        assert_eq!(first_line(&said, 20), "one two");
        assert_eq!(first_line(&said, 3), "one…");
        assert_eq!(first_line(&[Span::Block("a\nb".into())], 9), "a");
        assert_eq!(first_line(&[Span::Recalled { name: "Ana".into() }], 9), "");
    }
}

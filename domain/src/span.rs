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
            Span::Recalled { .. } => {}
        }
    }
}

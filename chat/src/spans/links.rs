//! Where a link may lead, and links that were typed without any marks.

use super::mentions::{self, People};
use domain::span::Span;
use domain::text::is_hidden;
use linkify::{LinkFinder, LinkKind};
use std::ops::Range;

/// The address in the form in which the page may use it: http, https or mailto, the scheme
/// in small letters, nothing in it that hides, breaks or leaves the address.
pub(super) fn href(address: &str) -> Option<String> {
    let (scheme, rest) = address.split_once(':')?;
    let scheme = scheme.to_ascii_lowercase();
    let begins_well = match scheme.as_str() {
        "http" | "https" => {
            rest.strip_prefix("//").is_some_and(|host| host.starts_with(|c: char| c.is_alphanumeric() || c == '['))
        }
        "mailto" => rest.contains('@'),
        _ => false,
    };
    let is_clean =
        !rest.chars().any(|c| c.is_whitespace() || is_hidden(c) || matches!(c, '<' | '>' | '"' | '\\' | '`'));
    (begins_well && is_clean).then(|| format!("{scheme}:{rest}"))
}

/// The addresses in a text that were typed without marks.
pub(super) struct Bare(Vec<Range<usize>>);

impl Bare {
    pub fn find(text: &str) -> Self {
        Self(finder().links(text).map(|link| link.start()..link.end()).collect())
    }

    /// Whether a mark at this place belongs to an address, like the `_` in `http://a.b/c_d_`.
    pub fn covers(&self, at: usize) -> bool {
        let i = self.0.partition_point(|range| range.end <= at);
        self.0.get(i).is_some_and(|range| range.contains(&at))
    }
}

/// Spans of one line of text: bare addresses become links; the rest may mention people.
pub(super) fn write(line: &str, people: &People, spans: &mut Vec<Span>) {
    let mut words = 0;
    for link in finder().links(line) {
        let address = match link.kind() {
            LinkKind::Email => href(&format!("mailto:{}", link.as_str())),
            _ => href(link.as_str()),
        };
        let Some(href) = address else { continue };
        mentions::write(&line[words..link.start()], people, spans);
        spans.push(Span::Link { href, text: link.as_str().to_owned() });
        words = link.end();
    }
    mentions::write(&line[words..], people, spans);
}

fn finder() -> LinkFinder {
    LinkFinder::new()
}

//! `@name`. Chinese has no spaces, so a name may be followed directly by other words:
//! the longest name that somebody bears wins, and it may not end within a word.

use crate::names::name_key;
use domain::person::Person;
use domain::span::Span;
use std::collections::HashMap;
use std::ops::Deref;

/// Those who can be mentioned, by `name_key`.
#[derive(Clone, Debug, Default)]
pub(crate) struct People {
    known: HashMap<String, Person>,
    /// Whether all of them can be, at once.
    pub everyone: bool,
}

impl FromIterator<(String, Person)> for People {
    fn from_iter<T: IntoIterator<Item = (String, Person)>>(people: T) -> Self {
        Self { known: people.into_iter().collect(), everyone: false }
    }
}

impl Deref for People {
    type Target = HashMap<String, Person>;

    fn deref(&self) -> &Self::Target {
        &self.known
    }
}

/// What is typed for everybody in a room.
pub(crate) const EVERYONE: [&str; 2] = ["all", "所有人"];

/// As many `@` of one message are looked up; the others stay text.
const MAX_MENTIONS: usize = 20;
/// Lengths of names, in characters (`domain::person::parse_name`).
const NAME_CHARS: std::ops::RangeInclusive<usize> = 2..=32;

/// The keys of all names that a text may mean.
pub(crate) fn candidates(text: &str) -> Vec<String> {
    let mut keys: Vec<String> =
        ats(text).take(MAX_MENTIONS).flat_map(|at| names_at(&text[at + 1..])).map(name_key).collect();
    keys.sort();
    keys.dedup();
    keys
}

pub(super) fn write(text: &str, people: &People, spans: &mut Vec<Span>) {
    let mut words = 0;
    if people.everyone || !people.is_empty() {
        for at in ats(text) {
            if at < words {
                continue;
            }
            let Some((name, span)) = find(&text[at + 1..], people) else { continue };
            push_text(&text[words..at], spans);
            spans.push(span);
            words = at + 1 + name.len();
        }
    }
    push_text(&text[words..], spans);
}

fn push_text(text: &str, spans: &mut Vec<Span>) {
    if !text.is_empty() {
        spans.push(Span::Text(text.to_owned()));
    }
}

/// A person's own name goes before the word for everybody.
fn find<'t>(text: &'t str, people: &People) -> Option<(&'t str, Span)> {
    names_at(text).find_map(|name| {
        let key = name_key(name);
        let span = match people.get(&key) {
            Some(person) => Span::Mention { person: person.id, name: person.name.clone() },
            None if people.everyone && EVERYONE.contains(&&*key) => Span::Everyone,
            None => return None,
        };
        Some((name, span))
    })
}

/// Places of `@` that do not continue a word, as in an e-mail address.
fn ats(text: &str) -> impl Iterator<Item = usize> {
    text.match_indices('@')
        .map(|(at, _)| at)
        .filter(|at| text[..*at].chars().next_back().is_none_or(|c| !c.is_alphanumeric() || is_unspaced(c)))
}

/// What may be a name at the beginning of a text, longest first.
fn names_at(text: &str) -> impl Iterator<Item = &str> {
    let fits = |c: &char| !c.is_whitespace() && !"@:/\\<>\"'`#?&%,;()[]{}|".contains(*c);
    let run: Vec<char> = text.chars().take(NAME_CHARS.end() + 1).take_while(fits).collect();
    let longest = run.len().min(*NAME_CHARS.end());
    (*NAME_CHARS.start()..=longest)
        .rev()
        .filter(move |n| run.get(*n).is_none_or(|next| ends_between(run[*n - 1], *next)))
        .map(|n| &text[..text.char_indices().nth(n).map_or(text.len(), |(end, _)| end)])
}

fn ends_between(last: char, next: char) -> bool {
    !last.is_alphanumeric() || !next.is_alphanumeric() || is_unspaced(last) || is_unspaced(next)
}

/// Of a script that puts no spaces between words (or, as Korean, ties particles to them).
fn is_unspaced(c: char) -> bool {
    matches!(c,
        '\u{0E00}'..='\u{0EFF}' | '\u{1000}'..='\u{109F}' | '\u{1780}'..='\u{17FF}' | '\u{2E80}'..='\u{9FFF}'
        | '\u{AC00}'..='\u{D7AF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFF}')
}

//! What somebody asks for: words, and filters between them such as `from:ana`.

use super::terms::{self, Term};
use domain::search::MAX_CHARS;
use domain::time::{DAY_MS, Millis, parse_local};

/// Most words of a question; the rest is not looked at.
const MOST_TERMS: usize = 12;

/// What a message or a hit must have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Has {
    Picture,
    Link,
    File,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Query {
    pub terms: Vec<Term>,
    /// A user name.
    pub from: Option<String>,
    /// A room's address.
    pub room: Option<String>,
    pub has: Option<Has>,
    /// Said at this time or later.
    pub after: Option<Millis>,
    /// Said before this time.
    pub before: Option<Millis>,
}

impl Query {
    /// Whatever is no filter is a word: nothing that can be typed is an error. Days are those of
    /// somebody `tz` minutes east of UTC; `after` and `before` leave the day itself out.
    pub fn parse(asked: &str, tz: i32) -> Self {
        let mut query = Self::default();
        let asked: String = asked.chars().take(MAX_CHARS).collect();
        for word in asked.split_whitespace() {
            if !query.take_filter(word, tz) {
                query.terms.extend(terms::of(word));
            }
        }
        query.terms.truncate(MOST_TERMS);
        query
    }

    /// Whether it asks for nothing at all.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Whether something other than words is asked for, which only messages and pictures have.
    pub fn is_filtered(&self) -> bool {
        let Self { terms: _, from, room, has, after, before } = self;
        from.is_some() || room.is_some() || has.is_some() || after.is_some() || before.is_some()
    }

    fn take_filter(&mut self, word: &str, tz: i32) -> bool {
        // Also with the sign of a Chinese keyboard.
        let Some((name, value)) = word.split_once([':', '：']) else { return false };
        let day = || parse_local(&format!("{value}T00:00")).map(|at| at - i64::from(tz) * 60_000);
        match name.to_ascii_lowercase().as_str() {
            "from" if !value.is_empty() => self.from = Some(value.trim_start_matches('@').to_owned()),
            "in" if !value.is_empty() => self.room = Some(value.to_lowercase()),
            "has" if value == "picture" => self.has = Some(Has::Picture),
            "has" if value == "link" => self.has = Some(Has::Link),
            "has" if value == "file" => self.has = Some(Has::File),
            "before" if day().is_some() => self.before = day(),
            "after" if day().is_some() => self.after = day().map(|at| at + DAY_MS),
            _ => return false,
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn filters_are_taken_out_and_the_rest_are_words() {
        let query = Query::parse("from:@ana in:Hall has:link after:2027-01-02 before：2027-02-01 boat", 60);
        assert_eq!((query.from.as_deref(), query.room.as_deref()), (Some("ana"), Some("hall")));
        assert_eq!((query.has, query.terms.len()), (Some(Has::Link), 1));
        assert_eq!(query.after, parse_local("2027-01-02T23:00"));
        assert_eq!(query.before, parse_local("2027-01-31T23:00"));
        assert!(query.is_filtered() && !query.is_empty());
    }

    #[test]
    fn what_only_looks_like_a_filter_is_words() {
        for (asked, terms) in
            [("before:yesterday", 2), ("has:everything", 2), ("12:30", 2), ("from:", 1), ("\" * NEAR ( :", 1), ("", 0)]
        {
            let query = Query::parse(asked, 0);
            assert!(!query.is_filtered() && query.terms.len() == terms, "{asked}: {query:?}");
        }
        assert!(Query::parse("  *  ", 0).is_empty());
        assert_eq!(Query::parse(&"a ".repeat(100), 0).terms.len(), MOST_TERMS);
    }
}

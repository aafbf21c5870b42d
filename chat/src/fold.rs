//! What is left of a text when width, case, accents, signs and traditional characters make no
//! difference: what search compares.

use domain::text::is_hidden;
use std::collections::HashMap;
use std::sync::LazyLock;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Traditional characters, each followed by its simplified one: the single characters of
/// `TSCharacters.txt` of Open Chinese Convert (OpenCC, Apache License 2.0), where there are
/// several the first.
const SIMPLIFIED: &str = include_str!("simplified.txt");

static SIMPLE: LazyLock<HashMap<char, char>> = LazyLock::new(|| {
    let mut chars = SIMPLIFIED.chars().filter(|c| !c.is_whitespace());
    std::iter::from_fn(|| Some((chars.next()?, chars.next()?))).collect()
});

/// A character of a folded text, and whether something stood before it that was left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Folded {
    pub is: char,
    pub after_gap: bool,
}

impl Folded {
    /// Scripts that write words without blanks in between.
    pub fn is_dense(self) -> bool {
        matches!(self.is, '\u{0E00}'..='\u{0EFF}' | '\u{2E80}'..='\u{9FFF}' | '\u{AC00}'..='\u{D7FF}'
            | '\u{1100}'..='\u{11FF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFF}')
    }
}

/// Letters and digits alone, all of them small, simple, of usual width and without accents.
pub(crate) fn fold(text: &str) -> Vec<Folded> {
    let mut out: Vec<Folded> = Vec::with_capacity(text.len());
    let mut after_gap = true;
    for c in text.nfkd().filter(|c| !is_hidden(*c) && !is_combining_mark(*c)) {
        if !c.is_alphanumeric() {
            after_gap |= c != '\u{200D}';
            continue;
        }
        for is in c.to_lowercase() {
            let is = SIMPLE.get(&is).copied().unwrap_or(is);
            out.push(Folded { is, after_gap });
            after_gap = false;
        }
    }
    out
}

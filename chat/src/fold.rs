//! What is left of a text when width, case, accents, signs and traditional characters make no
//! difference: what search and the word filter compare. Whoever hides a word by them has written it.

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

/// Whether a folded word stands in a folded text. Letters of scripts with blanks have to be a
/// word there too: `ass` is not in `class`, but it is in `a.s.s`.
pub(crate) fn holds(text: &[Folded], word: &[Folded]) -> bool {
    let (Some(first), Some(last)) = (word.first(), word.last()) else { return false };
    text.windows(word.len()).enumerate().any(|(at, window)| {
        let same = window.iter().zip(word).all(|(a, b)| a.is == b.is);
        same && (first.is_dense() || begins(text, at)) && (last.is_dense() || begins(text, at + word.len()))
    })
}

/// Whether a word can begin there, and end before it.
fn begins(text: &[Folded], at: usize) -> bool {
    let Some(next) = text.get(at) else { return true };
    let before = at.checked_sub(1).and_then(|before| text.get(before));
    next.after_gap || next.is_dense() || before.is_none_or(|before| before.is_dense())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str, word: &str) -> bool {
        holds(&fold(text), &fold(word))
    }

    #[test]
    fn a_word_is_found_however_it_is_dressed() {
        for (text, word) in [
            ("你这个傻瓜真是", "傻瓜"),
            ("你這個傻瓜", "这个"),
            ("这个", "這個"),
            ("我們去賭博吧", "赌博"),
            ("赌 博", "賭博"),
            ("赌…博", "赌博"),
            ("赌\u{200B}博", "赌博"),
            ("赌\u{FEFF}\u{200D}博", "赌博"),
            ("赌*博*网", "赌博网"),
            ("赌\n博", "赌博"),
            ("ＳＰＡＭ", "spam"),
            ("ｽﾊﾟﾑ", "スパム"),
            ("SpAm!", "spam"),
            ("s p a m", "spam"),
            ("s.p-a_m", "Spam"),
            ("spám", "spam"),
            ("买spam的", "spam"),
            ("加微信vx123", "vx123"),
            ("加VX１２３吧", "vx123"),
            ("髒話", "脏话"),
            ("裏面", "里面"),
            ("buy now here", "buynow"),
        ] {
            assert!(found(text, word), "{word} in {text}");
        }
    }

    #[test]
    fn a_word_is_not_found_where_it_is_not() {
        for (text, word) in [
            ("class", "ass"),
            ("assess", "ass"),
            ("as soon", "ass"),
            ("grapefruit", "grape"),
            ("赌注博大", "赌博"),
            ("", "x"),
            ("anything", "…"),
            ("1234", "123"),
        ] {
            assert!(!found(text, word), "{word} in {text}");
        }
    }

    #[test]
    fn the_table_is_pairs_of_different_characters() {
        assert!(SIMPLE.len() > 2_500, "{}", SIMPLE.len());
        assert!(SIMPLE.iter().all(|(from, to)| from != to));
        for (from, to) in [('萬', '万'), ('與', '与'), ('龍', '龙'), ('說', '说')] {
            assert_eq!(SIMPLE.get(&from), Some(&to));
        }
    }
}

//! Words as the index knows them. Scripts without blanks are cut into overlapping pairs, so that
//! any part of a sentence is found, however long; the last of a run stands alone as well, so that
//! every single character begins something. The databases only ever see what is made here, and
//! therefore find the same.

use crate::fold::{Folded, fold};
use domain::search::Piece;

/// Longest word that is told apart, in characters.
const LONGEST: usize = 40;

/// What has to stand in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Term {
    /// These, one directly after the other.
    Phrase(Vec<String>),
    /// Something that begins so.
    Prefix(String),
}

/// What a text holds, in its order.
pub fn index(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for run in runs(&fold(text)) {
        match run {
            Run::Word(word) => found.push(word),
            Run::Dense(chars) => {
                found.extend(chars.windows(2).map(|pair| pair.iter().collect()));
                found.extend(chars.last().map(char::to_string));
            }
        }
    }
    found
}

/// What to look for when somebody asks for `text`.
pub fn of(text: &str) -> Vec<Term> {
    let term = |run| match run {
        Run::Word(word) => Term::Prefix(word),
        Run::Dense(chars) if chars.len() == 1 => Term::Prefix(chars.into_iter().collect()),
        Run::Dense(chars) => Term::Phrase(chars.windows(2).map(|pair| pair.iter().collect()).collect()),
    };
    runs(&fold(text)).into_iter().map(term).collect()
}

enum Run {
    /// Letters and digits between blanks.
    Word(String),
    Dense(Vec<char>),
}

fn runs(text: &[Folded]) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    for c in text {
        match runs.last_mut() {
            Some(Run::Word(word)) if !c.after_gap && !c.is_dense() => {
                if word.chars().count() < LONGEST {
                    word.push(c.is);
                }
            }
            Some(Run::Dense(chars)) if !c.after_gap && c.is_dense() => chars.push(c.is),
            _ if c.is_dense() => runs.push(Run::Dense(vec![c.is])),
            _ => runs.push(Run::Word(c.is.to_string())),
        }
    }
    runs
}

/// Most characters of a message that a hit shows, and how many of them before the first word found.
const SHOWN: usize = 200;
const BEFORE: usize = 40;

/// The part of a message around what was asked for, which is marked.
pub fn pieces(text: &str, terms: &[Term]) -> Vec<Piece> {
    let chars: Vec<char> = text.chars().collect();
    let marks = marks(&chars, terms);
    let first = marks.iter().position(|is_hit| *is_hit).unwrap_or_default();
    let begin = first.saturating_sub(BEFORE);
    let end = chars.len().min(begin + SHOWN);
    let mut pieces: Vec<Piece> = Vec::new();
    let mut put = |c: char, is_hit: bool| match pieces.last_mut() {
        Some(piece) if piece.is_hit == is_hit => piece.text.push(c),
        _ => pieces.push(Piece { text: c.to_string(), is_hit }),
    };
    if begin > 0 {
        put('…', false);
    }
    for (c, is_hit) in chars.iter().zip(&marks).take(end).skip(begin) {
        put(*c, *is_hit);
    }
    if end < chars.len() {
        put('…', false);
    }
    pieces
}

/// Which characters belong to a term.
fn marks(chars: &[char], terms: &[Term]) -> Vec<bool> {
    // Folding one character at a time keeps where each one came from.
    let mut folded: Vec<(char, usize)> = Vec::new();
    for (at, c) in chars.iter().enumerate() {
        folded.extend(fold(c.encode_utf8(&mut [0; 4])).iter().map(|folded| (folded.is, at)));
    }
    let mut marks = vec![false; chars.len()];
    for term in terms {
        let wanted: Vec<char> = match term {
            Term::Prefix(word) => word.chars().collect(),
            // Pairs overlap: the first whole, of the others their second half.
            Term::Phrase(pairs) => {
                let rest = pairs.iter().skip(1).filter_map(|pair| pair.chars().nth(1));
                pairs.iter().take(1).flat_map(|pair| pair.chars()).chain(rest).collect()
            }
        };
        for window in folded.windows(wanted.len().max(1)) {
            if window.iter().map(|(c, _)| c).eq(&wanted) {
                for (_, at) in window {
                    marks[*at] = true;
                }
            }
        }
    }
    marks
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dense_scripts_are_cut_into_pairs() {
        assert_eq!(index("我的爸爸 OK吗"), ["我的", "的爸", "爸爸", "爸", "ok", "吗"]);
        assert_eq!(index("I'm here, 12:30"), ["i", "m", "here", "12", "30"]);
        assert!(index("…😀 * ( \"").is_empty());
    }

    #[test]
    fn one_character_is_a_beginning_and_more_are_a_phrase() {
        assert_eq!(of("图"), [Term::Prefix("图".into())]);
        assert_eq!(of("具體情況"), [Term::Phrase(["具体", "体情", "情况"].map(String::from).into())]);
        assert_eq!(of("Ｗｈａｔ"), [Term::Prefix("what".into())]);
    }

    #[test]
    fn what_was_asked_for_is_marked_in_the_words_as_written() {
        let marked = |text: &str, asked: &str| -> Vec<String> {
            pieces(text, &of(asked)).into_iter().filter(|piece| piece.is_hit).map(|piece| piece.text).collect()
        };
        assert_eq!(marked("我的爸爸肚子很餓", "爸爸"), ["爸爸"]);
        assert_eq!(marked("肚子很餓", "很饿"), ["很餓"]);
        assert_eq!(marked("Whatever, WHAT", "what"), ["What", "WHAT"]);
        let long = format!("{}boat{}", "word ".repeat(40), " word".repeat(100));
        let pieces = pieces(&long, &of("boat"));
        assert_eq!((pieces.len(), pieces[0].text.starts_with('…'), pieces[2].text.ends_with('…')), (3, true, true));
    }
}

//! What people may write into one-line fields, and how long anything may be.

use crate::problem::{Problem, Rule};

/// Characters that hide, reorder or break text: controls, bidirectional overrides and
/// isolates, zero-width characters, tags, line and paragraph separators.
///
/// ZERO WIDTH JOINER (U+200D) and variation selectors pass: emoji need them.
pub fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{00AD}' | '\u{034F}' | '\u{061C}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}'
            | '\u{180E}' | '\u{200B}' | '\u{200C}' | '\u{200E}' | '\u{200F}'
            | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{3164}' | '\u{FEFF}'
            | '\u{FFA0}' | '\u{FFF9}'..='\u{FFFB}' | '\u{E0000}'..='\u{E007F}')
}

/// A one-line text of `min` to `max` characters after trimming, without hidden characters.
pub fn line(field: &str, text: &str, min: usize, max: usize) -> Result<String, Problem> {
    let text = text.trim();
    let length = text.chars().count();
    if length == 0 && min > 0 {
        return Err(Problem::invalid(field, Rule::Empty));
    }
    if length < min {
        return Err(Problem::invalid(field, Rule::TooShort { min: min as u32 }));
    }
    if length > max {
        return Err(Problem::invalid(field, Rule::TooLong { max: max as u32 }));
    }
    // A noncharacter is legal UTF-8 and never a letter.
    if text.chars().any(|c| is_hidden(c) || c as u32 & 0xFFFE == 0xFFFE) {
        return Err(Problem::invalid(field, Rule::Characters));
    }
    Ok(text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_line_refuses_what_hides() {
        for wrong in ["a\u{202E}b", "a\u{200B}b", "a\nb", "a\0b", "\u{FEFF}ab", "a\u{E0041}", "a\u{FFFE}"] {
            assert_eq!(line("name", wrong, 1, 10), Err(Problem::invalid("name", Rule::Characters)), "{wrong:?}");
        }
        assert_eq!(line("name", "  小明 👩‍👧 ", 1, 10).unwrap(), "小明 👩‍👧");
    }

    proptest! {
        #[test]
        fn a_line_that_passes_passes_again(text in "\\PC{0,40}") {
            if let Ok(once) = line("x", &text, 0, 30) {
                prop_assert_eq!(line("x", &once, 0, 30), Ok(once.clone()));
                prop_assert!(once.chars().count() <= 30);
            }
        }
    }
}

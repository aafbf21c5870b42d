//! Whether somebody who types these words means this text, as in search: width, case, accents, signs
//! and traditional characters make no difference, and Chinese is found by its sound too.

use crate::fold::fold;
use crate::names::name_key;
use crate::pinyin;

/// Every word that was typed stands somewhere in the text, also within a word of it. A single letter
/// is no sound.
pub fn finds(text: &str, typed: &str) -> bool {
    let letters: Vec<char> = fold(text).into_iter().map(|c| c.is).collect();
    typed.split_whitespace().take(MOST).all(|word| holds(&letters, word) || sounds(text, word))
}

/// Words that are looked for.
const MOST: usize = 8;

fn holds(letters: &[char], word: &str) -> bool {
    let word: Vec<char> = fold(word).into_iter().map(|c| c.is).collect();
    word.is_empty() || letters.windows(word.len()).any(|window| window == word)
}

fn sounds(text: &str, word: &str) -> bool {
    let word = name_key(word);
    let is_sound = word.len() > 1 && word.bytes().all(|b| b.is_ascii_lowercase());
    let is_han = |c: char| ('\u{4E00}'..='\u{9FFF}').contains(&c);
    is_sound && text.char_indices().any(|(at, c)| is_han(c) && pinyin::begins(&text[at..], &word))
}

#[cfg(test)]
mod tests {
    use super::finds;

    #[test]
    fn words_are_found_however_they_are_typed() {
        let text = "慢速模式（秒） Slow mode --slow-mode SALON_SLOW";
        for typed in [
            "",
            "slow",
            "SLOW mode",
            "ｓｌｏｗ",
            "low",
            "慢速",
            "慢速模式",
            "mode 慢速",
            "mansu",
            "ms",
            "msms",
            "salon_slow",
            "--slow",
            "…",
        ] {
            assert!(finds(text, typed), "{typed}");
        }
        for typed in ["fast", "slow fast", "模式慢", "m x", "mansux", "快"] {
            assert!(!finds(text, typed), "{typed}");
        }
        assert!(finds("简体", "簡體"));
    }
}

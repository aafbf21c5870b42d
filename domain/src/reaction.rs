//! Reactions: one emoji of somebody's under a message.

use crate::problem::{Problem, Rule};
use serde::{Deserialize, Serialize};

/// Those that are offered first. Any other single emoji may be used as well.
pub const OFFERED: [&str; 6] = ["👍", "❤️", "😂", "🎉", "😮", "😢"];

/// Most kinds of reactions of one message.
pub const MAX_KINDS: usize = 20;

/// Longest emoji, in characters: a family of four with skin tones.
const MAX_CHARS: usize = 16;

/// How many reacted with the same emoji.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reaction {
    pub emoji: String,
    pub count: u32,
    /// Whether the reader is one of them.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub mine: bool,
}

/// Takes over what became of one emoji under a message.
pub fn count(reactions: &mut Vec<Reaction>, emoji: &str, count: u32, mine: Option<bool>) {
    match reactions.iter_mut().find(|reaction| reaction.emoji == emoji) {
        Some(reaction) => {
            reaction.count = count;
            reaction.mine = mine.unwrap_or(reaction.mine);
        }
        None => reactions.push(Reaction { emoji: emoji.to_owned(), count, mine: mine.unwrap_or(false) }),
    }
    reactions.retain(|reaction| reaction.count > 0);
}

/// A single emoji, in one way of writing it: older signs get the mark that has them drawn in colour.
///
/// # Errors
/// [`Rule::Shape`] for anything else, also for several.
pub fn parse_emoji(text: &str) -> Result<String, Problem> {
    let text = text.trim();
    let chars: Vec<char> = text.chars().take(MAX_CHARS + 1).collect();
    if chars.len() > MAX_CHARS || !is_one(&chars) {
        return Err(Problem::invalid("emoji", Rule::Shape));
    }
    Ok(match chars[..] {
        [old] if (old as u32) < 0x1_0000 => format!("{old}{IN_COLOUR}"),
        _ => text.to_owned(),
    })
}

const IN_COLOUR: char = '\u{FE0F}';
const JOINER: char = '\u{200D}';
const KEYCAP: char = '\u{20E3}';

fn is_one(chars: &[char]) -> bool {
    match chars {
        [] => false,
        [a, b] if is_region(*a) && is_region(*b) => true,
        [key, KEYCAP] | [key, IN_COLOUR, KEYCAP] => key.is_ascii_digit() || matches!(key, '#' | '*'),
        ['\u{1F3F4}', tags @ .., '\u{E007F}'] => {
            tags.len() >= 2 && tags.iter().all(|c| matches!(c, '\u{E0020}'..='\u{E007E}'))
        }
        _ => chars.split(|c| *c == JOINER).all(is_part),
    }
}

/// A sign with its marks: how it is drawn, and the tone of its skin.
fn is_part(chars: &[char]) -> bool {
    match chars {
        [sign] | [sign, IN_COLOUR] => is_sign(*sign),
        [sign, '\u{1F3FB}'..='\u{1F3FF}'] => is_sign(*sign),
        _ => false,
    }
}

fn is_region(c: char) -> bool {
    matches!(c, '\u{1F1E6}'..='\u{1F1FF}')
}

fn is_sign(c: char) -> bool {
    matches!(c,
        '\u{A9}' | '\u{AE}' | '\u{203C}' | '\u{2049}' | '\u{2122}' | '\u{2139}' | '\u{2194}'..='\u{21AA}'
        | '\u{231A}'..='\u{23FF}' | '\u{24C2}' | '\u{25AA}'..='\u{25FE}' | '\u{2600}'..='\u{27BF}'
        | '\u{2934}' | '\u{2935}' | '\u{2B05}'..='\u{2B55}' | '\u{3030}' | '\u{303D}' | '\u{3297}' | '\u{3299}'
        | '\u{1F004}' | '\u{1F0CF}' | '\u{1F170}'..='\u{1F19A}' | '\u{1F201}'..='\u{1F251}'
        | '\u{1F300}'..='\u{1F3FA}' | '\u{1F400}'..='\u{1F64F}' | '\u{1F680}'..='\u{1F6FF}'
        | '\u{1F7E0}'..='\u{1F7F0}' | '\u{1F90C}'..='\u{1F9FF}' | '\u{1FA70}'..='\u{1FAFF}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_single_emoji_in_one_way() {
        for one in OFFERED.into_iter().chain(["👍🏽", "👨‍👩‍👧‍👦", "🇨🇳", "1️⃣", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "🕵️‍♂️", "👩🏽‍🚀", "⭐️", " 🎉 "])
        {
            assert_eq!(parse_emoji(one).as_deref(), Ok(one.trim()), "{one}");
        }
        assert_eq!(parse_emoji("❤"), parse_emoji("❤️"), "one kind, however it is typed");
        for other in
            ["", "a", "好", "👍👍", "👍 👍", "1", "🇨", "\u{200D}", "👍\u{200D}", "<b>", "👍a", "\u{FE0F}", "🏽a"]
        {
            assert_eq!(parse_emoji(other), Err(Problem::invalid("emoji", Rule::Shape)), "{other:?}");
        }
        assert!(parse_emoji(&["👨"; 20].join("\u{200D}")).is_err(), "too long");
    }

    #[test]
    fn counts_are_taken_over_as_they_are_told() {
        let mut reactions = Vec::new();
        count(&mut reactions, "👍", 1, Some(true));
        count(&mut reactions, "🎉", 2, None);
        count(&mut reactions, "👍", 2, None);
        assert_eq!(reactions[0], Reaction { emoji: "👍".into(), count: 2, mine: true });
        count(&mut reactions, "👍", 0, None);
        assert_eq!(reactions.len(), 1);
        count(&mut reactions, "👍", 0, Some(false));
        assert_eq!(reactions.len(), 1, "nothing comes of nothing");
    }
}

//! Coming in: what is asked besides a password, and what happens to those who are in already.

use crate::problem::{Problem, Rule};
use serde::{Deserialize, Serialize};

/// Digits of a code that is sent by mail.
pub const CODE_DIGITS: usize = 6;
/// How long a code is good for: 10 minutes, in milliseconds.
pub const CODE_MS: i64 = 10 * 60_000;
/// How often a code may be typed.
pub const CODE_TRIES: i64 = 5;
/// After how long another one may be asked for, in milliseconds.
pub const RESEND_MS: i64 = 30_000;

/// When an address has to be proved by a code that is sent to it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Codes {
    #[default]
    Off,
    /// When an account is created.
    Registration,
    /// Then, and whenever somebody with an address signs in.
    SignIn,
}

/// What happens when somebody signs in who is signed in elsewhere.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SecondSignIn {
    /// Both stay.
    #[default]
    Allow,
    /// Who comes is asked whether to sign out there.
    Ask,
    /// Who comes is turned away while the other one is connected.
    Refuse,
    /// The other one is signed out.
    Replace,
}

impl SecondSignIn {
    pub const ALL: [Self; 4] = [Self::Allow, Self::Ask, Self::Refuse, Self::Replace];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Allow => "allow",
            Self::Ask => "ask",
            Self::Refuse => "refuse",
            Self::Replace => "replace",
        }
    }

    /// # Errors
    /// [`Problem::Invalid`] of the field `second`.
    pub fn parse(word: &str) -> Result<Self, Problem> {
        Self::ALL
            .into_iter()
            .find(|policy| policy.as_str() == word)
            .ok_or_else(|| Problem::invalid("second", Rule::Shape))
    }
}

/// What is still to be done by somebody on their way in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// To type the code that was sent.
    Code {
        /// Where to, shortened.
        hint: String,
        /// In how many milliseconds another one may be asked for; 0 for now.
        resend_ms: i64,
        /// Whether it is for an address of one's own account, not for coming in.
        own: bool,
    },
    /// To say whether the other device shall be signed out.
    Elsewhere {
        /// What the browser there calls itself.
        device: String,
        /// When it was last used.
        seen_at: i64,
    },
}

/// A code as people type it, paste it or have it filled in: blanks and hyphens are nothing, digits
/// of other scripts are not digits but for full-width ones.
///
/// # Errors
/// [`Problem::Invalid`] of the field `code`.
pub fn parse_code(typed: &str) -> Result<String, Problem> {
    let digit = |c: char| match c {
        '0'..='9' => Some(c),
        '０'..='９' => char::from_digit(c as u32 - '０' as u32, 10),
        _ => None,
    };
    let is_filling = |c: &char| c.is_whitespace() || matches!(c, '-' | '\u{200B}' | '\u{FEFF}');
    let digits: Option<String> = typed.chars().filter(|c| !is_filling(c)).take(CODE_DIGITS + 1).map(digit).collect();
    match digits {
        Some(digits) if digits.len() == CODE_DIGITS => Ok(digits),
        Some(digits) if digits.is_empty() => Err(Problem::invalid("code", Rule::Empty)),
        _ => Err(Problem::invalid("code", Rule::Shape)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_six_digits_however_typed() {
        for typed in ["123456", " 123 456 ", "123-456", "１２３４５６", "1 2 3 4 5 6\n", "123\u{00A0}456"] {
            assert_eq!(parse_code(typed).as_deref(), Ok("123456"), "{typed:?}");
        }
        assert_eq!(parse_code("000000").unwrap(), "000000");
        for bad in ["", "12345", "1234567", "12345a", "١٢٣٤٥٦", "123456; DROP TABLE"] {
            assert!(parse_code(bad).is_err(), "{bad:?}");
        }
    }
}

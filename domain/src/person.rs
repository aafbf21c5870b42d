//! A person: an account on this site.

use crate::problem::{Problem, Rule};
use crate::text;
use crate::{PersonId, SessionId};
use serde::{Deserialize, Serialize};

/// What a person may do on the whole site.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SiteRole {
    Admin,
    #[default]
    Member,
}

/// A person as others see them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    pub id: PersonId,
    /// The name to sign in with and to be mentioned by; unique.
    pub name: String,
    /// What others read; need not be unique.
    pub display: String,
    /// Names the version of their picture, at `/portrait/{id}/{version}`. Empty for none, and where a person is
    /// only named (in a quote, as the owner of a picture).
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub portrait: String,
}

impl Person {
    /// Somebody of whom nothing but the names is shown.
    pub fn named(id: PersonId, name: impl Into<String>, display: impl Into<String>) -> Self {
        Self { id, name: name.into(), display: display.into(), portrait: String::new() }
    }
}

/// A person as they see themselves.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Me {
    pub person: Person,
    pub role: SiteRole,
}

/// One signed-in device of a person, for the list in their profile.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Session {
    pub id: SessionId,
    /// What the browser calls itself, shortened: "Chrome · Windows".
    pub device: String,
    pub address: String,
    pub created_at: i64,
    pub seen_at: i64,
    /// Whether this is the session that asked.
    pub is_this: bool,
}

/// Who may create an account.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Registration {
    #[default]
    Open,
    Invited,
    Closed,
}

/// A name to sign in with: 2 to 32 characters, no spaces, nothing hidden, none of `@ : / \ < >`.
///
/// That no other name looks the same is checked where the names are (`chat::people`).
pub fn parse_name(name: &str) -> Result<String, Problem> {
    name_from(name, 2)
}

/// The same for a name that the client of an old protocol gives somebody: one character is enough.
pub fn parse_given_name(name: &str) -> Result<String, Problem> {
    name_from(name, 1)
}

fn name_from(name: &str, least: usize) -> Result<String, Problem> {
    let name = text::line("name", name, least, 32)?;
    let bad = |c: char| c.is_whitespace() || "@:/\\<>\"'`#?&%,;()[]{}|".contains(c);
    if name.chars().any(bad) || !name.chars().any(char::is_alphanumeric) {
        return Err(Problem::invalid("name", Rule::Shape));
    }
    Ok(name)
}

/// What others read: 1 to 48 characters.
pub fn parse_display(display: &str) -> Result<String, Problem> {
    text::line("display", display, 1, 48)
}

/// What somebody tells of themselves: a line of at most 200 characters, or nothing.
pub fn parse_about(about: &str) -> Result<String, Problem> {
    text::line("about", about, 0, 200)
}

/// 8 to 1,024 bytes, compared as received. Common ones are refused in `chat::people`.
pub fn check_password(password: &str) -> Result<(), Problem> {
    match password.len() {
        0 => Err(Problem::invalid("password", Rule::Empty)),
        1..8 => Err(Problem::invalid("password", Rule::TooShort { min: 8 })),
        8..=1024 => Ok(()),
        _ => Err(Problem::invalid("password", Rule::TooLong { max: 1024 })),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names() {
        for good in ["ana", "小明", "li.wei-2", "Ω_1"] {
            assert_eq!(parse_name(good).unwrap(), good);
        }
        for bad in ["", "a", "a b", "a@b", "..", "<b>", "a\u{202E}b", &"x".repeat(33)] {
            assert!(parse_name(bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn passwords_are_measured_in_bytes() {
        assert!(check_password("1234567").is_err());
        assert!(check_password("密码密").is_ok(), "nine bytes");
        assert!(check_password(&"x".repeat(1025)).is_err());
    }
}

//! Copies of a house, and what is made of them.

use super::Store;
use clap::{Args, ValueEnum};
use std::path::PathBuf;

#[derive(Debug, Args)]
pub struct Backup {
    /// The file to write, such as salon-2027-01-15.tar; FILE.part while it is being written.
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    #[command(flatten)]
    pub store: Store,
}

#[derive(Debug, Args)]
pub struct Restore {
    /// What `salon backup` wrote. It is checked to its end before anything is made of it.
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    #[command(flatten)]
    pub store: Store,
}

#[derive(Debug, Args)]
pub struct Export {
    /// The room's address: the SLUG in /r/SLUG.
    pub room: String,
    /// Folder to write into; made when missing, refused unless empty. Open its index.html.
    #[arg(value_name = "DIR")]
    pub folder: PathBuf,
    /// Language of dates and headings.
    #[arg(long, value_enum, default_value_t = Language::En)]
    pub lang: Language,
    /// Whose clock times are written by: hours and minutes east of UTC, such as +08:00.
    #[arg(long, default_value = "+00:00", value_name = "±HH:MM", value_parser = parse_zone, allow_hyphen_values = true)]
    pub zone: i32,
    #[command(flatten)]
    pub store: Store,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Language {
    En,
    Zh,
}

impl From<Language> for app::text::Lang {
    fn from(language: Language) -> Self {
        match language {
            Language::En => Self::En,
            Language::Zh => Self::Zh,
        }
    }
}

/// Minutes east of UTC.
fn parse_zone(text: &str) -> Result<i32, String> {
    let minutes = || {
        let (sign, rest) = match text.split_at_checked(1)? {
            ("+", rest) => (1, rest),
            ("-" | "−", rest) => (-1, rest),
            _ => return None,
        };
        let (hours, minutes) = rest.split_once(':')?;
        let (hours, minutes) = (hours.parse::<u8>().ok()?, minutes.parse::<u8>().ok()?);
        (hours <= 14 && minutes < 60).then_some(sign * (i32::from(hours) * 60 + i32::from(minutes)))
    };
    minutes().ok_or_else(|| "write it like +08:00".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_zone_is_hours_and_minutes() {
        assert_eq!(parse_zone("+08:00"), Ok(480));
        assert_eq!(parse_zone("-03:30"), Ok(-210));
        for odd in ["", "8", "08:00", "+15:00", "+08:60", "+-8:00", "é:1", "+08"] {
            assert!(parse_zone(odd).is_err(), "{odd:?}");
        }
    }
}

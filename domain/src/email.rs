//! Addresses of e-mail, as far as this site takes them.

use crate::problem::{Problem, Rule};
use serde::{Deserialize, Serialize};

/// Longest address, in bytes (RFC 5321 §4.5.3.1.3).
pub const MAX: usize = 254;
/// Longest part before the `@`.
const MAX_LOCAL: usize = 64;
/// Longest part between two dots of a host's name.
const MAX_LABEL: usize = 63;

/// What came of a mail that was sent to see whether mail works.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum MailTest {
    /// The server has taken it.
    Sent,
    /// There is no server: into this file of the folder `mail`.
    Written(String),
    /// The server answered, and did not take it; in its words.
    Refused(String),
    /// It did not come so far; in the system's words.
    Failed(String),
    NoAnswer,
}

/// An address that can stand in a mail's header as it is: `name@host.example`. What RFC 5322
/// allows besides (quotes, comments, blanks, literal hosts) nobody has, and it is the way by
/// which headers are forged.
///
/// # Errors
/// [`Rule::Empty`], [`Rule::TooLong`] and [`Rule::Shape`] of the field `email`.
pub fn parse_email(typed: &str) -> Result<String, Problem> {
    let address = typed.trim();
    let refuse = |rule| Err(Problem::invalid("email", rule));
    if address.is_empty() {
        return refuse(Rule::Empty);
    }
    if address.len() > MAX {
        return refuse(Rule::TooLong { max: MAX as u32 });
    }
    match address.rsplit_once('@') {
        Some((local, host)) if is_local(local) && is_host(host) => Ok(format!("{local}@{}", host.to_ascii_lowercase())),
        _ => refuse(Rule::Shape),
    }
}

/// What makes two addresses one. The name before the `@` belongs to its host, but no host that
/// people use tells capitals apart.
pub fn email_key(address: &str) -> String {
    address.trim().to_ascii_lowercase()
}

/// An address as somebody who is not signed in yet may read it: `a…@example.org`.
pub fn hint(address: &str) -> String {
    match address.rsplit_once('@') {
        Some((local, host)) => format!("{}…@{host}", local.get(..1).unwrap_or_default()),
        None => String::new(),
    }
}

fn is_local(local: &str) -> bool {
    let fits = |b: u8| b.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~.".contains(&b);
    (1..=MAX_LOCAL).contains(&local.len())
        && local.bytes().all(fits)
        && !local.starts_with('.')
        && !local.ends_with('.')
        && !local.contains("..")
}

fn is_host(host: &str) -> bool {
    let is_label = |label: &str| {
        (1..=MAX_LABEL).contains(&label.len())
            && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    host.contains('.') && host.split('.').all(is_label)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_addresses_pass() {
        for good in ["ana@example.org", "li.wei+salon@mail.example.com", "a@b.cn", "o'neil_1@x-y.example"] {
            assert_eq!(parse_email(good).as_deref(), Ok(good));
        }
        assert_eq!(parse_email(" Ana@Example.ORG ").unwrap(), "Ana@example.org");
        assert_eq!(email_key("Ana@Example.ORG"), "ana@example.org");
        assert_eq!(hint("ana@example.org"), "a…@example.org");
    }

    #[test]
    fn what_could_forge_a_header_does_not() {
        let long = format!("{}@example.org", "x".repeat(65));
        for bad in [
            "",
            "ana",
            "@example.org",
            "ana@",
            "ana@host",
            "ana@@example.org",
            "a@b@example.org",
            "ana@example.org\r\nBcc: eve@example.org",
            "ana@example.org\nSubject: x",
            "ana@example.org, eve@example.org",
            "\"ana\"@example.org",
            "<ana@example.org>",
            "ana eve@example.org",
            "ana@[127.0.0.1]",
            "ana@-x.org",
            ".ana@example.org",
            "a..b@example.org",
            "小明@example.org",
            "ana\0@example.org",
            &long,
        ] {
            assert!(parse_email(bad).is_err(), "{bad:?}");
        }
    }
}

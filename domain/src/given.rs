//! What somebody was given to get into a room: an invitation, by its code or its link, or a room's
//! address.

use crate::problem::{Problem, Rule};
use crate::room::parse_slug;

/// Longer is nothing that this site made, in characters.
const LONGEST: usize = 500;

/// What it may be: a code alone looks like an address.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Given {
    /// An invitation's token.
    pub token: Option<String>,
    pub slug: Option<String>,
}

impl Given {
    /// Reads what was typed or pasted, blanks and lines in the middle of it included. `host`: that of
    /// this site, as in links.
    ///
    /// # Errors
    /// `Invalid(invitation)` for what leads elsewhere, or nowhere.
    pub fn parse(text: &str, host: &str) -> Result<Self, Problem> {
        let odd = || Problem::invalid("invitation", Rule::Shape);
        let text: String = text.chars().filter(|c| !c.is_whitespace() && !crate::text::is_hidden(*c)).collect();
        if text.is_empty() {
            return Err(Problem::invalid("invitation", Rule::Empty));
        }
        if text.chars().count() > LONGEST {
            return Err(odd());
        }
        let path = path_of(&text, host).ok_or_else(odd)?;
        let path = path.split(['?', '#']).next().unwrap_or_default().trim_matches('/');
        let slug = |word: &str| parse_slug(word).ok();
        let given = match path.split('/').collect::<Vec<_>>().as_slice() {
            ["join", token] => Self { token: Some((*token).to_owned()), slug: None },
            ["r", word, ..] => Self { token: None, slug: slug(word) },
            [word] => Self { token: Some((*word).to_owned()), slug: slug(&word.to_lowercase()) },
            _ => Self::default(),
        };
        let is_token = |token: &String| token.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'));
        let given = Self { token: given.token.filter(|token| !token.is_empty() && is_token(token)), ..given };
        if given == Self::default() { Err(odd()) } else { Ok(given) }
    }
}

/// What stands behind the host; `None` for another site's.
fn path_of<'a>(text: &'a str, host: &str) -> Option<&'a str> {
    let rest = match text.split_once("://") {
        Some((scheme, rest)) if ["http", "https"].contains(&scheme.to_ascii_lowercase().as_str()) => rest,
        Some(_) => return None,
        // Somebody may have left the beginning out.
        None if text.get(..host.len()).is_some_and(|start| start.eq_ignore_ascii_case(host)) && !host.is_empty() => {
            text
        }
        None => return Some(text),
    };
    let (site, path) = rest.split_once('/').unwrap_or((rest, ""));
    site.eq_ignore_ascii_case(host).then_some(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn given(text: &str) -> (Option<String>, Option<String>) {
        let Given { token, slug } = Given::parse(text, "salon.example:3000").unwrap();
        (token, slug)
    }

    #[test]
    fn links_codes_and_addresses_are_read_however_they_were_pasted() {
        let token = (Some("aB-_9".to_owned()), None);
        for text in [
            "https://salon.example:3000/join/aB-_9",
            " HTTP://Salon.Example:3000/join/aB-_9?x=1#y ",
            "https://salon.example:3000/\n  join/aB\u{200B}-_9/",
            "salon.example:3000/join/aB-_9",
            "/join/aB-_9",
            "join/aB-_9",
        ] {
            assert_eq!(given(text), token, "{text}");
        }
        let hall = (None, Some("hall-2".to_owned()));
        for text in ["https://salon.example:3000/r/hall-2/p/7", "/r/hall-2", "r/hall-2#m9"] {
            assert_eq!(given(text), hall, "{text}");
        }
        assert_eq!(given("hall-2"), (Some("hall-2".to_owned()), Some("hall-2".to_owned())), "either");
        assert_eq!(given("aB _9"), (Some("aB_9".to_owned()), None), "no address has such letters");
    }

    #[test]
    fn what_leads_nowhere_is_refused() {
        let odd = Err(Problem::invalid("invitation", Rule::Shape));
        for text in [
            "https://other.example/join/aB",
            "https://salon.example:3000.evil.example/join/aB",
            "javascript://salon.example:3000/join/aB",
            "https://salon.example:3000/",
            "/join/a/b",
            "/join/ü",
            "/r/-",
            "../x",
            "房间",
            &"x".repeat(501),
        ] {
            assert_eq!(Given::parse(text, "salon.example:3000"), odd, "{text}");
        }
        for text in ["", "  \n"] {
            assert_eq!(Given::parse(text, ""), Err(Problem::invalid("invitation", Rule::Empty)));
        }
    }
}

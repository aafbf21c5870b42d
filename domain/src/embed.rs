//! A room inside a page of another site.

use crate::problem::{Problem, Rule};

/// Most sites of a room.
pub const MAX_ORIGINS: usize = 20;
/// Longest address of one, in characters.
const MAX_LENGTH: usize = 200;
/// How long a visitor of another site may stay with one ticket, in seconds.
pub const STAY_S: std::ops::RangeInclusive<u32> = 10..=86_400;
/// The same if nothing else is asked for.
pub const USUAL_STAY_S: u32 = 3_600;

/// The sites whose pages may show a room: `https://shop.example`, each once, as browsers write them.
///
/// # Errors
/// `Invalid { field: "origins", .. }` for anything else, and for more than [`MAX_ORIGINS`].
pub fn parse_origins<'a>(given: impl IntoIterator<Item = &'a str>) -> Result<Vec<String>, Problem> {
    let mut origins = Vec::new();
    for text in given.into_iter().map(str::trim).filter(|text| !text.is_empty()) {
        let origin = parse_origin(text).ok_or_else(|| Problem::invalid("origins", Rule::Shape))?;
        if !origins.contains(&origin) {
            origins.push(origin);
        }
    }
    if origins.len() > MAX_ORIGINS {
        return Err(Problem::invalid("origins", Rule::TooMany { max: MAX_ORIGINS as u32 }));
    }
    Ok(origins)
}

/// RFC 6454 §6.1, as far as a content security policy takes it: nothing that could end its place
/// there, and no wildcards.
fn parse_origin(text: &str) -> Option<String> {
    let text = text.to_ascii_lowercase();
    let (scheme, rest) = text.split_once("://")?;
    let host = rest.strip_suffix('/').unwrap_or(rest);
    let (name, port) = host.rsplit_once(':').map_or((host, None), |(name, port)| (name, Some(port)));
    let is_name =
        |name: &str| !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b".-".contains(&b));
    let is_port = |port: &str| port.parse::<u16>().is_ok_and(|n| n > 0) && !port.starts_with(['+', '0']);
    let own_port = if scheme == "https" { "443" } else { "80" };
    let fits =
        matches!(scheme, "http" | "https") && text.len() <= MAX_LENGTH && is_name(name) && port.is_none_or(is_port);
    let port = port.filter(|port| *port != own_port).map(|port| format!(":{port}")).unwrap_or_default();
    fits.then(|| format!("{scheme}://{name}{port}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn origins_are_kept_as_browsers_write_them() {
        let parsed =
            parse_origins(["https://Shop.example/", " http://localhost:8080 ", "", "https://shop.example:443"]);
        assert_eq!(parsed, Ok(vec!["https://shop.example".to_owned(), "http://localhost:8080".to_owned()]));
        assert_eq!(parse_origins([]), Ok(vec![]));
    }

    #[test]
    fn nothing_else_gets_into_a_policy() {
        for odd in [
            "*",
            "https://*.example",
            "shop.example",
            "https://",
            "https://a b",
            "https://a;script-src *",
            "null",
            "https://a/path",
            "https://a:0",
            "https://a:99999",
            "https://a:+80",
            "ftp://a",
            "https://a, https://b",
            "https://user@a",
            "https://例.example",
        ] {
            assert_eq!(parse_origins([odd]), Err(Problem::invalid("origins", Rule::Shape)), "{odd}");
        }
        let many: Vec<String> = (0..=MAX_ORIGINS).map(|n| format!("https://a{n}.example")).collect();
        assert!(parse_origins(many.iter().map(String::as_str)).is_err());
    }
}

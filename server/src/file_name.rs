//! What a saved picture is called, and the header that says so.

use http::HeaderValue;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// RFC 8187 `attr-char`: what needs no escape in a file name.
const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');
/// Longest name of a saved picture, in characters, without its ending.
const NAME_CHARS: usize = 80;
/// The same after a number: with four bytes each it still fits.
const NUMBERED_CHARS: usize = 40;

/// A caption as the beginning of a file name: no separators, nothing that systems forbid.
pub fn stem(caption: &str) -> Option<String> {
    let plain = |c: char| if c.is_alphanumeric() || "-_ ".contains(c) { c } else { ' ' };
    let words: String = caption.chars().map(plain).take(NAME_CHARS).collect();
    let joined = words.split_whitespace().collect::<Vec<_>>().join(" ");
    (!joined.is_empty()).then_some(joined)
}

/// `007-the-lake.jpg`: the number in so many digits, and of the caption only letters, digits
/// and `-`.
pub fn numbered(caption: &str, number: usize, width: usize, ending: &str) -> String {
    let letters: String = caption.chars().map(|c| if c.is_alphanumeric() { c } else { '-' }).collect();
    let words: Vec<&str> = letters.split('-').filter(|word| !word.is_empty()).collect();
    let words: String = words.join("-").chars().take(NUMBERED_CHARS).collect();
    match words.trim_end_matches('-') {
        "" => format!("{number:0width$}.{ending}"),
        words => format!("{number:0width$}-{words}.{ending}"),
    }
}

/// RFC 6266: the name as UTF-8, and for old programs without what is not ASCII.
pub fn attachment(name: &str) -> HeaderValue {
    named("attachment", name)
}

/// The same for what is shown, but may be saved.
pub fn inline(name: &str) -> HeaderValue {
    named("inline", name)
}

fn named(how: &'static str, name: &str) -> HeaderValue {
    let plain: String = name
        .chars()
        .map(|c| if c.is_ascii() && !c.is_ascii_control() && !"\"\\%".contains(c) { c } else { '_' })
        .collect();
    let full = utf8_percent_encode(name, ESCAPED);
    HeaderValue::from_str(&format!("{how}; filename=\"{plain}\"; filename*=UTF-8''{full}"))
        .unwrap_or(HeaderValue::from_static(how))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_gets_out_of_the_header() {
        let header = attachment("a\r\nSet-Cookie: x=1; \"b\\\u{202E}%41.txt");
        let text = header.to_str().unwrap();
        assert!(
            text.starts_with("attachment; filename=\"a__Set-Cookie: x=1; _b___41.txt\"; filename*=UTF-8''a%0D%0ASet"),
            "{text}"
        );
        assert_eq!(text.matches('"').count(), 2, "{text}");
        assert_eq!(inline("a.png"), "inline; filename=\"a.png\"; filename*=UTF-8''a.png");
    }

    #[test]
    fn a_saved_picture_has_a_harmless_name() {
        assert_eq!(stem("../../etc/passwd").as_deref(), Some("etc passwd"));
        assert_eq!(stem("  \"…\" "), None);
        let header = attachment("湖边 a.jpg");
        assert_eq!(header, "attachment; filename=\"__ a.jpg\"; filename*=UTF-8''%E6%B9%96%E8%BE%B9%20a.jpg");
    }
}

//! Texts that old pages put into their HTML as they come: what would run there is made to be read
//! instead, by writing its `<` as `&lt;`. Everything else stays byte for byte.

use std::borrow::Cow;

/// Elements that run something, load it, or change how what follows is read.
const ACTIVE: [&str; 28] = [
    "script",
    "style",
    "iframe",
    "frame",
    "frameset",
    "object",
    "embed",
    "applet",
    "base",
    "meta",
    "link",
    "svg",
    "math",
    "form",
    "input",
    "button",
    "textarea",
    "select",
    "option",
    "template",
    "noscript",
    "noembed",
    "noframes",
    "xmp",
    "plaintext",
    "title",
    "portal",
    "slot",
];
/// Attributes with an address.
const ADDRESSES: [&str; 16] = [
    "href",
    "src",
    "action",
    "formaction",
    "poster",
    "background",
    "data",
    "cite",
    "longdesc",
    "usemap",
    "lowsrc",
    "dynsrc",
    "xlink:href",
    "ping",
    "manifest",
    "codebase",
];
/// What an address may begin with.
const SCHEMES: [&str; 4] = ["http:", "https:", "mailto:", "tel:"];

pub fn harmless(text: &str) -> Cow<'_, str> {
    let mut out = String::new();
    let mut done = 0;
    let mut at = 0;
    while let Some(start) = text[at..].find('<').map(|i| at + i) {
        let (end, active) = tag(&text[start + 1..]);
        if active {
            out.push_str(&text[done..start]);
            out.push_str("&lt;");
            done = start + 1;
            // What it holds is read anew: it is no tag any more.
            at = done;
        } else {
            at = start + 1 + end;
        }
    }
    if done == 0 {
        return Cow::Borrowed(text);
    }
    out.push_str(&text[done..]);
    Cow::Owned(out)
}

/// How far the tag after a `<` goes, and whether it is active. As browsers read it (HTML, 13.2.5).
fn tag(text: &str) -> (usize, bool) {
    let name_at = usize::from(text.starts_with('/'));
    match text.as_bytes().get(name_at) {
        Some(first) if first.is_ascii_alphabetic() => {}
        // A comment or the like may hide where the next tag begins.
        Some(b'!' | b'?') => return (0, true),
        _ => return (0, name_at > 0),
    }
    let is_end = |c: char| c.is_ascii_whitespace() || c == '/' || c == '>';
    let rest = &text[name_at..];
    let name = rest.split(is_end).next().unwrap_or_default().to_ascii_lowercase();
    let (end, safe) = attributes(&rest[name.len()..]);
    (name_at + name.len() + end, !safe || ACTIVE.contains(&name.as_str()))
}

/// How far a tag's attributes go, with the `>`, and whether all of them are harmless.
fn attributes(text: &str) -> (usize, bool) {
    let mut rest = text;
    let mut safe = true;
    loop {
        rest = rest.trim_start_matches(|c: char| c.is_ascii_whitespace() || c == '/');
        if rest.is_empty() {
            return (text.len(), safe);
        }
        if let Some(after) = rest.strip_prefix('>') {
            return (text.len() - after.len(), safe);
        }
        // An `=` in front belongs to the name.
        let first = rest.chars().next().map_or(1, char::len_utf8);
        let ends = |c: char| c.is_ascii_whitespace() || matches!(c, '/' | '>' | '=');
        let name_end = rest[first..].find(ends).map_or(rest.len(), |i| first + i);
        let name = rest[..name_end].to_ascii_lowercase();
        rest = &rest[name_end..];
        let after = rest.trim_start_matches(|c: char| c.is_ascii_whitespace());
        let mut value = "";
        if let Some(after) = after.strip_prefix('=') {
            (value, rest) = attribute_value(after.trim_start_matches(|c: char| c.is_ascii_whitespace()));
        }
        safe &= is_harmless(&name, value);
    }
}

/// The value, and what follows it.
fn attribute_value(text: &str) -> (&str, &str) {
    for quote in ['"', '\''] {
        if let Some(rest) = text.strip_prefix(quote) {
            return rest.split_once(quote).unwrap_or((rest, ""));
        }
    }
    let end = text.find(|c: char| c.is_ascii_whitespace() || c == '>').unwrap_or(text.len());
    text.split_at(end)
}

fn is_harmless(name: &str, value: &str) -> bool {
    let runs = name.starts_with("on") || matches!(name, "srcdoc" | "http-equiv");
    !runs && (!ADDRESSES.contains(&name) || is_plain_address(value))
}

/// An address of the web, one beside the page, or a picture in itself. An entity before the first
/// slash could spell anything.
fn is_plain_address(value: &str) -> bool {
    let value = value.trim_matches(|c: char| c.is_whitespace() || c.is_control()).to_ascii_lowercase();
    if let Some(kind) = value.strip_prefix("data:image/") {
        return !kind.starts_with("svg") && !value.contains('&');
    }
    let head = value.split(['/', '?', '#']).next().unwrap_or_default();
    let is_beside = !head.contains(':') && !head.contains('&');
    is_beside || SCHEMES.iter().any(|scheme| head.starts_with(scheme))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_does_nothing_stays_as_it_is() {
        for text in [
            "这里是内容",
            "1 < 2 && 3 > 2",
            "a<b and c",
            "<b>粗</b> <font color=red>红</font>",
            "<img src=\"http://a.example/x.png\" alt='<3'>",
            "<img src=data:image/png;base64,AA==>",
            "<a href=\"https://a.example/?q=1&amp;r=2#t:3\">x</a>",
            "<a href=/x:y>z</a>",
            // All of it is the address.
            "<img/src=x/onerror=alert(1)>",
            "javascript:alert(1) is only text",
            "&lt;script&gt;",
        ] {
            assert_eq!(harmless(text), text);
            assert!(matches!(harmless(text), Cow::Borrowed(_)));
        }
    }

    #[test]
    fn what_would_run_is_read_instead() {
        for (text, expected) in [
            ("<script>alert(1)</script>", "&lt;script>alert(1)&lt;/script>"),
            ("<SCRIPT/x>", "&lt;SCRIPT/x>"),
            ("a<img src=x onerror=alert(1)>b", "a&lt;img src=x onerror=alert(1)>b"),
            ("<img src=x onerror=alert(1)", "&lt;img src=x onerror=alert(1)"),
            ("<img/src='x'/onerror=alert(1)>", "&lt;img/src='x'/onerror=alert(1)>"),
            ("<img src='x'onerror=alert(1)>", "&lt;img src='x'onerror=alert(1)>"),
            ("<img alt=\">\" onerror=alert(1)>", "&lt;img alt=\">\" onerror=alert(1)>"),
            ("<a href=javascript:alert(1)>x</a>", "&lt;a href=javascript:alert(1)>x</a>"),
            ("<a href=' &#106;avascript:alert(1)'>", "&lt;a href=' &#106;avascript:alert(1)'>"),
            ("<a href=\"java\tscript:alert(1)\">", "&lt;a href=\"java\tscript:alert(1)\">"),
            ("<a href=\"\u{1}javascript:x\">", "&lt;a href=\"\u{1}javascript:x\">"),
            ("<svg onload=alert(1)>", "&lt;svg onload=alert(1)>"),
            ("<img src=data:image/svg+xml,x>", "&lt;img src=data:image/svg+xml,x>"),
            ("<iframe srcdoc=x>", "&lt;iframe srcdoc=x>"),
            ("<!-- <a title=\" --> <img onerror=x> -->", "&lt;!-- <a title=\" --> <img onerror=x> -->"),
            ("<<script>", "<&lt;script>"),
            ("</ <script>", "&lt;/ &lt;script>"),
        ] {
            assert_eq!(harmless(text), expected, "{text}");
        }
    }

    #[test]
    fn what_was_made_harmless_stays_so() {
        for text in ["<a <script>alert(1)</script>", "<b title=\"<script>\" <i onx=1", "<\u{0}script>", "<é onload=x>"]
        {
            let once = harmless(text).into_owned();
            assert_eq!(harmless(&once), once, "{text}");
        }
    }
}

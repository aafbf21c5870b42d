//! The few things that every piece of HTML needs.

/// Text that stays text, between tags and inside of quoted attributes.
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}

/// Somebody's name, whose direction stays its own.
pub fn name(text: &str) -> String {
    format!("<bdi>{}</bdi>", escape(text))
}

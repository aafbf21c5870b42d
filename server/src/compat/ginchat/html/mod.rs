//! The little HTML of this protocol's clients, which show what they get as a page: line breaks, the
//! entities of `<`, `>` and `&`, and pictures. Whatever else somebody writes is made text.

/// A piece of what somebody said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// As people read it.
    Text(String),
    Break,
    /// At an address on the web, or one of the client's own faces.
    Picture {
        src: String,
        alt: Option<String>,
    },
}

/// What is said, piece by piece.
pub fn pieces(content: &str) -> Vec<Piece> {
    let (mut pieces, mut text, mut rest) = (Vec::new(), String::new(), content);
    while let Some(c) = rest.chars().next() {
        let tag = if c == '<' { tag(rest) } else { None };
        if let Some((piece, after)) = tag {
            put_text(&mut pieces, &mut text);
            pieces.push(piece);
            rest = after;
        } else if let Some((decoded, after)) = entity(rest) {
            text.push(decoded);
            rest = after;
        } else {
            text.push(c);
            rest = &rest[c.len_utf8()..];
        }
    }
    put_text(&mut pieces, &mut text);
    pieces
}

fn put_text(pieces: &mut Vec<Piece>, text: &mut String) {
    if !text.is_empty() {
        pieces.push(Piece::Text(std::mem::take(text)));
    }
}

/// What is said on our page, in such pieces.
pub fn pieces_of_text(text: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    for (i, line) in text.split('\n').enumerate() {
        if i > 0 {
            pieces.push(Piece::Break);
        }
        put_text(&mut pieces, &mut line.to_owned());
    }
    pieces
}

/// As HTML that can do nothing.
pub fn html(pieces: &[Piece]) -> String {
    let mut html = String::new();
    for piece in pieces {
        match piece {
            Piece::Text(text) => html.push_str(&escaped(text)),
            Piece::Break => html.push_str("<br/>"),
            Piece::Picture { src, alt: None } => html.push_str(&format!("<img src=\"{}\" />", escaped(src))),
            Piece::Picture { src, alt: Some(alt) } => {
                html.push_str(&format!("<img src=\"{}\" alt=\"{}\" />", escaped(src), escaped(alt)));
            }
        }
    }
    html
}

/// As our page shows it: faces by their short names, pictures by their addresses.
pub fn text(pieces: &[Piece]) -> String {
    let mut text = String::new();
    for piece in pieces {
        match piece {
            // Nothing that cannot be seen.
            Piece::Text(words) => text.extend(words.chars().filter(|c| !c.is_control() || "\n\t".contains(*c))),
            Piece::Break => text.push('\n'),
            Piece::Picture { src, .. } => match face(src) {
                Some(number) => text.push_str(&format!("[em_{number}]")),
                None => {
                    let apart = !text.is_empty() && !text.ends_with(char::is_whitespace);
                    text.push_str(if apart { " " } else { "" });
                    text.push_str(src);
                    text.push(' ');
                }
            },
        }
    }
    text.trim().to_owned()
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('\0', "")
}

/// One of the three that are known.
fn entity(rest: &str) -> Option<(char, &str)> {
    [("&lt;", '<'), ("&gt;", '>'), ("&amp;", '&')]
        .into_iter()
        .find_map(|(entity, c)| rest.strip_prefix(entity).map(|after| (c, after)))
}

/// A line break or a picture, and what follows it.
fn tag(rest: &str) -> Option<(Piece, &str)> {
    let (inside, after) = rest.strip_prefix('<')?.split_once('>')?;
    let inside = inside.strip_suffix('/').unwrap_or(inside).trim();
    if inside.eq_ignore_ascii_case("br") {
        return Some((Piece::Break, after));
    }
    let (name, attributes) = inside.split_once(char::is_whitespace)?;
    if !name.eq_ignore_ascii_case("img") {
        return None;
    }
    let (mut src, mut alt, mut left) = (None, None, attributes.trim_start());
    while !left.is_empty() {
        let (name, value, after) = attribute(left)?;
        match name.to_ascii_lowercase().as_str() {
            "src" if src.is_none() => src = Some(value.replace("&amp;", "&")),
            "alt" if alt.is_none() => alt = Some(value),
            _ => return None,
        }
        left = after;
    }
    let src = src.filter(|src| is_address(src) || face(src).is_some())?;
    Some((Piece::Picture { src, alt: alt.map(|alt| pieces_text(&alt)) }, after))
}

fn pieces_text(alt: &str) -> String {
    alt.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&").replace('"', "")
}

/// `name="value"`, the quotes of either kind.
fn attribute(rest: &str) -> Option<(&str, String, &str)> {
    let (name, rest) = rest.split_once('=')?;
    let rest = rest.trim_start();
    let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    let (value, after) = rest[1..].split_once(quote)?;
    // What follows another one stands apart from it.
    let after_trimmed = after.trim_start();
    let is_apart = after_trimmed.is_empty() || after_trimmed.len() < after.len();
    is_apart.then(|| (name.trim(), value.to_owned(), after_trimmed))
}

/// Of the web, with nothing in it that could end it.
pub fn is_address(src: &str) -> bool {
    let lower = src.to_ascii_lowercase();
    let rest = lower.strip_prefix("https://").or_else(|| lower.strip_prefix("http://"));
    let plain = |c: char| !c.is_control() && !c.is_whitespace() && !"\"'<>`\\".contains(c);
    src.len() <= 2_048 && rest.is_some_and(|rest| !rest.is_empty()) && src.chars().all(plain)
}

/// The number of one of the client's faces.
fn face(src: &str) -> Option<&str> {
    let number = src.strip_prefix("images/face/")?.strip_suffix(".gif")?;
    ((1..=4).contains(&number.len()) && number.bytes().all(|b| b.is_ascii_digit())).then_some(number)
}

#[cfg(test)]
mod tests;

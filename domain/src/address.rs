//! How texts stand in addresses.

/// Writes a text so that it can stand in a query or a path: everything but letters, digits
/// and `-._~` as `%XX` of its UTF-8 bytes.
pub fn encode(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push('%');
            for nibble in [byte >> 4, byte & 15] {
                out.push(char::from(b"0123456789ABCDEF"[usize::from(nibble)]));
            }
        }
    }
    out
}

/// Reads what [`encode`] wrote; empty if it is something else.
pub fn decode(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte != b'%' {
            bytes.push(byte);
            continue;
        }
        let mut digit = || rest.next().and_then(|b| char::from(b).to_digit(16));
        let (Some(high), Some(low)) = (digit(), digit()) else { return String::new() };
        bytes.push((high * 16 + low) as u8);
    }
    String::from_utf8(bytes).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_encoded() {
        assert_eq!(encode("/r/a b?x=1&y=好"), "%2Fr%2Fa%20b%3Fx%3D1%26y%3D%E5%A5%BD");
        assert_eq!(decode(&encode("a b&%好")), "a b&%好");
        assert_eq!((decode("%F"), decode("%FF"), decode("%zz")), Default::default());
    }
}

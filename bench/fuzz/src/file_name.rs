//! Names of saved pictures: harmless for every file system, in a header that reads back as the
//! same name and cannot be left.

use crate::sources::file_name::{attachment, stem};

/// In a name these lead elsewhere, or no system takes them.
const FORBIDDEN: [char; 11] = ['/', '\\', ':', '*', '?', '"', '<', '>', '|', '%', '.'];
const LONGEST: usize = 80;

pub fn check(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    if let Some(stem) = stem(&text) {
        assert!(!stem.is_empty() && stem.chars().count() <= LONGEST && stem.trim() == stem, "{stem:?}");
        assert!(!stem.chars().any(|c| c.is_control() || FORBIDDEN.contains(&c)), "{stem:?}");
        assert_eq!(stem_again(&stem), stem, "it is its own beginning");
        assert!(read(&format!("{stem}.jpg")), "a name of ours always has its header");
    }
    let unusual = text.chars().any(|c| c.is_ascii_control() && c != '\t');
    assert!(read(&text) || unusual, "{text:?}");
}

fn stem_again(text: &str) -> String {
    stem(text).unwrap_or_default()
}

/// Whether the name is in its header, which must be well-formed in any case.
fn read(name: &str) -> bool {
    let header = attachment(name);
    let header = header.to_str().expect("visible ASCII");
    assert!(!header.contains(['\r', '\n', '\0']), "{header:?}");
    if header == "attachment" {
        return false;
    }
    let rest = header.strip_prefix("attachment; filename=\"").expect("the kind, then the name in quotes");
    let (plain, full) = rest.split_once("\"; filename*=UTF-8''").expect("both names");
    assert!(!plain.contains(['"', '\\']), "{header:?}");
    assert_eq!(plain.chars().count(), name.chars().count(), "{header:?}");
    assert_eq!(unescaped(full), name.as_bytes(), "{header:?}");
    true
}

/// RFC 8187, strictly.
fn unescaped(text: &str) -> Vec<u8> {
    let mut bytes = text.bytes();
    let mut out = Vec::new();
    while let Some(byte) = bytes.next() {
        out.push(match byte {
            b'%' => {
                let digits = [bytes.next(), bytes.next()].map(|digit| digit.expect("two digits") as char);
                u8::from_str_radix(&String::from_iter(digits), 16).expect("hexadecimal digits")
            }
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => byte,
            other => panic!("{other:#x} in {text:?}"),
        });
    }
    out
}

//! What the parts of a backup are called. Names are read into what they mean and are never
//! used as paths.

use crate::store::whole::Table;
use domain::picture::Size;
use domain::{BlobId, RoomId};
use std::fmt;

/// A part of a backup.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Name {
    /// Some rows of a table, one a line: `store/<table>/<number>.jsonl`.
    Rows(Table, u32),
    /// `files/<room>/<blob>/<size>`
    File(RoomId, BlobId, Size),
    /// `manifest.json`: what the parts before it are.
    Manifest,
    /// `manifest.sha256`: what the manifest is; the last part.
    Seal,
}

impl Name {
    /// `None` for everything that we would not write ourselves, letter by letter.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let name = match text.split('/').collect::<Vec<_>>()[..] {
            ["manifest.json"] => Self::Manifest,
            ["manifest.sha256"] => Self::Seal,
            ["store", table, part] => Self::Rows(Table::parse(table)?, part.strip_suffix(".jsonl")?.parse().ok()?),
            ["files", room, blob, size] => {
                Self::File(room.parse().ok()?, BlobId::parse(blob).ok()?, Size::parse(size)?)
            }
            _ => return None,
        };
        (name.to_string() == text).then_some(name)
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Rows(table, part) => write!(f, "store/{}/{part:06}.jsonl", table.name()),
            Self::File(room, blob, size) => write!(f, "files/{room}/{blob}/{size}"),
            Self::Manifest => f.write_str("manifest.json"),
            Self::Seal => f.write_str("manifest.sha256"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BLOB: &str = "0123456789abcdef0123456789abcdef";

    #[test]
    fn a_name_is_what_we_would_have_written() {
        for good in ["manifest.json", "store/message/000001.jsonl", &format!("files/7/{BLOB}/320")] {
            assert_eq!(Name::parse(good).unwrap().to_string(), good);
        }
        let odd = [
            "",
            "/etc/passwd",
            "../manifest.json",
            "./manifest.json",
            "store/session/000001.jsonl",
            "store/message/1.jsonl",
            "store/message/+00001.jsonl",
            "store/message/../../x.jsonl",
            "files/7/../320",
            &format!("files/../{BLOB}/320"),
            &format!("files/07/{BLOB}/320"),
            &format!("files/+7/{BLOB}/320"),
            &format!("files/7/{BLOB}/321"),
            &format!("files/7/{BLOB}/full/"),
            &format!("files//7/{BLOB}/full"),
        ];
        for odd in odd {
            assert_eq!(Name::parse(odd), None, "{odd:?}");
        }
    }
}

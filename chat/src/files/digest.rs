//! What files are, in few letters: to notice that one of them changed.

use domain::picture::Size;
use sha2::{Digest, Sha256};

/// The SHA-256 of one file, hexadecimal.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub(crate) struct Sum(String);

impl Sum {
    pub(crate) fn of(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect())
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

/// The sum of bytes that come one after the other.
#[derive(Default)]
pub(crate) struct Summing(Sha256);

impl Summing {
    pub(crate) fn add(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    pub(crate) fn end(self) -> Sum {
        Sum(self.0.finalize().iter().map(|byte| format!("{byte:02x}")).collect())
    }
}

/// The digest of a picture: the SHA-256 of a line `<size> <sum>` for each of its stored
/// sizes, smaller ones first, the full one last.
pub(crate) fn digest(mut files: Vec<(Size, Sum)>) -> String {
    files.sort_by_key(|(size, _)| match size {
        Size::Side(side) => *side,
        Size::Full => u32::MAX,
    });
    let lines: String = files.iter().map(|(size, sum)| format!("{size} {}\n", sum.as_str())).collect();
    Sum::of(lines.as_bytes()).0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_digest_is_written_down_and_so_never_changes_its_meaning() {
        let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        assert_eq!(Sum::of(b"").as_str(), empty);
        let files = vec![(Size::Full, Sum::of(b"f")), (Size::Side(640), Sum::of(b"")), (Size::Side(320), Sum::of(b""))];
        let lines = format!("320 {empty}\n640 {empty}\nfull {}\n", Sum::of(b"f").as_str());
        assert_eq!(digest(files), Sum::of(lines.as_bytes()).as_str());
    }
}

//! docs/wire.md names the digests of the files it describes, so that neither changes alone.

use super::File;
use crate::{Done, places::Places, sha256};

const DESCRIBED: [&str; 2] = ["domain/src/event.rs", "domain/src/live.rs"];

pub fn document_follows_the_frames(_: &Places, files: &[File]) -> Done<Vec<String>> {
    let text = |name: &str| files.iter().find(|file| file.name == name).map(|file| file.text.as_str());
    let Some(document) = text("docs/wire.md") else {
        return Ok(vec!["docs/wire.md is missing".to_owned()]);
    };
    let digests = DESCRIBED.map(|name| (name, sha256::hex(text(name).unwrap_or_default().as_bytes())));
    let changed = digests.into_iter().filter(|(_, digest)| !document.contains(digest.as_str()));
    Ok(changed
        .map(|(name, digest)| {
            format!("{name} changed: describe it in docs/wire.md, then write down its SHA-256 {digest}")
        })
        .collect())
}

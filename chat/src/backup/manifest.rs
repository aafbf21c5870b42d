//! What a backup says about itself.

use crate::files::Sum;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// How the parts are arranged; raised when an older program could not read them.
pub(super) const FORMAT: u32 = 1;

#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Manifest {
    pub format: u32,
    /// Of the program that wrote it.
    pub version: String,
    /// The last step of the store's schema.
    pub schema: String,
    /// When it was begun, in milliseconds since 1970 UTC.
    pub at: i64,
    /// Rows of each table.
    pub rows: BTreeMap<String, u64>,
    /// The parts before the manifest, in their order.
    pub parts: Vec<Part>,
    /// What was missing or damaged in the house when it was copied, in sentences.
    pub faults: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Part {
    pub name: String,
    /// In bytes.
    pub length: u64,
    pub sha256: Sum,
}

impl Part {
    pub(super) fn of(name: String, bytes: &[u8]) -> Self {
        Self { name, length: bytes.len() as u64, sha256: Sum::of(bytes) }
    }
}

/// The seal of a manifest, as `sha256sum --check` reads it.
pub(super) fn seal(manifest: &[u8]) -> String {
    format!("{}  manifest.json\n", Sum::of(manifest).as_str())
}

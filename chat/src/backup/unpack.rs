//! Reading a backup.

use super::manifest::{FORMAT, Manifest, Part, seal};
use super::names::Name;
use super::{Copied, CopyFault};
use serde::Deserialize;
use serde_json::{Map, Value as Json};
use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::Path;
use tokio_util::sync::CancellationToken;

/// Largest part, in bytes: more than a picture of `MAX_PIXELS` without loss.
const MAX_PART: u64 = 512 * 1024 * 1024;

/// A row by its columns.
pub(super) type Fields = Map<String, Json>;

/// What can be known of a manifest of any format.
#[derive(Deserialize)]
struct Version {
    format: u32,
    version: String,
}

impl Manifest {
    pub(super) fn copied(self) -> Copied {
        let rows = |table: &str| self.rows.get(table).copied().unwrap_or_default();
        Copied {
            people: rows("person"),
            rooms: rows("room"),
            messages: rows("message"),
            pictures: rows("picture"),
            faults: self.faults,
        }
    }
}

/// Reads a backup to its end and compares every part with what the manifest says of it.
///
/// # Errors
/// [`CopyFault::Incomplete`] without an end, [`CopyFault::Damaged`] if anything differs,
/// [`CopyFault::Newer`] for a format that this program does not know; [`CopyFault::Stopped`].
pub(super) fn check(file: &Path, stop: &CancellationToken) -> Result<Manifest, CopyFault> {
    let mut found = Vec::new();
    let mut rows = BTreeMap::<String, u64>::new();
    let (mut manifest, mut is_sealed) = (None, false);
    each_part(file, |name, bytes| {
        if stop.is_cancelled() {
            return Err(CopyFault::Stopped);
        }
        if is_sealed || (manifest.is_some() && name != Name::Seal) {
            return Err(damaged(&name, "it comes after the end"));
        }
        match &name {
            Name::Manifest => manifest = Some(bytes),
            Name::Seal => {
                let sealed = manifest.as_deref().is_some_and(|manifest| bytes == seal(manifest).as_bytes());
                is_sealed = sealed;
                return if sealed { Ok(()) } else { Err(damaged(&Name::Manifest, "it is not what was written")) };
            }
            Name::Rows(table, _) => {
                let count = rows_of(&name, &bytes)?.len() as u64;
                *rows.entry(table.name().to_owned()).or_default() += count;
                found.push(Part::of(name.to_string(), &bytes));
            }
            Name::File(..) => found.push(Part::of(name.to_string(), &bytes)),
        }
        Ok(())
    })?;
    let manifest = manifest.filter(|_| is_sealed).ok_or(CopyFault::Incomplete)?;
    compare(read_manifest(&manifest)?, &found, rows)
}

fn compare(manifest: Manifest, found: &[Part], rows: BTreeMap<String, u64>) -> Result<Manifest, CopyFault> {
    let differs = |name: &str| CopyFault::Damaged(name.to_owned(), "it is not what was written".to_owned());
    if let Some((part, _)) = manifest.parts.iter().zip(found).find(|(said, found)| said != found) {
        return Err(differs(&part.name));
    }
    let names: BTreeSet<&str> = found.iter().map(|part| part.name.as_str()).collect();
    if manifest.parts.len() != found.len() || names.len() != found.len() {
        return Err(differs("the list of parts"));
    }
    let wrong = manifest.rows.iter().find(|(table, count)| rows.get(*table).copied().unwrap_or_default() != **count);
    match wrong {
        Some((table, _)) => Err(differs(table)),
        None => Ok(manifest),
    }
}

fn read_manifest(bytes: &[u8]) -> Result<Manifest, CopyFault> {
    let damaged = |cause: serde_json::Error| damaged(&Name::Manifest, cause);
    let Version { format, version } = serde_json::from_slice(bytes).map_err(damaged)?;
    if format > FORMAT {
        return Err(CopyFault::Newer(version));
    }
    serde_json::from_slice(bytes).map_err(damaged)
}

/// The rows of a part.
pub(super) fn rows_of(name: &Name, bytes: &[u8]) -> Result<Vec<Fields>, CopyFault> {
    let lines = bytes.split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
    lines.map(|line| serde_json::from_slice(line).map_err(|cause| damaged(name, cause))).collect()
}

/// Hands out the parts one after the other, as they are.
pub(super) fn each_part(
    file: &Path,
    mut take: impl FnMut(Name, Vec<u8>) -> Result<(), CopyFault>,
) -> Result<(), CopyFault> {
    let failed = |cause| CopyFault::Read { file: file.to_owned(), cause };
    let open = File::open(file).map_err(failed)?;
    if !open.metadata().map_err(failed)?.is_file() {
        return Err(failed(io::Error::other("it is not a file")));
    }
    let mut archive = tar::Archive::new(BufReader::new(open));
    let broken = |cause: io::Error| CopyFault::Damaged("the archive".to_owned(), cause.to_string());
    for entry in archive.entries().map_err(broken)? {
        let entry = entry.map_err(broken)?;
        let (name, length) = (name_of(&entry)?, entry.size());
        if length > MAX_PART {
            return Err(damaged(&name, "it is too large"));
        }
        let mut bytes = Vec::new();
        entry.take(MAX_PART).read_to_end(&mut bytes).map_err(broken)?;
        if bytes.len() as u64 != length {
            return Err(CopyFault::Incomplete);
        }
        take(name, bytes)?;
    }
    Ok(())
}

/// Only plain files under names of ours.
fn name_of(entry: &tar::Entry<'_, impl Read>) -> Result<Name, CopyFault> {
    let text = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
    let is_plain = entry.header().entry_type() == tar::EntryType::Regular;
    let name = Name::parse(&text).filter(|_| is_plain);
    name.ok_or_else(|| CopyFault::Damaged(format!("{text:?}"), "a backup has no such part".to_owned()))
}

pub(super) fn damaged(name: &Name, what: impl ToString) -> CopyFault {
    CopyFault::Damaged(name.to_string(), what.to_string())
}

//! Backups that are broken, cut or made by somebody else: refused before anything is written.

use crate::backup::{file, lived_in};
use crate::store::{NEW, NEW_TABLES};
use crate::town::{Land, Town};
use chat::{CopyFault, Error, Place};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::io::Read;
use std::path::Path;

type Parts = Vec<(String, Vec<u8>)>;

fn parts(file: &Path) -> Parts {
    let mut archive = tar::Archive::new(std::fs::File::open(file).unwrap());
    let read = |entry: std::io::Result<tar::Entry<'_, std::fs::File>>| {
        let mut entry = entry.unwrap();
        let mut bytes = Vec::new();
        entry.read_to_end(&mut bytes).unwrap();
        (entry.path().unwrap().to_str().unwrap().to_owned(), bytes)
    };
    archive.entries().unwrap().map(read).collect()
}

fn header(length: usize) -> tar::Header {
    let mut header = tar::Header::new_gnu();
    header.set_size(length as u64);
    header
}

fn write(file: &Path, parts: &Parts) {
    let mut tar = tar::Builder::new(std::fs::File::create(file).unwrap());
    for (name, bytes) in parts {
        tar.append_data(&mut header(bytes.len()), name, bytes.as_slice()).unwrap();
    }
    tar.into_inner().unwrap();
}

fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A backup with other parts and a manifest that fits them, changed by `change`.
fn seal(mut parts: Parts, change: impl FnOnce(&mut Value)) -> Parts {
    let manifest = parts.iter().position(|(name, _)| name == "manifest.json").unwrap();
    let mut said: Value = serde_json::from_slice(&parts[manifest].1).unwrap();
    parts.truncate(manifest);
    said["parts"] = parts
        .iter()
        .map(|(name, bytes)| json!({"name": name, "length": bytes.len(), "sha256": sha256(bytes)}))
        .collect();
    change(&mut said);
    let said = said.to_string().into_bytes();
    let seal = format!("{}  manifest.json\n", sha256(&said)).into_bytes();
    parts.extend([("manifest.json".to_owned(), said), ("manifest.sha256".to_owned(), seal)]);
    parts
}

/// Tries to restore and sees that nothing was made.
async fn refused(file: &Path) -> CopyFault {
    let land = Land::new().await;
    let error = chat::restore(file, &land.place()).await.err();
    let Place { data, database } = land.place();
    for made in ["salon.db", "salon.db-wal", "files"] {
        assert!(!data.join(made).exists(), "{made} was left behind by {error:?}");
    }
    if let Some(Error::Database(_)) = &error {
        // What it says is up to the database; that nothing is there is up to us.
        assert!(database.is_none() || chat::Keeper::open(land.place()).await.is_err());
        return CopyFault::Damaged("rows".into(), String::new());
    }
    match error {
        Some(Error::Copy(fault)) => fault,
        other => panic!("{other:?}"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_flipped_or_missing_byte_is_found_wherever_it_is() {
    let (_folder, file) = file();
    let town = lived_in().await;
    town.backup(&file).await.unwrap();
    let whole = std::fs::read(&file).unwrap();
    let bad = file.with_extension("bad");
    let mut archive = tar::Archive::new(whole.as_slice());
    let mut ends = Vec::new();
    for entry in archive.entries().unwrap() {
        let entry = entry.unwrap();
        let (begin, length) = (entry.raw_file_position() as usize, entry.size() as usize);
        ends.push(begin + length);
        // In the header's name and sum, and at three places inside.
        for at in [begin - 512, begin - 512 + 150, begin, begin + length / 2, begin + length - 1] {
            let mut flipped = whole.clone();
            flipped[at] ^= 1;
            std::fs::write(&bad, &flipped).unwrap();
            let fault = refused(&bad).await;
            assert!(matches!(fault, CopyFault::Damaged(..) | CopyFault::Incomplete), "at {at}: {fault}");
        }
    }
    let last = ends.pop().unwrap();
    for end in ends.into_iter().flat_map(|end| [end - 1, end, end.next_multiple_of(512)]).chain([0, 1, last - 1]) {
        std::fs::write(&bad, &whole[..end]).unwrap();
        let fault = refused(&bad).await;
        assert!(matches!(fault, CopyFault::Damaged(..) | CopyFault::Incomplete), "cut at {end}: {fault}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn parts_that_are_no_parts_are_refused_however_well_sealed() {
    let (folder, file) = file();
    lived_in().await.backup(&file).await.unwrap();
    let good = parts(&file);
    let bad = file.with_extension("bad");
    let blob = "0123456789abcdef0123456789abcdef";
    for name in ["evil", "files/1/evil", "store/session/000001.jsonl", &format!("files/1/{blob}/321")] {
        let mut parts = good.clone();
        parts.insert(0, (name.to_owned(), b"{}\n".to_vec()));
        write(&bad, &seal(parts, |_| ()));
        assert!(matches!(refused(&bad).await, CopyFault::Damaged(..)), "{name}");
    }
    // The library refuses to write such names; a stranger's does not.
    for name in ["../evil", "/tmp/evil", "files/../../evil", "files/1/../../../evil"] {
        let mut tar = tar::Builder::new(std::fs::File::create(&bad).unwrap());
        let mut header = header(4);
        header.as_gnu_mut().unwrap().name[..name.len()].copy_from_slice(name.as_bytes());
        header.set_cksum();
        tar.append(&header, &b"evil"[..]).unwrap();
        tar.into_inner().unwrap();
        assert!(matches!(refused(&bad).await, CopyFault::Damaged(..)), "{name}");
    }
    for kind in [tar::EntryType::Symlink, tar::EntryType::Link, tar::EntryType::Directory, tar::EntryType::Char] {
        let mut tar = tar::Builder::new(std::fs::File::create(&bad).unwrap());
        let mut header = header(0);
        header.set_entry_type(kind);
        header.set_link_name("/etc/passwd").unwrap();
        tar.append_data(&mut header, format!("files/1/{blob}/full"), &b""[..]).unwrap();
        tar.into_inner().unwrap();
        assert!(matches!(refused(&bad).await, CopyFault::Damaged(..)), "{kind:?}");
    }
    let left: Vec<_> = std::fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(left.len(), 2, "{left:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_does_not_fit_together_is_refused() {
    let (_folder, file) = file();
    lived_in().await.backup(&file).await.unwrap();
    let good = parts(&file);
    let bad = file.with_extension("bad");
    let mut twice = good.clone();
    twice.insert(0, twice[0].clone());
    write(&bad, &seal(twice, |said| said["rows"]["person"] = json!(6)));
    assert!(matches!(refused(&bad).await, CopyFault::Damaged(..)));
    write(&bad, &seal(good.clone(), |said| said["rows"]["message"] = json!(7)));
    assert!(matches!(refused(&bad).await, CopyFault::Damaged(..)));
    for later in [json!({"format": 2}), json!({"schema": "m9999_future"})] {
        let (key, value) = later.as_object().unwrap().iter().next().unwrap();
        write(&bad, &seal(good.clone(), |said| said[key] = value.clone()));
        assert!(matches!(refused(&bad).await, CopyFault::Newer(_)), "{later}");
    }
    let mut after = good.clone();
    after.push(good[0].clone());
    write(&bad, &after);
    assert!(matches!(refused(&bad).await, CopyFault::Damaged(..)));
    // Rows of nobody: found by the database, when some are in already.
    let mut orphans = good.clone();
    let (_, lines) = orphans.iter_mut().find(|(name, _)| name.starts_with("store/message")).unwrap();
    let text = String::from_utf8(lines.clone()).unwrap();
    *lines = text.replace("\"author_id\":1,", "\"author_id\":99,").into_bytes();
    assert_ne!(text.as_bytes(), lines);
    write(&bad, &seal(orphans, |_| ()));
    assert!(matches!(refused(&bad).await, CopyFault::Damaged(..)));
    // The forger's own work, unchanged, is good.
    write(&bad, &seal(good, |_| ()));
    assert_eq!(Town::restored(&bad).await.examine().await.findings, []);
}

/// As the first version wrote it: pictures had no digest, and nothing was counted.
#[tokio::test(flavor = "multi_thread")]
async fn a_backup_of_an_older_version_is_brought_up_to_date() {
    let (_folder, file) = file();
    let town = lived_in().await;
    town.backup(&file).await.unwrap();
    let mut old = parts(&file);
    for (table, column) in NEW {
        let part = format!("store/{table}");
        for (_, lines) in old.iter_mut().filter(|(name, _)| name.starts_with(&part)) {
            let rows = lines.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()).map(|line| {
                let mut row: Value = serde_json::from_slice(line).unwrap();
                assert!(row.as_object_mut().unwrap().remove(column).is_some());
                format!("{row}\n")
            });
            *lines = rows.collect::<String>().into_bytes();
        }
    }
    old.retain(|(name, _)| !NEW_TABLES.iter().any(|table| name.starts_with(&format!("store/{table}/"))));
    let old = seal(old, |said| {
        said["schema"] = json!("m0001_house");
        let rows = said["rows"].as_object_mut().unwrap();
        rows.retain(|table, _| !NEW_TABLES.contains(&table.as_str()));
    });
    write(&file, &old);
    let again = Town::restored(&file).await;
    let report = again.examine().await;
    assert_eq!((report.findings, report.pictures, report.messages), (vec![], 4, 8));
}

//! Files that are missing, changed, or left over.

use super::{Finding, REHANG, Report, TIDY};
use crate::files::{self, Folder, Kept};
use crate::shelf::UNDO;
use crate::{Error, Result};
use std::collections::HashSet;
use std::path::PathBuf;

/// What was found in the folder.
#[derive(Default)]
struct Looked {
    faults: Vec<String>,
    leftovers: Vec<PathBuf>,
    files: usize,
}

pub(super) async fn examine(folder: Folder, kept: Vec<Kept>, report: &mut Report) -> Result<()> {
    let looked = tokio::task::spawn_blocking(move || look(&folder, &kept)).await.map_err(|_| Error::Panicked)?;
    report.files = looked.files;
    looked.faults.into_iter().for_each(|fault| report.damage(fault, REHANG));
    for path in looked.leftovers {
        let what = format!("files/{} belongs to no picture", path.display());
        report.add(Finding { what, advice: TIDY, is_damage: false });
    }
    Ok(())
}

fn look(folder: &Folder, kept: &[Kept]) -> Looked {
    let mut looked = Looked::default();
    let mut named = HashSet::new();
    for picture in kept {
        let faults = files::examine(folder, picture, |_, _| looked.files += 1);
        looked.faults.extend(faults);
        named.extend(picture.sizes.iter().map(|size| folder.file(picture.room, &picture.blob, *size)));
    }
    match folder.list() {
        // A file is there before its row.
        Ok(found) => {
            let old = found.into_iter().filter(|file| file.age > UNDO).map(|file| file.path);
            looked.leftovers = old.filter(|path| !named.contains(&folder.path().join(path))).collect();
        }
        Err(cause) => looked.faults.push(format!("the folder of the files cannot be read: {cause}")),
    }
    looked
}

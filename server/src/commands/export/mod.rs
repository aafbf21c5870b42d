//! `salon export`: a room as a folder of HTML that opens from disk, without scripts.

mod files;
mod messages;
mod page;
mod spans;
mod wall;

use super::{Failure, Outcome, place};
use crate::settings::Export;
use app::text::{Lang, Text, text};
use chat::{ExportedRoom, Keeper};
pub use page::{Page, file_name};
use std::fs::DirBuilder;
use std::io::{Error, ErrorKind};
use std::os::unix::fs::DirBuilderExt;
use std::path::Path;
use wall::Hung;

/// Messages on one page: what a phone still scrolls through.
const PAGE: usize = 1_000;

/// In which words and by whose clock.
pub struct Reader {
    pub text: &'static Text,
    /// Minutes east of UTC.
    pub zone: i32,
}

pub async fn export(settings: &Export) -> Outcome {
    let keeper = Keeper::open(place(&settings.store)).await?;
    let reader = Reader { text: text(Lang::from(settings.lang)), zone: settings.zone };
    let exported = write(&keeper, &reader, &settings.room, &settings.folder).await;
    keeper.close().await?;
    exported
}

async fn write(keeper: &Keeper, reader: &Reader, slug: &str, folder: &Path) -> Outcome {
    let room = keeper.exported_room(slug).await?;
    make_empty(folder)?;
    let hung = hang(keeper, &room, folder).await?;
    let pages = usize::try_from(room.messages).unwrap_or(usize::MAX).div_ceil(PAGE).max(1);
    let (mut after, mut lost) = (0, 0);
    for number in 1..=pages {
        let messages = keeper.exported_messages(&room, after, PAGE).await?;
        after = messages.last().map_or(after, |last| last.seq);
        lost += files::copy(keeper, &room, &messages, folder).await?;
        let page = Page { reader, room: &room, hung: &hung, number, pages, messages: &messages };
        std::fs::write(folder.join(file_name(number)), page.html())?;
    }
    let missing = hung.iter().filter(|hung| hung.file.is_none()).count();
    let index = folder.join(file_name(1));
    println!("{}: messages: {}, pictures: {}", index.display(), room.messages, hung.len() - missing);
    match (missing, lost) {
        (0, 0) => Ok(()),
        (missing, 0) => Err(Failure::Words(format!("the files of {missing} pictures are missing; the rest is there"))),
        (missing, lost) => Err(Failure::Words(format!(
            "the files of {missing} pictures and {lost} files of messages are missing; the rest is there"
        ))),
    }
}

/// Copies the wall, in its order.
async fn hang(keeper: &Keeper, room: &ExportedRoom, folder: &Path) -> Result<Vec<Hung>, Failure> {
    let pictures = &room.wall.pictures;
    if !pictures.is_empty() {
        make_private(&folder.join(wall::FOLDER))?;
    }
    let mut hung = Vec::with_capacity(pictures.len());
    for (i, picture) in pictures.iter().enumerate() {
        let mut file = None;
        if let Some(found) = keeper.exported_picture(room, picture).await? {
            let name = wall::name_of(picture, i + 1, pictures.len(), found.ending);
            std::fs::write(folder.join(wall::FOLDER).join(&name), found.bytes)?;
            file = Some(name);
        }
        hung.push(Hung { picture: picture.clone(), file });
    }
    Ok(hung)
}

/// # Errors
/// If something is in it: nothing is written over, and nothing of others gets in between.
fn make_empty(folder: &Path) -> Outcome {
    match std::fs::read_dir(folder).map(|mut entries| entries.next().is_none()) {
        Ok(true) => Ok(()),
        Ok(false) => Err(Failure::Words(format!("{} is not empty", folder.display()))),
        Err(cause) if cause.kind() == ErrorKind::NotFound => Ok(make_private(folder)?),
        Err(cause) => Err(cause.into()),
    }
}

/// A private room stays private on a machine of several people.
pub(super) fn make_private(folder: &Path) -> Result<(), Error> {
    DirBuilder::new().recursive(true).mode(0o700).create(folder)
}

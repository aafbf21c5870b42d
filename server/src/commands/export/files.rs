//! The files of messages, beside the pages.

use super::{Failure, make_private};
use crate::file_name::stem;
use crate::html::{escape, name};
use chat::{ExportedRoom, Keeper};
use domain::attachment::{Attachment, Look};
use domain::message::Message;
use std::path::Path;

/// The folder for them.
const FOLDER: &str = "files";

/// Copies what these messages have; how many files are missing.
pub async fn copy(keeper: &Keeper, room: &ExportedRoom, messages: &[Message], folder: &Path) -> Result<usize, Failure> {
    let mut missing = 0;
    for file in messages.iter().flat_map(|message| &message.files) {
        let Some(bytes) = keeper.exported_file(room, file).await? else {
            missing += 1;
            continue;
        };
        make_private(&folder.join(FOLDER))?;
        std::fs::write(folder.join(FOLDER).join(saved_as(file)), bytes)?;
    }
    Ok(missing)
}

/// Never twice the same; what people called it may stand in it, but for what systems forbid.
fn saved_as(file: &Attachment) -> String {
    let (words, ending) = file.name.rsplit_once('.').unwrap_or((&file.name, ""));
    let ending: String = ending.chars().filter(char::is_ascii_alphanumeric).take(8).collect();
    let words: String = stem(words).unwrap_or_default().chars().take(40).collect();
    let start = file.blob.as_str().get(..12).unwrap_or_default();
    // Nothing of it opens by itself as a page.
    let ending = match ending.to_ascii_lowercase().as_str() {
        "" | "html" | "htm" | "xhtml" | "svg" | "xml" | "js" => "bin".to_owned(),
        ending => ending.to_owned(),
    };
    format!("{start}-{words}.{ending}")
}

/// As links, and pictures as themselves.
pub fn html(files: &[Attachment]) -> String {
    files.iter().map(one).collect()
}

fn one(file: &Attachment) -> String {
    let href: String = format!(
        "{FOLDER}/{}",
        form_urlencoded::byte_serialize(saved_as(file).as_bytes()).collect::<String>().replace('+', "%20")
    );
    let href = escape(&href);
    match file.look {
        Look::Picture { width, height, .. } => format!(
            "<p><a href=\"{href}\"><img src=\"{href}\" alt=\"{}\" width=\"{width}\" height=\"{height}\" loading=\"lazy\"></a></p>",
            escape(file.described())
        ),
        Look::File | Look::Audio | Look::Video => {
            format!("<p><a href=\"{href}\" download>{}</a></p>", name(&file.name))
        }
    }
}

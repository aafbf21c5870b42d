//! The files of a message: pictures in their place before they arrive, sound and film with the
//! browser's own player, all else to be saved.

use super::icon;
use crate::visitor::words;
use domain::RoomId;
use domain::attachment::{Attachment, Look};
use domain::picture::Size;
use leptos::prelude::*;

pub fn attachments(files: &[Attachment], room: RoomId) -> AnyView {
    if files.is_empty() {
        return ().into_any();
    }
    let files: Vec<AnyView> = files.iter().map(|file| attachment(file, room)).collect();
    view! { <div class="files">{files}</div> }.into_any()
}

fn attachment(file: &Attachment, room: RoomId) -> AnyView {
    let (url, name) = (file.url(room, Size::Full), file.name.clone());
    match file.look {
        // `public/pkg/viewer.js` shows it in full; without it the browser does.
        Look::Picture { width, height, moves } => view! {
            <a class="file-picture" href=url target="_blank" title=(!file.alt.is_empty()).then_some(name)>
                <img
                    src=file.thumbnail(room)
                    srcset=file.srcset(room)
                    sizes="20rem"
                    width=width.to_string()
                    height=height.to_string()
                    alt=file.described().to_owned()
                    loading="lazy"
                />
                {moves.then(|| view! { <span class="file-moves">"GIF"</span> })}
            </a>
        }
        .into_any(),
        Look::Video => view! {
            <video class="file-video" src=url controls preload="metadata" playsinline aria-label=name></video>
        }
        .into_any(),
        Look::Audio => view! { <audio src=url controls preload="none" aria-label=name></audio> }.into_any(),
        Look::File => {
            let size = words().bytes(file.bytes);
            view! {
                <a class="file" href=format!("{url}?download=1") download>
                    {icon::download()} <bdi>{name}</bdi> <span class="count">{size}</span>
                </a>
            }
            .into_any()
        }
    }
}

//! Adding pictures: from files (chosen, pasted, dropped, or from the camera) and by address.
//!
//! Without scripts it is a plain form. With them every file travels by itself, with its
//! progress, and one that failed can be tried again.

use super::button::Submit;
use super::field::Field;
use super::form::CallForm;
use super::icon;
use super::problem::ReturnedProblem;
use crate::text::Text;
use crate::visitor::words;
use domain::RoomId;
use domain::picture::MAX_BYTES;
use domain::problem::PictureFault;
use leptos::html;
use leptos::prelude::*;

/// How far a file has come.
#[derive(Clone, Debug, PartialEq)]
pub enum Progress {
    Waiting,
    /// In hundredths of the whole.
    Sending(u8),
    /// All sent; the server checks and re-encodes.
    Processing,
    Done,
    /// In words, and whether trying again can help.
    Failed {
        why: String,
        again: bool,
    },
}

/// A file on its way.
#[derive(Clone)]
pub struct Upload {
    pub id: u32,
    pub name: String,
    pub bytes: u64,
    /// Where it hangs: files travel side by side and may arrive in another sequence.
    pub order: i64,
    pub held: bool,
    pub progress: RwSignal<Progress>,
}

/// Everything on its way, in the order it was chosen.
#[derive(Clone, Copy)]
pub struct Uploads {
    pub room: RoomId,
    pub list: RwSignal<Vec<Upload>>,
    /// The largest order on the wall now.
    pub top: Callback<(), i64>,
    /// Whether what is chosen from now on is held back.
    pub held: RwSignal<bool>,
    /// While files are held over the window.
    pub hovering: RwSignal<bool>,
}

/// What can be refused before a byte travels: type, size. The server looks at the content.
pub fn refusal(name: &str, media_type: &str, bytes: u64) -> Option<PictureFault> {
    let ends = |ending: &str| name.to_ascii_lowercase().ends_with(ending);
    if ends(".heic") || ends(".heif") || media_type.starts_with("image/hei") {
        return Some(PictureFault::Heic);
    }
    if ends(".svg") || media_type.starts_with("image/svg") {
        return Some(PictureFault::Svg);
    }
    if bytes == 0 {
        return Some(PictureFault::Empty);
    }
    if !media_type.is_empty() && !media_type.starts_with("image/") {
        return Some(PictureFault::NotAPicture);
    }
    (bytes > MAX_BYTES).then_some(PictureFault::TooManyBytes)
}

/// A refusal in words, with the size of the file where that is the reason.
pub fn refusal_words(t: &Text, fault: PictureFault, bytes: u64) -> String {
    match fault {
        PictureFault::TooManyBytes => t.file_too_large(MAX_BYTES, bytes),
        _ => t.picture_fault(fault),
    }
}

#[component]
pub fn AddPictures(room: RoomId, room_title: String, top: Callback<(), i64>, from: String) -> impl IntoView {
    let t = words();
    let (list, held, hovering) = (RwSignal::new(Vec::new()), RwSignal::new(false), RwSignal::new(false));
    let uploads = Uploads { room, list, top, held, hovering };
    let (input, camera) = (NodeRef::<html::Input>::new(), NodeRef::<html::Input>::new());
    #[cfg(feature = "hydrate")]
    super::uploading::listen(uploads, [input, camera]);
    let chosen = move |input: NodeRef<html::Input>| {
        #[cfg(feature = "hydrate")]
        super::uploading::take_chosen(uploads, input);
        let _ = (uploads, input);
    };
    let action = format!("/upload/pictures/{room}?from={}", crate::paths::encode(&from));
    view! {
        <section class="panel add-pictures" aria-labelledby="add-pictures">
            <h2 id="add-pictures">{t.room.add_title}</h2>
            <ReturnedProblem calls=&["upload-pictures"] />
            <form class="add-files" method="post" enctype="multipart/form-data" action=action>
                <label class="drop" class:drop-over=move || uploads.hovering.get()>
                    {icon::upload()}
                    <span class="drop-label">{t.room.add_files}</span>
                    <span class="drop-hint">{t.room.add_hint}</span>
                    <input type="file" name="files" multiple accept="image/*" node_ref=input on:change=move |_| chosen(input) />
                </label>
                // Choosing several files, some phones offer no camera.
                <label class="button camera">
                    {icon::picture()} {t.shelf().take_photo}
                    <input type="file" name="files" accept="image/*" capture="environment" node_ref=camera on:change=move |_| chosen(camera) />
                </label>
                <label class="check">
                    <input type="checkbox" name="held" value="1" on:change=move |event| held.set(event_target_checked(&event)) />
                    {t.shelf().hold_new}
                </label>
                // With scripts a file goes as soon as it is chosen.
                <button class="button button-primary without-script">{t.room.add_upload}</button>
            </form>
            <UploadList uploads />
            <CallForm call="add-picture-from" from=from fields=&["url"] class="form-line" reset=true>
                <input type="hidden" name="room" value=room.to_string() />
                {move || held.get().then(|| view! { <input type="hidden" name="held" value="1" /> })}
                <Field name="url" kind="url" label=t.room.add_url hint=t.room.add_url_hint required=true plain=true />
                <Submit label=t.room.add_fetch busy=t.room.processing />
            </CallForm>
        </section>
        {move || uploads.hovering.get().then(|| view! {
            <div class="drop-veil" aria-hidden="true"><p>{t.room.drop_here} " " <bdi>{room_title.clone()}</bdi></p></div>
        })}
    }
}

#[component]
fn UploadList(uploads: Uploads) -> impl IntoView {
    let t = words();
    view! {
        <ul class="uploads" aria-label=t.room.uploads>
            <For each=move || uploads.list.get() key=|upload| upload.id let:upload>
                <UploadRow uploads upload />
            </For>
        </ul>
    }
}

#[component]
fn UploadRow(uploads: Uploads, upload: Upload) -> impl IntoView {
    let t = words();
    let Upload { id, name, bytes, progress, .. } = upload;
    let cancel = move |_| {
        #[cfg(feature = "hydrate")]
        super::uploading::cancel(uploads, id);
        let _ = (uploads, id);
    };
    let retry = move |_| {
        #[cfg(feature = "hydrate")]
        super::uploading::retry(uploads, id);
    };
    let percent = move || match progress.get() {
        Progress::Waiting | Progress::Failed { .. } => None,
        Progress::Sending(percent) => Some(percent),
        Progress::Processing | Progress::Done => Some(100),
    };
    let label = t.cancel_upload(&name);
    let bar = name.clone();
    view! {
        <li class="upload" class:upload-failed=move || matches!(progress.get(), Progress::Failed { .. })>
            <span class="upload-name"><bdi>{name}</bdi> <span class="count">{t.bytes(bytes)}</span></span>
            <span class="upload-state" role="status">{move || state(&progress.get(), bytes)}</span>
            {move || percent().map(|n| view! {
                <progress max="100" value=n.to_string() aria-label=bar.clone()></progress>
            })}
            {move || matches!(progress.get(), Progress::Failed { again: true, .. }).then(|| view! {
                <button type="button" class="button button-quiet" on:click=retry>{t.common.retry}</button>
            })}
            <button type="button" class="icon-button" aria-label=label title=t.common.cancel on:click=cancel>
                {icon::close()}
            </button>
        </li>
    }
}

fn state(progress: &Progress, bytes: u64) -> String {
    let t = words();
    match progress {
        Progress::Waiting => t.room.waiting.to_owned(),
        Progress::Sending(percent) => format!("{percent} % · {}", t.bytes(bytes * u64::from(*percent) / 100)),
        Progress::Processing => t.room.processing.to_owned(),
        Progress::Done => t.room.upload_done.to_owned(),
        Progress::Failed { why, .. } => why.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_a_picture_does_not_travel() {
        for (name, media_type, bytes, fault) in [
            ("a.JPG", "image/jpeg", 5, None),
            ("from-the-camera", "", 5, None),
            ("IMG_1.HEIC", "", 5, Some(PictureFault::Heic)),
            ("x", "image/heif", 5, Some(PictureFault::Heic)),
            ("logo.svg", "image/svg+xml", 5, Some(PictureFault::Svg)),
            ("a.png", "image/png", 0, Some(PictureFault::Empty)),
            ("a.pdf", "application/pdf", 5, Some(PictureFault::NotAPicture)),
            ("a.png", "image/png", MAX_BYTES, None),
            ("a.png", "image/png", MAX_BYTES + 1, Some(PictureFault::TooManyBytes)),
        ] {
            assert_eq!(refusal(name, media_type, bytes), fault, "{name} {media_type} {bytes}");
        }
    }
}

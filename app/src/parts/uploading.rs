//! Files on their way to the server, in the browser: a few side by side. Each says where it
//! hangs, so that they hang in the order in which they were chosen. When the server asks for patience they
//! wait and go one after the other; when the wall is full the rest does not travel.

use super::uploads::{Progress, Upload, Uploads, refusal, refusal_words};
use crate::text::{Text, text};
use domain::Problem;
use domain::wall::STEP;
use leptos::html;
use leptos::prelude::*;
use serde::Deserialize;
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::time::Duration;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{File, FileList, FormData, XmlHttpRequest};

/// So many travel at the same time.
const AT_ONCE: usize = 3;
/// How long a finished file stays in the list.
const DONE_MS: u64 = 3_000;

thread_local! {
    /// The files themselves; signals hold only what can be drawn.
    static FILES: RefCell<BTreeMap<u32, File>> = const { RefCell::new(BTreeMap::new()) };
    /// Those under way.
    static CURRENT: RefCell<BTreeMap<u32, XmlHttpRequest>> = const { RefCell::new(BTreeMap::new()) };
    /// The largest order given so far.
    static TOP: RefCell<i64> = const { RefCell::new(i64::MIN) };
    static NEXT_ID: RefCell<u32> = const { RefCell::new(1) };
    /// How many may travel at the same time now.
    static LANES: Cell<usize> = const { Cell::new(AT_ONCE) };
    /// While all wait for the server.
    static PAUSED: Cell<bool> = const { Cell::new(false) };
}

/// What the server says about one file.
#[derive(Deserialize)]
struct Outcome {
    problems: Vec<FileProblem>,
}

#[derive(Deserialize)]
struct FileProblem {
    problem: Problem,
}

/// Pasting anywhere, and dropping anywhere in the window; and what was chosen in the form before the page
/// was alive.
pub fn listen(uploads: Uploads, inputs: [NodeRef<html::Input>; 2]) {
    Effect::new(move || {
        for input in inputs {
            take_chosen(uploads, input);
        }
        let depth = StoredValue::new(0i32);
        let over = move |event: &web_sys::DragEvent, step: i32| {
            if has_files(event) {
                event.prevent_default();
                depth.update_value(|depth| *depth = (*depth + step).max(0));
                uploads.hovering.set(depth.get_value() > 0);
            }
        };
        let handles = [
            window_event_listener(leptos::ev::paste, move |event| {
                if let Some(files) = event.clipboard_data().and_then(|data| data.files()) {
                    take(uploads, &files);
                }
            }),
            window_event_listener(leptos::ev::dragenter, move |event| over(&event, 1)),
            window_event_listener(leptos::ev::dragleave, move |event| over(&event, -1)),
            window_event_listener(leptos::ev::dragover, move |event| over(&event, 0)),
            window_event_listener(leptos::ev::drop, move |event| {
                over(&event, -1_000);
                if let Some(files) = event.data_transfer().and_then(|data| data.files()) {
                    take(uploads, &files);
                }
            }),
        ];
        on_cleanup(move || handles.into_iter().for_each(leptos::leptos_dom::helpers::WindowListenerHandle::remove));
    });
}

/// Moving our own tiles about is no file.
fn has_files(event: &web_sys::DragEvent) -> bool {
    event
        .data_transfer()
        .is_some_and(|data| data.types().iter().any(|kind| kind.as_string().as_deref() == Some("Files")))
}

/// What was chosen in the form.
pub fn take_chosen(uploads: Uploads, input: NodeRef<html::Input>) {
    let Some(input) = input.get_untracked() else { return };
    if let Some(files) = input.files().filter(|files| files.length() > 0) {
        take(uploads, &files);
    }
    // So that the same file can be chosen again.
    input.set_value("");
}

fn take(uploads: Uploads, files: &FileList) {
    let files: Vec<File> = (0..files.length()).filter_map(|i| files.item(i)).collect();
    let top = TOP.with_borrow_mut(|top| {
        let now = uploads.top.run(()).max(*top);
        *top = now + STEP * files.len() as i64;
        *top
    });
    let held = uploads.held.get_untracked();
    // The first chosen ends up foremost.
    let fresh = (0i64..).zip(files).map(|(i, file)| queue(file, top - STEP * i, held));
    let fresh: Vec<Upload> = fresh.collect();
    uploads.list.update(|list| list.extend(fresh));
    send_next(uploads);
}

fn queue(file: File, order: i64, held: bool) -> Upload {
    let id = NEXT_ID.with_borrow_mut(|next| {
        *next += 1;
        *next
    });
    let (name, bytes) = (file.name(), file.size() as u64);
    let progress = match refusal(&name, &file.type_(), bytes) {
        Some(fault) => Progress::Failed { why: refusal_words(words(), fault, bytes), again: false },
        None => Progress::Waiting,
    };
    FILES.with_borrow_mut(|files| files.insert(id, file));
    Upload { id, name, bytes, order, held, progress: RwSignal::new(progress) }
}

fn send_next(uploads: Uploads) {
    while !PAUSED.get() && CURRENT.with_borrow(BTreeMap::len) < LANES.get() {
        let next = uploads
            .list
            .with_untracked(|list| list.iter().find(|u| u.progress.get_untracked() == Progress::Waiting).cloned());
        let Some(upload) = next else {
            // The next ones may be quick again.
            LANES.set(AT_ONCE);
            return;
        };
        let file = FILES.with_borrow(|files| files.get(&upload.id).cloned());
        if file.and_then(|file| start(uploads, &upload, &file)).is_none() {
            CURRENT.with_borrow_mut(|current| current.remove(&upload.id));
            fail(upload.progress, lost(), true);
        }
    }
}

/// `None` when the browser refuses to begin.
fn start(uploads: Uploads, upload: &Upload, file: &File) -> Option<()> {
    let request = XmlHttpRequest::new().ok()?;
    request.open("POST", &format!("/upload/pictures/{}", uploads.room)).ok()?;
    request.set_request_header("accept", "application/json").ok()?;
    let form = FormData::new().ok()?;
    // Read before the file that they are about.
    form.append_with_str("order", &upload.order.to_string()).ok()?;
    if upload.held {
        form.append_with_str("held", "1").ok()?;
    }
    form.append_with_blob_and_filename("files", file, &file.name()).ok()?;
    watch(uploads, upload, &request);
    CURRENT.with_borrow_mut(|current| current.insert(upload.id, request.clone()));
    upload.progress.set(Progress::Sending(0));
    request.send_with_opt_form_data(Some(&form)).ok()
}

fn watch(uploads: Uploads, upload: &Upload, request: &XmlHttpRequest) {
    let progress = upload.progress;
    let sending = Closure::<dyn FnMut(web_sys::ProgressEvent)>::new(move |event: web_sys::ProgressEvent| {
        let (sent, of) = (event.loaded(), event.total());
        let percent = (sent / of * 100.0) as u8;
        progress.try_set(if sent < of { Progress::Sending(percent) } else { Progress::Processing });
    });
    if let Ok(up) = request.upload() {
        up.set_onprogress(Some(sending.into_js_value().unchecked_ref()));
    }
    let (id, answer) = (upload.id, request.clone());
    // Comes after load, error and abort alike.
    let ended = Closure::<dyn FnMut()>::new(move || {
        CURRENT.with_borrow_mut(|current| current.remove(&id));
        if !uploads.list.is_disposed() {
            finish(uploads, id, progress, &answer);
            send_next(uploads);
        }
    });
    request.set_onloadend(Some(ended.into_js_value().unchecked_ref()));
}

fn finish(uploads: Uploads, id: u32, progress: RwSignal<Progress>, answer: &XmlHttpRequest) {
    let status = answer.status().unwrap_or(0);
    let text = answer.response_text().ok().flatten().unwrap_or_default();
    let problem = match serde_json::from_str::<Outcome>(&text) {
        Ok(outcome) => outcome.problems.into_iter().next().map(|file| file.problem),
        Err(_) => serde_json::from_str::<Problem>(&text).ok(),
    };
    match problem {
        Some(Problem::TooFast { wait_ms }) => {
            progress.try_set(Progress::Waiting);
            pause(uploads, wait_ms);
        }
        Some(problem) => {
            if matches!(&problem, Problem::Invalid { field, .. } if field == "wall") {
                give_up(uploads, &problem);
            }
            let again = !matches!(problem, Problem::Invalid { .. } | Problem::TooLarge { .. });
            fail(progress, words().problem(&problem), again);
        }
        None if (200..300).contains(&status) => {
            progress.set(Progress::Done);
            set_timeout(move || remove(uploads, id), Duration::from_millis(DONE_MS));
        }
        // Cancelled ones are gone from the list already.
        None => fail(progress, lost(), true),
    }
}

/// The files go on after so many milliseconds, one by one: as fast as the server takes them.
fn pause(uploads: Uploads, wait_ms: u64) {
    LANES.set(1);
    if PAUSED.replace(true) {
        return;
    }
    set_timeout(
        move || {
            PAUSED.set(false);
            if !uploads.list.is_disposed() {
                send_next(uploads);
            }
        },
        Duration::from_millis(wait_ms),
    );
}

/// What waits would travel for nothing.
fn give_up(uploads: Uploads, problem: &Problem) {
    uploads.list.with_untracked(|list| {
        for upload in list.iter().filter(|upload| upload.progress.get_untracked() == Progress::Waiting) {
            fail(upload.progress, words().problem(problem), false);
        }
    });
}

/// The language is read from the page: no component is being drawn here.
fn words() -> &'static Text {
    text(crate::visitor::current().lang)
}

fn lost() -> String {
    words().room.upload_lost.to_owned()
}

fn fail(progress: RwSignal<Progress>, why: String, again: bool) {
    progress.try_set(Progress::Failed { why, again });
}

/// Stops a file, or takes it off the list.
pub fn cancel(uploads: Uploads, id: u32) {
    remove(uploads, id);
    let current = CURRENT.with_borrow(|current| current.get(&id).cloned());
    if let Some(request) = current {
        let _ = request.abort();
    }
}

pub fn retry(uploads: Uploads, id: u32) {
    let found = uploads.list.with_untracked(|list| list.iter().find(|upload| upload.id == id).cloned());
    if let Some(upload) = found {
        upload.progress.set(Progress::Waiting);
        send_next(uploads);
    }
}

fn remove(uploads: Uploads, id: u32) {
    FILES.with_borrow_mut(|files| files.remove(&id));
    if !uploads.list.is_disposed() {
        uploads.list.update(|list| list.retain(|upload| upload.id != id));
    }
}

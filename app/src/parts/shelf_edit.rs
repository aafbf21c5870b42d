//! A picture's words, order number and file, edited in its place. Somebody else may be doing the
//! same: who saves second is shown the other words first.

use super::button::Submit;
use super::form::{CallForm, Done, FormState, SavedNote};
use super::shelf::Shelf;
use crate::paths;
use crate::visitor::words;
use domain::picture::Picture;
use domain::{PictureId, Problem, RoomId};
use leptos::prelude::*;
use std::sync::Arc;

/// Caption and alternative text.
type Said = (String, String);

/// What is being written, and what it started from.
#[derive(Clone, Copy)]
struct Draft {
    caption: RwSignal<String>,
    alt: RwSignal<String>,
    /// The words that the server shall still have.
    was: RwSignal<Said>,
    /// What somebody else wrote meanwhile.
    theirs: RwSignal<Option<String>>,
    now: Memo<Said>,
}

impl Draft {
    fn new(shelf: Shelf, picture: Picture) -> Self {
        let id = picture.id;
        let said = (picture.caption, picture.alt);
        let now = Memo::new(move |_| shelf_now(shelf, id).unwrap_or_default());
        // It may have been described since this card was made.
        let first = untrack(|| shelf_now(shelf, id)).unwrap_or(said);
        let draft = Self {
            caption: RwSignal::new(first.0.clone()),
            alt: RwSignal::new(first.1.clone()),
            was: RwSignal::new(first),
            theirs: RwSignal::new(None),
            now,
        };
        Effect::new(move || draft.follow(now.get()));
        draft
    }

    fn said(self) -> Said {
        (self.caption.get_untracked(), self.alt.get_untracked())
    }

    /// Whoever has not begun to write sees the new words; whoever has is told of them.
    fn follow(self, now: Said) {
        if now == self.was.get_untracked() {
            return;
        }
        if self.said() == self.was.get_untracked() || self.said() == now {
            self.caption.set(now.0.clone());
            self.alt.set(now.1.clone());
            self.was.set(now);
            self.theirs.set(None);
        } else {
            self.theirs.set(Some(now.0));
        }
    }

    /// Refused because of other words: these are shown, and the next attempt is meant.
    fn refused(self) {
        let now = self.now.get_untracked();
        self.theirs.set(Some(now.0.clone()));
        self.was.set(now);
    }
}

/// `None` when it is not here any more.
fn shelf_now(shelf: Shelf, id: PictureId) -> Option<Said> {
    shelf.find(id).map(|picture| (picture.caption, picture.alt))
}

#[component]
pub fn Edit(shelf: Shelf, picture: Picture, from: String) -> impl IntoView {
    let (room, id) = (shelf.live.id, picture.id);
    view! {
        <div class="card-forms">
            <Description shelf picture=picture.clone() from=from.clone() />
            <Order shelf id from=from.clone() />
            <Cover room id from=from.clone() />
            <Replace room picture from />
        </div>
    }
}

#[component]
fn Description(shelf: Shelf, picture: Picture, from: String) -> impl IntoView {
    let t = words();
    let (room, id) = (shelf.live.id, picture.id);
    let draft = Draft::new(shelf, picture.clone());
    let Draft { caption, alt, was, theirs, .. } = draft;
    let done: Done = Arc::new(move || {
        was.set(draft.said());
        theirs.set(None);
        leptos::task::spawn_local(shelf.refresh());
    });
    let note = move || {
        theirs.get().map(|theirs| {
            let theirs = if theirs.is_empty() { t.shelf().no_caption.to_owned() } else { theirs };
            conflict(shelf, theirs)
        })
    };
    view! {
        <CallForm call="describe-picture" from class="form" done=done>
            <input type="hidden" name="room" value=room.to_string() />
            <input type="hidden" name="picture" value=id.to_string() />
            <input type="hidden" name="was_caption" prop:value=move || was.get().0 value=picture.caption.clone() />
            <input type="hidden" name="was_alt" prop:value=move || was.get().1 value=picture.alt.clone() />
            <Refusals refused=Arc::new(move || draft.refused()) />
            {note}
            <label class="field">
                <span class="field-label">{t.room.caption}</span>
                <input
                    type="text"
                    name="caption"
                    value=picture.caption.clone()
                    prop:value=move || caption.get()
                    on:input=move |event| caption.set(event_target_value(&event))
                    maxlength="300"
                    dir="auto"
                />
            </label>
            <label class="field">
                <span class="field-label">{t.room.alt}</span>
                <input
                    type="text"
                    name="alt"
                    value=picture.alt.clone()
                    prop:value=move || alt.get()
                    on:input=move |event| alt.set(event_target_value(&event))
                    maxlength="300"
                    dir="auto"
                />
                <span class="field-hint">{t.room.alt_hint}</span>
            </label>
            <div class="row"><Submit label=t.common.save busy=t.common.saving /> <SavedNote /></div>
        </CallForm>
    }
}

/// Listens to the form around it: somebody else was quicker.
#[component]
fn Refusals(refused: Done) -> impl IntoView {
    let state = use_context::<FormState>();
    Effect::new(move || {
        if let Some(Problem::Changed { .. }) = state.and_then(|state| state.problem.get()) {
            refused();
        }
    });
}

/// Says who was quicker, and with what.
fn conflict(shelf: Shelf, theirs: String) -> AnyView {
    let s = words().shelf();
    let who = shelf.live.deed.get().and_then(|event| event.by).map_or_else(|| s.someone.to_owned(), |by| by.display);
    view! {
        <p class="field-hint card-conflict" role="status">
            <bdi>{who}</bdi> " " {s.changed_meanwhile} " " <q dir="auto">{theirs}</q> " " {s.save_again}
        </p>
    }
    .into_any()
}

#[component]
fn Order(shelf: Shelf, id: PictureId, from: String) -> impl IntoView {
    let t = words();
    let now = Memo::new(move |_| shelf.find(id).map(|picture| picture.order.to_string()).unwrap_or_default());
    // What it was when the host began to type another number, and what somebody else set since.
    let (was, theirs) = (RwSignal::new(None::<String>), RwSignal::new(None::<String>));
    // In the field while nobody types there.
    let shown = RwSignal::new(now.get_untracked());
    Effect::new(move || {
        let now = now.get();
        match was.get_untracked() {
            Some(was) if was != now => theirs.set(Some(now)),
            Some(_) => {}
            None => shown.set(now),
        }
    });
    let begin = move |_| was.update(|was| _ = was.get_or_insert_with(|| now.get_untracked()));
    let refused: Done = Arc::new(move || {
        was.set(Some(now.get_untracked()));
        theirs.set(Some(now.get_untracked()));
    });
    let done: Done = Arc::new(move || {
        was.set(None);
        theirs.set(None);
    });
    view! {
        <CallForm call="set-picture-order" from class="form-line" done=done>
            <input type="hidden" name="room" value=shelf.live.id.to_string() />
            <input type="hidden" name="picture" value=id.to_string() />
            <input
                type="hidden"
                name="was"
                value=now.get_untracked()
                prop:value=move || was.get().unwrap_or_else(|| now.get())
            />
            <Refusals refused />
            {move || theirs.get().map(|theirs| conflict(shelf, theirs))}
            <label class="field">
                <span class="field-label">{t.room.order}</span>
                <input
                    type="number"
                    name="order"
                    value=shown.get_untracked()
                    prop:value=move || shown.get()
                    on:input=begin
                    required
                />
                <span class="field-hint">{t.room.order_hint}</span>
            </label>
            <Submit label=t.common.save />
        </CallForm>
    }
}

#[component]
fn Cover(room: RoomId, id: PictureId, from: String) -> impl IntoView {
    view! {
        <CallForm call="choose-cover" from class="form-line">
            <input type="hidden" name="room" value=room.to_string() />
            <input type="hidden" name="picture" value=id.to_string() />
            <Submit label=words().room.use_as_cover /> <SavedNote />
        </CallForm>
    }
}

#[component]
fn Replace(room: RoomId, picture: Picture, from: String) -> impl IntoView {
    let t = words();
    // Another file draws the card anew, so this is the one that is seen.
    let Picture { id, blob, .. } = picture;
    let action = format!("/upload/pictures/{room}/{id}/file?was={blob}&from={}", paths::encode(&from));
    view! {
        <form class="form-line" method="post" enctype="multipart/form-data" action=action>
            <label class="field">
                <span class="field-label">{t.room.replace}</span>
                <input type="file" name="file" accept="image/*" required />
            </label>
            <button class="button">{t.room.replace}</button>
        </form>
    }
}

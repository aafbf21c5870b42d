//! What was just done to pictures, and the button that undoes it, for a few seconds.

use super::button::Submit;
use super::form::{CallForm, Done};
use crate::calls::wall::place_words;
use crate::visitor::words;
use domain::wall::Place;
use domain::{PictureId, RoomId};
use leptos::prelude::*;
use std::sync::Arc;
use std::time::Duration;

/// How long something can be undone from here.
const UNDO_MS: u64 = 5_000;

/// Something that can be undone.
#[derive(Clone, Debug, PartialEq)]
pub enum Deed {
    Removed(Vec<PictureId>),
    Held(Vec<PictureId>),
    Shown(Vec<PictureId>),
    /// It hung there before.
    Moved(PictureId, Place),
}

impl Deed {
    fn said(&self) -> String {
        let t = words();
        match self {
            Self::Removed(ids) => t.n_removed(ids.len()),
            Self::Held(ids) => t.n_held(ids.len()),
            Self::Shown(ids) => t.n_shown(ids.len()),
            Self::Moved(..) => t.moved().to_owned(),
        }
    }

    /// What `change-pictures` calls its reverse.
    fn reverse(&self) -> &'static str {
        match self {
            Self::Removed(_) => "restore",
            Self::Held(_) => "show",
            Self::Shown(_) => "hold",
            Self::Moved(..) => "",
        }
    }
}

#[component]
pub fn Undo(last: RwSignal<Option<Deed>>, room: RoomId, from: String) -> impl IntoView {
    Effect::new(move || {
        if let Some(deed) = last.get() {
            let forget = move || {
                if last.try_get_untracked().flatten().as_ref() == Some(&deed) {
                    last.set(None);
                }
            };
            set_timeout(forget, Duration::from_millis(UNDO_MS));
        }
    });
    let done: Done = Arc::new(move || last.set(None));
    view! {
        <div class="toast" role="status">
            {move || last.get().map(|deed| view! {
                <p>{deed.said()}</p>
                {reverse(deed, room, from.clone(), done.clone())}
            })}
        </div>
    }
}

fn reverse(deed: Deed, room: RoomId, from: String, done: Done) -> AnyView {
    let undo = words().common.undo;
    let act = deed.reverse();
    match deed {
        Deed::Moved(id, place) => {
            let (place, number) = place_words(place);
            view! {
                <CallForm call="move-picture" from done>
                    <input type="hidden" name="room" value=room.to_string() />
                    <input type="hidden" name="picture" value=id.to_string() />
                    <input type="hidden" name="place" value=place />
                    {number.map(|n| view! { <input type="hidden" name="number" value=n.to_string() /> })}
                    <Submit label=undo />
                </CallForm>
            }
            .into_any()
        }
        Deed::Removed(ids) | Deed::Held(ids) | Deed::Shown(ids) => {
            let ids = ids.into_iter().map(|id| {
                view! { <input type="hidden" name="pictures[]" value=id.to_string() /> }
            });
            view! {
                <CallForm call="change-pictures" from done>
                    <input type="hidden" name="room" value=room.to_string() />
                    <input type="hidden" name="act" value=act />
                    {ids.collect_view()}
                    <Submit label=undo />
                </CallForm>
            }
            .into_any()
        }
    }
}

//! What was just done to pictures or about somebody, and the button that undoes it, for a few seconds.

use super::button::Submit;
use crate::browser;
use crate::calls::wall::place_words;
use crate::paths;
use crate::place::{Named, use_place, use_query_map};
use crate::visitor::words;
use domain::wall::Place;
use domain::{DeedId, PictureId, Problem, RoomId};
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::time::Duration;

/// How long something can be undone from here.
const UNDO_MS: u64 = 5_000;

/// Something that can be undone.
#[derive(Clone, Debug, PartialEq)]
pub enum Deed {
    /// The server knows what undoes it. `act` is a word of `change-pictures`, done to `n` pictures.
    Kept { id: DeedId, act: String, n: usize },
    /// The same; `act` is a word of `moderate` or of the queue, done about somebody of this name.
    About { id: DeedId, act: String, whom: String },
    /// It hung there before.
    Moved(PictureId, Place),
}

impl Deed {
    /// What the page's address remembers of what was just done.
    pub fn returned() -> Option<Self> {
        let query = use_query_map();
        let query = query.read_untracked();
        if query.get_str("problem").is_some() { None } else { Self::of_query(&query) }
    }

    /// What the address says after `change-pictures`, or as [`paths::undo`] writes it.
    pub fn of_query(query: &Named) -> Option<Self> {
        let (id, act) = (query.get_str("undo")?.parse().ok()?, query.get("did")?);
        if let Some(whom) = query.get("whom") {
            return Some(Self::About { id, act, whom });
        }
        Some(Self::Kept { id, act, n: query.get_str("n")?.parse().ok()? })
    }

    /// The same of an address where the server wants us to go.
    pub fn of_address(address: &str) -> Option<Self> {
        let query = address.split_once('?')?.1;
        Self::of_query(&form_urlencoded::parse(query.as_bytes()).into_owned().collect())
    }

    fn said(&self) -> String {
        let t = words();
        match self {
            Self::Kept { act, n, .. } => t.n_changed(act, *n),
            Self::About { act, whom, .. } => t.done_about(act, whom),
            Self::Moved(..) => t.moved().to_owned(),
        }
    }

    fn call(&self) -> &'static str {
        match self {
            Self::Kept { .. } | Self::About { .. } => "undo-deed",
            Self::Moved(..) => "move-picture",
        }
    }

    /// The fields of the form that undoes it.
    fn fields(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::Kept { id, .. } | Self::About { id, .. } => vec![("deed", id.to_string())],
            Self::Moved(id, place) => {
                let (place, number) = place_words(*place);
                let mut fields = vec![("picture", id.to_string()), ("place", place.to_owned())];
                fields.extend(number.map(|number| ("number", number.to_string())));
                fields
            }
        }
    }
}

#[component]
pub fn Undo(
    last: RwSignal<Option<Deed>>,
    room: RoomId,
    /// Why it could not be undone.
    problem: RwSignal<Option<Problem>>,
    from: String,
) -> impl IntoView {
    let place = use_place();
    Effect::new(move |_| match last.get() {
        Some(deed) => {
            let forget = move || {
                if last.try_get_untracked().flatten().as_ref() == Some(&deed) {
                    last.set(None);
                }
            };
            set_timeout(forget, Duration::from_millis(UNDO_MS));
        }
        // Nor is it offered again by a reload.
        None => {
            if let Some(address) =
                place.path.with_untracked(|path| place.query.with_untracked(|query| paths::without_undo(path, query)))
            {
                place.go(&address, true);
            }
        }
    });
    let undo = move |deed: Deed| {
        let url = paths::call(deed.call(), &from);
        let action = url.clone();
        let submit = move |event: SubmitEvent| {
            event.prevent_default();
            let url = url.clone();
            spawn_local(async move {
                let answer = browser::post(event, url).await;
                problem.try_set(answer.err());
                last.try_set(None);
            });
        };
        let hidden = |(name, value)| view! { <input type="hidden" name=name value=value /> };
        view! {
            <p>{deed.said()}</p>
            <form method="post" action=action on:submit=submit>
                <input type="hidden" name="room" value=room.to_string() />
                {deed.fields().into_iter().map(hidden).collect_view()}
                <Submit label=words().common.undo />
            </form>
        }
    };
    view! { <div class="toast" role="status">{move || last.get().map(&undo)}</div> }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_says_what_can_be_undone() {
        let deed = Deed::Kept { id: DeedId(7), act: "remove".into(), n: 3 };
        assert_eq!(Deed::of_address("/r/hall/pictures?undo=7&did=remove&n=3"), Some(deed));
        let about = Deed::About { id: DeedId(8), act: "ban".into(), whom: "小 b&".into() };
        assert_eq!(Deed::of_address(&paths::undo("/r/hall", DeedId(8), "ban", "小 b&")), Some(about));
        for none in ["/r/hall/pictures", "/r/hall/pictures?undo=x&did=remove&n=3", "/r/hall/pictures?undo=7"] {
            assert_eq!(Deed::of_address(none), None, "{none}");
        }
    }

    #[test]
    fn an_address_forgets_what_could_be_undone_and_nothing_else() {
        let forgotten = |address: &str| {
            let (path, query) = address.split_once('?').unwrap();
            paths::without_undo(path, query)
        };
        assert_eq!(forgotten(&paths::undo("/r/hall", DeedId(8), "ban", "小 b&")).as_deref(), Some("/r/hall"));
        let among = forgotten("/admin/reports?room=3&undo=7&did=mute-10m&whom=bo&sort=at");
        assert_eq!(among.as_deref(), Some("/admin/reports?room=3&sort=at"));
        assert_eq!(forgotten("/r/hall?tab=people&n=3"), None);
    }
}

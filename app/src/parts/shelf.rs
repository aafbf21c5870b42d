//! Moving pictures: by dragging, by keyboard, by buttons; saved when dropped, at once on
//! this page, and undone with words if somebody else was quicker.

use super::shelf_card::Card;
use crate::calls::Refused;
use crate::calls::wall::{move_picture, place_words};
use crate::live::Live;
use crate::parts::problem::ProblemNote;
use crate::parts::tile::name_of;
use crate::text::Text;
use crate::visitor::words;
use domain::picture::Picture;
use domain::wall::{Place, Wall};
use domain::{PictureId, Problem};
use leptos::prelude::*;
use leptos::task::spawn_local;

/// A picture in the hand.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Hand {
    /// Pressed; not yet dragged far enough to be a move.
    Pressed { id: PictureId, x: i32, y: i32 },
    /// Dragged with a pointer, over the place `over`.
    Dragged { id: PictureId, over: Option<usize> },
    /// Lifted with the keyboard, shown at `to`.
    Lifted { id: PictureId, to: usize },
}

/// The pictures in the order that is shown, with what is being moved.
#[derive(Clone, Copy)]
pub struct Shelf {
    pub live: Live,
    t: &'static Text,
    pub hand: RwSignal<Option<Hand>>,
    /// As shown: the wall, with the moved picture where it is held or was dropped.
    order: Memo<Vec<PictureId>>,
    /// Dropped here, until the wall says so itself.
    dropped: RwSignal<Option<(PictureId, usize)>>,
    /// Somebody else was quicker.
    conflict: RwSignal<bool>,
    pub problem: RwSignal<Option<Problem>>,
    /// Spoken at every step.
    said: RwSignal<String>,
}

impl Shelf {
    pub fn new(live: Live) -> Self {
        let (hand, dropped) = (RwSignal::new(None), RwSignal::new(None));
        let shelf = Self {
            live,
            t: words(),
            hand,
            dropped,
            order: Memo::new(move |_| order(live, hand.get(), dropped.get())),
            conflict: RwSignal::new(false),
            problem: RwSignal::new(None),
            said: RwSignal::new(String::new()),
        };
        // The wall itself is the truth as soon as it speaks.
        Effect::new(move || {
            live.wall.track();
            shelf.dropped.set(None);
        });
        shelf
    }

    /// The pictures in the order that is shown.
    pub fn shown(self) -> Vec<Picture> {
        let order = self.order.get();
        self.live
            .wall
            .with(|wall| order.iter().filter_map(|id| wall.pictures.iter().find(|p| p.id == *id).cloned()).collect())
    }

    /// Where a picture is shown, from 0, and how many there are.
    pub fn place(self, id: PictureId) -> (usize, usize) {
        self.order.with(|order| (order.iter().position(|other| *other == id).unwrap_or(0), order.len()))
    }

    fn name(self, id: PictureId) -> String {
        let shown = untrack(|| self.shown());
        let found = shown.iter().enumerate().find(|(_, p)| p.id == id);
        found.map_or_else(String::new, |(i, p)| match p.label() {
            "" => self.t.picture_n_of(i + 1, shown.len()),
            label => label.to_owned(),
        })
    }

    /// Space: lifts, or drops what is lifted.
    pub fn lift_or_drop(self, id: PictureId) {
        let (at, of) = untrack(|| self.place(id));
        if let Some(Hand::Lifted { id, to }) = self.hand.get_untracked() {
            self.said.set(self.t.dropped(&self.name(id), to + 1, of));
            self.drop_at(id, to);
        } else {
            self.hand.set(Some(Hand::Lifted { id, to: at }));
            self.said.set(self.t.lifted(&self.name(id), at + 1, of));
        }
    }

    /// An arrow key while lifted; whether it was taken.
    pub fn step(self, id: PictureId, step: isize) -> bool {
        let Some(Hand::Lifted { id: held, to }) = self.hand.get_untracked() else { return false };
        if held != id {
            return false;
        }
        let of = self.live.wall.with_untracked(|wall| wall.pictures.len());
        let to = to.saturating_add_signed(step).min(of.saturating_sub(1));
        self.hand.set(Some(Hand::Lifted { id, to }));
        self.said.set(self.t.moved_to(&self.name(id), to + 1, of));
        true
    }

    /// Escape, or the focus went elsewhere: back to where it was.
    pub fn put_back(self) {
        if let Some(hand) = self.hand.get_untracked() {
            if let Hand::Lifted { id, .. } = hand {
                self.said.set(self.t.put_back(&self.name(id)));
            }
            self.hand.set(None);
        }
    }

    /// Saves a move to the place `to`, from 0.
    pub fn drop_at(self, id: PictureId, to: usize) {
        self.hand.set(None);
        let wall = self.live.wall.get_untracked();
        if wall.position(id) == Some(to) {
            return;
        }
        self.dropped.set(Some((id, to)));
        self.conflict.set(false);
        self.problem.set(None);
        spawn_local(self.save(id, to));
    }

    async fn save(self, id: PictureId, to: usize) {
        let mut answer = self.ask(id, to).await;
        if let Err(Refused(Problem::Changed { .. })) = answer {
            if self.live.is_over() {
                return;
            }
            // Show their order first, then apply ours to it, once.
            self.live.refresh_wall().await;
            self.conflict.try_set(true);
            answer = self.ask(id, to).await;
        }
        if self.live.is_over() {
            return;
        }
        if let Err(Refused(problem)) = answer {
            self.problem.set(Some(problem));
            self.dropped.set(None);
        }
        self.live.refresh_wall().await;
    }

    async fn ask(self, id: PictureId, to: usize) -> Result<(), Refused> {
        let Some(wall) = self.live.wall.try_get_untracked() else { return Ok(()) };
        let (place, number) = place_words(place_at(&wall, id, to));
        move_picture(self.live.id, id, place.to_owned(), number, Some(wall.rev)).await
    }
}

fn order(live: Live, hand: Option<Hand>, dropped: Option<(PictureId, usize)>) -> Vec<PictureId> {
    let held = match hand {
        Some(Hand::Lifted { id, to }) => Some((id, to)),
        Some(Hand::Pressed { .. } | Hand::Dragged { .. }) | None => dropped,
    };
    let mut order: Vec<PictureId> = live.wall.with(|wall| wall.pictures.iter().map(|p| p.id).collect());
    if let Some((id, to)) = held
        && let Some(from) = order.iter().position(|other| *other == id)
    {
        order.remove(from);
        order.insert(to.min(order.len()), id);
    }
    order
}

/// Said by its neighbour, so that it means the same on another wall.
fn place_at(wall: &Wall, id: PictureId, to: usize) -> Place {
    let mut others = wall.pictures.iter().filter(|p| p.id != id);
    match to.checked_sub(1).and_then(|before| others.nth(before)) {
        Some(before) => Place::After(before.id),
        None if to == 0 => Place::First,
        None => Place::Last,
    }
}

/// All pictures of the wall with what can be done to them.
#[component]
pub fn ShelfView(shelf: Shelf, from: String) -> impl IntoView {
    let t = words();
    view! {
        {move || shelf.problem.get().map(|problem| view! { <ProblemNote problem /> })}
        <p class="shelf-conflict" role="status">{move || shelf.conflict.get().then_some(t.room.order_changed)}</p>
        <p id="drag-hint" class="sr">{t.room.drag_hint}</p>
        <p class="sr" aria-live="assertive">{move || shelf.said.get()}</p>
        <ol class="shelf">
            <For each=move || shelf.shown() key=key let:picture>
                <Card shelf picture from=from.clone() />
            </For>
        </ol>
    }
}

/// Moving keeps the card; another file or other words draw it anew.
fn key(picture: &Picture) -> (i64, String, String, String) {
    (picture.id.0, picture.blob.to_string(), picture.caption.clone(), picture.alt.clone())
}

/// What a picture is called in this list.
pub fn title_of(shelf: Shelf, picture: &Picture) -> String {
    let (at, of) = shelf.place(picture.id);
    name_of(picture, at + 1, of)
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::person::Person;
    use domain::{BlobId, PersonId};

    #[test]
    fn a_place_is_said_by_the_picture_before_it() {
        let picture = |id: i64| Picture {
            id: PictureId(id),
            blob: BlobId::parse("0123456789abcdef0123456789abcdef").unwrap(),
            order: -id,
            width: 1,
            height: 1,
            caption: String::new(),
            alt: String::new(),
            by: Person { id: PersonId(1), name: "ana".into(), display: "Ana".into() },
            at: 0,
        };
        let wall = Wall::new(1, vec![picture(1), picture(2), picture(3)]);
        assert_eq!(place_at(&wall, PictureId(3), 0), Place::First);
        assert_eq!(place_at(&wall, PictureId(3), 1), Place::After(PictureId(1)));
        assert_eq!(place_at(&wall, PictureId(1), 1), Place::After(PictureId(2)));
        assert_eq!(place_at(&wall, PictureId(1), 2), Place::After(PictureId(3)));
        assert_eq!(place_at(&wall, PictureId(1), 9), Place::Last);
    }
}

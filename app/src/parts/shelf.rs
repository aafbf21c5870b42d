//! A room's pictures in the hands of its hosts. Moving them: by dragging, by keyboard, by
//! buttons; saved when dropped, at once on this page, and undone with words if somebody else
//! was quicker. What others do is shown with their names.

use super::marquee::Marquee;
use super::selection::Selection;
use super::shelf_card::Card;
use super::undo::Deed;
use crate::calls::wall::{held_pictures, move_picture, picture_sources, place_words};
use crate::calls::{Json, Refused};
use crate::live::Live;
use crate::parts::problem::ProblemNote;
use crate::parts::tile::name_of;
use crate::text::Text;
use crate::visitor::words;
use domain::event::{Event, What};
use domain::picture::Picture;
use domain::source::Sources;
use domain::wall::{Place, Wall};
use domain::{PictureId, Problem};
use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;

/// A picture in the hand.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Hand {
    /// Pressed; not yet dragged far enough to be a move. `resting`: a finger that has to rest first.
    Pressed { id: PictureId, x: i32, y: i32, resting: bool },
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
    /// Where the pointer that drags is, in the window.
    pub at: StoredValue<Option<(i32, i32)>>,
    /// The picture in the hand.
    pub held_up: Memo<Option<PictureId>>,
    /// The card beside which it would be dropped, and on which side.
    pub target: Memo<Option<(PictureId, &'static str)>>,
    /// As shown: the wall, with the moved picture where it is held or was dropped.
    order: Memo<Vec<PictureId>>,
    /// Dropped here, until the wall says so itself.
    dropped: RwSignal<Option<(PictureId, usize)>>,
    /// Somebody else was quicker.
    conflict: RwSignal<bool>,
    pub problem: RwSignal<Option<Problem>>,
    /// Spoken at every step.
    said: RwSignal<String>,
    /// What viewers do not see.
    pub held: RwSignal<Vec<Picture>>,
    /// Where pictures come from that nobody hung by hand.
    pub sources: RwSignal<Sources>,
    pub selection: Selection,
    /// What was done last from here and can be undone.
    pub did: RwSignal<Option<Deed>>,
    /// How often something was begun here.
    turns: StoredValue<u32>,
    /// What somebody else did last: in words, and to which picture.
    pub news: RwSignal<Option<(String, Option<PictureId>)>>,
}

impl Shelf {
    pub fn new(live: Live, held: Vec<Picture>, sources: Sources, did: Option<Deed>) -> Self {
        let (hand, dropped) = (RwSignal::new(None), RwSignal::new(None));
        let order = Memo::new(move |_| order(live, hand.get(), dropped.get()));
        let shelf = Self {
            live,
            t: words(),
            hand,
            at: StoredValue::new(None),
            held_up: Memo::new(move |_| match hand.get() {
                Some(Hand::Dragged { id, .. } | Hand::Lifted { id, .. }) => Some(id),
                Some(Hand::Pressed { .. }) | None => None,
            }),
            target: Memo::new(move |_| order.with(|order| target(order, hand.get()?))),
            dropped,
            order,
            conflict: RwSignal::new(false),
            problem: RwSignal::new(None),
            said: RwSignal::new(String::new()),
            held: RwSignal::new(held),
            sources: RwSignal::new(sources),
            selection: Selection::default(),
            did: RwSignal::new(did),
            turns: StoredValue::new(0),
            news: RwSignal::new(None),
        };
        // The wall itself is the truth as soon as it speaks.
        Effect::new(move || {
            live.wall.track();
            shelf.dropped.set(None);
        });
        Effect::new(move || {
            if let Some(event) = live.deed.get() {
                shelf.heard(&event);
            }
        });
        shelf
    }

    /// Somebody changed the wall, or what is held back.
    fn heard(self, event: &Event) {
        let (moved, may_be_held) = match &event.what {
            What::PictureAdded { picture, .. } => (Some(picture.id), true),
            What::PictureChanged { picture, .. } => (Some(picture.id), false),
            What::PictureMoved { picture, .. } => (Some(*picture), false),
            What::PictureRemoved { .. } | What::HeldChanged => (None, true),
            _ => (None, false),
        };
        if may_be_held {
            spawn_local(self.refresh_held());
        }
        let me = self.live.me();
        let by = event.by.as_ref().filter(|by| me.is_none_or(|me| me.id != by.id));
        if let Some(words) = by.and_then(|by| self.t.wall_deed(&by.display, &event.what)) {
            self.news.set(Some((words, moved)));
        }
    }

    async fn refresh_held(self) {
        let Ok(fresh) = held_pictures(self.live.id).await.and_then(Json::read) else { return };
        self.held.try_set(fresh);
        let Ok(sources) = picture_sources(self.live.id).await.and_then(Json::read) else { return };
        self.sources.try_set(sources);
    }

    /// Asks for everything as it is now.
    pub async fn refresh(self) {
        self.live.refresh_wall().await;
        self.refresh_held().await;
    }

    /// Every picture on this page, in its order: what hangs, then what is held back.
    pub fn all(self) -> Vec<PictureId> {
        let mut all = self.order.get_untracked();
        self.held.with_untracked(|held| all.extend(held.iter().map(|picture| picture.id)));
        all
    }

    /// A picture as it is now, shown or held back.
    pub fn find(self, id: PictureId) -> Option<Picture> {
        let held = self.held.with(|held| held.iter().find(|picture| picture.id == id).cloned());
        held.or_else(|| self.live.wall.with(|wall| wall.pictures.iter().find(|picture| picture.id == id).cloned()))
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
        let before = wall.position(id).map(|at| place_at(&wall, id, at));
        self.dropped.set(Some((id, to)));
        self.conflict.set(false);
        self.problem.set(None);
        spawn_local(self.save(id, to, before));
    }

    /// Something is being done: what was done before cannot be undone from here any more.
    pub fn begin(self) -> u32 {
        self.did.set(None);
        self.turns.update_value(|turns| *turns += 1);
        self.turns.get_value()
    }

    /// It was done, and can be undone unless something else was begun since.
    pub fn end(self, turn: u32, deed: Option<Deed>) {
        if self.turns.get_value() == turn {
            self.did.set(deed);
        }
    }

    /// `before`: where it hung until now.
    async fn save(self, id: PictureId, to: usize, before: Option<Place>) {
        let turn = self.begin();
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
        match answer {
            Ok(()) => self.end(turn, before.map(|place| Deed::Moved(id, place))),
            Err(Refused(problem)) => {
                self.problem.set(Some(problem));
                self.dropped.set(None);
            }
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

/// Where what is dragged would go.
fn target(order: &[PictureId], hand: Hand) -> Option<(PictureId, &'static str)> {
    let Hand::Dragged { id, over: Some(over) } = hand else { return None };
    let beside = *order.get(over).filter(|beside| **beside != id)?;
    let from = order.iter().position(|other| *other == id)?;
    Some((beside, if from < over { "after" } else { "before" }))
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

/// All pictures of the wall with what can be done to them, and those that are held back.
#[component]
pub fn ShelfView(shelf: Shelf, from: String) -> impl IntoView {
    let t = words();
    let (held_from, has_held) = (from.clone(), move || shelf.held.with(|held| !held.is_empty()));
    let select_all = move |event: KeyboardEvent| {
        let typing = event.target().is_some_and(|target| crate::browser::takes_text(&target));
        if event.key() == "a" && (event.ctrl_key() || event.meta_key()) && !typing {
            event.prevent_default();
            shelf.selection.choose_all(shelf.all());
        }
    };
    view! {
        <p class="shelf-news" role="status">{move || shelf.news.get().map(|(words, _)| words)}</p>
        {move || shelf.problem.get().map(|problem| view! { <ProblemNote problem /> })}
        <p class="shelf-conflict" role="status">{move || shelf.conflict.get().then_some(t.room.order_changed)}</p>
        <Marquee shelf />
        <p id="drag-hint" class="sr">{t.room.drag_hint}</p>
        <p class="sr" aria-live="assertive">{move || shelf.said.get()}</p>
        <ol class="shelf" on:keydown=select_all>
            <For each=move || shelf.shown() key=key let:picture>
                <Card shelf picture held=false from=from.clone() />
            </For>
        </ol>
        <section class="held" aria-labelledby="held-title" hidden=move || !has_held()>
            <h2 id="held-title">{t.shelf().held}</h2>
            <p class="lead">{t.shelf().held_lead}</p>
            <ol class="shelf" on:keydown=select_all>
                <For each=move || shelf.held.get() key=key let:picture>
                    <Card shelf picture held=true from=held_from.clone() />
                </For>
            </ol>
        </section>
    }
}

/// Moving keeps the card, and so do other words: somebody may be writing some. Another file
/// draws it anew.
fn key(picture: &Picture) -> (i64, String) {
    (picture.id.0, picture.blob.to_string())
}

/// What a picture is called in this list.
pub fn title_of(shelf: Shelf, id: PictureId) -> String {
    let (at, of) = shelf.place(id);
    shelf.find(id).map_or_else(String::new, |picture| name_of(&picture, at + 1, of))
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::person::Person;
    use domain::{BlobId, PersonId};

    #[test]
    fn a_dragged_picture_goes_to_the_far_side_of_what_it_passes() {
        let order = [4, 7, 2].map(PictureId);
        let dragged = |id, over| target(&order, Hand::Dragged { id: PictureId(id), over: Some(over) });
        assert_eq!(dragged(4, 2), Some((PictureId(2), "after")));
        assert_eq!(dragged(2, 0), Some((PictureId(4), "before")));
        assert_eq!((dragged(7, 1), dragged(9, 1)), (None, None), "where it is; one that is not here");
    }

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
            tint: String::new(),
            by: Person::named(PersonId(1), "ana", "Ana"),
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

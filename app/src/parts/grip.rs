//! Dragging a picture to another place with a pointer: by its handle at once, and on touch screens
//! by the picture itself after a long press, so that it still scrolls the page.

use super::shelf::{Hand, Shelf};
use crate::browser::cards;
use domain::PictureId;
use leptos::ev::PointerEvent;
use leptos::prelude::*;
use std::time::Duration;

/// A press that moves less is no drag.
pub const DRAG_PX: i32 = 8;
/// A finger that rests so long on a picture lifts it.
const LONG_PRESS: Duration = Duration::from_millis(300);

/// What a picture is taken by.
#[derive(Clone, Copy)]
pub struct Grip {
    pub shelf: Shelf,
    /// What hangs; pictures that are held back have no place to be dragged to.
    pub id: PictureId,
}

impl Grip {
    /// A press on the handle.
    pub fn press(self, event: &PointerEvent) {
        if event.button() == 0 {
            self.shelf.hand.set(Some(self.pressed(event, false)));
            cards::capture_pointer(event);
        }
    }

    /// A finger on the picture.
    pub fn touch(self, event: &PointerEvent) {
        if event.pointer_type() != "touch" || self.is_held_back() {
            return;
        }
        let pressed = self.pressed(event, true);
        self.shelf.hand.set(Some(pressed));
        let lift = move || {
            // Unless it moved, which is scrolling, or was raised.
            if self.shelf.hand.try_get_untracked().flatten() == Some(pressed) {
                self.shelf.hand.set(Some(Hand::Dragged { id: self.id, over: None }));
            }
        };
        set_timeout(lift, LONG_PRESS);
    }

    pub fn drag(self, event: &PointerEvent) {
        let (x, y) = (event.client_x(), event.client_y());
        match self.shelf.hand.get_untracked() {
            Some(Hand::Pressed { x: from_x, y: from_y, resting, .. }) => {
                let is_far = (x - from_x).abs().max((y - from_y).abs()) >= DRAG_PX;
                match (is_far, resting) {
                    (false, _) => {}
                    (true, true) => self.shelf.hand.set(None),
                    (true, false) => self.begin(x, y),
                }
            }
            Some(Hand::Dragged { over: None, .. }) if self.shelf.at.get_value().is_none() => self.begin(x, y),
            Some(Hand::Dragged { .. }) => self.shelf.at.set_value(Some((x, y))),
            Some(Hand::Lifted { .. }) | None => {}
        }
    }

    pub fn drop(self) {
        // The pointer may have moved since the last frame.
        self.find();
        match self.shelf.hand.get_untracked() {
            Some(Hand::Dragged { id, over: Some(over) }) => self.shelf.drop_at(id, over),
            Some(Hand::Pressed { .. } | Hand::Dragged { .. }) => self.shelf.hand.set(None),
            Some(Hand::Lifted { .. }) | None => {}
        }
    }

    /// While a finger drags a picture, the browser neither scrolls nor shows a menu.
    pub fn keep(self, event: &leptos::web_sys::Event) {
        if matches!(self.shelf.hand.get_untracked(), Some(Hand::Dragged { .. })) {
            event.prevent_default();
        }
    }

    fn pressed(self, event: &PointerEvent, resting: bool) -> Hand {
        self.shelf.at.set_value(None);
        Hand::Pressed { id: self.id, x: event.client_x(), y: event.client_y(), resting }
    }

    fn is_held_back(self) -> bool {
        self.shelf.held.with_untracked(|held| held.iter().any(|picture| picture.id == self.id))
    }

    /// From now on every frame finds the place under the pointer, wherever the page was scrolled.
    fn begin(self, x: i32, y: i32) {
        self.shelf.at.set_value(Some((x, y)));
        self.shelf.hand.set(Some(Hand::Dragged { id: self.id, over: None }));
        cards::each_frame(move || self.follow().is_some());
    }

    /// Before every frame.
    fn follow(self) -> Option<()> {
        self.find()?;
        let (_, y) = self.shelf.at.get_value()?;
        cards::scroll_near_edge(y);
        Some(())
    }

    /// The place under the pointer; `None` when nothing is dragged any more.
    fn find(self) -> Option<()> {
        let hand = self.shelf.hand.try_get_untracked().flatten()?;
        let (Hand::Dragged { id, .. }, Some((x, y))) = (hand, self.shelf.at.get_value()) else { return None };
        let over = cards::card_at(x, y).and_then(|card| card.parse().ok());
        let over = over.map(|over| untrack(|| self.shelf.place(over).0));
        let now = Hand::Dragged { id, over };
        if now != hand {
            self.shelf.hand.set(Some(now));
        }
        Some(())
    }
}

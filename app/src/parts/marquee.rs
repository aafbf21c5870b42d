//! Choosing pictures by drawing a frame around them with the mouse, begun on an empty place of the
//! list. Ctrl and Shift add to what is chosen already; Escape gives it up. Keyboards have Shift and
//! the arrow keys in the boxes (`selection`).

use super::shelf::Shelf;
use crate::visitor::words;
use leptos::html;
use leptos::prelude::*;

#[component]
pub fn Marquee(shelf: Shelf) -> impl IntoView {
    let frame = NodeRef::<html::Div>::new();
    let is_drawn = RwSignal::new(false);
    #[cfg(feature = "hydrate")]
    drawing::Drawing::new(shelf, frame, is_drawn).listen();
    #[cfg(not(feature = "hydrate"))]
    let _ = shelf;
    view! {
        <p class="field-hint needs-mouse">{words().shelf().marquee_hint}</p>
        <div class="marquee" node_ref=frame hidden=move || !is_drawn.get()></div>
    }
}

#[cfg(feature = "hydrate")]
mod drawing {
    use super::*;
    use crate::browser::cards;
    use crate::parts::grip::DRAG_PX;
    use domain::PictureId;
    use leptos::ev::MouseEvent;
    use std::collections::BTreeSet;

    /// A frame that is being drawn.
    #[derive(Clone)]
    struct Frame {
        /// Where it began, in the document: it stays there while the page scrolls.
        from: (f64, f64),
        /// Where the pointer is, in the window.
        to: (i32, i32),
        /// What was chosen before, and what of it stays; `None` as long as the pointer was not
        /// moved far enough.
        chosen: Option<(BTreeSet<PictureId>, BTreeSet<PictureId>)>,
    }

    #[derive(Clone, Copy)]
    pub struct Drawing {
        shelf: Shelf,
        node: NodeRef<html::Div>,
        is_drawn: RwSignal<bool>,
        frame: StoredValue<Option<Frame>>,
    }

    impl Drawing {
        pub fn new(shelf: Shelf, node: NodeRef<html::Div>, is_drawn: RwSignal<bool>) -> Self {
            Self { shelf, node, is_drawn, frame: StoredValue::new(None) }
        }

        pub fn listen(self) {
            Effect::new(move || {
                let handles = [
                    window_event_listener(leptos::ev::mousedown, move |event| self.press(&event)),
                    window_event_listener(leptos::ev::mousemove, move |event| self.drag(&event)),
                    window_event_listener(leptos::ev::mouseup, move |_| self.end()),
                    window_event_listener(leptos::ev::keydown, move |event| {
                        if event.key() == "Escape" {
                            self.give_up();
                        }
                    }),
                ];
                on_cleanup(move || {
                    handles.into_iter().for_each(leptos::leptos_dom::helpers::WindowListenerHandle::remove);
                });
            });
        }

        fn press(self, event: &MouseEvent) {
            if event.button() == 0 && cards::is_empty_place(event) {
                // Else the texts that it is drawn over would be chosen.
                event.prevent_default();
                let (to, scrolled) = ((event.client_x(), event.client_y()), cards::scrolled());
                let from = (f64::from(to.0) + scrolled.0, f64::from(to.1) + scrolled.1);
                self.frame.set_value(Some(Frame { from, to, chosen: None }));
            }
        }

        fn drag(self, event: &MouseEvent) {
            let Some(mut frame) = self.frame.get_value() else { return };
            // The button was raised where nobody told us.
            if event.buttons() == 0 {
                return self.end();
            }
            let (x, y) = (event.client_x(), event.client_y());
            let is_far = (x - frame.to.0).abs().max((y - frame.to.1).abs()) >= DRAG_PX;
            let begins = frame.chosen.is_none() && is_far;
            if begins {
                let before = self.shelf.selection.ids.get_untracked();
                let adds = event.ctrl_key() || event.meta_key() || event.shift_key();
                frame.chosen = Some((before.clone(), if adds { before } else { BTreeSet::new() }));
            }
            if frame.chosen.is_some() {
                frame.to = (x, y);
            }
            self.frame.set_value(Some(frame));
            if begins {
                self.is_drawn.set(true);
                cards::each_frame(move || self.step().is_some());
            }
        }

        /// Before every frame: scrolls near the edges, draws, and chooses what is touched.
        fn step(self) -> Option<()> {
            let Frame { from, to, chosen } = self.frame.try_get_value().flatten()?;
            let (_, kept) = chosen?;
            cards::scroll_near_edge(to.1);
            let scrolled = cards::scrolled();
            let across = ordered(from.0 - scrolled.0, f64::from(to.0));
            let down = ordered(from.1 - scrolled.1, f64::from(to.1));
            cards::draw_frame(self.node, across, down);
            let touched = cards::cards_in(across, down).into_iter().map(PictureId);
            let now: BTreeSet<PictureId> = kept.into_iter().chain(touched).collect();
            if self.shelf.selection.ids.with_untracked(|ids| *ids != now) {
                self.shelf.selection.ids.set(now);
            }
            Some(())
        }

        fn give_up(self) {
            let frame = self.frame.get_value();
            self.forget();
            if let Some(Frame { chosen: Some((before, _)), .. }) = frame {
                self.shelf.selection.ids.set(before);
            }
        }

        fn end(self) {
            self.step();
            self.forget();
        }

        fn forget(self) {
            self.frame.set_value(None);
            if self.is_drawn.get_untracked() {
                self.is_drawn.set(false);
            }
        }
    }

    fn ordered(a: f64, b: f64) -> (f64, f64) {
        (a.min(b), a.max(b))
    }
}

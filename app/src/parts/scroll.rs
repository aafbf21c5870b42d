//! Scrolling of the conversation: what is read stays where it is, the end is followed.
//!
//! The scroller is laid out from the bottom: `scrollTop` is 0 at the end and negative above.

use crate::live::Live;
use leptos::html;
use leptos::prelude::*;
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use wasm_bindgen::JsCast;
use web_sys::{DomRect, Element, HtmlCollection, HtmlElement};

/// So close to the end, the reader follows it.
const END_PX: i32 = 100;

/// The line at the upper edge, and where it was.
type Anchor = Rc<RefCell<Option<(Element, f64)>>>;

/// Where the reader is.
#[derive(Clone, Default)]
struct Place {
    anchor: Anchor,
    /// While a finger is down.
    touched: Rc<Cell<bool>>,
    /// From a change of the lines until they are back in their place: where they are tells nothing.
    moves: Rc<Cell<bool>>,
}

/// Keeps the place, follows the end, loads ahead, reports what was seen.
pub fn attend(live: Live, scroller: NodeRef<html::Div>, list: NodeRef<html::Ol>) {
    let place = Place::default();
    Effect::new(move || {
        let (Some(scroller), Some(list)) = (scroller.get(), list.get()) else { return };
        let (scroller, list): (HtmlElement, HtmlElement) = (scroller.unchecked_into(), list.unchecked_into());
        listen(live, &scroller, &list, &place);
        keep_place(live, &scroller, &list, &place);
        if crate::browser::MEMBER {
            report_seen(live, &scroller, &list, &place);
            tell_in_leaving(live);
            press_keys(live, list.into());
        }
        go_to_end(live, scroller, place.anchor.clone());
    });
}

/// Escape: done with the new-messages line. Shift+Page Up: to the oldest unread message.
fn press_keys(live: Live, list: Element) {
    let handle = window_event_listener(leptos::ev::keydown, move |event| {
        if event.default_prevented() || event.is_composing() {
            return;
        }
        match event.key().as_str() {
            "Escape" if !is_anything_open() => live.clear_line(),
            "PageUp" if event.shift_key() => {
                event.prevent_default();
                match live.unread_elsewhere() {
                    Some(address) => crate::browser::go(&address),
                    None => show_line(&list),
                }
            }
            _ => {}
        }
    });
    on_cleanup(move || handle.remove());
}

/// Escape closes it first.
fn is_anything_open() -> bool {
    !document().query_selector("dialog[open], :popover-open").is_ok_and(|found| found.is_none())
}

fn listen(live: Live, scroller: &HtmlElement, list: &HtmlElement, place: &Place) {
    let (el, lines, kept) = (scroller.clone(), list.clone(), place.clone());
    let scrolled = move || {
        let (el, lines, kept) = (el.clone(), lines.clone(), kept.clone());
        request_animation_frame(move || {
            if live.is_over() || kept.moves.get() {
                return;
            }
            live.follow(is_at_end(&el));
            tell_seen(live, &el, &lines);
            remember(&el, &lines, &kept.anchor);
            load_ahead(live, &el);
        });
    };
    let finger = place.touched.clone();
    // A resize moves lines as well.
    let handles = [
        window_event_listener_untyped("resize", {
            let scrolled = scrolled.clone();
            move |_| scrolled()
        }),
        window_event_listener_untyped("touchend", {
            let finger = finger.clone();
            move |_| finger.set(false)
        }),
        window_event_listener_untyped("touchcancel", move |_| finger.set(false)),
    ];
    on_cleanup(move || handles.into_iter().for_each(leptos::leptos_dom::helpers::WindowListenerHandle::remove));
    let finger = place.touched.clone();
    add_listener(scroller, "touchstart", move || finger.set(true));
    scrolled();
    add_listener(scroller, "scroll", scrolled);
}

/// The listener goes with the element.
fn add_listener(element: &HtmlElement, event: &str, act: impl FnMut() + 'static) {
    let act = wasm_bindgen::closure::Closure::<dyn FnMut()>::new(act).into_js_value();
    let _ = element.add_event_listener_with_callback(event, act.unchecked_ref());
}

/// After every change of the lines, before it is painted: back to the same place.
fn keep_place(live: Live, scroller: &HtmlElement, list: &HtmlElement, place: &Place) {
    let (el, lines, kept) = (scroller.clone(), list.clone(), place.clone());
    Effect::new(move || {
        live.rows.track();
        kept.moves.set(true);
        let (el, lines, kept) = (el.clone(), lines.clone(), kept.clone());
        request_animation_frame(move || {
            if live.is_over() {
                return;
            }
            if is_at_end(&el) && live.is_following() {
                el.set_scroll_top(0);
            } else if !kept.touched.get() {
                restore(&el, &kept.anchor);
            }
            kept.moves.set(false);
            live.follow(is_at_end(&el));
            tell_seen(live, &el, &lines);
            remember(&el, &lines, &kept.anchor);
            load_ahead(live, &el);
        });
    });
}

fn go_to_end(live: Live, scroller: HtmlElement, anchor: Anchor) {
    Effect::new(move |asked: Option<u32>| {
        let now = live.to_end.get();
        if asked.is_some_and(|asked| asked != now) {
            live.follow(true);
            anchor.replace(None);
            let el = scroller.clone();
            request_animation_frame(move || el.set_scroll_top(0));
        }
        now
    });
}

/// Again whenever somebody comes back to look.
fn report_seen(live: Live, scroller: &HtmlElement, list: &HtmlElement, place: &Place) {
    let (el, lines, kept) = (scroller.clone(), list.clone(), place.clone());
    Effect::new(move || {
        live.attention.track();
        let (el, lines, kept) = (el.clone(), lines.clone(), kept.clone());
        request_animation_frame(move || {
            if !live.is_over() && !kept.moves.get() {
                tell_seen(live, &el, &lines);
            }
        });
    });
}

/// What was read last counts as well.
fn tell_in_leaving(live: Live) {
    let handle = window_event_listener_untyped("pagehide", move |_| {
        if !live.is_over() {
            live.tell_seen_now();
        }
    });
    on_cleanup(move || handle.remove());
}

/// Read means visible, focused, and in view to its last line; or at the end.
fn tell_seen(live: Live, scroller: &HtmlElement, list: &HtmlElement) {
    // On a phone another tab of the room may be the one that is shown.
    if !crate::browser::MEMBER || !live.attention.get_untracked() || scroller.client_height() == 0 {
        return;
    }
    let edge = scroller.get_bounding_client_rect().bottom() + 1.0;
    let lines = list.children();
    let in_view = first_line(&lines, |line| line.bottom() > edge);
    let place = |at| lines.item(at)?.id().strip_prefix('m')?.parse().ok();
    live.saw((0..in_view).rev().find_map(place));
}

/// The first of the lines of which something is true, and of all after it: their number if of none.
fn first_line(lines: &HtmlCollection, is_behind: impl Fn(DomRect) -> bool) -> u32 {
    let (mut low, mut high) = (0, lines.length());
    while low < high {
        let middle = (low + high) / 2;
        let behind = lines.item(middle).is_none_or(|line| is_behind(line.get_bounding_client_rect()));
        if behind { high = middle } else { low = middle + 1 }
    }
    low
}

fn is_at_end(scroller: &HtmlElement) -> bool {
    scroller.scroll_top().abs() < END_PX
}

/// The topmost line in view and its distance from the upper edge.
fn remember(scroller: &HtmlElement, list: &HtmlElement, anchor: &Anchor) {
    let edge = scroller.get_bounding_client_rect().top();
    let lines = list.children();
    let first = first_line(&lines, |line| line.bottom() > edge);
    anchor.replace(lines.item(first).map(|line| {
        let top = line.get_bounding_client_rect().top() - edge;
        (line, top)
    }));
}

fn restore(scroller: &HtmlElement, anchor: &Anchor) {
    let Some((line, top)) = anchor.borrow().clone() else { return };
    if !line.is_connected() {
        return;
    }
    let now = line.get_bounding_client_rect().top() - scroller.get_bounding_client_rect().top();
    if (now - top).abs() >= 1.0 {
        scroller.scroll_by_with_x_and_y(0.0, now - top);
    }
}

/// Fetches the next page while there are still one and a half screens to read.
fn load_ahead(live: Live, scroller: &HtmlElement) {
    let screen = f64::from(scroller.client_height());
    let below = f64::from(scroller.scroll_top().abs());
    let above = f64::from(scroller.scroll_height()) - screen - below;
    let failed = live.talk.with_untracked(|talk| talk.loading == crate::live::Loading::Failed);
    if failed || screen == 0.0 {
        return;
    }
    if above < 1.5 * screen {
        live.load_earlier();
    }
    if below < 1.5 * screen {
        live.load_later();
    }
}

/// Whether the end, or the new-messages line, is out of sight.
pub fn watch_edges(
    live: Live,
    scroller: NodeRef<html::Div>,
    list: NodeRef<html::Ol>,
    away: RwSignal<bool>,
    unread_above: RwSignal<bool>,
) {
    Effect::new(move || {
        let (Some(scroller), Some(list)) = (scroller.get(), list.get()) else { return };
        let scroller: HtmlElement = scroller.unchecked_into();
        let (el, list): (HtmlElement, HtmlElement) = (scroller.clone(), list.unchecked_into());
        let look = move || {
            if live.is_over() {
                return;
            }
            let edge = el.get_bounding_client_rect().top();
            let line = new_line(&list).is_some_and(|line| line.get_bounding_client_rect().bottom() < edge);
            set_if_new(away, !is_at_end(&el));
            set_if_new(unread_above, line);
        };
        add_listener(&scroller, "scroll", {
            let look = look.clone();
            move || request_animation_frame(look.clone())
        });
        Effect::new(move || {
            live.talk.track();
            request_animation_frame(look.clone());
        });
    });
}

fn set_if_new(signal: RwSignal<bool>, value: bool) {
    if signal.get_untracked() != value {
        signal.set(value);
    }
}

fn new_line(list: &Element) -> Option<Element> {
    list.query_selector(".new-line").ok().flatten()
}

/// Brings the new-messages line to a third from the top.
pub fn show_unread(list: NodeRef<html::Ol>) {
    let Some(list) = list.get_untracked() else { return };
    show_line(&list);
}

/// As the page does when it opens ([`crate::browser::OPEN`]).
fn show_line(list: &Element) {
    let (Some(line), Ok(Some(scroller))) = (new_line(list), list.closest(".scroller")) else { return };
    let top = line.get_bounding_client_rect().top() - scroller.get_bounding_client_rect().top();
    scroller.scroll_by_with_x_and_y(0.0, top - f64::from(scroller.client_height()) / 3.0);
}

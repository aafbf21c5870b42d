//! Pointers, and the cards of a host's pictures under them.

use leptos::prelude::*;
use leptos::web_sys;

/// Keeps getting a pointer's events while it is pressed.
pub fn capture_pointer(event: &web_sys::PointerEvent) {
    use leptos::wasm_bindgen::JsCast;
    if let Some(element) = event.current_target().and_then(|target| target.dyn_into::<web_sys::Element>().ok()) {
        let _ = element.set_pointer_capture(event.pointer_id());
    }
}

/// Runs `step` before every frame from the next one on, until it answers no.
pub fn each_frame(step: impl Fn() -> bool + 'static) {
    request_animation_frame(move || {
        if step() {
            each_frame(step);
        }
    });
}

/// The `data-card` of the card under a point of the window.
pub fn card_at(x: i32, y: i32) -> Option<String> {
    let found = document().element_from_point(x as f32, y as f32)?;
    found.closest("[data-card]").ok().flatten()?.get_attribute("data-card")
}

/// Scrolls the page while something is dragged near its upper or lower edge.
pub fn scroll_near_edge(y: i32) {
    const EDGE_PX: f64 = 64.0;
    const STEP_PX: f64 = 16.0;
    let height = window().inner_height().ok().and_then(|h| h.as_f64()).unwrap_or(0.0);
    let y = f64::from(y);
    if y < EDGE_PX {
        window().scroll_by_with_x_and_y(0.0, -STEP_PX);
    } else if y > height - EDGE_PX {
        window().scroll_by_with_x_and_y(0.0, STEP_PX);
    }
}

/// How far the page is scrolled, to the right and down.
#[cfg(feature = "hydrate")]
pub fn scrolled() -> (f64, f64) {
    let window = window();
    (window.scroll_x().unwrap_or_default(), window.scroll_y().unwrap_or_default())
}

/// Whether the mouse is beside the pictures of a list, or on nothing else of a picture's card.
#[cfg(feature = "hydrate")]
pub fn is_empty_place(event: &web_sys::MouseEvent) -> bool {
    use leptos::wasm_bindgen::JsCast;
    const BESIDE: &str = "main, body";
    const NOT_EMPTY: &str = "a, button, input, select, textarea, label, img, .card-name, .card-forms";
    let Some(at) = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok()) else { return false };
    let within = |what| at.closest(what).ok().flatten().is_some();
    at.matches(BESIDE).unwrap_or(false) || within(".shelf") && !within(NOT_EMPTY)
}

/// Lays a frame over a part of the window: from left to right, from top to bottom.
#[cfg(feature = "hydrate")]
pub fn draw_frame(node: NodeRef<leptos::html::Div>, across: (f64, f64), down: (f64, f64)) {
    let Some(frame) = node.get_untracked() else { return };
    let style = web_sys::HtmlElement::style(&frame);
    for (side, length, (from, to)) in [("left", "width", across), ("top", "height", down)] {
        let _ = style.set_property(side, &format!("{from}px"));
        let _ = style.set_property(length, &format!("{}px", to - from));
    }
}

/// The `data-pick` of all cards that a part of the window touches.
#[cfg(feature = "hydrate")]
pub fn cards_in(across: (f64, f64), down: (f64, f64)) -> Vec<i64> {
    use leptos::wasm_bindgen::JsCast;
    let Ok(cards) = document().query_selector_all("[data-pick]") else { return Vec::new() };
    let cards = (0..cards.length()).filter_map(|i| cards.item(i)?.dyn_into::<web_sys::Element>().ok());
    let touched = cards.filter(|card| {
        let place = card.get_bounding_client_rect();
        place.left() < across.1 && place.right() > across.0 && place.top() < down.1 && place.bottom() > down.0
    });
    touched.filter_map(|card| card.get_attribute("data-pick")?.parse().ok()).collect()
}

/// Gives the focus to the box that chooses a picture.
pub fn focus_choice(picture: domain::PictureId) {
    #[cfg(feature = "hydrate")]
    {
        use leptos::wasm_bindgen::JsCast;
        let choice = document().query_selector(&format!("[data-pick=\"{picture}\"] .card-choose")).ok().flatten();
        if let Some(choice) = choice.and_then(|choice| choice.dyn_into::<web_sys::HtmlElement>().ok()) {
            let _ = choice.focus();
        }
    }
    #[cfg(not(feature = "hydrate"))]
    let _ = picture;
}

//! The page in the browser: takes over the server's HTML.

use wasm_bindgen::prelude::wasm_bindgen;

/// Called by the script that loads the module.
#[wasm_bindgen]
pub fn hydrate() {
    // The shipped program has no texts of panics (docs/decisions/0006).
    #[cfg(debug_assertions)]
    console_error_panic_hook::set_once();
    if !app::browser::has_left() {
        leptos::mount::hydrate_body(app::App);
    }
}

//! A page: its data, read in one call, within the frame.

use super::frame::Header;
use crate::browser;
use crate::calls::{Answer, Frame, Loaded, Refused};
use crate::pages::refusal::Refusal;
use crate::visitor::words;
use domain::Problem;
use domain::person::Registration;
use leptos::prelude::*;

/// How a page fills the window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layout {
    /// A centred column for reading and lists.
    Column,
    /// A narrow column for one short form.
    Door,
    /// The page draws its own landmarks (`<main id="main">` among them) below the header.
    Own,
}

/// Draws `body` with the page's data as soon as they are there, or the refusal in its
/// place. Loading it anew keeps the old page until then.
///
/// The one `Resource` of the page is read here and nowhere else.
pub fn page<T, F>(layout: Layout, loaded: Resource<Answer<Loaded<T>>>, body: F) -> impl IntoView
where
    T: Clone + Send + Sync + 'static,
    F: Fn(T, Frame) -> AnyView + Clone + Send + Sync + 'static,
{
    view! {
        <Transition>
            {move || {
                let body = body.clone();
                Suspend::new(async move {
                    let (frame, data) = open(loaded.await);
                    // Runs when what is made here has taken over the server's HTML.
                    Effect::new(browser::mark_ready);
                    let header = view! { <Header frame=frame.clone() /> };
                    let inner = match data {
                        Ok(data) => body(data, frame),
                        Err(problem) => view! { <Refusal problem /> }.into_any(),
                    };
                    view! { {header} {arranged(layout, inner)} }.into_any()
                })
            }}
        </Transition>
    }
}

/// A page that could not even be asked for has a frame for nobody.
fn open<T>(answer: Answer<Loaded<T>>) -> (Frame, Result<T, Problem>) {
    match answer {
        Ok(loaded) => (loaded.frame, loaded.body),
        Err(Refused(problem)) => (Frame { me: None, registration: Registration::Closed, now: 0 }, Err(problem)),
    }
}

fn arranged(layout: Layout, inner: AnyView) -> AnyView {
    match layout {
        Layout::Column => view! { <main id="main" class="column" tabindex="-1">{inner}</main> }.into_any(),
        Layout::Door => view! { <main id="main" class="door-page" tabindex="-1">{inner}</main> }.into_any(),
        Layout::Own => inner,
    }
}

/// Shown while scripts did not load, some time after the page came.
#[component]
pub fn BasicMode() -> impl IntoView {
    view! { <p class="basic-mode">{words().common.basic_mode}</p> }
}

//! A page: its data, read in one call, within the frame.

use super::frame::Header;
use crate::browser;
use crate::calls::{Answer, Frame, Json, Loaded, PageAnswer, Raw, Refused};
use crate::pages::refusal::Refusal;
use crate::visitor::words;
use domain::Problem;
use domain::person::Registration;
use leptos::prelude::*;
use serde::de::DeserializeOwned;
use std::future::Future;
use std::marker::PhantomData;
use std::pin::Pin;
use std::sync::Arc;

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

/// The data of a page, on their way.
pub struct PageData<T> {
    loaded: Resource<Answer<Raw>>,
    of: PhantomData<fn() -> T>,
}

impl<T> Clone for PageData<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for PageData<T> {}

impl<T> PageData<T> {
    pub fn refetch(&self) {
        self.loaded.refetch();
    }
}

type Calling = Pin<Box<dyn Future<Output = Answer<Raw>> + Send>>;

/// Calls for a page's data, again whenever `asked` changes; `call` gets what it says.
pub fn load<T, F>(
    asked: impl Fn() -> String + Send + Sync + 'static,
    call: impl Fn(String) -> F + Send + Sync + 'static,
) -> PageData<T>
where
    T: 'static,
    F: Future<Output = PageAnswer<T>> + Send + 'static,
{
    let asked: Box<dyn Fn() -> String + Send + Sync> = Box::new(asked);
    let call = move |asked| -> Calling {
        let answer = call(asked);
        Box::pin(async move { answer.await.map(Json::into_raw) })
    };
    let call: Box<dyn Fn(String) -> Calling + Send + Sync> = Box::new(call);
    PageData { loaded: Resource::new(asked, call), of: PhantomData }
}

/// Draws `body` with the page's data as soon as they are there, or the refusal in its
/// place. Loading it anew keeps the old page until then.
///
/// The one `Resource` of the page is read here and nowhere else.
pub fn page<T, F>(layout: Layout, data: PageData<T>, body: F) -> impl IntoView
where
    T: DeserializeOwned + 'static,
    F: Fn(T, Frame) -> AnyView + Send + Sync + 'static,
{
    let draw = move |answer: Answer<Raw>| {
        let (frame, data) = open(answer);
        // Runs when what is made here has taken over the server's HTML.
        Effect::new(browser::mark_ready);
        let header = view! { <Header frame=frame.clone() /> };
        let inner = match data {
            Ok(data) => body(data, frame),
            Err(problem) => view! { <Refusal problem /> }.into_any(),
        };
        view! { {header} {arranged(layout, inner)} }.into_any()
    };
    drawn(data.loaded, Arc::new(draw))
}

type Draw = Arc<dyn Fn(Answer<Raw>) -> AnyView + Send + Sync>;

fn drawn(loaded: Resource<Answer<Raw>>, draw: Draw) -> impl IntoView {
    #[cfg(feature = "ssr")]
    let draw = written(draw);
    view! {
        <Transition>
            {move || {
                let draw = Arc::clone(&draw);
                Suspend::new(async move { draw(loaded.await) })
            }}
        </Transition>
    }
}

/// On the server, draws once and writes it down. Leptos draws a page twice, to see whether it
/// waits for anything else, and its way to write views that may wait costs twice as much; nothing
/// in a page waits for anything but its one `Resource`.
#[cfg(feature = "ssr")]
fn written(draw: Draw) -> Draw {
    let html = std::sync::OnceLock::<String>::new();
    Arc::new(move |answer| {
        let html = html.get_or_init(|| draw(answer).to_html());
        leptos::tachys::html::InertElement::new(html.clone()).into_any()
    })
}

/// A page that could not even be asked for has a frame for nobody.
fn open<T: DeserializeOwned + 'static>(answer: Answer<Raw>) -> (Frame, Result<T, Problem>) {
    match answer.and_then(|raw| Json::<Loaded<T>>::from(raw).read()) {
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

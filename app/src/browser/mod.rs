//! The few things asked of the browser. On the server nothing here does anything: events
//! and effects do not run there.
//!
//! The room's own helpers (socket, storage, scrolling) stand at the end.

pub mod cards;

use crate::routes::Group;
use domain::Problem;
use leptos::prelude::*;
use leptos::web_sys::{self, SubmitEvent};

/// How often shown times are refreshed, milliseconds.
#[cfg(feature = "hydrate")]
const TICK_MS: u64 = 60_000;

/// The browser's clock and time zone, once they are known; none in the first render.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Tick {
    /// Milliseconds of the device's clock, which may be wrong: use differences only.
    pub now: i64,
    /// Minutes east of UTC.
    pub tz: i32,
}

/// Set soon after the page came alive, then every minute.
#[derive(Clone, Copy)]
pub struct Ticker(pub RwSignal<Option<Tick>>);

/// An attribute of `<html>`.
pub fn root_attribute(name: &str) -> Option<String> {
    #[cfg(feature = "hydrate")]
    return document().document_element()?.get_attribute(name);
    #[cfg(not(feature = "hydrate"))]
    {
        let _ = name;
        None
    }
}

/// Says to the scripts beside the program that something is about to happen.
pub fn tell(what: &str) {
    #[cfg(feature = "hydrate")]
    if let Ok(event) = web_sys::Event::new(what) {
        let _ = document().dispatch_event(&event);
    }
    #[cfg(not(feature = "hydrate"))]
    let _ = what;
}

/// The device's clock, milliseconds since 1970; 0 on the server.
pub fn now() -> i64 {
    #[cfg(feature = "hydrate")]
    return js_sys::Date::now() as i64;
    #[cfg(not(feature = "hydrate"))]
    0
}

/// A number between 0 and 1; 0 on the server.
pub fn dice() -> f64 {
    #[cfg(feature = "hydrate")]
    return js_sys::Math::random();
    #[cfg(not(feature = "hydrate"))]
    0.0
}

/// Provides [`Ticker`] and tells the server the time zone for the next page.
pub fn tell_time_zone() {
    let ticker = RwSignal::new(None);
    provide_context(Ticker(ticker));
    #[cfg(feature = "hydrate")]
    Effect::new(move || {
        let tick = move || ticker.set(Some(Tick { now: now(), tz: time_zone() }));
        tick();
        set_interval(tick, std::time::Duration::from_millis(TICK_MS));
        let zone = time_zone();
        if root_attribute("data-tz") != Some(zone.to_string()) {
            set_cookie(&format!("salon_tz={zone}; Path=/; Max-Age=31536000; SameSite=Lax"));
        }
    });
}

#[cfg(feature = "hydrate")]
fn time_zone() -> i32 {
    -(js_sys::Date::new_0().get_timezone_offset() as i32)
}

/// Written through `Reflect`: it saves the binding of a whole document type.
#[cfg(feature = "hydrate")]
fn set_cookie(cookie: &str) {
    let _ = js_sys::Reflect::set(&document(), &"cookie".into(), &cookie.into());
}

/// Whether the server's HTML is being taken over, or made: not when something is drawn later.
pub fn is_first_draw() -> bool {
    #[cfg(feature = "hydrate")]
    return Owner::current_shared_context().is_some_and(|context| context.during_hydration());
    #[cfg(not(feature = "hydrate"))]
    true
}

/// Runs while the HTML arrives. The browser's Back may then lead to another address with this
/// very document, if a program made that step once and the page was loaded anew since. Nobody
/// draws that address yet, so the server is asked for it.
pub const STAY: &str = "(root => {\
    const at = () => location.pathname + location.search;\
    root.dataset.at = at();\
    addEventListener('popstate', () => {\
        if (!root.hasAttribute('data-ready') && root.dataset.at !== at()) location.reload()\
    })\
})(document.documentElement)";

/// Runs as soon as the conversation is there, before it is painted: it opens at the new-messages
/// line, a third from the top, unless the address names a message.
pub const OPEN: &str = "(line => {\
    const all = line && line.closest('.scroller');\
    if (all && !location.hash)\
        all.scrollTop += line.getBoundingClientRect().top - all.getBoundingClientRect().top - all.clientHeight / 3\
})(document.querySelector('.new-line'))";

/// Whether the browser has gone on to another address than that of the HTML: see [`STAY`].
#[cfg(feature = "hydrate")]
pub fn has_left() -> bool {
    let place = location();
    let at = place.pathname().unwrap_or_default() + &place.search().unwrap_or_default();
    root_attribute("data-at").is_some_and(|path| path != at)
}

/// Whether this program is for people with an account: what guests cannot do is left out of theirs.
pub const MEMBER: bool = Group::Member.is_here();

/// Says that scripts work: style shows what needs them, tests wait for it.
pub fn mark_ready() {
    #[cfg(feature = "hydrate")]
    if let Some(root) = document().document_element() {
        let _ = root.set_attribute("data-ready", "");
    }
}

/// Leaves for another page with a full load, as after signing in: nothing of the former
/// visitor stays in memory.
pub fn go(address: &str) {
    #[cfg(feature = "hydrate")]
    let _ = window().location().set_href(address);
    #[cfg(not(feature = "hydrate"))]
    let _ = address;
}

/// The form that is being submitted.
pub fn form_of(event: &SubmitEvent) -> Option<web_sys::HtmlFormElement> {
    use leptos::wasm_bindgen::JsCast;
    event.target()?.dyn_into().ok()
}

/// Posts a form whose answer comes as an event.
pub fn post_alone(event: SubmitEvent, url: String) {
    leptos::task::spawn_local(async move { drop(post(event, url).await) });
}

/// Posts a form as the browser would, with the button that was pressed, but for a script.
/// Answers where the server wants us to go, if anywhere.
#[cfg(feature = "hydrate")]
pub async fn post(event: SubmitEvent, url: String) -> Result<Option<String>, Problem> {
    let body = fields(&event).ok_or(Problem::Unavailable)?;
    let response = fetch(&url, &body).await.map_err(|_| Problem::Unavailable)?;
    if response.ok() {
        return Ok(response.headers().get("location").ok().flatten());
    }
    let text = match response.text() {
        Ok(promise) => wasm_bindgen_futures::JsFuture::from(promise).await.ok(),
        Err(_) => None,
    };
    let text = text.and_then(|text| text.as_string()).unwrap_or_default();
    Err(serde_json::from_str(&text).unwrap_or(Problem::Unavailable))
}

#[cfg(not(feature = "hydrate"))]
pub async fn post(_event: SubmitEvent, _url: String) -> Result<Option<String>, Problem> {
    Err(Problem::Unavailable)
}

#[cfg(feature = "hydrate")]
fn fields(event: &SubmitEvent) -> Option<web_sys::UrlSearchParams> {
    use wasm_bindgen::JsCast;
    let data = web_sys::FormData::new_with_form(&form_of(event)?).ok()?;
    if let Some(button) = event.submitter().and_then(|el| el.dyn_into::<web_sys::HtmlButtonElement>().ok())
        && !button.name().is_empty()
    {
        data.append_with_str(&button.name(), &button.value()).ok()?;
    }
    web_sys::UrlSearchParams::new_with_str_sequence_sequence(&data).ok()
}

#[cfg(feature = "hydrate")]
async fn fetch(url: &str, body: &web_sys::UrlSearchParams) -> Result<web_sys::Response, wasm_bindgen::JsValue> {
    use wasm_bindgen::JsCast;
    let init = web_sys::RequestInit::new();
    init.set_method("POST");
    init.set_body(body);
    let request = web_sys::Request::new_with_str_and_init(url, &init)?;
    // Not text/html: the answer shall be data, not a redirect.
    request.headers().set("accept", "application/json")?;
    let response = wasm_bindgen_futures::JsFuture::from(window().fetch_with_request(&request)).await?;
    response.dyn_into()
}

/// Sends the form of a field, as its button would.
pub fn submit_form_of(event: &leptos::ev::Event) {
    #[cfg(feature = "hydrate")]
    if let Some(form) = event_target::<web_sys::HtmlInputElement>(event).form() {
        // What keeps the browser from it, it says itself.
        let _ = form.request_submit();
    }
    #[cfg(not(feature = "hydrate"))]
    let _ = event;
}

/// Puts the focus on the first field of a form that was refused, after the page has shown it.
pub fn focus_refused(form: &web_sys::HtmlFormElement) {
    #[cfg(feature = "hydrate")]
    {
        let form = form.clone();
        request_animation_frame(move || {
            use wasm_bindgen::JsCast;
            let found = form.query_selector("[aria-invalid=true]").ok().flatten();
            if let Some(field) = found.and_then(|el| el.dyn_into::<web_sys::HtmlElement>().ok()) {
                let _ = field.focus();
            }
        });
    }
    #[cfg(not(feature = "hydrate"))]
    let _ = form;
}

/// Copies a text; does nothing where the browser has no clipboard (plain http).
pub fn copy(text: &str) {
    #[cfg(feature = "hydrate")]
    {
        let clipboard = js_sys::Reflect::get(&window().navigator(), &"clipboard".into()).ok();
        let write = clipboard.as_ref().and_then(|c| js_sys::Reflect::get(c, &"writeText".into()).ok());
        if let (Some(clipboard), Some(write)) = (clipboard, write)
            && let Ok(write) = wasm_bindgen::JsCast::dyn_into::<js_sys::Function>(write)
        {
            let _ = write.call1(&clipboard, &text.into());
        }
    }
    #[cfg(not(feature = "hydrate"))]
    let _ = text;
}

/// `https://salon.example`; empty on the server.
pub fn origin() -> String {
    #[cfg(feature = "hydrate")]
    return window().location().origin().unwrap_or_default();
    #[cfg(not(feature = "hydrate"))]
    String::new()
}

/// A new name for a message: 32 hexadecimal digits. `randomUUID` is missing on plain http,
/// this is not.
pub fn new_client_id() -> domain::ClientId {
    let name: String = random_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
    domain::ClientId::parse(&name).unwrap_or_else(|_| unreachable!("hexadecimal digits are allowed"))
}

#[cfg(feature = "hydrate")]
fn random_bytes() -> [u8; 16] {
    let mut bytes = [0; 16];
    if let Ok(crypto) = window().crypto() {
        let _ = crypto.get_random_values_with_u8_array(&mut bytes);
    }
    bytes
}

/// The server never writes messages of its own.
#[cfg(not(feature = "hydrate"))]
fn random_bytes() -> [u8; 16] {
    [0; 16]
}

/// Whether fingers do the typing: Enter is a new line then.
pub fn is_touch() -> bool {
    #[cfg(feature = "hydrate")]
    return window().match_media("(hover: none) and (pointer: coarse)").ok().flatten().is_some_and(|m| m.matches());
    #[cfg(not(feature = "hydrate"))]
    false
}

/// Makes a text field as high as its text; style sets the limit. By script only, so the
/// content security policy has nothing against it.
pub fn fit_height(field: &web_sys::HtmlTextAreaElement) {
    let style = web_sys::HtmlElement::style(field);
    let _ = style.set_property("height", "auto");
    let border = field.offset_height() - field.client_height();
    let _ = style.set_property("height", &format!("{}px", field.scroll_height() + border));
}

/// One step back in the history.
pub fn back() {
    #[cfg(feature = "hydrate")]
    if let Ok(history) = window().history() {
        let _ = history.back();
    }
}

/// Gives the focus to a picture's tile on the wall.
pub fn focus_picture(picture: Option<domain::PictureId>) {
    #[cfg(feature = "hydrate")]
    if let Some(picture) = picture {
        // After the dialog is gone, or it would keep the focus.
        request_animation_frame(move || {
            use wasm_bindgen::JsCast;
            let tile = document().query_selector(&format!("[data-picture=\"{picture}\"]")).ok().flatten();
            if let Some(tile) = tile.and_then(|tile| tile.dyn_into::<web_sys::HtmlElement>().ok()) {
                let _ = tile.focus();
            }
        });
    }
    #[cfg(not(feature = "hydrate"))]
    let _ = picture;
}

/// Whether what is typed there is text: a field that is neither a box nor a button.
pub fn takes_text(target: &web_sys::EventTarget) -> bool {
    use leptos::wasm_bindgen::JsCast;
    let field = target.dyn_ref::<web_sys::HtmlInputElement>();
    field.is_some_and(|field| !matches!(field.type_().as_str(), "checkbox" | "radio" | "button" | "submit"))
}

/// Gives the focus back after the element was moved in the document: as soon as it was drawn, before the next
/// key comes, which would else go nowhere.
pub fn focus_again(element: Option<web_sys::HtmlElement>) {
    if let Some(element) = element {
        leptos::task::spawn_local(async move {
            leptos::task::tick().await;
            let _ = element.focus();
        });
    }
}

/// The number typed into the form's field `number`.
pub fn number_in(event: &SubmitEvent) -> Option<i64> {
    use leptos::wasm_bindgen::JsCast;
    let field = form_of(event)?.query_selector("[name=number]").ok().flatten()?;
    field.dyn_into::<web_sys::HtmlInputElement>().ok()?.value().trim().parse().ok()
}

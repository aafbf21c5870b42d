//! `/admin/rooms/<slug>/integration`: what other sites have to do with a room. Links and forms alone.

use crate::calls::Frame;
use crate::calls::embed::{IntegrationPage as Data, load_integration};
use crate::parts::button::{Submit, Tone};
use crate::parts::field::Area;
use crate::parts::form::{CallForm, SavedNote};
use crate::parts::icon;
use crate::parts::page::{Layout, load, page};
use crate::paths;
use crate::place::use_params_map;
use crate::visitor::words;
use domain::room::Room;
use leptos::prelude::*;
use leptos_meta::Title;

#[component]
pub fn IntegrationPage() -> impl IntoView {
    let params = use_params_map();
    let loaded = load(move || params.read().get("slug").unwrap_or_default(), load_integration);
    page(Layout::Column, loaded, content)
}

fn content(data: Data, _: Frame) -> AnyView {
    let (t, e) = (words(), words().embed());
    let Data { room, origins, origin } = data;
    view! {
        <Title text=t.title(e.title) />
        <div class="page-head">
            <h1>{e.title}</h1>
            <a class="button" href=paths::webhooks(&room.slug)>{t.webhook().title}</a>
            <a class="button" href=paths::room_admin(&room.slug)>{icon::settings()} {t.room.settings}</a>
        </div>
        <p class="lead"><bdi>{room.title.clone()}</bdi> " · " {e.lead}</p>
        <section class="panel">{sites(&room, &origins)}</section>
        <section class="panel">{how(&room, &origin)}</section>
    }
    .into_any()
}

fn sites(room: &Room, origins: &[String]) -> impl IntoView + use<> {
    let (t, e) = (words(), words().embed());
    let (id, origins) = (room.id.to_string(), origins.join("\n"));
    view! {
        <h2>{e.origins}</h2>
        <CallForm call="change-embed" from=paths::integration(&room.slug) fields=&["origins"] class="form">
            <input type="hidden" name="room" value=id />
            <Area name="origins" label=e.addresses value=origins max=4_000 hint=e.origins_hint />
            <div class="row">
                <Submit label=t.common.save busy=t.common.saving tone=Tone::Primary /> <SavedNote />
            </div>
        </CallForm>
    }
}

fn how(room: &Room, origin: &str) -> impl IntoView + use<> {
    let e = words().embed();
    let address = format!("{origin}/embed/{}#t=…", room.slug);
    let request = format!("POST {origin}/api/v1/rooms/{}/tickets", room.slug);
    view! {
        <h2>{e.how}</h2>
        <p class="lead">{e.how_lead}</p>
        <pre class="sample"><code>{request} "\n" {address}</code></pre>
    }
}

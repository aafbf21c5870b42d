//! Pictures that another system named and that could not be had: why, and once more.

use super::button::Submit;
use super::shelf::Shelf;
use crate::browser;
use crate::paths;
use crate::visitor::words;
use domain::source::Lost;
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;

#[component]
pub fn LostPictures(shelf: Shelf, from: String) -> impl IntoView {
    let s = words().shelf();
    let lost = move || shelf.sources.with(|sources| sources.lost.clone());
    let url = StoredValue::new(paths::call("refetch-link", &from));
    view! {
        <section class="panel lost" aria-labelledby="lost-title" hidden=move || lost().is_empty()>
            <h2 id="lost-title">{s.lost}</h2>
            <p class="lead">{s.lost_lead}</p>
            <ul>
                <For each=lost key=|lost| (lost.link, lost.url.clone(), lost.why.clone().status()) let:lost>
                    <Line shelf lost url=url.get_value() />
                </For>
            </ul>
        </section>
    }
}

#[component]
fn Line(shelf: Shelf, lost: Lost, url: String) -> impl IntoView {
    let t = words();
    let busy = RwSignal::new(false);
    let action = url.clone();
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        let url = url.clone();
        spawn_local(async move {
            let answer = browser::post(event, url).await;
            shelf.problem.try_set(answer.err());
            shelf.refresh().await;
            busy.try_set(false);
        });
    };
    view! {
        <li class="lost-line">
            <span class="lost-url"><bdi>{lost.url.clone()}</bdi></span>
            <span class="card-note"><bdi>{t.source(&lost.system, &lost.name)}</bdi> <span>{t.problem(&lost.why)}</span></span>
            <form method="post" action=action on:submit=submit aria-busy=move || busy.get().then_some("true")>
                <input type="hidden" name="room" value=shelf.live.id.to_string() />
                <input type="hidden" name="link" value=lost.link.to_string() />
                <Submit label=t.shelf().refetch describe=format!("{}: {}", t.shelf().refetch, lost.url) />
            </form>
        </li>
    }
}

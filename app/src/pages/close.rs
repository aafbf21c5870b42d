//! `/me/close`: taking along what is one's own, and leaving. Forms alone.

use crate::calls::Frame;
use crate::calls::identity::{ClosePage as Data, load_close};
use crate::parts::button::{Submit, Tone};
use crate::parts::field::Secret;
use crate::parts::form::CallForm;
use crate::parts::page::{Layout, load, page};
use crate::parts::problem::ReturnedProblem;
use crate::paths;
use crate::visitor::words;
use domain::room::Room;
use leptos::prelude::*;
use leptos_meta::Title;

#[component]
pub fn ClosePage() -> impl IntoView {
    page(Layout::Column, load(String::new, |_| load_close()), content)
}

fn content(data: Data, _: Frame) -> AnyView {
    let (t, i) = (words(), words().identity());
    let inner = if data.only_hosted.is_empty() { form().into_any() } else { hosted(data.only_hosted).into_any() };
    view! {
        <Title text=t.title(i.leave) />
        <div class="page-head"><h1>{i.leave}</h1></div>
        <section class="panel">
            <h2>{i.take}</h2>
            <p class="lead">{i.take_lead}</p>
            <ReturnedProblem calls=&["export-account"] />
            <form method="post" action="/export/account?from=/me/close"><button class="button">{i.take_save}</button></form>
        </section>
        <section class="panel">
            <h2>{i.close}</h2>
            <p class="lead">{i.close_lead}</p>
            {inner}
        </section>
    }
    .into_any()
}

fn hosted(rooms: Vec<Room>) -> impl IntoView {
    let line = |room: Room| {
        view! { <li class="row-line"><a href=paths::room_people(&room.slug) dir="auto">{room.title}</a></li> }
    };
    view! {
        <p>{words().identity().close_hosts}</p>
        <ul class="rows">{rooms.into_iter().map(line).collect_view()}</ul>
    }
}

fn form() -> impl IntoView {
    let i = words().identity();
    view! {
        <CallForm call="close-account" from="/me/close" fields=&["password"] class="form">
            <Secret name="password" label=i.your_password autocomplete="current-password" />
            <div class="row"><Submit label=i.close tone=Tone::Danger /></div>
        </CallForm>
    }
}

//! `/admin/rooms/new`: a room needs no more than a name.

use super::{ROOM_FIELDS, RoomFields, tabs};
use crate::calls::rooms::load_new_room;
use crate::parts::button::{Submit, Tone};
use crate::parts::form::CallForm;
use crate::parts::page::{Layout, load, page};
use crate::visitor::words;
use leptos::prelude::*;
use leptos_meta::Title;

#[component]
pub fn NewRoomPage() -> impl IntoView {
    let loaded = load(String::new, |_| load_new_room());
    page(Layout::Column, loaded, |(), _| content())
}

fn content() -> AnyView {
    let t = words();
    view! {
        <Title text=t.title(t.admin.new_room) />
        {tabs("/admin/rooms")}
        <div class="page-head"><h1>{t.admin.new_room}</h1></div>
        <section class="panel">
            <CallForm call="create-room" from="/admin/rooms/new" fields=ROOM_FIELDS class="form">
                <RoomFields />
                <div class="row">
                    <Submit label=t.admin.create_room busy=t.auth.creating tone=Tone::Primary />
                    <a class="button button-quiet" href="/admin/rooms">{t.common.cancel}</a>
                </div>
            </CallForm>
        </section>
    }
    .into_any()
}

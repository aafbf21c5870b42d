//! `/share`: pictures that were shared from elsewhere on the device, on their way to a wall. One form
//! with a button for each room; `public/pkg/push.js` puts the pictures in that the service worker got.

use crate::calls::Frame;
use crate::calls::push::load_share;
use crate::parts::page::{Layout, load, page};
use crate::paths;
use crate::visitor::words;
use domain::room::Room;
use leptos::prelude::*;
use leptos_meta::Title;

#[component]
pub fn SharePage() -> impl IntoView {
    page(Layout::Column, load(String::new, |_| load_share()), content)
}

fn content(rooms: Vec<Room>, _: Frame) -> AnyView {
    let (t, p) = (words(), words().push());
    let none = rooms.is_empty();
    let rows = rooms.into_iter().map(row).collect_view();
    view! {
        <Title text=t.title(p.share) />
        <div class="page-head"><h1>{p.share}</h1></div>
        {if none {
            view! { <div class="empty"><p>{p.share_none}</p></div> }.into_any()
        } else {
            view! {
                <form method="post" enctype="multipart/form-data" class="share" data-share="">
                    <p class="lead">{p.share_lead}</p>
                    <div class="field">
                        <label for="share-files">{p.pictures}</label>
                        <input id="share-files" type="file" name="files" accept="image/*" multiple required />
                    </div>
                    <ul class="rows">{rows}</ul>
                </form>
            }
            .into_any()
        }}
    }
    .into_any()
}

fn row(room: Room) -> impl IntoView {
    let p = words().push();
    let action = format!("/upload/pictures/{}?from={}", room.id, paths::encode(&paths::room(&room.slug)));
    let describe = format!("{}: {}", p.hang, room.title);
    view! {
        <li class="row-line">
            <div class="row-words"><p class="row-name" dir="auto">{room.title}</p></div>
            <button class="button" formaction=action aria-label=describe>{p.hang}</button>
        </li>
    }
}

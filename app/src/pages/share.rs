//! `/share`: what was shared from elsewhere on the device, on its way into a conversation or to a wall. One
//! form with the buttons of each room; `public/pkg/push.js` puts in what the service worker got.

use crate::calls::Frame;
use crate::calls::push::{SharePage as Data, ShareRoom, load_share};
use crate::parts::field::Field;
use crate::parts::page::{Layout, load, page};
use crate::parts::problem::ReturnedProblem;
use crate::paths;
use crate::visitor::words;
use leptos::prelude::*;
use leptos_meta::Title;

#[component]
pub fn SharePage() -> impl IntoView {
    page(Layout::Column, load(String::new, |_| load_share()), content)
}

fn content(data: Data, _: Frame) -> AnyView {
    let (t, p) = (words(), words().push());
    let Data { rooms, client_id } = data;
    let none = rooms.is_empty();
    let rows = rooms.into_iter().map(row).collect_view();
    view! {
        <Title text=t.title(p.share) />
        <div class="page-head"><h1>{p.share}</h1></div>
        <ReturnedProblem calls=&["post-message", "upload-pictures"] />
        {if none {
            view! { <div class="empty"><p>{p.share_none}</p></div> }.into_any()
        } else {
            view! {
                <form method="post" enctype="multipart/form-data" class="share form" data-share="">
                    <p class="lead">{p.share_lead}</p>
                    <input type="hidden" name="client_id" value=client_id.to_string() />
                    <Field name="text" label=p.share_text plain=true />
                    <div class="field">
                        <label for="share-files">{p.share_files}</label>
                        <input id="share-files" type="file" name="files" multiple />
                    </div>
                    <ul class="rows">{rows}</ul>
                </form>
            }
            .into_any()
        }}
    }
    .into_any()
}

fn row(ShareRoom { room, talks, hangs }: ShareRoom) -> impl IntoView {
    let p = words().push();
    let from = paths::room(&room.slug);
    let button = |does: &'static str, action: String| {
        let describe = format!("{does}: {}", room.title);
        view! { <button class="button" formaction=action aria-label=describe>{does}</button> }
    };
    let send = talks.then(|| button(p.share_send, paths::post(room.id, &from)));
    let hang = hangs.then(|| button(p.hang, format!("/upload/pictures/{}?from={}", room.id, paths::encode(&from))));
    view! {
        <li class="row-line">
            <div class="row-words"><p class="row-name" dir="auto">{room.title.clone()}</p></div>
            {send} {hang}
        </li>
    }
}

//! `/report/<message>`: handing a message to the administrators. `/report/@<name>` for the last one
//! that somebody sent in private. Links and forms alone.

use crate::calls::Frame;
use crate::calls::contacts::{ReportPage as Data, load_report};
use crate::parts::button::{Submit, Tone};
use crate::parts::field::Area;
use crate::parts::form::CallForm;
use crate::parts::page::{Layout, load, page};
use crate::parts::spans::spans;
use crate::paths;
use crate::place::{use_params_map, use_query_map};
use crate::visitor::words;
use domain::contact::MAX_REASON;
use leptos::prelude::*;
use leptos_meta::Title;

#[component]
pub fn ReportPage() -> impl IntoView {
    let params = use_params_map();
    let done = use_query_map().read_untracked().get("done").unwrap_or_default();
    let message = move || params.read().get("message").unwrap_or_default();
    let loaded = load(message, move |message| load_report(message, done.clone()));
    page(Layout::Column, loaded, content)
}

fn content(data: Data, _: Frame) -> AnyView {
    let t = words();
    let p = t.private();
    let Data { room, message, done } = data;
    let title = t.report_of(&message.author.display);
    let back = paths::room(&room.slug);
    let id = message.id;
    view! {
        <Title text=t.title(&title) />
        <div class="page-head"><h1 dir="auto">{title.clone()}</h1></div>
        <section class="panel">
            <blockquote class="bubble" dir="auto">{spans(&message.spans, None)}</blockquote>
            {if done {
                view! {
                    <p role="status">{p.reported}</p>
                    <a class="button" href=back>{p.back}</a>
                }
                .into_any()
            } else {
                form(id.to_string(), back)
            }}
        </section>
    }
    .into_any()
}

fn form(message: String, back: String) -> AnyView {
    let p = words().private();
    view! {
        <p class="lead">{p.report_lead}</p>
        <CallForm call="report-message" from=format!("/report/{message}") fields=&["reason"] class="form">
            <input type="hidden" name="message" value=message />
            <Area name="reason" label=p.reason max=MAX_REASON as u32 />
            <label class="check"><input type="checkbox" name="block" value="1" /> {p.also_block}</label>
            <div class="row">
                <Submit label=p.send_report tone=Tone::Danger />
                <a class="button button-quiet" href=back>{p.back}</a>
            </div>
        </CallForm>
    }
    .into_any()
}

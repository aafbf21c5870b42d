//! `/admin/reports?state=…`: messages that people reported, dealt with by a button or a key each
//! (`public/pkg/queue.js`), and how much strangers may say.

use super::tabs;
use crate::calls::Frame;
use crate::calls::contacts::{ReportsPage as Data, load_reports};
use crate::parts::button::{Submit, Tone};
use crate::parts::field::Field;
use crate::parts::form::CallForm;
use crate::parts::list::{ListAddress, act, head, pager};
use crate::parts::page::{Layout, load, page};
use crate::parts::problem::ReturnedProblem;
use crate::parts::time::When;
use crate::parts::undo::{Deed, Undo};
use crate::paths;
use crate::place::use_query_map;
use crate::visitor::words;
use domain::RoomId;
use domain::contact::{FirstContact, Report};
use domain::person::Person;
use leptos::prelude::*;
use leptos_meta::Title;

const HERE: &str = "/admin/reports";
const RESOLVED: &str = "/admin/reports?state=resolved";

#[component]
pub fn ReportsPage() -> impl IntoView {
    let query = use_query_map().get_untracked();
    let of = move |key: &'static str| query.get(key).unwrap_or_default();
    let list = ListAddress::new(HERE, ["state", "sort", "after"].map(|key| (key, of(key))).into());
    let resolved = of("state") == "resolved";
    let loaded = load(String::new, move |_| load_reports(of("state"), of("sort"), of("after")));
    page(Layout::Column, loaded, move |data, frame| content(&list, resolved, data, &frame))
}

fn content(list: &ListAddress, resolved: bool, data: Data, frame: &Frame) -> AnyView {
    let t = words();
    let p = t.private();
    let none = data.reports.is_empty();
    let rows = data.reports.into_iter().map(|report| row(report, frame.now)).collect_view();
    let tab = |href: &'static str, label: &'static str, here: bool| {
        view! { <a class="tab" href=href aria-current=here.then_some("page")>{label}</a> }
    };
    view! {
        <Title text=t.title(p.reports) />
        {tabs(HERE)}
        <div class="page-head"><h1>{p.reports}</h1></div>
        <p class="lead">{p.reports_lead}</p>
        <nav class="tabs" aria-label=p.reports>
            {tab(HERE, p.open, !resolved)} {tab(RESOLVED, p.resolved, resolved)}
        </nav>
        <ReturnedProblem calls=&["resolve-report", "undo-deed"] />
        {(!resolved && !none).then(|| view! { <p class="lead needs-keys">{p.reports_keys}</p> })}
        {if none {
            view! { <div class="empty"><p>{p.none}</p></div> }.into_any()
        } else {
            view! {
                <table class="table panel">
                    <thead>
                        <tr>
                            <th scope="col">{p.reports}</th> {head(list, ("-at", true), t.audit.when)}
                        </tr>
                    </thead>
                    <tbody data-queue>{rows}</tbody>
                </table>
            }
            .into_any()
        }}
        {pager(list, data.next)}
        <section class="panel">{strangers(data.rule)}</section>
        {undone()}
    }
    .into_any()
}

/// A mute of a moment ago, in the room that the address names.
fn undone() -> Option<AnyView> {
    let room = use_query_map().read_untracked().get_str("room")?.parse().ok().map(RoomId)?;
    let (last, problem) = (RwSignal::new(Deed::returned()), RwSignal::new(None));
    Some(view! { <Undo last room problem from=HERE.to_owned() /> }.into_any())
}

fn row(report: Report, now: i64) -> AnyView {
    let t = words();
    let p = t.private();
    let Report { id, about, by, text, room, reason, at, resolved } = report;
    let in_room = room.is_some();
    let place = match room {
        Some(room) => view! { <a href=paths::room(&room.slug) dir="auto">{room.title}</a> }.into_any(),
        None => view! { {p.in_private} }.into_any(),
    };
    let account = format!("/admin/people/{}", about.id);
    let reason = if reason.is_empty() { p.no_reason.to_owned() } else { reason };
    let waits = resolved.is_none();
    let end = resolved.map(|(person, at)| {
        view! { <span class="row-note">{name(&person)} " · " <When at now /></span> }
    });
    view! {
        <tr class="report" tabindex=waits.then_some("0")>
            <td>
                <p class="row-name">{name(&about)} <a class="row-note" href=account>{p.account}</a></p>
                <blockquote class="bubble" dir="auto">{text}</blockquote>
                <p dir="auto">{reason}</p>
                <p class="row-note">{t.reported_by(&by.display)} " · " {place}</p>
                {waits.then(|| ends(id, in_room, &about.display))}
            </td>
            <td><p><When at now /></p> {end}</td>
        </tr>
    }
    .into_any()
}

/// The buttons, with the keys that press them. Nobody but the two of them has a hand in a private chat.
fn ends(report: i64, in_room: bool, whom: &str) -> AnyView {
    let p = words().private();
    let end = |key: &'static str, what: &'static str, label: &'static str, tone: Tone| {
        let fields = [("report", report.to_string()), ("act", what.to_owned())];
        view! { <span data-key=key>{act("resolve-report", HERE, &fields, (label, tone), whom)}</span> }
    };
    view! {
        <div class="row">
            {end("a", "", p.resolve, Tone::Plain)}
            {in_room.then(|| [end("d", "delete", p.delete_message, Tone::Quiet), end("m", "mute", p.mute_author, Tone::Quiet)])}
        </div>
    }
    .into_any()
}

fn name(person: &Person) -> AnyView {
    view! { <bdi title=format!("@{}", person.name)>{person.display.clone()}</bdi> }.into_any()
}

fn strangers(rule: FirstContact) -> impl IntoView {
    let t = words();
    let p = t.private();
    view! {
        <h2>{p.strangers}</h2>
        <p class="lead">{p.strangers_lead}</p>
        <CallForm call="change-first-contact" from=HERE fields=&["most", "hours"] class="form">
            <Field
                name="most"
                kind="number"
                label=p.most
                hint=p.most_hint
                value=rule.most.to_string()
                required=true
            />
            <Field
                name="hours"
                kind="number"
                label=p.hours
                hint=p.hours_hint
                value=rule.hours.to_string()
                required=true
            />
            <div class="row"><Submit label=t.common.save tone=Tone::Primary /></div>
        </CallForm>
    }
}

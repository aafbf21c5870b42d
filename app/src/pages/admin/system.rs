//! `/admin/system`: how the house and the machine under it are doing.

use super::backup::backup;
use super::tabs;
use crate::calls::Frame;
use crate::calls::system::{Mail, System, load_system};
use crate::parts::button::Submit;
use crate::parts::field::Field;
use crate::parts::form::CallForm;
use crate::parts::icon;
use crate::parts::page::{Layout, load, page};
use crate::parts::time::When;
use crate::place::use_query_map;
use crate::visitor::words;
use domain::email::MailTest;
use leptos::prelude::*;
use leptos_meta::Title;

#[component]
pub fn SystemPage() -> impl IntoView {
    let loaded = load(String::new, |_| load_system());
    page(Layout::Column, loaded, content)
}

fn content(system: System, frame: Frame) -> AnyView {
    let t = words();
    let p = t.people();
    let bytes = |n: Option<u64>| n.map_or_else(|| p.not_said.to_owned(), |n| t.bytes(n));
    let lines = [
        (p.version, system.version.clone()),
        (p.uptime, t.span(system.up_ms)),
        (p.store, system.store.clone()),
        (p.size, t.bytes(system.size)),
        (p.log, bytes(system.log)),
        (p.disk, bytes(system.disk_left)),
        (p.connections, system.connections.to_string()),
        (p.listeners, system.listeners.to_string()),
        (p.delivery, delivery(&system)),
    ];
    let lines = lines.map(|(label, value)| view! { <div class="fact"><dt>{label}</dt><dd>{value}</dd></div> });
    view! {
        <Title text=t.title(p.system) />
        {tabs("/admin/system")}
        <div class="page-head"><h1>{p.system}</h1></div>
        <section class="panel">
            <dl class="facts">{lines.collect_view()}</dl>
            <p class="field-hint">{p.delivery} ": " {p.delivery_hint}</p>
        </section>
        <section class="panel" id="backup">{backup(system.backup, frame.now)}</section>
        <section class="panel" id="mail">{mail(system.mail, frame.now)}</section>
    }
    .into_any()
}

fn mail(mail: Mail, now: i64) -> impl IntoView {
    let p = words().people();
    let fact = |label, at, why| view! { <div class="fact"><dt>{label}</dt><dd><When at now /> " · " {why}</dd></div> };
    let fault = mail.fault.map(|(at, why)| fact(p.mail_fault, at, view! { <bdi>{why}</bdi> }.into_any()));
    let test = mail.test.map(|(at, test)| fact(p.mail_tested, at, came_of(test)));
    view! {
        <h2>{p.mail}</h2>
        {mail.is_folder.then(|| view! { <div class="problem">{icon::alert()} <p>{p.mail_folder}</p></div> })}
        <dl class="facts">
            <div class="fact"><dt>{p.mail_sent}</dt><dd>{mail.sent.to_string()}</dd></div>
            <div class="fact"><dt>{p.mail_failed}</dt><dd>{mail.failed.to_string()}</dd></div>
            {fault}
            {test}
        </dl>
        <CallForm call="test-mail" from="/admin/system" fields=&["email"] class="form">
            <Field
                name="email"
                label=p.mail_to
                hint=p.mail_to_hint
                kind="email"
                value=mail.own
                autocomplete="email"
                required=true
                plain=true
                max=254
            />
            <div class="row"><Submit label=p.mail_test /></div>
        </CallForm>
    }
}

/// In words; those of the mail server or the system behind them.
fn came_of(test: MailTest) -> AnyView {
    let p = words().people();
    let (came, why) = match test {
        MailTest::Sent => (p.mail_test_sent, None),
        MailTest::Written(file) => (p.mail_test_written, Some(file)),
        MailTest::Refused(why) => (p.mail_test_refused, Some(why)),
        MailTest::Failed(why) => (p.mail_test_failed, Some(why)),
        MailTest::NoAnswer => (p.mail_test_silent, None),
    };
    let now = use_query_map().read_untracked().get("tested").is_some();
    view! { <span role=now.then_some("status")>{came} " " <bdi>{why}</bdi></span> }.into_any()
}

fn delivery(system: &System) -> String {
    let t = words();
    match system.delivered {
        0 => t.people().nothing_delivered.to_owned(),
        count => t.delivered(count, &short(system.p50_us), &short(system.p99_us)),
    }
}

/// `640 µs`, `1.5 ms`, `2 s`: as exact as it is known.
fn short(micros: u64) -> String {
    match micros {
        0..1_000 => format!("{micros} µs"),
        1_000..10_000 => format!("{}.{} ms", micros / 1_000, micros % 1_000 / 100),
        10_000..1_000_000 => format!("{} ms", micros / 1_000),
        _ => format!("{}.{} s", micros / 1_000_000, micros % 1_000_000 / 100_000),
    }
}

#[cfg(test)]
mod tests {
    use super::short;

    #[test]
    fn times_are_as_long_as_they_are_exact() {
        for (micros, told) in [(3, "3 µs"), (1_536, "1.5 ms"), (24_576, "24 ms"), (2_097_152, "2.0 s")] {
            assert_eq!(short(micros), told);
        }
    }
}

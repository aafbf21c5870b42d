//! Who is in the room: hosts first, who is here now marked by a word and a dot.

use super::avatar::Avatar;
use super::button::{Submit, Tone};
use super::confirm::leaving;
use super::form::CallForm;
use crate::browser;
use crate::live::{Live, People};
use crate::paths;
use crate::visitor::words;
use domain::PersonId;
use domain::member::Role;
use domain::person::Person;
use leptos::prelude::*;

#[component]
pub fn Roster(live: Live, slug: String) -> impl IntoView {
    let t = words();
    let me = live.me().map(|me| me.id);
    let guests = move || live.people.with(|people| (people.guests > 0).then(|| t.guests(people.guests)));
    // In a crowd nobody is told who of it is here, only how many are.
    let crowd = move || live.people.with(|people| (people.unnamed > 0).then(|| t.n_present(people.unnamed)));
    let entries = move || live.people.with(entries);
    view! {
        <h2 class="panel-title">{t.room.members}</h2>
        <ul class="people">
            <For each=entries key=Entry::key let:entry>
                {entry_view(entry, me)}
            </For>
        </ul>
        <p class="people-guests">{crowd}</p>
        <p class="people-guests">{guests}</p>
        {(browser::MEMBER && me.is_some()).then(|| view! {
            <p class="people-guests"><a href=paths::conversation(&slug) download="">{t.room.save_talk}</a></p>
        })}
        {move || live.role.get().map(|role| {
            let form = view! {
                <CallForm call="leave-room" from=paths::room(&slug) class="people-leave">
                    <input type="hidden" name="room" value=live.id.to_string() />
                    <Submit label=t.room.leave tone=Tone::Quiet />
                </CallForm>
            };
            live.room.with(|room| leaving(room, Some(role), form.into_any()))
        })}
    }
}

#[derive(Clone)]
struct Entry {
    person: Person,
    role: Option<Role>,
    /// `None` in a crowd.
    present: Option<bool>,
}

impl Entry {
    /// Everything that is drawn: whoever changes is drawn anew.
    fn key(&self) -> (i64, bool, Option<bool>, [String; 2]) {
        let Person { id, display, portrait, .. } = &self.person;
        (id.0, self.role == Some(Role::Host), self.present, [display.clone(), portrait.clone()])
    }
}

/// Members in their order, then those who only look in.
fn entries(people: &People) -> Vec<Entry> {
    let is_here = |person: &Person| (people.unnamed == 0).then(|| people.present.iter().any(|p| p.id == person.id));
    let is_member = |person: &Person| people.members.iter().any(|m| m.person.id == person.id);
    let members = people.members.iter().map(|m| Entry {
        person: m.person.clone(),
        role: Some(m.role),
        present: is_here(&m.person),
    });
    let others = people.present.iter().filter(|p| !is_member(p));
    members.chain(others.map(|p| Entry { person: p.clone(), role: None, present: Some(true) })).collect()
}

fn entry_view(entry: Entry, me: Option<PersonId>) -> impl IntoView {
    let t = words();
    let Entry { person, role, present } = entry;
    let is_me = me == Some(person.id);
    let leads_to = browser::MEMBER && me.is_some() && !is_me;
    let state = present.map(|here| if here { t.room.here_now } else { t.room.away });
    let present = present == Some(true);
    let display = view! { <bdi>{person.display.clone()}</bdi> };
    // The way to a private chat with them.
    let name = match leads_to {
        true => view! { <a class="name-link" href=paths::person(&person.name)>{display}</a> }.into_any(),
        false => display.into_any(),
    };
    view! {
        <li class="person" class:person-here=present>
            <Avatar person=person.clone() known=me.is_some() />
            <span class="person-words">
                <span class="person-name">
                    {name}
                    {is_me.then(|| view! { <span class="chip">{t.room.you}</span> })}
                    {(role == Some(Role::Host)).then(|| view! { <span class="chip chip-accent">{t.room.host}</span> })}
                </span>
                <span class="person-note"><bdi>{format!("@{}", person.name)}</bdi></span>
            </span>
            <span class="person-state">
                {present.then(|| view! { <span class="dot" aria-hidden="true"></span> })} {state}
            </span>
        </li>
    }
}

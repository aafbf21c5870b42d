//! `/admin/rooms/<slug>/people`: a room's members and the links that let others in.

use super::people::invite_line;
use crate::calls::Frame;
use crate::calls::room_invites::{RoomPeople, load_room_people};
use crate::parts::avatar::Avatar;
use crate::parts::button::{Submit, Tone};
use crate::parts::confirm::ask;
use crate::parts::field::Field;
use crate::parts::form::CallForm;
use crate::parts::icon;
use crate::parts::list::{ListAddress, act, head, made, pager, search};
use crate::parts::page::{Layout, load, page};
use crate::parts::problem::ReturnedProblem;
use crate::parts::undo::{Deed, Undo};
use crate::paths;
use crate::place::{use_params_map, use_query_map};
use crate::visitor::words;
use domain::member::{Member, Role};
use leptos::prelude::*;
use leptos_meta::Title;

#[component]
pub fn RoomPeoplePage() -> impl IntoView {
    let slug = use_params_map().read_untracked().get("slug").unwrap_or_default();
    let query = use_query_map().get_untracked();
    let of = move |key: &'static str| query.get(key).unwrap_or_default();
    let list = ListAddress::new(paths::room_people(&slug), ["q", "sort", "after"].map(|key| (key, of(key))).into());
    let loaded =
        load(String::new, move |_| load_room_people(slug.clone(), of("q"), of("sort"), of("after"), of("invite")));
    page(Layout::Column, loaded, move |data, frame| content(&list, data, frame))
}

fn content(list: &ListAddress, data: RoomPeople, frame: Frame) -> AnyView {
    let t = words();
    let p = t.people();
    let (slug, title) = (data.room.slug.clone(), data.room.title.clone());
    view! {
        <Title text=t.title(&title) />
        <div class="page-head">
            <h1 dir="auto">{title.clone()}</h1>
            <a class="button" href=paths::room_admin(&slug)>{icon::settings()} {t.room.settings}</a>
            <a class="button" href=paths::room(&slug)>{icon::chat()} {t.admin.open_room}</a>
        </div>
        <section class="panel">
            <h2>{t.admin.members}</h2>
            <p class="lead">{p.members_lead} {data.is_host.then(|| format!(" {}", p.hand_over_hint))}</p>
            <ReturnedProblem calls=&["change-role", "remove-member", "hand-over", "undo-deed"] />
            {search(list, p.find_member, ().into_any())}
            {members(list, &data)}
            {pager(list, data.next.clone())}
            {add(&data)}
        </section>
        <Undo last=RwSignal::new(Deed::returned()) room=data.room.id problem=RwSignal::new(None) from=paths::room_people(&slug) />
        <section class="panel">{links(&data, frame.now)}</section>
    }
    .into_any()
}

fn members(list: &ListAddress, data: &RoomPeople) -> AnyView {
    let p = words().people();
    if data.members.is_empty() {
        return view! { <div class="empty"><p>{if list.is_filtered() { p.nobody_matches } else { p.nobody_yet }}</p></div> }
            .into_any();
    }
    let rows: Vec<AnyView> = data.members.iter().map(|member| row(data, member)).collect();
    let t = words();
    view! {
        <table class="table">
            <thead>
                <tr>
                    {head(list, ("name", false), p.name)} {head(list, ("role", true), p.role)}
                    <th scope="col"><span class="sr">{t.audit.act}</span></th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
    }
    .into_any()
}

fn row(data: &RoomPeople, member: &Member) -> AnyView {
    let t = words();
    let Member { person, role, .. } = member;
    let from = paths::room_people(&data.room.slug);
    let fields = [("room", data.room.id.to_string()), ("person", person.id.to_string())];
    let is_host = *role == Role::Host;
    let (change, other) = if is_host { (t.admin.make_member, Role::Member) } else { (t.admin.make_host, Role::Host) };
    let mut changed = fields.to_vec();
    changed.push(("role", other.as_str().to_owned()));
    let hands_over = data.is_host && person.id != data.me;
    let whom = &person.display;
    view! {
        <tr>
            <th scope="row">
                <span class="table-who">
                    <Avatar person=person.clone() />
                    <span>
                        <span class="row-name">
                            <bdi>{person.display.clone()}</bdi>
                            {(person.id == data.me).then(|| view! { <span class="chip">{t.room.you}</span> })}
                        </span>
                        <span class="row-note"><bdi>"@" {person.name.clone()}</bdi></span>
                    </span>
                </span>
            </th>
            <td>
                {if is_host {
                    view! { <span class="chip chip-accent">{t.admin.host}</span> }.into_any()
                } else {
                    t.admin.member.into_any()
                }}
            </td>
            <td class="table-acts">
            {hands_over.then(|| ask("hand-over", &from, &fields, (t.people().hand_over, Tone::Quiet), whom, t.hands_over(whom)))}
            {if is_host {
                let (change, remove) = ((change, Tone::Quiet), (t.admin.remove_member, Tone::Quiet));
                view! {
                    {ask("change-role", &from, &changed, change, whom, t.demotes_host(whom))}
                    {ask("remove-member", &from, &fields, remove, whom, t.removes_host(whom))}
                }
                .into_any()
            } else {
                view! {
                    {act("change-role", &from, &changed, (change, Tone::Quiet), whom)}
                    {act("remove-member", &from, &fields, (t.admin.remove_member, Tone::Quiet), whom)}
                }
                .into_any()
            }}
            </td>
        </tr>
    }
    .into_any()
}

fn add(data: &RoomPeople) -> impl IntoView + use<> {
    let t = words();
    let (from, room) = (paths::room_people(&data.room.slug), data.room.id.to_string());
    view! {
        <CallForm call="add-member" from fields=&["name"] class="form form-line">
            <input type="hidden" name="room" value=room />
            <Field name="name" label=t.admin.member_name required=true plain=true max=33 />
            <div class="field">
                <label for="add-member-role">{t.admin.role}</label>
                <select id="add-member-role" name="role">
                    <option value="member">{t.admin.member}</option>
                    <option value="host">{t.admin.host}</option>
                </select>
            </div>
            <Submit label=t.admin.add_member />
        </CallForm>
    }
}

fn links(data: &RoomPeople, now: i64) -> impl IntoView + use<> {
    let p = words().people();
    let from = paths::room_people(&data.room.slug);
    let room = data.room.id.to_string();
    let none = data.invites.is_empty();
    let line = |row: &crate::calls::people::InviteRow| {
        let fields = [("room", room.clone()), ("invite", row.id.to_string())];
        invite_line(row, now, ("remove-room-invite", &from), &fields)
    };
    let rows: Vec<AnyView> = data.invites.iter().map(line).collect();
    let form = (!data.room.archived).then(|| create(&room, &from));
    view! {
        <h2>{p.links}</h2>
        <p class="lead">{if data.room.archived { p.links_archived } else { p.links_lead }}</p>
        {made(data.made.clone(), p.link_made, p.link)}
        {data.made.as_deref().and_then(code)}
        <ReturnedProblem calls=&["remove-room-invite"] />
        {none.then(|| view! { <p class="field-hint">{p.no_links}</p> })}
        <ul class="rows">{rows}</ul>
        {form}
    }
}

/// The link for the cameras of phones.
fn code(link: &str) -> Option<AnyView> {
    let (_, token) = link.rsplit_once('/')?;
    let alt = words().people().link_code;
    Some(
        view! { <p><img class="invite-code" src=paths::join_code(token) alt=alt width="240" height="240" /></p> }
            .into_any(),
    )
}

fn create(room: &str, from: &str) -> AnyView {
    let p = words().people();
    let (room, from) = (room.to_owned(), from.to_owned());
    view! {
        <CallForm call="create-room-invite" from fields=&["uses"] class="form form-line">
            <input type="hidden" name="room" value=room />
            <Field name="uses" kind="number" label=p.uses value="1" required=true />
            <div class="field">
                <label for="create-room-invite-days">{p.expires}</label>
                <select id="create-room-invite-days" name="days">
                    <option value="1">{p.after_1}</option>
                    <option value="7" selected>{p.after_7}</option>
                    <option value="">{p.never}</option>
                </select>
            </div>
            <Submit label=p.create_link />
        </CallForm>
    }
    .into_any()
}

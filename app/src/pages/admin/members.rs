//! Members of a room: add, appoint, remove.

use crate::parts::avatar::Avatar;
use crate::parts::button::{Submit, Tone};
use crate::parts::field::Field;
use crate::parts::form::{CallForm, Done};
use crate::parts::problem::ReturnedProblem;
use crate::visitor::words;
use domain::RoomId;
use domain::member::{Member, Role};
use domain::room::Room;
use leptos::prelude::*;

#[component]
pub fn Members(room: Room, members: Vec<Member>, from: String, again: Done) -> impl IntoView {
    let t = words();
    let count = t.n_members(members.len());
    let back = from.clone();
    let rows = members.into_iter().map(|member| row(member, room.id, &back, again.clone())).collect_view();
    view! {
        <h2>{t.admin.members} <span class="count">{count}</span></h2>
        <p class="lead">{t.admin.members_lead}</p>
        <ReturnedProblem calls=&["change-role", "remove-member"] />
        <ul class="rows">{rows}</ul>
        <CallForm call="add-member" from fields=&["name"] class="form form-line" done=again reset=true>
            <input type="hidden" name="room" value=room.id.to_string() />
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

fn row(member: Member, room: RoomId, from: &str, again: Done) -> impl IntoView + use<> {
    let t = words();
    let Member { person, role, .. } = member;
    let is_host = role == Role::Host;
    let (change, other) = if is_host { (t.admin.make_member, Role::Member) } else { (t.admin.make_host, Role::Host) };
    let describe = |action: &str| format!("{action}: {}", person.display);
    let (change_words, remove_words) = (describe(change), describe(t.admin.remove_member));
    let id = person.id;
    view! {
        <li class="row-line">
            <Avatar person=person.clone() />
            <div class="row-words">
                <p class="row-name">
                    <bdi>{person.display.clone()}</bdi>
                    {is_host.then(|| view! { <span class="chip chip-accent">{t.admin.host}</span> })}
                </p>
                <p class="row-note"><bdi>"@" {person.name.clone()}</bdi></p>
            </div>
            <CallForm call="change-role" from=from.to_owned() class="row-form" done=again.clone()>
                <input type="hidden" name="room" value=room.to_string() />
                <input type="hidden" name="person" value=id.to_string() />
                <input type="hidden" name="role" value=other.as_str() />
                <Submit label=change tone=Tone::Quiet describe=change_words />
            </CallForm>
            <CallForm call="remove-member" from=from.to_owned() class="row-form" done=again>
                <input type="hidden" name="room" value=room.to_string() />
                <input type="hidden" name="person" value=id.to_string() />
                <Submit label=t.common.remove tone=Tone::Quiet describe=remove_words />
            </CallForm>
        </li>
    }
}

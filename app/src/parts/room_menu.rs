//! What a member can do with a room in the list: how loud it is, read or unread, its link, leaving.

use super::button::{Submit, Tone};
use super::confirm::leaving;
use super::form::CallForm;
use super::icon;
use crate::paths;
use crate::visitor::words;
use domain::room::RoomLine;
use domain::unread::Level;
use leptos::prelude::*;

/// The button "…" and its menu; a right click on the card opens it as well
/// (`public/pkg/room_list.js`).
#[component]
pub fn RoomMenu(line: RoomLine, from: String) -> impl IntoView {
    let t = words();
    let menu = format!("room-menu-{}", line.room.id);
    let label = format!("{}: {}", t.rooms.more, line.room.title);
    let pin = if line.pinned { t.rooms.unpin } else { t.rooms.pin };
    let levels = Level::ALL.map(|level| {
        let chosen = if level == line.level { "true" } else { "false" };
        view! { <button name="level" value=level.as_str() aria-pressed=chosen>{level_name(level)}</button> }
    });
    let leave = view! {
        <CallForm call="leave-room" from="/">
            <input type="hidden" name="room" value=line.room.id.to_string() />
            <Submit label=t.room.leave tone=Tone::Quiet />
        </CallForm>
    };
    let leave = leaving(&line.room, line.role, leave.into_any());
    view! {
        <button type="button" class="icon-button room-more" popovertarget=menu.clone() aria-label=label>{icon::more()}</button>
        <div id=menu class="menu room-menu" popover="auto">
            <p class="menu-name" dir="auto">{line.room.title.clone()}</p>
            <CallForm call="choose-level" from=from.clone() class="switch">
                <input type="hidden" name="room" value=line.room.id.to_string() />
                <fieldset>
                    <legend>{t.rooms.level}</legend>
                    <div class="room-levels">{levels.collect_view()}</div>
                </fieldset>
            </CallForm>
            <CallForm call="pin-room" from=from.clone()>
                <input type="hidden" name="room" value=line.room.id.to_string() />
                <button name="on" value=(!line.pinned).to_string() class="button button-quiet">{pin}</button>
            </CallForm>
            <CallForm call="mark-room" from>
                <input type="hidden" name="room" value=line.room.id.to_string() />
                <button name="unread" value="false" class="button button-quiet">{t.rooms.mark_read}</button>
                <button name="unread" value="true" class="button button-quiet">{t.rooms.mark_unread}</button>
            </CallForm>
            <button type="button" class="button button-quiet" hidden data-copy=paths::room(&line.room.slug)>
                {t.rooms.copy_link}
            </button>
            <div class="menu-out">{leave}</div>
        </div>
    }
}

fn level_name(level: Level) -> &'static str {
    let t = words().rooms;
    match level {
        Level::Everything => t.level_everything,
        Level::Mentions => t.level_mentions,
        Level::Nothing => t.level_nothing,
        Level::Hidden => t.level_hidden,
    }
}

//! The settings of a room.

use super::{Draft, how_many, on_or_off};
use crate::calls::settings::Part;
use crate::paths;
use crate::text::Text;
use domain::gate::GateRule;
use domain::moderation::{Policy, WordList};
use domain::room::{Room, Visibility};

/// What they are now.
pub struct RoomValues {
    pub room: Room,
    pub rule: GateRule,
    pub policy: Policy,
    pub words: WordList,
    /// The sites that may show it.
    pub origins: Vec<String>,
    /// The reader's zone: minutes east of UTC.
    pub tz: i32,
    /// Whether the reader may delete it.
    pub may_remove: bool,
}

pub fn of_room(values: &RoomValues) -> Vec<Draft> {
    let mut all = words(&values.room);
    all.extend(gate(values));
    all.extend(policy(values));
    all.extend(end(values));
    all
}

fn draft(name: impl Fn(&'static Text) -> &'static str + 'static) -> Draft {
    Draft::new(Part::Room, name)
}

fn words(room: &Room) -> Vec<Draft> {
    let page = paths::room_admin(&room.slug);
    let Room { title, slug, about, visibility, .. } = room.clone();
    vec![
        draft(|t| t.admin.room_title)
            .hint(|t| t.admin.room_title_hint)
            .is(move |_| title.clone())
            .at(format!("{page}#change-room-title")),
        draft(|t| t.admin.slug)
            .hint(|t| t.admin.slug_hint)
            .is(move |_| slug.clone())
            .at(format!("{page}#change-room-slug")),
        draft(|t| t.admin.about)
            .hint(|t| t.admin.about_hint)
            .is(move |_| about.clone())
            .at(format!("{page}#change-room-about")),
        draft(|t| t.admin.visibility)
            .hint(|t| t.settings().visibility)
            .is(move |t| t.visibility(visibility).to_owned())
            .usual(visibility == Visibility::default())
            .at(format!("{page}#visibility")),
    ]
}

fn gate(values: &RoomValues) -> Vec<Draft> {
    let page = paths::room_admin(&values.room.slug);
    let (rule, usual, tz) = (values.rule, GateRule::default(), values.tz);
    let time =
        move |t: &'static Text, at: Option<i64>| at.map_or_else(|| t.settings().none.to_owned(), |at| t.moment(at, tz));
    vec![
        draft(|t| t.admin.gate_opens)
            .hint(|t| t.settings().opening)
            .is(move |t| t.opening(rule.opening).to_owned())
            .usual(rule.opening == usual.opening)
            .at(format!("{page}#opening")),
        draft(|t| t.admin.opens_at)
            .hint(|t| t.admin.opens_at_hint)
            .is(move |t| time(t, rule.opens_at))
            .usual(rule.opens_at.is_none())
            .at(format!("{page}#change-gate-opens_at")),
        draft(|t| t.admin.closes_at)
            .hint(|t| t.settings().closes_at)
            .is(move |t| time(t, rule.closes_at))
            .usual(rule.closes_at.is_none())
            .at(format!("{page}#change-gate-closes_at")),
        draft(|t| t.admin.doors)
            .hint(|t| t.admin.doors_hint)
            .is(move |_| (rule.doors / 60).to_string())
            .usual(rule.doors == usual.doors)
            .at(format!("{page}#change-gate-doors")),
        draft(|t| t.admin.grace)
            .hint(|t| t.admin.grace_hint)
            .is(move |_| rule.grace.to_string())
            .usual(rule.grace == usual.grace)
            .at(format!("{page}#change-gate-grace")),
    ]
}

fn policy(values: &RoomValues) -> Vec<Draft> {
    let page = format!("{}/moderation", paths::room_admin(&values.room.slug));
    let (policy, usual) = (values.policy, Policy::default());
    let (words, holds) = (values.words.words.lines().count(), values.words.holds);
    vec![
        draft(|t| t.moderation.who_writes)
            .hint(|t| t.settings().posting)
            .is(move |t| t.posting(policy.posting).0.to_owned())
            .usual(policy.posting == usual.posting)
            .at(format!("{page}#posting")),
        draft(|t| t.moderation.slow)
            .hint(|t| t.moderation.slow_hint)
            .is(move |_| policy.slow.to_string())
            .usual(policy.slow == usual.slow)
            .at(format!("{page}#change-policy-slow")),
        draft(|t| t.moderation.hold)
            .hint(|t| t.moderation.hold_hint)
            .is(move |t| on_or_off(t, policy.holds))
            .usual(policy.holds == usual.holds)
            .at(format!("{page}#holds")),
        draft(|t| t.moderation.files)
            .hint(|t| t.moderation.files_hint)
            .is(move |t| on_or_off(t, policy.files))
            .usual(policy.files == usual.files)
            .at(format!("{page}#files")),
        draft(|t| t.moderation.recall_for)
            .hint(|t| t.moderation.recall_hint)
            .is(move |_| policy.recall.to_string())
            .usual(policy.recall == usual.recall)
            .at(format!("{page}#change-policy-recall")),
        draft(|t| t.moderation.edit_for)
            .hint(|t| t.moderation.edit_hint)
            .is(move |_| policy.edit.to_string())
            .usual(policy.edit == usual.edit)
            .at(format!("{page}#change-policy-edit")),
        draft(|t| t.moderation.second)
            .hint(|t| t.moderation.second_hint)
            .is(move |t| t.second(policy.second).0.to_owned())
            .usual(policy.second == usual.second)
            .at(format!("{page}#second")),
        draft(|t| t.moderation.words)
            .hint(|t| t.moderation.words_hint)
            .is(move |t| how_many(t, words))
            .usual(words == 0)
            .at(format!("{page}#blocked")),
        draft(|t| t.moderation.words_hold)
            .hint(|t| t.settings().words_hold)
            .is(move |t| on_or_off(t, holds))
            .usual(!holds)
            .at(format!("{page}#words-hold")),
    ]
}

fn end(values: &RoomValues) -> Vec<Draft> {
    let page = paths::room_admin(&values.room.slug);
    let (sites, archived) = (values.origins.len(), values.room.archived);
    let mut all = vec![
        draft(|t| t.embed().origins)
            .hint(|t| t.embed().origins_hint)
            .is(move |t| how_many(t, sites))
            .usual(sites == 0)
            .at(format!("{}#change-embed-origins", paths::integration(&values.room.slug))),
        draft(|t| t.admin.archive)
            .hint(|t| t.admin.archive_lead)
            .is(move |t| on_or_off(t, archived))
            .usual(!archived)
            .at(format!("{page}#archive")),
    ];
    if values.may_remove {
        all.push(draft(|t| t.admin.remove_room).hint(|t| t.admin.remove_room_lead).at(format!("{page}#remove-room")));
    }
    all
}

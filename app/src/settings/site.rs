//! The settings of the site that are in its store.

use super::{Draft, how_many, on_or_off};
use crate::calls::settings::Part;
use domain::contact::FirstContact;
use domain::moderation::WordList;

pub fn of_site(words: &WordList, first: FirstContact) -> Vec<Draft> {
    let (lines, holds, usual) = (words.words.lines().count(), words.holds, FirstContact::default());
    vec![
        Draft::new(Part::Site, |t| t.moderation.site_words)
            .hint(|t| t.moderation.words_hint)
            .is(move |t| how_many(t, lines))
            .usual(lines == 0)
            .at("/admin/words#blocked".to_owned()),
        Draft::new(Part::Site, |t| t.moderation.words_hold)
            .hint(|t| t.settings().words_hold)
            .is(move |t| on_or_off(t, holds))
            .usual(!holds)
            .at("/admin/words#words-hold".to_owned()),
        Draft::new(Part::Site, |t| t.settings().strangers_most)
            .hint(|t| t.private().strangers_lead)
            .is(move |_| first.most.to_string())
            .usual(first.most == usual.most)
            .at("/admin/reports#change-first-contact-most".to_owned()),
        Draft::new(Part::Site, |t| t.settings().strangers_hours)
            .hint(|t| t.private().hours_hint)
            .is(move |_| first.hours.to_string())
            .usual(first.hours == usual.hours)
            .at("/admin/reports#change-first-contact-hours".to_owned()),
    ]
}

//! A person as a letter on one of eight tones; no picture to load. The name stands beside it.

use domain::person::Person;
use leptos::prelude::*;

#[component]
pub fn Avatar(person: Person) -> impl IntoView {
    let class = format!("avatar tone-{}", person.id.0.rem_euclid(8));
    view! { <span class=class aria-hidden="true">{initial(&person.display).unwrap_or('?')}</span> }
}

/// A person's picture, where they have one and the reader is signed in.
#[component]
pub fn Portrait(
    person: Person,
    /// Names the version; empty for none.
    version: String,
) -> impl IntoView {
    if version.is_empty() {
        return view! { <Avatar person /> }.into_any();
    }
    let src = format!("/portrait/{}/{version}", person.id);
    view! { <img class="avatar" src=src alt="" width="56" height="56" /> }.into_any()
}

/// The first letter or Han character; style makes it a capital, which needs no tables here.
pub fn initial(name: &str) -> Option<char> {
    name.chars().find(|c| c.is_alphanumeric())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn initials() {
        for (display, letter) in [("ana", Some('a')), ("小明", Some('小')), (" (li)", Some('l')), ("👩‍👧", None)]
        {
            assert_eq!(initial(display), letter);
        }
    }
}

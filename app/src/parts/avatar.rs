//! A person as their picture, over a letter on one of eight tones: there until the picture is, and where
//! there is none. The name stands beside it.

use domain::person::Person;
use leptos::prelude::*;

#[component]
pub fn Avatar(
    person: Person,
    /// Whether the reader is signed in: nobody else is shown pictures of people.
    #[prop(default = true)]
    known: bool,
) -> impl IntoView {
    let class = format!("avatar tone-{}", person.id.0.rem_euclid(8));
    let face = (known && !person.portrait.is_empty()).then(|| {
        let src = format!("/portrait/{}/{}", person.id, person.portrait);
        view! { <img src=src alt="" width="56" height="56" loading="lazy" decoding="async" /> }
    });
    view! { <span class=class aria-hidden="true">{initial(&person.display).unwrap_or('?')}{face}</span> }
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

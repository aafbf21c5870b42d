//! A person as a letter on one of eight tones; no picture to load. The name stands beside it.

use domain::person::Person;
use leptos::prelude::*;

#[component]
pub fn Avatar(person: Person) -> impl IntoView {
    let class = format!("avatar tone-{}", person.id.0.rem_euclid(8));
    view! { <span class=class aria-hidden="true">{initial(&person.display)}</span> }
}

/// The first letter or Han character, upper case; `?` if there is none.
fn initial(display: &str) -> String {
    let first = display.chars().find(|c| c.is_alphanumeric());
    first.map_or_else(|| "?".to_owned(), |c| c.to_uppercase().collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn initials() {
        for (display, letter) in [("ana", "A"), ("小明", "小"), (" (li)", "L"), ("👩‍👧", "?"), ("ß", "SS")] {
            assert_eq!(initial(display), letter);
        }
    }
}

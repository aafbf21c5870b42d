//! Rules about who may name whom.

use super::File;
use crate::{Done, places::Places};

/// A library and the folders or files that may name it.
struct Home {
    library: &'static [&'static str],
    places: &'static [&'static str],
}

const HOMES: [Home; 7] = [
    Home { library: &["sea_orm::", "sqlx::"], places: &["chat/", "bench/"] },
    Home { library: &["gloo_net::"], places: &["app/src/live/socket.rs"] },
    Home { library: &["pulldown_cmark::", "linkify::"], places: &["chat/src/spans"] },
    Home { library: &["object_store::"], places: &["chat/src/files", "chat/src/error.rs"] },
    Home { library: &["argon2::"], places: &["chat/src/password.rs", "bench/"] },
    Home {
        library: &["axum::", "tower_http::"],
        places: &["server/", "app/src/calls/", "app/src/visitor.rs", "examples/"],
    },
    Home {
        library: &["image::", "reqwest::"],
        places: &["chat/", "server/src/commands/demo", "server/tests/", "bench/", "examples/"],
    },
];

pub fn libraries_stay_home(_: &Places, files: &[File]) -> Done<Vec<String>> {
    let mut violations = Vec::new();
    // This crate writes down their names to look for them.
    for file in files.iter().filter(|file| file.is_rust() && !file.is_in("xtask/")) {
        for home in HOMES.iter().filter(|home| !home.places.iter().any(|place| file.is_in(place))) {
            violations.extend(home.library.iter().flat_map(|library| named(file, library, home)));
        }
    }
    Ok(violations)
}

/// Lines that name the library as a path of its own: `leptos_axum::` is not `axum::`.
fn named(file: &File, library: &str, home: &Home) -> Vec<String> {
    let code = file.text.lines().enumerate().filter(|(_, line)| !line.trim_start().starts_with("//"));
    code.filter(|(_, line)| line.match_indices(library).any(|(at, _)| !is_part_of_a_word(line, at)))
        .map(|(at, _)| format!("{}:{}: `{library}` belongs into {}", file.name, at + 1, home.places.join(", ")))
        .collect()
}

fn is_part_of_a_word(line: &str, at: usize) -> bool {
    line[..at].chars().next_back().is_some_and(|c| c.is_alphanumeric() || c == '_' || c == ':' || c == '"')
}

/// Whatever `domain` depends on reaches every browser.
pub fn domain_depends_on_nothing(_: &Places, files: &[File]) -> Done<Vec<String>> {
    let Some(manifest) = files.iter().find(|file| file.name == "domain/Cargo.toml") else {
        return Ok(vec!["domain/Cargo.toml is missing".to_owned()]);
    };
    let section =
        manifest.text.split("[dependencies]").nth(1).and_then(|rest| rest.split("\n[").next()).unwrap_or_default();
    let names = section.lines().filter_map(|line| line.split(['.', ' ', '=']).next()).filter(|name| !name.is_empty());
    let others = names.filter(|name| !name.starts_with('#') && !["serde", "thiserror"].contains(name));
    Ok(others.map(|name| format!("domain/Cargo.toml: `{name}`; only serde and thiserror")).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_library_away_from_home_is_found() {
        let places = Places { root: "/".into(), target: "/".into(), tools: "/".into() };
        let file = |name: &str, text: &str| File { name: name.to_owned(), text: text.to_owned() };
        let files = [
            file("chat/src/store/mod.rs", "use sea_orm::DbErr;"),
            file("server/src/main.rs", "use sea_orm::DbErr;"),
            file("app/src/lib.rs", "// sea_orm is elsewhere\nuse leptos_axum::redirect;"),
        ];
        let found = libraries_stay_home(&places, &files).unwrap();
        assert_eq!(found, ["server/src/main.rs:1: `sea_orm::` belongs into chat/, bench/"]);
    }

    #[test]
    fn only_two_crates_below_the_words() {
        let places = Places { root: "/".into(), target: "/".into(), tools: "/".into() };
        let text = "[package]\nname = \"domain\"\n\n[dependencies]\nserde.workspace = true\ntime = \"1\"\n\n[dev-dependencies]\nproptest = \"1\"\n";
        let manifest = File { name: "domain/Cargo.toml".to_owned(), text: text.to_owned() };
        let found = domain_depends_on_nothing(&places, &[manifest]).unwrap();
        assert_eq!(found, ["domain/Cargo.toml: `time`; only serde and thiserror"]);
    }
}

//! Rules about how a single file is written.

use super::File;
use crate::{Done, places::Places};

/// Lines; beyond it a file is about more than one thing.
const LONGEST: usize = 400;

pub fn modules_introduce_themselves(_: &Places, files: &[File]) -> Done<Vec<String>> {
    let silent = files.iter().filter(|file| file.is_rust() && !file.text.starts_with("//!"));
    Ok(silent.map(|file| format!("{}:1: begin with a `//!` that says what this module is for", file.name)).collect())
}

pub fn no_long_files(_: &Places, files: &[File]) -> Done<Vec<String>> {
    let sources = files.iter().filter(|file| !file.name.ends_with(".md"));
    Ok(sources
        .map(|file| (file, file.text.lines().count()))
        .filter(|(_, lines)| *lines > LONGEST)
        .map(|(file, lines)| format!("{}: {lines} lines, more than {LONGEST}", file.name))
        .collect())
}

/// Without one, the address would be made of the build folder and the module's path.
pub fn calls_have_endpoints(_: &Places, files: &[File]) -> Done<Vec<String>> {
    let mut violations = Vec::new();
    for file in files.iter().filter(|file| file.is_rust() && file.is_in("app/")) {
        for (at, _) in file.text.match_indices("#[server") {
            let attribute = file.text[at..].split(']').next().unwrap_or_default();
            // `#[server(default)]` and `#[server(flatten)]` are about an argument, not a call.
            let is_argument = attribute.contains("(default") || attribute.contains("(flatten");
            if !attribute.contains("endpoint") && !is_argument {
                let line = file.text[..at].lines().count() + 1;
                violations.push(format!("{}:{line}: #[server] without `endpoint`", file.name));
            }
        }
    }
    Ok(violations)
}

pub fn no_raw_html(_: &Places, files: &[File]) -> Done<Vec<String>> {
    let views = files.iter().filter(|file| file.is_rust() && file.is_in("app/src/"));
    let words = ["inner_html", "inner_HTML", "set_inner_html", " style=", "<style"];
    Ok(views
        .flat_map(|file| file.lines_with(&words, "people's words are drawn as spans; looks belong into style/"))
        .collect())
}

pub fn no_waiting_for_time(_: &Places, files: &[File]) -> Done<Vec<String>> {
    let tests = files.iter().filter(|file| file.is_in("end2end/"));
    Ok(tests
        .flat_map(|file| {
            file.lines_with(
                &["waitForTimeout", "setTimeout(", "test.only(", "test.skip("],
                "wait for what a person would see",
            )
        })
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(name: &str, text: &str) -> File {
        File { name: name.to_owned(), text: text.to_owned() }
    }

    fn places() -> Places {
        Places { root: "/".into(), target: "/".into(), tools: "/".into() }
    }

    #[test]
    fn a_call_without_endpoint_is_found() {
        let good = "//! x\n#[server(\n    prefix = \"/call\",\n    endpoint = \"post\",\n)]\nfn a() {}\n";
        let bad = "//! x\n\n#[server(prefix = \"/call\")]\nfn b() {}\n";
        let found = calls_have_endpoints(&places(), &[file("app/a.rs", good), file("app/b.rs", bad)]).unwrap();
        assert_eq!(found, ["app/b.rs:3: #[server] without `endpoint`"]);
    }

    #[test]
    fn comments_may_speak_of_what_code_may_not_do() {
        let text = "//! No inner_html here.\nlet a = view! { <p style=\"x\"/> };\n";
        let found = no_raw_html(&places(), &[file("app/src/a.rs", text)]).unwrap();
        assert_eq!(found.len(), 1);
        assert!(found[0].starts_with("app/src/a.rs:2:"));
    }

    #[test]
    fn long_and_silent_files_are_found() {
        let long = file("chat/src/a.rs", &"x\n".repeat(LONGEST + 1));
        assert_eq!(no_long_files(&places(), std::slice::from_ref(&long)).unwrap().len(), 1);
        assert_eq!(modules_introduce_themselves(&places(), &[long]).unwrap().len(), 1);
    }
}

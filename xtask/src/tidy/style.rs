//! Rules about the stylesheets.

use super::File;
use crate::{Done, places::Places};
use std::collections::BTreeMap;

/// Two stylesheets that mean different things by one class draw each other's parts.
/// `base.css` is left out: it sets what several parts share, in the weakest layer.
pub fn classes_have_one_home(_: &Places, files: &[File]) -> Done<Vec<String>> {
    let sheets = files.iter().filter(|file| file.is_in("style/") && file.name != "style/base.css");
    let mut homes = BTreeMap::<&str, &str>::new();
    let mut violations = Vec::new();
    for sheet in sheets {
        for (at, class) in sheet.text.lines().enumerate().filter_map(|(at, line)| Some((at, own_class(line)?))) {
            let home = *homes.entry(class).or_insert(&sheet.name);
            if home != sheet.name {
                violations.push(format!("{}:{}: `.{class}` is drawn by {home} already", sheet.name, at + 1));
            }
        }
    }
    Ok(violations)
}

/// The class of a rule at the outer level that is about nothing else: `.name {`.
fn own_class(line: &str) -> Option<&str> {
    line.strip_prefix('.')?.strip_suffix(" {").filter(|class| !class.contains(['.', ' ', ':', ',', '[', '>']))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_rule_about_one_class_alone_is_its_home() {
        assert_eq!(own_class(".room-name {"), Some("room-name"));
        for other in ["  .room-name {", ".room-name h1 {", ".a.b {", ".a:hover {", ".a,", "main {"] {
            assert_eq!(own_class(other), None, "{other}");
        }
    }
}

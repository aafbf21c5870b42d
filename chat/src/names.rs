//! When two names are the same name.

use unicode_normalization::UnicodeNormalization;

/// What makes two names one: compatibility forms and case are taken away (NFKC, then case
/// folding by way of upper case, so that `ß`, `ẞ` and `SS` meet).
pub(crate) fn name_key(name: &str) -> String {
    // PostgreSQL has no texts with NUL in them; nobody's name has the replacement.
    let name = name.replace('\0', "\u{FFFD}");
    let fold = |c: char| c.to_lowercase().flat_map(char::to_uppercase).flat_map(char::to_lowercase);
    let folded: String = name.nfkc().flat_map(fold).collect();
    folded.nfkc().collect()
}

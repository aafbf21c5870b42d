//! The first page of a frame: a form that posts itself. When a ticket is no good, it says so, and waits
//! for another one from the page around it.

use crate::house::House;
use crate::html::escape;
use app::text::{Lang, text};
use app::visitor::Theme;
use domain::Problem;

/// Posts what stands after the `#`, and later what the page around it gives. Nothing else can be
/// done by whoever frames it than what the frame's address can do.
const SCRIPT: &str = include_str!("door.js");

/// `refused`: why the room was not shown.
pub fn page(house: &House, slug: &str, (lang, theme): (Lang, &str), nonce: &str, refused: Option<&Problem>) -> String {
    let words = text(lang);
    let style = format!("{}/salon.css", house.site.pkg_path());
    let (slug, room) = (escape(slug), escape(&format!("/r/{slug}")));
    let theme = Theme::parse(theme);
    let attribute = theme.attribute().map(|theme| format!(" data-theme=\"{theme}\"")).unwrap_or_default();
    let (theme, tag) = (theme.as_str(), lang.tag());
    let said = match refused {
        Some(Problem::SignInNeeded) => words.embed().over.to_owned(),
        Some(problem) => words.problem(problem),
        None => words.embed().opening.to_owned(),
    };
    let (said, open) = (escape(&said), words.embed().open_alone);
    let state = if refused.is_some() { " data-refused" } else { "" };
    let link = format!("<a class=\"button\" href=\"{room}\" target=\"_blank\" rel=\"noopener\">{open}</a>");
    // Without scripts there is no way in from here.
    let hidden = if refused.is_some() { "" } else { " hidden" };
    format!(
        "<!DOCTYPE html>\n<html lang=\"{tag}\"{attribute}{state}>\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>Salon</title>\n\
         <link rel=\"stylesheet\" href=\"{style}\">\n</head>\n<body class=\"embed-door\">\n\
         <form method=\"post\" action=\"/embed/{slug}\">\n<input type=\"hidden\" name=\"ticket\">\n\
         <input type=\"hidden\" name=\"tz\" value=\"0\">\n<input type=\"hidden\" name=\"lang\" value=\"{lang}\">\n\
         <input type=\"hidden\" name=\"theme\" value=\"{theme}\">\n</form>\n\
         <main id=\"main\"><p role=\"status\"{hidden}>{said}</p>\n\
         <noscript><p>{alone}</p>{link}</noscript>\n<p{hidden}>{link}</p></main>\n\
         <script nonce=\"{nonce}\">{SCRIPT}</script>\n</body>\n</html>\n",
        lang = lang.as_str(),
        alone = escape(words.embed().needs_script),
    )
}

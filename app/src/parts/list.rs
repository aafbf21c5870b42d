//! Long lists on plain pages: their address says which part is shown, and in which order.

use crate::parts::button::Tone;
use crate::parts::icon;
use crate::paths;
use crate::visitor::words;
use leptos::prelude::*;

/// Most characters to be looked for: an address of e-mail.
const LONGEST: usize = domain::email::MAX;

/// The address of a list, with what it is asked for.
#[derive(Clone)]
pub struct ListAddress {
    path: String,
    pairs: Vec<(&'static str, String)>,
    /// Where on its page the list begins, if that is not the top: an id.
    anchor: &'static str,
}

impl ListAddress {
    pub fn new(path: impl Into<String>, pairs: Vec<(&'static str, String)>) -> Self {
        Self { path: path.into(), pairs, anchor: "" }
    }

    /// A list further down on its page.
    pub fn below(self, anchor: &'static str) -> Self {
        Self { anchor, ..self }
    }

    /// The same list; what is empty is not said.
    pub fn href(&self) -> String {
        let said = self.pairs.iter().filter(|(_, value)| !value.is_empty());
        let said: Vec<String> = said.map(|(key, value)| format!("{key}={}", paths::encode(value))).collect();
        if said.is_empty() { self.path.clone() } else { format!("{}?{}", self.path, said.join("&")) }
    }

    /// With one thing changed; another order or filter begins at the first page.
    fn with(&self, key: &'static str, value: &str) -> String {
        let mut changed = self.clone();
        changed.pairs.retain(|(name, _)| *name != key && *name != "after");
        changed.pairs.push((key, value.to_owned()));
        let href = changed.href();
        if self.anchor.is_empty() { href } else { format!("{href}#{}", self.anchor) }
    }

    pub fn value(&self, key: &str) -> &str {
        self.pairs.iter().find(|(name, _)| *name == key).map_or("", |(_, value)| value)
    }

    /// Whether anything but the order was asked for.
    pub fn is_filtered(&self) -> bool {
        self.pairs.iter().any(|(key, value)| *key != "sort" && !value.is_empty())
    }
}

/// A column's head: a link that orders by it, and turns the order round the second time.
/// `first` is the order of the first time: `name`, or `-seen` for the newest first. `is_usual`
/// says that the list has this order by itself.
pub fn head(list: &ListAddress, (first, is_usual): (&'static str, bool), label: &'static str) -> AnyView {
    view! { <th scope="col" aria-sort=sorted(list, first, is_usual)>{orders(list, first, is_usual, label)}</th> }
        .into_any()
}

/// The same for a column that narrow windows leave out.
pub fn wide_head(list: &ListAddress, first: &'static str, label: &'static str) -> AnyView {
    let sorted = sorted(list, first, false);
    view! { <th scope="col" class="wide" aria-sort=sorted>{orders(list, first, false, label)}</th> }.into_any()
}

fn sorted(list: &ListAddress, first: &'static str, is_usual: bool) -> Option<&'static str> {
    let sort = list.value("sort");
    let now = if sort.is_empty() && is_usual { first } else { sort };
    let is_here = now.trim_start_matches('-') == first.trim_start_matches('-');
    is_here.then_some(if now.starts_with('-') { "descending" } else { "ascending" })
}

fn orders(list: &ListAddress, first: &'static str, is_usual: bool, label: &'static str) -> AnyView {
    let sort = list.value("sort");
    let is_first = sort == first || (sort.is_empty() && is_usual);
    let other = first.strip_prefix('-').map_or_else(|| format!("-{first}"), str::to_owned);
    let next = if is_first { other } else { first.to_owned() };
    let arrow = match sorted(list, first, is_usual) {
        Some("ascending") => "↑",
        Some(_) => "↓",
        None => "",
    };
    view! { <a href=list.with("sort", &next)>{label} <span aria-hidden="true">{arrow}</span></a> }.into_any()
}

/// The way to the next page, and back to the first.
pub fn pager(list: &ListAddress, next: Option<String>) -> Option<AnyView> {
    let t = words().people();
    let is_later = !list.value("after").is_empty();
    if next.is_none() && !is_later {
        return None;
    }
    let first = is_later.then(|| list.with("after", ""));
    let view = view! {
        <nav class="row" aria-label=t.pages>
            {first.map(|href| view! { <a class="button" href=href>{t.first_page}</a> })}
            {next.map(|after| view! { <a class="button" href=list.with("after", &after) rel="next">{t.next_page}</a> })}
        </nav>
    };
    Some(view.into_any())
}

/// Looks for words, within what else is chosen in `fields`.
pub fn search(list: &ListAddress, label: &'static str, fields: AnyView) -> AnyView {
    search_by(list, label, "", fields)
}

/// The same; `hint` says what else can be typed.
pub fn search_by(list: &ListAddress, label: &'static str, hint: &'static str, fields: AnyView) -> AnyView {
    let value = list.value("q").to_owned();
    let hint = (!hint.is_empty()).then_some(hint);
    let fields = view! {
        <label class="sr" for="q">{label}</label>
        <input
            id="q"
            type="search"
            name="q"
            value=value
            placeholder=label
            maxlength=LONGEST.to_string()
            aria-describedby=hint.map(|_| "q-hint")
        />
        {fields}
    };
    view! {
        {filter(list, fields.into_any())}
        {hint.map(|hint| view! { <p id="q-hint" class="field-hint">{hint}</p> })}
    }
    .into_any()
}

/// Asks for the list anew by what stands in `fields`, in the same order.
pub fn filter(list: &ListAddress, fields: AnyView) -> AnyView {
    let t = words();
    let clear = list.is_filtered().then(|| list.path.clone());
    view! {
        <form class="search" role="search" method="get" action=list.path.clone()>
            {fields}
            <input type="hidden" name="sort" value=list.value("sort").to_owned() />
            <button class="button">{icon::search()} {t.common.search}</button>
            {clear.map(|href| view! { <a class="button button-quiet" href=href>{t.common.clear}</a> })}
        </form>
    }
    .into_any()
}

/// One of several, in a form of [`search`].
pub fn choice(
    list: &ListAddress,
    name: &'static str,
    label: &'static str,
    options: Vec<(&'static str, &'static str)>,
) -> AnyView {
    let chosen = list.value(name).to_owned();
    let options = options.into_iter().map(|(value, label)| {
        view! { <option value=value selected=value == chosen>{label}</option> }
    });
    view! { <select name=name aria-label=label>{options.collect_view()}</select> }.into_any()
}

/// A button that posts to a call: on a plain page there is nothing more to a form.
pub fn act(
    call: &'static str,
    from: &str,
    fields: &[(&'static str, String)],
    (label, tone): (&'static str, Tone),
    whom: &str,
) -> AnyView {
    let fields = fields.iter().map(|(name, value)| view! { <input type="hidden" name=*name value=value.clone() /> });
    let describe = (!whom.is_empty()).then(|| format!("{label}: {whom}"));
    view! {
        <form method="post" action=paths::call(call, from) class="row-form">
            {fields.collect_view()}
            <button class=tone.class() aria-label=describe>{label}</button>
        </form>
    }
    .into_any()
}

/// A link that is shown this once, whole, to be copied.
pub fn made(link: Option<String>, lead: &'static str, label: &'static str) -> Option<AnyView> {
    let link = link?;
    let view = view! {
        <div class="made" role="status">
            <p>{lead}</p>
            <input type="text" readonly value=link aria-label=label dir="ltr" />
        </div>
    };
    Some(view.into_any())
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;

    fn people(sort: &str, after: &str) -> ListAddress {
        ListAddress::new(
            "/admin/people",
            vec![("q", "安 a".to_owned()), ("sort", sort.to_owned()), ("after", after.to_owned())],
        )
    }

    #[test]
    fn another_order_begins_at_the_first_page_and_keeps_what_was_looked_for() {
        assert_eq!(people("", "").href(), "/admin/people?q=%E5%AE%89%20a");
        assert_eq!(people("-seen", "3.9").with("sort", "name"), "/admin/people?q=%E5%AE%89%20a&sort=name");
        assert_eq!(people("name", "").with("after", "0.7"), "/admin/people?q=%E5%AE%89%20a&sort=name&after=0.7");
        assert!(people("", "").is_filtered());
        assert!(!ListAddress::new("/x", vec![("sort", "name".to_owned())]).is_filtered());
    }

    #[test]
    fn a_head_says_how_it_is_ordered_and_turns_it_round() {
        let html = |sort: &str, first, is_usual| {
            Owner::new().with(|| head(&people(sort, ""), (first, is_usual), "Name").to_html())
        };
        let usual = html("", "name", true);
        assert!(usual.contains("aria-sort=\"ascending\"") && usual.contains("sort=-name"), "{usual}");
        let other = html("-seen", "name", true);
        assert!(!other.contains("aria-sort") && other.contains("sort=name"), "{other}");
        let seen = html("-seen", "-seen", false);
        assert!(seen.contains("aria-sort=\"descending\"") && seen.contains("sort=seen"), "{seen}");
    }
}

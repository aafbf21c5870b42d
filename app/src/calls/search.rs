//! Search: `/search?q=…`.

use super::PageAnswer;
use domain::search::{Found, Kind};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

#[cfg(feature = "ssr")]
use super::house::house;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SearchPage {
    /// As it was asked.
    pub asked: String,
    /// `None` for everything.
    pub kind: Option<Kind>,
    pub found: Found,
}

/// `kind`: a word of [`Kind`], or empty. `older`: the messages that came before this one, as [`Found::older`] says.
#[server(prefix = "/call", endpoint = "search")]
pub async fn search(
    #[server(default)] asked: String,
    #[server(default)] kind: String,
    #[server(default)] older: Option<i64>,
) -> PageAnswer<SearchPage> {
    let house = house()?;
    let kind = Kind::parse(&kind);
    let (address, tz) = (house.visitor.visit.address, house.visitor.tz);
    let question = chat::Question { asked: &asked, address, tz, kind, older_than: older };
    let found = house.chat.search(house.who(), question).await.map_err(Into::into);
    house.page(found.map(|found| SearchPage { asked, kind, found }))
}

//! Lists in pages. A cursor is opaque to whoever gets it: it says where the next page begins.

use super::fault::Fault;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::{Problem, Rule};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// A part of a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct List<T> {
    pub items: Vec<T>,
    /// To be sent as `cursor` for the next part; `null` at the end.
    pub next: Option<String>,
}

impl<T> List<T> {
    /// `next`: the number with which the next part begins.
    pub fn of(items: Vec<T>, next: Option<i64>) -> Self {
        Self { items, next: next.map(cursor) }
    }
}

/// Where a part of a list begins.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Start {
    /// `next` of the part before; without it, the list begins.
    #[param(pattern = "^([A-Za-z0-9_-]{10}[AEIMQUYcgkosw048])?$")]
    cursor: Option<String>,
}

impl Start {
    /// # Errors
    /// `Invalid { field: "cursor", .. }`.
    pub fn at(&self) -> Result<Option<i64>, Fault> {
        let Some(cursor) = self.cursor.as_deref().filter(|cursor| !cursor.is_empty()) else { return Ok(None) };
        let odd = || Fault(Problem::invalid("cursor", Rule::Shape));
        let bytes = URL_SAFE_NO_PAD.decode(cursor).map_err(|_| odd())?;
        let bytes = <[u8; 8]>::try_from(bytes).map_err(|_| odd())?;
        Ok(Some(i64::from_be_bytes(bytes)))
    }
}

/// Where a part begins, as its asker gets it.
pub fn cursor(at: i64) -> String {
    URL_SAFE_NO_PAD.encode(at.to_be_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_leads_where_it_came_from() {
        for at in [0, 7, i64::MAX, -1] {
            assert_eq!(Start { cursor: Some(cursor(at)) }.at().unwrap(), Some(at));
        }
        assert_eq!(Start::default().at().unwrap(), None);
        for odd in ["x", "!!", "AAAA", &"A".repeat(500)] {
            assert!(Start { cursor: Some(odd.to_owned()) }.at().is_err(), "{odd}");
        }
    }
}

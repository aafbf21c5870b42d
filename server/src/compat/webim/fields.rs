//! The bodies of what an admin writes.

use super::State;
use crate::compat::body::{Fields, fields};
use axum::extract::Request;
use domain::RoomId;
use serde_json::Value;

/// A body that says something else than it may.
#[derive(Debug, PartialEq, Eq)]
pub struct Unfit;

/// What a body says; what it leaves out is 0 or empty.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Said {
    pub c_id: i64,
    pub url: String,
    pub title: String,
    pub content: String,
    pub order: i64,
    /// `None`: every room.
    pub room: Option<RoomId>,
    /// Its number.
    pub number: i64,
}

/// # Errors
/// [`Unfit`] also for a room that is not there.
pub async fn read(state: &State, request: Request) -> Result<Said, Unfit> {
    parse(state, &fields(request).await.map_err(|_| Unfit)?)
}

fn parse(state: &State, fields: &Fields) -> Result<Said, Unfit> {
    let number = whole(fields, "room")?;
    let room = match number {
        0 => None,
        number => Some(state.room(number).ok_or(Unfit)?.id),
    };
    Ok(Said {
        c_id: whole(fields, "c_id")?,
        url: text(fields, "url")?,
        title: text(fields, "title")?,
        content: text(fields, "content")?,
        order: whole(fields, "order")?,
        room,
        number,
    })
}

fn whole(fields: &Fields, name: &str) -> Result<i64, Unfit> {
    match fields.0.get(name) {
        None | Some(Value::Null) => Ok(0),
        Some(_) => fields.number(name).ok_or(Unfit),
    }
}

/// What a text field says.
///
/// # Errors
/// [`Unfit`] for what is no text.
pub fn text(fields: &Fields, name: &str) -> Result<String, Unfit> {
    match fields.0.get(name) {
        None | Some(Value::Null) => Ok(String::new()),
        Some(Value::String(text)) => Ok(text.clone()),
        Some(_) => Err(Unfit),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn parsed(body: &Value) -> Result<Said, Unfit> {
        parse(&State::default(), &Fields(body.as_object().cloned().unwrap_or_default()))
    }

    #[test]
    fn what_is_left_out_is_nothing_and_what_is_wrong_is_refused() {
        let said = parsed(&json!({"url": "http://a.example/x.jpg", "order": 2})).expect("fields");
        assert_eq!((said.c_id, said.order, said.room, said.url.as_str()), (0, 2, None, "http://a.example/x.jpg"));
        assert_eq!(parsed(&json!({"c_id": "5", "order": null})).map(|said| said.c_id), Ok(5));
        for odd in
            [json!({"url": 5}), json!({"order": "x"}), json!({"order": 1.5}), json!({"room": 9}), json!({"c_id": []})]
        {
            assert_eq!(parsed(&odd), Err(Unfit), "{odd}");
        }
    }
}

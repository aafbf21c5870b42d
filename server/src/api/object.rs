//! The bodies of requests.

use axum::Json;
use axum::extract::rejection::JsonRejection;
use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use std::fmt;
use std::marker::PhantomData;

/// What a request brings, or why it cannot be read. Whether its sender may ask is decided first.
pub type Body<T> = Result<Json<Object<T>>, JsonRejection>;

/// A JSON object with these fields. serde alone reads an array as the fields in their order.
pub struct Object<T>(pub T);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Object<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Fields(PhantomData))
    }
}

struct Fields<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for Fields<T> {
    type Value = Object<T>;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, fields: A) -> Result<Object<T>, A::Error> {
        T::deserialize(MapAccessDeserializer::new(fields)).map(Object)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, PartialEq, serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Switch {
        on: bool,
        #[serde(default)]
        name: Option<String>,
    }

    #[test]
    fn only_an_object_with_each_field_once_is_read() {
        let read = |text: &str| serde_json::from_str::<Object<Switch>>(text).map(|Object(fields)| fields).ok();
        assert_eq!(read(r#"{"on":true}"#), Some(Switch { on: true, name: None }));
        assert_eq!(read(r#"{"name":"x","on":false}"#), Some(Switch { on: false, name: Some("x".into()) }));
        for other in
            ["[true]", "[true,null]", "true", "null", r#"{"on":1}"#, r#"{"on":true,"on":true}"#, r#"{"on":true,"x":1}"#]
        {
            assert_eq!(read(other), None, "{other}");
        }
    }
}

//! A value on its way from the server to the page, as the JSON that travels.

use super::Answer;
use domain::Problem;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::value::RawValue;
use std::marker::PhantomData;

/// JSON that was made or received but not looked into.
///
/// Not generic: whatever waits, fetches and keeps is compiled once, not once for each page,
/// which is a tenth of what the browser has to load.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Raw(Box<RawValue>);

/// The JSON of a `T`. Nothing but [`Json::new`] and [`Json::read`] knows the type.
#[derive(Debug)]
pub struct Json<T> {
    raw: Raw,
    of: PhantomData<fn() -> T>,
}

impl<T> Json<T> {
    pub fn into_raw(self) -> Raw {
        self.raw
    }
}

impl<T> From<Raw> for Json<T> {
    fn from(raw: Raw) -> Self {
        Self { raw, of: PhantomData }
    }
}

impl<T: Serialize> Json<T> {
    /// # Errors
    /// `Unavailable` if the value has no JSON, which no type of ours is.
    pub fn new(value: &T) -> Answer<Self> {
        let raw = serde_json::value::to_raw_value(value).map_err(|_| Problem::Unavailable)?;
        Ok(Raw(raw).into())
    }
}

impl<T: DeserializeOwned> Json<T> {
    /// # Errors
    /// `Unavailable` if it is not what was expected: an intermediary answered, or a server of
    /// another version.
    pub fn read(self) -> Answer<T> {
        Ok(serde_json::from_str(self.raw.0.get()).map_err(|_| Problem::Unavailable)?)
    }
}

impl<T> Serialize for Json<T> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        self.raw.serialize(to)
    }
}

impl<'de, T> Deserialize<'de> for Json<T> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Raw::deserialize(from).map(Into::into)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_travels_is_the_json_of_the_value_and_nothing_else() {
        let json = Json::new(&vec![1, 2]).unwrap();
        assert_eq!(serde_json::to_string(&json).unwrap(), "[1,2]");
        let read: Json<Vec<u8>> = serde_json::from_str(" [ 1,2 ]").unwrap();
        assert_eq!(read.read(), Ok(vec![1, 2]));
        let other: Json<String> = json.into_raw().into();
        assert_eq!(other.read(), Err(Problem::Unavailable.into()));
    }
}

//! A value on its way from the server to the page, as the JSON that travels.

use super::Answer;
use domain::Problem;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::value::RawValue;
#[cfg(feature = "ssr")]
use std::any::Any;
use std::marker::PhantomData;
#[cfg(feature = "ssr")]
use std::sync::{Arc, Mutex, PoisonError};

/// JSON that was made or received but not looked into.
///
/// Not generic: whatever waits, fetches and keeps is compiled once, not once for each page,
/// which is a tenth of what the browser has to load.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Raw {
    json: Box<RawValue>,
    #[cfg(feature = "ssr")]
    #[serde(skip)]
    made_of: MadeOf,
}

/// What JSON was made of, for the first one who reads it where it was made: the server draws its
/// page from the value, not from what it wrote.
#[cfg(feature = "ssr")]
type MadeOf = Arc<Mutex<Option<Box<dyn Any + Send>>>>;

/// The JSON of a `T`. Nothing but making it and [`Json::read`] knows the type.
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
        let json = serde_json::value::to_raw_value(value).map_err(|_| Problem::Unavailable)?;
        let raw = Raw {
            json,
            #[cfg(feature = "ssr")]
            made_of: MadeOf::default(),
        };
        Ok(raw.into())
    }
}

#[cfg(feature = "ssr")]
impl<T: Serialize + Send + 'static> Json<T> {
    /// The JSON of a value that this process reads as well.
    ///
    /// # Errors
    /// As [`Json::new`].
    pub fn keeping(value: T) -> Answer<Self> {
        let mut json = Self::new(&value)?;
        json.raw.made_of = Arc::new(Mutex::new(Some(Box::new(value))));
        Ok(json)
    }
}

impl<T: DeserializeOwned + 'static> Json<T> {
    /// # Errors
    /// `Unavailable` if it is not what was expected: an intermediary answered, or a server of
    /// another version.
    pub fn read(self) -> Answer<T> {
        #[cfg(feature = "ssr")]
        if let Some(value) = self.raw.value() {
            return Ok(value);
        }
        Ok(serde_json::from_str(self.raw.json.get()).map_err(|_| Problem::Unavailable)?)
    }
}

#[cfg(feature = "ssr")]
impl Raw {
    /// What it was made of, once.
    fn value<T: 'static>(&self) -> Option<T> {
        let made_of = self.made_of.lock().unwrap_or_else(PoisonError::into_inner).take()?;
        made_of.downcast().ok().map(|value| *value)
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

    #[cfg(feature = "ssr")]
    #[test]
    fn where_it_was_made_it_is_the_value_the_first_time_and_its_json_after() {
        #[derive(Debug, PartialEq, Serialize, Deserialize)]
        struct Told(#[serde(skip)] u8, u8);
        let raw = Json::keeping(Told(1, 2)).unwrap().into_raw();
        assert_eq!(serde_json::to_string(&raw).unwrap(), "[2]");
        let copy = || Json::<Told>::from(raw.clone());
        assert_eq!((copy().read(), copy().read()), (Ok(Told(1, 2)), Ok(Told(0, 2))));
        let other: Json<String> = Json::keeping(3_u8).unwrap().into_raw().into();
        assert_eq!(other.read(), Err(Problem::Unavailable.into()), "of another type");
    }
}

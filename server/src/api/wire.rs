//! What several nouns of the API show of others. Domain types are never serialised: what a program
//! was promised stays when the house changes.

use domain::person::Person;
use domain::room::Room;
use serde::Serialize;
use utoipa::ToSchema;

/// A person as others see them.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Person)]
pub struct PersonJson {
    pub id: i64,
    /// Unique; by it a person is addressed.
    #[schema(example = "ana")]
    pub name: String,
    /// What others read.
    pub display: String,
}

impl From<&Person> for PersonJson {
    fn from(person: &Person) -> Self {
        Self { id: person.id.0, name: person.name.clone(), display: person.display.clone() }
    }
}

/// A room.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Room)]
pub struct RoomJson {
    pub id: i64,
    /// Its address: `/r/<slug>`. A private chat is `@` and the other one's name.
    #[schema(example = "hall")]
    pub slug: String,
    pub title: String,
    pub about: String,
    /// `public`, `open`, `private`, or `direct` for a private chat.
    #[schema(example = "public")]
    pub visibility: &'static str,
    pub archived: bool,
    /// Milliseconds since 1970 UTC.
    pub created_at: i64,
}

impl From<&Room> for RoomJson {
    fn from(room: &Room) -> Self {
        Self {
            id: room.id.0,
            slug: room.slug.clone(),
            title: room.title.clone(),
            about: room.about.clone(),
            visibility: room.visibility.as_str(),
            archived: room.archived,
            created_at: room.created_at,
        }
    }
}

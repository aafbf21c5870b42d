//! Where the pictures of a wall come from, as its hosts see it.

use crate::problem::Problem;
use crate::{LinkId, PictureId};
use serde::{Deserialize, Serialize};

/// What is not hung by hand, and what should hang but could not be had.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sources {
    pub named: Vec<Named>,
    pub lost: Vec<Lost>,
}

/// A picture that another system or a program has a name for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Named {
    pub picture: PictureId,
    pub system: String,
    /// What the system calls it.
    pub name: String,
}

/// A picture that a system named by an address where it could not be had.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lost {
    pub link: LinkId,
    pub system: String,
    pub name: String,
    /// As the system wrote it.
    pub url: String,
    pub why: Problem,
}

impl Sources {
    /// The system and its name for a picture; `None` for one that was hung by hand.
    pub fn of(&self, picture: PictureId) -> Option<&Named> {
        self.named.iter().find(|named| named.picture == picture)
    }
}

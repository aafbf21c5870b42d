//! The page's own calls to the server, one file per noun, always the same shape: who is it,
//! what may they, one call into the house, the answer.
//!
//! Every call is a public address (`POST /call/<endpoint>`): it checks for itself. Private
//! to our pages; programs use `/api/v1`.

pub mod audit;
pub mod contacts;
pub mod drafts;
pub mod embed;
pub mod gate;
pub mod identity;
pub mod join_requests;
pub mod kiosks;
pub mod lines;
pub mod members;
pub mod message;
pub mod messages;
pub mod moderation;
pub mod people;
pub mod push;
pub mod room_invites;
pub mod rooms;
pub mod search;
pub mod sessions;
pub mod settings;
pub mod site;
pub mod stage;
pub mod system;
pub mod unread;
pub mod wall;
pub mod webhooks;

mod json;

#[cfg(feature = "ssr")]
mod house;
#[cfg(feature = "ssr")]
pub use house::{VIDEO_SOURCE, Visitor, session_cookie};
pub use json::{Json, Raw};

use domain::person::{Me, Registration};
use domain::{Problem, Rule};
use leptos::server_fn::codec::JsonEncoding;
use leptos::server_fn::error::{FromServerFnError, ServerFnErrorErr};
use serde::{Deserialize, Serialize};

/// A refusal on its way to the page; its body is the JSON of the [`Problem`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Refused(pub Problem);

pub type Answer<T> = Result<T, Refused>;

/// The answer to the one call that a page is made from.
pub type PageAnswer<T> = Answer<Json<Loaded<T>>>;

/// What a page is made from, read in one call.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Loaded<T> {
    pub frame: Frame,
    /// The page's own data, or why there are none; the frame is drawn either way.
    pub body: Result<T, Problem>,
}

/// What the frame around every page needs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Frame {
    /// The signed-in visitor.
    pub me: Option<Me>,
    pub registration: Registration,
    /// The server's clock when the page was made.
    pub now: i64,
}

impl Frame {
    pub fn is_admin(&self) -> bool {
        self.me.as_ref().is_some_and(|me| me.role == domain::person::SiteRole::Admin)
    }
}

impl From<Problem> for Refused {
    /// On the server this is also the HTTP status of the page that is being made.
    fn from(problem: Problem) -> Self {
        #[cfg(feature = "ssr")]
        house::say_status(problem.status());
        Self(problem)
    }
}

impl FromServerFnError for Refused {
    type Encoder = JsonEncoding;

    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        use ServerFnErrorErr as E;
        Self::from(match error {
            // The sender's doing: a field is missing or cannot be read.
            E::Args(_) | E::MissingArg(_) => Problem::invalid("", Rule::Shape),
            E::Registration(_)
            | E::UnsupportedRequestMethod(_)
            | E::Request(_)
            | E::ServerError(_)
            | E::MiddlewareError(_)
            | E::Deserialization(_)
            | E::Serialization(_)
            | E::Response(_) => Problem::Unavailable,
        })
    }
}

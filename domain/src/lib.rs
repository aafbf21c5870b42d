//! The words of Salon: plain types and the rules that need nothing but their data.
//!
//! Used by the server and, compiled to WebAssembly, by the page. No I/O, no clock, no dice.

pub mod address;
pub mod attachment;
pub mod audit;
pub mod contact;
pub mod email;
pub mod embed;
pub mod event;
pub mod gate;
pub mod given;
pub mod ids;
pub mod join_request;
pub mod kiosk;
pub mod live;
pub mod member;
pub mod message;
pub mod moderation;
pub mod person;
pub mod picture;
pub mod problem;
pub mod push;
pub mod reaction;
pub mod role;
pub mod room;
pub mod search;
pub mod sign_in;
pub mod source;
pub mod span;
pub mod stage;
pub mod text;
pub mod time;
pub mod unread;
pub mod wall;
pub mod webhook;

pub use ids::{
    BlobId, ClientId, DeedId, DeliveryId, InviteId, KioskId, LinkId, MessageId, PersonId, PictureId, RoomId, SessionId,
    SubscriptionId, WebhookId,
};
pub use problem::{Answer, Problem, Rule, Thing};

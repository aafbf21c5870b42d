//! What other systems call our people, rooms and messages: sites that hand us their users, and old
//! chat protocols. A system is named by a short word, such as `webim`, or `simple:shop`.

mod aliases;
mod callback;
mod conversations;
mod groups;
mod identities;
mod originals;
mod room_links;
mod sent_files;

pub use callback::Callback;
pub(crate) use callback::{Silence, Terms};
pub use conversations::Conversation;
pub use identities::Vouched;
pub use originals::Original;
pub use room_links::RoomLink;
pub use sent_files::SentFile;

//! What a room shows to everybody.

use super::Answer;
use domain::RoomId;
use leptos::prelude::*;

#[cfg(feature = "ssr")]
use super::house::{house, refused};
#[cfg(feature = "ssr")]
use domain::{Problem, Rule, stage::Cue};

/// `show`: a picture's number, `play`, `pause` or `nothing`. `position` in the video, in
/// milliseconds; without one, where it is now.
#[server(prefix = "/call", endpoint = "show-now")]
pub async fn show_now(room: RoomId, show: String, #[server(default)] position: Option<i64>) -> Answer<()> {
    let house = house()?;
    let host = house.host(room).await?;
    let cue = Cue::parse(&show, position).ok_or_else(|| refused(Problem::invalid("show", Rule::Shape)))?;
    house.chat.show(&host, cue).await?;
    Ok(())
}

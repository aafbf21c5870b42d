//! What a room shows to everybody.

use super::{Answer, PageAnswer};
use domain::picture::Picture;
use domain::room::Room;
use domain::stage::Video;
use domain::{PictureId, RoomId};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

#[cfg(feature = "ssr")]
use super::house::{House, house, refused};
#[cfg(feature = "ssr")]
use domain::{Problem, Rule, stage::Cue};

/// The page where hosts choose the room's video.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct VideoPageData {
    pub room: Room,
    pub video: Option<Video>,
    /// What is shown until it plays.
    pub poster: Option<PictureId>,
    /// Of the wall: any of them can be that.
    pub pictures: Vec<Picture>,
}

/// `show`: a picture's number, `play`, `pause` or `nothing`. `position` in the video, in
/// milliseconds; empty for where it is now.
#[server(prefix = "/call", endpoint = "show-now")]
pub async fn show_now(room: RoomId, show: String, #[server(default)] position: String) -> Answer<()> {
    let house = house()?;
    let host = house.host(room).await?;
    let cue = Cue::parse(&show, position.trim().parse().ok())
        .ok_or_else(|| refused(Problem::invalid("show", Rule::Shape)))?;
    house.chat.show(&host, cue).await?;
    Ok(())
}

/// For those who run the room; `NotAllowed` for others.
#[server(prefix = "/call", endpoint = "open-video")]
pub async fn open_video(slug: String) -> PageAnswer<VideoPageData> {
    let house = house()?;
    let body = video_page(&house, &slug).await;
    house.page(body)
}

/// Takes the room's video away.
#[server(prefix = "/call", endpoint = "remove-video")]
pub async fn remove_video(room: RoomId) -> Answer<()> {
    let house = house()?;
    let host = house.host(room).await?;
    Ok(house.chat.remove_video(&host).await?)
}

#[cfg(feature = "ssr")]
async fn video_page(house: &House, slug: &str) -> Answer<VideoPageData> {
    let reader = house.chat.reader_by_slug(house.who(), slug).await?;
    let host = house.host(reader.room().id).await?;
    let state = house.chat.room_state(host.reader()).await?;
    house.allow_video(&state.stage);
    let poster = |video: &Video| {
        let is_it = |picture: &&Picture| picture.url(state.room.id, domain::picture::Size::Side(1280)) == video.poster;
        state.wall.pictures.iter().find(is_it).map(|picture| picture.id)
    };
    let poster = state.stage.video.as_ref().and_then(poster);
    Ok(VideoPageData { room: state.room, video: state.stage.video, poster, pictures: state.wall.pictures })
}

//! What one is writing, for one's other devices. Only the composer's script asks for these.

use super::Answer;
use domain::RoomId;
use leptos::prelude::*;

#[cfg(feature = "ssr")]
use super::house::house;

/// Keeps it; nothing, once it is empty.
#[server(prefix = "/call", endpoint = "save-draft")]
pub async fn save_draft(room: RoomId, #[server(default)] text: String) -> Answer<()> {
    let house = house()?;
    let reader = house.reader(room).await?;
    Ok(house.chat.keep_draft(&reader, &text).await?)
}

/// As it was kept last; empty for none.
#[server(prefix = "/call", endpoint = "load-draft")]
pub async fn load_draft(room: RoomId) -> Answer<String> {
    let house = house()?;
    let reader = house.reader(room).await?;
    Ok(house.chat.draft(&reader).await?)
}

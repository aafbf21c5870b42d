//! What opens a room, and what those see who wait in front of it.

use super::Answer;
use domain::{PictureId, RoomId};
use leptos::prelude::*;

#[cfg(feature = "ssr")]
use super::house::house;
#[cfg(feature = "ssr")]
use domain::Problem;
#[cfg(feature = "ssr")]
use domain::gate::GateRule;

/// Sets what opens a room. Times are as `<input type="datetime-local">` sends them, in the
/// visitor's zone; empty for none.
#[server(prefix = "/call", endpoint = "change-gate")]
pub async fn change_gate(
    room: RoomId,
    opening: String,
    #[server(default)] opens_at: String,
    #[server(default)] closes_at: String,
    #[server(default)] doors: String,
    #[server(default)] grace: String,
) -> Answer<()> {
    let house = house()?;
    let host = house.host(room).await?;
    let opening = domain::gate::Opening::parse(&opening)?;
    let time = |field: &str, text: &str| moment(field, text, house.visitor.tz);
    let rule = GateRule {
        opening,
        opens_at: time("opens_at", &opens_at)?,
        closes_at: time("closes_at", &closes_at)?,
        doors: seconds("doors", &doors, 60)?.unwrap_or(GateRule::default().doors),
        grace: seconds("grace", &grace, 1)?.unwrap_or(GateRule::default().grace),
    };
    house.chat.change_gate(&host, rule).await?;
    Ok(())
}

/// Opens a room now, or shuts it.
#[server(prefix = "/call", endpoint = "open-gate")]
pub async fn open_gate(room: RoomId, open: bool) -> Answer<()> {
    let house = house()?;
    let host = house.host(room).await?;
    house.chat.open_room_now(&host, open).await?;
    Ok(())
}

/// Shows a picture of the wall to those who wait; without one, none.
#[server(prefix = "/call", endpoint = "choose-cover")]
pub async fn choose_cover(room: RoomId, #[server(default)] picture: Option<PictureId>) -> Answer<()> {
    let house = house()?;
    let host = house.host(room).await?;
    Ok(house.chat.change_cover(&host, picture).await?)
}

/// A local time of a form (`2027-01-15T20:30`) in milliseconds UTC; `tz` in minutes east of it.
#[cfg(feature = "ssr")]
fn moment(field: &str, text: &str, tz: i32) -> Answer<Option<i64>> {
    if text.trim().is_empty() {
        return Ok(None);
    }
    let at = domain::time::parse_local(text).ok_or_else(|| malformed(field))?;
    Ok(Some(at - i64::from(tz) * 60_000))
}

/// A number of a form, in so many seconds each.
#[cfg(feature = "ssr")]
fn seconds(field: &str, text: &str, unit: u32) -> Answer<Option<u32>> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    let number: u32 = text.parse().map_err(|_| malformed(field))?;
    Ok(Some(number.saturating_mul(unit)))
}

#[cfg(feature = "ssr")]
fn malformed(field: &str) -> super::Refused {
    super::house::refused(Problem::invalid(field, domain::Rule::Shape))
}

//! The wall and its pictures. Files travel to `/upload/…`; all else is here.

use super::{Answer, Json};
use domain::picture::Picture;
use domain::source::Sources;
use domain::wall::{Place, Wall};
use domain::{DeedId, LinkId, PictureId, RoomId};
use leptos::prelude::*;

#[cfg(feature = "ssr")]
use super::house::house;

#[server(name = LoadWall, prefix = "/call", endpoint = "wall")]
pub async fn wall(room: RoomId) -> Answer<Json<Wall>> {
    let house = house()?;
    let reader = house.reader(room).await?;
    Json::new(&house.chat.wall(&reader).await?)
}

/// Fetches a picture once from an address and hangs it in front.
#[server(prefix = "/call", endpoint = "add-picture-from")]
pub async fn add_picture_from(
    room: RoomId,
    url: String,
    #[server(default)] caption: String,
    #[server(default)] alt: String,
    #[server(default)] held: String,
) -> Answer<Picture> {
    let house = house()?;
    let host = house.host(room).await?;
    let new = chat::NewPicture { caption, alt, held: !held.is_empty(), ..chat::NewPicture::default() };
    Ok(house.chat.add_picture_from(&host, url.trim(), new).await?)
}

/// The pictures that are held back, for those who run the room.
#[server(prefix = "/call", endpoint = "held-pictures")]
pub async fn held_pictures(room: RoomId) -> Answer<Json<Vec<Picture>>> {
    let house = house()?;
    let host = house.host(room).await?;
    Json::new(&house.chat.held_pictures(&host).await?)
}

/// Where the pictures come from, for those who run the room.
#[server(prefix = "/call", endpoint = "picture-sources")]
pub async fn picture_sources(room: RoomId) -> Answer<Json<Sources>> {
    let house = house()?;
    let host = house.host(room).await?;
    Json::new(&house.chat.sources(&host).await?)
}

/// Tries once more to get a picture that another system named.
#[server(prefix = "/call", endpoint = "refetch-link")]
pub async fn refetch_link(room: RoomId, link: LinkId) -> Answer<()> {
    let house = house()?;
    let host = house.host(room).await?;
    Ok(house.chat.refetch_link(&host, link).await?)
}

/// With `was_caption` and `was_alt`, the words that the sender has seen, other words than
/// these answer `Changed`.
#[server(prefix = "/call", endpoint = "describe-picture")]
pub async fn describe_picture(
    room: RoomId,
    picture: PictureId,
    #[server(default)] caption: String,
    #[server(default)] alt: String,
    #[server(default)] was_caption: Option<String>,
    #[server(default)] was_alt: Option<String>,
) -> Answer<Picture> {
    let house = house()?;
    let host = house.host(room).await?;
    let described = match (&was_caption, &was_alt) {
        (None, None) => house.chat.describe_picture(&host, picture, &caption, &alt).await,
        (was_caption, was_alt) => {
            let was = (was_caption.as_deref().unwrap_or_default(), was_alt.as_deref().unwrap_or_default());
            house.chat.describe_picture_anew(&host, picture, (&caption, &alt), was).await
        }
    };
    Ok(described?)
}

/// `place` and `number` as [`place_words`] writes them. With `rev`, the wall's revision the
/// sender has seen, a wall that moved on answers `Changed`.
#[server(prefix = "/call", endpoint = "move-picture")]
pub async fn move_picture(
    room: RoomId,
    picture: PictureId,
    place: String,
    #[server(default)] number: Option<i64>,
    #[server(default)] rev: Option<i64>,
) -> Answer<()> {
    let house = house()?;
    let host = house.host(room).await?;
    Ok(house.chat.move_picture(&host, picture, parse_place(&place, number)?, rev).await?)
}

/// Sets the order number by hand: larger is shown first. With `was`, the number that the sender has
/// seen, a picture that has another one by now answers `Changed`.
#[server(prefix = "/call", endpoint = "set-picture-order")]
pub async fn set_picture_order(
    room: RoomId,
    picture: PictureId,
    order: i64,
    #[server(default)] was: Option<i64>,
) -> Answer<()> {
    let house = house()?;
    let host = house.host(room).await?;
    let seen = was.map_or(chat::Seen::Nothing, chat::Seen::Order);
    Ok(house.chat.set_picture_order(&host, picture, order, seen).await?)
}

/// Takes a picture down; it can be restored for an hour.
#[server(prefix = "/call", endpoint = "remove-picture")]
pub async fn remove_picture(room: RoomId, picture: PictureId) -> Answer<()> {
    let house = house()?;
    let host = house.host(room).await?;
    Ok(house.chat.remove_picture(&host, picture).await?)
}

#[server(prefix = "/call", endpoint = "restore-picture")]
pub async fn restore_picture(room: RoomId, picture: PictureId) -> Answer<()> {
    let house = house()?;
    let host = house.host(room).await?;
    Ok(house.chat.restore_picture(&host, picture).await?)
}

/// Does one thing to several pictures: `hold`, `show`, `remove`, `restore`, `describe` with the
/// same words, or `transfer` to the room `to`. One step for everybody who looks on. Lands where it
/// can be undone.
#[server(prefix = "/call", endpoint = "change-pictures")]
pub async fn change_pictures(
    room: RoomId,
    act: String,
    #[server(default)] pictures: Vec<PictureId>,
    #[server(default)] to: Option<RoomId>,
    #[server(default)] caption: String,
    #[server(default)] alt: String,
) -> Answer<()> {
    let house = house()?;
    let host = house.host(room).await?;
    if pictures.is_empty() {
        return Err(domain::Problem::invalid("pictures", domain::Rule::Empty).into());
    }
    let deed = match act.as_str() {
        "describe" => house.chat.describe_pictures(&host, &pictures, (&caption, &alt)).await?,
        "transfer" => {
            let to = to.ok_or_else(|| domain::Problem::invalid("to", domain::Rule::Empty))?;
            Some(house.chat.transfer_pictures(&host, &house.host(to).await?, &pictures).await?)
        }
        word => house.chat.change_pictures(&host, shelf_act(word)?, &pictures).await?,
    };
    if let Some(deed) = deed {
        // The address remembers what can be undone: see `parts::undo::Deed`.
        let page = crate::paths::pictures(&host.room().slug);
        super::house::land(&format!("{page}?undo={deed}&did={act}&n={}", pictures.len()));
    }
    Ok(())
}

#[cfg(feature = "ssr")]
fn shelf_act(word: &str) -> Result<chat::ShelfAct, domain::Problem> {
    Ok(match word {
        "hold" => chat::ShelfAct::Hold,
        "show" => chat::ShelfAct::Show,
        "remove" => chat::ShelfAct::Remove,
        "restore" => chat::ShelfAct::Restore,
        _ => return Err(domain::Problem::invalid("act", domain::Rule::Shape)),
    })
}

/// Undoes what the visitor did to pictures of the room within the last hour.
#[server(prefix = "/call", endpoint = "undo-deed")]
pub async fn undo_deed(room: RoomId, deed: DeedId) -> Answer<()> {
    let house = house()?;
    let host = house.host(room).await?;
    Ok(house.chat.undo_deed(&host, deed).await?)
}

/// A place in two form fields: a word, and the picture's id for `after` or the place
/// counted from 1 for `nth`.
pub fn place_words(place: Place) -> (&'static str, Option<i64>) {
    match place {
        Place::First => ("first", None),
        Place::Last => ("last", None),
        Place::Up => ("up", None),
        Place::Down => ("down", None),
        Place::After(picture) => ("after", Some(picture.0)),
        Place::Nth(n) => ("nth", Some(n.into())),
    }
}

#[cfg_attr(not(any(test, feature = "ssr")), expect(dead_code, reason = "read by the server only"))]
fn parse_place(word: &str, number: Option<i64>) -> Result<Place, domain::Problem> {
    let wrong = || domain::Problem::invalid("place", domain::Rule::Shape);
    Ok(match (word, number) {
        ("first", _) => Place::First,
        ("last", _) => Place::Last,
        ("up", _) => Place::Up,
        ("down", _) => Place::Down,
        ("after", Some(id)) => Place::After(PictureId(id)),
        ("nth", Some(n)) => Place::Nth(u32::try_from(n.max(1)).unwrap_or(u32::MAX)),
        _ => return Err(wrong()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_survives_its_form() {
        for place in [Place::First, Place::Last, Place::Up, Place::Down, Place::After(PictureId(7)), Place::Nth(3)] {
            let (word, number) = place_words(place);
            assert_eq!(parse_place(word, number), Ok(place));
        }
        assert!(parse_place("after", None).is_err());
        assert_eq!(parse_place("nth", Some(-4)), Ok(Place::Nth(1)));
    }
}

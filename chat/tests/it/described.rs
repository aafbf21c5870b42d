//! Pictures of messages: what they show in words, and those that move; what pictures of walls were called.

use crate::attachments::{file, read};
use crate::files::png;
use crate::messages::client_id;
use crate::moderation::Stage;
use crate::town::{Town, problem};
use chat::{Enclosed, NewPicture, Problem, Question, Rule, Who};
use domain::attachment::{Attachment, Look};
use domain::moderation::Policy;
use domain::picture::Size;
use domain::room::Visibility;
use domain::search::Kind;
use domain::{MessageId, RoomId};
use image::codecs::gif::GifEncoder;
use image::{Delay, Frame, Rgba, RgbaImage};

async fn says(town: &Town, who: &Who, room: RoomId, file: &Attachment, alts: &[&str]) -> chat::Result<MessageId> {
    let writer = town.chat.writer(Some(who), room).await?;
    let alts: Vec<String> = alts.iter().map(ToString::to_string).collect();
    let enclosed = Enclosed { files: std::slice::from_ref(&file.blob), alts: &alts };
    let id = client_id(&format!("say-{}", file.blob));
    Ok(town.chat.reply_with(&writer, &id, "", enclosed, None).await?.message.id)
}

async fn alt(town: &Town, who: &Who, room: RoomId, message: MessageId) -> String {
    let reader = town.chat.reader(Some(who), room).await.unwrap();
    town.chat.message(&reader, message).await.unwrap().files.remove(0).alt
}

#[tokio::test(flavor = "multi_thread")]
async fn a_picture_is_described_by_who_sends_it_also_where_it_waits_and_where_it_is_forwarded() {
    let Stage { town, ana, bo, room, .. } = Stage::new().await;
    let photo = file(&town, &bo, room.id, "IMG_1.png", &png(30, 20)).await;
    let refused = says(&town, &bo, room.id, &photo, &["x".repeat(301).as_str()]).await;
    assert_eq!(problem(refused), Problem::invalid("alt", Rule::TooLong { max: 300 }));
    let said = says(&town, &bo, room.id, &photo, &["A heron at the lake", "of nothing"]).await.unwrap();
    assert_eq!(alt(&town, &ana, room.id, said).await, "A heron at the lake");
    let again = says(&town, &bo, room.id, &photo, &["Something else"]).await.unwrap();
    assert_eq!((again, alt(&town, &ana, room.id, said).await.as_str()), (said, "A heron at the lake"), "a resend");

    let den = town.room("den", Visibility::Public, &ana).await;
    let (from, to) =
        (town.chat.reader(Some(&ana), room.id).await.unwrap(), town.chat.writer(Some(&ana), den.id).await.unwrap());
    let copy = town.chat.forward(&from, said, &to, &client_id("forwarded")).await.unwrap().message;
    assert_eq!(copy.files[0].alt, "A heron at the lake");

    let host = town.chat.host(Some(&ana), room.id).await.unwrap();
    town.chat.change_policy(&host, Policy { holds: true, ..Policy::default() }).await.unwrap();
    let second = file(&town, &bo, room.id, "IMG_2.png", &png(30, 20)).await;
    assert_eq!(problem(says(&town, &bo, room.id, &second, &["Its nest"]).await), Problem::Held);
    let waits = town.chat.held(&host).await.unwrap().remove(0);
    let approved = town.chat.approve(&host, waits.id).await.unwrap();
    assert_eq!(alt(&town, &bo, room.id, approved).await, "Its nest");
    town.says(&ana, room.id, "Lastword").await;
    for words in ["heron", "nest", "IMG_2"] {
        assert!(crate::search::asked_by(&town, Some(&ana), words, 1).await >= 1, "{words}");
    }
}

fn gif(frames: u8) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = GifEncoder::new(&mut bytes);
    for n in 0..frames {
        let picture = RgbaImage::from_pixel(40, 30, Rgba([n * 60, 0, 90, 255]));
        encoder.encode_frame(Frame::from_parts(picture, 0, 0, Delay::from_numer_denom_ms(100, 1))).unwrap();
    }
    drop(encoder);
    bytes
}

#[tokio::test(flavor = "multi_thread")]
async fn an_animation_stays_one_and_has_a_picture_that_stands_still() {
    let Stage { town, ana, bo, room, .. } = Stage::new().await;
    let made = gif(3);
    let moves = file(&town, &bo, room.id, "wave.gif", &[&made[..], b"<script>"].concat()).await;
    assert_eq!(moves.look, Look::Picture { width: 40, height: 30, moves: true });
    let said = says(&town, &bo, room.id, &moves, &[]).await.unwrap();
    assert_eq!(read(&town, Some(&ana), room.id, &moves, Size::Full).await.unwrap(), made);
    let still = read(&town, Some(&ana), room.id, &moves, Size::Side(320)).await.unwrap();
    assert!(still.starts_with(b"\x89PNG"), "{:?}", &still[..4]);
    let alone = file(&town, &bo, room.id, "alone.gif", &gif(1)).await;
    assert_eq!(alone.look, Look::Picture { width: 40, height: 30, moves: false });
    assert!(read(&town, Some(&bo), room.id, &alone, Size::Full).await.unwrap().starts_with(b"\x89PNG"));

    let den = town.room("den", Visibility::Public, &ana).await;
    let (from, to) =
        (town.chat.reader(Some(&ana), room.id).await.unwrap(), town.chat.writer(Some(&ana), den.id).await.unwrap());
    let copy = town.chat.forward(&from, said, &to, &client_id("forwarded")).await.unwrap().message.files.remove(0);
    assert_eq!(read(&town, Some(&ana), den.id, &copy, Size::Full).await.unwrap(), made);
    assert_eq!(read(&town, Some(&ana), den.id, &copy, Size::Side(320)).await.unwrap(), still);
    assert!(town.examine().await.findings.is_empty(), "{:?}", town.examine().await.findings);
}

#[tokio::test]
async fn pictures_of_a_wall_are_found_by_what_their_files_were_called() {
    let town = Town::new().await;
    let ana = town.person("ana").await;
    let hall = town.room("hall", Visibility::Public, &ana).await.id;
    let den = town.room("den", Visibility::Public, &ana).await.id;
    let host = town.chat.host(Some(&ana), hall).await.unwrap();
    let new = |name: &str| NewPicture {
        bytes: png(8, 8),
        caption: "A caption".into(),
        file_name: Some(name.to_owned()),
        ..NewPicture::default()
    };
    let hung = town.chat.add_picture(&host, new("C:\\photos\\苏州河 2027.png")).await.unwrap();
    let names = async |asked: &str| -> Vec<i64> {
        let address = [127, 0, 0, 1].into();
        let question = Question { asked, address, tz: 0, kind: Some(Kind::Pictures), older_than: None };
        town.chat.search(None, question).await.unwrap().pictures.iter().map(|hit| hit.picture.id.0).collect()
    };
    assert_eq!(names("苏州河").await, [hung.id.0]);
    assert_eq!(names("photos").await, [0; 0], "nothing of its path is kept");
    town.chat.describe_picture(&host, hung.id, "Another caption", "").await.unwrap();
    assert_eq!(names("苏州河 another").await, [hung.id.0]);
    town.chat.replace_picture(&host, hung.id, new("harbour.png"), None).await.unwrap();
    assert_eq!((names("苏州河").await, names("harbour").await), (vec![], vec![hung.id.0]));
    // It goes with the picture to another room.
    let to = town.chat.host(Some(&ana), den).await.unwrap();
    town.chat.transfer_pictures(&host, &to, &[hung.id]).await.unwrap();
    let moved = names("harbour in:den").await;
    assert_eq!(moved.len(), 1);
}

#[tokio::test]
async fn each_room_of_what_was_found_is_told_once() {
    let town = Town::new().await;
    let ana = town.person("ana").await;
    let hall = town.room("hall", Visibility::Public, &ana).await.id;
    for _ in 0..5 {
        town.says(&ana, hall, "persimmon").await;
    }
    crate::search::asked(&town, "persimmon", 5).await;
    let question = Question { asked: "persimmon", address: [127, 0, 0, 1].into(), tz: 0, kind: None, older_than: None };
    let hits = town.chat.search(None, question).await.unwrap();
    assert_eq!((hits.messages.len(), hits.places.len()), (5, 1));
    assert_eq!(hits.place(hall).unwrap().slug, "hall");
    assert!(hits.place(RoomId(0)).is_none());
}

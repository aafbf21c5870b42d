//! Files of messages: taken in parts, said with a message, read by whoever may read it, gone with it.

use crate::backup::file as backup_file;
use crate::files::png;
use crate::live::Ear;
use crate::messages::client_id;
use crate::moderation::Stage;
use crate::town::{Town, problem};
use chat::{Chat, Options, Problem, Quotas, Rule, Thing, Who};
use domain::attachment::{Arriving, Attachment, Look, MAX_FILES};
use domain::event::What;
use domain::message::Message;
use domain::moderation::Policy;
use domain::picture::Size;
use domain::problem::PictureFault;
use domain::room::Visibility;
use domain::{BlobId, RoomId};

const DAY: i64 = 24 * 60 * 60 * 1_000;

/// Sends a file in parts of `step` bytes.
pub async fn sent(
    town: &Town,
    who: &Who,
    room: RoomId,
    name: &str,
    bytes: &[u8],
    step: usize,
) -> chat::Result<Arriving> {
    let writer = town.chat.writer(Some(who), room).await?;
    let mut arriving = town.chat.begin_upload(&writer, name, bytes.len() as u64).await?;
    for piece in bytes.chunks(step) {
        let mut part = town.chat.begin_part(&writer, &arriving.blob, arriving.received).await?;
        part.push(piece).await?;
        arriving = part.finish(None).await?;
    }
    Ok(arriving)
}

pub async fn file(town: &Town, who: &Who, room: RoomId, name: &str, bytes: &[u8]) -> Attachment {
    sent(town, who, room, name, bytes, 1_000).await.unwrap().file.unwrap()
}

pub async fn says(
    town: &Town,
    who: &Who,
    room: RoomId,
    id: &str,
    text: &str,
    files: &[&Attachment],
) -> chat::Result<Message> {
    let writer = town.chat.writer(Some(who), room).await?;
    let blobs: Vec<BlobId> = files.iter().map(|file| file.blob.clone()).collect();
    Ok(town.chat.post_with(&writer, &client_id(id), text, &blobs).await?.message)
}

/// What this visitor gets of it.
pub async fn read(
    town: &Town,
    who: Option<&Who>,
    room: RoomId,
    file: &Attachment,
    size: Size,
) -> chat::Result<Vec<u8>> {
    let reader = town.chat.reader(who, room).await?;
    let found = town.chat.file_bytes(&reader, &file.blob, size).await?;
    let mut whole = Vec::new();
    while (whole.len() as u64) < found.length {
        whole.extend(town.chat.file_piece(&found, whole.len() as u64, found.length).await?);
    }
    Ok(whole)
}

pub fn no_file() -> Problem {
    Problem::not_found(Thing::File)
}

/// How many files lie in the data folder, kept or on their way.
pub fn on_disk(town: &Town) -> (usize, usize) {
    fn count(folder: &std::path::Path) -> usize {
        let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
        entries.map(|entry| if entry.path().is_dir() { count(&entry.path()) } else { 1 }).sum()
    }
    (count(&town.data().join("files")), count(&town.data().join("arriving")))
}

#[tokio::test(flavor = "multi_thread")]
async fn files_are_said_with_a_message_and_read_by_its_readers() {
    let Stage { town, ana, bo, cy, room } = Stage::new().await;
    let mut ear = Ear::at(&town.chat, None, room.id, None).await;
    let bytes: Vec<u8> = (0..5_000u32).map(|n| (n % 251) as u8).collect();
    let report = file(&town, &ana, room.id, "../报告 2027.pdf", &bytes).await;
    assert_eq!((report.name.as_str(), report.bytes, report.look), ("报告 2027.pdf", 5_000, Look::File));
    let photo = file(&town, &ana, room.id, "lake.PNG", &png(700, 500)).await;
    assert_eq!(photo.look, Look::Picture { width: 700, height: 500, moves: false });

    // Nobody but their sender has them before they are said.
    assert_eq!(read(&town, Some(&ana), room.id, &report, Size::Full).await.unwrap(), bytes);
    for other in [None, Some(&bo)] {
        assert_eq!(problem(read(&town, other, room.id, &report, Size::Full).await), no_file());
    }
    let message = says(&town, &ana, room.id, "1", "the report", &[&photo, &report]).await.unwrap();
    assert_eq!(message.files, [photo.clone(), report.clone()], "in the order of the message");
    ear.hear_up_to(message.seq).await;
    let What::Said { message: heard } = &ear.events().last().unwrap().what else { panic!("{:?}", ear.events()) };
    assert_eq!(heard.files, message.files, "those who listen have them at once");
    for reader in [None, Some(&bo), Some(&cy)] {
        assert_eq!(read(&town, reader, room.id, &report, Size::Full).await.unwrap(), bytes);
    }
    let (small, full) = (
        read(&town, None, room.id, &photo, Size::Side(320)).await.unwrap(),
        read(&town, None, room.id, &photo, Size::Full).await.unwrap(),
    );
    assert!(small.len() < full.len() && small != full);
    let reader = town.chat.reader(None, room.id).await.unwrap();
    let history = town.chat.history(&reader, None).await.unwrap().messages;
    assert_eq!(history.last().unwrap(), &message, "and who comes later");

    // Files alone are a message; a text alone still is none without words.
    let song = file(&town, &bo, room.id, "song.mp3", b"ID3\x04 and music").await;
    let film = file(&town, &bo, room.id, "film", b"\0\0\0\x20ftypisom and film").await;
    assert_eq!((song.look, film.look), (Look::Audio, Look::Video));
    let alone = says(&town, &bo, room.id, "2", "  ", &[&song, &film]).await.unwrap();
    assert!(alone.spans.is_empty() && alone.files.len() == 2);
    let listed = town.chat.rooms(None).await.unwrap().pop().and_then(|line| line.last).unwrap();
    assert_eq!(listed.text, "song.mp3 · film", "the list of rooms has nothing else to show");
    assert_eq!(problem(says(&town, &bo, room.id, "3", " ", &[]).await), Problem::invalid("text", Rule::Empty));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_is_used_once_and_a_resend_changes_nothing() {
    let Stage { town, ana, bo, room, .. } = Stage::new().await;
    let other = town.room("den", Visibility::Public, &ana).await;
    let one = file(&town, &ana, room.id, "a.txt", b"words").await;
    assert_eq!(problem(says(&town, &bo, room.id, "b", "mine", &[&one]).await), no_file(), "somebody else's");
    assert_eq!(problem(says(&town, &ana, other.id, "o", "here", &[&one]).await), no_file(), "of another room");
    let twice = says(&town, &ana, room.id, "t", "x", &[&one, &one]).await;
    assert_eq!(problem(twice), Problem::invalid("files", Rule::Shape));
    let first = says(&town, &ana, room.id, "1", "x", &[&one]).await.unwrap();
    assert_eq!(says(&town, &ana, room.id, "1", "x", &[&one]).await.unwrap(), first);
    assert_eq!(problem(says(&town, &ana, room.id, "2", "x", &[&one]).await), no_file(), "used already");

    // Two at the same time: one of them has it.
    let shared = file(&town, &ana, room.id, "b.txt", b"words").await;
    let shared_one = [&shared];
    let both = futures::future::join(
        says(&town, &ana, room.id, "3", "x", &shared_one),
        says(&town, &ana, room.id, "4", "x", &shared_one),
    );
    let (third, fourth) = both.await;
    assert_eq!([&third, &fourth].iter().filter(|said| said.is_ok()).count(), 1, "{third:?} {fourth:?}");
    let many: Vec<BlobId> = (0..=MAX_FILES).map(|n| BlobId::parse(&format!("{n:032x}")).unwrap()).collect();
    let writer = town.chat.writer(Some(&ana), room.id).await.unwrap();
    let refused = problem(town.chat.post_with(&writer, &client_id("5"), "x", &many).await);
    assert_eq!(refused, Problem::invalid("files", Rule::TooMany { max: MAX_FILES as u32 }));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_goes_on_where_it_was_cut_also_after_a_restart() {
    let Stage { town, ana, bo, room, .. } = Stage::new().await;
    let bytes: Vec<u8> = (0..40_000u32).map(|n| (n % 253) as u8).collect();
    let writer = town.chat.writer(Some(&ana), room.id).await.unwrap();
    let arriving = town.chat.begin_upload(&writer, "big.bin", 40_000).await.unwrap();
    let mut part = town.chat.begin_part(&writer, &arriving.blob, 0).await.unwrap();
    part.push(&bytes[..10_000]).await.unwrap();
    let busy = problem(town.chat.begin_part(&writer, &arriving.blob, 0).await.map(drop));
    assert!(matches!(busy, Problem::TooFast { .. }), "one part at a time: {busy:?}");
    assert_eq!(part.finish(None).await.unwrap().received, 10_000);

    // A part that is not what was meant is forgotten.
    let mut part = town.chat.begin_part(&writer, &arriving.blob, 10_000).await.unwrap();
    part.push(&bytes[10_000..20_000]).await.unwrap();
    let wrong = problem(part.finish(Some(&"0".repeat(64))).await);
    assert_eq!(wrong, Problem::invalid("sum", Rule::Mismatch));
    assert_eq!(town.chat.upload(&writer, &arriving.blob).await.unwrap().received, 10_000);
    let stray = problem(town.chat.begin_part(&writer, &arriving.blob, 500).await.map(drop));
    assert_eq!(stray, Problem::changed(10_000));
    let stranger = town.chat.writer(Some(&bo), room.id).await.unwrap();
    assert_eq!(problem(town.chat.upload(&stranger, &arriving.blob).await), no_file());
    assert_eq!(problem(town.chat.remove_upload(&stranger, &arriving.blob).await), no_file());

    let town = town.reopen().await;
    let writer = town.chat.writer(Some(&ana), room.id).await.unwrap();
    let found = town.chat.upload(&writer, &arriving.blob).await.unwrap();
    assert_eq!((found.received, found.bytes, found.file), (10_000, 40_000, None));
    let mut part = town.chat.begin_part(&writer, &arriving.blob, 10_000).await.unwrap();
    part.push(&bytes[10_000..]).await.unwrap();
    let over = problem(part.push(b"!").await);
    assert_eq!(over, Problem::TooLarge { limit: 40_000 }, "not more than was announced");
    let whole = part.finish(None).await.unwrap().file.unwrap();
    assert_eq!(read(&town, Some(&ana), room.id, &whole, Size::Full).await.unwrap(), bytes);
    assert_eq!(on_disk(&town), (1, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_there_is_no_space_for_is_refused_before_it_travels() {
    let town = Town::new().await;
    let ana = town.person("ana").await;
    let bo = town.person("bo").await;
    let room = town.room("hall", Visibility::Public, &ana).await;
    town.chat.close().await;
    let quotas = Quotas { file: 1_000, person: 2_500, site: 3_000 };
    let chat = Chat::open(Options { quotas, ..town.options() }).await.unwrap();
    let writer = chat.writer(Some(&ana), room.id).await.unwrap();
    let begin = async |bytes: u64| chat.begin_upload(&writer, "a", bytes).await;
    assert_eq!(problem(begin(1 << 30).await), Problem::TooLarge { limit: 1_000 });
    assert_eq!(problem(begin(u64::MAX).await), Problem::TooLarge { limit: 1_000 });
    assert_eq!(problem(begin(0).await), Problem::invalid("file", Rule::Empty));
    // Announced is as good as there, or many at once would get past the limit.
    let all = futures::future::join_all((0..6).map(|_| begin(1_000))).await;
    let (taken, refused): (Vec<_>, Vec<_>) = all.into_iter().partition(Result::is_ok);
    assert_eq!(taken.len(), 2);
    assert!(refused.into_iter().all(|full| problem(full) == Problem::Full { limit: 2_500 }));
    let other = chat.writer(Some(&bo), room.id).await.unwrap();
    chat.begin_upload(&other, "b", 900).await.unwrap();
    assert_eq!(problem(chat.begin_upload(&other, "b", 101).await), Problem::Full { limit: 3_000 }, "of the site");
    // What is given up is free again.
    for arriving in taken {
        chat.remove_upload(&writer, &arriving.unwrap().blob).await.unwrap();
    }
    begin(1_000).await.unwrap();
    // A form does not say how long its file is.
    let mut part = chat.begin_whole(&other, "c").await.unwrap();
    part.push(&[1; 900]).await.unwrap();
    assert_eq!(problem(part.push(&[1; 101]).await), Problem::TooLarge { limit: 1_000 });
    part.give_up().await;
    let mut part = chat.begin_whole(&other, "c").await.unwrap();
    part.push(&[1; 1_000]).await.unwrap();
    part.finish(None).await.unwrap();
    let mut part = chat.begin_whole(&other, "c").await.unwrap();
    part.push(&[1; 900]).await.unwrap();
    assert!(matches!(problem(part.finish(None).await), Problem::Full { .. }));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_seems_a_picture_is_one_or_does_not_come_in() {
    let Stage { town, ana, room, .. } = Stage::new().await;
    let mut damaged = png(50, 50);
    damaged = damaged.slice(..damaged.len() / 2);
    let refused = problem(sent(&town, &ana, room.id, "a.png", &damaged, 10_000).await);
    assert_eq!(refused, Problem::invalid("picture", Rule::Picture { fault: PictureFault::Damaged }));
    assert_eq!(on_disk(&town), (0, 0), "nothing of it stays");
    // What could run stays what it is, and is never shown: see the doors' tests.
    for (name, bytes) in [("a.png", &b"<svg onload=alert(1)>"[..]), ("b.jpg", b"<!doctype html><script>")] {
        assert_eq!(file(&town, &ana, room.id, name, bytes).await.look, Look::File);
    }
    // The place where a photo was taken is nobody's business.
    let mut photo = std::io::Cursor::new(Vec::new());
    image::RgbImage::new(40, 30).write_to(&mut photo, image::ImageFormat::Jpeg).unwrap();
    let photo = photo.into_inner();
    let exif = b"\xFF\xE1\x00\x1EExif\0\0MM\0*GPS-Shanghai-31N";
    let with_place: Vec<u8> = [&photo[..2], exif, &photo[2..]].concat();
    let kept = file(&town, &ana, room.id, "photo.jpg", &with_place).await;
    let bytes = read(&town, Some(&ana), room.id, &kept, Size::Full).await.unwrap();
    assert!(bytes.starts_with(b"\xFF\xD8") && !bytes.windows(4).any(|word| word == b"Exif" || word == b"GPS-"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_recalled_message_takes_its_files_along() {
    let Stage { town, ana, bo, room, .. } = Stage::new().await;
    let (one, two) =
        (file(&town, &bo, room.id, "a.txt", b"one").await, file(&town, &bo, room.id, "b.txt", b"two").await);
    let message = says(&town, &bo, room.id, "1", "", &[&one, &two]).await.unwrap();
    let kept = file(&town, &bo, room.id, "c.txt", b"three").await;
    says(&town, &bo, room.id, "2", "stays", &[&kept]).await.unwrap();
    let elsewhere = town.room("den", Visibility::Public, &ana).await;
    let (from, to) = (
        town.chat.reader(Some(&ana), room.id).await.unwrap(),
        town.chat.writer(Some(&ana), elsewhere.id).await.unwrap(),
    );
    let copies = town.chat.forward_files(&from, &to, &message.files).await.unwrap();
    town.chat.post_with(&to, &client_id("3"), "forwarded", &copies).await.unwrap();
    assert_eq!(on_disk(&town), (5, 0));

    let reader = town.chat.reader(Some(&bo), room.id).await.unwrap();
    town.chat.recall(&reader, message.id).await.unwrap();
    assert_eq!(on_disk(&town), (3, 0));
    assert_eq!(problem(read(&town, Some(&bo), room.id, &one, Size::Full).await), no_file());
    assert_eq!(read(&town, None, room.id, &kept, Size::Full).await.unwrap(), b"three");
    let history = town.chat.history(&reader, None).await.unwrap().messages;
    let gone = history.iter().find(|m| m.id == message.id).unwrap();
    assert!(gone.files.is_empty() && domain::span::recalled(&gone.spans).is_some());
    town.chat.recall(&reader, message.id).await.unwrap();
    // What was forwarded is another message's.
    let forwarded = Attachment { blob: copies[1].clone(), ..two };
    assert_eq!(read(&town, None, elsewhere.id, &forwarded, Size::Full).await.unwrap(), b"two");
    // All of somebody's last minutes, files and those that wait with them.
    let host = town.chat.host(Some(&ana), room.id).await.unwrap();
    assert_eq!(town.chat.clear(&host, bo.person.id, 5, "").await.unwrap(), 1);
    assert_eq!(on_disk(&town), (2, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_that_waits_for_approval_keeps_its_files_to_itself() {
    let Stage { town, ana, bo, cy, room } = Stage::new().await;
    let host = town.chat.host(Some(&ana), room.id).await.unwrap();
    town.chat.change_policy(&host, Policy { holds: true, ..Policy::default() }).await.unwrap();
    let (good, bad) = (file(&town, &bo, room.id, "a", b"good").await, file(&town, &bo, room.id, "b", b"bad").await);
    for (id, one) in [("1", &good), ("2", &bad)] {
        assert_eq!(problem(says(&town, &bo, room.id, id, "", &[one]).await), Problem::Held);
        assert_eq!(problem(says(&town, &bo, room.id, id, "", &[one]).await), Problem::Held, "a resend");
    }
    assert_eq!(problem(says(&town, &bo, room.id, "3", "", &[&good]).await), no_file(), "it is used");
    assert_eq!(read(&town, Some(&ana), room.id, &good, Size::Full).await.unwrap(), b"good");
    for other in [None, Some(&cy)] {
        assert_eq!(problem(read(&town, other, room.id, &good, Size::Full).await), no_file());
    }
    let held = town.chat.held(&host).await.unwrap();
    assert_eq!(held.iter().map(|held| held.files.clone()).collect::<Vec<_>>(), [[good.clone()], [bad.clone()]]);
    let said = town.chat.approve(&host, held[0].id).await.unwrap();
    let said = town.chat.message(host.reader(), said).await.unwrap();
    assert_eq!(said.files, std::slice::from_ref(&good));
    town.chat.decline(&host, held[1].id).await.unwrap();
    assert_eq!(read(&town, None, room.id, &good, Size::Full).await.unwrap(), b"good");
    assert_eq!(problem(read(&town, Some(&cy), room.id, &bad, Size::Full).await), no_file());
    assert_eq!(problem(says(&town, &bo, room.id, "2", "", &[&bad]).await), Problem::Declined);
    assert_eq!(problem(says(&town, &bo, room.id, "3", "", &[&bad]).await), no_file(), "it may wait again");
    // Until it cannot be undone any more.
    town.clock.advance(3_600_001);
    town.chat.tidy().await.unwrap();
    assert_eq!(problem(read(&town, Some(&bo), room.id, &bad, Size::Full).await), no_file());
    assert_eq!(on_disk(&town), (1, 0));
    // Names are words too.
    let list = domain::moderation::WordList { words: "badword".into(), holds: false };
    town.chat.change_room_words(&host, list).await.unwrap();
    let named = file(&town, &bo, room.id, "my BadWord list.txt", b"x").await;
    assert_eq!(problem(says(&town, &bo, room.id, "4", "look", &[&named]).await), Problem::Filtered);
}

#[tokio::test(flavor = "multi_thread")]
async fn where_only_hosts_send_files_nobody_else_does() {
    let Stage { town, ana, bo, room, .. } = Stage::new().await;
    let host = town.chat.host(Some(&ana), room.id).await.unwrap();
    town.chat.change_policy(&host, Policy { files: false, ..Policy::default() }).await.unwrap();
    assert_eq!(problem(sent(&town, &bo, room.id, "a", b"x", 9).await), Problem::NoFiles);
    let writer = town.chat.writer(Some(&bo), room.id).await.unwrap();
    assert_eq!(problem(town.chat.begin_whole(&writer, "a").await.map(drop)), Problem::NoFiles);
    sent(&town, &ana, room.id, "a", b"x", 9).await.unwrap();
    let town = town.reopen().await;
    assert_eq!(problem(sent(&town, &bo, room.id, "a", b"x", 9).await), Problem::NoFiles, "also after a restart");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_no_message_takes_within_a_day_goes() {
    let Stage { town, ana, room, .. } = Stage::new().await;
    let used = file(&town, &ana, room.id, "used", b"used").await;
    says(&town, &ana, room.id, "1", "", &[&used]).await.unwrap();
    let unused = file(&town, &ana, room.id, "unused", b"unused").await;
    let writer = town.chat.writer(Some(&ana), room.id).await.unwrap();
    let begun = town.chat.begin_upload(&writer, "begun", 10).await.unwrap();
    let mut part = town.chat.begin_part(&writer, &begun.blob, 0).await.unwrap();
    part.push(b"12345").await.unwrap();
    part.finish(None).await.unwrap();
    assert_eq!(on_disk(&town), (2, 1));
    town.clock.advance(DAY - 1_000);
    town.chat.tidy_files().await.unwrap();
    assert_eq!(on_disk(&town), (2, 1), "not yet");
    town.clock.advance(2_000);
    town.chat.tidy_files().await.unwrap();
    assert_eq!(on_disk(&town), (1, 0));
    assert_eq!(problem(says(&town, &ana, room.id, "2", "", &[&unused]).await), no_file());
    assert_eq!(read(&town, None, room.id, &used, Size::Full).await.unwrap(), b"used");
}

#[tokio::test(flavor = "multi_thread")]
async fn files_are_copied_restored_and_examined() {
    let Stage { town, ana, room, .. } = Stage::new().await;
    let photo = file(&town, &ana, room.id, "a.png", &png(700, 400)).await;
    let report = file(&town, &ana, room.id, "b.pdf", b"%PDF").await;
    says(&town, &ana, room.id, "1", "", &[&photo, &report]).await.unwrap();
    let writer = town.chat.writer(Some(&ana), room.id).await.unwrap();
    town.chat.begin_upload(&writer, "never came", 10).await.unwrap();
    let found = town.examine().await;
    assert_eq!((found.damages, found.files), (0, 4), "{:?}", found.findings);
    let (_folder, copy) = backup_file();
    assert!(town.backup(&copy).await.unwrap().faults.is_empty());
    let again = Town::restored(&copy).await;
    assert_eq!(read(&again, None, room.id, &report, Size::Full).await.unwrap(), b"%PDF");
    let small = read(&again, None, room.id, &photo, Size::Side(640)).await.unwrap();
    assert_eq!(small, read(&town, None, room.id, &photo, Size::Side(640)).await.unwrap());
    assert_eq!(again.examine().await.damages, 0);
    // What changed is noticed.
    let path = town.data().join(format!("files/{}/{}/full", room.id, report.blob));
    std::fs::write(path, b"%PDX").unwrap();
    let found = town.examine().await;
    assert_eq!(found.damages, 1, "{:?}", found.findings);
    assert!(found.findings[0].what.contains("b.pdf"), "{:?}", found.findings);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_removed_room_takes_its_files_along() {
    let Stage { town, ana, room, .. } = Stage::new().await;
    let (_, admin) = town.admin("root").await;
    let one = file(&town, &ana, room.id, "a", b"x").await;
    says(&town, &ana, room.id, "1", "", &[&one]).await.unwrap();
    town.chat.remove_room(&admin, room.id, &room.title).await.unwrap();
    assert_eq!(problem(read(&town, Some(&ana), room.id, &one, Size::Full).await), Problem::not_found(Thing::Room));
    assert_eq!(town.examine().await.damages, 0, "the bytes go with the next housekeeping");
}

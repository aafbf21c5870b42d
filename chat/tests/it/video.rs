//! A room's video: what is taken for one, who sees what of it, and what becomes of its files.

use crate::files::{added, ok, redirect, server};
use crate::town::{Town, problem};
use bytes::Bytes;
use chat::{Chat, NewVideo, Problem, RoomHost, Rule, Sought, Thing, VideoFile, VideoSource};
use domain::audit::Act;
use domain::problem::{AddressFault, VideoFault};
use domain::room::{Room, Visibility};
use domain::stage::{Cue, MAX_VIDEO, Show, Stage};
use domain::{BlobId, RoomId};

const MP4: &[u8] = b"\0\0\0\x20ftypisom\0\0\x02\0isomiso2";
const PLAYLIST: &[u8] = b"#EXTM3U\n#EXT-X-VERSION:3\n#EXTINF:2,\none.ts\n";
const CAPTIONS: &[u8] = b"WEBVTT\n\n00:00.000 --> 00:01.000\nHello\n";

async fn hall(town: &Town) -> (Room, RoomHost) {
    let ana = town.person("ana").await;
    let room = town.room("hall", Visibility::Public, &ana).await;
    let host = town.chat.host(Some(&ana), room.id).await.unwrap();
    (room, host)
}

fn new(source: VideoSource) -> NewVideo {
    NewVideo { source, title: "Film".into(), poster: None, captions: None, language: String::new() }
}

fn at(url: impl Into<String>) -> NewVideo {
    new(VideoSource::Address(url.into()))
}

async fn file(chat: &Chat, host: &RoomHost, bytes: &[u8]) -> chat::Result<VideoFile> {
    let mut upload = chat.begin_video(host).await.unwrap();
    for piece in bytes.chunks(700_000) {
        if let Err(refused) = upload.push(piece).await {
            upload.give_up().await;
            return Err(refused);
        }
    }
    upload.finish().await
}

async fn stage(chat: &Chat, room: RoomId) -> Stage {
    chat.room_state(&chat.reader(None, room).await.unwrap()).await.unwrap().stage
}

fn fault(field: &str, fault: VideoFault) -> Problem {
    Problem::invalid(field, Rule::Video { fault })
}

fn blob(address: &str) -> BlobId {
    BlobId::parse(address.rsplit('/').next().unwrap()).unwrap()
}

async fn bytes(town: &Town, room: RoomId, address: &str) -> chat::Result<Vec<u8>> {
    let reader = town.chat.reader(None, room).await?;
    let video = town.chat.video_bytes(&reader, &blob(address)).await?;
    let mut all = Vec::new();
    while (all.len() as u64) < video.length {
        all.extend(town.chat.video_piece(&video, all.len() as u64, video.length).await?);
    }
    Ok(all)
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_is_a_video_if_what_is_there_is_one() {
    let town = Town::new().await;
    let (room, host) = hall(&town).await;
    let there = server(|path| match path {
        "/film.mp4" => ok(MP4),
        "/live.m3u8" => ok(PLAYLIST),
        "/page.mp4" => ok(b"<!doctype html><title>film.mp4</title><video src=film.mp4>"),
        "/nothing.mp4" => ok(b""),
        "/moved.mp4" => redirect("/film.mp4"),
        _ => b"HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n".to_vec(),
    });
    let there = format!("http://{}", there.await);
    for (path, refusal) in [
        ("/page.mp4", fault("url", VideoFault::NotMedia)),
        ("/nothing.mp4", fault("url", VideoFault::NotMedia)),
        ("/gone.mp4", Problem::invalid("url", Rule::Address { fault: AddressFault::NoAnswer })),
    ] {
        assert_eq!(problem(town.chat.set_video(&host, at(format!("{there}{path}"))).await), refusal, "{path}");
    }
    for (url, wrong) in [
        ("film.mp4", AddressFault::Shape),
        ("ftp://example.org/film.mp4", AddressFault::Shape),
        ("javascript:alert(1)", AddressFault::Shape),
        ("http://10.0.0.1/film.mp4", AddressFault::Private),
        ("http://169.254.169.254/latest", AddressFault::Private),
    ] {
        let refusal = Problem::invalid("url", Rule::Address { fault: wrong });
        assert_eq!(problem(town.chat.set_video(&host, at(url)).await), refusal, "{url}");
    }
    assert_eq!(stage(&town.chat, room.id).await, Stage::default(), "what was refused changed nothing");
    for (path, src, stream) in
        [("/film.mp4", "/film.mp4", false), ("/live.m3u8", "/live.m3u8", true), ("/moved.mp4", "/film.mp4", false)]
    {
        town.chat.set_video(&host, at(format!("{there}{path}"))).await.unwrap();
        let video = stage(&town.chat, room.id).await.video.unwrap();
        assert_eq!((video.src, video.stream), (format!("{there}{src}"), stream));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_is_kept_as_it_is_and_goes_with_its_room() {
    let town = Town::new().await;
    let (room, host) = hall(&town).await;
    let poster = added(&town.chat, host.who(), room.id).await;
    let mut film = MP4.to_vec();
    film.extend((0..3_000_000u32).map(|n| (n % 251) as u8));
    let taken = file(&town.chat, &host, &film).await.unwrap();
    let new = NewVideo {
        poster: Some(poster.id),
        captions: Some(Bytes::from_static(CAPTIONS)),
        language: "zh-CN".into(),
        ..new(VideoSource::File(taken))
    };
    town.chat.set_video(&host, new).await.unwrap();
    let video = stage(&town.chat, room.id).await.video.unwrap();
    assert_eq!((video.title.as_str(), video.language.as_str(), video.stream), ("Film", "zh-CN", false));
    assert!(video.poster.contains(poster.blob.as_str()), "{}", video.poster);
    assert_eq!(bytes(&town, room.id, &video.src).await.unwrap(), film);
    assert_eq!(bytes(&town, room.id, &video.captions).await.unwrap(), CAPTIONS);
    let picture = problem(bytes(&town, room.id, poster.blob.as_str()).await);
    assert_eq!(picture, Problem::not_found(Thing::Video), "by this way only videos go out");

    // A backup has all of it, and housekeeping leaves it alone.
    town.chat.tidy().await.unwrap();
    let copy = tempfile::tempdir().unwrap();
    let copied = town.backup(&copy.path().join("copy.tar")).await.unwrap();
    assert!(copied.faults.is_empty(), "{:?}", copied.faults);
    let other = Town::restored(&copy.path().join("copy.tar")).await;
    assert_eq!(stage(&other.chat, room.id).await, stage(&town.chat, room.id).await);
    assert_eq!(bytes(&other, room.id, &video.src).await.unwrap(), film);
    let report = other.examine().await;
    assert!(report.findings.is_empty(), "{:?}", report.findings);
    std::fs::remove_file(other.data().join(format!("files/{}/{}/full", room.id, blob(&video.captions)))).unwrap();
    let report = other.examine().await;
    assert!(report.findings[0].what.starts_with("the captions of room 1"), "{:?}", report.findings);

    // Another title keeps the files; another video does not.
    town.chat.set_video(&host, NewVideo { title: "Again".into(), ..self::new(VideoSource::Same) }).await.unwrap();
    let again = stage(&town.chat, room.id).await.video.unwrap();
    assert_eq!((again.title.as_str(), &again.src, &again.captions), ("Again", &video.src, &video.captions));
    town.chat.remove_video(&host).await.unwrap();
    let trail = town.chat.room_audit(&host, &Sought::default()).await.unwrap();
    let acts: Vec<_> = trail.lines.iter().map(|line| (line.act, line.detail.as_str())).collect();
    assert_eq!(acts[..3], [(Act::VideoRemoved, "Again"), (Act::VideoChanged, "Again"), (Act::VideoChanged, "Film")]);
    assert_eq!(stage(&town.chat, room.id).await.video, None);
    assert_eq!(problem(bytes(&town, room.id, &video.src).await), Problem::not_found(Thing::Video));
    assert!(!town.data().join(format!("files/{}/{}/full", room.id, blob(&video.src))).exists());
    assert_eq!(problem(town.chat.remove_video(&host).await), Problem::not_found(Thing::Video));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_video_and_no_caption_is_refused() {
    let town = Town::new().await;
    let (room, host) = hall(&town).await;
    for (bytes, refusal) in [
        (&b""[..], Problem::invalid("file", Rule::Empty)),
        (b"<!doctype html>", fault("file", VideoFault::NotMedia)),
        (PLAYLIST, fault("file", VideoFault::NotMedia)),
        (&[7; 5_000], fault("file", VideoFault::NotMedia)),
    ] {
        assert_eq!(problem(file(&town.chat, &host, bytes).await), refusal);
    }
    let mut upload = town.chat.begin_video(&host).await.unwrap();
    let mut piece = vec![0; 8 * 1024 * 1024];
    piece[..MP4.len()].copy_from_slice(MP4);
    let mut pushed = 0;
    let refused = loop {
        pushed += piece.len() as u64;
        if let Err(refused) = upload.push(&piece).await {
            break refused.into_problem();
        }
    };
    upload.give_up().await;
    assert_eq!(refused, fault("file", VideoFault::TooManyBytes));
    assert!(pushed > MAX_VIDEO && pushed <= MAX_VIDEO + piece.len() as u64);
    for (captions, wrong) in [
        (&b"1\n00:00:00,000 --> 00:00:01,000\nSRT\n"[..], VideoFault::NotCaptions),
        (b"WEBVTTX", VideoFault::NotCaptions),
        (b"WEBVTT\n\xFF", VideoFault::NotCaptions),
    ] {
        let taken = file(&town.chat, &host, MP4).await.unwrap();
        let new = NewVideo { captions: Some(Bytes::copy_from_slice(captions)), ..new(VideoSource::File(taken)) };
        assert_eq!(problem(town.chat.set_video(&host, new).await), fault("captions", wrong));
    }
    let bad =
        NewVideo { language: "zh\"".into(), ..new(VideoSource::File(file(&town.chat, &host, MP4).await.unwrap())) };
    assert_eq!(problem(town.chat.set_video(&host, bad).await), Problem::invalid("language", Rule::Shape));
    assert_eq!(problem(town.chat.set_video(&host, new(VideoSource::Same)).await), Problem::not_found(Thing::Video));
    // Nothing of all this is left.
    let left = std::fs::read_dir(town.data().join("files").join(room.id.to_string()));
    let files =
        left.into_iter().flatten().flatten().flat_map(|blob| std::fs::read_dir(blob.path()).into_iter().flatten());
    assert_eq!(files.count(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_video_goes_on_where_it_was() {
    let town = Town::new().await;
    let (room, host) = hall(&town).await;
    let picture = added(&town.chat, host.who(), room.id).await.id;
    let taken = file(&town.chat, &host, MP4).await.unwrap();
    town.chat.set_video(&host, new(VideoSource::File(taken))).await.unwrap();
    assert_eq!(stage(&town.chat, room.id).await.show, Show::Nothing, "chosen is not shown");
    town.chat.show(&host, Cue::Play(None)).await.unwrap();
    town.clock.advance(10_000);
    town.chat.show(&host, Cue::Picture(picture)).await.unwrap();
    town.clock.advance(60_000);
    let shown = town.chat.show(&host, Cue::Play(None)).await.unwrap();
    assert_eq!(shown.show, Show::Video { position: 10_000, playing: true });
    town.clock.advance(5_000);
    let late = stage(&town.chat, room.id).await;
    assert_eq!(late.position(town.clock.now()), 15_000, "who comes late is where the others are");
    town.chat.show(&host, Cue::Pause(Some(3_000))).await.unwrap();
    assert_eq!(stage(&town.chat, room.id).await.show, Show::Video { position: 3_000, playing: false });
    // Another video stands at its beginning, and does not play by itself.
    let taken = file(&town.chat, &host, MP4).await.unwrap();
    town.chat.set_video(&host, new(VideoSource::File(taken))).await.unwrap();
    assert_eq!(stage(&town.chat, room.id).await.show, Show::Video { position: 0, playing: false });
    town.chat.remove_video(&host).await.unwrap();
    assert_eq!(stage(&town.chat, room.id).await.show, Show::Nothing);
}

/// Where a video stands is counted by the clock of the day. One that is set back moves it no farther
/// back than it was started; one that is set forward moves it on. A host's next word puts it right.
#[tokio::test(flavor = "multi_thread")]
async fn a_clock_that_is_set_moves_a_video_until_a_host_says_where_it_is() {
    let town = Town::new().await;
    let (room, host) = hall(&town).await;
    let taken = file(&town.chat, &host, MP4).await.unwrap();
    town.chat.set_video(&host, new(VideoSource::File(taken))).await.unwrap();
    town.chat.show(&host, Cue::Play(Some(4_000))).await.unwrap();
    town.clock.advance(6_000);
    let position = async || stage(&town.chat, room.id).await.position(town.clock.now());
    assert_eq!(position().await, 10_000);
    town.clock.jump(-86_400_000);
    assert_eq!(position().await, 4_000);
    town.chat.show(&host, Cue::Play(Some(10_000))).await.unwrap();
    town.clock.advance(1_000);
    assert_eq!(position().await, 11_000);
    town.clock.jump(3_600_000);
    assert_eq!(position().await, 3_611_000);
    town.chat.show(&host, Cue::Pause(Some(12_000))).await.unwrap();
    town.clock.jump(-3_600_000);
    assert_eq!(position().await, 12_000, "what stands still stands still");
}

//! The stage: everybody sees what a host shows, whenever they come, and nobody else decides it.

use crate::files::added;
use crate::live::Ear;
use crate::town::{Town, problem};
use chat::{Chat, Problem, RoomHost, Thing, Who};
use domain::event::What;
use domain::live::{Frame, Position};
use domain::member::Role;
use domain::room::{Room, Visibility};
use domain::stage::{Cue, Show, Stage};
use domain::{PictureId, RoomId};
use std::time::Duration;

/// A room with its host.
async fn hall(town: &Town, host: &Who) -> (Room, RoomHost) {
    let room = town.room("hall", Visibility::Public, host).await;
    let hosting = town.chat.host(Some(host), room.id).await.unwrap();
    (room, hosting)
}

/// What a page that opens the room now shows.
async fn opened(chat: &Chat, room: RoomId) -> (Stage, Position) {
    let reader = chat.reader(None, room).await.unwrap();
    let state = chat.room_state(&reader).await.unwrap();
    (state.stage, state.position)
}

fn staged(ear: &Ear) -> Vec<Show> {
    let shows = ear.events().iter().filter_map(|event| match &event.what {
        What::StageChanged { stage } => Some(stage.show),
        _ => None,
    });
    shows.collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn who_follows_who_comes_late_and_who_comes_back_see_the_same() {
    let town = Town::new().await;
    let ana = town.person("ana").await;
    let (room, host) = hall(&town, &ana).await;
    let (one, two) = (added(&town.chat, &ana, room.id).await.id, added(&town.chat, &ana, room.id).await.id);
    assert_eq!(opened(&town.chat, room.id).await.0, Stage::default(), "nothing yet");
    let mut follower = Ear::at(&town.chat, None, room.id, None).await;
    let before = opened(&town.chat, room.id).await.1;
    town.chat.show(&host, Cue::Picture(one)).await.unwrap();
    town.clock.advance(1_000);
    town.chat.show(&host, Cue::Picture(two)).await.unwrap();
    town.chat.show(&host, Cue::Picture(two)).await.unwrap();
    let (late, now) = opened(&town.chat, room.id).await;
    assert_eq!((late.show, late.at), (Show::Picture(two), town.clock.now()));
    assert_eq!(late.by.as_ref(), Some(&ana.person));
    assert_eq!(now.seq, before.seq + 2, "showing what is shown is nothing new");
    follower.hear_up_to(now.seq).await;
    assert_eq!(staged(&follower), [Show::Picture(one), Show::Picture(two)]);
    let mut back = Ear::at(&town.chat, None, room.id, Some(before)).await;
    back.hear_up_to(now.seq).await;
    assert_eq!(staged(&back), staged(&follower));
    let town = town.reopen().await;
    assert_eq!(opened(&town.chat, room.id).await.0, late, "a restart changes nothing");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_taken_off_the_wall_is_taken_off_the_stage_at_once() {
    let town = Town::new().await;
    let ana = town.person("ana").await;
    let (room, host) = hall(&town, &ana).await;
    let (shown, other) = (added(&town.chat, &ana, room.id).await.id, added(&town.chat, &ana, room.id).await.id);
    town.chat.show(&host, Cue::Picture(shown)).await.unwrap();
    town.chat.remove_picture(&host, other).await.unwrap();
    assert_eq!(opened(&town.chat, room.id).await.0.picture(), Some(shown));
    let before = opened(&town.chat, room.id).await.1;
    town.chat.remove_picture(&host, shown).await.unwrap();
    let (stage, now) = opened(&town.chat, room.id).await;
    assert_eq!((stage.show, now.seq), (Show::Nothing, before.seq + 2), "both in one");
    let mut ear = Ear::at(&town.chat, None, room.id, Some(before)).await;
    ear.hear_up_to(now.seq).await;
    let what: Vec<&What> = ear.events().iter().map(|event| &event.what).collect();
    assert!(matches!(what[..], [What::PictureRemoved { .. }, What::StageChanged { .. }]), "{what:?}");
    // Hanging it again does not show it again.
    town.chat.restore_picture(&host, shown).await.unwrap();
    assert_eq!(opened(&town.chat, room.id).await.0.show, Show::Nothing);
}

#[tokio::test(flavor = "multi_thread")]
async fn only_what_is_there_can_be_shown_and_only_by_hosts() {
    let town = Town::new().await;
    let (ana, bo) = (town.person("ana").await, town.person("bo").await);
    let (room, host) = hall(&town, &ana).await;
    let elsewhere = town.room("elsewhere", Visibility::Public, &ana).await;
    let foreign = added(&town.chat, &ana, elsewhere.id).await.id;
    let down = added(&town.chat, &ana, room.id).await.id;
    town.chat.remove_picture(&host, down).await.unwrap();
    for picture in [foreign, down, PictureId(0), PictureId(i64::MAX)] {
        let refused = problem(town.chat.show(&host, Cue::Picture(picture)).await);
        assert_eq!(refused, Problem::not_found(Thing::Picture));
    }
    for cue in [Cue::Play(None), Cue::Pause(Some(5))] {
        assert_eq!(problem(town.chat.show(&host, cue).await), Problem::not_found(Thing::Video));
    }
    town.chat.enter(&bo, room.id).await.unwrap();
    assert_eq!(problem(town.chat.host(Some(&bo), room.id).await), Problem::NotAllowed);
    let picture = added(&town.chat, &ana, room.id).await.id;
    town.chat.show(&host, Cue::Picture(picture)).await.unwrap();
    town.chat.archive_room(&host, true).await.unwrap();
    let host = town.chat.host(Some(&ana), room.id).await.unwrap();
    assert_eq!(problem(town.chat.show(&host, Cue::Nothing).await), Problem::NotAllowed);
    assert_eq!(opened(&town.chat, room.id).await.0.picture(), Some(picture), "it stays for those who read");
}

#[tokio::test(flavor = "multi_thread")]
async fn hosts_who_show_at_the_same_time_leave_one_stage_for_all() {
    let town = Town::new().await;
    let (ana, bo) = (town.person("ana").await, town.person("bo").await);
    let (room, host) = hall(&town, &ana).await;
    town.chat.add_member(&host, bo.person.id, Role::Host).await.unwrap();
    let mut pictures = Vec::new();
    for _ in 0..4 {
        pictures.push(added(&town.chat, &ana, room.id).await.id);
    }
    let mut follower = Ear::at(&town.chat, None, room.id, None).await;
    let shows = [&ana, &bo].map(|who| {
        let (chat, who, pictures) = (town.chat.clone(), who.clone(), pictures.clone());
        tokio::spawn(async move {
            let host = chat.host(Some(&who), room.id).await.unwrap();
            for i in 0..20 {
                chat.show(&host, Cue::Picture(pictures[i * 7 % 4])).await.unwrap();
            }
        })
    });
    for show in shows {
        show.await.unwrap();
    }
    let (stage, now) = opened(&town.chat, room.id).await;
    follower.hear_up_to(now.seq).await;
    assert_eq!(staged(&follower).last(), Some(&stage.show));
}

fn followers(ear: &Ear) -> Vec<u32> {
    let told = ear.frames.iter().filter_map(|frame| match frame {
        Frame::Followers { count, .. } => Some(*count),
        _ => None,
    });
    told.collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn hosts_learn_on_how_many_screens_it_is() {
    let town = Town::new().await;
    let (ana, bo) = (town.person("ana").await, town.person("bo").await);
    let (room, host) = hall(&town, &ana).await;
    let picture = added(&town.chat, &ana, room.id).await.id;
    let mut anas = Ear::at(&town.chat, Some(&ana), room.id, None).await;
    let mut bos = Ear::at(&town.chat, Some(&bo), room.id, None).await;
    let guest = Ear::at(&town.chat, None, room.id, None).await;
    let outside = Ear::new(&town.chat, None);
    town.chat.show(&host, Cue::Picture(picture)).await.unwrap();
    let seq = opened(&town.chat, room.id).await.1.seq;
    bos.hear_up_to(seq).await;
    for _ in 0..50 {
        for ear in [&bos, &guest, &outside] {
            town.chat.painted(&ear.outbox, room.id, seq);
        }
    }
    for wrong in [seq - 1, seq + 1, i64::MAX, i64::MIN] {
        town.chat.painted(&anas.outbox, room.id, wrong);
    }
    anas.hear_until("how many", |ear| followers(ear) == [2]).await;
    while anas.hear(Duration::from_millis(1_500)).await {}
    assert_eq!(followers(&anas), [2], "each screen once, told once, and nobody who is not there");
    while bos.hear(Duration::from_millis(1)).await {}
    assert!(followers(&bos).is_empty(), "hosts only");
}

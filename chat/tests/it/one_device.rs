//! Rooms that take each person on one device at a time.

use crate::live::Ear;
use crate::town::{PASSWORD, START, Town, problem, visit};
use chat::{Chat, Identity, Problem, Who};
use domain::live::Frame;
use domain::moderation::Policy;
use domain::person::SiteRole;
use domain::room::Visibility;
use domain::sign_in::SecondSignIn::{self, Allow, Ask, Refuse, Replace};
use domain::{RoomId, Rule};

/// Bo on two devices, and a room of ana's.
struct Stage {
    town: Town,
    room: RoomId,
    desk: Who,
    phone: Who,
}

impl Stage {
    async fn new(second: SecondSignIn) -> Self {
        let town = Town::new().await;
        let ana = town.person("ana").await;
        let desk = town.person("bo").await;
        let phone = town.chat.sign_in("bo", PASSWORD, &visit()).await.unwrap().who;
        let room = town.room("hall", Visibility::Public, &ana).await.id;
        let host = town.chat.host(Some(&ana), room).await.unwrap();
        town.chat.change_policy(&host, Policy { second, ..Policy::default() }).await.unwrap();
        Self { town, room, desk, phone }
    }

    fn chat(&self) -> &Chat {
        &self.town.chat
    }

    /// Opens the room's page; `chosen`: after the question.
    async fn opens(&self, who: &Who, chosen: bool) -> chat::Result<()> {
        let reader = self.chat().reader(Some(who), self.room).await.unwrap();
        self.chat().arrive(&reader, chosen).await
    }

    /// Its page listens.
    async fn listens(&self, who: &Who) -> chat::Result<Ear> {
        let ear = Ear::new(self.chat(), Some(who));
        let listener = self.chat().listener(Some(who), self.room).await?;
        self.chat().listen(listener, &ear.outbox, None).await?;
        Ok(ear)
    }

    fn there(&self, may_come: bool) -> Problem {
        Problem::OneDevice { room: self.room, device: "Firefox · Linux".into(), may_come }
    }
}

/// Why a page is no longer in the room.
async fn gone(ear: &mut Ear) -> Problem {
    let why = |ear: &Ear| {
        ear.frames.iter().find_map(|frame| match frame {
            Frame::Gone { problem, .. } => Some(problem.clone()),
            _ => None,
        })
    };
    ear.hear_until("the end", |ear| why(ear).is_some()).await;
    why(ear).unwrap()
}

#[tokio::test]
async fn a_room_takes_two_devices_unless_it_says_otherwise() {
    let stage = Stage::new(Allow).await;
    let _desk = stage.listens(&stage.desk).await.unwrap();
    stage.opens(&stage.phone, false).await.unwrap();
    stage.listens(&stage.phone).await.unwrap();
}

#[tokio::test]
async fn the_second_device_is_refused_until_the_first_has_left() {
    let stage = Stage::new(Refuse).await;
    let desk = stage.listens(&stage.desk).await.unwrap();
    // Another tab of the same device is the same device.
    stage.opens(&stage.desk, false).await.unwrap();
    let tab = stage.listens(&stage.desk).await.unwrap();
    for chosen in [false, true] {
        assert_eq!(problem(stage.opens(&stage.phone, chosen).await), stage.there(false));
    }
    assert_eq!(problem(stage.listens(&stage.phone).await), stage.there(false));
    drop(desk);
    assert_eq!(problem(stage.listens(&stage.phone).await), stage.there(false), "the other tab is still here");
    drop(tab);
    stage.opens(&stage.phone, false).await.unwrap();
    stage.listens(&stage.phone).await.unwrap();
}

#[tokio::test]
async fn whoever_opens_the_page_replaces_their_other_device_and_whoever_comes_back_does_not() {
    let stage = Stage::new(Replace).await;
    let mut desk = stage.listens(&stage.desk).await.unwrap();
    stage.opens(&stage.phone, false).await.unwrap();
    assert_eq!(gone(&mut desk).await, stage.there(true));
    let mut phone = stage.listens(&stage.phone).await.unwrap();
    assert_eq!(problem(stage.listens(&stage.desk).await), stage.there(true), "or the two would fight");
    assert_eq!(stage.chat().hub().count_present(stage.room), 1);
    stage.opens(&stage.desk, false).await.unwrap();
    assert_eq!(gone(&mut phone).await, stage.there(true));
}

#[tokio::test]
async fn whoever_is_asked_comes_in_by_choosing_so() {
    let stage = Stage::new(Ask).await;
    let mut desk = stage.listens(&stage.desk).await.unwrap();
    assert_eq!(problem(stage.opens(&stage.phone, false).await), stage.there(true));
    stage.opens(&stage.phone, true).await.unwrap();
    assert_eq!(gone(&mut desk).await, stage.there(true));
    stage.listens(&stage.phone).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_twenty_devices_that_listen_at_once_one_does() {
    let stage = Stage::new(Replace).await;
    let mut devices = vec![stage.desk.clone(), stage.phone.clone()];
    for _ in 2..20 {
        devices.push(stage.chat().sign_in("bo", PASSWORD, &visit()).await.unwrap().who);
    }
    let all = futures::future::join_all(devices.iter().map(|device| stage.listens(device))).await;
    assert_eq!(all.iter().filter(|listening| listening.is_ok()).count(), 1);
    assert_eq!(stage.chat().hub().count_present(stage.room), 1);
}

#[tokio::test]
async fn administrators_are_taken_off_a_room_only_where_that_is_said() {
    for replace_admins in [false, true] {
        let town = Town::asking(Identity { replace_admins, ..Identity::default() }).await;
        town.chat.add_person("root", PASSWORD, SiteRole::Admin).await.unwrap();
        let desk = town.chat.sign_in("root", PASSWORD, &visit()).await.unwrap().who;
        let phone = town.chat.sign_in("root", PASSWORD, &visit()).await.unwrap().who;
        let room = town.room("hall", Visibility::Public, &desk).await.id;
        let host = town.chat.host(Some(&desk), room).await.unwrap();
        town.chat.change_policy(&host, Policy { second: Replace, ..Policy::default() }).await.unwrap();
        let stage = Stage { town, room, desk, phone };
        let _desk = stage.listens(&stage.desk).await.unwrap();
        match replace_admins {
            true => stage.opens(&stage.phone, false).await.unwrap(),
            false => assert_eq!(problem(stage.opens(&stage.phone, true).await), stage.there(false)),
        }
    }
}

#[tokio::test]
async fn guests_are_never_counted_as_devices() {
    let stage = Stage::new(Refuse).await;
    for _ in 0..2 {
        let reader = stage.chat().reader(None, stage.room).await.unwrap();
        stage.chat().arrive(&reader, false).await.unwrap();
        Ear::at(stage.chat(), None, stage.room, None).await;
    }
}

#[tokio::test]
async fn the_policy_outlives_a_restart_and_knows_no_other_word() {
    let stage = Stage::new(Ask).await;
    let (room, phone) = (stage.room, stage.phone.clone());
    let town = stage.town.reopen().await;
    let reader = town.chat.reader(Some(&phone), room).await.unwrap();
    assert_eq!((reader.policy().second, town.chat.now()), (Ask, START));
    assert_eq!(SecondSignIn::parse("fight"), Err(Problem::invalid("second", Rule::Shape)));
}

//! 心跳检测 (F5): whoever shows no sign of life is not there any more.

use super::Six;
use crate::town::Terms;
use futures::{SinkExt, StreamExt};
use server::gate::limits::Allowance;
use std::time::{Duration, Instant};
use tokio_tungstenite::tungstenite::Message;

/// In the place of a minute.
const SILENCE: Duration = Duration::from_secs(8);
/// How often a heart beats meanwhile.
const BEAT: Duration = Duration::from_millis(200);
/// A slow machine may take its time to notice.
const PATIENCE: Duration = Duration::from_secs(60);

#[tokio::test(flavor = "multi_thread")]
async fn f5_a_minute_of_silence_ends_a_socket_and_a_heartbeat_keeps_it() {
    assert_eq!(Allowance::default().silence(), Duration::from_secs(60));
    let allowance = Allowance::default().with_silence(SILENCE);
    let six = Six::on(0, Terms { allowance, ..Terms::old() }).await;
    let beats = six.person("beats").await;
    let mut beating = six.socket(&beats, 1).await.unwrap();
    // Its library answers when it is asked whether it is there, as every browser does.
    let mut answering = six.socket(&six.person("answers").await, 1).await.unwrap();
    let (ask, mut asked) = tokio::sync::mpsc::channel::<()>(1);
    let answered = tokio::spawn(async move {
        loop {
            tokio::select! {
                _ = answering.0.next() => {}
                _ = asked.recv() => return answering,
            }
        }
    });
    // Last of all comes one that neither says nor reads anything.
    let since = Instant::now();
    let mut silent = six.socket(&six.person("silent").await, 1).await.unwrap();
    let mut words = ["ping", "heartbeat"].into_iter().cycle();
    while six.get("/home", &beats).await["data"]["rooms"][0]["num"] != 2 {
        beating.0.send(Message::text(words.next().unwrap())).await.unwrap();
        while beating.frame().await["data"] != "heartbeat ok" {}
        assert!(since.elapsed() < PATIENCE, "still there");
        tokio::time::sleep(BEAT).await;
    }
    // The others were as long in the room as that one, and longer.
    assert!(since.elapsed() >= SILENCE, "{:?}", since.elapsed());
    while silent.next().await.is_some() {}
    drop(ask);
    for socket in [&mut beating, &mut answered.await.unwrap()] {
        socket.0.send(Message::text("ping")).await.unwrap();
        while socket.frame().await["data"] != "heartbeat ok" {}
    }
}

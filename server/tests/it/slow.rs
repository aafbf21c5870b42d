//! Clients that take their time, and clients that come in crowds.

use crate::town::Town;
use domain::person::Registration;
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

async fn ended_within(stream: &mut TcpStream, limit: Duration) -> bool {
    let mut rest = Vec::new();
    tokio::time::timeout(limit, stream.read_to_end(&mut rest)).await.is_ok()
}

#[tokio::test(flavor = "multi_thread")]
async fn who_does_not_finish_the_headers_is_cut() {
    let town = Town::new().await;
    let begun = Instant::now();
    let mut silent = TcpStream::connect(town.address).await.unwrap();
    let mut dripping = TcpStream::connect(town.address).await.unwrap();
    dripping.write_all(b"GET / HTTP/1.1\r\nHost: x\r\nX-A: ").await.unwrap();
    let drip = tokio::spawn(async move {
        while dripping.write_all(b"a").await.is_ok() {
            if tokio::time::timeout(Duration::from_millis(500), dripping.readable()).await.is_ok() {
                break;
            }
        }
        begun.elapsed()
    });
    assert!(ended_within(&mut silent, Duration::from_secs(15)).await, "the one that says nothing");
    let took = drip.await.unwrap();
    assert!(took < Duration::from_secs(15), "{took:?}");
    assert!(took > Duration::from_secs(8), "{took:?}");
}

/// Many at once, headers and bodies: each is cut in its time, and honest clients do not notice.
#[tokio::test(flavor = "multi_thread")]
async fn a_crowd_of_slow_clients_costs_the_others_nothing() {
    let town = Town::with(150, Registration::Open).await;
    let begun = Instant::now();
    let headers = b"GET / HTTP/1.1\r\nHost: x\r\nX-A: ".to_vec();
    let body = format!(
        "POST /call/sign-in HTTP/1.1\r\nHost: {}\r\nSec-Fetch-Site: same-origin\r\n\
         Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 1000\r\n\r\nname=",
        town.address
    );
    let mut crowd = Vec::new();
    for first in [headers, body.into_bytes()] {
        for _ in 0..50 {
            let mut stream = TcpStream::connect(town.address).await.unwrap();
            stream.write_all(&first).await.unwrap();
            crowd.push(tokio::spawn(async move { ended_within(&mut stream, Duration::from_secs(30)).await }));
        }
    }
    let mut waits = Vec::new();
    for _ in 0..50 {
        let asked = Instant::now();
        assert_eq!(town.stranger().get("/healthz").await.status(), 200);
        waits.push(asked.elapsed());
    }
    waits.sort();
    assert!(waits[48] < Duration::from_secs(1), "{:?}", waits[48]);
    for slow in crowd {
        assert!(slow.await.unwrap(), "held for {:?}", begun.elapsed());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn one_address_has_so_many_connections() {
    let town = Town::with(3, Registration::Open).await;
    let mut held = Vec::new();
    for _ in 0..3 {
        held.push(TcpStream::connect(town.address).await.unwrap());
    }
    let mut fourth = TcpStream::connect(town.address).await.unwrap();
    assert!(ended_within(&mut fourth, Duration::from_secs(2)).await, "closed at once");
    drop(held);
    tokio::time::timeout(Duration::from_secs(5), async {
        while town.stranger().client.get(format!("{}/healthz", town.base())).send().await.is_err() {}
    })
    .await
    .expect("there is room again");
}

#[tokio::test(flavor = "multi_thread")]
async fn headers_have_an_end() {
    let town = Town::new().await;
    let long = "x".repeat(200_000);
    let answer = town.stranger().client.get(format!("{}/healthz", town.base())).header("x-long", long).send().await;
    assert!(answer.is_err() || answer.unwrap().status() == 431);
}

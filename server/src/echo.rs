//! `salon serve --echo ADDR`: sockets that send back what comes, for conformance tests only.
//!
//! They pass the same accept loop, are opened and written to as they are, and end in the same way as the live
//! socket; only the conversation is another one.

use crate::gate::shape;
use crate::live::end::End;
use crate::live::upgrade::Upgrade;
use crate::live::wire;
use axum::Router;
use axum::middleware::from_fn;
use axum::response::Response;
use axum::routing::get;
use chat::hub::Hub;
use domain::live::MAX_FRAME;
use futures::{SinkExt, StreamExt};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message;

/// Largest message at `/large`, in bytes: as much as the suite's cases about size send.
const LARGE: usize = 16 * 1024 * 1024;

/// `/` has the limits of the live socket; `/large` lifts them to 16 MiB.
pub fn router() -> Router {
    Router::new().route("/", get(plain)).route("/large", get(large)).layer(from_fn(shape::check))
}

async fn plain(upgrade: Upgrade) -> Response {
    upgrade.then(|stream, early| echo(stream, early, MAX_FRAME))
}

async fn large(upgrade: Upgrade) -> Response {
    upgrade.then(|stream, early| echo(stream, early, LARGE))
}

async fn echo(stream: TcpStream, early: Vec<u8>, max_bytes: usize) {
    let (_outbox, queue) = Hub::default().connect(None);
    let mut wire = wire::open(stream, early, &queue, max_bytes).await;
    let end = loop {
        match wire.next().await {
            Some(Ok(message @ (Message::Text(_) | Message::Binary(_)))) => {
                if wire.send(message).await.is_err() {
                    return;
                }
            }
            Some(Ok(Message::Ping(_) | Message::Pong(_) | Message::Frame(_))) => {}
            Some(Ok(Message::Close(_))) | None => break End::Lost,
            Some(Err(cause)) => break End::of_error(&cause),
        }
    };
    end.say(wire).await;
}

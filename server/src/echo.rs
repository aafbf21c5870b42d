//! `salon serve --echo ADDR`: sockets that send back what comes, for conformance tests only.
//!
//! They pass the same accept loop, open on the same terms and end in the same way as the live
//! socket; only the conversation is another one.

use crate::gate::shape;
use crate::live::end::End;
use crate::live::terms::terms;
use axum::Router;
use axum::extract::ws::{Message, WebSocket, WebSocketUpgrade};
use axum::middleware::from_fn;
use axum::response::Response;
use axum::routing::get;
use domain::live::MAX_FRAME;

/// Largest message at `/large`, in bytes: as much as the suite's cases about size send.
const LARGE: usize = 16 * 1024 * 1024;

/// `/` has the limits of the live socket; `/large` lifts them to 16 MiB.
pub fn router() -> Router {
    Router::new().route("/", get(plain)).route("/large", get(large)).layer(from_fn(shape::check))
}

async fn plain(upgrade: WebSocketUpgrade) -> Response {
    terms(upgrade, MAX_FRAME).on_upgrade(echo)
}

async fn large(upgrade: WebSocketUpgrade) -> Response {
    terms(upgrade, LARGE).on_upgrade(echo)
}

async fn echo(mut socket: WebSocket) {
    let end = loop {
        match socket.recv().await {
            Some(Ok(message @ (Message::Text(_) | Message::Binary(_)))) => {
                if socket.send(message).await.is_err() {
                    return;
                }
            }
            Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
            Some(Ok(Message::Close(_))) | None => break End::Lost,
            Some(Err(cause)) => break End::of_error(cause),
        }
    };
    end.say(socket).await;
}

//! What is sent for a while: as long as whoever gets it may have it.

use axum::body::Bytes;
use chat::{Chat, Who};
use domain::RoomId;
use futures::future::BoxFuture;
use futures::stream::{Stream, TryStreamExt};
use std::io;
use std::time::{Duration, Instant};

/// How often it is asked whether a session still is one. Rooms and roles are known to the house, and
/// asked for before each piece.
const AGAIN: Duration = Duration::from_secs(1);

/// The question whether something may still be sent.
pub type Right = Box<dyn FnMut() -> BoxFuture<'static, chat::Result<()>> + Send>;

/// For what readers of a room get.
pub fn reads(chat: &Chat, who: Option<&Who>, room: RoomId) -> Right {
    asking(chat, who, move |chat, who| Box::pin(async move { chat.reader(who.as_ref(), room).await.map(drop) }))
}

/// For what its hosts get.
pub fn runs(chat: &Chat, who: Option<&Who>, room: RoomId) -> Right {
    asking(chat, who, move |chat, who| Box::pin(async move { chat.host(who.as_ref(), room).await.map(drop) }))
}

/// For what is somebody's own: as long as they are signed in.
pub fn owns(chat: &Chat, who: &Who) -> Right {
    asking(chat, Some(who), |_, _| Box::pin(async { Ok(()) }))
}

fn asking(
    chat: &Chat,
    who: Option<&Who>,
    gate: impl Fn(Chat, Option<Who>) -> BoxFuture<'static, chat::Result<()>> + Send + 'static,
) -> Right {
    let (chat, who, mut asked) = (chat.clone(), who.cloned(), Instant::now());
    Box::new(move || {
        let gate = gate(chat.clone(), who.clone());
        let (chat, who) = (chat.clone(), who.clone().filter(|_| asked.elapsed() >= AGAIN));
        if who.is_some() {
            asked = Instant::now();
        }
        Box::pin(async move {
            if let Some(who) = who {
                chat.check_session(&who).await?;
            }
            gate.await
        })
    })
}

/// These pieces for as long as there is a right to them. Then the body breaks off, short of its end,
/// so that nobody takes what came for the whole.
pub fn while_allowed<E>(
    mut right: Right,
    pieces: impl Stream<Item = Result<Bytes, E>> + Send + 'static,
) -> impl Stream<Item = io::Result<Bytes>> + Send + 'static
where
    E: Into<Box<dyn std::error::Error + Send + Sync>> + 'static,
{
    pieces.map_err(io::Error::other).and_then(move |piece| {
        let allowed = right();
        async move { allowed.await.map(|()| piece).map_err(io::Error::other) }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::Problem;
    use futures::{StreamExt, stream};

    #[tokio::test]
    async fn what_is_sent_ends_with_the_right_to_it() {
        let mut left = 2;
        let right: Right = Box::new(move || {
            left -= 1;
            Box::pin(async move { if left < 0 { Err(Problem::Shut.into()) } else { Ok(()) } })
        });
        let pieces = stream::iter((0..5).map(|n| Ok::<_, io::Error>(Bytes::from(vec![n]))));
        let sent: Vec<_> = while_allowed(right, pieces).take(3).collect().await;
        let sent: Vec<_> = sent.into_iter().map(|piece| piece.map(|bytes| bytes[0]).map_err(|_| ())).collect();
        assert_eq!(sent, [Ok(0), Ok(1), Err(())]);
    }
}

//! The connection under a WebSocket. The house writes to it directly, from the task that has
//! something to say (`chat::hub::Pipe`); what the WebSocket library writes (pongs, the
//! farewell) goes the same way, so that no frame ends up within another.

use axum::body::Bytes;
use chat::hub::{OutboxReader, Pipe, Way};
use std::io::{self, IoSlice};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::protocol::{Role, WebSocketConfig};

/// A socket as this server holds it.
pub type Wire = WebSocketStream<Connection>;

/// Buffers of one socket: what is read is commands, so small; what the library itself
/// writes is smaller still.
pub fn config(max_bytes: usize) -> WebSocketConfig {
    WebSocketConfig::default()
        .read_buffer_size(512)
        .write_buffer_size(0)
        .max_write_buffer_size(max_bytes + 1024)
        .max_message_size(Some(max_bytes))
        .max_frame_size(Some(max_bytes))
}

/// Makes a connection the socket of an outbox. `early` came together with the handshake.
pub async fn open(stream: TcpStream, early: Vec<u8>, queue: &OutboxReader, max_bytes: usize) -> Wire {
    let stream = Arc::new(Direct(stream));
    let way = queue.attach(stream.clone());
    let connection = Connection { stream, way };
    WebSocketStream::from_partially_read(connection, early, Role::Server, Some(config(max_bytes))).await
}

/// The house's way out.
struct Direct(TcpStream);

impl Pipe for Direct {
    fn try_write(&self, bytes: &[IoSlice<'_>]) -> io::Result<usize> {
        match bytes {
            [one] => self.0.try_write(one),
            many => self.0.try_write_vectored(many),
        }
    }
}

/// The library's view of the connection.
pub struct Connection {
    stream: Arc<Direct>,
    way: Way,
}

impl AsyncRead for Connection {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        loop {
            ready!(self.stream.0.poll_read_ready(cx))?;
            match self.stream.0.try_read(buf.initialize_unfilled()) {
                Ok(read) => {
                    buf.advance(read);
                    return Poll::Ready(Ok(()));
                }
                Err(cause) if cause.kind() == io::ErrorKind::WouldBlock => {}
                Err(cause) => return Poll::Ready(Err(cause)),
            }
        }
    }
}

impl AsyncWrite for Connection {
    /// Takes everything: it waits with the rest until it can be written.
    fn poll_write(self: Pin<&mut Self>, _: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        self.way.put(Bytes::copy_from_slice(bytes));
        Poll::Ready(Ok(bytes.len()))
    }

    /// Done when nothing waits any more, whoever put it in.
    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        while !self.way.write()? {
            ready!(self.stream.0.poll_write_ready(cx))?;
        }
        Poll::Ready(Ok(()))
    }

    /// The connection closes when it is dropped.
    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.poll_flush(cx)
    }
}

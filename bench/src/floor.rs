//! The floor: what the same work costs with nothing around it. Whatever one WebSocket says,
//! all hear, in as few writes as possible; any other request gets so many bytes as it asks for.

use crate::load::frame;
use crate::{Done, rows};
use bytes::{Bytes, BytesMut};
use sea_orm::{ConnectionTrait, DatabaseConnection};
use std::net::SocketAddr;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;

/// Most messages that share one write.
const GROUP: usize = 256;

struct Listener {
    stream: TcpStream,
    /// What the other end had no room for yet.
    rest: Mutex<BytesMut>,
}

type Crowd = Arc<Mutex<Vec<Arc<Listener>>>>;

/// With `keep`, what was said is in that store, as in Salon's, before anybody hears it.
pub async fn serve(address: SocketAddr, keep: Option<&Path>) -> Done {
    let store = match keep {
        Some(file) => Some(rows::open(file).await?),
        None => None,
    };
    let listener = TcpListener::bind(address).await?;
    println!("The floor listens on {address}");
    let crowd = Crowd::default();
    let (said, messages) = mpsc::unbounded_channel();
    tokio::spawn(tell(crowd.clone(), messages, store));
    loop {
        let (stream, _) = listener.accept().await?;
        stream.set_nodelay(true)?;
        let (crowd, said) = (crowd.clone(), said.clone());
        tokio::spawn(async move {
            let _ = connection(stream, crowd, said).await;
        });
    }
}

/// All that was said meanwhile goes to everybody in one write.
async fn tell(crowd: Crowd, mut messages: mpsc::UnboundedReceiver<Bytes>, store: Option<DatabaseConnection>) {
    let (mut group, mut kept) = (Vec::with_capacity(GROUP), 0);
    while messages.recv_many(&mut group, GROUP).await > 0 {
        if let Some(store) = &store {
            if store.execute_unprepared(&rows::statement(kept, group.len())).await.is_err() {
                return;
            }
            kept += group.len();
        }
        let mut bytes = BytesMut::new();
        for message in group.drain(..) {
            bytes.extend_from_slice(&message);
        }
        let listeners = crowd.lock().unwrap_or_else(PoisonError::into_inner).clone();
        for listener in listeners {
            write(&listener, &bytes);
        }
        // Others may read now.
        tokio::task::yield_now().await;
    }
}

fn write(listener: &Arc<Listener>, bytes: &[u8]) {
    let mut rest = listener.rest.lock().unwrap_or_else(PoisonError::into_inner);
    if !rest.is_empty() {
        return rest.extend_from_slice(bytes);
    }
    let written = listener.stream.try_write(bytes).unwrap_or_default();
    if written < bytes.len() {
        rest.extend_from_slice(&bytes[written..]);
        let listener = listener.clone();
        tokio::spawn(async move { write_rest(&listener).await });
    }
}

async fn write_rest(listener: &Listener) {
    while listener.stream.writable().await.is_ok() {
        let mut rest = listener.rest.lock().unwrap_or_else(PoisonError::into_inner);
        if let Ok(written) = listener.stream.try_write(&rest) {
            let _ = rest.split_to(written);
        }
        if rest.is_empty() {
            return;
        }
    }
}

async fn connection(stream: TcpStream, crowd: Crowd, said: mpsc::UnboundedSender<Bytes>) -> Done {
    let listener = Arc::new(Listener { stream, rest: Mutex::default() });
    let mut buffer = BytesMut::with_capacity(1024);
    let mut is_socket = false;
    loop {
        while is_socket && heard(&mut buffer, &said)? {}
        if !is_socket && let Some(end) = find(&buffer, b"\r\n\r\n") {
            let head = buffer.split_to(end + 4);
            is_socket = answer(&listener, &head, &crowd).await?;
            continue;
        }
        listener.stream.readable().await?;
        match listener.stream.try_read_buf(&mut buffer) {
            Ok(0) => break,
            Ok(_) => {}
            Err(cause) if cause.kind() == std::io::ErrorKind::WouldBlock => {}
            Err(cause) => return Err(cause.into()),
        }
    }
    crowd.lock().unwrap_or_else(PoisonError::into_inner).retain(|other| !Arc::ptr_eq(other, &listener));
    Ok(())
}

/// Answers a request; whether it was an upgrade.
async fn answer(listener: &Arc<Listener>, head: &[u8], crowd: &Crowd) -> Done<bool> {
    let text = std::str::from_utf8(head)?;
    let key = text.lines().find_map(|line| line.strip_prefix("Sec-WebSocket-Key: "));
    let Some(key) = key else {
        let size: usize = text.split("bytes=").nth(1).and_then(|t| t.split(' ').next()?.parse().ok()).unwrap_or(0);
        let mut reply = format!("HTTP/1.1 200 OK\r\nContent-Length: {size}\r\n\r\n").into_bytes();
        reply.resize(reply.len() + size, b'x');
        write(listener, &reply);
        return Ok(false);
    };
    let accept = tokio_tungstenite::tungstenite::handshake::derive_accept_key(key.as_bytes());
    let reply = format!(
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: {accept}\r\n\r\n"
    );
    write(listener, reply.as_bytes());
    crowd.lock().unwrap_or_else(PoisonError::into_inner).push(listener.clone());
    Ok(true)
}

/// Takes one frame off the buffer and passes it on; `false` if there is none.
fn heard(buffer: &mut BytesMut, said: &mpsc::UnboundedSender<Bytes>) -> Done<bool> {
    let Some(frame) = frame::take(buffer)? else { return Ok(false) };
    if frame.opcode == frame::TEXT {
        said.send(frame::text(&frame.payload).freeze())?;
    }
    Ok(true)
}

fn find(bytes: &[u8], what: &[u8]) -> Option<usize> {
    bytes.windows(what.len()).position(|window| window == what)
}

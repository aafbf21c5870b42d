//! The floor: what the same work costs with nothing around it. What one WebSocket says to a room, all hear
//! that entered it, in as few writes as possible; any other request gets so many bytes as it asks for.

use crate::load::frame;
use crate::{Done, rows};
use bytes::{Bytes, BytesMut};
use sea_orm::{ConnectionTrait, DatabaseConnection};
use std::collections::HashMap;
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

/// Who listens, by room.
type Crowd = Arc<Mutex<HashMap<usize, Vec<Arc<Listener>>>>>;

/// What is said, and in which room.
type Said = (usize, Bytes);

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
async fn tell(crowd: Crowd, mut messages: mpsc::UnboundedReceiver<Said>, store: Option<DatabaseConnection>) {
    let (mut group, mut kept) = (Vec::with_capacity(GROUP), 0);
    while messages.recv_many(&mut group, GROUP).await > 0 {
        if let Some(store) = &store {
            let rooms = group.iter().map(|(room, _)| *room);
            if store.execute_unprepared(&rows::statement(kept, rooms)).await.is_err() {
                return;
            }
            kept += group.len();
        }
        let mut rooms: HashMap<usize, BytesMut> = HashMap::new();
        for (room, message) in group.drain(..) {
            rooms.entry(room).or_default().extend_from_slice(&message);
        }
        for (room, bytes) in rooms {
            let listeners = lock(&crowd).get(&room).cloned().unwrap_or_default();
            for listener in listeners {
                write(&listener, &bytes);
            }
        }
        // Others may read now.
        tokio::task::yield_now().await;
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn write(listener: &Arc<Listener>, bytes: &[u8]) {
    let mut rest = lock(&listener.rest);
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
        let mut rest = lock(&listener.rest);
        if let Ok(written) = listener.stream.try_write(&rest) {
            let _ = rest.split_to(written);
        }
        if rest.is_empty() {
            return;
        }
    }
}

async fn connection(stream: TcpStream, crowd: Crowd, said: mpsc::UnboundedSender<Said>) -> Done {
    let listener = Arc::new(Listener { stream, rest: Mutex::default() });
    let mut buffer = BytesMut::with_capacity(1024);
    let mut is_socket = false;
    loop {
        while is_socket && heard(&mut buffer, &listener, &crowd, &said)? {}
        if !is_socket && let Some(end) = find(&buffer, b"\r\n\r\n") {
            let head = buffer.split_to(end + 4);
            is_socket = answer(&listener, &head)?;
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
    lock(&crowd).values_mut().for_each(|room| room.retain(|other| !Arc::ptr_eq(other, &listener)));
    Ok(())
}

/// Answers a request; whether it was an upgrade.
fn answer(listener: &Arc<Listener>, head: &[u8]) -> Done<bool> {
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
    Ok(true)
}

/// Takes one frame off the buffer: somebody enters a room, or says something there; `false` if there is none.
fn heard(
    buffer: &mut BytesMut,
    listener: &Arc<Listener>,
    crowd: &Crowd,
    said: &mpsc::UnboundedSender<Said>,
) -> Done<bool> {
    let Some(frame) = frame::take(buffer)? else { return Ok(false) };
    if frame.opcode != frame::TEXT {
        return Ok(true);
    }
    if frame.payload.starts_with(b"{\"event\"") {
        said.send((room_of(&frame.payload)?, frame::text(&frame.payload).freeze()))?;
    } else if frame.payload.starts_with(b"{\"enter\"") {
        lock(crowd).entry(room_of(&frame.payload)?).or_default().push(listener.clone());
        write(listener, &frame::text(b"{\"entered\":{}}"));
    }
    Ok(true)
}

/// The number after `"room":`.
fn room_of(frame: &[u8]) -> Done<usize> {
    let mark = b"\"room\":";
    let from = find(frame, mark).ok_or("no room")? + mark.len();
    let digits = frame.iter().skip(from).take_while(|byte| byte.is_ascii_digit());
    Ok(digits.fold(0, |number, digit| number * 10 + usize::from(digit - b'0')))
}

fn find(bytes: &[u8], what: &[u8]) -> Option<usize> {
    bytes.windows(what.len()).position(|window| window == what)
}

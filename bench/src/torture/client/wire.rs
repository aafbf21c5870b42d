//! One socket that speaks the live protocol.

use crate::Done;
use domain::live::{Command, Frame, VERSION};
use futures::{SinkExt, StreamExt};
use std::net::SocketAddr;
use std::time::Duration;
use tokio::net::{TcpSocket, TcpStream};
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::http::HeaderValue;
use tokio_tungstenite::tungstenite::http::header::{COOKIE, ORIGIN};
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::{WebSocketStream, client_async_with_config};

/// How long connecting and the greeting may take together.
const OPENING_TIME: Duration = Duration::from_secs(10);

/// How to get there.
#[derive(Clone)]
pub struct Route {
    /// The address that is connected to: Salon's, or a proxy's.
    pub via: SocketAddr,
    /// The address that Salon knows itself by.
    pub site: SocketAddr,
    /// `None`: a guest.
    pub cookie: Option<String>,
    /// Bytes that the system keeps for a reader who does not read; `None`: as usual.
    pub receive_buffer: Option<u32>,
}

impl Route {
    pub fn straight(site: SocketAddr, cookie: &str) -> Self {
        Self { via: site, site, cookie: Some(cookie.to_owned()), receive_buffer: None }
    }
}

pub struct Wire(WebSocketStream<TcpStream>);

pub enum Heard {
    Frame(Box<Frame>),
    /// With a code and its reason.
    Closed(u16, String),
    /// Without one.
    Lost,
}

impl Wire {
    /// Connects and is welcomed.
    pub async fn open(route: &Route) -> Done<Self> {
        match tokio::time::timeout(OPENING_TIME, Self::greet(route)).await {
            Ok(opened) => opened,
            Err(_) => Err("no welcome in time".to_owned()),
        }
    }

    async fn greet(route: &Route) -> Done<Self> {
        let mut wire = Self::connect(route).await?;
        wire.send(&Command::Hello { version: VERSION }).await?;
        match wire.next().await {
            Heard::Frame(frame) if matches!(*frame, Frame::Welcome { .. }) => Ok(wire),
            Heard::Frame(_) => Err("no welcome".to_owned()),
            Heard::Closed(code, _) => Err(format!("closed {code}")),
            Heard::Lost => Err("lost".to_owned()),
        }
    }

    async fn connect(route: &Route) -> Done<Self> {
        let socket = TcpSocket::new_v4().map_err(|e| e.to_string())?;
        if let Some(bytes) = route.receive_buffer {
            socket.set_recv_buffer_size(bytes).map_err(|e| e.to_string())?;
        }
        let stream = socket.connect(route.via).await.map_err(|e| e.to_string())?;
        let _ = stream.set_nodelay(true);
        let mut request =
            format!("ws://{}/api/v1/live", route.site).into_client_request().map_err(|e| e.to_string())?;
        let headers = request.headers_mut();
        let value = |text: String| HeaderValue::from_str(&text).map_err(|e| e.to_string());
        headers.insert(ORIGIN, value(format!("http://{}", route.site))?);
        if let Some(cookie) = &route.cookie {
            headers.insert(COOKIE, value(cookie.clone())?);
        }
        let config = WebSocketConfig::default().read_buffer_size(8 * 1024).write_buffer_size(0);
        let opened = client_async_with_config(request, stream, Some(config)).await;
        opened.map(|(socket, _)| Self(socket)).map_err(|e| e.to_string())
    }

    pub async fn send(&mut self, command: &Command) -> Done {
        let text = serde_json::to_string(command).map_err(|e| e.to_string())?;
        self.0.send(Message::text(text)).await.map_err(|e| e.to_string())
    }

    /// The next frame, or how it ended. May be dropped while waiting without losing anything.
    pub async fn next(&mut self) -> Heard {
        loop {
            match self.0.next().await {
                Some(Ok(Message::Text(text))) => match serde_json::from_str(&text) {
                    Ok(frame) => return Heard::Frame(Box::new(frame)),
                    Err(_) => return Heard::Lost,
                },
                Some(Ok(Message::Close(Some(frame)))) => {
                    return Heard::Closed(frame.code.into(), frame.reason.to_string());
                }
                Some(Ok(Message::Close(None)) | Err(_)) | None => return Heard::Lost,
                Some(Ok(_)) => {}
            }
        }
    }

    /// The next frame that `wanted` takes something from, within `limit`.
    pub async fn hears<T>(&mut self, limit: Duration, mut wanted: impl FnMut(Frame) -> Option<T>) -> Done<T> {
        let search = async {
            loop {
                match self.next().await {
                    Heard::Frame(frame) => {
                        if let Some(found) = wanted(*frame) {
                            return Ok(found);
                        }
                    }
                    Heard::Closed(code, _) => return Err(format!("closed {code}")),
                    Heard::Lost => return Err("lost".to_owned()),
                }
            }
        };
        tokio::time::timeout(limit, search).await.unwrap_or_else(|_| Err("no such frame in time".to_owned()))
    }
}

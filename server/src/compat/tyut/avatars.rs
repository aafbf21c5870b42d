//! `GET /uploads/avatar/<username>.png`, the path that every frame carries. Clients show it without
//! saying who asks, so most get a pattern made from the name; whoever shows a token gets the
//! person's own picture, as on our pages.

use super::caller::asks;
use crate::compat::base::Named;
use crate::house::House;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, HeaderValue};
use axum::response::{IntoResponse, Response};
use sha2::{Digest, Sha256};

/// Fields each way, and pixels of a field.
const FIELDS: u32 = 5;
const FIELD: u32 = 24;
const PAPER: [u8; 3] = [0xF2, 0xF2, 0xF0];

pub async fn show(State(house): State<House>, Named(file): Named<String>, request: Request) -> Response {
    let Some(name) = file.strip_suffix(".png").filter(|name| !name.is_empty()) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let (parts, _) = request.into_parts();
    if let Ok(caller) = asks(&house, &parts.headers).await
        && let Ok(Some(person)) = house.chat.local_person_called(name).await
        && let Ok(Some((bytes, kind))) = house.chat.portrait(&caller.who, person.id).await
    {
        let kind = if kind == "image/png" { "image/png" } else { "image/jpeg" };
        return picture(bytes, kind, "private, no-cache");
    }
    picture(pattern(name), "image/png", "public, max-age=86400")
}

fn picture(bytes: Vec<u8>, kind: &'static str, keep: &'static str) -> Response {
    let mut response = Response::new(Body::from(bytes));
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static(keep));
    response
}

/// The same for the same name: fields of one colour, alike on both sides.
fn pattern(name: &str) -> Vec<u8> {
    let hash = Sha256::digest(name.as_bytes());
    let byte = |at: u32| hash.get(at as usize).copied().unwrap_or_default();
    // Dark enough to be seen.
    let ink = [0, 1, 2].map(|at| byte(at) / 2 + 40);
    let side = FIELDS * FIELD;
    let mut rows = Vec::new();
    for y in 0..side {
        // Each row says first that it is as it stands.
        rows.push(0);
        rows.extend((0..side).map(|x| {
            let column = (x / FIELD).min(FIELDS - 1 - x / FIELD);
            byte(3 + column * FIELDS + y / FIELD) % 2
        }));
    }
    png(side, &[PAPER, ink].concat(), &rows)
}

/// A square of colours by their numbers, not compressed (PNG, third edition, §5; RFC 1950; RFC 1951
/// §3.2.4). Pictures that somebody sent are read and written by the house alone.
fn png(side: u32, colours: &[u8], rows: &[u8]) -> Vec<u8> {
    let mut head = [side.to_be_bytes(), side.to_be_bytes()].concat();
    head.extend([8, 3, 0, 0, 0]);
    let length = u16::try_from(rows.len()).unwrap_or(u16::MAX);
    let mut data = vec![0x78, 0x01, 1];
    data.extend(length.to_le_bytes());
    data.extend((!length).to_le_bytes());
    data.extend(rows);
    data.extend(adler(rows).to_be_bytes());
    let mut png = b"\x89PNG\r\n\x1a\n".to_vec();
    for (kind, body) in [(b"IHDR", head), (b"PLTE", colours.to_vec()), (b"IDAT", data), (b"IEND", Vec::new())] {
        let named = [kind.as_slice(), &body].concat();
        png.extend(u32::try_from(body.len()).unwrap_or_default().to_be_bytes());
        png.extend(&named);
        png.extend(crc(&named).to_be_bytes());
    }
    png
}

fn crc(bytes: &[u8]) -> u32 {
    let step = |crc: u32, _| if crc & 1 == 1 { (crc >> 1) ^ 0xEDB8_8320 } else { crc >> 1 };
    !bytes.iter().fold(u32::MAX, |crc, byte| (0..8).fold(crc ^ u32::from(*byte), step))
}

fn adler(bytes: &[u8]) -> u32 {
    let (a, b) = bytes.iter().fold((1, 0), |(a, b), byte| {
        let a = (a + u32::from(*byte)) % 65_521;
        (a, (a + b) % 65_521)
    });
    (b << 16) | a
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everybody_has_a_pattern_of_their_own() {
        let one = pattern("测试用户");
        assert!(one.starts_with(b"\x89PNG") && one.len() < 16_000);
        assert_eq!(pattern("测试用户"), one);
        assert_ne!(pattern("adminUser"), one);
        // Known values: the end of every PNG, and the usual example of Adler-32.
        assert_eq!((crc(b"IEND"), adler(b"Wikipedia")), (0xAE42_6082, 0x11E6_0398));
    }
}

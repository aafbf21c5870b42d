//! QR codes as drawings: dark squares on a light ground, with the margin that readers need.

use crate::answer::Refusal;
use crate::house::House;
use axum::extract::{Path, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use domain::{Problem, Thing};
use qrcodegen::{QrCode, QrCodeEcc};
use std::fmt::Write;

/// Longest token of a link.
const TOKEN: usize = 64;

/// Light squares around the code.
const MARGIN: i32 = 4;

/// `/join/{token}/code.svg`: the link of an invitation, for the cameras of phones. Whoever asks for it
/// has the token, so it tells nothing, not even whether there is such an invitation.
///
/// # Errors
/// [`Problem::NotFound`] for what is no token.
pub async fn invitation(State(house): State<House>, Path(token): Path<String>) -> Result<Response, Refusal> {
    let fits = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_');
    let is_token = token.len() <= TOKEN && token.bytes().all(fits);
    let drawing = is_token.then(|| svg(&format!("{}/join/{token}", house.origin), "")).flatten();
    let drawing = drawing.ok_or(Refusal(Problem::not_found(Thing::Page)))?;
    Ok(([(CONTENT_TYPE, "image/svg+xml"), (CACHE_CONTROL, "no-store")], drawing).into_response())
}

/// `None` for a text that no code can hold.
pub fn svg(text: &str, label: &str) -> Option<String> {
    let code = QrCode::encode_text(text, QrCodeEcc::Medium).ok()?;
    let side = code.size() + 2 * MARGIN;
    let mut path = String::new();
    for y in 0..code.size() {
        for x in (0..code.size()).filter(|x| code.get_module(*x, y)) {
            // Writing to a string cannot fail.
            let _ = write!(path, "M{} {}h1v1h-1z", x + MARGIN, y + MARGIN);
        }
    }
    Some(format!(
        "<svg class=\"kiosk-code\" xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {side} {side}\" role=\"img\" aria-label=\"{label}\" \
         shape-rendering=\"crispEdges\"><rect width=\"{side}\" height=\"{side}\" fill=\"#fff\"/>\
         <path fill=\"#000\" d=\"{path}\"/></svg>"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_square_and_has_its_corners() {
        let drawing = svg("https://salon.example/r/hall", "x").unwrap();
        // Version 3 has 29 squares a side; each of the three corners begins with seven in a row.
        assert!(drawing.contains("viewBox=\"0 0 37 37\""), "{drawing:.100}");
        let row = |x: i32, y: i32| (x..x + 7).all(|x| drawing.contains(&format!("M{x} {y}h1")));
        assert!(row(4, 4) && row(26, 4) && row(4, 26) && !row(26, 26));
        assert_eq!(svg(&"x".repeat(3_000), "x"), None);
    }
}

//! A QR code as a drawing: dark squares on a light ground, with the margin that readers need.

use qrcodegen::{QrCode, QrCodeEcc};
use std::fmt::Write;

/// Light squares around the code.
const MARGIN: i32 = 4;

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
        "<svg class=\"kiosk-code\" viewBox=\"0 0 {side} {side}\" role=\"img\" aria-label=\"{label}\" \
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

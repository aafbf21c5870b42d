//! The old protocols: each documented exchange as a file, replayed, and what no file can show.

mod doors;
mod ginchat;
mod gindemo;
mod haste;
mod lengths;
mod mounts;
mod one_world;
mod opening;
mod ports;
mod proxy;
mod same_rules;
mod simple;
mod sockets;
mod transcript;
mod tyut;
mod webim;

pub use transcript::{png, replay};

/// A picture that cannot be made smaller, of about three bytes for each of its points.
pub fn noise(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = vec![0; 3 * width as usize * height as usize];
    rand::fill(&mut bytes[..]);
    let mut png = std::io::Cursor::new(Vec::new());
    let image = image::RgbImage::from_raw(width, height, bytes).unwrap();
    image.write_to(&mut png, image::ImageFormat::Png).unwrap();
    png.into_inner()
}

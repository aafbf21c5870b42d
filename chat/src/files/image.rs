//! What is a picture, and what we keep of it: pixels, upright, in a few sizes. Everything is
//! encoded anew, so nothing else that a file may carry (place, camera, scripts) survives.

use super::digest::{Sum, digest};
use super::gif;
use domain::picture::{MAX_PIXELS, Size, WIDTHS};
use domain::problem::PictureFault;
use image::codecs::jpeg::JpegEncoder;
use image::codecs::png::PngEncoder;
use image::imageops::FilterType;
use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder, ImageError, ImageFormat, ImageReader, Limits};
use std::io::Cursor;

/// Longest side taken, in pixels: what browsers can still draw.
const MAX_SIDE: u32 = 32_767;
/// Memory that a decoder may use for one picture, in bytes.
const MAX_ALLOC: u64 = 256 * 1024 * 1024;
const QUALITY: u8 = 82;
const FULL_QUALITY: u8 = 90;

/// A picture as it is kept.
pub(super) struct Prepared {
    pub width: u32,
    pub height: u32,
    pub full: Vec<u8>,
    /// By longest side; none that is as large as the picture itself, but for what moves.
    pub sizes: Vec<(u32, Vec<u8>)>,
    /// Its main colour, as [`domain::picture::Picture::tint`].
    pub tint: String,
    /// Whether `full` is an animation.
    pub moves: bool,
}

impl Prepared {
    /// Of everything that will be stored.
    pub(super) fn digest(&self) -> String {
        let smaller = self.sizes.iter().map(|(side, bytes)| (Size::Side(*side), Sum::of(bytes)));
        digest(smaller.chain([(Size::Full, Sum::of(&self.full))]).collect())
    }
}

/// Checks a file by its content alone and makes all sizes of it. Of an animation it takes
/// the first picture.
pub(super) fn prepare(bytes: &[u8]) -> Result<Prepared, PictureFault> {
    let format = sniff(bytes)?;
    let picture = flatten(decode(bytes, format)?);
    // What came without loss stays without loss.
    let is_exact = matches!(format, ImageFormat::Png | ImageFormat::Gif) || picture.color().has_alpha();
    let full = if is_exact { png(&picture) } else { jpeg(&picture, FULL_QUALITY) }?;
    let (sizes, tint) = sizes(&picture)?;
    Ok(Prepared { width: picture.width(), height: picture.height(), full, sizes, tint, moves: false })
}

/// The same for what is said: an animation stays one, and has a size that stands still.
pub(super) fn prepare_sent(bytes: &[u8]) -> Result<Prepared, PictureFault> {
    let still = prepare(bytes)?;
    let Some(full) = gif::animation(bytes).filter(|_| sniff(bytes) == Ok(ImageFormat::Gif)) else { return Ok(still) };
    let sizes = if still.sizes.is_empty() { vec![(WIDTHS[0], still.full)] } else { still.sizes };
    Ok(Prepared { full, sizes, moves: true, ..still })
}

/// Side of a person's picture, in pixels.
const PORTRAIT: u32 = 256;

/// The middle of a picture, square and small.
pub(super) fn portrait(bytes: &[u8]) -> Result<Vec<u8>, PictureFault> {
    let picture = flatten(decode(bytes, sniff(bytes)?)?);
    let square = picture.resize_to_fill(PORTRAIT, PORTRAIT, FilterType::Triangle);
    if square.color().has_alpha() { png(&square) } else { jpeg(&square, QUALITY) }
}

type Sizes = Vec<(u32, Vec<u8>)>;

/// All smaller sizes; and the main colour, which is counted in the smallest.
fn sizes(picture: &DynamicImage) -> Result<(Sizes, String), PictureFault> {
    let longest = picture.width().max(picture.height());
    let mut sizes = Vec::new();
    // From large to small: each is made from the one before, which is much less work.
    let mut last = None;
    for side in WIDTHS.into_iter().rev().filter(|side| *side < longest) {
        let smaller = last.as_ref().unwrap_or(picture).resize(side, side, FilterType::Triangle);
        let bytes = if smaller.color().has_alpha() { png(&smaller) } else { jpeg(&smaller, QUALITY) }?;
        sizes.push((side, bytes));
        last = Some(smaller);
    }
    Ok((sizes, tint(last.as_ref().unwrap_or(picture))))
}

/// The colour that most pixels nearly have. What is not all opaque has none: it would lie beneath.
fn tint(picture: &DynamicImage) -> String {
    let Some(pixels) = picture.as_rgb8() else { return String::new() };
    let mut counts = [0u32; 512];
    for pixel in pixels.pixels() {
        let [red, green, blue] = pixel.0.map(|level| usize::from(level >> 5));
        counts[red << 6 | green << 3 | blue] += 1;
    }
    let main = (0..counts.len()).max_by_key(|colour| counts[*colour]).unwrap_or_default();
    format!("r{}g{}b{}", main >> 6, main >> 3 & 7, main & 7)
}

/// Whether a file begins like a picture of a kind that is taken.
pub(super) fn is_picture(head: &[u8]) -> bool {
    let kind = image::guess_format(head);
    matches!(kind, Ok(ImageFormat::Png | ImageFormat::Jpeg | ImageFormat::Gif | ImageFormat::WebP))
}

fn sniff(bytes: &[u8]) -> Result<ImageFormat, PictureFault> {
    if bytes.is_empty() {
        return Err(PictureFault::Empty);
    }
    match image::guess_format(bytes) {
        Ok(format @ (ImageFormat::Png | ImageFormat::Jpeg | ImageFormat::Gif | ImageFormat::WebP)) => Ok(format),
        _ if is_heic(bytes) => Err(PictureFault::Heic),
        _ if is_svg(bytes) => Err(PictureFault::Svg),
        _ => Err(PictureFault::NotAPicture),
    }
}

/// An ISO media file of one of the HEIF kinds.
fn is_heic(bytes: &[u8]) -> bool {
    let brands: [&[u8]; 8] = [b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"];
    bytes.get(4..8) == Some(b"ftyp") && bytes.get(8..12).is_some_and(|brand| brands.contains(&brand))
}

fn is_svg(bytes: &[u8]) -> bool {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes).trim_ascii_start();
    let begins = |word: &[u8]| bytes.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word));
    begins(b"<svg") || begins(b"<?xml") || begins(b"<!doctype svg")
}

fn decode(bytes: &[u8], format: ImageFormat) -> Result<DynamicImage, PictureFault> {
    let mut limits = Limits::default();
    limits.max_alloc = Some(MAX_ALLOC);
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(fault)?;
    // From the header alone, before anything is allocated for pixels.
    let (width, height) = decoder.dimensions();
    if width > MAX_SIDE || height > MAX_SIDE || u64::from(width) * u64::from(height) > MAX_PIXELS {
        return Err(PictureFault::TooManyPixels);
    }
    if width == 0 || height == 0 || format == ImageFormat::Jpeg && !is_whole_jpeg(bytes) {
        return Err(PictureFault::Damaged);
    }
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let mut picture = DynamicImage::from_decoder(decoder).map_err(fault)?;
    picture.apply_orientation(orientation);
    Ok(picture)
}

fn fault(cause: ImageError) -> PictureFault {
    match cause {
        ImageError::Limits(_) => PictureFault::TooManyPixels,
        ImageError::Unsupported(_) => PictureFault::NotAPicture,
        _ => PictureFault::Damaged,
    }
}

/// Eight bits per channel, and transparency only where something is transparent: most
/// screenshots have the channel without using it.
fn flatten(picture: DynamicImage) -> DynamicImage {
    if !picture.color().has_alpha() {
        return DynamicImage::ImageRgb8(picture.into_rgb8());
    }
    let rgba = picture.into_rgba8();
    if rgba.pixels().all(|pixel| pixel.0[3] == u8::MAX) {
        return DynamicImage::ImageRgb8(DynamicImage::ImageRgba8(rgba).into_rgb8());
    }
    DynamicImage::ImageRgba8(rgba)
}

fn png(picture: &DynamicImage) -> Result<Vec<u8>, PictureFault> {
    let mut bytes = Vec::new();
    picture.write_with_encoder(PngEncoder::new(&mut bytes)).map_err(fault)?;
    Ok(bytes)
}

fn jpeg(picture: &DynamicImage, quality: u8) -> Result<Vec<u8>, PictureFault> {
    let mut bytes = Vec::new();
    picture.write_with_encoder(JpegEncoder::new_with_quality(&mut bytes, quality)).map_err(fault)?;
    Ok(bytes)
}

/// Whether a JPEG file reaches its end marker: the decoder would fill what is missing with
/// grey and be content. An end marker in an embedded preview does not count, since segments
/// are passed over by their length.
fn is_whole_jpeg(bytes: &[u8]) -> bool {
    let mut at = 2;
    while let Some(found) = bytes.get(at..).and_then(|rest| rest.iter().position(|b| *b == 0xFF)) {
        at += found + 1;
        match bytes.get(at) {
            Some(0xD9) => return true,
            // Padding, an escaped data byte, a restart marker: no segment follows.
            Some(0xFF) => {}
            Some(0x00 | 0x01 | 0xD0..=0xD8) => at += 1,
            Some(_) => match bytes.get(at + 1..at + 3) {
                Some(&[high, low]) => at += 1 + usize::from(u16::from_be_bytes([high, low])).max(2),
                _ => return false,
            },
            None => return false,
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::{Rgb, RgbImage, Rgba, RgbaImage};

    fn tint_of(picture: DynamicImage) -> String {
        prepare(&png(&picture).unwrap()).unwrap().tint
    }

    #[test]
    fn the_main_colour_is_what_most_of_an_opaque_picture_has() {
        let sky = RgbImage::from_fn(900, 600, |_, y| if y < 400 { Rgb([30, 120, 255]) } else { Rgb([20, 90, 10]) });
        assert_eq!(tint_of(sky.into()), "r0g3b7");
        assert_eq!(tint_of(RgbImage::from_pixel(3, 2, Rgb([255, 255, 255])).into()), "r7g7b7", "of small ones too");
        let sign = RgbaImage::from_fn(9, 9, |x, _| Rgba([0, 0, 0, if x == 4 { 255 } else { 0 }]));
        assert_eq!(tint_of(sign.into()), "", "nothing lies beneath what can be seen through");
    }
}

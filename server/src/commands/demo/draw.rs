//! A small painter: skies, hills, water, suns and shapes, drawn by arithmetic.

use super::dice::Dice;
use image::imageops::FilterType;
use image::{DynamicImage, Rgb, RgbImage};

/// Red, green, blue from 0 to 1.
pub type Colour = [f32; 3];

/// The picture is this many times as wide and high as what is painted: its shapes are soft,
/// and a program compiled for tests paints slowly.
const ENLARGED: u32 = 2;

pub struct Canvas {
    image: RgbImage,
    /// Width and height of what is painted, in pixels.
    pub w: f32,
    pub h: f32,
}

pub fn mix(a: Colour, b: Colour, t: f32) -> Colour {
    let t = t.clamp(0.0, 1.0);
    [0, 1, 2].map(|i| a[i] + (b[i] - a[i]) * t)
}

impl Canvas {
    /// For a picture of so many pixels.
    pub fn new(w: u32, h: u32) -> Self {
        let (w, h) = (w / ENLARGED, h / ENLARGED);
        Self { image: RgbImage::new(w, h), w: w as f32, h: h as f32 }
    }

    /// Every pixel anew from where it is (0 to 1 each way) and what is there.
    pub fn paint(&mut self, colour: impl Fn(f32, f32, Colour) -> Colour) {
        self.paint_in((0.0, 0.0), (1.0, 1.0), colour);
    }

    /// The same between two corners only.
    fn paint_in(
        &mut self,
        (left, top): (f32, f32),
        (right, bottom): (f32, f32),
        colour: impl Fn(f32, f32, Colour) -> Colour,
    ) {
        let (w, h) = (self.w, self.h);
        let pixel = |part: f32, whole: f32| (part.clamp(0.0, 1.0) * whole).round() as u32;
        for y in pixel(top, h)..pixel(bottom, h) {
            for x in pixel(left, w)..pixel(right, w) {
                let spot = self.image.get_pixel_mut(x, y);
                let old = spot.0.map(|c| f32::from(c) / 255.0);
                let new = colour((x as f32 + 0.5) / w, (y as f32 + 0.5) / h, old);
                *spot = Rgb(new.map(|c| (c.clamp(0.0, 1.0) * 255.0).round() as u8));
            }
        }
    }

    /// Around a point, as far as `r` (a part of the height) and a little more.
    fn paint_around(&mut self, (cx, cy): (f32, f32), r: f32, colour: impl Fn(f32, Colour) -> Colour) {
        let ratio = self.w / self.h;
        let (dx, dy) = (r / ratio + 0.01, r + 0.01);
        self.paint_in((cx - dx, cy - dy), (cx + dx, cy + dy), |x, y, old| {
            colour((((x - cx) * ratio).powi(2) + (y - cy).powi(2)).sqrt(), old)
        });
    }

    /// From `top` to `bottom`.
    pub fn sky(&mut self, top: Colour, bottom: Colour) {
        self.paint(|_, y, _| mix(top, bottom, y * y * (3.0 - 2.0 * y)));
    }

    /// A round light with its glow; `r` is a part of the height.
    pub fn sun(&mut self, centre: (f32, f32), r: f32, colour: Colour) {
        let edge = 2.0 / self.h;
        self.paint_around(centre, r * 4.0, |distance, old| {
            let glow = (1.0 - distance / (r * 4.0)).clamp(0.0, 1.0).powi(2) * 0.5;
            mix(mix(old, colour, glow), colour, (r - distance) / edge + 0.5)
        });
    }

    /// A range of hills whose middle is at `level`; `rough` is how high they go.
    pub fn hills(&mut self, dice: &Dice, level: f32, rough: f32, colour: Colour) {
        let waves: Vec<(f32, f32, f32)> =
            (1..6).map(|i| (i as f32 * dice.between(1.2, 2.6), dice.between(0.0, 6.3), rough / i as f32)).collect();
        let edge = 1.5 / self.h;
        self.paint(|x, y, old| {
            let top = level - waves.iter().map(|(f, p, a)| a * (x * f + p).sin()).sum::<f32>();
            let shade = mix(colour, mix(colour, [1.0; 3], 0.25), (y - top) * 1.2);
            mix(old, shade, (y - top) / edge + 0.5)
        });
    }

    /// Water from `level` down: the sky mirrored, with ripples.
    pub fn water(&mut self, level: f32, tint: Colour) {
        let above = self.image.clone();
        let (w, h) = (self.w, self.h);
        self.paint(|x, y, old| {
            if y < level {
                return old;
            }
            let depth = y - level;
            let ripple = (depth * 220.0 + x * 3.0).sin() * depth * 0.03;
            let from = (level - depth * 0.9).clamp(0.0, 1.0);
            let px = ((x + ripple).clamp(0.0, 0.999) * w) as u32;
            let py = (from * (h - 1.0)) as u32;
            let mirrored = above.get_pixel(px, py).0.map(|c| f32::from(c) / 255.0);
            mix(mirrored, tint, 0.25 + depth * 0.5)
        });
    }

    /// A disc without glow; `r` is a part of the height.
    pub fn disc(&mut self, centre: (f32, f32), r: f32, colour: Colour, cover: f32) {
        let edge = 2.0 / self.h;
        self.paint_around(centre, r, |distance, old| {
            mix(old, colour, ((r - distance) / edge + 0.5).clamp(0.0, 1.0) * cover)
        });
    }

    /// An upright box, its corners as parts of the canvas.
    pub fn block(&mut self, upper: (f32, f32), lower: (f32, f32), colour: Colour) {
        self.paint_in(upper, lower, |_, _, _| colour);
    }

    /// A little grain, so that smooth skies show no bands.
    pub fn grain(&mut self, dice: &Dice) {
        for pixel in self.image.pixels_mut() {
            let by = dice.below(5) as i16 - 2;
            pixel.0 = pixel.0.map(|c| (i16::from(c) + by).clamp(0, 255) as u8);
        }
    }

    pub fn into_png(self) -> std::io::Result<Vec<u8>> {
        let mut png = std::io::Cursor::new(Vec::new());
        let (w, h) = (self.image.width() * ENLARGED, self.image.height() * ENLARGED);
        let picture = DynamicImage::from(self.image).resize_exact(w, h, FilterType::CatmullRom);
        picture.write_to(&mut png, image::ImageFormat::Png).map_err(std::io::Error::other)?;
        Ok(png.into_inner())
    }
}

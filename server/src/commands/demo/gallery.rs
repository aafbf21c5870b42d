//! The 30 pictures of the demo: what they are called and how they are composed.

use super::dice::Dice;
use super::draw::{Canvas, Colour, mix};

pub struct Plan {
    pub caption: &'static str,
    pub alt: &'static str,
    kind: Kind,
    palette: usize,
    size: (u32, u32),
}

#[derive(Clone, Copy)]
enum Kind {
    Hills,
    Lake,
    Town,
    Circles,
    Stripes,
    Night,
}

/// Sky above, sky below, near, far, light.
type Palette = [Colour; 5];

const PALETTES: [Palette; 6] = [
    // morning
    [[0.55, 0.72, 0.90], [0.98, 0.88, 0.78], [0.16, 0.30, 0.36], [0.55, 0.68, 0.76], [1.0, 0.95, 0.80]],
    // evening
    [[0.22, 0.20, 0.42], [0.98, 0.60, 0.42], [0.13, 0.10, 0.22], [0.52, 0.32, 0.46], [1.0, 0.84, 0.58]],
    // forest
    [[0.76, 0.86, 0.82], [0.94, 0.95, 0.88], [0.08, 0.24, 0.18], [0.44, 0.60, 0.50], [1.0, 1.0, 0.94]],
    // sand
    [[0.62, 0.78, 0.86], [0.97, 0.91, 0.80], [0.62, 0.38, 0.22], [0.88, 0.70, 0.50], [1.0, 0.97, 0.88]],
    // night
    [[0.04, 0.06, 0.16], [0.16, 0.22, 0.40], [0.02, 0.03, 0.08], [0.10, 0.14, 0.26], [0.96, 0.94, 0.84]],
    // winter
    [[0.70, 0.78, 0.88], [0.93, 0.94, 0.97], [0.36, 0.44, 0.54], [0.74, 0.80, 0.88], [1.0, 0.98, 0.95]],
];

const WIDE: (u32, u32) = (1280, 800);
const TALL: (u32, u32) = (800, 1120);
const SQUARE: (u32, u32) = (960, 960);
const BROAD: (u32, u32) = (1440, 640);

const fn plan(caption: &'static str, alt: &'static str, kind: Kind, palette: usize, size: (u32, u32)) -> Plan {
    Plan { caption, alt, kind, palette, size }
}

pub static GALLERY: [Plan; 30] = [
    plan("清晨的湖 · Lake at dawn", "A still lake mirrors pale hills", Kind::Lake, 0, WIDE),
    plan("暮色山脊", "Dark ridges under an orange evening sky", Kind::Hills, 1, WIDE),
    plan("Blue hour downtown", "House blocks with lit windows at dusk", Kind::Town, 1, WIDE),
    plan("雾中林线", "Layers of wooded hills fading into mist", Kind::Hills, 2, TALL),
    plan("Dunes, noon", "Rolling sand dunes under a light sky", Kind::Hills, 3, BROAD),
    plan("月光 · Moonlight", "A full moon over black hills", Kind::Night, 4, WIDE),
    plan("初雪", "Snow-coloured hills in flat light", Kind::Hills, 5, SQUARE),
    plan("Study in circles, I", "Overlapping translucent discs in morning colours", Kind::Circles, 0, SQUARE),
    plan("条纹练习", "Horizontal bands shifting from violet to orange", Kind::Stripes, 1, TALL),
    plan("The far shore", "Water and a low range of hills at sunset", Kind::Lake, 1, BROAD),
    plan("林间水面", "A green pond between wooded hills", Kind::Lake, 2, TALL),
    plan("Rooftops", "Pale blocks of a town in sandy light", Kind::Town, 3, WIDE),
    plan("星夜", "Stars over a dark valley", Kind::Night, 4, TALL),
    plan("Winter harbour", "Grey water under a winter sky", Kind::Lake, 5, WIDE),
    plan("Study in circles, II", "Overlapping discs in evening colours", Kind::Circles, 1, WIDE),
    plan("北山看日出 · Sunrise from the north hill", "A low sun above blue hills", Kind::Hills, 0, SQUARE),
    plan("旧船厂", "Dark blocks against a bright morning", Kind::Town, 0, TALL),
    plan("Desert lake", "Water between sand-coloured hills", Kind::Lake, 3, WIDE),
    plan("薄荷条纹", "Bands of green from dark to light", Kind::Stripes, 2, WIDE),
    plan("Night ferry", "The moon and its reflection", Kind::Lake, 4, WIDE),
    plan("雪线以上", "High white ridges", Kind::Hills, 5, BROAD),
    plan("Study in circles, III", "Discs in forest colours", Kind::Circles, 2, TALL),
    plan("黄昏的窗", "A town of lit windows", Kind::Town, 4, SQUARE),
    plan("Last light", "The sun just above a dark ridge", Kind::Hills, 1, TALL),
    plan("山谷", "Green valley in three layers", Kind::Hills, 2, WIDE),
    plan("Ochre bands", "Bands of sand and clay", Kind::Stripes, 3, SQUARE),
    plan("冬日小镇", "Grey-blue houses in winter", Kind::Town, 5, WIDE),
    plan("Silver bands", "Bands of grey and white", Kind::Stripes, 5, BROAD),
    plan("满月", "A large moon in a dark sky", Kind::Night, 4, SQUARE),
    plan("Study in circles, IV", "Discs in winter colours", Kind::Circles, 5, WIDE),
];

/// The picture of that plan, as a PNG file.
///
/// # Errors
/// When it cannot be encoded.
pub fn png(index: usize) -> std::io::Result<Vec<u8>> {
    let plan = &GALLERY[index % GALLERY.len()];
    let dice = Dice::new(index as u64 + 7);
    let mut canvas = Canvas::new(plan.size.0, plan.size.1);
    let palette = &PALETTES[plan.palette];
    canvas.sky(palette[0], palette[1]);
    match plan.kind {
        Kind::Hills => hills(&mut canvas, &dice, palette),
        Kind::Lake => lake(&mut canvas, &dice, palette),
        Kind::Town => town(&mut canvas, &dice, palette),
        Kind::Circles => circles(&mut canvas, &dice, palette),
        Kind::Stripes => stripes(&mut canvas, &dice, palette),
        Kind::Night => night(&mut canvas, &dice, palette),
    }
    canvas.grain(&dice);
    canvas.into_png()
}

fn hills(canvas: &mut Canvas, dice: &Dice, palette: &Palette) {
    canvas.sun((dice.between(0.2, 0.8), dice.between(0.22, 0.4)), 0.06, palette[4]);
    for i in 0..4 {
        let t = i as f32 / 3.0;
        canvas.hills(dice, 0.48 + t * 0.36, 0.05 + t * 0.02, mix(palette[3], palette[2], t));
    }
}

fn lake(canvas: &mut Canvas, dice: &Dice, palette: &Palette) {
    let level = dice.between(0.55, 0.65);
    canvas.sun((dice.between(0.3, 0.7), level - 0.25), 0.05, palette[4]);
    canvas.hills(dice, level - 0.06, 0.04, palette[3]);
    canvas.hills(dice, level, 0.03, mix(palette[3], palette[2], 0.6));
    canvas.water(level, palette[0]);
}

fn town(canvas: &mut Canvas, dice: &Dice, palette: &Palette) {
    for row in 0..3 {
        let t = row as f32 / 2.0;
        let wall = mix(palette[3], palette[2], t);
        let mut left = -dice.between(0.0, 0.05);
        while left < 1.0 {
            let width = dice.between(0.06, 0.13);
            let top = dice.between(0.35, 0.55) + t * 0.2;
            canvas.block((left, top), (left + width, 1.0), wall);
            windows(canvas, dice, (left, top), width, mix(palette[4], wall, 0.25));
            left += width + 0.004;
        }
    }
}

fn windows(canvas: &mut Canvas, dice: &Dice, (left, top): (f32, f32), width: f32, light: Colour) {
    for _ in 0..3 {
        let column = dice.below(3) as f32;
        let floor = dice.below(4) as f32;
        let (x, y) = (left + width * (0.15 + column * 0.28), top + 0.03 + floor * 0.06);
        canvas.block((x, y), (x + width * 0.14, y + 0.028), light);
    }
}

fn circles(canvas: &mut Canvas, dice: &Dice, palette: &Palette) {
    for i in 0..14 {
        let place = (dice.between(0.1, 0.9), dice.between(0.1, 0.9));
        canvas.disc(place, dice.between(0.06, 0.24), palette[2 + i % 3], 0.5);
    }
}

fn stripes(canvas: &mut Canvas, dice: &Dice, palette: &Palette) {
    let bands = 9 + dice.below(6);
    let lean = dice.between(-0.15, 0.15);
    let [above, below, near, far, _light] = *palette;
    canvas.paint(|x, y, _| {
        let band = ((y + (x - 0.5) * lean).clamp(0.0, 0.999) * bands as f32).floor() / bands as f32;
        let warm = mix(above, below, (band * 1.6).min(1.0));
        mix(warm, mix(far, near, band), (band * 12.0).sin().abs() * 0.55)
    });
}

fn night(canvas: &mut Canvas, dice: &Dice, palette: &Palette) {
    for _ in 0..40 {
        let place = (dice.between(0.0, 1.0), dice.between(0.0, 0.6));
        canvas.disc(place, dice.between(0.001, 0.003), palette[4], 0.9);
    }
    canvas.sun((dice.between(0.25, 0.75), 0.3), dice.between(0.07, 0.11), palette[4]);
    canvas.hills(dice, 0.72, 0.05, palette[3]);
    canvas.hills(dice, 0.86, 0.04, palette[2]);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_is_a_picture() {
        let png = png(5).unwrap();
        let image = image::load_from_memory(&png).unwrap();
        assert_eq!((image.width(), image.height()), WIDE);
    }
}

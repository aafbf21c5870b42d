//! The colours can be read: WCAG contrast of every text token on every ground, in both
//! themes, recomputed from `style/tokens.css`.

use std::collections::HashMap;

const TOKENS: &str = include_str!("../../style/tokens.css");
const THEMES: [&str; 2] = ["light", "dark"];
const GROUNDS: [&str; 4] = ["bg", "surface", "sunken", "accent-soft"];
const TEXTS: [&str; 7] = ["text", "muted", "accent", "danger", "warn", "ok", "live"];

type Rgb = [f64; 3];

/// Token to its colours in the light and the dark theme.
fn tokens() -> HashMap<String, [Rgb; 2]> {
    let mut tokens = HashMap::new();
    for line in TOKENS.lines() {
        let Some((name, value)) = line.trim().strip_prefix("--").and_then(|rest| rest.split_once(':')) else {
            continue;
        };
        let colours: Vec<Rgb> = value.split('#').skip(1).filter_map(hex).collect();
        if value.trim().starts_with("light-dark(#") && colours.len() == 2 {
            tokens.insert(name.to_owned(), [colours[0], colours[1]]);
        }
    }
    tokens
}

fn hex(text: &str) -> Option<Rgb> {
    let digits = text.get(..6)?;
    let part = |i: usize| u8::from_str_radix(&digits[i..i + 2], 16).ok().map(f64::from);
    Some([part(0)?, part(2)?, part(4)?])
}

fn luminance(colour: Rgb) -> f64 {
    let linear = colour.map(|c| {
        let c = c / 255.0;
        if c <= 0.04045 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) }
    });
    0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
}

fn contrast(a: Rgb, b: Rgb) -> f64 {
    let (a, b) = (luminance(a), luminance(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

/// `color-mix(in srgb, colour share, ground)`
fn mix(colour: Rgb, ground: Rgb, share: f64) -> Rgb {
    std::array::from_fn(|i| colour[i] * share + ground[i] * (1.0 - share))
}

#[track_caller]
fn check(least: f64, colour: &str, ground: &str, tokens: &HashMap<String, [Rgb; 2]>) {
    for (i, theme) in THEMES.iter().enumerate() {
        let found = contrast(tokens[colour][i], tokens[ground][i]);
        assert!(found >= least, "{colour} on {ground}, {theme}: {found:.2}, wanted {least}");
    }
}

#[test]
fn texts_can_be_read_on_every_ground() {
    let tokens = tokens();
    for text in TEXTS {
        for ground in GROUNDS {
            check(4.5, text, ground, &tokens);
        }
    }
    check(4.5, "on-accent", "accent", &tokens);
    check(4.5, "on-danger", "danger", &tokens);
    check(4.5, "on-danger", "live", &tokens);
}

#[test]
fn borders_of_controls_can_be_seen() {
    let tokens = tokens();
    for ground in GROUNDS {
        check(3.0, "control", ground, &tokens);
    }
}

#[test]
fn letters_of_avatars_can_be_read() {
    let tokens = tokens();
    for tone in 0..8 {
        let name = format!("tone-{tone}");
        for (i, theme) in THEMES.iter().enumerate() {
            let (colour, ground) = (tokens[&name][i], tokens["bg"][i]);
            let found = contrast(colour, mix(colour, ground, 0.16));
            assert!(found >= 4.5, "{name}, {theme}: {found:.2}");
        }
    }
}

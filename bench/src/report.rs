//! What was measured: medians over the rounds, beside the floor and the goal.

use serde_json::{Value, json};
use std::fmt::Write;

/// What a figure has to reach (`docs/benchmarks.md` says why).
#[derive(Clone, Copy, Debug)]
pub enum Goal {
    None,
    AtLeast(f64),
    AtMost(f64),
    /// Salon's figure divided by the floor's.
    RatioAtLeast(f64),
    RatioAtMost(f64),
}

/// One line of the table.
pub struct Figure {
    pub name: String,
    pub unit: &'static str,
    salon: Vec<f64>,
    floor: Vec<f64>,
    goal: Goal,
}

impl Figure {
    pub fn new(name: impl Into<String>, unit: &'static str, goal: Goal) -> Self {
        Self { name: name.into(), unit, salon: Vec::new(), floor: Vec::new(), goal }
    }

    pub fn salon(&mut self, value: f64) {
        self.salon.push(value);
    }

    pub fn floor(&mut self, value: f64) {
        self.floor.push(value);
    }

    fn ratio(&self) -> Option<f64> {
        Some(median(&self.salon)? / median(&self.floor)?)
    }

    fn is_met(&self) -> Option<bool> {
        let salon = median(&self.salon)?;
        match self.goal {
            Goal::None => None,
            Goal::AtLeast(least) => Some(salon >= least),
            Goal::AtMost(most) => Some(salon <= most),
            Goal::RatioAtLeast(least) => self.ratio().map(|ratio| ratio >= least),
            Goal::RatioAtMost(most) => self.ratio().map(|ratio| ratio <= most),
        }
    }

    fn goal(&self) -> String {
        match self.goal {
            Goal::None => String::new(),
            Goal::AtLeast(least) => format!("≥ {}", short(least)),
            Goal::AtMost(most) => format!("≤ {}", short(most)),
            Goal::RatioAtLeast(least) => format!("≥ {least} × floor"),
            Goal::RatioAtMost(most) => format!("≤ {most} × floor"),
        }
    }
}

pub struct Report {
    machine: String,
    parts: Vec<(String, Vec<Figure>)>,
}

impl Report {
    pub fn new(machine: String) -> Self {
        Self { machine, parts: Vec::new() }
    }

    pub fn add(&mut self, part: &str, figures: Vec<Figure>) {
        print!("{}", table(part, &figures));
        self.parts.push((part.to_owned(), figures));
    }

    /// As Markdown.
    pub fn table(&self) -> String {
        let parts: String = self.parts.iter().map(|(part, figures)| table(part, figures)).collect();
        format!(
            "\n{}\n\n| what | unit | Salon | floor | ratio | goal | met |\n|---|---|---|---|---|---|---|\n{parts}",
            self.machine
        )
    }

    pub fn json(&self) -> String {
        let figures: Vec<Value> = self
            .parts
            .iter()
            .flat_map(|(part, figures)| figures.iter().map(move |figure| (part, figure)))
            .map(|(part, figure)| {
                json!({
                    "workload": part, "name": figure.name, "unit": figure.unit, "salon": figure.salon,
                    "floor": figure.floor, "salon_median": median(&figure.salon), "floor_median": median(&figure.floor),
                    "ratio": figure.ratio(), "goal": figure.goal(), "met": figure.is_met(),
                })
            })
            .collect();
        json!({"machine": self.machine, "figures": figures}).to_string()
    }
}

fn table(part: &str, figures: &[Figure]) -> String {
    let mut text = String::new();
    for figure in figures {
        let cell = |values: &[f64]| median(values).map(short).unwrap_or_default();
        let met = figure.is_met().map_or("", |met| if met { "yes" } else { "**no**" });
        // A String takes everything.
        let _ = writeln!(
            text,
            "| {part} {} | {} | {} | {} | {} | {} | {met} |",
            figure.name,
            figure.unit,
            cell(&figure.salon),
            cell(&figure.floor),
            figure.ratio().map(|ratio| format!("{ratio:.2}")).unwrap_or_default(),
            figure.goal(),
        );
    }
    text
}

fn median(values: &[f64]) -> Option<f64> {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted.get(sorted.len() / 2).copied()
}

/// Three digits or more.
fn short(value: f64) -> String {
    match value.abs() {
        large if large >= 100.0 => format!("{value:.0}"),
        some if some >= 10.0 => format!("{value:.1}"),
        _ => format!("{value:.2}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_goal_is_judged_by_medians() {
        let mut figure = Figure::new("x", "/s", Goal::RatioAtLeast(0.8));
        figure.salon.extend([1.0, 90.0, 100.0]);
        figure.floor.extend([100.0, 100.0, 900.0]);
        assert_eq!((figure.ratio(), figure.is_met()), (Some(0.9), Some(true)));
        assert!(table("w", &[figure]).contains("| 90.0 | 100 | 0.90 | ≥ 0.8 × floor | yes |"));
    }

    #[test]
    fn nothing_measured_meets_nothing() {
        assert_eq!(Figure::new("x", "s", Goal::AtMost(1.0)).is_met(), None);
    }
}

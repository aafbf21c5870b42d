//! Who speaks, where, and in what order.

use super::dice::Dice;
use super::scenes::{self, Scene};
use domain::room::Visibility;

pub struct PersonPlan {
    pub name: &'static str,
    pub display: &'static str,
}

pub struct RoomPlan {
    pub slug: &'static str,
    pub title: &'static str,
    pub about: &'static str,
    pub visibility: Visibility,
    scenes: &'static [Scene],
}

/// The first administers the site; the first three run a room each.
pub const PEOPLE: [PersonPlan; 8] = [
    PersonPlan { name: "ana", display: "Ana Ferreira" },
    PersonPlan { name: "林溪", display: "林溪" },
    PersonPlan { name: "ben", display: "Ben" },
    PersonPlan { name: "陈默", display: "陈默 🎞" },
    PersonPlan { name: "mia", display: "Mia Larsen" },
    PersonPlan { name: "小满", display: "小满" },
    PersonPlan { name: "tom", display: "Tom Okafor" },
    PersonPlan { name: "周舟", display: "周舟" },
];

pub const ROOMS: [RoomPlan; 3] = [
    RoomPlan {
        slug: "lobby",
        title: "会客厅 · The lobby",
        about: "什么都可以聊。Anything goes: food, weather, weekend plans.",
        visibility: Visibility::Public,
        scenes: scenes::LOBBY,
    },
    RoomPlan {
        slug: "photo-walk",
        title: "周末拍照 · Photo walk",
        about: "每周六一起走走拍拍。Every Saturday: walk, look, take pictures.",
        visibility: Visibility::Open,
        scenes: scenes::PHOTO_WALK,
    },
    RoomPlan {
        slug: "exhibition",
        title: "布展小组 · Exhibition crew",
        about: "春季展的筹备。Getting the spring exhibition on the wall.",
        visibility: Visibility::Private,
        scenes: scenes::EXHIBITION,
    },
];

pub struct Line {
    /// Index into [`PEOPLE`].
    pub speaker: usize,
    pub text: String,
}

/// The endless talk of a room: scene after scene, each with its own cast and particulars.
pub struct Talk {
    scenes: &'static [Scene],
    dice: Dice,
    scene: usize,
    line: usize,
    first: usize,
    particular: usize,
    /// Whose turn it is to begin, so that nobody falls silent.
    turn: usize,
}

impl Talk {
    pub fn new(plan: &RoomPlan, dice: Dice) -> Self {
        let mut talk = Self {
            scenes: plan.scenes,
            scene: dice.below(plan.scenes.len()),
            line: 0,
            first: 0,
            particular: 0,
            turn: 0,
            dice,
        };
        talk.set_the_stage();
        talk
    }

    pub fn next_line(&mut self) -> Line {
        if self.line >= self.scenes[self.scene].lines.len() {
            self.scene = (self.scene + 1) % self.scenes.len();
            self.set_the_stage();
        }
        let scene = &self.scenes[self.scene];
        let (role, text) = scene.lines[self.line];
        self.line += 1;
        let text = text
            .replace("{}", scene.particulars[self.particular])
            .replace("{n}", &(2 + self.dice.below(8)).to_string());
        Line { speaker: (self.first + role * 3) % PEOPLE.len(), text }
    }

    fn set_the_stage(&mut self) {
        self.line = 0;
        self.turn += 1;
        self.first = (self.turn * 5 + self.dice.below(2)) % PEOPLE.len();
        self.particular = self.dice.below(self.scenes[self.scene].particulars.len());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn everybody_talks_and_nothing_is_left_open() {
        for plan in &ROOMS {
            let mut talk = Talk::new(plan, Dice::new(1));
            let lines: Vec<Line> = (0..200).map(|_| talk.next_line()).collect();
            let speakers: BTreeSet<usize> = lines.iter().map(|line| line.speaker).collect();
            assert_eq!(speakers.len(), PEOPLE.len(), "{}", plan.slug);
            let different: BTreeSet<&str> = lines.iter().map(|line| line.text.as_str()).collect();
            assert!(different.len() > 45, "{} says {} different things", plan.slug, different.len());
            assert!(lines.iter().all(|line| !line.text.contains('{')), "{}", plan.slug);
        }
    }
}

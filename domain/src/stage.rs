//! The stage: what a room shows to everybody who follows, right now.

use crate::PictureId;
use crate::person::Person;
use crate::problem::{Problem, Rule};
use crate::text;
use serde::{Deserialize, Serialize};

/// What is shown, and the video that can be.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stage {
    pub show: Show,
    /// When that was said, milliseconds of the server's clock; 0 if nobody ever said anything.
    pub at: i64,
    /// Who said it.
    pub by: Option<Person>,
    /// The room's video, shown or not.
    pub video: Option<Video>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Show {
    #[default]
    Nothing,
    /// One of the room's wall.
    Picture(PictureId),
    /// `position` in milliseconds, at [`Stage::at`].
    Video { position: i64, playing: bool },
}

/// A video as its viewers need it. Addresses are absolute, or paths of this site.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Video {
    pub src: String,
    /// HLS (`.m3u8`) instead of a file.
    pub stream: bool,
    /// May be empty.
    pub title: String,
    /// A picture until it plays; empty for none.
    pub poster: String,
    /// WebVTT; empty for none.
    pub captions: String,
    /// Of the captions, as `lang` attributes have it; may be empty.
    pub language: String,
}

/// What a host asks for. A position in milliseconds; without one, where the video is now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cue {
    Nothing,
    Picture(PictureId),
    Play(Option<i64>),
    Pause(Option<i64>),
}

/// Latest position in a video: a week, in milliseconds.
pub const MAX_POSITION: i64 = 7 * 86_400_000;

/// Largest video taken, in bytes; larger ones stand at an address.
pub const MAX_VIDEO: u64 = 100 * 1024 * 1024;

/// Largest captions taken, in bytes.
pub const MAX_CAPTIONS: usize = 1024 * 1024;

impl Stage {
    /// Where the video is at `now`, as far as anybody said; 0 if it is not shown.
    pub fn position(&self, now: i64) -> i64 {
        match self.show {
            Show::Video { position, playing: true } => (position + (now - self.at).max(0)).min(MAX_POSITION),
            Show::Video { position, playing: false } => position,
            Show::Nothing | Show::Picture(_) => 0,
        }
    }

    /// The picture that is shown.
    pub fn picture(&self) -> Option<PictureId> {
        match self.show {
            Show::Picture(picture) => Some(picture),
            Show::Nothing | Show::Video { .. } => None,
        }
    }

    /// What is shown once a host has asked for `cue` at `now`. `resume`: where a video goes on
    /// that is not shown now. Whether there is such a picture or a video is not asked here.
    pub fn after(&self, cue: Cue, now: i64, resume: i64) -> Show {
        let from = match self.show {
            Show::Video { .. } => self.position(now),
            Show::Nothing | Show::Picture(_) => resume,
        };
        let at = |given: Option<i64>| given.unwrap_or(from).clamp(0, MAX_POSITION);
        match cue {
            Cue::Nothing => Show::Nothing,
            Cue::Picture(picture) => Show::Picture(picture),
            // To go on with what goes on already is nothing new.
            Cue::Play(None) if matches!(self.show, Show::Video { playing: true, .. }) => self.show,
            Cue::Play(position) => Show::Video { position: at(position), playing: true },
            Cue::Pause(position) => Show::Video { position: at(position), playing: false },
        }
    }
}

impl Cue {
    /// The word of a form: `nothing`, `play`, `pause`, or the picture's number.
    pub fn parse(word: &str, position: Option<i64>) -> Option<Self> {
        match word {
            "nothing" => Some(Self::Nothing),
            "play" => Some(Self::Play(position)),
            "pause" => Some(Self::Pause(position)),
            picture => picture.parse().ok().map(Self::Picture),
        }
    }
}

pub fn parse_title(title: &str) -> Result<String, Problem> {
    text::line("title", title, 0, 120)
}

/// As `lang` attributes have it, such as `zh-CN`; or empty.
pub fn parse_language(language: &str) -> Result<String, Problem> {
    let language = language.trim();
    let fits = language.len() <= 35 && language.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    if fits { Ok(language.to_owned()) } else { Err(Problem::invalid("language", Rule::Shape)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLAYING: Show = Show::Video { position: 5_000, playing: true };
    const PAUSED: Show = Show::Video { position: 5_000, playing: false };

    fn stage(show: Show) -> Stage {
        Stage { show, at: 100, ..Stage::default() }
    }

    #[test]
    fn a_video_goes_on_with_the_clock_while_it_plays() {
        assert_eq!(stage(PLAYING).position(3_100), 8_000);
        assert_eq!(stage(PLAYING).position(0), 5_000, "a clock that was set back takes nothing back");
        assert_eq!(stage(PAUSED).position(3_100), 5_000);
        assert_eq!(stage(PLAYING).position(i64::MAX / 2), MAX_POSITION);
    }

    #[test]
    fn a_cue_says_where_the_video_goes_on() {
        let playing = |position| Show::Video { position, playing: true };
        let paused = |position| Show::Video { position, playing: false };
        for (now, cue, then) in [
            (PLAYING, Cue::Play(None), PLAYING),
            (PLAYING, Cue::Pause(None), paused(6_000)),
            (PLAYING, Cue::Play(Some(70)), playing(70)),
            (PAUSED, Cue::Play(None), playing(5_000)),
            (PAUSED, Cue::Pause(Some(-4)), paused(0)),
            (PAUSED, Cue::Play(Some(i64::MAX)), playing(MAX_POSITION)),
            (Show::Nothing, Cue::Play(None), playing(44)),
            (Show::Picture(PictureId(1)), Cue::Pause(None), paused(44)),
            (PLAYING, Cue::Picture(PictureId(2)), Show::Picture(PictureId(2))),
            (PLAYING, Cue::Nothing, Show::Nothing),
        ] {
            assert_eq!(stage(now).after(cue, 1_100, 44), then, "{now:?} {cue:?}");
        }
    }

    #[test]
    fn words_of_forms() {
        assert_eq!(Cue::parse("7", Some(3)), Some(Cue::Picture(PictureId(7))));
        assert_eq!(Cue::parse("play", Some(3)), Some(Cue::Play(Some(3))));
        assert_eq!(Cue::parse("pause", None), Some(Cue::Pause(None)));
        for wrong in ["", "7x", "Play", "stop"] {
            assert_eq!(Cue::parse(wrong, None), None, "{wrong:?}");
        }
    }
}

//! When Enter sends and when it belongs to an input method.
//!
//! Browsers disagree: Chrome and Firefox report the Enter that confirms a composition
//! before its end, with `isComposing`; Safari reports it afterwards, in the same task and
//! without. `keyCode` 229 says nothing reliable.

/// An Enter so soon after a composition ended still belongs to it, milliseconds.
const GRACE_MS: f64 = 100.0;

/// What is known about compositions. Times are those of the events.
#[derive(Clone, Copy, Debug, Default)]
pub struct Ime {
    composing: bool,
    ended_at: Option<f64>,
}

impl Ime {
    pub fn started(&mut self) {
        self.composing = true;
    }

    pub fn ended(&mut self, at: f64) {
        self.composing = false;
        self.ended_at = Some(at);
    }

    /// Whether text is half composed: no draft, no typing sign.
    pub fn is_composing(&self) -> bool {
        self.composing
    }

    /// Whether this Enter is the writer's own. Only the first one after a composition is
    /// under suspicion.
    pub fn enter_sends(&mut self, is_composing: bool, at: f64) -> bool {
        if is_composing || self.composing {
            return false;
        }
        self.ended_at.take().is_none_or(|ended| at - ended > GRACE_MS)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    enum Event {
        Start,
        End(f64),
        /// `isComposing` and the time.
        Enter(bool, f64),
    }
    use Event::{End, Enter, Start};

    #[test]
    fn composing_never_sends_in_any_browsers_order() {
        let table: [(&str, &[Event], &[bool]); 14] = [
            ("plain typing", &[Enter(false, 0.0)], &[true]),
            ("plain typing, twice", &[Enter(false, 0.0), Enter(false, 30.0)], &[true, true]),
            ("Chrome, Windows", &[Start, Enter(true, 10.0), End(10.5), Enter(false, 400.0)], &[false, true]),
            ("Chrome, macOS", &[Start, Enter(true, 10.0), End(11.0), Enter(false, 150.0)], &[false, true]),
            ("Chrome: taken with a number or a blank", &[Start, End(10.0), Enter(false, 200.0)], &[true]),
            ("Chrome: the key is reported without isComposing", &[Start, Enter(false, 10.0), End(10.2)], &[false]),
            ("Edge: two words one after the other", &[Start, End(5.0), Start, Enter(true, 50.0), End(51.0)], &[false]),
            ("Firefox", &[Start, Enter(true, 10.0), End(12.0), Enter(false, 900.0)], &[false, true]),
            (
                "Firefox, Linux: the end first",
                &[Start, End(10.0), Enter(false, 10.4), Enter(false, 700.0)],
                &[false, true],
            ),
            ("Safari", &[Start, End(10.0), Enter(false, 10.0), Enter(false, 60.0)], &[false, true]),
            ("Safari, slow: the key 80 ms late", &[Start, End(10.0), Enter(false, 90.0)], &[false]),
            ("given up with Esc, then Enter", &[Start, End(10.0), Enter(false, 500.0)], &[true]),
            ("Android, 229: committed by tapping a word", &[Start, End(10.0), Enter(false, 800.0)], &[true]),
            ("Android, 229: Enter inside", &[Start, Enter(true, 5.0), Enter(true, 6.0), End(7.0)], &[false, false]),
        ];
        for (name, events, wanted) in table {
            let mut ime = Ime::default();
            let mut sent = Vec::new();
            for event in events {
                match event {
                    Start => ime.started(),
                    End(at) => ime.ended(*at),
                    Enter(composing, at) => sent.push(ime.enter_sends(*composing, *at)),
                }
            }
            assert_eq!(sent, wanted, "{name}");
        }
    }
}

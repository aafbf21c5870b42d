//! The settings of the command line: they change by starting the server again.

use super::Draft;
use crate::calls::settings::{Part, ServerSetting};
use crate::text::Text;
use crate::text::settings::server_words;

pub fn of_server(settings: &[ServerSetting]) -> Vec<Draft> {
    settings.iter().map(draft).collect()
}

fn draft(setting: &ServerSetting) -> Draft {
    let ServerSetting { flag, env, value, is_usual } = setting.clone();
    let name = format!("--{flag} · {env}");
    let words = server_words(&flag).unwrap_or_default();
    Draft {
        part: Part::Server,
        also: name.clone(),
        name: Box::new(move |_| name.clone()),
        hint: Box::new(move |t| t.pick(words.0, words.1).to_owned()),
        value: value.map(|value| -> super::Words { Box::new(move |t| shown(t, &value)) }),
        is_usual: Some(is_usual),
        href: None,
    }
}

fn shown(t: &Text, value: &str) -> String {
    match value {
        "" => t.settings().none.to_owned(),
        "true" => t.settings().on.to_owned(),
        "false" => t.settings().off.to_owned(),
        value => value.to_owned(),
    }
}

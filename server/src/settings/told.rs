//! What the program was told: the command line, with each setting of the server as it is.

use super::{Command, Salon};
use app::calls::settings::ServerSetting;
use clap::parser::ValueSource;
use clap::{Arg, ArgMatches, CommandFactory, FromArgMatches};

impl Salon {
    /// Reads the command line and the environment; ends the program when they make no sense.
    pub fn told() -> Self {
        Self::of(Self::command().get_matches()).unwrap_or_else(|fault| fault.exit())
    }

    fn of(matches: ArgMatches) -> Result<Self, clap::Error> {
        let mut salon = Self::from_arg_matches(&matches).map_err(|fault| fault.format(&mut Self::command()))?;
        if let (Command::Serve(serve), Some(matches)) = (&mut salon.command, matches.subcommand_matches("serve")) {
            serve.told = settings(matches);
        }
        Ok(salon)
    }
}

/// Those of `salon serve`, in the order of its help.
fn settings(matches: &ArgMatches) -> Vec<ServerSetting> {
    let command = Salon::command();
    let serve = command.find_subcommand("serve").into_iter();
    serve.flat_map(clap::Command::get_arguments).filter_map(|arg| setting(arg, matches)).collect()
}

/// `None` for what is not for operators, such as `--help`.
fn setting(arg: &Arg, matches: &ArgMatches) -> Option<ServerSetting> {
    let (flag, env) = (arg.get_long()?, arg.get_env()?);
    let raw = matches.get_raw(arg.get_id().as_str());
    let values = raw.into_iter().flatten().map(|value| value.to_string_lossy().into_owned());
    let value = values.collect::<Vec<_>>().join(", ");
    let source = matches.value_source(arg.get_id().as_str());
    Some(ServerSetting {
        flag: flag.to_owned(),
        env: env.to_string_lossy().into_owned(),
        // What the help does not show is secret.
        value: (!arg.is_hide_env_values_set()).then_some(value),
        is_usual: source.is_none_or(|source| source == ValueSource::DefaultValue),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use app::text::settings::{SERVER, server_words};
    use std::collections::BTreeSet;

    fn told(line: &[&str]) -> Vec<ServerSetting> {
        let matches = Salon::command().try_get_matches_from([&["salon", "serve"], line].concat()).unwrap();
        let Command::Serve(serve) = Salon::of(matches).unwrap().command else { panic!("not serving") };
        serve.told
    }

    fn find<'a>(settings: &'a [ServerSetting], flag: &str) -> &'a ServerSetting {
        settings.iter().find(|setting| setting.flag == flag).unwrap()
    }

    #[test]
    fn every_setting_of_the_server_has_its_words() {
        let settings = told(&[]);
        let wordless: Vec<&str> =
            settings.iter().map(|one| one.flag.as_str()).filter(|flag| server_words(flag).is_none()).collect();
        assert!(wordless.is_empty(), "{wordless:?}");
        let flags: BTreeSet<&str> = settings.iter().map(|one| one.flag.as_str()).collect();
        let stale: Vec<&str> = SERVER.iter().map(|(flag, ..)| *flag).filter(|flag| !flags.contains(flag)).collect();
        assert!(stale.is_empty(), "{stale:?}");
    }

    #[test]
    fn a_setting_says_what_it_is_and_whether_somebody_chose_it() {
        let settings = told(&["--file-limit", "7MB", "--origin", "https://a.example,https://b.example", "--unlimited"]);
        let limit = find(&settings, "file-limit");
        assert_eq!((limit.value.as_deref(), limit.is_usual), (Some("7MB"), false));
        assert_eq!(limit.env, "SALON_FILE_LIMIT");
        let quota = find(&settings, "person-quota");
        assert_eq!((quota.value.as_deref(), quota.is_usual), (Some("5GB"), true));
        assert_eq!(find(&settings, "origin").value.as_deref(), Some("https://a.example, https://b.example"));
        assert_eq!(find(&settings, "unlimited").value.as_deref(), Some("true"));
        assert_eq!(find(&settings, "migrate").value.as_deref(), Some("false"));
        assert_eq!(find(&settings, "mail-from").value.as_deref(), Some(""));
        assert!(settings.iter().all(|one| one.flag != "help" && one.flag != "echo"));
    }

    #[test]
    fn secrets_are_not_told() {
        let line = ["--smtp", "smtps://ana:hush@mail.example", "--database", "postgres://ana:hush@db.example/x"];
        let settings = told(&line);
        assert!(!format!("{settings:?}").contains("hush"), "{settings:?}");
        for flag in ["smtp", "database", "before-send", "webim-callback"] {
            assert_eq!(find(&settings, flag).value, None, "{flag}");
        }
        assert!(!find(&settings, "smtp").is_usual && find(&settings, "before-send").is_usual);
    }
}

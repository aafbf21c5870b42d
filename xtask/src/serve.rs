//! `cargo xtask serve`: build what changed, then become the server.

use crate::page::{self, Profile};
use crate::places::Places;
use crate::steps::Steps;
use crate::{Done, demo, salon};
use std::os::unix::process::CommandExt;
use std::process::{Command, ExitCode};

pub struct Options {
    profile: Profile,
    demo: bool,
    /// For `salon serve`.
    rest: Vec<String>,
}

impl Options {
    pub fn parse(arguments: &[String]) -> Done<Self> {
        let (ours, rest) = match arguments.iter().position(|a| a == "--") {
            Some(at) => (&arguments[..at], arguments[at + 1..].to_vec()),
            None => (arguments, Vec::new()),
        };
        let mut options = Self { profile: Profile::Dev, demo: false, rest };
        for argument in ours {
            match argument.as_str() {
                "--release" => options.profile = Profile::Release,
                "--demo" => options.demo = true,
                other => {
                    return Err(format!("serve has no flag `{other}`; flags of salon follow after `--`"));
                }
            }
        }
        Ok(options)
    }

    /// Whether the caller gave salon this flag, as `--flag value` or `--flag=value`.
    fn gives(&self, flag: &str) -> bool {
        self.rest.iter().any(|a| a.split('=').next() == Some(flag))
    }
}

/// As `salon serve --compat` knows them.
const OLD_PROTOCOLS: &str = "webim,tyut,simple,gindemo,ginchat";

/// Returns only when something failed: otherwise this process becomes the server, so that
/// signals and the exit code are the server's own.
pub fn run(places: &Places, options: &Options) -> Done<ExitCode> {
    let mut steps = Steps::new(page::STEPS + salon::STEPS + 1);
    let site = page::build(places, options.profile, &mut steps)?;
    let program = salon::build(places, options.profile, &mut steps)?;
    let data = places.root.join(if options.demo { "data-demo" } else { "data" });
    if options.demo && !options.gives("--data") {
        demo::fill(&program, &data)?;
    }
    steps.next("start");
    let mut serve = Command::new(&program);
    serve.current_dir(&places.root).arg("serve");
    if !options.gives("--data") {
        serve.arg("--data").arg(&data);
    }
    if !options.gives("--site") {
        serve.arg("--site").arg(&site);
    }
    // On this machine alone, all old protocols may be tried.
    if !options.gives("--compat") && !options.gives("--listen") {
        serve.args(["--compat", OLD_PROTOCOLS]);
    }
    Err(format!("{}: {}", program.display(), serve.args(&options.rest).exec()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(line: &str) -> Vec<String> {
        line.split_whitespace().map(str::to_owned).collect()
    }

    #[test]
    fn our_flags_stand_before_the_dashes() {
        let options = Options::parse(&words("--demo -- --listen 0.0.0.0:80 --data=/srv")).unwrap();
        assert!(options.demo && options.profile == Profile::Dev);
        assert!(options.gives("--data") && options.gives("--listen") && !options.gives("--site"));
        assert!(Options::parse(&words("--listen 1")).is_err());
    }
}

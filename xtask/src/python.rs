//! Python with the packages of a folder of ours, in an environment of its own among the tools.

use crate::places::{Places, on_path};
use crate::{Done, page, process, stamp};
use std::path::{Path, PathBuf};
use std::process::Command;

/// Why there is no environment: nothing to make one with, or making it failed.
pub enum Lack {
    Python(String),
    Packages(String),
}

/// The Python of the environment `<name>-<version>`, made when it is missing: `folder` of the
/// checkout holds `requirements.txt` and `port.py`, which is run once everything is installed.
pub fn environment(places: &Places, name: &str, version: &str, folder: &str) -> Result<PathBuf, Lack> {
    let digest = stamp::of(&places.root, &[folder], &[]).map_err(Lack::Packages)?;
    let home = places.tool(name, &format!("{version}-{}", &digest[..8]));
    let (python, complete) = (home.join("bin/python"), home.join("complete"));
    if !complete.is_file() {
        make(&home).map_err(Lack::Python)?;
        fill(&python, &places.root.join(folder)).map_err(Lack::Packages)?;
        std::fs::write(&complete, "").map_err(|e| Lack::Packages(format!("{}: {e}", complete.display())))?;
    }
    Ok(python)
}

fn make(home: &Path) -> Done {
    if on_path("python3").is_none() {
        process::apt_install(&["python3", "python3-venv"])?;
    }
    let venv = || {
        page::empty_folder(home)?;
        process::quiet(Command::new("python3").args(["-m", "venv"]).arg(home), "python3 -m venv")
    };
    // Debian's Python comes without the part that installs packages.
    venv().or_else(|_| process::apt_install(&["python3-venv"]).and_then(|()| venv())).map(|_| ())
}

fn fill(python: &Path, folder: &Path) -> Done {
    let mut pip = Command::new(python);
    pip.args(["-m", "pip", "install", "--quiet", "--no-deps", "--disable-pip-version-check", "-r"]);
    process::quiet(pip.arg(folder.join("requirements.txt")), "pip install")?;
    process::quiet(Command::new(python).arg(folder.join("port.py")), "port.py").map(|_| ())
}

//! The stylesheet: Lightning CSS follows the imports of `style/main.css` and lowers what
//! common browsers do not know yet.

use super::Profile;
use crate::places::Places;
use crate::{Done, node, process};
use std::path::Path;
use std::process::Command;

const VERSION: &str = "1.33.0";

pub fn bundle(places: &Places, output: &Path, profile: Profile) -> Done {
    let tool = node::tool(places, "lightningcss-cli", VERSION, "lightningcss")?;
    let mut command = Command::new(tool);
    command.current_dir(places.root.join("style")).args(["--bundle", "--targets", "defaults"]);
    if profile == Profile::Release {
        command.arg("--minify");
    }
    command.args(["main.css", "-o"]).arg(output);
    process::visible(&mut command, "bundling style/main.css")
}

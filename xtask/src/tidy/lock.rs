//! Rules about the dependencies, read from `Cargo.lock`.

use super::File;
use crate::{Done, cargo, places::Places};

/// Two versions of one of these side by side do not understand each other, or cost minutes.
const ONCE: [&str; 11] = [
    "leptos",
    "reactive_graph",
    "server_fn",
    "axum",
    "hyper",
    "tower-http",
    "tokio",
    "sea-orm",
    "sqlx-core",
    "rustls",
    "libsqlite3-sys",
];

/// Never, and why.
const NEVER: [(&str, &str); 4] = [
    ("openssl-sys", "rustls is our TLS"),
    ("native-tls", "rustls is our TLS"),
    ("aws-lc-sys", "it needs a C toolchain and minutes; ring is there already"),
    ("async-std", "tokio is our runtime"),
];

const REGISTRY: &str = "registry+https://github.com/rust-lang/crates.io-index";

pub fn dependencies_are_agreed(places: &Places, _: &[File]) -> Done<Vec<String>> {
    let lock = std::fs::read_to_string(places.root.join("Cargo.lock")).map_err(|e| format!("Cargo.lock: {e}"))?;
    Ok(judge(&lock))
}

fn judge(lock: &str) -> Vec<String> {
    let packages: Vec<_> = cargo::packages(lock).collect();
    let mut violations = Vec::new();
    for name in ONCE {
        let versions: Vec<&str> = packages.iter().filter(|p| p.name == name).map(|p| p.version).collect();
        if versions.len() > 1 {
            violations.push(format!("Cargo.lock: {name} in the versions {}", versions.join(", ")));
        }
    }
    for (name, why) in NEVER {
        if packages.iter().any(|p| p.name == name) {
            violations.push(format!("Cargo.lock: {name}: {why}"));
        }
    }
    let strangers = packages.iter().filter(|p| p.source.is_some_and(|source| source != REGISTRY));
    violations.extend(strangers.map(|p| format!("Cargo.lock: {} does not come from crates.io", p.name)));
    violations
}

#[cfg(test)]
mod tests {
    use super::judge;

    #[test]
    fn doubles_strangers_and_the_unwanted_are_found() {
        let package = |name: &str, version: &str, source: &str| {
            format!("[[package]]\nname = \"{name}\"\nversion = \"{version}\"\nsource = \"{source}\"\n\n")
        };
        let lock = package("axum", "0.7.1", super::REGISTRY)
            + &package("axum", "0.8.9", super::REGISTRY)
            + &package("native-tls", "0.2.0", super::REGISTRY)
            + &package("wall", "0.1.0", "git+https://example.org/wall");
        assert_eq!(judge(&lock).len(), 3);
    }
}

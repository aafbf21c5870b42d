//! The machine: its cores, and what a process uses of them.

use crate::Done;
use std::process::{Command, Stdio};

/// Ticks of `/proc` in a second: fixed on Linux for all who ask (proc(5)).
const TICKS: f64 = 100.0;

/// What a process has used so far.
#[derive(Clone, Copy, Debug)]
pub struct Usage {
    /// Seconds of a core, in user and system mode together.
    pub cpu: f64,
    /// Resident memory, bytes.
    pub memory: f64,
}

/// # Errors
/// When there is no such process any more.
pub fn usage(pid: u32) -> Done<Usage> {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat"))?;
    // The name in parentheses may hold anything; the numbers follow the last one.
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
    let ticks = |at: usize| fields.get(at).and_then(|f| f.parse::<f64>().ok()).ok_or("unreadable /proc/PID/stat");
    let status = std::fs::read_to_string(format!("/proc/{pid}/status"))?;
    let resident = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap_or_default();
    let kilobytes: f64 = resident.trim().trim_end_matches(" kB").parse().unwrap_or_default();
    Ok(Usage { cpu: (ticks(11)? + ticks(12)?) / TICKS, memory: kilobytes * 1024.0 })
}

pub fn cores() -> usize {
    std::fs::read_to_string("/proc/cpuinfo").map_or(1, |text| text.matches("processor\t").count()).max(1)
}

/// The command, on the server's core if there is one to spare.
pub fn on_server_core(program: &std::path::Path) -> Command {
    if cores() < 2 {
        return Command::new(program);
    }
    let mut command = Command::new("taskset");
    command.args(["-c", "0"]).arg(program);
    command
}

/// The command, wherever there is room: a process inherits the loader's core.
pub fn on_any_core(program: &std::path::Path) -> Command {
    let mut command = Command::new("taskset");
    command.args(["-c", &format!("0-{}", cores() - 1)]).arg(program);
    command
}

/// The loader's core.
pub fn pin_myself() {
    if cores() < 2 {
        eprintln!("bench: one core only: server and loader share it, so times mean little");
        return;
    }
    let own = std::process::id().to_string();
    let _ = Command::new("taskset").args(["-cp", "1", &own]).stdout(Stdio::null()).status();
}

/// One line: processor, cores, kernel, load.
pub fn describe() -> String {
    let read = |file: &str| std::fs::read_to_string(file).unwrap_or_default();
    let cpu = read("/proc/cpuinfo");
    let model = cpu.lines().find_map(|line| line.strip_prefix("model name\t: ")).unwrap_or("unknown processor");
    let kernel = read("/proc/sys/kernel/osrelease");
    let load = read("/proc/loadavg");
    let load: Vec<&str> = load.split(' ').take(3).collect();
    format!("{model}, {} cores, Linux {}, load {}", cores(), kernel.trim(), load.join(" "))
}

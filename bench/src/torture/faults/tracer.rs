//! strace on the running program: it makes calls of the system fail, as long as it is there.

use super::on_path;
use crate::Done;
use crate::client::wait_until;
use crate::server::{Server, signal_to};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// How long attaching and detaching may take.
const PATIENCE: Duration = Duration::from_secs(10);

pub struct Tracer(Child);

impl Tracer {
    /// Lets calls fail: `call` is a name of a system call, `what` strace's word for the rest
    /// (`error=EIO:when=3+`). Every thread has a count of its own.
    pub async fn inject(server: &Server, call: &str, what: &str) -> Done<Self> {
        let inject = format!("inject={call}:{what}");
        Self::attach(server, &["-e", &format!("trace={call}"), "-e", &inject, "-o", "/dev/null"]).await
    }

    /// Attaches with these arguments and waits until all threads are held.
    pub async fn attach(server: &Server, arguments: &[&str]) -> Done<Self> {
        let mut strace = Command::new("strace");
        strace.args(["-f", "-qq", "-p", &server.pid().to_string()]).args(arguments);
        let child = strace.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn();
        let tracer = Self(child.map_err(|e| format!("strace: {e}"))?);
        let attached = wait_until(PATIENCE, || server.tracer() == tracer.0.id()).await;
        attached.map_err(|()| "strace could not attach".to_owned())?;
        tokio::time::sleep(Duration::from_millis(50)).await;
        Ok(tracer)
    }

    pub fn missing() -> Option<String> {
        if !on_path("strace") {
            return Some("strace is not installed".to_owned());
        }
        let traced = Command::new("strace").args(["-qq", "-o", "/dev/null", "true"]).stderr(Stdio::null()).status();
        (!traced.is_ok_and(|status| status.success())).then(|| "strace is not allowed here".to_owned())
    }

    /// Lets the program alone again.
    pub async fn detach(mut self) -> Done {
        signal_to(self.0.id(), "-INT")?;
        let gone = wait_until(PATIENCE, || matches!(self.0.try_wait(), Ok(Some(_)) | Err(_))).await;
        gone.map_err(|()| "strace did not detach".to_owned())
    }
}

impl Drop for Tracer {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

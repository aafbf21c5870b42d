//! Threads whose work can wait.

/// From now on this thread, and those that it starts, only run while no other wants to. Not niceness: a nice
/// thread keeps the core for milliseconds from one that wakes up, each time that it does.
pub(crate) fn give_way() {
    #[cfg(target_os = "linux")]
    {
        use thread_priority::{NormalThreadSchedulePolicy::Idle, ThreadPriority, ThreadSchedulePolicy};
        let (policy, thread) = (ThreadSchedulePolicy::Normal(Idle), thread_priority::thread_native_id());
        if let Err(cause) = thread_priority::set_thread_priority_and_policy(thread, ThreadPriority::Min, policy) {
            tracing::debug!(?cause, "a thread does not give way");
        }
    }
}

//! What a crowd needed goes back to the system when the crowd has left.
//!
//! The allocator keeps free memory for a second, in case somebody needs it, and lets go of it when
//! it is at work after that, or when a thread ends. When everybody has left nobody is at work.

use crate::house::House;
use std::time::Duration;

/// How often it is looked at who has left; longer than the allocator keeps free memory.
const EVERY: Duration = Duration::from_millis(1_200);
/// So many are a crowd.
const CROWD: usize = 100;

/// Gives memory back after each crowd, as long as the process runs.
pub async fn tend(house: House) {
    let (mut before, mut left) = (0_usize, 0);
    loop {
        tokio::time::sleep(EVERY).await;
        let open = house.chat.hub().connections();
        let leaving = before.saturating_sub(open);
        left += leaving;
        before = open;
        if left >= CROWD && leaving == 0 {
            left = 0;
            // Little, but in between all that the crowd needed.
            house.chat.forget_looked_up();
            tokio::time::sleep(EVERY).await;
            give_back();
        }
    }
}

/// A thread that allocates something and ends.
fn give_back() {
    let work = || drop(std::hint::black_box(Box::new(0_u8)));
    if let Err(cause) = std::thread::Builder::new().name("give-back".into()).spawn(work) {
        tracing::warn!(%cause, "memory is given back later");
    }
}

//! What every WebSocket of this server is opened with; one place, so that the sockets that the
//! conformance suite judges (`echo`) are those that people get.

use axum::extract::ws::WebSocketUpgrade;

const READ_BUFFER: usize = 4 * 1024;
const WRITE_BUFFER: usize = 16 * 1024;
const MAX_WRITE_BUFFER: usize = 256 * 1024;

/// Sets buffers and limits; `largest` is that of a frame and of a message, in bytes.
pub fn terms(upgrade: WebSocketUpgrade, largest: usize) -> WebSocketUpgrade {
    upgrade
        .read_buffer_size(READ_BUFFER)
        .write_buffer_size(WRITE_BUFFER)
        // One frame has to fit beside what waits already.
        .max_write_buffer_size(MAX_WRITE_BUFFER.max(WRITE_BUFFER + 2 * largest))
        .max_message_size(largest)
        .max_frame_size(largest)
}

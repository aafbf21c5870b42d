//! What brings the faults about.

//! See `fuzz::spans`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| fuzz::quick(data, fuzz::spans::check));

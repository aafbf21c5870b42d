//! See `fuzz::file_name`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| fuzz::quick(data, fuzz::file_name::check));

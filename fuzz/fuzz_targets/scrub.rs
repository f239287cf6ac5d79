#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| oauthapp::fuzz::scrub(input));

//! Has a fault that only guidance by coverage finds, and only AddressSanitizer sees: it shows that both are at work.

#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| {
    if let [b'o', b'u', b'c', b'h', ..] = input {
        let heap = input.to_vec();
        // SAFETY: none. It reads behind the end.
        std::hint::black_box(unsafe { heap.as_ptr().add(heap.len()).read_volatile() });
    }
});

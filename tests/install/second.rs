//! Another library in Rust, compiled on its own: it has the standard library once more, and an allocator that counts.

use std::alloc::{GlobalAlloc, Layout, System};
use std::collections::HashMap;
use std::hint::black_box;
use std::sync::atomic::{AtomicUsize, Ordering};

static ALLOCATIONS: AtomicUsize = AtomicUsize::new(0);

struct Counting;

// SAFETY: the system's allocator does it.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        ALLOCATIONS.fetch_add(1, Ordering::SeqCst);
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        unsafe { System.dealloc(block, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

#[unsafe(no_mangle)]
pub extern "C" fn second_allocations() -> usize {
    ALLOCATIONS.load(Ordering::SeqCst)
}

/// Whether a panic comes to where it is caught, in another thread too, with its message.
#[unsafe(no_mangle)]
pub extern "C" fn second_catches_panics() -> bool {
    std::panic::set_hook(Box::new(|_| {}));
    let panics = || {
        let numbers: HashMap<String, usize> = (0..100).map(|number| (number.to_string(), number)).collect();
        assert_eq!(numbers[black_box("7")], 8, "seven");
    };
    let here = std::panic::catch_unwind(panics);
    let there = std::thread::spawn(panics).join();
    [here, there].into_iter().all(|caught| {
        caught.is_err_and(|panic| panic.downcast_ref::<String>().is_some_and(|message| message.contains("seven")))
    })
}

//! The allocator of the C libraries: the system's, but what is freed is overwritten first.
//!
//! The library wipes its own secrets. Those who work for it (HTTP, TLS, JSON) copy passwords and tokens too, into buffers of
//! theirs that they free as they are. All of them allocate here.

use std::alloc::{GlobalAlloc, Layout, System};
use std::hint::black_box;

pub(crate) struct Wiping;

// SAFETY: the system's allocator does all of it; a block is written to only as long as it is allocated.
unsafe impl GlobalAlloc for Wiping {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: as promised for this function.
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        // SAFETY: as promised for this function.
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        // SAFETY: the block has this size, as promised for this function.
        unsafe {
            block.write_bytes(0, layout.size());
            // Or else the compiler leaves out what nobody can read any more.
            System.dealloc(black_box(block), layout);
        }
    }

    // A block that grows is always moved by hand: the system would leave its old place as it was. (The trait's own `realloc`
    // does just that.)
}

//! In a Rust program, whose allocator leaves as it is what is freed, the library's own buffers are wiped all the same. Alone
//! in its file, since it looks at every block that is freed.

mod support;

use oauthapp::{Client, GetProfile, SignIn};
use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use support::{Scripted, json};

/// Longer than the first block of any buffer on the way, so that each of them has to grow.
const CANARY_BYTES: usize = 3000;
/// What the canary is made of.
const PIECE: [u8; 8] = *b"canary-%";

thread_local! {
    /// How many blocks with a piece of the canary in them this thread has freed while it looked; none while it doesn't.
    static FOUND: Cell<Option<usize>> = const { Cell::new(None) };
}

struct Looking;

// SAFETY: the system's allocator does all of it; a block is only read, as long as it is allocated.
unsafe impl GlobalAlloc for Looking {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // Empty, so that nothing is found there that an earlier owner has left.
        // SAFETY: as promised for this function.
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        // SAFETY: the block has this size.
        let byte = |at: usize| unsafe { block.add(at).read_volatile() };
        if let Some(found) = FOUND.get() {
            let begins = |at: usize| PIECE.iter().zip(at..).all(|(piece, at)| byte(at) == *piece);
            let holds_it = (0..(layout.size() + 1).saturating_sub(PIECE.len())).any(begins);
            FOUND.set(Some(found + usize::from(holds_it)));
        }
        // SAFETY: as promised for this function.
        unsafe { System.dealloc(block, layout) };
    }

    // A block that grows is moved by hand, by the trait's own `realloc`: its old place is freed here too.
}

#[global_allocator]
static ALLOCATOR: Looking = Looking;

/// How many of the blocks that this frees hold the canary.
fn found(act: impl FnOnce()) -> usize {
    FOUND.set(Some(0));
    act();
    FOUND.take().unwrap()
}

#[test]
fn no_buffer_of_a_call_is_freed_with_a_secret_in_it() {
    let canary = String::from_utf8(PIECE.repeat(CANARY_BYTES / PIECE.len())).unwrap();
    let copy = canary.clone();
    assert_eq!(found(|| drop(copy)), 1, "what is not wiped is found");

    let token = format!("{{\"code\":200,\"data\":{{\"access_token\":\"{canary}\"}},\"err\":\"\"}}");
    let profile = format!("{{\"code\":200,\"data\":{{\"unionID\":\"{canary}\"}},\"err\":\"\"}}");
    let chunked =
        format!("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{:x}\r\n{token}\r\n0\r\n\r\n", token.len());
    let server = Scripted::answering([json(&token), chunked.into_bytes(), json(&profile)]);
    let calls = found(|| {
        let client = Client::builder(2).base_url(&server.url).keep_session(true).build().unwrap();
        client.sign_in(&SignIn::new("wwww", &canary)).unwrap();
        client.call_raw(&SignIn::new("wwww", &canary)).unwrap();
        client.call_raw(&GetProfile::new()).unwrap();
    });
    assert_eq!(calls, 0);
}

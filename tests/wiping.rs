//! In a Rust program, whose allocator leaves as it is what is freed, the library's own buffers are wiped all the same. Alone
//! in its file, since it looks at every block that is freed.

mod support;

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64_STANDARD;
use oauthapp::{Client, ClientCertificate, ErrorKind, GetProfile, SignIn};
use rcgen::{CertificateParams, KeyPair};
use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::io::{BufReader, Write};
use std::net::TcpListener;
use std::thread;
use support::{Scripted, http, json, read_request};

/// Longer than the first block of any buffer on the way, so that each of them has to grow.
const CANARY_BYTES: usize = 6000;
/// No buffer for a secret of these tests is smaller.
const BUFFER_BYTES: usize = 128;
/// What is looked for, with all bits turned over: it is on the stack, and what was there may be in a gap of any block.
type Piece = [u8; 8];

const fn turned_over(text: [u8; 8]) -> Piece {
    (!u64::from_ne_bytes(text)).to_ne_bytes()
}

/// What the canary is made of.
const CANARY: &str = "canary-%";
const PIECE: Piece = turned_over(*b"canary-%");

thread_local! {
    /// What this thread looks for, and how many blocks with it it has freed since; none while it doesn't look.
    static LOOKS: Cell<Option<(Piece, usize)>> = const { Cell::new(None) };
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
        if let Some((piece, found)) = LOOKS.get() {
            let begins = |at: usize| piece.iter().zip(at..).all(|(piece, at)| byte(at) == !*piece);
            let holds_it =
                layout.size() >= BUFFER_BYTES && (0..(layout.size() + 1).saturating_sub(piece.len())).any(begins);
            LOOKS.set(Some((piece, found + usize::from(holds_it))));
        }
        // SAFETY: as promised for this function.
        unsafe { System.dealloc(block, layout) };
    }

    // A block that grows is moved by hand, by the trait's own `realloc`: its old place is freed here too.
}

#[global_allocator]
static ALLOCATOR: Looking = Looking;

/// How many of the blocks that this frees hold the piece.
fn found(piece: Piece, act: impl FnOnce()) -> usize {
    LOOKS.set(Some((piece, 0)));
    act();
    LOOKS.take().unwrap().1
}

#[test]
fn no_buffer_of_a_call_is_freed_with_a_secret_in_it() {
    let canary = CANARY.repeat(CANARY_BYTES / CANARY.len());
    let copy = canary.clone();
    assert_eq!(found(PIECE, || drop(copy)), 1, "what is not wiped is found");

    let token = format!("{{\"code\":200,\"data\":{{\"access_token\":\"{canary}\"}},\"err\":\"\"}}");
    let profile = format!("{{\"code\":200,\"data\":{{\"unionID\":\"{canary}\"}},\"err\":\"\"}}");
    let chunked =
        format!("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{:x}\r\n{token}\r\n0\r\n\r\n", token.len());
    let server = Scripted::answering([json(&token), chunked.into_bytes(), json(&profile)]);
    let calls = found(PIECE, || {
        let client = Client::builder(2).base_url(&server.url).keep_session(true).build().unwrap();
        client.sign_in(&SignIn::new("wwww", &canary)).unwrap();
        client.call_raw(&SignIn::new("wwww", &canary)).unwrap();
        client.call_raw(&GetProfile::new()).unwrap();
    });
    assert_eq!(calls, 0);
}

#[test]
fn the_decoded_client_key_is_not_freed_as_it_is() {
    let key = KeyPair::generate().unwrap();
    let chain = CertificateParams::default().self_signed(&key).unwrap().pem();
    let (der, pem) = (key.serialize_der(), key.serialize_pem());
    // Of the secret number's 32 bytes, which in PKCS#8 begin after 36.
    let piece = turned_over(der[48..56].try_into().unwrap());
    let mut read = None;
    let reading = found(piece, || read = Some(ClientCertificate::from_pem(chain.as_bytes(), pem.as_bytes()).unwrap()));
    assert_eq!(reading, 0);
}

#[test]
fn no_buffer_of_a_proxys_credentials_is_freed_with_a_secret_in_it() {
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || {
        for connection in listener.incoming() {
            let mut reader = BufReader::new(connection.unwrap());
            read_request(&mut reader);
            reader.get_mut().write_all(b"HTTP/1.1 403 Forbidden\r\n\r\n").unwrap();
        }
    });
    // Escaped, so that what is looked for is only in what the library makes of it.
    let password = "canary-%25".repeat(CANARY_BYTES / CANARY.len());
    let url = format!("http://user:{password}@{address}");
    let in_base64 = BASE64_STANDARD.encode(format!("user:{}", CANARY.repeat(3)));
    for piece in [PIECE, turned_over(in_base64.as_bytes()[12..20].try_into().unwrap())] {
        let call = found(piece, || {
            let client = Client::builder(2).base_url("https://oauthapp.invalid").proxy(url.as_str()).max_retries(0);
            let error = client.build().unwrap().call_raw(&SignIn::new("wwww", "123456")).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Proxy);
        });
        assert_eq!(call, 0);
    }
}

#[test]
fn what_was_not_read_of_an_answer_is_wiped() {
    let token = format!("{{\"access_token\":\"{}\"}}", CANARY.repeat(300));
    let server = Scripted::answering([json(&token)]);
    let call = found(PIECE, || {
        let client = Client::builder(2).base_url(&server.url).max_response_bytes(1000).max_retries(0).build().unwrap();
        let error = client.sign_in(&SignIn::new("wwww", "123456")).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::ResponseTooLarge);
    });
    assert_eq!(call, 0);
}

#[test]
fn an_answer_that_is_none_is_wiped() {
    let canary = CANARY.repeat(CANARY_BYTES / CANARY.len());
    let not_utf8 = [canary.as_bytes(), b"\xff"].concat();
    // A head that has no end, for which every buffer grows as far as it can.
    let no_head = format!("HTTP/1.1 200 OK\r\nX: {}", canary.repeat(6)).into_bytes();
    for (answer, expected) in
        [(http("200 OK", &[], not_utf8), ErrorKind::ResponseNotUtf8), (no_head, ErrorKind::NotHttp)]
    {
        let server = Scripted::answering([answer]);
        let call = found(PIECE, || {
            let client = Client::builder(2).base_url(&server.url).max_retries(0).build().unwrap();
            assert_eq!(client.sign_in(&SignIn::new("wwww", "123456")).unwrap_err().kind(), expected);
        });
        assert_eq!(call, 0);
    }
}

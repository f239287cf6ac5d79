//! The floor: what a call costs that is written by hand for this one request, on a bare socket or on rustls.

use oauthapp_benches::client::{Client, run};
use oauthapp_benches::connection::{Connection, connect, read_message, tls_config};
use oauthapp_benches::envelope::data;
use oauthapp_benches::{PATH, REQUEST};
use rustls::ClientConfig;
use std::ffi::CString;
use std::sync::Arc;

fn main() {
    run::<Floor>();
}

struct Floor {
    address: String,
    tls: Option<Arc<ClientConfig>>,
    request: String,
}

struct Caller {
    connection: Box<dyn Connection>,
    answer: Box<[u8; 16 * 1024]>,
}

impl Client for Floor {
    type Caller = Caller;

    fn new(url: &str, authority: &str) -> Self {
        let (scheme, address) = url.split_once("://").expect("a URL");
        let request = format!(
            "POST {PATH} HTTP/1.1\r\nHost: {address}\r\nContent-Type: application/json\r\nAccept: application/json\r\n\
             Content-Length: {}\r\n\r\n{REQUEST}",
            REQUEST.len()
        );
        let tls = (scheme == "https").then(|| tls_config(authority));
        Floor { address: address.to_owned(), tls, request }
    }

    fn caller(&self) -> Caller {
        let connection = connect(&self.address, self.tls.as_ref()).expect("the server is there");
        Caller { connection, answer: Box::new([0; _]) }
    }

    fn sign_in(&self, caller: &mut Caller) -> CString {
        caller.connection.write_all(self.request.as_bytes()).expect("the server listens");
        let length = read_message(&mut caller.connection, &mut *caller.answer).expect("an HTTP answer");
        let (head, body) = length.expect("an answer");
        let (head, body) = caller.answer[..head + body].split_at(head);
        assert!(head.starts_with(b"HTTP/1.1 200 "), "the server accepts");
        data(body)
    }
}

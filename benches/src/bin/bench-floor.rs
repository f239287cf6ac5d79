//! The floor: what a call costs that is written by hand for this one request, on a bare socket or on rustls.

use oauthapp_benches::PATH;
use oauthapp_benches::client::{Client, run};
use oauthapp_benches::connection::{Connection, read_message, tls_provider};
use rustls::pki_types::{CertificateDer, ServerName, pem::PemObject};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};
use serde::Deserialize;
use serde_json::value::RawValue;
use std::borrow::Cow;
use std::ffi::CString;
use std::net::TcpStream;
use std::sync::Arc;
use std::time::Duration;

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

#[derive(Deserialize)]
struct Envelope<'a> {
    code: i64,
    #[serde(borrow)]
    data: &'a RawValue,
    #[serde(borrow)]
    err: Cow<'a, str>,
}

impl Client for Floor {
    type Caller = Caller;

    fn new(url: &str, authority: &str) -> Self {
        let (scheme, address) = url.split_once("://").expect("a URL");
        let body = r#"{"pwd":"123456","userName":"wwww"}"#;
        let request = format!(
            "POST {PATH} HTTP/1.1\r\nHost: {address}\r\nContent-Type: application/json\r\nAccept: application/json\r\n\
             Content-Length: {}\r\n\r\n{body}",
            body.len()
        );
        let tls = (scheme == "https").then(|| Arc::new(tls_config(authority)));
        Floor { address: address.to_owned(), tls, request }
    }

    fn caller(&self) -> Caller {
        let socket = TcpStream::connect(&self.address).expect("the server is there");
        socket.set_nodelay(true).expect("a TCP socket");
        // The cheapest deadline there is. It does not hold against a server that dribbles.
        socket.set_read_timeout(Some(Duration::from_secs(30))).expect("a TCP socket");
        let connection: Box<dyn Connection> = match &self.tls {
            None => Box::new(socket),
            Some(tls) => {
                let name = ServerName::from(socket.peer_addr().expect("it is connected").ip());
                let session = ClientConnection::new(Arc::clone(tls), name).expect("a sound configuration");
                Box::new(StreamOwned::new(session, socket))
            }
        };
        Caller { connection, answer: Box::new([0; _]) }
    }

    fn sign_in(&self, caller: &mut Caller) -> CString {
        caller.connection.write_all(self.request.as_bytes()).expect("the server listens");
        let length = read_message(&mut caller.connection, &mut *caller.answer).expect("an HTTP answer");
        let (head, body) = length.expect("an answer");
        let (head, body) = caller.answer[..head + body].split_at(head);
        assert!(head.starts_with(b"HTTP/1.1 200 "), "the server accepts");
        let envelope: Envelope = serde_json::from_slice(body).expect("an envelope");
        assert!(envelope.code == 200 && envelope.err.is_empty(), "the sign-in succeeds");
        CString::new(envelope.data.get()).expect("JSON without NUL")
    }
}

fn tls_config(authority: &str) -> ClientConfig {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_slice(authority.as_bytes()).expect("PEM")).expect("a certificate");
    ClientConfig::builder_with_provider(tls_provider())
        .with_protocol_versions(&[&rustls::version::TLS13])
        .expect("TLS 1.3 with a cipher suite of it")
        .with_root_certificates(roots)
        .with_no_client_auth()
}

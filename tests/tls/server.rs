//! A server that speaks TLS as a test wants it, and says what it has seen.

use crate::support;
use crate::support::authority::{Authority, Identity};
use oauthapp::{Client, ClientBuilder, Error, Roots, SignIn, Trust};
use rustls::server::WebPkiClientVerifier;
use rustls::sign::{CertifiedKey, SingleCertAndKey};
use rustls::{
    HandshakeKind, ProtocolVersion, RootCertStore, ServerConfig, ServerConnection, Stream, SupportedProtocolVersion,
};
use std::io::{self, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};
use std::thread;

/// The versions that are spoken, each alone.
pub const VERSIONS: [&SupportedProtocolVersion; 2] = [&rustls::version::TLS12, &rustls::version::TLS13];

/// What a server says of a connection when it has ended.
#[derive(Debug)]
pub struct Seen {
    pub version: Option<ProtocolVersion>,
    pub handshake: Option<HandshakeKind>,
    /// How many certificates the client has shown.
    pub client_certificates: usize,
    /// How many requests were answered.
    pub answers: usize,
}

/// The server's side of a connection.
pub type Connection<'a> = Stream<'a, ServerConnection, TcpStream>;

pub struct Server {
    pub url: String,
    seen: Receiver<Seen>,
}

impl Server {
    /// A server on localhost with a good certificate of this authority, that closes each connection after one answer.
    pub fn of(authority: &Authority) -> Self {
        Server::with(authority.identity("localhost"))
    }

    /// The same with this certificate.
    pub fn with(identity: Identity) -> Self {
        Server::start(config(identity, rustls::ALL_VERSIONS, None), answer_once)
    }

    /// A server that does this with each connection; it gives the number of its answers.
    pub fn start(config: ServerConfig, behaviour: impl Fn(&mut Connection) -> usize + Send + 'static) -> Self {
        let config = Arc::new(config);
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let url = format!("https://localhost:{}", listener.local_addr().unwrap().port());
        let (sender, seen) = channel();
        thread::spawn(move || {
            for socket in listener.incoming() {
                let mut socket = socket.unwrap();
                let mut connection = ServerConnection::new(Arc::clone(&config)).unwrap();
                let answers = behaviour(&mut Stream::new(&mut connection, &mut socket));
                connection.send_close_notify();
                while connection.wants_write() && connection.write_tls(&mut socket).is_ok() {}
                let seen = Seen {
                    version: connection.protocol_version(),
                    handshake: connection.handshake_kind(),
                    client_certificates: connection.peer_certificates().map_or(0, <[_]>::len),
                    answers,
                };
                // A test that wants to know nothing more is gone.
                let _ = sender.send(seen);
                let _ = socket.shutdown(std::net::Shutdown::Write);
                // Until the client closes too: a close with unread input would reset the connection under its answer.
                thread::spawn(move || socket.read_to_end(&mut Vec::new()));
            }
        });
        Server { url, seen }
    }

    /// A client of this server.
    pub fn client(&self) -> ClientBuilder {
        Client::builder(2).base_url(&self.url).max_retries(0)
    }

    /// A client that believes this authority alone.
    pub fn client_trusting(&self, authority: &Authority) -> ClientBuilder {
        self.client().trust(Trust::Only(Roots::from_pem(authority.pem.as_bytes()).unwrap()))
    }

    /// The next connection that has ended.
    pub fn seen(&self) -> Seen {
        self.seen.recv().unwrap()
    }
}

/// Settings of a server; where an authority is given, it wants clients with a certificate of it.
pub fn config(
    identity: Identity,
    versions: &[&'static SupportedProtocolVersion],
    clients: Option<&Authority>,
) -> ServerConfig {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ServerConfig::builder_with_provider(Arc::clone(&provider)).with_protocol_versions(versions).unwrap();
    let builder = match clients {
        Some(authority) => {
            let mut roots = RootCertStore::empty();
            roots.add(authority.der.clone()).unwrap();
            let verifier = WebPkiClientVerifier::builder_with_provider(roots.into(), provider).build().unwrap();
            builder.with_client_cert_verifier(verifier)
        }
        None => builder.with_no_client_auth(),
    };
    // The usual way in would refuse a first certificate that is not that of the key.
    let key = rustls::crypto::ring::sign::any_supported_type(&identity.key_der()).unwrap();
    let certified = CertifiedKey::new(identity.chain, key);
    let mut config = builder.with_cert_resolver(Arc::new(SingleCertAndKey::from(certified)));
    config.ticketer = rustls::crypto::ring::Ticketer::new().unwrap();
    config
}

/// One answer, then the end.
pub fn answer_once(stream: &mut Connection) -> usize {
    usize::from(answer(stream).is_ok())
}

/// As many answers as requests.
pub fn answer_all(stream: &mut Connection) -> usize {
    std::iter::from_fn(|| answer(stream).ok()).count()
}

/// Reads a request and answers it. An error where there is none.
pub fn answer(stream: &mut Connection) -> io::Result<()> {
    read_request(stream)?;
    stream.write_all(&one())
}

/// The answer of all of these servers.
pub fn one() -> Vec<u8> {
    support::json("{\"code\":200,\"data\":1,\"err\":\"\"}")
}

pub fn read_request(stream: &mut impl Read) -> io::Result<()> {
    let mut request = Vec::new();
    // The body is JSON, and nothing in it is nested.
    while request.last() != Some(&b'}') {
        let mut part = [0; 4096];
        match stream.read(&mut part)? {
            0 => return Err(io::ErrorKind::UnexpectedEof.into()),
            count => request.extend_from_slice(&part[..count]),
        }
    }
    Ok(())
}

/// Makes a call; every one of these servers answers it with a 1.
pub fn call(client: &Client) -> Result<(), Error> {
    client.call_raw(&SignIn::new("wwww", "123456")).map(|json| assert_eq!(json.as_str(), "1"))
}

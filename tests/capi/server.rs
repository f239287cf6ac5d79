//! The servers that the programs talk to, and what they ask their driver to do there.

use oauthapp_emulator::{Application, Emulator, KeyStyle};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::thread;
use std::time::Duration;

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Scheme {
    Http,
    Https,
}

/// What tests/c/ten_calls.c and tests/cpp/ten_calls.cpp need.
pub struct TenCalls {
    emulator: Emulator,
    /// Takes connections, as every listener does, and never answers.
    silent: TcpListener,
}

impl TenCalls {
    /// Keys are numbers over http and text over https, so that each kind is carried once.
    pub fn start(scheme: Scheme) -> Self {
        let builder = Emulator::builder().application(Application::new(3, "No mini-program").mini_program(false));
        let builder = match scheme {
            Scheme::Http => builder.key_style(KeyStyle::Number),
            Scheme::Https => builder.key_style(KeyStyle::Hex).https(),
        };
        TenCalls { emulator: builder.start().unwrap(), silent: listener() }
    }

    /// The program's first arguments.
    pub fn arguments(&self) -> [String; 2] {
        [self.emulator.url().to_owned(), url(&self.silent)]
    }

    pub fn ca_certificate_pem(&self) -> &str {
        self.emulator.ca_certificate_pem().unwrap()
    }

    pub fn act(&mut self, what: &str) {
        match what {
            "delete the newest user" => assert!(self.emulator.delete_user(self.emulator.users()[0].id)),
            "expire the newest QR code" => assert!(self.emulator.expire(&self.emulator.qr_codes()[0].key)),
            "let a day pass" => self.emulator.advance_clock(Duration::from_secs(86_400)),
            _ => panic!("it asks to {what}"),
        }
    }
}

/// A server that lets its one request wait.
pub struct Gate {
    listener: TcpListener,
    waiting: Option<TcpStream>,
}

impl Gate {
    pub fn new() -> Self {
        Gate { listener: listener(), waiting: None }
    }

    pub fn url(&self) -> String {
        url(&self.listener)
    }

    pub fn act(&mut self, what: &str) {
        match what {
            "wait for the request at the gate" => {
                let (stream, _) = self.listener.accept().unwrap();
                // A GET ends with an empty line.
                assert!(BufReader::new(&stream).lines().any(|line| line.unwrap().is_empty()));
                self.waiting = Some(stream);
            }
            "open the gate" => {
                answer(&mut self.waiting.take().expect("a request waits"), 1);
            }
            _ => panic!("it asks to {what}"),
        }
    }
}

/// A server whose answers say on which of its connections they were asked for, counted from 1. Gives its URL, and for https
/// its certificate.
pub fn counting(scheme: Scheme) -> (String, Option<String>) {
    match scheme {
        Scheme::Http => (serve(None), None),
        Scheme::Https => {
            let own = rcgen::generate_simple_self_signed(["127.0.0.1".to_owned()]).unwrap();
            let key = own.signing_key.serialize_der().try_into().unwrap();
            (with_certificate(vec![own.cert.der().clone()], key), Some(own.cert.pem()))
        }
    }
}

/// The same over https, with this certificate, what it sends along with it, and its key.
pub fn with_certificate(chain: Vec<CertificateDer<'static>>, key: PrivateKeyDer<'static>) -> String {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
    serve(Some(Arc::new(config.with_no_client_auth().with_single_cert(chain, key).unwrap())))
}

fn serve(tls: Option<Arc<ServerConfig>>) -> String {
    let listener = listener();
    let url = url(&listener);
    let url = if tls.is_some() { url.replace("http:", "https:") } else { url };
    thread::spawn(move || {
        for (number, connection) in (1..).zip(listener.incoming()) {
            let (connection, tls) = (connection.unwrap(), tls.clone());
            thread::spawn(move || match tls {
                None => answer_each(connection, number),
                Some(tls) => answer_each(StreamOwned::new(ServerConnection::new(tls).unwrap(), connection), number),
            });
        }
    });
    url
}

fn answer_each(connection: impl Read + Write, id: u32) {
    let mut connection = BufReader::new(connection);
    // A GET ends with an empty line.
    while connection.by_ref().lines().map_while(Result::ok).any(|line| line.is_empty()) {
        answer(connection.get_mut(), id);
    }
}

/// A profile with this id.
fn answer(connection: &mut impl Write, id: u32) {
    let body = format!("{{\"code\":200,\"data\":{{\"id\":{id}}},\"err\":\"\"}}");
    let head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length";
    write!(connection, "{head}: {}\r\n\r\n{body}", body.len()).unwrap();
}

fn listener() -> TcpListener {
    TcpListener::bind("127.0.0.1:0").unwrap()
}

fn url(listener: &TcpListener) -> String {
    format!("http://{}", listener.local_addr().unwrap())
}

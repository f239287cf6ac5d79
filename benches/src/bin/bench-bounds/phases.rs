//! The phases of a call in which a server can leave it hanging.

use crate::servers::{Full, answer_bytes, dribble, first_flight, nobody, serve, serve_unread};
use oauthapp::{Client, ClientBuilder, Roots, SignIn, SignUp, Trust};
use oauthapp_benches::connection::identity;
use rustls::ServerConfig;
use std::any::Any;
use std::io::Write;
use std::net::SocketAddr;
use std::ops::Range;
use std::sync::Arc;

/// How often a phase is tried that has no bytes to be tried one by one.
pub const ROUNDS: usize = 64;

/// Milliseconds.
pub const DEADLINES: Range<u64> = 100..400;

/// The default's neighbourhood: the longer a wait, the less exactly systems keep time.
const LONG_DEADLINES: Range<u64> = 25_000..35_000;

/// Larger than what fits into the buffers of both sides.
const LARGE: usize = 1_000_000;

/// A phase, and a client whose calls come into it.
pub struct Phase {
    pub name: String,
    pub rounds: usize,
    /// The deadlines to draw from, in milliseconds.
    pub deadlines: Range<u64>,
    pub client: Client,
    request: Request,
    _kept: Option<Box<dyn Any + Send + Sync>>,
}

enum Request {
    SignIn { pwd: String },
    SignUp,
}

impl Phase {
    fn new(name: impl Into<String>, client: ClientBuilder) -> Self {
        let client = client.max_retries(10).build().expect("sound settings");
        let request = Request::SignIn { pwd: "123456".to_owned() };
        Phase { name: name.into(), rounds: ROUNDS, deadlines: DEADLINES, client, request, _kept: None }
    }

    fn with_request(self, request: Request) -> Self {
        Phase { request, ..self }
    }

    fn with_rounds(self, rounds: usize) -> Self {
        Phase { rounds, ..self }
    }

    fn with_long_deadlines(self) -> Self {
        Phase { deadlines: LONG_DEADLINES, ..self }
    }

    fn keeping(self, kept: impl Any + Send + Sync) -> Self {
        Phase { _kept: Some(Box::new(kept)), ..self }
    }

    /// Makes the call.
    pub fn call(&self, client: &Client) -> oauthapp::Result<()> {
        match &self.request {
            Request::SignIn { pwd } => client.call_raw(&SignIn::new("wwww", pwd)).map(drop),
            Request::SignUp => client.call_raw(&SignUp::new().user_name("wwww").pwd("123456")).map(drop),
        }
    }
}

fn plain(address: SocketAddr) -> ClientBuilder {
    Client::builder(2).base_url(format!("http://{address}"))
}

fn secure(address: SocketAddr, authority: &str) -> ClientBuilder {
    let roots = Roots::from_pem(authority.as_bytes()).expect("a certificate");
    Client::builder(2).base_url(format!("https://{address}")).trust(Trust::Only(roots))
}

/// All phases, in the order in which a call comes to them.
pub fn all() -> Vec<Phase> {
    let (authority, tls) = identity().expect("a certificate");
    let silent = serve(|_, _| Ok(()));
    let through = |proxy: SocketAddr| Client::builder(2).proxy(format!("http://{proxy}"));
    let full = Full::new();
    let full_address = full.address;
    let mut phases = vec![
        Phase::new("name look-up hangs", Client::builder(2).base_url("https://hangs.invalid")),
        Phase::new("connection refused, waiting between retries", plain(nobody())),
        Phase::new("never accepts", plain(full_address)).keeping(full),
        Phase::new("proxy never accepts", through(full_address)),
        Phase::new("proxy never answers CONNECT", through(silent)),
        Phase::new("TLS hello unanswered", secure(silent, &authority)),
        handshake_stalls(&tls, &authority),
        Phase::new("lost sign-up, settling it unanswered", plain(lost_then_silent())).with_request(Request::SignUp),
        Phase::new("503, waiting between retries", plain(busy())),
    ];
    for tls in [None, Some(tls)] {
        let client = |address| if tls.is_some() { secure(address, &authority) } else { plain(address) };
        let over = if tls.is_some() { "TLS" } else { "plain" };
        let unread = client(serve_unread(tls.clone()));
        phases.push(Phase::new(format!("request not read, {over}"), unread).with_request(large()));
        phases.push(stalls(over, client, tls.clone()));
        phases.push(Phase::new(format!("answer dribbles, {over}"), client(dribbles(tls.clone(), 0))));
        phases.push(Phase::new(format!("body dribbles, {over}"), client(dribbles(tls.clone(), endless().0.len()))));
    }
    let (silent, unread) = (plain(silent), plain(serve_unread(None)));
    phases.push(Phase::new("no answer, about 30 s", silent).with_long_deadlines());
    phases.push(Phase::new("request not read, about 30 s", unread).with_request(large()).with_long_deadlines());
    phases
}

fn large() -> Request {
    Request::SignIn { pwd: "x".repeat(LARGE) }
}

/// Breaks off somewhere in the server's first flight: another byte each time.
fn handshake_stalls(tls: &Arc<ServerConfig>, authority: &str) -> Phase {
    let config = Arc::clone(tls);
    let address = serve(move |connection, number| {
        let flight = first_flight(connection, &config)?;
        // A prime number's multiples come everywhere.
        connection.write_all(flight.get(..number * 61 % flight.len()).unwrap_or_default())
    });
    Phase::new("TLS handshake stalls half-way", secure(address, authority))
}

/// Breaks off after each byte of a whole answer, the zeroth included.
fn stalls(over: &str, client: impl Fn(SocketAddr) -> ClientBuilder, tls: Option<Arc<ServerConfig>>) -> Phase {
    let answer = "HTTP/1.1 200 OK\r\nContent-Type: application/json; charset=utf-8\r\nContent-Length: 31\r\n\r\n\
                  {\"code\":200,\"data\":1,\"err\":\"\"}\n";
    // TLS puts a record's head and tag around it.
    let length = if tls.is_some() { answer.len() + 22 } else { answer.len() };
    let address = serve(move |connection, number| {
        let bytes = answer_bytes(connection, tls.as_ref(), answer.as_bytes())?;
        connection.write_all(bytes.get(..number % length).unwrap_or_default())
    });
    Phase::new(format!("answer stalls after each byte, {over}"), client(address)).with_rounds(length)
}

/// Sends this many bytes at once, and the others one by one.
fn dribbles(tls: Option<Arc<ServerConfig>>, at_once: usize) -> SocketAddr {
    serve(move |connection, _| {
        let (head, body) = endless();
        let bytes = answer_bytes(connection, tls.as_ref(), &[head, body].concat())?;
        let (first, rest) = bytes.split_at(at_once);
        connection.write_all(first)?;
        dribble(connection, rest)
    })
}

/// An answer, head and body, that takes longer to dribble than any deadline lasts.
fn endless() -> (Vec<u8>, Vec<u8>) {
    let head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100000\r\n\r\n";
    (head.into(), vec![b' '; 100_000])
}

/// Is always busy. Asks for a wait that is longer than a call which is to be cancelled lasts.
fn busy() -> SocketAddr {
    serve(|connection, _| {
        let bytes = b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 30\r\nContent-Length: 0\r\n\r\n";
        while !answer_bytes(connection, None, bytes)?.is_empty() {
            connection.write_all(bytes)?;
        }
        Ok(())
    })
}

/// Hangs up on sign-ups, and does not answer the sign-ins that follow.
fn lost_then_silent() -> SocketAddr {
    serve(|connection, _| {
        let mut request = [0; 1024];
        let length = connection.peek(&mut request)?;
        if request.get(..length).is_some_and(|request| request.windows(6).any(|path| path == b"SignUp")) {
            connection.shutdown(std::net::Shutdown::Both)?;
        }
        Ok(())
    })
}

//! A server that answers with exactly the bytes that a test gives it, and keeps what it was sent.

#![allow(dead_code, reason = "each test file uses a part of it")]

pub mod authority;

use socket2::{Domain, Socket, Type};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;
use std::time::Duration;

/// One request as it arrived.
pub struct Received {
    /// `POST /api/… HTTP/1.1`
    pub request_line: String,
    /// Names in lower case, values as they came.
    pub headers: Vec<(String, String)>,
    /// The bytes of the body.
    pub body: String,
}

impl Received {
    /// The values of a header, in order.
    pub fn header(&self, name: &str) -> Vec<&str> {
        self.headers.iter().filter(|(given, _)| given == name).map(|(_, value)| value.as_str()).collect()
    }
}

/// The server. It answers each connection with the next of its answers and closes; it ends with the last one.
pub struct Scripted {
    /// `http://127.0.0.1:port`
    pub url: String,
    received: Receiver<Received>,
}

impl Scripted {
    /// A server that gives these answers, one each, in this order.
    pub fn answering<T: Into<Vec<u8>>>(answers: impl IntoIterator<Item = T>) -> Self {
        let answers: Vec<Vec<u8>> = answers.into_iter().map(Into::into).collect();
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let (sender, received) = channel();
        thread::spawn(move || {
            for answer in answers {
                let Ok((connection, _)) = listener.accept() else { return };
                serve(connection, &answer, &sender);
            }
        });
        Scripted { url, received }
    }

    /// The next request that arrived. Fails the test where there is none.
    pub fn received(&self) -> Received {
        self.received.try_recv().expect("a request has arrived")
    }

    /// Whether nothing (more) has arrived.
    pub fn received_nothing(&self) -> bool {
        self.received.try_recv().is_err()
    }
}

fn serve(connection: TcpStream, answer: &[u8], sender: &Sender<Received>) {
    let mut reader = BufReader::new(connection);
    // Told before the answer goes out, so that a test whose call has returned can count on it.
    if let Some(request) = read_request(&mut reader) {
        let _ = sender.send(request);
    }
    let mut connection = reader.into_inner();
    let _ = connection.write_all(answer);
    let _ = connection.shutdown(std::net::Shutdown::Write);
    // Until the client closes too: a close with unread input would reset the connection under its answer.
    let _ = connection.read_to_end(&mut Vec::new());
}

/// Reads one request; `None` where the client has closed.
pub fn read_request(reader: &mut BufReader<TcpStream>) -> Option<Received> {
    let mut line = String::new();
    reader.read_line(&mut line).ok().filter(|length| *length > 0)?;
    let request_line = line.trim_end().to_owned();
    let mut headers = Vec::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok()?;
        let Some((name, value)) = line.trim_end_matches("\r\n").split_once(": ") else { break };
        headers.push((name.to_ascii_lowercase(), value.to_owned()));
    }
    let length =
        headers.iter().find(|(name, _)| name == "content-length").map_or(0, |(_, value)| value.parse().unwrap());
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    Some(Received { request_line, headers, body: String::from_utf8(body).unwrap() })
}

/// An address at which nobody listens. While the socket lives, the system gives the port to nobody, but a program that asks
/// for this very one can have it.
pub fn reserved_port() -> (Socket, SocketAddr) {
    let socket = Socket::new(Domain::IPV4, Type::STREAM, None).unwrap();
    socket.set_reuse_address(true).unwrap();
    socket.bind(&SocketAddr::from(([127, 0, 0, 1], 0)).into()).unwrap();
    let address = socket.local_addr().unwrap().as_socket().unwrap();
    (socket, address)
}

/// Has a test's server go on that waits for a call's connection, where the call's time ran out before it made one.
pub fn end_the_wait(address: SocketAddr) {
    let _ = TcpStream::connect(address);
}

/// A server whose queue of connections is full: the system no longer answers. It stays so while the first two live.
pub fn full_server() -> (Socket, Vec<TcpStream>, SocketAddr) {
    let socket = Socket::new(Domain::IPV4, Type::STREAM, None).unwrap();
    socket.bind(&SocketAddr::from(([127, 0, 0, 1], 0)).into()).unwrap();
    socket.listen(0).unwrap();
    let address = socket.local_addr().unwrap().as_socket().unwrap();
    let mut queue = Vec::new();
    while let Ok(connection) = TcpStream::connect_timeout(&address, Duration::from_millis(200)) {
        queue.push(connection);
    }
    (socket, queue, address)
}

/// Fails where two texts differ, saying where but not what: they may hold secrets.
#[track_caller]
pub fn assert_same(what: &str, left: &str, right: &str) {
    let common = left.bytes().zip(right.bytes()).take_while(|(left, right)| left == right).count();
    assert!(left == right, "{what}: {} and {} bytes, different from byte {common} on", left.len(), right.len());
}

/// A complete HTTP answer with these header lines.
pub fn http(status: &str, headers: &[&str], body: impl AsRef<[u8]>) -> Vec<u8> {
    let body = body.as_ref();
    let mut answer = format!("HTTP/1.1 {status}\r\nContent-Length: {}\r\n", body.len()).into_bytes();
    for header in headers {
        answer.extend_from_slice(header.as_bytes());
        answer.extend_from_slice(b"\r\n");
    }
    answer.extend_from_slice(b"\r\n");
    answer.extend_from_slice(body);
    answer
}

/// A 200 with a JSON body, as the server sends it.
pub fn json(body: &str) -> Vec<u8> {
    http("200 OK", &["Content-Type: application/json; charset=utf-8"], body)
}

/// The answer to a sign-in or sign-up, with this access token.
pub fn token(token: &str) -> Vec<u8> {
    json(&format!("{{\"code\":200,\"data\":{{\"access_token\":\"{token}\"}},\"err\":\"\"}}"))
}

/// The envelope of a failure, as the server sends it: HTTP 200, `data` an empty string.
pub fn failure(code: i64, err: &str) -> Vec<u8> {
    json(&format!("{{\"code\":{code},\"data\":\"\",\"err\":\"{err}\"}}"))
}

//! A server that repeats secrets in every way that it can, and a proxy on the way to it, at one address.

use crate::tls_server as tls;
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

/// What is done with a request.
#[derive(Clone)]
pub enum Behaviour {
    /// The answer to each, by the last part of its path.
    Answer(Arc<Answer>),
    /// The same, and the end of the connection after it.
    Last(Arc<Answer>),
    /// The end of the connection in place of an answer.
    Nothing,
    /// No answer at all.
    Silence,
    /// The proxy refuses.
    NoWay,
}

type Answer = dyn Fn(&str, &Echo) -> Vec<u8> + Send + Sync;

/// The secrets, for the server to repeat.
#[derive(Clone)]
pub struct Echo {
    pub password: String,
    pub token: String,
    pub union_id: String,
    pub key: String,
}

impl Echo {
    /// Those that this request carries, which is what a server can repeat.
    pub fn of(&self, operation: &str) -> String {
        let Echo { password, token, union_id, key } = self;
        match operation {
            "SignIn" | "SignUp" => password.clone(),
            "UnionIDSignIn" => union_id.clone(),
            "UnionIDSignUp" => format!("{union_id} {password}"),
            "QRCodeSignIn" | "QRCodeScan" => key.clone(),
            "QRCodeSignUp" => format!("{key} {union_id}"),
            "QRCodePreSignIn" => "nothing".to_owned(),
            _ => token.clone(),
        }
    }
}

pub struct Server {
    /// `127.0.0.1:port`
    pub address: String,
    behaviour: Arc<Mutex<Behaviour>>,
}

impl Server {
    /// Speaks TLS, where there is a configuration for it.
    pub fn start(config: Option<ServerConfig>, echo: &Echo) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let behaviour = Arc::new(Mutex::new(Behaviour::Nothing));
        let (config, echo, shared) = (config.map(Arc::new), echo.clone(), Arc::clone(&behaviour));
        thread::spawn(move || {
            for connection in listener.incoming() {
                let (connection, config) = (connection.unwrap(), config.clone());
                let (echo, behaviour) = (echo.clone(), Arc::clone(&shared));
                // A client that goes is no failure of the server.
                thread::spawn(move || serve(connection, config, &echo, &behaviour));
            }
        });
        Server { address, behaviour }
    }

    pub fn behave(&self, behaviour: &Behaviour) {
        *self.behaviour.lock().unwrap() = behaviour.clone();
    }
}

fn serve(
    mut connection: TcpStream,
    config: Option<Arc<ServerConfig>>,
    echo: &Echo,
    behaviour: &Mutex<Behaviour>,
) -> io::Result<()> {
    be_a_proxy(&mut connection, matches!(*behaviour.lock().unwrap(), Behaviour::NoWay))?;
    match config {
        None if speaks_tls(&connection)? => connection.write_all(&crate::support::http("400 Bad Request", &[], ""))?,
        None => answer_all(&mut connection, echo, behaviour)?,
        Some(config) => {
            let session = ServerConnection::new(config).map_err(io::Error::other)?;
            let mut stream = StreamOwned::new(session, connection.try_clone()?);
            answer_all(&mut stream, echo, behaviour)?;
            stream.conn.send_close_notify();
            stream.flush()?;
        }
    }
    connection.shutdown(Shutdown::Write)?;
    connection.read_to_end(&mut Vec::new()).map(drop)
}

/// Whether a handshake is what the client begins with.
fn speaks_tls(connection: &TcpStream) -> io::Result<bool> {
    let mut first = [0];
    connection.peek(&mut first)?;
    Ok(first[0] == 22)
}

/// Does what a proxy of the kind that the client takes this one for does; nothing for a client that asks for none.
fn be_a_proxy(connection: &mut TcpStream, refuse: bool) -> io::Result<()> {
    let mut first = [0; 1];
    connection.peek(&mut first)?;
    match first[0] {
        b'C' => {
            let mut head = Vec::new();
            while !head.ends_with(b"\r\n\r\n") {
                let mut byte = [0];
                connection.read_exact(&mut byte)?;
                head.push(byte[0]);
            }
            assert!(String::from_utf8(head).unwrap().contains("\r\nProxy-Authorization: Basic "), "it signs in");
            let answer = if refuse { "407 No\r\nProxy-Authenticate: Basic realm=\"x\"" } else { "200 Yes" };
            write!(connection, "HTTP/1.1 {answer}\r\n\r\n")
        }
        5 => {
            read_counted(connection, 1)?;
            connection.write_all(&[5, 2])?;
            // User name, password.
            read_counted(connection, 1)?;
            read_counted(connection, 0)?;
            connection.write_all(&[1, u8::from(refuse)])?;
            // Version, command and nothing, then an IPv4 address and a port.
            connection.read_exact(&mut [0; 10])?;
            connection.write_all(&[5, 0, 0, 1, 127, 0, 0, 1, 0, 0])
        }
        _ => Ok(()),
    }
}

/// Reads so many bytes, the length of a field, and the field.
fn read_counted(connection: &mut TcpStream, before: usize) -> io::Result<()> {
    let mut head = vec![0; before + 1];
    connection.read_exact(&mut head)?;
    connection.read_exact(&mut vec![0; usize::from(head[before])])
}

fn answer_all(stream: &mut (impl Read + Write), echo: &Echo, behaviour: &Mutex<Behaviour>) -> io::Result<()> {
    let mut stream = BufReader::new(stream);
    while let Some(operation) = read_request(&mut stream)? {
        let behaviour = behaviour.lock().unwrap().clone();
        match behaviour {
            Behaviour::Answer(answer) => stream.get_mut().write_all(&answer(&operation, echo))?,
            Behaviour::Last(answer) => return stream.get_mut().write_all(&answer(&operation, echo)),
            Behaviour::Nothing | Behaviour::NoWay => return Ok(()),
            // Until the client has had enough.
            Behaviour::Silence => {}
        }
    }
    Ok(())
}

/// The last part of the path.
fn read_request(stream: &mut impl BufRead) -> io::Result<Option<String>> {
    let mut line = String::new();
    if stream.read_line(&mut line)? == 0 {
        return Ok(None);
    }
    let path = line.split(' ').nth(1).unwrap_or_default().to_owned();
    let mut length = 0;
    loop {
        let mut header = String::new();
        stream.read_line(&mut header)?;
        match header.trim_end().to_ascii_lowercase().split_once(": ") {
            Some(("content-length", value)) => length = value.parse().unwrap(),
            Some(_) => {}
            None => break,
        }
    }
    stream.read_exact(&mut vec![0; length])?;
    Ok(Some(path.rsplit('/').next().unwrap_or_default().to_owned()))
}

/// What the server's TLS is like: it wants a client certificate of this authority.
pub fn config(authority: &crate::support::authority::Authority) -> ServerConfig {
    tls::config(authority.identity("127.0.0.1"), rustls::ALL_VERSIONS, Some(authority))
}

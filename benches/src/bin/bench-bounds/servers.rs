//! Servers that misbehave. Each serves every connection in a thread of its own, and keeps it open when its script has ended.

use oauthapp_benches::connection::read_message;
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use socket2::{Domain, Socket, Type};
use std::io::{self, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::thread;
use std::time::Duration;

/// How far apart the bytes of a server are that dribbles.
const DRIBBLE: Duration = Duration::from_millis(5);

/// Begins to serve; the script gets a connection and its number.
pub fn serve(script: impl Fn(&mut TcpStream, usize) -> io::Result<()> + Send + Sync + 'static) -> SocketAddr {
    let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
    serve_at(listener, script)
}

fn serve_at(
    listener: TcpListener,
    script: impl Fn(&mut TcpStream, usize) -> io::Result<()> + Send + Sync + 'static,
) -> SocketAddr {
    let address = listener.local_addr().expect("it is bound");
    let script = Arc::new(script);
    thread::spawn(move || {
        for (number, mut connection) in listener.incoming().flatten().enumerate() {
            let script = Arc::clone(&script);
            thread::spawn(move || {
                // The client gives up before a script ends, which is the point of it.
                let _ = script(&mut connection, number);
                io::copy(&mut connection, &mut io::sink())
            });
        }
    });
    address
}

/// A server that takes connections and reads nothing from them: not a byte, or nothing after the TLS handshake.
pub fn serve_unread(tls: Option<Arc<ServerConfig>>) -> SocketAddr {
    let socket = Socket::new(Domain::IPV4, Type::STREAM, None).expect("a socket");
    // A small window, so that a large request does not fit into it.
    socket.set_recv_buffer_size(4096).expect("a TCP socket");
    socket.bind(&SocketAddr::from(([127, 0, 0, 1], 0)).into()).expect("a free port");
    socket.listen(128).expect("a bound socket");
    serve_at(socket.into(), move |connection, _| {
        if let Some(tls) = &tls {
            let mut session = ServerConnection::new(Arc::clone(tls)).map_err(io::Error::other)?;
            while session.is_handshaking() {
                session.complete_io(connection)?;
            }
        }
        loop {
            thread::park();
        }
    })
}

/// A server whose queue of connections is full, so that the system no longer answers. It stays so while this lives.
pub struct Full {
    pub address: SocketAddr,
    _socket: Socket,
    _queue: Vec<TcpStream>,
}

impl Full {
    pub fn new() -> Self {
        let socket = Socket::new(Domain::IPV4, Type::STREAM, None).expect("a socket");
        socket.bind(&SocketAddr::from(([127, 0, 0, 1], 0)).into()).expect("a free port");
        socket.listen(0).expect("a bound socket");
        let address = socket.local_addr().ok().and_then(|address| address.as_socket()).expect("it is bound");
        let mut queue = Vec::new();
        while let Ok(connection) = TcpStream::connect_timeout(&address, Duration::from_millis(200)) {
            queue.push(connection);
        }
        Full { address, _socket: socket, _queue: queue }
    }
}

/// An address where nobody listens.
pub fn nobody() -> SocketAddr {
    TcpListener::bind(("127.0.0.1", 0)).and_then(|listener| listener.local_addr()).expect("a free port")
}

/// Reads a request, and makes of the answer the bytes that are to be sent.
pub fn answer_bytes(connection: &mut TcpStream, tls: Option<&Arc<ServerConfig>>, answer: &[u8]) -> io::Result<Vec<u8>> {
    let mut request = [0; 16 * 1024];
    let Some(tls) = tls else {
        read_message(connection, &mut request)?;
        return Ok(answer.to_owned());
    };
    let session = ServerConnection::new(Arc::clone(tls)).map_err(io::Error::other)?;
    let mut stream = StreamOwned::new(session, connection);
    read_message(&mut stream, &mut request)?;
    stream.conn.writer().write_all(answer)?;
    tls_output(&mut stream.conn)
}

/// What a server says first in TLS, up to where it waits for the client.
pub fn first_flight(connection: &mut TcpStream, tls: &Arc<ServerConfig>) -> io::Result<Vec<u8>> {
    let mut session = ServerConnection::new(Arc::clone(tls)).map_err(io::Error::other)?;
    while !session.wants_write() {
        session.read_tls(connection)?;
        session.process_new_packets().map_err(io::Error::other)?;
    }
    tls_output(&mut session)
}

fn tls_output(session: &mut ServerConnection) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    while session.wants_write() {
        session.write_tls(&mut bytes)?;
    }
    Ok(bytes)
}

/// Sends bytes one by one.
pub fn dribble(connection: &mut TcpStream, bytes: &[u8]) -> io::Result<()> {
    connection.set_nodelay(true)?;
    for byte in bytes {
        connection.write_all(&[*byte])?;
        thread::sleep(DRIBBLE);
    }
    Ok(())
}

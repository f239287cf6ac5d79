//! The server that every client calls: it gives the same answer to every request, over http and https, and keeps
//! connections open.
//!
//! `bench-server CA_FILE` writes its certificate authority there and prints its two URLs. For each line on its standard
//! input it prints how many bytes it has received and sent so far; it ends when that closes.

use oauthapp_benches::ANSWER;
use oauthapp_benches::connection::{Connection, identity, read_message};
use rustls::{ServerConnection, StreamOwned};
use std::error::Error;
use std::io::{self, IoSlice, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::thread;

static RECEIVED: AtomicU64 = AtomicU64::new(0);
static SENT: AtomicU64 = AtomicU64::new(0);

fn main() -> Result<(), Box<dyn Error>> {
    let ca_file = std::env::args().nth(1).ok_or("CA_FILE")?;
    let (authority, tls) = identity()?;
    std::fs::write(ca_file, authority)?;
    let plain = listen(|socket| Some(Box::new(socket)))?;
    let secure =
        listen(move |socket| Some(Box::new(StreamOwned::new(ServerConnection::new(Arc::clone(&tls)).ok()?, socket))))?;
    println!("http://{plain} https://{secure}");
    for line in io::stdin().lines() {
        line?;
        println!("{} {}", RECEIVED.load(Relaxed), SENT.load(Relaxed));
    }
    Ok(())
}

/// Serves every connection to a new port in a thread of its own.
fn listen(wrap: impl Fn(Counted) -> Option<Box<dyn Connection>> + Clone + Send + 'static) -> io::Result<SocketAddr> {
    let listener = TcpListener::bind(("127.0.0.1", 0))?;
    let address = listener.local_addr()?;
    thread::spawn(move || {
        for socket in listener.incoming().flatten() {
            let wrap = wrap.clone();
            thread::spawn(move || {
                // A client that goes away is no concern of the server's.
                let _ = socket.set_nodelay(true);
                wrap(Counted(socket)).map(|mut connection| serve(&mut *connection))
            });
        }
    });
    Ok(address)
}

fn serve(mut connection: &mut dyn Connection) -> io::Result<()> {
    let answer = format!(
        "HTTP/1.1 200 OK\r\nContent-Type: application/json; charset=utf-8\r\nDate: Wed, 22 Feb 2023 08:20:47 GMT\r\n\
         Server: Kestrel\r\nContent-Length: {}\r\nConnection: keep-alive\r\n\r\n{ANSWER}",
        ANSWER.len()
    );
    let mut request = [0; 16 * 1024];
    while read_message(&mut connection, &mut request)?.is_some() {
        connection.write_all(answer.as_bytes())?;
        connection.flush()?;
    }
    Ok(())
}

/// A socket that counts what goes over it.
struct Counted(TcpStream);

impl Read for Counted {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.0.read(buffer)?;
        RECEIVED.fetch_add(read as u64, Relaxed);
        Ok(read)
    }
}

impl Write for Counted {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.write_vectored(&[IoSlice::new(bytes)])
    }

    fn write_vectored(&mut self, slices: &[IoSlice]) -> io::Result<usize> {
        // Before the write, after which the client may be done and the count asked for; nobody sends so little that a
        // write is cut short.
        SENT.fetch_add(slices.iter().map(|slice| slice.len() as u64).sum(), Relaxed);
        self.0.write_vectored(slices)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

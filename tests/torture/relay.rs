//! Stands between a client and a server, and breaks their connections after any byte.

use socket2::SockRef;
use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

/// How a connection breaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    /// It is closed.
    Cut,
    /// It is reset.
    Reset,
    /// Nothing more comes, and nothing ends.
    Stall,
}

/// Where it breaks: after so many bytes of what the server says, once it has said something.
#[derive(Clone, Copy, Debug)]
pub struct Fault {
    pub after: usize,
    pub how: How,
    pub once: bool,
}

/// What has passed on the connection that broke, or else on the latest.
#[derive(Clone, Debug, Default)]
pub struct Passed {
    fault: Option<Fault>,
    pub broken: bool,
    /// What has come from the server.
    pub answer: Vec<u8>,
    /// How many bytes of it had come when the client spoke for the last time.
    pub before_last_word: usize,
}

#[derive(Default)]
struct State {
    fault: Option<Fault>,
    passed: Arc<Mutex<Passed>>,
}

pub struct Relay {
    pub address: SocketAddr,
    state: Arc<Mutex<State>>,
}

impl Relay {
    pub fn to(server: SocketAddr) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let address = listener.local_addr().unwrap();
        let state = Arc::<Mutex<State>>::default();
        let shared = Arc::clone(&state);
        thread::spawn(move || {
            for client in listener.incoming() {
                let (client, server) = (client.unwrap(), TcpStream::connect(server).unwrap());
                client.set_nodelay(true).unwrap();
                server.set_nodelay(true).unwrap();
                let passed = begin(&mut shared.lock().unwrap());
                let (from_client, to_server) = (client.try_clone().unwrap(), server.try_clone().unwrap());
                let seen = Arc::clone(&passed);
                thread::spawn(move || pass_up(from_client, to_server, &seen));
                thread::spawn(move || pass_down(server, client, &passed));
            }
        });
        Relay { address, state }
    }

    /// Breaks the next connection, or each from now on.
    pub fn arm(&self, fault: Fault) {
        *self.state.lock().unwrap() = State { fault: Some(fault), ..State::default() };
    }

    /// Breaks no more of them, and tells what has passed.
    pub fn disarm(&self) -> Passed {
        let mut state = self.state.lock().unwrap();
        state.fault = None;
        let mut passed = state.passed.lock().unwrap();
        passed.fault = None;
        passed.clone()
    }
}

/// Where to note what passes on a new connection, and how it is to break. The first that broke is the one to remember.
fn begin(state: &mut State) -> Arc<Mutex<Passed>> {
    let fault = state.fault;
    if fault.is_some_and(|fault| fault.once) {
        state.fault = None;
    }
    let passed = Arc::new(Mutex::new(Passed { fault, ..Passed::default() }));
    if !state.passed.lock().unwrap().broken {
        state.passed = Arc::clone(&passed);
    }
    passed
}

fn pass_up(mut client: TcpStream, mut server: TcpStream, passed: &Mutex<Passed>) {
    let mut buffer = [0; 16 * 1024];
    while let Ok(count) = client.read(&mut buffer) {
        if count == 0 {
            break;
        }
        let mut passed = passed.lock().unwrap();
        passed.before_last_word = passed.answer.len();
        drop(passed);
        if server.write_all(&buffer[..count]).is_err() {
            break;
        }
    }
    let _ = server.shutdown(Shutdown::Write);
}

fn pass_down(mut server: TcpStream, mut client: TcpStream, passed: &Mutex<Passed>) {
    let mut buffer = [0; 16 * 1024];
    while let Ok(count) = server.read(&mut buffer) {
        let mut passed = passed.lock().unwrap();
        let fault = passed.fault;
        let left = fault.map_or(usize::MAX, |fault| fault.after - passed.answer.len());
        let arrived = &buffer[..count.min(left)];
        passed.answer.extend_from_slice(arrived);
        passed.broken = fault.is_some() && count > left;
        let gone = client.write_all(arrived).is_err();
        if let Some(fault) = fault.filter(|_| passed.broken) {
            drop(passed);
            return end(&client, fault.how);
        }
        if gone || count == 0 {
            break;
        }
    }
    let _ = client.shutdown(Shutdown::Write);
}

fn end(client: &TcpStream, how: How) {
    match how {
        How::Cut => client.shutdown(Shutdown::Both).unwrap_or_default(),
        // The thread that passes on what the client says has the connection too: it is this that resets it.
        How::Reset => {
            let socket = SockRef::from(client);
            let _ = socket.set_linger(Some(Duration::ZERO));
            let _ = client.shutdown(Shutdown::Read);
        }
        How::Stall => {}
    }
}

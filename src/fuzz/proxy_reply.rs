//! What a proxy says, asked for a connection: HTTP's CONNECT, and SOCKS5.
//!
//! The input is one byte that says which proxy and whether it gets a user name and a password, and then what the proxy sends.

use super::{SECRET, check_error};
use crate::error::{Error, ErrorKind};
use crate::proxy::Proxy;
use crate::transport::scripted::ask_proxy;
use std::io::{self, Read, Write};

pub fn proxy_reply(input: &[u8]) {
    let Some((which, said)) = input.split_first() else { return };
    let scheme = ["http", "socks5", "socks5h"][usize::from(which >> 1) % 3];
    let with_password = which & 1 != 0;
    let credentials = if with_password { format!("user:{SECRET}@") } else { String::new() };
    let proxy = Proxy::parse(&format!("{scheme}://{credentials}proxy.example")).unwrap();
    let [at_once, byte_by_byte] = [usize::MAX, 1].map(|packet| {
        let mut stream = Stream { said, packet };
        let asked = ask_proxy(&proxy, &mut stream);
        (asked.map_err(|error| shown(&error)), said.len() - stream.said.len())
    });
    assert_eq!(at_once, byte_by_byte, "it matters how the answer is cut");
    let (asked, read) = at_once;
    // What follows the proxy's consent is the server's, so not a byte more may be read.
    let consent = if scheme == "http" { http_consent(said) } else { socks_consent(said, with_password) };
    assert_eq!(asked.is_ok().then_some(read), consent);
}

fn shown(error: &Error) -> String {
    check_error(error, &[SECRET]);
    assert_eq!(error.kind(), ErrorKind::Proxy);
    format!("{error:?}")
}

/// How long the consent of an HTTP proxy is, with what it says before, if it is one.
fn http_consent(said: &[u8]) -> Option<usize> {
    let ends = |at: &usize| said[..*at].ends_with(b"\n\r\n") || said[..*at].ends_with(b"\n\n");
    let end = (1..=said.len()).find(ends).filter(|end| *end <= 32 * 1024)?;
    let line = said[..end].strip_prefix(b"HTTP/1.")?.split(|byte| *byte == b'\n').next()?;
    let status = line.trim_ascii_end().split(|byte| *byte == b' ').nth(1)?;
    match status {
        b"101" => None,
        [b'1', b'0'..=b'9', b'0'..=b'9'] => Some(end + http_consent(&said[end..])?),
        [b'2', b'0'..=b'9', b'0'..=b'9'] => Some(end),
        _ => None,
    }
}

/// The same for a SOCKS5 proxy.
fn socks_consent(said: &[u8], with_password: bool) -> Option<usize> {
    let reply = match said {
        [5, 0, ..] => 2,
        [5, 2, _, 0, ..] if with_password => 4,
        _ => return None,
    };
    let address = match said.get(reply..)? {
        [5, 0, _, 1, ..] => 4,
        [5, 0, _, 3, length, ..] => 1 + usize::from(*length),
        [5, 0, _, 4, ..] => 16,
        _ => return None,
    };
    let end = reply + 4 + address + 2;
    (end <= said.len()).then_some(end)
}

/// The proxy. It hands out so many bytes at a time, and takes everything.
struct Stream<'a> {
    said: &'a [u8],
    packet: usize,
}

impl Read for Stream<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = buffer.len().min(self.packet);
        self.said.read(&mut buffer[..count])
    }
}

impl Write for Stream<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

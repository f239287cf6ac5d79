//! Asking an HTTP proxy for a connection: the method CONNECT (RFC 9110, section 9.3.6), with Basic authentication.

use super::failure::{carried, proxy_refused};
use super::tunnel::Target;
use crate::error::{Error, ErrorKind};
use crate::proxy::Credentials;
use crate::retry_after;
use crate::secret::WipedBuffer;
use base64::prelude::{BASE64_STANDARD, Engine};
use std::io::{Read, Write};
use std::time::Duration;
use ureq::http::HeaderValue;
use zeroize::Zeroizing;

/// More than any proxy sends.
const MAX_HEAD_BYTES: usize = 32 * 1024;

/// Asks for a connection to this server. What follows the proxy's consent comes from the server, and is not read here.
pub(super) fn open(
    stream: &mut (impl Read + Write),
    target: &Target,
    credentials: Option<&Credentials>,
    user_agent: &HeaderValue,
) -> Result<(), ureq::Error> {
    let mut request = WipedBuffer::with_capacity(1024);
    write!(request, "CONNECT {target} HTTP/1.1\r\nHost: {target}\r\nUser-Agent: ")?;
    request.write_all(user_agent.as_bytes())?;
    request.write_all(b"\r\n")?;
    if let Some(Credentials { user, password }) = credentials {
        let plain = Zeroizing::new(format!("{}:{}", user.expose(), password.expose()));
        let encoded = Zeroizing::new(BASE64_STANDARD.encode(plain.as_bytes()));
        write!(request, "Proxy-Authorization: Basic {}\r\n", *encoded)?;
    }
    request.write_all(b"\r\n")?;
    stream.write_all(request.as_slice())?;
    let (head, status) = loop {
        let head = read_head(stream)?;
        match status(&head).ok_or_else(|| carried(not_http()))? {
            // Not the answer yet. What follows 101 is another protocol.
            100 | 102..=199 => {}
            status => break (head, status),
        }
    };
    let refusal = match status {
        200..=299 => return Ok(()),
        407 if !takes_basic(&head) => Error::new(ErrorKind::Proxy)
            .remark(
                "The proxy wants another authentication than Basic, the only one that is supported (HTTP status 407)",
            )
            .lasting(),
        // 401 is how tinyproxy says so.
        401 | 407 if credentials.is_some() => Error::new(ErrorKind::Proxy)
            .remark(format!("The proxy does not accept the user name and the password (HTTP status {status})"))
            .lasting(),
        // What stays so.
        501 | 505 | 511 => proxy_refused(status),
        // So say proxies that can't reach the server, or are busy.
        408 | 429 | 500..=599 => Error::new(ErrorKind::Proxy)
            .remark(format!("The proxy answered with HTTP status {status}"))
            .with_retry_after(retry_after(&head)),
        _ => proxy_refused(status),
    };
    Err(carried(refusal))
}

/// Reads up to the empty line after the headers, and not a byte more.
fn read_head(stream: &mut impl Read) -> Result<Vec<u8>, ureq::Error> {
    const START: &[u8] = b"HTTP/1.";
    let mut head = Vec::new();
    while !head.ends_with(b"\n\r\n") && !head.ends_with(b"\n\n") {
        let mut byte = [0];
        stream.read_exact(&mut byte)?;
        head.extend_from_slice(&byte);
        // Something else might never send an empty line.
        if head.len() > MAX_HEAD_BYTES || !START.starts_with(head.get(..START.len()).unwrap_or(&head)) {
            return Err(carried(not_http()));
        }
    }
    Ok(head)
}

/// The status in `HTTP/1.1 200 OK`.
fn status(head: &[u8]) -> Option<u16> {
    let line = head.split(|byte| *byte == b'\n').next()?;
    let digits = line.trim_ascii_end().split(|byte| *byte == b' ').nth(1)?;
    let is_status = matches!(digits, [b'1'..=b'9', b'0'..=b'9', b'0'..=b'9']);
    std::str::from_utf8(digits).ok().filter(|_| is_status)?.parse().ok()
}

/// Whether the proxy offers Basic authentication, or does not say what it offers.
fn takes_basic(head: &[u8]) -> bool {
    let is_basic = |scheme: &str| scheme.trim().get(..5).is_some_and(|name| name.eq_ignore_ascii_case("basic"));
    let mut offers = fields(head, "proxy-authenticate").peekable();
    offers.peek().is_none() || offers.any(|offer| offer.split(',').any(is_basic))
}

fn retry_after(head: &[u8]) -> Option<Duration> {
    let date = fields(head, "date").next();
    fields(head, "retry-after").find_map(|value| retry_after::parse(value, date))
}

/// The values of the fields with this name that are plain text.
fn fields<'a>(head: &'a [u8], name: &'static str) -> impl Iterator<Item = &'a str> {
    head.split(|byte| *byte == b'\n').skip(1).filter_map(move |line| {
        let (key, value) = std::str::from_utf8(line).ok()?.split_once(':')?;
        key.eq_ignore_ascii_case(name).then(|| value.trim())
    })
}

fn not_http() -> Error {
    Error::new(ErrorKind::Proxy).remark("What answers at the proxy's address is not an HTTP proxy").lasting()
}

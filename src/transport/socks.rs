//! Asking a SOCKS proxy for a connection: version 5 (RFC 1928), with a user name and a password where it wants them
//! (RFC 1929).

use super::failure::carried;
use super::tunnel::Target;
use crate::error::{Error, ErrorKind};
use crate::proxy::Credentials;
use crate::secret::WipedBuffer;
use std::io::{Read, Write};
use std::net::SocketAddr;

const VERSION: u8 = 5;
const NO_AUTHENTICATION: u8 = 0;
const USER_AND_PASSWORD: u8 = 2;
const NO_ACCEPTABLE_METHOD: u8 = 0xff;
/// Of the negotiation of user name and password, which counts for itself.
const USER_AND_PASSWORD_VERSION: u8 = 1;
const CONNECT: u8 = 1;
const IPV4: u8 = 1;
const NAME: u8 = 3;
const IPV6: u8 = 4;

/// Agrees with the proxy on who asks.
pub(super) fn sign_in(stream: &mut (impl Read + Write), credentials: Option<&Credentials>) -> Result<(), ureq::Error> {
    let methods: &[u8] =
        if credentials.is_some() { &[NO_AUTHENTICATION, USER_AND_PASSWORD] } else { &[NO_AUTHENTICATION] };
    let mut greeting = vec![VERSION, length(methods)?];
    greeting.extend_from_slice(methods);
    stream.write_all(&greeting)?;
    let [version, method] = read(stream)?;
    check(version)?;
    match (method, credentials) {
        (NO_AUTHENTICATION, _) => Ok(()),
        (USER_AND_PASSWORD, Some(credentials)) => give(stream, credentials),
        (NO_ACCEPTABLE_METHOD | USER_AND_PASSWORD, None) => Err(refused("The proxy wants a user name and a password")),
        _ => Err(refused("The proxy wants another authentication than a user name and a password")),
    }
}

fn give(stream: &mut (impl Read + Write), Credentials { user, password }: &Credentials) -> Result<(), ureq::Error> {
    const MAX_BYTES: usize = 3 + 2 * u8::MAX as usize;
    let mut request = WipedBuffer::with_capacity(MAX_BYTES);
    request.write_all(&[USER_AND_PASSWORD_VERSION])?;
    for text in [user.expose(), password.expose()] {
        request.write_all(&[length(text.as_bytes())?])?;
        request.write_all(text.as_bytes())?;
    }
    stream.write_all(request.as_slice())?;
    // Some proxies answer with the version of SOCKS; only the status counts.
    let [_, status] = read(stream)?;
    if status == 0 { Ok(()) } else { Err(refused("The proxy does not accept the user name and the password")) }
}

/// Asks for a connection to this server. What follows the proxy's consent comes from the server, and is not read here.
pub(super) fn open(stream: &mut (impl Read + Write), target: &Target) -> Result<(), ureq::Error> {
    let mut request = vec![VERSION, CONNECT, 0];
    let port = match target {
        Target::Name(host, port) => {
            request.extend_from_slice(&[NAME, length(host.as_bytes())?]);
            request.extend_from_slice(host.as_bytes());
            *port
        }
        Target::Address(SocketAddr::V4(address)) => {
            request.push(IPV4);
            request.extend_from_slice(&address.ip().octets());
            address.port()
        }
        Target::Address(SocketAddr::V6(address)) => {
            request.push(IPV6);
            request.extend_from_slice(&address.ip().octets());
            address.port()
        }
    };
    request.extend_from_slice(&port.to_be_bytes());
    stream.write_all(&request)?;
    // A refusal may end here, whatever the standard says.
    let [version, reply] = read(stream)?;
    check(version)?;
    if reply != 0 {
        return Err(carried(refusal(reply)));
    }
    // The address from which the proxy connects is of no use, but has to be read.
    let [_, kind] = read(stream)?;
    let length = match kind {
        IPV4 => 4,
        IPV6 => 16,
        NAME => {
            let [length] = read(stream)?;
            usize::from(length)
        }
        _ => return Err(not_socks()),
    };
    let mut address_and_port = vec![0; length.saturating_add(2)];
    Ok(stream.read_exact(&mut address_and_port)?)
}

fn read<const LENGTH: usize>(stream: &mut impl Read) -> Result<[u8; LENGTH], ureq::Error> {
    let mut bytes = [0; LENGTH];
    stream.read_exact(&mut bytes)?;
    Ok(bytes)
}

fn check(version: u8) -> Result<(), ureq::Error> {
    if version == VERSION { Ok(()) } else { Err(not_socks()) }
}

/// The length of a field, in the one byte that there is for it. Credentials and host names were checked to fit.
fn length(field: &[u8]) -> Result<u8, ureq::Error> {
    u8::try_from(field.len()).map_err(|_| refused("A name is longer than SOCKS5 can carry"))
}

fn refused(why: &str) -> ureq::Error {
    carried(Error::new(ErrorKind::Proxy).remark(why).lasting())
}

fn not_socks() -> ureq::Error {
    refused("What answers at the proxy's address is not a SOCKS5 proxy")
}

fn refusal(reply: u8) -> Error {
    let unreachable =
        |why: &str| Error::new(ErrorKind::Proxy).remark(format!("The proxy can't reach the server: {why}"));
    match reply {
        1 => unreachable("it gives no reason"),
        2 => Error::new(ErrorKind::Proxy).remark("The proxy's rules don't allow a connection to this server").lasting(),
        3 => unreachable("no way to its network"),
        4 => unreachable("no way to its host, or no address for its name"),
        5 => unreachable("the connection was refused"),
        6 => unreachable("the way to it is too long"),
        7 => Error::new(ErrorKind::Proxy).remark("The proxy makes no connections of this kind").lasting(),
        8 => Error::new(ErrorKind::Proxy).remark("The proxy can't use this kind of address for the server").lasting(),
        other => Error::new(ErrorKind::Proxy).remark(format!("The proxy refused with SOCKS5 reply {other}")).lasting(),
    }
}

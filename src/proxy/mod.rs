//! The proxy that connections go through: what can be set, checked once.

mod environment;
mod no_proxy;

pub(crate) use environment::from_environment;

use crate::base_url::{bare_host, is_host, port_number};
use crate::error::{Error, ErrorKind, Result};
use crate::secret::Secret;

/// A proxy that has been checked.
#[derive(Debug)]
pub(crate) struct Proxy {
    pub(crate) scheme: Scheme,
    /// A name or an address, without the brackets of an IPv6 address.
    pub(crate) host: String,
    pub(crate) port: u16,
    pub(crate) credentials: Option<Credentials>,
}

/// How a proxy is asked for a connection. The schemes mean what they mean to curl.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scheme {
    /// With CONNECT, for https and http alike.
    Http,
    /// With SOCKS5; the server's name is looked up on this machine.
    Socks5,
    /// With SOCKS5; the proxy looks the server's name up.
    Socks5h,
}

/// What the proxy wants to be told before it serves. It is sent to nobody else.
#[derive(Debug)]
pub(crate) struct Credentials {
    pub(crate) user: Secret,
    pub(crate) password: Secret,
}

/// RFC 1929 has one byte for the length of each.
const MAX_SOCKS_CREDENTIAL_BYTES: usize = 255;

/// No text of the setting goes into it: there may be a password in it.
fn invalid(why: &str) -> Error {
    Error::new(ErrorKind::InvalidProxy).remark(why)
}

impl Proxy {
    /// Takes `scheme://[user:password@]host[:port]`, with or without a slash at its end.
    pub(crate) fn parse(text: &str) -> Result<Self> {
        let unknown_scheme = || {
            invalid(
                "It must start with http://, socks5:// or socks5h://; TLS to the proxy and SOCKS4 are not supported",
            )
        };
        let (scheme, rest) = text.split_once("://").ok_or_else(unknown_scheme)?;
        let (scheme, default_port) = match scheme.to_ascii_lowercase().as_str() {
            "http" => (Scheme::Http, 80),
            "socks5" => (Scheme::Socks5, 1080),
            "socks5h" => (Scheme::Socks5h, 1080),
            _ => return Err(unknown_scheme()),
        };
        let authority = rest.strip_suffix('/').unwrap_or(rest);
        if authority.contains(['/', '?', '#']) {
            return Err(invalid(
                "It must end with the host or the port; in a user name or a password, / is written %2F, ? %3F and # %23",
            ));
        }
        let (userinfo, host) = authority.rsplit_once('@').unwrap_or(("", authority));
        // The colons of an IPv6 address are inside its brackets.
        let (host, port) = match host.rsplit_once(':') {
            Some((host, port)) if !port.contains(']') => {
                (host, port_number(port).ok_or_else(|| invalid("Its port is not a number from 1 to 65535"))?)
            }
            _ => (host, default_port),
        };
        if !is_host(host) {
            return Err(invalid("Its host is neither a name nor an address"));
        }
        let credentials = Credentials::parse(userinfo, scheme)?;
        Ok(Proxy { scheme, host: bare_host(host).to_owned(), port, credentials })
    }
}

impl Credentials {
    /// Takes `user:password` with its percent signs; none where both are empty.
    fn parse(userinfo: &str, scheme: Scheme) -> Result<Option<Self>> {
        let (user, password) = userinfo.split_once(':').unwrap_or((userinfo, ""));
        let (user, password) = (percent_decoded(user)?, percent_decoded(password)?);
        let both = [user.expose(), password.expose()];
        if both.iter().all(|text| text.is_empty()) {
            return Ok(None);
        }
        if both.iter().any(|text| text.contains(char::is_control)) {
            return Err(invalid("Its user name or password holds a control character"));
        }
        match scheme {
            Scheme::Http if user.expose().contains(':') => {
                Err(invalid("Its user name holds a colon, which HTTP's Basic authentication can't carry"))
            }
            Scheme::Socks5 | Scheme::Socks5h if both.iter().any(|text| text.len() > MAX_SOCKS_CREDENTIAL_BYTES) => {
                Err(invalid("Its user name or password is longer than 255 bytes, which SOCKS5 can't carry"))
            }
            _ => Ok(Some(Credentials { user, password })),
        }
    }
}

/// The byte that two hexadecimal digits stand for.
fn byte_of(digits: &[u8]) -> Option<u8> {
    let digits = std::str::from_utf8(digits).ok()?;
    // Not left to the conversion alone: it takes a sign.
    digits.bytes().all(|digit| digit.is_ascii_hexdigit()).then(|| u8::from_str_radix(digits, 16).ok())?
}

fn percent_decoded(text: &str) -> Result<Secret> {
    let mut bytes = zeroize::Zeroizing::new(Vec::with_capacity(text.len()));
    let mut rest = text.as_bytes();
    while let Some((byte, after)) = rest.split_first() {
        if *byte == b'%' {
            let (decoded, after) = after
                .split_at_checked(2)
                .and_then(|(digits, after)| Some((byte_of(digits)?, after)))
                .ok_or_else(|| invalid("A percent sign in a user name or a password is written %25"))?;
            bytes.push(decoded);
            rest = after;
        } else {
            bytes.push(*byte);
            rest = after;
        }
    }
    let text = std::str::from_utf8(&bytes).map_err(|_| invalid("Its user name or password is not UTF-8"))?;
    Ok(Secret::new(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn schemes_hosts_and_ports_are_read() {
        use Scheme::{Http, Socks5, Socks5h};
        for (text, scheme, host, port) in [
            ("http://proxy.example", Http, "proxy.example", 80),
            ("HTTP://proxy.example:3128/", Http, "proxy.example", 3128),
            ("socks5://127.0.0.1", Socks5, "127.0.0.1", 1080),
            ("Socks5h://[::1]:9050", Socks5h, "::1", 9050),
            ("http://[2001:db8::1]", Http, "2001:db8::1", 80),
            ("http://@proxy.example", Http, "proxy.example", 80),
            ("http://:@proxy.example", Http, "proxy.example", 80),
        ] {
            let proxy = Proxy::parse(text).unwrap();
            assert_eq!((proxy.scheme, proxy.host.as_str(), proxy.port), (scheme, host, port), "{text}");
            assert!(proxy.credentials.is_none());
        }
    }

    #[test]
    fn credentials_are_decoded_and_stay_hidden() {
        for (text, user, password) in [
            ("http://canary:p%40ss%3A%2f%25@proxy.example", "canary", "p@ss:/%"),
            ("socks5://canary@proxy.example", "canary", ""),
            ("socks5h://:canary@proxy.example", "", "canary"),
            ("http://canary:a:b@c@proxy.example", "canary", "a:b@c"),
            ("http://canary:%E5%AF%86+%20@proxy.example", "canary", "密+ "),
        ] {
            let proxy = Proxy::parse(text).unwrap();
            assert!(!format!("{proxy:?}").contains("canary"));
            let credentials = proxy.credentials.unwrap();
            assert!(credentials.user.expose() == user && credentials.password.expose() == password);
        }
        for length in [255, 256] {
            // In bytes, and not in characters.
            let umlauts = format!("{}{}", "%C3%A9".repeat(length / 2), "e".repeat(length % 2));
            for (user, password) in [
                ("u".repeat(length), "p".to_owned()),
                ("u".to_owned(), "%70".repeat(length)),
                (umlauts, "p".to_owned()),
            ] {
                let parsed = Proxy::parse(&format!("socks5://{user}:{password}@proxy.example"));
                assert_eq!(parsed.is_ok(), length == 255, "{length}");
                assert!(Proxy::parse(&format!("http://{user}:{password}@proxy.example")).is_ok());
            }
        }
    }

    #[test]
    fn what_is_no_proxy_is_refused_without_being_repeated() {
        for (text, reason) in [
            ("", "must start with"),
            ("canary", "must start with"),
            ("canary.example:3128", "must start with"),
            ("https://canary@proxy.example", "TLS to the proxy"),
            ("socks4://canary", "SOCKS4"),
            ("socks://canary", "must start with"),
            ("ftp://canary", "must start with"),
            ("http://", "host"),
            ("http:///", "host"),
            ("http://canary@", "host"),
            ("http://canary:1080:1080", "host"),
            ("http://::1", "host"),
            ("http://[::1", "host"),
            ("http://[canary]", "host"),
            ("http://[::1]canary", "host"),
            ("http://canary host", "host"),
            ("http://代理.example", "host"),
            ("http://proxy.example\r\nX-Canary: 1", "port"),
            ("http://proxy.example:", "port"),
            ("http://proxy.example:0", "port"),
            ("http://proxy.example:+80", "port"),
            ("http://proxy.example:65536", "port"),
            ("http://proxy.example:canary", "port"),
            ("http://proxy.example/canary", "must end with"),
            ("http://proxy.example//", "must end with"),
            ("http://proxy.example?canary", "must end with"),
            ("http://proxy.example#canary", "must end with"),
            ("http://user:canary/1@proxy.example", "%2F"),
            ("http://user:canary%@proxy.example", "%25"),
            ("http://user:canary%4@proxy.example", "%25"),
            ("http://user:canary%+4@proxy.example", "%25"),
            ("http://user:canary%ff@proxy.example", "UTF-8"),
            ("http://us%3Aer:canary@proxy.example", "colon"),
            ("socks5://user:canary%00@proxy.example", "control character"),
        ] {
            let error = Proxy::parse(text).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::InvalidProxy, "{text}");
            assert!(error.to_string().contains(reason), "{text}: {error}");
            assert!(!format!("{error} {error:?}").contains("canary"), "{reason}");
        }
    }
}

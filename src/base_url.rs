//! The server's address: checked once, so that nothing in it can change a path or add a header later.

use crate::error::{Error, ErrorKind, Result};
use std::net::IpAddr;
use ureq::http::Uri;
use ureq::http::uri::Scheme;

/// A base URL that has been checked: `scheme://host[:port]`, nothing else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct BaseUrl {
    origin: String,
    host: String,
    port: u16,
    is_https: bool,
}

impl BaseUrl {
    /// Takes `https://host[:port]`, with or without a slash at its end; `http` to this machine, or when allowed.
    pub(crate) fn parse(text: &str, allow_plain_http: bool) -> Result<Self> {
        let invalid = |why: &str| Error::new(ErrorKind::InvalidBaseUrl).remark(why);
        if text.is_empty() {
            return Err(invalid("It is empty"));
        }
        if !text.is_ascii() {
            return Err(invalid("It holds characters outside ASCII; write an international name in its xn-- form"));
        }
        if text.contains(['?', '#']) {
            return Err(invalid("It must not have a query or a fragment"));
        }
        if text.contains('@') {
            return Err(invalid("It must not hold a user name or password"));
        }
        let uri: Uri = text.parse().map_err(|_| invalid("It is not a URL"))?;
        let (Some(scheme), Some(authority)) = (uri.scheme(), uri.authority()) else {
            return Err(invalid("It must start with https:// and name a host"));
        };
        if !matches!(uri.path(), "" | "/") {
            return Err(invalid("It must not have a path; the API's own path is added to it"));
        }
        let host = authority.host();
        if !is_host(host) {
            return Err(invalid("Its host is neither a name nor an address"));
        }
        let is_https = *scheme == Scheme::HTTPS;
        if !is_https && *scheme != Scheme::HTTP {
            return Err(invalid("It must start with https://"));
        }
        let port = match authority.as_str().strip_prefix(host).unwrap_or_default() {
            "" => Some(default_port(scheme.as_str())),
            port => port.strip_prefix(':').and_then(port_number),
        };
        let port = port.ok_or_else(|| invalid("Its port is not a number from 1 to 65535"))?;
        let origin = format!("{scheme}://{}", authority.as_str().to_ascii_lowercase());
        let base = BaseUrl { origin, host: bare_host(host).to_ascii_lowercase(), port, is_https };
        if !is_https && !allow_plain_http && !base.is_loopback() {
            return Err(Error::new(ErrorKind::InsecureBaseUrl));
        }
        Ok(base)
    }

    /// `scheme://host[:port]`.
    pub(crate) fn origin(&self) -> &str {
        &self.origin
    }

    /// What the `Host` header names: `host[:port]`, without a port that the scheme implies.
    pub(crate) fn authority(&self) -> String {
        let host = if self.host.contains(':') { format!("[{}]", self.host) } else { self.host.clone() };
        let implied = default_port(if self.is_https { "https" } else { "http" });
        if self.port == implied { host } else { format!("{host}:{}", self.port) }
    }

    /// The host, in lower case, without the brackets of an IPv6 address.
    pub(crate) fn host(&self) -> &str {
        &self.host
    }

    /// The port, also where the URL doesn't name it.
    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    /// Whether it is https, and not http.
    pub(crate) fn is_https(&self) -> bool {
        self.is_https
    }

    /// Whether it is this machine: `localhost` (RFC 6761 keeps the name on it), 127.0.0.0/8 and ::1.
    pub(crate) fn is_loopback(&self) -> bool {
        self.host == "localhost" || self.host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
    }
}

/// The host of a URL, without the brackets of an IPv6 address, and its port.
pub(crate) fn host_and_port(uri: &Uri) -> (&str, u16) {
    let port = uri.port_u16().unwrap_or_else(|| default_port(uri.scheme_str().unwrap_or_default()));
    (bare_host(uri.host().unwrap_or_default()), port)
}

/// The port of a URL that names none.
fn default_port(scheme: &str) -> u16 {
    if scheme == "https" { 443 } else { 80 }
}

/// A port as it stands in a URL.
pub(crate) fn port_number(text: &str) -> Option<u16> {
    let is_number = text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|port| is_number && *port > 0)
}

/// An IPv6 address stands in brackets in a URL, and without them everywhere else.
pub(crate) fn bare_host(host: &str) -> &str {
    host.strip_prefix('[').and_then(|inner| inner.strip_suffix(']')).unwrap_or(host)
}

/// A name or an address; an IPv6 address in brackets.
pub(crate) fn is_host(host: &str) -> bool {
    if host.starts_with('[') {
        return bare_host(host).parse::<std::net::Ipv6Addr>().is_ok();
    }
    // What ends in a number is an address, or nothing.
    let last = host.strip_suffix('.').unwrap_or(host).rsplit('.').next().unwrap_or_default();
    if last.bytes().all(|byte| byte.is_ascii_digit()) {
        return host.parse::<std::net::Ipv4Addr>().is_ok();
    }
    // RFC 1123 names, and the underscore that local networks use.
    host.len() <= 253
        && host.strip_suffix('.').unwrap_or(host).split('.').all(|label| {
            (1..=63).contains(&label.len())
                && !label.starts_with('-')
                && !label.ends_with('-')
                && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(text: &str) -> std::result::Result<String, ErrorKind> {
        BaseUrl::parse(text, false).map(|url| url.origin).map_err(|error| error.kind())
    }

    #[test]
    fn accepts_an_origin_and_nothing_else() {
        use ErrorKind::{InsecureBaseUrl, InvalidBaseUrl};
        for (text, outcome) in [
            ("https://www.oauthapp.com", Ok("https://www.oauthapp.com")),
            ("https://www.oauthapp.com/", Ok("https://www.oauthapp.com")),
            ("HTTPS://WWW.OAuthApp.com:8443/", Ok("https://www.oauthapp.com:8443")),
            ("https://[2001:DB8::1]:8443", Ok("https://[2001:db8::1]:8443")),
            ("http://[::1]:80", Ok("http://[::1]:80")),
            ("http://127.9.9.9", Ok("http://127.9.9.9")),
            ("http://localhost:5000", Ok("http://localhost:5000")),
            ("https://host_name.local.", Ok("https://host_name.local.")),
            ("http://example.com", Err(InsecureBaseUrl)),
            ("http://localhost.example.com", Err(InsecureBaseUrl)),
            ("http://127.0.0.1.example.com", Err(InsecureBaseUrl)),
            ("http://[::2]", Err(InsecureBaseUrl)),
            ("https://one.123", Err(InvalidBaseUrl)),
            ("https://1.2.3", Err(InvalidBaseUrl)),
            ("https://123", Err(InvalidBaseUrl)),
            ("https://10.1.2.3", Ok("https://10.1.2.3")),
            ("", Err(InvalidBaseUrl)),
            ("www.oauthapp.com", Err(InvalidBaseUrl)),
            ("//www.oauthapp.com", Err(InvalidBaseUrl)),
            ("/api", Err(InvalidBaseUrl)),
            ("https://", Err(InvalidBaseUrl)),
            ("https:///", Err(InvalidBaseUrl)),
            ("ftp://example.com", Err(InvalidBaseUrl)),
            ("file:///etc/passwd", Err(InvalidBaseUrl)),
            ("https://example.com/api", Err(InvalidBaseUrl)),
            ("https://example.com//", Err(InvalidBaseUrl)),
            ("https://example.com/..", Err(InvalidBaseUrl)),
            ("https://example.com?x=1", Err(InvalidBaseUrl)),
            ("https://example.com/#f", Err(InvalidBaseUrl)),
            ("https://user:pass@example.com", Err(InvalidBaseUrl)),
            ("https://user@example.com", Err(InvalidBaseUrl)),
            ("https://example.com:0", Err(InvalidBaseUrl)),
            ("https://example.com:", Err(InvalidBaseUrl)),
            ("https://example.com:65536", Err(InvalidBaseUrl)),
            ("https://example.com:80:81", Err(InvalidBaseUrl)),
            ("https://[::1", Err(InvalidBaseUrl)),
            ("https://[::1]x", Err(InvalidBaseUrl)),
            ("http://[::1]x:80(", Err(InvalidBaseUrl)),
            ("https://[nonsense]", Err(InvalidBaseUrl)),
            ("https://exa mple.com", Err(InvalidBaseUrl)),
            ("https://example.com\r\nX-Evil: 1", Err(InvalidBaseUrl)),
            ("https://example.com\t", Err(InvalidBaseUrl)),
            ("https://例子.com", Err(InvalidBaseUrl)),
            ("https://-a.com", Err(InvalidBaseUrl)),
            ("https://a..com", Err(InvalidBaseUrl)),
            ("https://%31.com", Err(InvalidBaseUrl)),
        ] {
            assert_eq!(kind(text), outcome.map(str::to_owned), "{text:?}");
        }
    }

    #[test]
    fn the_authority_has_a_port_only_where_the_scheme_does_not_imply_it() {
        for (text, authority) in [
            ("https://www.oauthapp.com", "www.oauthapp.com"),
            ("https://www.oauthapp.com:443/", "www.oauthapp.com"),
            ("https://www.oauthapp.com:0443", "www.oauthapp.com"),
            ("https://www.oauthapp.com:80", "www.oauthapp.com:80"),
            ("https://[2001:db8::443]", "[2001:db8::443]"),
            ("https://[2001:db8::443]:8443", "[2001:db8::443]:8443"),
            ("http://127.0.0.1:80", "127.0.0.1"),
            ("http://127.0.0.1:443", "127.0.0.1:443"),
            ("http://localhost:8080", "localhost:8080"),
        ] {
            assert_eq!(BaseUrl::parse(text, false).unwrap().authority(), authority, "{text:?}");
        }
    }

    #[test]
    fn credentials_are_called_by_their_name() {
        let error = BaseUrl::parse("https://user:canary@example.com", false).unwrap_err().to_string();
        assert!(error.contains("user name or password") && !error.contains("canary"), "{error}");
    }

    #[test]
    fn plain_http_goes_out_only_when_allowed_by_name() {
        assert_eq!(BaseUrl::parse("http://example.com", true).unwrap().origin(), "http://example.com");
    }

    #[test]
    fn an_over_long_url_is_an_error() {
        let long = format!("https://{}.com", "a.".repeat(40_000));
        assert_eq!(kind(&long), Err(ErrorKind::InvalidBaseUrl));
        // A name has 253 characters at most, and a label of it 63.
        for (label, others, allowed) in [(1, 126, true), (2, 126, false), (63, 0, true), (64, 0, false)] {
            let url = format!("https://{}{}", "a".repeat(label), ".a".repeat(others));
            assert_eq!(kind(&url).is_ok(), allowed, "{label} {others}");
        }
    }
}

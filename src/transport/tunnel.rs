//! Connections through a proxy: to it, and once it has agreed, through it to the server.

use super::current;
use super::failure::{Stage, Staged};
use super::resolver::Resolver;
use super::socket::{TcpTransport, connect_to_any};
use super::{http_connect, socks};
use crate::base_url::host_and_port;
use crate::proxy::{Proxy, Scheme};
use std::fmt;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use ureq::http::{HeaderValue, Uri};
use ureq::unversioned::transport::{ConnectionDetails, Connector, Transport, TransportAdapter};

/// Makes the connection where there is a proxy, and leaves it to the next connector where there is none.
///
/// ureq has connectors for this too. This one's sockets are the library's own, so that the proxy's part keeps to the
/// deadline and can be cancelled like any other; and its errors name what the proxy has said.
#[derive(Debug)]
pub(super) struct TunnelConnector {
    proxy: Option<Arc<Proxy>>,
    resolver: Resolver,
    user_agent: HeaderValue,
}

/// Where a proxy is to connect to.
#[derive(Debug)]
pub(super) enum Target {
    Name(String, u16),
    Address(SocketAddr),
}

/// `host:port`, with brackets around an IPv6 address.
impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Target::Name(host, port) => write!(f, "{host}:{port}"),
            Target::Address(address) => address.fmt(f),
        }
    }
}

impl TunnelConnector {
    pub(super) fn new(proxy: Option<Arc<Proxy>>, resolver: Resolver, user_agent: HeaderValue) -> Self {
        TunnelConnector { proxy, resolver, user_agent }
    }

    /// The server as the proxy is to be told of it: by its name, or by one of its addresses after the other.
    fn targets(&self, proxy: &Proxy, uri: &Uri) -> Result<Vec<Target>, ureq::Error> {
        let (host, port) = host_and_port(uri);
        if proxy.scheme == Scheme::Socks5 {
            let addresses = self.resolver.resolve(host, port).map_err(|error| Staged::tag(Stage::Dns, error))?;
            return Ok(addresses.into_iter().map(Target::Address).collect());
        }
        Ok(vec![match host.parse::<IpAddr>() {
            Ok(address) => Target::Address((address, port).into()),
            Err(_) => Target::Name(host.to_owned(), port),
        }])
    }

    /// Has the proxy make the connection to the server.
    fn open(
        &self,
        proxy: &Proxy,
        target: &Target,
        stream: &mut TransportAdapter<TcpTransport>,
    ) -> Result<(), ureq::Error> {
        match proxy.scheme {
            Scheme::Http => http_connect::open(stream, target, proxy.credentials.as_ref(), &self.user_agent),
            Scheme::Socks5 | Scheme::Socks5h => socks::open(stream, target),
        }
    }
}

impl<In: Transport> Connector<In> for TunnelConnector {
    type Out = TcpTransport;

    fn connect(&self, details: &ConnectionDetails, _: Option<In>) -> Result<Option<TcpTransport>, ureq::Error> {
        let Some(proxy) = &self.proxy else { return Ok(None) };
        let mut failure = ureq::Error::HostNotFound;
        let mut targets = self.targets(proxy, details.uri)?.into_iter().peekable();
        while let Some(target) = targets.next() {
            let transport = connect_to_any(&self.resolver.resolve(&proxy.host, proxy.port)?, details)?;
            // What it reads too much stays in the transport's buffer, and is the server's.
            let mut stream = TransportAdapter::new(transport, details.current_time.clone());
            if proxy.scheme != Scheme::Http {
                socks::sign_in(&mut stream, proxy.credentials.as_ref())?;
            }
            // A proxy may say nothing of an address that leads nowhere.
            let mut open = || self.open(proxy, &target, &mut stream);
            let opened = if targets.peek().is_some() { current::within_half(open) } else { open() };
            match opened {
                Ok(()) => return Ok(Some(stream.into_inner())),
                Err(error) => failure = error,
            }
        }
        Err(failure)
    }
}

//! Names to addresses: ureq's resolver, with its failures named, and left out where the host is an address already.

use super::failure::{Stage, Staged};
use crate::base_url::bare_host;
use std::net::{IpAddr, SocketAddr};
use ureq::config::Config;
use ureq::http::Uri;
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver as Resolve};
use ureq::unversioned::transport::NextTimeout;

/// Resolves through the system.
#[derive(Debug, Default)]
pub(super) struct Resolver {
    system: DefaultResolver,
}

impl Resolve for Resolver {
    fn resolve(&self, uri: &Uri, config: &Config, timeout: NextTimeout) -> Result<ResolvedSocketAddrs, ureq::Error> {
        if let Some(address) = address(uri) {
            let mut addresses = self.empty();
            addresses.push(address);
            return Ok(addresses);
        }
        self.system.resolve(uri, config, timeout).map_err(|error| Staged::tag(Stage::Dns, error))
    }
}

fn address(uri: &Uri) -> Option<SocketAddr> {
    let ip: IpAddr = bare_host(uri.host()?).parse().ok()?;
    let default = if uri.scheme_str() == Some("https") { 443 } else { 80 };
    Some(SocketAddr::new(ip, uri.port_u16().unwrap_or(default)))
}

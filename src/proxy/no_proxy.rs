//! `NO_PROXY`: which servers are reached without the proxy of the environment.

use std::net::IpAddr;

/// Whether one of the list's entries names this server. Between the entries stand commas or spaces; an entry is
/// - `*`: every server;
/// - a name: that host and all below it, but not a host that merely ends in the same letters; a `.` or `*.` before the name
///   and a dot after it change nothing, nor does case;
/// - an address, or a network in CIDR form (`10.0.0.0/8`, `fd00::/8`): for servers that are given by their address;
/// - a name or an address with a port after it: for that port only.
///
/// An entry of another form matches nothing: the list is often written for other programs.
pub(super) fn names(list: &str, host: &str, port: u16) -> bool {
    let host = host.strip_suffix('.').unwrap_or(host);
    let address = host.parse::<IpAddr>().ok().map(|address| address.to_canonical());
    list.split([',', ' ', '\t'])
        .filter(|entry| !entry.is_empty())
        .any(|entry| entry == "*" || names_one(entry, host, address, port))
}

fn names_one(entry: &str, host: &str, address: Option<IpAddr>, port: u16) -> bool {
    if let Some((network, prefix)) = entry.split_once('/') {
        let network = network.parse().ok().zip(prefix.parse().ok());
        return address.zip(network).is_some_and(|(address, (network, prefix))| is_within(address, network, prefix));
    }
    let (entry, entry_port) = split_port(entry);
    if entry_port.is_some_and(|wanted| wanted.parse() != Ok(port)) {
        return false;
    }
    match address {
        Some(address) => entry.parse::<IpAddr>().is_ok_and(|entry| entry.to_canonical() == address),
        None => is_at_or_below(host, entry),
    }
}

/// An entry's host and its port. An IPv6 address has brackets where a port follows, and may have them where none does.
fn split_port(entry: &str) -> (&str, Option<&str>) {
    if let Some((host, after)) = entry.strip_prefix('[').and_then(|inner| inner.split_once(']')) {
        return (host, after.strip_prefix(':'));
    }
    match entry.split_once(':') {
        Some((host, port)) if !port.contains(':') => (host, Some(port)),
        _ => (entry, None),
    }
}

fn is_at_or_below(host: &str, name: &str) -> bool {
    let name = name.strip_prefix('*').unwrap_or(name);
    let name = name.strip_prefix('.').unwrap_or(name);
    let name = name.strip_suffix('.').unwrap_or(name);
    let Some(split) = host.len().checked_sub(name.len()).filter(|_| !name.is_empty()) else { return false };
    let ends_with_name = host.get(split..).is_some_and(|end| end.eq_ignore_ascii_case(name));
    ends_with_name && (split == 0 || host.get(..split).is_some_and(|before| before.ends_with('.')))
}

fn is_within(address: IpAddr, network: IpAddr, prefix: u32) -> bool {
    // Both as numbers of as many bits; what is below the prefix does not count.
    let (address, network, bits): (u128, u128, u32) = match (address, network) {
        (IpAddr::V4(address), IpAddr::V4(network)) => {
            (u128::from(address.to_bits()), u128::from(network.to_bits()), 32)
        }
        (IpAddr::V6(address), IpAddr::V6(network)) => (address.to_bits(), network.to_bits(), 128),
        _ => return false,
    };
    let Some(below) = bits.checked_sub(prefix) else { return false };
    (address ^ network).checked_shr(below).unwrap_or(0) == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_name_hosts_addresses_networks_and_ports() {
        let named = [
            ("example.com", "example.com"),
            ("example.com", "sub.example.com"),
            ("example.com", "a.b.example.com"),
            (".example.com", "example.com"),
            (".example.com", "sub.example.com"),
            ("*.example.com", "sub.example.com"),
            ("Example.COM", "example.com"),
            ("example.com.", "example.com"),
            ("example.com", "example.com."),
            ("example.com:8443", "sub.example.com"),
            ("*", "example.com"),
            ("*", "10.1.2.3"),
            ("other.example, example.com", "example.com"),
            ("other.example example.com", "example.com"),
            (",,example.com,", "example.com"),
            ("localhost,10.1.2.3", "10.1.2.3"),
            ("10.1.2.3:8443", "10.1.2.3"),
            ("10.0.0.0/8", "10.1.2.3"),
            ("10.255.255.255/8", "10.1.2.3"),
            ("10.1.2.3/32", "10.1.2.3"),
            ("0.0.0.0/0", "10.1.2.3"),
            ("::/0", "2001:db8::1"),
            ("2001:db8::1", "2001:db8::1"),
            ("2001:DB8:0::1", "2001:db8::1"),
            ("[2001:db8::1]", "2001:db8::1"),
            ("[2001:db8::1]:8443", "2001:db8::1"),
            ("2001:db8::/32", "2001:db8::1"),
            ("10.1.2.3", "::ffff:10.1.2.3"),
            ("::ffff:10.1.2.3", "10.1.2.3"),
            ("other.example\texample.com", "example.com"),
        ];
        for (list, host) in named {
            assert!(names(list, host, 8443), "{list} {host}");
        }
        let not_named = [
            ("", "example.com"),
            (" , ", "example.com"),
            (".", "example.com"),
            ("*.", "example.com"),
            ("example.com", "badexample.com"),
            ("example.com", "example.com.evil"),
            ("sub.example.com", "example.com"),
            ("com.", "examplecom"),
            ("example.com:443", "example.com"),
            ("example.com:", "example.com"),
            ("example.com:x", "example.com"),
            ("ex*mple.com", "example.com"),
            ("10.1.2.30", "10.1.2.3"),
            ("1.2.3", "10.1.2.3"),
            ("2.3", "10.1.2.3"),
            ("10.1.2.3:443", "10.1.2.3"),
            ("10.0.0.0/16", "10.1.2.3"),
            ("10.0.0.0/33", "10.1.2.3"),
            ("10.0.0.0/-1", "10.1.2.3"),
            ("10.0.0.0/", "10.1.2.3"),
            ("::/0", "10.1.2.3"),
            ("0.0.0.0/0", "2001:db8::1"),
            ("0.0.0.0/0", "example.com"),
            ("2001:db8::/129", "2001:db8::1"),
            ("[2001:db8::1]:443", "2001:db8::1"),
            ("2001:db8::2", "2001:db8::1"),
            ("例子", "子.com"),
        ];
        for (list, host) in not_named {
            assert!(!names(list, host, 8443), "{list} {host}");
        }
    }
}

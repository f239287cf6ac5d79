//! Base URLs: what is taken is an origin and nothing else, and leads to the paths of the API and to no others.
//!
//! The input is the URL.

use super::{SECRET, check_error};
use crate::base_url::BaseUrl;
use crate::endpoints::Endpoints;
use crate::error::ErrorKind;
use std::net::IpAddr;

pub fn base_url(input: &[u8]) {
    let Ok(text) = std::str::from_utf8(input) else { return };
    let (strict, plain) = (BaseUrl::parse(text, false), BaseUrl::parse(text, true));
    for error in [&strict, &plain].into_iter().filter_map(|parsed| parsed.as_ref().err()) {
        check_error(error, &[SECRET]);
        assert!(matches!(error.kind(), ErrorKind::InvalidBaseUrl | ErrorKind::InsecureBaseUrl));
    }
    let Ok(base) = plain else {
        assert!(strict.is_err());
        return;
    };
    assert_eq!(strict.is_ok(), base.is_https() || base.is_loopback(), "{text}");
    assert_eq!(BaseUrl::parse(base.origin(), true).ok().as_ref(), Some(&base), "an origin is its own origin");
    assert_eq!(base.origin(), text.strip_suffix('/').unwrap_or(text).to_ascii_lowercase());
    let address = base.host().parse::<IpAddr>();
    assert_eq!(base.is_loopback(), base.host() == "localhost" || address.is_ok_and(|address| address.is_loopback()));
    // By a reading of its own.
    let (scheme, authority) = base.origin().split_once("://").unwrap();
    let safe = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b".-_:[]".contains(&byte);
    assert!(authority.bytes().all(safe), "{authority}");
    let default = if scheme == "https" { 443 } else { 80 };
    let (host, port) = match authority.rsplit_once(':').filter(|(_, port)| !port.contains(']')) {
        Some((host, port)) => (host, port.parse().unwrap()),
        None => (authority, default),
    };
    assert_eq!((host.trim_matches(['[', ']']), port), (base.host(), base.port()));
    let uri = Endpoints::new(&base, i64::MAX).uri("SignIn").expect("an address");
    assert_eq!(uri.to_string(), format!("{}/api/AppUsers/{}/SignIn", base.origin(), i64::MAX));
    assert_eq!((uri.host(), uri.query()), (Some(host), None));
}

//! Proxies, as a program or the environment names them.
//!
//! The input is the URL.

use super::{SECRET, check_error};
use crate::error::ErrorKind;
use crate::proxy::Proxy;

pub fn proxy_url(input: &[u8]) {
    let Ok(text) = std::str::from_utf8(input) else { return };
    check(text);
    // The same with a user name and a password of any kind.
    let encoded: String = input.iter().map(|byte| format!("%{byte:02x}")).collect();
    for scheme in ["http", "socks5", "socks5h"] {
        let proxy = check(&format!("{scheme}://{encoded}:{SECRET}{encoded}@proxy.example"));
        let colon = scheme == "http" && text.contains(':');
        let long = scheme != "http" && text.len() + SECRET.len() > 255;
        let possible = !text.contains(char::is_control) && !colon && !long;
        let credentials = proxy.map(|proxy| proxy.credentials.expect("they were given"));
        assert_eq!(credentials.is_some(), possible);
        if let Some(credentials) = credentials {
            assert!(credentials.user.expose() == text);
            assert!(credentials.password.expose() == format!("{SECRET}{text}"));
        }
    }
}

fn check(text: &str) -> Option<Proxy> {
    match Proxy::parse(text) {
        Ok(proxy) => {
            assert!(!format!("{proxy:?}").contains(SECRET) || proxy.host.contains(SECRET), "a password is shown");
            assert!(proxy.port > 0);
            let safe = |byte: u8| byte.is_ascii_alphanumeric() || b".-_:".contains(&byte);
            assert!(proxy.host.bytes().all(safe) && !proxy.host.is_empty(), "{}", proxy.host);
            Some(proxy)
        }
        Err(error) => {
            check_error(&error, &[SECRET]);
            assert_eq!(error.kind(), ErrorKind::InvalidProxy);
            None
        }
    }
}

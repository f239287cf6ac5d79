//! The proxy that the environment names, for a client that is told to look there.

use super::{Proxy, no_proxy};
use crate::base_url::BaseUrl;
use crate::error::{Error, ErrorKind, Result};
use std::ffi::OsString;

/// The variables that name the proxy for an https server, the first that is set first.
const FOR_HTTPS: &[&str] = &["https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"];
/// Without `HTTP_PROXY`: in a CGI program that is the header `Proxy` of whoever made the request (CVE-2016-5385).
const FOR_HTTP: &[&str] = &["http_proxy", "all_proxy", "ALL_PROXY"];
const EXCEPTIONS: &[&str] = &["no_proxy", "NO_PROXY"];

/// The proxy for this server; none for this machine itself, for a server that `NO_PROXY` names, and where nothing is set.
pub(crate) fn from_environment(base: &BaseUrl) -> Result<Option<Proxy>> {
    choose(base, |name| std::env::var_os(name))
}

fn choose(base: &BaseUrl, variable: impl Fn(&str) -> Option<OsString>) -> Result<Option<Proxy>> {
    if base.is_loopback() {
        return Ok(None);
    }
    let first_set = |names: &[&'static str]| {
        names.iter().find_map(|name| Some((*name, variable(name).filter(|value| !value.is_empty())?)))
    };
    let text = |(name, value): (&'static str, OsString)| match value.into_string() {
        Ok(text) => Ok((name, text)),
        Err(_) => Err(Error::new(ErrorKind::InvalidProxy).remark(of(name)).remark("It is not UTF-8")),
    };
    let Some((name, proxy)) = first_set(if base.is_https() { FOR_HTTPS } else { FOR_HTTP }).map(text).transpose()?
    else {
        return Ok(None);
    };
    let exceptions = first_set(EXCEPTIONS).map(text).transpose()?;
    if exceptions.is_some_and(|(_, list)| no_proxy::names(&list, base.host(), base.port())) {
        return Ok(None);
    }
    let proxy = if proxy.contains("://") { proxy } else { format!("http://{proxy}") };
    Proxy::parse(&proxy).map(Some).map_err(|error| error.remark(of(name)))
}

fn of(name: &str) -> String {
    format!("It comes from the environment variable {name}")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is chosen for this server with these variables: the proxy's host, or the error.
    fn chosen(base: &str, variables: &[(&str, &str)]) -> Result<Option<String>> {
        let base = BaseUrl::parse(base, true).unwrap();
        let variable = |wanted: &str| variables.iter().find(|(name, _)| *name == wanted).map(|(_, value)| value.into());
        Ok(choose(&base, variable)?.map(|proxy| proxy.host))
    }

    #[test]
    fn each_scheme_has_its_variables_and_loopback_has_none() {
        let https = "https://www.example.com";
        for (base, variables, expected) in [
            (https, &[][..], None),
            (https, &[("HTTPS_PROXY", "http://p:1")], Some("p")),
            (https, &[("https_proxy", "socks5://p")], Some("p")),
            (https, &[("HTTPS_PROXY", "upper"), ("https_proxy", "lower")], Some("lower")),
            (https, &[("https_proxy", ""), ("HTTPS_PROXY", "upper")], Some("upper")),
            (https, &[("ALL_PROXY", "socks5h://all"), ("HTTPS_PROXY", "p:1")], Some("p")),
            (https, &[("all_proxy", "all"), ("HTTPS_PROXY", "p:1")], Some("p")),
            (https, &[("ALL_PROXY", "socks5h://all")], Some("all")),
            (https, &[("all_proxy", "all")], Some("all")),
            (https, &[("HTTP_PROXY", "p")], None),
            (https, &[("http_proxy", "p")], None),
            ("http://www.example.com", &[("http_proxy", "p")], Some("p")),
            ("http://www.example.com", &[("HTTP_PROXY", "p")], None),
            ("http://www.example.com", &[("HTTPS_PROXY", "p"), ("https_proxy", "p")], None),
            ("http://www.example.com", &[("ALL_PROXY", "all")], Some("all")),
            ("https://localhost:8443", &[("HTTPS_PROXY", "p")], None),
            ("https://127.9.9.9", &[("ALL_PROXY", "p")], None),
            ("http://[::1]:5000", &[("http_proxy", "p")], None),
            (https, &[("HTTPS_PROXY", "p"), ("NO_PROXY", "example.com")], None),
            (https, &[("ALL_PROXY", "p"), ("no_proxy", "*")], None),
            (https, &[("HTTPS_PROXY", "p"), ("NO_PROXY", "example.com:443")], None),
            (https, &[("HTTPS_PROXY", "p"), ("NO_PROXY", "example.com:80")], Some("p")),
            ("http://www.example.com", &[("http_proxy", "p"), ("NO_PROXY", "example.com:80")], None),
            (https, &[("HTTPS_PROXY", "p"), ("NO_PROXY", "*"), ("no_proxy", "other.example")], Some("p")),
            (https, &[("NO_PROXY", "*")], None),
            // What is not to be used is not looked at.
            (https, &[("HTTPS_PROXY", "??"), ("NO_PROXY", "*")], None),
        ] {
            assert_eq!(chosen(base, variables).unwrap().as_deref(), expected, "{base} {variables:?}");
        }
    }

    #[test]
    fn a_value_that_is_no_proxy_is_named_by_its_variable_and_not_repeated() {
        for value in ["socks4://canary", "canary:port", "http://user:canary%@p"] {
            let error = chosen("https://www.example.com", &[("ALL_PROXY", value)]).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::InvalidProxy);
            assert!(error.to_string().contains("ALL_PROXY") && !error.to_string().contains("canary"), "{error}");
        }
    }

    #[test]
    #[cfg(unix)]
    fn a_value_that_is_not_utf_8_is_an_error() {
        use std::os::unix::ffi::OsStringExt;
        let base = BaseUrl::parse("https://www.example.com", false).unwrap();
        for bad in ["https_proxy", "no_proxy"] {
            let variable = |name: &str| match name {
                name if name == bad => Some(OsString::from_vec(vec![0xff])),
                "https_proxy" => Some("p".into()),
                _ => None,
            };
            let error = choose(&base, variable).unwrap_err();
            assert!(error.to_string().contains(bad) && error.to_string().contains("UTF-8"), "{error}");
        }
    }
}

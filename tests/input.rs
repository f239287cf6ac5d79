//! What a caller gives wrongly: each has a defined outcome, and nothing of it reaches a path or a header.

mod support;

use oauthapp::{
    Client, ClientBuilder, ErrorKind, GetProfile, MAX_REQUEST_BYTES, MAX_TOKEN_BYTES, Roots, SignIn, UpdateProfile,
};
use std::time::Duration;
use support::{Scripted, json};

fn kind(builder: ClientBuilder) -> Option<ErrorKind> {
    builder.build().err().map(|error| error.kind())
}

#[test]
fn settings_are_checked_when_the_client_is_made() {
    use ErrorKind::{InsecureBaseUrl, InvalidArgument, InvalidBaseUrl, InvalidProxy};
    let with = || Client::builder(2);
    for (builder, outcome) in [
        (with(), None),
        (Client::builder(i64::MAX), None),
        (Client::builder(0), Some(InvalidArgument)),
        (Client::builder(-1), Some(InvalidArgument)),
        (Client::builder(i64::MIN), Some(InvalidArgument)),
        (with().base_url(""), Some(InvalidBaseUrl)),
        (with().base_url("https://example.com/api"), Some(InvalidBaseUrl)),
        (with().base_url("http://example.com"), Some(InsecureBaseUrl)),
        (with().base_url("http://example.com").allow_plain_http(true), None),
        (with().base_url("http://localhost:5000"), None),
        // Through a proxy it would not stay on this machine.
        (with().base_url("http://localhost:5000").proxy("http://proxy.example:3128"), Some(InsecureBaseUrl)),
        (with().base_url("http://127.0.0.1").proxy("socks5://127.0.0.1:1080"), Some(InsecureBaseUrl)),
        (with().base_url("http://[::1]").allow_plain_http(true).proxy("http://proxy.example:3128"), None),
        (with().timeout(Duration::ZERO), Some(InvalidArgument)),
        (with().timeout(Duration::from_millis(1)), None),
        (with().timeout(Duration::from_secs(86_400)), None),
        (with().timeout(Duration::MAX), Some(InvalidArgument)),
        (with().connect_timeout(Duration::ZERO), Some(InvalidArgument)),
        (with().connect_timeout(Duration::MAX), Some(InvalidArgument)),
        (with().user_agent(""), Some(InvalidArgument)),
        (with().user_agent("  "), Some(InvalidArgument)),
        (with().user_agent("a\r\nX-Evil: 1"), Some(InvalidArgument)),
        (with().user_agent("a\0b"), Some(InvalidArgument)),
        (with().user_agent("应用/1.0"), Some(InvalidArgument)),
        (with().user_agent("x".repeat(257)), Some(InvalidArgument)),
        (with().user_agent("App/1.0 (Linux; x86_64)"), None),
        (with().proxy("http://127.0.0.1:3128"), None),
        (with().proxy("http://user:p%40ss@proxy.example:3128/"), None),
        (with().proxy(""), Some(InvalidProxy)),
        (with().proxy("proxy.example:3128"), Some(InvalidProxy)),
        (with().proxy("socks5://user:p%40ss@127.0.0.1:1080"), None),
        (with().proxy("socks4://127.0.0.1:1080"), Some(InvalidProxy)),
        (with().proxy("http://"), Some(InvalidProxy)),
        (with().proxy("http://127.0.0.1:3128/path"), Some(InvalidProxy)),
        (with().proxy("http://a b"), Some(InvalidProxy)),
        (with().proxy("http://a\r\nX: 1"), Some(InvalidProxy)),
        (with().max_retries(10), None),
        (with().max_retries(11), Some(InvalidArgument)),
        (with().max_response_bytes(0), Some(InvalidArgument)),
        (with().max_response_bytes(u64::MAX), None),
    ] {
        let shown = format!("{builder:?}");
        assert_eq!(kind(builder), outcome, "{shown}");
    }
    let credentials = Client::builder(2).proxy("http://user:canary@[nonsense");
    assert!(!format!("{credentials:?}").contains("canary"));
    assert!(!format!("{:?}", credentials.build().unwrap_err()).contains("canary"));
}

#[test]
fn a_deadline_for_one_call_is_checked_too() {
    let client = Client::builder(2).build().unwrap();
    for timeout in [Duration::ZERO, Duration::MAX] {
        assert_eq!(client.with_timeout(timeout).unwrap_err().kind(), ErrorKind::InvalidArgument);
    }
}

#[test]
fn a_token_that_cannot_stand_in_a_header_is_not_sent() {
    let server = Scripted::answering([json("{\"code\":200,\"data\":{},\"err\":\"\"}")]);
    let client = Client::builder(2).base_url(&server.url).build().unwrap();
    let long = "x".repeat(MAX_TOKEN_BYTES + 1);
    for token in ["", " ", "a b", "a\r\nX-Evil: 1", "a\nb", "a\0b", "令牌", "a\u{7f}", long.as_str()] {
        let error = client.get_profile(&GetProfile::new().access_token(token)).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidArgument);
    }
    assert_eq!(client.get_profile(&GetProfile::new()).unwrap_err().kind(), ErrorKind::NotSignedIn);
    assert!(server.received_nothing());
    client.get_profile(&GetProfile::new().access_token(&long[..MAX_TOKEN_BYTES])).unwrap();
}

#[test]
fn every_text_reaches_the_server_as_json_and_as_nothing_else() {
    for text in
        ["", "a\"b\\c", "a\r\nX-Evil: 1", "a\0b", "密码\u{1F600}", "../../Other", "?x=1#y", &"x".repeat(500_000)]
    {
        let server = Scripted::answering([json("{\"code\":200,\"data\":{},\"err\":\"\"}")]);
        let client = Client::builder(2).base_url(&server.url).build().unwrap();
        client.call_raw(&SignIn::new(text, text)).unwrap();
        let sent = server.received();
        assert_eq!(sent.request_line, "POST /api/AppUsers/2/SignIn HTTP/1.1");
        assert_eq!(sent.headers.len(), 5, "host, accept, user-agent, content-type, content-length");
        let body: serde_json::Value = serde_json::from_str(&sent.body).unwrap();
        assert!(body["pwd"] == text && body["userName"] == text);
    }
}

#[test]
fn a_request_that_is_too_large_is_not_sent() {
    let server = Scripted::answering([json("{\"code\":200,\"data\":true,\"err\":\"\"}")]);
    let client = Client::builder(2).base_url(&server.url).build().unwrap();
    let overhead = "{\"data\":\"\"}".len();
    let largest = "x".repeat(MAX_REQUEST_BYTES - overhead);
    let error =
        client.update_profile(&UpdateProfile::new().access_token("t").data(&format!("{largest}x"))).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidArgument);
    assert!(server.received_nothing());
    client.update_profile(&UpdateProfile::new().access_token("t").data(&largest)).unwrap();
    assert_eq!(server.received().body.len(), MAX_REQUEST_BYTES);
}

#[test]
fn roots_that_are_none_are_refused() {
    let no_certificate = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    let damaged = "-----BEGIN CERTIFICATE-----\n!!!!\n-----END CERTIFICATE-----\n";
    for pem in ["", "no PEM", no_certificate, damaged, "-----BEGIN CERTIFICATE-----\nAAAA"] {
        assert_eq!(Roots::from_pem(pem.as_bytes()).unwrap_err().kind(), ErrorKind::InvalidCertificate, "{pem:?}");
    }
    let long = format!("-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n", "A".repeat(1 << 20));
    assert!(Roots::from_pem(long.as_bytes()).unwrap_err().to_string().contains("more than 32 KiB"));
}

#[test]
fn the_longest_user_agent_is_taken() {
    Client::builder(2).user_agent("x".repeat(256)).build().unwrap();
}

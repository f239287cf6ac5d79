//! The page for people.

use base64::{Engine, engine::general_purpose::STANDARD};
use hyper::header::{ALLOW, CACHE_CONTROL, CONTENT_SECURITY_POLICY, HeaderValue};
use hyper::{Method, StatusCode};
use ring::digest::{SHA256, digest};

use crate::reply::{self, Reply};

const PAGE: &str = include_str!("page.html");

pub(crate) fn answer(method: &Method) -> Reply {
    if method != Method::GET && method != Method::HEAD {
        let mut reply = reply::empty(StatusCode::METHOD_NOT_ALLOWED);
        reply.headers_mut().insert(ALLOW, HeaderValue::from_static("GET, HEAD"));
        return reply;
    }
    let mut reply = reply::body(StatusCode::OK, "text/html; charset=utf-8", PAGE);
    let headers = reply.headers_mut();
    headers.insert(CONTENT_SECURITY_POLICY, policy());
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    reply
}

/// Only the page's own script runs, so that no user's name can become one; and no other site may frame its buttons.
fn policy() -> HeaderValue {
    let (_, rest) = PAGE.split_once("<script>").expect("the page has a script");
    let (script, _) = rest.split_once("</script>").expect("the script ends");
    let hash = STANDARD.encode(digest(&SHA256, script.as_bytes()));
    let policy = format!(
        "default-src 'none'; script-src 'sha256-{hash}'; style-src 'unsafe-inline'; img-src 'self' data:; \
         connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    );
    HeaderValue::try_from(policy).expect("plain ASCII")
}

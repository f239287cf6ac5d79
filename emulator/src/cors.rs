//! CORS: browsers are let in from everywhere, with credentials.

use hyper::header::{
    ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS,
    ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_REQUEST_HEADERS, ACCESS_CONTROL_REQUEST_METHOD, HeaderMap, HeaderValue,
    ORIGIN, VARY,
};
use hyper::{Method, Request, StatusCode};

use crate::reply::{self, Reply};

/// The answer to a preflight, if this is one. It is given for any path, before the path is looked at.
pub(crate) fn preflight<B>(request: &Request<B>) -> Option<Reply> {
    let asked = request.headers();
    if request.method() != Method::OPTIONS || !asked.contains_key(ORIGIN) {
        return None;
    }
    let method = asked.get(ACCESS_CONTROL_REQUEST_METHOD)?;
    let mut reply = reply::empty(StatusCode::NO_CONTENT);
    let given = reply.headers_mut();
    given.insert(ACCESS_CONTROL_ALLOW_METHODS, method.clone());
    if let Some(names) = asked.get(ACCESS_CONTROL_REQUEST_HEADERS) {
        given.insert(ACCESS_CONTROL_ALLOW_HEADERS, names.clone());
    }
    Some(reply)
}

/// Lets the page that asked read the answer. With credentials the origin must be named: `*` would not do.
pub(crate) fn allow(asked: &HeaderMap, reply: &mut Reply) {
    if let Some(origin) = asked.get(ORIGIN) {
        let given = reply.headers_mut();
        given.insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin.clone());
        given.insert(ACCESS_CONTROL_ALLOW_CREDENTIALS, HeaderValue::from_static("true"));
        given.insert(VARY, HeaderValue::from_static("Origin"));
    }
}

//! The HTTP response, and the few shapes that all of them have.

use http_body_util::Full;
use hyper::body::Bytes;
use hyper::header::{CONTENT_TYPE, HeaderValue};
use hyper::{Response, StatusCode};

/// A whole response; nothing is streamed here.
pub(crate) type Reply = Response<Full<Bytes>>;

/// An empty body.
pub(crate) fn empty(status: StatusCode) -> Reply {
    let mut reply = Response::new(Full::default());
    *reply.status_mut() = status;
    reply
}

/// A body of this type.
pub(crate) fn body(status: StatusCode, content_type: &'static str, body: impl Into<Bytes>) -> Reply {
    let mut reply = Response::new(Full::new(body.into()));
    *reply.status_mut() = status;
    reply.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    reply
}

/// A JSON body.
pub(crate) fn json(status: StatusCode, text: impl Into<Bytes>) -> Reply {
    body(status, "application/json; charset=utf-8", text)
}

//! `application/problem+json`, as ASP.NET answers a request that never reached the application.

use std::collections::BTreeMap;

use hyper::StatusCode;
use serde_json::Value;

use crate::random;
use crate::reply::{self, Reply};

/// What is wrong with each field of a request.
pub(crate) type Errors = BTreeMap<String, Vec<String>>;

/// 400: a field is missing or mistyped, or the body is no JSON.
pub(crate) fn bad_request(errors: &Errors) -> Reply {
    let rest = format!(r#","errors":{}"#, serde_json::json!(errors));
    problem(StatusCode::BAD_REQUEST, "6.5.1", "One or more validation errors occurred.", &rest)
}

/// 415: the body does not say that it is JSON.
pub(crate) fn unsupported_media_type() -> Reply {
    problem(StatusCode::UNSUPPORTED_MEDIA_TYPE, "6.5.13", "Unsupported Media Type", "")
}

fn problem(status: StatusCode, section: &str, title: &str, rest: &str) -> Reply {
    let text = format!(
        r#"{{"type":"https://tools.ietf.org/html/rfc7231#section-{section}","title":{},"status":{},"traceId":"00-{}-{}-00"{rest}}}"#,
        Value::from(title),
        status.as_u16(),
        random::hex::<16>(),
        random::hex::<8>(),
    );
    reply::body(status, "application/problem+json; charset=utf-8", text)
}

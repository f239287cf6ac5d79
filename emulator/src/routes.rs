//! From a request to its answer: ASP.NET's order of checks, and its bare answers where one fails.

use std::net::SocketAddr;

use hyper::body::Bytes;
use hyper::header::{ALLOW, AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderValue};
use hyper::{Request, StatusCode};

use crate::api::{Answer, Call, ENDPOINTS, Endpoint};
use crate::failure::Failure;
use crate::problem::{self, Errors};
use crate::reply::{self, Reply};
use crate::service::Service;
use crate::{control, cors, jwt, page};

/// The answer to a request that came in at this address of ours.
pub(crate) fn answer(service: &Service, request: &Request<Bytes>, local: SocketAddr) -> Reply {
    let path = request.uri().path();
    if path == "/" {
        return page::answer(request.method());
    }
    if let Some(action) = path.strip_prefix("/emulator/") {
        return control::answer(service, request, action, local);
    }
    if service.settings.record_requests {
        service.record.add(request);
    }
    let mut reply = cors::preflight(request).unwrap_or_else(|| route(service, request));
    cors::allow(request.headers(), &mut reply);
    reply
}

fn route(service: &Service, request: &Request<Bytes>) -> Reply {
    let Some((group, app_id, action)) = segments(request.uri().path()) else {
        return reply::empty(StatusCode::NOT_FOUND);
    };
    let here: Vec<&Endpoint> = ENDPOINTS
        .iter()
        .filter(|endpoint| endpoint.group.eq_ignore_ascii_case(group) && endpoint.action.eq_ignore_ascii_case(action))
        .collect();
    match here.iter().find(|endpoint| endpoint.method == request.method().as_str()) {
        Some(endpoint) => call(service, endpoint, app_id, request).unwrap_or_else(|failure| failure.reply()),
        None if here.is_empty() => reply::empty(StatusCode::NOT_FOUND),
        None => method_not_allowed(&here),
    }
}

/// `/api/<group>/<appId>/<action>`; a slash at the end does not matter.
fn segments(path: &str) -> Option<(&str, &str, &str)> {
    let path = path.strip_suffix('/').unwrap_or(path);
    let mut segments = path.strip_prefix('/')?.split('/');
    let api = segments.next()?;
    let found = (segments.next()?, segments.next()?, segments.next()?);
    (api.eq_ignore_ascii_case("api") && !found.1.is_empty() && segments.next().is_none()).then_some(found)
}

fn method_not_allowed(here: &[&Endpoint]) -> Reply {
    let allowed: Vec<&str> = here.iter().map(|endpoint| endpoint.method).collect();
    let mut reply = reply::empty(StatusCode::METHOD_NOT_ALLOWED);
    let allowed = HeaderValue::try_from(allowed.join(", ")).expect("method names are plain ASCII");
    reply.headers_mut().insert(ALLOW, allowed);
    reply
}

/// Who asks comes before what is asked: 401, 415, 400.
fn call(service: &Service, endpoint: &Endpoint, app_id: &str, request: &Request<Bytes>) -> Answer {
    let user_id = if endpoint.takes_token { Some(authorize(service, request.headers())?) } else { None };
    if endpoint.takes_json && !is_json(request.headers()) {
        return Ok(problem::unsupported_media_type());
    }
    let call = Call { service, app_id: bind_app_id(app_id)?, body: request.body(), user_id };
    (endpoint.answer)(&call)
}

/// The user whose valid token came with the request.
fn authorize(service: &Service, headers: &HeaderMap) -> Result<i64, Failure> {
    let token = headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok()).and_then(|value| {
        let (scheme, token) = value.split_once(' ')?;
        let token = token.trim();
        (scheme.eq_ignore_ascii_case("Bearer") && !token.is_empty()).then_some(token)
    });
    let token = token.ok_or(Failure::Unauthorized(None))?;
    let claims = jwt::verify(&service.signing_key, token, service.clock.now())
        .map_err(|description| Failure::Unauthorized(Some(description)))?;
    let id = claims["nameid"].as_str().and_then(|id| id.parse().ok());
    id.ok_or_else(|| Failure::Unauthorized(Some("The signature is invalid".to_owned())))
}

fn is_json(headers: &HeaderMap) -> bool {
    let given = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let kind = given.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    kind == "application/json" || kind == "text/json" || kind.starts_with("application/") && kind.ends_with("+json")
}

/// The server's parameter is a 64-bit integer without a route constraint, so that another value is not an unknown
/// path (404) but a value that can't be bound (400), and the answer can say which: `:appId`, left in from the
/// documentation, is the one that people meet.
fn bind_app_id(text: &str) -> Result<i64, Failure> {
    text.parse().map_err(|_| {
        Failure::BadRequest(Errors::from([("appId".to_owned(), vec![format!("The value '{text}' is not valid.")])]))
    })
}

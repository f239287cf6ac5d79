//! From an HTTP answer to the envelope's `data`, or to the error that says what came instead.

use crate::base_url::{BaseUrl, host_and_port};
use crate::challenge::Challenge;
use crate::envelope::Envelope;
use crate::error::{Error, ErrorKind, Result};
use crate::json_shape::{IMMODEST, is_modest};
use crate::problem::Problem;
use crate::scrub::Scrub;
use crate::secret::{WipedBuffer, WipedText};
use crate::session::Session;
use crate::transport::{NETWORK_WANTS_SIGN_IN, Response, proxy_refused, refuses_client};
use std::borrow::Cow;
use std::fmt;
use std::ops::Range;
use ureq::http::uri::Scheme;

/// The `data` of a successful answer: the JSON as it came, kept inside the body it came in, wiped when dropped.
pub struct Data {
    body: WipedText,
    range: Range<usize>,
    pub(crate) http_status: u16,
}

impl Data {
    /// The JSON text, with every field and every digit as the server wrote it.
    pub(crate) fn as_str(&self) -> &str {
        self.body.get(self.range.clone()).unwrap_or_default()
    }
}

impl fmt::Debug for Data {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(crate::secret::REDACTED)
    }
}

/// Reads an answer. `scrub` knows the secrets of the request, which the server's texts may repeat.
pub(crate) fn read(response: Response, scrub: &Scrub, base: &BaseUrl) -> Result<Data> {
    let status = response.status;
    if (200..300).contains(&status) {
        success(response, scrub).map_err(|error| error.with_http_status(status))
    } else {
        let wait = response.retry_after();
        Err(failure(&response, scrub, base).with_http_status(status).with_retry_after(wait))
    }
}

/// Whether after such an answer the server may have done all the same what it was asked for.
pub(crate) fn is_unclear(error: &Error) -> bool {
    // RFC 9110, section 15.4.4: what was asked for is done, and its outcome is to be seen elsewhere.
    let is_seen_elsewhere = error.kind() == ErrorKind::Redirected && error.http_status() == Some(303);
    let is_unreadable_or_a_fault = matches!(
        error.kind(),
        ErrorKind::EmptyResponse
            | ErrorKind::TruncatedResponse
            | ErrorKind::ResponseNotUtf8
            | ErrorKind::ResponseNotJson
            | ErrorKind::UnexpectedResponse
            | ErrorKind::ServerFault
            | ErrorKind::ServiceUnavailable
            | ErrorKind::OutOfMemory
    );
    is_seen_elsewhere || is_unreadable_or_a_fault
}

fn success(mut response: Response, scrub: &Scrub) -> Result<Data> {
    if is_blank(&response.body) {
        return Err(Error::new(ErrorKind::EmptyResponse));
    }
    // Pages come in other encodings too.
    let body = std::mem::take(&mut response.body).into_text().map_err(|body| match encoding(&response) {
        Some(encoding) => Error::new(ErrorKind::ResponseNotUtf8)
            .remark(format!("It is encoded with {}, which was not asked for", scrub.show(&encoding))),
        None if is_page(&response, body.as_slice()) => page(),
        None => Error::new(ErrorKind::ResponseNotUtf8),
    })?;
    let text = without_mark(&body);
    let envelope =
        Envelope::parse(text).map_err(|error| not_an_envelope(text, is_page(&response, text.as_bytes()), &error))?;
    let data = envelope.into_data(scrub)?;
    // The data is a part of the body.
    let start = data.as_ptr().addr().saturating_sub(body.as_ptr().addr());
    let range = start..start.saturating_add(data.len());
    Ok(Data { body, range, http_status: response.status })
}

/// How a body is encoded, against what was asked for.
fn encoding(response: &Response) -> Option<Cow<'_, str>> {
    response.header("content-encoding").filter(|encoding| !encoding.eq_ignore_ascii_case("identity"))
}

/// Whether there is nothing in a body but white space, whatever it is encoded in.
fn is_blank(body: &WipedBuffer) -> bool {
    let bytes = body.as_slice();
    bytes.strip_prefix(MARK.as_bytes()).unwrap_or(bytes).trim_ascii().is_empty()
}

/// The byte order mark that .NET may put before a text.
const MARK: &str = "\u{feff}";

fn without_mark(text: &str) -> &str {
    text.strip_prefix(MARK).unwrap_or(text)
}

/// Nothing of the body goes into the error text: it is not known what it holds.
fn not_an_envelope(text: &str, is_page: bool, error: &serde_json::Error) -> Error {
    use serde_json::error::Category;
    match error.classify() {
        Category::Data if !is_modest(text) => Error::new(ErrorKind::UnexpectedResponse).remark(IMMODEST),
        Category::Data => Error::new(ErrorKind::UnexpectedResponse).remark("It is JSON, but not {code, data, err}"),
        Category::Eof if text.trim_start().starts_with('{') => {
            Error::new(ErrorKind::TruncatedResponse).remark("The JSON ends in the middle")
        }
        _ if is_page => page(),
        _ => Error::new(ErrorKind::ResponseNotJson).remark(format!(
            "Line {}, column {} is not as JSON should be",
            error.line(),
            error.column()
        )),
    }
}

/// Whether a page for people came, by its type or by how it begins.
fn is_page(response: &Response, body: &[u8]) -> bool {
    let html = |kind: &str| kind.trim_ascii().get(..9).is_some_and(|kind| kind.eq_ignore_ascii_case("text/html"));
    response.header("content-type").is_some_and(|kind| html(&kind)) || body.trim_ascii_start().starts_with(b"<")
}

fn page() -> Error {
    Error::new(ErrorKind::ResponseNotJson).remark(
        "It looks like an HTML page: a network or a proxy may want you to sign in or to agree first, in a browser",
    )
}

fn failure(response: &Response, scrub: &Scrub, base: &BaseUrl) -> Error {
    let of_status = of_status(response, scrub, base);
    let text = std::str::from_utf8(response.body.as_slice()).ok();
    let envelope = text.and_then(|text| Envelope::parse(without_mark(text)).ok());
    match envelope.filter(Envelope::is_failure) {
        // What the token is worth, the header says. And words that nobody knows may be those of a gateway.
        Some(envelope) if Session::is_over(of_status.kind()) || envelope.kind() == ErrorKind::Server => {
            envelope.explain(of_status, scrub)
        }
        // A failure in the server's own words tells more than the HTTP status it came with, whatever that is.
        Some(envelope) => envelope.into_error(scrub),
        None => of_status,
    }
}

/// What an HTTP status other than success means.
fn of_status(response: &Response, scrub: &Scrub, base: &BaseUrl) -> Error {
    let error = match response.status {
        400 => client_certificate_refused(response).unwrap_or_else(|| bad_request(response, scrub)),
        401 => unauthorized(response, scrub),
        403 => Error::new(ErrorKind::Forbidden),
        404 => Error::new(ErrorKind::NotFound).remark("Check the base URL"),
        405 => Error::new(ErrorKind::MethodNotAllowed),
        407 => proxy_refused(407),
        413 | 431 => Error::new(ErrorKind::RequestTooLarge),
        415 => Error::new(ErrorKind::UnsupportedMediaType),
        429 => Error::new(ErrorKind::TooManyRequests),
        301 | 302 | 303 | 307 | 308 => redirected(response, scrub, base),
        511 => Error::new(ErrorKind::UnexpectedStatus).remark(NETWORK_WANTS_SIGN_IN),
        408 | 503 | 504 => Error::new(ErrorKind::ServiceUnavailable).remark(format!("HTTP status {}", response.status)),
        500..=599 => Error::new(ErrorKind::ServerFault).remark(format!("HTTP status {}", response.status)),
        status => Error::new(ErrorKind::UnexpectedStatus).remark(format!("HTTP status {status}")),
    };
    let says_who_it_was = response.status == 511
        || matches!(error.kind(), ErrorKind::Redirected | ErrorKind::Proxy)
        || refuses_client(error.kind());
    if !says_who_it_was && is_page(response, response.body.as_slice()) {
        return error.remark("An HTML page came with it: it may not be the OAuthApp server that answered");
    }
    error
}

/// nginx wants a client certificate with a page, in the middle of a connection that it has let be made (its statuses 495 and
/// 496, which go out as 400).
fn client_certificate_refused(response: &Response) -> Option<Error> {
    let says = |text: &str| response.body.as_slice().windows(text.len()).any(|part| part == text.as_bytes());
    if !is_page(response, response.body.as_slice()) {
        return None;
    }
    let kind = if says("No required SSL certificate was sent") {
        ErrorKind::ClientCertificateRequired
    } else if says("The SSL certificate error") {
        ErrorKind::ClientCertificateRejected
    } else {
        return None;
    };
    Some(Error::new(kind))
}

/// All of them are with the error; its text names these.
const MAX_SHOWN_FIELDS: usize = 8;

fn bad_request(response: &Response, scrub: &Scrub) -> Error {
    let problem = std::str::from_utf8(response.body.as_slice()).map(|text| Problem::parse(without_mark(text)));
    let problem = problem.unwrap_or_default();
    let mut error = Error::new(ErrorKind::BadRequest);
    for text in problem.texts() {
        error = error.remark(said(scrub, &text));
    }
    let fields = problem.fields();
    for field in fields.iter().take(MAX_SHOWN_FIELDS) {
        let messages = sentence(scrub, &field.messages.join(" "));
        let name = scrub.show(&field.field);
        error = match (name.is_empty(), messages.is_empty()) {
            (true, true) => error,
            (true, false) => error.remark(messages),
            (false, true) => error.remark(format!("Field {name}")),
            (false, false) => error.remark(format!("Field {name}: {messages}")),
        };
    }
    match fields.len().saturating_sub(MAX_SHOWN_FIELDS) {
        0 => {}
        more => error = error.remark(format!("And {more} more fields")),
    }
    error.with_fields(fields)
}

fn said(scrub: &Scrub, text: &str) -> String {
    format!("The server said: {}", sentence(scrub, text))
}

/// A text of the server as a sentence, without the full stop that the error text puts after it.
fn sentence(scrub: &Scrub, text: &str) -> String {
    let mut shown = scrub.show(text);
    shown.truncate(shown.trim_end_matches('.').len());
    shown
}

/// What the server holds against the token.
fn challenge(response: &Response) -> Challenge {
    Challenge::of_headers(response.headers("www-authenticate")).unwrap_or_default()
}

fn unauthorized(response: &Response, scrub: &Scrub) -> Error {
    let challenge = challenge(response);
    let error = Error::new(challenge.kind());
    let mut texts = [challenge.description, challenge.error].into_iter().flatten();
    match texts.find(|text| !text.trim().is_empty()) {
        Some(text) => error.remark(said(scrub, &text)),
        None => error,
    }
}

/// Names the other address's origin only; what follows it may hold anything.
fn redirected(response: &Response, scrub: &Scrub, base: &BaseUrl) -> Error {
    let error = Error::new(ErrorKind::Redirected);
    let same_server = format!("It points to another path of the same server (HTTP status {})", response.status);
    let location = response.header("location").filter(|value| !value.trim().is_empty());
    let Some(location) = location else { return error.remark(format!("HTTP status {}", response.status)) };
    // RFC 9110, section 10.2.2: it may leave out what stays the same.
    let own_scheme = if base.is_https() { Scheme::HTTPS } else { Scheme::HTTP };
    let location = if location.starts_with("//") { format!("{own_scheme}:{location}").into() } else { location };
    let uri = location.parse::<ureq::http::Uri>().unwrap_or_default();
    let (Some(scheme), Some(authority)) = (uri.scheme(), uri.authority()) else {
        let names_another = location.split(['/', '?', '#']).next().is_some_and(|start| start.contains(':'));
        return error.remark(if names_another { format!("HTTP status {}", response.status) } else { same_server });
    };
    // What stands before an @ may be secret.
    let origin = format!("{scheme}://{}", authority.as_str().rsplit('@').next().unwrap_or_default());
    let (host, port) = host_and_port(&uri);
    let is_same_host = host.eq_ignore_ascii_case(base.host());
    if is_same_host && *scheme == own_scheme && port == base.port() {
        error.remark(same_server)
    } else if is_same_host && base.is_https() && *scheme == Scheme::HTTP {
        error.remark("It points to plain http on the same host, where passwords and tokens would travel unprotected")
    } else if is_same_host && BaseUrl::parse(&origin, true).is_ok() {
        error.remark(format!("Set the base URL to {}", scrub.show(&origin)))
    } else {
        error.remark(format!("It points to {}, which may be a network's sign-in page", scrub.show(&origin)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::transport::scripted::response;

    /// The error that this answer is.
    fn refused(response: Response) -> Error {
        let base = BaseUrl::parse("https://api.example", false).unwrap();
        read(response, &Scrub::new(&Vec::new), &base).unwrap_err()
    }

    #[test]
    fn a_redirect_on_the_same_machine_says_what_to_set() {
        let base = BaseUrl::parse("http://[::1]:5000", false).unwrap();
        for (location, remark) in [
            ("https://[::1]/login", "Set the base URL to https://[::1]."),
            ("http://[::1]:5000/login", "another path of the same server"),
            ("https://user:secret@[::1]:7000/login", "Set the base URL to https://[::1]:7000."),
            ("https://[::2]/login", "It points to https://[::2], which"),
            ("ftp://[::1]/", "It points to ftp://[::1], which"),
            ("http://[::1]:0/", "It points to http://[::1]:0, which"),
            ("https://[::1]:99999/", "It points to https://[::1]:99999, which"),
            ("/login", "another path of the same server"),
            ("?a=b", "another path of the same server"),
            ("//[::1]:5000/login", "another path of the same server"),
            ("//[::2]/login", "It points to http://[::2], which"),
            ("mailto:someone", "HTTP status 302"),
            ("", "HTTP status 302"),
        ] {
            let response = response(302, &[("location", location.as_bytes())], b"");
            let error = read(response, &Scrub::new(&Vec::new), &base).unwrap_err();
            assert!(error.to_string().contains(remark), "{error}");
        }
    }

    #[test]
    fn a_port_that_the_scheme_implies_makes_no_other_server() {
        for (base, location) in [
            ("https://api.example", "https://API.example:443/login"),
            ("https://api.example:443", "https://api.example/login"),
            ("http://localhost", "//localhost:80/login"),
        ] {
            let base = BaseUrl::parse(base, false).unwrap();
            let response = response(302, &[("location", location.as_bytes())], b"");
            let text = read(response, &Scrub::new(&Vec::new), &base).unwrap_err().to_string();
            assert!(text.contains("another path of the same server"), "{text}");
        }
    }

    #[test]
    fn a_redirect_from_https_to_http_is_not_to_be_followed_by_hand() {
        let response = response(302, &[("location", b"http://api.example/x")], b"");
        let text = refused(response).to_string();
        assert!(text.contains("It points to plain http") && !text.contains("Set the base URL"), "{text}");
    }

    #[test]
    fn statuses_have_kinds() {
        for (status, kind) in [
            (304, ErrorKind::UnexpectedStatus),
            (408, ErrorKind::ServiceUnavailable),
            (413, ErrorKind::RequestTooLarge),
            (431, ErrorKind::RequestTooLarge),
        ] {
            let error = refused(response(status, &[], b""));
            assert_eq!(error.kind(), kind, "{status}");
        }
    }

    #[test]
    fn words_that_nobody_knows_explain_the_status() {
        let gateways = br#"{"code":504,"msg":"gateway timeout"}"#;
        let unknown = r#"{"code":9,"data":"","err":"慢一点"}"#.as_bytes();
        for (status, body, kind, words) in [
            (504, &gateways[..], ErrorKind::ServiceUnavailable, "The server gave code 504 and no message"),
            (429, unknown, ErrorKind::TooManyRequests, "The server said: 慢一点 (code 9)"),
            (404, unknown, ErrorKind::NotFound, "慢一点"),
            (407, unknown, ErrorKind::Proxy, "慢一点"),
            (200, unknown, ErrorKind::Server, "慢一点"),
            (500, r#"{"code":500,"err":"密码错误"}"#.as_bytes(), ErrorKind::WrongPassword, "密码错误"),
        ] {
            let error = refused(response(status, &[], body));
            assert_eq!((error.kind(), error.is_retryable()), (kind, kind.retryable() && status != 407), "{status}");
            assert!(error.server_code().is_some());
            assert!(error.to_string().contains(words), "{error}");
        }
        let problem = br#"{"title":"Invalid","code":7,"errors":{"pwd":["Too short"]}}"#;
        let error = refused(response(400, &[], problem));
        assert_eq!((error.kind(), error.fields().len(), error.server_code()), (ErrorKind::BadRequest, 1, Some(7)));
    }

    #[test]
    fn what_a_token_is_worth_the_header_says_also_beside_an_envelope() {
        let expired = b"Bearer error=\"invalid_token\", error_description=\"The token expired\"";
        let body = br#"{"code":401,"data":"","err":"signed out"}"#;
        for (status, headers, kind) in [
            (401, &[("www-authenticate", &b"Bearer"[..]), ("www-authenticate", expired)][..], ErrorKind::TokenExpired),
            (401, &[("www-authenticate", b"Bearer")], ErrorKind::Unauthorized),
            (403, &[("www-authenticate", expired)], ErrorKind::Forbidden),
        ] {
            let error = refused(response(status, headers, body));
            assert_eq!((error.kind(), error.server_code()), (kind, Some(401)), "{status}");
            assert!(error.to_string().contains("signed out"), "{error}");
        }
    }

    #[test]
    fn nginxs_page_about_a_client_certificate_is_named() {
        for (text, kind) in [
            ("No required SSL certificate was sent", ErrorKind::ClientCertificateRequired),
            ("The SSL certificate error", ErrorKind::ClientCertificateRejected),
            ("Request Header Or Cookie Too Large", ErrorKind::BadRequest),
        ] {
            let page = format!("<html>\r\n<head><title>400 {text}</title></head>");
            let error = refused(response(400, &[("content-type", b"text/html")], page.as_bytes()));
            assert_eq!(error.kind(), kind, "{error}");
            // What is named is known to be the server's.
            assert_eq!(error.to_string().contains("HTML page"), kind == ErrorKind::BadRequest, "{error}");
            // In another answer, they are those of whoever was asked.
            let problem = format!("{{\"title\":\"{text}\"}}");
            assert_eq!(refused(response(400, &[], problem.as_bytes())).kind(), ErrorKind::BadRequest);
        }
    }

    #[test]
    fn headers_that_are_not_plain_text_are_read() {
        let challenge = "Bearer error=\"invalid_token\", error_description=\"令牌 expired\"".as_bytes();
        let response = response(401, &[("www-authenticate", challenge)], b"");
        let error = refused(response);
        assert_eq!(error.kind(), ErrorKind::TokenExpired);
        assert!(error.to_string().contains("令牌 expired"), "{error}");
    }

    #[test]
    fn an_encoding_that_was_not_asked_for_is_named() {
        let gzip = [0x1f, 0x8b, 8, 0];
        let response = response(200, &[("content-encoding", b"gzip")], &gzip);
        let error = refused(response);
        assert!(error.to_string().contains("encoded with gzip"), "{error}");
    }

    #[test]
    fn an_answer_that_there_is_no_memory_for_leaves_it_unclear_what_was_done() {
        assert!(is_unclear(&Error::new(ErrorKind::OutOfMemory)));
        assert!(!is_unclear(&Error::new(ErrorKind::AccountExists)));
    }

    #[test]
    fn fields_beyond_those_that_are_shown_are_counted() {
        for (count, more) in [(8, None), (9, Some("And 1 more fields")), (10, Some("And 2 more fields"))] {
            let fields: Vec<_> = (0..count).map(|field| format!("\"f{field}\":[\"m\"]")).collect();
            let body = format!("{{\"errors\":{{{}}}}}", fields.join(","));
            let error = refused(response(400, &[], body.as_bytes()));
            assert_eq!(error.fields().len(), count);
            let text = error.to_string();
            assert_eq!(
                text.split_once("And ").map(|(_, more)| format!("And {}", more.trim_end_matches('.'))).as_deref(),
                more,
                "{text}"
            );
        }
    }

    #[test]
    fn what_is_not_encoded_is_not_said_to_be() {
        let response = response(200, &[("content-encoding", b"Identity")], b"\xb5\xc7");
        let error = refused(response);
        assert_eq!(error.kind(), ErrorKind::ResponseNotUtf8);
        assert!(!error.to_string().contains("encoded with"), "{error}");
    }

    #[test]
    fn how_an_answer_is_encoded_is_shown_as_every_text_of_a_server() {
        let secrets = || vec!["hunter22"];
        let base = BaseUrl::parse("https://api.example", false).unwrap();
        let encoding = ["x-hunter22 \u{202e}", &"z".repeat(3000)].concat();
        let response = response(200, &[("content-encoding", encoding.as_bytes())], b"\xb5\xc7");
        let error = read(response, &Scrub::new(&secrets), &base).unwrap_err().to_string();
        assert!(error.contains("encoded with x-<REDACTED>  zzz") && error.len() < 600, "{error}");
    }

    #[test]
    fn only_an_object_that_ends_in_the_middle_is_truncated() {
        for (body, kind) in [
            ("{\"code\":200,", ErrorKind::TruncatedResponse),
            ("\"Service", ErrorKind::ResponseNotJson),
            ("[1,", ErrorKind::ResponseNotJson),
            ("t", ErrorKind::ResponseNotJson),
        ] {
            let error = refused(response(200, &[], body.as_bytes()));
            assert_eq!(error.kind(), kind, "{body}");
        }
    }

    #[test]
    fn the_page_of_a_network_that_says_so_itself_is_nobody_elses() {
        let response = response(511, &[("content-type", b"text/html")], b"<html>");
        let error = refused(response).to_string();
        assert!(error.contains("HTTP status 511") && !error.contains("HTML page"), "{error}");
    }

    #[test]
    fn a_byte_order_mark_alone_is_an_empty_answer() {
        let error = refused(response(200, &[], "\u{feff}\r\n".as_bytes()));
        assert_eq!(error.kind(), ErrorKind::EmptyResponse);
    }
}

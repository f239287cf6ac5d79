//! The body of an answer, with several HTTP statuses: the envelope, and its `data` as every type that a call answers.
//!
//! The input is the body.

use super::object::Object;
use super::{SECRET, check_error, data, scrub_of_secret};
use crate::answer;
use crate::base_url::BaseUrl;
use crate::error::ErrorKind;
use crate::transport::scripted::response;

pub fn envelope(body: &[u8]) {
    let base = BaseUrl::parse("https://server.example", false).unwrap();
    for status in [200, 204, 302, 400, 401, 404, 429, 500, 503, 511] {
        let read = answer::read(response(status, &[], body), &scrub_of_secret(), &base);
        let expected = Expected::of(body);
        match &read {
            Ok(data) => {
                assert!((200..300).contains(&status), "success with HTTP status {status}");
                let expected = expected.and_then(|expected| expected.data).expect("a success of the server's");
                assert!(data.as_str() == expected, "not the data that came");
                assert_eq!(format!("{data:?}"), "<REDACTED>");
                data::check(data.as_str());
            }
            Err(error) => {
                check_error(error, &[SECRET]);
                assert_eq!(error.http_status(), Some(status));
                // nginx refuses a client certificate with a page.
                let is_of_certificate = status == 400
                    && matches!(
                        error.kind(),
                        ErrorKind::ClientCertificateRequired | ErrorKind::ClientCertificateRejected
                    );
                assert!(is_of_certificate || (3000..6000).contains(&error.code()), "{error}");
                let in_words = expected.as_ref().and_then(|expected| expected.failure.clone());
                if let Some((code, message)) = in_words {
                    assert_eq!(error.server_code(), Some(code));
                    let shown = error.server_message().unwrap();
                    assert!(message.is_none_or(|message| message == shown || is_cut(&message, shown)), "not what came");
                    let is_success = (200..300).contains(&status);
                    let is_of_status = !is_success && (3000..4000).contains(&error.code());
                    assert!(is_of_status || error.code() / 1000 == 5, "{error}");
                    assert!(is_success || error.kind() != ErrorKind::Server, "{error}");
                } else {
                    assert_eq!((error.server_code(), error.server_message()), (None, None));
                    assert_ne!(error.code() / 1000, 5, "{error}");
                }
                let refused = status == 200 && expected.is_some_and(|expected| expected.data.is_some());
                assert!(!refused, "a success is refused: {error}");
            }
        }
        if status == 401 && read.is_err_and(|error| error.kind() == ErrorKind::TokenExpired) {
            panic!("a session ends without the server's word");
        }
    }
}

/// What the body says by a reading of its own.
struct Expected<'a> {
    data: Option<&'a str>,
    /// The message is not known where it holds what is no character.
    failure: Option<(i64, Option<String>)>,
}

fn is_cut(message: &str, shown: &str) -> bool {
    message.starts_with(shown) && shown.len() >= 16 * 1024
}

impl<'a> Expected<'a> {
    fn of(body: &'a [u8]) -> Option<Self> {
        let text = std::str::from_utf8(body).ok()?;
        let object = Object::read(text.strip_prefix('\u{feff}').unwrap_or(text))?;
        if ["code", "data", "err"].iter().any(|name| object.count(name) > 1) {
            return None;
        }
        // `serde_json` takes -0 for a number with a fraction.
        let code: i64 = object.get("code").filter(|code| *code != "-0")?.parse().ok()?;
        let message = match object.get("err") {
            None | Some("null") => Some(String::new()),
            Some(err) if err.starts_with('"') => serde_json::from_str(err).ok(),
            Some(_) => return None,
        };
        Some(match code {
            200 => Expected { data: object.get("data"), failure: None },
            code => Expected { data: None, failure: Some((code, message)) },
        })
    }
}

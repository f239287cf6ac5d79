//! What went wrong: one error type for every call.

pub use crate::kind::ErrorKind;
use crate::secret::Secret;
use std::collections::TryReserveError;
use std::fmt;
use std::time::Duration;

/// The result of every call of this crate.
pub type Result<T> = std::result::Result<T, Error>;

/// Why a call failed.
///
/// `Display` gives a text for people: a sentence for the [`ErrorKind`], then what is particular to this failure, the
/// server's own words included. Passwords, tokens, sign-in keys and union ids of the request are taken out of it, also
/// where the server repeats them, as they are or in a usual encoding. [`server_message`](Error::server_message) and [`fields`](Error::fields) are the
/// server's text untouched; do not log those if your server may echo what it was sent.
#[derive(thiserror::Error)]
#[error("{0}")]
pub struct Error(Box<Detail>);

pub(crate) struct Detail {
    kind: ErrorKind,
    retryable: bool,
    http_status: Option<u16>,
    retry_after: Option<Duration>,
    server_code: Option<i64>,
    server_message: Option<Secret>,
    fields: Vec<FieldError>,
    /// Further sentences for people, already free of secrets.
    remarks: Vec<String>,
}

/// What the server finds wrong with one field of a request (HTTP 400, `application/problem+json`).
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct FieldError {
    /// The field as the server names it, for example `pwd` or `$.signInKey`. Empty for the request as a whole.
    pub field: String,
    /// The server's messages, untouched. Of a field 256 are kept, of an answer 256 fields, and of one of more than 16 KiB none.
    pub messages: Vec<String>,
}

/// Shows the field's name and how many messages there are, since a message may repeat what was sent.
impl fmt::Debug for FieldError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FieldError").field("field", &self.field).field("messages", &self.messages.len()).finish()
    }
}

impl Error {
    pub(crate) fn new(kind: ErrorKind) -> Self {
        Error(Box::new(Detail {
            kind,
            retryable: kind.retryable(),
            http_status: None,
            retry_after: None,
            server_code: None,
            server_message: None,
            fields: Vec::new(),
            remarks: Vec::new(),
        }))
    }

    /// An argument that is not valid; the remark says which and why, never its value.
    pub(crate) fn invalid_argument(remark: impl Into<String>) -> Self {
        Error::new(ErrorKind::InvalidArgument).remark(remark)
    }

    /// Adds a sentence for people. The caller has made sure that it holds no secret.
    pub(crate) fn remark(mut self, remark: impl Into<String>) -> Self {
        self.0.remarks.push(remark.into());
        self
    }

    pub(crate) fn with_http_status(mut self, status: u16) -> Self {
        self.0.http_status = Some(status);
        self
    }

    pub(crate) fn with_retry_after(mut self, wait: Option<Duration>) -> Self {
        self.0.retry_after = wait;
        self
    }

    pub(crate) fn with_server_answer(mut self, code: i64, message: String) -> Self {
        self.0.server_code = Some(code);
        self.0.server_message = Some(Secret::new(message));
        self
    }

    pub(crate) fn with_fields(mut self, fields: Vec<FieldError>) -> Self {
        self.0.fields = fields;
        self
    }

    /// Marks a failure of a kind that can pass as one that will not: something has to be changed first.
    pub(crate) fn lasting(mut self) -> Self {
        self.0.retryable = false;
        self
    }

    /// Marks the failure of a sign-up that may have reached the server: a blind retry could only find the account there.
    pub(crate) fn outcome_unknown(self) -> Self {
        self.lasting().remark("It may have been done all the same: find out before you do it again")
    }

    /// Marks the failure of a sign-up of which nothing was to be found afterwards. What stands before the server may have given
    /// up on it while it is still at work, so a retry could find the account there all the same.
    pub(crate) fn not_created(self) -> Self {
        self.lasting().remark("There was no such account a moment later")
    }

    /// What kind of failure this is.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// The kind's stable number, the same in every language.
    #[must_use]
    pub fn code(&self) -> i32 {
        self.0.kind.code()
    }

    /// Whether the same call can succeed later without anything being changed.
    ///
    /// False after a sign-up whose answer was lost, since the account may exist by now.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        self.0.retryable
    }

    /// The HTTP status, where an HTTP answer came at all.
    #[must_use]
    pub fn http_status(&self) -> Option<u16> {
        self.0.http_status
    }

    /// How long the server asks to wait before a retry (`Retry-After`), where it said so.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        self.0.retry_after
    }

    /// The `code` of the server's envelope, untouched.
    #[must_use]
    pub fn server_code(&self) -> Option<i64> {
        self.0.server_code
    }

    /// The `err` of the server's envelope, untouched; its first 16 KiB.
    #[must_use]
    pub fn server_message(&self) -> Option<&str> {
        self.0.server_message.as_ref().map(Secret::expose)
    }

    /// What the server finds wrong with each field of the request (HTTP 400); else empty.
    #[must_use]
    pub fn fields(&self) -> &[FieldError] {
        &self.0.fields
    }
}

/// A buffer that can't grow, or be made as large as it has to be.
impl From<TryReserveError> for Error {
    fn from(_: TryReserveError) -> Self {
        Error::new(ErrorKind::OutOfMemory)
    }
}

impl fmt::Display for Detail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.", self.kind.sentence())?;
        for remark in &self.remarks {
            write!(f, " {remark}.")?;
        }
        Ok(())
    }
}

/// Prints what is of use in a log; the server's untouched text is left out, as it may repeat a secret.
impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Error")
            .field("kind", &self.0.kind)
            .field("code", &self.code())
            .field("http_status", &self.0.http_status)
            .field("server_code", &self.0.server_code)
            .field("retryable", &self.0.retryable)
            .field("retry_after", &self.0.retry_after)
            .field("message", &self.to_string())
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_unique_and_ascending() {
        let codes: Vec<i32> = ErrorKind::ALL.iter().map(|kind| kind.code()).collect();
        assert!(codes.windows(2).all(|pair| pair[0] < pair[1]), "{codes:?}");
        assert!(codes[0] > 0, "0 is success");
    }

    #[test]
    fn sentences_end_without_a_full_stop() {
        for kind in ErrorKind::ALL {
            assert!(!kind.sentence().ends_with('.'), "{kind:?}");
        }
    }

    #[test]
    fn debug_leaves_the_untouched_server_text_out() {
        let error = Error::new(ErrorKind::Server).with_server_answer(500, "no user secret-42".to_owned());
        assert!(!format!("{error:?}").contains("secret-42"));
        assert_eq!(error.server_message(), Some("no user secret-42"));
        // It may repeat what was sent.
        let field = FieldError { field: "Pwd".to_owned(), messages: vec!["secret-42 is too short".to_owned()] };
        assert_eq!(format!("{field:?}"), "FieldError { field: \"Pwd\", messages: 1 }");
        assert!(!format!("{:?}", error.with_fields(vec![field])).contains("secret-42"));
    }
}

//! `WWW-Authenticate` (RFC 9110, RFC 6750): what the server holds against a token.

use crate::error::ErrorKind;
use std::borrow::Cow;

/// What a `Bearer` challenge says.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Challenge {
    /// `error`, for example `invalid_token`.
    pub(crate) error: Option<String>,
    /// `error_description`, for people.
    pub(crate) description: Option<String>,
}

impl Challenge {
    /// Reads the `Bearer` challenge of these headers: of several the first that says what is wrong. `None` where there is none.
    pub(crate) fn of_headers<'a>(headers: impl Iterator<Item = Cow<'a, str>>) -> Option<Self> {
        Self::telling(headers.filter_map(|header| Self::parse(&header)))
    }

    /// Reads the `Bearer` challenge of one header, as [`Self::of_headers`] does.
    pub(crate) fn parse(header: &str) -> Option<Self> {
        let mut rest = header;
        Self::telling(std::iter::from_fn(|| {
            let (challenge, after) = Self::read(find_bearer(rest)?);
            rest = after;
            Some(challenge)
        }))
    }

    fn telling(mut challenges: impl Iterator<Item = Self>) -> Option<Self> {
        let first = challenges.next()?;
        let says = |challenge: &Self| challenge.error.is_some();
        Some(if says(&first) { first } else { challenges.find(says).unwrap_or(first) })
    }

    /// Reads a challenge's parameters, and gives what follows them.
    fn read(parameters: &str) -> (Self, &str) {
        let mut rest = parameters;
        let mut challenge = Challenge::default();
        while let Some((name, value, after)) = parameter(rest) {
            if name.eq_ignore_ascii_case("error") {
                challenge.error.get_or_insert(value);
            } else if name.eq_ignore_ascii_case("error_description") {
                challenge.description.get_or_insert(value);
            }
            rest = after;
        }
        (challenge, rest)
    }

    /// Expired apart from rejected apart from a token that was not there.
    ///
    /// RFC 6750 has one error for the first two; ASP.NET's JwtBearer tells them apart only in the description, which reads
    /// "The token expired at '…'" (and "The token is expired" from other validators). Its two other errors say nothing against
    /// the token.
    pub(crate) fn kind(&self) -> ErrorKind {
        match (self.error.as_deref(), self.description.as_deref()) {
            (None | Some("" | "invalid_request" | "insufficient_scope"), _) => ErrorKind::Unauthorized,
            (Some(_), Some(text)) if text.to_ascii_lowercase().contains("expired") => ErrorKind::TokenExpired,
            (Some(_), _) => ErrorKind::TokenRejected,
        }
    }
}

/// What follows the scheme name `Bearer`, skipping other challenges and whatever stands in quotes.
fn find_bearer(header: &str) -> Option<&str> {
    let mut in_quotes = false;
    let mut escaped = false;
    let mut at_start = true;
    for (at, character) in header.char_indices() {
        if at_start && !in_quotes {
            let split = header.get(at..).and_then(|rest| rest.split_at_checked("Bearer".len()));
            let (word, rest) = split.unwrap_or_default();
            if word.eq_ignore_ascii_case("Bearer") && !rest.starts_with(|c: char| is_token_char(c) || c == '=') {
                return Some(rest);
            }
        }
        match character {
            _ if escaped => escaped = false,
            '\\' if in_quotes => escaped = true,
            '"' => in_quotes = !in_quotes,
            _ => {}
        }
        at_start = !in_quotes && (character == ',' || character == ' ' || character == '\t');
    }
    None
}

/// One `name=value` or `name="value"`, and what follows it.
fn parameter(text: &str) -> Option<(&str, String, &str)> {
    let text = text.trim_start_matches([' ', '\t', ',']);
    let name_end = text.find(|c: char| !is_token_char(c))?;
    let (name, rest) = text.split_at(name_end);
    let rest = rest.trim_start().strip_prefix('=')?.trim_start();
    if name.is_empty() {
        return None;
    }
    let Some(quoted) = rest.strip_prefix('"') else {
        let end = rest.find(|c: char| !is_token_char(c)).unwrap_or(rest.len());
        let (value, rest) = rest.split_at(end);
        return Some((name, value.to_owned(), rest));
    };
    let mut value = String::new();
    let mut characters = quoted.chars();
    while let Some(character) = characters.next() {
        match character {
            '"' => return Some((name, value, characters.as_str())),
            '\\' => value.extend(characters.next()),
            _ => value.push(character),
        }
    }
    // The closing quote is missing; what was there still tells something.
    Some((name, value, ""))
}

/// `token` of RFC 9110, section 5.6.2.
fn is_token_char(character: char) -> bool {
    character.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(character)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_expired_from_rejected_from_missing() {
        for (header, kind) in [
            ("Bearer", ErrorKind::Unauthorized),
            ("bearer realm=\"api\"", ErrorKind::Unauthorized),
            (
                "Bearer error=\"invalid_token\", error_description=\"The token expired at '02/23/2023 08:28:39'\"",
                ErrorKind::TokenExpired,
            ),
            (
                "Bearer error=\"invalid_token\", error_description=\"The signature key was not found\"",
                ErrorKind::TokenRejected,
            ),
            ("Bearer error=invalid_token", ErrorKind::TokenRejected),
            ("BEARER ERROR = \"invalid_token\"", ErrorKind::TokenRejected),
            ("Bearer error=\"insufficient_scope\", error_description=\"expired\"", ErrorKind::Unauthorized),
            ("Bearer error=invalid_request", ErrorKind::Unauthorized),
            ("Bearer error=\"\"", ErrorKind::Unauthorized),
            ("Custom abcdé, Bearer error=\"invalid_token\"", ErrorKind::TokenRejected),
            (
                "Basic realm=\"a, Bearer error=x\", Bearer error=\"invalid_token\", error_description=\"Expired\"",
                ErrorKind::TokenExpired,
            ),
            ("Bearer error=\"invalid_token\", error_description=\"said \\\"expired\\\"", ErrorKind::TokenExpired),
        ] {
            assert_eq!(Challenge::parse(header).map(|c| c.kind()), Some(kind), "{header}");
        }
        let twice = Challenge::parse("Bearer error=\"invalid_token\", error=\"other\"").unwrap();
        assert_eq!(twice.error.as_deref(), Some("invalid_token"), "the first one counts");
        let telling = "Bearer error=\"invalid_token\", error_description=\"expired\"";
        let after_another = format!("Bearer realm=\"x\", Basic realm=\"y\", {telling}");
        assert_eq!(
            Challenge::parse(&after_another).unwrap().kind(),
            ErrorKind::TokenExpired,
            "the one that says something"
        );
        for headers in [["Bearer", telling], [telling, "Bearer"]] {
            let challenge = Challenge::of_headers(headers.into_iter().map(Cow::from)).unwrap();
            assert_eq!(challenge.kind(), ErrorKind::TokenExpired, "{headers:?}");
        }
        for header in ["", "Basic realm=\"Bearer\"", "Bearerish error=\"x\"", "Basic bearer=\"x\""] {
            assert_eq!(Challenge::parse(header), None, "{header}");
        }
    }
}

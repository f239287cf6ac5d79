//! `application/problem+json` (RFC 9457) as ASP.NET writes it for a request that it can't bind.

use crate::error::FieldError;
use crate::json::read_no_array;
use serde::Deserialize;
use std::collections::BTreeMap;

/// The parts of a problem document that help; what is missing is `None` or empty.
#[derive(Deserialize, Default)]
pub(crate) struct Problem {
    pub(crate) title: Option<String>,
    pub(crate) detail: Option<String>,
    #[serde(default)]
    errors: BTreeMap<String, Messages>,
}

/// ASP.NET gives a list; a single string does no harm.
#[derive(Deserialize)]
#[serde(untagged)]
enum Messages {
    Many(Vec<String>),
    One(String),
}

impl Problem {
    /// Reads a problem document; anything else is an empty one.
    pub(crate) fn parse(body: &str) -> Self {
        read_no_array(body).unwrap_or_default()
    }

    /// The messages for each field, in the order of the field names.
    pub(crate) fn fields(self) -> Vec<FieldError> {
        self.errors
            .into_iter()
            .map(|(field, messages)| FieldError {
                field,
                messages: match messages {
                    Messages::Many(messages) => messages,
                    Messages::One(message) => vec![message],
                },
            })
            .collect()
    }
}

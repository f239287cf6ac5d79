//! `application/problem+json` (RFC 9457) as ASP.NET writes it for a request that it can't bind.

use crate::error::FieldError;
use crate::json::read_no_array;
use crate::model::lenient;
use serde::Deserialize;
use serde::de::{Deserializer, SeqAccess, Visitor};
use serde_json::value::RawValue;
use std::collections::BTreeMap;
use std::fmt;

/// The parts of a problem document that help, as they are written: so one that is odd costs no other.
#[derive(Deserialize, Default)]
pub(crate) struct Problem<'a> {
    #[serde(borrow)]
    title: Option<&'a RawValue>,
    #[serde(borrow)]
    detail: Option<&'a RawValue>,
    #[serde(borrow)]
    errors: Option<&'a RawValue>,
}

/// What a server writes for people is never longer than this, and never of so many parts.
const MAX_BYTES: usize = 16 * 1024;
const MAX_FIELDS: usize = 256;
const MAX_MESSAGES: usize = 256;

impl<'a> Problem<'a> {
    /// Reads a problem document; anything else is an empty one.
    pub(crate) fn parse(body: &'a str) -> Self {
        if body.len() > MAX_BYTES {
            return Problem::default();
        }
        read_no_array(body).unwrap_or_default()
    }

    /// What it says of the whole request.
    pub(crate) fn texts(&self) -> impl Iterator<Item = String> {
        [self.title, self.detail].into_iter().flatten().filter_map(text)
    }

    /// The messages for each field, in the order of the field names.
    pub(crate) fn fields(&self) -> Vec<FieldError> {
        let errors = self.errors.map(RawValue::get).unwrap_or_default();
        let by_field: BTreeMap<String, &RawValue> = serde_json::from_str(errors).unwrap_or_default();
        by_field
            .into_iter()
            .take(MAX_FIELDS)
            .map(|(field, json)| FieldError { field, messages: messages(json) })
            .collect()
    }
}

/// ASP.NET gives a list; a single text does no harm.
fn messages(json: &RawValue) -> Vec<String> {
    match serde_json::from_str(json.get()) {
        Ok(Messages(messages)) => messages,
        Err(_) => text(json).into_iter().collect(),
    }
}

/// What of a list is a text.
struct Messages(Vec<String>);

impl<'de> Deserialize<'de> for Messages {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_seq(List)
    }
}

struct List;

impl<'de> Visitor<'de> for List {
    type Value = Messages;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Messages, A::Error> {
        let mut messages = Vec::new();
        while let Some(json) = list.next_element::<&RawValue>()? {
            messages.extend(text(json).filter(|_| messages.len() < MAX_MESSAGES));
        }
        Ok(Messages(messages))
    }
}

fn text(json: &RawValue) -> Option<String> {
    lenient::text(&mut serde_json::Deserializer::from_str(json.get())).ok().flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_longer_than_for_people_is_not_kept() {
        let long = format!(r#"{{"title":"t"{}}}"#, " ".repeat(MAX_BYTES));
        assert_eq!(Problem::parse(&long).texts().count(), 0);
        let fields: Vec<String> = (0..=MAX_FIELDS).map(|field| format!(r#""{field}":["m"]"#)).collect();
        let document = format!(r#"{{"errors":{{{}}}}}"#, fields.join(","));
        assert_eq!(Problem::parse(&document).fields().len(), MAX_FIELDS);
        let document = format!(r#"{{"errors":{{"f":[{}]}}}}"#, vec![r#""m""#; MAX_MESSAGES + 1].join(","));
        assert_eq!(Problem::parse(&document).fields()[0].messages.len(), MAX_MESSAGES);
    }

    #[test]
    fn title_and_detail_are_both_told() {
        let texts: Vec<_> = Problem::parse(r#"{"detail":"d","title":"t"}"#).texts().collect();
        assert_eq!(texts, ["t", "d"]);
    }

    #[test]
    fn an_array_is_no_problem_document() {
        assert_eq!(Problem::parse("\r\n[\"t\",\"d\",null]").texts().count(), 0);
    }
}

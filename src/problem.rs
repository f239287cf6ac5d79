//! `application/problem+json` (RFC 9457) as ASP.NET writes it for a request that it can't bind.

use crate::error::FieldError;
use crate::json::read_no_array;
use crate::model::lenient;
use serde::Deserialize;
use serde_json::Deserializer;
use serde_json::value::RawValue;
use std::collections::BTreeMap;

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

impl<'a> Problem<'a> {
    /// Reads a problem document; anything else is an empty one.
    pub(crate) fn parse(body: &'a str) -> Self {
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
        by_field.into_iter().map(|(field, json)| FieldError { field, messages: messages(json) }).collect()
    }
}

/// ASP.NET gives a list; a single text does no harm.
fn messages(json: &RawValue) -> Vec<String> {
    match serde_json::from_str::<Vec<&RawValue>>(json.get()) {
        Ok(list) => list.into_iter().filter_map(text).collect(),
        Err(_) => text(json).into_iter().collect(),
    }
}

fn text(json: &RawValue) -> Option<String> {
    lenient::text(&mut Deserializer::from_str(json.get())).ok().flatten()
}

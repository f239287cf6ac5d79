//! The requests that came in, for tests to look at.

use std::collections::VecDeque;
use std::fmt;
use std::sync::{Mutex, PoisonError};

use hyper::Request;
use hyper::body::Bytes;

/// The oldest are forgotten first.
const MOST: usize = 10_000;

/// A request to the API, as it came in. Its Debug print leaves out the headers and the body, which carry secrets.
#[derive(Clone)]
#[non_exhaustive]
pub struct RecordedRequest {
    /// `GET`, `POST`, …
    pub method: String,
    /// The path as it was sent, letter case and all, without a query.
    pub path: String,
    /// Names in lower case, in the order in which they came.
    pub headers: Vec<(String, String)>,
    /// The body as it was sent.
    pub body: Vec<u8>,
}

impl RecordedRequest {
    /// The first header of this name, which is matched without regard to case.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(header, _)| header.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }
}

impl fmt::Debug for RecordedRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RecordedRequest")
            .field("method", &self.method)
            .field("path", &self.path)
            .field("body_length", &self.body.len())
            .finish_non_exhaustive()
    }
}

#[derive(Default)]
pub(crate) struct Record(Mutex<VecDeque<RecordedRequest>>);

impl Record {
    pub(crate) fn add(&self, request: &Request<Bytes>) {
        let headers = request
            .headers()
            .iter()
            .map(|(name, value)| (name.as_str().to_owned(), String::from_utf8_lossy(value.as_bytes()).into_owned()));
        let recorded = RecordedRequest {
            method: request.method().to_string(),
            path: request.uri().path().to_owned(),
            headers: headers.collect(),
            body: request.body().to_vec(),
        };
        let mut record = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if record.len() == MOST {
            record.pop_front();
        }
        record.push_back(recorded);
    }

    pub(crate) fn all(&self) -> Vec<RecordedRequest> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).iter().cloned().collect()
    }

    pub(crate) fn clear(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_too_many_the_oldest_are_forgotten() {
        let record = Record::default();
        for number in 0..=MOST {
            record.add(&Request::get(format!("/{number}")).body(Bytes::new()).unwrap());
        }
        let all = record.all();
        assert_eq!(all.len(), MOST);
        assert_eq!((all[0].path.as_str(), all[MOST - 1].path.as_str()), ("/1", format!("/{MOST}").as_str()));
    }
}

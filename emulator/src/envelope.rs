//! `{"code": 200, "data": …, "err": ""}`, the shape of every answer that reached the application.

use hyper::StatusCode;
use serde_json::Value;

use crate::reply::{self, Reply};

/// Success. `data` is JSON already: its fields keep the order in which the real server writes them.
pub(crate) fn success(data: &str) -> Reply {
    reply::json(StatusCode::OK, format!(r#"{{"code":200,"data":{data},"err":""}}"#))
}

/// Failure: HTTP says 200, and `data` is an empty string, whatever type success would have had.
pub(crate) fn failure(err: &str) -> Reply {
    let err = Value::from(err);
    reply::json(StatusCode::OK, format!(r#"{{"code":500,"data":"","err":{err}}}"#))
}

/// A JSON object with its fields in this order.
pub(crate) fn object<const N: usize>(fields: [(&str, Value); N]) -> String {
    let fields: Vec<String> = fields.iter().map(|(name, value)| format!(r#""{name}":{value}"#)).collect();
    format!("{{{}}}", fields.join(","))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_keep_their_order_and_values_are_escaped() {
        assert_eq!(object([("b", "\"".into()), ("a", 1.into()), ("c", Value::Null)]), r#"{"b":"\"","a":1,"c":null}"#);
    }
}

//! JSON as it came, and single values out of it by JSON Pointer (RFC 6901), without reading the rest into memory.

use crate::answer::Data;
use crate::error::{Error, ErrorKind, Result};
use crate::json_shape::{IMMODEST, is_modest};
use crate::json_string::characters;
use crate::secret::REDACTED;
use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;
use std::fmt;
use zeroize::Zeroizing;

/// Reads a JSON text into a type, but refuses an array, which serde would take for a struct. The API has none where a type
/// is read.
pub(crate) fn read_no_array<'a, T: Deserialize<'a>>(json: &'a str) -> serde_json::Result<T> {
    if json.trim_start().starts_with('[') {
        serde_json::from_str::<IgnoredAny>(json)?;
        return Err(serde::de::Error::custom("an array"));
    }
    serde_json::from_str(json)
}

/// The `data` of an answer as the server wrote it. May hold tokens and keys: prints as `<REDACTED>`, wiped when dropped.
pub struct Json(Data);

impl Json {
    pub(crate) fn from_answer(data: Data) -> Self {
        Json(data)
    }

    /// The JSON text, byte for byte as it came.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// The part that a JSON Pointer names, for example `/access_token`.
    ///
    /// # Errors
    /// [`ErrorKind::JsonPointerSyntax`], [`ErrorKind::JsonNotFound`].
    pub fn get<'a>(&'a self, pointer: &str) -> Result<JsonValue<'a>> {
        JsonValue::find(self.as_str(), pointer)
    }
}

impl fmt::Debug for Json {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(REDACTED)
    }
}

/// The types of JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JsonType {
    /// `null`
    Null,
    /// `true` or `false`
    Boolean,
    /// A number
    Number,
    /// A string
    String,
    /// An array
    Array,
    /// An object
    Object,
}

impl JsonType {
    fn name(self) -> &'static str {
        match self {
            JsonType::Null => "null",
            JsonType::Boolean => "a boolean",
            JsonType::Number => "a number",
            JsonType::String => "a string",
            JsonType::Array => "an array",
            JsonType::Object => "an object",
        }
    }
}

/// How deep a JSON Pointer may go: below the depth at which `serde_json` gives up to save the stack. What is not on the way
/// may be deeper.
const MAX_STEPS: usize = 100;

/// One value inside a JSON text, still as it is written there.
#[derive(Clone, Copy)]
pub struct JsonValue<'a>(&'a RawValue);

impl<'a> JsonValue<'a> {
    /// The value that a JSON Pointer (RFC 6901) names in a JSON text; the empty pointer names the whole.
    ///
    /// Where an object has a name twice, the last one counts.
    ///
    /// # Errors
    /// [`ErrorKind::JsonPointerSyntax`], [`ErrorKind::JsonSyntax`], [`ErrorKind::JsonNotFound`]; [`ErrorKind::JsonRange`] for
    /// a pointer of more than 100 steps, and for arrays and objects more than 32,768 deep inside of each other.
    pub fn find(json: &'a str, pointer: &str) -> Result<Self> {
        let path = parse_pointer(pointer)?;
        if !is_modest(json) {
            return Err(Error::new(ErrorKind::JsonRange).remark(IMMODEST));
        }
        let mut deserializer = serde_json::Deserializer::from_str(json);
        let found = Seek(&path)
            .deserialize(&mut deserializer)
            .and_then(|found| deserializer.end().map(|()| found))
            .map_err(|error| {
                Error::new(ErrorKind::JsonSyntax).remark(format!(
                    "Line {}, column {} is not as it should be",
                    error.line(),
                    error.column()
                ))
            })?;
        found.map(JsonValue).ok_or_else(|| not_found(pointer))
    }

    /// The value's JSON text.
    #[must_use]
    pub fn as_json(&self) -> &'a str {
        self.0.get()
    }

    /// The value's type.
    #[must_use]
    pub fn json_type(&self) -> JsonType {
        match self.0.get().as_bytes().first() {
            Some(b'{') => JsonType::Object,
            Some(b'[') => JsonType::Array,
            Some(b'"') => JsonType::String,
            Some(b't' | b'f') => JsonType::Boolean,
            Some(b'n') => JsonType::Null,
            _ => JsonType::Number,
        }
    }

    /// The text of a string.
    ///
    /// # Errors
    /// [`ErrorKind::JsonNull`], [`ErrorKind::JsonType`]; [`ErrorKind::JsonRange`] for half of a surrogate pair;
    /// [`ErrorKind::OutOfMemory`].
    pub fn to_text(&self) -> Result<Zeroizing<String>> {
        self.expect(JsonType::String)?;
        let literal = self.0.get();
        let mut text = Zeroizing::new(String::new());
        // No escape is shorter than what it stands for.
        text.try_reserve_exact(literal.len())?;
        for character in characters(literal) {
            text.push(
                character.ok_or_else(|| Error::new(ErrorKind::JsonRange).remark("The string is not valid Unicode"))?,
            );
        }
        Ok(text)
    }

    /// A whole number.
    ///
    /// # Errors
    /// [`ErrorKind::JsonNull`], [`ErrorKind::JsonType`]; [`ErrorKind::JsonRange`] for a number that is written with a
    /// fraction or an exponent, or is beyond 64 bits.
    pub fn to_i64(&self) -> Result<i64> {
        self.expect(JsonType::Number)?;
        let number = self.0.get().parse();
        number.map_err(|_| Error::new(ErrorKind::JsonRange).remark("It is not a whole number of 64 bits"))
    }

    /// A number, rounded to the nearest that a double can hold.
    ///
    /// # Errors
    /// [`ErrorKind::JsonNull`], [`ErrorKind::JsonType`]; [`ErrorKind::JsonRange`] for a number beyond the range of doubles.
    pub fn to_f64(&self) -> Result<f64> {
        self.expect(JsonType::Number)?;
        let number = self.0.get().parse::<f64>().ok().filter(|number| number.is_finite());
        number.ok_or_else(|| Error::new(ErrorKind::JsonRange).remark("It is beyond the range of doubles"))
    }

    /// A truth value.
    ///
    /// # Errors
    /// [`ErrorKind::JsonNull`], [`ErrorKind::JsonType`].
    pub fn to_bool(&self) -> Result<bool> {
        self.expect(JsonType::Boolean)?;
        Ok(self.0.get() == "true")
    }

    fn expect(&self, wanted: JsonType) -> Result<()> {
        match self.json_type() {
            found if found == wanted => Ok(()),
            JsonType::Null => Err(Error::new(ErrorKind::JsonNull)),
            found => {
                Err(Error::new(ErrorKind::JsonType).remark(format!("It is {}, not {}", found.name(), wanted.name())))
            }
        }
    }
}

impl fmt::Debug for JsonValue<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(REDACTED)
    }
}

fn not_found(pointer: &str) -> Error {
    Error::new(ErrorKind::JsonNotFound)
        .remark(format!("Looked for {}", crate::scrub::Scrub::new(&Vec::new).show(pointer)))
}

/// The steps of a JSON Pointer, as they are written in it.
fn parse_pointer(pointer: &str) -> Result<Vec<&str>> {
    if pointer.is_empty() {
        return Ok(Vec::new());
    }
    let malformed = || Error::new(ErrorKind::JsonPointerSyntax);
    let steps = pointer.strip_prefix('/').ok_or_else(malformed)?;
    if steps.split('/').any(|step| unescaped(step).any(|character| character.is_none())) {
        return Err(malformed());
    }
    if steps.split('/').nth(MAX_STEPS).is_some() {
        return Err(Error::new(ErrorKind::JsonRange).remark(format!("The pointer has more than {MAX_STEPS} steps")));
    }
    Ok(steps.split('/').collect())
}

/// The characters of a step: `~1` is `/`, `~0` is `~`, and no other `~` may stand in it.
fn unescaped(step: &str) -> impl Iterator<Item = Option<char>> {
    let mut rest = step.chars();
    std::iter::from_fn(move || {
        Some(match rest.next()? {
            '~' => match rest.next() {
                Some('0') => Some('~'),
                Some('1') => Some('/'),
                _ => None,
            },
            other => Some(other),
        })
    })
}

/// Walks down a path through a JSON text and gives the value at its end, checking the syntax of all the rest.
#[derive(Clone, Copy)]
struct Seek<'p>(&'p [&'p str]);

impl<'de> DeserializeSeed<'de> for Seek<'_> {
    type Value = Option<&'de RawValue>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> std::result::Result<Self::Value, D::Error> {
        let value = <&RawValue as serde::Deserialize>::deserialize(deserializer)?;
        if self.0.is_empty() {
            Ok(Some(value))
        } else if value.get().starts_with(['{', '[']) {
            serde_json::Deserializer::from_str(value.get()).deserialize_any(self).map_err(D::Error::custom)
        } else {
            // A step into a number, a string, true, false or null leads to nothing, also where it is a number that no type holds.
            Ok(None)
        }
    }
}

impl<'de> Visitor<'de> for Seek<'_> {
    type Value = Option<&'de RawValue>;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("an object or an array")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> std::result::Result<Self::Value, A::Error> {
        let (first, rest) = self.0.split_first().ok_or_else(|| A::Error::custom("no step left"))?;
        let mut found = None;
        // As it is written, so that no copy of it has to be made.
        while let Some(name) = map.next_key::<&RawValue>()? {
            if characters(name.get()).eq(unescaped(first)) {
                found = map.next_value_seed(Seek(rest))?;
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(found)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut sequence: A) -> std::result::Result<Self::Value, A::Error> {
        let (first, rest) = self.0.split_first().ok_or_else(|| A::Error::custom("no step left"))?;
        // RFC 6901: digits without a leading zero.
        let wanted = (*first == "0" || first.starts_with(|c: char| ('1'..='9').contains(&c)))
            .then(|| first.bytes().all(|byte| byte.is_ascii_digit()).then(|| first.parse::<usize>().ok()))
            .flatten()
            .flatten();
        let mut found = None;
        for index in 0.. {
            if Some(index) == wanted {
                match sequence.next_element_seed(Seek(rest))? {
                    Some(value) => found = value,
                    None => break,
                }
            } else if sequence.next_element::<IgnoredAny>()?.is_none() {
                break;
            }
        }
        Ok(found)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_examples_of_rfc_6901() {
        let json = r#"{"foo":["bar","baz"],"":0,"a/b":1,"c%d":2,"e^f":3,"g|h":4,"i\\j":5,"k\"l":6," ":7,"m~n":8}"#;
        for (pointer, value) in [
            ("", json),
            ("/foo", r#"["bar","baz"]"#),
            ("/foo/0", r#""bar""#),
            ("/", "0"),
            ("/a~1b", "1"),
            ("/c%d", "2"),
            ("/e^f", "3"),
            ("/g|h", "4"),
            ("/i\\j", "5"),
            ("/k\"l", "6"),
            ("/ ", "7"),
            ("/m~0n", "8"),
        ] {
            assert_eq!(JsonValue::find(json, pointer).unwrap().as_json(), value, "{pointer}");
        }
    }

    #[test]
    fn a_step_into_a_number_that_no_type_holds_leads_to_nothing() {
        let json = r#"{"a":1e400,"a":{"b":null},"c":1e400,"d":"\ud800"}"#;
        assert_eq!(JsonValue::find(json, "/a/b").unwrap().as_json(), "null");
        for pointer in ["/c/b", "/d/b"] {
            assert_eq!(JsonValue::find(json, pointer).unwrap_err().kind(), ErrorKind::JsonNotFound);
        }
    }

    #[test]
    fn what_is_not_there_or_not_well_formed_is_named() {
        use ErrorKind::{JsonNotFound, JsonPointerSyntax, JsonSyntax};
        for (json, pointer, kind) in [
            (r#"{"a":1}"#, "/b", JsonNotFound),
            (r#"{"a":1}"#, "/a/b", JsonNotFound),
            (r#"{"a":-1}"#, "/a/b", JsonNotFound),
            (r#"{"a":1.5}"#, "/a/b", JsonNotFound),
            (r#"{"a":true}"#, "/a/b", JsonNotFound),
            (r#"{"a":null}"#, "/a/b", JsonNotFound),
            (r#"{"a":"x"}"#, "/a/0", JsonNotFound),
            ("[1,2]", "/2", JsonNotFound),
            ("[1,2]", "/01", JsonNotFound),
            ("[1,2]", "/-", JsonNotFound),
            ("[1,2]", "/99999999999999999999999", JsonNotFound),
            (r#"{"a":1}"#, "a", JsonPointerSyntax),
            (r#"{"a":1}"#, "/~", JsonPointerSyntax),
            (r#"{"a":1}"#, "/~2", JsonPointerSyntax),
            (r#"{"a~":1}"#, "/a~", JsonPointerSyntax),
            ("", "/a", JsonSyntax),
            ("{\"a\":1", "/a", JsonSyntax),
            ("{\"a\":1}}", "/a", JsonSyntax),
            ("{\"a\":1,\"b\":nul}", "/a", JsonSyntax),
            ("{\"a\":1,", "/a/b", JsonSyntax),
            ("{\"a\":1} 2", "", JsonSyntax),
        ] {
            assert_eq!(JsonValue::find(json, pointer).map(|_| ()).unwrap_err().kind(), kind, "{json} {pointer}");
        }
    }

    #[test]
    fn a_name_is_found_however_it_is_escaped() {
        for json in [r#"{"a/~\u00e9\n":1}"#, r#"{"\u0061\/~é\u000a":1}"#] {
            assert_eq!(JsonValue::find(json, "/a~1~0é\n").unwrap().as_json(), "1", "{json}");
        }
        assert_eq!(JsonValue::find(r#"{"\ud800":1,"a":2}"#, "/a").unwrap().as_json(), "2");
        // RFC 6901, section 4: `~01` is `~1`, and does not become `/`.
        let json = r#"{"/":1,"~1":2,"~0":3}"#;
        for (pointer, value) in [("/~1", "1"), ("/~01", "2"), ("/~00", "3")] {
            assert_eq!(JsonValue::find(json, pointer).unwrap().as_json(), value, "{pointer}");
        }
    }

    #[test]
    fn the_last_of_two_equal_names_counts() {
        assert_eq!(JsonValue::find(r#"{"a":1,"a":2}"#, "/a").unwrap().as_json(), "2");
        assert_eq!(JsonValue::find(r#"{"a":1,"a":{"b":2}}"#, "/a/b").unwrap().as_json(), "2");
        for json in [r#"{"a":{"b":2},"a":1}"#, r#"{"a":{"b":2},"a":{}}"#] {
            assert_eq!(JsonValue::find(json, "/a/b").unwrap_err().kind(), ErrorKind::JsonNotFound, "{json}");
        }
    }

    #[test]
    fn values_come_in_the_type_asked_for_or_not_at_all() {
        let json = r#"{"s":"自定义\u0041","n":9007199254740993,"f":1.5,"big":1e400,"b":true,"z":null,"half":"\ud800"}"#;
        let get = |pointer| JsonValue::find(json, pointer).unwrap();
        assert_eq!(get("/s").to_text().unwrap().as_str(), "自定义A");
        assert_eq!(get("/n").to_i64().unwrap(), 9_007_199_254_740_993);
        assert!((get("/f").to_f64().unwrap() - 1.5).abs() < f64::EPSILON);
        assert!(get("/b").to_bool().unwrap());
        assert_eq!(get("/z").to_text().unwrap_err().kind(), ErrorKind::JsonNull);
        assert_eq!(get("/s").to_i64().unwrap_err().kind(), ErrorKind::JsonType);
        assert_eq!(get("/n").to_text().unwrap_err().kind(), ErrorKind::JsonType);
        assert_eq!(get("/f").to_i64().unwrap_err().kind(), ErrorKind::JsonRange);
        assert_eq!(get("/big").to_f64().unwrap_err().kind(), ErrorKind::JsonRange);
        assert_eq!(get("/half").to_text().unwrap_err().kind(), ErrorKind::JsonRange);
    }

    #[test]
    fn a_deep_value_is_no_danger() {
        let deep = format!("{{\"a\":{}1{},\"b\":2}}", "[".repeat(30_000), "]".repeat(30_000));
        assert_eq!(JsonValue::find(&deep, "/b").unwrap().to_i64().unwrap(), 2);
        let too_deep = JsonValue::find(&deep, &format!("/a{}", "/0".repeat(100))).unwrap_err();
        assert_eq!(too_deep.kind(), ErrorKind::JsonRange);
        let far_too_deep = JsonValue::find(&"[".repeat(1_000_000), "").unwrap_err();
        assert_eq!(far_too_deep.kind(), ErrorKind::JsonRange);
        let at_the_limit = format!("{}1{}", "[".repeat(100), "]".repeat(100));
        assert_eq!(JsonValue::find(&at_the_limit, &"/0".repeat(100)).unwrap().as_json(), "1");
    }
}

//! Whatever JSON the server sends is what C gets: every field, every digit, byte for byte; and the getters read out of it what
//! was written into it.

use super::client::{oauthapp_client, oauthapp_client_config, oauthapp_client_free, oauthapp_client_new};
use super::constants;
use super::fuzz::getters::Getter;
use super::fuzz::{agrees_with_serde, lent};
use super::qr_code::oauthapp_qr_code_pre_sign_in;
use crate::error::ErrorKind;
use crate::transport::scripted::{self, Connection};
use proptest::collection::vec;
use proptest::prelude::*;
use std::ffi::{CString, c_char};
use std::mem::MaybeUninit;
use std::ops::Range;
use std::ptr;

/// A JSON value as somebody means to write it; numbers are their digits.
#[derive(Clone, Debug)]
enum Node {
    Null,
    Bool(bool),
    Number(String),
    Text(String),
    Array(Vec<Node>),
    Object(Vec<(String, Node)>),
}

fn nodes() -> impl Strategy<Value = Node> {
    let leaf = prop_oneof![
        Just(Node::Null),
        any::<bool>().prop_map(Node::Bool),
        any::<i64>().prop_map(|number| Node::Number(number.to_string())),
        // Beyond 2^53, beyond 64 bits, decimals with more digits than a double has.
        "-?(0|[1-9][0-9]{0,40})(\\.[0-9]{1,40})?([eE][+-]?[0-9]{1,3})?".prop_map(Node::Number),
        texts().prop_map(Node::Text),
    ];
    leaf.prop_recursive(5, 40, 6, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..6).prop_map(Node::Array),
            // Few names, so that some come twice.
            vec((prop_oneof!["[ab~/]{0,2}", texts()], inner), 0..6).prop_map(Node::Object),
        ]
    })
}

fn texts() -> impl Strategy<Value = String> {
    vec(prop_oneof![any::<char>(), prop::char::range('\0', '\u{7f}')], 0..8).prop_map(String::from_iter)
}

/// Writes JSON in one of the many ways in which it can be written, and knows what it has written where.
struct Writer<'a> {
    json: String,
    style: std::iter::Cycle<std::slice::Iter<'a, u8>>,
    written: Vec<Written<'a>>,
}

/// A value and where it stands. What another of the same name hides is not among them.
struct Written<'a> {
    pointer: String,
    range: Range<usize>,
    node: &'a Node,
}

impl<'a> Writer<'a> {
    fn write(node: &'a Node, style: &'a [u8]) -> Self {
        let mut writer = Writer { json: String::new(), style: style.iter().cycle(), written: Vec::new() };
        writer.value(node, Some(String::new()));
        writer
    }

    fn choice(&mut self) -> u8 {
        self.style.next().copied().unwrap_or_default()
    }

    fn space(&mut self) {
        let space = ["", "", "", " ", "\n", "\r\n\t"][usize::from(self.choice()) % 6];
        self.json.push_str(space);
    }

    fn value(&mut self, node: &'a Node, pointer: Option<String>) {
        let start = self.json.len();
        match node {
            Node::Null => self.json.push_str("null"),
            Node::Bool(value) => self.json.push_str(if *value { "true" } else { "false" }),
            Node::Number(digits) => self.json.push_str(digits),
            Node::Text(text) => self.text(text),
            Node::Array(elements) => {
                self.json.push('[');
                for (index, element) in elements.iter().enumerate() {
                    self.separate(index);
                    self.value(element, pointer.as_ref().map(|pointer| format!("{pointer}/{index}")));
                    self.space();
                }
                self.json.push(']');
            }
            Node::Object(fields) => {
                self.json.push('{');
                for (index, (name, value)) in fields.iter().enumerate() {
                    self.separate(index);
                    self.text(name);
                    self.space();
                    self.json.push(':');
                    self.space();
                    let is_last = fields[index + 1..].iter().all(|(other, _)| other != name);
                    let step = name.replace('~', "~0").replace('/', "~1");
                    let below = pointer.as_ref().filter(|_| is_last).map(|pointer| format!("{pointer}/{step}"));
                    self.value(value, below);
                    self.space();
                }
                self.json.push('}');
            }
        }
        if let Some(pointer) = pointer {
            self.written.push(Written { pointer, range: start..self.json.len(), node });
        }
    }

    fn separate(&mut self, index: usize) {
        if index > 0 {
            self.json.push(',');
        }
        self.space();
    }

    fn text(&mut self, text: &str) {
        self.json.push('"');
        for character in text.chars() {
            match character {
                '"' | '\\' => self.json.extend(['\\', character]),
                _ if character < ' ' || self.choice() < 64 => {
                    for unit in character.encode_utf16(&mut [0; 2]) {
                        self.json.push_str(&format!("\\u{unit:04x}"));
                    }
                }
                _ => self.json.push(character),
            }
        }
        self.json.push('"');
    }
}

/// An answer with this data, in one of the forms in which it may come.
fn answer(data: &str, form: u8) -> Connection {
    let body = match form % 3 {
        0 => format!("{{\"code\":200,\"data\":{data},\"err\":\"\"}}"),
        1 => format!("\u{feff}{{ \"new\" : [{data}], \"err\" : null, \"data\" : {data} , \"code\" : 200 }}\n"),
        _ => format!("{{\"data\":{data},\"code\":200}}"),
    };
    let message = match form / 3 % 3 {
        0 => format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{body}", body.len()),
        1 => format!("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{:x}\r\n{body}\r\n0\r\n\r\n", body.len()),
        _ => format!("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n{body}"),
    };
    Connection::sending(message.as_bytes()).in_packets_of(1 + usize::from(form))
}

/// What a C program gets from a server that answers so.
fn received(answer: Connection) -> Result<String, ErrorKind> {
    let received = scripted::run(vec![answer], || {
        let mut client: *mut oauthapp_client = ptr::null_mut();
        let mut data: *mut c_char = ptr::null_mut();
        let mut error = ptr::null_mut();
        // SAFETY: all pointers are NULL, locals, or literals with NUL at their end.
        unsafe {
            let mut config: oauthapp_client_config = MaybeUninit::zeroed().assume_init();
            config.struct_size = size_of::<oauthapp_client_config>();
            config.app_id = 2;
            config.base_url = c"http://127.0.0.1".as_ptr();
            assert_eq!(oauthapp_client_new(&raw const config, &raw mut client, ptr::null_mut()), 0);
            let none = ptr::null();
            let code =
                oauthapp_qr_code_pre_sign_in(client, none, none, none, ptr::null(), &raw mut data, &raw mut error);
            oauthapp_client_free(client);
            lent::take_error(error, code).map(|()| lent::take(data))
        }
    });
    received.0
}

/// What each getter says of a value, compared with what was written.
fn check(getter: Getter, node: &Node, written: &str) {
    let null_or_type = if matches!(node, Node::Null) { ErrorKind::JsonNull } else { ErrorKind::JsonType };
    let (mut string, mut int64, mut double, mut bool) =
        (Err(null_or_type), Err(null_or_type), Err(null_or_type), Err(null_or_type));
    let json_type = match node {
        Node::Null => constants::JSON_NULL,
        Node::Bool(value) => {
            bool = Ok(*value);
            constants::JSON_BOOLEAN
        }
        Node::Number(digits) => {
            let whole = digits.parse::<i128>().ok().and_then(|number| i64::try_from(number).ok());
            int64 = whole.ok_or(ErrorKind::JsonRange);
            let finite = digits.parse::<f64>().ok().filter(|number| number.is_finite());
            double = finite.map(f64::to_bits).ok_or(ErrorKind::JsonRange);
            constants::JSON_NUMBER
        }
        Node::Text(text) => {
            // C's strings end at the first NUL.
            string = if text.contains('\0') { Err(ErrorKind::JsonRange) } else { Ok(text.clone()) };
            constants::JSON_STRING
        }
        Node::Array(_) => constants::JSON_ARRAY,
        Node::Object(_) => constants::JSON_OBJECT,
    };
    assert_eq!(getter.json().as_deref(), Ok(written));
    assert_eq!(getter.json_type(), Ok(json_type));
    assert_eq!((getter.string(), getter.int64(), getter.bool()), (string, int64, bool), "{written}");
    assert_eq!(getter.double().map(f64::to_bits), double, "{written}");
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn c_gets_the_json_that_the_server_has_sent(node in nodes(), style in vec(any::<u8>(), 1..20), form: u8) {
        let sent = Writer::write(&node, &style).json;
        prop_assert_eq!(received(answer(&sent, form)), Ok(sent));
    }

    #[test]
    fn the_getters_read_what_was_written(node in nodes(), style in vec(any::<u8>(), 1..20)) {
        let writer = Writer::write(&node, &style);
        let json = CString::new(writer.json.as_str()).unwrap();
        for Written { pointer, range, node } in writer.written {
            // A name with NUL can't be asked for.
            let Ok(pointer) = CString::new(pointer) else { continue };
            check(Getter { json: &json, pointer: &pointer }, node, &writer.json[range]);
        }
    }

    #[test]
    fn the_getters_agree_with_another_reading(
        node in nodes(),
        style in vec(any::<u8>(), 1..20),
        which: prop::sample::Index,
        changed in prop_oneof![Just(None), "[/~01ab-]{1,3}".prop_map(Some)],
    ) {
        let writer = Writer::write(&node, &style);
        let mut pointer = writer.written[which.index(writer.written.len())].pointer.replace('\0', "");
        pointer.push_str(changed.as_deref().unwrap_or_default());
        let (json, pointer) = (CString::new(writer.json).unwrap(), CString::new(pointer).unwrap());
        agrees_with_serde(Getter { json: &json, pointer: &pointer });
    }
}

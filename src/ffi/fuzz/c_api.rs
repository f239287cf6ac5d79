//! The C API as a program uses it that makes every mistake there is: the input is a list of calls, each a byte for the function
//! and then what its arguments are made of.
//!
//! Handles are alive, freed, of another kind, made up or NULL; strings are the library's own, a caller's, or no UTF-8; structs
//! have any size; outputs are NULL or hold garbage. The program keeps book of what it has been given, and so knows what each
//! call may say.

use super::super::account::{oauthapp_sign_in, oauthapp_sign_up, oauthapp_sign_up_request};
use super::super::cancel::{
    oauthapp_cancel_token, oauthapp_cancel_token_cancel, oauthapp_cancel_token_free,
    oauthapp_cancel_token_is_cancelled, oauthapp_cancel_token_new,
};
use super::super::claims::oauthapp_token_claims;
use super::super::client::{
    oauthapp_client, oauthapp_client_config, oauthapp_client_free, oauthapp_client_is_signed_in, oauthapp_client_new,
    oauthapp_client_sign_out,
};
use super::super::constants;
use super::super::error::{
    oauthapp_code_name, oauthapp_error, oauthapp_error_code, oauthapp_error_free, oauthapp_error_message,
};
use super::super::options::oauthapp_call_options;
use super::super::profile::{oauthapp_get_profile, oauthapp_update_profile};
use super::super::qr_code::{
    oauthapp_qr_code_pre_sign_in, oauthapp_qr_code_scan, oauthapp_qr_code_sign_in, oauthapp_qr_code_sign_up,
    oauthapp_qr_code_sign_up_request,
};
use super::super::string::oauthapp_string_free;
use super::super::types::{Code, ErrorOut, OptionalCallOptions, TextOut};
use super::super::union_id::{oauthapp_union_id_sign_in, oauthapp_union_id_sign_up, oauthapp_union_id_sign_up_request};
use super::super::version::{oauthapp_version, oauthapp_version_number};
use super::getters::Getter;
use super::lent;
use crate::error::ErrorKind;
use crate::fuzz::input::Input;
use crate::fuzz::{ROOT, SECRET};
use crate::transport::scripted::{self, Connection};
use serde::de::IgnoredAny;
use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};
use std::ffi::{CStr, CString, c_char, c_void};
use std::mem::MaybeUninit;
use std::ptr;

pub fn c_api(input: &[u8]) {
    let context = LogContext::default();
    let mut program = Program {
        input: Input(input),
        context: &context,
        handles: BTreeMap::new(),
        strings: BTreeMap::new(),
        owned: Vec::new(),
        structs: Vec::new(),
        secret_given: false,
        bad_struct: false,
    };
    // SAFETY: the program keeps to what the header asks of C, and to nothing else.
    scripted::run(Vec::new(), || unsafe {
        while !program.input.0.is_empty() {
            program.step();
        }
        program.end();
    });
}

/// What texts a program is likely to have.
const TEXTS: &[&CStr] = &[
    c"",
    c"canary-7f3a",
    c"web",
    c"19",
    c"\"19\"",
    c"0123456789abcdef0123456789abcdef",
    c"http://127.0.0.1",
    c"https://server.example",
    c"http://user:canary-7f3a@proxy.example",
    c"/access_token",
    c"{\"access_token\":\"e30.eyJleHAiOjE2NzcxMzU3MTl9.\",\"token_type\":\"Bearer\",\"expires_in\":86400}",
    c"e30.eyJleHAiOjE2NzcxMzU3MTl9.",
    c"sha256/47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=",
    c"line\r\nbreak",
    c"\xff",
    c"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
];

/// No others: a file may be anything, and endless.
const FILES: &[&CStr] = &[c"/nonexistent", c"/dev/null", c"/"];

/// What the server says, where the input has no words of its own for it: status and further headers, and the body.
const ANSWERS: &[(&str, &str)] = &[
    ("200 OK", "{\"code\":200,\"data\":{\"access_token\":\"e30.e30.\",\"x\":1.10},\"err\":\"\"}"),
    ("200 OK", "{\"code\":200,\"data\":true,\"err\":\"\"}"),
    ("200 OK", "{\"code\":500,\"data\":\"\",\"err\":\"bad canary-7f3a!\"}"),
    ("200 OK", "{\"code\":200,\"data\":19,\"err\":\"\"}"),
    ("401 Unauthorized\r\nWWW-Authenticate: Bearer error=\"invalid_token\", error_description=\"expired\"", ""),
    ("400 Bad Request", "{\"title\":\"x\",\"errors\":{\"pwd\":[\"missing\"]}}"),
    ("503 Service Unavailable\r\nRetry-After: 7", ""),
    ("302 Found\r\nLocation: https://canary-7f3a.example/", "<html>"),
];

fn answer(which: u8) -> Connection {
    let (head, body) = ANSWERS[usize::from(which) % ANSWERS.len()];
    Connection::sending(format!("HTTP/1.1 {head}\r\nContent-Length: {}\r\n\r\n{body}", body.len()).as_bytes())
}

/// What a handle was given for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Client,
    Error,
    CancelToken,
}

/// A handle that the library has given.
struct Handle {
    kind: Kind,
    alive: bool,
    /// Of a cancel token.
    cancelled: bool,
}

/// What the log callback gets as its context.
#[derive(Default)]
struct LogContext {
    /// What it is to free, in the middle of a call: 0, or any handle.
    free: Cell<usize>,
    /// What it has freed.
    freed: Cell<usize>,
}

unsafe extern "C" fn log(context: *mut c_void, _: i32, target: *const c_char, message: *const c_char) {
    // SAFETY: the library gives back the context, which outlives all clients, and two texts.
    unsafe {
        let message = lent::text(message).expect("a message");
        assert!(!message.contains(SECRET) && !message.contains(char::is_control), "{message:?}");
        assert!(lent::text(target).is_some());
        let context = &*context.cast::<LogContext>();
        let handle = context.free.take();
        if handle != 0 {
            oauthapp_client_free(ptr::without_provenance_mut(handle));
            oauthapp_cancel_token_free(ptr::without_provenance_mut(handle));
            context.freed.set(handle);
        }
    }
}

struct Program<'a> {
    input: Input<'a>,
    context: &'a LogContext,
    /// Every handle that was ever given, by its value.
    handles: BTreeMap<usize, Handle>,
    /// The strings that were given and not yet given back, by their addresses.
    strings: BTreeMap<usize, *mut c_char>,
    /// Strings and structs of the program's own, kept to the end so that pointers to them stay good.
    owned: Vec<CString>,
    structs: Vec<Vec<u8>>,
    /// Whether the call at hand was given the secret where a secret belongs.
    secret_given: bool,
    /// Whether it was given a struct of a size that there is not, or with fields that there are not.
    bad_struct: bool,
}

impl Program<'_> {
    unsafe fn step(&mut self) {
        // SAFETY: as in `c_api`.
        unsafe {
            match self.input.byte() % 24 {
                0 | 1 => self.new_client(),
                2 => {
                    let handle = self.handle(Kind::Client);
                    oauthapp_client_free(handle.cast_mut().cast());
                    self.end_of(handle, Kind::Client);
                }
                3 => {
                    let handle = self.handle(Kind::Client);
                    let signed_in = oauthapp_client_is_signed_in(handle.cast_mut().cast());
                    assert!(!signed_in || self.is_alive(handle, Kind::Client));
                    let alive = self.is_alive(handle, Kind::Client);
                    let code = self.with_error(|error| oauthapp_client_sign_out(handle.cast_mut().cast(), error));
                    assert_eq!(lent::kind(code), expected(handle, alive));
                    assert!(!oauthapp_client_is_signed_in(handle.cast_mut().cast()));
                }
                4..=13 => self.call(),
                14 => self.new_cancel_token(),
                15 => {
                    let handle = self.handle(Kind::CancelToken);
                    let alive = self.is_alive(handle, Kind::CancelToken);
                    let code = self.with_error(|error| oauthapp_cancel_token_cancel(handle.cast_mut().cast(), error));
                    assert_eq!(lent::kind(code), expected(handle, alive));
                    assert_eq!(oauthapp_cancel_token_is_cancelled(handle.cast_mut().cast()), alive);
                    if let Some(token) = self.handles.get_mut(&handle.addr()).filter(|_| alive) {
                        token.cancelled = true;
                    }
                }
                16 => {
                    let handle = self.handle(Kind::CancelToken);
                    oauthapp_cancel_token_free(handle.cast_mut().cast());
                    self.end_of(handle, Kind::CancelToken);
                }
                17 => {
                    let handle = self.handle(Kind::Error);
                    if self.is_alive(handle, Kind::Error) {
                        lent::check_error(handle.cast(), oauthapp_error_code(handle.cast()));
                    } else {
                        lent::check_no_error(handle.cast());
                    }
                    oauthapp_error_free(handle.cast_mut().cast());
                    self.end_of(handle, Kind::Error);
                }
                18 => self.free_string(),
                19 => self.getters(),
                20 => {
                    let token = self.text();
                    self.give(|out, error| oauthapp_token_claims(token, out, error));
                }
                21 => {
                    let code = i32::from(self.input.u16());
                    assert!(lent::text(oauthapp_code_name(code)).is_some_and(|name| name.starts_with("OAUTHAPP_")));
                    assert!(lent::text(oauthapp_version()).is_some() && oauthapp_version_number() > 0);
                }
                22 => scripted::replace(Connection::read_all(self.input.until(0xfe))),
                _ => {
                    let count = usize::from(self.input.byte() % 4);
                    scripted::replace((0..count).map(|_| answer(self.input.byte())).collect());
                }
            }
        }
        let freed = self.context.freed.take();
        for kind in [Kind::Client, Kind::CancelToken] {
            self.end_of(ptr::without_provenance(freed), kind);
        }
        self.context.free.set(0);
        self.secret_given = false;
        self.bad_struct = false;
    }

    /// Gives back all that is left, some of it twice.
    unsafe fn end(&mut self) {
        for string in self.strings.values() {
            // SAFETY: the function takes any pointer.
            unsafe { free_twice(*string) };
        }
        for handle in self.handles.keys().map(|bits| ptr::without_provenance_mut::<c_void>(*bits)) {
            // SAFETY: the functions take any handle.
            unsafe {
                oauthapp_client_free(handle.cast());
                oauthapp_cancel_token_free(handle.cast());
                oauthapp_error_free(handle.cast());
                assert!(!oauthapp_client_is_signed_in(handle.cast()));
            }
        }
    }

    unsafe fn new_client(&mut self) {
        // SAFETY: all zeroes are a value of this struct.
        let mut config: oauthapp_client_config = unsafe { MaybeUninit::zeroed().assume_init() };
        let given = self.input.u16();
        let has = |bit: u8| given >> bit & 1 != 0;
        config.app_id = if has(0) { self.input.u64() as i64 } else { 2 };
        config.base_url = if has(1) { self.text() } else { TEXTS[6 + usize::from(has(2))].as_ptr() };
        config.flags = if has(3) { self.input.byte().into() } else { 0 };
        config.max_retries = if has(4) { i32::from(self.input.byte() as i8) } else { 0 };
        if has(5) {
            config.timeout_ms = self.milliseconds();
            config.connect_timeout_ms = self.milliseconds();
        }
        config.max_response_bytes = if has(6) { self.input.u16().into() } else { 0 };
        if has(7) {
            config.user_agent = self.text();
            config.proxy = self.text();
        }
        if has(8) {
            config.trust = i32::from(self.input.byte() as i8);
            config.trusted_roots_pem = self.text();
            config.trusted_roots_file = self.file();
        } else {
            // Taking in Mozilla's list is most of the work.
            config.trust = constants::TRUST_ONLY_GIVEN;
            config.trusted_roots_pem = ROOT.as_ptr().cast();
        }
        config.pins = if has(9) { self.text() } else { ptr::null() };
        if has(10) {
            config.client_certificate_pem = self.text();
            config.client_key_pem = self.text();
            config.client_certificate_file = self.file();
            config.client_key_file = self.file();
        }
        if has(11) {
            config.log_callback = Some(log);
            config.log_context = ptr::from_ref(self.context).cast_mut().cast();
        }
        let config = if has(12) { self.sized(config) } else { self.whole(config) };
        // SAFETY: the struct is as long as it says.
        unsafe { self.give_handle(Kind::Client, |out, error| oauthapp_client_new(config, out, error)) }
    }

    unsafe fn new_cancel_token(&mut self) {
        // SAFETY: the outputs are NULL or locals.
        unsafe { self.give_handle(Kind::CancelToken, |out, error| oauthapp_cancel_token_new(out, error)) }
    }

    /// One of the ten calls.
    unsafe fn call(&mut self) {
        let handle = self.handle(Kind::Client);
        let client = handle.cast_mut().cast::<oauthapp_client>();
        let alive = self.is_alive(handle, Kind::Client);
        let (options, good_options, cancelled) = self.options();
        // SAFETY: the function takes any handle.
        let signed_in = unsafe { oauthapp_client_is_signed_in(client) };
        let mut held_token = false;
        let log_frees = self.input.byte();
        if log_frees > 0xc0 {
            let freed = self.handle(if log_frees & 1 == 0 { Kind::Client } else { Kind::CancelToken });
            self.context.free.set(freed.addr());
        }
        // SAFETY: strings are NULL or NUL-terminated, structs as long as they say, outputs NULL or locals.
        let (kind, wanted) = unsafe {
            match self.input.byte() % 10 {
                0 => {
                    let (name, pwd) = (self.text(), self.secret());
                    self.give(|out, error| oauthapp_sign_in(client, name, pwd, options, out, error))
                }
                1 => {
                    let mut request: oauthapp_sign_up_request = MaybeUninit::zeroed().assume_init();
                    request.user_name = self.text();
                    request.pwd = self.secret();
                    request.data = self.text();
                    let request = self.sized(request);
                    self.give(|out, error| oauthapp_sign_up(client, request, options, out, error))
                }
                2 => {
                    let (platform, id) = (self.text(), self.secret());
                    self.give(|out, error| oauthapp_union_id_sign_in(client, platform, id, options, out, error))
                }
                3 => {
                    let mut request: oauthapp_union_id_sign_up_request = MaybeUninit::zeroed().assume_init();
                    request.platform = self.text();
                    request.union_id = self.secret();
                    request.email_is_valid = (self.input.byte() as i8).into();
                    let request = self.sized(request);
                    self.give(|out, error| oauthapp_union_id_sign_up(client, request, options, out, error))
                }
                4 => {
                    let (scopes, remark, scheme) = (self.text(), self.text(), self.text());
                    self.give(|out, error| {
                        oauthapp_qr_code_pre_sign_in(client, scopes, remark, scheme, options, out, error)
                    })
                }
                5 => {
                    let key = self.secret();
                    self.give(|out, error| oauthapp_qr_code_sign_in(client, key, options, out, error))
                }
                6 => {
                    let key = self.secret();
                    self.give(|out, error| oauthapp_qr_code_scan(client, key, options, out, error))
                }
                7 => {
                    let mut request: oauthapp_qr_code_sign_up_request = MaybeUninit::zeroed().assume_init();
                    request.sign_in_key = self.secret();
                    request.union_id = self.secret();
                    request.phone_is_valid = (self.input.byte() as i8).into();
                    let request = self.sized(request);
                    self.give(|out, error| oauthapp_qr_code_sign_up(client, request, options, out, error))
                }
                8 => {
                    let token = self.secret();
                    held_token = token.is_null();
                    self.give(|out, error| oauthapp_get_profile(client, token, options, out, error))
                }
                _ => {
                    let (token, avatar, data) = (self.secret(), self.text(), self.text());
                    held_token = token.is_null();
                    self.give(|out, error| {
                        oauthapp_update_profile(client, token, avatar, data, ptr::null(), options, out, error)
                    })
                }
            }
        };
        match (wanted, alive) {
            (false, _) => assert_eq!(kind, Some(ErrorKind::InvalidArgument)),
            (true, false) => assert_eq!(kind, expected(handle, alive)),
            (true, true) => {
                assert!(kind.is_some() || !cancelled, "a cancelled call succeeds");
                let refused = kind == Some(ErrorKind::InvalidHandle);
                assert!(!refused || good_options != Some(true), "a good handle is refused");
                assert!(kind.is_some() || good_options != Some(false), "what is wrong with the options is passed over");
            }
        }
        if let Some(kind) = kind.filter(|_| alive && self.context.freed.get() == 0) {
            use ErrorKind::{TokenExpired, TokenRejected, UserGone};
            let over = held_token && matches!(kind, TokenExpired | TokenRejected | UserGone);
            // SAFETY: the function takes any handle.
            let still_signed_in = unsafe { oauthapp_client_is_signed_in(client) };
            assert_eq!(still_signed_in, signed_in && !over, "a session ends by the server's word, and only so");
        }
    }

    unsafe fn free_string(&mut self) {
        let foreign = self.input.byte();
        let string = match foreign % 4 {
            0 => self.handle(Kind::Error).cast_mut().cast(),
            1 => self.text().cast_mut(),
            _ => self.strings.values().nth(usize::from(foreign / 4)).copied().unwrap_or_default(),
        };
        // SAFETY: the function takes any pointer.
        unsafe { free_twice(string) };
        self.strings.remove(&string.addr());
    }

    /// Reads something out of a text that the library has given, or out of any other.
    unsafe fn getters(&mut self) {
        let (json, pointer) = (self.text(), self.text());
        if json.is_null() || pointer.is_null() {
            return;
        }
        // SAFETY: neither is NULL, and both live longer than this.
        let getter = unsafe { Getter { json: CStr::from_ptr(json), pointer: CStr::from_ptr(pointer) } };
        let read = [
            getter.string().err(),
            getter.int64().err(),
            getter.double().err(),
            getter.bool().err(),
            getter.json().err(),
            getter.json_type().err(),
        ];
        let of_getters = |kind: ErrorKind| (1030..1040).contains(&kind.code()) || kind == ErrorKind::InvalidUtf8;
        assert!(read.into_iter().flatten().all(of_getters));
    }

    /// Makes a call that gives a string, and says how it went and whether its output was wanted.
    unsafe fn give(&mut self, call: impl FnOnce(TextOut, ErrorOut) -> Code) -> (Option<ErrorKind>, bool) {
        let mut out: *mut c_char = ptr::without_provenance_mut(7);
        let wanted = self.input.byte() < 0xf0;
        let out_pointer = if wanted { &raw mut out } else { ptr::null_mut() };
        // SAFETY: the outputs are NULL or locals.
        let code = unsafe { self.with_error(|error| call(out_pointer, error)) };
        let kind = lent::kind(code);
        assert!(kind.is_some() || !self.bad_struct, "a struct of no size is taken");
        if kind.is_none() {
            // SAFETY: a string that was just given.
            let text = unsafe { lent::text(out) }.expect("a string");
            assert!(serde_json::from_str::<IgnoredAny>(&text).is_ok(), "what is handed out is no JSON");
            assert!(self.strings.insert(out.addr(), out).is_none(), "one string twice");
        } else if wanted {
            assert!(out.is_null(), "an output that was not set");
        }
        (kind, wanted)
    }

    unsafe fn give_handle<T>(&mut self, kind: Kind, call: impl FnOnce(*mut *mut T, ErrorOut) -> Code) {
        let mut out: *mut T = ptr::without_provenance_mut(7);
        let wanted = self.input.byte() < 0xf0;
        let out_pointer = if wanted { &raw mut out } else { ptr::null_mut() };
        // SAFETY: the outputs are NULL or locals.
        let code = unsafe { self.with_error(|error| call(out_pointer, error)) };
        if lent::kind(code).is_none() {
            assert!(!self.bad_struct, "a struct of no size is taken");
            let handle = Handle { kind, alive: true, cancelled: false };
            assert!(self.handles.insert(out.addr(), handle).is_none(), "a handle that was given before");
        } else if wanted {
            assert!(out.is_null(), "an output that was not set");
        }
    }

    /// Makes a call that gives an error object, which the program keeps.
    unsafe fn with_error(&mut self, call: impl FnOnce(ErrorOut) -> Code) -> Code {
        let mut error: *mut oauthapp_error = ptr::without_provenance_mut(7);
        if self.input.byte() > 0xe0 {
            return call(ptr::null_mut());
        }
        let code = call(&raw mut error);
        if code == 0 {
            assert!(error.is_null(), "an error object beside success");
            return code;
        }
        // SAFETY: an object that was just given.
        unsafe {
            lent::check_error(error, code);
            let message = lent::text(oauthapp_error_message(error)).unwrap_or_default();
            assert!(!self.secret_given || !message.contains(SECRET), "a secret is shown");
        }
        let handle = Handle { kind: Kind::Error, alive: true, cancelled: false };
        assert!(self.handles.insert(error.addr(), handle).is_none(), "a handle that was given before");
        code
    }

    /// A handle, mostly of this kind and alive, but any other and what is none at all too.
    fn handle(&mut self, kind: Kind) -> *const c_void {
        let which = self.input.byte();
        let bits = match which {
            0xff => 0,
            // Never one that lives: another test in this process may have it.
            0xfe => usize::try_from(self.input.u64()).unwrap_or(usize::MAX) | 0x00f0_0000,
            0xfd => return ptr::from_ref(self.context).cast(),
            0x80..0xfd => *self.handles.keys().nth(usize::from(which - 0x80)).unwrap_or(&0),
            _ => {
                let all: BTreeSet<usize> =
                    self.handles.iter().filter(|(_, it)| it.kind == kind).map(|(at, _)| *at).collect();
                all.iter().nth_back(usize::from(which)).copied().unwrap_or(0)
            }
        };
        ptr::without_provenance(bits)
    }

    fn is_alive(&self, handle: *const c_void, kind: Kind) -> bool {
        self.handles.get(&handle.addr()).is_some_and(|handle| handle.kind == kind && handle.alive)
    }

    /// A free function of this kind was given this handle.
    fn end_of(&mut self, handle: *const c_void, kind: Kind) {
        if let Some(handle) = self.handles.get_mut(&handle.addr()).filter(|handle| handle.kind == kind) {
            handle.alive = false;
        }
    }

    /// A text: NULL, one of the library's, a usual one, one of the input's, a very long one.
    fn text(&mut self) -> *const c_char {
        let which = self.input.byte();
        match which {
            0xff => ptr::null(),
            0xfe => {
                let text = self.input.until(0);
                self.own(text.to_vec())
            }
            0xfd => {
                let length = 1_usize << (self.input.byte() % 21);
                self.own(vec![b'x'; length])
            }
            0x80..0xfd => {
                let string = self.strings.values().nth(usize::from(which - 0x80));
                string.map_or(ptr::null(), |string| string.cast_const())
            }
            _ => TEXTS[usize::from(which) % TEXTS.len()].as_ptr(),
        }
    }

    fn own(&mut self, text: Vec<u8>) -> *const c_char {
        let text = CString::new(text).expect("no NUL");
        let pointer = text.as_ptr();
        self.owned.push(text);
        pointer
    }

    /// A text for where a secret belongs.
    fn secret(&mut self) -> *const c_char {
        let text = self.text();
        self.secret_given |= text == TEXTS[1].as_ptr();
        text
    }

    fn file(&mut self) -> *const c_char {
        FILES.get(usize::from(self.input.byte())).map_or(ptr::null(), |file| file.as_ptr())
    }

    fn milliseconds(&mut self) -> u32 {
        let choices = [0, 30_000, 86_400_000, 86_400_001, u32::MAX];
        choices[usize::from(self.input.byte()) % choices.len()]
    }

    /// Options for a call; whether they can be taken, where that is known; and whether they cancel it.
    fn options(&mut self) -> (OptionalCallOptions, Option<bool>, bool) {
        let given = self.input.byte();
        if given < 0x80 {
            return (ptr::null(), Some(true), false);
        }
        // SAFETY: all zeroes are a value of this struct.
        let mut options: oauthapp_call_options = unsafe { MaybeUninit::zeroed().assume_init() };
        options.timeout_ms = self.milliseconds();
        options.connect_timeout_ms = self.milliseconds();
        let token = if given & 1 != 0 { self.handle(Kind::CancelToken) } else { ptr::null() };
        options.cancel_token = token.cast_mut().cast::<oauthapp_cancel_token>();
        let good_times = options.timeout_ms.max(options.connect_timeout_ms) <= 86_400_000;
        let good_token = token.is_null() || self.is_alive(token, Kind::CancelToken);
        let cancelled = self.handles.get(&token.addr()).is_some_and(|token| token.cancelled) && good_token;
        if given & 2 != 0 {
            return (self.sized(options), None, false);
        }
        (self.whole(options), Some(good_times && good_token), cancelled)
    }

    fn whole<T: Copy>(&mut self, value: T) -> *const T {
        self.block(value, size_of::<T>(), size_of::<T>(), 0)
    }

    /// A struct that says it is of any size, in just as much memory, unless no struct is that large.
    fn sized<T: Copy>(&mut self, value: T) -> *const T {
        let whole = size_of::<T>();
        let which = self.input.byte();
        let size = match which {
            0..0xd0 => whole,
            0xd0..0xe0 => whole + usize::from(which - 0xd0),
            0xe0..0xf0 => whole - usize::from(which - 0xe0),
            0xf0 => 0,
            0xf1 => 7,
            0xf2 => 8,
            0xf3 => 4096,
            0xf4 => 4097,
            _ => usize::MAX,
        };
        let last = if which & 1 == 0 { 0 } else { 7 };
        // No struct has been published in a smaller size yet.
        self.bad_struct |= !(whole..=4096).contains(&size) || (size > whole && last != 0);
        self.block(value, size, if size > 4096 { whole } else { size.max(size_of::<usize>()) }, last)
    }

    /// `length` bytes with as much of `value` as there is room for, which begin with `size`; the last one behind the value is
    /// `last`.
    fn block<T: Copy>(&mut self, value: T, size: usize, length: usize, last: u8) -> *const T {
        let mut block = vec![0; length];
        // SAFETY: both are as long; the program's structs are zeroed before they are filled, gaps included.
        unsafe {
            let bytes = ptr::from_ref(&value).cast::<u8>();
            bytes.copy_to_nonoverlapping(block.as_mut_ptr(), length.min(size_of::<T>()));
        }
        block[..size_of::<usize>()].copy_from_slice(&size.to_ne_bytes());
        if length > size_of::<T>() {
            block[length - 1] = last;
        }
        let pointer = block.as_ptr();
        self.structs.push(block);
        pointer.cast()
    }
}

/// Gives a string back, and once more; but not where other tests run beside: by then its address may be that of a string of
/// theirs.
unsafe fn free_twice(string: *mut c_char) {
    for _ in 0..if cfg!(fuzzing) { 2 } else { 1 } {
        // SAFETY: the function takes any pointer.
        unsafe { oauthapp_string_free(string) };
    }
}

/// What a function says to a handle as its first argument.
fn expected(handle: *const c_void, alive: bool) -> Option<ErrorKind> {
    match alive {
        true => None,
        false if handle.is_null() => Some(ErrorKind::InvalidArgument),
        false => Some(ErrorKind::InvalidHandle),
    }
}

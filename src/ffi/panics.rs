//! A panic inside every exported function, and in the midst of a call: none gets out, and what was there stays usable.

use super::account::{oauthapp_sign_in, oauthapp_sign_up, oauthapp_sign_up_request};
use super::cancel::{
    oauthapp_cancel_token, oauthapp_cancel_token_cancel, oauthapp_cancel_token_free,
    oauthapp_cancel_token_is_cancelled, oauthapp_cancel_token_new,
};
use super::claims::oauthapp_token_claims;
use super::client::{
    CLIENTS, oauthapp_client, oauthapp_client_config, oauthapp_client_free, oauthapp_client_is_signed_in,
    oauthapp_client_new, oauthapp_client_sign_out,
};
use super::error::{
    oauthapp_code_name, oauthapp_error, oauthapp_error_code, oauthapp_error_fields_json, oauthapp_error_free,
    oauthapp_error_http_status, oauthapp_error_message, oauthapp_error_retry_after_ms, oauthapp_error_retryable,
    oauthapp_error_server_code, oauthapp_error_server_message,
};
use super::json::{
    oauthapp_json_get_bool, oauthapp_json_get_double, oauthapp_json_get_int64, oauthapp_json_get_json,
    oauthapp_json_get_string, oauthapp_json_get_type,
};
use super::profile::{oauthapp_get_profile, oauthapp_update_profile};
use super::qr_code::{
    oauthapp_qr_code_pre_sign_in, oauthapp_qr_code_scan, oauthapp_qr_code_sign_in, oauthapp_qr_code_sign_up,
    oauthapp_qr_code_sign_up_request,
};
use super::string::{give, oauthapp_string_free};
use super::types::{Code, ErrorOut, TextOut};
use super::union_id::{oauthapp_union_id_sign_in, oauthapp_union_id_sign_up, oauthapp_union_id_sign_up_request};
use crate::{Client, ErrorKind};
use oauthapp_emulator::Emulator;
use std::cell::Cell;
use std::collections::BTreeSet;
use std::ffi::{CStr, CString, c_char};
use std::mem::MaybeUninit;
use std::ptr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

thread_local! {
    static ASKED: Cell<bool> = const { Cell::new(false) };
}

/// What the fence of a test build runs before the body of an exported function.
pub(super) fn panic_if_asked() {
    assert!(!ASKED.replace(false), "on purpose");
}

/// Runs something whose first exported function panics.
fn panicking<T>(run: impl FnOnce() -> T) -> T {
    ASKED.set(true);
    let result = run();
    assert!(!ASKED.get(), "the function has a fence");
    result
}

const INTERNAL: Code = ErrorKind::Internal.code();

/// Every exported function that gives a code, with right arguments; and those that have nothing to catch.
struct Table {
    checked: BTreeSet<&'static str>,
}

impl Table {
    /// A function that gives a value through a pointer. `output` is what it has to hold afterwards.
    fn gives<T: Copy + PartialEq + std::fmt::Debug>(
        &mut self,
        name: &'static str,
        garbage: T,
        empty: T,
        call: impl Fn(*mut T, ErrorOut) -> Code,
    ) {
        for wants_the_detail in [true, false] {
            let mut out = garbage;
            let mut error = ptr::dangling_mut();
            let error_out = if wants_the_detail { &raw mut error } else { ptr::null_mut() };
            assert_eq!(panicking(|| call(&raw mut out, error_out)), INTERNAL, "{name}");
            assert_eq!(out, empty, "{name}");
            if wants_the_detail {
                check_detail(name, error);
            }
        }
        self.checked.insert(name);
    }

    fn gives_text(&mut self, name: &'static str, call: impl Fn(TextOut, ErrorOut) -> Code) {
        self.gives(name, ptr::dangling_mut(), ptr::null_mut(), call);
    }

    /// A function that gives nothing but its code.
    fn runs(&mut self, name: &'static str, call: impl Fn(ErrorOut) -> Code) {
        let mut error = ptr::dangling_mut();
        assert_eq!(panicking(|| call(&raw mut error)), INTERNAL, "{name}");
        check_detail(name, error);
        assert_eq!(panicking(|| call(ptr::null_mut())), INTERNAL, "{name}");
        self.checked.insert(name);
    }

    /// A function that can't fail: it gives what it gives for a handle that is none, or does nothing.
    fn falls_back<T: PartialEq + std::fmt::Debug>(&mut self, name: &'static str, to: &T, call: impl FnOnce() -> T) {
        assert_eq!(panicking(call), *to, "{name}");
        self.checked.insert(name);
    }
}

fn check_detail(name: &str, error: *mut oauthapp_error) {
    // SAFETY: a handle; its message lives until it is freed.
    unsafe {
        assert_eq!(oauthapp_error_code(error), INTERNAL, "{name}");
        assert!(!CStr::from_ptr(oauthapp_error_message(error)).is_empty(), "{name}");
        oauthapp_error_free(error);
    }
}

/// As the initialisers of the header do it.
fn filled<T>(set: impl FnOnce(&mut T)) -> T {
    // SAFETY: all zeroes are a value of the structs that C fills.
    let mut value = unsafe { MaybeUninit::<T>::zeroed().assume_init() };
    set(&mut value);
    value
}

fn new_client(url: &CStr) -> *mut oauthapp_client {
    let config = filled(|config: &mut oauthapp_client_config| {
        config.struct_size = size_of::<oauthapp_client_config>();
        config.app_id = 2;
        config.base_url = url.as_ptr();
    });
    let mut client = ptr::null_mut();
    // SAFETY: all pointers are to what lives here.
    assert_eq!(unsafe { oauthapp_client_new(&raw const config, &raw mut client, ptr::null_mut()) }, 0);
    client
}

/// Signs a new user up: the client works.
fn assert_usable(client: *mut oauthapp_client, user: &CStr) {
    let request = filled(|request: &mut oauthapp_sign_up_request| {
        request.struct_size = size_of::<oauthapp_sign_up_request>();
        request.user_name = user.as_ptr();
        request.pwd = c"password".as_ptr();
    });
    let mut data = ptr::null_mut();
    // SAFETY: all pointers are to what lives here, or NULL.
    unsafe {
        let code = oauthapp_sign_up(client, &raw const request, ptr::null(), &raw mut data, ptr::null_mut());
        assert_eq!(code, 0);
        oauthapp_string_free(data);
    }
}

#[test]
fn no_panic_leaves_an_exported_function() {
    let emulator = Emulator::start().unwrap();
    let url = CString::new(emulator.url()).unwrap();
    let (client, other) = (new_client(&url), new_client(&url));
    let no_options = ptr::null();
    let (text, json, token) = (c"text".as_ptr(), c"{}".as_ptr(), c"h.e30.s".as_ptr());
    let sign_up = filled(|r: &mut oauthapp_sign_up_request| r.struct_size = size_of::<oauthapp_sign_up_request>());
    let union_id = filled(|r: &mut oauthapp_union_id_sign_up_request| r.struct_size = size_of_val(r));
    let qr_code = filled(|r: &mut oauthapp_qr_code_sign_up_request| r.struct_size = size_of_val(r));
    let config = filled(|r: &mut oauthapp_client_config| r.struct_size = size_of_val(r));
    let mut table = Table { checked: BTreeSet::new() };

    // SAFETY: every pointer is a handle, or to what lives until the end.
    unsafe {
        table.gives("oauthapp_client_new", ptr::dangling_mut(), ptr::null_mut(), |out, error| {
            oauthapp_client_new(&raw const config, out, error)
        });
        table.runs("oauthapp_client_sign_out", |error| oauthapp_client_sign_out(client, error));
        table.falls_back("oauthapp_client_is_signed_in", &false, || oauthapp_client_is_signed_in(client));

        table.gives_text("oauthapp_sign_in", |out, error| oauthapp_sign_in(client, text, text, no_options, out, error));
        table.gives_text("oauthapp_sign_up", |out, error| {
            oauthapp_sign_up(client, &raw const sign_up, no_options, out, error)
        });
        table.gives_text("oauthapp_union_id_sign_in", |out, error| {
            oauthapp_union_id_sign_in(client, text, text, no_options, out, error)
        });
        table.gives_text("oauthapp_union_id_sign_up", |out, error| {
            oauthapp_union_id_sign_up(client, &raw const union_id, no_options, out, error)
        });
        table.gives_text("oauthapp_qr_code_pre_sign_in", |out, error| {
            oauthapp_qr_code_pre_sign_in(client, text, text, text, no_options, out, error)
        });
        table.gives_text("oauthapp_qr_code_sign_in", |out, error| {
            oauthapp_qr_code_sign_in(client, text, no_options, out, error)
        });
        table.gives_text("oauthapp_qr_code_scan", |out, error| {
            oauthapp_qr_code_scan(client, text, no_options, out, error)
        });
        table.gives_text("oauthapp_qr_code_sign_up", |out, error| {
            oauthapp_qr_code_sign_up(client, &raw const qr_code, no_options, out, error)
        });
        table.gives_text("oauthapp_get_profile", |out, error| {
            oauthapp_get_profile(client, text, no_options, out, error)
        });
        table.gives_text("oauthapp_update_profile", |out, error| {
            oauthapp_update_profile(client, text, text, text, text, no_options, out, error)
        });

        table.gives_text("oauthapp_token_claims", |out, error| oauthapp_token_claims(token, out, error));
        table.gives_text("oauthapp_json_get_string", |out, error| oauthapp_json_get_string(json, text, out, error));
        table.gives_text("oauthapp_json_get_json", |out, error| oauthapp_json_get_json(json, text, out, error));
        table.gives("oauthapp_json_get_int64", 7, 0, |out, error| oauthapp_json_get_int64(json, text, out, error));
        table
            .gives("oauthapp_json_get_double", 7.0, 0.0, |out, error| oauthapp_json_get_double(json, text, out, error));
        table.gives("oauthapp_json_get_bool", true, false, |out, error| oauthapp_json_get_bool(json, text, out, error));
        table.gives("oauthapp_json_get_type", 7, 0, |out, error| oauthapp_json_get_type(json, text, out, error));

        let mut cancel_token: *mut oauthapp_cancel_token = ptr::null_mut();
        assert_eq!(oauthapp_cancel_token_new(&raw mut cancel_token, ptr::null_mut()), 0);
        table.gives("oauthapp_cancel_token_new", ptr::dangling_mut(), ptr::null_mut(), |out, error| {
            oauthapp_cancel_token_new(out, error)
        });
        table.runs("oauthapp_cancel_token_cancel", |error| oauthapp_cancel_token_cancel(cancel_token, error));
        assert!(!oauthapp_cancel_token_is_cancelled(cancel_token), "it was not carried out");
        assert_eq!(oauthapp_cancel_token_cancel(cancel_token, ptr::null_mut()), 0);
        table.falls_back("oauthapp_cancel_token_is_cancelled", &false, || {
            oauthapp_cancel_token_is_cancelled(cancel_token)
        });
        table.falls_back("oauthapp_cancel_token_free", &(), || oauthapp_cancel_token_free(cancel_token));
        assert!(oauthapp_cancel_token_is_cancelled(cancel_token), "it is still there");
        oauthapp_cancel_token_free(cancel_token);

        let mut error: *mut oauthapp_error = ptr::null_mut();
        let mut out = ptr::null_mut();
        let code = oauthapp_json_get_string(text, text, &raw mut out, &raw mut error);
        let none = ptr::null::<c_char>();
        let no_handle = ErrorKind::InvalidHandle.code();
        let no_message = oauthapp_error_message(ptr::null());
        table.falls_back("oauthapp_error_code", &no_handle, || oauthapp_error_code(error));
        table.falls_back("oauthapp_error_message", &no_message, || oauthapp_error_message(error));
        table.falls_back("oauthapp_error_http_status", &0, || oauthapp_error_http_status(error));
        table.falls_back("oauthapp_error_server_code", &0, || oauthapp_error_server_code(error));
        table.falls_back("oauthapp_error_server_message", &none, || oauthapp_error_server_message(error));
        table.falls_back("oauthapp_error_fields_json", &none, || oauthapp_error_fields_json(error));
        table.falls_back("oauthapp_error_retryable", &false, || oauthapp_error_retryable(error));
        table.falls_back("oauthapp_error_retry_after_ms", &-1, || oauthapp_error_retry_after_ms(error));
        table.falls_back("oauthapp_error_free", &(), || oauthapp_error_free(error));
        assert_eq!(oauthapp_error_code(error), code, "it is still there");
        oauthapp_error_free(error);
        let unknown = oauthapp_code_name(-1);
        table.falls_back("oauthapp_code_name", &unknown, || oauthapp_code_name(0));

        let string = give("text").unwrap();
        table.falls_back("oauthapp_string_free", &(), || oauthapp_string_free(string));
        assert_eq!(CStr::from_ptr(string), c"text", "it is still there");
        oauthapp_string_free(string);

        assert_usable(client, c"first");
        table.falls_back("oauthapp_client_free", &(), || oauthapp_client_free(other));
        assert_usable(other, c"second");
        oauthapp_client_free(other);
        oauthapp_client_free(client);
    }

    // They give what was compiled in, so there is nothing that could panic.
    table.checked.extend(["oauthapp_version", "oauthapp_version_number"]);
    let header = include_str!("../../include/oauthapp.h");
    let declared = header.lines().filter(|line| !line.starts_with([' ', '*', '/', '#']) && !line.contains("inline"));
    let declared = declared.filter_map(|line| line.split_once('(')?.0.rsplit(' ').next());
    let declared: BTreeSet<&str> = declared.filter(|name| name.starts_with("oauthapp_")).collect();
    assert_eq!(table.checked, declared);
}

/// Here the panic comes when everything of a call is there: a connection, an answer, the place of the call in its thread.
#[test]
fn a_client_outlives_a_panic_in_the_midst_of_its_call() {
    let emulator = Emulator::start().unwrap();
    let panics = Arc::new(AtomicBool::new(true));
    let asked = Arc::clone(&panics);
    let client = Client::builder(2)
        .base_url(emulator.url())
        .log(move |_, _, _| assert!(!asked.load(Ordering::Relaxed), "on purpose"))
        .build()
        .unwrap();
    let client = CLIENTS.hand_out(client).unwrap();
    for _ in 0..2 {
        let mut out = ptr::dangling_mut();
        let mut error = ptr::null_mut();
        let (user, password) = (c"nobody".as_ptr(), c"password".as_ptr());
        // SAFETY: all pointers are to what lives here, or NULL.
        let code = unsafe { oauthapp_sign_in(client, user, password, ptr::null(), &raw mut out, &raw mut error) };
        assert_eq!((code, out), (INTERNAL, ptr::null_mut()));
        check_detail("oauthapp_sign_in", error);
    }
    panics.store(false, Ordering::Relaxed);
    assert_usable(client, c"third");
    // SAFETY: a handle.
    unsafe { oauthapp_client_free(client) };
}

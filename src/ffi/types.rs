//! The types in the signatures of the C API. cbindgen.toml gives each of the pointer types its C spelling, with its
//! nullability, under this very name.

use super::cancel::oauthapp_cancel_token;
use super::client::oauthapp_client;
use super::error::oauthapp_error;
use std::ffi::{c_char, c_void};

/// `oauthapp_code`.
pub type Code = i32;
/// `oauthapp_tristate`.
pub type Tristate = i32;
/// `oauthapp_trust`.
pub type TrustNumber = i32;
/// `oauthapp_json_type`.
pub type JsonTypeNumber = i32;
/// `oauthapp_log_level`.
pub type LogLevelNumber = i32;
/// A function of the caller's, or NULL.
pub type OptionalLogCallback = super::log::oauthapp_log_callback;
/// A string that must be given.
pub type Text = *const c_char;
/// A string that may be NULL.
pub type OptionalText = *const c_char;
/// A string lent to the caller.
pub type LentText = *const c_char;
/// A string lent to the caller, or NULL.
pub type OptionalLentText = *const c_char;
/// A string that the caller gives back.
pub type OwnedText = *mut c_char;
/// Something of the caller's, or NULL.
pub type OptionalContext = *mut c_void;
/// Where a string for the caller goes.
pub type TextOut = *mut *mut c_char;
/// Where a truth value goes.
pub type BoolOut = *mut bool;
/// Where a whole number goes.
pub type Int64Out = *mut i64;
/// Where a double goes.
pub type DoubleOut = *mut f64;
/// Where a JSON type goes.
pub type JsonTypeOut = *mut JsonTypeNumber;
/// A client.
pub type ClientHandle = *mut oauthapp_client;
/// A client, or NULL.
pub type OptionalClientHandle = *mut oauthapp_client;
/// Where a new client goes.
pub type ClientOut = *mut *mut oauthapp_client;
/// A cancel token.
pub type CancelTokenHandle = *mut oauthapp_cancel_token;
/// A cancel token, or NULL.
pub type OptionalCancelTokenHandle = *mut oauthapp_cancel_token;
/// Where a new cancel token goes.
pub type CancelTokenOut = *mut *mut oauthapp_cancel_token;
/// An error object, read only.
pub type ErrorHandle = *const oauthapp_error;
/// An error object that is given back, or NULL.
pub type OptionalErrorHandle = *mut oauthapp_error;
/// Where an error object goes, or NULL.
pub type ErrorOut = *mut *mut oauthapp_error;
/// Options of a call, or NULL.
pub type OptionalCallOptions = *const super::options::oauthapp_call_options;
/// Settings of a client.
pub type ClientConfigPtr = *const super::client::oauthapp_client_config;
/// A request with its fields.
pub type SignUpPtr = *const super::account::oauthapp_sign_up_request;
/// A request with its fields.
pub type UnionIdSignUpPtr = *const super::union_id::oauthapp_union_id_sign_up_request;
/// A request with its fields.
pub type QrCodeSignUpPtr = *const super::qr_code::oauthapp_qr_code_sign_up_request;

//! The least that a shared library with TLS can have that makes a sign-in with ureq and hands its `data` to C: no settings, no
//! errors, no handles. It is built for its size, and never called.

use serde_json::{Value, json};
use std::ffi::{CStr, CString, c_char};
use std::panic::catch_unwind;

/// Signs in; NULL where that fails.
///
/// # Safety
/// All three are strings as C has them.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sign_in(url: *const c_char, name: *const c_char, password: *const c_char) -> *mut c_char {
    // SAFETY: as promised by the caller.
    let texts = [url, name, password].map(|text| unsafe { CStr::from_ptr(text) });
    let data = catch_unwind(|| {
        let [url, name, password] = texts.map(CStr::to_str);
        let request = json!({"userName": name.ok()?, "pwd": password.ok()?}).to_string();
        let mut answer = ureq::post(url.ok()?).content_type("application/json").send(request).ok()?;
        let envelope: Value = serde_json::from_str(&answer.body_mut().read_to_string().ok()?).ok()?;
        (envelope["code"] == 200).then(|| CString::new(envelope["data"].to_string()).ok()).flatten()
    });
    data.ok().flatten().map_or(std::ptr::null_mut(), CString::into_raw)
}

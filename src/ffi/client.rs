//! The client of the C API.

use super::constants;
use super::fence::{caught, give, run};
use super::handle::Table;
use super::input::{Versioned, setting, versioned};
use super::log;
use super::options::apply;
use super::string;
use super::tls;
use super::types::{
    ClientConfigPtr, ClientHandle, ClientOut, Code, ErrorOut, OptionalCallOptions, OptionalClientHandle,
    OptionalContext, OptionalLogCallback, OptionalText, TextOut, TrustNumber,
};
use crate::api::Request;
use crate::client::Client;
use crate::error::{Error, ErrorKind, Result};
use std::ptr;
use std::time::Duration;

/// A client for one application on one server.
///
/// What it is: settings, the connections to the server, kept open between calls, and, when told so, the session of the
/// last sign-in.
/// Threads: any number of threads may call with one client at the same time. It may be freed while calls are under way:
/// those calls finish, and calls that begin later fail with OAUTHAPP_ERROR_INVALID_HANDLE.
/// Lifetime: until oauthapp_client_free. What calls have returned outlives it.
#[allow(non_camel_case_types)]
pub struct oauthapp_client {
    _opaque: [u8; 0],
}

/// The settings of a client. Fill it with oauthapp_client_config_init(), then set app_id and what else you want.
///
/// It is read during oauthapp_client_new only; the strings may be freed afterwards.
#[repr(C)]
#[derive(Clone, Copy)]
#[allow(non_camel_case_types)]
pub struct oauthapp_client_config {
    /// The size of this struct as the caller knows it.
    pub struct_size: usize,
    /// The application's id, above zero. The one setting without a default.
    pub app_id: i64,
    /// The server: https://host or https://host:port, with nothing after it but a slash. An http URL is taken for this
    /// machine only (localhost, 127.0.0.0/8, [::1]), or with OAUTHAPP_CLIENT_ALLOW_PLAIN_HTTP. NULL:
    /// https://www.oauthapp.com
    pub base_url: OptionalText,
    /// The deadline of every call in milliseconds, from its start to the last byte of its answer, retries and the waits
    /// between them included; at most a day. 0: 30,000.
    pub timeout_ms: u32,
    /// How long making a connection may take, in milliseconds, name resolution and TLS included; at most a day. 0: 10,000.
    pub connect_timeout_ms: u32,
    /// How many bytes an answer's body may have. 0: 1 MiB.
    pub max_response_bytes: u64,
    /// The User-Agent: printable ASCII, at most 256 bytes. NULL: liboauthapp/ and its version.
    pub user_agent: OptionalText,
    /// The proxy through which every connection goes, scheme://[user:password@]host[:port]. NULL: none, unless
    /// OAUTHAPP_CLIENT_PROXY_FROM_ENVIRONMENT asks for the environment's.
    ///
    /// The scheme is http (asked with CONNECT for https and http alike; port 80 unless given), socks5 (port 1080; the
    /// server's name is looked up on this machine) or socks5h (port 1080; the proxy looks it up). In the user name and the
    /// password, characters with a meaning in URLs are percent-encoded: @ is %40. Both go to the proxy only, but to it
    /// unprotected: HTTP's Basic authentication and SOCKS5's own are not encrypted. TLS with the server goes through the
    /// proxy from end to end.
    pub proxy: OptionalText,
    /// Which certificate authorities vouch for the server. 0: Mozilla's list, and the trusted roots below.
    pub trust: TrustNumber,
    /// Certificate authorities to believe, as PEM text with one CERTIFICATE block or more: besides those that trust names,
    /// or alone with OAUTHAPP_TRUST_ONLY_GIVEN. A server may also show one of these very certificates. NULL: none.
    pub trusted_roots_pem: OptionalText,
    /// The same as a PEM file's path. The authorities of both are believed. NULL: none.
    pub trusted_roots_file: OptionalText,
    /// Public keys of which one has to vouch for the server, besides an authority that is believed: the server's own key, or
    /// that of an authority above it, from which signatures lead down to the server's certificate. Each is the SHA-256 of
    /// the SubjectPublicKeyInfo in base64, with sha256/ before it or without; more than one are separated by spaces. Give a
    /// second one that is not in use yet: with one alone, a new key on the server locks every client out. A pinned authority's
    /// certificate has to come from the roots given here, from Mozilla's list or from the server: those that only the platform
    /// knows can't be pinned. NULL: none.
    ///
    /// The pin of a certificate:
    /// openssl x509 -in server.pem -pubkey -noout | openssl pkey -pubin -outform der | openssl dgst -sha256 -binary | base64
    pub pins: OptionalText,
    /// The certificate to show to a server that asks for one, as PEM text, followed by those that lead from it to an
    /// authority. It needs its key, as text too. NULL: none.
    pub client_certificate_pem: OptionalText,
    /// Its private key as PEM text: PKCS#8, PKCS#1 or SEC1, not encrypted. NULL: none.
    pub client_key_pem: OptionalText,
    /// In place of the texts: the path of a PEM file with the certificate. It needs its key, as a file too. NULL: none.
    pub client_certificate_file: OptionalText,
    /// The path of a PEM file with the private key, which may be the same file. NULL: none.
    pub client_key_file: OptionalText,
    /// How often a call that failed is repeated, within its deadline, at most 10. 0: twice; -1: never.
    ///
    /// Repeated are: every call whose request can't have left yet (no address, no connection, a handshake that broke); a
    /// connection lost before the answer or in the middle of it, but never for a sign-up, which could meet the account that it
    /// made itself; HTTP 429; and HTTP 503, again not for a sign-up. The wait is random, up to 100 ms, 200 ms, 400 ms and so on,
    /// at most 5 s, or what the server asks for (Retry-After) if that is longer; one that doesn't fit into the deadline is not
    /// begun. Where the server's name has several addresses, a new connection goes to one that the call has not met yet.
    ///
    /// Not counted, and done in any case: a request that meets a kept-alive connection which the server has just closed,
    /// or on which it says so (HTTP 408, 400 with `Connection: close`, or what is no HTTP), goes out again on a new one, but
    /// never a sign-up, which has a new one anyway.
    pub max_retries: i32,
    /// Any of oauthapp_client_flag, or-ed together.
    pub flags: u32,
    /// Told of each attempt of each call. NULL: nobody is.
    pub log_callback: OptionalLogCallback,
    /// Given to log_callback. What it points to must last until the client is freed and every call with it has returned, and be
    /// fit for all threads that make calls.
    pub log_context: OptionalContext,
}

// SAFETY: `repr(C)`, size first, all zeroes are a value.
unsafe impl Versioned for oauthapp_client_config {
    const NAME: &'static str = "oauthapp_client_config";
    const FIRST_SIZE: usize = std::mem::offset_of!(Self, log_context) + size_of::<OptionalContext>();
}

const KEEP_SESSION: u32 = constants::KEEP_SESSION.unsigned_abs();
const ALLOW_PLAIN_HTTP: u32 = constants::ALLOW_PLAIN_HTTP.unsigned_abs();
const DONT_SETTLE_SIGN_UPS: u32 = constants::DONT_SETTLE_SIGN_UPS.unsigned_abs();
const PROXY_FROM_ENVIRONMENT: u32 = constants::PROXY_FROM_ENVIRONMENT.unsigned_abs();
const ACCEPT_ANY_CERTIFICATE: u32 = constants::DANGER_ACCEPT_ANY_CERTIFICATE_ON_LOOPBACK.unsigned_abs();

pub(super) static CLIENTS: Table<Client, oauthapp_client> = Table::new(1);

/// Makes one of the ten calls and gives the `data` of its answer: what all of them have in common in C.
///
/// # Safety
/// The pointers are as the header says: NULL or valid for the time of the call.
pub(super) unsafe fn call<R: Request>(
    handle: ClientHandle,
    options: OptionalCallOptions,
    data_out: TextOut,
    error_out: ErrorOut,
    request: impl FnOnce() -> Result<R>,
) -> Code {
    // SAFETY: as promised for this function.
    unsafe {
        give(data_out, ptr::null_mut(), "data_out", error_out, || {
            let client = apply(&*CLIENTS.require(handle, "client")?, options)?;
            string::give(client.call_raw(&request()?)?.as_str())
        })
    }
}

/// Makes a client. Nothing is sent yet.
///
/// Errors: OAUTHAPP_ERROR_INVALID_ARGUMENT (app_id, a timeout, max_retries, the user agent, trust, an unknown flag),
/// OAUTHAPP_ERROR_INVALID_STRUCT_SIZE, OAUTHAPP_ERROR_INVALID_UTF8, OAUTHAPP_ERROR_INVALID_BASE_URL,
/// OAUTHAPP_ERROR_INSECURE_BASE_URL, OAUTHAPP_ERROR_INVALID_CERTIFICATE, OAUTHAPP_ERROR_INVALID_PROXY,
/// OAUTHAPP_ERROR_INVALID_CLIENT_CERTIFICATE, OAUTHAPP_ERROR_INVALID_PIN, OAUTHAPP_ERROR_VERIFICATION_REQUIRED.
///
/// @code
/// oauthapp_client_config config = oauthapp_client_config_init();
/// config.app_id = 2;
/// oauthapp_client *client = NULL;
/// oauthapp_error *error = NULL;
/// if (oauthapp_client_new(&config, &client, &error) != OAUTHAPP_OK) {
///     fprintf(stderr, "%s\n", oauthapp_error_message(error));
///     oauthapp_error_free(error);
/// }
/// @endcode
///
/// @param config     the settings
/// @param client_out where the client goes, NULL on failure; free it with oauthapp_client_free
/// @param error_out  where an error object goes, NULL on success; NULL if it is not wanted
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn oauthapp_client_new(
    config: ClientConfigPtr,
    client_out: ClientOut,
    error_out: ErrorOut,
) -> Code {
    // SAFETY: the pointers are as the header says.
    unsafe {
        give(client_out, ptr::null_mut(), "client_out", error_out, || {
            CLIENTS.hand_out(build(&versioned(config, "config")?)?)
        })
    }
}

/// # Safety
/// The strings in `config` are NULL or NUL-terminated.
unsafe fn build(config: &oauthapp_client_config) -> Result<Client> {
    let known_flags =
        KEEP_SESSION | ALLOW_PLAIN_HTTP | DONT_SETTLE_SIGN_UPS | PROXY_FROM_ENVIRONMENT | ACCEPT_ANY_CERTIFICATE;
    if config.flags & !known_flags != 0 {
        return Err(Error::invalid_argument("flags holds a bit that this version of the library does not know"));
    }
    let mut builder = Client::builder(config.app_id)
        .keep_session(config.flags & KEEP_SESSION != 0)
        .allow_plain_http(config.flags & ALLOW_PLAIN_HTTP != 0)
        .settle_sign_ups(config.flags & DONT_SETTLE_SIGN_UPS == 0)
        .proxy_from_environment(config.flags & PROXY_FROM_ENVIRONMENT != 0)
        .danger_accept_any_certificate_on_loopback(config.flags & ACCEPT_ANY_CERTIFICATE != 0);
    // SAFETY: as promised for this function.
    unsafe {
        if let Some(base_url) = setting(config.base_url, "base_url", ErrorKind::InvalidBaseUrl)? {
            builder = builder.base_url(base_url);
        }
        if let Some(user_agent) = setting(config.user_agent, "user_agent", ErrorKind::InvalidArgument)? {
            builder = builder.user_agent(user_agent);
        }
        if let Some(proxy) = setting(config.proxy, "proxy", ErrorKind::InvalidProxy)? {
            builder = builder.proxy(proxy);
        }
        builder = tls::apply(config, builder)?;
    }
    if config.timeout_ms != 0 {
        builder = builder.timeout(Duration::from_millis(config.timeout_ms.into()));
    }
    if config.connect_timeout_ms != 0 {
        builder = builder.connect_timeout(Duration::from_millis(config.connect_timeout_ms.into()));
    }
    builder = match config.max_retries {
        -1 => builder.max_retries(0),
        0 => builder,
        1.. => builder.max_retries(config.max_retries.unsigned_abs()),
        _ => return Err(Error::invalid_argument("max_retries must be -1 or more")),
    };
    if config.max_response_bytes != 0 {
        builder = builder.max_response_bytes(config.max_response_bytes);
    }
    if let Some(log) = log::logger(config.log_callback, config.log_context) {
        builder = builder.log(log);
    }
    builder.build()
}

/// Releases a client, its connections and the session that it holds. NULL, or one that was freed already, does nothing.
///
/// Calls that are under way in other threads finish.
///
/// @param client the client, or NULL
#[unsafe(no_mangle)]
pub unsafe extern "C" fn oauthapp_client_free(client: OptionalClientHandle) {
    caught(|| drop(CLIENTS.remove(client)));
}

/// Whether the client holds a session (OAUTHAPP_CLIENT_KEEP_SESSION).
///
/// @param client the client
/// @return true if the server has answered a sign-in or sign-up with a token, and the session has not ended since; so also where
///   that call failed with OAUTHAPP_ERROR_OUT_OF_MEMORY after the answer. False also for a client that is not valid
#[unsafe(no_mangle)]
pub unsafe extern "C" fn oauthapp_client_is_signed_in(client: ClientHandle) -> bool {
    caught(|| CLIENTS.get(client).is_some_and(|client| client.is_signed_in())).unwrap_or(false)
}

/// Forgets the session that the client holds (OAUTHAPP_CLIENT_KEEP_SESSION); without one, does nothing.
///
/// The server has no sign-out: the token stays good until it runs out. A sign-in that is under way in another thread begins a new
/// session when it succeeds.
///
/// Errors: OAUTHAPP_ERROR_INVALID_ARGUMENT and OAUTHAPP_ERROR_INVALID_HANDLE for a client that is not valid.
///
/// @param client    the client
/// @param error_out where an error object goes, NULL on success; NULL if it is not wanted
#[unsafe(no_mangle)]
pub unsafe extern "C" fn oauthapp_client_sign_out(client: ClientHandle, error_out: ErrorOut) -> Code {
    // SAFETY: the pointer is as the header says.
    unsafe {
        run(error_out, || {
            CLIENTS.require(client, "client")?.sign_out();
            Ok(())
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::{SignIn, SignUp};
    use crate::transport::scripted::{self, Connection, Seen};
    use std::mem::MaybeUninit;

    const SIGN_IN: SignIn = SignIn::new("wwww", "123456");

    /// The client for these settings; any other than the application and the server stay as they are by default.
    fn client(set: impl FnOnce(&mut oauthapp_client_config)) -> Result<Client> {
        // SAFETY: all zeroes are a value; all strings are literals with NUL at their end.
        unsafe {
            let mut config: oauthapp_client_config = MaybeUninit::zeroed().assume_init();
            config.app_id = 2;
            config.base_url = c"http://127.0.0.1".as_ptr();
            set(&mut config);
            build(&config)
        }
    }

    /// How many connections a call makes where the answer is lost each time.
    fn connections<R: Request>(request: &R, set: impl FnOnce(&mut oauthapp_client_config)) -> usize {
        let call = || client(set).unwrap().call_raw(request).unwrap_err().kind();
        let (kind, seen) = scripted::run(vec![Connection::sending(b""); 20], call);
        assert_eq!(kind, ErrorKind::ConnectionLost);
        seen.iter().filter(|seen| **seen == Seen::Connected).count()
    }

    #[test]
    fn a_call_is_repeated_as_often_as_is_set() {
        for (max_retries, expected) in [(0, 3), (-1, 1), (1, 2), (10, 11)] {
            assert_eq!(connections(&SIGN_IN, |config| config.max_retries = max_retries), expected, "{max_retries}");
        }
    }

    #[test]
    fn a_sign_up_is_followed_up_unless_the_flag_says_not_to() {
        let sign_up = SignUp::new().user_name("wwww").pwd("123456");
        for (flags, expected) in [(0, 2), (DONT_SETTLE_SIGN_UPS, 1)] {
            let set = |config: &mut oauthapp_client_config| (config.max_retries, config.flags) = (-1, flags);
            assert_eq!(connections(&sign_up, set), expected, "{flags}");
        }
    }

    /// All flags but this one.
    fn others(flag: u32) -> impl Iterator<Item = u32> {
        [0, KEEP_SESSION, ALLOW_PLAIN_HTTP, DONT_SETTLE_SIGN_UPS, PROXY_FROM_ENVIRONMENT, ACCEPT_ANY_CERTIFICATE]
            .into_iter()
            .filter(move |other| *other != flag)
    }

    #[test]
    fn no_other_flag_allows_plain_http() {
        for flags in others(ALLOW_PLAIN_HTTP) {
            let made = client(|config| (config.base_url, config.flags) = (c"http://example.com".as_ptr(), flags));
            assert_eq!(made.err().map(|error| error.kind()), Some(ErrorKind::InsecureBaseUrl), "{flags}");
        }
    }

    #[test]
    fn no_other_flag_keeps_a_session() {
        let answer =
            b"HTTP/1.1 200 OK\r\nContent-Length: 44\r\n\r\n{\"code\":200,\"data\":{\"access_token\":\"a.b.c\"}}";
        let keeps = |flags| {
            let call = || {
                let client = client(|config| config.flags = flags).unwrap();
                client.call_raw(&SIGN_IN).unwrap();
                client.is_signed_in()
            };
            scripted::run(vec![Connection::sending(answer)], call).0
        };
        assert!(keeps(KEEP_SESSION));
        for flags in others(KEEP_SESSION) {
            assert!(!keeps(flags), "{flags}");
        }
    }

    #[test]
    fn the_length_that_a_server_announces_is_not_believed() {
        let answer = b"HTTP/1.1 200 OK\r\nContent-Length: 4611686018427387904\r\n\r\n{}";
        let (kind, _) = scripted::run(vec![Connection::sending(answer)], || {
            let set = |config: &mut oauthapp_client_config| {
                (config.max_response_bytes, config.max_retries) = (u64::MAX, -1);
            };
            client(set).unwrap().call_raw(&SIGN_IN).unwrap_err().kind()
        });
        assert_eq!(kind, ErrorKind::TruncatedResponse);
    }

    #[test]
    fn an_answer_that_is_announced_as_too_long_is_not_waited_for() {
        let answer = b"HTTP/1.1 200 OK\r\nContent-Length: 22\r\n\r\n";
        let (kind, _) = scripted::run(vec![Connection::sending(answer)], || {
            let set = |config: &mut oauthapp_client_config| (config.max_response_bytes, config.max_retries) = (21, -1);
            client(set).unwrap().call_raw(&SIGN_IN).unwrap_err().kind()
        });
        assert_eq!(kind, ErrorKind::ResponseTooLarge);
    }

    #[test]
    fn the_limit_for_answers_and_the_user_agent_are_those_that_are_set() {
        let answer = b"HTTP/1.1 200 OK\r\nContent-Length: 21\r\n\r\n{\"code\":200,\"data\":1}";
        for (limit, expected) in [(21, None), (20, Some(ErrorKind::ResponseTooLarge))] {
            let (kind, seen) = scripted::run(vec![Connection::sending(answer)], || {
                let client = client(|config| {
                    config.max_response_bytes = limit;
                    config.user_agent = c"Mine/1.0".as_ptr();
                });
                client.unwrap().call_raw(&SIGN_IN).err().map(|error| error.kind())
            });
            assert_eq!(kind, expected);
            let is_said = |seen: &Seen| matches!(seen, Seen::Received(head) if String::from_utf8_lossy(head).contains("Mine/1.0\r\n"));
            assert!(seen.iter().any(is_said));
        }
    }

    #[test]
    fn no_setting_is_longer_than_16_kib() {
        let text = |length| std::ffi::CString::new("1".repeat(length)).unwrap();
        let (long, longest) = (text(16 * 1024 + 1), text(16 * 1024));
        let message = |set: fn(&mut oauthapp_client_config, OptionalText), text: OptionalText| {
            client(|config| set(config, text)).unwrap_err().to_string()
        };
        for (name, set) in [
            ("base_url", (|config, text| config.base_url = text) as fn(&mut oauthapp_client_config, OptionalText)),
            ("user_agent", |config, text| config.user_agent = text),
            ("proxy", |config, text| config.proxy = text),
            ("pins", |config, text| config.pins = text),
            ("trusted_roots_file", |config, text| config.trusted_roots_file = text),
            ("client_certificate_file", |config, text| config.client_certificate_file = text),
            ("client_key_file", |config, text| config.client_key_file = text),
        ] {
            let too_long = format!("{name} is longer than 16384 bytes");
            assert!(message(set, long.as_ptr()).contains(&too_long), "{name}");
            assert!(!message(set, longest.as_ptr()).contains(&too_long), "{name}");
        }
    }

    #[test]
    fn the_deadline_and_the_connect_timeout_are_those_that_are_set() {
        // Where they are not, the test never ends.
        let (soon, hour) = (40, 3_600_000);
        let never_accepts = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let url = std::ffi::CString::new(format!("https://{}", never_accepts.local_addr().unwrap())).unwrap();
        for (of_client, of_call) in [
            ((hour, soon), (0, 0)),
            ((soon, hour), (0, 0)),
            ((hour, hour), (0, soon)),
            ((hour, hour), (soon, 0)),
            ((soon, hour), (0, hour)),
            ((hour, soon), (hour, 0)),
        ] {
            let client = client(|config| {
                (config.base_url, config.max_retries) = (url.as_ptr(), -1);
                (config.timeout_ms, config.connect_timeout_ms) = of_client;
            });
            // SAFETY: all zeroes are a value.
            let mut options: super::super::options::oauthapp_call_options =
                unsafe { MaybeUninit::zeroed().assume_init() };
            options.struct_size = size_of_val(&options);
            (options.timeout_ms, options.connect_timeout_ms) = of_call;
            // SAFETY: a pointer to what lives here.
            let client = unsafe { apply(&client.unwrap(), &raw const options) }.unwrap();
            assert_eq!(client.call_raw(&SIGN_IN).unwrap_err().kind(), ErrorKind::Timeout);
        }
    }

    #[test]
    fn the_environment_is_asked_for_a_proxy_where_the_flag_says_so() {
        // The variables are those of a process of its own, which runs this test again.
        const CHILD: &str = "OAUTHAPP_TEST_CHILD";
        if std::env::var_os(CHILD).is_some() {
            for (flags, expected) in [(0, None), (PROXY_FROM_ENVIRONMENT, Some(ErrorKind::InvalidProxy))] {
                let made = client(|config| (config.base_url, config.flags) = (ptr::null(), flags));
                assert_eq!(made.err().map(|error| error.kind()), expected);
            }
            return;
        }
        let child = std::process::Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "ffi::client::tests::the_environment_is_asked_for_a_proxy_where_the_flag_says_so"])
            .envs([(CHILD, "1"), ("https_proxy", "socks4://refused")])
            .env_remove("no_proxy")
            .env_remove("NO_PROXY")
            .output()
            .unwrap();
        let text = String::from_utf8_lossy(&child.stdout);
        assert!(child.status.success() && text.contains("1 passed"), "{text}");
    }
}

//! The table of everything that can go wrong: name, stable number, whether a retry can help, sentence.
//!
//! `build.rs` reads this same file to write the C enum, so it uses nothing but the standard library. A number is never
//! reused and never changes; new rows take a free number in their range.

macro_rules! kinds {
    ($( $name:ident = $code:literal, $retry:literal, $sentence:literal, $doc:literal; )+) => {
        /// What went wrong, as something a program can tell apart.
        ///
        /// The number of each kind ([`ErrorKind::code`]) is the same in every language and never changes. New kinds will
        /// be added, so a `match` needs a wildcard arm.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum ErrorKind {
            $( #[doc = $doc] $name, )+
        }

        impl ErrorKind {
            /// Every kind, in the order of the numbers.
            pub const ALL: &'static [ErrorKind] = &[ $( ErrorKind::$name, )+ ];

            /// The stable number; in C the value of `OAUTHAPP_ERROR_…`.
            #[must_use]
            pub const fn code(self) -> i32 {
                match self { $( ErrorKind::$name => $code, )+ }
            }

            /// The kind's name, as it is spelt in Rust.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $( ErrorKind::$name => stringify!($name), )+ }
            }

            /// Whether the same call can succeed later without anything being changed.
            #[must_use]
            pub const fn retryable(self) -> bool {
                match self { $( ErrorKind::$name => $retry, )+ }
            }

            /// One English sentence that says what happened, without a full stop.
            #[must_use]
            pub const fn sentence(self) -> &'static str {
                match self { $( ErrorKind::$name => $sentence, )+ }
            }

            /// What the kind means and what to do, for manuals.
            #[must_use]
            pub const fn description(self) -> &'static str {
                match self { $( ErrorKind::$name => $doc, )+ }
            }
        }
    };
}

kinds! {
    // 1000 to 1999: the calling program. Nothing was sent.
    InvalidArgument = 1000, false, "An argument is not valid",
        "An argument is missing (NULL), empty where it must not be, too long, or holds characters that it can't hold. Nothing was sent.";
    InvalidUtf8 = 1001, false, "A string is not valid UTF-8",
        "A string given from C is not UTF-8. Nothing was sent.";
    InvalidHandle = 1002, false, "The object was freed already, or is of another kind",
        "A pointer to one of the library's objects is not one that is alive: freed already, of the wrong type, or never made here.";
    InvalidStructSize = 1003, false, "A struct has a wrong struct_size",
        "A struct's `struct_size` is too small to be one of this type, or the struct is of a newer version and uses fields that this library doesn't know. Fill it with its initialiser.";
    InvalidBaseUrl = 1010, false, "The base URL is not one that can be used",
        "The base URL must be `https://host` or `https://host:port`, with no path, query, fragment or credentials.";
    InsecureBaseUrl = 1011, false, "Plain http is refused: passwords and tokens would travel unprotected",
        "The base URL is `http` to a host that is not this machine, or a proxy is to be used with it. Use `https`, or allow plain http by name.";
    InvalidCertificate = 1012, false, "The trusted certificates can't be read",
        "The PEM given as trusted roots holds no certificate, or one that can't be read; or the system has no certificates to trust.";
    InvalidProxy = 1013, false, "The proxy is not one that can be used",
        "The proxy must be `http://host:port`, `socks5://host:port` or `socks5h://host:port`, with `user:password@` before the host where it wants them. The message says whether it comes from the environment.";
    InvalidClientCertificate = 1015, false, "The client certificate or its key can't be used",
        "The certificate or its private key can't be read, or they don't belong together.";
    InvalidPin = 1016, false, "A pin of a public key can't be read",
        "A pin must be the SHA-256 of a public key in base64, 44 characters, with `sha256/` before it or without.";
    VerificationRequired = 1017, false, "The server's certificate can't be left unverified here",
        "That every certificate is accepted can only be asked for toward this machine (localhost, 127.0.0.0/8, ::1), with no proxy on the way, and together with neither trusted roots nor pins.";
    NotSignedIn = 1020, false, "This call needs an access token, and there is none",
        "No access token was given, and the client holds no session. Sign in first.";
    InvalidToken = 1021, false, "The access token can't be read",
        "A string is not a JSON Web Token whose claims can be read.";
    JsonSyntax = 1030, false, "The text is not JSON",
        "The text given to a JSON getter is not one well-formed JSON value.";
    JsonPointerSyntax = 1031, false, "The JSON Pointer is not well-formed",
        "A JSON Pointer (RFC 6901) is empty or starts with `/`; `~` is followed by 0 or 1.";
    JsonNotFound = 1032, false, "There is no such field in the JSON",
        "The JSON has no value at the place that the JSON Pointer names.";
    JsonNull = 1033, false, "The field is null in the JSON",
        "The JSON has null at the place that the JSON Pointer names.";
    JsonType = 1034, false, "The field in the JSON is of another type",
        "The JSON value at that place is not of the type that was asked for.";
    JsonRange = 1035, false, "The value in the JSON can't be represented",
        "The number doesn't fit the type that was asked for, or the string holds a NUL character, which a C string can't carry.";

    // 2000 to 2999: the way to the server. No answer came.
    Dns = 2000, true, "The server's name can't be resolved",
        "The host name of the server has no address, or the name service can't be reached.";
    Connect = 2001, true, "The server can't be reached",
        "No connection could be made: refused, unreachable, or the network is down.";
    Tls = 2010, true, "No secure connection could be made",
        "The TLS handshake failed for another reason than the ones below: no common version or cipher, a certificate that can't be read, or the connection broke meanwhile, and only this can pass by itself.";
    CertificateUntrusted = 2011, false, "The server's certificate is not from a trusted authority",
        "Nobody whom the client trusts vouches for the server: its certificate is self-signed or from an unknown authority, or the server leaves out what leads from it to one.";
    CertificateWrongHost = 2012, false, "The server's certificate is for another host",
        "The certificate doesn't name the host of the base URL.";
    CertificateExpired = 2013, false, "The server's certificate is not valid at this time, or this machine's clock is wrong",
        "The certificate has expired or is not valid yet, by this machine's clock.";
    CertificateRevoked = 2014, false, "The server's certificate has been revoked",
        "The authority has withdrawn the certificate.";
    NotTls = 2015, false, "What answered does not speak TLS",
        "The server (or something before it) answers https with something else, most likely plain http.";
    CertificateNotPinned = 2016, false, "The server's certificate comes from none of the pinned keys",
        "The certificate is in order, but none of the public keys that are pinned vouches for it. Either the server has got a new key, or someone stands between.";
    ClientCertificateRequired = 2017, false, "The server wants a client certificate",
        "The server speaks only to clients that show a certificate, and none is set.";
    ClientCertificateRejected = 2018, false, "The server does not accept the client certificate",
        "The server has refused the client's certificate: it doesn't know the authority, or the certificate is expired, revoked or not for this use.";
    Timeout = 2020, true, "The server took too long to answer",
        "The call's deadline ran out.";
    ConnectionLost = 2021, true, "The connection was lost before an answer came",
        "The connection broke after it had been made and before the head of an answer had arrived.";
    Cancelled = 2022, false, "The call was cancelled",
        "The call's cancel token was cancelled.";
    Proxy = 2030, true, "No connection could be made through the proxy",
        "The configured proxy has no address, can't be reached or did not open a connection to the server; or HTTP 407, from whoever stands between.";

    // 3000 to 3999: an HTTP answer that is not the API's envelope.
    BadRequest = 3000, false, "The server did not accept the request",
        "HTTP 400: a field is missing or of the wrong type. The server's messages for each field are with the error.";
    Unauthorized = 3001, false, "The server wants a valid access token",
        "HTTP 401 that says nothing against the token: no token arrived, or it was not accepted.";
    TokenExpired = 3002, false, "The access token has expired: sign in again",
        "HTTP 401: the server says that the token has expired. There is no refresh token; the user signs in again.";
    TokenRejected = 3003, false, "The server rejected the access token",
        "HTTP 401: the server says that the token is malformed, wrongly signed or meant for someone else.";
    Forbidden = 3004, false, "The server forbids this request",
        "HTTP 403.";
    NotFound = 3005, false, "There is no OAuthApp API at this address",
        "HTTP 404: the base URL is most likely not that of an OAuthApp server.";
    MethodNotAllowed = 3006, false, "The server does not allow this method here",
        "HTTP 405: the base URL is most likely not that of an OAuthApp server, or something between rewrites requests.";
    UnsupportedMediaType = 3007, false, "The server does not accept JSON here",
        "HTTP 415: something between client and server most likely rewrites requests.";
    RequestTooLarge = 3008, false, "The request is too large for the server",
        "HTTP 413 or 431.";
    TooManyRequests = 3009, true, "The server asks to slow down",
        "HTTP 429. The error says how long to wait where the server said so.";
    Redirected = 3010, false, "The server points to another address, and redirects are not followed",
        "HTTP 301, 302, 303, 307 or 308. A redirect is never followed, because a password or a token would go with it. The message says what to change.";
    ServerFault = 3020, true, "The server failed",
        "HTTP 5xx other than 503, 504 and 511.";
    ServiceUnavailable = 3021, true, "The server is not available at the moment",
        "HTTP 503 or 504, or 408. The error says how long to wait where the server said so.";
    UnexpectedStatus = 3090, false, "The server answered with an unexpected HTTP status",
        "Any other HTTP status that is not success, 511 among them, with which a network asks for a sign-in of its own.";

    // 4000 to 4999: an answer that can't be understood.
    NotHttp = 4000, false, "What answered does not speak HTTP",
        "The bytes that came are not an HTTP/1.1 answer, or its head is too large.";
    EmptyResponse = 4001, true, "The server answered with nothing",
        "HTTP success with an empty body.";
    TruncatedResponse = 4002, true, "The answer broke off",
        "The connection ended before the body was complete, or the JSON in it ends in the middle.";
    ResponseTooLarge = 4003, false, "The answer is larger than allowed",
        "The body is larger than the limit (1 MiB unless set otherwise).";
    ResponseNotUtf8 = 4004, false, "The answer is not UTF-8 text",
        "JSON is UTF-8 (RFC 8259); this body is not.";
    ResponseNotJson = 4005, false, "The answer is not JSON: this is not the OAuthApp server, or something stands between",
        "HTTP success with a body that is not JSON, often the HTML page of a proxy or of a network's sign-in page.";
    UnexpectedResponse = 4006, false, "The answer has an unexpected shape",
        "The body is JSON, but not the envelope of this API, or, where it is read into a type, its `data` is not of that type.";

    // 5000 to 5999: the server's own word, in its envelope.
    Server = 5000, false, "The server refused",
        "The server answered with HTTP success and a failure that has no kind of its own; its code and message are with the error.";
    WrongPassword = 5001, false, "The password is wrong",
        "The server says 密码错误.";
    NoSuchUser = 5002, false, "There is no such user",
        "The server says 用户不存在.";
    AccountExists = 5003, false, "The account exists already",
        "The server says 账号已存在; or the answer to a sign-up was lost, and the account is there with another password.";
    NoSuchApplication = 5004, false, "There is no application with this id",
        "The server says 不存在的应用.";
    UserGone = 5005, false, "The user of this token no longer exists",
        "The server says 不存在的用户.";
    QrWaiting = 5010, true, "The QR code has not been scanned yet",
        "The server says 请扫码. Ask again in a moment.";
    QrScanned = 5011, true, "The QR code has been scanned, and the sign-in is not confirmed yet",
        "The server says 登陆中... Ask again in a moment.";
    QrExpired = 5012, false, "The QR code is no longer valid: make a new one",
        "The server says 二维码失效请刷新, or on the phone's side 二维码已失效，请刷新重试.";
    QrNotConfigured = 5013, false, "QR sign-in is not set up for this application",
        "The server says 应用未配置小程序参数.";

    // 9000 to 9999: the library itself.
    Internal = 9000, false, "The library failed; this is a mistake in it",
        "A fault in the library, which was caught. Please report it.";
    OutOfMemory = 9001, false, "There is not enough memory",
        "There is no memory for a string that was given, for an answer, or for what is made of them, or there are more objects than the library can count (4 million of a kind; 65,536 on 32-bit machines). The server may have done what it was asked to do. Where there is no memory for the small blocks of the library's own state either, the program ends, as Rust programs do.";
}

/// The kind's name in C: `WrongPassword` is `OAUTHAPP_ERROR_WRONG_PASSWORD`.
#[cfg(feature = "capi")]
pub(crate) fn c_name(name: &str) -> String {
    let mut c_name = "OAUTHAPP_ERROR".to_owned();
    for character in name.chars() {
        if character.is_ascii_uppercase() {
            c_name.push('_');
        }
        c_name.push(character.to_ascii_uppercase());
    }
    c_name
}

//! The small enums of the C API: value, C name, meaning. The library uses the constants; `build.rs` reads this same file
//! and writes the tables into the header.

/// One value of an enum: its C name, number and meaning.
pub(crate) type CValue = (&'static str, i32, &'static str);

macro_rules! open_enum {
    ($table:ident: $($name:ident = $value:literal, $c_name:literal, $doc:literal;)+) => {
        $( pub(crate) const $name: i32 = $value; )+
        pub(crate) const $table: &[CValue] = &[ $(($c_name, $value, $doc),)+ ];
    };
}

open_enum! {
    TRISTATE:
    NOT_GIVEN = 0, "OAUTHAPP_NOT_GIVEN", "The field is not sent.";
    FALSE = 1, "OAUTHAPP_FALSE", "false";
    TRUE = 2, "OAUTHAPP_TRUE", "true";
}

open_enum! {
    JSON_TYPE:
    JSON_NULL = 0, "OAUTHAPP_JSON_NULL", "null";
    JSON_BOOLEAN = 1, "OAUTHAPP_JSON_BOOLEAN", "true or false";
    JSON_NUMBER = 2, "OAUTHAPP_JSON_NUMBER", "a number";
    JSON_STRING = 3, "OAUTHAPP_JSON_STRING", "a string";
    JSON_ARRAY = 4, "OAUTHAPP_JSON_ARRAY", "an array";
    JSON_OBJECT = 5, "OAUTHAPP_JSON_OBJECT", "an object";
}

open_enum! {
    LOG_LEVEL:
    LOG_WARN = 2, "OAUTHAPP_LOG_WARN", "An attempt failed, or was answered with an HTTP status from 300 on.";
    LOG_DEBUG = 4, "OAUTHAPP_LOG_DEBUG", "An attempt went well, or was cancelled.";
}

open_enum! {
    TRUST:
    TRUST_MOZILLA = 0, "OAUTHAPP_TRUST_MOZILLA", "Mozilla's list, as it was when the library was built.";
    TRUST_PLATFORM = 1, "OAUTHAPP_TRUST_PLATFORM",
        "Those that this system believes: the system's own verifier on Windows, macOS and iOS, with what its owner or \
         administrator has added, withdrawn or revoked; elsewhere the certificates in the system's files \
         (others where both SSL_CERT_FILE and SSL_CERT_DIR are set, more where one is), read when the client is made. Not for Android, whose verifier \
         can be reached from Java only: there it is OAUTHAPP_ERROR_INVALID_ARGUMENT.";
    TRUST_ONLY_GIVEN = 2, "OAUTHAPP_TRUST_ONLY_GIVEN", "None but the trusted roots that are given, for a server of one's own.";
}

open_enum! {
    CLIENT_FLAGS:
    KEEP_SESSION = 1, "OAUTHAPP_CLIENT_KEEP_SESSION",
        "The client holds the token of its last sign-in or sign-up, in memory only, and uses it for profile calls whose \
         access_token is NULL. It lets go of it when the server says that the session is over (never because of a bad \
         network), on oauthapp_client_sign_out, and when it is freed; a sign-in or sign-up whose answer has no token \
         that can be sent leaves none. For a program with one user; a program that serves \
         many passes each one's token.";
    ALLOW_PLAIN_HTTP = 2, "OAUTHAPP_CLIENT_ALLOW_PLAIN_HTTP",
        "Allows an http base URL to a host other than this machine, or through a proxy. Passwords and tokens then travel \
         readable for everyone on the way.";
    DONT_SETTLE_SIGN_UPS = 4, "OAUTHAPP_CLIENT_DONT_SETTLE_SIGN_UPS",
        "Leaves a sign-up whose answer was lost at that. Without this flag it is followed by a sign-in with the same \
         credentials, within the deadline, whose token then is the answer.";
    PROXY_FROM_ENVIRONMENT = 8, "OAUTHAPP_CLIENT_PROXY_FROM_ENVIRONMENT",
        "Takes the proxy from the environment where oauthapp_client_config.proxy is NULL. Read, once, by \
         oauthapp_client_new (while no other thread changes the environment): for an https base URL https_proxy, \
         HTTPS_PROXY, all_proxy, ALL_PROXY; for an http one http_proxy (and not HTTP_PROXY, which a CGI program gets \
         from whoever calls it), all_proxy, ALL_PROXY. The first that is set and not empty counts; a value without a \
         scheme is an http proxy, and one that is no proxy is OAUTHAPP_ERROR_INVALID_PROXY. No proxy is used for this \
         machine (localhost, 127.0.0.0/8, ::1), nor for a server that no_proxy or NO_PROXY names. That is a list with \
         commas or spaces of: * for every server; a name, for itself and all below it (example.com and .example.com \
         are the same); an address; a network in CIDR form, for base URLs that hold an address; any name or address \
         with :port after it, for that port only.";
    DANGER_ACCEPT_ANY_CERTIFICATE_ON_LOOPBACK = 16, "OAUTHAPP_CLIENT_DANGER_ACCEPT_ANY_CERTIFICATE_ON_LOOPBACK",
        "DANGER: takes every certificate, also of someone else, and with it passwords and tokens go to whoever answers. \
         For tests against a server on this machine: the base URL's host must be localhost, in 127.0.0.0/8, or [::1], \
         with no proxy on the way. Nothing else switches the verification off.";
}

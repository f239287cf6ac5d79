/*
 * liboauthapp: sign-in, sign-up, QR sign-in and profiles with OAuthApp (www.oauthapp.com, and self-hosted servers of it).
 *
 * This file is the manual of the C API. It is generated from the library's source: change it there.
 *
 * How calls work
 *
 *   A call blocks until its answer is there, its deadline has run out (30 seconds, unless set otherwise), or it is
 *   cancelled from another thread (oauthapp_cancel_token). There is nothing to initialise, nothing is printed, and no call
 *   reads the environment by itself; what the system reads of it to look up a name, it does. oauthapp_client_new does, so no
 *   other thread may change it meanwhile; it uses what it finds only where a proxy is asked for that the environment names, or
 *   the platform's certificate authorities.
 *
 *   The library has no threads of its own, with one exception: the system's name look-up can't be interrupted, so it runs
 *   in a thread of its own, which takes none of the program's signals and ends when the system has an answer or gives up.
 *   All clients share it. A call that is
 *   cancelled or out of time does not wait for it; where it takes more than ten seconds, later calls begin another one, until
 *   there are four for the host name.
 *
 *   Every function that can fail returns an oauthapp_code: OAUTHAPP_OK (0), or what went wrong. What it gives comes
 *   through its trailing pointers, which are written on success and set to NULL (numbers: 0) on failure. The last of
 *   all takes an oauthapp_error with the detail; pass NULL if the code alone will do.
 *
 *   The ten calls of the API give the `data` of the server's answer as a JSON string, byte for byte as it came, fields
 *   included that this library does not know. The oauthapp_json_get_… functions read single fields of it.
 *
 * Ownership
 *
 *   What a function gives through a pointer-to-pointer is the caller's, to be freed with the function that its
 *   documentation names: oauthapp_string_free, oauthapp_client_free, oauthapp_cancel_token_free, oauthapp_error_free. Never with free() or delete.
 *   What is passed in is read during the call only and stays the caller's. Freeing NULL does nothing. An object that
 *   was freed already, or one of another kind, is found out: functions that get it return
 *   OAUTHAPP_ERROR_INVALID_HANDLE, and freeing it again does nothing. A string that was freed already is found out too, but
 *   only until its address is given to another string; freeing it then frees that one.
 *
 *   The library keeps count of what it has handed out, so a leak checker takes what a program forgets to free for
 *   something still in use.
 *
 * Strings
 *
 *   UTF-8, NUL-terminated. In a request, NULL means that the field is not sent; an empty string is sent. Answers may
 *   hold tokens and keys: oauthapp_string_free overwrites them before their memory is released.
 *
 * Secrets in memory
 *
 *   Whatever the library frees, and what HTTP, TLS and JSON free for it, is overwritten first. When the strings are freed
 *   and the client is, nothing of a password, token, key or union id is left on the heap but what the program itself has kept.
 *   Stacks and registers are nobody's to promise: fragments may stay there until they are written over. Until then a client keeps its proxy's password, its client key and its session, and an open TLS
 *   connection the last answer that came on it; an error object keeps what the server said until oauthapp_error_free.
 *
 * When memory runs out
 *
 *   Where there is no memory for a string that was given, for an answer, or for what is made of them, the call fails with
 *   OAUTHAPP_ERROR_OUT_OF_MEMORY; an answer that can't be kept does not undo what the server has done. Where there is none
 *   for a block of less than 64 KiB for the library's own use, or, while a client is made, for what its environment
 *   holds (a proxy's address, the names in NO_PROXY) or the system's certificates (OAUTHAPP_TRUST_PLATFORM), the program ends with
 *   abort(), as Rust programs do, after a message on standard error that says so.
 *
 * Structs
 *
 *   Every struct that the caller fills begins with its size and has an initialiser, oauthapp_…_init(). Fields are added
 *   at the end in later versions; a program compiled with this header goes on working with a newer library.
 *
 * Threads
 *
 *   Every function may be called from any thread, several at once, also with the same client, and until the very end: from
 *   atexit and from destructors too. There is no "last error" of a thread. A call needs 128 KiB of stack. A thread must not be
 *   ended while it is in one (pthread_cancel ends the whole program then): cancel the call.
 *
 *   After fork(), both processes may go on with the same client. The child makes connections of its own and leaves its
 *   parent's alone. As in every program with threads, it must not have been forked while another thread was inside of
 *   the library, unless it calls exec or _exit next. A process that closes all its descriptors, as daemons do, frees its clients
 *   before that.
 *
 * Errors that every one of the ten calls can give
 *
 *   OAUTHAPP_ERROR_INVALID_ARGUMENT, _INVALID_UTF8, _INVALID_HANDLE, _INVALID_STRUCT_SIZE: nothing was sent.
 *   OAUTHAPP_ERROR_DNS, _CONNECT, _TLS, _CERTIFICATE_UNTRUSTED, _TIMEOUT, _CONNECTION_LOST, _CANCELLED, … (2000 to 2999):
 *   no answer came, or not all of it.
 *   OAUTHAPP_ERROR_BAD_REQUEST, _FORBIDDEN, _NOT_FOUND, … (3000 to 3999): an HTTP error in place of the API's answer.
 *   OAUTHAPP_ERROR_NOT_HTTP, _EMPTY_RESPONSE, … (4000 to 4999): an answer that can't be understood.
 *   OAUTHAPP_ERROR_SERVER and the other kinds from 5000 to 5999: the server refused; its own code and message are with
 *   the error object.
 *   OAUTHAPP_ERROR_OUT_OF_MEMORY: there is not enough memory. OAUTHAPP_ERROR_INTERNAL: a fault in the library.
 *
 *   These last two, and those of misuse in the first line, every other function that gives a code can give as well.
 */
#ifndef OAUTHAPP_H
#define OAUTHAPP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* The version of this header. oauthapp_version() is that of the library that the program runs with. */
#define OAUTHAPP_VERSION "1.0.0"
#define OAUTHAPP_VERSION_MAJOR 1
#define OAUTHAPP_VERSION_MINOR 0
#define OAUTHAPP_VERSION_PATCH 0
#define OAUTHAPP_VERSION_NUMBER 1000000

/* Whether a pointer may be NULL. Clang checks it and Swift reads it; for other compilers it is a note to the reader. */
#if defined(__clang__)
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wnullability-extension"
#define OAUTHAPP_NONNULL _Nonnull
#define OAUTHAPP_NULLABLE _Nullable
#else
#define OAUTHAPP_NONNULL
#define OAUTHAPP_NULLABLE
#endif

/* The result of the function should not be thrown away. */
#if defined(__GNUC__) || defined(__clang__)
#define OAUTHAPP_MUST_USE __attribute__((warn_unused_result))
#else
#define OAUTHAPP_MUST_USE
#endif

/*
 * Enums have a fixed underlying type and may get new values in later versions, so a switch over one needs a default. C
 * before C23 has no such enums; there the type is an int32_t and the values are constants, with the same ABI.
 */
#if defined(__clang__)
#define OAUTHAPP_ENUM_BEGIN(name) __extension__ typedef enum __attribute__((enum_extensibility(open))) name : int32_t
#define OAUTHAPP_ENUM_END(name) name
#elif defined(__cplusplus) || (defined(__STDC_VERSION__) && __STDC_VERSION__ >= 202311L)
#define OAUTHAPP_ENUM_BEGIN(name) typedef enum name : int32_t
#define OAUTHAPP_ENUM_END(name) name
#else
#define OAUTHAPP_ENUM_BEGIN(name) typedef int32_t name; enum
#define OAUTHAPP_ENUM_END(name)
#endif

/**
 * What every function returns that can fail: OAUTHAPP_OK, or what went wrong. The numbers never change.
 */
OAUTHAPP_ENUM_BEGIN(oauthapp_code) {
    /**
     * Success.
     */
    OAUTHAPP_OK = 0,
    /**
     * An argument is missing (NULL), empty where it must not be, too long, or holds characters that it can't hold.
     * Nothing was sent.
     */
    OAUTHAPP_ERROR_INVALID_ARGUMENT = 1000,
    /**
     * A string given from C is not UTF-8. Nothing was sent.
     */
    OAUTHAPP_ERROR_INVALID_UTF8 = 1001,
    /**
     * A pointer to one of the library's objects is not one that is alive: freed already, of the wrong type, or never
     * made here.
     */
    OAUTHAPP_ERROR_INVALID_HANDLE = 1002,
    /**
     * A struct's `struct_size` is too small to be one of this type, or the struct is of a newer version and uses fields
     * that this library doesn't know. Fill it with its initialiser.
     */
    OAUTHAPP_ERROR_INVALID_STRUCT_SIZE = 1003,
    /**
     * The base URL must be `https://host` or `https://host:port`, with no path, query, fragment or credentials.
     */
    OAUTHAPP_ERROR_INVALID_BASE_URL = 1010,
    /**
     * The base URL is `http` to a host that is not this machine, or a proxy is to be used with it. Use `https`, or
     * allow plain http by name.
     */
    OAUTHAPP_ERROR_INSECURE_BASE_URL = 1011,
    /**
     * The PEM given as trusted roots holds no certificate, or one that can't be read; or the system has no certificates
     * to trust.
     */
    OAUTHAPP_ERROR_INVALID_CERTIFICATE = 1012,
    /**
     * The proxy must be `http://host:port`, `socks5://host:port` or `socks5h://host:port`, with `user:password@` before
     * the host where it wants them. The message says whether it comes from the environment.
     */
    OAUTHAPP_ERROR_INVALID_PROXY = 1013,
    /**
     * The certificate or its private key can't be read, or they don't belong together.
     */
    OAUTHAPP_ERROR_INVALID_CLIENT_CERTIFICATE = 1015,
    /**
     * A pin must be the SHA-256 of a public key in base64, 44 characters, with `sha256/` before it or without.
     */
    OAUTHAPP_ERROR_INVALID_PIN = 1016,
    /**
     * That every certificate is accepted can only be asked for toward this machine (localhost, 127.0.0.0/8, ::1), with
     * no proxy on the way, and together with neither trusted roots nor pins.
     */
    OAUTHAPP_ERROR_VERIFICATION_REQUIRED = 1017,
    /**
     * No access token was given, and the client holds no session. Sign in first.
     */
    OAUTHAPP_ERROR_NOT_SIGNED_IN = 1020,
    /**
     * A string is not a JSON Web Token whose claims can be read.
     */
    OAUTHAPP_ERROR_INVALID_TOKEN = 1021,
    /**
     * The text given to a JSON getter is not one well-formed JSON value.
     */
    OAUTHAPP_ERROR_JSON_SYNTAX = 1030,
    /**
     * A JSON Pointer (RFC 6901) is empty or starts with `/`; `~` is followed by 0 or 1.
     */
    OAUTHAPP_ERROR_JSON_POINTER_SYNTAX = 1031,
    /**
     * The JSON has no value at the place that the JSON Pointer names.
     */
    OAUTHAPP_ERROR_JSON_NOT_FOUND = 1032,
    /**
     * The JSON has null at the place that the JSON Pointer names.
     */
    OAUTHAPP_ERROR_JSON_NULL = 1033,
    /**
     * The JSON value at that place is not of the type that was asked for.
     */
    OAUTHAPP_ERROR_JSON_TYPE = 1034,
    /**
     * The number doesn't fit the type that was asked for, or the string holds a NUL character, which a C string can't
     * carry.
     */
    OAUTHAPP_ERROR_JSON_RANGE = 1035,
    /**
     * The host name of the server has no address, or the name service can't be reached.
     */
    OAUTHAPP_ERROR_DNS = 2000,
    /**
     * No connection could be made: refused, unreachable, or the network is down.
     */
    OAUTHAPP_ERROR_CONNECT = 2001,
    /**
     * The TLS handshake failed for another reason than the ones below: no common version or cipher, a certificate that
     * can't be read, or the connection broke meanwhile, and only this can pass by itself.
     */
    OAUTHAPP_ERROR_TLS = 2010,
    /**
     * Nobody whom the client trusts vouches for the server: its certificate is self-signed or from an unknown
     * authority, or the server leaves out what leads from it to one.
     */
    OAUTHAPP_ERROR_CERTIFICATE_UNTRUSTED = 2011,
    /**
     * The certificate doesn't name the host of the base URL.
     */
    OAUTHAPP_ERROR_CERTIFICATE_WRONG_HOST = 2012,
    /**
     * The certificate has expired or is not valid yet, by this machine's clock.
     */
    OAUTHAPP_ERROR_CERTIFICATE_EXPIRED = 2013,
    /**
     * The authority has withdrawn the certificate.
     */
    OAUTHAPP_ERROR_CERTIFICATE_REVOKED = 2014,
    /**
     * The server (or something before it) answers https with something else, most likely plain http.
     */
    OAUTHAPP_ERROR_NOT_TLS = 2015,
    /**
     * The certificate is in order, but none of the public keys that are pinned vouches for it. Either the server has
     * got a new key, or someone stands between.
     */
    OAUTHAPP_ERROR_CERTIFICATE_NOT_PINNED = 2016,
    /**
     * The server speaks only to clients that show a certificate, and none is set.
     */
    OAUTHAPP_ERROR_CLIENT_CERTIFICATE_REQUIRED = 2017,
    /**
     * The server has refused the client's certificate: it doesn't know the authority, or the certificate is expired,
     * revoked or not for this use.
     */
    OAUTHAPP_ERROR_CLIENT_CERTIFICATE_REJECTED = 2018,
    /**
     * The call's deadline ran out.
     */
    OAUTHAPP_ERROR_TIMEOUT = 2020,
    /**
     * The connection broke after it had been made and before the head of an answer had arrived.
     */
    OAUTHAPP_ERROR_CONNECTION_LOST = 2021,
    /**
     * The call's cancel token was cancelled.
     */
    OAUTHAPP_ERROR_CANCELLED = 2022,
    /**
     * The configured proxy has no address, can't be reached or did not open a connection to the server; or HTTP 407,
     * from whoever stands between.
     */
    OAUTHAPP_ERROR_PROXY = 2030,
    /**
     * HTTP 400: a field is missing or of the wrong type. The server's messages for each field are with the error.
     */
    OAUTHAPP_ERROR_BAD_REQUEST = 3000,
    /**
     * HTTP 401 that says nothing against the token: no token arrived, or it was not accepted.
     */
    OAUTHAPP_ERROR_UNAUTHORIZED = 3001,
    /**
     * HTTP 401: the server says that the token has expired. There is no refresh token; the user signs in again.
     */
    OAUTHAPP_ERROR_TOKEN_EXPIRED = 3002,
    /**
     * HTTP 401: the server says that the token is malformed, wrongly signed or meant for someone else.
     */
    OAUTHAPP_ERROR_TOKEN_REJECTED = 3003,
    /**
     * HTTP 403.
     */
    OAUTHAPP_ERROR_FORBIDDEN = 3004,
    /**
     * HTTP 404: the base URL is most likely not that of an OAuthApp server.
     */
    OAUTHAPP_ERROR_NOT_FOUND = 3005,
    /**
     * HTTP 405: the base URL is most likely not that of an OAuthApp server, or something between rewrites requests.
     */
    OAUTHAPP_ERROR_METHOD_NOT_ALLOWED = 3006,
    /**
     * HTTP 415: something between client and server most likely rewrites requests.
     */
    OAUTHAPP_ERROR_UNSUPPORTED_MEDIA_TYPE = 3007,
    /**
     * HTTP 413 or 431.
     */
    OAUTHAPP_ERROR_REQUEST_TOO_LARGE = 3008,
    /**
     * HTTP 429. The error says how long to wait where the server said so.
     */
    OAUTHAPP_ERROR_TOO_MANY_REQUESTS = 3009,
    /**
     * HTTP 301, 302, 303, 307 or 308. A redirect is never followed, because a password or a token would go with it. The
     * message says what to change.
     */
    OAUTHAPP_ERROR_REDIRECTED = 3010,
    /**
     * HTTP 5xx other than 503, 504 and 511.
     */
    OAUTHAPP_ERROR_SERVER_FAULT = 3020,
    /**
     * HTTP 503 or 504, or 408. The error says how long to wait where the server said so.
     */
    OAUTHAPP_ERROR_SERVICE_UNAVAILABLE = 3021,
    /**
     * Any other HTTP status that is not success, 511 among them, with which a network asks for a sign-in of its own.
     */
    OAUTHAPP_ERROR_UNEXPECTED_STATUS = 3090,
    /**
     * The bytes that came are not an HTTP/1.1 answer, or its head is too large.
     */
    OAUTHAPP_ERROR_NOT_HTTP = 4000,
    /**
     * HTTP success with an empty body.
     */
    OAUTHAPP_ERROR_EMPTY_RESPONSE = 4001,
    /**
     * The connection ended before the body was complete, or the JSON in it ends in the middle.
     */
    OAUTHAPP_ERROR_TRUNCATED_RESPONSE = 4002,
    /**
     * The body is larger than the limit (1 MiB unless set otherwise).
     */
    OAUTHAPP_ERROR_RESPONSE_TOO_LARGE = 4003,
    /**
     * JSON is UTF-8 (RFC 8259); this body is not.
     */
    OAUTHAPP_ERROR_RESPONSE_NOT_UTF8 = 4004,
    /**
     * HTTP success with a body that is not JSON, often the HTML page of a proxy or of a network's sign-in page.
     */
    OAUTHAPP_ERROR_RESPONSE_NOT_JSON = 4005,
    /**
     * The body is JSON, but not the envelope of this API, or, where it is read into a type, its `data` is not of that
     * type.
     */
    OAUTHAPP_ERROR_UNEXPECTED_RESPONSE = 4006,
    /**
     * The server answered with HTTP success and a failure that has no kind of its own; its code and message are with
     * the error.
     */
    OAUTHAPP_ERROR_SERVER = 5000,
    /**
     * The server says 密码错误.
     */
    OAUTHAPP_ERROR_WRONG_PASSWORD = 5001,
    /**
     * The server says 用户不存在.
     */
    OAUTHAPP_ERROR_NO_SUCH_USER = 5002,
    /**
     * The server says 账号已存在; or the answer to a sign-up was lost, and the account is there with another password.
     */
    OAUTHAPP_ERROR_ACCOUNT_EXISTS = 5003,
    /**
     * The server says 不存在的应用.
     */
    OAUTHAPP_ERROR_NO_SUCH_APPLICATION = 5004,
    /**
     * The server says 不存在的用户.
     */
    OAUTHAPP_ERROR_USER_GONE = 5005,
    /**
     * The server says 请扫码. Ask again in a moment.
     */
    OAUTHAPP_ERROR_QR_WAITING = 5010,
    /**
     * The server says 登陆中... Ask again in a moment.
     */
    OAUTHAPP_ERROR_QR_SCANNED = 5011,
    /**
     * The server says 二维码失效请刷新, or on the phone's side 二维码已失效，请刷新重试.
     */
    OAUTHAPP_ERROR_QR_EXPIRED = 5012,
    /**
     * The server says 应用未配置小程序参数.
     */
    OAUTHAPP_ERROR_QR_NOT_CONFIGURED = 5013,
    /**
     * A fault in the library, which was caught. Please report it.
     */
    OAUTHAPP_ERROR_INTERNAL = 9000,
    /**
     * There is no memory for a string that was given, for an answer, or for what is made of them, or there are more
     * objects than the library can count (4 million of a kind; 65,536 on 32-bit machines). The server may have done
     * what it was asked to do. Where there is no memory for the small blocks of the library's own state either, the
     * program ends, as Rust programs do.
     */
    OAUTHAPP_ERROR_OUT_OF_MEMORY = 9001
} OAUTHAPP_ENUM_END(oauthapp_code);

/**
 * A truth value in a request. 0, which a struct's initialiser sets, means that the field is not sent.
 */
OAUTHAPP_ENUM_BEGIN(oauthapp_tristate) {
    /**
     * The field is not sent.
     */
    OAUTHAPP_NOT_GIVEN = 0,
    /**
     * false
     */
    OAUTHAPP_FALSE = 1,
    /**
     * true
     */
    OAUTHAPP_TRUE = 2
} OAUTHAPP_ENUM_END(oauthapp_tristate);

/**
 * The type of a JSON value.
 */
OAUTHAPP_ENUM_BEGIN(oauthapp_json_type) {
    /**
     * null
     */
    OAUTHAPP_JSON_NULL = 0,
    /**
     * true or false
     */
    OAUTHAPP_JSON_BOOLEAN = 1,
    /**
     * a number
     */
    OAUTHAPP_JSON_NUMBER = 2,
    /**
     * a string
     */
    OAUTHAPP_JSON_STRING = 3,
    /**
     * an array
     */
    OAUTHAPP_JSON_ARRAY = 4,
    /**
     * an object
     */
    OAUTHAPP_JSON_OBJECT = 5
} OAUTHAPP_ENUM_END(oauthapp_json_type);

/**
 * How much a line of the log matters.
 */
OAUTHAPP_ENUM_BEGIN(oauthapp_log_level) {
    /**
     * An attempt failed, or was answered with an HTTP status from 300 on.
     */
    OAUTHAPP_LOG_WARN = 2,
    /**
     * An attempt went well, or was cancelled.
     */
    OAUTHAPP_LOG_DEBUG = 4
} OAUTHAPP_ENUM_END(oauthapp_log_level);

/**
 * Which certificate authorities vouch for the server.
 */
OAUTHAPP_ENUM_BEGIN(oauthapp_trust) {
    /**
     * Mozilla's list, as it was when the library was built.
     */
    OAUTHAPP_TRUST_MOZILLA = 0,
    /**
     * Those that this system believes: the system's own verifier on Windows, macOS and iOS, with what its owner or
     * administrator has added, withdrawn or revoked; elsewhere the certificates in the system's files (others where
     * both SSL_CERT_FILE and SSL_CERT_DIR are set, more where one is), read when the client is made. Not for Android,
     * whose verifier can be reached from Java only: there it is OAUTHAPP_ERROR_INVALID_ARGUMENT.
     */
    OAUTHAPP_TRUST_PLATFORM = 1,
    /**
     * None but the trusted roots that are given, for a server of one's own.
     */
    OAUTHAPP_TRUST_ONLY_GIVEN = 2
} OAUTHAPP_ENUM_END(oauthapp_trust);

/**
 * Bits for oauthapp_client_config.flags.
 */
OAUTHAPP_ENUM_BEGIN(oauthapp_client_flag) {
    /**
     * The client holds the token of its last sign-in or sign-up, in memory only, and uses it for profile calls whose
     * access_token is NULL. It lets go of it when the server says that the session is over (never because of a bad
     * network), on oauthapp_client_sign_out, and when it is freed; a sign-in or sign-up whose answer has no token that
     * can be sent leaves none. For a program with one user; a program that serves many passes each one's token.
     */
    OAUTHAPP_CLIENT_KEEP_SESSION = 1,
    /**
     * Allows an http base URL to a host other than this machine, or through a proxy. Passwords and tokens then travel
     * readable for everyone on the way.
     */
    OAUTHAPP_CLIENT_ALLOW_PLAIN_HTTP = 2,
    /**
     * Leaves a sign-up whose answer was lost at that. Without this flag it is followed by a sign-in with the same
     * credentials, within the deadline, whose token then is the answer.
     */
    OAUTHAPP_CLIENT_DONT_SETTLE_SIGN_UPS = 4,
    /**
     * Takes the proxy from the environment where oauthapp_client_config.proxy is NULL. Read, once, by
     * oauthapp_client_new (while no other thread changes the environment): for an https base URL https_proxy,
     * HTTPS_PROXY, all_proxy, ALL_PROXY; for an http one http_proxy (and not HTTP_PROXY, which a CGI program gets from
     * whoever calls it), all_proxy, ALL_PROXY. The first that is set and not empty counts; a value without a scheme is
     * an http proxy, and one that is no proxy is OAUTHAPP_ERROR_INVALID_PROXY. No proxy is used for this machine
     * (localhost, 127.0.0.0/8, ::1), nor for a server that no_proxy or NO_PROXY names. That is a list with commas or
     * spaces of: * for every server; a name, for itself and all below it (example.com and .example.com are the same);
     * an address; a network in CIDR form, for base URLs that hold an address; any name or address with :port after it,
     * for that port only.
     */
    OAUTHAPP_CLIENT_PROXY_FROM_ENVIRONMENT = 8,
    /**
     * DANGER: takes every certificate, also of someone else, and with it passwords and tokens go to whoever answers.
     * For tests against a server on this machine: the base URL's host must be localhost, in 127.0.0.0/8, or [::1], with
     * no proxy on the way. Nothing else switches the verification off.
     */
    OAUTHAPP_CLIENT_DANGER_ACCEPT_ANY_CERTIFICATE_ON_LOOPBACK = 16
} OAUTHAPP_ENUM_END(oauthapp_client_flag);



/**
 * Ends calls from any thread.
 *
 * What it is: a switch that is off until oauthapp_cancel_token_cancel, and on from then on. It can be given to any number
 * of calls, through oauthapp_call_options.cancel_token.
 * Threads: any thread may use it at any time.
 * Lifetime: until oauthapp_cancel_token_free. It may be freed while calls use it: those calls go on, and can no longer be
 * cancelled.
 */
typedef struct oauthapp_cancel_token oauthapp_cancel_token;

/**
 * A client for one application on one server.
 *
 * What it is: settings, the connections to the server, kept open between calls, and, when told so, the session of the
 * last sign-in.
 * Threads: any number of threads may call with one client at the same time. It may be freed while calls are under way:
 * those calls finish, and calls that begin later fail with OAUTHAPP_ERROR_INVALID_HANDLE.
 * Lifetime: until oauthapp_client_free. What calls have returned outlives it.
 */
typedef struct oauthapp_client oauthapp_client;

/**
 * Why a call failed.
 *
 * What it is: the detail of one failed call, which that call gives through its last argument. It never changes.
 * Threads: any thread may read it, several at once; it must not be freed while another thread reads it.
 * Lifetime: until oauthapp_error_free; independent of the client and of later calls. The strings that its getters
 * return live as long as it does.
 */
typedef struct oauthapp_error oauthapp_error;

/**
 * Gets a line for each attempt of a call: how it went, its times and sizes, and whether another follows. Header fields and
 * bodies, and with them passwords and tokens, are never in it.
 *
 * It runs on the thread that makes the call, within the call's deadline, and on many threads at once if they make calls at
 * once. It may make calls itself. It must return, on that thread: no exception and no longjmp may leave it.
 *
 * log_context: oauthapp_client_config.log_context, untouched.
 * level: how much the line matters; a later version may give values that this header does not know.
 * target: the part of the library that speaks, for filters: oauthapp::transport.
 * message: one line of UTF-8 without a line break. For example: POST /api/AppUsers/2/SignIn: HTTP 200 after 12.3 ms with a new
 * connection (dns 0.0, connect 0.1, tls 8.1, send 0.0, wait 3.9, receive 0.1 ms), 1204 bytes sent, 4530 received
 * Both texts last until it returns.
 */
typedef void (*oauthapp_log_callback)(void *OAUTHAPP_NULLABLE log_context,
                                      oauthapp_log_level level,
                                      const char *OAUTHAPP_NONNULL target,
                                      const char *OAUTHAPP_NONNULL message);

/**
 * What can be set for a single call. Fill it with oauthapp_call_options_init(), then set what you want.
 *
 * It is read during the call only, and may be used for many calls, from many threads at once as long as nobody writes.
 */
typedef struct oauthapp_call_options {
    /**
     * The size of this struct as the caller knows it.
     */
    size_t struct_size;
    /**
     * The deadline of the call in milliseconds, from its start to the last byte of its answer, retries and the waits
     * between them included; at most a day. 0: the client's.
     */
    uint32_t timeout_ms;
    /**
     * How long making a connection may take, in milliseconds; at most a day. 0: the client's.
     */
    uint32_t connect_timeout_ms;
    /**
     * Ends the call from another thread. NULL: it can't be cancelled.
     */
    oauthapp_cancel_token *OAUTHAPP_NULLABLE cancel_token;
} oauthapp_call_options;

/**
 * The settings of a client. Fill it with oauthapp_client_config_init(), then set app_id and what else you want.
 *
 * It is read during oauthapp_client_new only; the strings may be freed afterwards.
 */
typedef struct oauthapp_client_config {
    /**
     * The size of this struct as the caller knows it.
     */
    size_t struct_size;
    /**
     * The application's id, above zero. The one setting without a default.
     */
    int64_t app_id;
    /**
     * The server: https://host or https://host:port, with nothing after it but a slash. An http URL is taken for this
     * machine only (localhost, 127.0.0.0/8, [::1]), or with OAUTHAPP_CLIENT_ALLOW_PLAIN_HTTP. NULL:
     * https://www.oauthapp.com
     */
    const char *OAUTHAPP_NULLABLE base_url;
    /**
     * The deadline of every call in milliseconds, from its start to the last byte of its answer, retries and the waits
     * between them included; at most a day. 0: 30,000.
     */
    uint32_t timeout_ms;
    /**
     * How long making a connection may take, in milliseconds, name resolution and TLS included; at most a day. 0: 10,000.
     */
    uint32_t connect_timeout_ms;
    /**
     * How many bytes an answer's body may have. 0: 1 MiB.
     */
    uint64_t max_response_bytes;
    /**
     * The User-Agent: printable ASCII, at most 256 bytes. NULL: liboauthapp/ and its version.
     */
    const char *OAUTHAPP_NULLABLE user_agent;
    /**
     * The proxy through which every connection goes, scheme://[user:password@]host[:port]. NULL: none, unless
     * OAUTHAPP_CLIENT_PROXY_FROM_ENVIRONMENT asks for the environment's.
     *
     * The scheme is http (asked with CONNECT for https and http alike; port 80 unless given), socks5 (port 1080; the
     * server's name is looked up on this machine) or socks5h (port 1080; the proxy looks it up). In the user name and the
     * password, characters with a meaning in URLs are percent-encoded: @ is %40. Both go to the proxy only, but to it
     * unprotected: HTTP's Basic authentication and SOCKS5's own are not encrypted. TLS with the server goes through the
     * proxy from end to end.
     */
    const char *OAUTHAPP_NULLABLE proxy;
    /**
     * Which certificate authorities vouch for the server. 0: Mozilla's list, and the trusted roots below.
     */
    oauthapp_trust trust;
    /**
     * Certificate authorities to believe, as PEM text with one CERTIFICATE block or more: besides those that trust names,
     * or alone with OAUTHAPP_TRUST_ONLY_GIVEN. A server may also show one of these very certificates. NULL: none.
     */
    const char *OAUTHAPP_NULLABLE trusted_roots_pem;
    /**
     * The same as a PEM file's path. The authorities of both are believed. NULL: none.
     */
    const char *OAUTHAPP_NULLABLE trusted_roots_file;
    /**
     * Public keys of which one has to vouch for the server, besides an authority that is believed: the server's own key, or
     * that of an authority above it, from which signatures lead down to the server's certificate. Each is the SHA-256 of
     * the SubjectPublicKeyInfo in base64, with sha256/ before it or without; more than one are separated by spaces. Give a
     * second one that is not in use yet: with one alone, a new key on the server locks every client out. A pinned authority's
     * certificate has to come from the roots given here, from Mozilla's list or from the server: those that only the platform
     * knows can't be pinned. NULL: none.
     *
     * The pin of a certificate:
     * openssl x509 -in server.pem -pubkey -noout | openssl pkey -pubin -outform der | openssl dgst -sha256 -binary | base64
     */
    const char *OAUTHAPP_NULLABLE pins;
    /**
     * The certificate to show to a server that asks for one, as PEM text, followed by those that lead from it to an
     * authority. It needs its key, as text too. NULL: none.
     */
    const char *OAUTHAPP_NULLABLE client_certificate_pem;
    /**
     * Its private key as PEM text: PKCS#8, PKCS#1 or SEC1, not encrypted. NULL: none.
     */
    const char *OAUTHAPP_NULLABLE client_key_pem;
    /**
     * In place of the texts: the path of a PEM file with the certificate. It needs its key, as a file too. NULL: none.
     */
    const char *OAUTHAPP_NULLABLE client_certificate_file;
    /**
     * The path of a PEM file with the private key, which may be the same file. NULL: none.
     */
    const char *OAUTHAPP_NULLABLE client_key_file;
    /**
     * How often a call that failed is repeated, within its deadline, at most 10. 0: twice; -1: never.
     *
     * Repeated are: every call whose request can't have left yet (no address, no connection, a handshake that broke); a
     * connection lost before the answer or in the middle of it, but never for a sign-up, which could meet the account that it
     * made itself; HTTP 429; and HTTP 503, again not for a sign-up. The wait is random, up to 100 ms, 200 ms, 400 ms and so on,
     * at most 5 s, or what the server asks for (Retry-After) if that is longer; one that doesn't fit into the deadline is not
     * begun. Where the server's name has several addresses, a new connection goes to one that the call has not met yet.
     *
     * Not counted, and done in any case: a request that meets a kept-alive connection which the server has just closed,
     * or on which it says so (HTTP 408, 400 with `Connection: close`, or what is no HTTP), goes out again on a new one, but
     * never a sign-up, which has a new one anyway.
     */
    int32_t max_retries;
    /**
     * Any of oauthapp_client_flag, or-ed together.
     */
    uint32_t flags;
    /**
     * Told of each attempt of each call. NULL: nobody is.
     */
    oauthapp_log_callback OAUTHAPP_NULLABLE log_callback;
    /**
     * Given to log_callback. What it points to must last until the client is freed and every call with it has returned, and be
     * fit for all threads that make calls.
     */
    void *OAUTHAPP_NULLABLE log_context;
} oauthapp_client_config;

/**
 * The fields of oauthapp_sign_up. Fill it with oauthapp_sign_up_request_init(), then set what you have; what stays NULL
 * is not sent. Which fields must be there, the server decides (user_name and pwd at least).
 */
typedef struct oauthapp_sign_up_request {
    /**
     * The size of this struct as the caller knows it.
     */
    size_t struct_size;
    /**
     * The name to show.
     */
    const char *OAUTHAPP_NULLABLE nick_name;
    /**
     * Where the user comes from, for example "web".
     */
    const char *OAUTHAPP_NULLABLE platform;
    /**
     * The password.
     */
    const char *OAUTHAPP_NULLABLE pwd;
    /**
     * The account's name, with which its owner signs in.
     */
    const char *OAUTHAPP_NULLABLE user_name;
    /**
     * E-mail address.
     */
    const char *OAUTHAPP_NULLABLE email;
    /**
     * Phone number.
     */
    const char *OAUTHAPP_NULLABLE phone;
    /**
     * Address of a picture.
     */
    const char *OAUTHAPP_NULLABLE avatar;
    /**
     * The application's own data about the user.
     */
    const char *OAUTHAPP_NULLABLE data;
} oauthapp_sign_up_request;

/**
 * The fields of oauthapp_union_id_sign_up. Fill it with oauthapp_union_id_sign_up_request_init(), then set what you have;
 * what stays NULL or OAUTHAPP_NOT_GIVEN is not sent. Which fields must be there, the server decides (platform and
 * union_id at least).
 */
typedef struct oauthapp_union_id_sign_up_request {
    /**
     * The size of this struct as the caller knows it.
     */
    size_t struct_size;
    /**
     * The platform that the union id belongs to.
     */
    const char *OAUTHAPP_NULLABLE platform;
    /**
     * A password for the account.
     */
    const char *OAUTHAPP_NULLABLE pwd;
    /**
     * The user's id on that platform; a secret.
     */
    const char *OAUTHAPP_NULLABLE union_id;
    /**
     * Address of a picture.
     */
    const char *OAUTHAPP_NULLABLE avatar;
    /**
     * The name to show.
     */
    const char *OAUTHAPP_NULLABLE nick_name;
    /**
     * E-mail address.
     */
    const char *OAUTHAPP_NULLABLE email;
    /**
     * Phone number.
     */
    const char *OAUTHAPP_NULLABLE phone;
    /**
     * A name for the account.
     */
    const char *OAUTHAPP_NULLABLE user_name;
    /**
     * The application's own data about the user.
     */
    const char *OAUTHAPP_NULLABLE data;
    /**
     * Whether the platform has verified the e-mail address.
     */
    oauthapp_tristate email_is_valid;
    /**
     * Whether the platform has verified the phone number.
     */
    oauthapp_tristate phone_is_valid;
} oauthapp_union_id_sign_up_request;

/**
 * The fields of oauthapp_qr_code_sign_up. Fill it with oauthapp_qr_code_sign_up_request_init(), then set what you have;
 * what stays NULL or OAUTHAPP_NOT_GIVEN is not sent. sign_in_key must be given.
 */
typedef struct oauthapp_qr_code_sign_up_request {
    /**
     * The size of this struct as the caller knows it.
     */
    size_t struct_size;
    /**
     * The key, as for oauthapp_qr_code_sign_in.
     */
    const char *OAUTHAPP_NULLABLE sign_in_key;
    /**
     * The user's id on the phone's platform; a secret.
     */
    const char *OAUTHAPP_NULLABLE union_id;
    /**
     * Address of a picture.
     */
    const char *OAUTHAPP_NULLABLE avatar;
    /**
     * The phone's platform, "wxminip" for a WeChat mini-program.
     */
    const char *OAUTHAPP_NULLABLE platform;
    /**
     * The name to show.
     */
    const char *OAUTHAPP_NULLABLE nick_name;
    /**
     * A name for the account.
     */
    const char *OAUTHAPP_NULLABLE user_name;
    /**
     * Phone number.
     */
    const char *OAUTHAPP_NULLABLE phone;
    /**
     * E-mail address.
     */
    const char *OAUTHAPP_NULLABLE email;
    /**
     * Whether the platform has verified the phone number.
     */
    oauthapp_tristate phone_is_valid;
    /**
     * Whether the platform has verified the e-mail address.
     */
    oauthapp_tristate email_is_valid;
} oauthapp_qr_code_sign_up_request;

#ifdef __cplusplus
extern "C" {
#endif // __cplusplus

/**
 * The version of the library that the program runs with, for example "1.0.0".
 *
 * Compare it with OAUTHAPP_VERSION, the version of the header that the program was compiled with. May be called from any
 * thread.
 *
 * @return a string that lives as long as the library; not to be freed
 */
const char *OAUTHAPP_NONNULL oauthapp_version(void);

/**
 * The version of the library that the program runs with as one number: major * 1000000 + minor * 1000 + patch.
 *
 * Compare it with OAUTHAPP_VERSION_NUMBER. May be called from any thread.
 */
uint32_t oauthapp_version_number(void);

/**
 * Releases an error object and the strings that its getters returned. NULL, or one that was freed already, does nothing.
 *
 * @param error the error object, or NULL
 */
void oauthapp_error_free(oauthapp_error *OAUTHAPP_NULLABLE error);

/**
 * The code of an error: the same that the failed function returned.
 *
 * @param error the error object
 * @return the code; OAUTHAPP_ERROR_INVALID_HANDLE where error is NULL or was freed
 */
oauthapp_code oauthapp_error_code(const oauthapp_error *OAUTHAPP_NONNULL error);

/**
 * What happened, as English sentences for people: to show, or to log. The server's own words are in its language, and those of
 * the operating system may be in that of the program's locale.
 *
 * It never holds a password, a token, a sign-in key or a union id of the call, also where the server's own text, which is
 * part of it, repeats one: as it is, in other case, percent-encoded, with the escapes of JSON or HTML, in base64 (of five
 * bytes or more), or cut off after six characters or more. What a server has scrambled otherwise, or twice, is not found.
 *
 * @param error the error object
 * @return a UTF-8 string of one line that lives until oauthapp_error_free; never NULL
 */
const char *OAUTHAPP_NONNULL oauthapp_error_message(const oauthapp_error *OAUTHAPP_NONNULL error);

/**
 * The HTTP status of the answer, for example 401.
 *
 * @param error the error object
 * @return the status; 0 where no HTTP answer came
 */
int32_t oauthapp_error_http_status(const oauthapp_error *OAUTHAPP_NONNULL error);

/**
 * The `code` of the server's envelope, untouched.
 *
 * @param error the error object
 * @return the server's code, mostly 500; 0 where the server's envelope did not come
 */
int64_t oauthapp_error_server_code(const oauthapp_error *OAUTHAPP_NONNULL error);

/**
 * The `err` of the server's envelope, untouched: mostly Chinese, for people. Only its first 16 KiB are kept; a NUL in it,
 * which C can't carry, is a space, and half of a surrogate pair, which UTF-8 can't, is U+FFFD.
 *
 * A server may repeat in it what it was sent; to log, take oauthapp_error_message.
 *
 * @param error the error object
 * @return a UTF-8 string that lives until oauthapp_error_free; NULL where the server's envelope did not come
 */
const char *OAUTHAPP_NULLABLE oauthapp_error_server_message(const oauthapp_error *OAUTHAPP_NONNULL error);

/**
 * What the server finds wrong with each field of the request (HTTP 400), as a JSON object of arrays of messages,
 * `{"pwd":["The pwd field is required."]}`.
 *
 * A server may repeat in it what it was sent; to log, take oauthapp_error_message.
 *
 * @param error the error object
 * @return a UTF-8 string that lives until oauthapp_error_free; NULL where the server named no field, or where
 *         its answer is larger than 16 KiB
 */
const char *OAUTHAPP_NULLABLE oauthapp_error_fields_json(const oauthapp_error *OAUTHAPP_NONNULL error);

/**
 * Whether the same call can succeed later without anything being changed.
 *
 * False after a sign-up whose answer got lost: the account may exist by now, so sign in to find out.
 *
 * @param error the error object
 */
bool oauthapp_error_retryable(const oauthapp_error *OAUTHAPP_NONNULL error);

/**
 * How long the server asks to wait before a retry.
 *
 * @param error the error object
 * @return milliseconds, at most a day; -1 where the server did not say
 */
int64_t oauthapp_error_retry_after_ms(const oauthapp_error *OAUTHAPP_NONNULL error);

/**
 * The name of a code, for logs: "OAUTHAPP_ERROR_WRONG_PASSWORD".
 *
 * @param code any number
 * @return a string that lives as long as the library, not to be freed; "OAUTHAPP_ERROR_UNKNOWN" for a number that this
 *         version of the library does not know
 */
const char *OAUTHAPP_NONNULL oauthapp_code_name(oauthapp_code code);

/**
 * Gives a string back that a function of this library has handed out through a `char **`.
 *
 * Its content is overwritten before its memory is released. NULL, a string that was given back already, and a pointer
 * that is not from this library are left alone. Don't use free() or delete for these strings, and this function for no
 * others.
 *
 * @param string the string, or NULL
 */
void oauthapp_string_free(char *OAUTHAPP_NULLABLE string);

/**
 * Makes a client. Nothing is sent yet.
 *
 * Errors: OAUTHAPP_ERROR_INVALID_ARGUMENT (app_id, a timeout, max_retries, the user agent, trust, an unknown flag),
 * OAUTHAPP_ERROR_INVALID_STRUCT_SIZE, OAUTHAPP_ERROR_INVALID_UTF8, OAUTHAPP_ERROR_INVALID_BASE_URL,
 * OAUTHAPP_ERROR_INSECURE_BASE_URL, OAUTHAPP_ERROR_INVALID_CERTIFICATE, OAUTHAPP_ERROR_INVALID_PROXY,
 * OAUTHAPP_ERROR_INVALID_CLIENT_CERTIFICATE, OAUTHAPP_ERROR_INVALID_PIN, OAUTHAPP_ERROR_VERIFICATION_REQUIRED.
 *
 * @code
 * oauthapp_client_config config = oauthapp_client_config_init();
 * config.app_id = 2;
 * oauthapp_client *client = NULL;
 * oauthapp_error *error = NULL;
 * if (oauthapp_client_new(&config, &client, &error) != OAUTHAPP_OK) {
 *     fprintf(stderr, "%s\n", oauthapp_error_message(error));
 *     oauthapp_error_free(error);
 * }
 * @endcode
 *
 * @param config     the settings
 * @param client_out where the client goes, NULL on failure; free it with oauthapp_client_free
 * @param error_out  where an error object goes, NULL on success; NULL if it is not wanted
 */
OAUTHAPP_MUST_USE
oauthapp_code oauthapp_client_new(const oauthapp_client_config *OAUTHAPP_NONNULL config,
                                  oauthapp_client *OAUTHAPP_NULLABLE *OAUTHAPP_NONNULL client_out,
                                  oauthapp_error *OAUTHAPP_NULLABLE *OAUTHAPP_NULLABLE error_out);

/**
 * Releases a client, its connections and the session that it holds. NULL, or one that was freed already, does nothing.
 *
 * Calls that are under way in other threads finish.
 *
 * @param client the client, or NULL
 */
void oauthapp_client_free(oauthapp_client *OAUTHAPP_NULLABLE client);

/**
 * Whether the client holds a session (OAUTHAPP_CLIENT_KEEP_SESSION).
 *
 * @param client the client
 * @return true if the server has answered a sign-in or sign-up with a token, and the session has not ended since; so also where
 *   that call failed with OAUTHAPP_ERROR_OUT_OF_MEMORY after the answer. False also for a client that is not valid
 */
bool oauthapp_client_is_signed_in(oauthapp_client *OAUTHAPP_NONNULL client);

/**
 * Forgets the session that the client holds (OAUTHAPP_CLIENT_KEEP_SESSION); without one, does nothing.
 *
 * The server has no sign-out: the token stays good until it runs out. A sign-in that is under way in another thread begins a new
 * session when it succeeds.
 *
 * Errors: OAUTHAPP_ERROR_INVALID_ARGUMENT and OAUTHAPP_ERROR_INVALID_HANDLE for a client that is not valid.
 *
 * @param client    the client
 * @param error_out where an error object goes, NULL on success; NULL if it is not wanted
 */
oauthapp_code oauthapp_client_sign_out(oauthapp_client *OAUTHAPP_NONNULL client,
                                       oauthapp_error *OAUTHAPP_NULLABLE *OAUTHAPP_NULLABLE error_out);

/**
 * Makes a cancel token.
 *
 * Errors: OAUTHAPP_ERROR_INVALID_ARGUMENT.
 *
 * @code
 * oauthapp_cancel_token *cancel_token = NULL;
 * oauthapp_cancel_token_new(&cancel_token, NULL);
 * oauthapp_call_options options = oauthapp_call_options_init();
 * options.cancel_token = cancel_token;
 * oauthapp_code code = oauthapp_sign_in(client, "wwww", "123456", &options, &token, &error);
 * // In another thread, when the user closes the window:
 * oauthapp_cancel_token_cancel(cancel_token, NULL);
 * @endcode
 *
 * @param cancel_token_out where the token goes, NULL on failure; free it with oauthapp_cancel_token_free
 * @param error_out        where an error object goes, NULL on success; NULL if it is not wanted
 */
oauthapp_code oauthapp_cancel_token_new(oauthapp_cancel_token *OAUTHAPP_NULLABLE *OAUTHAPP_NONNULL cancel_token_out,
                                        oauthapp_error *OAUTHAPP_NULLABLE *OAUTHAPP_NULLABLE error_out);

/**
 * Ends every call that uses the token, in whatever phase it is, and every later one: they return
 * OAUTHAPP_ERROR_CANCELLED. Returns at once, without waiting for them.
 *
 * What a cancelled call had sent may have taken effect on the server.
 *
 * Errors: OAUTHAPP_ERROR_INVALID_ARGUMENT and OAUTHAPP_ERROR_INVALID_HANDLE for a token that is not valid.
 *
 * @param cancel_token the token
 * @param error_out    where an error object goes, NULL on success; NULL if it is not wanted
 */
oauthapp_code oauthapp_cancel_token_cancel(oauthapp_cancel_token *OAUTHAPP_NONNULL cancel_token,
                                           oauthapp_error *OAUTHAPP_NULLABLE *OAUTHAPP_NULLABLE error_out);

/**
 * Whether the token has been cancelled.
 *
 * @param cancel_token the token
 * @return false also for a token that is not valid
 */
bool oauthapp_cancel_token_is_cancelled(oauthapp_cancel_token *OAUTHAPP_NONNULL cancel_token);

/**
 * Releases a cancel token. NULL, or one that was freed already, does nothing. Calls that use it go on.
 *
 * @param cancel_token the token, or NULL
 */
void oauthapp_cancel_token_free(oauthapp_cancel_token *OAUTHAPP_NULLABLE cancel_token);

/**
 * Signs in with an account name and a password: POST /api/AppUsers/:appId/SignIn.
 *
 * Errors: OAUTHAPP_ERROR_NO_SUCH_USER, OAUTHAPP_ERROR_WRONG_PASSWORD, OAUTHAPP_ERROR_NO_SUCH_APPLICATION, and those of
 * every call (see the top of this file).
 *
 * @code
 * char *token = NULL, *access_token = NULL;
 * oauthapp_error *error = NULL;
 * if (oauthapp_sign_in(client, "wwww", "123456", NULL, &token, &error) == OAUTHAPP_OK) {
 *     oauthapp_json_get_string(token, "/access_token", &access_token, NULL);
 * } else if (oauthapp_error_code(error) == OAUTHAPP_ERROR_WRONG_PASSWORD) {
 *     puts(oauthapp_error_message(error));
 * }
 * oauthapp_error_free(error);
 * oauthapp_string_free(access_token);
 * oauthapp_string_free(token);
 * @endcode
 *
 * @param client    the client
 * @param user_name the account's name
 * @param pwd       the password
 * @param options   options of this call, or NULL
 * @param data_out  where the token goes, JSON {"access_token": …, "token_type": "Bearer", "expires_in": 86400}; NULL on
 *                  failure; free it with oauthapp_string_free
 * @param error_out where an error object goes, NULL on success; NULL if it is not wanted
 */
OAUTHAPP_MUST_USE
oauthapp_code oauthapp_sign_in(oauthapp_client *OAUTHAPP_NONNULL client,
                               const char *OAUTHAPP_NONNULL user_name,
                               const char *OAUTHAPP_NONNULL pwd,
                               const oauthapp_call_options *OAUTHAPP_NULLABLE options,
                               char *OAUTHAPP_NULLABLE *OAUTHAPP_NONNULL data_out,
                               oauthapp_error *OAUTHAPP_NULLABLE *OAUTHAPP_NULLABLE error_out);

/**
 * Makes an account and signs it in: POST /api/AppUsers/:appId/SignUp.
 *
 * A sign-up is sent once. When its answer gets lost, or does not say what was done (HTTP 500, or a page), a sign-in with the
 * same credentials finds out, within the deadline, whether the account exists all the same; its token then is the answer. While
 * there is none, it is asked again, as often as calls are repeated (oauthapp_client_config.max_retries). An account with
 * another password is OAUTHAPP_ERROR_ACCOUNT_EXISTS. Where that can't be found out either, the error is not retryable
 * (oauthapp_error_retryable): a second sign-up could only answer OAUTHAPP_ERROR_ACCOUNT_EXISTS. See
 * OAUTHAPP_CLIENT_DONT_SETTLE_SIGN_UPS.
 *
 * Errors: OAUTHAPP_ERROR_ACCOUNT_EXISTS, OAUTHAPP_ERROR_NO_SUCH_APPLICATION, OAUTHAPP_ERROR_BAD_REQUEST for fields that
 * the server misses or can't read, and those of every call (see the top of this file).
 *
 * @code
 * oauthapp_sign_up_request request = oauthapp_sign_up_request_init();
 * request.user_name = "wwww";
 * request.pwd = "123456";
 * request.platform = "web";
 * char *token = NULL;
 * oauthapp_code code = oauthapp_sign_up(client, &request, NULL, &token, NULL);
 * @endcode
 *
 * @param client    the client
 * @param request   the fields
 * @param options   options of this call, or NULL
 * @param data_out  where the token goes, as for oauthapp_sign_in; NULL on failure; free it with oauthapp_string_free
 * @param error_out where an error object goes, NULL on success; NULL if it is not wanted
 */
OAUTHAPP_MUST_USE
oauthapp_code oauthapp_sign_up(oauthapp_client *OAUTHAPP_NONNULL client,
                               const oauthapp_sign_up_request *OAUTHAPP_NONNULL request,
                               const oauthapp_call_options *OAUTHAPP_NULLABLE options,
                               char *OAUTHAPP_NULLABLE *OAUTHAPP_NONNULL data_out,
                               oauthapp_error *OAUTHAPP_NULLABLE *OAUTHAPP_NULLABLE error_out);

/**
 * Signs in with platform and union id: POST /api/AppUsers/:appId/UnionIDSignIn.
 *
 * There is no password in it: whoever knows platform and union id signs in. Keep union ids as secret as passwords.
 *
 * Errors: OAUTHAPP_ERROR_NO_SUCH_USER, OAUTHAPP_ERROR_NO_SUCH_APPLICATION, and those of every call (see the top of this
 * file).
 *
 * @param client    the client
 * @param platform  the platform that the union id belongs to, for example "web" or "wxminip"
 * @param union_id  the user's id on that platform
 * @param options   options of this call, or NULL
 * @param data_out  where the token goes, as for oauthapp_sign_in; NULL on failure; free it with oauthapp_string_free
 * @param error_out where an error object goes, NULL on success; NULL if it is not wanted
 */
OAUTHAPP_MUST_USE
oauthapp_code oauthapp_union_id_sign_in(oauthapp_client *OAUTHAPP_NONNULL client,
                                        const char *OAUTHAPP_NONNULL platform,
                                        const char *OAUTHAPP_NONNULL union_id,
                                        const oauthapp_call_options *OAUTHAPP_NULLABLE options,
                                        char *OAUTHAPP_NULLABLE *OAUTHAPP_NONNULL data_out,
                                        oauthapp_error *OAUTHAPP_NULLABLE *OAUTHAPP_NULLABLE error_out);

/**
 * Makes an account for a union id and signs it in: POST /api/AppUsers/:appId/UnionIDSignUp.
 *
 * When the answer gets lost, it is done as for oauthapp_sign_up: a sign-in with the same union id finds out.
 *
 * Errors: OAUTHAPP_ERROR_ACCOUNT_EXISTS, OAUTHAPP_ERROR_NO_SUCH_APPLICATION, OAUTHAPP_ERROR_BAD_REQUEST for fields that
 * the server misses or can't read, and those of every call (see the top of this file).
 *
 * @param client    the client
 * @param request   the fields
 * @param options   options of this call, or NULL
 * @param data_out  where the token goes, as for oauthapp_sign_in; NULL on failure; free it with oauthapp_string_free
 * @param error_out where an error object goes, NULL on success; NULL if it is not wanted
 */
OAUTHAPP_MUST_USE
oauthapp_code oauthapp_union_id_sign_up(oauthapp_client *OAUTHAPP_NONNULL client,
                                        const oauthapp_union_id_sign_up_request *OAUTHAPP_NONNULL request,
                                        const oauthapp_call_options *OAUTHAPP_NULLABLE options,
                                        char *OAUTHAPP_NULLABLE *OAUTHAPP_NONNULL data_out,
                                        oauthapp_error *OAUTHAPP_NULLABLE *OAUTHAPP_NULLABLE error_out);

/**
 * Asks for the key of a new QR code (desktop or web side): POST /api/AppUsers/:appId/QRCodePreSignIn.
 *
 * Errors: OAUTHAPP_ERROR_QR_NOT_CONFIGURED, OAUTHAPP_ERROR_NO_SUCH_APPLICATION, and those of every call (see the top of
 * this file).
 *
 * @param client    the client
 * @param scopes    what the application asks for, shown on the phone, or NULL
 * @param remark    a remark, shown on the phone, or NULL
 * @param scheme    where the sign-in comes from, for example "app", or NULL
 * @param options   options of this call, or NULL
 * @param data_out  where the key goes, as the JSON that came: digits (19), or a string in quotes ("3f…"). Give it to
 *                  oauthapp_qr_code_sign_in as it is. Whoever knows it can take the session over: keep it secret. NULL on
 *                  failure; free it with oauthapp_string_free
 * @param error_out where an error object goes, NULL on success; NULL if it is not wanted
 */
OAUTHAPP_MUST_USE
oauthapp_code oauthapp_qr_code_pre_sign_in(oauthapp_client *OAUTHAPP_NONNULL client,
                                           const char *OAUTHAPP_NULLABLE scopes,
                                           const char *OAUTHAPP_NULLABLE remark,
                                           const char *OAUTHAPP_NULLABLE scheme,
                                           const oauthapp_call_options *OAUTHAPP_NULLABLE options,
                                           char *OAUTHAPP_NULLABLE *OAUTHAPP_NONNULL data_out,
                                           oauthapp_error *OAUTHAPP_NULLABLE *OAUTHAPP_NULLABLE error_out);

/**
 * Asks once what has become of a QR code (desktop or web side): POST /api/AppUsers/:appId/QRCodeSignIn.
 *
 * Ask every second or two until there is a token. The server gives the key no lifetime and does not say when the user
 * declines, so set a deadline of your own, and then make a new code.
 *
 * Errors: OAUTHAPP_ERROR_QR_WAITING (not scanned yet: ask again), OAUTHAPP_ERROR_QR_SCANNED (scanned, not confirmed yet:
 * ask again), OAUTHAPP_ERROR_QR_EXPIRED (make a new code), and those of every call (see the top of this file).
 *
 * @param client      the client
 * @param sign_in_key the key, in the JSON form that oauthapp_qr_code_pre_sign_in gave, or bare (19, 3f…). It is sent as the
 *                    number or string that it is
 * @param options     options of this call, or NULL
 * @param data_out    where the token goes, as for oauthapp_sign_in; NULL on failure; free it with oauthapp_string_free
 * @param error_out   where an error object goes, NULL on success; NULL if it is not wanted
 */
OAUTHAPP_MUST_USE
oauthapp_code oauthapp_qr_code_sign_in(oauthapp_client *OAUTHAPP_NONNULL client,
                                       const char *OAUTHAPP_NONNULL sign_in_key,
                                       const oauthapp_call_options *OAUTHAPP_NULLABLE options,
                                       char *OAUTHAPP_NULLABLE *OAUTHAPP_NONNULL data_out,
                                       oauthapp_error *OAUTHAPP_NULLABLE *OAUTHAPP_NULLABLE error_out);

/**
 * Reports that the phone has scanned a code: POST /api/AppUsers/:appId/QRCodeScan.
 *
 * Errors: OAUTHAPP_ERROR_QR_EXPIRED, and those of every call (see the top of this file).
 *
 * @param client      the client
 * @param sign_in_key the key, as for oauthapp_qr_code_sign_in
 * @param options     options of this call, or NULL
 * @param data_out    where the application that wants to sign someone in goes, JSON with appID, name, logo, website,
 *                    description, tags, scopes, remark, scheme, any of which may be null or missing; NULL on failure; free
 *                    it with oauthapp_string_free
 * @param error_out   where an error object goes, NULL on success; NULL if it is not wanted
 */
OAUTHAPP_MUST_USE
oauthapp_code oauthapp_qr_code_scan(oauthapp_client *OAUTHAPP_NONNULL client,
                                    const char *OAUTHAPP_NONNULL sign_in_key,
                                    const oauthapp_call_options *OAUTHAPP_NULLABLE options,
                                    char *OAUTHAPP_NULLABLE *OAUTHAPP_NONNULL data_out,
                                    oauthapp_error *OAUTHAPP_NULLABLE *OAUTHAPP_NULLABLE error_out);

/**
 * Confirms a QR sign-in on the phone's side, with the phone's user: POST /api/AppUsers/:appId/QRCodeSignUp.
 *
 * It is sent once. When its answer gets lost, it may have been done all the same, and the error is not retryable.
 *
 * Errors: OAUTHAPP_ERROR_QR_EXPIRED, and those of every call (see the top of this file).
 *
 * @param client    the client
 * @param request   the fields
 * @param options   options of this call, or NULL
 * @param data_out  where the token goes, as for oauthapp_sign_in; NULL on failure; free it with oauthapp_string_free
 * @param error_out where an error object goes, NULL on success; NULL if it is not wanted
 */
OAUTHAPP_MUST_USE
oauthapp_code oauthapp_qr_code_sign_up(oauthapp_client *OAUTHAPP_NONNULL client,
                                       const oauthapp_qr_code_sign_up_request *OAUTHAPP_NONNULL request,
                                       const oauthapp_call_options *OAUTHAPP_NULLABLE options,
                                       char *OAUTHAPP_NULLABLE *OAUTHAPP_NONNULL data_out,
                                       oauthapp_error *OAUTHAPP_NULLABLE *OAUTHAPP_NULLABLE error_out);

/**
 * Reads the profile of the signed-in user: GET /api/AppUsers/:appId/Profile.
 *
 * Errors: OAUTHAPP_ERROR_NOT_SIGNED_IN without a token, OAUTHAPP_ERROR_TOKEN_EXPIRED, OAUTHAPP_ERROR_TOKEN_REJECTED,
 * OAUTHAPP_ERROR_UNAUTHORIZED, OAUTHAPP_ERROR_USER_GONE, and those of every call (see the top of this file).
 *
 * @param client       the client
 * @param access_token the token to use; NULL: that of the session which the client holds (OAUTHAPP_CLIENT_KEEP_SESSION)
 * @param options      options of this call, or NULL
 * @param data_out     where the profile goes, JSON with appID, platform, unionID, phone, createDate, userName, phoneIsValid,
 *                     data, email, emailIsValid, lastUpdate, nickName, id, avatar, role, any of which may be null or
 *                     missing. Dates read 2023-02-22 16:20:43 with no zone (China Standard Time on the vendor's server).
 *                     NULL on failure; free it with oauthapp_string_free
 * @param error_out    where an error object goes, NULL on success; NULL if it is not wanted
 */
OAUTHAPP_MUST_USE
oauthapp_code oauthapp_get_profile(oauthapp_client *OAUTHAPP_NONNULL client,
                                   const char *OAUTHAPP_NULLABLE access_token,
                                   const oauthapp_call_options *OAUTHAPP_NULLABLE options,
                                   char *OAUTHAPP_NULLABLE *OAUTHAPP_NONNULL data_out,
                                   oauthapp_error *OAUTHAPP_NULLABLE *OAUTHAPP_NULLABLE error_out);

/**
 * Changes the profile of the signed-in user: PUT /api/AppUsers/:appId/Profile.
 *
 * What is NULL stays as it is. The server ignores empty strings, so a field can't be cleared.
 *
 * Errors: as oauthapp_get_profile.
 *
 * @param client       the client
 * @param access_token the token to use; NULL: that of the session which the client holds (OAUTHAPP_CLIENT_KEEP_SESSION)
 * @param avatar       address of a picture, or NULL
 * @param data         the application's own data about the user, or NULL
 * @param nick_name    the name to show, or NULL
 * @param options      options of this call, or NULL
 * @param data_out     where the answer goes, JSON true or false; NULL on failure; free it with oauthapp_string_free
 * @param error_out    where an error object goes, NULL on success; NULL if it is not wanted
 */
OAUTHAPP_MUST_USE
oauthapp_code oauthapp_update_profile(oauthapp_client *OAUTHAPP_NONNULL client,
                                      const char *OAUTHAPP_NULLABLE access_token,
                                      const char *OAUTHAPP_NULLABLE avatar,
                                      const char *OAUTHAPP_NULLABLE data,
                                      const char *OAUTHAPP_NULLABLE nick_name,
                                      const oauthapp_call_options *OAUTHAPP_NULLABLE options,
                                      char *OAUTHAPP_NULLABLE *OAUTHAPP_NONNULL data_out,
                                      oauthapp_error *OAUTHAPP_NULLABLE *OAUTHAPP_NULLABLE error_out);

/**
 * Reads the claims of an access token, without asking the server.
 *
 * They are what the token says: a client has no key to verify them with, so take them as a note (when it runs out, whose
 * it is), never as proof. exp and iat are Unix times in seconds; ids are strings.
 *
 * Errors: OAUTHAPP_ERROR_INVALID_TOKEN, OAUTHAPP_ERROR_INVALID_ARGUMENT, OAUTHAPP_ERROR_INVALID_UTF8.
 *
 * @param access_token the token
 * @param json_out     where the claims go, a JSON object; NULL on failure; free it with oauthapp_string_free
 * @param error_out    where an error object goes, NULL on success; NULL if it is not wanted
 */
OAUTHAPP_MUST_USE
oauthapp_code oauthapp_token_claims(const char *OAUTHAPP_NONNULL access_token,
                                    char *OAUTHAPP_NULLABLE *OAUTHAPP_NONNULL json_out,
                                    oauthapp_error *OAUTHAPP_NULLABLE *OAUTHAPP_NULLABLE error_out);

/**
 * Reads a string out of a JSON text.
 *
 * Errors of all these getters: OAUTHAPP_ERROR_JSON_NOT_FOUND, OAUTHAPP_ERROR_JSON_NULL (null is there),
 * OAUTHAPP_ERROR_JSON_TYPE (something else is there), OAUTHAPP_ERROR_JSON_RANGE (it can't be represented: here, a string
 * with a NUL character or half of a surrogate pair; or the text has arrays and objects more than 32,768 deep inside of each
 * other, or a name with an escape of more than 32 KiB), OAUTHAPP_ERROR_JSON_SYNTAX, OAUTHAPP_ERROR_JSON_POINTER_SYNTAX,
 * OAUTHAPP_ERROR_INVALID_ARGUMENT, OAUTHAPP_ERROR_INVALID_UTF8. Any thread may call them, with any JSON text.
 *
 * @param json      a JSON text, for example what a call has given
 * @param pointer   a JSON Pointer (RFC 6901): "/access_token", "/errors/0"; "" is the whole text. Not more than
 *                  100 steps (OAUTHAPP_ERROR_JSON_RANGE). Where an object has a
 *                  name twice, the last one counts
 * @param value_out where the string goes, unescaped UTF-8; NULL on failure; free it with oauthapp_string_free
 * @param error_out where an error object goes, NULL on success; NULL if it is not wanted
 */
oauthapp_code oauthapp_json_get_string(const char *OAUTHAPP_NONNULL json,
                                       const char *OAUTHAPP_NONNULL pointer,
                                       char *OAUTHAPP_NULLABLE *OAUTHAPP_NONNULL value_out,
                                       oauthapp_error *OAUTHAPP_NULLABLE *OAUTHAPP_NULLABLE error_out);

/**
 * Reads a whole number of 64 bits out of a JSON text. Errors: as oauthapp_json_get_string; OAUTHAPP_ERROR_JSON_RANGE for
 * a number that is written with a fraction or an exponent, or is beyond 64 bits.
 *
 * @param json      a JSON text
 * @param pointer   a JSON Pointer
 * @param value_out where the number goes; 0 on failure
 * @param error_out where an error object goes, NULL on success; NULL if it is not wanted
 */
oauthapp_code oauthapp_json_get_int64(const char *OAUTHAPP_NONNULL json,
                                      const char *OAUTHAPP_NONNULL pointer,
                                      int64_t *OAUTHAPP_NONNULL value_out,
                                      oauthapp_error *OAUTHAPP_NULLABLE *OAUTHAPP_NULLABLE error_out);

/**
 * Reads a number out of a JSON text, rounded to the nearest double. Errors: as oauthapp_json_get_string;
 * OAUTHAPP_ERROR_JSON_RANGE for a number beyond the range of doubles.
 *
 * @param json      a JSON text
 * @param pointer   a JSON Pointer
 * @param value_out where the number goes; 0 on failure
 * @param error_out where an error object goes, NULL on success; NULL if it is not wanted
 */
oauthapp_code oauthapp_json_get_double(const char *OAUTHAPP_NONNULL json,
                                       const char *OAUTHAPP_NONNULL pointer,
                                       double *OAUTHAPP_NONNULL value_out,
                                       oauthapp_error *OAUTHAPP_NULLABLE *OAUTHAPP_NULLABLE error_out);

/**
 * Reads true or false out of a JSON text. Errors: as oauthapp_json_get_string.
 *
 * @param json      a JSON text
 * @param pointer   a JSON Pointer
 * @param value_out where the truth value goes; false on failure
 * @param error_out where an error object goes, NULL on success; NULL if it is not wanted
 */
oauthapp_code oauthapp_json_get_bool(const char *OAUTHAPP_NONNULL json,
                                     const char *OAUTHAPP_NONNULL pointer,
                                     bool *OAUTHAPP_NONNULL value_out,
                                     oauthapp_error *OAUTHAPP_NULLABLE *OAUTHAPP_NULLABLE error_out);

/**
 * Cuts a value of any type out of a JSON text, as it is written there. Errors: as oauthapp_json_get_string, but null and
 * every type are given.
 *
 * @param json      a JSON text
 * @param pointer   a JSON Pointer
 * @param value_out where the value goes, a JSON text; NULL on failure; free it with oauthapp_string_free
 * @param error_out where an error object goes, NULL on success; NULL if it is not wanted
 */
oauthapp_code oauthapp_json_get_json(const char *OAUTHAPP_NONNULL json,
                                     const char *OAUTHAPP_NONNULL pointer,
                                     char *OAUTHAPP_NULLABLE *OAUTHAPP_NONNULL value_out,
                                     oauthapp_error *OAUTHAPP_NULLABLE *OAUTHAPP_NULLABLE error_out);

/**
 * Tells the type of a value in a JSON text. Errors: as oauthapp_json_get_string, but null and every type are told.
 *
 * @param json      a JSON text
 * @param pointer   a JSON Pointer
 * @param value_out where the type goes; OAUTHAPP_JSON_NULL on failure
 * @param error_out where an error object goes, NULL on success; NULL if it is not wanted
 */
oauthapp_code oauthapp_json_get_type(const char *OAUTHAPP_NONNULL json,
                                     const char *OAUTHAPP_NONNULL pointer,
                                     oauthapp_json_type *OAUTHAPP_NONNULL value_out,
                                     oauthapp_error *OAUTHAPP_NULLABLE *OAUTHAPP_NULLABLE error_out);

#ifdef __cplusplus
}  // extern "C"
#endif  // __cplusplus

/*
 * Initialisers: all fields zero ("not given"), and the size as this header knows it. They are part of the
 * program, not of the library, so that the size is that of the program's own header.
 */

/** An empty oauthapp_client_config. */
static inline oauthapp_client_config oauthapp_client_config_init(void)
{
    oauthapp_client_config value;
    memset(&value, 0, sizeof value);
    value.struct_size = sizeof value;
    return value;
}

/** An empty oauthapp_call_options. */
static inline oauthapp_call_options oauthapp_call_options_init(void)
{
    oauthapp_call_options value;
    memset(&value, 0, sizeof value);
    value.struct_size = sizeof value;
    return value;
}

/** An empty oauthapp_sign_up_request. */
static inline oauthapp_sign_up_request oauthapp_sign_up_request_init(void)
{
    oauthapp_sign_up_request value;
    memset(&value, 0, sizeof value);
    value.struct_size = sizeof value;
    return value;
}

/** An empty oauthapp_union_id_sign_up_request. */
static inline oauthapp_union_id_sign_up_request oauthapp_union_id_sign_up_request_init(void)
{
    oauthapp_union_id_sign_up_request value;
    memset(&value, 0, sizeof value);
    value.struct_size = sizeof value;
    return value;
}

/** An empty oauthapp_qr_code_sign_up_request. */
static inline oauthapp_qr_code_sign_up_request oauthapp_qr_code_sign_up_request_init(void)
{
    oauthapp_qr_code_sign_up_request value;
    memset(&value, 0, sizeof value);
    value.struct_size = sizeof value;
    return value;
}

#if defined(__clang__)
#pragma clang diagnostic pop
#endif

#endif /* OAUTHAPP_H */

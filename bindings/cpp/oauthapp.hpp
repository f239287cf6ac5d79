/*
 * liboauthapp for C++17 and later, in one header over oauthapp.h and the standard library.
 *
 *     oauthapp::Client client({.app_id = 2});                          // C++20; in C++17 set the fields one by one
 *     oauthapp::Token token = client.sign_in("wwww", "123456");        // throws oauthapp::Error
 *     if (auto token = client.try_sign_in("wwww", "123456")) { … }     // does not: an oauthapp::Result<Token>
 *
 * Calls. A call blocks until its answer is there, its deadline has run out, or it is cancelled from another thread. Each of
 * the ten comes in two forms: one throws oauthapp::Error, the one whose name begins with try_ returns a Result, which holds
 * the answer or the Error. Both may throw std::bad_alloc, and nothing else. Without exceptions (-fno-exceptions) only the
 * second form is there; run-time type information is never used. A program compiles this header in one of the two ways
 * throughout.
 *
 * Texts. UTF-8, given as anything that is text: a literal, std::string, std::string_view. They are copied, so nothing has to
 * outlive the statement it stands in. Copies of secrets are wiped. A std::string or std::string_view that holds a NUL character
 * is an error (invalid_argument), never cut short. A const char* ends at its first NUL, as everywhere in C and C++, and so do
 * arrays and literals: "pass\0word" is pass, and "pass\0word"sv is an error.
 *
 * Not given. What an std::optional leaves empty is not sent, or stays at its default.
 *
 * Threads. A Client, a CancelToken, an Error and a Json may be used by any number of threads at once; the other types are
 * plain values. Nothing belongs to a thread.
 *
 * Errors that every one of the ten calls can give, besides its own: invalid_argument and invalid_utf8 (nothing was sent);
 * 2000 to 2999, dns to proxy (no answer came); 3000 to 3999, bad_request to unexpected_status (HTTP errors in place of the
 * API's answer); 4000 to 4999, not_http to unexpected_response (an answer that can't be understood); server and the others
 * from 5000 on (the server refused); internal (a fault in the library) and out_of_memory.
 */
#ifndef OAUTHAPP_HPP
#define OAUTHAPP_HPP

#if !(__cplusplus >= 201703L || (defined(_MSVC_LANG) && _MSVC_LANG >= 201703L))
#error "oauthapp.hpp needs C++17 or later"
#endif

#include "oauthapp.h"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <exception>
#include <functional>
#include <iosfwd>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#if __has_include(<version>)
#include <version>
#endif
#ifdef __cpp_lib_jthread
#include <stop_token>
#endif

// min and max stand in brackets below, as windows.h makes macros of them.

/* Whether there are exceptions, and with them the calls that throw. */
#if defined(__cpp_exceptions) || defined(_CPPUNWIND)
#define OAUTHAPP_HPP_EXCEPTIONS
#endif

/* An exception that leaves a shared library has to be the same type on both sides, also with -fvisibility=hidden. */
#if defined(__GNUC__) && !defined(_WIN32)
#define OAUTHAPP_HPP_VISIBLE __attribute__((visibility("default")))
#else
#define OAUTHAPP_HPP_VISIBLE
#endif

namespace oauthapp {

// ---- Numbers with names. Later versions of the library may give values that have no name here: a switch needs a default. ----

/// What went wrong. The numbers are those of oauthapp_code and never change.
enum class ErrorCode : std::int32_t {
    /// Success; no Error has it.
    ok = OAUTHAPP_OK,

    // The calling program. Nothing was sent.

    /// An argument is empty where it must not be, too long, or holds characters that it can't hold.
    invalid_argument = OAUTHAPP_ERROR_INVALID_ARGUMENT,
    /// A text is not UTF-8.
    invalid_utf8 = OAUTHAPP_ERROR_INVALID_UTF8,
    /// The library's object behind a native_handle() was freed.
    invalid_handle = OAUTHAPP_ERROR_INVALID_HANDLE,
    /// The library that the program runs with is older than this header.
    invalid_struct_size = OAUTHAPP_ERROR_INVALID_STRUCT_SIZE,
    /// The base URL must be https://host or https://host:port.
    invalid_base_url = OAUTHAPP_ERROR_INVALID_BASE_URL,
    /// The base URL is http to a host that is not this machine.
    insecure_base_url = OAUTHAPP_ERROR_INSECURE_BASE_URL,
    /// The trusted roots hold no certificate, or one that can't be read; or the system has none to trust.
    invalid_certificate = OAUTHAPP_ERROR_INVALID_CERTIFICATE,
    /// The proxy must be scheme://[user:password@]host[:port], with http, socks5 or socks5h.
    invalid_proxy = OAUTHAPP_ERROR_INVALID_PROXY,
    /// The client certificate or its key can't be read, or they don't belong together.
    invalid_client_certificate = OAUTHAPP_ERROR_INVALID_CLIENT_CERTIFICATE,
    /// A pin must be the SHA-256 of a public key in base64.
    invalid_pin = OAUTHAPP_ERROR_INVALID_PIN,
    /// Certificates can be left unverified toward this machine only.
    verification_required = OAUTHAPP_ERROR_VERIFICATION_REQUIRED,
    /// No access token was given, and the client holds no session.
    not_signed_in = OAUTHAPP_ERROR_NOT_SIGNED_IN,
    /// A text is not a JSON Web Token whose claims can be read.
    invalid_token = OAUTHAPP_ERROR_INVALID_TOKEN,
    /// A text is not one well-formed JSON value.
    json_syntax = OAUTHAPP_ERROR_JSON_SYNTAX,
    /// A JSON Pointer (RFC 6901) is empty or starts with a slash.
    json_pointer_syntax = OAUTHAPP_ERROR_JSON_POINTER_SYNTAX,
    /// The JSON has no value at that place.
    json_not_found = OAUTHAPP_ERROR_JSON_NOT_FOUND,
    /// The JSON has null at that place.
    json_null = OAUTHAPP_ERROR_JSON_NULL,
    /// The JSON value is of another type than was asked for.
    json_type = OAUTHAPP_ERROR_JSON_TYPE,
    /// The JSON value doesn't fit the type that was asked for.
    json_range = OAUTHAPP_ERROR_JSON_RANGE,

    // The way to the server. No answer came.

    /// The host name has no address, or the name service can't be reached.
    dns = OAUTHAPP_ERROR_DNS,
    /// No connection could be made.
    connect = OAUTHAPP_ERROR_CONNECT,
    /// The TLS handshake failed for another reason than those below.
    tls = OAUTHAPP_ERROR_TLS,
    /// Nobody whom the client trusts vouches for the server.
    certificate_untrusted = OAUTHAPP_ERROR_CERTIFICATE_UNTRUSTED,
    /// The certificate doesn't name the host of the base URL.
    certificate_wrong_host = OAUTHAPP_ERROR_CERTIFICATE_WRONG_HOST,
    /// The certificate has expired or is not valid yet, by this machine's clock.
    certificate_expired = OAUTHAPP_ERROR_CERTIFICATE_EXPIRED,
    /// The authority has withdrawn the certificate.
    certificate_revoked = OAUTHAPP_ERROR_CERTIFICATE_REVOKED,
    /// The server answers https with something else.
    not_tls = OAUTHAPP_ERROR_NOT_TLS,
    /// None of the pinned public keys vouches for the certificate.
    certificate_not_pinned = OAUTHAPP_ERROR_CERTIFICATE_NOT_PINNED,
    /// The server wants a client certificate, and none is set.
    client_certificate_required = OAUTHAPP_ERROR_CLIENT_CERTIFICATE_REQUIRED,
    /// The server has refused the client's certificate.
    client_certificate_rejected = OAUTHAPP_ERROR_CLIENT_CERTIFICATE_REJECTED,
    /// The call's deadline ran out.
    timeout = OAUTHAPP_ERROR_TIMEOUT,
    /// The connection broke before the head of an answer had arrived.
    connection_lost = OAUTHAPP_ERROR_CONNECTION_LOST,
    /// The call was cancelled.
    cancelled = OAUTHAPP_ERROR_CANCELLED,
    /// The proxy has no address, can't be reached or did not open a connection to the server.
    proxy = OAUTHAPP_ERROR_PROXY,

    // An HTTP answer that is not the API's.

    /// HTTP 400. Error::fields() has the server's messages for each field.
    bad_request = OAUTHAPP_ERROR_BAD_REQUEST,
    /// HTTP 401 that says nothing against the token.
    unauthorized = OAUTHAPP_ERROR_UNAUTHORIZED,
    /// HTTP 401: the token has expired. The user signs in again.
    token_expired = OAUTHAPP_ERROR_TOKEN_EXPIRED,
    /// HTTP 401: the token is malformed, wrongly signed or meant for someone else.
    token_rejected = OAUTHAPP_ERROR_TOKEN_REJECTED,
    /// HTTP 403.
    forbidden = OAUTHAPP_ERROR_FORBIDDEN,
    /// HTTP 404: the base URL is most likely not that of an OAuthApp server.
    not_found = OAUTHAPP_ERROR_NOT_FOUND,
    /// HTTP 405.
    method_not_allowed = OAUTHAPP_ERROR_METHOD_NOT_ALLOWED,
    /// HTTP 415.
    unsupported_media_type = OAUTHAPP_ERROR_UNSUPPORTED_MEDIA_TYPE,
    /// HTTP 413 or 431.
    request_too_large = OAUTHAPP_ERROR_REQUEST_TOO_LARGE,
    /// HTTP 429. Error::retry_after() says how long to wait where the server said so.
    too_many_requests = OAUTHAPP_ERROR_TOO_MANY_REQUESTS,
    /// HTTP 3xx. A redirect is never followed; the message says what to change.
    redirected = OAUTHAPP_ERROR_REDIRECTED,
    /// HTTP 5xx other than 503, 504 and 511.
    server_fault = OAUTHAPP_ERROR_SERVER_FAULT,
    /// HTTP 503 or 504. Error::retry_after() says how long to wait where the server said so.
    service_unavailable = OAUTHAPP_ERROR_SERVICE_UNAVAILABLE,
    /// Any other HTTP status that is not success.
    unexpected_status = OAUTHAPP_ERROR_UNEXPECTED_STATUS,

    // An answer that can't be understood.

    /// What came is not HTTP, or its head is too large.
    not_http = OAUTHAPP_ERROR_NOT_HTTP,
    /// HTTP success with an empty body.
    empty_response = OAUTHAPP_ERROR_EMPTY_RESPONSE,
    /// The connection ended before the body was complete.
    truncated_response = OAUTHAPP_ERROR_TRUNCATED_RESPONSE,
    /// The body is larger than Config::max_response_bytes.
    response_too_large = OAUTHAPP_ERROR_RESPONSE_TOO_LARGE,
    /// The body is not UTF-8.
    response_not_utf8 = OAUTHAPP_ERROR_RESPONSE_NOT_UTF8,
    /// The body is not JSON; often the page of a network that wants a sign-in of its own.
    response_not_json = OAUTHAPP_ERROR_RESPONSE_NOT_JSON,
    /// The body is JSON, but not the answer to this call.
    unexpected_response = OAUTHAPP_ERROR_UNEXPECTED_RESPONSE,

    // The server's own word. Error::server_message() has it.

    /// The server refused in words that have no code of their own.
    server = OAUTHAPP_ERROR_SERVER,
    /// The password is wrong.
    wrong_password = OAUTHAPP_ERROR_WRONG_PASSWORD,
    /// There is no such user.
    no_such_user = OAUTHAPP_ERROR_NO_SUCH_USER,
    /// The account exists already.
    account_exists = OAUTHAPP_ERROR_ACCOUNT_EXISTS,
    /// There is no application with this id.
    no_such_application = OAUTHAPP_ERROR_NO_SUCH_APPLICATION,
    /// The user of this token no longer exists.
    user_gone = OAUTHAPP_ERROR_USER_GONE,
    /// The QR code has not been scanned yet. Ask again in a moment.
    qr_waiting = OAUTHAPP_ERROR_QR_WAITING,
    /// The QR code has been scanned, and the sign-in is not confirmed yet. Ask again in a moment.
    qr_scanned = OAUTHAPP_ERROR_QR_SCANNED,
    /// The QR code is no longer valid. Make a new one.
    qr_expired = OAUTHAPP_ERROR_QR_EXPIRED,
    /// QR sign-in is not set up for this application.
    qr_not_configured = OAUTHAPP_ERROR_QR_NOT_CONFIGURED,

    /// A fault in the library, which was caught. Please report it.
    internal = OAUTHAPP_ERROR_INTERNAL,
    /// The library has no memory for a text that was given, for an answer, or for what is made of them. The server may have done
    /// what it was asked to do. (Where the memory for this header's own copies runs out, it is std::bad_alloc.)
    out_of_memory = OAUTHAPP_ERROR_OUT_OF_MEMORY,
};

/// The name of a code, for logs: "OAUTHAPP_ERROR_WRONG_PASSWORD"; "OAUTHAPP_ERROR_UNKNOWN" for one that the library doesn't
/// know. It lives as long as the library.
[[nodiscard]] inline std::string_view code_name(ErrorCode code) noexcept {
    return oauthapp_code_name(static_cast<oauthapp_code>(code));
}

/// Prints the name of a code.
template <class Traits>
std::basic_ostream<char, Traits>& operator<<(std::basic_ostream<char, Traits>& out, ErrorCode code) {
    return out << code_name(code);
}

/// The type of a JSON value.
enum class JsonType : std::int32_t {
    /// null
    null = OAUTHAPP_JSON_NULL,
    /// true or false
    boolean = OAUTHAPP_JSON_BOOLEAN,
    /// a number
    number = OAUTHAPP_JSON_NUMBER,
    /// a string
    string = OAUTHAPP_JSON_STRING,
    /// an array
    array = OAUTHAPP_JSON_ARRAY,
    /// an object
    object = OAUTHAPP_JSON_OBJECT,
};

/// How much a line of the log matters.
enum class LogLevel : std::int32_t {
    /// An attempt failed, or was answered with an HTTP status from 300 on.
    warn = OAUTHAPP_LOG_WARN,
    /// An attempt went well, or was cancelled.
    debug = OAUTHAPP_LOG_DEBUG,
};

/// Which certificate authorities vouch for the server.
enum class Trust : std::int32_t {
    /// Mozilla's list, as it was when the library was built.
    mozilla = OAUTHAPP_TRUST_MOZILLA,
    /// Those that this system believes. Not for Android, where it is refused as an invalid argument.
    platform = OAUTHAPP_TRUST_PLATFORM,
    /// None but the trusted roots that are given.
    only_given = OAUTHAPP_TRUST_ONLY_GIVEN,
};

/// The version of the library that the program runs with, for example "1.0.0". OAUTHAPP_VERSION is that of the header.
[[nodiscard]] inline std::string_view version() noexcept {
    return oauthapp_version();
}

/// The same as one number, major * 1000000 + minor * 1000 + patch. OAUTHAPP_VERSION_NUMBER is that of the header.
[[nodiscard]] inline std::uint32_t version_number() noexcept {
    return oauthapp_version_number();
}

/// What the rest of this header is made of; not for use.
namespace detail {

/// Enabled for what is text: literals, std::string, std::string_view and what converts to that.
template <class T>
using if_text = std::enable_if_t<std::is_convertible_v<const T&, std::string_view> && !std::is_null_pointer_v<T>>;

/// The characters of what is text. NULL is not, and comes out as one that no text may hold. An array is a C string, as a
/// literal can't be told from a buffer with a shorter text in it.
template <class T>
std::string_view view(const T& text) {
    if constexpr (std::is_pointer_v<T>) {
        using namespace std::string_view_literals;
        return text != nullptr ? std::string_view(text) : "\0"sv;
    } else {
        return std::string_view(text);
    }
}

/// Without the space around it.
[[nodiscard]] inline std::string_view trimmed(std::string_view text) noexcept {
    constexpr const char* space = " \t\n\v\f\r";
    text.remove_prefix((std::min)(text.find_first_not_of(space), text.size()));
    return text.substr(0, text.find_last_not_of(space) + 1);
}

/// The whole number that a text is; none where it is anything else, or out of range.
template <class T>
[[nodiscard]] std::optional<T> whole_number(std::string_view text) noexcept {
    text = trimmed(text);
    T number = 0;
    // NOLINTBEGIN(cppcoreguidelines-pro-bounds-pointer-arithmetic,bugprone-suspicious-stringview-data-usage): two pointers
    // are what std::from_chars wants.
    const char* end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, number);
    // NOLINTEND(cppcoreguidelines-pro-bounds-pointer-arithmetic,bugprone-suspicious-stringview-data-usage)
    return error == std::errc() && stop == end ? std::optional(number) : std::nullopt;
}

/// Overwrites in a way that the compiler may not leave out.
inline void wipe(char* text, std::size_t size) noexcept {
    volatile char* bytes = text;
    for (std::size_t i = 0; i < size; ++i) {
        bytes[i] = 0;  // NOLINT(cppcoreguidelines-pro-bounds-pointer-arithmetic): within size.
    }
}

/// Frees what the library has handed out.
struct Free {
    void operator()(char* string) const noexcept { oauthapp_string_free(string); }
    void operator()(oauthapp_error* error) const noexcept { oauthapp_error_free(error); }
    void operator()(oauthapp_client* client) const noexcept { oauthapp_client_free(client); }
    void operator()(oauthapp_cancel_token* token) const noexcept { oauthapp_cancel_token_free(token); }
};

/// An object of the library, or none.
template <class T>
using Owned = std::unique_ptr<T, Free>;

}  // namespace detail

// ---- What goes in ----

/// A text of a request: made from anything that is text, of which it is a copy.
class Text {
public:
    /// An empty text.
    Text() = default;

    /// A copy of this text.
    template <class T, class = detail::if_text<T>>
    Text(const T& text) : text_(detail::view(text)) {}

    /// The text; lives as long as this object.
    [[nodiscard]] std::string_view view() const noexcept { return text_; }
    /// The same, NUL-terminated.
    [[nodiscard]] const char* c_str() const noexcept { return text_.c_str(); }

private:
    std::string text_;
};

/// A text that must not leak: a password, a token. It is a copy of the text that it is made from, prints as <REDACTED>, and
/// is overwritten when it is destroyed. expose() is the one way to the text, so that a look for expose finds every use.
class Secret {
public:
    /// An empty text.
    Secret() noexcept = default;

    /// A copy of this text.
    template <class T, class = detail::if_text<T>>
    Secret(const T& text) : Secret(detail::view(text), nullptr) {}

    Secret(const Secret& other) : Secret(other.expose(), nullptr) {}
    Secret(Secret&& other) noexcept : text_(std::move(other.text_)), size_(std::exchange(other.size_, 0)) {}
    Secret& operator=(const Secret& other) { return *this = Secret(other); }
    Secret& operator=(Secret&& other) noexcept {
        // What was here is wiped now, and not whenever `other` ends.
        Secret taken(std::move(other));
        std::swap(text_, taken.text_);
        std::swap(size_, taken.size_);
        return *this;
    }
    ~Secret() { detail::wipe(text_.get(), size_); }

    /// The text itself; lives until this object is changed or destroyed. NUL-terminated.
    [[nodiscard]] std::string_view expose() const noexcept {
        return text_ ? std::string_view(text_.get(), size_) : std::string_view("");
    }

    /// Whether the text is empty.
    [[nodiscard]] bool empty() const noexcept { return size_ == 0; }

    friend bool operator==(const Secret& left, const Secret& right) noexcept { return left.expose() == right.expose(); }
    friend bool operator!=(const Secret& left, const Secret& right) noexcept { return !(left == right); }

    /// Prints <REDACTED>.
    template <class Traits>
    friend std::basic_ostream<char, Traits>& operator<<(std::basic_ostream<char, Traits>& out, const Secret& /*secret*/) {
        return out << "<REDACTED>";
    }

private:
    // NOLINTBEGIN(cppcoreguidelines-avoid-c-arrays,modernize-avoid-c-arrays): a std::string would keep short texts inside of
    // itself, where they stay behind when it is moved.
    Secret(std::string_view text, std::nullptr_t /*distinguishes it*/)
        : text_(std::make_unique<char[]>(text.size() + 1)), size_(text.size()) {
        std::copy(text.begin(), text.end(), text_.get());
    }

    std::unique_ptr<char[]> text_;
    // NOLINTEND(cppcoreguidelines-avoid-c-arrays,modernize-avoid-c-arrays)
    std::size_t size_ = 0;
};

/// How long something may take: made from any std::chrono duration, rounded up to whole milliseconds. Must be more than zero
/// and at most a day where it is used; anything else is an error there (invalid_argument) and never wraps.
class Timeout {
public:
    /// This long.
    template <class Rep, class Period>
    constexpr Timeout(std::chrono::duration<Rep, Period> duration) noexcept
        // A long double holds every count, too large ones as infinity, so nothing overflows on the way.
        : milliseconds_(rounded_up(std::chrono::duration<long double, std::milli>(duration).count())) {}

    /// Whole milliseconds; 0 for what is no time at all, and the largest number for what is more than that.
    [[nodiscard]] constexpr std::uint32_t milliseconds() const noexcept { return milliseconds_; }

private:
    static constexpr std::uint32_t rounded_up(long double milliseconds) noexcept {
        constexpr auto most = (std::numeric_limits<std::uint32_t>::max)();
        if (!(milliseconds > 0)) {  // Also where it is not a number.
            return 0;
        }
        if (milliseconds >= most) {
            return most;
        }
        const auto whole = static_cast<std::uint32_t>(milliseconds);
        return static_cast<long double>(whole) < milliseconds ? whole + 1 : whole;
    }

    std::uint32_t milliseconds_;
};

// ---- What goes wrong ----

/// What the server finds wrong with one field of a request (HTTP 400).
struct FieldError {
    /// The field as the server names it, for example "pwd" or "$.signInKey". Empty for the request as a whole.
    std::string field;
    /// The server's messages, untouched. They may repeat what was sent: to log, take Error::what(). They are wiped with the last
    /// copy of the Error; copies of them are the program's own.
    std::vector<std::string> messages;
};

/// Why a call failed. A value that never changes: copying it is cheap and does not throw, and any thread may read it.
class OAUTHAPP_HPP_VISIBLE Error : public std::exception {
public:
    /// An error of the program's own, for example in a test that stands in for a server.
    Error(ErrorCode code, const Text& message) : detail_(std::make_shared<const Detail>(code, message)) {}

    // Copied also where it could be moved, so that there is none without its detail.
    Error(const Error&) noexcept = default;
    Error& operator=(const Error&) noexcept = default;
    ~Error() override = default;

    /// What kind of failure this is.
    [[nodiscard]] ErrorCode code() const noexcept { return detail_->code; }

    /// What happened, as English sentences for people: to show, or to log. One line of UTF-8.
    ///
    /// It never holds a password, a token, a sign-in key or a union id of the call, also where the server's own text, which
    /// is part of it, repeats one.
    [[nodiscard]] const char* what() const noexcept override { return detail_->message.c_str(); }

    /// The HTTP status, where an HTTP answer came at all.
    [[nodiscard]] std::optional<std::int32_t> http_status() const noexcept { return detail_->http_status; }

    /// The `code` of the server's envelope, untouched, mostly 500; empty where that did not come.
    [[nodiscard]] std::optional<std::int64_t> server_code() const noexcept { return detail_->server_code; }

    /// The `err` of the server's envelope, untouched, mostly Chinese; empty where that did not come. Lives as long as any
    /// copy of this error. It may repeat what was sent: to log, take what().
    [[nodiscard]] std::optional<std::string_view> server_message() const noexcept {
        return detail_->server_message ? std::optional(detail_->server_message->expose()) : std::nullopt;
    }

    /// What the server finds wrong with each field of the request (bad_request); mostly empty. Lives as long as any copy of
    /// this error.
    [[nodiscard]] const std::vector<FieldError>& fields() const noexcept { return detail_->fields.list; }

    /// Whether the same call can succeed later without anything being changed. False after a sign-up whose answer got lost:
    /// the account may exist by now, so sign in to find out.
    [[nodiscard]] bool retryable() const noexcept { return detail_->retryable; }

    /// How long the server asks to wait before a retry, at most a day; empty where it did not say.
    [[nodiscard]] std::optional<std::chrono::milliseconds> retry_after() const noexcept { return detail_->retry_after; }

    /// Takes over what a function of oauthapp.h has given: the code that it returned, and its error object or NULL, which is
    /// freed. For programs that call such functions themselves.
    [[nodiscard]] static Error adopt(oauthapp_code code, oauthapp_error* error) {
        const detail::Owned<oauthapp_error> owned(error);
        return Error(std::make_shared<const Detail>(code, error));
    }

private:
    /// Fields and messages, which may repeat a secret: each is written where it stays, since what a std::string leaves behind
    /// when it grows or is moved is not wiped; and wiped also where memory runs out before all of them are there.
    struct Fields {
        Fields() = default;
        Fields(const Fields&) = delete;
        Fields& operator=(const Fields&) = delete;
        ~Fields() {
            for (FieldError& field : list) {
                detail::wipe(field.field.data(), field.field.size());
                for (std::string& text : field.messages) {
                    detail::wipe(text.data(), text.size());
                }
            }
        }

        /// Reads {"field":["message", …], …}. The library has no getter for names that are not known, but writes this JSON
        /// itself, so that what is not a string needs no more than a look.
        void read(std::string_view json) {
            // Counted first, so that no vector grows and moves its strings.
            std::vector<std::size_t> messages;
            each_string(json, [&messages](std::string_view /*quoted*/, bool is_message) {
                if (is_message) {
                    ++messages.back();
                } else {
                    messages.push_back(0);
                }
            });
            list.reserve(messages.size());
            each_string(json, [this, &messages](std::string_view quoted, bool is_message) {
                if (is_message) {
                    unquote(quoted, list.back().messages.emplace_back());
                } else {
                    const std::size_t count = messages[list.size()];
                    FieldError& field = list.emplace_back();
                    field.messages.reserve(count);
                    unquote(quoted, field.field);
                }
            });
        }

        /// Calls a function with each string, in its quotes.
        template <class See>
        static void each_string(std::string_view json, const See& see) {
            bool in_messages = false;
            for (std::size_t at = 0; at < json.size(); ++at) {
                if (json[at] == '[' || json[at] == ']') {
                    in_messages = json[at] == '[';
                } else if (json[at] == '"') {
                    const std::size_t start = at++;
                    while (json[at] != '"') {
                        at += json[at] == '\\' ? std::size_t{2} : std::size_t{1};
                    }
                    see(json.substr(start, at + 1 - start), in_messages);
                }
            }
        }

        /// The text of a JSON string; as it is written where a C string can't carry it.
        static void unquote(std::string_view quoted, std::string& into) {
            const Secret json = quoted;
            char* text = nullptr;
            // NOLINTNEXTLINE(bugprone-suspicious-stringview-data-usage): it is NUL-terminated.
            static_cast<void>(oauthapp_json_get_string(json.expose().data(), "", &text, nullptr));
            const detail::Owned<char> owned(text);
            into = text != nullptr ? std::string_view(text) : quoted.substr(1, quoted.size() - 2);
        }

        std::vector<FieldError> list;
    };

    struct Detail {
        Detail(ErrorCode given_code, const Text& given_message) : code(given_code), message(given_message.view()) {}

        Detail(oauthapp_code returned, const oauthapp_error* error)
            : code(static_cast<ErrorCode>(error != nullptr ? oauthapp_error_code(error) : returned)),
              message(error != nullptr ? oauthapp_error_message(error) : oauthapp_code_name(returned)) {
            if (error == nullptr) {  // Not even memory for it.
                return;
            }
            if (const std::int32_t status = oauthapp_error_http_status(error); status != 0) {
                http_status = status;
            }
            if (const char* said = oauthapp_error_server_message(error); said != nullptr) {
                server_code = oauthapp_error_server_code(error);
                server_message = said;
            }
            if (const char* json = oauthapp_error_fields_json(error); json != nullptr) {
                fields.read(json);
            }
            retryable = oauthapp_error_retryable(error);
            if (const std::int64_t wait = oauthapp_error_retry_after_ms(error); wait >= 0) {
                retry_after = std::chrono::milliseconds(wait);
            }
        }

        ErrorCode code;
        std::string message;
        std::optional<std::int32_t> http_status;
        std::optional<std::int64_t> server_code;
        std::optional<Secret> server_message;
        Fields fields;
        bool retryable = false;
        std::optional<std::chrono::milliseconds> retry_after;
    };

    explicit Error(std::shared_ptr<const Detail> detail) noexcept : detail_(std::move(detail)) {}

    std::shared_ptr<const Detail> detail_;
};

template <class T>
class Result;

namespace detail {

/// What asks a Result for the one that it doesn't hold ends here, and not in undefined behaviour.
[[noreturn]] inline void wrong_side_of_a_result() noexcept {
    std::abort();
}

/// Calls a function and gives what it returns as a Result.
template <class Function, class... Arguments>
auto as_result(Function&& function, Arguments&&... arguments) {
    using Returned = std::invoke_result_t<Function, Arguments...>;
    if constexpr (std::is_void_v<Returned>) {
        std::invoke(std::forward<Function>(function), std::forward<Arguments>(arguments)...);
        return Result<Returned>();
    } else {
        return Result<std::decay_t<Returned>>(
            std::invoke(std::forward<Function>(function), std::forward<Arguments>(arguments)...));
    }
}

}  // namespace detail

/// What a call that does not throw gives: a value, or the Error that it failed with. To use it is to use C++23's
/// std::expected<T, Error>, as far as that is about reading, with two differences: value() throws the Error itself, and asking
/// with *, -> or error() for the one that is not there ends the program (std::abort) in place of being undefined.
template <class T>
class [[nodiscard]] Result {
public:
    using value_type = T;
    using error_type = Error;

    /// A success.
    Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}
    /// A failure.
    Result(Error error) noexcept : state_(std::in_place_index<1>, error) {}

    /// Whether there is a value. Mind Result<bool>: this is not that value.
    [[nodiscard]] bool has_value() const noexcept { return state_.index() == 0; }
    [[nodiscard]] explicit operator bool() const noexcept { return has_value(); }

    [[nodiscard]] T& operator*() & noexcept { return held(*this); }
    [[nodiscard]] const T& operator*() const& noexcept { return held(*this); }
    [[nodiscard]] T&& operator*() && noexcept { return std::move(held(*this)); }
    [[nodiscard]] T* operator->() noexcept { return std::addressof(held(*this)); }
    [[nodiscard]] const T* operator->() const noexcept { return std::addressof(held(*this)); }

    /// The error. Only where has_value() is false.
    [[nodiscard]] const Error& error() const noexcept {
        const Error* error = std::get_if<1>(&state_);
        return error != nullptr ? *error : (detail::wrong_side_of_a_result(), *error);
    }

#ifdef OAUTHAPP_HPP_EXCEPTIONS
    /// The value; throws the Error where there is none.
    [[nodiscard]] T& value() & { return has_value() ? **this : throw Error(error()); }
    [[nodiscard]] const T& value() const& { return has_value() ? **this : throw Error(error()); }
    [[nodiscard]] T&& value() && { return has_value() ? *std::move(*this) : throw Error(error()); }
#endif

    /// The value, or this in its place.
    template <class U>
    [[nodiscard]] T value_or(U&& otherwise) const& {
        return has_value() ? **this : static_cast<T>(std::forward<U>(otherwise));
    }
    template <class U>
    [[nodiscard]] T value_or(U&& otherwise) && {
        return has_value() ? *std::move(*this) : static_cast<T>(std::forward<U>(otherwise));
    }

    /// function(value), which gives a Result; or the error that is here.
    template <class Function>
    auto and_then(Function&& function) const& {
        using Next = std::decay_t<std::invoke_result_t<Function, const T&>>;
        return has_value() ? std::invoke(std::forward<Function>(function), **this) : Next(error());
    }
    template <class Function>
    auto and_then(Function&& function) && {
        using Next = std::decay_t<std::invoke_result_t<Function, T>>;
        return has_value() ? std::invoke(std::forward<Function>(function), *std::move(*this)) : Next(error());
    }

    /// A Result of function(value); or the error that is here.
    template <class Function>
    auto transform(Function&& function) const& {
        using Next = decltype(detail::as_result(std::forward<Function>(function), **this));
        return has_value() ? detail::as_result(std::forward<Function>(function), **this) : Next(error());
    }
    template <class Function>
    auto transform(Function&& function) && {
        using Next = decltype(detail::as_result(std::forward<Function>(function), *std::move(*this)));
        return has_value() ? detail::as_result(std::forward<Function>(function), *std::move(*this)) : Next(error());
    }

    /// function(error), which gives a Result<T>; or the value that is here.
    template <class Function>
    Result or_else(Function&& function) const& {
        return has_value() ? *this : std::invoke(std::forward<Function>(function), error());
    }
    template <class Function>
    Result or_else(Function&& function) && {
        return has_value() ? std::move(*this) : std::invoke(std::forward<Function>(function), error());
    }

private:
    template <class Self>
    static auto& held(Self& self) noexcept {
        auto* value = std::get_if<0>(&self.state_);
        return value != nullptr ? *value : (detail::wrong_side_of_a_result(), *value);
    }

    std::variant<T, Error> state_;
};

/// A success without a value, or an Error.
template <>
class [[nodiscard]] Result<void> {
public:
    using value_type = void;
    using error_type = Error;

    /// A success.
    Result() noexcept = default;
    /// A failure.
    Result(Error error) noexcept : error_(error) {}

    /// Whether it is a success.
    [[nodiscard]] bool has_value() const noexcept { return !error_; }
    [[nodiscard]] explicit operator bool() const noexcept { return has_value(); }

    /// The error. Only where has_value() is false.
    [[nodiscard]] const Error& error() const noexcept {
        return error_ ? *error_ : (detail::wrong_side_of_a_result(), *error_);
    }

#ifdef OAUTHAPP_HPP_EXCEPTIONS
    /// Throws the Error where there is one.
    void value() const {
        if (error_) {
            throw Error(*error_);
        }
    }
#endif

    /// function(), which gives a Result; or the error that is here.
    template <class Function>
    auto and_then(Function&& function) const {
        using Next = std::decay_t<std::invoke_result_t<Function>>;
        return has_value() ? std::invoke(std::forward<Function>(function)) : Next(error());
    }

    /// A Result of function(); or the error that is here.
    template <class Function>
    auto transform(Function&& function) const {
        using Next = decltype(detail::as_result(std::forward<Function>(function)));
        return has_value() ? detail::as_result(std::forward<Function>(function)) : Next(error());
    }

    /// function(error), which gives a Result<void>; or the success that is here.
    template <class Function>
    Result or_else(Function&& function) const {
        return has_value() ? *this : std::invoke(std::forward<Function>(function), error());
    }

private:
    std::optional<Error> error_;
};

namespace detail {

/// What goes into a function of the library, checked on its way; the first thing that is wrong is kept.
class Input {
public:
    const char* text(const char* name, const Text& text) { return checked(name, text.view()); }
    const char* text(const char* name, const Secret& text) { return checked(name, text.expose()); }

    /// NULL, which stands for "not given", where there is none.
    template <class T>
    const char* text(const char* name, const std::optional<T>& given) {
        return given ? text(name, *given) : nullptr;
    }

    /// 0, which stands for "not given", where there is none.
    std::uint32_t milliseconds(const char* name, const std::optional<Timeout>& given) {
        if (given && given->milliseconds() == 0) {
            refuse(name, "must be more than zero");
        }
        return given ? given->milliseconds() : 0;
    }

    void refuse(const char* name, const char* why) {
        if (!error_) {
            error_.emplace(ErrorCode::invalid_argument,
                           std::string("An argument is not valid. ") + name + ' ' + why + '.');
        }
    }

    void refuse(const Error& error) {
        if (!error_) {
            error_ = error;
        }
    }

    [[nodiscard]] const std::optional<Error>& error() const noexcept { return error_; }

private:
    const char* checked(const char* name, std::string_view text) {
        if (text.find('\0') != std::string_view::npos) {
            refuse(name, "is NULL or holds a NUL character");
        }
        return text.data();
    }

    std::optional<Error> error_;
};

template <class T>
struct IsOptional : std::false_type {};
template <class T>
struct IsOptional<std::optional<T>> : std::true_type {};

}  // namespace detail

// ---- What comes out ----

/// A JSON text, for example the whole of an answer with the fields that this header does not know. Prints as <REDACTED>,
/// since it may hold tokens; copies share one text, which is wiped with the last of them.
class Json {
public:
    /// The JSON text null.
    Json() noexcept = default;

    /// A JSON text of the program's own. Errors: json_syntax, invalid_utf8, invalid_argument (it holds a NUL character).
    [[nodiscard]] static Result<Json> try_parse(const Secret& text) {
        detail::Input input;
        static_cast<void>(input.text("text", text));
        if (input.error()) {
            return *input.error();
        }
        const auto copy = std::make_shared<const Secret>(text);
        // NOLINTNEXTLINE(bugprone-suspicious-stringview-data-usage): it is NUL-terminated.
        Json json(std::shared_ptr<const char>(copy, copy->expose().data()));
        if (const auto type = json.try_type(); !type) {
            return type.error();
        }
        return json;
    }

    /// The text; lives as long as any copy of this object.
    [[nodiscard]] std::string_view text() const noexcept { return c_str(); }
    /// The same, NUL-terminated.
    [[nodiscard]] const char* c_str() const noexcept { return text_ ? text_.get() : "null"; }

    /// Reads the value at a JSON Pointer (RFC 6901): "/access_token", "/errors/0"; "" is the whole text.
    ///
    /// T is std::string, Secret, bool, an integer type, double, Json (a value of any type, as it is written), or an
    /// std::optional of one of these, which is empty where the value is null or missing.
    ///
    /// Errors: json_not_found, json_null, json_type, json_range (an integer with a fraction, an exponent or out of range; a
    /// string with a NUL character or half of a surrogate pair; more than 100 steps), json_pointer_syntax, invalid_utf8,
    /// invalid_argument.
    template <class T>
    [[nodiscard]] Result<T> try_get(const Text& pointer = "") const {
        if constexpr (detail::IsOptional<T>::value) {
            auto result = try_get<typename T::value_type>(pointer);
            if (!result && (result.error().code() == ErrorCode::json_not_found ||
                            result.error().code() == ErrorCode::json_null)) {
                return T();
            }
            if constexpr (std::is_same_v<T, std::optional<Json>>) {
                if (result && result->text() == "null") {
                    return T();
                }
            }
            return std::move(result).transform([](auto&& value) { return T(std::forward<decltype(value)>(value)); });
        } else if constexpr (std::is_same_v<T, bool>) {
            return read<bool>(oauthapp_json_get_bool, pointer);
        } else if constexpr (std::is_integral_v<T>) {
            auto result = read<std::int64_t>(oauthapp_json_get_int64, pointer).and_then(fit<T>);
            if constexpr (std::is_unsigned_v<T> && sizeof(T) >= sizeof(std::int64_t)) {
                return std::move(result).or_else(
                    [this, &pointer](const Error& error) { return read_beyond_int64<T>(pointer, error); });
            } else {
                return result;
            }
        } else if constexpr (std::is_same_v<T, double>) {
            return read<double>(oauthapp_json_get_double, pointer);
        } else if constexpr (std::is_same_v<T, Json>) {
            return read<char*>(oauthapp_json_get_json, pointer).transform(adopt);
        } else {
            static_assert(std::is_same_v<T, std::string> || std::is_same_v<T, Secret>, "a type that can't be read");
            return read<char*>(oauthapp_json_get_string, pointer).transform([](char* text) {
                return T(detail::Owned<char>(text).get());
            });
        }
    }

    /// The type of the value at a JSON Pointer. Errors: as try_get, but null and every type are told.
    [[nodiscard]] Result<JsonType> try_type(const Text& pointer = "") const {
        return read<oauthapp_json_type>(oauthapp_json_get_type, pointer).transform([](oauthapp_json_type type) {
            return static_cast<JsonType>(type);
        });
    }

#ifdef OAUTHAPP_HPP_EXCEPTIONS
    /// As try_parse, but throws the Error.
    [[nodiscard]] static Json parse(const Secret& text) { return try_parse(text).value(); }
    /// As try_get, but throws the Error.
    template <class T>
    [[nodiscard]] T get(const Text& pointer = "") const {
        return try_get<T>(pointer).value();
    }
    /// As try_type, but throws the Error.
    [[nodiscard]] JsonType type(const Text& pointer = "") const { return try_type(pointer).value(); }
#endif

    /// Takes over a JSON text that a function of oauthapp.h has handed out. For programs that call such functions themselves.
    [[nodiscard]] static Json adopt(char* text) { return Json(std::shared_ptr<const char>(text, detail::Free())); }

    /// Prints <REDACTED>.
    template <class Traits>
    friend std::basic_ostream<char, Traits>& operator<<(std::basic_ostream<char, Traits>& out, const Json& /*json*/) {
        return out << "<REDACTED>";
    }

private:
    explicit Json(std::shared_ptr<const char> text) noexcept : text_(std::move(text)) {}

    template <class Value, class Getter>
    [[nodiscard]] Result<Value> read(Getter getter, const Text& pointer) const {
        detail::Input input;
        const char* c_pointer = input.text("pointer", pointer);
        if (input.error()) {
            return *input.error();
        }
        Value value{};
        oauthapp_error* error = nullptr;
        const oauthapp_code code = getter(c_str(), c_pointer, &value, &error);
        return code == OAUTHAPP_OK ? Result<Value>(value) : Error::adopt(code, error);
    }

    /// A number from 2^63 on, for which oauthapp.h has no getter; or the error that was there before.
    template <class T>
    [[nodiscard]] Result<T> read_beyond_int64(const Text& pointer, const Error& error) const {
        if (error.code() != ErrorCode::json_range) {
            return error;
        }
        return try_get<Json>(pointer).and_then([&error](const Json& written) {
            const auto number = detail::whole_number<T>(written.text());
            return number ? Result<T>(*number) : Result<T>(error);
        });
    }

    template <class T>
    [[nodiscard]] static Result<T> fit(std::int64_t number) {
        if constexpr (std::is_unsigned_v<T>) {
            if (number >= 0 && static_cast<std::uint64_t>(number) <= (std::numeric_limits<T>::max)()) {
                return static_cast<T>(number);
            }
        } else {
            if (number >= (std::numeric_limits<T>::min)() && number <= (std::numeric_limits<T>::max)()) {
                return static_cast<T>(number);
            }
        }
        return Error(ErrorCode::json_range,
                     "The value in the JSON can't be represented. It is beyond the range of the integer type.");
    }

    /// NULL stands for null.
    std::shared_ptr<const char> text_;
};

/// What a token says. A client can't verify it, so take it as a note, never as proof of who someone is.
///
/// Every claim may be missing; one of a type that is not foreseen is empty here, and is in `json`.
struct Claims {
    /// Id of the token.
    std::optional<std::string> jti{};
    /// Id of the tenant that owns the application.
    std::optional<std::string> tenant_id{};
    /// Name of the tenant.
    std::optional<std::string> tenant_name{};
    /// Id of the application.
    std::optional<std::string> appid{};
    /// Id of the user.
    std::optional<std::string> nameid{};
    /// Name of the account; the union id for a user without one, hence a secret.
    std::optional<Secret> unique_name{};
    /// Role of the user.
    std::optional<std::string> role{};
    /// Address of the user's picture.
    std::optional<std::string> picture{};
    /// E-mail address.
    std::optional<std::string> email{};
    /// Phone number.
    std::optional<std::string> mobile{};
    /// Union id. Whoever knows it can sign in.
    std::optional<Secret> unionid{};
    /// Platform, for example "web" or "wxminip".
    std::optional<std::string> platform{};
    /// "unionid" or "account".
    std::optional<std::string> grant_type{};
    /// Display name.
    std::optional<std::string> given_name{};
    /// Group, "app" for users of an application.
    std::optional<std::string> groupsid{};
    /// Permissions.
    std::optional<std::string> permission{};
    /// Not valid before: Unix time in seconds.
    std::optional<std::int64_t> nbf{};
    /// Not valid from then on: Unix time in seconds.
    std::optional<std::int64_t> exp{};
    /// Issued at: Unix time in seconds.
    std::optional<std::int64_t> iat{};
    /// Issuer.
    std::optional<std::string> iss{};
    /// Audience.
    std::optional<std::string> aud{};
    /// All claims as they stand in the token.
    Json json{};

    /// Reads the claims of an access token, without asking the server. Errors: invalid_token, invalid_utf8, invalid_argument.
    [[nodiscard]] static Result<Claims> try_read(const Secret& access_token);

#ifdef OAUTHAPP_HPP_EXCEPTIONS
    /// As try_read, but throws the Error.
    [[nodiscard]] static Claims read(const Secret& access_token) { return try_read(access_token).value(); }
#endif
};

/// What a sign-in or sign-up answers.
struct Token {
    /// A point in time in whole seconds.
    using Time = std::chrono::time_point<std::chrono::system_clock, std::chrono::seconds>;

    /// The JSON Web Token to give to the profile calls.
    Secret access_token{};
    /// "Bearer".
    std::optional<std::string> token_type{};
    /// Seconds until the token runs out, or, from a server of 2022, the Unix time of issue. See expires_at().
    std::optional<std::int64_t> expires_in{};
    /// The whole answer.
    Json json{};

    /// The claims of the token. Errors: invalid_token.
    [[nodiscard]] Result<Claims> try_claims() const { return Claims::try_read(access_token); }

#ifdef OAUTHAPP_HPP_EXCEPTIONS
    /// As try_claims, but throws the Error.
    [[nodiscard]] Claims claims() const { return Claims::read(access_token); }
#endif

    /// When the token runs out, by the server's clock: its `exp` claim, or else received_at (this machine's clock when the
    /// token came) and expires_in, where that is a believable lifetime. Empty where neither says.
    ///
    /// A time that is too far off for std::chrono::system_clock is taken for one that is not: never later than the year 9999, nor
    /// than a century before the end of the clock (2262 with nanoseconds), so that there is room to add to it.
    ///
    /// This machine's clock may be wrong, so it is for display and for asking again in good time; whether a token is still
    /// good is the server's to say.
    [[nodiscard]] std::optional<Time> expires_at(std::chrono::system_clock::time_point received_at) const {
        constexpr std::int64_t longest_lifetime = std::int64_t{10} * 366 * 86'400;
        const auto claims = try_claims();
        if (const std::int64_t exp = claims ? claims->exp.value_or(-1) : -1; exp >= 0) {
            // Compared with a time of the clock it becomes one, also after something was added to it.
            constexpr auto end_of_clock = std::chrono::duration_cast<std::chrono::seconds>(
                (std::chrono::system_clock::duration::max)());
            constexpr std::chrono::seconds century(std::int64_t{36'525} * 86'400);
            constexpr std::chrono::seconds year_9999(253'402'300'799);
            constexpr auto latest = (std::min)(year_9999, end_of_clock - century);
            return Time((std::min)(std::chrono::seconds(exp), latest));
        }
        if (const std::int64_t lifetime = expires_in.value_or(0); lifetime >= 1 && lifetime <= longest_lifetime) {
            return std::chrono::time_point_cast<std::chrono::seconds>(received_at) + std::chrono::seconds(lifetime);
        }
        return std::nullopt;
    }
};

/// The key that ties the screen that shows a QR code to the phone that scans it: what qr_code_pre_sign_in has answered, or
/// the text that a QR code holds. Whoever knows it can take the session over, so it is a secret: it prints as <REDACTED>.
class SignInKey {
public:
    /// An empty key, which no server knows.
    SignInKey() noexcept = default;

    /// A key as text: bare, as it stands in a QR code (19 or 3f…), or as the JSON that the server gave (19 or "3f…").
    template <class T, class = detail::if_text<T>>
    SignInKey(const T& key) : key_(key) {}
    /// The same.
    SignInKey(Secret key) noexcept : key_(std::move(key)) {}

    /// The key as it goes to the server: the JSON that came, or the text that was given.
    [[nodiscard]] const Secret& as_given() const noexcept { return key_; }

    /// The key without quotes, as it goes into a QR code (appId=2&signinKey=19).
    [[nodiscard]] Secret text() const {
        if (key_.expose().substr(0, 1) == "\"") {
            char* text = nullptr;
            // NOLINTNEXTLINE(bugprone-suspicious-stringview-data-usage): it is NUL-terminated.
            static_cast<void>(oauthapp_json_get_string(key_.expose().data(), "", &text, nullptr));
            if (const detail::Owned<char> owned(text); owned) {
                return owned.get();
            }
        }
        return key_;
    }

    friend bool operator==(const SignInKey& left, const SignInKey& right) noexcept { return left.key_ == right.key_; }
    friend bool operator!=(const SignInKey& left, const SignInKey& right) noexcept { return !(left == right); }

    /// Prints <REDACTED>.
    template <class Traits>
    friend std::basic_ostream<char, Traits>& operator<<(std::basic_ostream<char, Traits>& out, const SignInKey& key) {
        return out << key.key_;
    }

private:
    Secret key_;
};

/// The application that wants to sign someone in, as a QR scan answers it. Every field may be null or missing.
struct ApplicationInfo {
    /// Id of the application.
    std::optional<std::int64_t> app_id{};
    /// Name.
    std::optional<std::string> name{};
    /// Address of the logo.
    std::optional<std::string> logo{};
    /// Address of the web site.
    std::optional<std::string> website{};
    /// Description.
    std::optional<std::string> description{};
    /// Tags.
    std::optional<std::string> tags{};
    /// What the application asks for, as given to qr_code_pre_sign_in.
    std::optional<std::string> scopes{};
    /// The remark given to qr_code_pre_sign_in.
    std::optional<std::string> remark{};
    /// The scheme given to qr_code_pre_sign_in.
    std::optional<std::string> scheme{};
    /// The whole answer.
    Json json{};
};

/// A user's profile. Nearly every field can be null, and every field may be missing.
struct Profile {
    /// Id of the application.
    std::optional<std::int64_t> app_id{};
    /// Platform of the account, for example "web" or "wxminip".
    std::optional<std::string> platform{};
    /// Union id. Whoever knows it can sign in.
    std::optional<Secret> union_id{};
    /// Phone number.
    std::optional<std::string> phone{};
    /// When the account was made, 2023-02-22 16:20:43, with no zone (China Standard Time on the vendor's server).
    std::optional<std::string> create_date{};
    /// Account name.
    std::optional<std::string> user_name{};
    /// Whether the phone number has been verified.
    std::optional<bool> phone_is_valid{};
    /// The application's own data about the user.
    std::optional<std::string> data{};
    /// E-mail address.
    std::optional<std::string> email{};
    /// Whether the e-mail address has been verified.
    std::optional<bool> email_is_valid{};
    /// When the profile was last changed, in the form of create_date.
    std::optional<std::string> last_update{};
    /// Display name.
    std::optional<std::string> nick_name{};
    /// Id of the user.
    std::optional<std::int64_t> id{};
    /// Address of the user's picture.
    std::optional<std::string> avatar{};
    /// Role.
    std::optional<std::string> role{};
    /// The whole answer.
    Json json{};
};

// ---- What can be asked for ----

/// Ends calls from any thread. Copies are the same switch: off until cancel(), and on from then on. It can be given to any
/// number of calls. In C++20, an std::stop_token can be given in its place.
class CancelToken {
public:
    /// A switch that is off. Where the library can't make one (it has no memory), every call with it fails and says so.
    CancelToken() : state_(std::make_shared<const State>()) {}

#ifdef __cpp_lib_jthread
    /// A switch that is on as soon as a stop is requested; already on where it has been.
    CancelToken(std::stop_token stop) : CancelToken(std::make_shared<const Linked>(std::move(stop))) {}
#endif

    // Copied also where it could be moved, so that there is none without its switch.
    CancelToken(const CancelToken&) noexcept = default;
    CancelToken& operator=(const CancelToken&) noexcept = default;
    ~CancelToken() = default;

    /// Ends every call that uses the switch, in whatever phase it is, and every later one: they fail with `cancelled`. Returns
    /// at once, without waiting for them. What a cancelled call had sent may have taken effect on the server.
    void cancel() const noexcept { state_->cancel(); }

    /// Whether the switch is on.
    [[nodiscard]] bool is_cancelled() const noexcept {
        return state_->handle != nullptr && oauthapp_cancel_token_is_cancelled(state_->handle.get());
    }

    /// Why the library could not make the switch; mostly empty.
    [[nodiscard]] const std::optional<Error>& error() const noexcept { return state_->error; }

    /// The object for functions of oauthapp.h; lives as long as any copy of this one. NULL where there is an error().
    [[nodiscard]] oauthapp_cancel_token* native_handle() const noexcept { return state_->handle.get(); }

private:
    struct State {
        State() {
            oauthapp_cancel_token* made = nullptr;
            oauthapp_error* why_not = nullptr;
            const oauthapp_code code = oauthapp_cancel_token_new(&made, &why_not);
            handle.reset(made);
            if (code != OAUTHAPP_OK) {
                error = Error::adopt(code, why_not);
            }
        }

        void cancel() const noexcept {
            if (handle != nullptr) {
                static_cast<void>(oauthapp_cancel_token_cancel(handle.get(), nullptr));
            }
        }

        detail::Owned<oauthapp_cancel_token> handle;
        std::optional<Error> error;
    };

#ifdef __cpp_lib_jthread
    struct Cancel {
        const State* state;
        void operator()() const noexcept { state->cancel(); }
    };

    /// A switch, and what turns it on.
    struct Linked {
        explicit Linked(std::stop_token stop) : callback(std::move(stop), Cancel{&state}) {}

        State state;
        std::stop_callback<Cancel> callback;
    };

    explicit CancelToken(const std::shared_ptr<const Linked>& linked) : state_(linked, &linked->state) {}
#endif

    std::shared_ptr<const State> state_;
};

/// What can be set for a single call.
struct CallOptions {
    /// The deadline of the call, from its start to the last byte of its answer, retries and the waits between them included;
    /// at most a day. Empty: the client's.
    std::optional<Timeout> timeout{};
    /// How long making a connection may take; at most a day. Empty: the client's.
    std::optional<Timeout> connect_timeout{};
    /// Ends the call from another thread: a CancelToken, or in C++20 an std::stop_token. Empty: it can't be cancelled.
    std::optional<CancelToken> cancel_token{};
};

/// Gets a line for each attempt of a call: how it went, its times and sizes, and whether another follows. Passwords and tokens
/// are never in it.
///
/// level: how much the line matters. target: the part of the library that speaks, for filters: oauthapp::transport. message:
/// one line of UTF-8. Both texts last until it returns.
///
/// It runs on the thread that makes the call, within the call's deadline, and on many threads at once if they make calls at
/// once. It may make calls itself. An exception that leaves it is dropped.
using Log = std::function<void(LogLevel level, std::string_view target, std::string_view message)>;

/// The settings of a client. app_id must be set; all else has a default.
struct Config {
    /// The application's id, above zero.
    std::int64_t app_id = 0;
    /// The server: https://host or https://host:port. An http URL is taken for this machine only (localhost, 127.0.0.0/8,
    /// [::1]), or with allow_plain_http. Empty: https://www.oauthapp.com
    std::optional<Text> base_url{};
    /// The deadline of every call, from its start to the last byte of its answer, retries and the waits between them included;
    /// at most a day. Empty: 30 seconds.
    std::optional<Timeout> timeout{};
    /// How long making a connection may take, name resolution and TLS included; at most a day. Empty: 10 seconds.
    std::optional<Timeout> connect_timeout{};
    /// How many bytes an answer's body may have, above zero. Empty: 1 MiB.
    std::optional<std::uint64_t> max_response_bytes{};
    /// How often a call that failed is repeated, within its deadline, 0 to 10. Empty: twice.
    ///
    /// Repeated are: every call whose request can't have left yet; a connection lost before the answer or in the middle of it,
    /// but never for a sign-up, which could meet the account that it made itself; HTTP 429; and HTTP 503, again not for a
    /// sign-up. The wait is random, up to 100 ms, 200 ms, 400 ms and so on, at most 5 s, or what the server asks for if that is
    /// longer; one that doesn't fit into the deadline is not begun.
    std::optional<std::int32_t> max_retries{};
    /// The User-Agent: printable ASCII, at most 256 bytes. Empty: liboauthapp/ and its version.
    std::optional<Text> user_agent{};
    /// The proxy through which every connection goes, scheme://[user:password@]host[:port] with http, socks5 or socks5h. In user
    /// name and password, characters with a meaning in URLs are percent-encoded: @ is %40. Empty: none, unless
    /// proxy_from_environment asks for the environment's.
    std::optional<Secret> proxy{};
    /// Takes the proxy from the environment where none is set here (https_proxy, all_proxy, no_proxy …; oauthapp.h says which
    /// and how, at OAUTHAPP_CLIENT_PROXY_FROM_ENVIRONMENT). Read once, when the client is made.
    bool proxy_from_environment = false;
    /// Which certificate authorities vouch for the server.
    Trust trust = Trust::mozilla;
    /// Certificate authorities to believe, as PEM text: besides those that trust names, or alone with Trust::only_given.
    std::optional<Text> trusted_roots_pem{};
    /// The same as a PEM file's path. The authorities of both are believed.
    std::optional<Text> trusted_roots_file{};
    /// Public keys of which one has to vouch for the server, besides an authority that is believed: each the SHA-256 of the
    /// SubjectPublicKeyInfo in base64, with sha256/ before it or without; more than one are separated by spaces. Give a second
    /// one that is not in use yet: with one alone, a new key on the server locks every client out. Empty: none.
    std::optional<Text> pins{};
    /// The certificate to show to a server that asks for one, as PEM text, followed by those that lead from it to an authority.
    /// It needs its key, as text too.
    std::optional<Text> client_certificate_pem{};
    /// Its private key as PEM text: PKCS#8, PKCS#1 or SEC1, not encrypted.
    std::optional<Secret> client_key_pem{};
    /// In place of the texts: the path of a PEM file with the certificate. It needs its key, as a file too.
    std::optional<Text> client_certificate_file{};
    /// The path of a PEM file with the private key, which may be the same file.
    std::optional<Text> client_key_file{};
    /// The client holds the token of its last sign-in or sign-up, in memory only, and uses it for profile calls that are given
    /// none. It lets go of it when the server says that the session is over (never because of a bad network), on sign_out, and
    /// when it is destroyed. For a program with one user; a program that serves many passes each one's token.
    bool keep_session = false;
    /// Allows an http base URL to a host other than this machine. Passwords and tokens then travel readable for everyone on the
    /// way.
    bool allow_plain_http = false;
    /// A sign-up whose answer was lost is followed by a sign-in with the same credentials, within the deadline, whose token then
    /// is the answer. False leaves it at that.
    bool settle_sign_ups = true;
    /// DANGER: takes every certificate, also of someone else, and with it passwords and tokens go to whoever answers. For tests
    /// against a server on this machine, with no proxy on the way; refused for every other.
    bool danger_accept_any_certificate_on_loopback = false;
    /// Told of each attempt of each call. Empty: nobody is.
    Log log{};
};

/// The fields of sign_up. Which must be there, the server decides (user_name and pwd at least).
struct SignUpRequest {
    /// The account's name, with which its owner signs in.
    std::optional<Text> user_name{};
    /// The password.
    std::optional<Secret> pwd{};
    /// The name to show.
    std::optional<Text> nick_name{};
    /// Where the user comes from, for example "web".
    std::optional<Text> platform{};
    /// E-mail address.
    std::optional<Text> email{};
    /// Phone number.
    std::optional<Text> phone{};
    /// Address of a picture.
    std::optional<Text> avatar{};
    /// The application's own data about the user.
    std::optional<Text> data{};
};

/// The fields of union_id_sign_up. Which must be there, the server decides (platform and union_id at least).
struct UnionIdSignUpRequest {
    /// The platform that the union id belongs to.
    std::optional<Text> platform{};
    /// The user's id on that platform.
    std::optional<Secret> union_id{};
    /// A name for the account.
    std::optional<Text> user_name{};
    /// A password for the account.
    std::optional<Secret> pwd{};
    /// The name to show.
    std::optional<Text> nick_name{};
    /// E-mail address.
    std::optional<Text> email{};
    /// Whether the platform has verified the e-mail address.
    std::optional<bool> email_is_valid{};
    /// Phone number.
    std::optional<Text> phone{};
    /// Whether the platform has verified the phone number.
    std::optional<bool> phone_is_valid{};
    /// Address of a picture.
    std::optional<Text> avatar{};
    /// The application's own data about the user.
    std::optional<Text> data{};
};

/// The fields of qr_code_pre_sign_in.
struct QrCodePreSignInRequest {
    /// What the application asks for, shown on the phone.
    std::optional<Text> scopes{};
    /// A remark, shown on the phone.
    std::optional<Text> remark{};
    /// Where the sign-in comes from, for example "app".
    std::optional<Text> scheme{};
};

/// The fields of qr_code_sign_up. sign_in_key must be given.
struct QrCodeSignUpRequest {
    /// The key that was scanned.
    std::optional<SignInKey> sign_in_key{};
    /// The user's id on the phone's platform.
    std::optional<Secret> union_id{};
    /// The phone's platform, "wxminip" for a WeChat mini-program.
    std::optional<Text> platform{};
    /// A name for the account.
    std::optional<Text> user_name{};
    /// The name to show.
    std::optional<Text> nick_name{};
    /// E-mail address.
    std::optional<Text> email{};
    /// Whether the platform has verified the e-mail address.
    std::optional<bool> email_is_valid{};
    /// Phone number.
    std::optional<Text> phone{};
    /// Whether the platform has verified the phone number.
    std::optional<bool> phone_is_valid{};
    /// Address of a picture.
    std::optional<Text> avatar{};
};

/// The fields of update_profile. What is not given stays as it is; the server ignores empty texts, so a field can't be cleared.
struct UpdateProfileRequest {
    /// The name to show.
    std::optional<Text> nick_name{};
    /// Address of a picture.
    std::optional<Text> avatar{};
    /// The application's own data about the user.
    std::optional<Text> data{};
};

namespace detail {

// ---- From C++ to C ----

inline oauthapp_tristate tristate(const std::optional<bool>& given) noexcept {
    if (!given) {
        return OAUTHAPP_NOT_GIVEN;
    }
    return *given ? OAUTHAPP_TRUE : OAUTHAPP_FALSE;
}

inline std::uint32_t flag(bool set, oauthapp_client_flag flag) noexcept {
    return set ? static_cast<std::uint32_t>(flag) : 0;
}

/// Hands a line of the library's log to the function that the client was given.
inline void log_line(void* log, oauthapp_log_level level, const char* target, const char* message) noexcept {
#ifdef OAUTHAPP_HPP_EXCEPTIONS
    try {
#endif
        (*static_cast<const Log*>(log))(static_cast<LogLevel>(level), target, message);
#ifdef OAUTHAPP_HPP_EXCEPTIONS
    } catch (...) {  // NOLINT(bugprone-empty-catch)
        // It must not go on into C, and a call does not fail because nobody could be told of it.
    }
#endif
}

inline oauthapp_client_config in_c(Input& input, const Config& config, Log* log) {
    oauthapp_client_config c = oauthapp_client_config_init();
    c.app_id = config.app_id;
    c.base_url = input.text("base_url", config.base_url);
    c.timeout_ms = input.milliseconds("timeout", config.timeout);
    c.connect_timeout_ms = input.milliseconds("connect_timeout", config.connect_timeout);
    c.max_response_bytes = config.max_response_bytes.value_or(0);
    if (config.max_response_bytes == std::uint64_t{0}) {
        input.refuse("max_response_bytes", "must be above zero");
    }
    c.user_agent = input.text("user_agent", config.user_agent);
    c.proxy = input.text("proxy", config.proxy);
    c.trust = static_cast<oauthapp_trust>(config.trust);
    c.trusted_roots_pem = input.text("trusted_roots_pem", config.trusted_roots_pem);
    c.trusted_roots_file = input.text("trusted_roots_file", config.trusted_roots_file);
    c.pins = input.text("pins", config.pins);
    c.client_certificate_pem = input.text("client_certificate_pem", config.client_certificate_pem);
    c.client_key_pem = input.text("client_key_pem", config.client_key_pem);
    c.client_certificate_file = input.text("client_certificate_file", config.client_certificate_file);
    c.client_key_file = input.text("client_key_file", config.client_key_file);
    // In C, 0 is the default and -1 is none.
    c.max_retries = config.max_retries == 0 ? -1 : config.max_retries.value_or(0);
    if (config.max_retries.value_or(0) < 0) {
        input.refuse("max_retries", "must be 0 to 10");
    }
    c.flags = flag(config.keep_session, OAUTHAPP_CLIENT_KEEP_SESSION) |
              flag(config.allow_plain_http, OAUTHAPP_CLIENT_ALLOW_PLAIN_HTTP) |
              flag(!config.settle_sign_ups, OAUTHAPP_CLIENT_DONT_SETTLE_SIGN_UPS) |
              flag(config.proxy_from_environment, OAUTHAPP_CLIENT_PROXY_FROM_ENVIRONMENT) |
              flag(config.danger_accept_any_certificate_on_loopback,
                   OAUTHAPP_CLIENT_DANGER_ACCEPT_ANY_CERTIFICATE_ON_LOOPBACK);
    c.log_callback = log != nullptr ? log_line : nullptr;
    c.log_context = log;
    return c;
}

inline oauthapp_call_options in_c(Input& input, const CallOptions& options) {
    oauthapp_call_options c = oauthapp_call_options_init();
    c.timeout_ms = input.milliseconds("timeout", options.timeout);
    c.connect_timeout_ms = input.milliseconds("connect_timeout", options.connect_timeout);
    if (options.cancel_token) {
        c.cancel_token = options.cancel_token->native_handle();
        if (options.cancel_token->error()) {
            input.refuse(*options.cancel_token->error());
        }
    }
    return c;
}

inline oauthapp_sign_up_request in_c(Input& input, const SignUpRequest& request) {
    oauthapp_sign_up_request c = oauthapp_sign_up_request_init();
    c.nick_name = input.text("nick_name", request.nick_name);
    c.platform = input.text("platform", request.platform);
    c.pwd = input.text("pwd", request.pwd);
    c.user_name = input.text("user_name", request.user_name);
    c.email = input.text("email", request.email);
    c.phone = input.text("phone", request.phone);
    c.avatar = input.text("avatar", request.avatar);
    c.data = input.text("data", request.data);
    return c;
}

inline oauthapp_union_id_sign_up_request in_c(Input& input, const UnionIdSignUpRequest& request) {
    oauthapp_union_id_sign_up_request c = oauthapp_union_id_sign_up_request_init();
    c.platform = input.text("platform", request.platform);
    c.pwd = input.text("pwd", request.pwd);
    c.union_id = input.text("union_id", request.union_id);
    c.avatar = input.text("avatar", request.avatar);
    c.nick_name = input.text("nick_name", request.nick_name);
    c.email = input.text("email", request.email);
    c.phone = input.text("phone", request.phone);
    c.user_name = input.text("user_name", request.user_name);
    c.data = input.text("data", request.data);
    c.email_is_valid = tristate(request.email_is_valid);
    c.phone_is_valid = tristate(request.phone_is_valid);
    return c;
}

inline oauthapp_qr_code_sign_up_request in_c(Input& input, const QrCodeSignUpRequest& request) {
    oauthapp_qr_code_sign_up_request c = oauthapp_qr_code_sign_up_request_init();
    c.sign_in_key = request.sign_in_key ? input.text("sign_in_key", request.sign_in_key->as_given()) : nullptr;
    c.union_id = input.text("union_id", request.union_id);
    c.avatar = input.text("avatar", request.avatar);
    c.platform = input.text("platform", request.platform);
    c.nick_name = input.text("nick_name", request.nick_name);
    c.user_name = input.text("user_name", request.user_name);
    c.phone = input.text("phone", request.phone);
    c.email = input.text("email", request.email);
    c.phone_is_valid = tristate(request.phone_is_valid);
    c.email_is_valid = tristate(request.email_is_valid);
    return c;
}

// ---- From JSON to answers: ok, unexpected_response where it has another shape, or out_of_memory ----

/// Reads the fields of an object. Their types have changed, or may change, from one version of the server to the next: an id
/// that turns from a number into a string is still that id. What can't be read as the wanted type is empty, since one odd field
/// must not cost the whole answer.
class Fields {
public:
    explicit Fields(const Json& json) noexcept : json_(json.c_str()) {}

    [[nodiscard]] bool of_an_object() noexcept { return type("") == OAUTHAPP_JSON_OBJECT; }

    /// What came of reading them, where all else is as it should be or not.
    [[nodiscard]] ErrorCode outcome(bool as_expected) const noexcept {
        if (lacked_memory_) {
            return ErrorCode::out_of_memory;
        }
        return as_expected ? ErrorCode::ok : ErrorCode::unexpected_response;
    }

    [[nodiscard]] oauthapp_json_type type(const char* pointer) noexcept {
        oauthapp_json_type type = OAUTHAPP_JSON_NULL;
        note(oauthapp_json_get_type(json_, pointer, &type, nullptr));
        return type;
    }

    /// A text; numbers and booleans as they are written.
    void read(const char* pointer, std::optional<std::string>& into) { read_text(pointer, into); }
    /// A text that must not leak.
    void read(const char* pointer, std::optional<Secret>& into) { read_text(pointer, into); }

    /// A whole number; also from a string of digits, or from a number with a fraction, which is cut off.
    void read(const char* pointer, std::optional<std::int64_t>& into) {
        constexpr double exact = 9'007'199'254'740'992.0;  // 2^53: beyond it a double has lost digits already.
        std::int64_t number = 0;
        double rounded = 0;
        if (const Owned<char> text = string(pointer); text) {
            into = whole_number<std::int64_t>(text.get());
        } else if (oauthapp_json_get_int64(json_, pointer, &number, nullptr) == OAUTHAPP_OK) {
            into = number;
        } else if (oauthapp_json_get_double(json_, pointer, &rounded, nullptr) == OAUTHAPP_OK && rounded >= -exact &&
                   rounded <= exact) {
            into = static_cast<std::int64_t>(rounded);
        }
    }

    /// A truth value; also from the strings true and false in any case.
    void read(const char* pointer, std::optional<bool>& into) {
        bool truth = false;
        if (const Owned<char> text = string(pointer); text) {
            std::string word(trimmed(text.get()));
            for (char& letter : word) {
                letter = letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
            }
            if (word == "true" || word == "false") {
                into = word == "true";
            }
        } else if (oauthapp_json_get_bool(json_, pointer, &truth, nullptr) == OAUTHAPP_OK) {
            into = truth;
        }
    }

    /// The text of a string, or none.
    [[nodiscard]] Owned<char> string(const char* pointer) noexcept {
        char* text = nullptr;
        note(oauthapp_json_get_string(json_, pointer, &text, nullptr));
        return Owned<char>(text);
    }

private:
    /// What is missing, or of another type, is as if it were not there; what there is no memory for is not.
    void note(oauthapp_code code) noexcept { lacked_memory_ = lacked_memory_ || code == OAUTHAPP_ERROR_OUT_OF_MEMORY; }

    template <class T>
    void read_text(const char* pointer, std::optional<T>& into) {
        Owned<char> text = string(pointer);
        if (const auto found = type(pointer); found == OAUTHAPP_JSON_NUMBER || found == OAUTHAPP_JSON_BOOLEAN) {
            char* written = nullptr;
            note(oauthapp_json_get_json(json_, pointer, &written, nullptr));
            text.reset(written);
        }
        if (text) {
            into.emplace(text.get());
        }
    }

    const char* json_;
    bool lacked_memory_ = false;
};

inline ErrorCode read(const Json& json, Claims& claims) {
    Fields fields(json);
    fields.read("/jti", claims.jti);
    fields.read("/tenant_id", claims.tenant_id);
    fields.read("/tenant_name", claims.tenant_name);
    fields.read("/appid", claims.appid);
    fields.read("/nameid", claims.nameid);
    fields.read("/unique_name", claims.unique_name);
    fields.read("/role", claims.role);
    fields.read("/picture", claims.picture);
    fields.read("/email", claims.email);
    fields.read("/mobile", claims.mobile);
    fields.read("/unionid", claims.unionid);
    fields.read("/platform", claims.platform);
    fields.read("/grant_type", claims.grant_type);
    fields.read("/given_name", claims.given_name);
    fields.read("/groupsid", claims.groupsid);
    fields.read("/permission", claims.permission);
    fields.read("/nbf", claims.nbf);
    fields.read("/exp", claims.exp);
    fields.read("/iat", claims.iat);
    fields.read("/iss", claims.iss);
    fields.read("/aud", claims.aud);
    claims.json = json;
    return fields.outcome(fields.of_an_object());
}

inline ErrorCode read(const Json& json, Token& token) {
    Fields fields(json);
    const Owned<char> access_token = fields.string("/access_token");
    const Owned<char> token_type = fields.string("/token_type");
    if (!access_token || (!token_type && fields.type("/token_type") != OAUTHAPP_JSON_NULL)) {
        return fields.outcome(false);
    }
    token.access_token = access_token.get();
    if (token_type) {
        token.token_type = token_type.get();
    }
    fields.read("/expires_in", token.expires_in);
    token.json = json;
    return fields.outcome(true);
}

inline ErrorCode read(const Json& json, SignInKey& key) {
    Fields fields(json);
    const oauthapp_json_type type = fields.type("");
    key = json.text();
    return fields.outcome(type == OAUTHAPP_JSON_NUMBER || type == OAUTHAPP_JSON_STRING);
}

inline ErrorCode read(const Json& json, ApplicationInfo& application) {
    Fields fields(json);
    fields.read("/appID", application.app_id);
    fields.read("/name", application.name);
    fields.read("/logo", application.logo);
    fields.read("/website", application.website);
    fields.read("/description", application.description);
    fields.read("/tags", application.tags);
    fields.read("/scopes", application.scopes);
    fields.read("/remark", application.remark);
    fields.read("/scheme", application.scheme);
    application.json = json;
    return fields.outcome(fields.of_an_object());
}

inline ErrorCode read(const Json& json, Profile& profile) {
    Fields fields(json);
    fields.read("/appID", profile.app_id);
    fields.read("/platform", profile.platform);
    fields.read("/unionID", profile.union_id);
    fields.read("/phone", profile.phone);
    fields.read("/createDate", profile.create_date);
    fields.read("/userName", profile.user_name);
    fields.read("/phoneIsValid", profile.phone_is_valid);
    fields.read("/data", profile.data);
    fields.read("/email", profile.email);
    fields.read("/emailIsValid", profile.email_is_valid);
    fields.read("/lastUpdate", profile.last_update);
    fields.read("/nickName", profile.nick_name);
    fields.read("/id", profile.id);
    fields.read("/avatar", profile.avatar);
    fields.read("/role", profile.role);
    profile.json = json;
    return fields.outcome(fields.of_an_object());
}

inline ErrorCode read(const Json& json, bool& truth) {
    const oauthapp_code code = oauthapp_json_get_bool(json.c_str(), "", &truth, nullptr);
    return code == OAUTHAPP_OK ? ErrorCode::ok : ErrorCode::unexpected_response;
}

/// The error of an answer that could not be read.
inline Error unread(ErrorCode code) {
    if (code == ErrorCode::out_of_memory) {
        return {code, "There is not enough memory."};
    }
    return {code, "The answer has an unexpected shape. Its data is not of the type that answers this call."};
}

}  // namespace detail

inline Result<Claims> Claims::try_read(const Secret& access_token) {
    detail::Input input;
    const char* c_token = input.text("access_token", access_token);
    if (input.error()) {
        return *input.error();
    }
    char* json = nullptr;
    oauthapp_error* error = nullptr;
    const oauthapp_code code = oauthapp_token_claims(c_token, &json, &error);
    if (code != OAUTHAPP_OK) {
        return Error::adopt(code, error);
    }
    Claims claims;
    // That they are an object has been seen to.
    if (const ErrorCode read = detail::read(Json::adopt(json), claims); read == ErrorCode::out_of_memory) {
        return detail::unread(read);
    }
    return claims;
}

// ---- The client ----

/// A client for one application on one server: settings, the connections to the server, kept open between calls, and, with
/// Config::keep_session, the session of the last sign-in.
///
/// Any number of threads may call with one client at the same time. It may be moved but not copied; what calls have returned
/// outlives it. Calls that are under way on other threads when it is destroyed finish; none may begin then. With a client that
/// was moved from, every call fails with invalid_argument.
class Client {
public:
    /// Makes a client. Nothing is sent yet.
    ///
    /// Errors: invalid_argument (app_id, a timeout, max_retries, max_response_bytes, user_agent, trust), invalid_utf8,
    /// invalid_base_url, insecure_base_url, invalid_certificate, invalid_proxy, invalid_client_certificate, invalid_pin,
    /// verification_required; invalid_struct_size where the library that the program runs with is older than this header.
    [[nodiscard]] static Result<Client> create(const Config& config) {
        if (version_number() < OAUTHAPP_VERSION_NUMBER) {
            return Error(ErrorCode::invalid_struct_size,
                         "The library that the program runs with is too old. It is liboauthapp " + std::string(version()) +
                             ", and the program was compiled for " OAUTHAPP_VERSION ".");
        }
        Client client;
        client.log_ = config.log ? std::make_shared<Log>(config.log) : nullptr;
        detail::Input input;
        const oauthapp_client_config c_config = detail::in_c(input, config, client.log_.get());
        if (input.error()) {
            return *input.error();
        }
        oauthapp_client* made = nullptr;
        oauthapp_error* error = nullptr;
        const oauthapp_code code = oauthapp_client_new(&c_config, &made, &error);
        if (code != OAUTHAPP_OK) {
            return Error::adopt(code, error);
        }
        client.handle_.reset(made);
        return {std::move(client)};
    }

    /// Signs in with an account name and a password. Errors: no_such_user, wrong_password, no_such_application, and those of
    /// every call.
    [[nodiscard]] Result<Token> try_sign_in(const Text& user_name, const Secret& pwd, const CallOptions& options = {}) const {
        detail::Input input;
        return call<Token>(input, options, oauthapp_sign_in, input.text("user_name", user_name), input.text("pwd", pwd));
    }

    /// Makes an account and signs it in. Errors: account_exists, no_such_application, bad_request for fields that the server
    /// misses or can't read, and those of every call.
    ///
    /// A sign-up is sent once. When its answer gets lost, a sign-in with the same credentials finds out, within the deadline,
    /// whether the account exists all the same; its token then is the answer (Config::settle_sign_ups). With another password it
    /// is account_exists. Where that can't be found out either, the error is not retryable: a second sign-up could only answer
    /// account_exists.
    [[nodiscard]] Result<Token> try_sign_up(const SignUpRequest& request, const CallOptions& options = {}) const {
        return call_with<Token>(request, options, oauthapp_sign_up);
    }

    /// Signs in with platform and union id. Errors: no_such_user, no_such_application, and those of every call.
    ///
    /// There is no password in it: whoever knows platform and union id signs in. Keep union ids as secret as passwords.
    [[nodiscard]] Result<Token> try_union_id_sign_in(const Text& platform, const Secret& union_id,
                                                     const CallOptions& options = {}) const {
        detail::Input input;
        return call<Token>(input, options, oauthapp_union_id_sign_in, input.text("platform", platform),
                           input.text("union_id", union_id));
    }

    /// Makes an account for a union id and signs it in. Errors, and what happens when the answer gets lost: as try_sign_up.
    [[nodiscard]] Result<Token> try_union_id_sign_up(const UnionIdSignUpRequest& request,
                                                     const CallOptions& options = {}) const {
        return call_with<Token>(request, options, oauthapp_union_id_sign_up);
    }

    /// Asks for the key of a new QR code (the screen's side). Errors: qr_not_configured, no_such_application, and those of
    /// every call.
    [[nodiscard]] Result<SignInKey> try_qr_code_pre_sign_in(const QrCodePreSignInRequest& request = {},
                                                            const CallOptions& options = {}) const {
        detail::Input input;
        return call<SignInKey>(input, options, oauthapp_qr_code_pre_sign_in, input.text("scopes", request.scopes),
                               input.text("remark", request.remark), input.text("scheme", request.scheme));
    }

    /// Asks once what has become of a QR code (the screen's side). Ask every second or two until there is a token; the server
    /// gives the key no lifetime and does not say when the user declines, so set a deadline of your own.
    ///
    /// Errors: qr_waiting and qr_scanned (ask again), qr_expired (make a new code), and those of every call.
    [[nodiscard]] Result<Token> try_qr_code_sign_in(const SignInKey& sign_in_key, const CallOptions& options = {}) const {
        detail::Input input;
        return call<Token>(input, options, oauthapp_qr_code_sign_in, input.text("sign_in_key", sign_in_key.as_given()));
    }

    /// Reports that the phone has scanned a code, and learns which application wants to sign someone in. Errors: qr_expired,
    /// and those of every call.
    [[nodiscard]] Result<ApplicationInfo> try_qr_code_scan(const SignInKey& sign_in_key,
                                                           const CallOptions& options = {}) const {
        detail::Input input;
        return call<ApplicationInfo>(input, options, oauthapp_qr_code_scan,
                                     input.text("sign_in_key", sign_in_key.as_given()));
    }

    /// Confirms a QR sign-in on the phone's side, with the phone's user. It is sent once; when its answer gets lost, it may have
    /// been done all the same. Errors: qr_expired, and those of every call.
    [[nodiscard]] Result<Token> try_qr_code_sign_up(const QrCodeSignUpRequest& request,
                                                    const CallOptions& options = {}) const {
        return call_with<Token>(request, options, oauthapp_qr_code_sign_up);
    }

    /// Reads the profile of the user of this token, or without one of the session that the client holds (Config::keep_session).
    ///
    /// Errors: not_signed_in without a token, token_expired, token_rejected, unauthorized, user_gone, and those of every call.
    [[nodiscard]] Result<Profile> try_get_profile(const std::optional<Secret>& access_token = std::nullopt,
                                                  const CallOptions& options = {}) const {
        detail::Input input;
        return call<Profile>(input, options, oauthapp_get_profile, input.text("access_token", access_token));
    }

    /// Changes the profile of that user. Gives what the server says of it, true or false. Errors: as try_get_profile.
    [[nodiscard]] Result<bool> try_update_profile(const UpdateProfileRequest& request,
                                                  const std::optional<Secret>& access_token = std::nullopt,
                                                  const CallOptions& options = {}) const {
        detail::Input input;
        return call<bool>(input, options, oauthapp_update_profile, input.text("access_token", access_token),
                          input.text("avatar", request.avatar), input.text("data", request.data),
                          input.text("nick_name", request.nick_name));
    }

    /// Forgets the session that the client holds; without one, does nothing. The server has no sign-out: the token stays good
    /// until it runs out. Errors: invalid_argument with a client that was moved from.
    Result<void> try_sign_out() const {
        oauthapp_error* error = nullptr;
        const oauthapp_code code = oauthapp_client_sign_out(handle_.get(), &error);
        return code == OAUTHAPP_OK ? Result<void>() : Error::adopt(code, error);
    }

    /// Whether the client holds a session: the server has answered a sign-in or sign-up with a token, and the session has not
    /// ended since. That is so also where the call failed with unexpected_response or out_of_memory because the rest of the
    /// answer could not be read into a Token. Always false without Config::keep_session.
    [[nodiscard]] bool is_signed_in() const noexcept { return oauthapp_client_is_signed_in(handle_.get()); }

    /// The object for functions of oauthapp.h; lives as long as this client. NULL after a move. A call that is made with it ends
    /// before this client does, if there is a Config::log, which it uses.
    [[nodiscard]] oauthapp_client* native_handle() const noexcept { return handle_.get(); }

#ifdef OAUTHAPP_HPP_EXCEPTIONS
    // The same as above; they give the value, and throw the Error.
    // NOLINTBEGIN(modernize-use-nodiscard): with Config::keep_session, a sign-in is complete without its token.

    /// Makes a client. See create().
    explicit Client(const Config& config) : Client(create(config).value()) {}

    /// See try_sign_in.
    Token sign_in(const Text& user_name, const Secret& pwd, const CallOptions& options = {}) const {
        return try_sign_in(user_name, pwd, options).value();
    }
    /// See try_sign_up.
    Token sign_up(const SignUpRequest& request, const CallOptions& options = {}) const {
        return try_sign_up(request, options).value();
    }
    /// See try_union_id_sign_in.
    Token union_id_sign_in(const Text& platform, const Secret& union_id, const CallOptions& options = {}) const {
        return try_union_id_sign_in(platform, union_id, options).value();
    }
    /// See try_union_id_sign_up.
    Token union_id_sign_up(const UnionIdSignUpRequest& request, const CallOptions& options = {}) const {
        return try_union_id_sign_up(request, options).value();
    }
    /// See try_qr_code_pre_sign_in.
    SignInKey qr_code_pre_sign_in(const QrCodePreSignInRequest& request = {}, const CallOptions& options = {}) const {
        return try_qr_code_pre_sign_in(request, options).value();
    }
    /// See try_qr_code_sign_in.
    Token qr_code_sign_in(const SignInKey& sign_in_key, const CallOptions& options = {}) const {
        return try_qr_code_sign_in(sign_in_key, options).value();
    }
    /// See try_qr_code_scan.
    ApplicationInfo qr_code_scan(const SignInKey& sign_in_key, const CallOptions& options = {}) const {
        return try_qr_code_scan(sign_in_key, options).value();
    }
    /// See try_qr_code_sign_up.
    Token qr_code_sign_up(const QrCodeSignUpRequest& request, const CallOptions& options = {}) const {
        return try_qr_code_sign_up(request, options).value();
    }
    /// See try_get_profile.
    [[nodiscard]] Profile get_profile(const std::optional<Secret>& access_token = std::nullopt,
                                      const CallOptions& options = {}) const {
        return try_get_profile(access_token, options).value();
    }
    /// See try_update_profile.
    bool update_profile(const UpdateProfileRequest& request, const std::optional<Secret>& access_token = std::nullopt,
                        const CallOptions& options = {}) const {
        return try_update_profile(request, access_token, options).value();
    }
    /// See try_sign_out.
    void sign_out() const { try_sign_out().value(); }
    // NOLINTEND(modernize-use-nodiscard)
#endif

private:
    Client() = default;

    /// Makes one of the ten calls, and reads its answer.
    template <class Answer, class Function, class... Arguments>
    Result<Answer> call(detail::Input& input, const CallOptions& options, Function function, Arguments... arguments) const {
        const oauthapp_call_options c_options = detail::in_c(input, options);
        if (input.error()) {
            return *input.error();
        }
        // Lives until the call returns, also where another thread destroys the client meanwhile.
        const std::shared_ptr<Log> log = log_;
        char* data = nullptr;
        oauthapp_error* error = nullptr;
        const oauthapp_code code = function(handle_.get(), arguments..., &c_options, &data, &error);
        if (code != OAUTHAPP_OK) {
            return Error::adopt(code, error);
        }
        Answer answer{};
        if (const ErrorCode read = detail::read(Json::adopt(data), answer); read != ErrorCode::ok) {
            return detail::unread(read);
        }
        return answer;
    }

    /// The same for a call whose request is a struct.
    template <class Answer, class Request, class Function>
    Result<Answer> call_with(const Request& request, const CallOptions& options, Function function) const {
        detail::Input input;
        const auto c_request = detail::in_c(input, request);
        return call<Answer>(input, options, function, &c_request);
    }

    // Freed after the client, which calls it.
    std::shared_ptr<Log> log_;
    detail::Owned<oauthapp_client> handle_;
};

}  // namespace oauthapp

#endif  // OAUTHAPP_HPP

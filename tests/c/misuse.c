/*
 * Wrong uses of every function: each gives its error and leaves its outputs empty, or does nothing. No server is
 * needed; a call with nothing wrong in it fails as nobody listens at its address, so "nothing was sent" shows in the
 * code.
 */
#define _POSIX_C_SOURCE 200809L

#include <netinet/in.h>
#include <sys/socket.h>

#include "check.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* Stands in every value that is a secret, and must stand in no message. */
#define SECRET "s3cret"

/* {"a":1} as the claims of a token. */
#define TOKEN SECRET ".eyJhIjoxfQ." SECRET

static const oauthapp_code INVALID_ARGUMENT = OAUTHAPP_ERROR_INVALID_ARGUMENT;

enum { HUGE_BYTES = 16 * 1024 * 1024, BRACKETS = 1000000, DEEPEST = 32 * 1024 };
static char *huge;

/* Handles of every sort. */
static oauthapp_client *client, *freed_client;
static oauthapp_error *error_object, *freed_error;
/* One to be given to calls, one to be cancelled. */
static oauthapp_cancel_token *cancel_token, *unused_token, *freed_token;

static char base_url[64];
static oauthapp_client_config config;
static oauthapp_call_options options;
static oauthapp_sign_up_request sign_up;
static oauthapp_union_id_sign_up_request union_id_sign_up;
static oauthapp_qr_code_sign_up_request qr_code_sign_up;

/* ---- The functions, as tables ---- */

/* A string and what comes of a wrong one. */
struct text {
    oauthapp_code when_null, when_empty, when_huge, when_lines;
};

/* A struct that the caller fills; the offsets of the fields that are strings and tristates. */
struct structure {
    const char *name;
    size_t size;
    oauthapp_code when_null;
    struct {
        size_t offset;
        struct text text;
    } texts[12];
    size_t tristates[3];
};

enum kind { END, CLIENT, CANCEL_TOKEN, TEXT, STRUCT, STRING_OUT, CLIENT_OUT, CANCEL_TOKEN_OUT, NUMBER_OUT, ERROR_OUT };

struct parameter {
    enum kind kind;
    const void *right;
    struct text text;
    const struct structure *structure;
    size_t size;
};

struct function {
    const char *name;
    oauthapp_code (*call)(void *const *a);
    oauthapp_code when_right;
    struct parameter parameters[9];
};

/* In a request: NULL, an empty string and line breaks are as good as any; a huge one is more than a request may have. */
#define REQUEST_TEXT \
    {OAUTHAPP_ERROR_CONNECT, OAUTHAPP_ERROR_CONNECT, OAUTHAPP_ERROR_INVALID_ARGUMENT, OAUTHAPP_ERROR_CONNECT}

/* Where anything but the right text is wrong. */
#define NOT_ANY_TEXT(when_null, code) {when_null, code, code, code}

/* Each of them is of no use without another. */
#define CLIENT_CERTIFICATE_TEXT NOT_ANY_TEXT(OAUTHAPP_OK, OAUTHAPP_ERROR_INVALID_CLIENT_CERTIFICATE)

static const struct structure CONFIG = {
    .name = "oauthapp_client_config",
    .size = sizeof(oauthapp_client_config),
    .when_null = OAUTHAPP_ERROR_INVALID_ARGUMENT,
    .texts = {
        {offsetof(oauthapp_client_config, base_url),
         NOT_ANY_TEXT(OAUTHAPP_OK, OAUTHAPP_ERROR_INVALID_BASE_URL)},
        {offsetof(oauthapp_client_config, user_agent),
         NOT_ANY_TEXT(OAUTHAPP_OK, OAUTHAPP_ERROR_INVALID_ARGUMENT)},
        {offsetof(oauthapp_client_config, proxy),
         NOT_ANY_TEXT(OAUTHAPP_OK, OAUTHAPP_ERROR_INVALID_PROXY)},
        {offsetof(oauthapp_client_config, trusted_roots_pem),
         NOT_ANY_TEXT(OAUTHAPP_OK, OAUTHAPP_ERROR_INVALID_CERTIFICATE)},
        {offsetof(oauthapp_client_config, trusted_roots_file),
         NOT_ANY_TEXT(OAUTHAPP_OK, OAUTHAPP_ERROR_INVALID_CERTIFICATE)},
        {offsetof(oauthapp_client_config, pins),
         NOT_ANY_TEXT(OAUTHAPP_OK, OAUTHAPP_ERROR_INVALID_PIN)},
        {offsetof(oauthapp_client_config, client_certificate_pem), CLIENT_CERTIFICATE_TEXT},
        {offsetof(oauthapp_client_config, client_key_pem), CLIENT_CERTIFICATE_TEXT},
        {offsetof(oauthapp_client_config, client_certificate_file), CLIENT_CERTIFICATE_TEXT},
        {offsetof(oauthapp_client_config, client_key_file), CLIENT_CERTIFICATE_TEXT},
    },
};

static const struct structure OPTIONS = {
    .name = "oauthapp_call_options",
    .size = sizeof(oauthapp_call_options),
    .when_null = OAUTHAPP_ERROR_CONNECT,
};

static const struct structure SIGN_UP = {
    .name = "oauthapp_sign_up_request",
    .size = sizeof(oauthapp_sign_up_request),
    .when_null = OAUTHAPP_ERROR_INVALID_ARGUMENT,
    .texts = {
        {offsetof(oauthapp_sign_up_request, nick_name), REQUEST_TEXT},
        {offsetof(oauthapp_sign_up_request, platform), REQUEST_TEXT},
        {offsetof(oauthapp_sign_up_request, pwd), REQUEST_TEXT},
        {offsetof(oauthapp_sign_up_request, user_name), REQUEST_TEXT},
        {offsetof(oauthapp_sign_up_request, email), REQUEST_TEXT},
        {offsetof(oauthapp_sign_up_request, phone), REQUEST_TEXT},
        {offsetof(oauthapp_sign_up_request, avatar), REQUEST_TEXT},
        {offsetof(oauthapp_sign_up_request, data), REQUEST_TEXT},
    },
};

static const struct structure UNION_ID_SIGN_UP = {
    .name = "oauthapp_union_id_sign_up_request",
    .size = sizeof(oauthapp_union_id_sign_up_request),
    .when_null = OAUTHAPP_ERROR_INVALID_ARGUMENT,
    .texts = {
        {offsetof(oauthapp_union_id_sign_up_request, platform), REQUEST_TEXT},
        {offsetof(oauthapp_union_id_sign_up_request, pwd), REQUEST_TEXT},
        {offsetof(oauthapp_union_id_sign_up_request, union_id), REQUEST_TEXT},
        {offsetof(oauthapp_union_id_sign_up_request, avatar), REQUEST_TEXT},
        {offsetof(oauthapp_union_id_sign_up_request, nick_name), REQUEST_TEXT},
        {offsetof(oauthapp_union_id_sign_up_request, email), REQUEST_TEXT},
        {offsetof(oauthapp_union_id_sign_up_request, phone), REQUEST_TEXT},
        {offsetof(oauthapp_union_id_sign_up_request, user_name), REQUEST_TEXT},
        {offsetof(oauthapp_union_id_sign_up_request, data), REQUEST_TEXT},
    },
    .tristates = {offsetof(oauthapp_union_id_sign_up_request, email_is_valid),
                  offsetof(oauthapp_union_id_sign_up_request, phone_is_valid)},
};

static const struct structure QR_CODE_SIGN_UP = {
    .name = "oauthapp_qr_code_sign_up_request",
    .size = sizeof(oauthapp_qr_code_sign_up_request),
    .when_null = OAUTHAPP_ERROR_INVALID_ARGUMENT,
    .texts = {
        {offsetof(oauthapp_qr_code_sign_up_request, sign_in_key),
         {OAUTHAPP_ERROR_INVALID_ARGUMENT, OAUTHAPP_ERROR_CONNECT, OAUTHAPP_ERROR_INVALID_ARGUMENT, OAUTHAPP_ERROR_CONNECT}},
        {offsetof(oauthapp_qr_code_sign_up_request, union_id), REQUEST_TEXT},
        {offsetof(oauthapp_qr_code_sign_up_request, avatar), REQUEST_TEXT},
        {offsetof(oauthapp_qr_code_sign_up_request, platform), REQUEST_TEXT},
        {offsetof(oauthapp_qr_code_sign_up_request, nick_name), REQUEST_TEXT},
        {offsetof(oauthapp_qr_code_sign_up_request, user_name), REQUEST_TEXT},
        {offsetof(oauthapp_qr_code_sign_up_request, phone), REQUEST_TEXT},
        {offsetof(oauthapp_qr_code_sign_up_request, email), REQUEST_TEXT},
    },
    .tristates = {offsetof(oauthapp_qr_code_sign_up_request, phone_is_valid),
                  offsetof(oauthapp_qr_code_sign_up_request, email_is_valid)},
};

static oauthapp_code call_client_new(void *const *a) { return oauthapp_client_new(a[0], a[1], a[2]); }
static oauthapp_code call_sign_out(void *const *a) { return oauthapp_client_sign_out(a[0], a[1]); }
static oauthapp_code call_token_new(void *const *a) { return oauthapp_cancel_token_new(a[0], a[1]); }
static oauthapp_code call_token_cancel(void *const *a) { return oauthapp_cancel_token_cancel(a[0], a[1]); }
static oauthapp_code call_sign_in(void *const *a) { return oauthapp_sign_in(a[0], a[1], a[2], a[3], a[4], a[5]); }
static oauthapp_code call_sign_up(void *const *a) { return oauthapp_sign_up(a[0], a[1], a[2], a[3], a[4]); }
static oauthapp_code call_union_id_sign_in(void *const *a)
{
    return oauthapp_union_id_sign_in(a[0], a[1], a[2], a[3], a[4], a[5]);
}
static oauthapp_code call_union_id_sign_up(void *const *a)
{
    return oauthapp_union_id_sign_up(a[0], a[1], a[2], a[3], a[4]);
}
static oauthapp_code call_qr_code_pre_sign_in(void *const *a)
{
    return oauthapp_qr_code_pre_sign_in(a[0], a[1], a[2], a[3], a[4], a[5], a[6]);
}
static oauthapp_code call_qr_code_sign_in(void *const *a)
{
    return oauthapp_qr_code_sign_in(a[0], a[1], a[2], a[3], a[4]);
}
static oauthapp_code call_qr_code_scan(void *const *a) { return oauthapp_qr_code_scan(a[0], a[1], a[2], a[3], a[4]); }
static oauthapp_code call_qr_code_sign_up(void *const *a)
{
    return oauthapp_qr_code_sign_up(a[0], a[1], a[2], a[3], a[4]);
}
static oauthapp_code call_get_profile(void *const *a) { return oauthapp_get_profile(a[0], a[1], a[2], a[3], a[4]); }
static oauthapp_code call_update_profile(void *const *a)
{
    return oauthapp_update_profile(a[0], a[1], a[2], a[3], a[4], a[5], a[6], a[7]);
}
static oauthapp_code call_token_claims(void *const *a) { return oauthapp_token_claims(a[0], a[1], a[2]); }
static oauthapp_code call_get_string(void *const *a) { return oauthapp_json_get_string(a[0], a[1], a[2], a[3]); }
static oauthapp_code call_get_int64(void *const *a) { return oauthapp_json_get_int64(a[0], a[1], a[2], a[3]); }
static oauthapp_code call_get_double(void *const *a) { return oauthapp_json_get_double(a[0], a[1], a[2], a[3]); }
static oauthapp_code call_get_bool(void *const *a) { return oauthapp_json_get_bool(a[0], a[1], a[2], a[3]); }
static oauthapp_code call_get_json(void *const *a) { return oauthapp_json_get_json(a[0], a[1], a[2], a[3]); }
static oauthapp_code call_get_type(void *const *a) { return oauthapp_json_get_type(a[0], a[1], a[2], a[3]); }

/* The handles and the structs are filled in when the program starts; the tables hold where they are. */
#define A_CLIENT {.kind = CLIENT, .right = &client}
#define A_CANCEL_TOKEN {.kind = CANCEL_TOKEN}
#define A_TEXT(right_one, null, empty, a_huge_one, lines) \
    {.kind = TEXT, .right = right_one, .text = {null, empty, a_huge_one, lines}}
/* In a request: one that must be given, and one that may be left out. */
#define A_FIELD(right_one) \
    A_TEXT(right_one, OAUTHAPP_ERROR_INVALID_ARGUMENT, OAUTHAPP_ERROR_CONNECT, OAUTHAPP_ERROR_INVALID_ARGUMENT, \
           OAUTHAPP_ERROR_CONNECT)
#define AN_OPTIONAL_FIELD(right_one) {.kind = TEXT, .right = right_one, .text = REQUEST_TEXT}
#define AN_ACCESS_TOKEN \
    A_TEXT(TOKEN, OAUTHAPP_ERROR_NOT_SIGNED_IN, OAUTHAPP_ERROR_INVALID_ARGUMENT, OAUTHAPP_ERROR_INVALID_ARGUMENT, \
           OAUTHAPP_ERROR_INVALID_ARGUMENT)
#define A_STRUCT(right_one, layout) {.kind = STRUCT, .right = &right_one, .structure = &layout}
#define SOME_OPTIONS A_STRUCT(options, OPTIONS)
#define A_JSON(right_one) \
    A_TEXT(right_one, OAUTHAPP_ERROR_INVALID_ARGUMENT, OAUTHAPP_ERROR_JSON_SYNTAX, OAUTHAPP_ERROR_JSON_SYNTAX, \
           OAUTHAPP_ERROR_JSON_SYNTAX)
/* The right pointer is a member's, so the empty one names a value of another type; some getters take any type. */
#define A_POINTER(empty) \
    A_TEXT("/a", OAUTHAPP_ERROR_INVALID_ARGUMENT, empty, OAUTHAPP_ERROR_JSON_POINTER_SYNTAX, \
           OAUTHAPP_ERROR_JSON_POINTER_SYNTAX)
#define A_STRING_OUT {.kind = STRING_OUT, .size = sizeof(char *)}
#define A_CLIENT_OUT {.kind = CLIENT_OUT, .size = sizeof(oauthapp_client *)}
#define A_CANCEL_TOKEN_OUT {.kind = CANCEL_TOKEN_OUT, .size = sizeof(oauthapp_cancel_token *)}
#define A_NUMBER_OUT(type) {.kind = NUMBER_OUT, .size = sizeof(type)}
#define AN_ERROR_OUT {.kind = ERROR_OUT}

static const struct function FUNCTIONS[] = {
    {"oauthapp_client_new", call_client_new, OAUTHAPP_OK, {A_STRUCT(config, CONFIG), A_CLIENT_OUT, AN_ERROR_OUT}},
    {"oauthapp_client_sign_out", call_sign_out, OAUTHAPP_OK, {A_CLIENT, AN_ERROR_OUT}},
    {"oauthapp_cancel_token_new", call_token_new, OAUTHAPP_OK, {A_CANCEL_TOKEN_OUT, AN_ERROR_OUT}},
    {"oauthapp_cancel_token_cancel", call_token_cancel, OAUTHAPP_OK, {A_CANCEL_TOKEN, AN_ERROR_OUT}},
    {"oauthapp_sign_in", call_sign_in, OAUTHAPP_ERROR_CONNECT,
     {A_CLIENT, A_FIELD("user"), A_FIELD(SECRET), SOME_OPTIONS, A_STRING_OUT, AN_ERROR_OUT}},
    {"oauthapp_sign_up", call_sign_up, OAUTHAPP_ERROR_CONNECT,
     {A_CLIENT, A_STRUCT(sign_up, SIGN_UP), SOME_OPTIONS, A_STRING_OUT, AN_ERROR_OUT}},
    {"oauthapp_union_id_sign_in", call_union_id_sign_in, OAUTHAPP_ERROR_CONNECT,
     {A_CLIENT, A_FIELD("web"), A_FIELD(SECRET), SOME_OPTIONS, A_STRING_OUT, AN_ERROR_OUT}},
    {"oauthapp_union_id_sign_up", call_union_id_sign_up, OAUTHAPP_ERROR_CONNECT,
     {A_CLIENT, A_STRUCT(union_id_sign_up, UNION_ID_SIGN_UP), SOME_OPTIONS, A_STRING_OUT, AN_ERROR_OUT}},
    {"oauthapp_qr_code_pre_sign_in", call_qr_code_pre_sign_in, OAUTHAPP_ERROR_CONNECT,
     {A_CLIENT, AN_OPTIONAL_FIELD("scopes"), AN_OPTIONAL_FIELD("remark"), AN_OPTIONAL_FIELD("app"), SOME_OPTIONS,
      A_STRING_OUT, AN_ERROR_OUT}},
    {"oauthapp_qr_code_sign_in", call_qr_code_sign_in, OAUTHAPP_ERROR_CONNECT,
     {A_CLIENT, A_FIELD(SECRET), SOME_OPTIONS, A_STRING_OUT, AN_ERROR_OUT}},
    {"oauthapp_qr_code_scan", call_qr_code_scan, OAUTHAPP_ERROR_CONNECT,
     {A_CLIENT, A_FIELD(SECRET), SOME_OPTIONS, A_STRING_OUT, AN_ERROR_OUT}},
    {"oauthapp_qr_code_sign_up", call_qr_code_sign_up, OAUTHAPP_ERROR_CONNECT,
     {A_CLIENT, A_STRUCT(qr_code_sign_up, QR_CODE_SIGN_UP), SOME_OPTIONS, A_STRING_OUT, AN_ERROR_OUT}},
    {"oauthapp_get_profile", call_get_profile, OAUTHAPP_ERROR_CONNECT,
     {A_CLIENT, AN_ACCESS_TOKEN, SOME_OPTIONS, A_STRING_OUT, AN_ERROR_OUT}},
    {"oauthapp_update_profile", call_update_profile, OAUTHAPP_ERROR_CONNECT,
     {A_CLIENT, AN_ACCESS_TOKEN, AN_OPTIONAL_FIELD("a.png"), AN_OPTIONAL_FIELD("data"), AN_OPTIONAL_FIELD("name"),
      SOME_OPTIONS, A_STRING_OUT, AN_ERROR_OUT}},
    {"oauthapp_token_claims", call_token_claims, OAUTHAPP_OK,
     {A_TEXT(TOKEN, OAUTHAPP_ERROR_INVALID_ARGUMENT, OAUTHAPP_ERROR_INVALID_TOKEN, OAUTHAPP_ERROR_INVALID_TOKEN,
             OAUTHAPP_ERROR_INVALID_TOKEN),
      A_STRING_OUT, AN_ERROR_OUT}},
    {"oauthapp_json_get_string", call_get_string, OAUTHAPP_OK,
     {A_JSON("{\"a\":\"b\"}"), A_POINTER(OAUTHAPP_ERROR_JSON_TYPE), A_STRING_OUT, AN_ERROR_OUT}},
    {"oauthapp_json_get_int64", call_get_int64, OAUTHAPP_OK,
     {A_JSON("{\"a\":1}"), A_POINTER(OAUTHAPP_ERROR_JSON_TYPE), A_NUMBER_OUT(int64_t), AN_ERROR_OUT}},
    {"oauthapp_json_get_double", call_get_double, OAUTHAPP_OK,
     {A_JSON("{\"a\":1.5}"), A_POINTER(OAUTHAPP_ERROR_JSON_TYPE), A_NUMBER_OUT(double), AN_ERROR_OUT}},
    {"oauthapp_json_get_bool", call_get_bool, OAUTHAPP_OK,
     {A_JSON("{\"a\":true}"), A_POINTER(OAUTHAPP_ERROR_JSON_TYPE), A_NUMBER_OUT(bool), AN_ERROR_OUT}},
    {"oauthapp_json_get_json", call_get_json, OAUTHAPP_OK,
     {A_JSON("{\"a\":[]}"), A_POINTER(OAUTHAPP_OK), A_STRING_OUT, AN_ERROR_OUT}},
    {"oauthapp_json_get_type", call_get_type, OAUTHAPP_OK,
     {A_JSON("{\"a\":[]}"), A_POINTER(OAUTHAPP_OK), A_NUMBER_OUT(oauthapp_json_type), AN_ERROR_OUT}},
};

/* ---- One call ---- */

/* Any output. It holds garbage before the call, and an unchanged rest after it. */
union output {
    char *string;
    oauthapp_client *client;
    oauthapp_cancel_token *cancel_token;
    unsigned char bytes[16];
};

static const unsigned char GARBAGE = 0xA5;

static bool all_bytes_are(const unsigned char *bytes, size_t count, unsigned char value)
{
    while (count > 0 && *bytes == value) {
        ++bytes;
        --count;
    }
    return count == 0;
}

static void wrong(const struct function *function, const char *what, const char *why)
{
    fflush(stdout);
    fprintf(stderr, "%s:%s with %s: %s\n", __FILE__, function->name, what, why);
    exit(1);
}

static void check_error_object(const struct function *function, const char *what, const oauthapp_error *error,
                               oauthapp_code code)
{
    const char *message = oauthapp_error_message(error);
    if (oauthapp_error_code(error) != code) {
        wrong(function, what, "the error object has another code");
    }
    if (message[0] == '\0' || strchr(message, '\n') != NULL || strchr(message, '\r') != NULL) {
        wrong(function, what, "the message is not one line");
    }
    if (strstr(message, SECRET) != NULL) {
        wrong(function, what, "the message holds a secret");
    }
    if (oauthapp_error_http_status(error) != 0 || oauthapp_error_server_message(error) != NULL) {
        wrong(function, what, "the error claims that a server answered");
    }
}

static void check_call(const struct function *function, void **arguments, const char *what, oauthapp_code expected)
{
    union output output;
    oauthapp_error *error = (oauthapp_error *)&output;
    const struct parameter *out = NULL;
    oauthapp_code code;
    size_t i;

    memset(&output, GARBAGE, sizeof output);
    for (i = 0; function->parameters[i].kind != END; ++i) {
        switch (function->parameters[i].kind) {
        case STRING_OUT:
        case CLIENT_OUT:
        case CANCEL_TOKEN_OUT:
        case NUMBER_OUT:
            out = arguments[i] != NULL ? &function->parameters[i] : NULL;
            arguments[i] = arguments[i] != NULL ? &output : NULL;
            break;
        case ERROR_OUT:
            arguments[i] = arguments[i] != NULL ? &error : NULL;
            break;
        default:
            break;
        }
    }

    code = function->call(arguments);
    if (code != expected) {
        fprintf(stderr, "expected %s, got %s\n", oauthapp_code_name(expected), oauthapp_code_name(code));
        wrong(function, what, "another code");
    }
    if (out != NULL && code != OAUTHAPP_OK && !all_bytes_are(output.bytes, out->size, 0)) {
        wrong(function, what, "the output is not empty");
    }
    if (out != NULL && !all_bytes_are(output.bytes + out->size, sizeof output - out->size, GARBAGE)) {
        wrong(function, what, "something was written behind the output");
    }
    if (out != NULL && code == OAUTHAPP_OK && out->kind == STRING_OUT) {
        oauthapp_string_free(output.string);
    }
    if (out != NULL && code == OAUTHAPP_OK && out->kind == CLIENT_OUT) {
        oauthapp_client_free(output.client);
    }
    if (out != NULL && code == OAUTHAPP_OK && out->kind == CANCEL_TOKEN_OUT) {
        oauthapp_cancel_token_free(output.cancel_token);
    }
    if (arguments[i - 1] == NULL) {
        return; /* No error object was asked for. */
    }
    if (code == OAUTHAPP_OK) {
        if (error != NULL) {
            wrong(function, what, "an error object in spite of success");
        }
        return;
    }
    check_error_object(function, what, error, code);
    oauthapp_error_free(error);
}

/* Calls with right arguments but for one. */
static void check_with(const struct function *function, size_t position, const void *argument, const char *what,
                       oauthapp_code expected)
{
    void *arguments[COUNT(function->parameters)];
    size_t i, wanted;
    char place[128];

    snprintf(place, sizeof place, "%s as argument %u", what, (unsigned)position + 1);
    for (wanted = 0; wanted < 2; ++wanted) {
        for (i = 0; function->parameters[i].kind != END; ++i) {
            const struct parameter *parameter = &function->parameters[i];
            switch (parameter->kind) {
            case CLIENT:
                arguments[i] = client;
                break;
            case CANCEL_TOKEN:
                arguments[i] = unused_token;
                break;
            case TEXT:
            case STRUCT:
                arguments[i] = (void *)parameter->right;
                break;
            default:
                arguments[i] = arguments; /* Any, to say "not NULL": check_call puts its own. */
            }
        }
        arguments[position] = (void *)argument;
        if (wanted == 0) {
            arguments[i - 1] = NULL; /* The last is where the error object goes. */
        }
        check_call(function, arguments, place, expected);
    }
}

/* ---- Every wrong argument in every position ---- */

static const struct {
    const char *name;
    const char *bytes;
} NOT_UTF8[] = {
    {"a lone continuation byte", "a\x80"},
    {"an overlong NUL", "\xC0\x80"},
    {"an overlong slash", "\xE0\x80\xAF"},
    {"a surrogate", "\xED\xA0\x80"},
    {"a code point beyond Unicode", "\xF4\x90\x80\x80"},
    {"a truncated character", "ab\xE4\xBD"},
    {"a byte that is never one of UTF-8", "\xFF" SECRET},
};

/* What would be further lines of a request's head or of a log. */
#define LINES SECRET "\r\nX-Evil: 1\r\n\r\nGET / HTTP/1.1\n"

/* A handle's number without a handle: never followed, always found out. */
static const void *made_up(uintptr_t number)
{
    const void *pointer;
    memcpy(&pointer, &number, sizeof pointer);
    return pointer;
}

/* `other` is a handle of the other kind, `freed` one of the right kind. */
static void check_handle(const struct function *function, size_t position, const void *right, const void *freed,
                         const void *other)
{
    int local = 0;
    const struct {
        const char *name;
        const void *handle;
    } strangers[] = {
        {"one that was freed", freed},
        {"a handle of another kind", other},
        {"an error object", error_object},
        {"an error object that was freed", freed_error},
        {"the address of a variable", &local},
        {"the number 1", made_up(1)},
        {"the highest address", made_up(UINTPTR_MAX)},
        {"the handle's number and one", made_up((uintptr_t)right + 1)},
    };
    size_t i;

    check_with(function, position, NULL, "NULL", INVALID_ARGUMENT);
    for (i = 0; i < COUNT(strangers); ++i) {
        check_with(function, position, strangers[i].handle, strangers[i].name, OAUTHAPP_ERROR_INVALID_HANDLE);
    }
}

static void check_text(const struct function *function, size_t position, const struct text *text)
{
    size_t i;
    check_with(function, position, NULL, "NULL", text->when_null);
    check_with(function, position, "", "an empty string", text->when_empty);
    check_with(function, position, huge, "a huge string", text->when_huge);
    check_with(function, position, LINES, "a string with line breaks", text->when_lines);
    for (i = 0; i < COUNT(NOT_UTF8); ++i) {
        check_with(function, position, NOT_UTF8[i].bytes, NOT_UTF8[i].name, OAUTHAPP_ERROR_INVALID_UTF8);
    }
}

/* A copy of the right struct that says `struct_size`, in memory of exactly `size` bytes, its last byte as given. */
static void check_size(const struct function *function, size_t position, size_t size, size_t struct_size, int last,
                       oauthapp_code expected)
{
    const struct parameter *parameter = &function->parameters[position];
    size_t known = size < parameter->structure->size ? size : parameter->structure->size;
    unsigned char *copy = calloc(1, size);
    char what[96];

    REQUIRE(copy != NULL);
    memcpy(copy, parameter->right, known);
    memcpy(copy, &struct_size, sizeof struct_size);
    if (last != 0) {
        copy[size - 1] = (unsigned char)last;
    }
    snprintf(what, sizeof what, "a struct_size of %llu", (unsigned long long)struct_size);
    check_with(function, position, copy, what, expected);
    free(copy);
}

static void check_struct(const struct function *function, size_t position)
{
    const struct parameter *parameter = &function->parameters[position];
    const struct structure *structure = parameter->structure;
    const oauthapp_code too_odd = OAUTHAPP_ERROR_INVALID_STRUCT_SIZE;
    const size_t size = structure->size, first = sizeof(size_t);
    static const oauthapp_tristate NOT_TRISTATES[] = {3, -1, INT32_MIN, INT32_MAX};
    unsigned char *copy = malloc(size);
    char what[128];
    size_t i, j;

    check_with(function, position, NULL, "NULL", structure->when_null);

    /* Of a struct whose size is wrong no more is read than that size. */
    check_size(function, position, first, 0, 0, too_odd);
    check_size(function, position, first, 1, 0, too_odd);
    check_size(function, position, first, first, 0, too_odd);
    check_size(function, position, first, 4097, 0, too_odd);
    check_size(function, position, first, SIZE_MAX / 2, 0, too_odd);
    check_size(function, position, first, SIZE_MAX, 0, too_odd);
    check_size(function, position, size - 1, size - 1, 0, too_odd);
    check_size(function, position, size, size, 0, function->when_right);
    /* The struct of a newer header: what it does not use can't be missed. */
    check_size(function, position, size + 1, size + 1, 0, function->when_right);
    check_size(function, position, size + 64, size + 64, 0, function->when_right);
    check_size(function, position, 4096, 4096, 0, function->when_right);
    check_size(function, position, size + 1, size + 1, 1, too_odd);
    check_size(function, position, size + 64, size + 64, 1, too_odd);
    check_size(function, position, 4096, 4096, 0x80, too_odd);

    REQUIRE(copy != NULL);
    for (i = 0; structure->texts[i].offset != 0; ++i) {
        const struct text *text = &structure->texts[i].text;
        const size_t offset = structure->texts[i].offset;
        const struct {
            const char *name;
            const char *text;
            oauthapp_code expected;
        } wrong_texts[] = {
            {"NULL", NULL, text->when_null},
            {"an empty string", "", text->when_empty},
            {"a huge string", huge, text->when_huge},
            {"a string with line breaks", LINES, text->when_lines},
        };
        memcpy(copy, parameter->right, size);
        for (j = 0; j < COUNT(wrong_texts); ++j) {
            memcpy(copy + offset, &wrong_texts[j].text, sizeof(char *));
            snprintf(what, sizeof what, "%s at %u in %s", wrong_texts[j].name, (unsigned)offset, structure->name);
            check_with(function, position, copy, what, wrong_texts[j].expected);
        }
        for (j = 0; j < COUNT(NOT_UTF8); ++j) {
            memcpy(copy + offset, &NOT_UTF8[j].bytes, sizeof(char *));
            snprintf(what, sizeof what, "%s at %u in %s", NOT_UTF8[j].name, (unsigned)offset, structure->name);
            check_with(function, position, copy, what, OAUTHAPP_ERROR_INVALID_UTF8);
        }
    }
    for (i = 0; structure->tristates[i] != 0; ++i) {
        memcpy(copy, parameter->right, size);
        for (j = 0; j < COUNT(NOT_TRISTATES); ++j) {
            memcpy(copy + structure->tristates[i], &NOT_TRISTATES[j], sizeof *NOT_TRISTATES);
            snprintf(what, sizeof what, "no tristate at %u in %s", (unsigned)structure->tristates[i], structure->name);
            check_with(function, position, copy, what, INVALID_ARGUMENT);
        }
    }
    free(copy);
}

static void check_function(const struct function *function)
{
    size_t i;
    for (i = 0; function->parameters[i].kind != END; ++i) {
        const struct parameter *parameter = &function->parameters[i];
        switch (parameter->kind) {
        case CLIENT:
            check_handle(function, i, client, freed_client, cancel_token);
            break;
        case CANCEL_TOKEN:
            check_handle(function, i, unused_token, freed_token, client);
            break;
        case TEXT:
            check_with(function, i, parameter->right, "what is right", function->when_right);
            check_text(function, i, &parameter->text);
            break;
        case STRUCT:
            check_struct(function, i);
            break;
        case ERROR_OUT:
            check_with(function, i, NULL, "NULL", function->when_right);
            break;
        default:
            check_with(function, i, NULL, "NULL", INVALID_ARGUMENT);
        }
    }
    printf("ok %s\n", function->name);
}

/* ---- Functions that give no code ---- */

static void freeing(void)
{
    int local = 7;
    char foreign[] = "foreign";
    char *string = NULL;
    oauthapp_error *error = NULL;
    size_t i;

    const void *const strangers[] = {NULL,         freed_client, freed_error,
                                     &local,       made_up(1),   made_up(UINTPTR_MAX),
                                     &client,      foreign,      oauthapp_version()};
    for (i = 0; i < COUNT(strangers); ++i) {
        oauthapp_client_free((void *)strangers[i]);
        oauthapp_error_free((void *)strangers[i]);
        oauthapp_cancel_token_free((void *)strangers[i]);
        oauthapp_string_free((void *)strangers[i]);
    }
    oauthapp_client_free((void *)error_object);
    oauthapp_error_free((void *)client);
    oauthapp_cancel_token_free((void *)client);
    oauthapp_client_free((void *)cancel_token);
    oauthapp_cancel_token_free(freed_token);
    CHECK(!oauthapp_cancel_token_is_cancelled(cancel_token));
    CHECK(oauthapp_cancel_token_is_cancelled(unused_token));
    oauthapp_string_free((void *)client);
    oauthapp_string_free((void *)error_object);
    oauthapp_string_free((char *)oauthapp_error_message(error_object));
    CHECK(oauthapp_client_sign_out(client, &error) == OAUTHAPP_OK);
    CHECK(oauthapp_error_code(error_object) == OAUTHAPP_ERROR_NOT_SIGNED_IN);
    CHECK(strlen(oauthapp_error_message(error_object)) > 0);
    CHECK(local == 7 && strcmp(foreign, "foreign") == 0);
    CHECK(strcmp(oauthapp_version(), OAUTHAPP_VERSION) == 0);

    REQUIRE(oauthapp_json_get_string("\"text\"", "", &string, NULL) == OAUTHAPP_OK);
    oauthapp_string_free(string + 1);
    CHECK(strcmp(string, "text") == 0);
    oauthapp_string_free(string);
    oauthapp_string_free(string);

    /* What C has written into a string, its end included, does not matter. */
    REQUIRE(oauthapp_json_get_string("\"text\"", "", &string, NULL) == OAUTHAPP_OK);
    memset(string, 'x', 5);
    oauthapp_string_free(string);

    /* An old handle frees nothing new, though its place is used again. */
    {
        oauthapp_client *old = NULL, *new = NULL;
        REQUIRE(oauthapp_client_new(&config, &old, NULL) == OAUTHAPP_OK);
        oauthapp_client_free(old);
        REQUIRE(oauthapp_client_new(&config, &new, NULL) == OAUTHAPP_OK);
        oauthapp_client_free(old);
        CHECK(oauthapp_client_sign_out(new, NULL) == OAUTHAPP_OK);
        CHECK(oauthapp_client_sign_out(old, NULL) == OAUTHAPP_ERROR_INVALID_HANDLE);
        oauthapp_client_free(new);
        CHECK(oauthapp_client_sign_out(new, NULL) == OAUTHAPP_ERROR_INVALID_HANDLE);
    }
}

static void getters_of_no_error(void)
{
    int local = 0;
    const void *const strangers[] = {NULL,         freed_error,         client,    freed_client, &local, made_up(1),
                                     made_up(UINTPTR_MAX), &error_object};
    size_t i;
    for (i = 0; i < COUNT(strangers); ++i) {
        const oauthapp_error *stranger = strangers[i];
        REQUIRE(oauthapp_error_code(stranger) == OAUTHAPP_ERROR_INVALID_HANDLE);
        REQUIRE(oauthapp_error_message(stranger) != NULL && strlen(oauthapp_error_message(stranger)) > 0);
        REQUIRE(oauthapp_error_http_status(stranger) == 0);
        REQUIRE(oauthapp_error_server_code(stranger) == 0);
        REQUIRE(oauthapp_error_server_message(stranger) == NULL);
        REQUIRE(oauthapp_error_fields_json(stranger) == NULL);
        REQUIRE(!oauthapp_error_retryable(stranger));
        REQUIRE(oauthapp_error_retry_after_ms(stranger) == -1);
        REQUIRE(!oauthapp_cancel_token_is_cancelled((void *)stranger));
        REQUIRE(!oauthapp_client_is_signed_in((void *)(stranger == (void *)client ? NULL : stranger)));
    }
    REQUIRE(!oauthapp_client_is_signed_in((void *)error_object));
    puts("ok the getters of what is no error object");
}

static void names(void)
{
    static const oauthapp_code UNKNOWN[] = {1, -1, 999, 9999, INT32_MAX, INT32_MIN};
    size_t i;
    for (i = 0; i < COUNT(UNKNOWN); ++i) {
        REQUIRE(strcmp(oauthapp_code_name(UNKNOWN[i]), "OAUTHAPP_ERROR_UNKNOWN") == 0);
    }
    CHECK(strcmp(oauthapp_code_name(OAUTHAPP_OK), "OAUTHAPP_OK") == 0);
    CHECK(strcmp(oauthapp_code_name(OAUTHAPP_ERROR_RESPONSE_NOT_UTF8), "OAUTHAPP_ERROR_RESPONSE_NOT_UTF8") == 0);
    CHECK(oauthapp_version_number() == OAUTHAPP_VERSION_NUMBER);
}

/* ---- Values that are wrong for what they mean ---- */

static const struct function *function(const char *name)
{
    size_t i;
    for (i = 0; i < COUNT(FUNCTIONS); ++i) {
        if (strcmp(FUNCTIONS[i].name, name) == 0) {
            return &FUNCTIONS[i];
        }
    }
    fail(__FILE__, __LINE__, name);
    return NULL;
}

/* Names a case by its number, as its value may be a secret. */
static const char *numbered(const char *what, size_t index)
{
    static char name[64];
    snprintf(name, sizeof name, "%s %u", what, (unsigned)index);
    return name;
}

static void check_config(const oauthapp_client_config *given, const char *what, oauthapp_code expected)
{
    check_with(function("oauthapp_client_new"), 0, given, what, expected);
}

static void base_urls(void)
{
    static const struct {
        const char *url;
        oauthapp_code expected;
    } CASES[] = {
        {"https://example.com", OAUTHAPP_OK},
        {"https://example.com/", OAUTHAPP_OK},
        {"HTTPS://EXAMPLE.com:8443/", OAUTHAPP_OK},
        {"https://[2001:db8::1]", OAUTHAPP_OK},
        {"https://[2001:db8::1]:8443/", OAUTHAPP_OK},
        {"http://[::1]:8080", OAUTHAPP_OK},
        {"http://127.1.2.3", OAUTHAPP_OK},
        {"http://localhost", OAUTHAPP_OK},
        {"http://example.com", OAUTHAPP_ERROR_INSECURE_BASE_URL},
        {"http://[2001:db8::1]", OAUTHAPP_ERROR_INSECURE_BASE_URL},
        {"http://localhost.example.com", OAUTHAPP_ERROR_INSECURE_BASE_URL},
        {"http://127.0.0.1.example.com", OAUTHAPP_ERROR_INSECURE_BASE_URL},
        {"https://example.com/api", OAUTHAPP_ERROR_INVALID_BASE_URL},
        {"https://example.com//", OAUTHAPP_ERROR_INVALID_BASE_URL},
        {"https://example.com?x=" SECRET, OAUTHAPP_ERROR_INVALID_BASE_URL},
        {"https://example.com/?", OAUTHAPP_ERROR_INVALID_BASE_URL},
        {"https://example.com#f", OAUTHAPP_ERROR_INVALID_BASE_URL},
        {"https://user:" SECRET "@example.com", OAUTHAPP_ERROR_INVALID_BASE_URL},
        {"https://" SECRET "@example.com", OAUTHAPP_ERROR_INVALID_BASE_URL},
        {"https://[::1", OAUTHAPP_ERROR_INVALID_BASE_URL},
        {"https://2001:db8::1", OAUTHAPP_ERROR_INVALID_BASE_URL},
        {"https://example.com:", OAUTHAPP_ERROR_INVALID_BASE_URL},
        {"https://example.com:0", OAUTHAPP_ERROR_INVALID_BASE_URL},
        {"https://example.com:65536", OAUTHAPP_ERROR_INVALID_BASE_URL},
        {"https://example.com\r\nX-Evil: 1", OAUTHAPP_ERROR_INVALID_BASE_URL},
        {"https://example.com/\r\n", OAUTHAPP_ERROR_INVALID_BASE_URL},
        {"\nhttps://example.com", OAUTHAPP_ERROR_INVALID_BASE_URL},
        {"https://exa mple.com", OAUTHAPP_ERROR_INVALID_BASE_URL},
        {"https://例子.com", OAUTHAPP_ERROR_INVALID_BASE_URL},
        {"https://", OAUTHAPP_ERROR_INVALID_BASE_URL},
        {"ftp://example.com", OAUTHAPP_ERROR_INVALID_BASE_URL},
        {"example.com", OAUTHAPP_ERROR_INVALID_BASE_URL},
    };
    oauthapp_client_config given = config;
    size_t i;
    for (i = 0; i < COUNT(CASES); ++i) {
        given.base_url = CASES[i].url;
        check_config(&given, numbered("base URL", i), CASES[i].expected);
    }
    given.base_url = "http://example.com";
    given.flags = OAUTHAPP_CLIENT_ALLOW_PLAIN_HTTP;
    check_config(&given, "plain http that is allowed", OAUTHAPP_OK);
    puts("ok base URLs");
}

static void settings(void)
{
    static const struct {
        int32_t count;
        oauthapp_code expected;
    } RETRIES[] = {{-1, OAUTHAPP_OK},
                   {0, OAUTHAPP_OK},
                   {10, OAUTHAPP_OK},
                   {11, OAUTHAPP_ERROR_INVALID_ARGUMENT},
                   {-2, OAUTHAPP_ERROR_INVALID_ARGUMENT},
                   {INT32_MAX, OAUTHAPP_ERROR_INVALID_ARGUMENT},
                   {INT32_MIN, OAUTHAPP_ERROR_INVALID_ARGUMENT}};
    static const int64_t BAD_IDS[] = {0, -1, INT64_MIN};
    static const uint32_t UNKNOWN_FLAGS[] = {32, 33, 0x80000000, UINT32_MAX};
    static const struct {
        const char *text;
        oauthapp_code expected;
    } USER_AGENTS[] = {
        {"program/1.0 (a comment)", OAUTHAPP_OK},
        {" ", OAUTHAPP_ERROR_INVALID_ARGUMENT},
        {"a\r\nX-Evil: 1", OAUTHAPP_ERROR_INVALID_ARGUMENT},
        {"a\nb", OAUTHAPP_ERROR_INVALID_ARGUMENT},
        {"a\rb", OAUTHAPP_ERROR_INVALID_ARGUMENT},
        {"a\tb", OAUTHAPP_ERROR_INVALID_ARGUMENT},
        {"程序", OAUTHAPP_ERROR_INVALID_ARGUMENT},
    }, PROXIES[] = {
        {"http://user:" SECRET "@proxy.example.com:8080", OAUTHAPP_OK},
        {"http://proxy.example.com", OAUTHAPP_OK},
        {"proxy.example.com:8080", OAUTHAPP_ERROR_INVALID_PROXY},
        {"https://user:" SECRET "@proxy.example.com", OAUTHAPP_ERROR_INVALID_PROXY},
        {"socks5://user:" SECRET "@proxy.example.com:1080", OAUTHAPP_OK},
        {"socks5h://[::1]", OAUTHAPP_OK},
        {"socks4://proxy.example.com", OAUTHAPP_ERROR_INVALID_PROXY},
        {"socks5h://user:" SECRET "@proxy.example.com:port", OAUTHAPP_ERROR_INVALID_PROXY},
        {"socks5h://" SECRET "%@proxy.example.com", OAUTHAPP_ERROR_INVALID_PROXY},
        {"http://us%3Aer:" SECRET "@proxy.example.com", OAUTHAPP_ERROR_INVALID_PROXY},
        {"http://", OAUTHAPP_ERROR_INVALID_PROXY},
        {"http://user:" SECRET "@/", OAUTHAPP_ERROR_INVALID_PROXY},
        {"http://user:" SECRET "@proxy.example.com/path", OAUTHAPP_ERROR_INVALID_PROXY},
        {"http://proxy.example.com\r\nX-Evil: 1", OAUTHAPP_ERROR_INVALID_PROXY},
    }, ROOTS[] = {
        {"no PEM", OAUTHAPP_ERROR_INVALID_CERTIFICATE},
        {"-----BEGIN CERTIFICATE-----\n", OAUTHAPP_ERROR_INVALID_CERTIFICATE},
        {"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", OAUTHAPP_ERROR_INVALID_CERTIFICATE},
        {"-----BEGIN CERTIFICATE-----\n!!!!\n-----END CERTIFICATE-----\n", OAUTHAPP_ERROR_INVALID_CERTIFICATE},
        {"-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n", OAUTHAPP_ERROR_INVALID_CERTIFICATE},
    };
    static const struct {
        uint32_t milliseconds;
        oauthapp_code expected;
    } TIMEOUTS[] = {
        {1, OAUTHAPP_OK},
        {86400000, OAUTHAPP_OK},
        {86400001, OAUTHAPP_ERROR_INVALID_ARGUMENT},
        {UINT32_MAX, OAUTHAPP_ERROR_INVALID_ARGUMENT},
    };
    oauthapp_client_config given;
    size_t i;

    for (i = 0; i < COUNT(BAD_IDS); ++i) {
        given = config;
        given.app_id = BAD_IDS[i];
        check_config(&given, numbered("app_id", i), OAUTHAPP_ERROR_INVALID_ARGUMENT);
    }
    given = config;
    given.app_id = INT64_MAX;
    check_config(&given, "the highest app_id", OAUTHAPP_OK);
    for (i = 0; i < COUNT(UNKNOWN_FLAGS); ++i) {
        given = config;
        given.flags = UNKNOWN_FLAGS[i];
        check_config(&given, numbered("unknown flags", i), OAUTHAPP_ERROR_INVALID_ARGUMENT);
    }
    given = config;
    given.flags = OAUTHAPP_CLIENT_KEEP_SESSION | OAUTHAPP_CLIENT_ALLOW_PLAIN_HTTP |
                  OAUTHAPP_CLIENT_DONT_SETTLE_SIGN_UPS | OAUTHAPP_CLIENT_PROXY_FROM_ENVIRONMENT |
                  OAUTHAPP_CLIENT_DANGER_ACCEPT_ANY_CERTIFICATE_ON_LOOPBACK;
    check_config(&given, "all flags", OAUTHAPP_OK);
    for (i = 0; i < COUNT(TIMEOUTS); ++i) {
        given = config;
        given.timeout_ms = TIMEOUTS[i].milliseconds;
        check_config(&given, numbered("timeout", i), TIMEOUTS[i].expected);
        given = config;
        given.connect_timeout_ms = TIMEOUTS[i].milliseconds;
        check_config(&given, numbered("connect timeout", i), TIMEOUTS[i].expected);
    }
    for (i = 0; i < COUNT(RETRIES); ++i) {
        given = config;
        given.max_retries = RETRIES[i].count;
        check_config(&given, numbered("retries", i), RETRIES[i].expected);
    }
    given = config;
    given.max_response_bytes = UINT64_MAX;
    check_config(&given, "the highest limit of an answer", OAUTHAPP_OK);
    for (i = 0; i < COUNT(USER_AGENTS); ++i) {
        given = config;
        given.user_agent = USER_AGENTS[i].text;
        check_config(&given, numbered("user agent", i), USER_AGENTS[i].expected);
    }
    for (i = 0; i < COUNT(PROXIES); ++i) {
        given = config;
        given.proxy = PROXIES[i].text;
        given.flags = OAUTHAPP_CLIENT_ALLOW_PLAIN_HTTP;
        check_config(&given, numbered("proxy", i), PROXIES[i].expected);
    }
    given = config;
    given.proxy = "http://proxy.example.com";
    check_config(&given, "plain http through a proxy", OAUTHAPP_ERROR_INSECURE_BASE_URL);
    for (i = 0; i < COUNT(ROOTS); ++i) {
        given = config;
        given.trusted_roots_pem = ROOTS[i].text;
        check_config(&given, numbered("roots", i), ROOTS[i].expected);
    }
    puts("ok settings");
}

/* An https base URL of another machine: no proxy of the environment is for this one. */
static void proxy_of_the_environment(void)
{
    static const char *const NO_PROXIES[] = {"socks4://" SECRET, "user:" SECRET "%@proxy.example.com",
                                             "https://" SECRET, SECRET ":port", "\xFF" SECRET};
    oauthapp_client_config given = config;
    size_t i;
    given.base_url = "https://example.com";
    for (i = 0; i < COUNT(NO_PROXIES); ++i) {
        setenv("https_proxy", NO_PROXIES[i], 1);
        given.flags = 0;
        check_config(&given, numbered("an environment that is not asked", i), OAUTHAPP_OK);
        given.flags = OAUTHAPP_CLIENT_PROXY_FROM_ENVIRONMENT;
        check_config(&given, numbered("environment", i), OAUTHAPP_ERROR_INVALID_PROXY);
        given.proxy = "http://proxy.example.com";
        check_config(&given, numbered("a proxy before the environment's", i), OAUTHAPP_OK);
        given.proxy = NULL;
    }
    setenv("https_proxy", "user:" SECRET "@proxy.example.com", 1);
    check_config(&given, "a proxy in the environment", OAUTHAPP_OK);
    unsetenv("https_proxy");
    puts("ok environment");
}

/* What says which server to believe, and what contradicts itself in it. */
static void trust(void)
{
    static const int32_t UNKNOWN[] = {-1, 3, INT32_MAX, INT32_MIN};
    static const struct {
        const char *text;
        oauthapp_code expected;
    } PINS[] = {
        {"sha256/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", OAUTHAPP_OK},
        {"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n sha256/47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU= ",
         OAUTHAPP_OK},
        {" ", OAUTHAPP_ERROR_INVALID_PIN},
        {"sha256/", OAUTHAPP_ERROR_INVALID_PIN},
        {"sha256/AAAA", OAUTHAPP_ERROR_INVALID_PIN},
        {"sha1/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", OAUTHAPP_ERROR_INVALID_PIN},
        {"sha256/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA= " SECRET, OAUTHAPP_ERROR_INVALID_PIN},
        {"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=;AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
         OAUTHAPP_ERROR_INVALID_PIN},
    };
    static const char *const OTHER_MACHINES[] = {NULL, "https://example.com", "https://127.0.0.1.example.com",
                                                 "https://localhost.example.com", "https://[::2]"};
    static const char CERTIFICATE[] = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    static const char KEY[] = "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n";
    oauthapp_client_config given;
    size_t i;

    for (i = 0; i < COUNT(UNKNOWN); ++i) {
        given = config;
        given.trust = UNKNOWN[i];
        check_config(&given, numbered("unknown trust", i), OAUTHAPP_ERROR_INVALID_ARGUMENT);
    }
    given = config;
    given.trust = OAUTHAPP_TRUST_ONLY_GIVEN;
    check_config(&given, "only roots that are not given", OAUTHAPP_ERROR_INVALID_ARGUMENT);
    for (i = 0; i < COUNT(PINS); ++i) {
        given = config;
        given.pins = PINS[i].text;
        check_config(&given, numbered("pins", i), PINS[i].expected);
    }

    given = config;
    given.flags = OAUTHAPP_CLIENT_DANGER_ACCEPT_ANY_CERTIFICATE_ON_LOOPBACK;
    for (i = 0; i < COUNT(OTHER_MACHINES); ++i) {
        given.base_url = OTHER_MACHINES[i];
        check_config(&given, numbered("any certificate of another machine", i), OAUTHAPP_ERROR_VERIFICATION_REQUIRED);
    }
    given.base_url = "https://localhost";
    check_config(&given, "any certificate of this machine", OAUTHAPP_OK);
    given.pins = PINS[0].text;
    check_config(&given, "any certificate, and pins", OAUTHAPP_ERROR_VERIFICATION_REQUIRED);
    given.pins = NULL;
    given.proxy = "http://127.0.0.1:8080";
    check_config(&given, "any certificate through a proxy", OAUTHAPP_ERROR_VERIFICATION_REQUIRED);

    given = config;
    given.client_certificate_pem = CERTIFICATE;
    check_config(&given, "a certificate without a key", OAUTHAPP_ERROR_INVALID_CLIENT_CERTIFICATE);
    given.client_key_file = "key.pem";
    check_config(&given, "a text and a file", OAUTHAPP_ERROR_INVALID_CLIENT_CERTIFICATE);
    given.client_key_pem = KEY;
    check_config(&given, "a key twice", OAUTHAPP_ERROR_INVALID_CLIENT_CERTIFICATE);
    given.client_key_file = NULL;
    check_config(&given, "a key that is none", OAUTHAPP_ERROR_INVALID_CLIENT_CERTIFICATE);
    given.client_key_pem = CERTIFICATE;
    check_config(&given, "a certificate for a key", OAUTHAPP_ERROR_INVALID_CLIENT_CERTIFICATE);
    given = config;
    given.client_certificate_file = "/no/such/file";
    given.client_key_file = "/no/such/file";
    check_config(&given, "files that are not there", OAUTHAPP_ERROR_INVALID_CLIENT_CERTIFICATE);
    puts("ok trust");
}

static void options_of_a_call(void)
{
    const struct function *sign_in = function("oauthapp_sign_in");
    oauthapp_call_options given = options;
    const void *const strangers[] = {client,        freed_client, error_object,  freed_error,
                                     &given,        made_up(1),   made_up(UINTPTR_MAX), freed_token};
    size_t i;
    for (i = 0; i < COUNT(strangers); ++i) {
        given.cancel_token = (void *)strangers[i];
        check_with(sign_in, 3, &given, numbered("no cancel token", i), OAUTHAPP_ERROR_INVALID_HANDLE);
    }
    given.cancel_token = cancel_token;
    check_with(sign_in, 3, &given, "a cancel token", OAUTHAPP_ERROR_CONNECT);
    given.cancel_token = NULL;
    given.connect_timeout_ms = 86400001;
    check_with(sign_in, 3, &given, "more than a day to connect", INVALID_ARGUMENT);
    given.connect_timeout_ms = 0;
    given.timeout_ms = 86400001;
    check_with(sign_in, 3, &given, "more than a day", INVALID_ARGUMENT);
    given.timeout_ms = UINT32_MAX;
    check_with(sign_in, 3, &given, "the longest timeout", INVALID_ARGUMENT);
    given.timeout_ms = 86400000;
    check_with(sign_in, 3, &given, "a day", OAUTHAPP_ERROR_CONNECT);
    puts("ok options");
}

static void tokens(void)
{
    static const char *const NOT_TOKENS[] = {SECRET "\r\nX-Evil: 1", SECRET "\nb", SECRET "\rb", SECRET "\tb",
                                             SECRET " b",            SECRET "\x7F", SECRET "密"};
    static const struct {
        const char *token;
        oauthapp_code expected;
    } CLAIMS[] = {
        {"h.e30.s", OAUTHAPP_OK},
        {"h.e30=.s", OAUTHAPP_OK},
        {SECRET, OAUTHAPP_ERROR_INVALID_TOKEN},
        {"..", OAUTHAPP_ERROR_INVALID_TOKEN},
        {SECRET ".e30", OAUTHAPP_ERROR_INVALID_TOKEN},
        {"h.e30.s." SECRET, OAUTHAPP_ERROR_INVALID_TOKEN},
        {"h.e30.s." SECRET ".t", OAUTHAPP_ERROR_INVALID_TOKEN},
        {"h.!!!." SECRET, OAUTHAPP_ERROR_INVALID_TOKEN},
        {"h._w.s", OAUTHAPP_ERROR_INVALID_TOKEN},   /* a byte that is not UTF-8 */
        {"h.MQ.s", OAUTHAPP_ERROR_INVALID_TOKEN},   /* 1 */
        {"h.bnVsbA.s", OAUTHAPP_ERROR_INVALID_TOKEN}, /* null */
        {"h.W10.s", OAUTHAPP_ERROR_INVALID_TOKEN},  /* [] */
        {"h.ew.s", OAUTHAPP_ERROR_INVALID_TOKEN},   /* { */
    };
    char *claims = NULL;
    size_t i;
    for (i = 0; i < COUNT(NOT_TOKENS); ++i) {
        check_with(function("oauthapp_get_profile"), 1, NOT_TOKENS[i], numbered("token", i), INVALID_ARGUMENT);
        check_with(function("oauthapp_update_profile"), 1, NOT_TOKENS[i], numbered("token", i), INVALID_ARGUMENT);
    }
    for (i = 0; i < COUNT(CLAIMS); ++i) {
        check_with(function("oauthapp_token_claims"), 0, CLAIMS[i].token, numbered("claims", i),
                   CLAIMS[i].expected);
    }
    CHECK(oauthapp_token_claims(TOKEN, &claims, NULL) == OAUTHAPP_OK && strcmp(claims, "{\"a\":1}") == 0);
    oauthapp_string_free(claims);
}

/* ---- The JSON getters ---- */

static void json(void)
{
    static const struct {
        const char *getter;
        const char *json;
        const char *pointer;
        oauthapp_code expected;
    } CASES[] = {
        {"oauthapp_json_get_string", "{\"昵称\":\"小明\"}", "/昵称", OAUTHAPP_OK},
        {"oauthapp_json_get_string", "{\"a\":\"\"}", "/a", OAUTHAPP_OK},
        {"oauthapp_json_get_string", " [ \"a\" ] ", "/0", OAUTHAPP_OK},
        {"oauthapp_json_get_string", "{\"a\":null}", "/a", OAUTHAPP_ERROR_JSON_NULL},
        {"oauthapp_json_get_string", "{\"a\":1}", "/a", OAUTHAPP_ERROR_JSON_TYPE},
        {"oauthapp_json_get_string", "{\"a\":{}}", "/a", OAUTHAPP_ERROR_JSON_TYPE},
        {"oauthapp_json_get_string", "\"a\\u0000b\"", "", OAUTHAPP_ERROR_JSON_RANGE},
        {"oauthapp_json_get_string", "\"\\ud83d\"", "", OAUTHAPP_ERROR_JSON_RANGE},
        {"oauthapp_json_get_string", "\"\\ude00\\ud83d\"", "", OAUTHAPP_ERROR_JSON_RANGE},
        {"oauthapp_json_get_string", "{\"a\":\"b\"}", "/b", OAUTHAPP_ERROR_JSON_NOT_FOUND},
        {"oauthapp_json_get_string", "{\"a\":\"b\"}", "/a/b", OAUTHAPP_ERROR_JSON_NOT_FOUND},
        {"oauthapp_json_get_string", "[\"a\"]", "/1", OAUTHAPP_ERROR_JSON_NOT_FOUND},
        {"oauthapp_json_get_string", "[\"a\"]", "/00", OAUTHAPP_ERROR_JSON_NOT_FOUND},
        {"oauthapp_json_get_string", "[\"a\"]", "/-", OAUTHAPP_ERROR_JSON_NOT_FOUND},
        {"oauthapp_json_get_string", "[\"a\"]", "/99999999999999999999", OAUTHAPP_ERROR_JSON_NOT_FOUND},
        {"oauthapp_json_get_string", "{\"a\":\"b\"}", "a", OAUTHAPP_ERROR_JSON_POINTER_SYNTAX},
        {"oauthapp_json_get_string", "{\"a\":\"b\"}", "/~", OAUTHAPP_ERROR_JSON_POINTER_SYNTAX},
        {"oauthapp_json_get_string", "{\"a\":\"b\"}", "/~2", OAUTHAPP_ERROR_JSON_POINTER_SYNTAX},
        {"oauthapp_json_get_string", "{\"a\":\"b\"}", "#/a", OAUTHAPP_ERROR_JSON_POINTER_SYNTAX},
        {"oauthapp_json_get_string", "{\"a\":\"b\"", "/a", OAUTHAPP_ERROR_JSON_SYNTAX},
        {"oauthapp_json_get_string", "{\"a\":\"b\"}}", "/a", OAUTHAPP_ERROR_JSON_SYNTAX},
        {"oauthapp_json_get_string", "{\"a\":\"b\",}", "/a", OAUTHAPP_ERROR_JSON_SYNTAX},
        {"oauthapp_json_get_string", "{'a':'b'}", "/a", OAUTHAPP_ERROR_JSON_SYNTAX},
        {"oauthapp_json_get_string", "{\"a\":\"b\n\"}", "/a", OAUTHAPP_ERROR_JSON_SYNTAX},
        {"oauthapp_json_get_string", "\"\\x\"", "", OAUTHAPP_ERROR_JSON_SYNTAX},
        {"oauthapp_json_get_string", "\xEF\xBB\xBF\"a\"", "", OAUTHAPP_ERROR_JSON_SYNTAX},
        {"oauthapp_json_get_string", "用户", "", OAUTHAPP_ERROR_JSON_SYNTAX},
        {"oauthapp_json_get_int64", "9223372036854775807", "", OAUTHAPP_OK},
        {"oauthapp_json_get_int64", "-9223372036854775808", "", OAUTHAPP_OK},
        {"oauthapp_json_get_int64", "9223372036854775808", "", OAUTHAPP_ERROR_JSON_RANGE},
        {"oauthapp_json_get_int64", "-9223372036854775809", "", OAUTHAPP_ERROR_JSON_RANGE},
        {"oauthapp_json_get_int64", "1.5", "", OAUTHAPP_ERROR_JSON_RANGE},
        {"oauthapp_json_get_int64", "null", "", OAUTHAPP_ERROR_JSON_NULL},
        {"oauthapp_json_get_int64", "\"1\"", "", OAUTHAPP_ERROR_JSON_TYPE},
        {"oauthapp_json_get_int64", "01", "", OAUTHAPP_ERROR_JSON_SYNTAX},
        {"oauthapp_json_get_int64", "+1", "", OAUTHAPP_ERROR_JSON_SYNTAX},
        {"oauthapp_json_get_int64", "NaN", "", OAUTHAPP_ERROR_JSON_SYNTAX},
        {"oauthapp_json_get_double", "-1.5e300", "", OAUTHAPP_OK},
        {"oauthapp_json_get_double", "1e-400", "", OAUTHAPP_OK},
        {"oauthapp_json_get_double", "1e400", "", OAUTHAPP_ERROR_JSON_RANGE},
        {"oauthapp_json_get_double", "-1e400", "", OAUTHAPP_ERROR_JSON_RANGE},
        {"oauthapp_json_get_double", "null", "", OAUTHAPP_ERROR_JSON_NULL},
        {"oauthapp_json_get_double", "true", "", OAUTHAPP_ERROR_JSON_TYPE},
        {"oauthapp_json_get_bool", "false", "", OAUTHAPP_OK},
        {"oauthapp_json_get_bool", "null", "", OAUTHAPP_ERROR_JSON_NULL},
        {"oauthapp_json_get_bool", "0", "", OAUTHAPP_ERROR_JSON_TYPE},
        {"oauthapp_json_get_bool", "\"true\"", "", OAUTHAPP_ERROR_JSON_TYPE},
        {"oauthapp_json_get_bool", "tru", "", OAUTHAPP_ERROR_JSON_SYNTAX},
        {"oauthapp_json_get_json", "{\"a\":null}", "/a", OAUTHAPP_OK},
        {"oauthapp_json_get_json", "{\"a\":null}", "/b", OAUTHAPP_ERROR_JSON_NOT_FOUND},
        {"oauthapp_json_get_json", "[1,2", "/0", OAUTHAPP_ERROR_JSON_SYNTAX},
        {"oauthapp_json_get_type", "{\"a\":null}", "/a", OAUTHAPP_OK},
        {"oauthapp_json_get_type", "{\"a\":null}", "/a/b", OAUTHAPP_ERROR_JSON_NOT_FOUND},
        {"oauthapp_json_get_type", "nul", "", OAUTHAPP_ERROR_JSON_SYNTAX},
    };
    static const struct {
        const char *json;
        oauthapp_json_type type;
    } TYPES[] = {
        {"null", OAUTHAPP_JSON_NULL},     {"true", OAUTHAPP_JSON_BOOLEAN}, {"-0", OAUTHAPP_JSON_NUMBER},
        {"\"0\"", OAUTHAPP_JSON_STRING}, {"[0]", OAUTHAPP_JSON_ARRAY},    {" {} ", OAUTHAPP_JSON_OBJECT},
    };
    char *text = NULL;
    oauthapp_json_type type;
    int64_t number;
    size_t i;

    for (i = 0; i < COUNT(CASES); ++i) {
        const struct function *getter = function(CASES[i].getter);
        oauthapp_error *error = NULL;
        union output output;
        void *arguments[] = {(void *)CASES[i].json, (void *)CASES[i].pointer, &output, &error};
        check_call(getter, arguments, CASES[i].json, CASES[i].expected);
    }
    for (i = 0; i < COUNT(TYPES); ++i) {
        REQUIRE(oauthapp_json_get_type(TYPES[i].json, "", &type, NULL) == OAUTHAPP_OK && type == TYPES[i].type);
    }
    REQUIRE(oauthapp_json_get_string("{\"昵称\":\"\\u5c0f明😀\\ud83d\\ude00\"}", "/昵称", &text, NULL) == OAUTHAPP_OK);
    CHECK(strcmp(text, "小明😀😀") == 0);
    drop(&text);
    REQUIRE(oauthapp_json_get_json("{\"a/b\":{\"~\": [ 1 , \"小\" ] }}", "/a~1b/~0", &text, NULL) == OAUTHAPP_OK);
    CHECK(strcmp(text, "[ 1 , \"小\" ]") == 0);
    drop(&text);
    REQUIRE(oauthapp_json_get_int64("-9223372036854775808", "", &number, NULL) == OAUTHAPP_OK);
    CHECK(number == INT64_MIN);
}

/* `count` times a text of `length` bytes, at the end of what is there. */
static char *repeat(char *end, const char *text, size_t count)
{
    const size_t length = strlen(text);
    while (count-- > 0) {
        memcpy(end, text, length);
        end += length;
    }
    *end = '\0';
    return end;
}

/* Nesting costs no stack, wherever it stands, and has a limit, since it costs memory. */
static void deep_json(void)
{
    char *text = malloc(4 * BRACKETS + 64);
    char *pointer = malloc(2 * BRACKETS + 64);
    char *part = NULL;
    oauthapp_json_type type;
    oauthapp_code code;
    REQUIRE(text != NULL && pointer != NULL);

    repeat(repeat(text, "[", DEEPEST), "]", DEEPEST);
    REQUIRE(oauthapp_json_get_type(text, "", &type, NULL) == OAUTHAPP_OK);
    CHECK(type == OAUTHAPP_JSON_ARRAY);
    REQUIRE(oauthapp_json_get_json(text, "/0/0", &part, NULL) == OAUTHAPP_OK);
    CHECK(strlen(part) == 2 * (DEEPEST - 2));
    drop(&part);
    /* How deep a pointer may lead is a matter of the library; that it gives an answer is not. */
    repeat(pointer, "/0", DEEPEST - 1);
    code = oauthapp_json_get_json(text, pointer, &part, NULL);
    CHECK(code == OAUTHAPP_OK ? strcmp(part, "[]") == 0 : part == NULL);
    drop(&part);
    repeat(text, "[", DEEPEST);
    CHECK(oauthapp_json_get_type(text, "", &type, NULL) == OAUTHAPP_ERROR_JSON_SYNTAX);
    repeat(repeat(text, "[", DEEPEST + 1), "]", DEEPEST + 1);
    CHECK(oauthapp_json_get_type(text, "", &type, NULL) == OAUTHAPP_ERROR_JSON_RANGE);
    repeat(text, "[", BRACKETS);
    CHECK(oauthapp_json_get_type(text, "", &type, NULL) == OAUTHAPP_ERROR_JSON_RANGE);

    /* As a sign-in key it is no number and no string, so it is sent as a string, where it is not too long. */
    CHECK(oauthapp_qr_code_scan(client, text, NULL, &part, NULL) == OAUTHAPP_ERROR_INVALID_ARGUMENT);
    CHECK(oauthapp_qr_code_scan(client, text + BRACKETS - 10000, NULL, &part, NULL) == OAUTHAPP_ERROR_CONNECT);

    /* {"a":[[[…]]]} as the claims of a token. */
    repeat(repeat(repeat(repeat(text, "h.eyJhIjpb", 1), "W1tb", DEEPEST / 4), "XV1d", DEEPEST / 4), "XX0.s", 1);
    CHECK(oauthapp_token_claims(text, &part, NULL) == OAUTHAPP_OK);
    drop(&part);
    repeat(repeat(repeat(repeat(text, "h.eyJhIjpb", 1), "W1tb", DEEPEST), "XV1d", DEEPEST), "XX0.s", 1);
    CHECK(oauthapp_token_claims(text, &part, NULL) == OAUTHAPP_ERROR_INVALID_TOKEN);

    free(pointer);
    free(text);
}

/* ---- */

/* An address of this machine where nobody listens, and where nobody else can while this program runs. */
static void take_an_address(void)
{
    struct sockaddr_in address = {.sin_family = AF_INET};
    socklen_t length = sizeof address;
    int taken = socket(AF_INET, SOCK_STREAM, 0);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    REQUIRE(taken >= 0 && bind(taken, (struct sockaddr *)&address, sizeof address) == 0);
    REQUIRE(getsockname(taken, (struct sockaddr *)&address, &length) == 0);
    snprintf(base_url, sizeof base_url, "http://127.0.0.1:%u/", ntohs(address.sin_port));
}

static void set_up(void)
{
    char *data = NULL;

    take_an_address();
    config = oauthapp_client_config_init();
    config.app_id = 2;
    config.base_url = base_url;
    config.max_retries = -1;
    options = oauthapp_call_options_init();
    sign_up = oauthapp_sign_up_request_init();
    sign_up.pwd = SECRET;
    union_id_sign_up = oauthapp_union_id_sign_up_request_init();
    union_id_sign_up.union_id = SECRET;
    qr_code_sign_up = oauthapp_qr_code_sign_up_request_init();
    qr_code_sign_up.sign_in_key = SECRET;
    qr_code_sign_up.email_is_valid = OAUTHAPP_TRUE;

    REQUIRE(oauthapp_client_new(&config, &freed_client, NULL) == OAUTHAPP_OK);
    oauthapp_client_free(freed_client);
    REQUIRE(oauthapp_client_new(&config, &client, NULL) == OAUTHAPP_OK);
    REQUIRE(oauthapp_cancel_token_new(&freed_token, NULL) == OAUTHAPP_OK);
    oauthapp_cancel_token_free(freed_token);
    REQUIRE(oauthapp_cancel_token_new(&cancel_token, NULL) == OAUTHAPP_OK);
    REQUIRE(oauthapp_cancel_token_new(&unused_token, NULL) == OAUTHAPP_OK);
    REQUIRE(oauthapp_get_profile(client, NULL, NULL, &data, &freed_error) == OAUTHAPP_ERROR_NOT_SIGNED_IN);
    oauthapp_error_free(freed_error);
    REQUIRE(oauthapp_get_profile(client, NULL, NULL, &data, &error_object) == OAUTHAPP_ERROR_NOT_SIGNED_IN);

    huge = malloc(HUGE_BYTES + 1);
    REQUIRE(huge != NULL);
    memset(huge, 'a', HUGE_BYTES);
    huge[HUGE_BYTES] = '\0';
}

int main(void)
{
    size_t i;

    END_A_PROGRAM_THAT_HANGS();
    set_up();
    for (i = 0; i < COUNT(FUNCTIONS); ++i) {
        check_function(&FUNCTIONS[i]);
    }
    freeing();
    getters_of_no_error();
    names();
    base_urls();
    settings();
    proxy_of_the_environment();
    trust();
    options_of_a_call();
    tokens();
    json();
    deep_json();
    free(huge);
    oauthapp_error_free(error_object);
    oauthapp_cancel_token_free(cancel_token);
    oauthapp_cancel_token_free(unused_token);
    oauthapp_client_free(client);
    puts("passed");
    return 0;
}

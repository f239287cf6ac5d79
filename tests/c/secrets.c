/*
 * Secrets go through every call, and the driver looks for them in this program's memory afterwards.
 *
 * secrets BASE_URL CANARIES ROUNDS TIMEOUT_MS [ROOTS_PEM_FILE]
 * secrets - CANARIES FORM
 *
 * CANARIES is a file of NUL-terminated strings: password, union id, sign-in key, token, proxy ("" for none), client
 * certificate and its key as PEM, and the password with a byte that is not UTF-8. The program maps it and gives it back
 * before the driver looks, and copies nothing of it. In each of the ROUNDS the driver's server behaves in another way. With a
 * FORM the program does leave the password in memory, in this form.
 */
#define _GNU_SOURCE

#include <fcntl.h>
#include <pthread.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "calls.h"
#include "failing_clock.h"

static const char *base_url;
static const char *roots_file;
static uint32_t timeout_ms;

/* The canaries, as long as they are mapped. */
static char *mapped;
static size_t mapped_size;
static struct values values;
static const char *proxy, *certificate, *key, *not_utf8;

static const char *next_string(const char **at)
{
    const char *string = *at;
    *at += strlen(string) + 1;
    return string;
}

/* Where they are. */
static const char *canaries;

static void take_canaries(void)
{
    struct stat about;
    const char *at;
    int file = open(canaries, O_RDONLY);
    REQUIRE(file >= 0 && fstat(file, &about) == 0);
    mapped_size = (size_t)about.st_size;
    mapped = mmap(NULL, mapped_size, PROT_READ, MAP_PRIVATE, file, 0);
    REQUIRE(mapped != MAP_FAILED && close(file) == 0);
    at = mapped;
    values.user_name = "wwww";
    values.password = next_string(&at);
    values.union_id = next_string(&at);
    values.sign_in_key = next_string(&at);
    values.token = next_string(&at);
    proxy = next_string(&at);
    certificate = next_string(&at);
    key = next_string(&at);
    not_utf8 = next_string(&at);
}

static void give_canaries_back(void)
{
    REQUIRE(munmap(mapped, mapped_size) == 0);
}

static void print_line(void *context, oauthapp_log_level level, const char *target, const char *message)
{
    (void)context;
    printf("ok log %d %s: %s\n", (int)level, target, message);
}

/* What people are shown is for the driver to look at; what the server said untouched is theirs who asked for it. */
static void tell(const char *name, oauthapp_code code, oauthapp_error **error)
{
    printf("ok %s gives %s: %s\n", name, oauthapp_code_name(code), *error ? oauthapp_error_message(*error) : "");
    (void)oauthapp_error_server_message(*error);
    (void)oauthapp_error_fields_json(*error);
    oauthapp_error_free(*error);
    *error = NULL;
}

static oauthapp_client_config settings(void)
{
    oauthapp_client_config config = oauthapp_client_config_init();
    config.app_id = 2;
    config.base_url = base_url;
    config.flags = OAUTHAPP_CLIENT_KEEP_SESSION;
    config.max_retries = 1;
    config.max_response_bytes = 16 * 1024;
    config.proxy = *proxy != '\0' ? proxy : NULL;
    config.log_callback = print_line;
    if (roots_file != NULL) {
        config.trust = OAUTHAPP_TRUST_ONLY_GIVEN;
        config.trusted_roots_file = roots_file;
        config.client_certificate_pem = certificate;
        config.client_key_pem = key;
    }
    return config;
}

/* Everything that a program may do with an answer. */
static void read_answer(const char *data)
{
    static const char *const POINTERS[] = {"", "/access_token", "/unionID", "/nowhere", "not a pointer"};
    oauthapp_error *error = NULL;
    char *text = NULL, *claims = NULL;
    bool truth;
    double number;
    size_t which;
    for (which = 0; which < sizeof POINTERS / sizeof POINTERS[0]; which++) {
        tell("get_string", oauthapp_json_get_string(data, POINTERS[which], &text, &error), &error);
        if (text != NULL) {
            tell("claims", oauthapp_token_claims(text, &claims, &error), &error);
            drop(&claims);
            /* A secret in the place of a JSON text, and in that of a pointer. */
            tell("get_bool", oauthapp_json_get_bool(text, "", &truth, &error), &error);
            tell("get_double", oauthapp_json_get_double(data, text, &number, &error), &error);
        }
        drop(&text);
        tell("get_json", oauthapp_json_get_json(data, POINTERS[which], &text, &error), &error);
        drop(&text);
    }
}

/* Each call with the secrets, and then the driver looks; once while the client waits for more, and once when it is gone. */
static void make_all_calls(void)
{
    oauthapp_client_config config;
    oauthapp_call_options options = oauthapp_call_options_init();
    oauthapp_client *client = NULL;
    oauthapp_error *error = NULL;
    char *data = NULL;
    int which;

    take_canaries();
    config = settings();
    tell("client_new", oauthapp_client_new(&config, &client, &error), &error);
    options.timeout_ms = timeout_ms;
    for (which = 0; which < CALL_COUNT; which++) {
        tell(CALLS[which].name, CALLS[which].make(client, &values, &options, &data, &error), &error);
        if (data != NULL) {
            read_answer(data);
        }
        drop(&data);
    }
    /* The session's token, which came with an answer. */
    tell("get_profile", oauthapp_get_profile(client, NULL, &options, &data, &error), &error);
    drop(&data);
    give_canaries_back();
    ask("search beside the client");
    oauthapp_client_free(client);
    ask("search");
}

/* The same, but the library panics somewhere in each call. */
static void panic_in_all_calls(void)
{
    oauthapp_client_config config;
    oauthapp_client *client = NULL;
    oauthapp_error *error = NULL;
    char *data = NULL;
    int which, at;

    take_canaries();
    config = settings();
    tell("client_new", oauthapp_client_new(&config, &client, &error), &error);
    for (which = 0; which < CALL_COUNT; which++) {
        for (at = 1; at < 40; at += 3) {
            memset(&clock_fault, 0, sizeof clock_fault);
            clock_fault.at = clock_fault.last = at;
            tell(CALLS[which].name, CALLS[which].make(client, &values, NULL, &data, &error), &error);
            clock_fault.at = 0;
            drop(&data);
        }
    }
    oauthapp_client_free(client);
    give_canaries_back();
    ask("search");
}

/* Secrets where they don't belong, or can't be used. */
static void misplace(void)
{
    oauthapp_client_config config;
    oauthapp_call_options options = oauthapp_call_options_init();
    oauthapp_client *client = NULL;
    oauthapp_error *error = NULL;
    char *data = NULL;

    take_canaries();
    config = settings();
    config.base_url = values.token;
    tell("base_url", oauthapp_client_new(&config, &client, &error), &error);
    config = settings();
    config.user_agent = key;
    tell("user_agent", oauthapp_client_new(&config, &client, &error), &error);
    config = settings();
    config.proxy = values.password;
    tell("proxy", oauthapp_client_new(&config, &client, &error), &error);
    config = settings();
    config.pins = values.token;
    tell("pins", oauthapp_client_new(&config, &client, &error), &error);
    config = settings();
    config.trusted_roots_pem = key;
    tell("trusted_roots_pem", oauthapp_client_new(&config, &client, &error), &error);
    config = settings();
    config.client_certificate_pem = key;
    config.client_key_pem = key;
    tell("client_certificate_pem", oauthapp_client_new(&config, &client, &error), &error);
    config.client_certificate_pem = NULL;
    config.client_key_pem = NULL;
    config.client_certificate_file = values.password;
    config.client_key_file = values.password;
    tell("client_key_file", oauthapp_client_new(&config, &client, &error), &error);

    config = settings();
    tell("client_new", oauthapp_client_new(&config, &client, &error), &error);
    tell("token", oauthapp_get_profile(client, certificate, NULL, &data, &error), &error);
    tell("request", oauthapp_sign_up(client, (const void *)mapped, NULL, &data, &error), &error);
    tell("claims", oauthapp_token_claims(values.password, &data, &error), &error);
    tell("NUL", oauthapp_json_get_string("\"\\u0000\"", "", &data, &error), &error);
    tell("no output", sign_in(client, &values, NULL, NULL, &error), &error);
    tell("not UTF-8", oauthapp_sign_in(client, "wwww", not_utf8, NULL, &data, &error), &error);
    REQUIRE(oauthapp_cancel_token_new(&options.cancel_token, NULL) == OAUTHAPP_OK);
    REQUIRE(oauthapp_cancel_token_cancel(options.cancel_token, NULL) == OAUTHAPP_OK);
    tell("cancelled", sign_in(client, &values, &options, &data, &error), &error);
    oauthapp_cancel_token_free(options.cancel_token);
    tell("not signed in", oauthapp_get_profile(client, NULL, NULL, &data, &error), &error);
    oauthapp_client_free(client);
    tell("freed client", sign_in(client, &values, NULL, &data, &error), &error);
    give_canaries_back();
    ask("search");
}

/* ---- So that the driver can see that it finds what is there ---- */

static const char DIGITS[] = "0123456789abcdef";
static const char BASE64[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

static char *escaped(const char *text, const char *before)
{
    char *copy = calloc(strlen(text) * 6 + 1, 1), *to = copy;
    REQUIRE(copy != NULL);
    for (; *text != '\0'; text++) {
        to += sprintf(to, "%s%c%c", before, DIGITS[(unsigned char)*text >> 4], DIGITS[*text & 15]);
    }
    return copy;
}

static char *base64(const char *text)
{
    char *copy = calloc(strlen(text) * 2 + 1, 1), *to = copy;
    REQUIRE(copy != NULL);
    for (; strlen(text) >= 3; text += 3) {
        unsigned long bits = (unsigned char)text[0] << 16 | (unsigned char)text[1] << 8 | (unsigned char)text[2];
        *to++ = BASE64[bits >> 18];
        *to++ = BASE64[bits >> 12 & 63];
        *to++ = BASE64[bits >> 6 & 63];
        *to++ = BASE64[bits & 63];
    }
    return copy;
}

static void leave(const char *form)
{
    char *left = NULL;
    take_canaries();
    if (strcmp(form, "plain") == 0) {
        left = escaped(values.password, "");
        strcpy(left, values.password);
    } else if (strcmp(form, "percent-encoded") == 0) {
        left = escaped(values.password, "%");
    } else if (strcmp(form, "JSON-escaped") == 0) {
        left = escaped(values.password, "\\u00");
    } else if (strcmp(form, "base64") == 0) {
        left = base64(values.password);
    }
    REQUIRE(left != NULL);
    give_canaries_back();
    ask("search");
    free(left);
}

/* In a thread of its own: what it leaves on its stack is looked through as well. */
static void *all(void *rounds)
{
    int round;
    for (round = 0; round < *(int *)rounds; round++) {
        ask("begin a round");
        make_all_calls();
    }
    ask("begin a round");
    misplace();
    ask("begin a round");
    panic_in_all_calls();
    return NULL;
}

int main(int argc, char **argv)
{
    pthread_t thread;
    int rounds;

    END_A_PROGRAM_THAT_HANGS();
    REQUIRE(argc >= 4 && argc <= 6);
    base_url = argv[1];
    canaries = argv[2];
    if (argc == 4) {
        leave(argv[3]);
    } else {
        rounds = atoi(argv[3]);
        timeout_ms = (uint32_t)atoi(argv[4]);
        roots_file = argc == 6 ? argv[5] : NULL;
        REQUIRE(pthread_create(&thread, NULL, all, &rounds) == 0 && pthread_join(thread, NULL) == 0);
        /* And what the thread has left when it is gone. */
        ask("search");
    }
    puts("passed");
    return 0;
}

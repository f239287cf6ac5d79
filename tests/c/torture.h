/*
 * What the programs that fail every step in turn have in common. After each time they check the error, that nothing leaked,
 * that no descriptor is open, and that the same client makes the same call as if nothing had been.
 *
 * They are run as: program URL ROOTS_PEM_FILE|- …
 * URL is that of an emulator.
 */
#ifndef TORTURE_H
#define TORTURE_H

#include <fcntl.h>
#include <time.h>

#include "calls.h"
#include "failing_memory.h"

static const char *url, *roots_file;
static bool https;

static const char RESIDENT[] = "resident", PASSWORD[] = "correct horse", RESIDENT_UNION_ID[] = "resident's union id";
static char token[4096], key[128], user_name[64], new_union_id[64];

/* What a repetition of a call does. */
enum role {
    REPEATABLE,
    SIGN_UP,     /* meets the account that the first one made, and is therefore not repeated but settled by a sign-in */
    CONFIRMATION /* is not taken for harmless, and not repeated */
};

static enum role role(int which)
{
    if (CALLS[which].make == qr_code_sign_up) {
        return CONFIRMATION;
    }
    return CALLS[which].make == sign_up || CALLS[which].make == union_id_sign_up ? SIGN_UP : REPEATABLE;
}

static oauthapp_client *new_client(const char *base_url, int max_retries)
{
    oauthapp_client_config config = oauthapp_client_config_init();
    oauthapp_client *client = NULL;
    config.app_id = 2;
    config.base_url = base_url;
    config.max_retries = max_retries;
    if (https) {
        config.trust = OAUTHAPP_TRUST_ONLY_GIVEN;
        config.trusted_roots_file = roots_file;
    }
    REQUIRE(oauthapp_client_new(&config, &client, NULL) == OAUTHAPP_OK);
    return client;
}

/* ---- What the calls are made with ---- */

static void take(char **data, const char *pointer, char *into, size_t size)
{
    char *text = NULL;
    REQUIRE(oauthapp_json_get_string(*data, pointer, &text, NULL) == OAUTHAPP_OK && strlen(text) < size);
    strcpy(into, text);
    drop(&text);
    drop(data);
}

/* Reads the arguments that all programs have, and makes a user who signs in, and one with a union id. */
static void begin(int argc, char **argv)
{
    struct values values = {RESIDENT, PASSWORD, RESIDENT_UNION_ID, NULL, NULL};
    oauthapp_client *calm;
    char *data = NULL;
    END_A_PROGRAM_THAT_HANGS();
    REQUIRE(argc >= 3);
    url = argv[1];
    roots_file = argv[2];
    https = strcmp(roots_file, "-") != 0;
    calm = new_client(url, 0);
    REQUIRE(sign_up(calm, &values, NULL, &data, NULL) == OAUTHAPP_OK);
    take(&data, "/access_token", token, sizeof token);
    values.user_name = NULL;
    REQUIRE(union_id_sign_up(calm, &values, NULL, &data, NULL) == OAUTHAPP_OK);
    drop(&data);
    oauthapp_client_free(calm);
}

/* What this call can be made with now, and how it then ends. */
static struct values prepare(int which, oauthapp_code *expected)
{
    static int number;
    struct values values = {RESIDENT, PASSWORD, RESIDENT_UNION_ID, key, token};
    char *data = NULL;
    *expected = OAUTHAPP_OK;
    if (role(which) == SIGN_UP) {
        snprintf(user_name, sizeof user_name, "user %d", ++number);
        snprintf(new_union_id, sizeof new_union_id, "union id %d", number);
        values.user_name = user_name;
        values.union_id = new_union_id;
    } else if (strncmp(CALLS[which].name, "qr_code", 7) == 0) {
        oauthapp_client *calm = new_client(url, 0);
        REQUIRE(oauthapp_qr_code_pre_sign_in(calm, NULL, NULL, NULL, NULL, &data, NULL) == OAUTHAPP_OK);
        REQUIRE(strlen(data) < sizeof key);
        strcpy(key, data);
        drop(&data);
        if (role(which) == CONFIRMATION) {
            REQUIRE(oauthapp_qr_code_scan(calm, key, NULL, &data, NULL) == OAUTHAPP_OK);
            drop(&data);
        } else if (CALLS[which].make == qr_code_sign_in) {
            /* The server's word, as often as it is asked. */
            *expected = OAUTHAPP_ERROR_QR_WAITING;
        }
        oauthapp_client_free(calm);
    }
    return values;
}

/* ---- One case ---- */

/* What is being tried, for failures. */
static char trying[256];

#define REQUIRE_HERE(condition) \
    ((condition) ? (void)0 : (fprintf(stderr, "%s: ", trying), fail(__FILE__, __LINE__, #condition)))

struct ending {
    oauthapp_code code;
    bool retryable;
};

static struct ending make(int which, oauthapp_client *client, const struct values *values, uint32_t timeout_ms)
{
    oauthapp_call_options options = oauthapp_call_options_init();
    oauthapp_error *error = NULL;
    char *data = NULL;
    struct ending ending;
    options.timeout_ms = timeout_ms;
    ending.code = CALLS[which].make(client, values, &options, &data, &error);
    REQUIRE_HERE((ending.code == OAUTHAPP_OK) == (data != NULL) && (ending.code == OAUTHAPP_OK) == (error == NULL));
    REQUIRE_HERE(error == NULL || oauthapp_error_code(error) == ending.code);
    ending.retryable = error != NULL && oauthapp_error_retryable(error);
    oauthapp_error_free(error);
    drop(&data);
    return ending;
}

static void require_code(oauthapp_code code, oauthapp_code expected)
{
    if (code != expected) {
        fprintf(stderr, "%s: %s in place of %s\n", trying, oauthapp_code_name(code), oauthapp_code_name(expected));
        exit(1);
    }
}

/* The same call again, as if nothing had been. What may have arrived the first time must not be called retryable. */
static void make_again(int which, oauthapp_client *client, const struct values *values, struct ending first,
                       oauthapp_code expected)
{
    struct ending again = make(which, client, values, 0);
    if (role(which) != SIGN_UP || first.retryable) {
        require_code(again.code, expected);
    } else if (first.code == OAUTHAPP_OK || again.code != OAUTHAPP_OK) {
        require_code(again.code, OAUTHAPP_ERROR_ACCOUNT_EXISTS);
    }
}

static int open_descriptors(void)
{
    int descriptor, count = 0;
    for (descriptor = 0; descriptor < 256; descriptor++) {
        count += fcntl(descriptor, F_GETFD) != -1;
    }
    return count;
}

static struct {
    long blocks;
    int descriptors;
} before;

/* Has everything made that is made once and stays, so that it doesn't count. */
static void warm_up(const char *base_url)
{
    int which;
    (void)oauthapp_code_name(OAUTHAPP_OK);
    for (which = 0; which < CALL_COUNT; which++) {
        oauthapp_client *client = new_client(base_url, 0);
        oauthapp_code expected;
        struct values values = prepare(which, &expected);
        struct ending ending = make(which, client, &values, 0);
        require_code(ending.code, expected);
        make_again(which, client, &values, ending, expected);
        oauthapp_client_free(client);
    }
}

static void count_before(void)
{
    before.blocks = memory.living;
    before.descriptors = open_descriptors();
}

static void count_after(void)
{
    REQUIRE_HERE(memory.living == before.blocks);
    REQUIRE_HERE(open_descriptors() == before.descriptors);
}

/* The wait before another attempt is over at once: there is nothing to see in it. In place of libc's own functions. */
int nanosleep(const struct timespec *wanted, struct timespec *left)
{
    (void)wanted;
    (void)left;
    return 0;
}

int clock_nanosleep(clockid_t clock, int flags, const struct timespec *wanted, struct timespec *left)
{
    (void)clock;
    (void)flags;
    return nanosleep(wanted, left);
}

#endif

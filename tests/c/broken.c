/*
 * Does what no program may do, so that the tools that look for it can show that they find it. Each fault but one has the
 * library's own code as the one that reads, so it is found only where the tool sees into that.
 *
 * broken [FAULT]
 *
 * Without a fault, it is a program with nothing wrong.
 */
#define _POSIX_C_SOURCE 200809L

#include <limits.h>
#include <pthread.h>

#include "check.h"

static oauthapp_call_options options;

static oauthapp_client *new_client(void)
{
    oauthapp_client_config config = oauthapp_client_config_init();
    oauthapp_client *client = NULL;
    config.app_id = 2;
    /* A port that nobody but root can listen on. */
    config.base_url = "http://127.0.0.1:1";
    config.max_retries = -1;
    REQUIRE(oauthapp_client_new(&config, &client, NULL) == OAUTHAPP_OK);
    return client;
}

static void call(oauthapp_client *client, const oauthapp_call_options *given)
{
    char *data = NULL;
    REQUIRE(oauthapp_qr_code_sign_in(client, "1", given, &data, NULL) != OAUTHAPP_OK);
}

static void read_behind_a_struct(oauthapp_client *client)
{
    /* It says that it is longer than its memory. */
    oauthapp_call_options *given = malloc(sizeof *given);
    REQUIRE(given != NULL);
    *given = oauthapp_call_options_init();
    given->struct_size = sizeof *given + 8;
    call(client, given);
    free(given);
}

static void use_after_free(oauthapp_client *client)
{
    oauthapp_call_options *given = malloc(sizeof *given);
    REQUIRE(given != NULL);
    *given = oauthapp_call_options_init();
    /* Compilers see it too, and refuse it, but for an address that they can't follow. */
    oauthapp_call_options *volatile freed = given;
    free(given);
    call(client, freed);
}

static void leak(void)
{
    /* Written where no register still holds the address afterwards. */
    void *volatile lost = malloc(16);
    REQUIRE(lost != NULL);
    lost = NULL;
}

static void overflow(void)
{
    volatile int most = INT_MAX;
    most = most + 1;
}

static void *write_options(void *unused)
{
    options.timeout_ms = 1000;
    return unused;
}

/* Read by the library while another thread writes. */
static void race(oauthapp_client *client)
{
    pthread_t writer;
    REQUIRE(pthread_create(&writer, NULL, write_options, NULL) == 0);
    call(client, &options);
    REQUIRE(pthread_join(writer, NULL) == 0);
}

int main(int argc, char **argv)
{
    const char *fault = argc > 1 ? argv[1] : "";
    oauthapp_client *client;

    END_A_PROGRAM_THAT_HANGS();
    client = new_client();
    options = oauthapp_call_options_init();
    if (strcmp(fault, "read behind a struct") == 0) {
        read_behind_a_struct(client);
    } else if (strcmp(fault, "use after free") == 0) {
        use_after_free(client);
    } else if (strcmp(fault, "leak") == 0) {
        leak();
    } else if (strcmp(fault, "overflow") == 0) {
        overflow();
    } else if (strcmp(fault, "race") == 0) {
        race(client);
    } else {
        call(client, &options);
    }
    oauthapp_client_free(client);
    puts("passed");
    return 0;
}

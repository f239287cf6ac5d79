/*
 * Calls when a thread or the program is about to end: in a destructor of a thread-specific value, in atexit. Whatever the
 * library keeps for a thread, which has made calls before, has met its end by then.
 *
 * late BASE_URL
 *
 * BASE_URL is that of an emulator.
 */
#define _POSIX_C_SOURCE 200809L

#include <pthread.h>

#include "check.h"

static oauthapp_client *client;
static pthread_key_t key;
static bool answered_at_the_end;

/* Whether the server answers: nobody has an account there. */
static bool answered(void)
{
    char *data = NULL;
    return oauthapp_sign_in(client, "nobody", "password", NULL, &data, NULL) == OAUTHAPP_ERROR_NO_SUCH_USER;
}

/* The system calls it again as long as there is a value: after the destructors of others too. */
static void destructor(void *value)
{
    static int rounds = 3;
    answered_at_the_end = answered();
    REQUIRE(answered_at_the_end);
    if (--rounds > 0) {
        REQUIRE(pthread_setspecific(key, value) == 0);
    }
}

static void *thread(void *unused)
{
    REQUIRE(answered());
    REQUIRE(pthread_setspecific(key, &key) == 0);
    return unused;
}

static void at_exit(void)
{
    if (!answered()) {
        fputs("a call in atexit fails\n", stderr);
        fflush(NULL);
        _exit(1);
    }
    oauthapp_client_free(client);
    puts("ok a call in atexit");
    puts("passed");
}

int main(int argc, char **argv)
{
    oauthapp_client_config config = oauthapp_client_config_init();
    pthread_t made;
    END_A_PROGRAM_THAT_HANGS();
    REQUIRE(argc == 2);
    REQUIRE(pthread_key_create(&key, destructor) == 0);
    config.app_id = 2;
    config.base_url = argv[1];
    REQUIRE(oauthapp_client_new(&config, &client, NULL) == OAUTHAPP_OK);
    REQUIRE(pthread_create(&made, NULL, thread, NULL) == 0);
    REQUIRE(pthread_join(made, NULL) == 0);
    CHECK(answered_at_the_end);
    REQUIRE(atexit(at_exit) == 0);
    return 0;
}

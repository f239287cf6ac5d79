/*
 * No call asks the environment for anything: a program may change it meanwhile in another thread, which is a race with
 * everyone who looks.
 *
 * environment BASE_URL
 *
 * BASE_URL is that of an emulator.
 */
#define _POSIX_C_SOURCE 200809L

#include <pthread.h>

#include "check.h"

#define THREADS 20

extern char **environ;

static oauthapp_client *client;
static pthread_barrier_t together;
static volatile bool in_calls;

/* Takes the place of the system's, for the library too. */
char *getenv(const char *name)
{
    size_t length = strlen(name);
    char **variable;
    if (in_calls) {
        fprintf(stderr, "asked for %s\n", name);
        _exit(1);
    }
    for (variable = environ; *variable != NULL; ++variable) {
        if (strncmp(*variable, name, length) == 0 && (*variable)[length] == '=') {
            return *variable + length + 1;
        }
    }
    return NULL;
}

static void *calls(void *unused)
{
    int i;
    for (i = 0; i < 3; ++i) {
        char *data = NULL;
        pthread_barrier_wait(&together);
        REQUIRE(oauthapp_sign_in(client, "nobody", "password", NULL, &data, NULL) == OAUTHAPP_ERROR_NO_SUCH_USER);
    }
    return unused;
}

int main(int argc, char **argv)
{
    oauthapp_client_config config = oauthapp_client_config_init();
    pthread_t threads[THREADS];
    int i;
    END_A_PROGRAM_THAT_HANGS();
    REQUIRE(argc == 2);
    REQUIRE(setenv("OAUTHAPP_TEST", "is seen", 1) == 0);
    CHECK(strcmp(getenv("OAUTHAPP_TEST"), "is seen") == 0);
    REQUIRE(pthread_barrier_init(&together, NULL, THREADS) == 0);
    config.app_id = 2;
    config.base_url = argv[1];
    REQUIRE(oauthapp_client_new(&config, &client, NULL) == OAUTHAPP_OK);
    in_calls = true;
    for (i = 0; i < THREADS; ++i) {
        REQUIRE(pthread_create(&threads[i], NULL, calls, NULL) == 0);
    }
    for (i = 0; i < THREADS; ++i) {
        REQUIRE(pthread_join(threads[i], NULL) == 0);
    }
    oauthapp_client_free(client);
    in_calls = false;
    puts("ok the environment is left alone");
    puts("passed");
    return 0;
}

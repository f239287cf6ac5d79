/*
 * Calls that wait for a server which says nothing end at their deadline, and when another thread cancels them. The server, at
 * argv[1], tells on standard input, with a line, when a request has arrived. Programs for other systems than those of the other
 * tests are made of this, so it asks little of the system.
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#include "oauthapp.h"

static void require(int condition, const char *what)
{
    printf("%s %s\n", condition ? "ok" : "failed:", what);
    if (!condition) {
        exit(1);
    }
}

static void wait_until_a_request_has_arrived(void)
{
    char line[64];
    require(fgets(line, sizeof line, stdin) != NULL, "the server has the request");
}

static void *cancel(void *token)
{
    wait_until_a_request_has_arrived();
    oauthapp_cancel_token_cancel(token, NULL);
    return NULL;
}

int main(int argc, char **argv)
{
    char *token = NULL;
    pthread_t thread;
    oauthapp_client *client = NULL;
    oauthapp_client_config config = oauthapp_client_config_init();
    oauthapp_call_options options = oauthapp_call_options_init();

    require(argc == 2, "there is one argument");
    config.base_url = argv[1];
    config.app_id = 2;
    require(oauthapp_client_new(&config, &client, NULL) == OAUTHAPP_OK, "a client is made");

    options.timeout_ms = 500;
    require(oauthapp_sign_in(client, "user", "password", &options, &token, NULL) == OAUTHAPP_ERROR_TIMEOUT,
            "a call ends at its deadline");
    wait_until_a_request_has_arrived();

    /* So long that whoever waits for the deadline is killed before. */
    options.timeout_ms = 3600 * 1000;
    require(oauthapp_cancel_token_new(&options.cancel_token, NULL) == OAUTHAPP_OK, "a token is made");
    require(pthread_create(&thread, NULL, cancel, options.cancel_token) == 0, "a thread is made");
    require(oauthapp_sign_in(client, "user", "password", &options, &token, NULL) == OAUTHAPP_ERROR_CANCELLED,
            "a call ends when another thread cancels it");
    pthread_join(thread, NULL);
    oauthapp_cancel_token_free(options.cancel_token);
    oauthapp_client_free(client);
    return 0;
}

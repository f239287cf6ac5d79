/* A call on a thread of its own, which ends when nobody waits for it any more. OAUTHAPP_URL is the server. */
#include <oauthapp.h>

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

// [worker]
struct sign_in {
    oauthapp_client *client;
    oauthapp_cancel_token *closed;
    oauthapp_code code;
    char *token;
};

static void *run(void *argument)
{
    struct sign_in *sign_in = argument;
    oauthapp_call_options options = oauthapp_call_options_init();
    options.cancel_token = sign_in->closed;
    options.timeout_ms = 60000;
    sign_in->code = oauthapp_sign_in(sign_in->client, "wwww", "123456", &options, &sign_in->token, NULL);
    return NULL; /* In a program with a window: post an event to its loop. */
}
// [/worker]

int main(void)
{
    oauthapp_client_config config = oauthapp_client_config_init();
    config.app_id = 2;
    config.base_url = getenv("OAUTHAPP_URL");
    struct sign_in sign_in = {NULL, NULL, OAUTHAPP_OK, NULL};
    pthread_t thread;
    if (oauthapp_client_new(&config, &sign_in.client, NULL) != OAUTHAPP_OK ||
        oauthapp_cancel_token_new(&sign_in.closed, NULL) != OAUTHAPP_OK ||
        pthread_create(&thread, NULL, run, &sign_in) != 0) {
        return EXIT_FAILURE;
    }
    puts("press return to cancel");
    fflush(stdout);
    getchar();
    // [close]
    oauthapp_cancel_token_cancel(sign_in.closed, NULL);
    pthread_join(thread, NULL); /* At once: the call returns OAUTHAPP_ERROR_CANCELLED, whatever it waits for. */
    // [/close]
    puts(oauthapp_code_name(sign_in.code));
    oauthapp_string_free(sign_in.token);
    oauthapp_cancel_token_free(sign_in.closed);
    oauthapp_client_free(sign_in.client);
    return EXIT_SUCCESS;
}

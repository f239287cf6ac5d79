/* sign_in USER PASSWORD: signs in and greets the user by name. OAUTHAPP_URL is the server; else https://www.oauthapp.com */
#include <oauthapp.h>

#include <stdio.h>
#include <stdlib.h>

// [client]
/* One client for the whole program: it keeps the connections. NULL if it can't be made. */
static oauthapp_client *make_client(void)
{
    oauthapp_client_config config = oauthapp_client_config_init();
    config.app_id = 2;
    config.base_url = getenv("OAUTHAPP_URL"); /* NULL: https://www.oauthapp.com */
    oauthapp_client *client = NULL;
    oauthapp_error *error = NULL;
    if (oauthapp_client_new(&config, &client, &error) != OAUTHAPP_OK) {
        fprintf(stderr, "%s\n", oauthapp_error_message(error));
        oauthapp_error_free(error);
    }
    return client;
}
// [/client]

// [failed]
/* What a program says of a call that failed. */
static void show(const oauthapp_error *error)
{
    switch (oauthapp_error_code(error)) {
    case OAUTHAPP_ERROR_WRONG_PASSWORD:
    case OAUTHAPP_ERROR_NO_SUCH_USER:
        puts("User name or password are wrong.");
        break;
    case OAUTHAPP_ERROR_TOKEN_EXPIRED:
    case OAUTHAPP_ERROR_TOKEN_REJECTED:
    case OAUTHAPP_ERROR_UNAUTHORIZED:
    case OAUTHAPP_ERROR_NOT_SIGNED_IN:
        puts("Please sign in again.");
        break;
    case OAUTHAPP_ERROR_CANCELLED:
        break; /* The user knows. */
    default:   /* Later versions have more codes. */
        puts(oauthapp_error_message(error));
        if (oauthapp_error_retryable(error)) {
            puts("Try again in a moment.");
        }
    }
}
// [/failed]

int main(int argc, char **argv)
{
    oauthapp_client *client = argc == 3 ? make_client() : NULL;
    if (client == NULL) {
        return EXIT_FAILURE;
    }
    // [sign-in]
    char *token = NULL, *access_token = NULL, *profile = NULL, *name = NULL;
    oauthapp_error *error = NULL;
    if (oauthapp_sign_in(client, argv[1], argv[2], NULL, &token, &error) == OAUTHAPP_OK &&
        oauthapp_json_get_string(token, "/access_token", &access_token, &error) == OAUTHAPP_OK &&
        oauthapp_get_profile(client, access_token, NULL, &profile, &error) == OAUTHAPP_OK) {
        oauthapp_json_get_string(profile, "/nickName", &name, NULL); /* stays NULL where it is null or missing */
        printf("Hello %s\n", name != NULL ? name : argv[1]);
    } else {
        show(error);
    }
    oauthapp_error_free(error); /* Freeing NULL does nothing. */
    oauthapp_string_free(name);
    oauthapp_string_free(profile);
    oauthapp_string_free(access_token);
    oauthapp_string_free(token);
    // [/sign-in]
    oauthapp_client_free(client);
    return EXIT_SUCCESS;
}

/* Signs in where OAUTHAPP_URL says, or at https://www.oauthapp.com. */
#include <oauthapp.h>
#include <stdio.h>
#include <stdlib.h>

int main(void)
{
    oauthapp_client_config config = oauthapp_client_config_init();
    oauthapp_client *client = NULL;
    oauthapp_error *error = NULL;
    char *token = NULL;

    config.app_id = 2;
    config.base_url = getenv("OAUTHAPP_URL");
    if (oauthapp_client_new(&config, &client, &error) == OAUTHAPP_OK
        && oauthapp_sign_in(client, "wwww", "123456", NULL, &token, &error) == OAUTHAPP_OK) {
        puts("signed in");
    } else {
        puts(oauthapp_error_message(error));
    }
    oauthapp_error_free(error);
    oauthapp_string_free(token);
    oauthapp_client_free(client);
    return 0;
}

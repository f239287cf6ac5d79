/* A first program: what is linked is the library that the header belongs to, and it works. */
#include <stdio.h>
#include <string.h>

#include "oauthapp.h"

int main(void)
{
    oauthapp_client_config config = oauthapp_client_config_init();
    oauthapp_client *client = NULL;
    char *data = NULL;

    config.app_id = 2;
    if (oauthapp_client_new(&config, &client, NULL) != OAUTHAPP_OK) {
        return 1;
    }
    if (oauthapp_get_profile(client, NULL, NULL, &data, NULL) != OAUTHAPP_ERROR_NOT_SIGNED_IN) {
        return 2;
    }
    oauthapp_client_free(client);
    if (strcmp(oauthapp_version(), OAUTHAPP_VERSION) != 0) {
        return 3;
    }
    printf("liboauthapp %s\n", oauthapp_version());
    return 0;
}

/*
 * Where there can be no thread for a name look-up, a call says so at once, and so does the next.
 */
#include <errno.h>
#include <pthread.h>

#include "check.h"

/* Takes the place of the system's, for the library too. */
int pthread_create(pthread_t *thread, const pthread_attr_t *attributes, void *(*run)(void *), void *argument)
{
    (void)thread, (void)attributes, (void)run, (void)argument;
    return EAGAIN;
}

int main(void)
{
    oauthapp_client_config config = oauthapp_client_config_init();
    oauthapp_client *client = NULL;
    char *data = NULL;
    END_A_PROGRAM_THAT_HANGS();
    config.app_id = 2;
    config.base_url = "https://name.invalid";
    config.max_retries = -1;
    REQUIRE(oauthapp_client_new(&config, &client, NULL) == OAUTHAPP_OK);
    CHECK_CODE(OAUTHAPP_ERROR_DNS, oauthapp_sign_in(client, "wwww", "123456", NULL, &data, NULL));
    CHECK_CODE(OAUTHAPP_ERROR_DNS, oauthapp_sign_in(client, "wwww", "123456", NULL, &data, NULL));
    oauthapp_client_free(client);
    puts("passed");
    return 0;
}

/* liboauthapp with its default settings: one client, shared by all threads. */
#include "client.h"

#include <oauthapp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static oauthapp_client *client;

static char *read_file(const char *path)
{
    static char text[64 * 1024];
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        fail("no CA file");
    }
    text[fread(text, 1, sizeof text - 1, file)] = '\0';
    fclose(file);
    return text;
}

void client_begin(const char *url, const char *ca_file)
{
    oauthapp_client_config config = oauthapp_client_config_init();
    oauthapp_error *error = NULL;
    config.app_id = 2;
    config.base_url = url;
    /* No program that speaks plain http brings authorities. */
    if (strncmp(url, "https:", 6) == 0) {
        config.trusted_roots_pem = read_file(ca_file);
    }
    if (oauthapp_client_new(&config, &client, &error) != OAUTHAPP_OK) {
        fail(oauthapp_error_message(error));
    }
}

void *caller_new(void)
{
    return NULL;
}

char *sign_in(void *caller)
{
    char *data = NULL;
    oauthapp_error *error = NULL;
    (void)caller;
    if (oauthapp_sign_in(client, "wwww", "123456", NULL, &data, &error) != OAUTHAPP_OK) {
        fail(oauthapp_error_message(error));
    }
    return data;
}

void discard(char *data)
{
    oauthapp_string_free(data);
}

void caller_free(void *caller)
{
    (void)caller;
}

void client_end(void)
{
    oauthapp_client_free(client);
}

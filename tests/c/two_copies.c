/*
 * A program may have two copies of the library, one of them in a plugin. A handle of one is none of the other.
 *
 * two_copies OTHER
 *
 * OTHER is a copy of the library with which the program is linked.
 */
#define _POSIX_C_SOURCE 200809L

#include <dlfcn.h>

#include "check.h"

typedef oauthapp_code sign_in_function(oauthapp_client *, const char *, const char *, const oauthapp_call_options *, char **,
                                       oauthapp_error **);
typedef void free_function(oauthapp_client *);

static oauthapp_client *new_client(oauthapp_code make(const oauthapp_client_config *, oauthapp_client **, oauthapp_error **))
{
    oauthapp_client_config config = oauthapp_client_config_init();
    oauthapp_client *client = NULL;
    config.app_id = 2;
    config.base_url = "http://localhost:1";
    config.flags = OAUTHAPP_CLIENT_KEEP_SESSION;
    REQUIRE(make(&config, &client, NULL) == OAUTHAPP_OK);
    return client;
}

/* A function of the other copy. C has no cast from what dlsym gives to a function. */
static void find(void *other, const char *name, void *function, size_t size)
{
    void *found = dlsym(other, name);
    REQUIRE(found != NULL && size == sizeof found);
    memcpy(function, &found, size);
}

int main(int argc, char **argv)
{
    oauthapp_code (*other_new)(const oauthapp_client_config *, oauthapp_client **, oauthapp_error **);
    sign_in_function *other_sign_in;
    free_function *other_free;
    oauthapp_client *ours, *others;
    char *data = NULL;
    void *other;
    END_A_PROGRAM_THAT_HANGS();
    REQUIRE(argc == 2);
    REQUIRE((other = dlopen(argv[1], RTLD_NOW | RTLD_LOCAL)) != NULL);
    find(other, "oauthapp_client_new", &other_new, sizeof other_new);
    find(other, "oauthapp_sign_in", &other_sign_in, sizeof other_sign_in);
    find(other, "oauthapp_client_free", &other_free, sizeof other_free);
    REQUIRE(other_new != oauthapp_client_new);
    ours = new_client(oauthapp_client_new);
    others = new_client(other_new);
    CHECK_CODE(OAUTHAPP_ERROR_INVALID_HANDLE, other_sign_in(ours, "wwww", "123456", NULL, &data, NULL));
    CHECK_CODE(OAUTHAPP_ERROR_INVALID_HANDLE, oauthapp_sign_in(others, "wwww", "123456", NULL, &data, NULL));
    other_free(ours);
    oauthapp_client_free(others);
    CHECK_CODE(OAUTHAPP_ERROR_CONNECT, oauthapp_sign_in(ours, "wwww", "123456", NULL, &data, NULL));
    CHECK_CODE(OAUTHAPP_ERROR_CONNECT, other_sign_in(others, "wwww", "123456", NULL, &data, NULL));
    oauthapp_client_free(ours);
    other_free(others);
    puts("passed");
    return 0;
}

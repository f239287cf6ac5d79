/*
 * Threads with three quarters of the stack that the header asks for, which leaves the rest to what larger keys need, make the calls
 * that need most of it: to a server that sends as many certificates as are looked at.
 *
 * small_stack URL ROOTS CLIENT_CERTIFICATE_AND_KEY
 */
#include <pthread.h>

#include "check.h"

static const char *url, *roots, *client_certificate;

static void profile(const char *trusted, oauthapp_code expected)
{
    oauthapp_client_config config = oauthapp_client_config_init();
    oauthapp_client *client = NULL;
    char *data = NULL;
    config.app_id = 2;
    config.base_url = url;
    config.trusted_roots_file = trusted;
    config.trust = trusted == NULL ? OAUTHAPP_TRUST_MOZILLA : OAUTHAPP_TRUST_ONLY_GIVEN;
    config.client_certificate_file = config.client_key_file = client_certificate;
    REQUIRE(oauthapp_client_new(&config, &client, NULL) == OAUTHAPP_OK);
    CHECK_CODE(expected, oauthapp_get_profile(client, "token", NULL, &data, NULL));
    oauthapp_string_free(data);
    oauthapp_client_free(client);
}

static void *calls(void *none)
{
    profile(roots, OAUTHAPP_OK);
    profile(NULL, OAUTHAPP_ERROR_CERTIFICATE_UNTRUSTED);
    return none;
}

int main(int argc, char **argv)
{
    pthread_attr_t attributes;
    pthread_t thread;
    END_A_PROGRAM_THAT_HANGS();
    REQUIRE(argc == 4);
    url = argv[1], roots = argv[2], client_certificate = argv[3];
    REQUIRE(pthread_attr_init(&attributes) == 0);
    REQUIRE(pthread_attr_setstacksize(&attributes, 96 * 1024) == 0);
    REQUIRE(pthread_create(&thread, &attributes, calls, NULL) == 0);
    REQUIRE(pthread_join(thread, NULL) == 0);
    puts("passed");
    return 0;
}

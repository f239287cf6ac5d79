/* What can be set, and a session that the client keeps. OAUTHAPP_URL is the server, OAUTHAPP_CA its authority's file. */
#include <oauthapp.h>

#include <stdio.h>
#include <stdlib.h>

// [log]
static void log_line(void *context, oauthapp_log_level level, const char *target, const char *message)
{
    fprintf(context, "%s %s: %s\n", level <= OAUTHAPP_LOG_WARN ? "WARN" : "DEBUG", target, message);
}
// [/log]

static bool done(oauthapp_code code)
{
    if (code != OAUTHAPP_OK) {
        fprintf(stderr, "%s\n", oauthapp_code_name(code));
    }
    return code == OAUTHAPP_OK;
}

// [session]
static bool use_session(oauthapp_client *client)
{
    char *profile = NULL;
    /* Signed in or up before, so that no token has to be named. */
    if (!done(oauthapp_get_profile(client, NULL, NULL, &profile, NULL))) {
        return false;
    }
    oauthapp_string_free(profile);
    oauthapp_client_sign_out(client, NULL); /* The client forgets the token, which stays good until it runs out. */
    return oauthapp_get_profile(client, NULL, NULL, &profile, NULL) == OAUTHAPP_ERROR_NOT_SIGNED_IN;
}
// [/session]

static oauthapp_client *client_behind_a_proxy(void)
{
    oauthapp_client_config config = oauthapp_client_config_init();
    config.app_id = 2;
    // [proxy]
    config.proxy = "http://user:p%40ssword@proxy.example:3128";
    // [/proxy]
    // [environment]
    config.flags |= OAUTHAPP_CLIENT_PROXY_FROM_ENVIRONMENT; /* where config.proxy is NULL */
    // [/environment]
    // [pins]
    config.pins = "sha256/47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU= sha256/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
    // [/pins]
    oauthapp_client *client = NULL;
    return done(oauthapp_client_new(&config, &client, NULL)) ? client : NULL;
}

int main(void)
{
    oauthapp_client_config config = oauthapp_client_config_init();
    config.app_id = 2;
    config.base_url = getenv("OAUTHAPP_URL");
    const char *authority = getenv("OAUTHAPP_CA");
    // [trust]
    config.trust = OAUTHAPP_TRUST_ONLY_GIVEN;
    config.trusted_roots_file = authority; /* or the text itself: trusted_roots_pem */
    // [/trust]
    // [keep]
    config.flags |= OAUTHAPP_CLIENT_KEEP_SESSION;
    // [/keep]
    // [log-to]
    config.log_callback = log_line;
    config.log_context = stderr;
    // [/log-to]
    // [times]
    config.timeout_ms = 10000;        /* each call as a whole: 30 seconds unless set */
    config.connect_timeout_ms = 5000; /* of it, for making a connection: 10 seconds unless set */
    config.max_retries = 1;           /* 2 unless set; -1: none */
    // [/times]

    oauthapp_client *client = NULL, *behind_a_proxy = client_behind_a_proxy();
    char *token = NULL;
    oauthapp_sign_up_request request = oauthapp_sign_up_request_init();
    request.user_name = "settings";
    request.pwd = "123456";
    bool ok = behind_a_proxy != NULL && done(oauthapp_client_new(&config, &client, NULL)) &&
              done(oauthapp_sign_up(client, &request, NULL, &token, NULL)) && use_session(client);
    puts(ok ? "All of it worked." : "Something did not work.");
    oauthapp_string_free(token);
    oauthapp_client_free(behind_a_proxy);
    oauthapp_client_free(client);
    return ok ? EXIT_SUCCESS : EXIT_FAILURE;
}

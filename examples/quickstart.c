/*
 * Signs up, signs in, reads the profile, changes it, reads it again, and shows a wrong password as a person should see it.
 *
 * OAUTHAPP_URL, OAUTHAPP_APP_ID, OAUTHAPP_USER and OAUTHAPP_PASSWORD in the environment say where and as whom; without them
 * it is user "quickstart" of application 2 on the emulator at http://127.0.0.1:8742.
 */
#include <oauthapp.h>
#include <stdio.h>
#include <stdlib.h>

static const char *setting(const char *name, const char *otherwise)
{
    const char *value = getenv(name);
    return value != NULL ? value : otherwise;
}

/* Says how a step went. Returns whether it went as expected, and frees the error. */
static bool step(const char *what, oauthapp_code code, oauthapp_code expected, oauthapp_error **error)
{
    printf("%-26s %s\n", what, code == OAUTHAPP_OK ? "done" : oauthapp_error_message(*error));
    oauthapp_error_free(*error);
    *error = NULL;
    return code == expected;
}

/* Reads the profile with this token and prints two fields of it. */
static bool show_profile(oauthapp_client *client, const char *token)
{
    char *profile = NULL, *nick_name = NULL;
    int64_t id = 0;
    oauthapp_error *error = NULL;
    if (step("read the profile", oauthapp_get_profile(client, token, NULL, &profile, &error), OAUTHAPP_OK, &error)) {
        oauthapp_json_get_int64(profile, "/id", &id, NULL);
        oauthapp_json_get_string(profile, "/nickName", &nick_name, NULL); /* may be null: then NULL */
        printf("  user %lld is called %s\n", (long long)id, nick_name != NULL ? nick_name : "(no name)");
    }
    oauthapp_string_free(nick_name);
    oauthapp_string_free(profile);
    return id != 0;
}

int main(void)
{
    const char *user = setting("OAUTHAPP_USER", "quickstart");
    const char *password = setting("OAUTHAPP_PASSWORD", "a password nobody else has");
    oauthapp_client *client = NULL;
    oauthapp_error *error = NULL;
    char *answer = NULL, *token = NULL;
    oauthapp_client_config config = oauthapp_client_config_init();
    config.base_url = setting("OAUTHAPP_URL", "http://127.0.0.1:8742");
    config.app_id = strtoll(setting("OAUTHAPP_APP_ID", "2"), NULL, 10);
    bool ok = step("make a client", oauthapp_client_new(&config, &client, &error), OAUTHAPP_OK, &error);
    if (ok) {
        oauthapp_sign_up_request request = oauthapp_sign_up_request_init();
        request.user_name = user;
        request.pwd = password;
        request.nick_name = "Quick";
        oauthapp_code code = oauthapp_sign_up(client, &request, NULL, &answer, &error);
        ok = step("sign up", code, code == OAUTHAPP_ERROR_ACCOUNT_EXISTS ? code : OAUTHAPP_OK, &error); /* a second run */
        oauthapp_string_free(answer);
    }
    if (ok) {
        ok = step("sign in", oauthapp_sign_in(client, user, password, NULL, &answer, &error), OAUTHAPP_OK, &error) &&
             oauthapp_json_get_string(answer, "/access_token", &token, NULL) == OAUTHAPP_OK &&
             show_profile(client, token);
        oauthapp_string_free(answer);
    }
    if (ok) {
        oauthapp_code code = oauthapp_update_profile(client, token, NULL, NULL, "Quicker", NULL, &answer, &error);
        ok = step("change the profile", code, OAUTHAPP_OK, &error) && show_profile(client, token);
        oauthapp_string_free(answer);
        code = oauthapp_sign_in(client, user, "not the password", NULL, &answer, &error);
        ok = step("sign in with a wrong one", code, OAUTHAPP_ERROR_WRONG_PASSWORD, &error) && ok;
    }
    oauthapp_string_free(token);
    oauthapp_client_free(client);
    puts(ok ? "All of it worked." : "Something did not work.");
    return ok ? EXIT_SUCCESS : EXIT_FAILURE;
}

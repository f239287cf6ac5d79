/* Signs in by a QR code, the screen's side. OAUTHAPP_URL is the server; else https://www.oauthapp.com */
#include <oauthapp.h>

#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

static void show(const char *text)
{
    puts(text);
    fflush(stdout);
}

/* Stands for a library that draws QR codes. */
static void show_qr_code(const char *scene)
{
    show(scene[0] != '\0' ? "Scan the code." : "No code.");
}

// [wait]
/* Asks once a second, for two minutes, until the phone has confirmed. Gives the token, or NULL. */
static char *wait_for_the_phone(oauthapp_client *client, const char *key)
{
    oauthapp_code last = OAUTHAPP_ERROR_QR_WAITING;
    for (time_t end = time(NULL) + 120; time(NULL) < end; sleep(1)) {
        char *token = NULL;
        oauthapp_error *error = NULL;
        oauthapp_code code = oauthapp_qr_code_sign_in(client, key, NULL, &token, &error);
        if (code == OAUTHAPP_OK) {
            return token;
        }
        if (code != last) {
            last = code;
            show(code == OAUTHAPP_ERROR_QR_SCANNED ? "Now confirm on the phone." : oauthapp_error_message(error));
        }
        /* True while the phone takes its time, and where the network fails for a moment. */
        bool again = oauthapp_error_retryable(error);
        oauthapp_error_free(error);
        if (!again) {
            return NULL;
        }
    }
    return NULL; /* Make a new code. */
}
// [/wait]

int main(void)
{
    oauthapp_client_config config = oauthapp_client_config_init();
    config.app_id = 2;
    config.base_url = getenv("OAUTHAPP_URL");
    oauthapp_client *client = NULL;
    if (oauthapp_client_new(&config, &client, NULL) != OAUTHAPP_OK) {
        return EXIT_FAILURE;
    }
    // [key]
    char *key = NULL, *text = NULL, *token = NULL, scene[128];
    oauthapp_error *error = NULL;
    if (oauthapp_qr_code_pre_sign_in(client, "openid", NULL, "app", NULL, &key, &error) == OAUTHAPP_OK) {
        /* The key is JSON: a number, or a string in quotes. In the code it stands without them. */
        oauthapp_json_get_string(key, "", &text, NULL);
        snprintf(scene, sizeof scene, "appId=2&signinKey=%s", text != NULL ? text : key);
        show_qr_code(scene);
        token = wait_for_the_phone(client, key);
    } else {
        show(oauthapp_error_message(error));
    }
    // [/key]
    show(token != NULL ? "Signed in." : "Not signed in.");
    oauthapp_error_free(error);
    oauthapp_string_free(token);
    oauthapp_string_free(text);
    oauthapp_string_free(key);
    oauthapp_client_free(client);
    return token != NULL ? EXIT_SUCCESS : EXIT_FAILURE;
}

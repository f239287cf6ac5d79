/*
 * A program of the days of soname 1, with the header of those days beside it. Neither is changed after the first release: the
 * program must go on compiling as it is, and running with every library that has this soname.
 *
 * program BASE_URL SILENT_URL, as ten_calls.c. It stands alone on purpose; what it relies on is what the header promises, and
 * no text or number of fields that a later version may change.
 */
#define _POSIX_C_SOURCE 200809L

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "oauthapp.h"

static const char PASSWORD[] = "of the first days";

#define CHECK(condition) \
    ((condition) ? (void)printf("ok %s\n", #condition) \
                 : (void)(fprintf(stderr, "line %d: failed: %s\n", __LINE__, #condition), exit(1)))

struct log {
    int lines;
    int wrong;
};

static void log_line(void *log_context, oauthapp_log_level level, const char *target, const char *message)
{
    struct log *log = log_context;
    log->lines += 1;
    if ((level != OAUTHAPP_LOG_WARN && level != OAUTHAPP_LOG_DEBUG) || strlen(target) == 0 || strlen(message) == 0) {
        log->wrong += 1;
    }
}

static void *cancel(void *cancel_token)
{
    CHECK(oauthapp_cancel_token_cancel(cancel_token, NULL) == OAUTHAPP_OK);
    return NULL;
}

static void free_all(char **string, oauthapp_error **error)
{
    oauthapp_string_free(*string);
    oauthapp_error_free(*error);
    *string = NULL;
    *error = NULL;
}

/* An account, its session and its profile, with every way to read JSON. */
static void account(oauthapp_client *client)
{
    oauthapp_sign_up_request request = oauthapp_sign_up_request_init();
    oauthapp_error *error = NULL;
    char *data = NULL, *text = NULL, *claims = NULL;
    int64_t id = 0;
    double rounded = 0;
    bool truth = true;
    oauthapp_json_type type = OAUTHAPP_JSON_OBJECT;

    request.user_name = "an old hand";
    request.pwd = PASSWORD;
    request.nick_name = "Old";
    request.email = "old@example.com";
    request.data = "[1]";
    CHECK(oauthapp_sign_up(client, &request, NULL, &data, &error) == OAUTHAPP_OK && error == NULL);
    CHECK(oauthapp_json_get_string(data, "/access_token", &text, NULL) == OAUTHAPP_OK);
    CHECK(oauthapp_token_claims(text, &claims, NULL) == OAUTHAPP_OK);
    free_all(&claims, &error);
    free_all(&text, &error);
    free_all(&data, &error);
    CHECK(oauthapp_client_is_signed_in(client));

    CHECK(oauthapp_update_profile(client, NULL, "a.png", "[2]", "Older", NULL, &data, &error) == OAUTHAPP_OK);
    free_all(&data, &error);
    CHECK(oauthapp_get_profile(client, NULL, NULL, &data, &error) == OAUTHAPP_OK);
    CHECK(oauthapp_json_get_string(data, "/nickName", &text, &error) == OAUTHAPP_OK && strcmp(text, "Older") == 0);
    free_all(&text, &error);
    CHECK(oauthapp_json_get_string(data, "/email", &text, &error) == OAUTHAPP_OK && strcmp(text, "old@example.com") == 0);
    free_all(&text, &error);
    CHECK(oauthapp_json_get_json(data, "/data", &text, &error) == OAUTHAPP_OK && strcmp(text, "\"[2]\"") == 0);
    free_all(&text, &error);
    CHECK(oauthapp_json_get_int64(data, "/id", &id, &error) == OAUTHAPP_OK && id > 0);
    CHECK(oauthapp_json_get_double(data, "/id", &rounded, &error) == OAUTHAPP_OK && rounded == (double)id);
    CHECK(oauthapp_json_get_bool(data, "/emailIsValid", &truth, &error) == OAUTHAPP_OK && !truth);
    CHECK(oauthapp_json_get_type(data, "/unionID", &type, &error) == OAUTHAPP_OK && type == OAUTHAPP_JSON_NULL);
    CHECK(oauthapp_json_get_string(data, "/no such field", &text, &error) == OAUTHAPP_ERROR_JSON_NOT_FOUND);
    CHECK(oauthapp_error_code(error) == OAUTHAPP_ERROR_JSON_NOT_FOUND);
    free_all(&data, &error);

    CHECK(oauthapp_client_sign_out(client, &error) == OAUTHAPP_OK && !oauthapp_client_is_signed_in(client));
    CHECK(oauthapp_get_profile(client, NULL, NULL, &data, NULL) == OAUTHAPP_ERROR_NOT_SIGNED_IN && data == NULL);
}

/* What a failure tells. */
static void failure(oauthapp_client *client)
{
    oauthapp_error *error = NULL;
    char *data = NULL;

    CHECK(oauthapp_sign_in(client, "an old hand", "another", NULL, &data, &error) == OAUTHAPP_ERROR_WRONG_PASSWORD);
    CHECK(data == NULL && oauthapp_error_code(error) == OAUTHAPP_ERROR_WRONG_PASSWORD);
    CHECK(strlen(oauthapp_error_message(error)) > 0);
    CHECK(oauthapp_error_http_status(error) == 200 && oauthapp_error_server_code(error) == 500);
    CHECK(oauthapp_error_server_message(error) != NULL && oauthapp_error_fields_json(error) == NULL);
    CHECK(!oauthapp_error_retryable(error) && oauthapp_error_retry_after_ms(error) == -1);
    CHECK(strcmp(oauthapp_code_name(oauthapp_error_code(error)), "OAUTHAPP_ERROR_WRONG_PASSWORD") == 0);
    free_all(&data, &error);
}

/* The structs with truth values in them, and a QR code from both of its sides. */
static void other_ways_in(oauthapp_client *client)
{
    oauthapp_union_id_sign_up_request request = oauthapp_union_id_sign_up_request_init();
    oauthapp_qr_code_sign_up_request phone = oauthapp_qr_code_sign_up_request_init();
    oauthapp_error *error = NULL;
    char *data = NULL, *key = NULL;
    bool truth = false;

    request.platform = "web";
    request.union_id = "6ad18bae3408d4d1b655b5c15922ffad";
    request.pwd = PASSWORD;
    request.phone = "13900000000";
    request.phone_is_valid = OAUTHAPP_TRUE;
    CHECK(oauthapp_union_id_sign_up(client, &request, NULL, &data, &error) == OAUTHAPP_OK);
    free_all(&data, &error);
    CHECK(oauthapp_union_id_sign_in(client, "web", request.union_id, NULL, &data, &error) == OAUTHAPP_OK);
    free_all(&data, &error);
    CHECK(oauthapp_get_profile(client, NULL, NULL, &data, &error) == OAUTHAPP_OK);
    CHECK(oauthapp_json_get_bool(data, "/phoneIsValid", &truth, &error) == OAUTHAPP_OK && truth);
    free_all(&data, &error);

    CHECK(oauthapp_qr_code_pre_sign_in(client, "openid", "remark", "app", NULL, &key, &error) == OAUTHAPP_OK);
    CHECK(oauthapp_qr_code_sign_in(client, key, NULL, &data, &error) == OAUTHAPP_ERROR_QR_WAITING);
    free_all(&data, &error);
    CHECK(oauthapp_qr_code_scan(client, key, NULL, &data, &error) == OAUTHAPP_OK);
    free_all(&data, &error);
    phone.sign_in_key = key;
    phone.union_id = "o6_bmasdasdsad6_2sgVt7hMZOPfL";
    phone.platform = "wxminip";
    phone.email = "phone@example.com";
    phone.email_is_valid = OAUTHAPP_TRUE;
    CHECK(oauthapp_qr_code_sign_up(client, &phone, NULL, &data, &error) == OAUTHAPP_OK);
    free_all(&data, &error);
    CHECK(oauthapp_qr_code_sign_in(client, key, NULL, &data, &error) == OAUTHAPP_OK);
    free_all(&key, &error);
    free_all(&data, &error);
}

/* Deadlines of the client and of the call, and the end of a call from outside. */
static void ends(oauthapp_client_config config, const char *silent_url)
{
    oauthapp_call_options options = oauthapp_call_options_init();
    oauthapp_client *client = NULL;
    oauthapp_error *error = NULL;
    char *data = NULL;
    pthread_t thread;

    config.base_url = silent_url;
    config.timeout_ms = 24 * 60 * 60 * 1000;
    CHECK(oauthapp_client_new(&config, &client, &error) == OAUTHAPP_OK);
    options.timeout_ms = 50;
    options.connect_timeout_ms = 50;
    CHECK(oauthapp_sign_in(client, "an old hand", PASSWORD, &options, &data, &error) == OAUTHAPP_ERROR_TIMEOUT);
    free_all(&data, &error);

    options.timeout_ms = 0;
    options.connect_timeout_ms = 0;
    CHECK(oauthapp_cancel_token_new(&options.cancel_token, &error) == OAUTHAPP_OK);
    CHECK(!oauthapp_cancel_token_is_cancelled(options.cancel_token));
    CHECK(pthread_create(&thread, NULL, cancel, options.cancel_token) == 0);
    CHECK(oauthapp_sign_in(client, "an old hand", PASSWORD, &options, &data, &error) == OAUTHAPP_ERROR_CANCELLED);
    CHECK(pthread_join(thread, NULL) == 0 && oauthapp_cancel_token_is_cancelled(options.cancel_token));
    free_all(&data, &error);
    oauthapp_cancel_token_free(options.cancel_token);
    oauthapp_client_free(client);
}

int main(int argc, char **argv)
{
    oauthapp_client_config config = oauthapp_client_config_init();
    oauthapp_client *client = NULL;
    oauthapp_error *error = NULL;
    struct log log = {0, 0};

    (void)alarm(1200);
    CHECK(argc == 3);
    CHECK(oauthapp_version_number() >= OAUTHAPP_VERSION_NUMBER && strlen(oauthapp_version()) > 0);

    config.app_id = 2;
    config.base_url = "ftp://nowhere";
    CHECK(oauthapp_client_new(&config, &client, &error) == OAUTHAPP_ERROR_INVALID_BASE_URL && client == NULL);
    oauthapp_error_free(error);

    config.base_url = argv[1];
    config.timeout_ms = 60000;
    config.connect_timeout_ms = 60000;
    config.max_response_bytes = 65536;
    config.user_agent = "old/1";
    config.trust = OAUTHAPP_TRUST_MOZILLA;
    config.max_retries = -1;
    config.flags = OAUTHAPP_CLIENT_KEEP_SESSION | OAUTHAPP_CLIENT_DONT_SETTLE_SIGN_UPS;
    config.log_callback = log_line;
    config.log_context = &log;
    CHECK(oauthapp_client_new(&config, &client, &error) == OAUTHAPP_OK);
    account(client);
    failure(client);
    other_ways_in(client);
    oauthapp_client_free(client);
    oauthapp_client_free(client);
    CHECK(log.lines >= 12 && log.wrong == 0);

    ends(config, argv[2]);
    puts("passed");
    return 0;
}

/*
 * The ten calls against a server, answers and failures, each field read with the JSON getters.
 *
 * ten_calls BASE_URL SILENT_URL [ROOTS_PEM_FILE]
 *
 * BASE_URL is that of an emulator: application 2 is there, 3 has no mini-program, 404 does not exist. SILENT_URL is
 * that of a server which takes connections and never answers. With the third argument BASE_URL is https, and its
 * certificate is vouched for by these roots alone.
 */
#define _POSIX_C_SOURCE 200809L

#include <pthread.h>

#include "check.h"

static const char *base_url;
static const char *silent_url;
static const char *roots_file;
static char *roots;

static const char USER_NAME[] = "小明";
static const char PASSWORD[] = "correct horse battery staple \"\\/\n\t☃";
static const char OTHER_PASSWORD[] = "incorrect horse";
static const char UNION_ID[] = "6ad18bae3408d4d1b655b5c15922ffad";
static const char PHONE_UNION_ID[] = "o6_bmasdasdsad6_2sgVt7hMZOPfL";

static oauthapp_client *new_client(int64_t app_id, uint32_t flags)
{
    oauthapp_client_config config = oauthapp_client_config_init();
    oauthapp_client *client = NULL;
    config.app_id = app_id;
    config.base_url = base_url;
    if (roots != NULL) {
        config.trust = OAUTHAPP_TRUST_ONLY_GIVEN;
        config.trusted_roots_pem = roots;
    }
    config.flags = flags;
    REQUIRE(oauthapp_client_new(&config, &client, NULL) == OAUTHAPP_OK && client != NULL);
    return client;
}

/* ---- Fields of answers ---- */

static bool text_is(const char *json, const char *pointer, const char *expected)
{
    char *text = NULL;
    bool is = oauthapp_json_get_string(json, pointer, &text, NULL) == OAUTHAPP_OK && strcmp(text, expected) == 0;
    oauthapp_string_free(text);
    return is;
}

static bool number_is(const char *json, const char *pointer, int64_t expected)
{
    int64_t number = -1;
    double rounded = -1;
    return oauthapp_json_get_int64(json, pointer, &number, NULL) == OAUTHAPP_OK && number == expected &&
           oauthapp_json_get_double(json, pointer, &rounded, NULL) == OAUTHAPP_OK && rounded == (double)expected;
}

static bool truth_is(const char *json, const char *pointer, bool expected)
{
    bool truth = !expected;
    return oauthapp_json_get_bool(json, pointer, &truth, NULL) == OAUTHAPP_OK && truth == expected;
}

static bool type_is(const char *json, const char *pointer, oauthapp_json_type expected)
{
    oauthapp_json_type type = OAUTHAPP_JSON_NULL;
    return oauthapp_json_get_type(json, pointer, &type, NULL) == OAUTHAPP_OK && type == expected;
}

static bool json_is(const char *json, const char *pointer, const char *expected)
{
    char *part = NULL;
    bool is = oauthapp_json_get_json(json, pointer, &part, NULL) == OAUTHAPP_OK && strcmp(part, expected) == 0;
    oauthapp_string_free(part);
    return is;
}

/* yyyy-mm-dd hh:mm:ss */
static bool is_date(const char *json, const char *pointer)
{
    char *text = NULL;
    int year, month, day, hour, minute, second, length = 0;
    bool is = oauthapp_json_get_string(json, pointer, &text, NULL) == OAUTHAPP_OK &&
              sscanf(text, "%4d-%2d-%2d %2d:%2d:%2d%n", &year, &month, &day, &hour, &minute, &second, &length) == 6 &&
              length == 19 && text[19] == '\0';
    oauthapp_string_free(text);
    return is;
}

/* Takes the access token out of the answer to a sign-in, which it frees. */
static char *access_token(char **answer)
{
    char *token = NULL;
    CHECK(text_is(*answer, "/token_type", "Bearer"));
    CHECK(number_is(*answer, "/expires_in", 86400));
    CHECK(oauthapp_json_get_string(*answer, "/access_token", &token, NULL) == OAUTHAPP_OK);
    drop(answer);
    return token;
}

/* ---- Errors ---- */

/* The error object of a refusal by the server tells all of it, and its message does not hold the secret of the call. */
static void check_refusal(oauthapp_error **error, oauthapp_code code, const char *server_message, const char *secret)
{
    CHECK(*error != NULL);
    CHECK(oauthapp_error_code(*error) == code);
    CHECK(oauthapp_error_http_status(*error) == 200);
    CHECK(oauthapp_error_server_code(*error) == 500);
    CHECK(oauthapp_error_server_message(*error) != NULL);
    CHECK(strcmp(oauthapp_error_server_message(*error), server_message) == 0);
    CHECK(strstr(oauthapp_error_message(*error), server_message) != NULL);
    CHECK(secret == NULL || strstr(oauthapp_error_message(*error), secret) == NULL);
    CHECK(oauthapp_error_fields_json(*error) == NULL);
    CHECK(oauthapp_error_retry_after_ms(*error) == -1);
    CHECK(oauthapp_error_retryable(*error) == (code == OAUTHAPP_ERROR_QR_WAITING || code == OAUTHAPP_ERROR_QR_SCANNED));
    oauthapp_error_free(*error);
    *error = NULL;
}

/* ---- The calls ---- */

static void versions(void)
{
    char text[32];
    CHECK(strcmp(oauthapp_version(), OAUTHAPP_VERSION) == 0);
    CHECK(oauthapp_version_number() == OAUTHAPP_VERSION_NUMBER);
    snprintf(text, sizeof text, "%d.%d.%d", OAUTHAPP_VERSION_MAJOR, OAUTHAPP_VERSION_MINOR, OAUTHAPP_VERSION_PATCH);
    CHECK(strcmp(text, OAUTHAPP_VERSION) == 0);
    CHECK(OAUTHAPP_VERSION_NUMBER ==
          OAUTHAPP_VERSION_MAJOR * 1000000 + OAUTHAPP_VERSION_MINOR * 1000 + OAUTHAPP_VERSION_PATCH);
}

static void account(oauthapp_client *client)
{
    oauthapp_sign_up_request request = oauthapp_sign_up_request_init();
    oauthapp_error *error = NULL;
    char *data = NULL, *token = NULL, *claims = NULL;
    int64_t issued = 0;

    request.nick_name = "明";
    request.platform = "web";
    request.pwd = PASSWORD;
    request.user_name = USER_NAME;
    request.email = "ming@example.com";
    request.phone = "13800000000";
    request.avatar = "https://example.com/ming.png";
    request.data = "{\"level\":1}";
    CHECK_CODE(OAUTHAPP_OK, oauthapp_sign_up(client, &request, NULL, &data, &error));
    CHECK(error == NULL);
    token = access_token(&data);

    CHECK_CODE(OAUTHAPP_OK, oauthapp_token_claims(token, &claims, &error));
    CHECK(text_is(claims, "/unique_name", USER_NAME));
    CHECK(text_is(claims, "/appid", "2"));
    CHECK(text_is(claims, "/grant_type", "account"));
    CHECK(text_is(claims, "/given_name", "明"));
    CHECK(text_is(claims, "/email", "ming@example.com"));
    CHECK(text_is(claims, "/mobile", "13800000000"));
    CHECK(text_is(claims, "/picture", "https://example.com/ming.png"));
    CHECK(text_is(claims, "/platform", "web"));
    CHECK(oauthapp_json_get_int64(claims, "/iat", &issued, NULL) == OAUTHAPP_OK);
    CHECK(number_is(claims, "/exp", issued + 86400));
    drop(&claims);
    drop(&token);

    CHECK_CODE(OAUTHAPP_ERROR_ACCOUNT_EXISTS, oauthapp_sign_up(client, &request, NULL, &data, &error));
    CHECK(data == NULL);
    check_refusal(&error, OAUTHAPP_ERROR_ACCOUNT_EXISTS, "账号已存在", PASSWORD);

    request.pwd = NULL;
    request.user_name = "nobody yet";
    CHECK_CODE(OAUTHAPP_ERROR_BAD_REQUEST, oauthapp_sign_up(client, &request, NULL, &data, &error));
    CHECK(oauthapp_error_http_status(error) == 400);
    CHECK(oauthapp_error_server_message(error) == NULL);
    CHECK(oauthapp_error_server_code(error) == 0);
    CHECK(oauthapp_error_fields_json(error) != NULL);
    CHECK(text_is(oauthapp_error_fields_json(error), "/Pwd/0", "The Pwd field is required."));
    oauthapp_error_free(error);
    error = NULL;

    CHECK_CODE(OAUTHAPP_OK, oauthapp_sign_in(client, USER_NAME, PASSWORD, NULL, &data, &error));
    CHECK(error == NULL);
    token = access_token(&data);
    drop(&token);

    CHECK_CODE(OAUTHAPP_ERROR_WRONG_PASSWORD, oauthapp_sign_in(client, USER_NAME, OTHER_PASSWORD, NULL, &data, &error));
    CHECK(data == NULL);
    check_refusal(&error, OAUTHAPP_ERROR_WRONG_PASSWORD, "密码错误", OTHER_PASSWORD);

    CHECK_CODE(OAUTHAPP_ERROR_NO_SUCH_USER, oauthapp_sign_in(client, "no one", PASSWORD, NULL, &data, &error));
    check_refusal(&error, OAUTHAPP_ERROR_NO_SUCH_USER, "用户不存在", PASSWORD);
}

static void union_id(oauthapp_client *client)
{
    oauthapp_union_id_sign_up_request request = oauthapp_union_id_sign_up_request_init();
    oauthapp_error *error = NULL;
    char *data = NULL, *token = NULL, *profile = NULL;

    CHECK_CODE(OAUTHAPP_ERROR_NO_SUCH_USER, oauthapp_union_id_sign_in(client, "web", UNION_ID, NULL, &data, &error));
    check_refusal(&error, OAUTHAPP_ERROR_NO_SUCH_USER, "用户不存在", UNION_ID);

    request.platform = "web";
    request.pwd = PASSWORD;
    request.union_id = UNION_ID;
    request.avatar = "https://example.com/hong.png";
    request.nick_name = "红";
    request.email = "hong@example.com";
    request.phone = "13900000000";
    request.user_name = "小红";
    request.data = "own data";
    request.email_is_valid = OAUTHAPP_TRUE;
    request.phone_is_valid = OAUTHAPP_FALSE;
    CHECK_CODE(OAUTHAPP_OK, oauthapp_union_id_sign_up(client, &request, NULL, &data, &error));
    token = access_token(&data);
    drop(&token);
    CHECK_CODE(OAUTHAPP_ERROR_ACCOUNT_EXISTS, oauthapp_union_id_sign_up(client, &request, NULL, &data, &error));
    check_refusal(&error, OAUTHAPP_ERROR_ACCOUNT_EXISTS, "账号已存在", UNION_ID);

    CHECK_CODE(OAUTHAPP_OK, oauthapp_union_id_sign_in(client, "web", UNION_ID, NULL, &data, &error));
    token = access_token(&data);

    /* Every field of the request has arrived in its own place. */
    CHECK_CODE(OAUTHAPP_OK, oauthapp_get_profile(client, token, NULL, &profile, &error));
    CHECK(text_is(profile, "/platform", "web"));
    CHECK(text_is(profile, "/unionID", UNION_ID));
    CHECK(text_is(profile, "/avatar", "https://example.com/hong.png"));
    CHECK(text_is(profile, "/nickName", "红"));
    CHECK(text_is(profile, "/email", "hong@example.com"));
    CHECK(text_is(profile, "/phone", "13900000000"));
    CHECK(text_is(profile, "/userName", "小红"));
    CHECK(text_is(profile, "/data", "own data"));
    CHECK(truth_is(profile, "/emailIsValid", true));
    CHECK(truth_is(profile, "/phoneIsValid", false));
    drop(&profile);
    drop(&token);
}

static void profile_with_a_token(oauthapp_client *client)
{
    oauthapp_error *error = NULL;
    char *data = NULL, *token = NULL;

    CHECK_CODE(OAUTHAPP_OK, oauthapp_sign_in(client, USER_NAME, PASSWORD, NULL, &data, NULL));
    token = access_token(&data);

    CHECK_CODE(OAUTHAPP_OK, oauthapp_get_profile(client, token, NULL, &data, &error));
    CHECK(number_is(data, "/appID", 2));
    CHECK(text_is(data, "/userName", USER_NAME));
    CHECK(text_is(data, "/nickName", "明"));
    CHECK(text_is(data, "/platform", "web"));
    CHECK(text_is(data, "/email", "ming@example.com"));
    CHECK(text_is(data, "/phone", "13800000000"));
    CHECK(text_is(data, "/avatar", "https://example.com/ming.png"));
    CHECK(text_is(data, "/data", "{\"level\":1}"));
    CHECK(text_is(data, "/role", "user"));
    CHECK(truth_is(data, "/emailIsValid", false));
    CHECK(truth_is(data, "/phoneIsValid", false));
    CHECK(type_is(data, "/unionID", OAUTHAPP_JSON_NULL));
    CHECK(type_is(data, "/id", OAUTHAPP_JSON_NUMBER));
    CHECK(is_date(data, "/createDate"));
    CHECK(is_date(data, "/lastUpdate"));
    drop(&data);

    CHECK_CODE(OAUTHAPP_OK,
               oauthapp_update_profile(client, token, NULL, "{\"level\":2}", "阿明", NULL, &data, &error));
    CHECK(truth_is(data, "", true));
    CHECK(json_is(data, "", "true"));
    drop(&data);
    CHECK_CODE(OAUTHAPP_OK, oauthapp_get_profile(client, token, NULL, &data, &error));
    CHECK(text_is(data, "/nickName", "阿明"));
    CHECK(text_is(data, "/data", "{\"level\":2}"));
    CHECK(text_is(data, "/avatar", "https://example.com/ming.png"));
    drop(&data);
    CHECK_CODE(OAUTHAPP_OK, oauthapp_update_profile(client, token, "a.png", NULL, NULL, NULL, &data, &error));
    drop(&data);
    CHECK_CODE(OAUTHAPP_OK, oauthapp_get_profile(client, token, NULL, &data, &error));
    CHECK(text_is(data, "/avatar", "a.png"));
    CHECK(text_is(data, "/nickName", "阿明"));
    drop(&data);

    CHECK_CODE(OAUTHAPP_ERROR_NOT_SIGNED_IN, oauthapp_get_profile(client, NULL, NULL, &data, NULL));
    CHECK_CODE(OAUTHAPP_ERROR_NOT_SIGNED_IN, oauthapp_update_profile(client, NULL, NULL, NULL, "x", NULL, &data, NULL));

    /* Of the last character only some bits count; another one before it makes another signature for certain. */
    token[strlen(token) - 2] = token[strlen(token) - 2] == 'A' ? 'B' : 'A';
    CHECK_CODE(OAUTHAPP_ERROR_TOKEN_REJECTED, oauthapp_get_profile(client, token, NULL, &data, &error));
    CHECK(oauthapp_error_http_status(error) == 401);
    CHECK(oauthapp_error_server_message(error) == NULL);
    CHECK(strstr(oauthapp_error_message(error), token) == NULL);
    oauthapp_error_free(error);
    drop(&token);
}

/* A client that keeps the session, until it is signed out or the server says that it is over. */
static void session(void)
{
    oauthapp_client *client = new_client(2, OAUTHAPP_CLIENT_KEEP_SESSION);
    oauthapp_sign_up_request request = oauthapp_sign_up_request_init();
    oauthapp_error *error = NULL;
    char *data = NULL, *token = NULL;

    CHECK(!oauthapp_client_is_signed_in(client));
    CHECK_CODE(OAUTHAPP_ERROR_NOT_SIGNED_IN, oauthapp_get_profile(client, NULL, NULL, &data, NULL));
    CHECK_CODE(OAUTHAPP_OK, oauthapp_client_sign_out(client, &error));
    CHECK(error == NULL);

    CHECK_CODE(OAUTHAPP_OK, oauthapp_sign_in(client, USER_NAME, PASSWORD, NULL, &data, NULL));
    drop(&data);
    CHECK(oauthapp_client_is_signed_in(client));
    CHECK_CODE(OAUTHAPP_OK, oauthapp_get_profile(client, NULL, NULL, &data, NULL));
    CHECK(text_is(data, "/userName", USER_NAME));
    drop(&data);
    CHECK_CODE(OAUTHAPP_OK, oauthapp_update_profile(client, NULL, NULL, NULL, "小明明", NULL, &data, NULL));
    drop(&data);

    /* A sign-in that fails ends nothing, and neither does a token by hand that the server rejects. */
    CHECK_CODE(OAUTHAPP_ERROR_WRONG_PASSWORD, oauthapp_sign_in(client, USER_NAME, OTHER_PASSWORD, NULL, &data, NULL));
    CHECK_CODE(OAUTHAPP_ERROR_TOKEN_REJECTED, oauthapp_get_profile(client, "a.b.c", NULL, &data, NULL));
    CHECK(oauthapp_client_is_signed_in(client));

    CHECK_CODE(OAUTHAPP_OK, oauthapp_client_sign_out(client, NULL));
    CHECK(!oauthapp_client_is_signed_in(client));
    CHECK_CODE(OAUTHAPP_ERROR_NOT_SIGNED_IN, oauthapp_get_profile(client, NULL, NULL, &data, NULL));

    /* A sign-up begins a session too; it ends with its user. */
    request.user_name = "小刚";
    request.pwd = PASSWORD;
    CHECK_CODE(OAUTHAPP_OK, oauthapp_sign_up(client, &request, NULL, &data, NULL));
    drop(&data);
    CHECK(oauthapp_client_is_signed_in(client));
    ask("delete the newest user");
    CHECK_CODE(OAUTHAPP_ERROR_USER_GONE, oauthapp_get_profile(client, NULL, NULL, &data, &error));
    oauthapp_error_free(error);
    CHECK(!oauthapp_client_is_signed_in(client));

    /* It ends when the token does. */
    CHECK_CODE(OAUTHAPP_OK, oauthapp_sign_in(client, USER_NAME, PASSWORD, NULL, &data, NULL));
    token = access_token(&data);
    CHECK(oauthapp_client_is_signed_in(client));
    ask("let a day pass");
    CHECK_CODE(OAUTHAPP_OK, oauthapp_sign_in(client, USER_NAME, PASSWORD, NULL, &data, NULL));
    drop(&data);
    CHECK_CODE(OAUTHAPP_ERROR_TOKEN_EXPIRED, oauthapp_get_profile(client, token, NULL, &data, NULL));
    CHECK(oauthapp_client_is_signed_in(client));
    ask("let a day pass");
    CHECK_CODE(OAUTHAPP_ERROR_TOKEN_EXPIRED, oauthapp_get_profile(client, NULL, NULL, &data, NULL));
    CHECK(!oauthapp_client_is_signed_in(client));
    CHECK_CODE(OAUTHAPP_ERROR_NOT_SIGNED_IN, oauthapp_get_profile(client, NULL, NULL, &data, NULL));
    drop(&token);

    oauthapp_client_free(client);
}

/* The text of a key that is a string. A number is its own; and it is too short to be looked for in a message. */
static char *bare(const char *key)
{
    char *text = NULL;
    CHECK(type_is(key, "", OAUTHAPP_JSON_NUMBER) ||
          oauthapp_json_get_string(key, "", &text, NULL) == OAUTHAPP_OK);
    return text;
}

static void qr_code(oauthapp_client *client)
{
    oauthapp_qr_code_sign_up_request request = oauthapp_qr_code_sign_up_request_init();
    oauthapp_error *error = NULL;
    char *key = NULL, *bare_key = NULL, *data = NULL, *token = NULL, *profile = NULL;

    CHECK_CODE(OAUTHAPP_OK, oauthapp_qr_code_pre_sign_in(client, "openid", "第一次", "app", NULL, &key, &error));
    bare_key = bare(key);
    CHECK_CODE(OAUTHAPP_ERROR_QR_WAITING, oauthapp_qr_code_sign_in(client, key, NULL, &data, &error));
    CHECK(data == NULL);
    check_refusal(&error, OAUTHAPP_ERROR_QR_WAITING, "请扫码", bare_key);

    CHECK_CODE(OAUTHAPP_OK, oauthapp_qr_code_scan(client, key, NULL, &data, &error));
    CHECK(number_is(data, "/appID", 2));
    CHECK(text_is(data, "/name", "开发文档"));
    CHECK(text_is(data, "/logo", "https://blob.oauthapp.com/4/tenant/2/API.png"));
    CHECK(text_is(data, "/website", "https://web.oauthapp.com/4/docs"));
    CHECK(type_is(data, "/description", OAUTHAPP_JSON_NULL));
    CHECK(type_is(data, "/tags", OAUTHAPP_JSON_NULL));
    CHECK(text_is(data, "/scopes", "openid"));
    CHECK(text_is(data, "/remark", "第一次"));
    CHECK(text_is(data, "/scheme", "app"));
    drop(&data);
    CHECK_CODE(OAUTHAPP_ERROR_QR_SCANNED, oauthapp_qr_code_sign_in(client, key, NULL, &data, &error));
    check_refusal(&error, OAUTHAPP_ERROR_QR_SCANNED, "登陆中...", bare_key);

    request.sign_in_key = key;
    request.union_id = PHONE_UNION_ID;
    request.avatar = "https://example.com/hua.png";
    request.platform = "wxminip";
    request.nick_name = "华";
    request.user_name = "小华";
    request.phone = "13700000000";
    request.phone_is_valid = OAUTHAPP_TRUE;
    request.email = "hua@example.com";
    request.email_is_valid = OAUTHAPP_FALSE;
    CHECK_CODE(OAUTHAPP_OK, oauthapp_qr_code_sign_up(client, &request, NULL, &data, &error));
    token = access_token(&data);
    drop(&token);
    CHECK_CODE(OAUTHAPP_OK, oauthapp_qr_code_sign_in(client, key, NULL, &data, &error));
    token = access_token(&data);

    /* The screen has signed in as the phone's user, and every field has arrived in its own place. */
    CHECK_CODE(OAUTHAPP_OK, oauthapp_get_profile(client, token, NULL, &profile, &error));
    CHECK(text_is(profile, "/unionID", PHONE_UNION_ID));
    CHECK(text_is(profile, "/avatar", "https://example.com/hua.png"));
    CHECK(text_is(profile, "/platform", "wxminip"));
    CHECK(text_is(profile, "/nickName", "华"));
    CHECK(text_is(profile, "/userName", "小华"));
    CHECK(text_is(profile, "/phone", "13700000000"));
    CHECK(truth_is(profile, "/phoneIsValid", true));
    CHECK(text_is(profile, "/email", "hua@example.com"));
    CHECK(truth_is(profile, "/emailIsValid", false));
    drop(&profile);
    drop(&token);
    drop(&bare_key);
    drop(&key);

    /* A key without its quotes, as it stands in a QR code, is as good. Nothing but the key must be given. */
    CHECK_CODE(OAUTHAPP_OK, oauthapp_qr_code_pre_sign_in(client, NULL, NULL, NULL, NULL, &key, &error));
    bare_key = bare(key);
    if (bare_key != NULL) {
        CHECK_CODE(OAUTHAPP_ERROR_QR_WAITING, oauthapp_qr_code_sign_in(client, bare_key, NULL, &data, NULL));
    }
    CHECK_CODE(OAUTHAPP_OK, oauthapp_qr_code_scan(client, key, NULL, &data, &error));
    CHECK(type_is(data, "/remark", OAUTHAPP_JSON_NULL));
    drop(&data);

    ask("expire the newest QR code");
    request.sign_in_key = key;
    CHECK_CODE(OAUTHAPP_ERROR_QR_EXPIRED, oauthapp_qr_code_sign_in(client, key, NULL, &data, &error));
    check_refusal(&error, OAUTHAPP_ERROR_QR_EXPIRED, "二维码失效请刷新", bare_key);
    CHECK_CODE(OAUTHAPP_ERROR_QR_EXPIRED, oauthapp_qr_code_scan(client, key, NULL, &data, &error));
    check_refusal(&error, OAUTHAPP_ERROR_QR_EXPIRED, "二维码已失效，请刷新重试", bare_key);
    CHECK_CODE(OAUTHAPP_ERROR_QR_EXPIRED, oauthapp_qr_code_sign_up(client, &request, NULL, &data, &error));
    check_refusal(&error, OAUTHAPP_ERROR_QR_EXPIRED, "二维码已失效，请刷新重试", PHONE_UNION_ID);
    drop(&bare_key);
    drop(&key);
}

/* What the client was told about the application and the server. */
static void settings(void)
{
    oauthapp_client *no_such_application = new_client(404, 0);
    oauthapp_client *no_mini_program = new_client(3, 0);
    oauthapp_error *error = NULL;
    char *data = NULL;

    CHECK_CODE(OAUTHAPP_ERROR_NO_SUCH_APPLICATION,
               oauthapp_sign_in(no_such_application, USER_NAME, PASSWORD, NULL, &data, &error));
    check_refusal(&error, OAUTHAPP_ERROR_NO_SUCH_APPLICATION, "不存在的应用", PASSWORD);
    CHECK_CODE(OAUTHAPP_ERROR_QR_NOT_CONFIGURED,
               oauthapp_qr_code_pre_sign_in(no_mini_program, NULL, NULL, NULL, NULL, &data, &error));
    check_refusal(&error, OAUTHAPP_ERROR_QR_NOT_CONFIGURED, "应用未配置小程序参数", NULL);
    oauthapp_client_free(no_such_application);
    oauthapp_client_free(no_mini_program);
}

/* The call's own deadline counts: with the client's, which is the longest there can be, this would hang. */
static void deadline(void)
{
    oauthapp_client_config config = oauthapp_client_config_init();
    oauthapp_call_options options = oauthapp_call_options_init();
    oauthapp_client *client = NULL;
    oauthapp_error *error = NULL;
    char *data = NULL;

    config.app_id = 2;
    config.base_url = silent_url;
    config.timeout_ms = 24 * 60 * 60 * 1000;
    CHECK_CODE(OAUTHAPP_OK, oauthapp_client_new(&config, &client, &error));
    options.timeout_ms = 50;
    CHECK_CODE(OAUTHAPP_ERROR_TIMEOUT, oauthapp_sign_in(client, USER_NAME, PASSWORD, &options, &data, &error));
    CHECK(data == NULL);
    CHECK(oauthapp_error_http_status(error) == 0);
    CHECK(oauthapp_error_retryable(error));
    CHECK(strstr(oauthapp_error_message(error), PASSWORD) == NULL);
    oauthapp_error_free(error);
    oauthapp_client_free(client);

    config.timeout_ms = 50;
    CHECK_CODE(OAUTHAPP_OK, oauthapp_client_new(&config, &client, NULL));
    options.timeout_ms = 0;
    CHECK_CODE(OAUTHAPP_ERROR_TIMEOUT, oauthapp_sign_in(client, USER_NAME, PASSWORD, &options, &data, NULL));
    oauthapp_client_free(client);
}

static void *cancel(void *cancel_token)
{
    CHECK_CODE(OAUTHAPP_OK, oauthapp_cancel_token_cancel(cancel_token, NULL));
    return NULL;
}

/* Another thread ends the call: with a deadline that is the longest there can be, this would hang otherwise. */
static void cancelling(void)
{
    oauthapp_client_config config = oauthapp_client_config_init();
    oauthapp_call_options options = oauthapp_call_options_init();
    oauthapp_client *client = NULL;
    oauthapp_error *error = NULL;
    char *data = NULL;
    pthread_t thread;

    config.app_id = 2;
    config.base_url = silent_url;
    config.timeout_ms = 24 * 60 * 60 * 1000;
    CHECK_CODE(OAUTHAPP_OK, oauthapp_client_new(&config, &client, NULL));
    CHECK_CODE(OAUTHAPP_OK, oauthapp_cancel_token_new(&options.cancel_token, NULL));
    CHECK(!oauthapp_cancel_token_is_cancelled(options.cancel_token));
    REQUIRE(pthread_create(&thread, NULL, cancel, options.cancel_token) == 0);
    CHECK_CODE(OAUTHAPP_ERROR_CANCELLED, oauthapp_sign_in(client, USER_NAME, PASSWORD, &options, &data, &error));
    REQUIRE(pthread_join(thread, NULL) == 0);
    CHECK(data == NULL && !oauthapp_error_retryable(error));
    CHECK(oauthapp_cancel_token_is_cancelled(options.cancel_token));
    oauthapp_error_free(error);

    /* It stays cancelled, until it is freed. */
    CHECK_CODE(OAUTHAPP_ERROR_CANCELLED, oauthapp_get_profile(client, "a.b.c", &options, &data, NULL));
    oauthapp_cancel_token_free(options.cancel_token);
    CHECK_CODE(OAUTHAPP_ERROR_INVALID_HANDLE, oauthapp_get_profile(client, "a.b.c", &options, &data, NULL));
    oauthapp_client_free(client);
}

struct log {
    int warnings;
    int successes;
    bool well_formed;
};

static void count_lines(void *log_context, oauthapp_log_level level, const char *target, const char *message)
{
    struct log *log = log_context;
    *(level == OAUTHAPP_LOG_WARN ? &log->warnings : &log->successes) += 1;
    log->well_formed = log->well_formed && strcmp(target, "oauthapp::transport") == 0 &&
                       strncmp(message, "POST /api/AppUsers/2/SignIn: ", 29) == 0 && strchr(message, '\n') == NULL &&
                       strstr(message, PASSWORD) == NULL;
}

/* Each attempt is told of, with the context that was given. */
static void logging(void)
{
    oauthapp_client_config config = oauthapp_client_config_init();
    oauthapp_client *client = NULL;
    char *data = NULL;
    struct log log = {0, 0, true};

    config.app_id = 2;
    config.base_url = base_url;
    config.trusted_roots_pem = roots;
    config.log_callback = count_lines;
    config.log_context = &log;
    CHECK_CODE(OAUTHAPP_OK, oauthapp_client_new(&config, &client, NULL));
    CHECK_CODE(OAUTHAPP_OK, oauthapp_sign_in(client, USER_NAME, PASSWORD, NULL, &data, NULL));
    drop(&data);
    CHECK(log.warnings == 0 && log.successes == 1 && log.well_formed);
    oauthapp_client_free(client);

    config.base_url = silent_url;
    config.timeout_ms = 50;
    CHECK_CODE(OAUTHAPP_OK, oauthapp_client_new(&config, &client, NULL));
    CHECK_CODE(OAUTHAPP_ERROR_TIMEOUT, oauthapp_sign_in(client, USER_NAME, PASSWORD, NULL, &data, NULL));
    CHECK(log.warnings == 1 && log.successes == 1 && log.well_formed);
    oauthapp_client_free(client);
}

static void sign_in_trusting(oauthapp_client_config config, oauthapp_code expected)
{
    oauthapp_client *client = NULL;
    oauthapp_error *error = NULL;
    char *data = NULL;

    config.app_id = 2;
    config.base_url = base_url;
    CHECK_CODE(OAUTHAPP_OK, oauthapp_client_new(&config, &client, NULL));
    CHECK_CODE(expected, oauthapp_sign_in(client, "nobody", PASSWORD, NULL, &data, &error));
    CHECK(data == NULL);
    CHECK((oauthapp_error_http_status(error) == 0) == (expected != OAUTHAPP_ERROR_NO_SUCH_USER));
    CHECK(!oauthapp_error_retryable(error));
    oauthapp_error_free(error);
    oauthapp_client_free(client);
}

/* The server's certificate is believed because of what is given, and for no other reason. */
static void trust(void)
{
    oauthapp_client_config config = oauthapp_client_config_init();
    sign_in_trusting(config, OAUTHAPP_ERROR_CERTIFICATE_UNTRUSTED);

    config.flags = OAUTHAPP_CLIENT_DANGER_ACCEPT_ANY_CERTIFICATE_ON_LOOPBACK;
    sign_in_trusting(config, OAUTHAPP_ERROR_NO_SUCH_USER);

    config = oauthapp_client_config_init();
    config.trusted_roots_file = roots_file;
    sign_in_trusting(config, OAUTHAPP_ERROR_NO_SUCH_USER);
    config.pins = "sha256/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
    sign_in_trusting(config, OAUTHAPP_ERROR_CERTIFICATE_NOT_PINNED);

    /* The environment names the file to the platform. */
    config = oauthapp_client_config_init();
    config.trust = OAUTHAPP_TRUST_PLATFORM;
    sign_in_trusting(config, OAUTHAPP_ERROR_NO_SUCH_USER);
}

static char *read_file(const char *path)
{
    char *text = calloc(1, 64 * 1024);
    FILE *file = fopen(path, "r");
    REQUIRE(file != NULL && text != NULL);
    REQUIRE(fread(text, 1, 64 * 1024 - 1, file) > 0);
    fclose(file);
    return text;
}

static void *all(void *unused)
{
    oauthapp_client *client = new_client(2, 0);
    versions();
    account(client);
    union_id(client);
    profile_with_a_token(client);
    qr_code(client);
    CHECK(!oauthapp_client_is_signed_in(client));
    oauthapp_client_free(client);
    settings();
    deadline();
    cancelling();
    logging();
    if (roots != NULL) {
        trust();
    }
    session();
    return unused;
}

int main(int argc, char **argv)
{
    pthread_t thread;

    END_A_PROGRAM_THAT_HANGS();
    REQUIRE(argc == 3 || argc == 4);
    base_url = argv[1];
    silent_url = argv[2];
    roots_file = argc == 4 ? argv[3] : NULL;
    roots = roots_file != NULL ? read_file(roots_file) : NULL;
    /* What is kept for a thread must go with it, so that a leak checker finds nothing afterwards. */
    REQUIRE(pthread_create(&thread, NULL, all, NULL) == 0 && pthread_join(thread, NULL) == 0);
    free(roots);
    puts("passed");
    return 0;
}

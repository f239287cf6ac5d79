/*
 * One client in many threads: every answer is the one to its own request, also while the client is being freed.
 *
 * threads BASE_URL GATE_URL
 *
 * BASE_URL is that of an emulator. GATE_URL is that of a server which answers when its driver is asked to.
 */
#define _POSIX_C_SOURCE 200809L

#include <pthread.h>

#include "check.h"

enum { USERS = 8, ROUNDS = 5 };

static const char PASSWORD[] = "the same for all of them";

static oauthapp_client *shared;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static int users_ready; /* How many threads have had ROUNDS answers. */

struct user {
    char name[16];
    int64_t id;
    char *token;
};

static oauthapp_client *new_client(const char *base_url)
{
    oauthapp_client_config config = oauthapp_client_config_init();
    oauthapp_client *client = NULL;
    config.app_id = 2;
    config.base_url = base_url;
    REQUIRE(oauthapp_client_new(&config, &client, NULL) == OAUTHAPP_OK);
    return client;
}

static void sign_up(struct user *user, int number)
{
    oauthapp_sign_up_request request = oauthapp_sign_up_request_init();
    char *data = NULL;
    snprintf(user->name, sizeof user->name, "user %d", number);
    request.user_name = user->name;
    request.pwd = PASSWORD;
    REQUIRE(oauthapp_sign_up(shared, &request, NULL, &data, NULL) == OAUTHAPP_OK);
    REQUIRE(oauthapp_json_get_string(data, "/access_token", &user->token, NULL) == OAUTHAPP_OK);
    drop(&data);
    REQUIRE(oauthapp_get_profile(shared, user->token, NULL, &data, NULL) == OAUTHAPP_OK);
    REQUIRE(oauthapp_json_get_int64(data, "/id", &user->id, NULL) == OAUTHAPP_OK);
    drop(&data);
}

/* What has ended because the client was freed; every other code is a failure, and so is an answer to someone else. */
static bool has_ended(oauthapp_code code, const char *data, oauthapp_error *error)
{
    bool ended = code == OAUTHAPP_ERROR_INVALID_HANDLE;
    REQUIRE(ended || code == OAUTHAPP_OK);
    REQUIRE(ended == (data == NULL));
    REQUIRE(ended == (error != NULL) && (!ended || oauthapp_error_code(error) == code));
    oauthapp_error_free(error);
    return ended;
}

/* One round of calls. False when the client is there no more. */
static bool round_of_calls(const struct user *user)
{
    char *data = NULL, *text = NULL;
    oauthapp_error *error = NULL;
    oauthapp_code code;
    int64_t id = 0;

    code = oauthapp_get_profile(shared, user->token, NULL, &data, &error);
    if (has_ended(code, data, error)) {
        return false;
    }
    REQUIRE(oauthapp_json_get_string(data, "/userName", &text, NULL) == OAUTHAPP_OK && strcmp(text, user->name) == 0);
    REQUIRE(oauthapp_json_get_int64(data, "/id", &id, NULL) == OAUTHAPP_OK && id == user->id);
    drop(&text);
    drop(&data);

    code = oauthapp_update_profile(shared, user->token, NULL, NULL, user->name, NULL, &data, &error);
    if (has_ended(code, data, error)) {
        return false;
    }
    drop(&data);

    /* A failure belongs to its own thread as well. */
    code = oauthapp_sign_in(shared, user->name, "not the password", NULL, &data, &error);
    REQUIRE(data == NULL && error != NULL && oauthapp_error_code(error) == code);
    REQUIRE(code == OAUTHAPP_ERROR_WRONG_PASSWORD || code == OAUTHAPP_ERROR_INVALID_HANDLE);
    oauthapp_error_free(error);
    return code == OAUTHAPP_ERROR_WRONG_PASSWORD;
}

static void *use(void *argument)
{
    const struct user *user = argument;
    int rounds = 0;
    while (round_of_calls(user)) {
        if (++rounds == ROUNDS) {
            pthread_mutex_lock(&lock);
            ++users_ready;
            pthread_cond_signal(&changed);
            pthread_mutex_unlock(&lock);
        }
    }
    REQUIRE(rounds >= ROUNDS);
    return NULL;
}

/* Frees the client when all are in the midst of calling, and not before each has had answers. */
static void *free_the_client(void *unused)
{
    (void)unused;
    pthread_mutex_lock(&lock);
    while (users_ready < USERS) {
        pthread_cond_wait(&changed, &lock);
    }
    pthread_mutex_unlock(&lock);
    oauthapp_client_free(shared);
    return NULL;
}

static void many_users_of_one_client(const char *base_url)
{
    struct user users[USERS];
    pthread_t threads[USERS], freeing;
    char *data = NULL;
    int i;

    shared = new_client(base_url);
    for (i = 0; i < USERS; ++i) {
        sign_up(&users[i], i);
    }
    for (i = 0; i < USERS; ++i) {
        REQUIRE(pthread_create(&threads[i], NULL, use, &users[i]) == 0);
    }
    REQUIRE(pthread_create(&freeing, NULL, free_the_client, NULL) == 0);
    for (i = 0; i < USERS; ++i) {
        REQUIRE(pthread_join(threads[i], NULL) == 0);
        oauthapp_string_free(users[i].token);
    }
    REQUIRE(pthread_join(freeing, NULL) == 0);
    CHECK_CODE(OAUTHAPP_ERROR_INVALID_HANDLE, oauthapp_get_profile(shared, "token", NULL, &data, NULL));
    puts("ok every answer was the one to its own request");
}

static void *wait_at_the_gate(void *argument)
{
    char *data = NULL;
    oauthapp_error *error = NULL;
    CHECK_CODE(OAUTHAPP_OK, oauthapp_get_profile(argument, "token", NULL, &data, &error));
    CHECK(error == NULL && strcmp(data, "{\"id\":1}") == 0);
    drop(&data);
    return NULL;
}

/* A call that is under way when its client is freed finishes. */
static void a_call_outlives_its_client(const char *gate_url)
{
    oauthapp_client *client = new_client(gate_url);
    pthread_t caller;
    char *data = NULL;

    REQUIRE(pthread_create(&caller, NULL, wait_at_the_gate, client) == 0);
    ask("wait for the request at the gate");
    oauthapp_client_free(client);
    CHECK_CODE(OAUTHAPP_ERROR_INVALID_HANDLE, oauthapp_get_profile(client, "token", NULL, &data, NULL));
    ask("open the gate");
    REQUIRE(pthread_join(caller, NULL) == 0);
}

int main(int argc, char **argv)
{
    END_A_PROGRAM_THAT_HANGS();
    REQUIRE(argc == 3);
    many_users_of_one_client(argv[1]);
    a_call_outlives_its_client(argv[2]);
    puts("passed");
    return 0;
}

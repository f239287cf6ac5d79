/*
 * Memory runs out. torture.h says the rest.
 *
 * First for large blocks only: whatever has the size of a text that the caller gives, or of an answer, is an error when there
 * is no memory for it, and never the end of the program. Then for each allocation of each call in turn, in a child process:
 * it ends with an error or, as Rust programs do where a small block is not to be had, by abort(), and in no other way.
 */
#define _GNU_SOURCE

#include <signal.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "failing_memory.h"
#include "torture.h"

/* Blocks below this size are taken for granted; src/memory.rs. */
enum { LARGE = 64 * 1024 };

static void fail_memory(long at, size_t from, bool forever)
{
    memset(&memory.fault, 0, sizeof memory.fault);
    memory.from = from;
    memory.fault.at = at;
    memory.fault.last = forever ? LONG_MAX : at;
}

/* ---- Large texts, and no large blocks ---- */

static char *text_of(size_t length, const char *begin, char middle, const char *end)
{
    char *text = malloc(length + 1);
    REQUIRE(text != NULL);
    memset(text, middle, length);
    memcpy(text, begin, strlen(begin));
    strcpy(text + length - strlen(end), end);
    return text;
}

/* A call that has a large text somewhere. Gives what it gives. */
typedef oauthapp_code large_call(oauthapp_client *client, const char *text, char **data, oauthapp_error **error);

static oauthapp_code large_password(oauthapp_client *client, const char *text, char **data, oauthapp_error **error)
{
    return oauthapp_sign_in(client, RESIDENT, text, NULL, data, error);
}

static oauthapp_code large_sign_up(oauthapp_client *client, const char *text, char **data, oauthapp_error **error)
{
    oauthapp_sign_up_request request = oauthapp_sign_up_request_init();
    request.data = text;
    return oauthapp_sign_up(client, &request, NULL, data, error);
}

static oauthapp_code large_union_id(oauthapp_client *client, const char *text, char **data, oauthapp_error **error)
{
    return oauthapp_union_id_sign_in(client, "web", text, NULL, data, error);
}

static oauthapp_code large_union_id_sign_up(oauthapp_client *client, const char *text, char **data,
                                            oauthapp_error **error)
{
    oauthapp_union_id_sign_up_request request = oauthapp_union_id_sign_up_request_init();
    request.avatar = text;
    return oauthapp_union_id_sign_up(client, &request, NULL, data, error);
}

static oauthapp_code large_remark(oauthapp_client *client, const char *text, char **data, oauthapp_error **error)
{
    return oauthapp_qr_code_pre_sign_in(client, "openid", text, NULL, NULL, data, error);
}

static oauthapp_code large_key(oauthapp_client *client, const char *text, char **data, oauthapp_error **error)
{
    return oauthapp_qr_code_sign_in(client, text, NULL, data, error);
}

static oauthapp_code large_scanned_key(oauthapp_client *client, const char *text, char **data, oauthapp_error **error)
{
    return oauthapp_qr_code_scan(client, text, NULL, data, error);
}

static oauthapp_code large_confirmation(oauthapp_client *client, const char *text, char **data, oauthapp_error **error)
{
    oauthapp_qr_code_sign_up_request request = oauthapp_qr_code_sign_up_request_init();
    request.sign_in_key = "1";
    request.nick_name = text;
    return oauthapp_qr_code_sign_up(client, &request, NULL, data, error);
}

static oauthapp_code large_token(oauthapp_client *client, const char *text, char **data, oauthapp_error **error)
{
    return oauthapp_get_profile(client, text, NULL, data, error);
}

static oauthapp_code large_nick_name(oauthapp_client *client, const char *text, char **data, oauthapp_error **error)
{
    return oauthapp_update_profile(client, token, NULL, NULL, text, NULL, data, error);
}

static oauthapp_code large_claims(oauthapp_client *client, const char *text, char **data, oauthapp_error **error)
{
    (void)client;
    return oauthapp_token_claims(text, data, error);
}

static oauthapp_code large_pointer(oauthapp_client *client, const char *text, char **data, oauthapp_error **error)
{
    (void)client;
    return oauthapp_json_get_json("{}", text, data, error);
}

static oauthapp_code large_json(oauthapp_client *client, const char *text, char **data, oauthapp_error **error)
{
    (void)client;
    return oauthapp_json_get_json(text, "", data, error);
}

static oauthapp_code large_string(oauthapp_client *client, const char *text, char **data, oauthapp_error **error)
{
    (void)client;
    return oauthapp_json_get_string(text, "", data, error);
}

static oauthapp_code with_setting(size_t offset, const char *text, oauthapp_error **error)
{
    oauthapp_client_config config = oauthapp_client_config_init();
    oauthapp_client *client = NULL;
    oauthapp_code code;
    config.app_id = 2;
    memcpy((char *)&config + offset, &text, sizeof text);
    code = oauthapp_client_new(&config, &client, error);
    oauthapp_client_free(client);
    return code;
}

#define SETTING(field)                                                                                         \
    static oauthapp_code large_##field(oauthapp_client *client, const char *text, char **data, oauthapp_error **error) \
    {                                                                                                          \
        (void)client;                                                                                          \
        (void)data;                                                                                            \
        return with_setting(offsetof(oauthapp_client_config, field), text, error);                             \
    }
SETTING(base_url)
SETTING(user_agent)
SETTING(proxy)
SETTING(trusted_roots_pem)
SETTING(trusted_roots_file)
SETTING(pins)
SETTING(client_certificate_pem)
SETTING(client_key_pem)
SETTING(client_certificate_file)
SETTING(client_key_file)

static const struct {
    const char *name;
    large_call *make;
    const char *begin, *end; /* what the text begins and ends with */
    char middle;             /* what it is full of; or else 'a' */
} LARGE_CALLS[] = {
    {"password", large_password, "", "", 0},
    {"sign-up's data", large_sign_up, "", "", 0},
    {"union id", large_union_id, "", "", 0},
    {"union-id sign-up's avatar", large_union_id_sign_up, "", "", 0},
    {"remark", large_remark, "", "", 0},
    {"key", large_key, "", "", 0},
    {"key that is a string", large_key, "\"", "\"", 0},
    {"scanned key", large_scanned_key, "\"\\n", "\"", 0},
    {"confirmation's nick name", large_confirmation, "", "", 0},
    {"token", large_token, "", "", 0},
    {"nick name", large_nick_name, "", "", 0},
    {"claims", large_claims, "h.eyJh", "In0.s", 0},
    {"pointer", large_pointer, "/", "", 0},
    {"pointer's steps", large_pointer, "/a/b~1/", "", 0},
    {"JSON", large_json, "\"", "\"", 0},
    {"JSON with a name", large_json, "{\"\\n", "\":1}", 0},
    {"JSON with nothing in it", large_json, "[[[[[[[[[", "", 0},
    {"deep JSON", large_json, "", "", '['},
    {"string", large_string, "\"", "\"", 0},
    {"string with an escape", large_string, "\"\\n", "\"", 0},
    {"base_url", large_base_url, "http://localhost", "", 0},
    {"user_agent", large_user_agent, "", "", 0},
    {"proxy", large_proxy, "http://", "", 0},
    {"trusted_roots_pem", large_trusted_roots_pem, "-----BEGIN CERTIFICATE-----\n", "\n-----END CERTIFICATE-----\n", 0},
    {"trusted_roots_file", large_trusted_roots_file, "/", "", 0},
    {"pins", large_pins, "", "", 0},
    {"client_certificate_pem", large_client_certificate_pem, "", "", 0},
    {"client_key_pem", large_client_key_pem, "-----BEGIN PRIVATE KEY-----\n", "\n-----END PRIVATE KEY-----\n", 0},
    {"client_certificate_file", large_client_certificate_file, "", "", 0},
    {"client_key_file", large_client_key_file, "", "", 0},
};

enum { LARGE_CALL_COUNT = sizeof LARGE_CALLS / sizeof LARGE_CALLS[0] };

/* What happens where the large block number `at`, and each later one where `forever`, is not to be had. */
static bool runs_out(int which, oauthapp_client *client, const char *text, long at, bool forever)
{
    oauthapp_error *error = NULL;
    oauthapp_code code;
    char *data = NULL;
    snprintf(trying, sizeof trying, "%s, large block %ld%s", LARGE_CALLS[which].name, at, forever ? " and on" : "");
    fail_memory(at, LARGE, forever);
    code = LARGE_CALLS[which].make(client, text, &data, &error);
    memory.fault.at = 0;
    if (memory.fault.struck) {
        require_code(code, OAUTHAPP_ERROR_OUT_OF_MEMORY);
        REQUIRE_HERE(data == NULL && oauthapp_error_code(error) == code);
    }
    oauthapp_error_free(error);
    drop(&data);
    return memory.fault.struck;
}

static void large_texts(void)
{
    static const size_t SIZES[] = {200 * 1024, 16 * 1024 * 1024};
    oauthapp_client *client = new_client(url, -1);
    int which, blocks = 0;
    size_t size;
    for (which = 0; which < LARGE_CALL_COUNT; which++) {
        for (size = 0; size < sizeof SIZES / sizeof SIZES[0]; size++) {
            char middle = LARGE_CALLS[which].middle != 0 ? LARGE_CALLS[which].middle : 'a';
            char *text = text_of(SIZES[size], LARGE_CALLS[which].begin, middle, LARGE_CALLS[which].end);
            long at = 1;
            (void)runs_out(which, client, text, 1, true);
            while (runs_out(which, client, text, at, false)) {
                at++;
                blocks++;
            }
            count_before();
            (void)runs_out(which, client, text, 1, true);
            count_after();
            printf("ok %s of %lu bytes, %ld large blocks\n", LARGE_CALLS[which].name, (unsigned long)SIZES[size], at - 1);
            free(text);
        }
    }
    CHECK(blocks > 0);
    oauthapp_client_free(client);
}

/* An answer has the size that the server gives it. */
static void large_answer(void)
{
    oauthapp_client *client = new_client(url, -1);
    char *text = text_of(300 * 1024, "", 'a', ""), *data = NULL;
    oauthapp_code code = OAUTHAPP_ERROR_OUT_OF_MEMORY;
    long at;
    REQUIRE(oauthapp_update_profile(client, token, "short", text, "short", NULL, &data, NULL) == OAUTHAPP_OK);
    drop(&data);
    for (at = 1; code == OAUTHAPP_ERROR_OUT_OF_MEMORY; at++) {
        snprintf(trying, sizeof trying, "a large answer, large block %ld", at);
        fail_memory(at, LARGE, false);
        code = oauthapp_get_profile(client, token, NULL, &data, NULL);
        memory.fault.at = 0;
        require_code(code, memory.fault.struck ? OAUTHAPP_ERROR_OUT_OF_MEMORY : OAUTHAPP_OK);
        drop(&data);
        REQUIRE_HERE(oauthapp_get_profile(client, token, NULL, &data, NULL) == OAUTHAPP_OK);
        drop(&data);
    }
    CHECK(at > 3);
    REQUIRE(oauthapp_update_profile(client, token, NULL, "short", NULL, NULL, &data, NULL) == OAUTHAPP_OK);
    drop(&data);
    free(text);
    oauthapp_client_free(client);
}

/* So have the words in which it refuses. */
static void large_refusals(const char *refusing)
{
    static const oauthapp_code REFUSALS[] = {OAUTHAPP_ERROR_SERVER, OAUTHAPP_ERROR_SERVER, OAUTHAPP_ERROR_BAD_REQUEST,
                                             OAUTHAPP_ERROR_BAD_REQUEST, OAUTHAPP_ERROR_WRONG_PASSWORD,
                                             OAUTHAPP_ERROR_UNEXPECTED_RESPONSE, OAUTHAPP_ERROR_UNEXPECTED_RESPONSE,
                                             OAUTHAPP_ERROR_UNEXPECTED_RESPONSE, OAUTHAPP_ERROR_FORBIDDEN,
                                             OAUTHAPP_ERROR_UNEXPECTED_RESPONSE};
    size_t i;
    for (i = 0; i < sizeof REFUSALS / sizeof REFUSALS[0]; ++i) {
        oauthapp_client_config config = oauthapp_client_config_init();
        oauthapp_client *client = NULL;
        oauthapp_code code = OAUTHAPP_ERROR_OUT_OF_MEMORY;
        char *data = NULL;
        long at;
        config.app_id = (int64_t)i + 1;
        config.base_url = refusing;
        REQUIRE(oauthapp_client_new(&config, &client, NULL) == OAUTHAPP_OK);
        for (at = 1; code == OAUTHAPP_ERROR_OUT_OF_MEMORY; at++) {
            oauthapp_error *error = NULL;
            snprintf(trying, sizeof trying, "large refusal %ld, large block %ld", (long)config.app_id, at);
            fail_memory(at, LARGE, false);
            code = oauthapp_sign_in(client, RESIDENT, PASSWORD, NULL, &data, &error);
            memory.fault.at = 0;
            require_code(code, memory.fault.struck ? OAUTHAPP_ERROR_OUT_OF_MEMORY : REFUSALS[i]);
            oauthapp_error_free(error);
        }
        printf("ok a large refusal, %ld large blocks\n", at - 2);
        oauthapp_client_free(client);
    }
}

/* Settings of large size, and no memory for one block of what is made of them. */
static void roots_run_out(const oauthapp_client_config *config, const char *what)
{
    oauthapp_code code = OAUTHAPP_ERROR_OUT_OF_MEMORY;
    long at;
    for (at = 1; code == OAUTHAPP_ERROR_OUT_OF_MEMORY; at++) {
        oauthapp_client *client = NULL;
        oauthapp_error *error = NULL;
        snprintf(trying, sizeof trying, "%s, large block %ld", what, at);
        fail_memory(at, LARGE, false);
        code = oauthapp_client_new(config, &client, &error);
        memory.fault.at = 0;
        require_code(code, memory.fault.struck ? OAUTHAPP_ERROR_OUT_OF_MEMORY : OAUTHAPP_OK);
        oauthapp_client_free(client);
        oauthapp_error_free(error);
    }
    REQUIRE_HERE(at > 2);
    printf("ok %s, %ld large blocks\n", what, at - 2);
}

/* Very many certificates to believe, in a text, in a file, and in both. */
static void many_roots(void)
{
    enum { MANY = 4000 };
    oauthapp_client_config config = oauthapp_client_config_init();
    char one[4096] = "", path[1024], *all;
    FILE *file = fopen(roots_file, "r");
    size_t length, at;
    REQUIRE(file != NULL && (length = fread(one, 1, sizeof one - 1, file)) > 0 && fclose(file) == 0);
    REQUIRE((all = malloc(length * MANY + 1)) != NULL);
    for (at = 0; at < MANY; ++at) {
        memcpy(all + length * at, one, length + 1);
    }
    snprintf(path, sizeof path, "%s.many", roots_file);
    REQUIRE((file = fopen(path, "w")) != NULL && fputs(all, file) >= 0 && fclose(file) == 0);
    config.app_id = 2;
    config.trusted_roots_pem = all;
    roots_run_out(&config, "many roots in a text");
    config.trusted_roots_file = path;
    roots_run_out(&config, "many roots in a text and in a file");
    config.trusted_roots_pem = NULL;
    roots_run_out(&config, "many roots in a file");
    free(all);
}

/* Very many objects, of which each has a place in a table. */
static void many_tokens(void)
{
    enum { MANY = 20000 };
    oauthapp_cancel_token **tokens = malloc(MANY * sizeof *tokens);
    long at, large = 0;
    REQUIRE(tokens != NULL);
    for (at = 0; at < MANY; ++at) {
        oauthapp_code code;
        fail_memory(1, LARGE, false);
        code = oauthapp_cancel_token_new(&tokens[at], NULL);
        memory.fault.at = 0;
        if (memory.fault.struck) {
            require_code(code, OAUTHAPP_ERROR_OUT_OF_MEMORY);
            REQUIRE_HERE(oauthapp_cancel_token_new(&tokens[at], NULL) == OAUTHAPP_OK);
            large++;
        } else {
            require_code(code, OAUTHAPP_OK);
        }
    }
    CHECK(large > 0);
    snprintf(trying, sizeof trying, "many tokens are freed without memory");
    fail_memory(1, LARGE, true);
    for (at = 0; at < MANY; ++at) {
        oauthapp_cancel_token_free(tokens[at]);
    }
    memory.fault.at = 0;
    CHECK(!memory.fault.struck);
    free(tokens);
}

/* ---- Every block ---- */

enum outcome { AS_EVER = 10, AN_ERROR, ABORTED, NO_SUCH_BLOCK };

/* Makes the call in this process, which ends with it. */
static void run_out(int which, long at, const struct values *values, oauthapp_code expected)
{
    oauthapp_client *client = new_client(url, -1);
    const int errors = dup(STDERR_FILENO), nowhere = open("/dev/null", O_WRONLY);
    struct ending ending;
    /* Rust says which block it can't have before it ends the program. */
    REQUIRE(dup2(nowhere, STDERR_FILENO) == STDERR_FILENO);
    fail_memory(at, 0, false);
    ending = make(which, client, values, 0);
    memory.fault.at = 0;
    REQUIRE(dup2(errors, STDERR_FILENO) == STDERR_FILENO);
    if (!memory.fault.struck) {
        _exit(NO_SUCH_BLOCK);
    }
    make_again(which, client, values, ending, expected);
    _exit(ending.code == expected ? AS_EVER : AN_ERROR);
}

static enum outcome outcome_of(int which, long at)
{
    oauthapp_code expected;
    const struct values values = prepare(which, &expected);
    int status = 0;
    pid_t child;
    snprintf(trying, sizeof trying, "%s, block %ld", CALLS[which].name, at);
    fflush(stdout);
    child = fork();
    REQUIRE(child >= 0);
    if (child == 0) {
        run_out(which, at, &values, expected);
    }
    REQUIRE(waitpid(child, &status, 0) == child);
    if (WIFSIGNALED(status)) {
        REQUIRE_HERE(WTERMSIG(status) == SIGABRT);
        REQUIRE_HERE(*memory.failed < LARGE);
        return ABORTED;
    }
    REQUIRE_HERE(WIFEXITED(status) && WEXITSTATUS(status) >= AS_EVER && WEXITSTATUS(status) <= NO_SUCH_BLOCK);
    return WEXITSTATUS(status);
}

static void every_block(void)
{
    int which;
    const struct rlimit no_core = {0, 0};
    REQUIRE(setrlimit(RLIMIT_CORE, &no_core) == 0);
    memory.failed = mmap(NULL, sizeof *memory.failed, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    REQUIRE(memory.failed != MAP_FAILED);
    for (which = 0; which < CALL_COUNT; which++) {
        long count[NO_SUCH_BLOCK + 1] = {0}, at = 0;
        while (count[NO_SUCH_BLOCK] == 0) {
            count[outcome_of(which, ++at)]++;
        }
        printf("ok %s, %ld blocks: without one %ld times as ever, %ld times an error, %ld times the end of the program\n",
               CALLS[which].name, at - 1, count[AS_EVER], count[AN_ERROR], count[ABORTED]);
    }
}

int main(int argc, char **argv)
{
    begin(argc, argv);
    warm_up(url);
    if (!https) {
        /* They are the same whatever they are sent through. */
        large_texts();
        REQUIRE(argc == 4);
        large_refusals(argv[3]);
    } else {
        many_roots();
        many_tokens();
    }
    large_answer();
    every_block();
    puts("passed");
    return 0;
}

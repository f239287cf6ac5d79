/*
 * A client in a process that forks: the child makes connections of its own, can't end its parent's calls, and waits for no
 * name look-up that only its parent has a thread for.
 *
 * fork COUNTING_URL GATE_URL [ROOTS]
 *
 * COUNTING_URL is that of a server whose profiles have the number of the connection as their id. GATE_URL is that of a server
 * which answers when its driver is asked to. ROOTS is a file with the certificate of the first, if that speaks https.
 */
#define _GNU_SOURCE

#include <fcntl.h>
#include <netdb.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"

static const char *roots;

/* Names are looked up here: in the parent that takes until it is told to end, and no name has an address. */
static sem_t look_up_begun, look_up_ends;
static bool look_ups_hang = true;

int getaddrinfo(const char *name, const char *service, const struct addrinfo *hints, struct addrinfo **found)
{
    (void)name, (void)service, (void)hints, (void)found;
    if (look_ups_hang) {
        sem_post(&look_up_begun);
        sem_wait(&look_up_ends);
    }
    return EAI_NONAME;
}

static oauthapp_client *new_client(const char *base_url)
{
    oauthapp_client_config config = oauthapp_client_config_init();
    oauthapp_client *client = NULL;
    config.app_id = 2;
    config.base_url = base_url;
    config.trusted_roots_file = roots;
    REQUIRE(oauthapp_client_new(&config, &client, NULL) == OAUTHAPP_OK);
    return client;
}

/* The number of the connection that a call goes out on; 0 for a call that fails. */
static int64_t connection(oauthapp_client *client)
{
    int64_t number = 0;
    char *data = NULL;
    if (oauthapp_get_profile(client, "token", NULL, &data, NULL) == OAUTHAPP_OK) {
        REQUIRE(oauthapp_json_get_int64(data, "/id", &number, NULL) == OAUTHAPP_OK);
    }
    oauthapp_string_free(data);
    return number;
}

/* Ends the child, and says in the parent whether it was content. */
static bool content(pid_t child)
{
    int status = 0;
    return waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

/* As fork(), but no handler of pthread_atfork() is called. */
static pid_t unheard_fork(void)
{
    return (pid_t)syscall(SYS_clone, (long)SIGCHLD, 0L, 0L, 0L, 0L);
}

static void connections(const char *url)
{
    oauthapp_client *client = new_client(url);
    pid_t (*const ways[])(void) = {fork, unheard_fork};
    int way;
    CHECK(connection(client) == 1);
    CHECK(connection(client) == 1);
    for (way = 0; way < 2; way++) {
        pid_t child;
        fflush(stdout);
        child = ways[way]();
        REQUIRE(child >= 0);
        if (child == 0) {
            bool good;
            /* What a daemon reads from or prints there must not be a connection. */
            close(STDIN_FILENO);
            good = connection(client) == 2 + way && connection(client) == 2 + way && fcntl(STDIN_FILENO, F_GETFD) == -1;
            oauthapp_client_free(client);
            _exit(good ? 0 : 1);
        }
        CHECK(content(child));
        CHECK(connection(client) == 1);
    }
    oauthapp_client_free(client);
}

struct call {
    oauthapp_client *client;
    oauthapp_call_options options;
    oauthapp_code code;
};

static void *make(void *argument)
{
    struct call *call = argument;
    char *data = NULL;
    call->code = oauthapp_get_profile(call->client, "token", &call->options, &data, NULL);
    oauthapp_string_free(data);
    return NULL;
}

static void cancelling(const char *url)
{
    struct call call;
    pthread_t thread;
    pid_t child;
    memset(&call, 0, sizeof call);
    call.client = new_client(url);
    call.options = oauthapp_call_options_init();
    REQUIRE(oauthapp_cancel_token_new(&call.options.cancel_token, NULL) == OAUTHAPP_OK);
    REQUIRE(pthread_create(&thread, NULL, make, &call) == 0);
    ask("wait for the request at the gate");
    fflush(stdout);
    child = fork();
    REQUIRE(child >= 0);
    if (child == 0) {
        _exit(oauthapp_cancel_token_cancel(call.options.cancel_token, NULL) == OAUTHAPP_OK ? 0 : 1);
    }
    CHECK(content(child));
    ask("open the gate");
    REQUIRE(pthread_join(thread, NULL) == 0);
    CHECK(call.code == OAUTHAPP_OK);
    oauthapp_cancel_token_free(call.options.cancel_token);
    oauthapp_client_free(call.client);
}

static void look_ups(void)
{
    struct call call;
    pthread_t thread;
    pid_t child;
    memset(&call, 0, sizeof call);
    call.client = new_client("https://name.invalid");
    call.options = oauthapp_call_options_init();
    REQUIRE(sem_init(&look_up_begun, 0, 0) == 0 && sem_init(&look_up_ends, 0, 0) == 0);
    REQUIRE(pthread_create(&thread, NULL, make, &call) == 0);
    REQUIRE(sem_wait(&look_up_begun) == 0);
    fflush(stdout);
    child = fork();
    REQUIRE(child >= 0);
    if (child == 0) {
        look_ups_hang = false;
        /* Shorter than after what time a look-up is taken for one that never ends. */
        call.options.timeout_ms = 5000;
        make(&call);
        _exit(call.code == OAUTHAPP_ERROR_DNS ? 0 : 1);
    }
    CHECK(content(child));
    look_ups_hang = false;
    REQUIRE(sem_post(&look_up_ends) == 0);
    REQUIRE(pthread_join(thread, NULL) == 0);
    CHECK(call.code == OAUTHAPP_ERROR_DNS);
    oauthapp_client_free(call.client);
}

int main(int argc, char **argv)
{
    END_A_PROGRAM_THAT_HANGS();
    REQUIRE(argc == 3 || argc == 4);
    roots = argc == 4 ? argv[3] : NULL;
    connections(argv[1]);
    cancelling(argv[2]);
    look_ups();
    puts("passed");
    return 0;
}

/*
 * A name look-up that goes on when its call is over takes no signal of the program's: one that the program has blocked waits
 * until the program takes it.
 */
#define _POSIX_C_SOURCE 200809L

#include <netdb.h>
#include <semaphore.h>
#include <signal.h>

#include "check.h"

static sem_t look_up_ends;

/* Takes the place of the system's, for the library too. */
int getaddrinfo(const char *name, const char *service, const struct addrinfo *hints, struct addrinfo **found)
{
    (void)name, (void)service, (void)hints, (void)found;
    sem_wait(&look_up_ends);
    return EAI_NONAME;
}

int main(void)
{
    oauthapp_client_config config = oauthapp_client_config_init();
    oauthapp_client *client = NULL;
    char *data = NULL;
    sigset_t signals;
    int taken = 0;
    END_A_PROGRAM_THAT_HANGS();
    REQUIRE(sem_init(&look_up_ends, 0, 0) == 0);
    config.app_id = 2;
    config.base_url = "https://name.invalid";
    config.timeout_ms = 100;
    REQUIRE(oauthapp_client_new(&config, &client, NULL) == OAUTHAPP_OK);
    CHECK_CODE(OAUTHAPP_ERROR_TIMEOUT, oauthapp_sign_in(client, "wwww", "123456", NULL, &data, NULL));
    REQUIRE(sigemptyset(&signals) == 0 && sigaddset(&signals, SIGTERM) == 0);
    REQUIRE(pthread_sigmask(SIG_BLOCK, &signals, NULL) == 0);
    fflush(stdout);
    /* Where another thread takes it, this is the end of the program. */
    REQUIRE(kill(getpid(), SIGTERM) == 0);
    CHECK(sigwait(&signals, &taken) == 0 && taken == SIGTERM);
    /* The call has left this thread's own signals as they were. */
    REQUIRE(sigpending(&signals) == 0);
    CHECK(sigismember(&signals, SIGTERM) == 0);
    oauthapp_client_free(client);
    REQUIRE(sem_post(&look_up_ends) == 0);
    puts("passed");
    return 0;
}

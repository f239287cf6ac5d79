/*
 * The driver stands between the client and the server, and breaks the connection as it likes. torture.h says the rest.
 *
 * torture_wire URL ROOTS_PEM_FILE|- URL_OF_THE_DRIVER CALL CASES MAX_RETRIES TIMEOUT_MS
 */
#define _GNU_SOURCE

#include "torture.h"

static int call_of(const char *name)
{
    int which = 0;
    while (strcmp(CALLS[which].name, name) != 0) {
        REQUIRE(++which < CALL_COUNT);
    }
    return which;
}

int main(int argc, char **argv)
{
    int which, number, cases, max_retries;
    uint32_t timeout_ms;
    const char *relayed_url;

    REQUIRE(argc == 8);
    begin(argc, argv);
    relayed_url = argv[3];
    which = call_of(argv[4]);
    cases = atoi(argv[5]);
    max_retries = atoi(argv[6]);
    timeout_ms = (uint32_t)atoi(argv[7]);
    warm_up(relayed_url);
    /* libc allocates for these when they are first used. */
    setvbuf(stdin, NULL, _IONBF, 0);
    setvbuf(stdout, NULL, _IONBF, 0);
    for (number = 0; number < cases; number++) {
        oauthapp_code expected;
        const struct values values = prepare(which, &expected);
        struct ending ending;
        oauthapp_client *client;
        char verdict[128];

        snprintf(trying, sizeof trying, "%s, case %d", CALLS[which].name, number);
        count_before();
        client = new_client(relayed_url, max_retries);
        ask("break the next connection");
        ending = make(which, client, &values, timeout_ms);
        snprintf(verdict, sizeof verdict, "judge %s", ending.code == expected ? "as ever" : oauthapp_code_name(ending.code));
        ask(verdict);
        make_again(which, client, &values, ending, expected);
        oauthapp_client_free(client);
        count_after();
    }
    puts("passed");
    return 0;
}

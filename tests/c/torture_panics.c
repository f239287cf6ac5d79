/*
 * The library panics at every place of every call where it reads a clock. Nothing but an error comes of it. torture.h says
 * the rest.
 */
#define _GNU_SOURCE

#include "failing_clock.h"
#include "torture.h"

/* False where no clock is read. */
static bool is_caught(int which, long at, bool kept)
{
    oauthapp_code expected, unused;
    oauthapp_client *client;
    struct values values;
    struct ending ending;

    snprintf(trying, sizeof trying, "%s, clock %ld, %s connection", CALLS[which].name, at, kept ? "kept" : "new");
    count_before();
    client = new_client(url, -1);
    if (kept) {
        values = prepare(which, &unused);
        (void)make(which, client, &values, 0);
    }
    values = prepare(which, &expected);
    memset(&clock_fault, 0, sizeof clock_fault);
    clock_fault.at = clock_fault.last = at;
    ending = make(which, client, &values, 0);
    clock_fault.at = 0;
    require_code(ending.code, clock_fault.struck ? OAUTHAPP_ERROR_INTERNAL : expected);
    make_again(which, client, &values, ending, expected);
    oauthapp_client_free(client);
    count_after();
    return clock_fault.struck;
}

int main(int argc, char **argv)
{
    int which, kept;

    begin(argc, argv);
    warm_up(url);
    for (which = 0; which < CALL_COUNT; which++) {
        for (kept = 0; kept < 2; kept++) {
            long at = 1;
            while (is_caught(which, at, kept == 1)) {
                at++;
            }
            /* Each call asks for the time at least when it begins. */
            REQUIRE_HERE(at > 1);
            printf("ok %s, %ld panics\n", CALLS[which].name, at - 1);
        }
    }
    puts("passed");
    return 0;
}

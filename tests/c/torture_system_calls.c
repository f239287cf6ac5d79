/* Each system call of each call fails in turn, in each way that it can, once and for good. torture.h says the rest. */
#define _GNU_SOURCE

#include "failing_system_calls.h"
#include "torture.h"

static const struct {
    int number;
    int error;
    const char *name;
} FAULTS[] = {
#define FAULT(number, error) {SYS_##number, error, #number " " #error}
    FAULT(socket, EMFILE),     FAULT(socket, ENOMEM),       FAULT(connect, ECONNREFUSED), FAULT(connect, ENETUNREACH),
    FAULT(connect, ETIMEDOUT), FAULT(poll, ENOMEM),         FAULT(poll, EINTR),           FAULT(ppoll, ENOMEM),
    FAULT(ppoll, EINTR),       FAULT(getsockopt, ENOBUFS),  FAULT(setsockopt, ENOMEM),    FAULT(ioctl, ENOMEM),
    FAULT(fcntl, ENOMEM),      FAULT(sendto, ECONNRESET),   FAULT(sendto, EPIPE),         FAULT(sendto, ETIMEDOUT),
    FAULT(sendto, ENOBUFS),    FAULT(sendto, EINTR),        FAULT(sendto, EAGAIN),        FAULT(sendto, SHORT),
    FAULT(sendto, SHORT_AND_ERROR), FAULT(recvfrom, ECONNRESET), FAULT(recvfrom, ETIMEDOUT), FAULT(recvfrom, ENOMEM),
    FAULT(recvfrom, EINTR),    FAULT(recvfrom, EAGAIN),     FAULT(recvfrom, SHORT),       FAULT(recvfrom, END),
};

enum { FAULT_COUNT = sizeof FAULTS / sizeof FAULTS[0], HURRIED_TIMEOUT_MS = 60 };

static bool is_pause(int error)
{
    return error == EINTR || error == EAGAIN;
}

/* How the call must end, when it ends as expected without a fault, and did end like this. */
static oauthapp_code right_code(int which, struct ending ending, oauthapp_code expected, bool forever, int max_retries)
{
    oauthapp_code failure = OAUTHAPP_ERROR_CONNECTION_LOST;
    bool repeated = false;
    if (system_call.error == SHORT || !system_call.mattered) {
        return expected;
    }
    if (is_pause(system_call.error)) {
        return forever ? OAUTHAPP_ERROR_TIMEOUT : expected;
    }
    /* Of a sign-up the first failure is told, and not that of the sign-in that asks what has become of it. */
    switch (role(which) == SIGN_UP ? system_call.first_stage : system_call.stage) {
    case LOOKING:
        /* Another connection is made. */
        return expected;
    case CONNECTING:
        failure = OAUTHAPP_ERROR_CONNECT;
        repeated = max_retries > 0;
        break;
    case SHAKING_HANDS:
        failure = OAUTHAPP_ERROR_TLS;
        repeated = max_retries > 0;
        break;
    case ASKING:
        if (system_call.within_answer && ending.code == OAUTHAPP_ERROR_TRUNCATED_RESPONSE) {
            failure = OAUTHAPP_ERROR_TRUNCATED_RESPONSE;
        }
        /* On a connection that was kept it is repeated at once. */
        repeated = role(which) == REPEATABLE && (max_retries > 0 || (system_call.on_kept && !system_call.within_answer));
        if (role(which) == SIGN_UP && system_call.number != SYS_sendto) {
            /* It has arrived: the sign-in that asks for it finds the account. */
            repeated = true;
        }
        break;
    }
    return repeated && !forever ? expected : failure;
}

/* False where there is no such system call. */
static bool fails_rightly(int which, int fault, long at, bool forever, bool kept, int max_retries)
{
    const int error = FAULTS[fault].error;
    /* What pauses for good ends with the deadline. */
    const bool in_a_hurry = forever && is_pause(error);
    oauthapp_code expected, unused;
    struct values values, first_values;
    struct ending ending;
    oauthapp_client *client;

    snprintf(trying, sizeof trying, "%s, %s %ld, %s, %s connection, %d retries", CALLS[which].name, FAULTS[fault].name,
             at, forever ? "for good" : "once", kept ? "kept" : "new", max_retries);
    count_before();
    client = new_client(url, max_retries);
    if (kept) {
        first_values = prepare(which, &unused);
        (void)make(which, client, &first_values, 0);
    }
    values = prepare(which, &expected);
    fail_system_call(FAULTS[fault].number, error, at, forever, https);
    ending = make(which, client, &values, in_a_hurry ? HURRIED_TIMEOUT_MS : 0);
    system_call.fault.at = 0;
    if (system_call.fault.struck) {
        require_code(ending.code, right_code(which, ending, expected, forever, max_retries));
    } else if (!in_a_hurry || ending.code != OAUTHAPP_ERROR_TIMEOUT) {
        require_code(ending.code, expected);
    }
    make_again(which, client, &values, ending, expected);
    oauthapp_client_free(client);
    count_after();
    return system_call.fault.struck;
}

int main(int argc, char **argv)
{
    int which, fault, way;
    long cases = 0;

    begin(argc, argv);
    take_system_calls();
    warm_up(url);
    for (which = 0; which < CALL_COUNT; which++) {
        for (fault = 0; fault < FAULT_COUNT; fault++) {
            for (way = 0; way < 6; way++) {
                const bool kept = way % 2 == 1, forever = way / 2 == 0;
                const int max_retries = way / 2 == 2 ? 1 : -1;
                long at = 1;
                while (fails_rightly(which, fault, at, forever, kept, max_retries)) {
                    at++;
                }
                cases += at - 1;
            }
        }
        printf("ok %s, %ld cases\n", CALLS[which].name, cases);
    }
    puts("passed");
    return 0;
}

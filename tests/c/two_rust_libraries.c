/*
 * A program with this library and another one that is written in Rust (tests/install/second.rs), both linked statically: each
 * keeps its own allocator, and each catches its own panics. The first argument is the URL of a server.
 */
#define _GNU_SOURCE

#include "check.h"
#include "failing_clock.h"

size_t second_allocations(void);
bool second_catches_panics(void);

static oauthapp_code sign_in(oauthapp_client *client)
{
    char *token = NULL;
    oauthapp_code code = oauthapp_sign_in(client, "wwww", "123456", NULL, &token, NULL);
    oauthapp_string_free(token);
    return code;
}

int main(int argc, char **argv)
{
    oauthapp_client_config config = oauthapp_client_config_init();
    oauthapp_client *client = NULL;
    size_t allocations;

    END_A_PROGRAM_THAT_HANGS();
    REQUIRE(argc == 2);
    config.app_id = 2;
    config.base_url = argv[1];
    CHECK_CODE(OAUTHAPP_OK, oauthapp_client_new(&config, &client, NULL));
    CHECK_CODE(OAUTHAPP_ERROR_NO_SUCH_USER, sign_in(client));
    CHECK(second_allocations() == 0);

    allocations = second_allocations();
    CHECK(second_catches_panics());
    CHECK(second_allocations() > allocations + 100);

    allocations = second_allocations();
    clock_fault.at = clock_fault.last = 1;
    CHECK_CODE(OAUTHAPP_ERROR_INTERNAL, sign_in(client));
    CHECK(clock_fault.struck);
    clock_fault.at = 0;
    CHECK(second_catches_panics());
    CHECK_CODE(OAUTHAPP_ERROR_NO_SUCH_USER, sign_in(client));
    oauthapp_client_free(client);
    puts("passed");
    return 0;
}

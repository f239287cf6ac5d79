/*
 * What the C tests have in common: checks that name their place, and say no more of a value than the name of a code, as
 * the values are passwords and tokens.
 */
#ifndef CHECK_H
#define CHECK_H

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "oauthapp.h"

/* A call that never returns would hang the tests for good; no test needs a fraction of this, valgrind's included. */
#define END_A_PROGRAM_THAT_HANGS() ((void)alarm(1200))

static inline void fail(const char *file, int line, const char *what)
{
    fflush(stdout);
    fprintf(stderr, "%s:%d: failed: %s\n", file, line, what);
    exit(1);
}

/* Must hold for the test to go on; not what it tests. */
#define REQUIRE(condition) ((condition) ? (void)0 : fail(__FILE__, __LINE__, #condition))

#define CHECK(condition) (REQUIRE(condition), (void)printf("ok %s\n", #condition))

static inline void check_code(oauthapp_code expected, oauthapp_code code, const char *call, const char *file, int line)
{
    if (code != expected) {
        fprintf(stderr, "expected %s, got %s\n", oauthapp_code_name(expected), oauthapp_code_name(code));
        fail(file, line, call);
    }
    printf("ok %s gives %s\n", call, oauthapp_code_name(code));
}

#define CHECK_CODE(expected, call) check_code(expected, call, #call, __FILE__, __LINE__)

/* Frees a string and forgets it, so that the variable can be used again. */
static inline void drop(char **string)
{
    oauthapp_string_free(*string);
    *string = NULL;
}

/* Leaves to the test's driver what the API itself can't do. */
static inline void ask(const char *what)
{
    char answer[16];
    printf("ask %s\n", what);
    fflush(stdout);
    REQUIRE(fgets(answer, sizeof answer, stdin) != NULL && strcmp(answer, "done\n") == 0);
}

#endif

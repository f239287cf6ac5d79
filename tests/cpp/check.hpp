/*
 * What the C++ tests have in common: checks that name their place, and say no more of a value than the name of a code, as the
 * values are passwords and tokens.
 */
#ifndef CHECK_HPP
#define CHECK_HPP

#include <cstdlib>
#include <iostream>
#include <string>
#include <unistd.h>

#include "oauthapp.hpp"

/* A call that never returns would hang the tests for good; no test needs a fraction of this. */
inline void end_a_program_that_hangs() {
    alarm(1200);
}

/* Its parts would stand apart where another thread prints meanwhile. */
inline void print_line(const std::string& line) {
    std::cout << line + '\n';
}

template <class T>
void check(const T& holds, const char* what, const char* file, int line) {
    if (!holds) {
        std::cerr << file << ':' << line << ": failed: " << what << '\n';
        std::abort();
    }
    print_line(std::string("ok ") + what);
}

/* NOLINTBEGIN(cppcoreguidelines-macro-usage): the text of a condition and its place are to be had in no other way. */
#define CHECK(condition) check(condition, #condition, __FILE__, __LINE__)
#define CHECK_CODE(expected, result) check_code(oauthapp::ErrorCode::expected, result, #result, __FILE__, __LINE__)
/* NOLINTEND(cppcoreguidelines-macro-usage) */

/* The line that it prints is how the tests' driver learns which codes have been seen. */
template <class T>
void check_code(oauthapp::ErrorCode expected, const oauthapp::Result<T>& result, const char* what, const char* file, int line) {
    const auto code = result ? oauthapp::ErrorCode::ok : result.error().code();
    if (code != expected) {
        std::cerr << "expected " << expected << ", got " << code << '\n';
        check(false, what, file, line);
    }
    print_line(std::string("ok ").append(what).append(" gives ").append(oauthapp::code_name(code)));
}

/* Leaves to the test's driver what the API itself can't do. */
inline void ask(const char* what) {
    std::string answer;
    print_line(std::string("ask ") + what);
    std::cout.flush();
    CHECK(std::getline(std::cin, answer) && answer == "done");
}

#endif

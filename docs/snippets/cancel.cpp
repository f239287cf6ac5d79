// A call on a thread of its own, which ends when nobody waits for it any more. OAUTHAPP_URL is the server. C++20.
#include <oauthapp.hpp>

#include <chrono>
#include <cstdlib>
#include <iostream>
#include <thread>

int main() {
    const char* url = std::getenv("OAUTHAPP_URL");  // NOLINT(concurrency-mt-unsafe): nobody changes the environment.
    const auto client = oauthapp::Client::create({.app_id = 2, .base_url = url});
    if (!client) {
        return EXIT_FAILURE;
    }
    // [worker]
    auto outcome = oauthapp::ErrorCode::ok;
    std::jthread thread([&client, &outcome](std::stop_token stop) {
        const auto token = client->try_sign_in("wwww", "123456", {.timeout = std::chrono::minutes(1), .cancel_token = stop});
        outcome = token ? oauthapp::ErrorCode::ok : token.error().code();
    });
    // [/worker]
    std::cout << "press return to cancel\n" << std::flush;
    std::cin.get();
    // [close]
    thread.request_stop();  // the destructor of std::jthread does these two by itself
    thread.join();          // at once: the call fails with ErrorCode::cancelled, whatever it waits for
    // [/close]
    std::cout << outcome << '\n';
    return EXIT_SUCCESS;
}

// The same in C++.
#include <cstdlib>
#include <iostream>
#include <oauthapp.hpp>

int main() {
    oauthapp::Config config;
    config.app_id = 2;
    if (const char* url = std::getenv("OAUTHAPP_URL")) {
        config.base_url = url;
    }
    const auto client = oauthapp::Client::create(config);
    const auto token = client.and_then([](const auto& made) { return made.try_sign_in("wwww", "123456"); });
    std::cout << (token ? "signed in" : token.error().what()) << '\n';
}

// sign_in USER PASSWORD: signs in and greets the user by name. OAUTHAPP_URL is the server; else https://www.oauthapp.com
#include <oauthapp.hpp>

#include <cstdlib>
#include <iostream>

namespace {

// [failed]
/// What a program says of a call that failed.
void show(const oauthapp::Error& error) {
    switch (error.code()) {
        case oauthapp::ErrorCode::wrong_password:
        case oauthapp::ErrorCode::no_such_user:
            std::cout << "User name or password are wrong.\n";
            break;
        case oauthapp::ErrorCode::token_expired:
        case oauthapp::ErrorCode::token_rejected:
        case oauthapp::ErrorCode::unauthorized:
        case oauthapp::ErrorCode::not_signed_in:
            std::cout << "Please sign in again.\n";
            break;
        case oauthapp::ErrorCode::cancelled:
            break;  // The user knows.
        default:    // Later versions have more codes.
            std::cout << error.what() << (error.retryable() ? "\nTry again in a moment.\n" : "\n");
    }
}
// [/failed]

oauthapp::Config settings(const char* url) {
    // [client]
    oauthapp::Config config;
    config.app_id = 2;
    config.base_url = url;  // without it: https://www.oauthapp.com
    // [/client]
    return config;
}

// [sign-in]
void greet(const oauthapp::Client& client, const char* user, const char* password) {
    const oauthapp::Token token = client.sign_in(user, password);
    const oauthapp::Profile profile = client.get_profile(token.access_token);
    std::cout << "Hello " << profile.nick_name.value_or(user) << '\n';
}
// [/sign-in]

// [result]
void greet_without_exceptions(const oauthapp::Client& client, const char* user, const char* password) {
    const auto profile = client.try_sign_in(user, password).and_then([&client](const oauthapp::Token& token) {
        return client.try_get_profile(token.access_token);
    });
    if (profile) {
        std::cout << "Hello " << profile->nick_name.value_or(user) << '\n';
    } else {
        show(profile.error());
    }
}
// [/result]

}  // namespace

int main(int argc, char** argv) {
    if (argc != 3) {
        return EXIT_FAILURE;
    }
    const char* user = *std::next(argv);
    const char* password = *std::next(argv, 2);
    const char* url = std::getenv("OAUTHAPP_URL");  // NOLINT(concurrency-mt-unsafe): nobody changes the environment.
    // [main]
    try {
        // One for the whole program: it keeps the connections.
        const oauthapp::Client client(settings(url != nullptr ? url : "https://www.oauthapp.com"));
        greet_without_exceptions(client, user, password);
        greet(client, user, password);
    } catch (const oauthapp::Error& error) {
        show(error);
    }
    // [/main]
    return EXIT_SUCCESS;
}

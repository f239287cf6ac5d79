/*
 * Signs up, signs in, reads the profile, changes it, reads it again, and shows a wrong password as a person should see it.
 *
 * OAUTHAPP_URL, OAUTHAPP_APP_ID, OAUTHAPP_USER and OAUTHAPP_PASSWORD in the environment say where and as whom; without them
 * it is user "quickstart" of application 2 on the emulator at http://127.0.0.1:8742.
 */
#include <oauthapp.hpp>

#include <cstdlib>
#include <iostream>
#include <string>

namespace {

std::string setting(const char* name, const char* otherwise) {
    const char* value = std::getenv(name);  // NOLINT(concurrency-mt-unsafe): nobody changes the environment.
    return value != nullptr ? value : otherwise;
}

void show_profile(const oauthapp::Client& client, const oauthapp::Secret& access_token) {
    const oauthapp::Profile profile = client.get_profile(access_token);
    std::cout << "user " << profile.id.value_or(0) << " is called " << profile.nick_name.value_or("(no name)") << '\n';
}

void run() {
    const std::string user = setting("OAUTHAPP_USER", "quickstart");
    const oauthapp::Secret password = setting("OAUTHAPP_PASSWORD", "a password nobody else has");

    oauthapp::Config config;
    config.base_url = setting("OAUTHAPP_URL", "http://127.0.0.1:8742");
    config.app_id = std::stoll(setting("OAUTHAPP_APP_ID", "2"));
    const oauthapp::Client client(config);

    oauthapp::SignUpRequest request;
    request.user_name = user;
    request.pwd = password;
    request.nick_name = "Quick";
    request.platform = "web";
    try {
        client.sign_up(request);
        std::cout << "signed up\n";
    } catch (const oauthapp::Error& error) {
        // On a server that is kept, the second run finds the account of the first.
        if (error.code() != oauthapp::ErrorCode::account_exists) {
            throw;
        }
    }

    const oauthapp::Token token = client.sign_in(user, password);
    std::cout << "signed in, token " << token.access_token << '\n';  // token <REDACTED>
    show_profile(client, token.access_token);

    oauthapp::UpdateProfileRequest change;
    change.nick_name = "Quicker";
    client.update_profile(change, token.access_token);
    show_profile(client, token.access_token);

    // The other form of every call, for failures that are no exception.
    if (const auto wrong = client.try_sign_in(user, "not the password"); !wrong) {
        std::cout << wrong.error().what() << '\n';
    }
    std::cout << "All of it worked.\n";
}

}  // namespace

int main() {
    try {
        run();
        return EXIT_SUCCESS;
    } catch (const std::exception& error) {
        std::cerr << error.what() << '\n';
        return EXIT_FAILURE;
    }
}

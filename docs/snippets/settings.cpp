// What can be set, and a session that the client keeps. OAUTHAPP_URL is the server, OAUTHAPP_CA its authority's file.
#include <oauthapp.hpp>

#include <chrono>
#include <cstdlib>
#include <iostream>

namespace {

const char* setting(const char* name) {
    const char* value = std::getenv(name);  // NOLINT(concurrency-mt-unsafe): nobody changes the environment.
    return value != nullptr ? value : "";
}

oauthapp::Config settings() {
    oauthapp::Config config;
    config.app_id = 2;
    config.base_url = setting("OAUTHAPP_URL");
    // [trust]
    config.trust = oauthapp::Trust::only_given;
    config.trusted_roots_file = setting("OAUTHAPP_CA");  // or the text itself: trusted_roots_pem
    // [/trust]
    // [keep]
    config.keep_session = true;
    // [/keep]
    // [log]
    config.log = [](oauthapp::LogLevel level, std::string_view target, std::string_view message) {
        std::cerr << (level <= oauthapp::LogLevel::warn ? "WARN " : "DEBUG ") << target << ": " << message << '\n';
    };
    // [/log]
    // [times]
    config.timeout = std::chrono::seconds(10);         // each call as a whole: 30 seconds unless set
    config.connect_timeout = std::chrono::seconds(5);  // of it, for making a connection: 10 seconds unless set
    config.max_retries = 1;                            // 2 unless set; 0: none
    // [/times]
    return config;
}

oauthapp::Config settings_behind_a_proxy() {
    oauthapp::Config config;
    config.app_id = 2;
    // [proxy]
    config.proxy = "http://user:p%40ssword@proxy.example:3128";
    // [/proxy]
    // [environment]
    config.proxy_from_environment = true;  // where config.proxy is empty
    // [/environment]
    return config;
}

// [session]
bool use_session(const oauthapp::Client& client) {
    // Signed in or up before, so that no token has to be named.
    std::cout << "user " << client.get_profile().id.value_or(0) << '\n';
    client.sign_out();  // The client forgets the token, which stays good until it runs out.
    const auto profile = client.try_get_profile();
    return !profile && profile.error().code() == oauthapp::ErrorCode::not_signed_in;
}
// [/session]

}  // namespace

int main() {
    try {
        const oauthapp::Client behind_a_proxy(settings_behind_a_proxy());
        const oauthapp::Client client(settings());
        oauthapp::SignUpRequest request;
        request.user_name = "settings";
        request.pwd = "123456";
        client.sign_up(request);
        std::cout << (use_session(client) ? "All of it worked.\n" : "Something did not work.\n");
        return EXIT_SUCCESS;
    } catch (const oauthapp::Error& error) {
        std::cerr << error.what() << '\n';
        return EXIT_FAILURE;
    }
}

// Signs in by a QR code, the screen's side. OAUTHAPP_URL is the server; else https://www.oauthapp.com
#include <oauthapp.hpp>

#include <chrono>
#include <cstdlib>
#include <iostream>
#include <string>
#include <thread>

namespace {

void show(const char* text) {
    std::cout << text << '\n' << std::flush;
}

/// Stands for a library that draws QR codes.
void show_qr_code(const std::string& scene) {
    show(scene.empty() ? "No code." : "Scan the code.");
}

// [wait]
/// Asks once a second, for two minutes, until the phone has confirmed.
oauthapp::Result<oauthapp::Token> wait_for_the_phone(const oauthapp::Client& client, const oauthapp::SignInKey& key) {
    const auto end = std::chrono::steady_clock::now() + std::chrono::minutes(2);
    auto last = oauthapp::ErrorCode::qr_waiting;
    while (true) {
        auto token = client.try_qr_code_sign_in(key);
        // Retryable is what the phone takes its time for, and where the network fails for a moment.
        if (token || !token.error().retryable() || std::chrono::steady_clock::now() > end) {
            return token;
        }
        if (const auto code = token.error().code(); code != last) {
            last = code;
            show(code == oauthapp::ErrorCode::qr_scanned ? "Now confirm on the phone." : token.error().what());
        }
        std::this_thread::sleep_for(std::chrono::seconds(1));
    }
}
// [/wait]

}  // namespace

int main() {
    oauthapp::Config config;
    config.app_id = 2;
    if (const char* url = std::getenv("OAUTHAPP_URL")) {  // NOLINT(concurrency-mt-unsafe): nobody changes the environment.
        config.base_url = url;
    }
    try {
        const oauthapp::Client client(config);
        // [key]
        const oauthapp::SignInKey key = client.qr_code_pre_sign_in();
        show_qr_code("appId=2&signinKey=" + std::string(key.text().expose()));
        const oauthapp::Token token = wait_for_the_phone(client, key).value();
        // [/key]
        show(token.access_token.empty() ? "Not signed in." : "Signed in.");
        return EXIT_SUCCESS;
    } catch (const oauthapp::Error& error) {
        show(error.what());
        return EXIT_FAILURE;
    }
}

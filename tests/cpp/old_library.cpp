/* A program that was compiled with the header of a later version than the library that it runs with. */
#include "oauthapp.h"

// NOLINTBEGIN(cppcoreguidelines-macro-usage): as oauthapp.h has them.
#undef OAUTHAPP_VERSION
#undef OAUTHAPP_VERSION_NUMBER
#define OAUTHAPP_VERSION "99.0.0"
#define OAUTHAPP_VERSION_NUMBER 99000000
// NOLINTEND(cppcoreguidelines-macro-usage)

#include "check.hpp"

int main() {
    oauthapp::Config config;
    config.app_id = 2;
    const auto client = oauthapp::Client::create(config);
    CHECK_CODE(invalid_struct_size, client);
    const std::string message = client.error().what();
    CHECK(message.find("99.0.0") != std::string::npos);
    CHECK(message.find(oauthapp::version()) != std::string::npos);
    std::cout << "passed\n";
    return 0;
}

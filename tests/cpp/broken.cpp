/*
 * Does what no program may do, so that the tools that look for it can show that they find it.
 *
 * broken [FAULT]
 *
 * Without a fault, it is a program with nothing wrong.
 */
#include <thread>

#include "check.hpp"

namespace {

/// The memory is the library's, and read here.
void use_after_free() {
    auto json = oauthapp::Json::try_parse("[\"a text that is long enough\"]");
    auto part = json->try_get<oauthapp::Json>("/0");
    const std::string_view text = part->text();
    part = oauthapp::Json();
    CHECK(text.size() > 5 && text[1] == 'a');
}

void leak() {
    // Written where no register still holds the address afterwards.
    const oauthapp::Secret* volatile lost = new oauthapp::Secret("a text");
    CHECK(lost != nullptr);
    lost = nullptr;
}

/// Two threads write one text.
void race() {
    oauthapp::Secret secret;
    std::thread other([&secret] { secret = "one text"; });
    secret = "another text";
    other.join();
    CHECK(!secret.empty());
}

}  // namespace

int main(int argc, char** argv) {
    const std::string_view fault = argc > 1 ? *std::next(argv) : "";
    if (fault == "use after free") {
        use_after_free();
    } else if (fault == "leak") {
        leak();
    } else if (fault == "race") {
        race();
    }
    std::cout << "passed\n";
    return 0;
}

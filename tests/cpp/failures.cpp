/*
 * All ten calls, each against every failure that comes from outside.
 *
 * failures CASE…
 *
 * A case is a text of words: the name of the code that has to come, then name=value for the settings of the client, and
 * retryable=true, status=401, wait=7000 for what the error has to tell besides.
 */
#include <dlfcn.h>
#include <iterator>
#include <map>
#include <netdb.h>
#include <sstream>

#include "check.hpp"

using oauthapp::Client;
using oauthapp::Config;
using oauthapp::Error;
using oauthapp::ErrorCode;

/// Stands before the system's own, so that no name service is asked for the one name that has no address.
// NOLINTNEXTLINE(readability-inconsistent-declaration-parameter-name): the system's header has reserved names.
extern "C" int getaddrinfo(const char* name, const char* service, const addrinfo* hints, addrinfo** found) {
    if (name != nullptr && std::string_view(name) == "no-such-host.invalid") {
        return EAI_NONAME;
    }
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): what dlsym finds is of the type that the caller knows.
    static const auto system = reinterpret_cast<decltype(&getaddrinfo)>(dlsym(RTLD_NEXT, "getaddrinfo"));
    return system(name, service, hints, found);
}

namespace {

/// A text that is given to the program.
struct Case {
    std::string code;
    std::map<std::string, std::string> values;

    explicit Case(const std::string& text) {
        std::istringstream words(text);
        words >> code;
        code = "OAUTHAPP_ERROR_" + code;
        for (std::string word; words >> word;) {
            const auto separator = word.find('=');
            values[word.substr(0, separator)] = word.substr(separator + 1);
        }
    }

    [[nodiscard]] std::optional<std::string> value(const std::string& name) const {
        const auto found = values.find(name);
        return found == values.end() ? std::nullopt : std::optional(found->second);
    }

    [[nodiscard]] std::optional<std::int64_t> number(const std::string& name) const {
        const auto found = value(name);
        return found ? std::optional<std::int64_t>(std::stoll(*found)) : std::nullopt;
    }
};

Client client(const Case& with) {
    Config config;
    config.app_id = 2;
    config.base_url = with.value("base_url");
    config.proxy = with.value("proxy");
    config.pins = with.value("pins");
    config.trusted_roots_file = with.value("trusted_roots_file");
    config.client_certificate_file = with.value("client_file");
    config.client_key_file = with.value("client_file");
    if (const auto limit = with.number("max_response_bytes")) {
        config.max_response_bytes = static_cast<std::uint64_t>(*limit);
    }
    if (const auto timeout = with.number("timeout")) {
        config.timeout = std::chrono::milliseconds(*timeout);
    }
    // One attempt, and no sign-in after a sign-up: the server has one answer for each call.
    config.max_retries = 0;
    config.settle_sign_ups = false;
    auto client = Client::create(config);
    CHECK_CODE(ok, client);
    return *std::move(client);
}

/// Makes each of the ten calls, and gives what it failed with to a function.
template <class See>
void fail_ten_times(const Client& client, See see) {
    oauthapp::SignUpRequest sign_up;
    sign_up.user_name = "wwww";
    oauthapp::UnionIdSignUpRequest union_id_sign_up;
    union_id_sign_up.platform = "web";
    oauthapp::QrCodeSignUpRequest qr_code_sign_up;
    qr_code_sign_up.sign_in_key = "19";
    const auto call = [&see](const char* name, const auto& result) {
        CHECK(!result);
        see(name, result.error());
    };
    call("sign_in", client.try_sign_in("wwww", "123456"));
    call("sign_up", client.try_sign_up(sign_up));
    call("union_id_sign_in", client.try_union_id_sign_in("web", "6ad18bae"));
    call("union_id_sign_up", client.try_union_id_sign_up(union_id_sign_up));
    call("qr_code_pre_sign_in", client.try_qr_code_pre_sign_in());
    call("qr_code_sign_in", client.try_qr_code_sign_in("19"));
    call("qr_code_scan", client.try_qr_code_scan("19"));
    call("qr_code_sign_up", client.try_qr_code_sign_up(qr_code_sign_up));
    call("get_profile", client.try_get_profile("a.b.c"));
    call("update_profile", client.try_update_profile({}, "a.b.c"));
}

/// What a server finds wrong, with all that JSON can hold.
void check_fields(const Error& error) {
    const auto& fields = error.fields();
    CHECK(fields.size() == 4);
    CHECK(fields[0].field == "$.signInKey" && fields[0].messages.size() == 2);
    CHECK(fields[0].messages[0] == "The JSON value could not be converted." && fields[0].messages[1] == "Path: \"[1]\\");
    CHECK(fields[1].field == "empty" && fields[1].messages == std::vector<std::string>{""});
    CHECK(fields[2].field == "nul" && fields[2].messages == std::vector<std::string>{"\\u0000"});
    CHECK(fields[3].field == "密码\"" && fields[3].messages == std::vector<std::string>{"不能\n为空"});
}

void check_case(const Case& expected) {
    fail_ten_times(client(expected), [&expected](std::string_view name, const Error& error) {
        if (oauthapp::code_name(error.code()) != expected.code) {
            std::cerr << name << ": expected " << expected.code << ", got " << error.code() << ": " << error.what() << '\n';
            std::abort();
        }
        CHECK(!std::string_view(error.what()).empty());
        const auto status = expected.number("status");
        CHECK(error.http_status().has_value() == status.has_value() && error.http_status().value_or(0) == status.value_or(0));
        const auto wait = expected.number("wait");
        CHECK(error.retry_after().has_value() == wait.has_value());
        CHECK(!wait || error.retry_after()->count() == *wait);
        // A sign-up that may have arrived is not to be repeated.
        CHECK(name.find("sign_up") != std::string_view::npos || error.retryable() == (expected.value("retryable") == "true"));
        CHECK(error.server_message().has_value() == error.server_code().has_value());
        if (const auto said = expected.value("said")) {
            CHECK(error.server_message() == *said && error.server_code() == 500);
        }
        if (expected.value("fields")) {
            check_fields(error);
        } else {
            CHECK(error.fields().empty());
        }
        std::cout << "ok " << name << " gives " << error.code() << '\n';
    });
}

}  // namespace

int main(int argc, char** argv) {
    end_a_program_that_hangs();
    const std::vector<std::string> cases(std::next(argv), std::next(argv, argc));
    for (const std::string& text : cases) {
        check_case(Case(text));
    }
    std::cout << "passed\n";
    return 0;
}

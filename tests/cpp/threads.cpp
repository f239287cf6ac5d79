/*
 * One client in many threads, calls that other threads end, and a log that hears of all of it.
 *
 * threads BASE_URL SILENT_URL GATE_URL
 *
 * BASE_URL is that of an emulator. SILENT_URL is that of a server which takes connections and never answers, GATE_URL that of
 * one which answers when its driver is asked to.
 */
#include <atomic>
#include <condition_variable>
#include <mutex>
#include <stdexcept>
#include <thread>

#include "check.hpp"

using namespace std::chrono_literals;
using oauthapp::CallOptions;
using oauthapp::CancelToken;
using oauthapp::Client;
using oauthapp::Config;
using oauthapp::ErrorCode;
using oauthapp::LogLevel;

namespace {

/// With the longest deadline that there can be: a call that nothing else ends would hang.
Config patient(const std::string& base_url) {
    Config config;
    config.app_id = 2;
    config.base_url = base_url;
    config.timeout = 24h;
    return config;
}

Client client(const Config& config) {
    auto client = Client::create(config);
    CHECK(client);
    return *std::move(client);
}

// ---- Cancelling ----

void by_a_token(const Client& silent) {
    const CancelToken token;
    const CancelToken copy = token;  // NOLINT(performance-unnecessary-copy-initialization): this is what is tested.
    CHECK(!token.is_cancelled() && !token.error() && copy.native_handle() == token.native_handle());
    CallOptions options;
    options.cancel_token = token;
    std::thread other([copy] { copy.cancel(); });
    const auto ended = silent.try_sign_in("wwww", "123456", options);
    other.join();
    CHECK_CODE(cancelled, ended);
    CHECK(!ended.error().retryable() && token.is_cancelled());
    // It stays cancelled.
    CHECK_CODE(cancelled, silent.try_get_profile("a.b.c", options));
    // The options own it.
    options.cancel_token = CancelToken();
    options.cancel_token->cancel();
    CHECK_CODE(cancelled, silent.try_get_profile("a.b.c", options));
}

/// A call that waits for its answer is ended, and not one that has yet to begin.
void in_the_midst(const Client& gate) {
    const CancelToken token;
    std::thread other([&gate, token] {
        CallOptions options;
        options.cancel_token = token;
        CHECK_CODE(cancelled, gate.try_get_profile("a.b.c", options));
    });
    ask("wait for the request at the gate");
    token.cancel();
    other.join();
}

#ifdef __cpp_lib_jthread
void by_a_stop_token(const Client& silent) {
    CHECK((std::is_convertible_v<std::stop_token, CancelToken>));
    {
        // A thread that is asked to stop as it is destroyed.
        const std::jthread worker([&silent](const std::stop_token& stop) {
            CHECK_CODE(cancelled, silent.try_sign_in("wwww", "123456", {.cancel_token = stop}));
        });
    }
    // What has been stopped already: nothing is sent.
    const std::stop_source source;
    source.request_stop();
    CHECK(CancelToken(source.get_token()).is_cancelled());
    CHECK_CODE(cancelled, silent.try_sign_in("wwww", "123456", {.timeout = 1h, .cancel_token = source.get_token()}));
    // What can never be stopped, and what outlives the source.
    CHECK(!CancelToken(std::stop_token()).is_cancelled());
    std::optional<std::stop_source> gone(std::in_place);
    const CancelToken orphan = gone->get_token();
    gone.reset();
    CHECK(!orphan.is_cancelled());
    orphan.cancel();
    CHECK(orphan.is_cancelled());
    // A copy holds on to the link.
    const std::stop_source second;
    std::optional<CancelToken> first = CancelToken(second.get_token());
    const CancelToken copy = *first;
    first.reset();
    second.request_stop();
    CHECK(copy.is_cancelled());
}
#endif

// ---- Many threads ----

void many_users_of_one_client(const Client& client) {
    constexpr int users = 8;
    constexpr int rounds = 5;
    std::atomic<int> right{0};
    std::vector<std::thread> threads;
    threads.reserve(users);
    for (int number = 0; number < users; ++number) {
        threads.emplace_back([&client, &right, number] {
            oauthapp::SignUpRequest request;
            request.user_name = "user " + std::to_string(number);
            request.pwd = "the same for all of them";
            const auto token = client.try_sign_up(request);
            for (int round = 0; token && round < rounds; ++round) {
                const auto profile = client.try_get_profile(token->access_token);
                const auto refused = client.try_sign_in(*request.user_name, "not the password");
                if (profile && profile->user_name == request.user_name->view() && !refused &&
                    refused.error().code() == ErrorCode::wrong_password) {
                    ++right;
                }
            }
        });
    }
    for (std::thread& thread : threads) {
        thread.join();
    }
    CHECK(right == users * rounds);
}

// ---- The log ----

struct Lines {
    std::mutex lock;
    int warnings = 0;
    int successes = 0;
    bool well_formed = true;

    void add(LogLevel level, std::string_view target, std::string_view message) {
        const std::scoped_lock guard(lock);
        ++(level == LogLevel::warn ? warnings : successes);
        well_formed = well_formed && target == "oauthapp::transport" &&
                      message.substr(0, 29) == "POST /api/AppUsers/2/SignIn: " && message.find('\n') == std::string_view::npos &&
                      message.find("123456") == std::string_view::npos;
    }
};

void logging(const std::vector<std::string>& urls) {
    Lines lines;
    Config config = patient(urls.at(0));
    config.log = [&lines](LogLevel level, std::string_view target, std::string_view message) {
        lines.add(level, target, message);
    };
    // The client is moved; what it logs to stays where it is.
    Client first = client(config);
    const Client second = std::move(first);
    CHECK_CODE(no_such_user, second.try_sign_in("nobody", "123456"));
    CHECK(lines.warnings == 0 && lines.successes == 1 && lines.well_formed);
    config.base_url = urls.at(1);
    config.timeout = 50ms;
    CHECK_CODE(timeout, client(config).try_sign_in("nobody", "123456"));
    CHECK(lines.warnings == 1 && lines.successes == 1 && lines.well_formed);
}

#ifdef OAUTHAPP_HPP_EXCEPTIONS
/// An exception out of the log goes no further, and the call is none the worse for it.
void a_log_that_throws(const std::string& base_url) {
    int lines = 0;
    Config config = patient(base_url);
    config.log = [&lines](LogLevel /*level*/, std::string_view /*target*/, std::string_view /*message*/) {
        ++lines;
        throw std::runtime_error("the log is full");
    };
    const Client throwing = client(config);
    CHECK_CODE(no_such_user, throwing.try_sign_in("nobody", "123456"));
    CHECK_CODE(no_such_user, throwing.try_sign_in("nobody", "123456"));
    CHECK(lines == 2);
}
#endif

/// A call goes on to its end where its client is destroyed meanwhile, and its log goes on with it.
void a_call_outlives_its_client(const std::string& gate_url) {
    const auto lines = std::make_shared<std::atomic<int>>(0);
    Config config = patient(gate_url);
    config.log = [lines](LogLevel /*level*/, std::string_view /*target*/, std::string_view /*message*/) { ++*lines; };
    auto short_lived = std::make_unique<Client>(client(config));
    config.log = nullptr;
    std::thread other([&called = std::as_const(*short_lived)] {
        const auto profile = called.try_get_profile("a.b.c");
        CHECK_CODE(ok, profile);
        CHECK(profile->id == 1);
    });
    ask("wait for the request at the gate");
    short_lived.reset();
    CHECK(lines.use_count() == 2);  // This function's, and that of the call.
    ask("open the gate");
    other.join();
    CHECK(*lines == 1 && lines.use_count() == 1);
}

}  // namespace

int main(int argc, char** argv) {  // NOLINT(bugprone-exception-escape): an exception that nobody expects fails the test.
    end_a_program_that_hangs();
    CHECK(argc == 4);
    const std::vector<std::string> urls(std::next(argv), std::next(argv, argc));
    const Client silent = client(patient(urls.at(1)));
    by_a_token(silent);
    in_the_midst(client(patient(urls.at(2))));
#ifdef __cpp_lib_jthread
    by_a_stop_token(silent);
#endif
    many_users_of_one_client(client(patient(urls.at(0))));
    logging(urls);
#ifdef OAUTHAPP_HPP_EXCEPTIONS
    a_log_that_throws(urls.at(0));
#endif
    a_call_outlives_its_client(urls.at(2));
    std::cout << "passed\n";
    return 0;
}

/*
 * Signing in from a program with a window, without the window: an event loop on the main thread, the call on a thread of its
 * own, its result posted back to the loop, and the call cancelled when the window is closed.
 *
 * What the user does comes as lines on standard input: "sign in", "close". The settings are those of quickstart.cpp.
 */
#include <oauthapp.hpp>

#include <chrono>
#include <condition_variable>
#include <cstdlib>
#include <deque>
#include <functional>
#include <iostream>
#include <mutex>
#include <string>
#include <thread>

namespace {

/// What a toolkit has: events from any thread, handled one after the other on the thread that runs the loop.
class EventLoop {
public:
    void post(std::function<void()> event) {
        const std::scoped_lock guard(lock_);
        events_.push_back(std::move(event));
        changed_.notify_one();
    }

    void quit() { running_ = false; }

    void run() {
        while (running_) {
            std::unique_lock<std::mutex> guard(lock_);
            changed_.wait(guard, [this] { return !events_.empty(); });
            const std::function<void()> event = std::move(events_.front());
            events_.pop_front();
            guard.unlock();
            event();
        }
    }

private:
    std::mutex lock_;
    std::condition_variable changed_;
    std::deque<std::function<void()>> events_;
    bool running_ = true;  // Used on the loop's thread only.
};

/// The window. All of it runs on the loop's thread, but for the call.
class Window {
public:
    Window(EventLoop& loop, const oauthapp::Client& client, std::string user, oauthapp::Secret password)
        : loop_(loop), client_(client), user_(std::move(user)), password_(std::move(password)) {}

    Window(const Window&) = delete;
    Window& operator=(const Window&) = delete;

    /// The call ends at once, whatever it is waiting for; so the thread does, and nothing that it posts is handled any more.
    ~Window() {
        closed_.cancel();
        if (worker_.joinable()) {
            worker_.join();
        }
    }

    void sign_in_pressed() {
        if (worker_.joinable()) {
            return;  // The button is disabled while a call is under way.
        }
        show("signing in …");
        worker_ = std::thread([this] {
            oauthapp::CallOptions options;
            options.cancel_token = closed_;
            options.timeout = std::chrono::hours(1);  // Whoever is tired of waiting closes the window.
            auto result = client_.try_sign_in(user_, password_, options);
            loop_.post([this, result = std::move(result)] { signed_in(result); });
        });
    }

private:
    void signed_in(const oauthapp::Result<oauthapp::Token>& result) {
        worker_.join();
        show(result ? "signed in" : result.error().what());
    }

    static void show(const char* text) { std::cout << text << '\n' << std::flush; }

    EventLoop& loop_;
    const oauthapp::Client& client_;
    std::string user_;
    oauthapp::Secret password_;
    oauthapp::CancelToken closed_;
    std::thread worker_;
};

std::string setting(const char* name, const char* otherwise) {
    const char* value = std::getenv(name);  // NOLINT(concurrency-mt-unsafe): nobody changes the environment.
    return value != nullptr ? value : otherwise;
}

/// The user's mouse.
void read_input(EventLoop& loop, Window& window) {
    for (std::string line; std::getline(std::cin, line) && line != "close";) {
        if (line == "sign in") {
            loop.post([&window] { window.sign_in_pressed(); });
        }
    }
    loop.post([&loop] { loop.quit(); });
}

}  // namespace

int main() {
    try {
        oauthapp::Config config;
        config.base_url = setting("OAUTHAPP_URL", "http://127.0.0.1:8742");
        config.app_id = std::stoll(setting("OAUTHAPP_APP_ID", "2"));
        const oauthapp::Client client(config);

        EventLoop loop;
        {
            Window window(loop, client, setting("OAUTHAPP_USER", "quickstart"),
                          setting("OAUTHAPP_PASSWORD", "a password nobody else has"));
            std::thread input([&loop, &window] { read_input(loop, window); });
            loop.run();
            input.join();
        }
        std::cout << "closed\n";
        return EXIT_SUCCESS;
    } catch (const std::exception& error) {
        std::cerr << error.what() << '\n';
        return EXIT_FAILURE;
    }
}

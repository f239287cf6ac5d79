/*
 * There is no memory for what is large: a text of the program's, an answer, or what is read out of one.
 *
 * memory BASE_URL
 */
#include <atomic>
#include <limits>
#include <new>
#include <vector>

#include "check.hpp"

using oauthapp::Client;
using oauthapp::Config;
using oauthapp::Json;
using oauthapp::Secret;

namespace {

/// Blocks of this size and above can't be had.
// NOLINTNEXTLINE(cppcoreguidelines-avoid-non-const-global-variables): libc's functions have no other place to look.
std::atomic<std::size_t> too_large = std::numeric_limits<std::size_t>::max();

/// How many of them are to be had before the one that is not; or that all are missing, or no more of them.
constexpr long all = -1;
constexpr long no_more = -2;
// NOLINTNEXTLINE(cppcoreguidelines-avoid-non-const-global-variables): the same.
std::atomic<long> before_the_missing = all;

bool is_missing(std::size_t size) noexcept {
    const long before = before_the_missing;
    if (size < too_large || before == no_more) {
        return false;
    }
    if (before != all) {
        before_the_missing = before == 0 ? no_more : before - 1;
    }
    return before == all || before == 0;
}

/// As long as one lives, one large block is missing, and those after it are not.
class MissingBlock {
public:
    explicit MissingBlock(long number) noexcept {
        before_the_missing = number;
        too_large = std::size_t{64} * 1024;
    }
    MissingBlock(const MissingBlock&) = delete;
    MissingBlock& operator=(const MissingBlock&) = delete;
    ~MissingBlock() {
        too_large = std::numeric_limits<std::size_t>::max();
        before_the_missing = all;
    }

    /// Whether the missing block was asked for.
    static bool was_wanted() noexcept { return before_the_missing == no_more; }
};

/// As long as one lives, the texts of this test can't be copied.
class LittleMemory {
public:
    LittleMemory() noexcept { too_large = std::size_t{64} * 1024; }
    LittleMemory(const LittleMemory&) = delete;
    LittleMemory& operator=(const LittleMemory&) = delete;
    ~LittleMemory() { too_large = std::numeric_limits<std::size_t>::max(); }
};

}  // namespace

// In place of libc's own, for the whole program and the library in it.
// NOLINTBEGIN: glibc's names for them are reserved, and this is where memory begins.
extern "C" {
void* __libc_malloc(std::size_t size);
void* __libc_calloc(std::size_t count, std::size_t size);
void* __libc_realloc(void* block, std::size_t size);

void* malloc(std::size_t size) noexcept {
    return is_missing(size) ? nullptr : __libc_malloc(size);
}

void* calloc(std::size_t count, std::size_t size) noexcept {
    return is_missing(count * size) ? nullptr : __libc_calloc(count, size);
}

void* realloc(void* block, std::size_t size) noexcept {
    return is_missing(size) ? nullptr : __libc_realloc(block, size);
}
}
// NOLINTEND

namespace {

std::string large() {
    return std::string(std::size_t{128} * 1024, 'a');  // NOLINT(modernize-return-braced-init-list): not two characters.
}

void texts(const Client& client) {
    const std::optional<Secret> secret = large();
    oauthapp::SignUpRequest request;
    request.user_name = "wwww";
    request.pwd = "123456";
    request.data = large();
    const Secret claims = "h." + large() + ".s";
    Config config;
    config.app_id = 2;
    config.trusted_roots_pem = large();

    const LittleMemory little;
    const auto signed_in = client.try_sign_in("wwww", *secret);
    CHECK_CODE(out_of_memory, signed_in);
    CHECK(!signed_in.error().retryable() && !signed_in.error().http_status());
    CHECK_CODE(out_of_memory, client.try_sign_up(request));
    // For which no memory is needed.
    CHECK_CODE(invalid_argument, client.try_get_profile(secret));
    CHECK_CODE(invalid_certificate, Client::create(config));
    CHECK_CODE(out_of_memory, oauthapp::Claims::try_read(claims));
}

void answers(const Client& client) {
    oauthapp::SignUpRequest request;
    request.user_name = "wwww";
    request.pwd = "123456";
    request.data = large();
    const auto token = client.try_sign_up(request);
    CHECK_CODE(ok, token);
    const auto get_profile = [&client, &token] { return client.try_get_profile(token->access_token); };
    {
        const LittleMemory little;
        CHECK_CODE(out_of_memory, get_profile());
    }
    const auto profile = get_profile();
    CHECK_CODE(ok, profile);
    CHECK(profile->data == large());

    const LittleMemory little;
    CHECK_CODE(out_of_memory, profile->json.try_get<Secret>("/data"));
    CHECK_CODE(out_of_memory, profile->json.try_get<Json>());
}

/// A switch that can't be made is no reason to make a call that nobody can cancel.
void switches(const Client& client) {
    // So many that the library's table of them is one of the large blocks.
    std::vector<oauthapp::CancelToken> tokens;
    tokens.reserve(10'000);
    const LittleMemory little;
    while (tokens.size() < tokens.capacity() && (tokens.empty() || !tokens.back().error())) {
        tokens.emplace_back();
    }
    const oauthapp::CancelToken& none = tokens.back();
    CHECK(none.error() && none.error()->code() == oauthapp::ErrorCode::out_of_memory);
    CHECK(none.native_handle() == nullptr && !none.is_cancelled());
    oauthapp::CallOptions options;
    options.cancel_token = none;
    CHECK_CODE(out_of_memory, client.try_sign_in("wwww", "123456", options));
}

#ifdef OAUTHAPP_HPP_EXCEPTIONS
/// Whichever block is missing, an answer is whole or an error.
void parts_of_answers(const Client& client) {
    const auto token = client.try_sign_in("wwww", "123456");
    CHECK_CODE(ok, token);
    long number = 0;
    for (bool was_wanted = true; was_wanted; ++number) {
        const MissingBlock missing(number);
        try {
            const auto profile = client.try_get_profile(token->access_token);
            was_wanted = MissingBlock::was_wanted();
            // Nothing is made of the profile where nothing can be copied.
            const bool is_whole = profile && profile->data && profile->data->size() == std::size_t{128} * 1024;
            CHECK(was_wanted ? !profile && profile.error().code() == oauthapp::ErrorCode::out_of_memory : is_whole);
        } catch (const std::bad_alloc&) {
            CHECK(MissingBlock::was_wanted());
        }
    }
    CHECK(number > 5);
}

/// Where it is this header that can't have a copy.
void copies(const Client& client) {
    const std::string text = large();
    const LittleMemory little;
    bool thrown = false;
    try {
        static_cast<void>(client.try_sign_in("wwww", text));
    } catch (const std::bad_alloc&) {
        thrown = true;
    }
    CHECK(thrown);
}
#endif

}  // namespace

int main(int argc, char** argv) {
    end_a_program_that_hangs();
    CHECK(argc == 2);
    Config config;
    config.app_id = 2;
    config.base_url = *std::next(argv);
    const auto client = Client::create(config);
    CHECK_CODE(ok, client);
    texts(*client);
    answers(*client);
    switches(*client);
#ifdef OAUTHAPP_HPP_EXCEPTIONS
    parts_of_answers(*client);
    copies(*client);
#endif
    CHECK_CODE(ok, client->try_sign_in("wwww", "123456"));
    std::cout << "passed\n";
    return 0;
}

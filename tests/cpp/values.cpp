/*
 * The types: texts and secrets, durations, results, errors, JSON, and what is refused before anything is sent.
 *
 * values BASE_URL
 *
 * BASE_URL is that of a server which refuses a password and a union id with HTTP 400, and repeats them.
 */
#include <cmath>
#include <cstring>
#include <malloc.h>
#include <new>
#include <sstream>

#include "check.hpp"

using namespace std::chrono_literals;
using namespace std::string_literals;
using namespace std::string_view_literals;
using oauthapp::Client;
using oauthapp::Config;
using oauthapp::Error;
using oauthapp::ErrorCode;
using oauthapp::Json;
using oauthapp::JsonType;
using oauthapp::Result;
using oauthapp::Secret;
using oauthapp::SignInKey;
using oauthapp::Text;
using oauthapp::Timeout;

namespace {

constexpr const char* marker = "a secret that must be gone when its memory is";
/// So short that a std::string keeps it inside of itself.
constexpr const char* short_marker = "Zebra-Quilt-91";
// NOLINTBEGIN(cppcoreguidelines-avoid-non-const-global-variables): new and delete have no other place to count.
int blocks_with_the_marker = 0;
#ifdef OAUTHAPP_HPP_EXCEPTIONS
/// How many blocks are to be had before one is missing; less than 0 if none is.
int blocks_before_the_missing = -1;
#endif
// NOLINTEND(cppcoreguidelines-avoid-non-const-global-variables)

/// Looks into every block of memory that this program gives back.
void give_back(void* block) noexcept {
    if (block != nullptr) {
        const std::string_view bytes(static_cast<const char*>(block), malloc_usable_size(block));
        const auto has = [bytes](std::string_view text) {
            // A std::string that was moved from is without its first character, and still has the others.
            return bytes.find(text.substr(1)) != std::string_view::npos;
        };
        blocks_with_the_marker += has(marker) || has(short_marker) ? 1 : 0;
        // NOLINTNEXTLINE(cppcoreguidelines-no-malloc,cppcoreguidelines-owning-memory): this is where delete ends.
        std::free(block);
    }
}

}  // namespace

void* operator new(std::size_t size) {
#ifdef OAUTHAPP_HPP_EXCEPTIONS
    const int before = blocks_before_the_missing;
    blocks_before_the_missing = before < 0 ? before : before - 1;
    if (before == 0) {
        throw std::bad_alloc();
    }
#endif
    // NOLINTNEXTLINE(cppcoreguidelines-no-malloc,cppcoreguidelines-owning-memory): this is where new begins.
    void* block = std::malloc(size);
    if (block == nullptr) {
        std::abort();
    }
    return block;
}

void operator delete(void* block) noexcept {
    give_back(block);
}

void operator delete(void* block, std::size_t /*size*/) noexcept {
    give_back(block);
}

namespace {

// ---- What a type may and may not ----

static_assert(std::is_nothrow_copy_constructible_v<Error> && std::is_nothrow_copy_assignable_v<Error>);
static_assert(std::is_base_of_v<std::exception, Error>);
static_assert(!std::is_copy_constructible_v<Client> && !std::is_copy_assignable_v<Client>);
static_assert(std::is_nothrow_move_constructible_v<Client> && std::is_nothrow_move_assignable_v<Client>);
static_assert(std::is_nothrow_move_constructible_v<Secret> && std::is_nothrow_move_assignable_v<Secret>);
static_assert(std::is_aggregate_v<Config> && std::is_aggregate_v<oauthapp::SignUpRequest>);
static_assert(std::is_aggregate_v<oauthapp::CallOptions> && std::is_aggregate_v<oauthapp::Profile>);
// What is text goes in; what leads nowhere does not compile. A secret becomes a text by expose() alone.
static_assert(std::is_convertible_v<const char*, Text> && std::is_convertible_v<std::string_view, Text>);
static_assert(std::is_convertible_v<std::string, Secret> && std::is_convertible_v<decltype("ab"), Secret>);
static_assert(!std::is_convertible_v<std::nullptr_t, Text> && !std::is_convertible_v<std::nullptr_t, Secret>);
static_assert(!std::is_convertible_v<int, Text> && !std::is_convertible_v<Secret, Text>);
static_assert(!std::is_convertible_v<Secret, std::string> && !std::is_convertible_v<Secret, std::string_view>);

// ---- Durations: rounded up, and never wrapped ----

constexpr std::uint32_t most = std::numeric_limits<std::uint32_t>::max();
static_assert(Timeout(50ms).milliseconds() == 50 && Timeout(2s).milliseconds() == 2000);
static_assert(Timeout(1ns).milliseconds() == 1 && Timeout(1001us).milliseconds() == 2);
static_assert(Timeout(1.5s).milliseconds() == 1500 && Timeout(24h).milliseconds() == 86'400'000);
static_assert(Timeout(0ms).milliseconds() == 0 && Timeout(-1s).milliseconds() == 0);
static_assert(Timeout(std::chrono::milliseconds::min()).milliseconds() == 0);
static_assert(Timeout(std::chrono::milliseconds(most)).milliseconds() == most);
static_assert(Timeout(std::chrono::milliseconds(std::int64_t{1} << 32)).milliseconds() == most);
static_assert(Timeout(std::chrono::hours::max()).milliseconds() == most);
static_assert(Timeout(std::chrono::duration<double, std::ratio<86'400>>(1e300)).milliseconds() == most);

void durations_that_are_none() {
    CHECK(Timeout(std::chrono::duration<double>(std::nan(""))).milliseconds() == 0);
    CHECK(Timeout(std::chrono::duration<double>(-HUGE_VAL)).milliseconds() == 0);
    CHECK(Timeout(std::chrono::duration<float>(std::numeric_limits<float>::infinity())).milliseconds() == most);
}

// ---- Secrets ----

template <class T>
std::string printed(const T& value) {
    std::ostringstream out;
    out << value;
    return out.str();
}

void secrets() {
    Secret secret = "password";
    CHECK(secret.expose() == "password" && !secret.empty() && Secret().empty() && Secret().expose().empty());
    // NOLINTNEXTLINE(bugprone-suspicious-stringview-data-usage): that it ends there is what is tested.
    CHECK(*std::next(secret.expose().data(), 8) == '\0' && *Secret().expose().data() == '\0');
    CHECK(printed(secret) == "<REDACTED>" && printed(SignInKey("19")) == "<REDACTED>" && printed(Json()) == "<REDACTED>");
    const Secret copy = secret;
    CHECK(copy == secret && copy != Secret("Password") && copy.expose().data() != secret.expose().data());
    const char* where = secret.expose().data();
    Secret moved = std::move(secret);
    CHECK(moved == copy && moved.expose().data() == where);
    moved = copy;
    Secret& same = moved;
    moved = same;
    CHECK(moved == copy);
    moved = std::move(same);
    CHECK(moved == copy);
    // What it held does not go on living in what it was given.
    Secret other = "another";
    moved = std::move(other);
    CHECK(moved == Secret("another"));
    CHECK(other.empty());  // NOLINT(bugprone-use-after-move,clang-analyzer-cplusplus.Move): this is what is tested.
    moved = Secret();
    CHECK(moved.empty());
    CHECK(Secret("a\0b"sv).expose().size() == 3);
    // The C string that it is.
    CHECK(Secret("a\0b") == Secret("a"));  // NOLINT(bugprone-string-literal-with-embedded-nul): this is what is tested.
}

/// Every copy that a call makes of a password is wiped.
void secrets_are_wiped(const Client& client) {
    {
        Secret secret = marker;
        Secret copy = secret;
        const Secret moved = std::move(secret);
        copy = moved;
        copy = "short";
        copy = Secret(marker);
        const SignInKey key = marker;
        CHECK(key.text().expose() == marker);
        oauthapp::SignUpRequest request;
        request.user_name = "user";
        request.pwd = marker;
        CHECK_CODE(connect, client.try_sign_up(request));
        CHECK_CODE(connect, client.try_sign_in("user", marker));
        CHECK_CODE(connect, client.try_union_id_sign_in("web", std::string_view(marker)));
        CHECK_CODE(invalid_argument, client.try_get_profile(marker));
        CHECK_CODE(json_syntax, Json::try_parse(marker));
        const auto json = Json::try_parse('"' + std::string(marker) + '"');
        CHECK_CODE(ok, json);
        CHECK_CODE(ok, json->try_get<Secret>());
    }
    // Those of std::string: the one above, and the text that it was put together from.
    CHECK(blocks_with_the_marker <= 2);
    const int before = blocks_with_the_marker;
    { const std::string not_a_secret = marker; }  // NOLINT(bugprone-unused-local-non-trivial-variable)
    CHECK(blocks_with_the_marker == before + 1);
}

/// So is every copy in what a server says of the fields of a request, also where there is no memory for all of them.
void messages_are_wiped(const char* base_url) {
    Config config;
    config.app_id = 2;
    config.base_url = base_url;
    const auto client = Client::create(config);
    CHECK_CODE(ok, client);
    oauthapp::UnionIdSignUpRequest request;
    request.union_id = short_marker;
    request.pwd = marker;
    const int before = blocks_with_the_marker;
    {
        const auto refused = client->try_union_id_sign_up(request);
        CHECK_CODE(bad_request, refused);
        const auto& fields = refused.error().fields();
        CHECK(fields.size() == 2 && fields[0].field == short_marker && fields[1].field == "pwd");
        CHECK(fields[1].messages.size() == 3 && fields[1].messages[0] == short_marker && fields[1].messages[1] == marker);
    }
    CHECK(blocks_with_the_marker == before);
#ifdef OAUTHAPP_HPP_EXCEPTIONS
    int missing = 0;
    for (bool had_all = false; !had_all; ++missing) {
        blocks_before_the_missing = missing;
        try {
            had_all = client->try_union_id_sign_up(request).error().code() == ErrorCode::bad_request;
        } catch (const std::bad_alloc&) {  // NOLINT(bugprone-empty-catch): one of them is expected for each block.
        }
        blocks_before_the_missing = -1;
    }
    CHECK(missing > 5 && blocks_with_the_marker == before);
#endif
}

// ---- Results ----

Result<int> half(int number) {
    return number % 2 == 0 ? Result<int>(number / 2) : Error(ErrorCode::json_range, "odd");
}

void results() {
    Result<int> four = 4;
    CHECK(four && four.has_value() && *four == 4 && four.value_or(7) == 4);
    *four = 8;
    CHECK(four.and_then(half).and_then(half).value_or(0) == 2);
    CHECK(four.transform([](int number) { return std::to_string(number); }).value_or("") == "8");
    CHECK_CODE(json_range, Result<int>(6).and_then(half).and_then(half));
    CHECK(half(3).or_else([](const Error& error) { return Result<int>(error.what() == "odd"s ? 1 : 0); }).value_or(9) == 1);
    CHECK(half(3).value_or(5) == 5);
    CHECK(half(4).or_else([](const Error& error) { return Result<int>(error); }).value_or(0) == 2);

    int seen = 0;
    CHECK_CODE(ok, four.transform([&seen](int number) { seen = number; }));
    CHECK(seen == 8);

    // What can only be moved.
    auto text = Result<std::unique_ptr<std::string>>(std::make_unique<std::string>("moved"));
    CHECK(text->get()->size() == 5);
    auto inside = std::move(text).transform([](std::unique_ptr<std::string> held) { return *held; });
    CHECK(inside && inside->size() == 5);

    const Result<void> success;
    const Result<void> failure = Error(ErrorCode::server, "no");
    CHECK(success && !failure && failure.error().code() == ErrorCode::server);
    CHECK(success.and_then([] { return Result<int>(1); }).value_or(0) == 1);
    CHECK(success.transform([] { return 2; }).value_or(0) == 2);
    CHECK_CODE(server, failure.and_then([] { return Result<int>(1); }));
    CHECK_CODE(server, failure.transform([] {}));
    CHECK_CODE(ok, failure.or_else([](const Error&) { return Result<void>(); }));

#ifdef OAUTHAPP_HPP_EXCEPTIONS
    CHECK(four.value() == 8 && std::as_const(four).value() == 8 && half(2).value() == 1);
    success.value();
    bool thrown = false;
    try {
        failure.value();
    } catch (const Error& error) {
        thrown = error.code() == ErrorCode::server;
    }
    CHECK(thrown);
#endif
}

// ---- Errors ----

void errors() {
    const Error error(ErrorCode::wrong_password, "no");
    const Error copy = error;  // NOLINT(performance-unnecessary-copy-initialization): this is what is tested.
    CHECK(copy.code() == ErrorCode::wrong_password && copy.what() == "no"s);
    CHECK(!copy.http_status() && !copy.server_code() && !copy.server_message() && !copy.retry_after());
    CHECK(copy.fields().empty() && !copy.retryable());
    CHECK(printed(copy.code()) == "OAUTHAPP_ERROR_WRONG_PASSWORD");
    CHECK(oauthapp::code_name(static_cast<ErrorCode>(77)) == "OAUTHAPP_ERROR_UNKNOWN");
    // Where there was not even memory for the error object.
    const Error bare = Error::adopt(OAUTHAPP_ERROR_INTERNAL, nullptr);
    CHECK(bare.code() == ErrorCode::internal && bare.what() == "OAUTHAPP_ERROR_INTERNAL"s);
    // What is adopted is freed, and everything that it says has been copied.
    oauthapp_error* given = nullptr;
    bool truth = false;
    const oauthapp_code code = oauthapp_json_get_bool("1", "", &truth, &given);
    const Error adopted = Error::adopt(code, given);
    CHECK(adopted.code() == ErrorCode::json_type && adopted.what() != ""s);
    CHECK(oauthapp_error_code(given) == OAUTHAPP_ERROR_INVALID_HANDLE);
    CHECK(oauthapp::version() == OAUTHAPP_VERSION && oauthapp::version_number() == OAUTHAPP_VERSION_NUMBER);
}

// ---- Tokens ----

void claims_of_a_token() {
    // Each has its own name as its value; nbf, exp and iat are 1, 2 and 3.
    const auto claims = oauthapp::Claims::try_read(
        "h."
        "eyJqdGkiOiJqdGkiLCJ0ZW5hbnRfaWQiOiJ0ZW5hbnRfaWQiLCJ0ZW5hbnRfbmFtZSI6InRlbmFudF9uYW1lIiwiYXBwaWQiOiJhcHBpZCIsIm"
        "5hbWVpZCI6Im5hbWVpZCIsInVuaXF1ZV9uYW1lIjoidW5pcXVlX25hbWUiLCJyb2xlIjoicm9sZSIsInBpY3R1cmUiOiJwaWN0dXJlIiwiZW1h"
        "aWwiOiJlbWFpbCIsIm1vYmlsZSI6Im1vYmlsZSIsInVuaW9uaWQiOiJ1bmlvbmlkIiwicGxhdGZvcm0iOiJwbGF0Zm9ybSIsImdyYW50X3R5cG"
        "UiOiJncmFudF90eXBlIiwiZ2l2ZW5fbmFtZSI6ImdpdmVuX25hbWUiLCJncm91cHNpZCI6Imdyb3Vwc2lkIiwicGVybWlzc2lvbiI6InBlcm1p"
        "c3Npb24iLCJuYmYiOjEsImV4cCI6MiwiaWF0IjozLCJpc3MiOiJpc3MiLCJhdWQiOiJhdWQifQ"
        ".s");
    CHECK_CODE(ok, claims);
    CHECK(claims->nbf == 1 && claims->exp == 2 && claims->iat == 3);
    CHECK(claims->jti == "jti" && claims->tenant_id == "tenant_id" && claims->tenant_name == "tenant_name");
    CHECK(claims->appid == "appid" && claims->nameid == "nameid" && claims->unique_name == Secret("unique_name"));
    CHECK(claims->role == "role" && claims->picture == "picture" && claims->email == "email");
    CHECK(claims->mobile == "mobile" && claims->unionid == Secret("unionid") && claims->platform == "platform");
    CHECK(claims->grant_type == "grant_type" && claims->given_name == "given_name" && claims->groupsid == "groupsid");
    CHECK(claims->permission == "permission" && claims->iss == "iss" && claims->aud == "aud");
}

// ---- JSON ----

void json() {
    const auto parsed = Json::try_parse(
        R"({"s":"自定义\u0041","n":9007199254740993,"f":1.5,"big":1e400,"b":true,"z":null,"half":"\ud800","nul":"\u0000",
            "a":[1,"two"],"300":300})");
    CHECK_CODE(ok, parsed);
    const Json& json = *parsed;
    CHECK(json.try_get<std::string>("/s").value_or("") == "自定义A");
    CHECK(json.try_get<Secret>("/s").value_or("") == Secret("自定义A"));
    CHECK(json.try_get<std::int64_t>("/n").value_or(0) == 9'007'199'254'740'993);
    CHECK(json.try_get<std::uint64_t>("/n").value_or(0) == 9'007'199'254'740'993);
    CHECK(json.try_get<double>("/f").value_or(0) == 1.5);
    CHECK(json.try_get<bool>("/b").value_or(false));
    CHECK(json.try_get<std::string>("/a/1").value_or("") == "two");
    CHECK(json.try_get<Json>("/a").transform([](const Json& part) { return part.text() == R"([1,"two"])"; }).value_or(false));
    CHECK(json.try_get<int>("/300").value_or(0) == 300);
    CHECK_CODE(json_range, json.try_get<std::int8_t>("/300"));
    CHECK_CODE(json_range, json.try_get<std::uint8_t>("/300"));
    CHECK_CODE(json_range, json.try_get<int>("/n"));
    CHECK_CODE(json_range, json.try_get<int>("/f"));
    CHECK_CODE(json_range, json.try_get<double>("/big"));
    CHECK_CODE(json_range, json.try_get<std::string>("/half"));
    CHECK_CODE(json_range, json.try_get<std::string>("/nul"));
    CHECK_CODE(json_range, Json::try_parse("-1")->try_get<unsigned>());

    // Beyond the signed type.
    const auto as_unsigned = [](const char* number) { return Json::try_parse(number)->try_get<std::uint64_t>(); };
    CHECK(as_unsigned("9223372036854775808").value_or(0) == 9'223'372'036'854'775'808U);
    CHECK(as_unsigned(" 18446744073709551615\n").value_or(0) == std::numeric_limits<std::uint64_t>::max());
    CHECK(json.try_get<std::optional<std::uint64_t>>("/z").value_or(1) == std::nullopt);
    CHECK(!json.try_get<std::optional<Json>>("/z").value_or(json).has_value());
    CHECK(!json.try_get<std::optional<Json>>("/?").value_or(json).has_value());
    CHECK(json.try_get<std::optional<Json>>("/n").value_or(std::nullopt).has_value());
    for (const char* number : {"18446744073709551616", "-1", "-9223372036854775809", "1.5", "9223372036854775808.0", "1e19"}) {
        CHECK_CODE(json_range, as_unsigned(number));
    }
    CHECK_CODE(json_type, as_unsigned("\"9223372036854775808\""));
    CHECK_CODE(json_range, Json::try_parse("9223372036854775808")->try_get<std::int64_t>());
    CHECK_CODE(json_type, json.try_get<std::string>("/n"));
    CHECK_CODE(json_null, json.try_get<std::string>("/z"));
    CHECK_CODE(json_not_found, json.try_get<Json>("/?"));
    CHECK_CODE(json_pointer_syntax, json.try_get<Json>("s"));
    CHECK_CODE(invalid_argument, json.try_get<Json>("/s\0"sv));
    CHECK_CODE(invalid_utf8, json.try_get<Json>("/\xff"));

    // What need not be there.
    using Maybe = std::optional<std::string>;
    CHECK(json.try_get<Maybe>("/s").value_or("") == "自定义A");
    CHECK(json.try_get<Maybe>("/z").value_or("") == std::nullopt);
    CHECK(json.try_get<Maybe>("/?").value_or("") == std::nullopt);
    CHECK_CODE(json_type, json.try_get<Maybe>("/n"));

    CHECK(json.try_type().value_or(JsonType::null) == JsonType::object);
    CHECK(json.try_type("/z").value_or(JsonType::object) == JsonType::null);
    CHECK(json.try_type("/b").value_or(JsonType::null) == JsonType::boolean);
    CHECK(json.try_type("/f").value_or(JsonType::null) == JsonType::number);
    CHECK(json.try_type("/s").value_or(JsonType::null) == JsonType::string);
    CHECK(json.try_type("/a").value_or(JsonType::null) == JsonType::array);
    CHECK_CODE(json_not_found, json.try_type("/?"));

    CHECK_CODE(json_syntax, Json::try_parse("{"));
    CHECK_CODE(json_syntax, Json::try_parse(""));
    CHECK_CODE(invalid_argument, Json::try_parse("1\0"sv));
    CHECK_CODE(invalid_utf8, Json::try_parse("\"\xff\""));
    CHECK(Json().text() == "null" && Json().try_type().value_or(JsonType::object) == JsonType::null);

    // Copies share one text; one that was moved from is null.
    Json first = json;
    const Json second = std::move(first);
    CHECK(second.text().data() == json.text().data());
    CHECK(first.text() == "null");  // NOLINT(bugprone-use-after-move,clang-analyzer-cplusplus.Move): this is what is tested.
}

void keys_and_tokens() {
    CHECK(SignInKey("19").text() == Secret("19") && SignInKey("\"3f\"").text() == Secret("3f"));
    CHECK(SignInKey("\"a\\\"b\"").text() == Secret("a\"b") && SignInKey("\"").text() == Secret("\""));
    CHECK(SignInKey("19") == SignInKey(Secret("19")) && SignInKey("19") != SignInKey("20"));
    CHECK_CODE(invalid_token, oauthapp::Claims::try_read("a.b"));
    CHECK_CODE(invalid_token, oauthapp::Token().try_claims());
    CHECK_CODE(invalid_argument, oauthapp::Claims::try_read("a.b\0.c"sv));
    CHECK_CODE(invalid_utf8, oauthapp::Claims::try_read("\xff"));

    // {"exp":1677135719}, and claims that are nothing to go by: {"exp":-5}, {"exp":null}, {}.
    using Time = oauthapp::Token::Time;
    const auto expires_at = [](std::string_view claims, std::optional<std::int64_t> expires_in) {
        oauthapp::Token token;
        token.access_token = "h." + std::string(claims) + ".s";
        token.expires_in = expires_in;
        return token.expires_at(std::chrono::system_clock::from_time_t(1'677'050'000));
    };
    CHECK(expires_at("eyJleHAiOjE2NzcxMzU3MTl9", 1'677'049'319) == Time(1'677'135'719s));
    // Later than the clock can tell, with room to add to it.
    const Time never = expires_at("eyJleHAiOjkyMjMzNzIwMzY4NTQ3NzU4MDd9", 60).value_or(Time());
    CHECK(never > std::chrono::system_clock::now() && never + 1min > std::chrono::system_clock::now());
    CHECK(expires_at("eyJleHAiOi01fQ", 60) == Time(1'677'050'060s));
    CHECK(expires_at("eyJleHAiOm51bGx9", 86'400) == Time(1'677'136'400s));
    CHECK(expires_at("e30", 1'646'000'000) == std::nullopt);
    CHECK(expires_at("e30", 0) == std::nullopt && expires_at("e30", -1) == std::nullopt);
    CHECK(expires_at("e30", std::nullopt) == std::nullopt && expires_at("?", 60) == Time(1'677'050'060s));
}

// ---- What is refused before anything is sent ----

/// Puts a text that is none into each of these fields in turn.
template <class Request, class Field, class Call>
void refuse_each(const Call& call, std::initializer_list<std::pair<std::optional<Field> Request::*, const char*>> fields) {
    for (const auto& [field, name] : fields) {
        Request request;
        request.*field = "cut\0 short"sv;
        const auto with_nul = call(request);
        CHECK_CODE(invalid_argument, with_nul);
        CHECK(std::string(with_nul.error().what()).find(name) != std::string::npos);
        request.*field = static_cast<const char*>(nullptr);
        CHECK_CODE(invalid_argument, call(request));
        request.*field = "\xff";
        const auto not_utf8 = call(request);
        CHECK_CODE(invalid_utf8, not_utf8);
        CHECK(std::string(not_utf8.error().what()).find(name) != std::string::npos);
    }
}

void texts_that_are_none(const Client& client) {
    using oauthapp::QrCodePreSignInRequest;
    using oauthapp::QrCodeSignUpRequest;
    using oauthapp::SignUpRequest;
    using oauthapp::UnionIdSignUpRequest;
    using oauthapp::UpdateProfileRequest;
    const auto nul = "a\0b"sv;

    CHECK_CODE(invalid_argument, client.try_sign_in(nul, "b"));
    CHECK_CODE(invalid_argument, client.try_sign_in("a", nul));
    CHECK_CODE(invalid_argument, client.try_sign_in(static_cast<const char*>(nullptr), "b"));
    CHECK_CODE(invalid_utf8, client.try_sign_in("a", "\xff"));
    CHECK_CODE(invalid_argument, client.try_union_id_sign_in(nul, "b"));
    CHECK_CODE(invalid_argument, client.try_union_id_sign_in("a", nul));
    CHECK_CODE(invalid_argument, client.try_qr_code_sign_in(nul));
    CHECK_CODE(invalid_argument, client.try_qr_code_scan(nul));
    CHECK_CODE(invalid_argument, client.try_get_profile(nul));
    CHECK_CODE(invalid_argument, client.try_get_profile(""));
    CHECK_CODE(invalid_argument, client.try_update_profile({}, nul));

    const auto sign_up = [&client](const SignUpRequest& request) { return client.try_sign_up(request); };
    refuse_each<SignUpRequest, Text>(sign_up, {{&SignUpRequest::user_name, "user_name"},
                                               {&SignUpRequest::nick_name, "nick_name"},
                                               {&SignUpRequest::platform, "platform"},
                                               {&SignUpRequest::email, "email"},
                                               {&SignUpRequest::phone, "phone"},
                                               {&SignUpRequest::avatar, "avatar"},
                                               {&SignUpRequest::data, "data"}});
    refuse_each<SignUpRequest, Secret>(sign_up, {{&SignUpRequest::pwd, "pwd"}});

    const auto union_id = [&client](const UnionIdSignUpRequest& request) { return client.try_union_id_sign_up(request); };
    refuse_each<UnionIdSignUpRequest, Text>(union_id, {{&UnionIdSignUpRequest::platform, "platform"},
                                                       {&UnionIdSignUpRequest::user_name, "user_name"},
                                                       {&UnionIdSignUpRequest::nick_name, "nick_name"},
                                                       {&UnionIdSignUpRequest::email, "email"},
                                                       {&UnionIdSignUpRequest::phone, "phone"},
                                                       {&UnionIdSignUpRequest::avatar, "avatar"},
                                                       {&UnionIdSignUpRequest::data, "data"}});
    refuse_each<UnionIdSignUpRequest, Secret>(
        union_id, {{&UnionIdSignUpRequest::union_id, "union_id"}, {&UnionIdSignUpRequest::pwd, "pwd"}});

    const auto pre_sign_in = [&client](const QrCodePreSignInRequest& request) {
        return client.try_qr_code_pre_sign_in(request);
    };
    refuse_each<QrCodePreSignInRequest, Text>(pre_sign_in, {{&QrCodePreSignInRequest::scopes, "scopes"},
                                                            {&QrCodePreSignInRequest::remark, "remark"},
                                                            {&QrCodePreSignInRequest::scheme, "scheme"}});

    const auto confirm = [&client](QrCodeSignUpRequest request) {
        if (!request.sign_in_key) {
            request.sign_in_key = "19";
        }
        return client.try_qr_code_sign_up(request);
    };
    CHECK_CODE(invalid_argument, client.try_qr_code_sign_up({}));
    refuse_each<QrCodeSignUpRequest, SignInKey>(confirm, {{&QrCodeSignUpRequest::sign_in_key, "sign_in_key"}});
    refuse_each<QrCodeSignUpRequest, Secret>(confirm, {{&QrCodeSignUpRequest::union_id, "union_id"}});
    refuse_each<QrCodeSignUpRequest, Text>(confirm, {{&QrCodeSignUpRequest::platform, "platform"},
                                                     {&QrCodeSignUpRequest::user_name, "user_name"},
                                                     {&QrCodeSignUpRequest::nick_name, "nick_name"},
                                                     {&QrCodeSignUpRequest::email, "email"},
                                                     {&QrCodeSignUpRequest::phone, "phone"},
                                                     {&QrCodeSignUpRequest::avatar, "avatar"}});

    const auto update = [&client](const UpdateProfileRequest& request) { return client.try_update_profile(request, "a.b.c"); };
    refuse_each<UpdateProfileRequest, Text>(update, {{&UpdateProfileRequest::nick_name, "nick_name"},
                                                     {&UpdateProfileRequest::avatar, "avatar"},
                                                     {&UpdateProfileRequest::data, "data"}});

    const auto create = [](Config config) {
        config.app_id = 2;
        return Client::create(config);
    };
    refuse_each<Config, Text>(create, {{&Config::base_url, "base_url"},
                                       {&Config::user_agent, "user_agent"},
                                       {&Config::trusted_roots_pem, "trusted_roots_pem"},
                                       {&Config::trusted_roots_file, "trusted_roots_file"},
                                       {&Config::pins, "pins"},
                                       {&Config::client_certificate_pem, "client_certificate_pem"},
                                       {&Config::client_certificate_file, "client_certificate_file"},
                                       {&Config::client_key_file, "client_key_file"}});
    refuse_each<Config, Secret>(create, {{&Config::proxy, "proxy"}, {&Config::client_key_pem, "client_key_pem"}});
}

template <class T>
Result<Client> with(T Config::* field, T value) {
    Config config;
    config.app_id = 2;
    config.*field = std::move(value);
    return Client::create(config);
}

void settings_that_can_not_be() {
    CHECK_CODE(ok, with(&Config::app_id, std::int64_t{1}));
    CHECK_CODE(invalid_argument, with(&Config::app_id, std::int64_t{0}));
    CHECK_CODE(invalid_argument, with(&Config::app_id, std::int64_t{-1}));
    CHECK_CODE(invalid_base_url, with(&Config::base_url, std::optional<Text>("ftp://a")));
    CHECK_CODE(insecure_base_url, with(&Config::base_url, std::optional<Text>("http://oauthapp.example")));
    CHECK_CODE(invalid_argument, with(&Config::user_agent, std::optional<Text>("")));
    CHECK_CODE(invalid_proxy, with(&Config::proxy, std::optional<Secret>("ftp://a")));
    CHECK_CODE(invalid_certificate, with(&Config::trusted_roots_pem, std::optional<Text>("")));
    CHECK_CODE(invalid_certificate, with(&Config::trusted_roots_file, std::optional<Text>("/no/such/file")));
    CHECK_CODE(invalid_client_certificate, with(&Config::client_certificate_pem, std::optional<Text>("")));
    CHECK_CODE(invalid_client_certificate, with(&Config::client_key_pem, std::optional<Secret>("")));
    CHECK_CODE(invalid_client_certificate, with(&Config::client_certificate_file, std::optional<Text>("")));
    CHECK_CODE(invalid_client_certificate, with(&Config::client_key_file, std::optional<Text>("")));
    CHECK_CODE(invalid_pin, with(&Config::pins, std::optional<Text>("sha256/AAAA")));
    CHECK_CODE(invalid_argument, with(&Config::trust, oauthapp::Trust::only_given));
    CHECK_CODE(invalid_argument, with(&Config::trust, static_cast<oauthapp::Trust>(77)));
    CHECK_CODE(verification_required, with(&Config::danger_accept_any_certificate_on_loopback, true));
    CHECK_CODE(invalid_argument, with(&Config::max_response_bytes, std::optional<std::uint64_t>(0)));
    CHECK_CODE(ok, with(&Config::max_retries, std::optional<std::int32_t>(0)));
    CHECK_CODE(ok, with(&Config::max_retries, std::optional<std::int32_t>(10)));
    CHECK_CODE(invalid_argument, with(&Config::max_retries, std::optional<std::int32_t>(11)));
    CHECK_CODE(invalid_argument, with(&Config::max_retries, std::optional<std::int32_t>(-1)));
    for (const auto field : {&Config::timeout, &Config::connect_timeout}) {
        CHECK_CODE(ok, with(field, std::optional<Timeout>(24h)));
        CHECK_CODE(invalid_argument, with(field, std::optional<Timeout>(0ms)));
        CHECK_CODE(invalid_argument, with(field, std::optional<Timeout>(-1ms)));
        CHECK_CODE(invalid_argument, with(field, std::optional<Timeout>(24h + 1ms)));
        // As a number of 32 bits it would be one millisecond.
        CHECK_CODE(invalid_argument, with(field, std::optional<Timeout>(std::chrono::milliseconds((1LL << 32) + 1))));
        CHECK_CODE(invalid_argument, with(field, std::optional<Timeout>(std::chrono::hours::max())));
    }
}

void options_that_can_not_be(const Client& client) {
    using oauthapp::CallOptions;
    for (const auto field : {&CallOptions::timeout, &CallOptions::connect_timeout}) {
        for (const Timeout timeout : {Timeout(0s), Timeout(-1s), Timeout(25h), Timeout(std::chrono::hours::max())}) {
            CallOptions options;
            options.*field = timeout;
            CHECK_CODE(invalid_argument, client.try_get_profile("a.b.c", options));
        }
    }
}

#if __cplusplus >= 202002L
/// With designated initialisers a request is one expression; what it leaves out draws no warning.
void in_one_expression(const Client& client) {
    CHECK_CODE(ok, Client::create({.app_id = 2, .timeout = 5s, .keep_session = true}));
    CHECK_CODE(connect, client.try_sign_up({.user_name = "wwww"sv, .pwd = "123456"s, .platform = "web"}));
    CHECK_CODE(connect, client.try_sign_in("wwww", "123456", {.timeout = 5s}));
    CHECK_CODE(connect, client.try_update_profile({.nick_name = "n"}, "a.b.c", {.connect_timeout = 1min}));
    CHECK_CODE(connect, client.try_qr_code_sign_up({.sign_in_key = "19", .phone_is_valid = true}));
}
#endif

/// A client that was moved from is none; one whose object is freed behind its back is found out.
void clients_that_are_none(Client& client) {
    Client moved = std::move(client);
    // NOLINTBEGIN(bugprone-use-after-move,clang-analyzer-cplusplus.Move): this is what is tested.
    CHECK(client.native_handle() == nullptr && !client.is_signed_in());
    CHECK_CODE(invalid_argument, client.try_sign_in("a", "b"));
    CHECK_CODE(invalid_argument, client.try_sign_out());
    client = std::move(moved);
    CHECK_CODE(connect, client.try_sign_in("a", "b"));
    CHECK_CODE(invalid_argument, moved.try_sign_in("a", "b"));
    // NOLINTEND(bugprone-use-after-move,clang-analyzer-cplusplus.Move)
    oauthapp_client_free(client.native_handle());
    CHECK_CODE(invalid_handle, client.try_sign_in("a", "b"));
    CHECK_CODE(invalid_handle, client.try_sign_out());
}

}  // namespace

int main(int argc, char** argv) {  // NOLINT(bugprone-exception-escape): what it throws fails the test.
    end_a_program_that_hangs();
    CHECK(argc == 2);
    Config config;
    config.app_id = 2;
    // A port that nobody but root can listen on.
    config.base_url = "http://127.0.0.1:1";
    config.max_retries = 0;
    auto client = Client::create(config);
    CHECK_CODE(ok, client);

    durations_that_are_none();
    secrets();
    // Before there are copies of the program's own in freed memory.
    messages_are_wiped(*std::next(argv));
    secrets_are_wiped(*client);
    results();
    errors();
    claims_of_a_token();
    json();
    keys_and_tokens();
    texts_that_are_none(*client);
    settings_that_can_not_be();
    options_that_can_not_be(*client);
#if __cplusplus >= 202002L
    in_one_expression(*client);
#endif
    clients_that_are_none(*client);
    std::cout << "passed\n";
    return 0;
}

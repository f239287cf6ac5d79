/*
 * The ten calls against a server, answers and failures, each field read from the typed answers. With exceptions, every call in
 * both of its forms.
 *
 * ten_calls BASE_URL SILENT_URL [ROOTS_PEM_FILE]
 *
 * BASE_URL is that of an emulator: application 2 is there, 3 has no mini-program, 404 does not exist. SILENT_URL is that of a
 * server which takes connections and never answers. With the third argument BASE_URL is https, and its certificate is vouched
 * for by these roots alone.
 */
#include <fstream>
#include <iterator>
#include <sstream>

#include "check.hpp"

using namespace std::chrono_literals;
using oauthapp::CallOptions;
using oauthapp::Client;
using oauthapp::Config;
using oauthapp::Error;
using oauthapp::ErrorCode;
using oauthapp::JsonType;
using oauthapp::Profile;
using oauthapp::Secret;
using oauthapp::SignInKey;
using oauthapp::Token;

namespace {

constexpr std::string_view user_name = "小明";
constexpr std::string_view password = "correct horse battery staple \"\\/\n\t☃";
constexpr std::string_view other_password = "incorrect horse";
constexpr std::string_view union_id = "6ad18bae3408d4d1b655b5c15922ffad";
constexpr std::string_view phone_union_id = "o6_bmasdasdsad6_2sgVt7hMZOPfL";

/// Where the server is, and whom to believe.
struct Place {
    std::string base_url;
    std::string silent_url;
    std::optional<std::string> roots_file;
    std::optional<std::string> roots;
};

Config config(const Place& place, std::int64_t app_id) {
    Config config;
    config.app_id = app_id;
    config.base_url = place.base_url;
    if (place.roots) {
        config.trust = oauthapp::Trust::only_given;
        config.trusted_roots_pem = place.roots;
    }
    return config;
}

Client client(const Config& config) {
    auto client = Client::create(config);
    CHECK(client);
    return *std::move(client);
}

/// The error object of a refusal by the server tells all of it, and its message does not hold the secret of the call.
void check_refusal(const Error& error, std::string_view server_message, std::string_view secret) {
    const std::string message = error.what();
    CHECK(error.http_status() == 200);
    CHECK(error.server_code() == 500);
    CHECK(error.server_message() == server_message);
    CHECK(message.find(server_message) != std::string::npos);
    CHECK(secret.empty() || message.find(secret) == std::string::npos);
    CHECK(error.fields().empty());
    CHECK(!error.retry_after());
    CHECK(error.retryable() == (error.code() == ErrorCode::qr_waiting || error.code() == ErrorCode::qr_scanned));
}

/// yyyy-mm-dd hh:mm:ss
bool is_date(const std::optional<std::string>& text) {
    std::string shape = text.value_or("");
    std::replace_if(shape.begin(), shape.end(), [](char letter) { return letter >= '0' && letter <= '9'; }, '9');
    return shape == "9999-99-99 99:99:99";
}

void check_token(const Token& token) {
    CHECK(token.token_type == "Bearer");
    CHECK(token.expires_in == 86400);
    CHECK(token.json.try_get<Secret>("/access_token").value_or("") == token.access_token);
    const auto claims = token.try_claims();
    const auto expires_at = token.expires_at({});
    CHECK(claims && expires_at && expires_at->time_since_epoch().count() == claims->exp);
    std::ostringstream printed;
    printed << token.access_token << token.json;
    CHECK(printed.str() == "<REDACTED><REDACTED>");
}

void account(const Client& client) {
    oauthapp::SignUpRequest request;
    request.nick_name = "明";
    request.platform = "web";
    request.pwd = password;
    request.user_name = user_name;
    request.email = "ming@example.com";
    request.phone = "13800000000";
    request.avatar = "https://example.com/ming.png";
    request.data = R"({"level":1})";
    auto token = client.try_sign_up(request);
    CHECK_CODE(ok, token);
    check_token(*token);

    const auto claims = token->try_claims();
    CHECK_CODE(ok, claims);
    CHECK(claims->unique_name == Secret(user_name));
    CHECK(claims->appid == "2");
    CHECK(claims->grant_type == "account");
    CHECK(claims->given_name == "明");
    CHECK(claims->email == "ming@example.com");
    CHECK(claims->mobile == "13800000000");
    CHECK(claims->picture == "https://example.com/ming.png");
    CHECK(claims->platform == "web");
    CHECK(claims->tenant_id == "4" && claims->tenant_name && claims->jti && claims->nameid);
    CHECK(claims->role == "user" || claims->role == "");
    CHECK(claims->groupsid == "app" && claims->permission == "" && claims->iss && claims->aud);
    CHECK(claims->iat && claims->nbf == claims->iat && claims->exp == *claims->iat + 86400);
    CHECK(claims->json.try_get<std::string>("/appid").value_or("") == "2");

    token = client.try_sign_up(request);
    CHECK_CODE(account_exists, token);
    check_refusal(token.error(), "账号已存在", password);

    request.pwd = std::nullopt;
    request.user_name = "nobody yet";
    token = client.try_sign_up(request);
    CHECK_CODE(bad_request, token);
    CHECK(token.error().http_status() == 400);
    CHECK(!token.error().server_message() && !token.error().server_code());
    CHECK(token.error().fields().size() == 1);
    CHECK(token.error().fields()[0].field == "Pwd");
    CHECK(token.error().fields()[0].messages == std::vector<std::string>{"The Pwd field is required."});

    token = client.try_sign_in(user_name, password);
    CHECK_CODE(ok, token);
    check_token(*token);

    token = client.try_sign_in(user_name, other_password);
    CHECK_CODE(wrong_password, token);
    check_refusal(token.error(), "密码错误", other_password);

    token = client.try_sign_in("no one", password);
    CHECK_CODE(no_such_user, token);
    check_refusal(token.error(), "用户不存在", password);
}

void with_union_id(const Client& client) {
    auto token = client.try_union_id_sign_in("web", union_id);
    CHECK_CODE(no_such_user, token);
    check_refusal(token.error(), "用户不存在", union_id);

    oauthapp::UnionIdSignUpRequest request;
    request.platform = "web";
    request.pwd = password;
    request.union_id = union_id;
    request.avatar = "https://example.com/hong.png";
    request.nick_name = "红";
    request.email = "hong@example.com";
    request.phone = "13900000000";
    request.user_name = "小红";
    request.data = "own data";
    request.email_is_valid = true;
    request.phone_is_valid = false;
    token = client.try_union_id_sign_up(request);
    CHECK_CODE(ok, token);
    check_token(*token);
    token = client.try_union_id_sign_up(request);
    CHECK_CODE(account_exists, token);
    check_refusal(token.error(), "账号已存在", union_id);

    token = client.try_union_id_sign_in("web", union_id);
    CHECK_CODE(ok, token);
    check_token(*token);

    // Every field of the request has arrived in its own place.
    const auto profile = client.try_get_profile(token->access_token);
    CHECK_CODE(ok, profile);
    CHECK(profile->platform == "web");
    CHECK(profile->union_id == Secret(union_id));
    CHECK(profile->avatar == "https://example.com/hong.png");
    CHECK(profile->nick_name == "红");
    CHECK(profile->email == "hong@example.com");
    CHECK(profile->phone == "13900000000");
    CHECK(profile->user_name == "小红");
    CHECK(profile->data == "own data");
    CHECK(profile->email_is_valid == true);
    CHECK(profile->phone_is_valid == false);
}

void profile_with_a_token(const Client& client) {
    const auto token = client.try_sign_in(user_name, password);
    CHECK_CODE(ok, token);
    const Secret& access_token = token->access_token;

    auto profile = client.try_get_profile(access_token);
    CHECK_CODE(ok, profile);
    CHECK(profile->app_id == 2);
    CHECK(profile->user_name == user_name);
    CHECK(profile->nick_name == "明");
    CHECK(profile->platform == "web");
    CHECK(profile->email == "ming@example.com");
    CHECK(profile->phone == "13800000000");
    CHECK(profile->avatar == "https://example.com/ming.png");
    CHECK(profile->data == R"({"level":1})");
    CHECK(profile->role == "user");
    CHECK(profile->email_is_valid == false);
    CHECK(profile->phone_is_valid == false);
    CHECK(!profile->union_id);
    CHECK(profile->json.try_type("/unionID").value_or(JsonType::object) == JsonType::null);
    CHECK(profile->id && profile->json.try_get<std::int64_t>("/id").value_or(0) == *profile->id);
    CHECK(is_date(profile->create_date));
    CHECK(is_date(profile->last_update));

    oauthapp::UpdateProfileRequest change;
    change.nick_name = "阿明";
    change.data = R"({"level":2})";
    auto changed = client.try_update_profile(change, access_token);
    CHECK_CODE(ok, changed);
    CHECK(*changed);
    profile = client.try_get_profile(access_token);
    CHECK_CODE(ok, profile);
    CHECK(profile->nick_name == "阿明");
    CHECK(profile->data == R"({"level":2})");
    CHECK(profile->avatar == "https://example.com/ming.png");
    change = {};
    change.avatar = "a.png";
    changed = client.try_update_profile(change, access_token);
    CHECK_CODE(ok, changed);
    profile = client.try_get_profile(access_token);
    CHECK_CODE(ok, profile);
    CHECK(profile->avatar == "a.png");
    CHECK(profile->nick_name == "阿明");

    CHECK_CODE(not_signed_in, client.try_get_profile());
    CHECK_CODE(not_signed_in, client.try_update_profile(change));

    // Of the last character only some bits count; another one before it makes another signature for certain.
    std::string wrong(access_token.expose());
    char& last_but_one = wrong.at(wrong.size() - 2);
    last_but_one = last_but_one == 'A' ? 'B' : 'A';
    profile = client.try_get_profile(wrong);
    CHECK_CODE(token_rejected, profile);
    CHECK(profile.error().http_status() == 401);
    CHECK(!profile.error().server_message());
    CHECK(std::string(profile.error().what()).find(wrong) == std::string::npos);
}

/// A client that keeps the session, until it is signed out or the server says that it is over.
void session(const Place& place) {
    Config keeping = config(place, 2);
    keeping.keep_session = true;
    const Client client = ::client(keeping);
    oauthapp::UpdateProfileRequest change;
    change.nick_name = "小明明";

    CHECK(!client.is_signed_in());
    CHECK_CODE(not_signed_in, client.try_get_profile());
    CHECK_CODE(ok, client.try_sign_out());

    CHECK_CODE(ok, client.try_sign_in(user_name, password));
    CHECK(client.is_signed_in());
    CHECK(client.try_get_profile().transform([](const Profile& of) { return of.user_name == user_name; }).value_or(false));
    CHECK_CODE(ok, client.try_update_profile(change));

    // A sign-in that fails ends nothing, and neither does a token by hand that the server rejects.
    CHECK_CODE(wrong_password, client.try_sign_in(user_name, other_password));
    CHECK_CODE(token_rejected, client.try_get_profile("a.b.c"));
    CHECK(client.is_signed_in());

    CHECK_CODE(ok, client.try_sign_out());
    CHECK(!client.is_signed_in());
    CHECK_CODE(not_signed_in, client.try_get_profile());

    // A sign-up begins a session too; it ends with its user.
    oauthapp::SignUpRequest request;
    request.user_name = "小刚";
    request.pwd = password;
    CHECK_CODE(ok, client.try_sign_up(request));
    CHECK(client.is_signed_in());
    ask("delete the newest user");
    CHECK_CODE(user_gone, client.try_get_profile());
    CHECK(!client.is_signed_in());

    // It ends when the token does.
    const auto token = client.try_sign_in(user_name, password);
    CHECK_CODE(ok, token);
    CHECK(client.is_signed_in());
    ask("let a day pass");
    CHECK_CODE(ok, client.try_sign_in(user_name, password));
    CHECK_CODE(token_expired, client.try_get_profile(token->access_token));
    CHECK(client.is_signed_in());
    ask("let a day pass");
    CHECK_CODE(token_expired, client.try_get_profile());
    CHECK(!client.is_signed_in());
}

void qr_code(const Client& client) {
    oauthapp::QrCodePreSignInRequest asked;
    asked.scopes = "openid";
    asked.remark = "第一次";
    asked.scheme = "app";
    auto key = client.try_qr_code_pre_sign_in(asked);
    CHECK_CODE(ok, key);
    // A number is too short to be looked for in a message.
    Secret bare = key->text();
    const std::string secret(bare.expose().size() > 9 ? bare.expose() : "");
    auto token = client.try_qr_code_sign_in(*key);
    CHECK_CODE(qr_waiting, token);
    check_refusal(token.error(), "请扫码", secret);

    auto application = client.try_qr_code_scan(*key);
    CHECK_CODE(ok, application);
    CHECK(application->app_id == 2);
    CHECK(application->name == "开发文档");
    CHECK(application->logo == "https://blob.oauthapp.com/4/tenant/2/API.png");
    CHECK(application->website == "https://web.oauthapp.com/4/docs");
    CHECK(!application->description && !application->tags);
    CHECK(application->json.try_type("/tags").value_or(JsonType::object) == JsonType::null);
    CHECK(application->scopes == "openid");
    CHECK(application->remark == "第一次");
    CHECK(application->scheme == "app");
    token = client.try_qr_code_sign_in(*key);
    CHECK_CODE(qr_scanned, token);
    check_refusal(token.error(), "登陆中...", secret);

    oauthapp::QrCodeSignUpRequest request;
    request.sign_in_key = *key;
    request.union_id = phone_union_id;
    request.avatar = "https://example.com/hua.png";
    request.platform = "wxminip";
    request.nick_name = "华";
    request.user_name = "小华";
    request.phone = "13700000000";
    request.phone_is_valid = true;
    request.email = "hua@example.com";
    request.email_is_valid = false;
    token = client.try_qr_code_sign_up(request);
    CHECK_CODE(ok, token);
    check_token(*token);
    token = client.try_qr_code_sign_in(*key);
    CHECK_CODE(ok, token);
    check_token(*token);

    // The screen has signed in as the phone's user, and every field has arrived in its own place.
    const auto profile = client.try_get_profile(token->access_token);
    CHECK_CODE(ok, profile);
    CHECK(profile->union_id == Secret(phone_union_id));
    CHECK(profile->avatar == "https://example.com/hua.png");
    CHECK(profile->platform == "wxminip");
    CHECK(profile->nick_name == "华");
    CHECK(profile->user_name == "小华");
    CHECK(profile->phone == "13700000000");
    CHECK(profile->phone_is_valid == true);
    CHECK(profile->email == "hua@example.com");
    CHECK(profile->email_is_valid == false);

    // A key without its quotes, as it stands in a QR code, is as good. Nothing but the key must be given.
    key = client.try_qr_code_pre_sign_in();
    CHECK_CODE(ok, key);
    bare = key->text();
    CHECK(bare.expose().find('"') == std::string_view::npos);
    CHECK_CODE(qr_waiting, client.try_qr_code_sign_in(bare));
    application = client.try_qr_code_scan(bare.expose());
    CHECK_CODE(ok, application);
    CHECK(!application->remark);

    ask("expire the newest QR code");
    request.sign_in_key = *key;
    token = client.try_qr_code_sign_in(*key);
    CHECK_CODE(qr_expired, token);
    check_refusal(token.error(), "二维码失效请刷新", "");
    application = client.try_qr_code_scan(*key);
    CHECK_CODE(qr_expired, application);
    check_refusal(application.error(), "二维码已失效，请刷新重试", "");
    token = client.try_qr_code_sign_up(request);
    CHECK_CODE(qr_expired, token);
    check_refusal(token.error(), "二维码已失效，请刷新重试", phone_union_id);
}

/// What the client was told about the application and the server.
void settings(const Place& place) {
    const auto nowhere = client(config(place, 404)).try_sign_in(user_name, password);
    CHECK_CODE(no_such_application, nowhere);
    check_refusal(nowhere.error(), "不存在的应用", password);
    const auto key = client(config(place, 3)).try_qr_code_pre_sign_in();
    CHECK_CODE(qr_not_configured, key);
    check_refusal(key.error(), "应用未配置小程序参数", "");
}

/// The call's own deadline counts: with the client's, which is the longest there can be, this would hang.
void deadline(const Place& place) {
    Config silent;
    silent.app_id = 2;
    silent.base_url = place.silent_url;
    silent.timeout = 24h;
    CallOptions options;
    options.timeout = 50ms;
    auto token = client(silent).try_sign_in(user_name, password, options);
    CHECK_CODE(timeout, token);
    CHECK(!token.error().http_status());
    CHECK(token.error().retryable());
    CHECK(std::string(token.error().what()).find(password) == std::string::npos);

    silent.timeout = 50ms;
    CHECK_CODE(timeout, client(silent).try_sign_in(user_name, password));
}

/// The server's certificate is believed because of what is given, and for no other reason.
void trust(const Place& place) {
    const auto code = [&place](Config config) {
        config.app_id = 2;
        config.base_url = place.base_url;
        return client(config).try_sign_in("nobody", password);
    };
    Config config;
    CHECK_CODE(certificate_untrusted, code(config));
    config.danger_accept_any_certificate_on_loopback = true;
    CHECK_CODE(no_such_user, code(config));
    config = {};
    config.trusted_roots_file = place.roots_file;
    CHECK_CODE(no_such_user, code(config));
    config.pins = "sha256/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
    CHECK_CODE(certificate_not_pinned, code(config));
    // The environment names the file to the platform.
    config = {};
    config.trust = oauthapp::Trust::platform;
    CHECK_CODE(no_such_user, code(config));
}

#ifdef OAUTHAPP_HPP_EXCEPTIONS
template <class Call>
ErrorCode thrown_by(Call call) {
    try {
        static_cast<void>(call());
        return ErrorCode::ok;
    } catch (const std::exception& exception) {
        const auto& error = dynamic_cast<const Error&>(exception);
        CHECK(!std::string_view(error.what()).empty());
        return error.code();
    }
}

/// The calls that throw give and throw what the others hold.
void in_the_form_that_throws(const Place& place) {
    Config keeping = config(place, 2);
    keeping.keep_session = true;
    const Client client(keeping);

    oauthapp::SignUpRequest sign_up;
    sign_up.user_name = "thrower";
    sign_up.pwd = password;
    check_token(client.sign_up(sign_up));
    CHECK(thrown_by([&] { return client.sign_up(sign_up); }) == ErrorCode::account_exists);
    check_token(client.sign_in("thrower", password));
    CHECK(thrown_by([&] { return client.sign_in("thrower", other_password); }) == ErrorCode::wrong_password);

    oauthapp::UnionIdSignUpRequest union_id_sign_up;
    union_id_sign_up.platform = "web";
    union_id_sign_up.union_id = "throwing union id";
    check_token(client.union_id_sign_up(union_id_sign_up));
    CHECK(thrown_by([&] { return client.union_id_sign_up(union_id_sign_up); }) == ErrorCode::account_exists);
    check_token(client.union_id_sign_in("web", "throwing union id"));
    CHECK(thrown_by([&] { return client.union_id_sign_in("web", "?"); }) == ErrorCode::no_such_user);

    const SignInKey key = client.qr_code_pre_sign_in();
    CHECK(thrown_by([&] { return ::client(config(place, 3)).qr_code_pre_sign_in(); }) == ErrorCode::qr_not_configured);
    CHECK(thrown_by([&] { return client.qr_code_sign_in(key); }) == ErrorCode::qr_waiting);
    CHECK(client.qr_code_scan(key).app_id == 2);
    CHECK(thrown_by([&] { return client.qr_code_scan("no such key"); }) == ErrorCode::qr_expired);
    oauthapp::QrCodeSignUpRequest qr_code_sign_up;
    qr_code_sign_up.sign_in_key = key;
    qr_code_sign_up.platform = "wxminip";
    qr_code_sign_up.union_id = "throwing phone";
    check_token(client.qr_code_sign_up(qr_code_sign_up));
    check_token(client.qr_code_sign_in(key));
    qr_code_sign_up.sign_in_key = "no such key";
    CHECK(thrown_by([&] { return client.qr_code_sign_up(qr_code_sign_up); }) == ErrorCode::qr_expired);

    oauthapp::UpdateProfileRequest change;
    change.nick_name = "thrown";
    const bool changed = client.update_profile(change);
    CHECK(changed);
    const Profile profile = client.get_profile();
    CHECK(profile.nick_name == "thrown" && profile.json.get<std::string>("/nickName") == "thrown");
    CHECK(profile.json.get<std::optional<std::string>>("/nothing") == std::nullopt);
    CHECK(profile.json.type("/id") == JsonType::number);
    CHECK(thrown_by([&] { return profile.json.get<bool>("/id"); }) == ErrorCode::json_type);
    client.sign_out();
    CHECK(thrown_by([&] { return client.get_profile(); }) == ErrorCode::not_signed_in);
    CHECK(thrown_by([&] { return client.update_profile(change); }) == ErrorCode::not_signed_in);
    CHECK(thrown_by([&] { return Client(Config()); }) == ErrorCode::invalid_argument);
}
#endif

}  // namespace

int main(int argc, char** argv) {  // NOLINT(bugprone-exception-escape): an exception that nobody expects fails the test.
    end_a_program_that_hangs();
    const std::vector<std::string> arguments(argv, std::next(argv, argc));
    Place place;
    place.base_url = arguments.at(1);
    place.silent_url = arguments.at(2);
    if (argc == 4) {
        place.roots_file = arguments.at(3);
        std::ifstream file(*place.roots_file);
        place.roots.emplace(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
    }
    const Client client = ::client(config(place, 2));
    account(client);
    with_union_id(client);
    profile_with_a_token(client);
    qr_code(client);
    CHECK(!client.is_signed_in());
    settings(place);
    deadline(place);
    if (place.roots) {
        trust(place);
    }
#ifdef OAUTHAPP_HPP_EXCEPTIONS
    in_the_form_that_throws(place);
#endif
    session(place);
    std::cout << "passed\n";
    return 0;
}

/*
 * Answers in other shapes than today's: fields of other types, fields that are missing, fields that are new.
 *
 * answers BASE_URL
 *
 * BASE_URL is that of a server which gives, one after the other, the answers that its driver has for this program.
 */
#include "check.hpp"

using oauthapp::Client;
using oauthapp::Config;
using oauthapp::Secret;

namespace {

void profiles(const Client& client) {
    // Each field of another type that still says the same.
    auto profile = client.try_get_profile("a.b.c");
    CHECK_CODE(ok, profile);
    CHECK(profile->app_id == 2 && profile->id == 36);
    CHECK(profile->platform == "5" && profile->phone == "13800000000" && profile->nick_name == "true");
    CHECK(profile->avatar == "1.50" && profile->user_name == "12345678901234567890123");
    CHECK(profile->union_id == Secret("7"));
    CHECK(profile->create_date == "2023-02-22 16:20:43" && profile->last_update == "20230223");
    CHECK(profile->phone_is_valid == true && profile->email_is_valid == false);
    CHECK(profile->json.try_get<std::string>("/new/field").value_or("") == "kept");
    CHECK(profile->json.text().find("1.50") != std::string_view::npos);

    // Fields that can't be read do not cost those that can.
    profile = client.try_get_profile("a.b.c");
    CHECK_CODE(ok, profile);
    CHECK(!profile->app_id && !profile->id && !profile->phone_is_valid && !profile->email_is_valid);
    CHECK(!profile->platform && !profile->phone && !profile->nick_name && !profile->user_name);
    CHECK(profile->role == "user");

    // Numbers with a fraction lose it, as long as they still have all their digits.
    profile = client.try_get_profile("a.b.c");
    CHECK_CODE(ok, profile);
    CHECK(profile->app_id == 2 && !profile->id);

    // None at all.
    profile = client.try_get_profile("a.b.c");
    CHECK_CODE(ok, profile);
    CHECK(!profile->id && !profile->user_name && profile->json.text() == "{}");
    for (int no_profiles = 0; no_profiles < 4; ++no_profiles) {
        CHECK_CODE(unexpected_response, client.try_get_profile("a.b.c"));
    }
}

void others(const Client& client) {
    const auto application = client.try_qr_code_scan("19");
    CHECK_CODE(ok, application);
    CHECK(application->app_id == 7 && application->name == "Shop" && !application->scopes);
    CHECK_CODE(unexpected_response, client.try_qr_code_scan("19"));

    auto token = client.try_sign_in("wwww", "123456");
    CHECK_CODE(ok, token);
    CHECK(token->access_token == Secret("a.b.c") && !token->token_type && !token->expires_in);
    token = client.try_sign_in("wwww", "123456");
    CHECK_CODE(ok, token);
    CHECK(!token->token_type && token->expires_in == 1'646'000'000);
    CHECK(token->json.try_get<int>("/level").value_or(0) == 3);
    for (int no_tokens = 0; no_tokens < 6; ++no_tokens) {
        CHECK_CODE(unexpected_response, client.try_sign_in("wwww", "123456"));
        // One of them has a token, and its type is what can't be read.
        CHECK(client.is_signed_in() == (no_tokens == 4));
    }

    auto key = client.try_qr_code_pre_sign_in();
    CHECK_CODE(ok, key);
    CHECK(key->as_given() == Secret("123456789012345678901234567890"));
    key = client.try_qr_code_pre_sign_in();
    CHECK_CODE(ok, key);
    CHECK(key->as_given() == Secret("\"3f\"") && key->text() == Secret("3f"));
    CHECK_CODE(unexpected_response, client.try_qr_code_pre_sign_in());
    CHECK_CODE(unexpected_response, client.try_qr_code_pre_sign_in());

    const auto changed = client.try_update_profile({}, "a.b.c");
    CHECK_CODE(ok, changed);
    CHECK(!*changed);
    CHECK_CODE(unexpected_response, client.try_update_profile({}, "a.b.c"));
}

void whole_numbers(const Client& client) {
    const auto refused = client.try_get_profile("a.b.c");
    CHECK_CODE(server, refused);
    CHECK(refused.error().server_code() == 4'294'967'496 && refused.error().server_message() == "no");
}

oauthapp::SignUpRequest somebody() {
    oauthapp::SignUpRequest request;
    request.user_name = "wwww";
    request.pwd = "123456";
    return request;
}

void sign_ups(const Client& client) {
    // An answer that says nothing, and to who asks then, that the account is there.
    CHECK_CODE(ok, client.try_sign_up(somebody()));

    // What is false is given. The driver looks for it.
    oauthapp::UnionIdSignUpRequest request;
    request.union_id = "u";
    request.email_is_valid = false;
    request.phone_is_valid = true;
    CHECK_CODE(ok, client.try_union_id_sign_up(request));
}

}  // namespace

int main(int argc, char** argv) {
    end_a_program_that_hangs();
    CHECK(argc == 2);
    Config config;
    config.app_id = 2;
    config.base_url = *std::next(argv);
    config.keep_session = true;
    auto client = Client::create(config);
    CHECK_CODE(ok, client);
    profiles(*client);
    others(*client);
    whole_numbers(*client);
    sign_ups(*client);

    config.settle_sign_ups = false;
    client = Client::create(config);
    CHECK_CODE(ok, client);
    CHECK_CODE(empty_response, client->try_sign_up(somebody()));
    std::cout << "passed\n";
    return 0;
}

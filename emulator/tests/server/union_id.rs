use serde_json::json;

use crate::client::start;

#[test]
fn a_user_signs_up_and_in() {
    let client = start();
    let sign_up = json!({
        "platform": "web", "pwd": "123456", "unionID": "laborumUt", "avatar": "", "nickName": "utreprehenderit",
        "email": "laborumUt@test.com", "phone": "111111111", "userName": "Duis", "data": "",
        "emailIsValid": false, "phoneIsValid": true,
    });
    let signed_up = client.user_call("UnionIDSignUp", sign_up).claims();
    let answer = client.user_call("UnionIDSignIn", json!({"platform": "web", "unionID": "laborumUt"}));
    let signed_in = answer.claims();

    assert_eq!(signed_up["nameid"], signed_in["nameid"]);
    assert_eq!(signed_in["grant_type"], "unionid");
    assert_eq!(signed_in["unique_name"], "Duis");
    let profile = client.profile(&answer.token()).data();
    assert_eq!((&profile["phoneIsValid"], &profile["emailIsValid"]), (&true.into(), &false.into()));
}

#[test]
fn a_user_who_gave_a_name_and_a_password_signs_in_with_them_too() {
    let client = start();
    client
        .user_call("UnionIDSignUp", json!({"platform": "web", "unionID": "u", "userName": "duis", "pwd": "123456"}))
        .token();
    let claims = client.user_call("SignIn", json!({"userName": "duis", "pwd": "123456"})).claims();
    assert_eq!((&claims["unionid"], &claims["grant_type"]), (&"u".into(), &"account".into()));
}

#[test]
fn an_unknown_identity_is_refused() {
    let client = start();
    client.user_call("UnionIDSignUp", json!({"platform": "web", "unionID": "u"})).token();
    for (platform, union_id) in [("web", "v"), ("wxminip", "u"), ("web", "U")] {
        let answer = client.user_call("UnionIDSignIn", json!({"platform": platform, "unionID": union_id}));
        assert_eq!(answer.err(), "用户不存在");
    }
}

#[test]
fn an_identity_or_a_name_that_is_taken_is_refused_within_one_application() {
    let client = start();
    client.emulator.put_application(&oauthapp_emulator::Application::new(7, "Shop"));
    let user = json!({"platform": "web", "unionID": "u", "userName": "n"});
    client.user_call("UnionIDSignUp", user.clone()).token();

    assert_eq!(client.user_call("UnionIDSignUp", user.clone()).err(), "账号已存在");
    let same_name = json!({"platform": "web", "unionID": "v", "userName": "n"});
    assert_eq!(client.user_call("UnionIDSignUp", same_name).err(), "账号已存在");
    client.user_call("UnionIDSignUp", json!({"platform": "wxminip", "unionID": "u"})).token();
    client.post("/api/AppUsers/7/UnionIDSignUp", user).token();
}

#[test]
fn names_that_are_not_given_are_not_taken() {
    let client = start();
    for union_id in ["a", "b"] {
        client.user_call("UnionIDSignUp", json!({"platform": "web", "unionID": union_id, "userName": ""})).token();
    }
}

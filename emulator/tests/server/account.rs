use serde_json::json;

use crate::client::start;

#[test]
fn a_user_signs_up_and_in() {
    let client = start();
    let sign_up = json!({
        "nickName": "wwww", "platform": "web", "pwd": "123456", "userName": "wwww", "email": "wwww@test.com",
        "phone": "111111111", "avatar": "", "data": "",
    });
    let signed_up = client.user_call("SignUp", sign_up.clone()).claims();
    let signed_in = client.user_call("SignIn", json!({"userName": "wwww", "pwd": "123456"})).claims();
    assert_eq!(signed_up["nameid"], signed_in["nameid"]);
    assert_eq!(signed_in["grant_type"], "account");

    assert_eq!(client.user_call("SignUp", sign_up).err(), "账号已存在");
}

#[test]
fn a_wrong_password_and_an_unknown_user_are_told_apart() {
    let client = start();
    client.user_call("SignUp", json!({"userName": "wwww", "pwd": "123456"})).token();
    for wrong in ["1234567", "12345", " 123456"] {
        assert_eq!(client.user_call("SignIn", json!({"userName": "wwww", "pwd": wrong})).err(), "密码错误");
    }
    assert_eq!(client.user_call("SignIn", json!({"userName": "nobody", "pwd": "123456"})).err(), "用户不存在");
}

#[test]
fn a_user_without_a_password_can_not_be_signed_in_with_any() {
    let client = start();
    client.user_call("UnionIDSignUp", json!({"platform": "web", "unionID": "u", "userName": "n", "pwd": ""})).token();
    assert_eq!(client.user_call("SignIn", json!({"userName": "n", "pwd": "x"})).err(), "密码错误");
}

#[test]
fn passwords_and_names_are_any_text() {
    let client = start();
    let account = json!({"userName": "用户\"'; DROP TABLE user; --", "pwd": "пароль🔑\u{0}\n"});
    let id = client.user_call("SignUp", account.clone()).claims()["nameid"].clone();
    assert_eq!(client.user_call("SignIn", account).claims()["nameid"], id);
}

#[test]
fn an_application_that_is_not_there_is_named_by_every_post() {
    let client = start();
    for (action, body) in [
        ("AppUsers/3/UnionIDSignIn", json!({"platform": "web", "unionID": "u"})),
        ("AppUsers/3/UnionIDSignUp", json!({"platform": "web", "unionID": "u"})),
        ("AppUsers/3/SignIn", json!({"userName": "n", "pwd": "p"})),
        ("AppUsers/3/SignUp", json!({"userName": "n", "pwd": "p"})),
        ("AppUsers/3/QRCodePreSignIn", json!({"scheme": "app"})),
        ("AppUsers/3/QRCodeSignIn", json!({"signInKey": 19})),
        ("AppUsers/3/QRCodeScan", json!({"signInKey": 19})),
        ("AppUsers/3/QRCodeSignUp", json!({"signInKey": 19, "platform": "wxminip", "unionID": "u"})),
        ("AppUsers/3/SendSMSCode", json!({"phone": "1", "type": "signup"})),
        ("AppUsers/3/SendEmailCode", json!({"email": "a@b", "type": "signup"})),
        ("AppUsers/3/PhoneSignIn", json!({"phone": "1", "verifyCode": "1"})),
        ("AppUsers/3/EmailSignIn", json!({"email": "a@b", "verifyCode": "1"})),
        ("AppUsers/3/PhoneSignUp", json!({"phone": "1", "phoneCode": "1", "pwd": "p"})),
        ("AppUsers/3/EmailSignUp", json!({"email": "a@b", "emailCode": "1", "pwd": "p"})),
        ("AppUsers/3/ResetPwd", json!({"phone": "1", "code": "1", "pwd": "p"})),
        ("Wechat/3/WXACodeGet", json!({"path": "p"})),
        ("Wechat/3/WXACodeGetUnlimited", json!({"scene": "s"})),
    ] {
        assert_eq!(client.post(&format!("/api/{action}"), body).err(), "不存在的应用", "{action}");
    }
    assert_eq!(client.get("/api/Apps/3/Info").err(), "不存在的应用");
}

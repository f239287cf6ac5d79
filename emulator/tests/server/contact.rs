use oauthapp_emulator::{Application, Emulator};
use serde_json::{Value, json};

use crate::client::{Client, start, with};

/// Asks for a code, and looks it up where a person would look at the page.
fn code(client: &Client, contact: &str, purpose: &str) -> String {
    let (action, field) = if contact.contains('@') { ("SendEmailCode", "email") } else { ("SendSMSCode", "phone") };
    assert_eq!(client.user_call(action, json!({field: contact, "type": purpose})).data(), true);
    client.emulator.code_sent_to(contact).unwrap()
}

fn wrong(code: &str) -> String {
    code.chars().map(|digit| if digit == '0' { '1' } else { '0' }).collect()
}

#[test]
fn a_user_signs_up_and_in_by_phone_or_by_email() {
    for (contact, field, kind) in [("13800000000", "phone", "Phone"), ("a@test.com", "email", "Email")] {
        let client = start();
        let sign_up = |code: &str| {
            let body = json!({field: contact, format!("{field}Code"): code, "pwd": "123456", "nickName": "n"});
            client.user_call(&format!("{kind}SignUp"), body)
        };
        let sign_in =
            |code: &str| client.user_call(&format!("{kind}SignIn"), json!({field: contact, "verifyCode": code}));

        assert_eq!(sign_in("000000").err(), "用户不存在");
        let sent = code(&client, contact, "signup");
        assert_eq!(sign_up(&wrong(&sent)).err(), "验证码错误");
        let answer = sign_up(&sent);
        let profile = client.profile(&answer.token()).data();
        assert_eq!((&profile[field], &profile[format!("{field}IsValid")]), (&contact.into(), &true.into()));
        assert_eq!(sign_up(&code(&client, contact, "signup")).err(), "账号已存在");

        let sent = code(&client, contact, "signup");
        assert_eq!(sign_in(&wrong(&sent)).err(), "验证码错误");
        assert_eq!(sign_in(&sent).claims()["nameid"], answer.claims()["nameid"]);
        assert_eq!(sign_in(&sent).err(), "验证码错误", "a code is good once");
        client.user_call("SignIn", json!({"userName": contact, "pwd": "123456"})).token();
    }
}

#[test]
fn a_second_contact_must_be_proved_too() {
    let client = start();
    let first = code(&client, "13800000000", "signup");
    let second = code(&client, "a@test.com", "signup");
    let sign_up = |second: &str| {
        let (phone, email) = ("13800000000", "a@test.com");
        let body = json!({"phone": phone, "phoneCode": first, "email": email, "emailCode": second, "pwd": "p"});
        client.user_call("PhoneSignUp", body)
    };
    assert_eq!(sign_up(&wrong(&second)).err(), "验证码错误");
    // The code that was right is still good.
    let profile = client.profile(&sign_up(&second).token()).data();
    assert_eq!((&profile["emailIsValid"], &profile["phoneIsValid"]), (&true.into(), &true.into()));
    for (action, field, contact, used) in
        [("PhoneSignIn", "phone", "13800000000", &first), ("EmailSignIn", "email", "a@test.com", &second)]
    {
        let answer = client.user_call(action, json!({field: contact, "verifyCode": used}));
        assert_eq!(answer.err(), "验证码错误", "each code is good once");
    }
}

#[test]
fn a_forgotten_password_is_replaced() {
    let client = start();
    let sent = code(&client, "a@test.com", "signup");
    client.user_call("EmailSignUp", json!({"email": "a@test.com", "emailCode": sent, "pwd": "old"})).token();
    let reset = |code: &str, contact: &str| {
        client.user_call("ResetPwd", json!({"code": code, "pwd": "new", "phone": "", "email": contact}))
    };
    let sign_in = |password: &str| client.user_call("SignIn", json!({"userName": "a@test.com", "pwd": password}));

    let for_sign_up = code(&client, "a@test.com", "signup");
    assert_eq!(reset(&for_sign_up, "a@test.com").err(), "验证码错误", "it was sent for something else");
    sign_in("old").token();
    let sent = code(&client, "a@test.com", "forgetpwd");
    assert_eq!(reset(&sent, "b@test.com").err(), "用户不存在");
    assert_eq!(reset(&sent, "a@test.com").data(), true);
    assert_eq!(sign_in("old").err(), "密码错误");
    sign_in("new").token();
}

#[test]
fn no_code_is_sent_for_anything_else() {
    let client = start();
    assert_eq!(client.user_call("SendSMSCode", json!({"phone": "1", "type": "party"})).data(), false);
    assert_eq!(client.emulator.code_sent_to("1"), None);
}

#[test]
fn an_application_may_demand_verified_contacts() {
    let client = with(Emulator::builder().application(Application::new(2, "Strict").verified_contacts(true)));
    for (number, action) in ["SignUp", "UnionIDSignUp"].into_iter().enumerate() {
        let email = format!("{number}@test.com");
        let phone = format!("1380000000{number}");
        let mut user = json!({
            "userName": format!("n{number}"), "pwd": "p", "platform": "web", "unionID": "u",
            "email": email, "phone": phone,
        });
        assert_eq!(client.user_call(action, user.clone()).err(), "验证码错误");
        user["emailCode"] = code(&client, &email, "signup").into();
        assert_eq!(client.user_call(action, user.clone()).err(), "验证码错误");
        user["phoneCode"] = code(&client, &phone, "signup").into();
        let profile = client.profile(&client.user_call(action, user).token()).data();
        assert_eq!(json!([profile["emailIsValid"], profile["phoneIsValid"]]), json!([true, true]));
    }
    let unproved: Value = json!({"platform": "web", "unionID": "v"});
    assert_eq!(client.user_call("UnionIDSignUp", unproved).err(), "验证码错误");
}

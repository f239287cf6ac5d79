use oauthapp_emulator::{Application, Emulator, KeyStyle, QrState};
use serde_json::{Value, json};

use crate::client::{Client, start, with};

const ASKED: &str = "openid profile role promission";

fn pre_sign_in(client: &Client) -> Value {
    client.user_call("QRCodePreSignIn", json!({"scopes": ASKED, "remark": "test", "scheme": "app"})).data()
}

fn phone_user(key: &Value) -> Value {
    json!({
        "signInKey": key, "unionID": "euadipi", "avatar": "avatar.jpg", "platform": "wxminip", "nickName": "wwww",
        "userName": "euadipi", "phone": "1111111111", "phoneIsValid": true, "email": "euadipi@wxminip.com",
        "emailIsValid": false,
    })
}

#[test]
fn the_whole_flow_with_a_number_key() {
    let client = start();
    let key = pre_sign_in(&client);
    assert_eq!(key, 19);
    flow(&client, &key);
    assert_eq!(pre_sign_in(&client), 20);
}

#[test]
fn the_whole_flow_with_a_hexadecimal_key() {
    let client = with(Emulator::builder().key_style(KeyStyle::Hex));
    let key = pre_sign_in(&client);
    let digits = key.as_str().unwrap();
    assert!(digits.len() == 32 && digits.bytes().all(|digit| digit.is_ascii_hexdigit()), "{digits}");
    flow(&client, &key);
    assert_ne!(pre_sign_in(&client), key);
}

fn flow(client: &Client, key: &Value) {
    let poll = || client.user_call("QRCodeSignIn", json!({"signInKey": key}));
    let state = || client.emulator.qr_codes()[0].state;
    assert_eq!((poll().err().as_str(), state()), ("请扫码", QrState::PreSignIn));

    let scanned = client.user_call("QRCodeScan", json!({"signInKey": key})).data();
    let expected = json!({
        "appID": 2, "name": "开发文档", "logo": "https://blob.oauthapp.com/4/tenant/2/API.png",
        "website": "https://web.oauthapp.com/4/docs", "description": null, "tags": null, "scopes": ASKED,
        "remark": "test", "scheme": "app",
    });
    assert_eq!(scanned, expected);
    assert_eq!((poll().err().as_str(), state()), ("登陆中...", QrState::Scaned));

    let on_phone = client.user_call("QRCodeSignUp", phone_user(key)).claims();
    let on_desktop = poll().claims();
    assert_eq!(state(), QrState::Ok);
    for claims in [&on_phone, &on_desktop] {
        assert_eq!((&claims["unionid"], &claims["grant_type"]), (&"euadipi".into(), &"unionid".into()));
        assert_eq!(claims["nameid"], on_phone["nameid"]);
    }
    // It goes on minting tokens.
    assert_ne!(poll().claims()["jti"], on_desktop["jti"]);
}

#[test]
fn a_key_is_taken_as_a_number_and_as_a_string_by_every_call() {
    let client = start();
    for style in [|number: i64| json!(number), |number: i64| json!(number.to_string())] {
        let key = style(pre_sign_in(&client).as_i64().unwrap());
        client.user_call("QRCodeScan", json!({"signInKey": key})).data();
        client.user_call("QRCodeSignUp", phone_user(&key)).token();
        client.user_call("QRCodeSignIn", json!({"signInKey": key})).token();
    }
}

#[test]
fn a_user_whom_the_application_knows_is_found_and_not_made_again() {
    let client = start();
    let known = json!({"platform": "wxminip", "unionID": "euadipi", "nickName": "before"});
    let known = client.user_call("UnionIDSignUp", known).claims();
    let key = pre_sign_in(&client);
    let found = client.user_call("QRCodeSignUp", phone_user(&key)).claims();
    assert_eq!((&found["nameid"], &found["given_name"]), (&known["nameid"], &"before".into()));
    assert_eq!(client.emulator.users().len(), 1);
}

#[test]
fn a_user_name_that_is_somebody_elses_is_refused_and_the_key_stays() {
    let client = start();
    client.user_call("SignUp", json!({"userName": "euadipi", "pwd": "123456"})).token();
    let key = pre_sign_in(&client);
    assert_eq!(client.user_call("QRCodeSignUp", phone_user(&key)).err(), "账号已存在");
    assert_eq!(client.user_call("QRCodeSignIn", json!({"signInKey": key})).err(), "请扫码");
}

#[test]
fn an_unknown_key_is_refused_on_both_sides() {
    let client = start();
    for key in [json!(18), json!("18"), json!("0123456789abcdef0123456789abcdef"), json!(-1), json!(1e300)] {
        refused_on_both_sides(&client, &key);
    }
}

#[test]
fn an_expired_key_is_refused_on_both_sides_even_after_it_was_confirmed() {
    let client = start();
    for steps in 0..3 {
        let key = pre_sign_in(&client);
        let number = key.as_i64().unwrap();
        if steps > 0 {
            client.emulator.scan(number).unwrap();
        }
        if steps > 1 {
            client.emulator.confirm(number).unwrap();
        }
        assert!(client.emulator.expire(number));
        assert!(!client.emulator.expire(number), "it is expired already");
        refused_on_both_sides(&client, &key);
    }
}

#[test]
fn a_key_of_another_application_is_unknown() {
    let client = with(Emulator::builder().application(Application::new(7, "Shop")));
    let key = client.post("/api/AppUsers/7/QRCodePreSignIn", json!({})).data();
    refused_on_both_sides(&client, &key);
}

fn refused_on_both_sides(client: &Client, key: &Value) {
    assert_eq!(client.user_call("QRCodeSignIn", json!({"signInKey": key})).err(), "二维码失效请刷新");
    assert_eq!(client.user_call("QRCodeScan", json!({"signInKey": key})).err(), "二维码已失效，请刷新重试");
    assert_eq!(client.user_call("QRCodeSignUp", phone_user(key)).err(), "二维码已失效，请刷新重试");
}

#[test]
fn a_confirmed_key_belongs_to_who_confirmed_it() {
    let client = start();
    let key = pre_sign_in(&client);
    let first = client.user_call("QRCodeSignUp", phone_user(&key)).claims();
    let mut other = phone_user(&key);
    other["unionID"] = "other".into();
    other["userName"] = "other".into();

    assert_eq!(client.user_call("QRCodeSignUp", other).err(), "二维码已失效，请刷新重试");
    assert_eq!(client.user_call("QRCodeScan", json!({"signInKey": key})).err(), "二维码已失效，请刷新重试");
    // The same phone may ask again: its first answer may have been lost.
    assert_eq!(client.user_call("QRCodeSignUp", phone_user(&key)).claims()["nameid"], first["nameid"]);
    assert_eq!(client.user_call("QRCodeSignIn", json!({"signInKey": key})).claims()["nameid"], first["nameid"]);
}

#[test]
fn an_application_without_a_mini_program_has_no_qr_sign_in() {
    let client = with(Emulator::builder().application(Application::new(7, "Shop").mini_program(false)));
    for (action, body) in [
        ("AppUsers/7/QRCodePreSignIn", json!({"scheme": "app"})),
        ("Wechat/7/WXACodeGet", json!({"path": "p"})),
        ("Wechat/7/WXACodeGetUnlimited", json!({"scene": "s"})),
    ] {
        assert_eq!(client.post(&format!("/api/{action}"), body).err(), "应用未配置小程序参数");
    }
}

#[test]
fn the_emulator_plays_the_phone() {
    let client = start();
    let key = pre_sign_in(&client).as_i64().unwrap();
    let poll = || client.user_call("QRCodeSignIn", json!({"signInKey": key}));
    client.emulator.scan(key).unwrap();
    assert_eq!(poll().err(), "登陆中...");
    client.emulator.confirm_as(key.to_string(), "somebody", "<script>").unwrap();
    assert_eq!(poll().claims()["given_name"], "<script>");

    assert_eq!(client.emulator.scan("nonsense").unwrap_err().to_string(), "二维码已失效，请刷新重试");
    assert_eq!(client.emulator.confirm("nonsense").unwrap_err().to_string(), "二维码已失效，请刷新重试");
}

#[test]
fn a_key_whose_user_was_deleted_signs_nobody_in() {
    let client = start();
    let key = pre_sign_in(&client).as_i64().unwrap();
    client.emulator.confirm(key).unwrap();
    client.emulator.delete_user(client.emulator.users()[0].id);
    assert_eq!(client.user_call("QRCodeSignIn", json!({"signInKey": key})).err(), "二维码失效请刷新");
}

use std::time::Duration;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use oauthapp_emulator::{Emulator, ExpiresIn};
use serde_json::{Value, json};

use crate::client::{Client, claims, start, with};

fn sign_up(client: &Client) -> String {
    client.user_call("SignUp", json!({"userName": "n", "pwd": "p"})).token()
}

#[test]
fn a_token_has_the_documented_claims() {
    let client = start();
    let user = json!({
        "platform": "web", "pwd": "123456", "unionID": "laborumUt", "avatar": "avatar.jpg", "nickName": "微信用户",
        "email": "laborumUt@test.com", "phone": "111111111", "userName": "Duis",
    });
    let token = client.user_call("UnionIDSignUp", user).token();
    let parts: Vec<&str> = token.split('.').collect();
    assert_eq!(parts.len(), 3);
    assert_eq!(URL_SAFE_NO_PAD.decode(parts[0]).unwrap(), br#"{"alg":"HS256","typ":"JWT"}"#);
    assert_eq!(URL_SAFE_NO_PAD.decode(parts[2]).unwrap().len(), 32);

    let claims = claims(&token);
    let mut rest = claims.as_object().unwrap().clone();
    let mut take = |name: &str| rest.remove(name).unwrap();
    let (issued, expires) = (take("iat").as_i64().unwrap(), take("exp").as_i64().unwrap());
    assert_eq!(expires - issued, 86_400);
    assert_eq!(take("nbf"), issued);
    assert!(take("jti").as_str().unwrap().parse::<u64>().unwrap() > 638_126_749_198_830_413);
    let expected = json!({
        "tenant_id": "4", "tenant_name": "www.oauthapp.com", "appid": "2", "nameid": "1", "unique_name": "Duis",
        "role": "", "picture": "avatar.jpg", "email": "laborumUt@test.com", "mobile": "111111111",
        "unionid": "laborumUt", "platform": "web", "grant_type": "unionid", "given_name": "微信用户",
        "groupsid": "app", "permission": "", "iss": "https://www.oauthapp.com/", "aud": "https://www.oauthapp.com/",
    });
    assert_eq!(Value::from(rest), expected);
}

#[test]
fn claims_that_nobody_gave_are_empty() {
    let client = start();
    let claims = client.user_call("UnionIDSignUp", json!({"platform": "web", "unionID": "6ad18bae"})).claims();
    assert_eq!(claims["unique_name"], "6ad18bae");
    for claim in ["picture", "email", "mobile", "given_name"] {
        assert_eq!(claims[claim], "", "{claim}");
    }
    assert_eq!(crate::client::claims(&sign_up(&client))["unionid"], "");
}

#[test]
fn a_token_expires_to_the_second() {
    let client = with(Emulator::builder().token_lifetime(Duration::from_secs(1000)));
    let token = sign_up(&client);
    assert_eq!(claims(&token)["exp"].as_i64().unwrap() - claims(&token)["iat"].as_i64().unwrap(), 1000);
    client.emulator.advance_clock(Duration::from_secs(900));
    client.profile(&token).data();

    client.emulator.advance_clock(Duration::from_secs(100));
    let answer = client.profile(&token);
    assert_eq!((answer.status, answer.body.len()), (401, 0));
    let challenge = answer.header("www-authenticate").unwrap();
    let start = "Bearer error=\"invalid_token\", error_description=\"The token expired at '";
    assert!(challenge.starts_with(start) && challenge.ends_with("'\""), "{challenge}");

    // Who signs in again has another.
    client.profile(&client.user_call("SignIn", json!({"userName": "n", "pwd": "p"})).token()).data();
}

#[test]
fn no_token_is_a_bare_challenge() {
    let client = start();
    for headers in
        [&[][..], &[("Authorization", "Basic bjpw")], &[("Authorization", "Bearer")], &[("Authorization", "x")]]
    {
        for method in ["GET", "PUT"] {
            let answer = client.send(method, "/api/AppUsers/2/Profile", headers, "");
            assert_eq!((answer.status, answer.body.len()), (401, 0));
            assert_eq!(answer.header("www-authenticate"), Some("Bearer"));
        }
    }
}

#[test]
fn a_token_that_was_not_signed_here_is_named_so() {
    let (client, other) = (start(), start());
    let good = sign_up(&client);
    let parts: Vec<&str> = good.split('.').collect();
    let unsigned = URL_SAFE_NO_PAD.encode(r#"{"alg":"none","typ":"JWT"}"#);
    for bad in [
        "nonsense".to_owned(),
        sign_up(&other),
        format!("{}.{}.", parts[0], parts[1]),
        format!("{unsigned}.{}.", parts[1]),
        format!("{}.{}.{}", parts[0], URL_SAFE_NO_PAD.encode(r#"{"nameid":"1","exp":9999999999}"#), parts[2]),
    ] {
        let answer = client.profile(&bad);
        assert_eq!((answer.status, answer.body.len()), (401, 0));
        let challenge = "Bearer error=\"invalid_token\", error_description=\"The signature is invalid\"";
        assert_eq!(answer.header("www-authenticate"), Some(challenge), "{bad}");
    }
    client.profile(&good).data();
}

#[test]
fn the_scheme_is_matched_without_case() {
    let client = start();
    let authorization = format!("bearer  {}", sign_up(&client));
    client.send("GET", "/api/AppUsers/2/Profile", &[("Authorization", &authorization)], "").data();
}

#[test]
fn expires_in_is_what_the_style_says() {
    let lifetime = Duration::from_secs(100);
    let client = with(Emulator::builder().token_lifetime(lifetime));
    assert_eq!(client.user_call("SignUp", json!({"userName": "n", "pwd": "p"})).data()["expires_in"], 100);

    let client = with(Emulator::builder().token_lifetime(lifetime).expires_in_style(ExpiresIn::IssueTime));
    let answer = client.user_call("SignUp", json!({"userName": "n", "pwd": "p"}));
    assert_eq!(answer.data()["expires_in"], answer.claims()["iat"]);
    assert_eq!(answer.claims()["exp"].as_i64().unwrap() - answer.claims()["iat"].as_i64().unwrap(), 100);
}

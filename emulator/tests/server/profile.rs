use std::time::Duration;

use oauthapp_emulator::Application;
use serde_json::{Value, json};

use crate::client::{Client, start};

/// The user of the documented example.
fn sign_up(client: &Client) -> String {
    let user = json!({
        "platform": "wxminip", "unionID": "euadipi", "phone": "1111111111", "phoneIsValid": true,
        "userName": "euadipi", "email": "euadipi@wxminip.com", "nickName": "wwww", "avatar": "avatar.jpg",
    });
    client.user_call("UnionIDSignUp", user).token()
}

#[test]
fn a_profile_has_the_documented_fields() {
    let client = start();
    let profile = client.profile(&sign_up(&client)).data();
    let mut rest = profile.clone();
    for date in ["createDate", "lastUpdate"] {
        let date = rest.as_object_mut().unwrap().remove(date).unwrap();
        let shape: String = date.as_str().unwrap().chars().map(|c| if c.is_ascii_digit() { '0' } else { c }).collect();
        assert_eq!(shape, "0000-00-00 00:00:00");
    }
    let expected = json!({
        "appID": 2, "platform": "wxminip", "unionID": "euadipi", "phone": "1111111111", "userName": "euadipi",
        "phoneIsValid": true, "data": null, "email": "euadipi@wxminip.com", "emailIsValid": false,
        "nickName": "wwww", "id": 1, "avatar": "avatar.jpg", "role": "user",
    });
    assert_eq!(rest, expected);
}

#[test]
fn an_update_changes_what_it_names_and_nothing_else() {
    let client = start();
    let token = sign_up(&client);
    let before = client.profile(&token).data();
    client.emulator.advance_clock(Duration::from_secs(60));

    let changed = client.update_profile(&token, json!({"data": "自定义数据", "nickName": "", "email": "x"}));
    assert_eq!(changed.data(), true);
    let after = client.profile(&token).data();
    assert_ne!(after["lastUpdate"], before["lastUpdate"]);
    assert_eq!(after["createDate"], before["createDate"]);
    let mut expected = before;
    expected["data"] = "自定义数据".into();
    expected["lastUpdate"] = after["lastUpdate"].clone();
    assert_eq!(after, expected);

    client.update_profile(&token, json!({"avatar": "avatar.png", "nickName": "n", "data": null})).data();
    let after = client.profile(&token).data();
    expected["avatar"] = "avatar.png".into();
    expected["nickName"] = "n".into();
    expected["lastUpdate"] = after["lastUpdate"].clone();
    assert_eq!(after, expected);
}

#[test]
fn a_user_who_is_gone_has_no_profile() {
    let client = start();
    let token = sign_up(&client);
    let id = client.emulator.users()[0].id;
    assert!(client.emulator.delete_user(id));
    assert!(!client.emulator.delete_user(id));
    assert_eq!(client.profile(&token).err(), "不存在的用户");
    assert_eq!(client.update_profile(&token, json!({"data": "x"})).err(), "不存在的用户");

    // Whoever signs up next is somebody else.
    sign_up(&client);
    assert_eq!(client.profile(&token).err(), "不存在的用户");
}

#[test]
fn a_user_of_one_application_is_none_of_another() {
    let client = start();
    client.emulator.put_application(&Application::new(7, "Shop"));
    let authorization = format!("Bearer {}", sign_up(&client));
    for app in [7, 3] {
        let path = format!("/api/AppUsers/{app}/Profile");
        assert_eq!(client.send("GET", &path, &[("Authorization", &authorization)], "").err(), "不存在的用户");
    }
}

#[test]
fn fields_that_were_never_given_are_null() {
    let client = start();
    let token = client.user_call("SignUp", json!({"userName": "n", "pwd": "p"})).token();
    let profile = client.profile(&token).data();
    for field in ["platform", "unionID", "phone", "email", "nickName", "avatar", "data"] {
        assert_eq!(profile[field], Value::Null, "{field}");
    }
}

use oauthapp_emulator::{Application, Emulator};
use serde_json::json;

use crate::client::{start, with};

#[test]
fn an_application_tells_about_itself() {
    let shop = Application::new(7, "Shop").website("https://shop.example").tags("a,b").description("All of it");
    let client = with(Emulator::builder().application(shop));
    let answer = client.get("/api/Apps/7/Info");
    assert_eq!(answer.header("cache-control"), Some("public,max-age=120"));
    let data = answer.data();
    let info = &data["info"];
    let told = json!([info["id"], info["name"], info["website"], info["tags"], info["description"], info["logo"]]);
    assert_eq!(told, json!([7, "Shop", "https://shop.example", "a,b", "All of it", null]));
    for field in
        ["userID", "projectID", "serverPath", "appKey", "share", "createDate", "lastUpdate", "isDelete", "sort"]
    {
        assert!(info.get(field).is_some(), "{field}");
    }
    assert_eq!(data["blobs"], json!([]));
}

#[test]
fn its_props_tell_how_to_sign_in() {
    let client = with(Emulator::builder().application(Application::new(7, "Shop").mini_program(false)));
    for (app, mini_program) in [(2, "true"), (7, "false")] {
        let data = client.get(&format!("/api/Apps/{app}/Info")).data();
        let prop = |code: &str| {
            let props = data["props"].as_array().unwrap();
            props.iter().find(|prop| prop["code"] == code).unwrap()["value"].clone()
        };
        assert_eq!(prop("WechatMiniPSignIn"), mini_program);
        assert_eq!(prop("DingTalkSignIn"), "false");
        assert_eq!(prop("WebIDSignIn"), "true");
    }
}

#[test]
fn the_documented_application_is_there_unless_another_takes_its_number() {
    assert_eq!(start().get("/api/Apps/2/Info").data()["info"]["name"], "开发文档");
    let client = with(Emulator::builder().application(Application::new(2, "Mine")));
    assert_eq!(client.get("/api/Apps/2/Info").data()["info"]["name"], "Mine");
    client.emulator.put_application(&Application::new(2, "Mine, later"));
    assert_eq!(client.get("/api/Apps/2/Info").data()["info"]["name"], "Mine, later");
}

#[test]
fn its_number_has_64_bits() {
    let client = with(Emulator::builder().application(Application::new(i64::MAX, "Last")));
    assert_eq!(client.get("/api/Apps/9223372036854775807/Info").data()["info"]["id"], i64::MAX);
}
